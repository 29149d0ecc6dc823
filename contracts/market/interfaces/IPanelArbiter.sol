// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {Offence} from "../../registry/types/Offences.sol";
import {Ruling} from "../types/Ruling.sol";
import {IArbiter} from "./IArbiter.sol";

/// @title Panels of a public roster
/// @notice Judges disputes: seven arbiters drawn at random from a public roster vote for five days on how an escrow is
/// split and which offence, if any, the provider committed. A second panel follows once if the first was tied or too
/// silent, and one appeal to all arbiters if the market brings it.
/// @dev Holds no money. Nobody, the administrator included, chooses a panel or changes a ruling. No pause.
///
///     None
///      | openCase                      a block is set that does not exist yet
///      v                    .--.
///     Drawing <-------------'  | draw, its hash forgotten: another block is set
///      |  |  ^-----------------'
///      |  '-- draw, fewer than four to be drawn ------------------------------------------.
///      | draw                                                                             |
///      v                                                                                  |
///     Voting -- close, the first panel without a majority --> Drawing (second panel, once) |
///      |  '---- close, the second panel without a majority ----------------------------.  |
///      | close                                                                         v  v
///      v                                                                             Closed
///     Ruled -- appeal (once) --> Appealed -- close ------------------------------------^
///
/// A case moves only along these arrows. The ruling is delivered when it comes to Ruled and when it comes to Closed. Whether
/// an appeal may still be brought is the arbitrable's to say; a case that nobody appeals stays at Ruled.
///
/// The draw's source is the hash of a block that is two blocks ahead when the draw is set, and whoever calls {draw} has the
/// same result until that hash is forgotten: after 256 blocks, or 8,191 where the chain keeps its history (EIP-2935). What
/// is left to gain: the proposer of that very block (of a rollup: its sequencer) can try contents until the hash suits him.
/// If nobody calls {draw} in time, another block decides, so who dislikes a draw gains by it only if everybody else is
/// silent. A member that leaves, or is dismissed, between the block and {draw} gives its place on the panel to the next. The
/// appeal, in which all vote, is the remedy for a bad draw.
interface IPanelArbiter is IArbiter {
    /// @notice Where a case stands. See the drawing above.
    enum CaseStatus {
        None,
        Drawing,
        Voting,
        Ruled,
        Appealed,
        Closed
    }

    /// @notice A case.
    /// @param arbitrable Who brought it.
    /// @param status Where it stands.
    /// @param panel Which panel's turn it is or was: 1 or 2.
    /// @param drawBlock The block whose hash draws or drew that panel.
    /// @param startedAt When the last round of votes began, Unix seconds; while drawing, when the draw was set.
    /// @param deadline The last second in which it takes votes, Unix seconds; 0 while drawing.
    /// @param voters How many may vote in it; 0 while drawing.
    /// @param votes How many have.
    /// @param parties Who may not judge.
    struct CaseView {
        address arbitrable;
        CaseStatus status;
        uint256 panel;
        uint256 drawBlock;
        uint256 startedAt;
        uint256 deadline;
        uint256 voters;
        uint256 votes;
        address[] parties;
    }

    /// @notice A member of the roster.
    /// @param account The arbiter.
    /// @param eligibleFrom When its notice is over, Unix seconds; 0 for no member.
    /// @param score In basis points.
    /// @param eligible Whether it can be drawn now, and vote on appeals brought now.
    struct Member {
        address account;
        uint256 eligibleFrom;
        uint256 score;
        bool eligible;
    }

    /// @notice An account was put on the roster.
    /// @param account The account.
    /// @param eligibleFrom From when on it can judge, Unix seconds.
    event MemberNominated(address indexed account, uint256 eligibleFrom);

    /// @notice A member was taken off the roster.
    /// @param account The account.
    event MemberDismissed(address indexed account);

    /// @notice A member left the roster.
    /// @param account The account.
    event MemberResigned(address indexed account);

    /// @notice A member lost a tenth of its score, for its silence on a panel that failed.
    /// @param account The account.
    /// @param previous Its score before, in basis points.
    /// @param current Its score now, in basis points.
    event ScoreLowered(address indexed account, uint256 previous, uint256 current);

    /// @notice Whether an arbitrable may open cases was set.
    /// @param arbitrable The arbitrable.
    /// @param admitted Whether it may.
    event ArbitrableAdmitted(address indexed arbitrable, bool admitted);

    /// @notice A case was opened.
    /// @param caseId The case.
    /// @param arbitrable Who brought it.
    /// @param parties Who may not judge.
    /// @param drawBlock The block whose hash draws the panel.
    event CaseOpened(uint256 indexed caseId, address indexed arbitrable, address[] parties, uint256 drawBlock);

    /// @notice The hash of a draw's block was forgotten before anybody used it.
    /// @param caseId The case.
    /// @param drawBlock The block whose hash draws the panel now.
    event DrawPostponed(uint256 indexed caseId, uint256 drawBlock);

    /// @notice A panel was drawn.
    /// @param caseId The case.
    /// @param panel 1 for the first, 2 for the second.
    /// @param panellists Who was drawn.
    /// @param deadline The last second in which they vote, Unix seconds.
    event PanelDrawn(uint256 indexed caseId, uint256 panel, address[] panellists, uint256 deadline);

    /// @notice The first panel was tied or too silent: a second one is drawn.
    /// @param caseId The case.
    /// @param drawBlock The block whose hash draws it.
    event SecondPanelCalled(uint256 indexed caseId, uint256 drawBlock);

    /// @notice An arbiter voted.
    /// @param caseId The case.
    /// @param account The arbiter.
    /// @param isAppeal Whether on appeal.
    /// @param providerShare The provider's part of the escrow, in percent.
    /// @param offends Whether the provider committed an offence.
    /// @param offence Which one; means nothing otherwise.
    event Voted(
        uint256 indexed caseId,
        address indexed account,
        bool isAppeal,
        uint256 providerShare,
        bool offends,
        Offence offence
    );

    /// @notice A ruling was reached and is delivered.
    /// @param caseId The case.
    /// @param status Ruled if it can be appealed, Closed if it is the last.
    /// @param byAppeal Whether the appeal decided it; false if a panel did, also if it stands after an appeal.
    /// @param ruling The ruling.
    event CaseDecided(uint256 indexed caseId, CaseStatus status, bool byAppeal, Ruling ruling);

    /// @notice A ruling was appealed.
    /// @param caseId The case.
    /// @param voters How many may vote.
    /// @param deadline The last second in which they do, Unix seconds.
    event AppealOpened(uint256 indexed caseId, uint256 voters, uint256 deadline);

    /// @notice The zero address cannot judge or bring cases.
    error PanelArbiterZeroAccount();

    /// @notice The account is a member already.
    /// @param account The account.
    error PanelArbiterAlreadyMember(address account);

    /// @notice The roster is full.
    /// @param most How many it holds.
    error PanelArbiterRosterFull(uint256 most);

    /// @notice The account is no member.
    /// @param account The account.
    error PanelArbiterNotMember(address account);

    /// @notice The caller may not open cases.
    /// @param caller Who tried.
    error PanelArbiterNotAdmitted(address caller);

    /// @notice Too many parties.
    /// @param count How many were given.
    /// @param most How many can be.
    error PanelArbiterTooManyParties(uint256 count, uint256 most);

    /// @notice The roster is too small to judge.
    /// @param members How many are on it.
    /// @param least How many must be.
    error PanelArbiterRosterTooSmall(uint256 members, uint256 least);

    /// @notice Too few members are eligible and no party.
    /// @param eligible How many are.
    /// @param least How many must be.
    error PanelArbiterTooFewEligible(uint256 eligible, uint256 least);

    /// @notice The case does not stand where the call needs it.
    /// @param caseId The case.
    /// @param actual Where it stands.
    /// @param expected Where it must; Voting stands for Appealed too.
    error PanelArbiterWrongStatus(uint256 caseId, CaseStatus actual, CaseStatus expected);

    /// @notice The draw's block is not over.
    /// @param caseId The case.
    /// @param drawBlock The block.
    error PanelArbiterDrawNotReady(uint256 caseId, uint256 drawBlock);

    /// @notice The account may not vote in this round: it is not on the panel or, on appeal, was not eligible when that
    /// began or is a party; or it is no member any more.
    /// @param caseId The case.
    /// @param account The account.
    error PanelArbiterNotVoter(uint256 caseId, address account);

    /// @notice The account voted in this round.
    /// @param caseId The case.
    /// @param account The account.
    error PanelArbiterAlreadyVoted(uint256 caseId, address account);

    /// @notice The votes are over.
    /// @param caseId The case.
    /// @param deadline The last second in which they were taken, Unix seconds.
    error PanelArbiterVoteOver(uint256 caseId, uint256 deadline);

    /// @notice The votes are not over, and not all have voted.
    /// @param caseId The case.
    /// @param deadline The last second in which they are taken, Unix seconds.
    error PanelArbiterVoteNotOver(uint256 caseId, uint256 deadline);

    /// @notice A share is 0, 25, 50, 75 or 100 percent.
    /// @param providerShare What was given.
    error PanelArbiterShareNotQuarter(uint256 providerShare);

    /// @notice Arbiters do not judge this offence: downtime is reported at the desk, and an attack on the protocol is no
    /// matter between two parties.
    /// @param offence What was given.
    error PanelArbiterForeignOffence(Offence offence);

    /// @notice Only the arbitrable that brought a case appeals.
    /// @param caseId The case.
    /// @param caller Who tried.
    /// @param arbitrable Who brought it.
    error PanelArbiterCallerNotArbitrable(uint256 caseId, address caller, address arbitrable);

    /// @notice A page has 1 to 100 members.
    /// @param limit What was asked for.
    /// @param most The most.
    error PanelArbiterPageSize(uint256 limit, uint256 most);

    /// @notice Puts an account on the roster; in seven days it is eligible.
    /// @dev Restricted to ARBITER_ACCESS. Its score is whole, also if it was a member before.
    /// @param account The account.
    function nominate(address account) external;

    /// @notice Takes a member off the roster at once. What it voted counts; on a panel on which it has not voted it can no
    /// longer do so, and nobody takes its place.
    /// @dev Restricted to ARBITER_ACCESS.
    /// @param account The member.
    function dismiss(address account) external;

    /// @notice Leaves the roster at once, as if dismissed.
    function resign() external;

    /// @notice Sets whether an arbitrable may open cases. Those that it has opened go on.
    /// @dev Restricted to ARBITER_ACCESS.
    /// @param arbitrable The arbitrable.
    /// @param admitted Whether it may.
    function admit(address arbitrable, bool admitted) external;

    /// @notice Draws a case's panel: seven members, or as many as are eligible. With fewer than four the case is closed
    /// without a decision. If the hash that draws is forgotten, sets another block instead. Anybody may.
    /// @dev Who draws cannot choose: only those can be drawn who were eligible when the draw was set, out of the places that
    /// there were then.
    /// @param caseId The case.
    function draw(uint256 caseId) external;

    /// @notice Votes, once a round: a panellist on his panel, or any arbiter on an appeal. Votes are open.
    /// @param caseId The case.
    /// @param providerShare The provider's part of the escrow: 0, 25, 50, 75 or 100 percent.
    /// @param offends Whether the provider committed an offence.
    /// @param offence Which one: PoorResult, SlaViolation, DataMishandling or Fraud; anything if there was none.
    function vote(uint256 caseId, uint8 providerShare, bool offends, Offence offence) external;

    /// @notice Ends a round of votes, once all have voted or the five days are over. Anybody may.
    /// @dev A panel decides by at least four votes of which more than half chose one share; an appeal by a fifth of those who
    /// may vote, of which more than half chose one share, else the panel's ruling stands and is delivered again. The offence
    /// of a ruling is the most severe one such that more than half of the votes named it or a more severe one.
    /// @param caseId The case.
    function close(uint256 caseId) external;

    /// @notice Whether an arbitrable may open cases.
    /// @param arbitrable The arbitrable.
    /// @return True if it may.
    function isAdmitted(address arbitrable) external view returns (bool);

    /// @notice How many cases were opened; the last one's number.
    /// @return The count.
    function caseCount() external view returns (uint256);

    /// @notice A case.
    /// @param caseId The case.
    /// @return What is known of it; empty if there is none.
    function caseOf(uint256 caseId) external view returns (CaseView memory);

    /// @notice Who sits on a case's last panel. Who left the roster since is missing: {PanelDrawn} names all.
    /// @param caseId The case.
    /// @return The panellists, by their places on the roster; none before the draw.
    function panelOf(uint256 caseId) external view returns (address[] memory);

    /// @notice Whether an account has voted in a case's last panel or on its appeal.
    /// @param caseId The case.
    /// @param isAppeal Which of the two.
    /// @param account The account.
    /// @return True if it has.
    function hasVoted(uint256 caseId, bool isAppeal, address account) external view returns (bool);

    /// @notice A member of the roster.
    /// @param account The account.
    /// @return What is known of it; empty if it is none.
    function memberOf(address account) external view returns (Member memory);

    /// @notice A page of the roster.
    /// @param cursor Where to begin: 0, or what the page before returned.
    /// @param limit How many places to look at, 1 to 100.
    /// @return page The members at these places.
    /// @return next Where the next page begins; 0 if there is none.
    function members(uint256 cursor, uint256 limit) external view returns (Member[] memory page, uint256 next);

    /// @notice How many are on the roster, eligible or not.
    /// @return The count.
    function memberCount() external view returns (uint256);

    /// @notice How many members are eligible now.
    /// @return The count.
    function eligibleCount() external view returns (uint256);
}
