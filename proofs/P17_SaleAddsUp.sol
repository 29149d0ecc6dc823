// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {Conversion} from "../contracts/economy/libraries/Conversion.sol";
import {Reserves} from "../contracts/economy/libraries/Reserves.sol";
import {Sale} from "../contracts/economy/types/Reserve.sol";
import {reached} from "./support/reached.sol";
import {show} from "./support/show.sol";

/// @notice What the seller receives and the exit fee are together the tokens at the bid, rounded down, and the fee is at most a twentieth of it and a wei
/// @custom:library Reserves
contract P17_SaleAddsUp {
    function prove(uint256 bid, uint96 roleIn, uint96 earnings) external pure {
        require(bid <= Conversion.MAX_RATE);
        uint256 unearned = earnings < roleIn ? roleIn - earnings : 0;
        show(unearned * bid <= roleIn * bid);
        Sale memory due = Reserves.saleAt(bid, roleIn, earnings);
        show(due.octoOut + due.fee == (roleIn * bid) / Conversion.ONE);
        show(due.fee * 20 <= (roleIn * bid) / Conversion.ONE + 19);
        reached();
    }
}
