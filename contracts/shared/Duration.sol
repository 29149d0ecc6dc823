// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

/// @dev A length of time in seconds. 32 bits hold 136 years.
type Duration is uint32;

using {lessThan as <, greaterThan as >, toSeconds} for Duration global;

function lessThan(Duration a, Duration b) pure returns (bool) {
    return Duration.unwrap(a) < Duration.unwrap(b);
}

function greaterThan(Duration a, Duration b) pure returns (bool) {
    return Duration.unwrap(a) > Duration.unwrap(b);
}

function toSeconds(Duration duration) pure returns (uint256) {
    return Duration.unwrap(duration);
}
