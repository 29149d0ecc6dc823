// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {IDisputeDesk} from "../../../contracts/market/interfaces/IDisputeDesk.sol";
import {IJobDisputes} from "../../../contracts/market/interfaces/IJobDisputes.sol";
import {IJobMarketEvents} from "../../../contracts/market/interfaces/IJobMarketEvents.sol";
import {Dispute as DeskDispute, Payment, Phase, Pot} from "../../../contracts/market/types/Dispute.sol";
import {JobStatus} from "../../../contracts/market/types/Job.sol";
import {JobId} from "../../../contracts/market/types/JobId.sol";
import {Lane, Offence} from "../../../contracts/registry/types/Offences.sol";
import {RoleId} from "../../../contracts/shared/RoleId.sol";
import {TestArbiter} from "../../mocks/TestArbiter.sol";
import {atMost, equal, holds, VM} from "../../support/Vm.sol";
import {DisputeHandler} from "./DisputeHandler.sol";

/// @title How disputes about jobs end: the split, the provider's stake, the arbiters' fees
abstract contract DisputeEndHandler is DisputeHandler {
    /// A seed that rules: nothing for the provider, and a poor result.
    uint256 private constant LOST = 3 << 48;

    struct Stake {
        uint256 octo;
        uint256 roleTokens;
        uint256 waitingOcto;
        uint256 waitingRole;
        uint256 payerHas;
        uint256 deskHas;
    }

    Stake private _had;

    function executeDispute(uint256 seed) external counted {
        (bool found, uint256 index) = _findCase(seed, _isRuled);
        if (!found) {
            index = _judging(seed);
            _rule(index, seed, false);
        }
        _execute(index);
    }

    /// @dev Whatever anybody keeps back.
    function letDisputeTimeOut(uint256 seed) external counted {
        (bool found, uint256 index) = _findCase(seed, _isUndecided);
        if (!found) index = _open(_disputable(seed), true, seed);
        uint256 until = cases[index].openedAt + DISPUTE_TIME;
        if (block.timestamp <= until) {
            bytes memory execute = abi.encodeCall(IDisputeDesk.execute, (jobs[cases[index].job].id));
            bytes4 reason = IDisputeDesk.DisputeDeskTooEarly.selector;
            refused(
                stranger,
                address(suite.disputes),
                execute,
                reason,
                "B-4: executed without a ruling, before its time"
            );
            jumpTo(until + 1);
        }
        _execute(index);
        note("dispute timed out");
    }

    function punishProvider(uint256 seed) external counted {
        (bool found, uint256 index) = _findCase(seed, _isToPunish);
        if (!found) index = _lost(seed);
        _punish(index);
    }

    function collectFee(uint256 seed) external counted {
        (bool found, uint256 index, Pot pot, address account) = _aFee(seed);
        if (!found) {
            index = _lost(seed);
            if (cases[index].owed != 0) _punish(index);
            (found, index, pot, account) = _aFee(seed);
            if (!found) return note("nothing to take a fee from");
        }
        _collect(index, pot, account, seed);
    }

    /// @dev Who is no party, what is over, and what only the desk may do.
    function probeDispute(uint256 seed) external counted {
        uint256 open = _disputable(seed);
        string memory law = "B-2: somebody disputed what is not his to dispute";
        bytes4 reason = IJobMarketEvents.JobMarketWrongCaller.selector;
        _refusedByDesk(stranger, _openCall(jobs[open].id), reason, law);
        _refusedByDesk(jobs[open].provider, _openCall(jobs[open].id), reason, law);
        reason = IJobMarketEvents.JobMarketCallerNotDisputes.selector;
        law = "B-2: somebody else took a job into a dispute or out of it";
        address market = address(suite.jobMarket);
        refused(
            jobs[open].client,
            market,
            abi.encodeCall(IJobDisputes.contest, (jobs[open].id, jobs[open].client)),
            reason,
            law
        );
        refused(jobs[open].provider, market, abi.encodeCall(IJobDisputes.resolve, (jobs[open].id, 100)), reason, law);

        JobId ended = jobs[endedJob(seed)].id;
        bool evaluated = _isEvaluated(jobs[JobId.unwrap(ended) - 1]);
        reason =
            evaluated
                ? IJobMarketEvents.JobMarketEvaluatorDecides.selector
                : IJobMarketEvents.JobMarketWrongStatus.selector;
        _refusedByDesk(
            jobs[JobId.unwrap(ended) - 1].client,
            _openCall(ended),
            reason,
            "M-01: an ended job was disputed"
        );

        (bool found, uint256 index) = _findCase(seed, _isClosed);
        if (found) _probeClosed(index);
    }

    // Inside: the end

    function _execute(uint256 index) private {
        Case storage row = cases[index];
        uint256 jobIndex = row.job;
        if (row.phase == Phase.Ruled) {
            uint256 until = row.ruledAt + APPEAL_TIME;
            uint256 limit = row.openedAt + DISPUTE_TIME;
            jumpTo((until < limit ? until : limit) + 1);
        }
        uint256 settled = (jobs[jobIndex].budget * (row.decided ? row.share : 50)) / 100;
        lookAt(jobIndex);
        VM.prank(stranger);
        suite.disputes.execute(jobs[jobIndex].id);
        noteEnd(jobIndex, settled == 0 ? JobStatus.Rejected : JobStatus.Completed);
        bookSplit(jobIndex, settled);
        row.phase = Phase.Closed;
        _bookBonds(index);
        note(
            settled == 0
                ? "dispute executed, all back"
                : row.share == 100
                    ? "dispute executed, all paid"
                    : "dispute executed, split"
        );
    }

    function _bookBonds(uint256 index) private {
        Case storage row = cases[index];
        uint256 ofClient = lossOf(row, true, row.ofClient);
        uint256 ofProvider = lossOf(row, false, row.ofProvider);
        uint256 ofAppeal = lossOf(row, row.appealByClient, row.ofAppeal);
        bookBond(row, _party(index, true), row.ofClient, ofClient);
        bookBond(row, _party(index, false), row.ofProvider, ofProvider);
        bookBond(row, _party(index, row.appealByClient), row.ofAppeal, ofAppeal);
        pots[index][Pot.Panel].filled = ofClient + ofProvider;
        pots[index][Pot.Appeal].filled = ofAppeal;
        if (row.onLane) row.owed = lossOf(row, false, row.bond);
        equal(suite.disputes.disputeOf(jobs[row.job].id).owed, row.owed, "B-2: what the lane owes");
    }

    /// @dev What is gone of the stake is in the pot, with the client of the tree, or waits to be burned.
    function _punish(uint256 index) private {
        Case storage row = cases[index];
        Job storage job = jobs[row.job];
        uint256 submittedAt = job.reviewEndsAt - job.reviewDuration;
        _seeStake(job);
        notePlacesOutOfReach(job.provider, job.role, submittedAt);
        VM.prank(stranger);
        (bool succeeded, ) = address(suite.disputes).call(abi.encodeCall(IDisputeDesk.punish, (job.id)));
        if (!succeeded) {
            holds(_isBudgetShort(), "B-4: nobody can be punished");
            return note("budget of the week used up");
        }
        checkPlacesOutOfReach(job.provider, job.role, submittedAt);
        uint256 levied = _whereStakeWent(index);
        DeskDispute memory left = suite.disputes.disputeOf(job.id);
        pots[index][Pot.Levy].filled += levied;
        if (row.owed != 0) note("lane levied");
        if (row.offends && !left.offends) _noteSlash(index);
        (row.owed, row.offends) = (left.owed, left.offends);
        if (row.frozen && !left.frozen) _bookThaw(index);
    }

    function _whereStakeWent(uint256 index) private returns (uint256 levied) {
        Case storage row = cases[index];
        Job storage job = jobs[row.job];
        (uint256 octo, uint256 roleTokens) = _stakeOf(job);
        (octo, roleTokens) = (_had.octo - octo, _had.roleTokens - roleTokens);
        (uint256 waitingOcto, uint256 waitingRole) = suite.registry.slashedOf(job.role);
        levied = _deskHas() - _had.deskHas;
        uint256 compensated = suite.octo.balanceOf(jobs[rootOf(row.job)].client) - _had.payerHas;
        equal(
            octo,
            levied + compensated + waitingOcto - _had.waitingOcto,
            "B-2: gone = levied + compensated + to burn"
        );
        equal(roleTokens, waitingRole - _had.waitingRole, "B-2: role tokens gone = to burn");
        atMost(levied, row.owed, "B-2: more was levied than was owed");
        atMost(compensated, row.share == 0 ? 0 : job.budget, "R-5: more compensation than was lost");
        uint256 week = block.timestamp / 1 weeks;
        spentIn[address(suite.disputes)][Lane.Octo][week] += octo;
        spentIn[address(suite.disputes)][Lane.RoleTokens][week] += roleTokens;
        cameIn += levied;
        escrowOf[address(suite.disputes)] += levied;
    }

    function _noteSlash(uint256 index) private {
        Case storage row = cases[index];
        note("provider slashed for an offence");
        if (row.offence < Offence.Fraud) return;
        holds(suite.desk.isBanned(jobs[row.job].provider), "I-21: not banned");
        note("provider banned");
    }

    function _seeStake(Job storage job) private {
        (_had.octo, _had.roleTokens) = _stakeOf(job);
        (_had.waitingOcto, _had.waitingRole) = suite.registry.slashedOf(job.role);
        _had.payerHas = suite.octo.balanceOf(jobs[rootOf(JobId.unwrap(job.id) - 1)].client);
        _had.deskHas = _deskHas();
    }

    // Inside: fees

    /// @dev At times the arbiter first names one more as right than there were: the last to come has nothing.
    function _collect(uint256 index, Pot pot, address account, uint256 seed) private {
        PotBook storage row = pots[index][pot];
        bytes memory collect = abi.encodeCall(IDisputeDesk.collectFee, (jobs[cases[index].job].id, pot));
        bytes4 reason = IDisputeDesk.DisputeDeskNoFee.selector;
        if (row.each == 0) {
            bookShares(index, pot);
            if ((seed >> 60) % 4 == 0) _lie(index, pot);
        }
        hasTaken[index][pot][account] = true;
        if (row.takers == seatsOf(index, pot)) {
            note("pot kept from one too many");
            return _refusedByDesk(account, collect, reason, "B-3: a pot paid more than it held");
        }
        VM.prank(account);
        suite.disputes.collectFee(jobs[cases[index].job].id, pot);
        bookTaken(index, pot, account);
        note(
            pot == Pot.Appeal
                ? "fee of an appeal"
                : pot == Pot.Levy
                    ? "fee out of a lane"
                    : "fee of a panel"
        );
        _refusedByDesk(account, collect, reason, "B-3: a fee was paid twice");
        _refusedByDesk(suite.bank, collect, reason, "B-3: a fee was paid to who did not vote");
    }

    function _lie(uint256 index, Pot pot) private {
        Case storage row = cases[index];
        bool isAppeal = pot == Pot.Appeal && row.appealPanel.length != 0;
        address[] storage list = isAppeal ? row.appealPanel : row.panel;
        if (list[list.length - 1] == orchestrator) return;
        TestArbiter(arbiterFor(row.job)).pretend(row.number, isAppeal, orchestrator, seatsOf(index, pot));
        list.push(orchestrator);
    }

    function _aFee(uint256 seed) private view returns (bool, uint256 index, Pot pot, address account) {
        for (uint256 i = 0; i < cases.length * 3; ++i) {
            uint256 place = addmod(seed, i, cases.length * 3);
            (index, pot) = (place / 3, Pot(place % 3));
            if (pots[index][pot].filled == 0 || (pot == Pot.Levy && cases[index].owed != 0)) continue;
            address[] memory list = rightOf(index, pot);
            for (uint256 j = 0; j < list.length; ++j) {
                if (!hasTaken[index][pot][list[j]]) return (true, index, pot, list[j]);
            }
        }
        return (false, 0, Pot.Panel, address(0));
    }

    /// @dev A dispute that its provider has lost, and an offence in it.
    function _lost(uint256 seed) private returns (uint256 index) {
        index = _judging(seed);
        _rule(index, LOST, true);
        _execute(index);
    }

    function _isRuled(Case storage row) private view returns (bool) {
        return row.phase == Phase.Ruled || row.phase == Phase.Final;
    }

    function _isUndecided(Case storage row) private view returns (bool) {
        return row.phase == Phase.Open || _isWithArbiter(row);
    }

    function _isClosed(Case storage row) private view returns (bool) {
        return row.phase == Phase.Closed;
    }

    function _isToPunish(Case storage row) private view returns (bool) {
        return row.phase == Phase.Closed && (row.owed != 0 || row.offends || row.frozen);
    }

    function _deskHas() private view returns (uint256) {
        return suite.settlement.marketOf(address(suite.disputes)).balance;
    }

    function _isBudgetShort() private view returns (bool) {
        RoleId any = RoleId.wrap(1);
        return
            suite.desk.allowanceOf(address(suite.disputes), Lane.Octo, any) <= 500_000e18 ||
            suite.desk.allowanceOf(address(suite.disputes), Lane.RoleTokens, any) <= 500_000e18;
    }

    function _openCall(JobId id) private pure returns (bytes memory) {
        return abi.encodeCall(IDisputeDesk.open, (id, "claim", Payment.Approval, false));
    }

    function _probeClosed(uint256 index) private {
        JobId id = jobs[cases[index].job].id;
        (address client, address provider) = (_party(index, true), _party(index, false));
        string memory law = "B-2: a dispute that is over went on";
        bytes4 reason = IDisputeDesk.DisputeDeskWrongPhase.selector;
        _refusedByDesk(stranger, abi.encodeCall(IDisputeDesk.execute, (id)), reason, law);
        _refusedByDesk(stranger, abi.encodeCall(IDisputeDesk.bringCase, (id)), reason, law);
        _refusedByDesk(stranger, abi.encodeCall(IDisputeDesk.winByDefault, (id)), reason, law);
        _refusedByDesk(client, abi.encodeCall(IDisputeDesk.answer, (id, Payment.Approval)), reason, law);
        _refusedByDesk(provider, abi.encodeCall(IDisputeDesk.answer, (id, Payment.Approval)), reason, law);
        _refusedByDesk(client, abi.encodeCall(IDisputeDesk.appeal, (id, Payment.Approval)), reason, law);
        _refusedByDesk(provider, abi.encodeCall(IDisputeDesk.submitEvidence, (id, "", "")), reason, law);
        reason = IDisputeDesk.DisputeDeskNothingToDo.selector;
        _refusedByDesk(client, abi.encodeCall(IDisputeDesk.freezeStake, (id)), reason, law);
        if (!_isToPunish(cases[index]))
            _refusedByDesk(stranger, abi.encodeCall(IDisputeDesk.punish, (id)), reason, law);
    }
}
