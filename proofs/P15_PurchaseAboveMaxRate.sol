// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Conversion} from "../contracts/economy/libraries/Conversion.sol";
import {Bps} from "../contracts/shared/Bps.sol";
import {reached} from "./support/reached.sol";
import {show} from "./support/show.sol";

/// @notice A purchase from a coverage above 3.0 leaves at least 3.0
/// @custom:library Conversion
contract P15_PurchaseAboveMaxRate {
    function prove(
        uint256 policy,
        uint256 reserve,
        uint256 supply,
        Bps spread,
        uint256 octoIn,
        uint256 out
    ) external pure {
        require(0 < policy && policy <= Conversion.MAX_RATE);
        require(0 < supply && supply < 2 ** 96 && 3 * supply <= reserve && reserve < 2 ** 98);
        require(octoIn < 2 ** 96 && out < 2 ** 96);
        uint256 coverage = Conversion.coverage(reserve, supply, Math.Rounding.Ceil);
        show(Conversion.MAX_RATE * supply <= coverage * supply);
        show(Conversion.MAX_RATE <= coverage);
        uint256 ask = Conversion.ask(policy, reserve, supply, spread);
        show(Conversion.MAX_RATE <= ask);
        require(out * ask <= octoIn * Conversion.ONE); // what Reserves.bought rounds down to
        show(out * Conversion.MAX_RATE <= out * ask);
        show(3 * (supply + out) <= reserve + octoIn);
        reached();
    }
}
