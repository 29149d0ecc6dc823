// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {Permit} from "../../shared/Permit.sol";
import {RoleId} from "../../shared/RoleId.sol";
import {ScheduleId} from "../../shared/ScheduleId.sol";
import {JobStatus} from "../types/Job.sol";
import {JobId} from "../types/JobId.sol";
import {Consent, Deal} from "../types/Deal.sol";
import {IERC8183} from "./IERC8183.sol";

/// @title Job market
/// @notice Hire a provider, escrow the budget, get the work or the money back. Speaks ERC-8183; {hire} and its kin make
/// and fund a job in one transaction.
/// @dev Silence never pays the silent side: a provider who does not submit until the deadline leaves the escrow to
/// {claimRefund}; a client (or evaluator) who says nothing until the review ends leaves it to {release}. The latter is
/// the one deviation from ERC-8183: `claimRefund` is refused once the work is submitted.
///
/// As long as there are no disputes, submitted work is judged by an evaluator who is neither party, or by nobody: a client
/// hires an unknown provider with an evaluator. And as ERC-8183 has it, a client who is his own evaluator can reject
/// until the work is submitted: a provider submits the hash first and shows the work then.
///
/// ```
///            createJob            fund               submit             complete, release
///   (none) ------------> Open ------------> Funded ------------> Submitted ------------> Completed
///      \                 |  \ claimRefund    ^ | |                   |
///       \                |   `-> Expired <---|-' | reject            | reject (an evaluator
///        \               | reject        hire|   v                   v  who is neither party)
///         `--------------|-------------------'  Rejected <-----------'
///                        `----------------------^
/// ```
interface IJobMarket is IERC8183 {
    /// @notice What ERC-8183 does not show of a job.
    /// @param role The role of the work.
    /// @param schedule The fee schedule.
    /// @param orchestrator Who coordinates it; zero for nobody.
    /// @param terms The hash of what was agreed.
    /// @param bound Whether the provider consented.
    /// @param fundedAt When the escrow was filled, Unix seconds; 0 while Open and from Submitted on.
    /// @param reviewEndsAt The last second of the review, Unix seconds; 0 before Submitted.
    /// @param reviewDuration The length of the review, in seconds.
    /// @param speed How early it was submitted: 100 up to half of the time allowed, falling to 0 at the deadline; 0 before.
    struct Terms {
        RoleId role;
        ScheduleId schedule;
        address orchestrator;
        bytes32 terms;
        bool bound;
        uint256 fundedAt;
        uint256 reviewEndsAt;
        uint256 reviewDuration;
        uint256 speed;
    }

    /// @notice The description of a job; the hash of its bytes is the job's terms.
    /// @param jobId The job.
    /// @param terms The hash that is kept.
    /// @param description The text.
    event JobDescribed(JobId indexed jobId, bytes32 indexed terms, string description);

    /// @notice What was agreed is frozen: nobody can change it any more.
    /// @param jobId The job.
    /// @param terms The hash of what was agreed.
    /// @param role The role of the work.
    /// @param schedule The fee schedule.
    /// @param orchestrator Who coordinates it; zero for nobody.
    /// @param bound Whether the provider consented.
    event TermsFrozen(
        JobId indexed jobId,
        bytes32 indexed terms,
        RoleId role,
        ScheduleId schedule,
        address orchestrator,
        bool bound
    );

    /// @notice A provider used or revoked a consent.
    /// @param provider The provider.
    /// @param nonce The consent's nonce.
    event ConsentSpent(address indexed provider, uint256 indexed nonce);

    /// @notice A client rated completed work.
    /// @param jobId The job.
    /// @param client Who rated.
    /// @param rating 0 to 100.
    event JobRated(JobId indexed jobId, address indexed client, uint256 rating);

    /// @notice The length of the review of new jobs changed.
    /// @param previous Before, in seconds.
    /// @param reviewDuration From now on, in seconds.
    event ReviewDurationSet(uint256 previous, uint256 reviewDuration);

    /// @notice No such job.
    /// @param jobId What was asked for.
    error JobMarketUnknownJob(JobId jobId);

    /// @notice The job's status does not allow this.
    /// @param jobId The job.
    /// @param actual Its status.
    /// @param required The status it must have.
    error JobMarketWrongStatus(JobId jobId, JobStatus actual, JobStatus required);

    /// @notice Somebody else must call this.
    /// @param jobId The job.
    /// @param caller Who called.
    /// @param required Who must.
    error JobMarketWrongCaller(JobId jobId, address caller, address required);

    /// @notice Client or provider must call this.
    /// @param jobId The job.
    /// @param caller Who called.
    error JobMarketCallerNotParty(JobId jobId, address caller);

    /// @notice A deal by approval or from credit is made by its client.
    /// @param caller Who called.
    /// @param client The deal's client.
    error JobMarketCallerNotClient(address caller, address client);

    /// @notice Only the vault calls this.
    /// @param caller Who called.
    error JobMarketCallerNotVault(address caller);

    /// @notice Two parties of a deal are the same account.
    /// @param account The account.
    error JobMarketPartiesCollide(address account);

    /// @notice A party is missing.
    error JobMarketZeroParty();

    /// @notice The provider was named already.
    /// @param jobId The job.
    /// @param provider Who it is.
    error JobMarketProviderAlreadySet(JobId jobId, address provider);

    /// @notice The time for the work is outside its bounds.
    /// @param duration What was asked for, in seconds.
    /// @param least The least it may be, in seconds.
    /// @param most The most it may be, in seconds.
    error JobMarketDurationOutOfBounds(uint256 duration, uint256 least, uint256 most);

    /// @notice The description is too long.
    /// @param length Its length, in bytes.
    /// @param limit The most it may be, in bytes.
    error JobMarketDescriptionTooLong(uint256 length, uint256 limit);

    /// @notice There are no hooks yet.
    /// @param hook What was asked for.
    error JobMarketHookNotSupported(address hook);

    /// @notice Agents have no ids yet.
    /// @param agentId What was asked for.
    error JobMarketAgentIdNotSupported(uint256 agentId);

    /// @notice Jobs are paid in OCTO.
    /// @param token What was asked for.
    /// @param octo The OCTO token.
    error JobMarketTokenNotAccepted(address token, address octo);

    /// @notice The budget is zero or more than a job can hold.
    /// @param budget What was asked for, in wei of OCTO.
    /// @param limit The most a job can hold, in wei of OCTO; above all OCTO there can ever be.
    error JobMarketBudgetOutOfBounds(uint256 budget, uint256 limit);

    /// @notice The budget is not the one the client saw.
    /// @param jobId The job.
    /// @param budget What it is, in wei of OCTO.
    /// @param expected What the client expected, in wei of OCTO.
    error JobMarketBudgetMismatch(JobId jobId, uint256 budget, uint256 expected);

    /// @notice The deadline has passed.
    /// @param jobId The job.
    /// @param deadline The last second allowed, Unix seconds.
    error JobMarketDeadlinePassed(JobId jobId, uint256 deadline);

    /// @notice The deadline has not passed yet.
    /// @param jobId The job.
    /// @param deadline The last second for the provider, Unix seconds.
    error JobMarketDeadlineNotPassed(JobId jobId, uint256 deadline);

    /// @notice The work is submitted: it is no longer refunded by time, but paid by {release} when the review ends.
    /// @param jobId The job.
    /// @param reviewEndsAt The last second of the review, Unix seconds.
    error JobMarketAlreadySubmitted(JobId jobId, uint256 reviewEndsAt);

    /// @notice The review has not ended yet.
    /// @param jobId The job.
    /// @param reviewEndsAt Its last second, Unix seconds.
    error JobMarketReviewNotEnded(JobId jobId, uint256 reviewEndsAt);

    /// @notice The review has ended: the work is paid by {release}, and no longer rejected.
    /// @param jobId The job.
    /// @param reviewEndsAt Its last second, Unix seconds.
    error JobMarketReviewEnded(JobId jobId, uint256 reviewEndsAt);

    /// @notice The new code belongs to another vault, where the escrow of running jobs does not lie.
    /// @param nextVault The vault of the new code.
    /// @param vault The vault of this market.
    error JobMarketOtherVault(address nextVault, address vault);

    /// @notice Submitted work is rejected only by an evaluator who is neither party.
    /// @param jobId The job.
    error JobMarketClientCannotReject(JobId jobId);

    /// @notice The provider's consent has expired.
    /// @param deadline Its last second, Unix seconds.
    error JobMarketConsentExpired(uint256 deadline);

    /// @notice The provider's consent was used or revoked.
    /// @param provider The provider.
    /// @param nonce The consent's nonce.
    error JobMarketConsentSpent(address provider, uint256 nonce);

    /// @notice A deal that somebody submits for its client must bind the provider; an unbound one only the client makes.
    /// @param provider The provider, who has not consented.
    error JobMarketConsentMissing(address provider);

    /// @notice The provider did not sign this deal.
    /// @param provider The provider.
    error JobMarketConsentNotSigned(address provider);

    /// @notice A rating is 0 to 100.
    /// @param rating What was given.
    /// @param limit The most it may be.
    error JobMarketRatingTooHigh(uint256 rating, uint256 limit);

    /// @notice The time to rate the job is over.
    /// @param jobId The job.
    /// @param until The last second, Unix seconds.
    error JobMarketRatingTooLate(JobId jobId, uint256 until);

    /// @notice The review's length is outside its bounds.
    /// @param reviewDuration What was asked for, in seconds.
    /// @param least The least it may be, in seconds; also its grain.
    /// @param most The most it may be, in seconds.
    error JobMarketReviewOutOfBounds(uint256 reviewDuration, uint256 least, uint256 most);

    /// @notice Hires: makes a job and funds it out of the caller's allowance to this contract.
    /// @param deal What is agreed; its client is the caller.
    /// @param budget In wei of OCTO.
    /// @param consent The provider's signature, or an empty one.
    /// @return jobId The job.
    function hire(Deal calldata deal, uint128 budget, Consent calldata consent) external returns (JobId jobId);

    /// @notice Hires by the caller's ERC-2612 permit to this contract.
    /// @dev The permit is tried and never required: one that somebody else has already submitted does no harm.
    /// @param deal What is agreed; its client is the caller.
    /// @param budget In wei of OCTO.
    /// @param permit The client's permit.
    /// @param consent The provider's signature, or an empty one.
    /// @return jobId The job.
    function hireWithPermit(
        Deal calldata deal,
        uint128 budget,
        Permit calldata permit,
        Consent calldata consent
    ) external returns (JobId jobId);

    /// @notice Hires by one signature of the client, which is agreement and payment. Anyone may submit it.
    /// @dev Must bind the provider, unless the client himself submits it. The client signs the token's `ReceiveWithAuthorization` to the vault with the nonce {authorizationNonceOf}.
    /// @param deal What is agreed.
    /// @param budget In wei of OCTO.
    /// @param validAfter Unix seconds; valid strictly after it.
    /// @param validBefore Unix seconds; valid strictly before it: the last moment of hire.
    /// @param signature Of the client, or what its ERC-1271 accepts.
    /// @param consent The provider's signature, or an empty one.
    /// @return jobId The job.
    function hireWithAuthorization(
        Deal calldata deal,
        uint128 budget,
        uint256 validAfter,
        uint256 validBefore,
        bytes calldata signature,
        Consent calldata consent
    ) external returns (JobId jobId);

    /// @notice Hires out of the caller's credit in the vault, which must allow this market to spend it.
    /// @param deal What is agreed; its client is the caller.
    /// @param budget In wei of OCTO.
    /// @param consent The provider's signature, or an empty one.
    /// @return jobId The job.
    function hireFromCredit(
        Deal calldata deal,
        uint128 budget,
        Consent calldata consent
    ) external returns (JobId jobId);

    /// @notice Rates completed work: the provider's score follows, the more the higher the fee. Only the client, until 14
    /// days after the end of the review, and the same provider in the same role at most once in 30 days.
    /// @param jobId The job.
    /// @param rating 0 to 100.
    function rate(JobId jobId, uint8 rating) external;

    /// @notice Pays the provider of submitted work when the review ended in silence. Anyone.
    /// @param jobId The job.
    function release(JobId jobId) external;

    /// @notice Makes a consent of the caller worthless.
    /// @param nonce The consent's nonce.
    function revokeConsent(uint256 nonce) external;

    /// @notice Sets the length of the review of new jobs.
    /// @dev Restricted to PARAMETER_ACCESS.
    /// @param reviewDuration In seconds; whole hours, 1 hour to 6 days.
    function setReviewDuration(uint256 reviewDuration) external;

    /// @notice What ERC-8183 does not show of a job.
    /// @param jobId The job.
    /// @return What was agreed.
    function termsOf(JobId jobId) external view returns (Terms memory);

    /// @notice The EIP-712 struct hash of a deal.
    /// @param deal The deal.
    /// @param action The selector of the function that will make it.
    /// @return The hash.
    function dealHashOf(Deal calldata deal, bytes4 action) external pure returns (bytes32);

    /// @notice The nonce under which a client signs his payment for {hireWithAuthorization}.
    /// @param deal The deal.
    /// @return keccak256(abi.encode(this market, deal hash)).
    function authorizationNonceOf(Deal calldata deal) external view returns (bytes32);

    /// @notice Whether a consent was used or revoked.
    /// @param provider The provider.
    /// @param nonce The consent's nonce.
    /// @return True if it is worthless.
    function isConsentSpent(address provider, uint256 nonce) external view returns (bool);

    /// @notice The vault that holds the escrow, for ever the same.
    /// @return Its address.
    function settlement() external view returns (address);

    /// @notice How many jobs there are; their ids are 1 to this number.
    /// @return The last job's id.
    function jobCount() external view returns (uint256);

    /// @notice The length of the review of new jobs.
    /// @return In seconds.
    function reviewDuration() external view returns (uint256);
}
