// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";
import {Heartbeat} from "../../contracts/registry/libraries/Heartbeat.sol";
import {Score} from "../../contracts/registry/libraries/Score.sol";
import {Grade, Standing, Tier} from "../../contracts/registry/libraries/Standing.sol";
import {TrackRecord} from "../../contracts/registry/types/Position.sol";

/// @title The libraries of the registry behind a door: a record goes in, and comes out as they left it
contract ScoreHarness {
    function begin(TrackRecord memory record, uint256 timestamp) external pure returns (TrackRecord memory) {
        Score.begin(record, timestamp);
        return record;
    }

    function add(
        TrackRecord memory record,
        uint256 weight,
        uint256 success,
        uint256 speed,
        uint256 timestamp
    ) external pure returns (TrackRecord memory) {
        Score.add(record, weight, success, speed, timestamp);
        return record;
    }

    function addRating(
        TrackRecord memory record,
        uint256 weight,
        uint256 rating,
        uint256 timestamp
    ) external pure returns (TrackRecord memory) {
        Score.addRating(record, weight, rating, timestamp);
        return record;
    }

    function penalize(
        TrackRecord memory record,
        uint256 penalty,
        uint256 timestamp
    ) external pure returns (TrackRecord memory) {
        Score.penalize(record, penalty, timestamp);
        return record;
    }

    function decay(TrackRecord memory record, uint256 timestamp) external pure returns (TrackRecord memory) {
        Score.decay(record, timestamp);
        return record;
    }

    function points(TrackRecord memory record, uint256 timestamp) external pure returns (uint256) {
        return Score.points(record, timestamp);
    }

    /// @dev What the decay is made of, which no average shows to all of its digits.
    function expWad(int256 x) external pure returns (int256) {
        return FixedPointMathLib.expWad(x);
    }

    function windowAt(uint256 timestamp) external pure returns (uint256) {
        return Heartbeat.windowAt(timestamp);
    }

    function endOf(uint256 window) external pure returns (uint256) {
        return Heartbeat.endOf(window);
    }

    function advance(TrackRecord memory record, uint256 timestamp) external pure returns (TrackRecord memory) {
        Heartbeat.advance(record, timestamp);
        return record;
    }

    function beat(TrackRecord memory record, uint256 timestamp) external pure returns (TrackRecord memory) {
        Heartbeat.beat(record, timestamp);
        return record;
    }

    function setDuty(TrackRecord memory record, bool on, uint256 timestamp) external pure returns (TrackRecord memory) {
        Heartbeat.setDuty(record, on, timestamp);
        return record;
    }

    function uptime(TrackRecord memory record) external pure returns (uint256) {
        return Heartbeat.uptime(record);
    }

    function missed(TrackRecord memory record, uint256 window) external pure returns (bool) {
        return Heartbeat.missed(record, window);
    }

    function tierOf(uint256 octoBond, uint256 minimum) external pure returns (Tier) {
        return Standing.tierOf(octoBond, minimum);
    }

    function gradeOf(uint256 score) external pure returns (Grade) {
        return Standing.gradeOf(score);
    }

    function cohortOf(uint256 ordinal) external pure returns (uint256) {
        return Standing.cohortOf(ordinal);
    }

    function discounted(uint256 minimum, uint256 score) external pure returns (uint256) {
        return Standing.discounted(minimum, score);
    }

    function lockedBy(uint256 valueInFlight) external pure returns (uint256) {
        return Standing.lockedBy(valueInFlight);
    }

    function routingWeight(
        uint256 score,
        uint256 octoBond,
        uint256 ageDays,
        uint256 tasks
    ) external pure returns (uint256) {
        return Standing.routingWeight(score, octoBond, ageDays, tasks);
    }
}
