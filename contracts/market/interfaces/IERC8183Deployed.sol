// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {JobStatus} from "../types/Job.sol";
import {JobId} from "../types/JobId.sol";

/// @title ERC-8183 in the arities of the contracts that are deployed elsewhere
/// @notice The same functions as {IERC8183}, for clients that were written for those: without agent ids and without a token.
/// `fund`, `submit`, `complete`, `reject` and `claimRefund` are the same in both.
interface IERC8183Deployed {
    /// @notice A job, in the deployed shape.
    /// @param client Who pays.
    /// @param status The status.
    /// @param provider Who does the work; zero while not set.
    /// @param expiredAt The last second to submit, Unix seconds.
    /// @param evaluator Who ends it; the client if nobody else was named.
    /// @param hook Who is told of every step; zero for nobody.
    /// @param budget In wei of OCTO.
    /// @param description Empty: it is emitted when the job is made, and only its hash is kept.
    struct DeployedJobView {
        address client;
        JobStatus status;
        address provider;
        uint48 expiredAt;
        address evaluator;
        address hook;
        uint256 budget;
        string description;
    }

    /// @notice Makes a job; nothing is paid yet.
    /// @param provider Who does the work; zero to name it later.
    /// @param evaluator Who ends the job; the caller himself or somebody who is neither party.
    /// @param expiredAt The last second to submit, Unix seconds.
    /// @param description What is to be done; emitted, and its hash kept as the job's terms.
    /// @param hook Who is told of every step; zero for nobody.
    /// @return jobId The job.
    function createJob(
        address provider,
        address evaluator,
        uint256 expiredAt,
        string calldata description,
        address hook
    ) external returns (JobId jobId);

    /// @notice Names the provider of a job made without one. The client only.
    /// @param jobId The job.
    /// @param provider Who does the work.
    function setProvider(JobId jobId, address provider) external;

    /// @notice Proposes the budget. Client or provider.
    /// @param jobId The job.
    /// @param amount In wei of OCTO.
    /// @param optParams For the hook; not read.
    function setBudget(JobId jobId, uint256 amount, bytes calldata optParams) external;

    /// @notice A job, in the deployed shape.
    /// @param jobId The job.
    /// @return The job.
    function getJobDeployed(JobId jobId) external view returns (DeployedJobView memory);
}
