// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {RoleId} from "../../shared/RoleId.sol";
import {ScheduleId} from "../../shared/ScheduleId.sol";
import {JobStatus} from "../types/Job.sol";
import {JobId} from "../types/JobId.sol";
import {IERC8183Events} from "./IERC8183Events.sol";

/// @title What both halves of the job market say: events and errors
/// @notice Beyond the events of ERC-8183.
interface IJobMarketEvents is IERC8183Events {
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

    /// @notice A job was made out of another's escrow.
    /// @param parentId The job that gave the escrow.
    /// @param jobId The child.
    /// @param amount In wei of OCTO.
    event ChildJobCreated(JobId indexed parentId, JobId indexed jobId, uint256 amount);

    /// @notice A late job was ended and another provider hired with its escrow.
    /// @param lateId The late job.
    /// @param jobId Its successor.
    /// @param from Who was late.
    /// @param to Who works now.
    event JobTakenOver(JobId indexed lateId, JobId indexed jobId, address indexed from, address to);

    /// @notice Escrow that a child did not use went up the tree.
    /// @param jobId The child.
    /// @param heirId The job that has it now.
    /// @param amount In wei of OCTO.
    event EscrowReturned(JobId indexed jobId, JobId indexed heirId, uint256 amount);

    /// @notice A client rejects submitted work: the provider accepts that, disputes it, or is silent and thereby accepts.
    /// @param jobId The job.
    /// @param client Who rejects.
    /// @param reason A hash of the reason.
    /// @param answerUntil The last second of the provider's answer, Unix seconds.
    event RejectionOffered(JobId indexed jobId, address indexed client, bytes32 reason, uint256 answerUntil);

    /// @notice A job went into a dispute.
    /// @param jobId The job.
    /// @param opener Who opened it.
    event JobDisputed(JobId indexed jobId, address indexed opener);

    /// @notice A dispute ended, and the escrow was split.
    /// @param jobId The job.
    /// @param providerShare The provider's share, 0 to 100 percent.
    /// @param settled What was settled, in wei of OCTO.
    /// @param refunded What went back, in wei of OCTO.
    event JobResolved(JobId indexed jobId, uint256 providerShare, uint256 settled, uint256 refunded);

    /// @notice A hook failed or used up its gas; the step was taken all the same.
    /// @param jobId The job.
    /// @param hook The hook.
    /// @param selector Of the step's function.
    event HookFailed(JobId indexed jobId, address indexed hook, bytes4 selector);

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

    /// @notice The provider still has time to answer the client's rejection.
    /// @param jobId The job.
    /// @param answerUntil Its last second, Unix seconds.
    error JobMarketAnswerNotOver(JobId jobId, uint256 answerUntil);

    /// @notice An independent evaluator decides about this job, so there is nothing to dispute.
    /// @param jobId The job.
    error JobMarketEvaluatorDecides(JobId jobId);

    /// @notice Only the dispute desk calls this.
    /// @param caller Who called.
    error JobMarketCallerNotDisputes(address caller);

    /// @notice A share is at most all of it.
    /// @param share What was given, in percent.
    /// @param limit The most it may be, in percent.
    error JobMarketShareTooHigh(uint256 share, uint256 limit);

    /// @notice The hook is no {IERC8183Hook}.
    /// @param hook What was given.
    error JobMarketInvalidHook(address hook);

    /// @notice The job has a hook, which is to get its gas.
    /// @param gas What is left.
    /// @param least What must be.
    error JobMarketGasTooLow(uint256 gas, uint256 least);

    /// @notice No agent has such an id.
    /// @param agentId What was asked for.
    error JobMarketUnknownAgent(uint256 agentId);

    /// @notice The agent is not published, or is somebody else's.
    /// @param agentId The agent.
    /// @param provider The deal's provider.
    /// @param lister Whose agent it is; zero if it is not published.
    error JobMarketNotTheAgent(uint256 agentId, address provider, address lister);

    /// @notice The agent's listed price is another by now, and the provider has not signed this one.
    /// @param agentId The agent.
    /// @param price The listed price, in wei of OCTO.
    /// @param budget The deal's budget, in wei of OCTO.
    error JobMarketPriceStale(uint256 agentId, uint256 price, uint256 budget);

    /// @notice The agent asks for more time, and the provider has not signed this one.
    /// @param agentId The agent.
    /// @param duration The deal's time, in seconds.
    /// @param least What the agent asks for, in seconds.
    error JobMarketTooShort(uint256 agentId, uint256 duration, uint256 least);

    /// @notice More is set apart for child jobs than the budget.
    /// @param forChildren What is set apart, in wei of OCTO.
    /// @param budget The budget, in wei of OCTO.
    error JobMarketChildrenAboveBudget(uint256 forChildren, uint256 budget);

    /// @notice The child costs more than what is left for children.
    /// @param parentId The parent.
    /// @param budget The child's budget, in wei of OCTO.
    /// @param left What is left for children, in wei of OCTO.
    error JobMarketChildTooDear(JobId parentId, uint256 budget, uint256 left);

    /// @notice The tree is as deep as it may be.
    /// @param parentId The parent.
    /// @param limit The deepest a child can lie.
    error JobMarketTreeTooDeep(JobId parentId, uint256 limit);

    /// @notice The job has had as many children as it may.
    /// @param parentId The parent.
    /// @param limit The most.
    error JobMarketTooManyChildren(JobId parentId, uint256 limit);

    /// @notice A child's time ends with its parent's at the latest.
    /// @param parentId The parent.
    /// @param deadline The child's, Unix seconds.
    /// @param latest The parent's, Unix seconds.
    error JobMarketChildOutlivesParent(JobId parentId, uint256 deadline, uint256 latest);

    /// @notice Whoever works on a job cannot be hired below it, nor can its client.
    /// @param ancestorId The job.
    /// @param provider Who was to be hired.
    error JobMarketCycle(JobId ancestorId, address provider);

    /// @notice Who takes a job over does the same work.
    /// @param lateId The late job.
    /// @param terms Its terms.
    /// @param role Its role.
    /// @param schedule Its fee schedule.
    error JobMarketOtherTerms(JobId lateId, bytes32 terms, RoleId role, ScheduleId schedule);

    /// @notice Who takes a job over asks for no more.
    /// @param lateId The late job.
    /// @param budget What was asked for, in wei of OCTO.
    /// @param limit The late job's budget, in wei of OCTO.
    error JobMarketDearer(JobId lateId, uint256 budget, uint256 limit);

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
}
