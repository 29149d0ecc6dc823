// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {JobStatus} from "../types/Job.sol";
import {JobId} from "../types/JobId.sol";

/// @title ERC-8183: how a job is made and funded, and how it is seen
/// @notice The functions of the reference repository's head. Draft of March 2026.
interface IERC8183Proposals {
    /// @notice A job, in the standard's shape.
    /// @param id The job.
    /// @param client Who pays.
    /// @param provider Who does the work; zero while not set.
    /// @param evaluator Who ends it; the client if nobody else was named.
    /// @param description Empty: it is emitted when the job is made, and only its hash is kept.
    /// @param budget In wei of the payment token.
    /// @param expiredAt The last second to submit, Unix seconds.
    /// @param status The status.
    /// @param hook Who is told of every step; zero for nobody.
    /// @param paymentToken OCTO.
    /// @param providerAgentId The provider's agent that was named; 0 for none.
    /// @param submittedAt When the work was submitted, Unix seconds; 0 if not.
    struct JobView {
        JobId id;
        address client;
        address provider;
        address evaluator;
        string description;
        uint256 budget;
        uint256 expiredAt;
        JobStatus status;
        address hook;
        address paymentToken;
        uint256 providerAgentId;
        uint256 submittedAt;
    }

    /// @notice Makes a job; nothing is paid yet.
    /// @param provider Who does the work; zero to name it later.
    /// @param evaluator Who ends the job; the caller himself or somebody who is neither party.
    /// @param expiredAt The last second to submit, Unix seconds.
    /// @param description What is to be done; emitted, and its hash kept as the job's terms.
    /// @param hook Who is told of every step, an {IERC8183Hook}; zero for nobody.
    /// @param providerAgentId The provider's agent, by its id in the agent registry; 0 for none.
    /// @return jobId The job.
    function createJob(
        address provider,
        address evaluator,
        uint256 expiredAt,
        string calldata description,
        address hook,
        uint256 providerAgentId
    ) external returns (JobId jobId);

    /// @notice Names the provider of a job made without one. The client only.
    /// @param jobId The job.
    /// @param provider Who does the work.
    /// @param agentId The provider's agent; 0 for none, or for the one named before.
    function setProvider(JobId jobId, address provider, uint256 agentId) external;

    /// @notice Proposes the budget. Client or provider.
    /// @param jobId The job.
    /// @param token OCTO.
    /// @param amount In wei of OCTO.
    /// @param optParams For the hook; not read.
    function setBudget(JobId jobId, address token, uint256 amount, bytes calldata optParams) external;

    /// @notice Puts the budget in escrow, out of the client's allowance to this contract. The client only.
    /// @param jobId The job.
    /// @param expectedBudget What the client saw, in wei of OCTO; another budget is refused.
    /// @param optParams For the hook; not read.
    function fund(JobId jobId, uint256 expectedBudget, bytes calldata optParams) external;

    /// @notice A job, in the standard's shape.
    /// @param jobId The job.
    /// @return The job.
    function getJob(JobId jobId) external view returns (JobView memory);
}
