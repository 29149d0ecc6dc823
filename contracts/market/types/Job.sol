// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {RoleId} from "../../shared/RoleId.sol";
import {ScheduleId} from "../../shared/ScheduleId.sol";

/// @dev Numbered as ERC-8183 has it; a job exists when its client is not zero.
enum JobStatus {
    Open,
    Funded,
    Submitted,
    Completed,
    Rejected,
    Expired
}

/// @dev All that is small about a job, in 24 bits, so that a job fits three slots:
/// status (bits 0 to 2), flags (3 to 6), speed 0 to 100 (7 to 13), role (14 to 18), fee schedule (19 to 23). Roles and
/// schedules are numbered up to 31, for the vault keeps them in bitmaps of 32 bits.
type JobState is uint24;

using {status, withStatus, has, with, speed, withSpeed, role, schedule} for JobState global;

/// @dev The work was submitted, however the job ended.
uint24 constant HANDED_IN = 0x08;
/// @dev The provider has consented: the job binds it.
uint24 constant BOUND = 0x10;
/// @dev An evaluator who is neither party was named.
uint24 constant EVALUATED = 0x20;
/// @dev An orchestrator was named.
uint24 constant ORCHESTRATED = 0x40;

uint24 constant STATUS_MASK = 0x07;
uint24 constant SPEED_SHIFT = 7;
uint24 constant SPEED_MASK = 0x7f;
uint24 constant ROLE_SHIFT = 14;
uint24 constant SCHEDULE_SHIFT = 19;
uint24 constant ID_MASK = 0x1f;

/// @dev An Open job of this role, to settle under this schedule.
function newJobState(RoleId role_, ScheduleId schedule_, uint24 flags) pure returns (JobState) {
    uint24 ids =
        (uint24(RoleId.unwrap(role_) & ID_MASK) << ROLE_SHIFT) |
            (uint24(ScheduleId.unwrap(schedule_) & ID_MASK) << SCHEDULE_SHIFT);
    return JobState.wrap(ids | flags);
}

function status(JobState state) pure returns (JobStatus) {
    return JobStatus(JobState.unwrap(state) & STATUS_MASK);
}

function withStatus(JobState state, JobStatus newStatus) pure returns (JobState) {
    return JobState.wrap((JobState.unwrap(state) & ~STATUS_MASK) | uint24(newStatus));
}

function with(JobState state, uint24 flag) pure returns (JobState) {
    return JobState.wrap(JobState.unwrap(state) | flag);
}

function has(JobState state, uint24 flag) pure returns (bool) {
    return JobState.unwrap(state) & flag != 0;
}

function speed(JobState state) pure returns (uint8) {
    return uint8((JobState.unwrap(state) >> SPEED_SHIFT) & SPEED_MASK);
}

/// @dev Set once, at submission; at most 100.
function withSpeed(JobState state, uint256 points) pure returns (JobState) {
    return JobState.wrap(JobState.unwrap(state) | (uint24(points) << SPEED_SHIFT));
}

function role(JobState state) pure returns (RoleId) {
    return RoleId.wrap(uint8((JobState.unwrap(state) >> ROLE_SHIFT) & ID_MASK));
}

function schedule(JobState state) pure returns (ScheduleId) {
    return ScheduleId.wrap(uint8((JobState.unwrap(state) >> SCHEDULE_SHIFT) & ID_MASK));
}

/// @dev Three slots. Evaluator and orchestrator take one each, only when they are named.
/// @param client Who pays. (Slot 0.)
/// @param budget What was locked, in wei of OCTO; while Open, what was proposed.
/// @param provider Who does the work. (Slot 1.)
/// @param deadline The last second to submit.
/// @param markAt While Funded, when it was funded; from Submitted on, the last second of the review.
/// @param reviewHours The length of the review, frozen at funding.
/// @param state Status, flags, speed, role and fee schedule.
/// @param terms The hash of what was agreed. (Slot 2.)
struct Job {
    address client;
    uint96 budget;
    address provider;
    uint32 deadline;
    uint32 markAt;
    uint8 reviewHours;
    JobState state;
    bytes32 terms;
}
