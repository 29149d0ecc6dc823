// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Endings} from "./Endings.sol";
import {Hooked} from "./Hooked.sol";
import {IERC8183Work} from "./interfaces/IERC8183Work.sol";
import {IJobMarket} from "./interfaces/IJobMarket.sol";
import {EVALUATED, Job, JobStatus} from "./types/Job.sol";
import {JobId} from "./types/JobId.sol";

/// @title How a funded job goes on and ends
abstract contract JobEnds is Endings, Hooked, IJobMarket {
    /// @inheritdoc IERC8183Work
    function submit(JobId jobId, bytes32 deliverable, bytes calldata optParams) external nonReentrantView {
        Job storage job = _job(jobId, JobStatus.Funded);
        _requireCaller(jobId, job.provider);
        require(block.timestamp <= job.deadline, JobMarketDeadlinePassed(jobId, job.deadline));

        address hook = _hookOf(jobId, job);
        _tellStep(hook, jobId, false, IERC8183Work.submit.selector, deliverable, optParams);
        uint256 points = _speed(job.deadline - job.markAt, block.timestamp - job.markAt);
        job.state = job.state.withStatus(JobStatus.Submitted).withSpeed(points);
        job.markAt = uint32(block.timestamp + _toSeconds(job.reviewHours)); // until the year 2106
        emit JobSubmitted(jobId, msg.sender, deliverable);
        _tellStep(hook, jobId, true, IERC8183Work.submit.selector, deliverable, optParams);
    }

    /// @inheritdoc IERC8183Work
    function complete(JobId jobId, bytes32 reason, bytes calldata optParams) external nonReentrantView {
        Job storage job = _job(jobId);
        JobStatus actual = job.state.status();
        require(
            actual == JobStatus.Submitted || actual == JobStatus.Declined,
            JobMarketWrongStatus(jobId, actual, JobStatus.Submitted)
        );
        _requireCaller(jobId, _evaluatorOf(jobId, job));

        address hook = _hookOf(jobId, job);
        _tellStep(hook, jobId, false, IERC8183Work.complete.selector, reason, optParams);
        _complete(jobId, job, msg.sender, reason);
        _tellStep(hook, jobId, true, IERC8183Work.complete.selector, reason, optParams);
    }

    /// @inheritdoc IJobMarket
    function release(JobId jobId) external nonReentrantView {
        Job storage job = _job(jobId, JobStatus.Submitted);
        require(block.timestamp > job.markAt, JobMarketReviewNotEnded(jobId, job.markAt));

        _complete(jobId, job, address(0), 0);
    }

    /// @inheritdoc IERC8183Work
    function reject(JobId jobId, bytes32 reason, bytes calldata optParams) external nonReentrantView {
        Job storage job = _job(jobId);
        JobStatus actual = job.state.status();
        bool isOpen = actual == JobStatus.Open;
        bool isSubmitted = actual == JobStatus.Submitted;
        require(
            isOpen || isSubmitted || actual == JobStatus.Funded,
            JobMarketWrongStatus(jobId, actual, JobStatus.Funded)
        );
        _requireCaller(jobId, isOpen ? job.client : _evaluatorOf(jobId, job));
        require(!isSubmitted || block.timestamp <= job.markAt, JobMarketReviewEnded(jobId, job.markAt));

        address hook = _hookOf(jobId, job);
        _tellStep(hook, jobId, false, IERC8183Work.reject.selector, reason, optParams);
        if (isSubmitted && !job.state.has(EVALUATED)) {
            _decline(jobId, job, reason);
        } else {
            _reject(jobId, job, reason);
            // What a client takes back himself is no failure of the provider.
            if (!isOpen) _refund(jobId, job, _workOf(jobId, job, job.budget), isSubmitted);
        }
        _tellStep(hook, jobId, true, IERC8183Work.reject.selector, reason, optParams);
    }

    /// @inheritdoc IERC8183Work
    function claimRefund(JobId jobId) external nonReentrantView {
        Job storage job = _job(jobId);
        JobStatus actual = job.state.status();
        if (actual == JobStatus.Declined) {
            require(block.timestamp > job.markAt, JobMarketAnswerNotOver(jobId, job.markAt));
            return _endDeclined(jobId, job);
        }

        require(actual != JobStatus.Submitted, JobMarketAlreadySubmitted(jobId, job.markAt));
        bool isFunded = actual == JobStatus.Funded;
        require(isFunded || actual == JobStatus.Open, JobMarketWrongStatus(jobId, actual, JobStatus.Funded));
        require(block.timestamp > job.deadline, JobMarketDeadlineNotPassed(jobId, job.deadline));

        job.state = job.state.withStatus(JobStatus.Expired);
        emit JobExpired(jobId);
        if (isFunded) _refund(jobId, job, _workOf(jobId, job, job.budget), true);
    }

    function _complete(JobId jobId, Job storage job, address evaluator, bytes32 reason) private {
        _recall(job);
        job.state = job.state.withStatus(JobStatus.Completed);
        emit JobCompleted(jobId, evaluator, reason);

        _settle(jobId, job, FULL_POINTS);
    }

    function _reject(JobId jobId, Job storage job, bytes32 reason) private {
        job.state = job.state.withStatus(JobStatus.Rejected);
        emit JobRejected(jobId, msg.sender, reason);
    }

    /// @dev The client's rejection is an offer: the provider has the rest of the review and some days to answer.
    function _decline(JobId jobId, Job storage job, bytes32 reason) private {
        uint256 answerUntil = job.markAt + ANSWER_TIME;
        job.markAt = uint32(answerUntil); // until the year 2106
        job.state = job.state.withStatus(JobStatus.Declined);
        emit RejectionOffered(jobId, msg.sender, reason, answerUntil);
    }

    /// @dev 100 up to half of the time allowed, falling linearly to 0 at the deadline; rounded down. The time allowed is
    /// never zero, and no more of it was used.
    function _speed(uint256 allowed, uint256 used) private pure returns (uint256) {
        return Math.min(FULL_POINTS, (2 * FULL_POINTS * (allowed - used)) / allowed);
    }
}
