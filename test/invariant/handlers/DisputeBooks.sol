// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {Phase, Pot} from "../../../contracts/market/types/Dispute.sol";
import {Offence} from "../../../contracts/registry/types/Offences.sol";
import {TreeBooks} from "./TreeBooks.sol";

/// @title The books of disputes about jobs
/// @dev What each side has at stake at the desk, who has lost it, and what became of it.
abstract contract DisputeBooks is TreeBooks {
    struct Case {
        /// The index of its job, and the arbiter's number.
        uint256 job;
        uint256 number;
        Phase phase;
        uint256 openedAt;
        uint256 ruledAt;
        bool byClient;
        /// Whether the provider's bond is its lane. The desk says so; what follows from it is reckoned here.
        bool onLane;
        bool answered;
        bool appealed;
        bool appealByClient;
        bool frozen;
        uint256 bond;
        /// What lies at the desk until the dispute is executed.
        uint256 ofClient;
        uint256 ofProvider;
        uint256 ofAppeal;
        uint256 returned;
        /// What the provider's lane has to give.
        uint256 owed;
        bool decided;
        uint256 share;
        bool offends;
        Offence offence;
        /// Whom the arbiter says to have been right, and how many of them there are: he may name more later.
        address[] panel;
        uint256 panelSeats;
        address[] appealPanel;
        uint256 appealSeats;
    }

    /// What losers paid, and who had it.
    struct PotBook {
        uint256 filled;
        uint256 each;
        uint256 paid;
        uint256 burned;
        uint256 takers;
    }

    /// From which job on an arbiter decides.
    struct Term {
        uint256 firstId;
        address arbiter;
    }

    Case[] internal cases;
    Term[] internal arbiterTerms;
    mapping(uint256 index => mapping(Pot pot => PotBook)) internal pots;
    mapping(uint256 index => mapping(Pot pot => mapping(address account => bool))) internal hasTaken;

    function caseCount() external view returns (uint256) {
        return cases.length;
    }

    function caseAt(uint256 index) external view returns (Case memory) {
        return cases[index];
    }

    function potOf(uint256 index, Pot pot) external view returns (PotBook memory) {
        return pots[index][pot];
    }

    /// @notice Who decides about a job: who was named last when it was made.
    function arbiterFor(uint256 job) public view returns (address arbiter) {
        for (uint256 i = 0; i < arbiterTerms.length && arbiterTerms[i].firstId <= job + 1; ++i) {
            arbiter = arbiterTerms[i].arbiter;
        }
    }

    /// @notice Whose votes a pot rewards: an appeal's, unless nobody was right in it.
    function rightOf(uint256 index, Pot pot) public view returns (address[] memory) {
        Case storage row = cases[index];
        return pot == Pot.Appeal && row.appealPanel.length != 0 ? row.appealPanel : row.panel;
    }

    function seatsOf(uint256 index, Pot pot) internal view returns (uint256) {
        Case storage row = cases[index];
        return pot == Pot.Appeal && row.appealSeats != 0 ? row.appealSeats : row.panelSeats;
    }

    /// @dev Needed unless the provider's lane answers for it.
    function needsAnswer(Case storage row) internal view returns (bool) {
        return !(row.byClient && row.onLane);
    }

    /// @dev Who is awarded less than half loses its bond; at half, each loses half. Nobody, if no arbiter was needed or
    /// nobody won.
    function lossOf(Case storage row, bool ofClient, uint256 stake) internal view returns (uint256) {
        if (!row.decided || row.number == 0) return 0;
        uint256 awarded = ofClient ? 100 - row.share : row.share;
        if (awarded == 50) return stake / 2;
        return awarded < 50 ? stake : 0;
    }

    /// @dev A posted bond: back, but for what is lost of it.
    function bookBond(Case storage row, address owner, uint256 stake, uint256 lost) internal {
        row.returned += stake - lost;
        if (stake != lost) bookRefund(address(suite.disputes), owner, stake - lost);
    }

    /// @dev The verdict's split of the escrow, rounded down for the client.
    function bookSplit(uint256 index, uint256 settled) internal {
        Job storage job = jobs[index];
        uint256 rest = job.budget - settled;
        if (settled == 0) bookFailedJob(index);
        if (rest != 0) bookUnspent(index, rest);
        if (settled == 0) return;
        (job.budget, job.givenBack) = (settled, rest);
        bookSettledJob(index);
    }

    /// @dev The first to take his part lets the rest go: a fifth, and what does not divide.
    function bookShares(uint256 index, Pot pot) internal {
        PotBook storage row = pots[index][pot];
        uint256 seats = seatsOf(index, pot);
        row.each = (row.filled * 4) / 5 / seats;
        row.burned = row.filled - row.each * seats;
        escrowOf[address(suite.disputes)] -= row.burned;
        fees.burn += row.burned;
    }

    function bookTaken(uint256 index, Pot pot, address account) internal {
        PotBook storage row = pots[index][pot];
        row.paid += row.each;
        ++row.takers;
        bookRefund(address(suite.disputes), account, row.each);
    }
}
