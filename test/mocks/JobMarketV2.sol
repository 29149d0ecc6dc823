// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {ISettlement} from "../../contracts/economy/interfaces/ISettlement.sol";
import {JobMarket} from "../../contracts/market/JobMarket.sol";
import {IProviderRegistry} from "../../contracts/registry/interfaces/IProviderRegistry.sol";
import {IOctoToken} from "../../contracts/tokens/interfaces/IOctoToken.sol";

/// @title The next job market: the same with one more view
/// @dev Inherits its initializer, which has run. A real version is the next text of the same file.
/// @custom:oz-upgrades-unsafe-allow missing-initializer
contract JobMarketV2 is JobMarket {
    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor(
        IOctoToken octo,
        ISettlement settlement_,
        IProviderRegistry registry
    ) JobMarket(octo, settlement_, registry) {}

    function version() external pure returns (uint256) {
        return 2;
    }
}
