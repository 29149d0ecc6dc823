// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {IERC8183Work} from "../../../contracts/market/interfaces/IERC8183Work.sol";
import {IJobMarketAnnex} from "../../../contracts/market/interfaces/IJobMarketAnnex.sol";
import {IJobMarketEvents} from "../../../contracts/market/interfaces/IJobMarketEvents.sol";
import {Deal} from "../../../contracts/market/types/Deal.sol";
import {JobStatus} from "../../../contracts/market/types/Job.sol";
import {IPeerReviews} from "../../../contracts/registry/interfaces/IPeerReviews.sol";
import {VM} from "../../support/Vm.sol";
import {SlashHandler} from "./SlashHandler.sol";
import {TreeHandler} from "./TreeHandler.sol";

/// @title Rejections of submitted work, and ratings
abstract contract VerdictHandler is TreeHandler, SlashHandler {
    uint256 internal constant ANSWER_TIME = 3 days;
    uint256 private constant RATING_TIME = 14 days;
    uint256 private constant RATING_PAUSE = 30 days;

    mapping(uint256 index => uint256 times) internal ratings;

    /// @dev The client offers to reject it: no money moves.
    function decline(uint256 seed) external counted {
        _decline(_disputable(seed));
    }

    function acceptRejection(uint256 seed) external counted {
        (bool found, uint256 index) = findJob(JobStatus.Declined, seed, _isAny);
        if (!found) index = _declined(seed);
        lookAt(index);
        VM.prank(jobs[index].provider);
        suite.jobMarket.acceptRejection(jobs[index].id);
        _endDeclined(index);
        note("rejection accepted");
    }

    /// @dev The provider kept silent; before its time is over nobody sends the client his money.
    function letRejectionStand(uint256 seed) external counted {
        (bool found, uint256 index) = findJob(JobStatus.Declined, seed, _isAny);
        if (!found) index = _declined(seed);
        uint256 until = _answerUntil(jobs[index]);
        bytes memory claim = abi.encodeCall(IERC8183Work.claimRefund, (jobs[index].id));
        if (block.timestamp <= until) {
            jumpTo(until);
            bytes4 reason = IJobMarketEvents.JobMarketAnswerNotOver.selector;
            refused(stranger, address(suite.jobMarket), claim, reason, "M-05: a client took work and money at once");
            jumpTo(until + 1);
        }
        lookAt(index);
        VM.prank(stranger);
        suite.jobMarket.claimRefund(jobs[index].id);
        _endDeclined(index);
        note("rejection stood in silence");
    }

    /// @dev The client pays after all.
    function recallRejection(uint256 seed) external counted {
        (bool found, uint256 index) = findJob(JobStatus.Declined, seed, _isAny);
        _complete(found ? index : _declined(seed));
        note("rejection recalled");
    }

    /// @dev By the job's client; once, in time, and not if it was too small to be recorded.
    function rateJob(uint256 seed) external counted {
        (bool found, uint256 index) = findJob(JobStatus.Completed, seed, _isRateable);
        if (!found) {
            (Deal memory deal, uint128 budget) = _prepare(seed);
            if (budget < smallestRecorded) budget = uint128(smallestRecorded);
            deal.evaluator = address(0);
            makeRoom(deal.provider, deal.role, budget);
            index = _hireFor(deal, budget, seed);
            _submit(index);
            _complete(index);
            if (!_isRateable(jobs[index])) return note("rated too recently");
        }
        VM.prank(jobs[index].client);
        suite.jobMarket.rate(jobs[index].id, uint8((seed >> 8) % 101));
        if (ratings[index]++ != 0) violation = "P-1: a job was rated twice";
        note("job rated");
        bytes memory again = abi.encodeCall(IJobMarketAnnex.rate, (jobs[index].id, 100));
        bytes4 reason = IPeerReviews.PeerReviewsTooSoon.selector;
        refused(jobs[index].client, address(suite.jobMarket), again, reason, "P-1: a job was rated twice at once");
        if ((seed >> 20) % 4 != 0) return;
        jumpTo(jobs[index].reviewEndsAt + RATING_TIME + 1);
        reason = IJobMarketEvents.JobMarketRatingTooLate.selector;
        refused(jobs[index].client, address(suite.jobMarket), again, reason, "P-1: rated after its time");
    }

    // Inside

    function _decline(uint256 index) internal {
        VM.prank(jobs[index].client);
        suite.jobMarket.reject(jobs[index].id, "no", "");
        jobs[index].status = JobStatus.Declined;
        note("work declined");
    }

    function _endDeclined(uint256 index) private {
        noteEnd(index, JobStatus.Rejected);
        bookUnspent(index, jobs[index].budget);
    }

    /// @dev A rejection that its provider can still dispute.
    function _declined(uint256 seed) internal returns (uint256 index) {
        bool found;
        (found, index) = findJob(JobStatus.Declined, seed, _isAnswerable);
        if (found) return index;
        index = _disputable(seed);
        _decline(index);
    }

    /// @dev Submitted work that its client can reject or dispute.
    function _disputable(uint256 seed) internal returns (uint256 index) {
        bool found;
        (found, index) = findJob(JobStatus.Submitted, seed, _isInReview);
        if (found) return index;
        (Deal memory deal, uint128 budget) = _prepare(seed);
        deal.evaluator = address(0);
        index = _hireFor(deal, budget, seed);
        _submit(index);
    }

    function _answerUntil(Job storage job) internal view returns (uint256) {
        return job.reviewEndsAt + ANSWER_TIME;
    }

    function _isInReview(Job storage job) internal view returns (bool) {
        return !_isEvaluated(job) && block.timestamp <= job.reviewEndsAt;
    }

    function _isAnswerable(Job storage job) internal view returns (bool) {
        return block.timestamp <= _answerUntil(job);
    }

    function _isRateable(Job storage job) private view returns (bool) {
        if (block.timestamp > job.reviewEndsAt + RATING_TIME || job.budget < smallestRecorded) return false;
        (, , address reviews) = suite.registry.peers();
        uint256 last = IPeerReviews(reviews).reviewedAt(job.client, job.provider, job.role);
        return last == 0 || block.timestamp >= last + RATING_PAUSE;
    }
}
