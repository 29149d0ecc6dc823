// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {Conversion} from "../contracts/economy/libraries/Conversion.sol";
import {Reserves} from "../contracts/economy/libraries/Reserves.sol";
import {Reserve, Sale} from "../contracts/economy/types/Reserve.sol";
import {reached} from "./support/reached.sol";
import {show} from "./support/show.sol";

/// @notice What the seller receives and the exit fee are together the value of the sale
/// @custom:library Reserves
contract P17_SaleAddsUp {
    function prove(
        uint96 supply,
        uint96 held,
        uint96 earmarked,
        uint256 policy,
        uint96 roleIn,
        uint96 earnings
    ) external pure {
        require(policy <= Conversion.MAX_RATE);
        Reserve memory reserve;
        (reserve.supply, reserve.held, reserve.earmarked, reserve.policy) = (supply, held, earmarked, policy);
        Sale memory due = Reserves.sale(reserve, roleIn, earnings);
        uint256 bid = Conversion.bid(policy, uint256(held) + earmarked, supply);
        show(due.octoOut + due.fee == (uint256(roleIn) * bid) / Conversion.ONE);
        reached();
    }
}
