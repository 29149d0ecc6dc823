// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {RoleId} from "../../shared/RoleId.sol";
import {ScheduleId} from "../../shared/ScheduleId.sol";

/// @dev The first six are numbered as ERC-8183 has them; a job exists when its client is not zero. `Declined`: the client
/// rejects the work, and the provider accepts that or disputes it. `Disputed`: an arbiter decides.
enum JobStatus {
    Open,
    Funded,
    Submitted,
    Completed,
    Rejected,
    Expired,
    Declined,
    Disputed
}

/// @dev All that is small about a job, in 24 bits, so that a job fits three slots: status (bits 0 to 2), flags (3 to 6),
/// speed 0 to 100 plus 1, or 0 while nothing was submitted (7 to 13), role (14 to 18), fee schedule (19 to 23). Roles and
/// schedules are numbered up to 31, for the vault keeps them in bitmaps of 32 bits.
type JobState is uint24;

using {status, withStatus, has, with, isHandedIn, speed, withSpeed, role, schedule} for JobState global;

/// @dev The provider has consented: the job binds it.
uint24 constant BOUND = 0x08;
/// @dev An evaluator who is neither party was named.
uint24 constant EVALUATED = 0x10;
/// @dev An orchestrator was named.
uint24 constant ORCHESTRATED = 0x20;
/// @dev There is a row of {Extras}.
uint24 constant EXTENDED = 0x40;

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

/// @dev Whether the work was submitted, however the job ended.
function isHandedIn(JobState state) pure returns (bool) {
    return (JobState.unwrap(state) >> SPEED_SHIFT) & SPEED_MASK != 0;
}

/// @dev 0 as well while nothing was submitted.
function speed(JobState state) pure returns (uint8) {
    uint24 plusOne = (JobState.unwrap(state) >> SPEED_SHIFT) & SPEED_MASK;
    return plusOne == 0 ? 0 : uint8(plusOne - 1);
}

/// @dev Set once, at submission; at most 100.
function withSpeed(JobState state, uint256 points) pure returns (JobState) {
    return JobState.wrap(JobState.unwrap(state) | (uint24(points + 1) << SPEED_SHIFT));
}

function role(JobState state) pure returns (RoleId) {
    return RoleId.wrap(uint8((JobState.unwrap(state) >> ROLE_SHIFT) & ID_MASK));
}

function schedule(JobState state) pure returns (ScheduleId) {
    return ScheduleId.wrap(uint8((JobState.unwrap(state) >> SCHEDULE_SHIFT) & ID_MASK));
}

/// @dev Three slots. Evaluator, orchestrator, extras and hook take one each, only when there are any.
/// @param client Who pays; of a child job the parent's provider. (Slot 0.)
/// @param budget What is in escrow, in wei of OCTO; while Open, what was proposed; once Completed, what was settled.
/// @param provider Who does the work. (Slot 1.)
/// @param deadline The last second to submit.
/// @param markAt While Funded, when it was funded; while Submitted, the last second of the review; while Declined, the last
/// second of the provider's answer; once Completed, from when the time to rate it counts.
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

/// @dev What only some jobs have. One slot.
/// @param agentId The provider's agent that was hired; 0 if none was named.
/// @param parent The job out of whose escrow this one was paid; 0 for a job of its own.
/// @param forChildren What of the escrow may still become child jobs, in wei of OCTO.
/// @param depth 0 for a job of its own, 1 for its children, and so on.
/// @param children How many child jobs it ever had.
/// @param hooked Whether it has a hook.
struct Extras {
    uint64 agentId;
    uint64 parent;
    uint96 forChildren;
    uint8 depth;
    uint8 children;
    bool hooked;
}
