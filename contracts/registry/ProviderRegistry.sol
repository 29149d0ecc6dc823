// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {AccessManagedUpgradeable} from "@openzeppelin/contracts-upgradeable/access/manager/AccessManagedUpgradeable.sol";
import {UUPSUpgradeable} from "@openzeppelin/contracts-upgradeable/proxy/utils/UUPSUpgradeable.sol";
import {RoleId} from "../shared/RoleId.sol";
import {Bonds} from "./Bonds.sol";
import {IProviderRegistry} from "./interfaces/IProviderRegistry.sol";
import {Score} from "./libraries/Score.sol";
import {PositionBook} from "./PositionBook.sol";
import {Slashable} from "./Slashable.sol";
import {TrackRecords} from "./TrackRecords.sol";
import {ACTIVE, Position} from "./types/Position.sol";
import {Lanes, RoleRow} from "./types/RegistryRows.sol";

/// @title Provider registry: the dual stake
/// @dev Four rooms: {PositionBook} keeps the storage and decides when a position is active, {Bonds} holds what its owner
/// does, {TrackRecords} what the vault records, {Slashable} what the slashing desk takes; here are roles, views and who may
/// upgrade.
/// @dev Invariant R-1: of each token, the balance held here is at least the sum of all bonds, all exits, what disputes took
/// out of exits and slashed stake that waits to be burned; equal when nobody donates.
/// @dev Invariant R-2: an exit is free no earlier than 7 days after it was asked for, no later than 8, and never moves.
/// @dev Invariant R-3: a position becomes active only at the minimum less its discount, and no action of its owner leaves it
/// active below 80 % of that.
/// @dev Invariant R-4: only the vault's fixed address raises an average; only the slashing desk's takes a bond.
/// @dev Invariant R-5: a slash takes exactly what it returns, at most what was asked for, and nothing of an exit that was
/// asked for before the offence.
/// @dev Invariant R-6: stake frozen by a dispute is slashed by it or free again.
///
/// No pause stands before an exit. What is deliberately not checked: whether a leaving provider has open jobs beyond the
/// bond they lock. It keeps the duty to finish them and the market's deadline protects the client.
contract ProviderRegistry is Bonds, TrackRecords, Slashable, AccessManagedUpgradeable, UUPSUpgradeable {
    /// @param peers_ The fixed peers.
    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor(Peers memory peers_) PositionBook(peers_) {
        _disableInitializers();
    }

    /// @notice Sets who administers this contract. The roles of genesis are added by the deployment, as any later one is.
    /// @param authority The AccessManager.
    function initialize(address authority) external initializer {
        __AccessManaged_init(authority);
    }

    /// @inheritdoc IProviderRegistry
    function addRole(RoleId role, Minimum calldata minimum) external restricted {
        require(_storage().roles[role].octo == 0, ProviderRegistryRoleExists(role));
        require(minimum.octo != 0 && minimum.roleTokens != 0, ProviderRegistryZeroMinimum(role));
        address token = address(_roleToken(role));
        require(token.code.length != 0, ProviderRegistryRoleTokenMissing(role, token));

        RoleRow storage row = _storage().roles[role];
        (row.octo, row.roleTokens) = (minimum.octo, minimum.roleTokens);
        emit RoleAdded(role, minimum.octo, minimum.roleTokens);
    }

    /// @inheritdoc IProviderRegistry
    function isActive(address account, RoleId role) external view returns (bool) {
        return _storage().positions[account][role].state.has(ACTIVE);
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
    function positionOf(address account, RoleId role) external view returns (Position memory) {
        return _storage().positions[account][role];
    }

    /// @inheritdoc IProviderRegistry
    function frozenBondOf(address account, RoleId role) external view returns (uint256 octo, uint256 roleTokens) {
        Lanes memory frozen = _storage().frozenBonds[account][role];
        return (frozen.octo, frozen.roleTokens);
    }

    /// @inheritdoc IProviderRegistry
    function scoreOf(address account, RoleId role) external view returns (uint256) {
        return Score.points(_storage().positions[account][role].record, block.timestamp);
    }

    /// @inheritdoc IProviderRegistry
    function frozenBy(bytes32 dispute) external view returns (Frozen memory) {
        return _storage().disputes[dispute];
    }

    /// @inheritdoc IProviderRegistry
    function slashedOf(RoleId role) external view returns (uint256 octo, uint256 roleTokens) {
        Lanes memory waiting = _storage().slashed[role];
        return (waiting.octo, waiting.roleTokens);
    }

    /// @inheritdoc IProviderRegistry
    function minimumOf(RoleId role) external view returns (Minimum memory) {
        RoleRow memory row = _storage().roles[role];
        return Minimum({octo: row.octo, roleTokens: row.roleTokens});
    }

    /// @inheritdoc IProviderRegistry
    function peers() external view returns (address desk, address pools, address reviews) {
        return (address(DESK), address(POOLS), REVIEWS);
    }

    function _authorizeUpgrade(address) internal override restricted {}
}
