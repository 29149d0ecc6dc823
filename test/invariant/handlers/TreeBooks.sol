// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {ISettlement} from "../../../contracts/economy/interfaces/ISettlement.sol";
import {JobStatus} from "../../../contracts/market/types/Job.sol";
import {Roles} from "../../../contracts/shared/Roles.sol";
import {Schedules} from "../../../contracts/shared/ScheduleId.sol";
import {Ghost} from "./Ghost.sol";

/// @title The books of trees of jobs
/// @dev Where escrow goes that a job does not use, reckoned from what the handlers did; and, of each tree, what its client
/// locked and what became of it. A job's index here is one less than its id.
abstract contract TreeBooks is Ghost {
    /// A job's place in its tree.
    struct Node {
        /// One more than its parent's index; 0 for a job of its own.
        uint256 parent;
        uint256 depth;
        uint256 children;
        /// What its parent gave, or left to it when it took over; 0 for a job of its own.
        uint256 given;
        /// What of its budget may become child jobs: at first, and still.
        uint256 allotted;
        uint256 forChildren;
        /// Tasks that its end was seen to write into the records of provider and orchestrator.
        uint256 providerTasks;
        uint256 orchestratorTasks;
        /// Whether a task is due: it was settled, or its provider was bound to it and failed.
        bool isTask;
        /// All that the market said of it when it had ended.
        bytes32 asEnded;
    }

    /// What became of what the client of a job without a parent locked.
    struct Tree {
        uint256 funded;
        uint256 paid;
        uint256 forOrchestrators;
        uint256 fees;
        uint256 refunded;
        /// Locked anew for who took over.
        uint256 movedOn;
    }

    mapping(uint256 index => Node) internal nodes;
    mapping(uint256 root => Tree) internal trees;

    bool private _goesUp;
    uint256 private _heir;
    uint256 private _heirHad;
    uint256 private _marketHad;
    uint256 private _providerHad;
    uint256 private _orchestratorHad;

    function nodeAt(uint256 index) external view returns (Node memory) {
        return nodes[index];
    }

    function treeAt(uint256 root) external view returns (Tree memory) {
        return trees[root];
    }

    function rootOf(uint256 index) public view returns (uint256) {
        while (nodes[index].parent != 0) index = nodes[index].parent - 1;
        return index;
    }

    function isLive(JobStatus status) public pure returns (bool) {
        return
            status == JobStatus.Funded ||
            status == JobStatus.Submitted ||
            status == JobStatus.Declined ||
            status == JobStatus.Disputed;
    }

    /// @notice What the market shows of a job, as one word.
    function shownOf(uint256 index) public view returns (bytes32) {
        return
            keccak256(
                abi.encode(
                    suite.jobMarket.getJob(jobs[index].id),
                    suite.jobMarket.termsOf(jobs[index].id),
                    suite.jobMarket.treeOf(jobs[index].id)
                )
            );
    }

    // Growth

    function bookRoot(uint256 index) internal {
        trees[index].funded = jobs[index].budget;
    }

    function bookChild(uint256 parent, uint256 index) internal {
        uint256 budget = jobs[index].budget;
        jobs[parent].budget -= budget;
        nodes[parent].forChildren -= budget;
        ++nodes[parent].children;
        if (jobs[parent].bound) inFlightOf[jobs[parent].provider] -= budget;
        (nodes[index].parent, nodes[index].depth) = (parent + 1, nodes[parent].depth + 1);
        nodes[index].given = budget;
    }

    /// @dev Its place in the tree is the late job's; one that followed a job of its own is a job of its own.
    function bookSuccessor(uint256 late, uint256 index) internal {
        uint256 budget = jobs[index].budget;
        if (nodes[late].parent == 0) {
            trees[late].movedOn += budget;
            bookRoot(index);
        } else {
            (nodes[index].parent, nodes[index].depth) = (nodes[late].parent, nodes[late].depth);
            nodes[index].given = jobs[late].budget;
        }
        if (jobs[late].bound) inFlightOf[jobs[late].provider] -= budget;
        jobs[late].left += budget;
    }

    // Ends

    /// @dev Before a job's end.
    function lookAt(uint256 index) internal {
        (_goesUp, _heir) = heirOf(index);
        _heirHad = _goesUp ? _budgetOf(_heir) : 0;
        _marketHad = _balanceOfMarket();
        (_providerHad, _orchestratorHad) = _tasksOf(index);
    }

    /// @dev Right after it, before anything else happens.
    function noteEnd(uint256 index, JobStatus status) internal {
        Job storage job = jobs[index];
        job.left += _marketHad - _balanceOfMarket();
        if (_goesUp) job.left += _budgetOf(_heir) - _heirHad;
        (uint256 provider, uint256 orchestrator) = _tasksOf(index);
        nodes[index].providerTasks += provider - _providerHad;
        nodes[index].orchestratorTasks += orchestrator - _orchestratorHad;
        job.status = status;
        nodes[index].asEnded = shownOf(index);
    }

    /// @dev What a job does not use goes to the nearest job above it that still has escrow, or to the tree's client.
    function bookUnspent(uint256 index, uint256 amount) internal returns (bool goesUp) {
        uint256 heir;
        (goesUp, heir) = heirOf(index);
        if (jobs[index].bound) inFlightOf[jobs[index].provider] -= amount;
        if (goesUp) {
            jobs[heir].budget += amount;
            nodes[heir].forChildren += amount;
            if (jobs[heir].bound) inFlightOf[jobs[heir].provider] += amount;
        } else {
            bookRefund(address(suite.jobMarket), jobs[heir].client, amount);
            trees[heir].refunded += amount;
        }
    }

    /// @dev Its provider was bound to it and did not do it.
    function bookFailedJob(uint256 index) internal {
        if (!jobs[index].bound) return;
        ISettlement.Work memory work = workOf(index);
        bookFailure(work);
        nodes[index].isTask = isRecorded(work);
    }

    /// @dev All that is left of its budget.
    function bookSettledJob(uint256 index) internal {
        ISettlement.Work memory work = workOf(index);
        uint256 fee = bookSettlement(address(suite.jobMarket), work, isRecorded(work));
        if (isRecorded(work)) bookRecord(work, fee);
        nodes[index].isTask = isRecorded(work);
        Tree storage tree = trees[rootOf(index)];
        (uint256 orchestrator, ) = legsOf(work);
        tree.fees += fee;
        tree.forOrchestrators += orchestrator;
        tree.paid += work.amount - orchestrator - fee;
    }

    /// @return goesUp Whether there is a job above that still has escrow.
    /// @return heir That job; else the one whose client paid for the whole tree.
    function heirOf(uint256 index) internal view returns (bool goesUp, uint256 heir) {
        heir = index;
        while (nodes[heir].parent != 0) {
            heir = nodes[heir].parent - 1;
            if (isLive(jobs[heir].status)) return (true, heir);
        }
    }

    function workOf(uint256 index) internal view returns (ISettlement.Work memory) {
        Job storage job = jobs[index];
        return
            ISettlement.Work({
                client: job.client,
                provider: job.provider,
                orchestrator: job.orchestrator,
                amount: uint128(job.budget),
                role: job.role,
                schedule: Schedules.SERVICE,
                success: 0, // the books need neither
                speed: 0,
                bound: job.bound
            });
    }

    function _tasksOf(uint256 index) private view returns (uint256 provider, uint256 orchestrator) {
        Job storage job = jobs[index];
        provider = suite.registry.positionOf(job.provider, job.role).record.tasks;
        if (job.orchestrator == address(0)) return (provider, 0);
        orchestrator = suite.registry.positionOf(job.orchestrator, Roles.ORCHESTRATOR).record.tasks;
    }

    function _budgetOf(uint256 index) private view returns (uint256) {
        return suite.jobMarket.getJob(jobs[index].id).budget;
    }

    function _balanceOfMarket() private view returns (uint256) {
        return suite.settlement.marketOf(address(suite.jobMarket)).balance;
    }
}
