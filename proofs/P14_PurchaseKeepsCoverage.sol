// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Conversion} from "../contracts/economy/libraries/Conversion.sol";
import {Bps} from "../contracts/shared/Bps.sol";
import {reached} from "./support/reached.sol";
import {show} from "./support/show.sol";

/// @notice A purchase at the ask lowers no coverage that is at most 3.0
/// @custom:library Conversion
contract P14_PurchaseKeepsCoverage {
    function prove(
        uint256 policy,
        uint256 reserve,
        uint256 supply,
        Bps spread,
        uint256 octoIn,
        uint256 out
    ) external pure {
        require(0 < policy && policy <= Conversion.MAX_RATE);
        require(reserve < 2 ** 96 && 0 < supply && supply < 2 ** 96 && octoIn < 2 ** 96 && out < 2 ** 96);
        uint256 coverage = Conversion.coverage(reserve, supply, Math.Rounding.Ceil);
        show(reserve * Conversion.ONE <= coverage * supply);
        require(coverage <= Conversion.MAX_RATE);
        uint256 ask = Conversion.ask(policy, reserve, supply, spread);
        require(out * ask <= octoIn * Conversion.ONE); // what Reserves.bought rounds down to
        show(coverage <= ask);
        show(coverage * supply <= ask * supply);
        show(out * (reserve * Conversion.ONE) <= out * (ask * supply));
        show((out * ask) * supply <= (octoIn * Conversion.ONE) * supply);
        show(out * reserve <= octoIn * supply);
        show((reserve + octoIn) * supply >= reserve * (supply + out));
        reached();
    }
}
