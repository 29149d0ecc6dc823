// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {JobId} from "../types/JobId.sol";

/// @title What other contracts of this floor ask the job market about a job
/// @notice Facts of a job, for whoever rates or lists those who took part.
interface IJobFacts {
    /// @notice Who was party to a job and what of it was settled.
    /// @param jobId The job.
    /// @return client Who paid; zero for an unknown job.
    /// @return provider Who did the work.
    /// @return agentId The provider's agent that was hired; 0 if none was named.
    /// @return settled What was settled for the work, before the split, in wei of OCTO; 0 as long as nothing was, and for
    /// a job that was refunded.
    function settledOf(
        JobId jobId
    ) external view returns (address client, address provider, uint256 agentId, uint256 settled);
}
