// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {JobMarket} from "../../contracts/market/JobMarket.sol";

/// @title The next job market: the same with one more view
/// @dev Inherits its initializer, which has run. A real version is the next text of the same file.
/// @custom:oz-upgrades-unsafe-allow missing-initializer
contract JobMarketV2 is JobMarket {
    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor(Peers memory peers_, address annex_) JobMarket(peers_, annex_) {}

    function version() external pure returns (uint256) {
        return 2;
    }
}
