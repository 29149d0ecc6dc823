// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {BitMaps} from "@openzeppelin/contracts/utils/structs/BitMaps.sol";
import {ISettlement} from "../economy/interfaces/ISettlement.sol";
import {IProviderRegistry} from "../registry/interfaces/IProviderRegistry.sol";
import {IOctoToken} from "../tokens/interfaces/IOctoToken.sol";
import {IAgentListings} from "./interfaces/IAgentListings.sol";
import {IJobMarketEvents} from "./interfaces/IJobMarketEvents.sol";
import {EVALUATED, EXTENDED, Extras, Job, JobState, JobStatus, ORCHESTRATED, BOUND} from "./types/Job.sol";
import {JobId} from "./types/JobId.sol";

/// @title The job market's book: its peers, its storage, and the look-ups that all its rooms share
abstract contract JobBook is IJobMarketEvents, ReentrancyGuardTransient {
    uint256 internal constant MIN_DURATION = 5 minutes;
    uint256 internal constant MAX_DURATION = 365 days;
    uint256 internal constant FULL_POINTS = 100;

    /// @dev What a provider has on top of the review to answer a client who declines.
    uint256 internal constant ANSWER_TIME = 3 days;

    /// @dev The fixed peers of the market.
    /// @param octo The OCTO token.
    /// @param settlement The vault.
    /// @param registry The provider registry.
    /// @param agents Where agents list their prices.
    /// @param disputes Who alone takes a job into a dispute and out of it.
    struct Peers {
        IOctoToken octo;
        ISettlement settlement;
        IProviderRegistry registry;
        IAgentListings agents;
        address disputes;
    }

    /// @custom:storage-location erc7201:cipherocto.storage.JobMarket
    struct JobMarketStorage {
        uint64 lastJobId;
        uint8 reviewHours;
        mapping(JobId jobId => Job job) jobs;
        mapping(JobId jobId => address evaluator) evaluators;
        mapping(JobId jobId => address orchestrator) orchestrators;
        mapping(address provider => BitMaps.BitMap nonces) spentConsents;
        mapping(JobId jobId => Extras extras) extras;
        mapping(JobId jobId => address hook) hooks;
    }

    // keccak256(abi.encode(uint256(keccak256("cipherocto.storage.JobMarket")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant STORAGE_LOCATION = 0x141319cfb00171228d25e93a311f1a10b1947e5cb55eeb19404e48e031ddec00;

    /// @custom:oz-upgrades-unsafe-allow state-variable-immutable
    IOctoToken internal immutable OCTO;
    /// @custom:oz-upgrades-unsafe-allow state-variable-immutable
    ISettlement internal immutable SETTLEMENT;
    /// @custom:oz-upgrades-unsafe-allow state-variable-immutable
    IProviderRegistry internal immutable REGISTRY;
    /// @custom:oz-upgrades-unsafe-allow state-variable-immutable
    IAgentListings internal immutable AGENTS;
    /// @custom:oz-upgrades-unsafe-allow state-variable-immutable
    address internal immutable DISPUTES;

    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor(Peers memory peers_) {
        OCTO = peers_.octo;
        SETTLEMENT = peers_.settlement;
        REGISTRY = peers_.registry;
        AGENTS = peers_.agents;
        DISPUTES = peers_.disputes;
    }

    function _job(JobId jobId) internal view returns (Job storage job) {
        job = _storage().jobs[jobId];
        require(job.client != address(0), JobMarketUnknownJob(jobId));
    }

    function _job(JobId jobId, JobStatus required) internal view returns (Job storage job) {
        job = _job(jobId);
        JobStatus actual = job.state.status();
        require(actual == required, JobMarketWrongStatus(jobId, actual, required));
    }

    function _evaluatorOf(JobId jobId, Job storage job) internal view returns (address) {
        return job.state.has(EVALUATED) ? _storage().evaluators[jobId] : job.client;
    }

    /// @dev Nothing for a job without any.
    function _extrasOf(JobId jobId, JobState state) internal view returns (Extras memory extras) {
        if (state.has(EXTENDED)) extras = _storage().extras[jobId];
    }

    /// @dev The last second of the review; zero as long as the work was not submitted.
    function _reviewEndsAt(Job storage job) internal view returns (uint256) {
        if (!job.state.isHandedIn()) return 0;
        return job.state.status() == JobStatus.Declined ? job.markAt - ANSWER_TIME : job.markAt;
    }

    function _submittedAt(Job storage job) internal view returns (uint256) {
        return job.state.isHandedIn() ? _reviewEndsAt(job) - _toSeconds(job.reviewHours) : 0;
    }

    /// @dev Of so much of the job's escrow, as accepted work; who settles a verdict lowers the success.
    function _workOf(JobId jobId, Job storage job, uint128 amount) internal view returns (ISettlement.Work memory) {
        JobState state = job.state;
        return
            ISettlement.Work({
                client: job.client,
                provider: job.provider,
                orchestrator: state.has(ORCHESTRATED) ? _storage().orchestrators[jobId] : address(0),
                amount: amount,
                role: state.role(),
                schedule: state.schedule(),
                success: uint8(FULL_POINTS),
                speed: state.speed(),
                bound: state.has(BOUND)
            });
    }

    function _requireCaller(JobId jobId, address required) internal view {
        require(msg.sender == required, JobMarketWrongCaller(jobId, msg.sender, required));
    }

    /// @dev In 256 bits: in the narrow type of the operands the product would overflow.
    function _toSeconds(uint8 reviewHours) internal pure returns (uint256) {
        return uint256(reviewHours) * 1 hours;
    }

    function _requireParties(address client, address provider, address evaluator) internal pure {
        require(provider != client, JobMarketPartiesCollide(client));
        require(provider == address(0) || evaluator != provider, JobMarketPartiesCollide(evaluator));
    }

    function _requireDuration(uint256 duration) internal pure {
        require(
            MIN_DURATION <= duration && duration <= MAX_DURATION,
            JobMarketDurationOutOfBounds(duration, MIN_DURATION, MAX_DURATION)
        );
    }

    function _toBudget(uint256 amount) internal pure returns (uint96) {
        require(amount != 0 && amount <= type(uint96).max, JobMarketBudgetOutOfBounds(amount, type(uint96).max));
        return uint96(amount);
    }

    function _storage() internal pure returns (JobMarketStorage storage $) {
        bytes32 location = STORAGE_LOCATION;
        // The only way to point at a namespace of ERC-7201.
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            $.slot := location
        }
    }
}
