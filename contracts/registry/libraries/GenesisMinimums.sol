// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {IProviderRegistry} from "../interfaces/IProviderRegistry.sol";

/// @dev How many roles there are at genesis.
uint256 constant GENESIS_ROLES = 8;

/// @title The smallest bonds of the eight roles of genesis
/// @dev Constants of the protocol; a role made later brings its own.
library GenesisMinimums {
    /// @dev In the order of role ids: A S B O W D M N.
    function table() internal pure returns (IProviderRegistry.Minimum[GENESIS_ROLES] memory) {
        return
            [
                IProviderRegistry.Minimum({octo: 1_000e18, roleTokens: 500e18}),
                IProviderRegistry.Minimum({octo: 500e18, roleTokens: 1_000e18}),
                IProviderRegistry.Minimum({octo: 300e18, roleTokens: 200e18}),
                IProviderRegistry.Minimum({octo: 2_000e18, roleTokens: 500e18}),
                IProviderRegistry.Minimum({octo: 5_000e18, roleTokens: 1_000e18}),
                IProviderRegistry.Minimum({octo: 200e18, roleTokens: 100e18}),
                IProviderRegistry.Minimum({octo: 100e18, roleTokens: 50e18}),
                IProviderRegistry.Minimum({octo: 1_500e18, roleTokens: 500e18})
            ];
    }
}
