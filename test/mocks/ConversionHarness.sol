// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Conversion} from "../../contracts/economy/libraries/Conversion.sol";
import {Bps} from "../../contracts/shared/Bps.sol";

/// @title The library of the rates behind a door, so that a test can call it
contract ConversionHarness {
    function policyAfter(uint256 policy, uint256[] memory volumes) external pure returns (uint256) {
        return Conversion.policyAfter(policy, volumes);
    }

    function aim(uint256 volume, uint256 sumOfFour, uint256 highest) external pure returns (uint256) {
        return Conversion.target(volume, sumOfFour, highest);
    }

    function step(uint256 policy, uint256 towards) external pure returns (uint256) {
        return Conversion.step(policy, towards);
    }

    function coverage(uint256 reserve, uint256 supply, bool up) external pure returns (uint256) {
        return Conversion.coverage(reserve, supply, up ? Math.Rounding.Ceil : Math.Rounding.Floor);
    }

    function bid(uint256 policy, uint256 reserve, uint256 supply) external pure returns (uint256) {
        return Conversion.bid(policy, reserve, supply);
    }

    function ask(uint256 policy, uint256 reserve, uint256 supply, Bps spread) external pure returns (uint256) {
        return Conversion.ask(policy, reserve, supply, spread);
    }

    function surplus(uint256 reserve, uint256 supply) external pure returns (uint256) {
        return Conversion.surplus(reserve, supply);
    }
}
