// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ProviderRegistry} from "../../contracts/registry/ProviderRegistry.sol";

/// @title The next provider registry: the same with one more view
/// @dev Inherits its initializer, which has run. A real version is the next text of the same file.
/// @custom:oz-upgrades-unsafe-allow missing-initializer
contract ProviderRegistryV2 is ProviderRegistry {
    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor(IERC20 octo, address roleTokens, address settlement) ProviderRegistry(octo, roleTokens, settlement) {}

    function version() external pure returns (uint256) {
        return 2;
    }
}
