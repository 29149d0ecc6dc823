// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {TrackRecord} from "../types/Position.sol";

/// @title Reliability of a position
/// @dev Pure. A score is in points of 1e5, 0 to 100e5: the weighted sum of five moving averages and of age.
///
///     success 35 %, speed 20 %, uptime 15 %, security 15 %, peer 10 %, longevity 5 %
///
/// Longevity is not an average: it is age over two years, capped.
library Score {
    uint256 internal constant POINT = 1e5;
    uint256 internal constant MAX = 100 * POINT;

    /// @dev Where every average starts.
    uint24 internal constant START = uint24(20 * POINT);

    uint256 internal constant FULL_AGE = 730 days;

    uint256 private constant WHOLE = 100;

    /// @dev The record of a position that becomes active for the first time.
    function fresh(uint256 timestamp) internal pure returns (TrackRecord memory) {
        return
            TrackRecord({
                success: START,
                speed: START,
                uptime: START,
                security: START,
                peer: START,
                activatedAt: uint32(timestamp), // until the year 2106
                lastTaskAt: 0,
                tasks: 0
            });
    }

    /// @dev Rounded down; zero for a position that was never active.
    function points(TrackRecord memory record, uint256 timestamp) internal pure returns (uint256) {
        if (record.activatedAt == 0) return 0;

        uint256 averages =
            35 * uint256(record.success) +
                20 * uint256(record.speed) +
                15 * (uint256(record.uptime) + record.security) +
                10 * uint256(record.peer);
        return (averages + 5 * _longevity(timestamp - record.activatedAt)) / WHOLE;
    }

    function _longevity(uint256 age) private pure returns (uint256) {
        return (MAX * Math.min(age, FULL_AGE)) / FULL_AGE;
    }
}
