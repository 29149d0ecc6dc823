// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {AccessManagedUpgradeable} from "@openzeppelin/contracts-upgradeable/access/manager/AccessManagedUpgradeable.sol";
import {UUPSUpgradeable} from "@openzeppelin/contracts-upgradeable/proxy/utils/UUPSUpgradeable.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";
import {IMarket} from "../economy/interfaces/IMarket.sol";
import {ISettlement} from "../economy/interfaces/ISettlement.sol";
import {Market} from "../economy/types/Vault.sol";
import {ISlashingDesk} from "../registry/interfaces/ISlashingDesk.sol";
import {Lane} from "../registry/types/Offences.sol";
import {MAX_BPS} from "../shared/Bps.sol";
import {Schedules} from "../shared/ScheduleId.sol";
import {IArbiter} from "./interfaces/IArbiter.sol";
import {IArbitrable} from "./interfaces/IArbitrable.sol";
import {IDisputeDesk} from "./interfaces/IDisputeDesk.sol";
import {IJobDisputes} from "./interfaces/IJobDisputes.sol";
import {IJobMarketAnnex} from "./interfaces/IJobMarketAnnex.sol";
import {Dispute, Fees, Payment, Phase, Pot} from "./types/Dispute.sol";
import {JobId} from "./types/JobId.sol";
import {Ruling} from "./types/Ruling.sol";

/// @title Dispute desk
/// @dev Holds state and never money: bonds and pots lie in the vault, under this desk as one of its markets.
/// @dev Invariant B-1: this desk's balance in the vault = bonds of disputes that are not Closed, and what is left in pots.
/// @dev Invariant B-2: a dispute is executed once, and then every posted bond is back or in a pot, to the wei.
/// @dev Invariant B-3: a pot pays each of the majority the same, four fifths of it in all at most, and the rest is burned.
/// @dev Invariant B-4: every dispute can be executed after {DISPUTE_TIME}, and no arbiter and no slash can stand before that.
/// @dev Invariant B-5: a job's arbiter never changes.
/// @dev Invariant B-6: of the provider's stake a dispute takes what the lane owes and no wei more, in parts if this desk's weekly
/// budget is short, and slashes once, with at least half of a week's budget to take from. A budget that is used up ends neither;
/// a stake that is gone ends both.
/// @dev Invariant B-7: nobody wins by default while this desk cannot lock the other side's bond.
///
/// Deliberately not checked: whether a ruling is just (the arbiter's task). An arbiter is trusted with that and with nothing
/// else: it is asked for votes only when a fee is taken, and a pot pays out no more than it holds.
contract DisputeDesk is IDisputeDesk, IArbitrable, IMarket, AccessManagedUpgradeable, UUPSUpgradeable {
    using Checkpoints for Checkpoints.Trace160;

    uint256 private constant ANSWER_TIME = 3 days;
    uint256 private constant EVIDENCE_TIME = 7 days;
    uint256 private constant APPEAL_TIME = 3 days;
    uint256 private constant DISPUTE_TIME = 60 days;
    /// @dev From the panel's ruling; so long a pot of what is levied waits for the rest.
    uint256 private constant LEVY_TIME = 60 days;

    uint256 private constant WHOLE = 100;
    uint256 private constant HALF = 50;
    uint256 private constant ARBITERS_PERCENT = 80;
    uint256 private constant MAX_URI = 2048;

    uint256 private constant LEAST_SHARE = 1_00;
    uint256 private constant MOST_SHARE = 20_00;
    uint16 private constant GENESIS_SHARE = 5_00;
    uint256 private constant LEAST_BOND = 1e18;
    uint256 private constant MOST_BOND = 1_000e18;
    uint96 private constant GENESIS_BOND = 50e18;
    uint256 private constant BUDGET_UNIT = 1e18;

    /// @custom:storage-location erc7201:cipherocto.storage.DisputeDesk
    struct DisputeDeskStorage {
        uint16 bondShare;
        uint96 leastBond;
        uint40 pauseNotedAt;
        Checkpoints.Trace160 arbiters;
        mapping(JobId jobId => Dispute dispute) disputes;
        mapping(address arbiter => mapping(uint256 caseId => JobId jobId)) cases;
        mapping(JobId jobId => mapping(Pot pot => Fees fees)) fees;
        mapping(JobId jobId => mapping(Pot pot => mapping(address account => bool taken))) taken;
    }

    // keccak256(abi.encode(uint256(keccak256("cipherocto.storage.DisputeDesk")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant STORAGE_LOCATION = 0x34c4b60d034493ec070eda929b93b6bf3162fb2b7d240ab1ac16758c569c6d00;

    /// @custom:oz-upgrades-unsafe-allow state-variable-immutable
    IERC20 private immutable OCTO;
    /// @custom:oz-upgrades-unsafe-allow state-variable-immutable
    ISettlement private immutable SETTLEMENT;
    /// @custom:oz-upgrades-unsafe-allow state-variable-immutable
    ISlashingDesk private immutable SLASHING;
    /// @custom:oz-upgrades-unsafe-allow state-variable-immutable
    IJobMarketAnnex private immutable JOBS;

    /// @param octo The OCTO token.
    /// @param settlement_ The vault.
    /// @param slashing The slashing desk.
    /// @param jobs The job market.
    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor(IERC20 octo, ISettlement settlement_, ISlashingDesk slashing, IJobMarketAnnex jobs) {
        OCTO = octo;
        SETTLEMENT = settlement_;
        SLASHING = slashing;
        JOBS = jobs;
        _disableInitializers();
    }

    /// @notice Sets who administers this contract.
    /// @param authority The AccessManager.
    function initialize(address authority) external initializer {
        __AccessManaged_init(authority);
        (_storage().bondShare, _storage().leastBond) = (GENESIS_SHARE, GENESIS_BOND);
    }

    // The two sides

    /// @inheritdoc IDisputeDesk
    function open(JobId jobId, bytes32 claim, Payment payment, bool freeze) external {
        IJobDisputes.Contest memory contest = JOBS.contest(jobId, msg.sender);
        Dispute storage dispute = _storage().disputes[jobId];
        (bool byClient, bool onLane) = (msg.sender == contest.client, contest.bound);
        uint96 bond = uint96(bondFor(contest.escrow)); // a fifth of an escrow, or 1,000 OCTO, at most
        (dispute.bond, dispute.openedAt) = (bond, uint32(block.timestamp)); // until the year 2106
        (dispute.phase, dispute.byClient, dispute.onLane) = (Phase.Open, byClient, onLane);
        emit DisputeOpened(jobId, msg.sender, arbiterOf(jobId), bond, onLane, claim);

        if (byClient || !onLane) _lock(msg.sender, bond, payment);
        if (freeze) _freeze(jobId, dispute, contest);
    }

    /// @inheritdoc IDisputeDesk
    function answer(JobId jobId, Payment payment) external {
        Dispute storage dispute = _dispute(jobId, Phase.Open);
        require(!_isAnswered(dispute), DisputeDeskAnswered(jobId));
        IJobDisputes.Contest memory contest = JOBS.contestOf(jobId);
        require(
            msg.sender == (dispute.byClient ? contest.provider : contest.client),
            DisputeDeskNotParty(jobId, msg.sender)
        );
        _requireUntil(jobId, _answerUntil(dispute));

        dispute.answered = true;
        emit DisputeAnswered(jobId, msg.sender);
        _lock(msg.sender, dispute.bond, payment);
    }

    /// @inheritdoc IDisputeDesk
    function notePause() external {
        require(_cannotLock(), DisputeDeskNoPause());

        _storage().pauseNotedAt = uint40(block.timestamp);
        emit PauseNoted(block.timestamp);
    }

    /// @inheritdoc IDisputeDesk
    function freezeStake(JobId jobId) external {
        Dispute storage dispute = _storage().disputes[jobId];
        bool running = dispute.phase != Phase.None && dispute.phase != Phase.Closed;
        require(running && !dispute.frozen, DisputeDeskNothingToDo(jobId));

        IJobDisputes.Contest memory contest = JOBS.contestOf(jobId);
        _requireParty(jobId, contest);
        _freeze(jobId, dispute, contest);
    }

    /// @inheritdoc IDisputeDesk
    function submitEvidence(JobId jobId, string calldata uri, bytes32 evidenceHash) external {
        _dispute(jobId, Phase.Open);
        _requireParty(jobId, JOBS.contestOf(jobId));
        uint256 length = bytes(uri).length;
        require(length <= MAX_URI, DisputeDeskTextTooLong(length, MAX_URI));

        emit EvidenceSubmitted(jobId, msg.sender, uri, evidenceHash);
    }

    /// @inheritdoc IDisputeDesk
    function winByDefault(JobId jobId) external {
        Dispute storage dispute = _dispute(jobId, Phase.Open);
        require(!_isAnswered(dispute), DisputeDeskAnswered(jobId));
        _requireAfter(jobId, _answerUntil(dispute));
        require(!_cannotLock(), DisputeDeskLocksPaused(jobId));

        dispute.phase = Phase.Final;
        dispute.decided = true;
        dispute.share = dispute.byClient ? 0 : uint8(WHOLE);
        emit Ruled(jobId, true, dispute.share, false, dispute.offence);
    }

    // The arbiter

    /// @inheritdoc IDisputeDesk
    function bringCase(JobId jobId) external {
        Dispute storage dispute = _dispute(jobId, Phase.Open);
        require(_isAnswered(dispute), DisputeDeskNotAnswered(jobId));
        _requireAfter(jobId, dispute.openedAt + EVIDENCE_TIME);
        IJobDisputes.Contest memory contest = JOBS.contestOf(jobId);
        address[] memory parties = new address[](3);
        (parties[0], parties[1], parties[2]) = (contest.client, contest.provider, contest.payer);

        dispute.phase = Phase.Judging;
        address arbiter = arbiterOf(jobId);
        uint256 caseId = IArbiter(arbiter).openCase(parties);
        dispute.caseId = uint64(caseId); // counted from 1
        _storage().cases[arbiter][caseId] = jobId;
        emit CaseBrought(jobId, caseId);
    }

    /// @inheritdoc IArbitrable
    function rule(uint256 caseId, Ruling calldata ruling) external {
        JobId jobId = _storage().cases[msg.sender][caseId];
        require(JobId.unwrap(jobId) != 0, DisputeDeskUnknownCase(msg.sender, caseId));
        Dispute storage dispute = _storage().disputes[jobId];
        bool isAppeal = dispute.phase == Phase.Appealed;
        require(isAppeal || dispute.phase == Phase.Judging, DisputeDeskWrongPhase(jobId, dispute.phase, Phase.Judging));

        if (ruling.decided) {
            dispute.decided = true;
            dispute.share = uint8(Math.min(ruling.providerShare, WHOLE));
            (dispute.offends, dispute.offence) = (ruling.offends, ruling.offence);
        }
        dispute.phase = isAppeal || !ruling.decided ? Phase.Final : Phase.Ruled;
        dispute.ruledAt = uint32(block.timestamp); // until the year 2106
        emit Ruled(jobId, dispute.decided, dispute.share, dispute.offends, dispute.offence);
    }

    /// @inheritdoc IDisputeDesk
    function appeal(JobId jobId, Payment payment) external {
        Dispute storage dispute = _dispute(jobId, Phase.Ruled);
        IJobDisputes.Contest memory contest = JOBS.contestOf(jobId);
        _requireParty(jobId, contest);
        _requireUntil(jobId, dispute.ruledAt + APPEAL_TIME);

        dispute.phase = Phase.Appealed;
        (dispute.appealed, dispute.appealByClient) = (true, msg.sender == contest.client);
        uint128 bond = 2 * uint128(dispute.bond);
        emit Appealed(jobId, msg.sender, bond);
        _lock(msg.sender, bond, payment);
        IArbiter(arbiterOf(jobId)).appeal(dispute.caseId);
    }

    // The end

    /// @inheritdoc IDisputeDesk
    function execute(JobId jobId) external {
        Dispute storage dispute = _storage().disputes[jobId];
        _requireRipe(jobId, dispute);

        dispute.phase = Phase.Closed;
        uint256 share = dispute.decided ? dispute.share : HALF;
        IJobDisputes.Contest memory contest = JOBS.contestOf(jobId);
        uint256 settled = JOBS.resolve(jobId, share);
        emit DisputeExecuted(jobId, share, settled);
        _endBonds(jobId, dispute, contest);
    }

    /// @inheritdoc IDisputeDesk
    function punish(JobId jobId) external {
        Dispute storage dispute = _dispute(jobId, Phase.Closed);
        require(dispute.owed != 0 || dispute.offends || dispute.frozen, DisputeDeskNothingToDo(jobId));
        IJobDisputes.Contest memory contest = JOBS.contestOf(jobId);

        uint256 levied = dispute.owed == 0 ? 0 : _levy(jobId, dispute, contest);
        bool slashes = dispute.offends && !_isShort(Lane.Octo) && !_isShort(Lane.RoleTokens);
        uint256 slashed = slashes ? _slash(jobId, dispute, contest) : 0;
        bool isOver = dispute.owed == 0 && !dispute.offends;
        require(isOver || levied != 0, DisputeDeskBudgetUsedUp(jobId, (_week() + 1) * 1 weeks - 1));
        // What is frozen stays so until all is taken.
        if (isOver) _thaw(jobId, dispute, contest);
        emit ProviderPunished(jobId, levied, slashed);
    }

    /// @inheritdoc IDisputeDesk
    function collectFee(JobId jobId, Pot pot) external {
        Dispute storage dispute = _dispute(jobId, Phase.Closed);
        // The rest of a levy would come too late for what has been shared out.
        if (pot == Pot.Levy && dispute.owed != 0) _requireAfter(jobId, dispute.ruledAt + LEVY_TIME);
        (bool withMajority, uint256 majority) = _votesOf(jobId, dispute, pot, msg.sender);
        bool taken = _storage().taken[jobId][pot][msg.sender];
        Fees memory fees = _storage().fees[jobId][pot];
        require(withMajority && !taken && fees.left != 0, DisputeDeskNoFee(jobId, pot, msg.sender));

        uint128 burned = 0;
        if (fees.each == 0) {
            uint96 all = fees.left;
            fees.each = uint96((all * ARBITERS_PERCENT) / WHOLE / majority); // rounded down
            fees.left = uint96(fees.each * majority); // at most four fifths of it
            burned = all - fees.left;
        }
        require(fees.each != 0 && fees.each <= fees.left, DisputeDeskNoFee(jobId, pot, msg.sender));
        fees.left -= fees.each;
        _storage().fees[jobId][pot] = fees;
        _storage().taken[jobId][pot][msg.sender] = true;
        emit FeeCollected(jobId, pot, msg.sender, fees.each);

        if (burned != 0) SETTLEMENT.forfeit(burned);
        _pay(msg.sender, fees.each);
    }

    /// @inheritdoc IMarket
    function pull(address client, uint256 amount) external {
        require(msg.sender == address(SETTLEMENT), DisputeDeskCallerNotVault(msg.sender));
        if (client == address(this)) OCTO.transfer(msg.sender, amount);
        else OCTO.transferFrom(client, msg.sender, amount);
    }

    // Administration

    /// @inheritdoc IDisputeDesk
    function setArbiter(address arbiter) external restricted {
        require(arbiter.code.length != 0, DisputeDeskInvalidArbiter(arbiter));
        uint256 first = JOBS.jobCount() + 1;
        _storage().arbiters.push(uint96(first), uint160(arbiter)); // job ids are counted in 64 bits
        emit ArbiterSet(JobId.wrap(first), arbiter);
    }

    /// @inheritdoc IDisputeDesk
    function setBondTerms(uint256 share, uint256 least) external restricted {
        require(
            LEAST_SHARE <= share && share <= MOST_SHARE,
            DisputeDeskBondOutOfBounds(share, LEAST_SHARE, MOST_SHARE)
        );
        require(LEAST_BOND <= least && least <= MOST_BOND, DisputeDeskBondOutOfBounds(least, LEAST_BOND, MOST_BOND));

        (_storage().bondShare, _storage().leastBond) = (uint16(share), uint96(least)); // within their bounds
        emit BondTermsSet(share, least);
    }

    // Views

    /// @inheritdoc IDisputeDesk
    function disputeOf(JobId jobId) external view returns (Dispute memory) {
        return _storage().disputes[jobId];
    }

    /// @inheritdoc IDisputeDesk
    function feesOf(JobId jobId, Pot pot) external view returns (Fees memory) {
        return _storage().fees[jobId][pot];
    }

    /// @inheritdoc IDisputeDesk
    function pauseNotedAt() external view returns (uint256) {
        return _storage().pauseNotedAt;
    }

    /// @inheritdoc IDisputeDesk
    function settlement() external view returns (address) {
        return address(SETTLEMENT);
    }

    /// @inheritdoc IDisputeDesk
    function arbiterOf(JobId jobId) public view returns (address) {
        return address(_storage().arbiters.upperLookupRecent(uint96(JobId.unwrap(jobId)))); // counted in 64 bits
    }

    /// @inheritdoc IDisputeDesk
    function bondFor(uint256 escrow) public view returns (uint256) {
        return Math.max(Math.ceilDiv(escrow * _storage().bondShare, MAX_BPS), _storage().leastBond);
    }

    /// @dev New code must belong to the same vault, where the bonds lie, and be admitted by it before it may lock again.
    function _authorizeUpgrade(address next) internal override restricted {
        address nextVault = IDisputeDesk(next).settlement();
        require(nextVault == address(SETTLEMENT), DisputeDeskOtherVault(nextVault, address(SETTLEMENT)));
        SETTLEMENT.closeMarket();
    }

    // Bonds

    function _lock(address owner, uint128 amount, Payment payment) private {
        ISettlement.Lock memory escrow;
        (escrow.client, escrow.amount) = (owner, amount);
        escrow.schedule = Schedules.SERVICE; // of no effect: bonds are never settled
        if (payment == Payment.Credit) SETTLEMENT.lockFromCredit(escrow);
        else SETTLEMENT.lockByApproval(escrow, false);
    }

    /// @dev Out of this desk's balance in the vault.
    function _pay(address to, uint256 amount) private {
        ISettlement.Work memory work;
        (work.client, work.amount) = (to, uint128(amount)); // at most a pot or a bond
        SETTLEMENT.refund(work, false);
    }

    /// @dev Each side's bond: posted ones go back or into the pots; what the provider's lane owes is noted.
    function _endBonds(JobId jobId, Dispute storage dispute, IJobDisputes.Contest memory contest) private {
        (bool byClient, bool onLane, bool answered) = (dispute.byClient, dispute.onLane, dispute.answered);
        uint256 bond = dispute.bond;
        uint256 pot = byClient || answered ? _endBond(jobId, dispute, true, contest.client, bond) : 0;
        if (onLane)
            dispute.owed = uint96(_penalty(dispute, false, bond)); // at most the bond
        else if (!byClient || answered) pot += _endBond(jobId, dispute, false, contest.provider, bond);
        _fill(jobId, Pot.Panel, pot);
        if (!dispute.appealed) return;

        bool appealByClient = dispute.appealByClient;
        address appellant = appealByClient ? contest.client : contest.provider;
        _fill(jobId, Pot.Appeal, _endBond(jobId, dispute, appealByClient, appellant, 2 * bond));
    }

    /// @dev A posted bond: what its owner has lost, the rest going back.
    function _endBond(
        JobId jobId,
        Dispute storage dispute,
        bool ofClient,
        address owner,
        uint256 bond
    ) private returns (uint256 lost) {
        lost = _penalty(dispute, ofClient, bond);
        if (lost == bond) return lost;

        emit BondReturned(jobId, owner, bond - lost);
        _pay(owner, bond - lost);
    }

    function _fill(JobId jobId, Pot pot, uint256 amount) private {
        if (amount == 0) return;

        _storage().fees[jobId][pot].left += uint96(amount); // bonds
        emit PotFilled(jobId, pot, amount);
    }

    /// @dev Who is awarded less than half of the escrow pays its bond; at exactly half, each pays half; rounded down. Nobody
    /// pays if nobody has won, or if no arbiter was needed.
    function _penalty(Dispute storage dispute, bool ofClient, uint256 bond) private view returns (uint256) {
        if (!dispute.decided || dispute.caseId == 0) return 0;

        uint256 awarded = ofClient ? WHOLE - dispute.share : dispute.share;
        if (awarded > HALF) return 0;
        return awarded == HALF ? bond / 2 : bond;
    }

    // The provider's stake

    function _freeze(JobId jobId, Dispute storage dispute, IJobDisputes.Contest memory contest) private {
        dispute.frozen = true;
        uint128 amount = uint128(contest.escrow); // at most a budget
        SLASHING.openDispute(
            bytes32(JobId.unwrap(jobId)),
            contest.provider,
            contest.role,
            amount,
            type(uint128).max,
            contest.submittedAt
        );
    }

    function _thaw(JobId jobId, Dispute storage dispute, IJobDisputes.Contest memory contest) private {
        bytes32 number = _frozenAs(jobId, dispute, contest);
        dispute.frozen = false;
        if (number != 0) SLASHING.closeDispute(_freezeKey(number, contest));
    }

    /// @dev What the lane owes goes into a pot, through the vault like a posted bond. What this week's budget does not reach
    /// stays owed. What the stake does not reach is given up, and so is what comes after the pot was shared out.
    function _levy(
        JobId jobId,
        Dispute storage dispute,
        IJobDisputes.Contest memory contest
    ) private returns (uint256 levied) {
        uint96 owed = dispute.owed;
        dispute.owed = 0;
        if (_storage().fees[jobId][Pot.Levy].each != 0) return 0;

        uint256 budget = SLASHING.allowanceOf(address(this), Lane.Octo, contest.role);
        levied = SLASHING.levy(contest.provider, contest.role, owed, uint40(contest.submittedAt), address(this));
        // Not by what is left of the budget: a levy on delegators' exits rounds down, and can leave some wei of it.
        bool mayBeMore = budget < owed && (levied != 0 || budget == 0);
        if (mayBeMore) dispute.owed = owed - uint96(levied); // at most the budget
        if (levied == 0) return 0;
        _fill(jobId, Pot.Levy, levied);
        _lock(address(this), uint128(levied), Payment.Approval); // at most what was owed
    }

    /// @dev Takes what was frozen first, and ends the freeze.
    function _slash(
        JobId jobId,
        Dispute storage dispute,
        IJobDisputes.Contest memory contest
    ) private returns (uint256) {
        ISlashingDesk.Verdict memory verdict;
        (verdict.provider, verdict.role, verdict.offence) = (contest.provider, contest.role, dispute.offence);
        verdict.offenceAt = uint40(contest.submittedAt);
        (verdict.disputeId, verdict.client) = (_frozenAs(jobId, dispute, contest), contest.payer);
        verdict.loss = dispute.share == 0 ? 0 : uint128(contest.escrow); // then what was settled
        verdict.reason = bytes32(JobId.unwrap(jobId));
        (dispute.offends, dispute.frozen) = (false, false);
        return SLASHING.slash(verdict).octo;
    }

    /// @dev The slashing desk's number of the freeze; 0 if there is none, or if somebody ended it after its time.
    function _frozenAs(
        JobId jobId,
        Dispute storage dispute,
        IJobDisputes.Contest memory contest
    ) private view returns (bytes32 number) {
        if (!dispute.frozen) return 0;

        number = bytes32(JobId.unwrap(jobId));
        (address slasher, ) = SLASHING.disputeOf(_freezeKey(number, contest));
        if (slasher == address(0)) return 0;
    }

    function _freezeKey(bytes32 number, IJobDisputes.Contest memory contest) private view returns (bytes32) {
        return SLASHING.disputeKey(address(this), contest.provider, contest.role, number);
    }

    /// @dev Whether less than half of this desk's budget of the week is left in a lane. A slash is one act and cannot be taken
    /// in parts, so it waits for a week in which there is room for it.
    function _isShort(Lane lane) private view returns (bool) {
        ISlashingDesk.Slasher memory row = SLASHING.slasherOf(address(this), lane);
        return row.week == _week() && 2 * uint256(row.spent) > row.weeklyBudget * BUDGET_UNIT;
    }

    /// @dev As the slashing desk counts them.
    function _week() private view returns (uint256) {
        return block.timestamp / 1 weeks;
    }

    // Look-ups and guards

    /// @dev An appeal that decided nothing leaves its bond to those who were right in the panel.
    function _votesOf(
        JobId jobId,
        Dispute storage dispute,
        Pot pot,
        address account
    ) private view returns (bool withMajority, uint256 majority) {
        IArbiter arbiter = IArbiter(arbiterOf(jobId));
        if (pot == Pot.Appeal) (withMajority, majority) = arbiter.votesOf(dispute.caseId, true, account);
        if (majority == 0) (withMajority, majority) = arbiter.votesOf(dispute.caseId, false, account);
    }

    function _dispute(JobId jobId, Phase required) private view returns (Dispute storage dispute) {
        dispute = _storage().disputes[jobId];
        require(dispute.phase == required, DisputeDeskWrongPhase(jobId, dispute.phase, required));
    }

    /// @dev The provider's lane answers for it without a word; a client always posts its bond.
    function _isAnswered(Dispute storage dispute) private view returns (bool) {
        return dispute.answered || (dispute.byClient && dispute.onLane);
    }

    /// @dev The time runs anew from the last moment in which the desk was seen unable to lock.
    function _answerUntil(Dispute storage dispute) private view returns (uint256) {
        return Math.max(dispute.openedAt, _storage().pauseNotedAt) + ANSWER_TIME;
    }

    /// @dev Paused by the guardian, or closed by an upgrade until it is admitted anew.
    function _cannotLock() private view returns (bool) {
        Market memory row = SETTLEMENT.marketOf(address(this));
        return row.paused || !row.open;
    }

    /// @dev Final, or the time to appeal is over, or all time is.
    function _requireRipe(JobId jobId, Dispute storage dispute) private view {
        Phase phase = dispute.phase;
        require(phase != Phase.None && phase != Phase.Closed, DisputeDeskWrongPhase(jobId, phase, Phase.Final));
        if (phase == Phase.Final) return;

        uint256 limit = dispute.openedAt + DISPUTE_TIME;
        if (phase == Phase.Ruled) limit = Math.min(limit, dispute.ruledAt + APPEAL_TIME);
        _requireAfter(jobId, limit);
    }

    function _requireUntil(JobId jobId, uint256 until) private view {
        require(block.timestamp <= until, DisputeDeskTooLate(jobId, until));
    }

    function _requireAfter(JobId jobId, uint256 until) private view {
        require(block.timestamp > until, DisputeDeskTooEarly(jobId, until));
    }

    function _requireParty(JobId jobId, IJobDisputes.Contest memory contest) private view {
        require(msg.sender == contest.client || msg.sender == contest.provider, DisputeDeskNotParty(jobId, msg.sender));
    }

    function _storage() private pure returns (DisputeDeskStorage storage $) {
        bytes32 location = STORAGE_LOCATION;
        // The only way to point at a namespace of ERC-7201.
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            $.slot := location
        }
    }
}
