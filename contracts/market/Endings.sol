// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {Escrow} from "./Escrow.sol";
import {Job, JobStatus} from "./types/Job.sol";
import {JobId} from "./types/JobId.sol";

/// @title What several ends of a job have in common
abstract contract Endings is Escrow {
    /// @dev A client's own rejection moves no score.
    function _endDeclined(JobId jobId, Job storage job) internal {
        _recall(job);
        job.state = job.state.withStatus(JobStatus.Rejected);
        emit JobRejected(jobId, job.client, 0);
        _refund(jobId, job, _workOf(jobId, job, job.budget), false);
    }

    /// @dev Back to the end of the review, if the client had declined.
    function _recall(Job storage job) internal {
        if (job.state.status() == JobStatus.Declined) job.markAt = uint32(_reviewEndsAt(job)); // was there before
    }
}
