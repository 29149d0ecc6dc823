// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {Offence} from "../../registry/types/Offences.sol";

/// @dev The life of a dispute; it only goes forward. `Open`: answer and evidence. `Judging`: the panel. `Ruled`: the time to
/// appeal. `Appealed`: all arbiters. `Final`: to be executed. `Closed`: money and bonds have gone where they belong.
enum Phase {
    None,
    Open,
    Judging,
    Ruled,
    Appealed,
    Final,
    Closed
}

/// @dev Where a bond is taken from: an allowance to the desk, or credit in the vault.
enum Payment {
    Approval,
    Credit
}

/// @dev What losers pay, by whom it is earned. `Panel`: posted bonds, for the panel's majority. `Levy`: what was taken from the
/// provider's OCTO lane, for the same. `Appeal`: the appeal's bond, for the appeal's majority, or the panel's if the appeal
/// decided nothing.
enum Pot {
    Panel,
    Levy,
    Appeal
}

/// @dev A dispute about a job. Two slots, of which opening it writes the first. Who decides is not kept: a job's arbiter never
/// changes, so {IDisputeDesk-arbiterOf} says it.
/// @param bond What each side has at stake, in wei of OCTO. (Slot 0.)
/// @param openedAt When it was opened, Unix seconds.
/// @param ruledAt When the panel ruled, Unix seconds.
/// @param phase Where it stands.
/// @param byClient Whether the client opened it.
/// @param onLane Whether the provider's bond is its OCTO lane, which the job locks, whoever opened.
/// @param answered Whether the other side posted its bond.
/// @param frozen Whether the provider's stake was frozen.
/// @param decided Whether the ruling decides anything.
/// @param share The provider's share of the escrow, 0 to 100 percent.
/// @param offends Whether an offence is still to be slashed.
/// @param offence Which one.
/// @param appealed Whether there was an appeal.
/// @param appealByClient Whether the client appealed.
/// @param caseId The arbiter's number of the case. (Slot 1.)
/// @param owed What is still to be taken from the provider's lane, in wei of OCTO.
struct Dispute {
    uint96 bond;
    uint32 openedAt;
    uint32 ruledAt;
    Phase phase;
    bool byClient;
    bool onLane;
    bool answered;
    bool frozen;
    bool decided;
    uint8 share;
    bool offends;
    Offence offence;
    bool appealed;
    bool appealByClient;
    uint64 caseId;
    uint96 owed;
}

/// @dev A pot of a dispute. One slot.
/// @param left What is in it, in wei of OCTO.
/// @param each What each of the majority gets, in wei of OCTO; 0 before the first has taken it.
struct Fees {
    uint96 left;
    uint96 each;
}
