// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {AgentRegistry} from "../../contracts/market/AgentRegistry.sol";
import {IProviderRegistry} from "../../contracts/registry/interfaces/IProviderRegistry.sol";

/// @title The next agent registry: the same with one more view
/// @dev Inherits its initializer, which has run. A real version is the next text of the same file.
/// @custom:oz-upgrades-unsafe-allow missing-initializer
contract AgentRegistryV2 is AgentRegistry {
    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor(IProviderRegistry registry) AgentRegistry(registry) {}

    function version() external pure returns (uint256) {
        return 2;
    }
}
