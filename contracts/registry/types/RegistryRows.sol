// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

/// @dev A role's row. One slot.
/// @param octo The smallest OCTO bond, in wei; 0 for an unknown role.
/// @param roleTokens The smallest bond of the role's token, in wei.
/// @param activations How many positions have ever been active.
struct RoleRow {
    uint96 octo;
    uint96 roleTokens;
    uint32 activations;
}

/// @dev An amount in each lane. One slot.
/// @param octo In wei of OCTO.
/// @param roleTokens In wei of the role's token.
struct Lanes {
    uint96 octo;
    uint96 roleTokens;
}
