// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

/// @dev One account in one role, in two slots: what a hire, a bond and an unbond read, and what a settlement writes.
/// @param octoBond OCTO lane, in wei. (Slot 0.)
/// @param roleBond Role-token lane, in wei.
/// @param active Takes new work.
/// @param maxBudget Standing terms: the largest budget that binds without a signature, in whole OCTO; 0 for none.
/// @param minDuration Standing terms: the shortest time for the work, in minutes.
/// @param record The history. (Slot 1.)
struct Position {
    uint96 octoBond;
    uint96 roleBond;
    bool active;
    uint40 maxBudget;
    uint16 minDuration;
    TrackRecord record;
}

/// @dev What a settlement reads and writes, in one slot. 40 bits are left for the step already made today.
/// @param success Moving average of accepted work, in points of 1e5.
/// @param speed Moving average of the time left, in points of 1e5.
/// @param uptime Moving average of heartbeats or proofs made over those due, in points of 1e5.
/// @param security Moving average of tasks without an offence, in points of 1e5.
/// @param peer Moving average of the counterparties' ratings, in points of 1e5.
/// @param activatedAt When the position first became active; 0 if never.
/// @param lastTaskAt When the last task was recorded.
/// @param tasks Settled tasks.
struct TrackRecord {
    uint24 success;
    uint24 speed;
    uint24 uptime;
    uint24 security;
    uint24 peer;
    uint32 activatedAt;
    uint32 lastTaskAt;
    uint32 tasks;
}
