// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

/// @dev The votes of a round, a byte a counter: the five choices of a share (0, 25, 50, 75 and 100 percent), then the four
/// severities of an offence, the mildest lowest. No counter overflows: a round has at most 100 voters.
type Tally is uint72;

using {withVote, votesFor, votes, winner, namedSeverity} for Tally global;

uint256 constant CHOICES = 5;
uint256 constant SEVERITIES = 4;

uint256 constant COUNTER_BITS = 8;
uint256 constant COUNTER_MASK = 0xff;

/// @dev Notes a vote.
/// @param choice Of the share, 0 to 4.
/// @param severity Of the offence named, 1 to 4; 0 for none.
function withVote(Tally tally, uint256 choice, uint256 severity) pure returns (Tally) {
    uint256 raw = Tally.unwrap(tally) + (1 << (COUNTER_BITS * choice));
    if (severity != 0) raw += 1 << (COUNTER_BITS * (CHOICES + severity - 1));
    return Tally.wrap(uint72(raw)); // nine counters
}

/// @dev How many chose a share.
function votesFor(Tally tally, uint256 choice) pure returns (uint256) {
    return _counter(tally, choice);
}

/// @dev How many voted.
function votes(Tally tally) pure returns (uint256 sum) {
    for (uint256 choice = 0; choice < CHOICES; ++choice) sum += _counter(tally, choice);
}

/// @dev The share that more than half of those who voted chose, if there is one.
function winner(Tally tally) pure returns (bool found, uint256 choice) {
    uint256 cast = votes(tally);
    for (choice = 0; choice < CHOICES; ++choice) {
        if (2 * _counter(tally, choice) > cast) return (true, choice);
    }
    return (false, 0);
}

/// @dev The most severe offence such that more than half of those who voted named it or a more severe one; 0 for none.
function namedSeverity(Tally tally) pure returns (uint256 severity) {
    uint256 cast = votes(tally);
    uint256 named = 0;
    for (severity = SEVERITIES; severity != 0; --severity) {
        named += _counter(tally, CHOICES + severity - 1);
        if (2 * named > cast) return severity;
    }
}

function _counter(Tally tally, uint256 place) pure returns (uint256) {
    return (Tally.unwrap(tally) >> (COUNTER_BITS * place)) & COUNTER_MASK;
}
