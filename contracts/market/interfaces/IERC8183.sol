// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {JobStatus} from "../types/Job.sol";
import {JobId} from "../types/JobId.sol";

/// @title ERC-8183: agentic commerce
/// @notice A job with escrow between a client and a provider, ended by an evaluator.
/// @dev The functions of the reference repository's head, the events of the ERC's text. Draft of March 2026.
interface IERC8183 {
    /// @notice A job, in the standard's shape.
    /// @param id The job.
    /// @param client Who pays.
    /// @param provider Who does the work; zero while not set.
    /// @param evaluator Who ends it; the client if nobody else was named.
    /// @param description Empty: it is emitted when the job is made, and only its hash is kept.
    /// @param budget In wei of the payment token.
    /// @param expiredAt The last second to submit, Unix seconds.
    /// @param status The status.
    /// @param hook Zero: there are none yet.
    /// @param paymentToken OCTO.
    /// @param providerAgentId Zero: agents have no ids yet.
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

    /// @notice Makes a job; nothing is paid yet.
    /// @param provider Who does the work; zero to name it later.
    /// @param evaluator Who ends the job; the caller himself or somebody who is neither party.
    /// @param expiredAt The last second to submit, Unix seconds.
    /// @param description What is to be done; emitted, and its hash kept as the job's terms.
    /// @param hook Zero: there are none yet.
    /// @param providerAgentId Zero: agents have no ids yet.
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
    /// @param agentId Zero: agents have no ids yet.
    function setProvider(JobId jobId, address provider, uint256 agentId) external;

    /// @notice Proposes the budget. Client or provider.
    /// @param jobId The job.
    /// @param token OCTO.
    /// @param amount In wei of OCTO.
    /// @param optParams For hooks; not read.
    function setBudget(JobId jobId, address token, uint256 amount, bytes calldata optParams) external;

    /// @notice Puts the budget in escrow, out of the client's allowance to this contract. The client only.
    /// @param jobId The job.
    /// @param expectedBudget What the client saw, in wei of OCTO; another budget is refused.
    /// @param optParams For hooks; not read.
    function fund(JobId jobId, uint256 expectedBudget, bytes calldata optParams) external;

    /// @notice Hands the work in. The provider only, until the deadline.
    /// @param jobId The job.
    /// @param deliverable The hash of the work.
    /// @param optParams For hooks; not read.
    function submit(JobId jobId, bytes32 deliverable, bytes calldata optParams) external;

    /// @notice Accepts the work and pays. The evaluator only.
    /// @param jobId The job.
    /// @param reason A hash of the reason.
    /// @param optParams For hooks; not read.
    function complete(JobId jobId, bytes32 reason, bytes calldata optParams) external;

    /// @notice Rejects the job and refunds what is in escrow. The client while it is Open; the evaluator while it is
    /// Funded; once it is Submitted, only an evaluator who is neither party.
    /// @param jobId The job.
    /// @param reason A hash of the reason.
    /// @param optParams For hooks; not read.
    function reject(JobId jobId, bytes32 reason, bytes calldata optParams) external;

    /// @notice Refunds a job whose deadline passed without work. Anyone.
    /// @param jobId The job.
    function claimRefund(JobId jobId) external;

    /// @notice A job, in the standard's shape.
    /// @param jobId The job.
    /// @return The job.
    function getJob(JobId jobId) external view returns (JobView memory);
}
