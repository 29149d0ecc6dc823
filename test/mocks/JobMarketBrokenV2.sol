// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {AccessManagedUpgradeable} from "@openzeppelin/contracts-upgradeable/access/manager/AccessManagedUpgradeable.sol";
import {UUPSUpgradeable} from "@openzeppelin/contracts-upgradeable/proxy/utils/UUPSUpgradeable.sol";

/// @title A job market that must not be upgraded to: the jobs of the old one have no place in it
/// @custom:oz-upgrades-unsafe-allow missing-initializer
contract JobMarketBrokenV2 is AccessManagedUpgradeable, UUPSUpgradeable {
    /// @custom:storage-location erc7201:cipherocto.storage.JobMarketV2
    struct JobMarketStorage {
        uint64 lastJobId;
        uint8 reviewHours;
    }

    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor(address[5] memory, address) {
        _disableInitializers();
    }

    function _authorizeUpgrade(address) internal override restricted {}
}
