// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {IERC8183Proposals} from "../../contracts/market/interfaces/IERC8183Proposals.sol";
import {Extras, JobStatus} from "../../contracts/market/types/Job.sol";
import {atMost, equal, holds} from "../support/Vm.sol";
import {RegistryLaws} from "./RegistryLaws.sol";
import {Ghost} from "./handlers/Ghost.sol";
import {TreeBooks} from "./handlers/TreeBooks.sol";

/// @title The laws of jobs and of trees of jobs
/// @dev J, as JobMarket numbers its invariants. J-4, that every job ends by time, is what the end of each run shows.
abstract contract TreeLaws is RegistryLaws {
    function checkTrees() public view {
        law_J1_theMarketHoldsTheBudgetsOfLiveJobs();
        law_J2_anEscrowLeavesOnce();
        law_J2_anEndIsForGood();
        law_J2_R4_anEndIsRecordedOnce();
        law_J5_ofATreeWhatWasLockedIsPaidRefundedOrThere();
        law_J5_childrenStayWithinTheirParents();
    }

    function law_J1_theMarketHoldsTheBudgetsOfLiveJobs() public view {
        uint256 live;
        for (uint256 i = 0; i < ghost.jobCount(); ++i) {
            IERC8183Proposals.JobView memory job = suite.jobMarket.getJob(ghost.jobAt(i).id);
            if (ghost.isLive(job.status)) live += job.budget;
        }
        equal(
            escrowIn(address(suite.jobMarket)),
            live,
            "J-1: balance = budgets of Funded, Submitted, Declined, Disputed"
        );
        equal(suite.jobMarket.jobCount(), ghost.jobCount(), "J-1: number of jobs");
    }

    function law_J2_anEscrowLeavesOnce() public view {
        for (uint256 i = 0; i < ghost.jobCount(); ++i) {
            Ghost.Job memory booked = ghost.jobAt(i);
            JobStatus status = suite.jobMarket.getJob(booked.id).status;
            holds(status == booked.status, "J-2: status");
            // A job that ended while Open never had an escrow; the vault's view of it froze nothing.
            bool funded = suite.jobMarket.termsOf(booked.id).reviewDuration != 0;
            bool ended = funded && !ghost.isLive(status);
            equal(booked.left, ended ? booked.budget + booked.givenBack : 0, "J-2: what left = escrow, once");
        }
    }

    function law_J2_anEndIsForGood() public view {
        for (uint256 i = 0; i < ghost.jobCount(); ++i) {
            bytes32 asEnded = ghost.nodeAt(i).asEnded;
            JobStatus status = ghost.jobAt(i).status;
            bool ended = status != JobStatus.Open && !ghost.isLive(status);
            holds((asEnded != 0) == ended, "J-2: an end that was not seen");
            if (ended) holds(ghost.shownOf(i) == asEnded, "J-2: something of an ended job changed");
        }
    }

    /// @dev One task for each side of a job at most: of the provider if the job was settled, or bound it and failed; of the
    /// orchestrator only if it was settled.
    function law_J2_R4_anEndIsRecordedOnce() public view {
        for (uint256 i = 0; i < ghost.jobCount(); ++i) {
            (Ghost.Job memory job, TreeBooks.Node memory node) = (ghost.jobAt(i), ghost.nodeAt(i));
            bool coordinated = job.orchestrator != address(0) && job.status == JobStatus.Completed;
            equal(node.providerTasks, node.isTask ? 1 : 0, "R-4: an end is one task of its provider");
            equal(node.orchestratorTasks, node.isTask && coordinated ? 1 : 0, "R-4: and one of its orchestrator");
        }
    }

    function law_J5_ofATreeWhatWasLockedIsPaidRefundedOrThere() public view {
        uint256 count = ghost.jobCount();
        uint256[] memory live = new uint256[](count);
        for (uint256 i = 0; i < count; ++i) {
            IERC8183Proposals.JobView memory job = suite.jobMarket.getJob(ghost.jobAt(i).id);
            if (ghost.isLive(job.status)) live[ghost.rootOf(i)] += job.budget;
        }
        for (uint256 i = 0; i < count; ++i) {
            TreeBooks.Tree memory tree = ghost.treeAt(i);
            uint256 sum = tree.paid + tree.forOrchestrators + tree.fees + tree.refunded + tree.movedOn + live[i];
            equal(sum, tree.funded, "J-5: paid + orchestrators + fees + refunded + still there = locked");
        }
    }

    function law_J5_childrenStayWithinTheirParents() public view {
        for (uint256 i = 0; i < ghost.jobCount(); ++i) {
            TreeBooks.Node memory node = ghost.nodeAt(i);
            Ghost.Job memory job = ghost.jobAt(i);
            Extras memory extras = suite.jobMarket.treeOf(job.id);
            equal(extras.parent, node.parent, "J-5: parent");
            equal(extras.depth, node.depth, "J-5: depth");
            equal(extras.children, node.children, "J-5: number of children");
            equal(extras.forChildren, node.forChildren, "J-5: left for children");
            atMost(extras.depth, 8, "J-5: a tree too deep");
            atMost(extras.children, 32, "J-5: a tree too wide");
            atMost(extras.forChildren, node.allotted, "J-5: more for children than was set apart");
            if (ghost.isLive(job.status))
                atMost(extras.forChildren, job.budget, "J-5: more for children than there is");
            if (node.parent == 0) continue;
            atMost(job.budget, node.given, "J-5: more escrow than the parent gave");
            atMost(job.deadline, ghost.jobAt(node.parent - 1).deadline, "J-5: a child outlives its parent");
        }
    }

    function escrowIn(address market) internal view returns (uint256) {
        return suite.settlement.marketOf(market).balance;
    }
}
