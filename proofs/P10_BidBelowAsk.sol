// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Conversion} from "../contracts/economy/libraries/Conversion.sol";
import {Bps} from "../contracts/shared/Bps.sol";
import {reached} from "./support/reached.sol";
import {show} from "./support/show.sol";

/// @notice The bid is at most the policy, the coverage, 3.0 and the ask, and the ask at least the policy
/// @custom:library Conversion
contract P10_BidBelowAsk {
    function prove(uint256 policy, uint96 reserve, uint96 supply, Bps spread) external pure {
        require(policy <= Conversion.MAX_RATE);
        uint256 bid = Conversion.bid(policy, reserve, supply);
        show(bid <= policy);
        show(bid <= Conversion.MAX_RATE);
        show(bid <= Conversion.coverage(reserve, supply, Math.Rounding.Floor));
        uint256 ask = Conversion.ask(policy, reserve, supply, spread);
        show(policy <= ask);
        show(bid <= ask);
        reached();
    }
}
