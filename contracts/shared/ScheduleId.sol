// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

/// @dev A fee schedule: the number of a row of EmissionSchedule. Rows count from 1 and never change; 0 is no schedule.
type ScheduleId is uint8;

using {bit} for ScheduleId global;

/// @dev The schedule's place in a set of schedules held as a bitmap.
function bit(ScheduleId schedule) pure returns (uint256) {
    return 1 << ScheduleId.unwrap(schedule);
}

/// @title The four fee schedules of genesis
library Schedules {
    ScheduleId internal constant SERVICE = ScheduleId.wrap(1);
    ScheduleId internal constant INFRASTRUCTURE = ScheduleId.wrap(2);
    ScheduleId internal constant DATA = ScheduleId.wrap(3);
    ScheduleId internal constant WHOLESALE = ScheduleId.wrap(4);
}
