// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

/// @dev What an account has agreed to at the vault: one bit a market that may spend its credit, and how it is paid.
/// Bit 0: pay out by transfer. Bit 1: bit 0 was chosen by the account itself. Bits 2 to 63: markets by their index.
type Consents is uint64;

using {payOut, choosePayOut, defaultToPayOut, allows, allow} for Consents global;

/// @dev A market's index is its bit.
uint256 constant FIRST_MARKET_INDEX = 2;
uint256 constant LAST_MARKET_INDEX = 63;

uint64 constant PAY_OUT = 1;
uint64 constant CHOSEN = 2;

function payOut(Consents consents) pure returns (bool) {
    return Consents.unwrap(consents) & PAY_OUT != 0;
}

/// @dev The account's own choice, which no default moves any more.
function choosePayOut(Consents consents, bool on) pure returns (Consents) {
    uint64 bits = Consents.unwrap(consents) | CHOSEN;
    return Consents.wrap(on ? bits | PAY_OUT : bits & ~PAY_OUT);
}

/// @dev Switches the transfer on unless the account has chosen.
function defaultToPayOut(Consents consents) pure returns (Consents) {
    uint64 bits = Consents.unwrap(consents);
    return bits & CHOSEN == 0 ? Consents.wrap(bits | PAY_OUT) : consents;
}

function allows(Consents consents, uint256 marketIndex) pure returns (bool) {
    return (Consents.unwrap(consents) >> marketIndex) & 1 != 0;
}

/// @dev `marketIndex` is at most 63.
function allow(Consents consents, uint256 marketIndex, bool allowed) pure returns (Consents) {
    uint64 mask = uint64(1 << marketIndex);
    uint64 bits = Consents.unwrap(consents);
    return Consents.wrap(allowed ? bits | mask : bits & ~mask);
}
