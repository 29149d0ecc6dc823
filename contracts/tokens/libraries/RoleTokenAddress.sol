// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {RoleId} from "../../shared/RoleId.sol";

/// @title Where a role's token is
/// @dev The factory makes nothing but role tokens, so its n-th creation is the token of role n, at the address that
/// CREATE derives from (factory, n): the last 20 bytes of keccak256(rlp([factory, n])). Hence no table and no look-up.
library RoleTokenAddress {
    /// @dev Beyond 127 the RLP form of the nonce changes; the factory never gets there.
    uint256 internal constant MAX_ROLES = 31;

    function derive(address factory, RoleId role) internal pure returns (address) {
        bytes32 hash = keccak256(abi.encodePacked(hex"d694", factory, RoleId.unwrap(role)));
        return address(uint160(uint256(hash)));
    }
}
