// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {AccessManagedUpgradeable} from "@openzeppelin/contracts-upgradeable/access/manager/AccessManagedUpgradeable.sol";
import {UUPSUpgradeable} from "@openzeppelin/contracts-upgradeable/proxy/utils/UUPSUpgradeable.sol";

/// @title An agent reputation that must not be upgraded to: the feedback of the old one has no place in it
/// @custom:oz-upgrades-unsafe-allow missing-initializer
contract AgentReputationBrokenV2 is AccessManagedUpgradeable, UUPSUpgradeable {
    /// @custom:storage-location erc7201:cipherocto.storage.AgentReputationV2
    struct AgentReputationStorage {
        uint256 count;
    }

    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor(address, address) {
        _disableInitializers();
    }

    function _authorizeUpgrade(address) internal override restricted {}
}
