// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {AccessManagedUpgradeable} from "@openzeppelin/contracts-upgradeable/access/manager/AccessManagedUpgradeable.sol";
import {UUPSUpgradeable} from "@openzeppelin/contracts-upgradeable/proxy/utils/UUPSUpgradeable.sol";

/// @title A dispute desk that must not be upgraded to: the disputes of the old one have no place in it
/// @custom:oz-upgrades-unsafe-allow missing-initializer
contract DisputeDeskBrokenV2 is AccessManagedUpgradeable, UUPSUpgradeable {
    /// @custom:storage-location erc7201:cipherocto.storage.DisputeDeskV2
    struct DisputeDeskStorage {
        uint16 bondShare;
        uint96 leastBond;
    }

    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor(address, address, address, address) {
        _disableInitializers();
    }

    function _authorizeUpgrade(address) internal override restricted {}
}
