// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {ISettlement} from "../economy/interfaces/ISettlement.sol";
import {Endings} from "./Endings.sol";
import {IJobDisputes} from "./interfaces/IJobDisputes.sol";
import {IJobMarketAnnex} from "./interfaces/IJobMarketAnnex.sol";
import {BOUND, EVALUATED, Job, JobState, JobStatus} from "./types/Job.sol";
import {JobId} from "./types/JobId.sol";

/// @title Rejections, disputes and ratings of submitted work
abstract contract JobVerdicts is Endings, IJobMarketAnnex {
    /// @dev From the end of the review; with that, and the pause between two ratings, no job is rated twice.
    uint256 private constant RATING_TIME = 14 days;

    modifier onlyDisputes() {
        require(msg.sender == DISPUTES, JobMarketCallerNotDisputes(msg.sender));
        _;
    }

    /// @inheritdoc IJobMarketAnnex
    function acceptRejection(JobId jobId) external nonReentrantView {
        Job storage job = _job(jobId, JobStatus.Declined);
        _requireCaller(jobId, job.provider);

        _endDeclined(jobId, job);
    }

    /// @inheritdoc IJobDisputes
    function contest(
        JobId jobId,
        address opener
    ) external onlyDisputes nonReentrantView returns (Contest memory found) {
        Job storage job = _job(jobId);
        JobState state = job.state;
        require(!state.has(EVALUATED), JobMarketEvaluatorDecides(jobId));
        bool isDeclined = state.status() == JobStatus.Declined;
        require(
            isDeclined || state.status() == JobStatus.Submitted,
            JobMarketWrongStatus(jobId, state.status(), JobStatus.Submitted)
        );
        // The client while he may reject; once he has, it is the provider's turn.
        address mayOpen = isDeclined ? job.provider : job.client;
        require(opener == mayOpen, JobMarketWrongCaller(jobId, opener, mayOpen));
        require(block.timestamp <= job.markAt, JobMarketReviewEnded(jobId, job.markAt));

        found = _contestOf(jobId, job);
        job.markAt = uint32(_reviewEndsAt(job)); // was there before
        job.state = state.withStatus(JobStatus.Disputed);
        emit JobDisputed(jobId, opener);
    }

    /// @inheritdoc IJobDisputes
    function contestOf(JobId jobId) external view returns (Contest memory) {
        return _contestOf(jobId, _job(jobId));
    }

    /// @inheritdoc IJobDisputes
    function resolve(
        JobId jobId,
        uint256 providerShare
    ) external onlyDisputes nonReentrantView returns (uint256 settled) {
        require(providerShare <= FULL_POINTS, JobMarketShareTooHigh(providerShare, FULL_POINTS));
        Job storage job = _job(jobId, JobStatus.Disputed);
        uint256 escrow = job.budget;
        settled = (escrow * providerShare) / FULL_POINTS; // rounded down, for the client
        bool failed = settled == 0;

        job.state = job.state.withStatus(failed ? JobStatus.Rejected : JobStatus.Completed);
        emit JobResolved(jobId, providerShare, settled, escrow - settled);
        if (failed) emit JobRejected(jobId, msg.sender, 0);
        else emit JobCompleted(jobId, msg.sender, 0);

        if (settled != escrow) _refund(jobId, job, _workOf(jobId, job, uint128(escrow - settled)), failed);
        if (failed) return 0;
        job.budget = uint96(settled); // at most the escrow
        _settle(jobId, job, providerShare);
    }

    /// @inheritdoc IJobMarketAnnex
    function rate(JobId jobId, uint8 rating) external nonReentrantView {
        Job storage job = _job(jobId, JobStatus.Completed);
        _requireCaller(jobId, job.client);
        require(rating <= FULL_POINTS, JobMarketRatingTooHigh(rating, FULL_POINTS));
        uint256 until = job.markAt + RATING_TIME;
        require(block.timestamp <= until, JobMarketRatingTooLate(jobId, until));

        emit JobRated(jobId, msg.sender, rating);
        SETTLEMENT.rate(
            ISettlement.Rating({
                client: msg.sender,
                provider: job.provider,
                role: job.state.role(),
                schedule: job.state.schedule(),
                amount: job.budget,
                rating: rating
            })
        );
    }

    function _contestOf(JobId jobId, Job storage job) private view returns (Contest memory) {
        return
            Contest({
                client: job.client,
                provider: job.provider,
                payer: _rootOf(jobId, job).client,
                escrow: job.budget,
                role: job.state.role(),
                submittedAt: _submittedAt(job),
                bound: job.state.has(BOUND)
            });
    }
}
