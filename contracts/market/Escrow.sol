// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {ISettlement} from "../economy/interfaces/ISettlement.sol";
import {JobBook} from "./JobBook.sol";
import {BOUND, Job, JobStatus} from "./types/Job.sol";
import {JobId} from "./types/JobId.sol";

/// @title How escrow leaves a job
/// @dev Settled, it goes to the vault's five legs. Unspent, it goes where it came from: to the client, and for a child job up
/// to the nearest ancestor that still has escrow, or at last to the client of the whole tree. A tree is at most
/// {MAX_DEPTH} deep, which bounds the climb.
abstract contract Escrow is JobBook {
    uint256 internal constant MAX_DEPTH = 8;

    /// @dev Pays all of a job's escrow for work of that success.
    function _settle(JobId jobId, Job storage job, uint256 success) internal {
        ISettlement.Work memory work = _workOf(jobId, job, job.budget);
        work.success = uint8(success); // at most FULL_POINTS
        uint256 paid = SETTLEMENT.settle(work);
        emit PaymentReleased(jobId, work.provider, paid);
    }

    /// @dev Lets a part of the job's escrow go back.
    /// @param work What was not paid for; its amount is the part.
    /// @param failed Whether the provider's record shows it.
    function _refund(JobId jobId, Job storage job, ISettlement.Work memory work, bool failed) internal {
        uint96 amount = uint96(work.amount); // at most a budget
        (JobId heir, Job storage owner, bool alive) = _ancestorOf(jobId, job);
        if (alive) {
            owner.budget += amount; // what it was before, or less
            _storage().extras[heir].forChildren += amount; // as much as was taken from it
            emit EscrowReturned(jobId, heir, amount);
            SETTLEMENT.moveBack(work, owner.state.has(BOUND) ? owner.provider : address(0), failed);
        } else {
            work.client = owner.client;
            emit Refunded(jobId, work.client, amount);
            SETTLEMENT.refund(work, failed);
        }
    }

    /// @dev The nearest ancestor with escrow; else the root of the tree, which for a job of its own is the job itself.
    function _ancestorOf(
        JobId jobId,
        Job storage job
    ) internal view returns (JobId heir, Job storage owner, bool alive) {
        (heir, owner) = (jobId, job);
        for (uint256 parent = _parentOf(heir, owner); parent != 0; parent = _parentOf(heir, owner)) {
            heir = JobId.wrap(parent);
            owner = _storage().jobs[heir];
            if (_hasEscrow(owner.state.status())) return (heir, owner, true);
        }
    }

    /// @dev The job of the tree that its client paid for; a job of its own is its own root.
    function _rootOf(JobId jobId, Job storage job) internal view returns (Job storage root) {
        root = job;
        for (uint256 parent = _parentOf(jobId, root); parent != 0; parent = _parentOf(jobId, root)) {
            jobId = JobId.wrap(parent);
            root = _storage().jobs[jobId];
        }
    }

    function _parentOf(JobId jobId, Job storage job) internal view returns (uint256) {
        return _extrasOf(jobId, job.state).parent;
    }

    function _hasEscrow(JobStatus status) private pure returns (bool) {
        return
            status == JobStatus.Funded ||
            status == JobStatus.Submitted ||
            status == JobStatus.Declined ||
            status == JobStatus.Disputed;
    }
}
