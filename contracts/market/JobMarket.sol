// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {AccessManagedUpgradeable} from "@openzeppelin/contracts-upgradeable/access/manager/AccessManagedUpgradeable.sol";
import {UUPSUpgradeable} from "@openzeppelin/contracts-upgradeable/proxy/utils/UUPSUpgradeable.sol";
import {EIP712Upgradeable} from "@openzeppelin/contracts-upgradeable/utils/cryptography/EIP712Upgradeable.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {BitMaps} from "@openzeppelin/contracts/utils/structs/BitMaps.sol";
import {IMarket} from "../economy/interfaces/IMarket.sol";
import {ISettlement} from "../economy/interfaces/ISettlement.sol";
import {IProviderRegistry} from "../registry/interfaces/IProviderRegistry.sol";
import {Permit} from "../shared/Permit.sol";
import {Roles} from "../shared/Roles.sol";
import {Schedules} from "../shared/ScheduleId.sol";
import {Signature} from "../shared/Signature.sol";
import {IOctoToken} from "../tokens/interfaces/IOctoToken.sol";
import {IERC8183} from "./interfaces/IERC8183.sol";
import {IJobMarket} from "./interfaces/IJobMarket.sol";
import {DealHash} from "./libraries/DealHash.sol";
import {Consent, Deal} from "./types/Deal.sol";
import {BOUND, EVALUATED, HANDED_IN, Job, JobState, JobStatus, newJobState, ORCHESTRATED} from "./types/Job.sol";
import {JobId} from "./types/JobId.sol";

/// @title Job market
/// @dev Holds state and never money: every job's budget lies in the vault.
/// @dev Invariant J-1: this market's balance in the vault = sum of the budgets of jobs Funded or Submitted.
/// @dev Invariant J-2: a job's escrow leaves once: Completed pays all of it, Rejected and Expired refund all of it.
/// @dev Invariant J-3: from funding on, nothing of a job changes but its status, `markAt` and, once, its speed.
/// @dev Invariant J-4: every job ends by time: Open and Funded by `claimRefund` after the deadline, Submitted by
/// `release` after the review.
///
/// Deliberately not checked: that the deliverable is any good (the evaluator's task), and that a client keeps away from
/// its own other accounts (dealing with oneself is allowed and loses).
contract JobMarket is IJobMarket, IMarket, EIP712Upgradeable, AccessManagedUpgradeable, UUPSUpgradeable {
    using DealHash for Deal;
    using DealHash for Consent;
    using BitMaps for BitMaps.BitMap;
    using Signature for bytes;

    uint256 private constant MIN_DURATION = 5 minutes;
    uint256 private constant MAX_DURATION = 365 days;
    uint256 private constant MIN_REVIEW = 1 hours;
    uint256 private constant MAX_REVIEW = 6 days;
    uint8 private constant GENESIS_REVIEW_HOURS = 72;
    uint256 private constant MAX_DESCRIPTION = 4096;
    uint256 private constant FULL_POINTS = 100;

    /// @dev From the end of the review; with that, and the pause between two ratings, no job is rated twice.
    uint256 private constant RATING_TIME = 14 days;

    /// @custom:storage-location erc7201:cipherocto.storage.JobMarket
    struct JobMarketStorage {
        uint64 lastJobId;
        uint8 reviewHours;
        mapping(JobId jobId => Job job) jobs;
        mapping(JobId jobId => address evaluator) evaluators;
        mapping(JobId jobId => address orchestrator) orchestrators;
        mapping(address provider => BitMaps.BitMap nonces) spentConsents;
    }

    // keccak256(abi.encode(uint256(keccak256("cipherocto.storage.JobMarket")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant STORAGE_LOCATION = 0x141319cfb00171228d25e93a311f1a10b1947e5cb55eeb19404e48e031ddec00;

    /// @custom:oz-upgrades-unsafe-allow state-variable-immutable
    IOctoToken private immutable OCTO;
    /// @custom:oz-upgrades-unsafe-allow state-variable-immutable
    ISettlement private immutable SETTLEMENT;
    /// @custom:oz-upgrades-unsafe-allow state-variable-immutable
    IProviderRegistry private immutable REGISTRY;

    /// @param octo The OCTO token.
    /// @param settlement_ The vault.
    /// @param registry The provider registry.
    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor(IOctoToken octo, ISettlement settlement_, IProviderRegistry registry) {
        OCTO = octo;
        SETTLEMENT = settlement_;
        REGISTRY = registry;
        _disableInitializers();
    }

    /// @notice Sets who administers this contract.
    /// @param authority The AccessManager.
    function initialize(address authority) external initializer {
        __EIP712_init("", ""); // name and version are constants, below
        __AccessManaged_init(authority);
        _storage().reviewHours = GENESIS_REVIEW_HOURS;
    }

    // Hire: a job in one transaction

    /// @inheritdoc IJobMarket
    function hire(Deal memory deal, uint128 budget, Consent calldata consent) external returns (JobId jobId) {
        require(msg.sender == deal.client, JobMarketCallerNotClient(msg.sender, deal.client));
        ISettlement.Lock memory escrow;
        (jobId, escrow) = _hire(deal, budget, consent);

        SETTLEMENT.lockByApproval(escrow, false);
    }

    /// @inheritdoc IJobMarket
    function hireWithPermit(
        Deal memory deal,
        uint128 budget,
        Permit calldata permit,
        Consent calldata consent
    ) external returns (JobId jobId) {
        require(msg.sender == deal.client, JobMarketCallerNotClient(msg.sender, deal.client));
        ISettlement.Lock memory escrow;
        (jobId, escrow) = _hire(deal, budget, consent);

        permit.tryUse(OCTO, msg.sender);
        SETTLEMENT.lockByApproval(escrow, false);
    }

    /// @inheritdoc IJobMarket
    function hireWithAuthorization(
        Deal memory deal,
        uint128 budget,
        uint256 validAfter,
        uint256 validBefore,
        bytes calldata signature,
        Consent calldata consent
    ) external returns (JobId jobId) {
        ISettlement.Lock memory escrow;
        (jobId, escrow) = _hire(deal, budget, consent);
        // Else whoever submits the client's signature first could leave the provider's out.
        require(escrow.provider != address(0) || msg.sender == deal.client, JobMarketConsentMissing(deal.provider));

        SETTLEMENT.lockByAuthorization(
            escrow,
            ISettlement.Authorization({
                validAfter: validAfter,
                validBefore: validBefore,
                deal: deal.hash(msg.sig),
                signature: signature
            })
        );
    }

    /// @inheritdoc IJobMarket
    function hireFromCredit(Deal memory deal, uint128 budget, Consent calldata consent) external returns (JobId jobId) {
        require(msg.sender == deal.client, JobMarketCallerNotClient(msg.sender, deal.client));
        ISettlement.Lock memory escrow;
        (jobId, escrow) = _hire(deal, budget, consent);

        SETTLEMENT.lockFromCredit(escrow);
    }

    /// @inheritdoc IJobMarket
    function revokeConsent(uint256 nonce) external {
        _spendConsent(msg.sender, nonce);
    }

    /// @inheritdoc IMarket
    function pull(address client, uint256 amount) external {
        require(msg.sender == address(SETTLEMENT), JobMarketCallerNotVault(msg.sender));
        OCTO.transferFrom(client, msg.sender, amount);
    }

    // ERC-8183: a job in steps

    /// @inheritdoc IERC8183
    function createJob(
        address provider,
        address evaluator,
        uint256 expiredAt,
        string calldata description,
        address hook,
        uint256 providerAgentId
    ) external returns (JobId jobId) {
        require(evaluator != address(0), JobMarketZeroParty());
        _requireParties(msg.sender, provider, evaluator);
        _requireNoExtras(hook, providerAgentId);
        _requireDuration(expiredAt < block.timestamp ? 0 : expiredAt - block.timestamp);
        uint256 length = bytes(description).length;
        require(length <= MAX_DESCRIPTION, JobMarketDescriptionTooLong(length, MAX_DESCRIPTION));

        bool evaluated = evaluator != msg.sender;
        jobId = _nextJobId();
        Job storage job = _storage().jobs[jobId];
        job.client = msg.sender;
        job.provider = provider;
        job.deadline = uint32(expiredAt); // at most MAX_DURATION from now, until the year 2106
        job.state = newJobState(Roles.DEVELOPER, Schedules.SERVICE, evaluated ? EVALUATED : 0);
        job.terms = keccak256(bytes(description));
        if (evaluated) _storage().evaluators[jobId] = evaluator;

        emit JobCreated(jobId, msg.sender, provider, evaluator, expiredAt, hook);
        emit JobDescribed(jobId, job.terms, description);
    }

    /// @inheritdoc IERC8183
    function setProvider(JobId jobId, address provider, uint256 agentId) external {
        Job storage job = _job(jobId, JobStatus.Open);
        _requireCaller(jobId, job.client);
        require(job.provider == address(0), JobMarketProviderAlreadySet(jobId, job.provider));
        require(provider != address(0), JobMarketZeroParty());
        _requireParties(job.client, provider, _evaluatorOf(jobId, job));
        _requireNoExtras(address(0), agentId);

        job.provider = provider;
        emit ProviderSet(jobId, provider);
    }

    /// @inheritdoc IERC8183
    function setBudget(JobId jobId, address token, uint256 amount, bytes calldata) external {
        Job storage job = _job(jobId, JobStatus.Open);
        require(msg.sender == job.client || msg.sender == job.provider, JobMarketCallerNotParty(jobId, msg.sender));
        require(token == address(OCTO), JobMarketTokenNotAccepted(token, address(OCTO)));

        job.budget = _toBudget(amount);
        emit BudgetSet(jobId, amount);
    }

    /// @inheritdoc IERC8183
    function fund(JobId jobId, uint256 expectedBudget, bytes calldata) external {
        Job storage job = _job(jobId, JobStatus.Open);
        _requireCaller(jobId, job.client);
        require(job.provider != address(0), JobMarketZeroParty());
        uint96 budget = _toBudget(job.budget);
        require(budget == expectedBudget, JobMarketBudgetMismatch(jobId, budget, expectedBudget));
        require(block.timestamp <= job.deadline, JobMarketDeadlinePassed(jobId, job.deadline));

        uint256 duration = job.deadline - block.timestamp;
        _requireDuration(duration);
        JobState state = job.state;
        (bool agreed, uint256 capacity) = REGISTRY.screen(job.provider, state.role(), budget, duration);
        bool bound = agreed && !state.has(EVALUATED);
        job.state = (bound ? state.with(BOUND) : state).withStatus(JobStatus.Funded);
        job.markAt = uint32(block.timestamp); // until the year 2106
        job.reviewHours = _storage().reviewHours;
        emit TermsFrozen(jobId, job.terms, state.role(), state.schedule(), address(0), bound);
        emit JobFunded(jobId, msg.sender, budget);

        SETTLEMENT.lockByApproval(
            ISettlement.Lock({
                client: msg.sender,
                amount: budget,
                role: state.role(),
                schedule: state.schedule(),
                provider: bound ? job.provider : address(0),
                capacity: uint128(capacity) // below 2^91
            }),
            true
        );
    }

    /// @inheritdoc IERC8183
    function submit(JobId jobId, bytes32 deliverable, bytes calldata) external {
        Job storage job = _job(jobId, JobStatus.Funded);
        _requireCaller(jobId, job.provider);
        require(block.timestamp <= job.deadline, JobMarketDeadlinePassed(jobId, job.deadline));

        uint256 points = _speed(job.deadline - job.markAt, block.timestamp - job.markAt);
        job.state = job.state.withStatus(JobStatus.Submitted).with(HANDED_IN).withSpeed(points);
        job.markAt = uint32(block.timestamp + _toSeconds(job.reviewHours)); // until the year 2106
        emit JobSubmitted(jobId, msg.sender, deliverable);
    }

    /// @inheritdoc IERC8183
    function complete(JobId jobId, bytes32 reason, bytes calldata) external {
        Job storage job = _job(jobId, JobStatus.Submitted);
        _requireCaller(jobId, _evaluatorOf(jobId, job));

        _complete(jobId, job, msg.sender, reason);
    }

    /// @inheritdoc IJobMarket
    function release(JobId jobId) external {
        Job storage job = _job(jobId, JobStatus.Submitted);
        require(block.timestamp > job.markAt, JobMarketReviewNotEnded(jobId, job.markAt));

        _complete(jobId, job, address(0), 0);
    }

    /// @inheritdoc IERC8183
    function reject(JobId jobId, bytes32 reason, bytes calldata) external {
        Job storage job = _job(jobId);
        JobStatus actual = job.state.status();
        bool isOpen = actual == JobStatus.Open;
        bool isSubmitted = actual == JobStatus.Submitted;
        require(
            isOpen || isSubmitted || actual == JobStatus.Funded,
            JobMarketWrongStatus(jobId, actual, JobStatus.Funded)
        );
        _requireCaller(jobId, isOpen ? job.client : _evaluatorOf(jobId, job));
        require(!isSubmitted || job.state.has(EVALUATED), JobMarketClientCannotReject(jobId));
        require(!isSubmitted || block.timestamp <= job.markAt, JobMarketReviewEnded(jobId, job.markAt));

        job.state = job.state.withStatus(JobStatus.Rejected);
        emit JobRejected(jobId, msg.sender, reason);
        // What a client takes back himself is no failure of the provider.
        if (!isOpen) _refund(jobId, job, isSubmitted);
    }

    /// @inheritdoc IERC8183
    function claimRefund(JobId jobId) external {
        Job storage job = _job(jobId);
        JobStatus actual = job.state.status();
        require(actual != JobStatus.Submitted, JobMarketAlreadySubmitted(jobId, job.markAt));
        bool isFunded = actual == JobStatus.Funded;
        require(isFunded || actual == JobStatus.Open, JobMarketWrongStatus(jobId, actual, JobStatus.Funded));
        require(block.timestamp > job.deadline, JobMarketDeadlineNotPassed(jobId, job.deadline));

        job.state = job.state.withStatus(JobStatus.Expired);
        emit JobExpired(jobId);
        if (isFunded) _refund(jobId, job, true);
    }

    /// @inheritdoc IJobMarket
    function rate(JobId jobId, uint8 rating) external {
        Job storage job = _job(jobId, JobStatus.Completed);
        _requireCaller(jobId, job.client);
        require(rating <= FULL_POINTS, JobMarketRatingTooHigh(rating, FULL_POINTS));
        uint256 until = job.markAt + RATING_TIME;
        require(block.timestamp <= until, JobMarketRatingTooLate(jobId, until));

        emit JobRated(jobId, msg.sender, rating);
        SETTLEMENT.rate(
            ISettlement.Rating({
                client: msg.sender,
                provider: job.provider,
                role: job.state.role(),
                schedule: job.state.schedule(),
                amount: job.budget,
                rating: rating
            })
        );
    }

    // Administration

    /// @inheritdoc IJobMarket
    function setReviewDuration(uint256 newDuration) external restricted {
        require(
            MIN_REVIEW <= newDuration && newDuration <= MAX_REVIEW && newDuration % 1 hours == 0,
            JobMarketReviewOutOfBounds(newDuration, MIN_REVIEW, MAX_REVIEW)
        );

        emit ReviewDurationSet(reviewDuration(), newDuration);
        _storage().reviewHours = uint8(newDuration / 1 hours); // at most 144
    }

    // Views

    /// @inheritdoc IERC8183
    function getJob(JobId jobId) external view returns (JobView memory) {
        Job storage job = _job(jobId);
        return
            JobView({
                id: jobId,
                client: job.client,
                provider: job.provider,
                evaluator: _evaluatorOf(jobId, job),
                description: "",
                budget: job.budget,
                expiredAt: job.deadline,
                status: job.state.status(),
                hook: address(0),
                paymentToken: address(OCTO),
                providerAgentId: 0,
                submittedAt: _reviewEndsAt(job) == 0 ? 0 : job.markAt - _toSeconds(job.reviewHours)
            });
    }

    /// @inheritdoc IJobMarket
    function termsOf(JobId jobId) external view returns (Terms memory) {
        Job storage job = _job(jobId);
        uint256 reviewEndsAt = _reviewEndsAt(job);
        return
            Terms({
                role: job.state.role(),
                schedule: job.state.schedule(),
                orchestrator: _storage().orchestrators[jobId],
                terms: job.terms,
                bound: job.state.has(BOUND),
                fundedAt: reviewEndsAt == 0 ? job.markAt : 0,
                reviewEndsAt: reviewEndsAt,
                reviewDuration: _toSeconds(job.reviewHours),
                speed: job.state.speed()
            });
    }

    /// @inheritdoc IJobMarket
    function authorizationNonceOf(Deal memory deal) external view returns (bytes32) {
        return keccak256(abi.encode(address(this), deal.hash(IJobMarket.hireWithAuthorization.selector)));
    }

    /// @inheritdoc IJobMarket
    function isConsentSpent(address provider, uint256 nonce) external view returns (bool) {
        return _storage().spentConsents[provider].get(nonce);
    }

    /// @inheritdoc IJobMarket
    function settlement() external view returns (address) {
        return address(SETTLEMENT);
    }

    /// @inheritdoc IJobMarket
    function jobCount() external view returns (uint256) {
        return _storage().lastJobId;
    }

    /// @inheritdoc IJobMarket
    function dealHashOf(Deal memory deal, bytes4 action) external pure returns (bytes32) {
        return deal.hash(action);
    }

    /// @inheritdoc IJobMarket
    function reviewDuration() public view returns (uint256) {
        return _toSeconds(_storage().reviewHours);
    }

    /// @dev New code must belong to the same vault, where the escrow of running jobs lies, and must be admitted by it
    /// before it may lock again.
    function _authorizeUpgrade(address next) internal override restricted {
        address nextVault = IJobMarket(next).settlement();
        require(nextVault == address(SETTLEMENT), JobMarketOtherVault(nextVault, address(SETTLEMENT)));
        SETTLEMENT.closeMarket();
    }

    /// @dev A constant: OpenZeppelin's would be read from storage on every signed consent.
    // solhint-disable-next-line func-name-mixedcase
    function _EIP712Name() internal pure override returns (string memory) {
        return "CipherOcto JobMarket";
    }

    /// @dev A constant, for the same reason.
    // solhint-disable-next-line func-name-mixedcase
    function _EIP712Version() internal pure override returns (string memory) {
        return "1";
    }

    // Hire

    function _hire(
        Deal memory deal,
        uint128 budget,
        Consent calldata consent
    ) private returns (JobId jobId, ISettlement.Lock memory escrow) {
        _requireDeal(deal);
        uint96 amount = _toBudget(budget);
        (bool bound, uint256 capacity) = _consents(deal, amount, consent);

        jobId = _nextJobId();
        _writeJob(jobId, deal, amount, bound);
        address evaluator = _isEvaluated(deal) ? deal.evaluator : deal.client;
        emit JobCreated(
            jobId,
            deal.client,
            deal.provider,
            evaluator,
            block.timestamp + deal.duration.toSeconds(),
            address(0)
        );
        emit TermsFrozen(jobId, deal.terms, deal.role, deal.schedule, deal.orchestrator, bound);
        emit JobFunded(jobId, deal.client, amount);
        escrow = ISettlement.Lock({
            client: deal.client,
            amount: amount,
            role: deal.role,
            schedule: deal.schedule,
            provider: bound ? deal.provider : address(0),
            capacity: uint128(capacity) // below 2^91
        });
    }

    function _writeJob(JobId jobId, Deal memory deal, uint96 budget, bool bound) private {
        JobMarketStorage storage $ = _storage();
        bool orchestrated = deal.orchestrator != address(0);
        bool evaluated = _isEvaluated(deal);
        uint24 flags = (bound ? BOUND : 0) | (evaluated ? EVALUATED : 0) | (orchestrated ? ORCHESTRATED : 0);

        $.jobs[jobId] = Job({
            client: deal.client,
            budget: budget,
            provider: deal.provider,
            deadline: uint32(block.timestamp + deal.duration.toSeconds()), // until the year 2106
            markAt: uint32(block.timestamp), // until the year 2106
            reviewHours: $.reviewHours,
            state: newJobState(deal.role, deal.schedule, flags).withStatus(JobStatus.Funded),
            terms: deal.terms
        });
        if (evaluated) $.evaluators[jobId] = deal.evaluator;
        if (orchestrated) $.orchestrators[jobId] = deal.orchestrator;
    }

    /// @dev Whether the provider, who must be active, is bound: by its signature, or by its standing terms. Those speak of
    /// budget and time only, so they agree to nobody's evaluator and to no orchestrator's share.
    function _consents(
        Deal memory deal,
        uint256 budget,
        Consent calldata consent
    ) private returns (bool bound, uint256 capacity) {
        (bound, capacity) = REGISTRY.screen(deal.provider, deal.role, budget, deal.duration.toSeconds());
        bool orchestrated = deal.orchestrator != address(0);
        if (orchestrated) {
            require(
                REGISTRY.isActive(deal.orchestrator, Roles.ORCHESTRATOR),
                IProviderRegistry.ProviderRegistryNotActive(deal.orchestrator, Roles.ORCHESTRATOR)
            );
        }
        if (consent.signature.length == 0) return (bound && !orchestrated && !_isEvaluated(deal), capacity);

        require(block.timestamp <= consent.deadline, JobMarketConsentExpired(consent.deadline));
        bytes32 digest = _hashTypedDataV4(consent.hash(deal.hash(msg.sig), budget));
        require(consent.signature.isBy(deal.provider, digest), JobMarketConsentNotSigned(deal.provider));
        _spendConsent(deal.provider, consent.nonce);
        return (true, capacity);
    }

    function _spendConsent(address provider, uint256 nonce) private {
        BitMaps.BitMap storage spent = _storage().spentConsents[provider];
        require(!spent.get(nonce), JobMarketConsentSpent(provider, nonce));

        spent.set(nonce);
        emit ConsentSpent(provider, nonce);
    }

    function _nextJobId() private returns (JobId) {
        return JobId.wrap(++_storage().lastJobId);
    }

    // End

    function _complete(JobId jobId, Job storage job, address evaluator, bytes32 reason) private {
        job.state = job.state.withStatus(JobStatus.Completed);
        emit JobCompleted(jobId, evaluator, reason);

        ISettlement.Work memory work = _workOf(jobId, job);
        uint256 paid = SETTLEMENT.settle(work);
        emit PaymentReleased(jobId, work.provider, paid);
    }

    function _refund(JobId jobId, Job storage job, bool failed) private {
        emit Refunded(jobId, job.client, job.budget);
        SETTLEMENT.refund(_workOf(jobId, job), failed);
    }

    // Look-ups and guards

    function _workOf(JobId jobId, Job storage job) private view returns (ISettlement.Work memory) {
        JobState state = job.state;
        return
            ISettlement.Work({
                client: job.client,
                provider: job.provider,
                orchestrator: state.has(ORCHESTRATED) ? _storage().orchestrators[jobId] : address(0),
                amount: job.budget,
                role: state.role(),
                schedule: state.schedule(),
                success: uint8(FULL_POINTS),
                speed: state.speed(),
                bound: state.has(BOUND)
            });
    }

    function _job(JobId jobId) private view returns (Job storage job) {
        job = _storage().jobs[jobId];
        require(job.client != address(0), JobMarketUnknownJob(jobId));
    }

    function _job(JobId jobId, JobStatus required) private view returns (Job storage job) {
        job = _job(jobId);
        JobStatus actual = job.state.status();
        require(actual == required, JobMarketWrongStatus(jobId, actual, required));
    }

    function _evaluatorOf(JobId jobId, Job storage job) private view returns (address) {
        return job.state.has(EVALUATED) ? _storage().evaluators[jobId] : job.client;
    }

    /// @dev Zero as long as the work was not submitted.
    function _reviewEndsAt(Job storage job) private view returns (uint256) {
        return job.state.has(HANDED_IN) ? job.markAt : 0;
    }

    function _requireCaller(JobId jobId, address required) private view {
        require(msg.sender == required, JobMarketWrongCaller(jobId, msg.sender, required));
    }

    function _isEvaluated(Deal memory deal) private pure returns (bool) {
        return deal.evaluator != address(0) && deal.evaluator != deal.client;
    }

    function _requireDeal(Deal memory deal) private pure {
        require(deal.client != address(0) && deal.provider != address(0), JobMarketZeroParty());
        _requireParties(deal.client, deal.provider, deal.evaluator);
        require(
            deal.orchestrator == address(0) ||
                (deal.orchestrator != deal.client &&
                    deal.orchestrator != deal.provider &&
                    deal.orchestrator != deal.evaluator),
            JobMarketPartiesCollide(deal.orchestrator)
        );
        _requireNoExtras(deal.hook, 0);
        _requireDuration(deal.duration.toSeconds());
    }

    function _requireParties(address client, address provider, address evaluator) private pure {
        require(provider != client, JobMarketPartiesCollide(client));
        require(provider == address(0) || evaluator != provider, JobMarketPartiesCollide(evaluator));
    }

    function _requireNoExtras(address hook, uint256 agentId) private pure {
        require(hook == address(0), JobMarketHookNotSupported(hook));
        require(agentId == 0, JobMarketAgentIdNotSupported(agentId));
    }

    function _requireDuration(uint256 duration) private pure {
        require(
            MIN_DURATION <= duration && duration <= MAX_DURATION,
            JobMarketDurationOutOfBounds(duration, MIN_DURATION, MAX_DURATION)
        );
    }

    /// @dev 100 up to half of the time allowed, falling linearly to 0 at the deadline; rounded down. The time allowed is
    /// never zero, and no more of it was used.
    function _speed(uint256 allowed, uint256 used) private pure returns (uint256) {
        return Math.min(FULL_POINTS, (2 * FULL_POINTS * (allowed - used)) / allowed);
    }

    /// @dev In 256 bits: in the narrow type of the operands the product would overflow.
    function _toSeconds(uint8 reviewHours) private pure returns (uint256) {
        return uint256(reviewHours) * 1 hours;
    }

    function _toBudget(uint256 amount) private pure returns (uint96) {
        require(amount != 0 && amount <= type(uint96).max, JobMarketBudgetOutOfBounds(amount, type(uint96).max));
        return uint96(amount);
    }

    function _storage() private pure returns (JobMarketStorage storage $) {
        bytes32 location = STORAGE_LOCATION;
        // The only way to point at a namespace of ERC-7201.
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            $.slot := location
        }
    }
}
