// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {Permit} from "../../shared/Permit.sol";
import {RoleId} from "../../shared/RoleId.sol";
import {ScheduleId} from "../../shared/ScheduleId.sol";
import {Consent, Deal} from "../types/Deal.sol";
import {Extras} from "../types/Job.sol";
import {JobId} from "../types/JobId.sol";
import {IERC8183Proposals} from "./IERC8183Proposals.sol";
import {IERC8183Deployed} from "./IERC8183Deployed.sol";
import {IJobDisputes} from "./IJobDisputes.sol";
import {IJobFacts} from "./IJobFacts.sol";
import {IJobMarketEvents} from "./IJobMarketEvents.sol";

/// @title The job market's annex
/// @notice What the market is asked less often: trees of jobs, rejections, ratings, and what ERC-8183 does not show. All of it
/// is called at the market's own address.
interface IJobMarketAnnex is IJobMarketEvents, IERC8183Proposals, IERC8183Deployed, IJobFacts, IJobDisputes {
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

    /// @notice Hires out of the escrow of a job that the caller works on: a child job. It needs no transfer, and what it does
    /// not use goes back up.
    /// @param parentId The job; Funded, and the caller is its provider.
    /// @param deal What is agreed; its client is the caller, its time ends no later than the parent's.
    /// @param budget In wei of OCTO; at most what the parent's deal set apart for children and is left of it.
    /// @param consent The child's provider's signature, or an empty one.
    /// @return jobId The child.
    function hireChild(
        JobId parentId,
        Deal calldata deal,
        uint128 budget,
        Consent calldata consent
    ) external returns (JobId jobId);

    /// @notice Lets another provider take over a job whose deadline has passed without work. The client only; the late job
    /// expires, and what the successor does not cost goes back.
    /// @param lateId The late job.
    /// @param deal What is agreed: the same terms, role and fee schedule.
    /// @param budget In wei of OCTO; at most the late job's.
    /// @param consent The new provider's signature, or an empty one.
    /// @return jobId The successor.
    function takeOver(
        JobId lateId,
        Deal calldata deal,
        uint128 budget,
        Consent calldata consent
    ) external returns (JobId jobId);

    /// @notice Accepts the client's rejection of the caller's work: the escrow goes back, and no score moves. The provider only.
    /// @param jobId The job.
    function acceptRejection(JobId jobId) external;

    /// @notice Rates completed work: the provider's score follows, the more the higher the fee. Only the client, until 14
    /// days after the end of the review, and the same provider in the same role at most once in 30 days.
    /// @param jobId The job.
    /// @param rating 0 to 100.
    function rate(JobId jobId, uint8 rating) external;

    /// @notice Makes a consent of the caller worthless.
    /// @param nonce The consent's nonce.
    function revokeConsent(uint256 nonce) external;

    /// @notice What ERC-8183 does not show of a job.
    /// @param jobId The job.
    /// @return What was agreed.
    function termsOf(JobId jobId) external view returns (Terms memory);

    /// @notice A job's place in its tree, and what else only some jobs have.
    /// @param jobId The job.
    /// @return All zero for a plain job.
    function treeOf(JobId jobId) external view returns (Extras memory);

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

    /// @notice How many jobs there are; their ids are 1 to this number.
    /// @return The last job's id.
    function jobCount() external view returns (uint256);
}
