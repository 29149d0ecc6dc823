// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {AccessManagedUpgradeable} from "@openzeppelin/contracts-upgradeable/access/manager/AccessManagedUpgradeable.sol";
import {UUPSUpgradeable} from "@openzeppelin/contracts-upgradeable/proxy/utils/UUPSUpgradeable.sol";

/// @title An agent registry that must not be upgraded to: the agents of the old one have no place in it
/// @custom:oz-upgrades-unsafe-allow missing-initializer
contract AgentRegistryBrokenV2 is AccessManagedUpgradeable, UUPSUpgradeable {
    /// @custom:storage-location erc7201:cipherocto.storage.AgentRegistryV2
    struct AgentRegistryStorage {
        uint256 lastAgentId;
    }

    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor(address) {
        _disableInitializers();
    }

    function _authorizeUpgrade(address) internal override restricted {}
}
