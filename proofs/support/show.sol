// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

/// @dev Proves a fact, and lets what follows build on it.
function show(bool fact) pure {
    assert(fact);
    require(fact);
}
