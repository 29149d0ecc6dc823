// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {AccessManagedUpgradeable} from "@openzeppelin/contracts-upgradeable/access/manager/AccessManagedUpgradeable.sol";
import {UUPSUpgradeable} from "@openzeppelin/contracts-upgradeable/proxy/utils/UUPSUpgradeable.sol";
import {IProviderRegistry} from "../../contracts/registry/interfaces/IProviderRegistry.sol";
import {PositionBook} from "../../contracts/registry/PositionBook.sol";
import {PositionState, TrackRecord} from "../../contracts/registry/types/Position.sol";
import {RoleRow} from "../../contracts/registry/types/RegistryRows.sol";
import {RoleId} from "../../contracts/shared/RoleId.sol";

/// @title A provider registry that must not be upgraded to: the two lanes of every position have changed places
/// @custom:oz-upgrades-unsafe-allow missing-initializer
contract ProviderRegistryBrokenV2 is AccessManagedUpgradeable, UUPSUpgradeable {
    struct Position {
        uint88 roleBond;
        uint88 octoBond;
        PositionState state;
        uint16 ordinal;
        uint40 maxBudget;
        uint16 minDuration;
        TrackRecord record;
    }

    /// @custom:storage-location erc7201:cipherocto.storage.ProviderRegistry
    struct ProviderRegistryStorage {
        mapping(RoleId role => RoleRow row) roles;
        mapping(address account => mapping(RoleId role => Position position)) positions;
        mapping(address account => mapping(RoleId role => mapping(uint256 day => IProviderRegistry.Exit leaving))) exits;
    }

    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor(PositionBook.Peers memory) {
        _disableInitializers();
    }

    function _authorizeUpgrade(address) internal override restricted {}
}
