// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {IJobMarketAnnex} from "../../../contracts/market/interfaces/IJobMarketAnnex.sol";
import {IJobMarketEvents} from "../../../contracts/market/interfaces/IJobMarketEvents.sol";
import {Consent, Deal} from "../../../contracts/market/types/Deal.sol";
import {JobStatus} from "../../../contracts/market/types/Job.sol";
import {JobId} from "../../../contracts/market/types/JobId.sol";
import {Duration} from "../../../contracts/shared/Duration.sol";
import {Roles} from "../../../contracts/shared/Roles.sol";
import {Schedules} from "../../../contracts/shared/ScheduleId.sol";
import {bound, VM} from "../../support/Vm.sol";
import {JobHandler} from "./JobHandler.sol";

/// @title Child jobs, and who takes over a late one
/// @dev Whoever works on a job hires below it: providers, agents, the orchestrator, and clients of other jobs.
abstract contract TreeHandler is JobHandler {
    uint256 private constant MOST_DEPTH = 8;
    uint256 private constant MOST_CHILDREN = 32;
    uint256 private constant LEAST_DURATION = 5 minutes;

    function hireChild(uint256 seed) external counted {
        uint256 parent = _aParent(seed);
        _refuseChildren(parent, seed);
        _hireChild(parent, seed);
    }

    /// @dev Each hires another below itself, as far down as there is anybody left.
    function growDeep(uint256 seed) external counted {
        uint256 index = _plant(seed);
        bool found = true;
        for (uint256 i = 0; i < MOST_DEPTH && found; ++i) {
            (found, ) = _crewFor(index, seed);
            if (found) index = _hireChild(index, uint256(keccak256(abi.encode(seed, i))));
        }
        if (nodes[index].depth == MOST_DEPTH) note("tree as deep as can be");
        _refuseTooMany(index);
    }

    /// @dev A few children, or as many as there may be.
    function growWide(uint256 seed) external counted {
        bool wide = (seed >> 24) % 4 == 0;
        uint256 parent = wide ? _plant(seed) : _aParent(seed);
        uint256 count = wide ? MOST_CHILDREN : 3;
        for (uint256 i = 0; i < count && _canHaveChild(parent); ++i) {
            // The seed of a small one.
            uint256 next = uint256(keccak256(abi.encode(seed, i)));
            _hireChild(parent, wide ? (next >> 128) << 128 : next);
        }
        if (nodes[parent].children == MOST_CHILDREN) note("tree as wide as can be");
        _refuseTooMany(parent);
    }

    /// @dev It is done before what it hired: their escrow passes it by when they fail.
    function finishParent(uint256 seed) external counted {
        (bool found, uint256 child) = findJob(JobStatus.Funded, seed, _hasParentInTime);
        if (!found) child = _hireChild(_aParent(seed), seed);
        uint256 parent = nodes[child].parent - 1;
        _submit(parent);
        _complete(parent);
        note("parent ended before its child");
    }

    /// @dev Taken back in time, or expired.
    function failChild(uint256 seed) external counted {
        (bool found, uint256 child) = findJob(JobStatus.Funded, seed, _isChild);
        if (!found) child = _hireChild(_aParent(seed), seed);
        if (seed % 2 == 0) return _endByRefund(child, JobStatus.Rejected);
        jumpTo(jobs[child].deadline + 1);
        _endByRefund(child, JobStatus.Expired);
    }

    function takeOver(uint256 seed) external counted {
        uint256 late = _aLateJob(seed);
        (bool found, address successor) = _crewFor(late, seed >> 4);
        if (!found) return;
        unpause();
        (Deal memory deal, uint128 budget) = _dealToTakeOver(late, successor, seed);
        (Consent memory consent, bool isBound) = _consentTo(deal, budget, seed, IJobMarketAnnex.takeOver.selector);

        lookAt(late);
        VM.prank(deal.client);
        JobId id = suite.jobMarket.takeOver(jobs[late].id, deal, budget, consent);
        noteEnd(late, JobStatus.Expired);
        bookFailedJob(late);
        uint256 index = bookJob(id, deal, budget, isBound);
        bookSuccessor(late, index);
        if (jobs[late].budget != budget) bookUnspent(late, jobs[late].budget - budget);
        note(nodes[late].parent == 0 ? "job taken over" : "child taken over");
    }

    // Inside: children

    function _hireChild(uint256 parent, uint256 seed) internal returns (uint256 index) {
        unpause();
        (, address account) = _crewFor(parent, seed);
        (Deal memory deal, uint128 budget) = _childDeal(parent, account, seed);
        activate(deal.provider, deal.role);
        makeRoom(deal.provider, deal.role, budget);
        if (deal.orchestrator != address(0)) activate(deal.orchestrator, Roles.ORCHESTRATOR);
        (Consent memory consent, bool isBound) = _consentTo(deal, budget, seed, IJobMarketAnnex.hireChild.selector);

        VM.prank(deal.client);
        JobId id = suite.jobMarket.hireChild(jobs[parent].id, deal, budget, consent);
        index = bookJob(id, deal, budget, isBound);
        bookChild(parent, index);
        uint256 depth = nodes[index].depth;
        note(
            depth == 1
                ? "child of a root"
                : depth < 4
                    ? "child of depth 2 or 3"
                    : "child of depth 4 or more"
        );
    }

    /// @dev Nobody spends more on children than was set apart, and nobody works below himself.
    function _refuseChildren(uint256 parent, uint256 seed) private {
        unpause();
        (, address account) = _crewFor(parent, seed);
        (Deal memory deal, ) = _childDeal(parent, account, seed);
        Consent memory none;
        _refuseChild(
            abi.encodeCall(
                IJobMarketAnnex.hireChild,
                (jobs[parent].id, deal, uint128(nodes[parent].forChildren + 1), none)
            ),
            deal.client,
            IJobMarketEvents.JobMarketChildTooDear.selector,
            "J-5: children cost more than was set apart for them"
        );
        (deal.provider, deal.evaluator, deal.orchestrator) = (jobs[rootOf(parent)].client, address(0), address(0));
        deal.forChildren = 0;
        _refuseChild(
            abi.encodeCall(IJobMarketAnnex.hireChild, (jobs[parent].id, deal, 1, none)),
            deal.client,
            IJobMarketEvents.JobMarketCycle.selector,
            "J-5: somebody works below himself"
        );
    }

    function _refuseTooMany(uint256 parent) private {
        Node storage node = nodes[parent];
        bool tooDeep = node.depth == MOST_DEPTH;
        if (node.forChildren == 0 || (!tooDeep && node.children < MOST_CHILDREN)) return;
        (Deal memory deal, ) = _childDeal(parent, stranger, 0);
        Consent memory none;
        _refuseChild(
            abi.encodeCall(IJobMarketAnnex.hireChild, (jobs[parent].id, deal, 1, none)),
            deal.client,
            tooDeep
                ? IJobMarketEvents.JobMarketTreeTooDeep.selector
                : IJobMarketEvents.JobMarketTooManyChildren.selector,
            "J-5: a tree too deep, or too wide"
        );
    }

    function _refuseChild(bytes memory data, address caller, bytes4 reason, string memory law) private {
        refused(caller, address(suite.jobMarket), data, reason, law);
    }

    function _childDeal(
        uint256 parent,
        address provider,
        uint256 seed
    ) private returns (Deal memory deal, uint128 budget) {
        deal.client = jobs[parent].provider;
        deal.provider = provider;
        if ((seed >> 14) % 4 == 0) deal.evaluator = evaluator;
        if ((seed >> 16) % 4 == 0) deal.orchestrator = coordinator();
        if (deal.orchestrator == deal.client || deal.orchestrator == provider) deal.orchestrator = address(0);
        deal.role = (seed >> 10) % 2 == 0 ? Roles.DEVELOPER : Roles.COMPUTE;
        deal.schedule = Schedules.SERVICE;
        uint256 left = jobs[parent].deadline - block.timestamp;
        deal.duration = Duration.wrap(uint32(bound(seed >> 200, LEAST_DURATION, left)));
        deal.terms = bytes32(seed);
        deal.salt = bytes32(jobs.length);
        // Most of it goes on down.
        uint256 most = nodes[parent].forChildren;
        bool small = seed % (1 << 128) == 0;
        budget = uint128(small ? 1 + most / 64 : bound(seed >> 32, (most + 3) / 4, most));
        deal.forChildren = uint96(bound(seed >> 130, (budget + 1) / 2, budget));
    }

    // Inside: take-overs

    function _dealToTakeOver(
        uint256 late,
        address successor,
        uint256 seed
    ) private returns (Deal memory deal, uint128 budget) {
        Job storage job = jobs[late];
        (deal.client, deal.provider, deal.terms) = (job.client, successor, job.terms);
        (deal.role, deal.schedule, deal.salt) = (job.role, Schedules.SERVICE, bytes32(jobs.length));
        if ((seed >> 14) % 4 == 0) deal.evaluator = evaluator;
        budget = uint128((seed >> 16) % 2 == 0 ? job.budget : bound(seed >> 32, 1, job.budget));
        deal.forChildren = uint96(bound(seed >> 130, 0, budget));
        uint256 most = nodes[late].parent == 0 ? 30 days : jobs[nodes[late].parent - 1].deadline - block.timestamp;
        deal.duration = Duration.wrap(uint32(bound(seed >> 200, LEAST_DURATION, most)));
        activate(successor, deal.role);
        makeRoom(successor, deal.role, budget);
    }

    /// @dev One that is late already, or is made late, child or not.
    function _aLateJob(uint256 seed) private returns (uint256 index) {
        bool found;
        bool below = seed % 2 == 1;
        (found, index) = findJob(JobStatus.Funded, seed, below ? _isLateChild : _canBeTakenOver);
        if (found) return index;
        (found, index) = findJob(JobStatus.Funded, seed, below ? _isTimelyChild : _canBeLate);
        if (!found) index = below ? _hireChild(_plant(seed), seed % (1 << 200)) : _hire(seed);
        jumpTo(jobs[index].deadline + 1);
    }

    // Inside: who and where

    /// @dev Where there is room for one more child; half of the time as deep as there is any.
    function _aParent(uint256 seed) private returns (uint256) {
        uint256 first = seed % 2 == 0 ? 0 : seed >> 1;
        for (uint256 i = 0; i < jobs.length; ++i) {
            uint256 index = jobs.length - 1 - addmod(first, i, jobs.length);
            if (_canHaveChild(index)) return index;
        }
        return _plant(seed);
    }

    /// @dev A job of its own, all of which may become children.
    function _plant(uint256 seed) private returns (uint256) {
        (Deal memory deal, uint128 budget) = _prepare(seed);
        if (budget < 1e6) {
            budget = 1e6;
            makeRoom(deal.provider, deal.role, budget);
        }
        deal.forChildren = uint96(budget);
        deal.duration = Duration.wrap(uint32(bound(seed >> 200, 2 days, 60 days)));
        return _hireFor(deal, budget, seed);
    }

    function _canHaveChild(uint256 index) private returns (bool found) {
        Node storage node = nodes[index];
        if (jobs[index].status != JobStatus.Funded || node.forChildren == 0) return false;
        if (node.depth == MOST_DEPTH || node.children == MOST_CHILDREN) return false;
        if (block.timestamp + LEAST_DURATION > jobs[index].deadline) return false;
        (found, ) = _crewFor(index, 0);
    }

    /// @dev Who is not banned and not above, at or on this job.
    function _crewFor(uint256 index, uint256 seed) internal returns (bool found, address account) {
        uint256 all = providers.length + agents.length + clients.length + 1;
        for (uint256 i = 0; i < all; ++i) {
            account = _crewAt(addmod(seed, i, all));
            if (!suite.desk.isBanned(account) && !_isAbove(account, index)) return (true, account);
        }
        return (false, address(0));
    }

    function _crewAt(uint256 place) private returns (address) {
        if (place < providers.length) return providers[place];
        place -= providers.length;
        if (place < agents.length) return agents[place];
        place -= agents.length;
        return place < clients.length ? clients[place] : coordinator();
    }

    function _isAbove(address account, uint256 index) private view returns (bool) {
        while (jobs[index].client != account && jobs[index].provider != account) {
            if (nodes[index].parent == 0) return false;
            index = nodes[index].parent - 1;
        }
        return true;
    }

    function _isChild(Job storage job) private view returns (bool) {
        return _nodeOf(job).parent != 0;
    }

    function _hasParentInTime(Job storage job) private view returns (bool) {
        uint256 parent = _nodeOf(job).parent;
        if (parent == 0 || jobs[parent - 1].status != JobStatus.Funded) return false;
        return block.timestamp <= jobs[parent - 1].deadline;
    }

    function _canBeTakenOver(Job storage job) private view returns (bool) {
        return block.timestamp > job.deadline && _leavesTime(job, block.timestamp);
    }

    function _canBeLate(Job storage job) private view returns (bool) {
        return block.timestamp <= job.deadline && _leavesTime(job, job.deadline + 1);
    }

    function _isLateChild(Job storage job) private view returns (bool) {
        return _isChild(job) && _canBeTakenOver(job);
    }

    function _isTimelyChild(Job storage job) private view returns (bool) {
        return _isChild(job) && _canBeLate(job);
    }

    /// @dev Whether who takes over at that time can still do it before the parent's deadline.
    function _leavesTime(Job storage job, uint256 from) private view returns (bool) {
        uint256 parent = _nodeOf(job).parent;
        if (parent == 0) return true;
        if (jobs[parent - 1].status != JobStatus.Funded) return false;
        return from + LEAST_DURATION <= jobs[parent - 1].deadline;
    }

    function _nodeOf(Job storage job) private view returns (Node storage) {
        return nodes[JobId.unwrap(job.id) - 1];
    }
}
