// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";

/// @dev An ERC-2612 permit to the called contract; tried, never required. A deadline of zero stands for none.
/// @param value In wei of the token.
/// @param deadline Its last second.
/// @param v Of the signature.
/// @param r Of the signature.
/// @param s Of the signature.
struct Permit {
    uint256 value;
    uint256 deadline;
    uint8 v;
    bytes32 r;
    bytes32 s;
}

/// @title Permits that are tried
library Permits {
    /// @dev Fails silently: somebody may have used the permit already, and whether it was needed shows in the transfer.
    function tryUse(Permit calldata permit, IERC20Permit token, address owner) internal {
        if (permit.deadline == 0) return;

        try token.permit(owner, address(this), permit.value, permit.deadline, permit.v, permit.r, permit.s) {} catch {}
    }
}

using Permits for Permit global;
