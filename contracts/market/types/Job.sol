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

/// @dev A job's status (low three bits) and what else was agreed for it (the other bits), in one byte.
type JobState is uint8;

using {status, withStatus, has, with} for JobState global;

/// @dev The work was submitted, however the job ended.
uint8 constant HANDED_IN = 0x08;
/// @dev The provider has consented: the job binds it.
uint8 constant BOUND = 0x10;
/// @dev An evaluator who is neither party was named.
uint8 constant EVALUATED = 0x20;
/// @dev An orchestrator was named.
uint8 constant ORCHESTRATED = 0x40;

uint8 constant STATUS_MASK = 0x07;

function status(JobState state) pure returns (JobStatus) {
    return JobStatus(JobState.unwrap(state) & STATUS_MASK);
}

function withStatus(JobState state, JobStatus newStatus) pure returns (JobState) {
    return JobState.wrap((JobState.unwrap(state) & ~STATUS_MASK) | uint8(newStatus));
}

function with(JobState state, uint8 flag) pure returns (JobState) {
    return JobState.wrap(JobState.unwrap(state) | flag);
}

function has(JobState state, uint8 flag) pure returns (bool) {
    return JobState.unwrap(state) & flag != 0;
}

/// @dev Three slots. Evaluator and orchestrator take one each, only when they are named.
/// @param client Who pays. (Slot 0.)
/// @param budget What was locked, in wei of OCTO; while Open, what was proposed.
/// @param provider Who does the work. (Slot 1.)
/// @param deadline The last second to submit.
/// @param markAt While Funded, when it was funded; from Submitted on, the last second of the review.
/// @param reviewHours The length of the review, frozen at funding.
/// @param role The role of the work, frozen at funding.
/// @param schedule The fee schedule, frozen at funding.
/// @param state Status and flags.
/// @param terms The hash of what was agreed. (Slot 2.)
struct Job {
    address client;
    uint96 budget;
    address provider;
    uint32 deadline;
    uint32 markAt;
    uint8 reviewHours;
    RoleId role;
    ScheduleId schedule;
    JobState state;
    bytes32 terms;
}
