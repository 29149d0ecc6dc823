// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Offence} from "../registry/types/Offences.sol";
import {IArbiter} from "./interfaces/IArbiter.sol";
import {IArbitrable} from "./interfaces/IArbitrable.sol";
import {IPanelArbiter} from "./interfaces/IPanelArbiter.sol";
import {PanelDraw} from "./libraries/PanelDraw.sol";
import {Rosters} from "./libraries/Rosters.sol";
import {Roster, Seat} from "./types/Roster.sol";
import {Ruling} from "./types/Ruling.sol";
import {Tally} from "./types/Tally.sol";

/// @title Panel arbiter
/// @dev Invariant D-1: in a round votes who was eligible when it began or was drawn, is a member since, and is no party;
/// each once, with one voice, whatever his score.
/// @dev Invariant D-2: a case only moves forward; its arbitrable, its parties, and the voters and the deadline of a round
/// that has begun never change.
/// @dev Invariant D-3: a panel is drawn by the hash of a block that did not exist when the draw was set, from those who were
/// eligible then.
/// @dev Invariant D-4: a panel rules by more than half of at least four votes, an appeal by more than half of the votes of at
/// least a fifth of those who may vote.
/// @dev Invariant D-5: two draws and three times five days end a case, whoever is silent, leaves or is dismissed.
/// @dev Invariant D-6: no restricted function touches a case.
///
/// Deliberately not checked: whether a share and an offence go together (the arbitrable's matter), whether votes were bought
/// or copied (they are open), and whether a panellist has an interest in a case beyond the parties named. A second panel may
/// have members of the first.
contract PanelArbiter is IPanelArbiter, AccessManaged {
    using Rosters for Roster;
    using Rosters for Seat;
    using PanelDraw for Roster;

    uint256 private constant NOTICE = 7 days;
    uint256 private constant VOTE_DURATION = 5 days;
    uint256 private constant DRAW_DISTANCE = 2;
    uint256 private constant LEAST_MEMBERS = 15;
    uint256 private constant LEAST_ELIGIBLE = 9;
    uint256 private constant LEAST_VOTES = 4;
    uint256 private constant APPEAL_QUORUM = 5; // one in so many
    uint256 private constant MAX_PARTIES = 16;
    uint256 private constant MAX_PAGE = 100;
    uint256 private constant QUARTER = 25;

    /// @dev The rounds of a case.
    uint256 private constant FIRST = 1;
    uint256 private constant SECOND = 2;
    uint256 private constant APPEAL = 3;

    /// @dev A case. One slot.
    /// @param panel The last panel's round.
    struct Case {
        address arbitrable;
        uint40 drawBlock;
        CaseStatus status;
        uint8 panel;
        uint8 partyCount;
    }

    /// @dev A round of votes. One slot.
    /// @param voters The places of who may vote, as a bitmap; none until the draw.
    /// @param startedAt When it began; until the draw, when that was set.
    /// @param size How many may vote; until the draw, how many places it is drawn from.
    struct Round {
        uint128 voters;
        uint40 startedAt;
        uint8 size;
        Tally tally;
    }

    Roster private _roster;
    /// @inheritdoc IPanelArbiter
    uint256 public caseCount;
    /// @inheritdoc IPanelArbiter
    mapping(address arbitrable => bool) public isAdmitted;
    mapping(uint256 caseId => Case row) private _cases;
    mapping(uint256 caseId => mapping(uint256 index => address party)) private _parties;
    mapping(uint256 caseId => mapping(uint256 round => Round row)) private _rounds;
    /// @dev What an account chose, plus one; 0 if it has not voted.
    mapping(uint256 caseId => mapping(uint256 round => mapping(address account => uint256 choice))) private _choices;

    /// @param authority_ The AccessManager.
    /// @param genesis Who is on the roster, and eligible, from the beginning.
    constructor(address authority_, address[] memory genesis) AccessManaged(authority_) {
        for (uint256 i = 0; i < genesis.length; ++i) _nominate(genesis[i], block.timestamp);
    }

    /// @inheritdoc IArbiter
    function openCase(address[] calldata parties) external returns (uint256 caseId) {
        require(isAdmitted[msg.sender], PanelArbiterNotAdmitted(msg.sender));
        require(parties.length <= MAX_PARTIES, PanelArbiterTooManyParties(parties.length, MAX_PARTIES));
        require(_roster.count >= LEAST_MEMBERS, PanelArbiterRosterTooSmall(_roster.count, LEAST_MEMBERS));
        uint256 eligible = _roster.countEligible(parties, LEAST_ELIGIBLE);
        require(eligible >= LEAST_ELIGIBLE, PanelArbiterTooFewEligible(eligible, LEAST_ELIGIBLE));

        caseId = ++caseCount;
        Case storage row = _cases[caseId];
        (row.arbitrable, row.partyCount) = (msg.sender, uint8(parties.length)); // at most MAX_PARTIES
        for (uint256 i = 0; i < parties.length; ++i) _parties[caseId][i] = parties[i];
        uint256 drawBlock = _setDraw(caseId, row, FIRST);
        emit CaseOpened(caseId, msg.sender, parties, drawBlock);
    }

    /// @inheritdoc IPanelArbiter
    function draw(uint256 caseId) external {
        Case storage row = _cases[caseId];
        _requireStatus(caseId, row.status, CaseStatus.Drawing);
        require(block.number > row.drawBlock, PanelArbiterDrawNotReady(caseId, row.drawBlock));

        bytes32 source = PanelDraw.hashOf(row.drawBlock);
        if (source == 0) {
            uint256 drawBlock = _setDraw(caseId, row, row.panel);
            emit DrawPostponed(caseId, drawBlock);
            return;
        }

        (address[] memory panel, uint256 places) = _drawn(caseId, row, source);
        if (panel.length < LEAST_VOTES) {
            Ruling memory undecided;
            _deliver(caseId, row, CaseStatus.Closed, undecided, false);
            return;
        }

        row.status = CaseStatus.Voting;
        _begin(_rounds[caseId][row.panel], places, panel.length);
        emit PanelDrawn(caseId, row.panel, panel, block.timestamp + VOTE_DURATION);
    }

    /// @inheritdoc IPanelArbiter
    function vote(uint256 caseId, uint8 providerShare, bool offends, Offence offence) external {
        uint256 index = _runningRound(caseId);
        Round storage round = _rounds[caseId][index];
        uint256 deadline = round.startedAt + VOTE_DURATION;
        require(block.timestamp <= deadline, PanelArbiterVoteOver(caseId, deadline));
        require(_mayVote(round, msg.sender), PanelArbiterNotVoter(caseId, msg.sender));
        require(_choices[caseId][index][msg.sender] == 0, PanelArbiterAlreadyVoted(caseId, msg.sender));
        require(providerShare % QUARTER == 0 && providerShare <= 100, PanelArbiterShareNotQuarter(providerShare));
        uint256 severity = offends ? _severityOf(offence) : 0;

        uint256 choice = providerShare / QUARTER; // exact
        _choices[caseId][index][msg.sender] = choice + 1;
        round.tally = round.tally.withVote(choice, severity);
        emit Voted(caseId, msg.sender, index == APPEAL, providerShare, offends, offence);
    }

    /// @inheritdoc IPanelArbiter
    function close(uint256 caseId) external {
        uint256 index = _runningRound(caseId);
        Round memory round = _rounds[caseId][index];
        uint256 deadline = round.startedAt + VOTE_DURATION;
        require(
            block.timestamp > deadline || round.tally.votes() == round.size,
            PanelArbiterVoteNotOver(caseId, deadline)
        );

        Case storage row = _cases[caseId];
        Ruling memory ruling = _rulingOf(index, round);
        if (index == APPEAL) {
            bool byAppeal = ruling.decided;
            if (!byAppeal) ruling = _rulingOf(row.panel, _rounds[caseId][row.panel]);
            _deliver(caseId, row, CaseStatus.Closed, ruling, byAppeal);
        } else if (ruling.decided) {
            _deliver(caseId, row, CaseStatus.Ruled, ruling, false);
        } else if (index == FIRST) {
            _callSecondPanel(caseId, row, round);
        } else {
            _deliver(caseId, row, CaseStatus.Closed, ruling, false);
        }
    }

    /// @inheritdoc IArbiter
    function appeal(uint256 caseId) external {
        Case storage row = _cases[caseId];
        _requireStatus(caseId, row.status, CaseStatus.Ruled);
        require(msg.sender == row.arbitrable, PanelArbiterCallerNotArbitrable(caseId, msg.sender, row.arbitrable));

        (uint256 places, uint256 count) = _roster.eligible(_partiesOf(caseId, row.partyCount));
        row.status = CaseStatus.Appealed;
        _begin(_rounds[caseId][APPEAL], places, count);
        emit AppealOpened(caseId, count, block.timestamp + VOTE_DURATION);
    }

    /// @inheritdoc IPanelArbiter
    function resign() external {
        _remove(msg.sender);
        emit MemberResigned(msg.sender);
    }

    /// @inheritdoc IPanelArbiter
    function nominate(address account) external restricted {
        _nominate(account, block.timestamp + NOTICE);
    }

    /// @inheritdoc IPanelArbiter
    function dismiss(address account) external restricted {
        _remove(account);
        emit MemberDismissed(account);
    }

    /// @inheritdoc IPanelArbiter
    function admit(address arbitrable, bool admitted) external restricted {
        require(arbitrable != address(0), PanelArbiterZeroAccount());

        isAdmitted[arbitrable] = admitted;
        emit ArbitrableAdmitted(arbitrable, admitted);
    }

    /// @inheritdoc IArbiter
    function canJudge(address[] calldata parties) external view returns (bool) {
        return
            parties.length <= MAX_PARTIES &&
            _roster.count >= LEAST_MEMBERS &&
            _roster.countEligible(parties, LEAST_ELIGIBLE) >= LEAST_ELIGIBLE;
    }

    /// @inheritdoc IArbiter
    function votesOf(
        uint256 caseId,
        bool isAppeal,
        address account
    ) external view returns (bool withMajority, uint256 majority) {
        Case storage row = _cases[caseId];
        if (row.status < (isAppeal ? CaseStatus.Closed : CaseStatus.Ruled)) return (false, 0);

        uint256 index = isAppeal ? APPEAL : row.panel;
        Round memory round = _rounds[caseId][index];
        Ruling memory ruling = _rulingOf(index, round);
        if (!ruling.decided) return (false, 0);

        uint256 choice = ruling.providerShare / QUARTER; // exact
        return (_choices[caseId][index][account] == choice + 1, round.tally.votesFor(choice));
    }

    /// @inheritdoc IPanelArbiter
    function caseOf(uint256 caseId) external view returns (CaseView memory found) {
        Case memory row = _cases[caseId];
        if (row.status == CaseStatus.None) return found;

        uint256 appealedAt = _rounds[caseId][APPEAL].startedAt;
        Round memory round = _rounds[caseId][appealedAt == 0 ? row.panel : APPEAL];
        bool drawn = appealedAt != 0 || round.voters != 0;
        found = CaseView({
            arbitrable: row.arbitrable,
            status: row.status,
            panel: row.panel,
            drawBlock: row.drawBlock,
            startedAt: round.startedAt,
            deadline: drawn ? round.startedAt + VOTE_DURATION : 0,
            voters: drawn ? round.size : 0,
            votes: round.tally.votes(),
            parties: _partiesOf(caseId, row.partyCount)
        });
    }

    /// @inheritdoc IPanelArbiter
    function panelOf(uint256 caseId) external view returns (address[] memory panel) {
        Round storage round = _rounds[caseId][_cases[caseId].panel];
        Member[] memory sitting = _membersAt(round.voters, round.startedAt);
        panel = new address[](sitting.length);
        for (uint256 i = 0; i < sitting.length; ++i) panel[i] = sitting[i].account;
    }

    /// @inheritdoc IPanelArbiter
    function hasVoted(uint256 caseId, bool isAppeal, address account) external view returns (bool) {
        return _choices[caseId][isAppeal ? APPEAL : _cases[caseId].panel][account] != 0;
    }

    /// @inheritdoc IPanelArbiter
    function memberOf(address account) external view returns (Member memory member) {
        if (_roster.contains(account)) member = _memberAt(_roster.placeOf[account] - 1);
    }

    /// @inheritdoc IPanelArbiter
    function members(uint256 cursor, uint256 limit) external view returns (Member[] memory page, uint256 next) {
        require(limit != 0 && limit <= MAX_PAGE, PanelArbiterPageSize(limit, MAX_PAGE));
        uint256 length = _roster.length;
        if (cursor >= length) return (page, 0);

        uint256 end = Math.min(cursor + limit, length);
        uint256 places = ((1 << end) - 1) ^ ((1 << cursor) - 1);
        page = _membersAt(places, type(uint256).max);
        next = end == length ? 0 : end;
    }

    /// @inheritdoc IPanelArbiter
    function memberCount() external view returns (uint256) {
        return _roster.count;
    }

    /// @inheritdoc IPanelArbiter
    function eligibleCount() external view returns (uint256 count) {
        (, count) = _roster.eligible(new address[](0));
    }

    /// @dev From the block after the next one on nobody who sends a transaction now knows the hash.
    function _setDraw(uint256 caseId, Case storage row, uint256 panel) private returns (uint256 drawBlock) {
        drawBlock = block.number + DRAW_DISTANCE;
        row.drawBlock = uint40(drawBlock); // a trillion blocks
        row.status = CaseStatus.Drawing;
        row.panel = uint8(panel); // FIRST or SECOND
        Round storage round = _rounds[caseId][panel];
        round.startedAt = uint40(block.timestamp); // for thirty thousand years
        round.size = _roster.length;
    }

    function _begin(Round storage round, uint256 places, uint256 size) private {
        round.voters = uint128(places); // places are below 100
        round.startedAt = uint40(block.timestamp); // for thirty thousand years
        round.size = uint8(size); // at most 100
    }

    function _callSecondPanel(uint256 caseId, Case storage row, Round memory failed) private {
        for (uint256 place = 0; failed.voters >> place != 0; ++place) {
            if (!_isVoter(failed, place)) continue;
            address account = _roster.seats[place].account;
            if (_choices[caseId][FIRST][account] != 0) continue;

            (uint256 previous, uint256 current) = _roster.lowerScore(place);
            emit ScoreLowered(account, previous, current);
        }
        uint256 drawBlock = _setDraw(caseId, row, SECOND);
        emit SecondPanelCalled(caseId, drawBlock);
    }

    /// @dev After all own effects: whatever the arbitrable does, the case stands where it should.
    function _deliver(
        uint256 caseId,
        Case storage row,
        CaseStatus status,
        Ruling memory ruling,
        bool byAppeal
    ) private {
        row.status = status;
        emit CaseDecided(caseId, status, byAppeal, ruling);

        IArbitrable(row.arbitrable).rule(caseId, ruling);
    }

    function _nominate(address account, uint256 eligibleFrom) private {
        require(account != address(0), PanelArbiterZeroAccount());
        require(!_roster.contains(account), PanelArbiterAlreadyMember(account));
        require(_roster.count < Rosters.MOST_MEMBERS, PanelArbiterRosterFull(Rosters.MOST_MEMBERS));

        _roster.add(account, eligibleFrom);
        emit MemberNominated(account, eligibleFrom);
    }

    function _remove(address account) private {
        require(_roster.contains(account), PanelArbiterNotMember(account));
        _roster.remove(account);
    }

    function _drawn(
        uint256 caseId,
        Case storage row,
        bytes32 source
    ) private view returns (address[] memory panel, uint256 places) {
        Round storage round = _rounds[caseId][row.panel];
        return
            _roster.draw({
                seed: keccak256(abi.encode(source, address(this), caseId, row.panel)),
                length: round.size,
                since: round.startedAt,
                parties: _partiesOf(caseId, row.partyCount)
            });
    }

    /// @dev The round that takes votes.
    function _runningRound(uint256 caseId) private view returns (uint256) {
        Case storage row = _cases[caseId];
        if (row.status == CaseStatus.Appealed) return APPEAL;

        _requireStatus(caseId, row.status, CaseStatus.Voting);
        return row.panel;
    }

    function _mayVote(Round memory round, address account) private view returns (bool) {
        uint256 placePlusOne = _roster.placeOf[account];
        return placePlusOne != 0 && _isVoter(round, placePlusOne - 1);
    }

    /// @dev Whether who sits at a place is a voter of the round: who took the place later was not eligible when it began.
    function _isVoter(Round memory round, uint256 place) private view returns (bool) {
        if ((round.voters >> place) & 1 == 0) return false;

        Seat memory seat = _roster.seats[place];
        return seat.account != address(0) && seat.eligibleFrom <= round.startedAt;
    }

    function _partiesOf(uint256 caseId, uint256 count) private view returns (address[] memory parties) {
        parties = new address[](count);
        for (uint256 i = 0; i < count; ++i) parties[i] = _parties[caseId][i];
    }

    function _memberAt(uint256 place) private view returns (Member memory) {
        Seat memory seat = _roster.seats[place];
        return
            Member({
                account: seat.account,
                eligibleFrom: seat.eligibleFrom,
                score: seat.score,
                eligible: seat.isEligible(block.timestamp)
            });
    }

    /// @dev The members at these places whose notice was over at a moment.
    function _membersAt(uint256 places, uint256 since) private view returns (Member[] memory found) {
        Member[] memory all = new Member[](Rosters.MOST_MEMBERS);
        uint256 count = 0;
        for (uint256 place = 0; places >> place != 0; ++place) {
            if ((places >> place) & 1 == 0) continue;
            Member memory member = _memberAt(place);
            if (member.account != address(0) && member.eligibleFrom <= since) all[count++] = member;
        }

        found = new Member[](count);
        for (uint256 i = 0; i < count; ++i) found[i] = all[i];
    }

    /// @dev What a round decides; undecided for lack of votes or of a majority.
    function _rulingOf(uint256 index, Round memory round) private pure returns (Ruling memory ruling) {
        uint256 votes = round.tally.votes();
        bool enough = index == APPEAL ? votes * APPEAL_QUORUM >= round.size : votes >= LEAST_VOTES;
        (bool found, uint256 choice) = round.tally.winner();
        if (!enough || !found) return ruling;

        (ruling.decided, ruling.providerShare) = (true, uint8(choice * QUARTER)); // at most 100
        uint256 severity = round.tally.namedSeverity();
        if (severity == 0) return ruling;

        (ruling.offends, ruling.offence) = (true, Offence(uint8(Offence.PoorResult) + severity - 1));
    }

    /// @dev From 1 for a poor result to 4 for fraud.
    function _severityOf(Offence offence) private pure returns (uint256) {
        require(offence >= Offence.PoorResult && offence <= Offence.Fraud, PanelArbiterForeignOffence(offence));
        return uint256(offence) - uint256(Offence.PoorResult) + 1;
    }

    function _requireStatus(uint256 caseId, CaseStatus actual, CaseStatus expected) private pure {
        require(actual == expected, PanelArbiterWrongStatus(caseId, actual, expected));
    }
}
