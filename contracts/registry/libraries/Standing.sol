// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Score} from "./Score.sol";

/// @dev By OCTO bond, in multiples of the role's minimum: Basic 1, Standard 10, Professional 100, Enterprise 1000.
enum Tier {
    None,
    Basic,
    Standard,
    Professional,
    Enterprise
}

/// @dev By score: New 0 to 20, Bronze 21 to 40, Silver 41 to 60, Gold 61 to 80, Platinum 81 to 100.
enum Grade {
    New,
    Bronze,
    Silver,
    Gold,
    Platinum
}

/// @title What follows from a position's figures
/// @dev Pure functions: tier, grade, discount, capacity, cohort, routing weight.
library Standing {
    /// @dev Value in flight is at most this many times the OCTO bond.
    uint256 internal constant CAPACITY = 5;

    /// @dev A position stays active down to this share of the minimum.
    uint256 internal constant STAYS_ACTIVE_PERCENT = 80;

    uint256 private constant DISCOUNT_FROM = 75 * Score.POINT;
    uint256 private constant MAX_DISCOUNT_PERCENT = 30;

    uint256 private constant ROUTED_BOND = 10_000e18;
    uint256 private constant ROUTED_DAYS = 365;
    uint256 private constant ROUTED_TASKS = 1000;

    function tierOf(uint256 octoBond, uint256 minimum) internal pure returns (Tier) {
        if (minimum == 0 || octoBond < minimum) return Tier.None;
        if (octoBond < 10 * minimum) return Tier.Basic;
        if (octoBond < 100 * minimum) return Tier.Standard;
        if (octoBond < 1000 * minimum) return Tier.Professional;
        return Tier.Enterprise;
    }

    /// @dev A score between two whole numbers belongs to the lower grade until it exceeds that grade's last number.
    function gradeOf(uint256 score) internal pure returns (Grade) {
        if (score <= 20 * Score.POINT) return Grade.New;
        if (score <= 40 * Score.POINT) return Grade.Bronze;
        if (score <= 60 * Score.POINT) return Grade.Silver;
        if (score <= 80 * Score.POINT) return Grade.Gold;
        return Grade.Platinum;
    }

    /// @dev The first hundred activations of a role are cohort 1, the next 400 cohort 2, the next 1,000 cohort 3; later
    /// ones, and who was never active, are in none.
    function cohortOf(uint256 ordinal) internal pure returns (uint256) {
        if (ordinal == 0 || ordinal > 1_500) return 0;
        if (ordinal <= 100) return 1;
        return ordinal <= 500 ? 2 : 3;
    }

    /// @dev A minimum less the discount for the score: none at 75, falling linearly to 30 % off at 100; rounded up.
    function discounted(uint256 minimum, uint256 score) internal pure returns (uint256) {
        uint256 above = Math.saturatingSub(score, DISCOUNT_FROM);
        uint256 range = Score.MAX - DISCOUNT_FROM;
        return minimum - (minimum * MAX_DISCOUNT_PERCENT * above) / (100 * range);
    }

    /// @dev The bond that work in flight keeps locked: a fifth of it, rounded up.
    function lockedBy(uint256 valueInFlight) internal pure returns (uint256) {
        return Math.ceilDiv(valueInFlight, CAPACITY);
    }

    /// @dev 0.4 x score + 0.3 x bond up to 10,000 OCTO + 0.2 x age up to a year + 0.1 x tasks up to 1,000, each of them 0 to
    /// 100, in points of 1e5; rounded down.
    function routingWeight(
        uint256 score,
        uint256 octoBond,
        uint256 ageDays,
        uint256 tasks
    ) internal pure returns (uint256) {
        uint256 bondPart = (Score.MAX * Math.min(octoBond, ROUTED_BOND)) / ROUTED_BOND;
        uint256 agePart = (Score.MAX * Math.min(ageDays, ROUTED_DAYS)) / ROUTED_DAYS;
        uint256 taskPart = (Score.MAX * Math.min(tasks, ROUTED_TASKS)) / ROUTED_TASKS;
        return (4 * score + 3 * bondPart + 2 * agePart + taskPart) / 10;
    }
}
