// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {RoleId} from "../../shared/RoleId.sol";
import {JobId} from "../types/JobId.sol";

/// @title What the dispute desk asks of the job market
/// @notice Takes a job into a dispute, and out of it with its escrow split. Only the dispute desk, a fixed address.
interface IJobDisputes {
    /// @notice A job as its dispute begins.
    /// @param client Who rejects the work.
    /// @param provider Who did it.
    /// @param payer Whose money the escrow is: the client of the whole tree.
    /// @param escrow What is disputed, in wei of OCTO.
    /// @param role The role of the work.
    /// @param submittedAt When the work was submitted, Unix seconds.
    /// @param bound Whether the provider had consented, so that its bond answers for the job.
    struct Contest {
        address client;
        address provider;
        address payer;
        uint256 escrow;
        RoleId role;
        uint256 submittedAt;
        bool bound;
    }

    /// @notice Takes a submitted job into a dispute: for its client until the review ends, for its provider while the client's
    /// rejection waits for an answer.
    /// @param jobId The job.
    /// @param opener Who opens the dispute.
    /// @return found The job.
    function contest(JobId jobId, address opener) external returns (Contest memory found);

    /// @notice A job as the dispute desk sees it.
    /// @param jobId The job.
    /// @return The job; once it is Completed, its escrow is what was settled.
    function contestOf(JobId jobId) external view returns (Contest memory);

    /// @notice Ends a disputed job: settles the provider's share and refunds the rest.
    /// @param jobId The job.
    /// @param providerShare Of the escrow, 0 to 100 percent.
    /// @return settled What was settled, in wei of OCTO.
    function resolve(JobId jobId, uint256 providerShare) external returns (uint256 settled);
}
