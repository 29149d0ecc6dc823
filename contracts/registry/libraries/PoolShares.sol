// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {Delegation, DelegationPool} from "../types/DelegationPool.sol";

/// @title The shares of a delegation pool
/// @dev The price is (stake + 1) / (shares + 1): one share and one wei are nobody's. It starts at 1 and is rounded in the
/// pool's favour, but can never pass 1, because stake never passes shares. So the last one out takes the last wei, and
/// nobody's shares lose by what others do. It is kept in books: OCTO sent here moves nothing.
library PoolShares {
    // Below a price of 1e-4 a pool takes no stake. So there are at most 1e4 shares for each of at most 1e28 wei: 2^107.
    uint256 private constant MIN_PRICE_INVERSE = 10_000;

    /// @return Whether the price is too low for new stake.
    function isDepleted(DelegationPool storage pool) internal view returns (bool) {
        return pool.stake * MIN_PRICE_INVERSE < pool.shares;
    }

    /// @return The delegator's shares; none if they ended with their generation.
    function sharesOf(DelegationPool storage pool, Delegation memory delegation) internal view returns (uint256) {
        return delegation.generation == pool.generation ? delegation.shares : 0;
    }

    /// @return The shares that `amount` buys, rounded down.
    function bought(DelegationPool storage pool, uint256 amount) internal view returns (uint256) {
        return (amount * (uint256(pool.shares) + 1)) / (uint256(pool.stake) + 1);
    }

    /// @return What `shares` are worth, in wei of OCTO, rounded down.
    function worth(DelegationPool storage pool, uint256 shares) internal view returns (uint256) {
        return (shares * (uint256(pool.stake) + 1)) / (uint256(pool.shares) + 1);
    }

    /// @dev The caller has checked that the stake stays below 2^96; that bounds the shares, see above.
    function mintShares(DelegationPool storage pool, uint256 amount, uint256 shares) internal {
        (pool.stake, pool.shares) = (uint96(pool.stake + amount), uint112(pool.shares + shares));
    }

    /// @dev Both are at most what the pool has. If the last wei goes, the shares of the others were worth less than one.
    function burnShares(DelegationPool storage pool, uint256 amount, uint256 shares) internal {
        (pool.stake, pool.shares) = (uint96(pool.stake - amount), uint112(pool.shares - shares));
        _endIfWiped(pool);
    }

    /// @dev The amount is at most the stake.
    function lose(DelegationPool storage pool, uint256 amount) internal {
        pool.stake = uint96(pool.stake - amount);
        _endIfWiped(pool);
    }

    /// @dev Shares without stake end with their generation: they would eat what others bring later.
    function _endIfWiped(DelegationPool storage pool) private {
        if (pool.stake != 0 || pool.shares == 0) return;

        pool.shares = 0;
        pool.lastIndex[pool.generation] = pool.index;
        ++pool.generation;
    }
}
