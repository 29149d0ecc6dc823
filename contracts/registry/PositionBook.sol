// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {RoleId} from "../shared/RoleId.sol";
import {IRoleToken} from "../tokens/interfaces/IRoleToken.sol";
import {RoleTokenAddress} from "../tokens/libraries/RoleTokenAddress.sol";
import {IDelegationPools} from "./interfaces/IDelegationPools.sol";
import {IProviderRegistry} from "./interfaces/IProviderRegistry.sol";
import {ISlashingDesk} from "./interfaces/ISlashingDesk.sol";
import {IValueInFlight} from "./interfaces/IValueInFlight.sol";
import {Score} from "./libraries/Score.sol";
import {Standing} from "./libraries/Standing.sol";
import {ACTIVE, MAX_BOND, Position, SUSPENDED, TrackRecord} from "./types/Position.sol";
import {Lanes, RoleRow} from "./types/RegistryRows.sol";

/// @title The registry's book: its peers, its storage, and when a position is active
/// @dev What {Bonds}, {TrackRecords} and {Slashable} have in common.
abstract contract PositionBook is IProviderRegistry {
    uint256 internal constant UNBONDING = 7 days;

    /// @custom:oz-upgrades-unsafe-allow state-variable-immutable
    IERC20 internal immutable OCTO;
    /// @custom:oz-upgrades-unsafe-allow state-variable-immutable
    address internal immutable ROLE_TOKENS;
    /// @custom:oz-upgrades-unsafe-allow state-variable-immutable
    IValueInFlight internal immutable SETTLEMENT;
    /// @custom:oz-upgrades-unsafe-allow state-variable-immutable
    IDelegationPools internal immutable POOLS;
    /// @custom:oz-upgrades-unsafe-allow state-variable-immutable
    ISlashingDesk internal immutable DESK;
    /// @custom:oz-upgrades-unsafe-allow state-variable-immutable
    address internal immutable REVIEWS;

    /// @notice The fixed peers of the registry.
    /// @param octo The OCTO token.
    /// @param roleTokens The factory of the role tokens.
    /// @param settlement The vault, which alone records work.
    /// @param pools Where delegated stake lies.
    /// @param desk The slashing desk, which alone slashes.
    /// @param reviews Whose ratings count.
    struct Peers {
        IERC20 octo;
        address roleTokens;
        IValueInFlight settlement;
        IDelegationPools pools;
        ISlashingDesk desk;
        address reviews;
    }

    /// @custom:storage-location erc7201:cipherocto.storage.ProviderRegistry
    struct ProviderRegistryStorage {
        mapping(RoleId role => RoleRow row) roles;
        mapping(address account => mapping(RoleId role => Position position)) positions;
        mapping(address account => mapping(RoleId role => mapping(uint256 day => Exit))) exits;
        mapping(address account => mapping(RoleId role => Lanes frozen)) frozenBonds;
        mapping(bytes32 dispute => Frozen frozen) disputes;
        mapping(RoleId role => Lanes waiting) slashed;
    }

    // keccak256(abi.encode(uint256(keccak256("cipherocto.storage.ProviderRegistry")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant STORAGE_LOCATION = 0x55eea1db76caf89887e7d2b67b199642f788429969254e911a88efc704b24600;

    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor(Peers memory peers_) {
        OCTO = peers_.octo;
        ROLE_TOKENS = peers_.roleTokens;
        SETTLEMENT = peers_.settlement;
        POOLS = peers_.pools;
        DESK = peers_.desk;
        REVIEWS = peers_.reviews;
    }

    /// @dev Activates a position that reaches the minimum, unless it is suspended or its account banned.
    function _tryActivate(address account, RoleId role) internal {
        ProviderRegistryStorage storage $ = _storage();
        Position storage position = $.positions[account][role];
        if (position.state.has(ACTIVE | SUSPENDED)) return;
        RoleRow storage row = $.roles[role];
        if (!_reaches(position, row, 100) || DESK.isBanned(account)) return;

        position.state = position.state.with(ACTIVE);
        if (position.ordinal == 0) {
            uint256 ordinal = ++row.activations;
            position.ordinal = ordinal < type(uint16).max ? uint16(ordinal) : type(uint16).max;
            TrackRecord memory history = position.record; // with the tasks done before
            Score.begin(history, block.timestamp);
            position.record = history;
            emit CohortJoined(account, role, ordinal);
        }
        emit Activated(account, role);
    }

    /// @dev Deactivates a position below its share of the minimum.
    function _tryDeactivate(address account, RoleId role) internal {
        ProviderRegistryStorage storage $ = _storage();
        Position storage position = $.positions[account][role];
        if (!position.state.has(ACTIVE)) return;
        if (_reaches(position, $.roles[role], Standing.STAYS_ACTIVE_PERCENT)) return;

        _deactivate(account, role, position);
    }

    function _deactivate(address account, RoleId role, Position storage position) internal {
        position.state = position.state.without(ACTIVE);
        emit Deactivated(account, role);
    }

    function _requireRole(RoleId role) internal view {
        require(_storage().roles[role].octo != 0, ProviderRegistryUnknownRole(role));
    }

    function _roleToken(RoleId role) internal view returns (IRoleToken) {
        return IRoleToken(RoleTokenAddress.derive(ROLE_TOKENS, role));
    }

    /// @dev Whether both bonds reach `percent` of the minimum: of the whole, or else less the discount for the score.
    function _reaches(Position storage position, RoleRow storage row, uint256 percent) internal view returns (bool) {
        (uint256 octo, uint256 roleTokens) = (row.octo, row.roleTokens);
        (uint256 octoBond, uint256 roleBond) = (uint256(position.octoBond) * 100, uint256(position.roleBond) * 100);
        if (octoBond >= octo * percent && roleBond >= roleTokens * percent) return true;

        uint256 score = Score.points(position.record, block.timestamp);
        return
            octoBond >= Standing.discounted(octo, score) * percent &&
            roleBond >= Standing.discounted(roleTokens, score) * percent;
    }

    /// @dev The first midnight (UTC) at least {UNBONDING} after `timestamp`.
    function _dayOfExit(uint256 timestamp) internal pure returns (uint256) {
        return (timestamp + UNBONDING + 1 days - 1) / 1 days;
    }

    function _toBond(uint256 amount) internal pure returns (uint88) {
        require(amount <= MAX_BOND, ProviderRegistryAmountTooLarge(amount, MAX_BOND));
        return uint88(amount);
    }

    function _storage() internal pure returns (ProviderRegistryStorage storage $) {
        bytes32 location = STORAGE_LOCATION;
        // The only way to point at a namespace of ERC-7201.
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            $.slot := location
        }
    }
}
