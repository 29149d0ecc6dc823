// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {ISettlement} from "../economy/interfaces/ISettlement.sol";
import {Agreements} from "./Agreements.sol";
import {IJobMarketAnnex} from "./interfaces/IJobMarketAnnex.sol";
import {Consent, Deal} from "./types/Deal.sol";
import {Extras, Job, JobState, JobStatus} from "./types/Job.sol";
import {JobId} from "./types/JobId.sol";

/// @title Child jobs, and the take-over of late jobs
/// @dev Hires whose escrow is the market's already: out of a parent, or out of a job that expires with it.
abstract contract JobTrees is Agreements, IJobMarketAnnex {
    uint256 private constant MAX_CHILDREN = 32;

    /// @inheritdoc IJobMarketAnnex
    function hireChild(
        JobId parentId,
        Deal memory deal,
        uint128 budget,
        Consent calldata consent
    ) external returns (JobId jobId) {
        _requireClient(deal);
        Job storage parent = _job(parentId, JobStatus.Funded);
        _requireCaller(parentId, parent.provider);
        Extras memory extras = _takeFromParent(parentId, parent, budget);
        _requireInTree(parentId, deal);
        ISettlement.Lock memory escrow;
        (jobId, escrow) = _hire(deal, budget, consent, extras);
        emit ChildJobCreated(parentId, jobId, budget);

        SETTLEMENT.move(_workOf(parentId, parent, budget), escrow, false);
    }

    /// @inheritdoc IJobMarketAnnex
    function takeOver(
        JobId lateId,
        Deal memory deal,
        uint128 budget,
        Consent calldata consent
    ) external returns (JobId jobId) {
        _requireClient(deal);
        Job storage late = _job(lateId, JobStatus.Funded);
        _requireCaller(lateId, late.client);
        _requireSuccessor(lateId, late, deal, budget);
        Extras memory extras = _successorOf(lateId, late, deal);
        late.state = late.state.withStatus(JobStatus.Expired);
        emit JobExpired(lateId);
        ISettlement.Lock memory escrow;
        (jobId, escrow) = _hire(deal, budget, consent, extras);
        emit JobTakenOver(lateId, jobId, late.provider, deal.provider);

        SETTLEMENT.move(_workOf(lateId, late, late.budget), escrow, true);
        uint96 rest = late.budget - uint96(budget); // at most the budget
        if (rest == 0) return jobId;
        ISettlement.Work memory unspent = _workOf(lateId, late, rest);
        unspent.bound = false; // its flight has ended with the move
        _refund(lateId, late, unspent, false);
    }

    /// @dev Books what the parent gives, and counts the child.
    function _takeFromParent(
        JobId parentId,
        Job storage parent,
        uint128 budget
    ) private returns (Extras memory extras) {
        Extras memory own = _extrasOf(parentId, parent.state);
        require(budget <= own.forChildren, JobMarketChildTooDear(parentId, budget, own.forChildren));
        require(own.depth < MAX_DEPTH, JobMarketTreeTooDeep(parentId, MAX_DEPTH));
        require(own.children < MAX_CHILDREN, JobMarketTooManyChildren(parentId, MAX_CHILDREN));

        parent.budget -= uint96(budget); // at most what was for children, which is at most the budget
        own.forChildren -= uint96(budget); // at most itself
        ++own.children;
        _storage().extras[parentId] = own;

        extras.parent = uint64(JobId.unwrap(parentId)); // counted in 64 bits
        extras.depth = own.depth + 1;
    }

    /// @dev A late job's place in the tree is its successor's; a job of its own is followed by one.
    function _successorOf(
        JobId lateId,
        Job storage late,
        Deal memory deal
    ) private view returns (Extras memory extras) {
        Extras memory own = _extrasOf(lateId, late.state);
        if (own.parent == 0) return extras;

        JobId parentId = JobId.wrap(own.parent);
        _job(parentId, JobStatus.Funded);
        _requireInTree(parentId, deal);
        (extras.parent, extras.depth) = (own.parent, own.depth);
    }

    function _requireSuccessor(JobId lateId, Job storage late, Deal memory deal, uint128 budget) private view {
        require(block.timestamp > late.deadline, JobMarketDeadlineNotPassed(lateId, late.deadline));
        JobState state = late.state;
        require(
            deal.terms == late.terms && deal.role == state.role() && deal.schedule.bit() == state.schedule().bit(),
            JobMarketOtherTerms(lateId, late.terms, state.role(), state.schedule())
        );
        require(budget <= late.budget, JobMarketDearer(lateId, budget, late.budget));
        require(deal.provider != late.provider, JobMarketPartiesCollide(deal.provider));
    }

    /// @dev A child ends before its parent, and nobody above it works below.
    function _requireInTree(JobId parentId, Deal memory deal) private view {
        uint256 deadline = block.timestamp + deal.duration.toSeconds();
        Job storage job = _storage().jobs[parentId];
        require(deadline <= job.deadline, JobMarketChildOutlivesParent(parentId, deadline, job.deadline));

        for (uint256 id = JobId.unwrap(parentId); id != 0; id = _parentOf(JobId.wrap(id), job)) {
            job = _storage().jobs[JobId.wrap(id)];
            require(
                deal.provider != job.client && deal.provider != job.provider,
                JobMarketCycle(JobId.wrap(id), deal.provider)
            );
        }
    }
}
