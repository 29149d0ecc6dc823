// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {IProviderRegistry} from "../registry/interfaces/IProviderRegistry.sol";
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
import {FIRST_MARKET_INDEX, LAST_MARKET_INDEX} from "./types/Consents.sol";
import {FeeSchedule, Split} from "./types/FeeSchedule.sol";
import {Account, Earmark, Market, Sums} from "./types/Vault.sol";

/// @title Settlement: the vault and the one door of every market
/// @dev Invariant V-1: what came in equals what is in plus what left:
///     OCTO held here = sum of market balances + sum of credits + accrued fees (+ donations).
/// @dev Invariant V-2: a market never refunds or settles more than it has locked.
/// @dev Invariant V-3: the five parts of a settlement add up to it; treasury, burn and voters are their shares rounded
/// down.
/// @dev Invariant V-4: sum of earmarks <= committed <= opened budget; role tokens minted for work = earmarked for it.
/// @dev Invariant V-5: no function of an administrator moves a balance, a credit or an escrow.
///
/// Deliberately not checked: who is party to a deal. A market is trusted with what its clients gave to it and with
/// nothing else: by approval the market itself is the spender, by signature the nonce carries its address, by credit the
/// client has set its bit. Nor that a market settles under the role and the schedule that it locked for: both must be among
/// those it was admitted for.
///
/// OCTO and role tokens are our own: they return true or revert, take no fee and call nobody back. The registry can be
/// upgraded: whatever it does in a recording is contained by {recordSettled}. The one other untrusted
/// call is {IMarket-pull}: only a lock enters the guard, and every other function that moves OCTO merely looks whether one
/// is under way (`nonReentrantView`), which is all that is needed and half the gas.
contract Settlement is ISettlement, AccessManaged, ReentrancyGuardTransient {
    using FeeSplit for Split;

    uint256 private constant EPOCH = 7 days;

    /// @dev What recording may use; measured at under half of it with every slot new.
    uint256 private constant RECORD_GAS = 350_000;
    /// @dev What must be left for it: 64/63 of it, because a call passes on at most that much, and the note of a failure.
    uint256 private constant RECORD_GAS_FLOOR = RECORD_GAS + RECORD_GAS / 63 + 60_000;

    IOctoToken private immutable OCTO;
    IProviderRegistry private immutable REGISTRY;
    IEmissionSchedule private immutable SCHEDULE;
    RoleTokenFactory private immutable ROLE_TOKENS;
    uint256 private immutable GENESIS_AT;

    mapping(address market => Market row) private _markets;
    mapping(address account => Account row) private _accounts;
    mapping(RoleId role => Earmark row) private _earmarks;
    mapping(bytes32 workHash => uint256 times) private _unrecorded;
    Sums private _sums;
    uint256 private _lastMarketIndex = FIRST_MARKET_INDEX - 1;

    /// @inheritdoc ISettlement
    address public treasury;
    /// @inheritdoc ISettlement
    address public holders;

    /// @param authority_ The AccessManager.
    /// @param octo The OCTO token.
    /// @param registry The provider registry.
    /// @param schedule The emission schedule.
    /// @param engine The conversion engine, second minter of every role token.
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
    function refund(address client, uint128 amount) external nonReentrantView {
        _spend(amount);
        emit Refunded(msg.sender, client, amount);

        _pay(client, amount);
    }

    /// @inheritdoc ISettlement
    function settle(Work calldata work) external nonReentrantView returns (uint256 paid) {
        Market memory market = _spend(work.amount);
        _requireAdmitted(market, work.role, work.schedule);
        (FeeSchedule memory schedule, uint256 intensity, uint256 smallestRecorded) = SCHEDULE.termsOf(work.schedule);

        Split memory parts = FeeSplit.split(work.amount, schedule, work.orchestrator != address(0));
        _accrue(parts);
        emit Settled(msg.sender, work.client, work.provider, work.orchestrator, work.role, work.schedule, work.amount);
        _pay(work.provider, parts.provider);
        if (parts.orchestrator != 0) _pay(work.orchestrator, parts.orchestrator);

        if (work.amount >= smallestRecorded && !work.role.isNone()) _tryRecord(work, parts.fee(), intensity);
        return parts.provider;
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

        (, uint256 intensity, ) = SCHEDULE.termsOf(work.schedule);
        _record(work, fee, intensity);
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
    /// @param fee Its protocol fee, in wei of OCTO.
    /// @param intensity Role tokens a wei of fee, 1e18 for one.
    function recordSettled(Work calldata work, uint256 fee, uint256 intensity) external {
        require(msg.sender == address(this), SettlementCallerNotSelf(msg.sender));
        _record(work, fee, intensity);
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

    /// @inheritdoc ISettlement
    function sums() external view returns (Sums memory) {
        return _sums;
    }

    /// @inheritdoc ISettlement
    function earmarkOf(RoleId role) external view returns (Earmark memory) {
        return _earmarks[role];
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

    // Escrow

    /// @dev Books a lock of the calling market; the caller brings the OCTO in or reverts.
    function _lock(Lock calldata escrow) private returns (uint256 marketIndex) {
        Market memory market = _markets[msg.sender];
        require(market.index != 0, SettlementUnknownMarket(msg.sender));
        require(market.open, SettlementMarketNotOpen(msg.sender));
        require(!market.paused, SettlementMarketPaused(msg.sender));
        _requireAdmitted(market, escrow.role, escrow.schedule);
        require(escrow.amount != 0, SettlementZeroAmount());

        _markets[msg.sender].balance = _toAmount(uint256(market.balance) + escrow.amount);
        return market.index;
    }

    function _spend(uint256 amount) private returns (Market memory market) {
        market = _markets[msg.sender];
        require(market.index != 0, SettlementUnknownMarket(msg.sender));
        require(amount <= market.balance, SettlementMarketBalanceTooSmall(msg.sender, market.balance, amount));

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
    function _tryRecord(Work calldata work, uint256 fee, uint256 intensity) private {
        require(gasleft() >= RECORD_GAS_FLOOR, SettlementGasTooLow(gasleft(), RECORD_GAS_FLOOR));

        try this.recordSettled{gas: RECORD_GAS}(work, fee, intensity) {} catch {
            ++_unrecorded[_hash(work, fee)];
            emit RecordingFailed(work, fee);
        }
    }

    function _record(Work calldata work, uint256 fee, uint256 intensity) private {
        uint256 score = REGISTRY.record(
            IProviderRegistry.Task({provider: work.provider, role: work.role, orchestrator: work.orchestrator})
        );

        uint256 committed = _sums.committed;
        uint256 minted = Emission.minted(fee, intensity, score, _openBudget(committed));
        uint256 forOrchestrator = work.orchestrator == address(0) ? 0 : Emission.ORCHESTRATOR_SHARE.ofDown(minted);
        _sums.committed = uint96(committed + minted); // at most the budget

        _mintEarmarked(work.provider, work.role, minted - forOrchestrator, work.amount);
        if (work.orchestrator != address(0)) {
            _mintEarmarked(work.orchestrator, Roles.ORCHESTRATOR, forOrchestrator, work.amount);
        }
    }

    function _mintEarmarked(address account, RoleId role, uint256 amount, uint256 volume) private {
        Earmark storage row = _earmarks[role];
        uint256 epoch = (block.timestamp - GENESIS_AT) / EPOCH;
        row.volume = (row.epoch == epoch ? row.volume : 0) + uint96(volume); // at most what was settled
        row.epoch = uint32(epoch);
        row.earmarked += uint96(amount); // at most the budget

        if (amount != 0) _tokenOf(role).mint(account, amount);
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

    function _hash(Work calldata work, uint256 fee) private pure returns (bytes32) {
        return keccak256(abi.encode(work, fee));
    }
}
