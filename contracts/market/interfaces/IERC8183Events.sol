// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {JobId} from "../types/JobId.sol";

/// @title ERC-8183: its events
/// @notice As in the ERC's text.
interface IERC8183Events {
    /// @notice A job was made.
    /// @param jobId The job.
    /// @param client Who pays.
    /// @param provider Who does the work; zero while not set.
    /// @param evaluator Who ends it.
    /// @param expiredAt The last second to submit, Unix seconds.
    /// @param hook The hook; zero for none.
    event JobCreated(
        JobId indexed jobId,
        address indexed client,
        address indexed provider,
        address evaluator,
        uint256 expiredAt,
        address hook
    );

    /// @notice A provider was named.
    /// @param jobId The job.
    /// @param provider Who does the work.
    event ProviderSet(JobId indexed jobId, address indexed provider);

    /// @notice A budget was proposed.
    /// @param jobId The job.
    /// @param amount In wei of OCTO.
    event BudgetSet(JobId indexed jobId, uint256 amount);

    /// @notice The budget is in escrow.
    /// @param jobId The job.
    /// @param client Who paid.
    /// @param amount In wei of OCTO.
    event JobFunded(JobId indexed jobId, address indexed client, uint256 amount);

    /// @notice The work was submitted.
    /// @param jobId The job.
    /// @param provider Who did it.
    /// @param deliverable The hash of the work.
    event JobSubmitted(JobId indexed jobId, address indexed provider, bytes32 deliverable);

    /// @notice The work was accepted.
    /// @param jobId The job.
    /// @param evaluator Who accepted it; zero if the review ended in silence.
    /// @param reason A hash of the evaluator's reason.
    event JobCompleted(JobId indexed jobId, address indexed evaluator, bytes32 reason);

    /// @notice The job was rejected.
    /// @param jobId The job.
    /// @param rejector Who rejected it.
    /// @param reason A hash of the rejector's reason.
    event JobRejected(JobId indexed jobId, address indexed rejector, bytes32 reason);

    /// @notice The job's deadline passed without work.
    /// @param jobId The job.
    event JobExpired(JobId indexed jobId);

    /// @notice The provider was paid.
    /// @param jobId The job.
    /// @param provider Who did the work.
    /// @param amount Its part, in wei of OCTO.
    event PaymentReleased(JobId indexed jobId, address indexed provider, uint256 amount);

    /// @notice The client has the escrow back.
    /// @param jobId The job.
    /// @param client Who had paid.
    /// @param amount In wei of OCTO.
    event Refunded(JobId indexed jobId, address indexed client, uint256 amount);
}
