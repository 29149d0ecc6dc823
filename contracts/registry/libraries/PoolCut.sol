// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {Bps} from "../../shared/Bps.sol";
import {DelegationPool} from "../types/DelegationPool.sol";

/// @title The delegators' cut
/// @dev A rise holds at once, a fall from an announced midnight on; which one holds is found when it is asked for.
library PoolCut {
    uint16 internal constant DEFAULT_CUT = 10_00;

    /// @return Whether the provider takes delegations: it has set a cut.
    function isOpen(DelegationPool storage pool) internal view returns (bool) {
        return pool.cutPlusOne != 0;
    }

    /// @return The cut that holds now.
    function cut(DelegationPool storage pool) internal view returns (Bps) {
        uint256 nextCutDay = pool.nextCutDay;
        if (nextCutDay != 0 && block.timestamp >= nextCutDay * 1 days) return Bps.wrap(pool.nextCut);

        uint16 plusOne = pool.cutPlusOne;
        return Bps.wrap(plusOne == 0 ? DEFAULT_CUT : plusOne - 1);
    }

    /// @return nextCut What the cut will be; the one that holds if none is announced.
    /// @return nextCutAt From when, Unix seconds; 0 if none is announced.
    function next(DelegationPool storage pool) internal view returns (Bps nextCut, uint256 nextCutAt) {
        nextCutAt = uint256(pool.nextCutDay) * 1 days;
        if (block.timestamp >= nextCutAt) return (cut(pool), 0);
        return (Bps.wrap(pool.nextCut), nextCutAt);
    }

    /// @dev Holds at once; what was announced is off.
    function set(DelegationPool storage pool, Bps newCut) internal {
        (pool.cutPlusOne, pool.nextCut, pool.nextCutDay) = (Bps.unwrap(newCut) + 1, 0, 0);
    }

    /// @dev Until `day` the cut stays what it is now. Days fit into 16 bits until the year 2149.
    function announce(DelegationPool storage pool, Bps newCut, uint256 day) internal {
        uint16 current = Bps.unwrap(cut(pool));
        (pool.cutPlusOne, pool.nextCut, pool.nextCutDay) = (current + 1, Bps.unwrap(newCut), uint16(day));
    }
}
