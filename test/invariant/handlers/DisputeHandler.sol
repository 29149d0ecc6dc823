// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {IDisputeDesk} from "../../../contracts/market/interfaces/IDisputeDesk.sol";
import {Payment, Phase} from "../../../contracts/market/types/Dispute.sol";
import {JobStatus} from "../../../contracts/market/types/Job.sol";
import {JobId} from "../../../contracts/market/types/JobId.sol";
import {Ruling} from "../../../contracts/market/types/Ruling.sol";
import {Offence} from "../../../contracts/registry/types/Offences.sol";
import {TestArbiter} from "../../mocks/TestArbiter.sol";
import {equal, VM} from "../../support/Vm.sol";
import {VerdictHandler} from "./VerdictHandler.sol";

/// @title Disputes about jobs, from the claim to the ruling
/// @dev The arbiter rules what the seed says: every share, every offence, or nothing. (A panel's draw needs hashes of blocks,
/// which no handler can make.)
abstract contract DisputeHandler is VerdictHandler {
    uint256 private constant EVIDENCE_TIME = 7 days;
    uint256 internal constant APPEAL_TIME = 3 days;
    uint256 internal constant DISPUTE_TIME = 60 days;
    uint256 private constant MOST_FREEZES = 3;

    /// Who vote with the majority.
    address[] internal bench;
    TestArbiter[2] private _arbiters;

    constructor() {
        bench = [stranger, sweeper, whale, evaluator];
        _arbiters = [new TestArbiter(), new TestArbiter()];
        _setArbiter(0);
    }

    // The two sides

    function disputeWork(uint256 seed) external counted {
        _open(_disputable(seed), true, seed);
    }

    function disputeRejection(uint256 seed) external counted {
        _open(_declined(seed), false, seed);
    }

    function answerDispute(uint256 seed) external counted {
        _answer(_unanswered(seed), seed);
    }

    function showEvidence(uint256 seed) external counted {
        (bool found, uint256 index) = _findCase(seed, _isOpen);
        if (!found) index = _open(_disputable(seed), true, seed);
        JobId id = jobs[cases[index].job].id;
        bytes memory evidence = abi.encodeCall(IDisputeDesk.submitEvidence, (id, "ipfs://evidence", "hash"));
        bytes4 reason = IDisputeDesk.DisputeDeskNotParty.selector;
        refused(suite.bank, address(suite.disputes), evidence, reason, "B-4: a stranger showed evidence");
        VM.prank(_party(index, seed % 2 == 0));
        suite.disputes.submitEvidence(id, "ipfs://evidence", "hash");
        note("evidence shown");
    }

    function freezeDisputed(uint256 seed) external counted {
        if (_freezes() >= MOST_FREEZES) return note("enough is frozen");
        (bool found, uint256 index) = _findCase(seed, _isThawed);
        if (!found) {
            index = _open(_disputable(seed), true, 0);
            if (cases[index].frozen) return;
        }
        Job storage job = jobs[cases[index].job];
        (uint256 octo, uint256 roleTokens) = _stakeOf(job);
        VM.prank(_party(index, seed % 2 == 0));
        suite.disputes.freezeStake(job.id);
        _bookFreeze(index, octo, roleTokens);
    }

    function winByDefault(uint256 seed) external counted {
        (bool found, uint256 index) = _findCase(seed, _isSilent);
        if (!found) index = _open(_declined(seed), false, seed);
        _winByDefault(index);
    }

    // The arbiter

    /// @dev Another one, for jobs that are made from now on.
    function setArbiter(uint256 seed) external counted {
        _setArbiter(seed);
        note("arbiter named");
    }

    function bringCase(uint256 seed) external counted {
        _brought(seed);
    }

    function ruleCase(uint256 seed) external counted {
        (bool found, uint256 index) = _findCase(seed, _isWithArbiter);
        _rule(found ? index : _judging(seed), seed, false);
    }

    function appealRuling(uint256 seed) external counted {
        (bool found, uint256 index) = _findCase(seed, _isAppealable);
        if (!found) {
            index = _judging(seed);
            _rule(index, seed, true);
        }
        _appeal(index, seed);
    }

    // Inside: the two sides

    function _open(uint256 jobIndex, bool byClient, uint256 seed) internal returns (uint256 index) {
        Job storage job = jobs[jobIndex];
        address opener = byClient ? job.client : job.provider;
        uint256 stake = _stakeFor(job.budget);
        Payment payment = _provide(opener, stake, seed);
        bool freeze = (seed >> 20) % 4 == 3 && _freezes() < MOST_FREEZES;
        (uint256 octo, uint256 roleTokens) = _stakeOf(job);
        VM.prank(opener);
        suite.disputes.open(job.id, "claim", payment, freeze);
        job.status = JobStatus.Disputed;

        index = cases.length;
        Case storage row = cases.push();
        (row.job, row.phase, row.openedAt) = (jobIndex, Phase.Open, block.timestamp);
        (row.byClient, row.bond) = (byClient, stake);
        row.onLane = suite.disputes.disputeOf(job.id).onLane;
        if (byClient) row.ofClient = stake;
        else if (!row.onLane) row.ofProvider = stake;
        if (byClient || !row.onLane) bookLock(address(suite.disputes), opener, stake, payment == Payment.Credit);
        if (freeze) _bookFreeze(index, octo, roleTokens);
        note(byClient ? "dispute opened by the client" : "dispute opened by the provider");
    }

    function _answer(uint256 index, uint256 seed) internal {
        Case storage row = cases[index];
        address party = _party(index, !row.byClient);
        Payment payment = _provide(party, row.bond, seed);
        VM.prank(party);
        suite.disputes.answer(jobs[row.job].id, payment);
        row.answered = true;
        if (row.byClient) row.ofProvider = row.bond;
        else row.ofClient = row.bond;
        bookLock(address(suite.disputes), party, row.bond, payment == Payment.Credit);
        note("dispute answered");
    }

    function _winByDefault(uint256 index) private {
        Case storage row = cases[index];
        JobId id = jobs[row.job].id;
        if (block.timestamp <= row.openedAt + ANSWER_TIME) {
            _refusedByDesk(
                stranger,
                abi.encodeCall(IDisputeDesk.winByDefault, (id)),
                IDisputeDesk.DisputeDeskTooEarly.selector,
                "B-4: won by default before the time to answer was over"
            );
            jumpTo(row.openedAt + ANSWER_TIME + 1);
        }
        VM.prank(stranger);
        suite.disputes.winByDefault(id);
        (row.phase, row.decided, row.share) = (Phase.Final, true, row.byClient ? 0 : 100);
        note("dispute won by default");
    }

    /// @dev Out of credit or by approval.
    function _provide(address account, uint256 amount, uint256 seed) private returns (Payment) {
        if ((seed >> 22) % 2 == 0) {
            supply(account, amount);
            return Payment.Approval;
        }
        if (accounts[account].credit < amount) deposit(account, amount);
        allow(account, address(suite.disputes), true);
        return Payment.Credit;
    }

    // Inside: the arbiter

    function _setArbiter(uint256 seed) private {
        address arbiter = address(_arbiters[seed % 2]);
        VM.prank(suite.admin);
        suite.disputes.setArbiter(arbiter);
        arbiterTerms.push(Term(jobs.length + 1, arbiter));
    }

    function _bring(uint256 index) private {
        Case storage row = cases[index];
        JobId id = jobs[row.job].id;
        jumpTo(row.openedAt + EVIDENCE_TIME + 1);
        VM.prank(stranger);
        suite.disputes.bringCase(id);
        row.phase = Phase.Judging;
        row.number = TestArbiter(arbiterFor(row.job)).caseCount();
        note("case brought to the arbiter");
    }

    /// @dev A quarter of all shares is half; more than all counts as all.
    function _rule(uint256 index, uint256 seed, bool mustDecide) internal {
        Case storage row = cases[index];
        Ruling memory ruling;
        ruling.decided = mustDecide || (seed >> 24) % 8 != 0;
        ruling.providerShare = [uint8(0), 25, 50, 50, 75, 100, 255, uint8((seed >> 28) % 101)][(seed >> 36) % 8];
        ruling.offends = (seed >> 40) % 3 == 0;
        bool mayBan = (seed >> 48) % 4 == 0 && actors.length < MOST_ACTORS;
        ruling.offence = mayBan ? Offence.Fraud : Offence(2 + ((seed >> 44) % 3));
        address[] memory majority = _majorityFrom(ruling.decided ? 1 + ((seed >> 52) % 3) : 0, seed >> 56);

        bool isAppeal = row.phase == Phase.Appealed;
        TestArbiter(arbiterFor(row.job)).decide(row.number, isAppeal, ruling, majority);
        if (ruling.decided) {
            (row.decided, row.share) = (true, ruling.providerShare > 100 ? 100 : ruling.providerShare);
            (row.offends, row.offence) = (ruling.offends, ruling.offence);
        }
        if (isAppeal) (row.appealPanel, row.appealSeats) = (majority, majority.length);
        else (row.panel, row.panelSeats) = (majority, majority.length);
        row.phase = isAppeal || !ruling.decided ? Phase.Final : Phase.Ruled;
        row.ruledAt = block.timestamp;
        note(ruling.decided ? (isAppeal ? "appeal decided" : "case ruled") : "case left undecided");
    }

    function _appeal(uint256 index, uint256 seed) private {
        Case storage row = cases[index];
        row.appealByClient = seed % 2 == 0;
        address party = _party(index, row.appealByClient);
        Payment payment = _provide(party, 2 * row.bond, seed);
        VM.prank(party);
        suite.disputes.appeal(jobs[row.job].id, payment);
        (row.phase, row.appealed, row.ofAppeal) = (Phase.Appealed, true, 2 * row.bond);
        bookLock(address(suite.disputes), party, row.ofAppeal, payment == Payment.Credit);
        note("ruling appealed");
    }

    function _majorityFrom(uint256 count, uint256 seed) private view returns (address[] memory list) {
        list = new address[](count);
        for (uint256 i = 0; i < count; ++i) list[i] = bench[(seed + i) % bench.length];
    }

    // Inside: frozen stake

    function _bookFreeze(uint256 index, uint256 octo, uint256 roleTokens) private {
        Case storage row = cases[index];
        Job storage job = jobs[row.job];
        row.frozen = true;
        Dispute memory frozen;
        frozen.id = bytes32(JobId.unwrap(job.id));
        (frozen.slasher, frozen.provider, frozen.role) = (address(suite.disputes), job.provider, job.role);
        frozen.offenceAt = job.reviewEndsAt - job.reviewDuration;
        frozen.key = suite.desk.disputeKey(frozen.slasher, frozen.provider, frozen.role, frozen.id);
        disputes.push(frozen);
        (uint256 octoAfter, uint256 roleAfter) = _stakeOf(job);
        equal(octoAfter, octo, "R-6: a dispute moved OCTO");
        equal(roleAfter, roleTokens, "R-6: a dispute moved role tokens");
        note("stake frozen");
    }

    /// @dev Unless somebody has ended it after its time.
    function _bookThaw(uint256 index) internal {
        cases[index].frozen = false;
        bytes32 id = bytes32(JobId.unwrap(jobs[cases[index].job].id));
        for (uint256 i = 0; i < disputes.length; ++i) {
            if (disputes[i].slasher == address(suite.disputes) && disputes[i].id == id) return forget(i);
        }
        note("stake thawed before by somebody else");
    }

    function _freezes() private view returns (uint256 count) {
        for (uint256 i = 0; i < disputes.length; ++i) {
            if (disputes[i].slasher == address(suite.disputes)) ++count;
        }
    }

    // Cases to act on: one that is there, or else a new one

    function _unanswered(uint256 seed) internal returns (uint256) {
        (bool found, uint256 index) = _findCase(seed, _isToAnswer);
        return found ? index : _open(_declined(seed), false, seed);
    }

    /// @dev Before the arbiter, and not on appeal.
    function _judging(uint256 seed) internal returns (uint256) {
        (bool found, uint256 index) = _findCase(seed, _isJudging);
        return found ? index : _brought(seed);
    }

    function _brought(uint256 seed) internal returns (uint256 index) {
        bool found;
        (found, index) = _findCase(seed, _isToBring);
        if (!found) {
            index = seed % 2 == 0 ? _open(_disputable(seed), true, seed) : _unanswered(seed);
            if (_isSilent(cases[index])) _answer(index, seed >> 1);
        }
        _bring(index);
    }

    function _findCase(
        uint256 seed,
        function(Case storage) view returns (bool) fits
    ) internal view returns (bool found, uint256 index) {
        for (uint256 i = 0; i < cases.length; ++i) {
            index = addmod(seed, i, cases.length);
            if (fits(cases[index])) return (true, index);
        }
    }

    function _isOpen(Case storage row) internal view returns (bool) {
        return row.phase == Phase.Open;
    }

    function _isToAnswer(Case storage row) private view returns (bool) {
        return _isSilent(row) && block.timestamp <= row.openedAt + ANSWER_TIME;
    }

    function _isSilent(Case storage row) private view returns (bool) {
        return row.phase == Phase.Open && needsAnswer(row) && !row.answered;
    }

    function _isToBring(Case storage row) private view returns (bool) {
        return row.phase == Phase.Open && (row.answered || !needsAnswer(row));
    }

    function _isJudging(Case storage row) private view returns (bool) {
        return row.phase == Phase.Judging;
    }

    function _isWithArbiter(Case storage row) internal view returns (bool) {
        return row.phase == Phase.Judging || row.phase == Phase.Appealed;
    }

    function _isAppealable(Case storage row) private view returns (bool) {
        return row.phase == Phase.Ruled && block.timestamp <= row.ruledAt + APPEAL_TIME;
    }

    function _isThawed(Case storage row) private view returns (bool) {
        return row.phase != Phase.Closed && !row.frozen;
    }

    function _party(uint256 index, bool client) internal view returns (address) {
        Job storage job = jobs[cases[index].job];
        return client ? job.client : job.provider;
    }

    /// @dev A twentieth of the escrow, rounded up, and at least 50 OCTO.
    function _stakeFor(uint256 escrow) private pure returns (uint256) {
        uint256 share = (escrow + 19) / 20;
        return share < 50e18 ? 50e18 : share;
    }

    /// @dev OCTO with what is delegated.
    function _stakeOf(Job storage job) internal view returns (uint256 octo, uint256 roleTokens) {
        (octo, roleTokens) = stakeOf(job.provider, job.role);
        octo += poolTokensOf(job.provider, job.role);
    }

    function _refusedByDesk(address caller, bytes memory data, bytes4 reason, string memory law) internal {
        refused(caller, address(suite.disputes), data, reason, law);
    }
}
