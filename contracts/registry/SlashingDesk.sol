// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {MAX_BPS} from "../shared/Bps.sol";
import {RoleId} from "../shared/RoleId.sol";
import {IProviderRegistry} from "./interfaces/IProviderRegistry.sol";
import {ISlashingDesk} from "./interfaces/ISlashingDesk.sol";
import {Heartbeat} from "./libraries/Heartbeat.sol";
import {OffenceTable} from "./libraries/OffenceTable.sol";
import {Lane, Offence, Price} from "./types/Offences.sol";
import {TrackRecord} from "./types/Position.sol";
import {SlashHistory} from "./types/SlashHistory.sol";

/// @title Slashing desk
/// @dev Invariant S-1: a slasher takes at most its budget in a week and lane, and only in its roles.
/// @dev Invariant S-2: authority begins seven days after it was given, those of genesis excepted, and ends at once.
/// @dev Invariant S-3: every dispute ends: by its slasher, or by anybody after 60 days.
/// @dev Invariant S-4: a window of heartbeats is punished at most once, and an absence at most once a day.
///
/// Deliberately not checked: whether a verdict is just (the slasher's task), and that a loss was suffered: the budget bounds
/// what a stolen slasher can take or give away.
contract SlashingDesk is ISlashingDesk, AccessManaged {
    using OffenceTable for Price;

    uint256 private constant NOTICE = 7 days;
    uint256 private constant DISPUTE_DURATION = 60 days;
    uint256 private constant BUDGET_UNIT = 1e18;
    uint256 private constant EXTENDED_WINDOWS = 3;

    /// @notice An authority that holds from the beginning.
    /// @param slasher The slasher; zero for this desk itself, which punishes downtime.
    /// @param octoBudget The most it takes a week, in whole OCTO.
    /// @param roleBudget The most it takes a week of all role tokens together, in whole tokens.
    struct Genesis {
        address slasher;
        uint40 octoBudget;
        uint40 roleBudget;
    }

    /// @dev An open dispute. One slot.
    struct Dispute {
        address slasher;
        uint40 closesAt;
    }

    IProviderRegistry private immutable REGISTRY;

    mapping(address slasher => mapping(Lane lane => Slasher row)) private _slashers;
    mapping(address provider => mapping(RoleId role => SlashHistory history)) private _histories;
    mapping(bytes32 dispute => Dispute row) private _disputes;
    /// @inheritdoc ISlashingDesk
    mapping(address account => bool) public isBanned;

    /// @param authority_ The AccessManager.
    /// @param registry The provider registry.
    /// @param genesis Who slashes from the beginning, in every role.
    constructor(address authority_, IProviderRegistry registry, Genesis[] memory genesis) AccessManaged(authority_) {
        REGISTRY = registry;
        for (uint256 i = 0; i < genesis.length; ++i) {
            address slasher = genesis[i].slasher == address(0) ? address(this) : genesis[i].slasher;
            _setSlasher(slasher, Lane.Octo, type(uint32).max, genesis[i].octoBudget, block.timestamp);
            _setSlasher(slasher, Lane.RoleTokens, type(uint32).max, genesis[i].roleBudget, block.timestamp);
        }
    }

    /// @inheritdoc ISlashingDesk
    function slash(Verdict calldata verdict) external returns (IProviderRegistry.Taken memory taken) {
        require(verdict.offenceAt <= block.timestamp, SlashingDeskFutureOffence(verdict.offenceAt, block.timestamp));
        bytes32 dispute;
        if (verdict.disputeId != 0) {
            dispute = disputeKey(msg.sender, verdict.provider, verdict.role, verdict.disputeId);
            _endDispute(dispute);
        }

        return _punish(msg.sender, verdict, dispute);
    }

    /// @inheritdoc ISlashingDesk
    function levy(
        address provider,
        RoleId role,
        uint128 amount,
        uint40 offenceAt,
        address to
    ) external returns (uint256 taken) {
        require(_maySlash(msg.sender, Lane.Octo, role), SlashingDeskNotSlasher(msg.sender, role));
        require(to != address(0) && to != address(REGISTRY), SlashingDeskInvalidRecipient(to));
        require(offenceAt <= block.timestamp, SlashingDeskFutureOffence(offenceAt, block.timestamp));

        IProviderRegistry.Penalty memory penalty;
        (penalty.account, penalty.role, penalty.offenceAt) = (provider, role, offenceAt);
        penalty.octoShare = uint16(MAX_BPS); // of which the limit is what counts
        penalty.octoLimit = uint128(Math.min(amount, _budgetLeft(_slashers[msg.sender][Lane.Octo]))); // below 2^100
        (penalty.client, penalty.loss) = (to, penalty.octoLimit);
        taken = REGISTRY.slash(penalty).octo;
        if (taken != 0) _spend(msg.sender, Lane.Octo, taken);
        emit BondLevied(msg.sender, provider, role, taken, to);
    }

    /// @inheritdoc ISlashingDesk
    function reportDowntime(
        address provider,
        RoleId role,
        uint256 window
    ) external returns (IProviderRegistry.Taken memory taken) {
        SlashHistory history = _histories[provider][role];
        uint256 reported = history.reportedWindow();
        require(window > reported, SlashingDeskWindowReported(provider, role, window, reported));
        TrackRecord memory heard = _heard(provider, role);
        require(_missed(heard, window), SlashingDeskWindowNotMissed(provider, role, window));
        _requireFirst(provider, role, heard, reported, window);
        (uint256 last, bool extended) = _absence(heard, window);
        // An absence that has been punished counts again only once it has gone on for another day.
        require(window > reported + 1 || extended, SlashingDeskWindowReported(provider, role, window, reported));

        _histories[provider][role] = history.withReportedWindow(last);
        Verdict memory verdict;
        (verdict.provider, verdict.role) = (provider, role);
        verdict.offence = extended ? Offence.ExtendedDowntime : Offence.Downtime;
        verdict.offenceAt = uint40(Heartbeat.endOf(window - 1)); // from when it was not heard
        verdict.reason = bytes32(window);
        return _punish(address(this), verdict, 0);
    }

    /// @inheritdoc ISlashingDesk
    function openDispute(
        bytes32 disputeId,
        address provider,
        RoleId role,
        uint128 octoAmount,
        uint128 roleAmount,
        uint256 offenceAt
    ) external returns (bytes32 dispute) {
        require(disputeId != 0, SlashingDeskZeroDispute());
        require(offenceAt <= block.timestamp, SlashingDeskFutureOffence(offenceAt, block.timestamp));
        bool octoLane = _maySlash(msg.sender, Lane.Octo, role);
        bool roleLane = _maySlash(msg.sender, Lane.RoleTokens, role);
        require(octoLane || roleLane, SlashingDeskNotSlasher(msg.sender, role));
        dispute = disputeKey(msg.sender, provider, role, disputeId);
        require(_disputes[dispute].slasher == address(0), SlashingDeskDisputeOpen(dispute));

        _disputes[dispute] = Dispute({slasher: msg.sender, closesAt: uint40(block.timestamp + DISPUTE_DURATION)});
        emit DisputeOpened(msg.sender, provider, role, disputeId, dispute);

        REGISTRY.freeze(dispute, provider, role, octoLane ? octoAmount : 0, roleLane ? roleAmount : 0, offenceAt);
    }

    /// @inheritdoc ISlashingDesk
    function closeDispute(bytes32 dispute) external {
        Dispute memory row = _disputes[dispute];
        require(row.slasher != address(0), SlashingDeskUnknownDispute(dispute));
        require(
            msg.sender == row.slasher ||
                block.timestamp > row.closesAt ||
                (_slashers[row.slasher][Lane.Octo].activeFrom == 0 &&
                    _slashers[row.slasher][Lane.RoleTokens].activeFrom == 0),
            SlashingDeskDisputeNotOver(dispute, row.closesAt)
        );

        _endDispute(dispute);
        REGISTRY.thaw(dispute);
    }

    /// @inheritdoc ISlashingDesk
    function setSlasher(address slasher, Lane lane, uint32 roles, uint40 weeklyBudget) external restricted {
        _setSlasher(slasher, lane, roles, weeklyBudget, block.timestamp + NOTICE);
    }

    /// @inheritdoc ISlashingDesk
    function removeSlasher(address slasher, Lane lane) external restricted {
        Slasher storage row = _slashers[slasher][lane];
        require(row.activeFrom != 0, SlashingDeskUnknownSlasher(slasher, lane));

        // What it took this week stays noted, should it be named again.
        (row.roles, row.activeFrom, row.weeklyBudget) = (0, 0, 0);
        emit SlasherRemoved(slasher, lane);
    }

    /// @inheritdoc ISlashingDesk
    function liftSuspension(address provider, RoleId role) external restricted {
        REGISTRY.setSuspended(provider, role, false);
    }

    /// @inheritdoc ISlashingDesk
    function liftBan(address account) external restricted {
        _setBanned(account, false);
    }

    /// @inheritdoc ISlashingDesk
    function missedWindow(address provider, RoleId role, uint256 window) external view returns (bool) {
        return _missed(_heard(provider, role), window);
    }

    /// @inheritdoc ISlashingDesk
    function slasherOf(address slasher, Lane lane) external view returns (Slasher memory) {
        return _slashers[slasher][lane];
    }

    /// @inheritdoc ISlashingDesk
    function allowanceOf(address slasher, Lane lane, RoleId role) external view returns (uint256) {
        return _maySlash(slasher, lane, role) ? _budgetLeft(_slashers[slasher][lane]) : 0;
    }

    /// @inheritdoc ISlashingDesk
    function priceFor(
        address provider,
        RoleId role,
        Offence offence
    ) external view returns (Price memory price, uint256 repeats) {
        repeats = _histories[provider][role].repeatsAt(_today());
        return (OffenceTable.priceOf(offence).escalated(repeats), repeats);
    }

    /// @inheritdoc ISlashingDesk
    function disputeOf(bytes32 dispute) external view returns (address slasher, uint256 closesAt) {
        Dispute memory row = _disputes[dispute];
        return (row.slasher, row.closesAt);
    }

    /// @inheritdoc ISlashingDesk
    function disputeKey(
        address slasher,
        address provider,
        RoleId role,
        bytes32 disputeId
    ) public pure returns (bytes32) {
        return keccak256(abi.encode(slasher, provider, role, disputeId));
    }

    /// @dev Prices the offence, lets the registry take it, and notes it in budget and history.
    function _punish(
        address slasher,
        Verdict memory verdict,
        bytes32 dispute
    ) private returns (IProviderRegistry.Taken memory taken) {
        SlashHistory history = _histories[verdict.provider][verdict.role];
        uint256 repeats = history.repeatsAt(_today());
        Price memory price = OffenceTable.priceOf(verdict.offence).escalated(repeats);
        bool octoLane = price.octoShare != 0 && _maySlash(slasher, Lane.Octo, verdict.role);
        bool roleLane = price.roleShare != 0 && _maySlash(slasher, Lane.RoleTokens, verdict.role);
        require(octoLane || roleLane, SlashingDeskNotSlasher(slasher, verdict.role));

        taken = REGISTRY.slash(
            IProviderRegistry.Penalty({
                account: verdict.provider,
                role: verdict.role,
                octoShare: octoLane ? uint16(price.octoShare) : 0, // at most MAX_BPS
                roleShare: roleLane ? uint16(price.roleShare) : 0, // at most MAX_BPS
                octoLimit: octoLane ? uint128(_budgetLeft(_slashers[slasher][Lane.Octo])) : 0, // below 2^100
                roleLimit: roleLane ? uint128(_budgetLeft(_slashers[slasher][Lane.RoleTokens])) : 0, // below 2^100
                points: uint16(price.points), // at most 100
                offenceAt: verdict.offenceAt,
                dispute: dispute,
                // What went to the registry itself would belong to nobody.
                client: verdict.client == address(REGISTRY) ? address(0) : verdict.client,
                loss: verdict.loss
            })
        );
        if (taken.octo != 0) _spend(slasher, Lane.Octo, taken.octo);
        if (taken.roleTokens != 0) _spend(slasher, Lane.RoleTokens, taken.roleTokens);
        _note(verdict.provider, verdict.role, history, taken);
        // Who may slash one lane only cannot end a provider.
        if (price.ban && octoLane && roleLane) _ban(verdict.provider, verdict.role);
        emit OffencePunished(slasher, verdict.provider, verdict.role, verdict.offence, repeats, taken, verdict.reason);
    }

    /// @dev Notes what the provider itself lost, and suspends it once that is half of a bond.
    function _note(address provider, RoleId role, SlashHistory history, IProviderRegistry.Taken memory taken) private {
        uint256 octoLost = _share(taken.octo, taken.octoStake);
        uint256 roleLost = _share(taken.roleTokens, taken.roleStake);
        history = history.push(_today(), octoLost, roleLost);
        _histories[provider][role] = history;

        if (history.lostHalfAt(_today())) REGISTRY.setSuspended(provider, role, true);
    }

    function _ban(address provider, RoleId role) private {
        _setBanned(provider, true);
        REGISTRY.refresh(provider, role);
    }

    function _setBanned(address account, bool banned) private {
        if (isBanned[account] == banned) return;

        isBanned[account] = banned;
        emit BanSet(account, banned);
    }

    function _spend(address slasher, Lane lane, uint256 amount) private {
        Slasher storage row = _slashers[slasher][lane];
        uint256 week = _week();
        row.spent = (row.week == week ? row.spent : 0) + uint96(amount); // at most the budget
        row.week = uint16(week); // for a thousand years
    }

    function _endDispute(bytes32 dispute) private {
        require(_disputes[dispute].slasher != address(0), SlashingDeskUnknownDispute(dispute));
        delete _disputes[dispute];
        emit DisputeClosed(dispute);
    }

    function _setSlasher(address slasher, Lane lane, uint32 roles, uint40 weeklyBudget, uint256 activeFrom) private {
        require(slasher != address(0) && roles != 0 && weeklyBudget != 0, SlashingDeskEmptyAuthority(slasher));

        Slasher storage row = _slashers[slasher][lane];
        (row.roles, row.weeklyBudget) = (roles, weeklyBudget);
        row.activeFrom = uint32(activeFrom); // until the year 2106
        emit SlasherSet(slasher, lane, roles, weeklyBudget, activeFrom);
    }

    function _maySlash(address slasher, Lane lane, RoleId role) private view returns (bool) {
        Slasher storage row = _slashers[slasher][lane];
        return row.activeFrom != 0 && block.timestamp >= row.activeFrom && row.roles & role.bit() != 0;
    }

    function _budgetLeft(Slasher storage row) private view returns (uint256) {
        uint256 spent = row.week == _week() ? row.spent : 0;
        return Math.saturatingSub(row.weeklyBudget * BUDGET_UNIT, spent);
    }

    /// @dev The earliest absence first, so that none is skipped by reporting a later one.
    function _requireFirst(
        address provider,
        RoleId role,
        TrackRecord memory heard,
        uint256 reported,
        uint256 window
    ) private pure {
        uint256 earliest = Math.max(reported + 1, Math.saturatingSub(heard.beatWindow, Heartbeat.REMEMBERED));
        for (uint256 earlier = earliest; earlier < window; ++earlier) {
            require(!_missed(heard, earlier), SlashingDeskEarlierWindow(provider, role, window, earlier));
        }
    }

    /// @dev The windows missed in a row from `window` on are one absence: at most as many as are remembered.
    function _absence(TrackRecord memory heard, uint256 window) private pure returns (uint256 last, bool extended) {
        last = window;
        while (_missed(heard, last + 1)) ++last;
        extended = last - window + 1 >= EXTENDED_WINDOWS;
    }

    /// @dev The provider's record, its heartbeats brought up to now.
    function _heard(address provider, RoleId role) private view returns (TrackRecord memory history) {
        history = REGISTRY.positionOf(provider, role).record;
        if (history.activatedDay != 0) Heartbeat.advance(history, block.timestamp);
    }

    function _today() private view returns (uint256) {
        return block.timestamp / 1 days;
    }

    function _week() private view returns (uint256) {
        return block.timestamp / 1 weeks;
    }

    /// @dev Whether the window was due and missed; never for a position without a record.
    function _missed(TrackRecord memory heard, uint256 window) private pure returns (bool) {
        return heard.activatedDay != 0 && Heartbeat.missed(heard, window);
    }

    /// @dev Of the provider's own stake; its own is taken before any delegated.
    function _share(uint256 taken, uint256 stake) private pure returns (uint256) {
        return stake == 0 ? 0 : Math.min((taken * MAX_BPS) / stake, MAX_BPS);
    }
}
