// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

/// @dev The most one lane of a position can hold, so that both lanes and the terms share a slot.
uint256 constant MAX_BOND = 300_000_000e18;

/// @dev One account in one role, in two slots: what a hire, a bond and an unbond read, and what a settlement writes.
/// @param octoBond OCTO lane, in wei; at most {MAX_BOND}. (Slot 0.)
/// @param roleBond Role-token lane, in wei; at most {MAX_BOND}.
/// @param state What holds for the position; see {PositionState}.
/// @param ordinal The number of its first activation among those of its role, from 1; 65,535 for that and all later ones.
/// @param maxBudget Standing terms: the largest budget that binds without a signature, in whole OCTO; 0 for none.
/// @param minDuration Standing terms: the shortest time for the work, in minutes.
/// @param record The history. (Slot 1.)
struct Position {
    uint88 octoBond;
    uint88 roleBond;
    PositionState state;
    uint16 ordinal;
    uint40 maxBudget;
    uint16 minDuration;
    TrackRecord record;
}

/// @dev What holds for a position, as a set of flags.
type PositionState is uint8;

using {has, with, without} for PositionState global;

/// @dev It takes new work.
uint8 constant ACTIVE = 0x01;
/// @dev It lost half of a bond in 180 days and stays inactive until governance lifts it.
uint8 constant SUSPENDED = 0x02;
/// @dev It has asked for an exit once; without it a slash looks for none.
uint8 constant EXITING = 0x04;
/// @dev A dispute has frozen a part of its bond.
uint8 constant DISPUTED = 0x08;
/// @dev Somebody has delegated to it; from then on a slash of its OCTO lane asks the pools.
uint8 constant POOLED = 0x10;

function has(PositionState state, uint8 flag) pure returns (bool) {
    return PositionState.unwrap(state) & flag != 0;
}

function with(PositionState state, uint8 flag) pure returns (PositionState) {
    return PositionState.wrap(PositionState.unwrap(state) | flag);
}

function without(PositionState state, uint8 flag) pure returns (PositionState) {
    return PositionState.wrap(PositionState.unwrap(state) & ~flag);
}

/// @dev What a settlement reads and writes, in one slot.
/// @param success Moving average of accepted work, in points of 1e5.
/// @param speed Moving average of the time left, in points of 1e5.
/// @param uptime Moving average of heartbeats made over those due, in points of 1e5.
/// @param security Moving average of tasks without an offence before them, in points of 1e5.
/// @param peer Moving average of the counterparties' ratings, in points of 1e5.
/// @param activatedDay The day since 1970 on which the position first became active; 0 if never.
/// @param idleFrom From when idle time counts, Unix seconds: seven days after the last task.
/// @param tasks Recorded tasks; stays at its largest value.
/// @param stepUsed What the tasks of the day of the last task have used of that day's one step, in basis points.
/// @param beatWindow The window of heartbeats for which `beats` holds; see {Heartbeat}.
/// @param beats The heartbeats of that window (bit 0) and of the 21 before it.
/// @param flags What holds for the record; see the constants below.
struct TrackRecord {
    uint24 success;
    uint24 speed;
    uint24 uptime;
    uint24 security;
    uint24 peer;
    uint16 activatedDay;
    uint32 idleFrom;
    uint24 tasks;
    uint16 stepUsed;
    uint16 beatWindow;
    uint24 beats;
    uint8 flags;
}

/// @dev Heartbeats are due.
uint8 constant ON_DUTY = 0x01;
/// @dev There was an offence since the last task.
uint8 constant OFFENDED = 0x02;
/// @dev Somebody delegates to the position: a settlement asks the pools for their cut.
uint8 constant DELEGATED = 0x04;
