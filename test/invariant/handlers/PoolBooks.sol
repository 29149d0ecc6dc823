// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {RoleId} from "../../../contracts/shared/RoleId.sol";
import {VM} from "../../support/Vm.sol";

/// @title What lies in a delegation pool, read from its storage: the views round, these do not
library PoolBooks {
    uint256 private constant EXITS = 5;
    uint256 private constant CLOSED_EXITS = 7;

    /// @return tokens Of all exits of a day, closed ones included, in wei of OCTO.
    /// @return shares Of them.
    function exitsOf(
        address pools,
        address provider,
        RoleId role,
        uint256 day
    ) internal view returns (uint256 tokens, uint256 shares) {
        uint256 pool = _pool(provider, role);
        uint256 generation;
        (tokens, shares, generation) = _bucket(pools, _at(day, pool + EXITS));
        for (uint256 i = 0; i < generation; ++i) {
            (uint256 left, uint256 of_, ) = _bucket(pools, _at(i, _at(day, pool + CLOSED_EXITS)));
            (tokens, shares) = (tokens + left, shares + of_);
        }
    }

    /// @return What a share ever earned.
    function indexOf(address pools, address provider, RoleId role) internal view returns (uint256) {
        return uint112(uint256(VM.load(pools, bytes32(_pool(provider, role) + 1))));
    }

    function _bucket(address pools, uint256 slot) private view returns (uint256, uint256, uint256) {
        uint256 row = uint256(VM.load(pools, bytes32(slot)));
        return (uint96(row), uint112(row >> 96), row >> 208);
    }

    function _pool(address provider, RoleId role) private pure returns (uint256) {
        return _at(RoleId.unwrap(role), _at(uint160(provider), 0));
    }

    function _at(uint256 key, uint256 slot) private pure returns (uint256) {
        return uint256(keccak256(abi.encode(key, slot)));
    }
}
