// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

/// @dev The whole, in basis points.
uint256 constant MAX_BPS = 100_00;

/// @dev A share of a whole in basis points: 1 is a hundredth of a percent.
type Bps is uint16;

using {ofDown, toUint} for Bps global;

/// @dev The share of `amount`, rounded down. Cannot overflow for amounts below 2^240.
function ofDown(Bps share, uint256 amount) pure returns (uint256) {
    return (amount * Bps.unwrap(share)) / MAX_BPS;
}

function toUint(Bps share) pure returns (uint256) {
    return Bps.unwrap(share);
}
