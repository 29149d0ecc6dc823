// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {AccessManagedUpgradeable} from "@openzeppelin/contracts-upgradeable/access/manager/AccessManagedUpgradeable.sol";
import {UUPSUpgradeable} from "@openzeppelin/contracts-upgradeable/proxy/utils/UUPSUpgradeable.sol";
import {IProviderRegistry} from "../../contracts/registry/interfaces/IProviderRegistry.sol";
import {TrackRecord} from "../../contracts/registry/types/Position.sol";
import {RoleId} from "../../contracts/shared/RoleId.sol";

/// @title A provider registry that must not be upgraded to: the two lanes of every position have changed places
/// @custom:oz-upgrades-unsafe-allow missing-initializer
contract ProviderRegistryBrokenV2 is AccessManagedUpgradeable, UUPSUpgradeable {
    struct Position {
        uint96 roleBond;
        uint96 octoBond;
        bool active;
        uint96 maxBudget;
        uint32 minDuration;
        TrackRecord record;
    }

    /// @custom:storage-location erc7201:cipherocto.storage.ProviderRegistry
    struct ProviderRegistryStorage {
        mapping(RoleId role => IProviderRegistry.Minimum minimum) minimums;
        mapping(address account => mapping(RoleId role => Position position)) positions;
        mapping(address account => mapping(RoleId role => mapping(uint256 day => IProviderRegistry.Exit leaving))) exits;
    }

    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor(address, address, address) {
        _disableInitializers();
    }

    function _authorizeUpgrade(address) internal override restricted {}
}
