// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {AccessManagedUpgradeable} from "@openzeppelin/contracts-upgradeable/access/manager/AccessManagedUpgradeable.sol";
import {UUPSUpgradeable} from "@openzeppelin/contracts-upgradeable/proxy/utils/UUPSUpgradeable.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Duration} from "../shared/Duration.sol";
import {RoleId} from "../shared/RoleId.sol";
import {Roles} from "../shared/Roles.sol";
import {RoleTokenAddress} from "../tokens/libraries/RoleTokenAddress.sol";
import {IProviderRegistry} from "./interfaces/IProviderRegistry.sol";
import {GENESIS_ROLES, GenesisMinimums} from "./libraries/GenesisMinimums.sol";
import {Score} from "./libraries/Score.sol";
import {Position, TrackRecord} from "./types/Position.sol";

/// @title Provider registry: the dual stake
/// @dev Invariant R-1: of each token, the balance held here is at least the sum of all bonds and all exits; equal when
/// nobody donates.
/// @dev Invariant R-2: an exit is free no earlier than 7 days after it was asked for, no later than 8, and never moves.
/// @dev Invariant R-3: a position is active only if each of its bonds is at least 80 % of the minimum.
/// @dev Invariant R-4: only the vault's fixed address moves a track record.
///
/// OCTO and role tokens are our own: they return true or revert, take no fee and call nobody back, so their calls stand
/// bare and after the effects. What is deliberately not checked: whether a leaving provider has open jobs. It keeps the
/// duty to finish them and the market's deadline protects the client.
contract ProviderRegistry is IProviderRegistry, AccessManagedUpgradeable, UUPSUpgradeable {
    uint256 private constant UNBONDING = 7 days;
    uint256 private constant STAYS_ACTIVE_PERCENT = 80;

    // Standing terms are kept in whole OCTO and whole minutes, so that they share the slot of the bonds.
    uint256 private constant TERMS_BUDGET_UNIT = 1e18;
    uint256 private constant TERMS_TIME_UNIT = 1 minutes;
    uint256 private constant MAX_TERMS_BUDGET = type(uint40).max * TERMS_BUDGET_UNIT;
    uint256 private constant MAX_TERMS_TIME = 30 days;

    /// @custom:storage-location erc7201:cipherocto.storage.ProviderRegistry
    struct ProviderRegistryStorage {
        mapping(RoleId role => Minimum minimum) minimums;
        mapping(address account => mapping(RoleId role => Position position)) positions;
        mapping(address account => mapping(RoleId role => mapping(uint256 day => Exit leaving))) exits;
    }

    // keccak256(abi.encode(uint256(keccak256("cipherocto.storage.ProviderRegistry")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant STORAGE_LOCATION = 0x55eea1db76caf89887e7d2b67b199642f788429969254e911a88efc704b24600;

    /// @custom:oz-upgrades-unsafe-allow state-variable-immutable
    IERC20 private immutable OCTO;
    /// @custom:oz-upgrades-unsafe-allow state-variable-immutable
    address private immutable ROLE_TOKENS;
    /// @custom:oz-upgrades-unsafe-allow state-variable-immutable
    address private immutable SETTLEMENT;

    /// @param octo The OCTO token.
    /// @param roleTokens The factory of the role tokens.
    /// @param settlement The vault, which alone records work.
    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor(IERC20 octo, address roleTokens, address settlement) {
        OCTO = octo;
        ROLE_TOKENS = roleTokens;
        SETTLEMENT = settlement;
        _disableInitializers();
    }

    /// @notice Sets who administers this contract and the minimums of the eight roles of genesis.
    /// @param authority The AccessManager.
    function initialize(address authority) external initializer {
        __AccessManaged_init(authority);

        Minimum[GENESIS_ROLES] memory table = GenesisMinimums.table();
        for (uint256 i = 0; i < table.length; ++i) {
            _setMinimum(RoleId.wrap(uint8(i + 1)), table[i]); // at most GENESIS_ROLES
        }
    }

    /// @inheritdoc IProviderRegistry
    function bond(RoleId role, uint128 octoAmount, uint128 roleAmount) external {
        Minimum memory minimum = _requireRole(role);
        require(octoAmount != 0 || roleAmount != 0, ProviderRegistryZeroAmount());

        Position storage position = _storage().positions[msg.sender][role];
        position.octoBond = _toBond(uint256(position.octoBond) + octoAmount);
        position.roleBond = _toBond(uint256(position.roleBond) + roleAmount);
        emit Bonded(msg.sender, role, octoAmount, roleAmount);
        if (!position.active && _reaches(position, minimum, 100)) _activate(position, role);

        if (octoAmount != 0) OCTO.transferFrom(msg.sender, address(this), octoAmount);
        if (roleAmount != 0) _roleToken(role).transferFrom(msg.sender, address(this), roleAmount);
    }

    /// @inheritdoc IProviderRegistry
    function unbond(RoleId role, uint128 octoAmount, uint128 roleAmount) external returns (uint256 day) {
        Minimum memory minimum = _requireRole(role);
        require(octoAmount != 0 || roleAmount != 0, ProviderRegistryZeroAmount());
        Position storage position = _storage().positions[msg.sender][role];
        (uint96 octoBond, uint96 roleBond) = (position.octoBond, position.roleBond);
        require(octoAmount <= octoBond, ProviderRegistryOctoBondTooSmall(octoBond, octoAmount));
        require(roleAmount <= roleBond, ProviderRegistryRoleBondTooSmall(roleBond, roleAmount));

        // Both amounts are at most a bond, so they and what is left fit into 96 bits.
        (position.octoBond, position.roleBond) = (octoBond - uint96(octoAmount), roleBond - uint96(roleAmount));
        day = _dayOfExit();
        Exit storage leaving = _storage().exits[msg.sender][role][day];
        leaving.octo += uint96(octoAmount);
        leaving.roleTokens += uint96(roleAmount);
        emit Unbonded(msg.sender, role, octoAmount, roleAmount, day);
        if (position.active && !_reaches(position, minimum, STAYS_ACTIVE_PERCENT)) _deactivate(position, role);
    }

    /// @inheritdoc IProviderRegistry
    function withdraw(RoleId role, uint256 day, address to) external {
        Exit memory leaving = _storage().exits[msg.sender][role][day];
        require(leaving.octo != 0 || leaving.roleTokens != 0, ProviderRegistryNoExit(msg.sender, role, day));
        require(block.timestamp >= day * 1 days, ProviderRegistryExitNotFree(day, day * 1 days));
        require(to != address(0) && to != address(this), ProviderRegistryInvalidRecipient(to));

        delete _storage().exits[msg.sender][role][day];
        emit Withdrawn(msg.sender, role, day, to, leaving.octo, leaving.roleTokens);

        if (leaving.octo != 0) OCTO.transfer(to, leaving.octo);
        if (leaving.roleTokens != 0) _roleToken(role).transfer(to, leaving.roleTokens);
    }

    /// @inheritdoc IProviderRegistry
    function setStandingTerms(RoleId role, uint128 maxBudget, Duration minDuration) external {
        _requireRole(role);
        require(maxBudget <= MAX_TERMS_BUDGET, ProviderRegistryAmountTooLarge(maxBudget, MAX_TERMS_BUDGET));
        uint256 time = minDuration.toSeconds();
        require(time <= MAX_TERMS_TIME, ProviderRegistryDurationTooLong(time, MAX_TERMS_TIME));

        Position storage position = _storage().positions[msg.sender][role];
        position.maxBudget = uint40(maxBudget / TERMS_BUDGET_UNIT); // at most MAX_TERMS_BUDGET
        position.minDuration = uint16(Math.ceilDiv(time, TERMS_TIME_UNIT)); // at most MAX_TERMS_TIME
        (uint256 budget, uint256 duration) = _standingTerms(position);
        emit StandingTermsSet(msg.sender, role, budget, duration);
    }

    /// @inheritdoc IProviderRegistry
    function record(Task calldata task) external returns (uint256 score) {
        require(msg.sender == SETTLEMENT, ProviderRegistryCallerNotVault(msg.sender));

        score = _record(task.provider, task.role);
        if (task.orchestrator != address(0)) _record(task.orchestrator, Roles.ORCHESTRATOR);
    }

    /// @inheritdoc IProviderRegistry
    function addRole(RoleId role, Minimum calldata minimum) external restricted {
        require(_storage().minimums[role].octo == 0, ProviderRegistryRoleExists(role));
        require(minimum.octo != 0 && minimum.roleTokens != 0, ProviderRegistryZeroMinimum(role));
        address token = address(_roleToken(role));
        require(token.code.length != 0, ProviderRegistryRoleTokenMissing(role, token));

        _setMinimum(role, minimum);
    }

    /// @inheritdoc IProviderRegistry
    function screen(
        address provider,
        RoleId role,
        uint256 budget,
        uint256 duration
    ) external view returns (bool consents) {
        Position storage position = _storage().positions[provider][role];
        require(position.active, ProviderRegistryNotActive(provider, role));

        (uint256 maxBudget, uint256 minDuration) = _standingTerms(position);
        return budget <= maxBudget && duration >= minDuration;
    }

    /// @inheritdoc IProviderRegistry
    function isActive(address account, RoleId role) external view returns (bool) {
        return _storage().positions[account][role].active;
    }

    /// @inheritdoc IProviderRegistry
    function bondOf(address account, RoleId role) external view returns (uint256 octoBond, uint256 roleBond) {
        Position storage position = _storage().positions[account][role];
        return (position.octoBond, position.roleBond);
    }

    /// @inheritdoc IProviderRegistry
    function exitOf(address account, RoleId role, uint256 day) external view returns (Exit memory) {
        return _storage().exits[account][role][day];
    }

    /// @inheritdoc IProviderRegistry
    function statusOf(address account, RoleId role) external view returns (Status memory) {
        Position memory position = _storage().positions[account][role];
        (uint256 maxBudget, uint256 minDuration) = _standingTerms(_storage().positions[account][role]);
        return
            Status({
                octoBond: position.octoBond,
                roleBond: position.roleBond,
                minimum: _storage().minimums[role],
                active: position.active,
                activatedAt: position.record.activatedAt,
                tasks: position.record.tasks,
                lastTaskAt: position.record.lastTaskAt,
                score: Score.points(position.record, block.timestamp),
                maxBudget: maxBudget,
                minDuration: minDuration
            });
    }

    /// @inheritdoc IProviderRegistry
    function scoreOf(address account, RoleId role) external view returns (uint256) {
        return Score.points(_storage().positions[account][role].record, block.timestamp);
    }

    /// @inheritdoc IProviderRegistry
    function minimumOf(RoleId role) external view returns (Minimum memory) {
        return _storage().minimums[role];
    }

    function _authorizeUpgrade(address) internal override restricted {}

    function _activate(Position storage position, RoleId role) private {
        position.active = true;
        if (position.record.activatedAt == 0) _beginRecord(position);
        emit Activated(msg.sender, role);
    }

    /// @dev Work recorded before the first activation stays counted.
    function _beginRecord(Position storage position) private {
        TrackRecord memory fresh = Score.fresh(block.timestamp);
        (fresh.tasks, fresh.lastTaskAt) = (position.record.tasks, position.record.lastTaskAt);
        position.record = fresh;
    }

    function _deactivate(Position storage position, RoleId role) private {
        position.active = false;
        emit Deactivated(msg.sender, role);
    }

    function _record(address account, RoleId role) private returns (uint256 score) {
        TrackRecord memory history = _storage().positions[account][role].record;
        history.tasks += 1;
        history.lastTaskAt = uint32(block.timestamp); // until the year 2106
        _storage().positions[account][role].record = history;
        emit TaskRecorded(account, role, history.tasks);

        return Score.points(history, block.timestamp);
    }

    function _setMinimum(RoleId role, Minimum memory minimum) private {
        _storage().minimums[role] = minimum;
        emit RoleAdded(role, minimum.octo, minimum.roleTokens);
    }

    function _requireRole(RoleId role) private view returns (Minimum memory minimum) {
        minimum = _storage().minimums[role];
        require(minimum.octo != 0, ProviderRegistryUnknownRole(role));
    }

    /// @dev The first midnight (UTC) at least {UNBONDING} away.
    function _dayOfExit() private view returns (uint256) {
        return (block.timestamp + UNBONDING + 1 days - 1) / 1 days;
    }

    /// @dev In wei of OCTO and in seconds.
    function _standingTerms(Position storage position) private view returns (uint256 maxBudget, uint256 minDuration) {
        return (position.maxBudget * TERMS_BUDGET_UNIT, position.minDuration * TERMS_TIME_UNIT);
    }

    function _roleToken(RoleId role) private view returns (IERC20) {
        return IERC20(RoleTokenAddress.derive(ROLE_TOKENS, role));
    }

    function _reaches(Position storage position, Minimum memory minimum, uint256 percent) private view returns (bool) {
        return
            uint256(position.octoBond) * 100 >= minimum.octo * percent &&
            uint256(position.roleBond) * 100 >= minimum.roleTokens * percent;
    }

    function _toBond(uint256 amount) private pure returns (uint96) {
        require(amount <= type(uint96).max, ProviderRegistryAmountTooLarge(amount, type(uint96).max));
        return uint96(amount);
    }

    function _storage() private pure returns (ProviderRegistryStorage storage $) {
        bytes32 location = STORAGE_LOCATION;
        // The only way to point at a namespace of ERC-7201.
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            $.slot := location
        }
    }
}
