// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {Dispute, Phase, Pot} from "../../contracts/market/types/Dispute.sol";
import {JobStatus} from "../../contracts/market/types/Job.sol";
import {JobId} from "../../contracts/market/types/JobId.sol";
import {atMost, equal, holds} from "../support/Vm.sol";
import {TreeLaws} from "./TreeLaws.sol";
import {DisputeBooks} from "./handlers/DisputeBooks.sol";

/// @title The laws of disputes
/// @dev B, as DisputeDesk numbers its invariants. B-4, that every dispute ends by time, is what the handlers and the end of
/// each run show.
abstract contract DisputeLaws is TreeLaws {
    function checkDisputes() public view {
        law_B2_aDisputeIsExecutedOnce();
        law_B3_aPotPaysEachTheSame();
        law_B5_aJobKeepsItsArbiter();
    }

    function law_B1_theDeskHoldsBondsAndPots() public view {
        uint256 sum;
        for (uint256 i = 0; i < ghost.caseCount(); ++i) {
            DisputeBooks.Case memory row = ghost.caseAt(i);
            if (row.phase != Phase.Closed) sum += row.ofClient + row.ofProvider + row.ofAppeal;
            else sum += _left(i, Pot.Panel) + _left(i, Pot.Levy) + _left(i, Pot.Appeal);
        }
        equal(escrowIn(address(suite.disputes)), sum, "B-1: balance = bonds of open disputes + pots");
    }

    /// @dev And as long as it is not executed its job is Disputed.
    function law_B2_aDisputeIsExecutedOnce() public view {
        uint256 open;
        for (uint256 i = 0; i < ghost.caseCount(); ++i) {
            DisputeBooks.Case memory row = ghost.caseAt(i);
            Dispute memory there = suite.disputes.disputeOf(_idOf(row));
            holds(there.phase == row.phase, "B-2: where a dispute stands");
            equal(there.bond, row.bond, "B-2: what each side has at stake");
            bool isClosed = row.phase == Phase.Closed;
            holds(isClosed || ghost.jobAt(row.job).status == JobStatus.Disputed, "B-2: a dispute about an ended job");
            if (!isClosed) ++open;
            uint256 posted = row.ofClient + row.ofProvider + row.ofAppeal;
            uint256 lost = ghost.potOf(i, Pot.Panel).filled + ghost.potOf(i, Pot.Appeal).filled;
            equal(row.returned + lost, isClosed ? posted : 0, "B-2: bonds = back + in pots");
        }
        for (uint256 i = 0; i < ghost.jobCount(); ++i) {
            if (ghost.jobAt(i).status != JobStatus.Disputed) continue;
            holds(open-- != 0, "B-2: a disputed job without a dispute");
        }
        equal(open, 0, "B-2: two disputes about a job");
    }

    function law_B3_aPotPaysEachTheSame() public view {
        for (uint256 i = 0; i < ghost.caseCount(); ++i) {
            _checkPot(i, Pot.Panel);
            _checkPot(i, Pot.Levy);
            _checkPot(i, Pot.Appeal);
        }
    }

    function law_B5_aJobKeepsItsArbiter() public view {
        for (uint256 i = 0; i < ghost.jobCount(); ++i) {
            holds(suite.disputes.arbiterOf(ghost.jobAt(i).id) == ghost.arbiterFor(i), "B-5: a job's arbiter");
        }
    }

    function _checkPot(uint256 index, Pot pot) private view {
        DisputeBooks.PotBook memory book = ghost.potOf(index, pot);
        equal(_left(index, pot) + book.paid + book.burned, book.filled, "B-3: left + paid + burned = filled");
        equal(book.paid, book.each * book.takers, "B-3: each has had the same");
        atMost(book.paid * 5, book.filled * 4, "B-3: a pot paid more than four fifths of it");
    }

    function _left(uint256 index, Pot pot) private view returns (uint256) {
        return suite.disputes.feesOf(_idOf(ghost.caseAt(index)), pot).left;
    }

    function _idOf(DisputeBooks.Case memory row) private pure returns (JobId) {
        return JobId.wrap(row.job + 1);
    }
}
