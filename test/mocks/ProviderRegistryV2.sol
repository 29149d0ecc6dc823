// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {ProviderRegistry} from "../../contracts/registry/ProviderRegistry.sol";

/// @title The next provider registry: the same with one more view
/// @dev Inherits its initializer, which has run. A real version is the next text of the same file.
/// @custom:oz-upgrades-unsafe-allow missing-initializer
contract ProviderRegistryV2 is ProviderRegistry {
    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor(Peers memory peers_) ProviderRegistry(peers_) {}

    function version() external pure returns (uint256) {
        return 2;
    }
}
