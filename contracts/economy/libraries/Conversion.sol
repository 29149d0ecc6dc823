// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Bps, MAX_BPS} from "../../shared/Bps.sol";
import {WashTradingLaw} from "./WashTradingLaw.sol";

/// @title The rates between OCTO and a role's token
/// @dev Pure. Rates are 1e18 for one; whatever is rounded is rounded against the caller.
///
///     target    demand x scarcity, 0.25 to 3.0; 1.0 if the finished epoch or one of the four before it was empty
///     demand    volume of the finished epoch / mean of the four before it, 0.5 to 2.0
///     scarcity  volume of the finished epoch / the highest of the last 13 / 0.70, 0.5 to 2.0
///     policy    moves towards the target by at most a tenth of itself an epoch
///     coverage  reserve / supply; 1.0 without supply
///     bid       the lower of policy and coverage
///     ask       the higher of policy and coverage, which counts at most 3.0, plus the spread
///
/// Why no swap lowers the coverage: a sale takes out at most the coverage a token, a purchase brings in at least as much;
/// only above 3.0 does a purchase bring less, and then at least 3.0.
library Conversion {
    uint256 internal constant ONE = 1e18;
    uint256 internal constant MAX_RATE = WashTradingLaw.MAX_RATE;
    uint256 internal constant LEAST_POLICY = 0.25e18;
    /// @dev A policy is kept in whole billionths.
    uint256 internal constant GRAIN = 1 gwei;
    /// @dev The volumes that a step looks at: the finished epoch's and those before it.
    uint256 internal constant WINDOW = 13;

    /// @dev A policy moves by at most this part of itself.
    uint256 private constant STEP_DIVISOR = 10;
    uint256 private constant EPOCHS_OF_MEAN = 4;
    uint256 private constant LEAST_FACTOR = 0.5e18;
    uint256 private constant MOST_FACTOR = 2e18;
    /// @dev The part of its highest volume at which a role is neither scarce nor idle.
    uint256 private constant AIMED_USE = 0.7e18;

    /// @dev The policy after one step for every epoch that has finished since.
    /// @param policy Before.
    /// @param volumes In wei of OCTO, the latest first: those of the finished epochs and 12 more.
    /// @return Now.
    function policyAfter(uint256 policy, uint256[] memory volumes) internal pure returns (uint256) {
        uint256 steps = volumes.length - (WINDOW - 1);
        uint256 highest;
        uint256 used; // how many epochs in a row had volume
        for (uint256 i = volumes.length; i != 0;) {
            unchecked {
                --i; // from the earliest to the latest
            }
            uint256 volume = volumes[i];
            highest = _highest(volumes, i, highest);
            unchecked {
                used = volume == 0 ? 0 : used + 1;
            }
            if (i >= steps) continue;
            uint256 aim = used > EPOCHS_OF_MEAN ? target(volume, _sumOfFour(volumes, i + 1), highest) : ONE;
            policy = step(policy, aim);
        }
        return policy;
    }

    /// @param volume Of the finished epoch, in wei of OCTO.
    /// @param sumOfFour Of the four epochs before it, in wei of OCTO; not 0.
    /// @param highest Of the last 13 epochs, in wei of OCTO; not 0.
    function target(uint256 volume, uint256 sumOfFour, uint256 highest) internal pure returns (uint256) {
        uint256 demand = _clamp((volume * EPOCHS_OF_MEAN * ONE) / sumOfFour, LEAST_FACTOR, MOST_FACTOR);
        // Volumes are below 2^94.
        uint256 scarcity = _clamp((volume * ONE * ONE) / (highest * AIMED_USE), LEAST_FACTOR, MOST_FACTOR);
        return _clamp((demand * scarcity) / ONE, LEAST_POLICY, MAX_RATE);
    }

    /// @dev One epoch's step from a policy in whole billionths to another one.
    function step(uint256 policy, uint256 aim) internal pure returns (uint256) {
        uint256 most = _whole(policy / STEP_DIVISOR);
        return _clamp(_whole(aim), policy - most, policy + most);
    }

    /// @param reserve In wei of OCTO.
    /// @param supply In wei of the role's token.
    /// @param rounding Down for who sells, up for who buys.
    function coverage(uint256 reserve, uint256 supply, Math.Rounding rounding) internal pure returns (uint256) {
        return supply == 0 ? ONE : Math.mulDiv(reserve, ONE, supply, rounding);
    }

    /// @return OCTO a role token, for who sells.
    function bid(uint256 policy, uint256 reserve, uint256 supply) internal pure returns (uint256) {
        return Math.min(policy, coverage(reserve, supply, Math.Rounding.Floor));
    }

    /// @return OCTO a role token, for who buys.
    function ask(uint256 policy, uint256 reserve, uint256 supply, Bps spread) internal pure returns (uint256) {
        uint256 covered = Math.min(coverage(reserve, supply, Math.Rounding.Ceil), MAX_RATE);
        return Math.mulDiv(Math.max(policy, covered), MAX_BPS + spread.toUint(), MAX_BPS, Math.Rounding.Ceil);
    }

    /// @return What of a reserve belongs to a part of the supply, in wei of OCTO, rounded down.
    function shareOf(uint256 reserve, uint256 part, uint256 supply) internal pure returns (uint256) {
        return part == 0 ? 0 : Math.mulDiv(reserve, part, supply);
    }

    /// @return What a reserve has more than the highest rate could ever pay, in wei of OCTO.
    function surplus(uint256 reserve, uint256 supply) internal pure returns (uint256) {
        return Math.saturatingSub(reserve, Math.mulDiv(supply, MAX_RATE, ONE, Math.Rounding.Ceil));
    }

    /// @dev The highest of the window that begins at `i`, given that of the window before it.
    function _highest(uint256[] memory volumes, uint256 i, uint256 highest) private pure returns (uint256) {
        if (volumes[i] >= highest) return volumes[i];
        uint256 left = i + WINDOW;
        // Unless the highest has just left, it is still in the window.
        if (left >= volumes.length || volumes[left] < highest) return highest;

        highest = 0;
        for (uint256 j = i; j < left; ++j) highest = Math.max(highest, volumes[j]);
        return highest;
    }

    function _sumOfFour(uint256[] memory volumes, uint256 first) private pure returns (uint256) {
        return volumes[first] + volumes[first + 1] + volumes[first + 2] + volumes[first + 3];
    }

    function _whole(uint256 rate) private pure returns (uint256) {
        return rate - (rate % GRAIN);
    }

    function _clamp(uint256 value, uint256 least, uint256 most) private pure returns (uint256) {
        return Math.max(Math.min(value, most), least);
    }
}
