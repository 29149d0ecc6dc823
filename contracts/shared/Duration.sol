// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

/// @dev A length of time in seconds. 32 bits hold 136 years.
type Duration is uint32;

using {toSeconds} for Duration global;

function toSeconds(Duration duration) pure returns (uint256) {
    return Duration.unwrap(duration);
}
