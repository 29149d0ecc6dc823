// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {JobId} from "../types/JobId.sol";

/// @title ERC-8183: how a funded job goes on and ends
/// @notice The functions of the reference repository's head. Draft of March 2026.
interface IERC8183Work {
    /// @notice Hands the work in. The provider only, until the deadline.
    /// @param jobId The job.
    /// @param deliverable The hash of the work.
    /// @param optParams For the hook; not read.
    function submit(JobId jobId, bytes32 deliverable, bytes calldata optParams) external;

    /// @notice Accepts the work and pays. The evaluator only; a client also after he rejected, until the provider answers.
    /// @param jobId The job.
    /// @param reason A hash of the reason.
    /// @param optParams For the hook; not read.
    function complete(JobId jobId, bytes32 reason, bytes calldata optParams) external;

    /// @notice Rejects the job and refunds what is in escrow. The client while it is Open; the evaluator while it is
    /// Funded or Submitted. A client who is his own evaluator only offers it once the work is submitted: the provider
    /// accepts that, or disputes it.
    /// @param jobId The job.
    /// @param reason A hash of the reason.
    /// @param optParams For the hook; not read.
    function reject(JobId jobId, bytes32 reason, bytes calldata optParams) external;

    /// @notice Refunds a job whose deadline passed without work, or whose provider let the client's rejection stand. Anyone.
    /// @param jobId The job.
    function claimRefund(JobId jobId) external;
}
