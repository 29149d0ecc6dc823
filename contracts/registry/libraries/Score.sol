// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";
import {MAX_BPS} from "../../shared/Bps.sol";
import {OFFENDED, ON_DUTY, TrackRecord} from "../types/Position.sol";
import {Heartbeat} from "./Heartbeat.sol";

/// @title Reliability of a position
/// @dev Over a record in memory. A score is in points of 1e5, 0 to 100e5: the weighted sum of five moving averages and of
/// age.
///
///     success 35 %, speed 20 %, uptime 15 %, security 15 %, peer 10 %, longevity 5 %
///
/// Longevity is not an average: it is age in whole days over two years, capped. A task moves an average by
///
///     (sample - average) x weight / 20        weight: 0 to 1, and all tasks of a day together at most 1
///
/// and from the seventh idle day on the averages decay towards where they started:
///
///     average(t) = 20 + (average - 20) x e^(-0.1 x weeks)
///
/// Every rounding is down, against the provider.
library Score {
    uint256 internal constant POINT = 1e5;
    uint256 internal constant MAX = 100 * POINT;

    /// @dev Where every average starts, and where it decays to.
    uint24 internal constant START = uint24(20 * POINT);

    uint256 internal constant FULL_AGE_DAYS = 730;

    /// @dev Idle time counts from here on after a task.
    uint256 internal constant GRACE = 7 days;

    uint256 private constant WHOLE = 100;
    /// @dev The longest step of an average is a twentieth of its distance; weights are in basis points.
    uint256 private constant STEP = 20 * MAX_BPS;
    /// @dev A tenth a week, per second, in 1e18; what it loses to rounding is 1e-13 a week.
    uint256 private constant DECAY_PER_WEEK = 0.1e18;

    /// @dev Begins the record of a position that becomes active for the first time; tasks done before stay counted.
    function begin(TrackRecord memory record, uint256 timestamp) internal pure {
        (record.success, record.speed, record.uptime) = (START, START, START);
        (record.security, record.peer) = (START, START);
        record.activatedDay = uint16(timestamp / 1 days); // until the year 2149
        record.idleFrom = uint32(timestamp + GRACE); // until the year 2106
        Heartbeat.begin(record, timestamp);
    }

    /// @dev Adds a task. A position that was never active only counts it.
    /// @param weight The task's part of a day's step, in basis points, at most {MAX_BPS}.
    /// @param success 0 to 100.
    /// @param speed 0 to 100.
    function add(
        TrackRecord memory record,
        uint256 weight,
        uint256 success,
        uint256 speed,
        uint256 timestamp
    ) internal pure {
        if (record.tasks != type(uint24).max) ++record.tasks;
        if (record.activatedDay == 0) return;

        decay(record, timestamp);
        weight = _useStep(record, weight, timestamp);
        record.success = _moved(record.success, success, weight);
        record.speed = _moved(record.speed, speed, weight);
        if (record.flags & ON_DUTY != 0) {
            Heartbeat.advance(record, timestamp);
            record.uptime = _moved(record.uptime, Heartbeat.uptime(record), weight);
        }
        record.security = _moved(record.security, record.flags & OFFENDED == 0 ? WHOLE : 0, weight);
        if (weight != 0) record.flags &= ~OFFENDED;
        record.idleFrom = uint32(timestamp + GRACE); // until the year 2106
    }

    /// @dev Adds a counterparty's rating, 0 to 100, with a weight in basis points.
    function addRating(TrackRecord memory record, uint256 weight, uint256 rating, uint256 timestamp) internal pure {
        decay(record, timestamp);
        record.peer = _moved(record.peer, rating, weight);
    }

    /// @dev Takes a penalty of whole points from each average, floor 0, and notes the offence.
    function penalize(TrackRecord memory record, uint256 penalty, uint256 timestamp) internal pure {
        decay(record, timestamp);
        penalty *= POINT;
        record.success = uint24(Math.saturatingSub(record.success, penalty));
        record.speed = uint24(Math.saturatingSub(record.speed, penalty));
        record.uptime = uint24(Math.saturatingSub(record.uptime, penalty));
        record.security = uint24(Math.saturatingSub(record.security, penalty));
        record.peer = uint24(Math.saturatingSub(record.peer, penalty));
        record.flags |= OFFENDED;
    }

    /// @dev Applies the decay of the idle time until `timestamp`, from when further idle time then counts.
    function decay(TrackRecord memory record, uint256 timestamp) internal pure {
        if (timestamp <= record.idleFrom) return;

        uint256 kept = _kept(timestamp - record.idleFrom);
        record.success = _decayed(record.success, kept);
        record.speed = _decayed(record.speed, kept);
        record.uptime = _decayed(record.uptime, kept);
        record.security = _decayed(record.security, kept);
        record.peer = _decayed(record.peer, kept);
        record.idleFrom = uint32(timestamp); // until the year 2106
    }

    /// @dev The score at `timestamp`, decayed; zero for a position that was never active. Changes the record in memory.
    function points(TrackRecord memory record, uint256 timestamp) internal pure returns (uint256) {
        if (record.activatedDay == 0) return 0;

        decay(record, timestamp);
        uint256 averages =
            35 * uint256(record.success) +
                20 * uint256(record.speed) +
                15 * (uint256(record.uptime) + record.security) +
                10 * uint256(record.peer);
        return (averages + 5 * _longevity(timestamp / 1 days - record.activatedDay)) / WHOLE;
    }

    /// @dev What is left of the step of the day of `timestamp`, at most `weight`, and notes it as used.
    function _useStep(TrackRecord memory record, uint256 weight, uint256 timestamp) private pure returns (uint256) {
        // A record never moved before begins with its activation's day, of which nothing is used yet.
        bool sameDay = (record.idleFrom - GRACE) / 1 days == timestamp / 1 days;
        uint256 used = sameDay ? record.stepUsed : 0;
        weight = Math.min(weight, MAX_BPS - used);
        record.stepUsed = uint16(used + weight); // at most MAX_BPS
        return weight;
    }

    /// @dev Gains are rounded down, losses up.
    function _moved(uint24 average, uint256 sample, uint256 weight) private pure returns (uint24) {
        sample = Math.min(sample, WHOLE) * POINT;
        return
            sample >= average
                ? uint24(average + ((sample - average) * weight) / STEP) // at most the sample
                : uint24(average - Math.ceilDiv((average - sample) * weight, STEP)); // at least the sample
    }

    /// @dev Averages below the start are raised by idleness as those above are lowered.
    function _decayed(uint24 average, uint256 kept) private pure returns (uint24) {
        return
            average >= START
                ? uint24(START + ((average - START) * kept) / 1e18)
                : uint24(START - Math.ceilDiv((START - average) * kept, 1e18));
    }

    /// @dev e^(-0.1 x weeks), in 1e18.
    function _kept(uint256 idle) private pure returns (uint256) {
        return uint256(FixedPointMathLib.expWad(-int256((idle * DECAY_PER_WEEK) / 1 weeks)));
    }

    function _longevity(uint256 ageDays) private pure returns (uint256) {
        return (MAX * Math.min(ageDays, FULL_AGE_DAYS)) / FULL_AGE_DAYS;
    }
}
