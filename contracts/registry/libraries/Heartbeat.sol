// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {LibBit} from "solady/src/utils/LibBit.sol";
import {ON_DUTY, TrackRecord} from "../types/Position.sol";

/// @title Heartbeats of a position
/// @dev Over a record in memory. Time is cut into windows of eight hours; a provider on duty beats once in each. A bit a
/// window, the current one lowest: 1 if it was beaten or not due, 0 if it was missed. Windows before duty began, or
/// between two times of duty, were not due.
library Heartbeat {
    uint256 internal constant WINDOW = 8 hours;

    /// @dev Windows are counted from 2026-01-01T00:00Z, so that 16 bits last until the year 2085.
    uint256 internal constant ORIGIN = 1_767_225_600;

    /// @dev Finished windows that are remembered: seven days.
    uint256 internal constant REMEMBERED = 21;

    uint256 private constant MASK = (1 << (REMEMBERED + 1)) - 1;
    uint256 private constant FULL = 100;

    /// @dev The number of the window in which `timestamp` lies; 0 for all time before the origin.
    function windowAt(uint256 timestamp) internal pure returns (uint256) {
        return Math.saturatingSub(timestamp, ORIGIN) / WINDOW;
    }

    /// @dev When a window ends.
    function endOf(uint256 window) internal pure returns (uint256) {
        return ORIGIN + (window + 1) * WINDOW;
    }

    /// @dev A record with no window due yet.
    function begin(TrackRecord memory record, uint256 timestamp) internal pure {
        record.beatWindow = uint16(windowAt(timestamp)); // until the year 2085
        record.beats = uint24(MASK);
    }

    /// @dev Notes the windows that have begun since: missed so far if on duty, else not due.
    function advance(TrackRecord memory record, uint256 timestamp) internal pure {
        uint256 window = windowAt(timestamp);
        uint256 passed = window - record.beatWindow;
        if (passed == 0) return;

        uint256 notDue = record.flags & ON_DUTY == 0 ? MASK : 0;
        record.beats =
            passed > REMEMBERED
                ? uint24(notDue)
                : uint24(((uint256(record.beats) << passed) | (notDue & ((1 << passed) - 1))) & MASK);
        record.beatWindow = uint16(window); // until the year 2085
    }

    /// @dev Notes a heartbeat in the current window.
    function beat(TrackRecord memory record, uint256 timestamp) internal pure {
        advance(record, timestamp);
        record.beats |= 1;
    }

    /// @dev Begins or ends the duty. The current window is not due in either case.
    function setDuty(TrackRecord memory record, bool on, uint256 timestamp) internal pure {
        beat(record, timestamp);
        record.flags = on ? record.flags | ON_DUTY : record.flags & ~ON_DUTY;
    }

    /// @dev Windows of the last seven days that were not missed, of all that are remembered, 0 to 100, rounded down. The
    /// record must have been advanced.
    function uptime(TrackRecord memory record) internal pure returns (uint256) {
        return (LibBit.popCount(record.beats >> 1) * FULL) / REMEMBERED;
    }

    /// @dev Whether a finished window was missed; false beyond what is remembered. The record must have been advanced.
    function missed(TrackRecord memory record, uint256 window) internal pure returns (bool) {
        if (window >= record.beatWindow || record.beatWindow - window > REMEMBERED) return false;

        return (record.beats >> (record.beatWindow - window)) & 1 == 0;
    }
}
