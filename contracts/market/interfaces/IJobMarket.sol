// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {JobId} from "../types/JobId.sol";
import {Consent, Deal} from "../types/Deal.sol";
import {IERC8183Work} from "./IERC8183Work.sol";
import {IJobMarketEvents} from "./IJobMarketEvents.sol";

/// @title Job market
/// @notice Hire a provider, escrow the budget, get the work or the money back. Speaks ERC-8183 in two ABIs; {hire} and its
/// kin make and fund a job in one transaction, {hireChild} out of the escrow of a job that the caller works on.
/// @dev Silence never pays the silent side: a provider who does not submit until the deadline leaves the escrow to
/// {claimRefund}; a client (or evaluator) who says nothing until the review ends leaves it to {release}; a provider who
/// does not answer a rejection leaves it to {claimRefund}. That `claimRefund` is refused once the work is submitted is the one
/// deviation from ERC-8183.
///
/// Submitted work is judged by an evaluator who is neither party, if one was named. Else the client accepts it or offers to
/// reject it, and where the two disagree an arbiter decides (see {IDisputeDesk}). As ERC-8183 has it, a client who is his own
/// evaluator can reject until the work is submitted: a provider submits the hash first and shows the work then.
///
/// ```
///            createJob           fund             submit             complete, release
///   (none) ------------> Open -----------> Funded -----------> Submitted -----------------> Completed
///      '------------------------------------^ hire             |      |
///                                                              |      | reject (client)
///                                            dispute (client)  |      v
///                                                              |  Declined: complete -> Completed
///                                                              |      |     acceptRejection, claimRefund -> Rejected
///                                                              v      v dispute (provider)
///                                                              Disputed: the verdict's share
///                                                                 above 0 -> Completed, 0 -> Rejected
///   Open:      reject (client) -> Rejected       claimRefund after the deadline -> Expired
///   Funded:    reject (evaluator) -> Rejected    claimRefund, takeOver after the deadline -> Expired
///   Submitted: reject (an evaluator who is neither party) -> Rejected
/// ```
///
/// A tree of jobs: the provider of a Funded job may spend what the deal set apart for it on child jobs, as their client. What
/// a child does not use goes back to its parent, or, if that has ended, further up to the first job that still has escrow, at
/// last to the client of the whole tree.
interface IJobMarket is IJobMarketEvents, IERC8183Work {
    /// @notice Hires: makes a job and funds it out of the caller's allowance to this contract.
    /// @param deal What is agreed; its client is the caller.
    /// @param budget In wei of OCTO.
    /// @param consent The provider's signature, or an empty one.
    /// @return jobId The job.
    function hire(Deal calldata deal, uint128 budget, Consent calldata consent) external returns (JobId jobId);

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

    /// @notice Pays the provider of submitted work when the review ended in silence. Anyone.
    /// @param jobId The job.
    function release(JobId jobId) external;

    /// @notice Sets the length of the review of new jobs.
    /// @dev Restricted to PARAMETER_ACCESS.
    /// @param reviewDuration In seconds; whole hours, 1 hour to 6 days.
    function setReviewDuration(uint256 reviewDuration) external;

    /// @notice The vault that holds the escrow, for ever the same.
    /// @return Its address.
    function settlement() external view returns (address);

    /// @notice The market's second half, which runs on this one's storage.
    /// @return Its address.
    function annex() external view returns (address);

    /// @notice The length of the review of new jobs.
    /// @return In seconds.
    function reviewDuration() external view returns (uint256);
}
