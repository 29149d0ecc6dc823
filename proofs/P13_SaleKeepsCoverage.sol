// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {Conversion} from "../contracts/economy/libraries/Conversion.sol";
import {reached} from "./support/reached.sol";
import {show} from "./support/show.sol";

/// @notice A sale at the bid lowers no coverage and takes out no more than the reserve
/// @custom:library Conversion
contract P13_SaleKeepsCoverage {
    function prove(uint256 policy, uint256 reserve, uint256 supply, uint256 roleIn, uint256 out) external pure {
        require(policy <= Conversion.MAX_RATE && reserve < 2 ** 96 && supply < 2 ** 96 && roleIn <= supply);
        uint256 bid = Conversion.bid(policy, reserve, supply);
        show(bid * supply <= reserve * Conversion.ONE);
        require(out < 2 ** 98 && out * Conversion.ONE <= roleIn * bid); // what Reserves.sale rounds down to
        show((out * Conversion.ONE) * supply <= (roleIn * bid) * supply);
        show(roleIn * (bid * supply) <= roleIn * (reserve * Conversion.ONE));
        show((out * supply) * Conversion.ONE <= (roleIn * reserve) * Conversion.ONE);
        show(out * supply <= roleIn * reserve);
        show(out <= reserve);
        show((reserve - out) * supply >= reserve * (supply - roleIn));
        reached();
    }
}
