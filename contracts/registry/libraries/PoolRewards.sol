// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {Delegation, DelegationPool} from "../types/DelegationPool.sol";

/// @title What a delegation pool earns
/// @dev One index a pool: what a share ever earned. Rounded down each time, so that all together never have more than was
/// accrued.
library PoolRewards {
    uint256 private constant SCALE = 1e18;

    /// @dev There are shares. Whoever holds any had at least 10 OCTO at a price of at most 1, so there are 1e19 or more,
    /// and the index would reach 2^112 after 5e16 OCTO: five million times the cap.
    function accrue(DelegationPool storage pool, uint256 amount) internal {
        pool.index += uint112((amount * SCALE) / pool.shares);
    }

    /// @dev Books what the delegator has earned, before its shares change.
    /// @return delegation Its row as of now; the caller stores it.
    function settle(DelegationPool storage pool, address delegator) internal returns (Delegation memory delegation) {
        delegation = pool.delegations[delegator];
        uint256 earned = _catchUp(pool, delegation);
        if (earned == 0) return delegation;

        pool.owed[delegator] += earned;
        delegation.owed = true;
    }

    /// @dev Takes out of the books all that the delegator has earned.
    /// @return amount In wei of OCTO.
    function collect(DelegationPool storage pool, address delegator) internal returns (uint256 amount) {
        Delegation memory delegation = pool.delegations[delegator];
        amount = _catchUp(pool, delegation);
        if (delegation.owed) {
            amount += pool.owed[delegator];
            delete pool.owed[delegator];
            delegation.owed = false;
        }
        pool.delegations[delegator] = delegation;
    }

    /// @return All that the delegator has earned and not claimed, in wei of OCTO.
    function claimable(DelegationPool storage pool, address delegator) internal view returns (uint256) {
        return pool.owed[delegator] + _catchUp(pool, pool.delegations[delegator]);
    }

    /// @dev Brings a row up to now: nothing is pending after, and shares of an earlier generation are none.
    /// @return earned What was pending, in wei of OCTO.
    function _catchUp(DelegationPool storage pool, Delegation memory delegation) private view returns (uint256 earned) {
        (uint112 index, uint24 generation) = (pool.index, pool.generation);
        if (delegation.generation == generation) {
            earned = (delegation.shares * (uint256(index) - delegation.paidIndex)) / SCALE;
        } else {
            earned = (delegation.shares * (pool.lastIndex[delegation.generation] - delegation.paidIndex)) / SCALE;
            (delegation.shares, delegation.generation) = (0, generation);
        }
        delegation.paidIndex = index;
    }
}
