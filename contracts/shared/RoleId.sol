// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

/// @dev An economic role of the network. Ids count from 1, in the order in which the role tokens were made; 0 is no role.
type RoleId is uint8;

using {isNone, bit, equals as ==} for RoleId global;

function isNone(RoleId role) pure returns (bool) {
    return RoleId.unwrap(role) == 0;
}

function equals(RoleId left, RoleId right) pure returns (bool) {
    return RoleId.unwrap(left) == RoleId.unwrap(right);
}

/// @dev The role's place in a set of roles held as a bitmap; beyond the bitmap's 32 bits the set cannot hold it.
function bit(RoleId role) pure returns (uint256) {
    return 1 << RoleId.unwrap(role);
}
