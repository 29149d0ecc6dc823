// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {IPeerReviews} from "../registry/interfaces/IPeerReviews.sol";
import {IProviderRegistry} from "../registry/interfaces/IProviderRegistry.sol";
import {IValueInFlight} from "../registry/interfaces/IValueInFlight.sol";
import {Bps, MAX_BPS} from "../shared/Bps.sol";
import {RoleId} from "../shared/RoleId.sol";
import {Roles} from "../shared/Roles.sol";
import {ScheduleId} from "../shared/ScheduleId.sol";
import {IOctoToken} from "../tokens/interfaces/IOctoToken.sol";
import {IRoleToken} from "../tokens/interfaces/IRoleToken.sol";
import {MintBudget} from "../tokens/libraries/MintBudget.sol";
import {RoleTokenAddress} from "../tokens/libraries/RoleTokenAddress.sol";
import {RoleTokenFactory} from "../tokens/RoleTokenFactory.sol";
import {IEmissionSchedule} from "./interfaces/IEmissionSchedule.sol";
import {IMarket} from "./interfaces/IMarket.sol";
import {ISettlement} from "./interfaces/ISettlement.sol";
import {Emission} from "./libraries/Emission.sol";
import {FeeSplit} from "./libraries/FeeSplit.sol";
import {RoleBooks} from "./libraries/RoleBooks.sol";
import {FIRST_MARKET_INDEX, LAST_MARKET_INDEX} from "./types/Consents.sol";
import {FeeSchedule, Split} from "./types/FeeSchedule.sol";
import {Account, Market, RoleBook, RoleRow, Sums} from "./types/Vault.sol";

/// @title Settlement: the vault and the one door of every market
/// @dev Invariant V-1: what came in equals what is in plus what left:
///     OCTO held here = sum of market balances + sum of credits + accrued fees (+ donations).
/// @dev Invariant V-2: a market never refunds or settles more than it has locked.
/// @dev Invariant V-3: the five parts of a settlement add up to it; treasury, burn and voters are their shares rounded
/// down.
/// @dev Invariant V-4: sum of earmarks <= committed <= opened budget; a mint for work earmarks as much.
/// @dev Invariant V-5: no function of an administrator moves a balance, a credit or an escrow.
/// @dev Invariant V-6: value in flight of an account = sum of the amounts locked for work that binds it and not ended.
/// @dev Invariant V-7: in an epoch a role is minted at most its cap, which is fixed with the epoch's first work; what is
/// refused is never minted later.
///
/// Deliberately not checked: who is party to a deal. A market is trusted with what its clients gave to it and with
/// nothing else: by approval the market itself is the spender, by signature the nonce carries its address, by credit the
/// client has set its bit. Nor that a market settles under the role and the schedule that it locked for: both must be among
/// those it was admitted for.
///
/// OCTO and role tokens are our own: they return true or revert, take no fee and call nobody back. The registry can be
/// upgraded: whatever it does in a recording is contained by {recordWork}, and what it may name as a cut by a constant. The one other untrusted
/// call is {IMarket-pull}: only a lock enters the guard, and every other function that moves OCTO merely looks whether one
/// is under way (`nonReentrantView`), which is all that is needed and half the gas.
contract Settlement is ISettlement, AccessManaged, ReentrancyGuardTransient {
    using FeeSplit for Split;
    using RoleBooks for RoleBook;
    using RoleBooks for RoleRow;

    /// @dev What recording may use; measured at under half of it with every slot new.
    uint256 private constant RECORD_GAS = 400_000;
    /// @dev What must be left for it: 64/63 of it, because a call passes on at most that much, and the note of a failure and
    /// the payments that follow.
    uint256 private constant RECORD_GAS_FLOOR = RECORD_GAS + RECORD_GAS / 63 + 160_000;

    /// @dev Delegators' cut is at most this part of a provider's pay, whatever the registry says.
    Bps private constant MAX_CUT = Bps.wrap(30_00);

    IOctoToken private immutable OCTO;
    IProviderRegistry private immutable REGISTRY;
    IEmissionSchedule private immutable SCHEDULE;
    RoleTokenFactory private immutable ROLE_TOKENS;
    address private immutable ENGINE;
    uint256 private immutable GENESIS_AT;

    /// @notice With what work is recorded.
    /// @param fee Its protocol fee, in wei of OCTO.
    /// @param intensity Role tokens a wei of fee, 1e18 for one.
    /// @param weight Its part of a whole step of the score, in basis points.
    /// @param pay What the provider is to be paid, in wei of OCTO.
    struct Recording {
        uint256 fee;
        uint256 intensity;
        uint16 weight;
        uint256 pay;
    }

    /// @notice What a provider's delegators are due.
    /// @param amount In wei of OCTO.
    /// @param pools Where it goes.
    struct Cut {
        uint256 amount;
        address pools;
    }

    mapping(address market => Market row) private _markets;
    mapping(address account => Account row) private _accounts;
    mapping(RoleId role => RoleBook book) private _books;
    mapping(bytes32 workHash => uint256 times) private _unrecorded;
    Sums private _sums;
    uint256 private _lastMarketIndex = FIRST_MARKET_INDEX - 1;

    /// @inheritdoc ISettlement
    address public treasury;
    /// @inheritdoc ISettlement
    address public holders;

    modifier onlyEngine() {
        require(msg.sender == ENGINE, SettlementCallerNotEngine(msg.sender, ENGINE));
        _;
    }

    /// @param authority_ The AccessManager.
    /// @param octo The OCTO token.
    /// @param registry The provider registry.
    /// @param schedule The emission schedule.
    /// @param engine The conversion engine: second minter of every role token, and who spends earmarks.
    /// @param treasury_ Where the treasury's leg goes.
    constructor(
        address authority_,
        IOctoToken octo,
        IProviderRegistry registry,
        IEmissionSchedule schedule,
        address engine,
        address treasury_
    ) AccessManaged(authority_) {
        _requireContract(authority_);
        _requireContract(address(octo));
        _requireContract(address(registry));
        _requireContract(address(schedule));
        OCTO = octo;
        REGISTRY = registry;
        SCHEDULE = schedule;
        GENESIS_AT = octo.genesisAt();
        ENGINE = engine;
        ROLE_TOKENS = new RoleTokenFactory(authority_, engine);
        _setTreasury(treasury_);
    }

    // Markets

    /// @inheritdoc ISettlement
    function lockByApproval(Lock calldata escrow, bool payOutByDefault) external nonReentrant {
        _lock(escrow);
        emit Locked(msg.sender, escrow.client, escrow.amount);
        if (payOutByDefault) _defaultToPayOut(escrow.client);

        uint256 before = OCTO.balanceOf(address(this));
        IMarket(msg.sender).pull(escrow.client, escrow.amount);
        uint256 received = OCTO.balanceOf(address(this)) - before;
        require(received == escrow.amount, SettlementAmountNotReceived(escrow.amount, received));
    }

    /// @inheritdoc ISettlement
    function lockByAuthorization(Lock calldata escrow, Authorization calldata authorization) external nonReentrant {
        _lock(escrow);
        emit Locked(msg.sender, escrow.client, escrow.amount);

        OCTO.receiveWithAuthorization(
            escrow.client,
            address(this),
            escrow.amount,
            authorization.validAfter,
            authorization.validBefore,
            keccak256(abi.encode(msg.sender, authorization.deal)),
            authorization.signature
        );
    }

    /// @inheritdoc ISettlement
    function lockFromCredit(Lock calldata escrow) external nonReentrant {
        uint256 index = _lock(escrow);

        Account memory account = _accounts[escrow.client];
        require(account.consents.allows(index), SettlementCreditNotAllowed(escrow.client, msg.sender));
        _accounts[escrow.client].credit = _lessCredit(escrow.client, account.credit, escrow.amount);
        emit LockedFromCredit(msg.sender, escrow.client, escrow.amount);
    }

    /// @inheritdoc ISettlement
    function refund(Work calldata work, bool failed) external nonReentrantView {
        Market memory market = _spend(work.amount);
        emit Refunded(msg.sender, work.client, work.amount);
        _endUnpaid(market, work, failed);

        _pay(work.client, work.amount);
    }

    /// @inheritdoc ISettlement
    function move(Work calldata from, Lock calldata to, bool failed) external nonReentrantView {
        Market memory market = _markets[msg.sender];
        _requireOpen(market);
        _requireAdmitted(market, to.role, to.schedule);
        _requireHeld(market, Math.max(from.amount, to.amount));
        emit Moved(msg.sender, from.provider, to.provider, to.amount);
        _endUnpaid(market, from, failed);

        if (to.provider != address(0)) _beginFlight(to);
    }

    /// @inheritdoc ISettlement
    function moveBack(Work calldata from, address provider, bool failed) external nonReentrantView {
        Market memory market = _markets[msg.sender];
        _requireHeld(market, from.amount);
        emit Moved(msg.sender, from.provider, provider, from.amount);
        _endUnpaid(market, from, failed);

        if (provider == address(0)) return;
        // It was that provider's before, so no capacity limits it; and it saturates, for this is an exit.
        uint256 inFlight = uint256(_accounts[provider].inFlight) + from.amount;
        _accounts[provider].inFlight = uint96(Math.min(inFlight, type(uint96).max));
    }

    /// @inheritdoc ISettlement
    function forfeit(uint128 amount) external nonReentrantView {
        _spend(amount);
        _sums.burn += uint96(amount); // at most the balance
        emit Forfeited(msg.sender, amount);
    }

    /// @inheritdoc ISettlement
    function rate(Rating calldata given) external nonReentrantView {
        Market memory market = _markets[msg.sender];
        require(market.index != 0, SettlementUnknownMarket(msg.sender));
        _requireAdmitted(market, given.role, given.schedule);
        (FeeSchedule memory schedule, , uint256 smallest, uint256 wholeStepFee) = SCHEDULE.termsOf(given.schedule);
        require(given.amount >= smallest, SettlementTooSmallToRate(given.amount, smallest));

        (, , address reviews) = REGISTRY.peers();
        IPeerReviews(reviews).review(
            IPeerReviews.Review({
                client: given.client,
                provider: given.provider,
                role: given.role,
                weight: _weightOf(FeeSplit.split(given.amount, schedule, false).fee(), wholeStepFee),
                rating: given.rating
            })
        );
    }

    /// @inheritdoc ISettlement
    function settle(Work calldata work) external nonReentrantView returns (uint256 paid) {
        Market memory market = _spend(work.amount);
        _requireAdmitted(market, work.role, work.schedule);
        (FeeSchedule memory schedule, uint256 intensity, uint256 smallest, uint256 wholeStepFee) = SCHEDULE.termsOf(
            work.schedule
        );

        Split memory parts = FeeSplit.split(work.amount, schedule, work.orchestrator != address(0));
        _accrue(parts);
        emit Settled(msg.sender, work.client, work.provider, work.orchestrator, work.role, work.schedule, work.amount);
        if (work.bound) _endFlight(work);

        paid = parts.provider;
        if (work.amount >= smallest && !work.role.isNone()) {
            Recording memory recording = Recording({
                fee: parts.fee(),
                intensity: intensity,
                weight: _weightOf(parts.fee(), wholeStepFee),
                pay: paid
            });
            paid -= _payDelegators(work.provider, paid, _tryRecord(work, recording));
        }
        _pay(work.provider, paid);
        if (parts.orchestrator != 0) _pay(work.orchestrator, parts.orchestrator);
    }

    /// @inheritdoc ISettlement
    function closeMarket() external {
        if (_markets[msg.sender].index == 0) return;

        _markets[msg.sender].open = false;
        emit MarketClosed(msg.sender);
    }

    // Everybody

    /// @inheritdoc ISettlement
    function replay(Work calldata work, uint256 fee) external nonReentrantView {
        bytes32 workHash = _hash(work, fee);
        require(_unrecorded[workHash] != 0, SettlementNothingToReplay(work, fee));
        --_unrecorded[workHash];
        emit Replayed(work, fee);

        (, uint256 intensity, , uint256 wholeStepFee) = SCHEDULE.termsOf(work.schedule);
        // The pay has been paid, so delegators have no cut of it.
        _record(work, Recording({fee: fee, intensity: intensity, weight: _weightOf(fee, wholeStepFee), pay: 0}));
    }

    /// @inheritdoc ISettlement
    function deposit(address account, uint128 amount) external nonReentrantView {
        require(amount != 0, SettlementZeroAmount());
        _requireRecipient(account);
        _credit(account, amount);
        emit Deposited(account, msg.sender, amount);

        OCTO.transferFrom(msg.sender, address(this), amount);
    }

    /// @inheritdoc ISettlement
    function withdraw(address to, uint128 amount) external nonReentrantView {
        require(amount != 0, SettlementZeroAmount());
        _requireRecipient(to);
        _accounts[msg.sender].credit = _lessCredit(msg.sender, _accounts[msg.sender].credit, amount);
        emit Withdrawn(msg.sender, to, amount);

        OCTO.transfer(to, amount);
    }

    /// @inheritdoc ISettlement
    function setCreditConsent(address market, bool allowed) external {
        uint256 index = _markets[market].index;
        require(index != 0, SettlementUnknownMarket(market));

        Account storage account = _accounts[msg.sender];
        account.consents = account.consents.allow(index, allowed);
        emit CreditConsentSet(msg.sender, market, allowed);
    }

    /// @inheritdoc ISettlement
    function setPayOut(bool payOut) external {
        Account storage account = _accounts[msg.sender];
        account.consents = account.consents.choosePayOut(payOut);
        emit PayOutSet(msg.sender, payOut);
    }

    /// @inheritdoc ISettlement
    function sweep() external nonReentrantView {
        Sums memory due = _sums;
        bool hasHolders = holders != address(0);
        uint256 burned = hasHolders ? due.burn : uint256(due.burn) + due.voters;
        uint256 toHolders = hasHolders ? due.voters : 0;
        (_sums.treasury, _sums.burn, _sums.voters) = (0, 0, 0);
        emit Swept(due.treasury, burned, toHolders);

        OCTO.burn(burned);
        OCTO.transfer(treasury, due.treasury);
        if (hasHolders) OCTO.transfer(holders, toHolders);
    }

    // The engine: what backs a role token

    /// @inheritdoc ISettlement
    function draw(RoleId role, uint128 amount) external onlyEngine {
        _lessEarmarked(role, amount);
        emit EarmarkDrawn(role, amount);
    }

    /// @inheritdoc ISettlement
    function giveBack(RoleId role, uint128 amount) external onlyEngine {
        _lessEarmarked(role, amount);
        _sums.committed -= uint96(amount); // at most the earmark, which was committed
        emit EarmarkGivenBack(role, amount);
    }

    /// @inheritdoc ISettlement
    function moveEarmark(RoleId from, RoleId to, uint128 amount) external onlyEngine {
        _lessEarmarked(from, amount);
        _books[to].row.earmarked += uint96(amount); // at most the other's
        emit EarmarkMoved(from, to, amount);
    }

    // Administration: who admits, where fees go. Nothing here reaches a balance.

    /// @inheritdoc ISettlement
    function admitMarket(address market, uint32 roles, uint32 schedules) external restricted {
        require(market.code.length != 0, SettlementMarketNotContract(market));
        _requireExisting(roles, schedules);

        Market storage row = _markets[market];
        if (row.index == 0) row.index = _nextMarketIndex();
        row.open = true;
        row.roles |= roles;
        row.schedules |= schedules;
        emit MarketAdmitted(market, row.index, row.roles, row.schedules);
    }

    /// @inheritdoc ISettlement
    function pauseMarket(address market) external restricted {
        _setMarketPause(market, true);
    }

    /// @inheritdoc ISettlement
    function unpauseMarket(address market) external restricted {
        _setMarketPause(market, false);
    }

    /// @inheritdoc ISettlement
    function setTreasury(address treasury_) external restricted {
        _setTreasury(treasury_);
    }

    /// @inheritdoc ISettlement
    function setHolders(address holders_) external restricted {
        require(holders_ != address(this), SettlementInvalidRecipient(holders_));
        emit HoldersSet(holders, holders_);
        holders = holders_;
    }

    // The vault, on itself

    /// @notice Records work and mints for it. Only the vault, on itself: a call of its own, so that whatever fails in it
    /// can be caught.
    /// @param work The work.
    /// @param recording With what it is recorded.
    /// @return cut What the provider's delegators are due, and where.
    function recordWork(Work calldata work, Recording calldata recording) external returns (Cut memory cut) {
        require(msg.sender == address(this), SettlementCallerNotSelf(msg.sender));
        return _record(work, recording);
    }

    // Views

    /// @inheritdoc ISettlement
    function marketOf(address market) external view returns (Market memory) {
        return _markets[market];
    }

    /// @inheritdoc ISettlement
    function accountOf(address account) external view returns (Account memory) {
        return _accounts[account];
    }

    /// @inheritdoc ISettlement
    function creditOf(address account) external view returns (uint256) {
        return _accounts[account].credit;
    }

    /// @inheritdoc IValueInFlight
    function inFlightOf(address account) external view returns (uint256) {
        return _accounts[account].inFlight;
    }

    /// @inheritdoc ISettlement
    function sums() external view returns (Sums memory) {
        return _sums;
    }

    /// @inheritdoc ISettlement
    function earmarkOf(RoleId role) external view returns (uint256) {
        return _books[role].row.earmarked;
    }

    /// @inheritdoc ISettlement
    function volumeOf(RoleId role, uint256 epoch) external view returns (uint256) {
        return _books[role].volumeOf(epoch);
    }

    /// @inheritdoc ISettlement
    function volumesBefore(RoleId role, uint256 epoch, uint256 count) external view returns (uint256[] memory) {
        return _books[role].volumesBefore(epoch, count);
    }

    /// @inheritdoc ISettlement
    function mintableOf(RoleId role) external view returns (uint256) {
        return _books[role].mintableIn(role, currentEpoch(), SCHEDULE);
    }

    /// @inheritdoc ISettlement
    function openBudget() external view returns (uint256) {
        return _openBudget(_sums.committed);
    }

    /// @inheritdoc ISettlement
    function unrecorded(Work calldata work, uint256 fee) external view returns (uint256) {
        return _unrecorded[_hash(work, fee)];
    }

    /// @inheritdoc ISettlement
    function roleTokens() external view returns (address) {
        return address(ROLE_TOKENS);
    }

    /// @inheritdoc ISettlement
    function tokenOf(RoleId role) external view returns (address) {
        return address(_tokenOf(role));
    }

    /// @inheritdoc ISettlement
    function currentEpoch() public view returns (uint256) {
        return (block.timestamp - GENESIS_AT) / RoleBooks.EPOCH;
    }

    // Escrow

    /// @dev Books a lock of the calling market; the caller brings the OCTO in or reverts.
    function _lock(Lock calldata escrow) private returns (uint256 marketIndex) {
        Market memory market = _markets[msg.sender];
        _requireOpen(market);
        _requireAdmitted(market, escrow.role, escrow.schedule);
        require(escrow.amount != 0, SettlementZeroAmount());

        _markets[msg.sender].balance = _toAmount(uint256(market.balance) + escrow.amount);
        if (escrow.provider != address(0)) _beginFlight(escrow);
        return market.index;
    }

    function _beginFlight(Lock calldata escrow) private {
        uint256 inFlight = uint256(_accounts[escrow.provider].inFlight) + escrow.amount;
        require(inFlight <= escrow.capacity, SettlementCapacityExceeded(escrow.provider, inFlight, escrow.capacity));
        _accounts[escrow.provider].inFlight = _toAmount(inFlight);
    }

    /// @dev Saturates: no figure of another market may stand before a payment.
    function _endFlight(Work calldata work) private {
        Account storage row = _accounts[work.provider];
        row.inFlight = uint96(Math.saturatingSub(row.inFlight, work.amount)); // at most itself
    }

    /// @dev Ends work that is not paid for: its flight, and with a mark in the provider's record if it failed.
    function _endUnpaid(Market memory market, Work calldata work, bool failed) private {
        if (!work.bound) return;

        _endFlight(work);
        if (failed && market.roles & work.role.bit() != 0) _recordFailure(work);
    }

    function _spend(uint256 amount) private returns (Market memory market) {
        market = _markets[msg.sender];
        _requireHeld(market, amount);

        _markets[msg.sender].balance = market.balance - uint96(amount); // at most the balance
    }

    // Accounts

    function _pay(address account, uint256 amount) private {
        _requireRecipient(account);
        if (_accounts[account].consents.payOut()) {
            OCTO.transfer(account, amount);
        } else {
            _credit(account, amount);
        }
    }

    function _credit(address account, uint256 amount) private {
        _accounts[account].credit = _toAmount(_accounts[account].credit + amount);
    }

    function _defaultToPayOut(address account) private {
        Account storage row = _accounts[account];
        bool before = row.consents.payOut();
        row.consents = row.consents.defaultToPayOut();
        if (!before && row.consents.payOut()) emit PayOutSet(account, true);
    }

    // Work

    /// @dev The parts are at most OCTO's supply, whose cap is below 2^94.
    function _accrue(Split memory parts) private {
        _sums.treasury += uint96(parts.treasury);
        _sums.burn += uint96(parts.burn);
        _sums.voters += uint96(parts.voters);
    }

    /// @dev The floor is checked because a caller who brings too little gas could otherwise make the recording fail.
    function _tryRecord(Work memory work, Recording memory recording) private returns (Cut memory cut) {
        require(gasleft() >= RECORD_GAS_FLOOR, SettlementGasTooLow(gasleft(), RECORD_GAS_FLOOR));

        try this.recordWork{gas: RECORD_GAS}(work, recording) returns (Cut memory due) {
            return due;
        } catch {
            ++_unrecorded[_hash(work, recording.fee)];
            emit RecordingFailed(work, recording.fee);
        }
    }

    /// @dev At the fee it would have paid; nobody coordinated what failed.
    function _recordFailure(Work memory work) private {
        (FeeSchedule memory schedule, , uint256 smallest, uint256 wholeStepFee) = SCHEDULE.termsOf(work.schedule);
        if (work.amount < smallest || work.role.isNone()) return;

        (work.success, work.speed, work.orchestrator) = (0, 0, address(0));
        uint256 fee = FeeSplit.split(work.amount, schedule, false).fee();
        _tryRecord(work, Recording({fee: fee, intensity: 0, weight: _weightOf(fee, wholeStepFee), pay: 0}));
    }

    /// @dev As credit, for the pools pay out of it. Bounded here, since what the registry says may change with its code.
    function _payDelegators(address provider, uint256 pay, Cut memory cut) private returns (uint256 amount) {
        if (cut.amount == 0 || cut.pools == address(0) || cut.pools == address(this)) return 0;

        amount = Math.min(cut.amount, MAX_CUT.ofDown(pay));
        _credit(cut.pools, amount);
        emit DelegatorsCredited(provider, cut.pools, amount);
    }

    function _record(Work calldata work, Recording memory recording) private returns (Cut memory cut) {
        uint256 score;
        (score, cut.amount, cut.pools) = REGISTRY.record(
            IProviderRegistry.Task({
                provider: work.provider,
                role: work.role,
                orchestrator: work.orchestrator,
                weight: recording.weight,
                success: work.success,
                speed: work.speed,
                pay: uint128(recording.pay) // at most the amount
            })
        );
        if (work.success == 0) return cut;

        uint256 committed = _sums.committed;
        uint256 wanted = Emission.minted(recording.fee, recording.intensity, score, _openBudget(committed));
        bool orchestrated = work.orchestrator != address(0);
        uint256 forOrchestrator = orchestrated ? Emission.ORCHESTRATOR_SHARE.ofDown(wanted) : 0;

        uint256 minted = _mintEarmarked(work.provider, work.role, wanted - forOrchestrator, work.amount);
        if (orchestrated) {
            // Work of its own role counts once.
            uint256 volume = work.role == Roles.ORCHESTRATOR ? 0 : work.amount;
            minted += _mintEarmarked(work.orchestrator, Roles.ORCHESTRATOR, forOrchestrator, volume);
        }
        _sums.committed = uint96(committed + minted); // at most the budget
    }

    /// @dev What the epoch's cap refuses is never minted.
    function _mintEarmarked(
        address account,
        RoleId role,
        uint256 wanted,
        uint256 volume
    ) private returns (uint256 minted) {
        RoleBook storage book = _books[role];
        RoleRow memory row = book.enter(role, currentEpoch(), SCHEDULE);
        minted = row.earmark(wanted, volume);
        book.row = row;

        if (minted != 0) _tokenOf(role).mint(account, minted);
    }

    function _lessEarmarked(RoleId role, uint256 amount) private {
        RoleRow storage row = _books[role].row;
        require(amount <= row.earmarked, SettlementEarmarkTooSmall(role, row.earmarked, amount));
        row.earmarked -= uint96(amount); // at most itself
    }

    // Administration

    function _setMarketPause(address market, bool paused) private {
        require(_markets[market].index != 0, SettlementUnknownMarket(market));
        _markets[market].paused = paused;
        emit MarketPauseSet(market, paused);
    }

    function _setTreasury(address treasury_) private {
        _requireRecipient(treasury_);
        emit TreasurySet(treasury, treasury_);
        treasury = treasury_;
    }

    function _nextMarketIndex() private returns (uint8) {
        require(
            _lastMarketIndex < LAST_MARKET_INDEX,
            SettlementMarketsFull(LAST_MARKET_INDEX - FIRST_MARKET_INDEX + 1)
        );
        return uint8(++_lastMarketIndex); // at most LAST_MARKET_INDEX
    }

    function _openBudget(uint256 committed) private view returns (uint256) {
        return MintBudget.opened(block.timestamp - GENESIS_AT) - committed;
    }

    /// @dev Both numberings start at 1; bit 0 of the roles stands for work of no role.
    function _requireExisting(uint256 roles, uint256 schedules) private view {
        uint256 existingRoles = (2 << ROLE_TOKENS.count()) - 1;
        uint256 existingSchedules = (2 << SCHEDULE.count()) - 2;
        require(
            roles & ~existingRoles == 0 && schedules & ~existingSchedules == 0,
            SettlementUnknownRoleOrSchedule(roles, existingRoles, schedules, existingSchedules)
        );
    }

    function _requireHeld(Market memory market, uint256 amount) private view {
        require(market.index != 0, SettlementUnknownMarket(msg.sender));
        require(amount <= market.balance, SettlementMarketBalanceTooSmall(msg.sender, market.balance, amount));
    }

    function _requireOpen(Market memory market) private view {
        require(market.index != 0, SettlementUnknownMarket(msg.sender));
        require(market.open, SettlementMarketNotOpen(msg.sender));
        require(!market.paused, SettlementMarketPaused(msg.sender));
    }

    function _requireAdmitted(Market memory market, RoleId role, ScheduleId schedule) private view {
        require(market.roles & role.bit() != 0, SettlementRoleNotAdmitted(msg.sender, role));
        require(market.schedules & schedule.bit() != 0, SettlementScheduleNotAdmitted(msg.sender, schedule));
    }

    function _requireContract(address peer) private view {
        require(peer.code.length != 0, SettlementPeerNotContract(peer));
    }

    function _requireRecipient(address to) private view {
        require(to != address(0) && to != address(this), SettlementInvalidRecipient(to));
    }

    function _tokenOf(RoleId role) private view returns (IRoleToken) {
        return IRoleToken(RoleTokenAddress.derive(address(ROLE_TOKENS), role));
    }

    function _lessCredit(address account, uint96 credit, uint128 amount) private pure returns (uint96) {
        require(amount <= credit, SettlementCreditTooSmall(account, credit, amount));
        return credit - uint96(amount); // at most the credit
    }

    function _toAmount(uint256 amount) private pure returns (uint96) {
        require(amount <= type(uint96).max, SettlementAmountTooLarge(amount, type(uint96).max));
        return uint96(amount);
    }

    /// @dev A fee's part of a whole step of a score, in basis points, rounded down.
    function _weightOf(uint256 fee, uint256 wholeStepFee) private pure returns (uint16) {
        return uint16(Math.min((fee * MAX_BPS) / wholeStepFee, MAX_BPS)); // at most MAX_BPS
    }

    function _hash(Work memory work, uint256 fee) private pure returns (bytes32) {
        return keccak256(abi.encode(work, fee));
    }
}
