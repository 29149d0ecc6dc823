// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {MAX_BPS} from "../../shared/Bps.sol";

/// @dev The last five offences of a position, the latest lowest, in one slot: 48 bits each of day (since 1970), lost share
/// of the OCTO stake and lost share of the role-token stake in basis points. The top 16 bits are the last window of
/// heartbeats for which downtime was reported. Five are enough: the fifth within 180 days brings even the smallest offence
/// to more than half of a bond.
type SlashHistory is uint256;

using {reportedWindow, withReportedWindow, push, repeatsAt, lostHalfAt} for SlashHistory global;

uint256 constant HISTORY_ENTRIES = 5;
uint256 constant HISTORY_DAYS = 180;

uint256 constant ENTRY_BITS = 48;
uint256 constant ENTRIES_MASK = (1 << (ENTRY_BITS * HISTORY_ENTRIES)) - 1;
uint256 constant SHARE_MASK = 0xffff;

function reportedWindow(SlashHistory history) pure returns (uint256) {
    return SlashHistory.unwrap(history) >> (ENTRY_BITS * HISTORY_ENTRIES);
}

/// @dev A window's number fits 16 bits until the year 2085.
function withReportedWindow(SlashHistory history, uint256 window) pure returns (SlashHistory) {
    uint256 entries = SlashHistory.unwrap(history) & ENTRIES_MASK;
    return SlashHistory.wrap(entries | (window << (ENTRY_BITS * HISTORY_ENTRIES)));
}

/// @dev Notes an offence and what it cost; the oldest entry makes room.
function push(SlashHistory history, uint256 day, uint256 octoLost, uint256 roleLost) pure returns (SlashHistory) {
    uint256 raw = SlashHistory.unwrap(history);
    uint256 entry = (day << 32) | (octoLost << 16) | roleLost; // the day until 2149, shares at most MAX_BPS
    return SlashHistory.wrap((raw & ~ENTRIES_MASK) | (((raw << ENTRY_BITS) | entry) & ENTRIES_MASK));
}

/// @dev How many offences lie within 180 days before `today`.
function repeatsAt(SlashHistory history, uint256 today) pure returns (uint256 repeats) {
    uint256 entries = SlashHistory.unwrap(history) & ENTRIES_MASK;
    for (; _isRecent(entries, today); entries >>= ENTRY_BITS) ++repeats;
}

/// @dev Whether either lane lost half of its stake or more within 180 days before `today`: what each slash left over,
/// multiplied, is at most a half. What was added since does not count.
function lostHalfAt(SlashHistory history, uint256 today) pure returns (bool) {
    (uint256 octoKept, uint256 roleKept) = (1e18, 1e18);
    uint256 entries = SlashHistory.unwrap(history) & ENTRIES_MASK;
    for (; _isRecent(entries, today); entries >>= ENTRY_BITS) {
        octoKept = (octoKept * (MAX_BPS - ((entries >> 16) & SHARE_MASK))) / MAX_BPS;
        roleKept = (roleKept * (MAX_BPS - (entries & SHARE_MASK))) / MAX_BPS;
    }
    return octoKept <= 0.5e18 || roleKept <= 0.5e18;
}

/// @dev Whether the lowest entry exists and lies within 180 days before `today`.
function _isRecent(uint256 entries, uint256 today) pure returns (bool) {
    uint256 day = (entries >> 32) & SHARE_MASK;
    return day != 0 && today - day <= HISTORY_DAYS;
}
