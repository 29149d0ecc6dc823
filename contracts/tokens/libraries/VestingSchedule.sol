// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// @dev How an allocation vests: `initial` at genesis, then `later` in `steps` equal parts. Amounts in wei, times in seconds;
/// `firstStepAfter` counts from genesis. A part is free `lock` seconds after it has vested, the initial share at once.
struct VestingTerms {
    uint128 initial;
    uint128 later;
    uint64 firstStepAfter;
    uint64 stepLength;
    uint64 steps;
    uint64 lock;
}

/// @title What has vested, and what of it is free
/// @dev Pure; `elapsed` counts from genesis, in seconds. One formula for months, quarters and seconds: a line is a flight of
/// steps of one second.
///
///     vested(t) = initial + later x (steps done by t) / steps
///     free(t)   = vested(t - lock)
///
/// Rounded down, never falling, and the whole at the end. Widths of 128 and 64 bits keep every sum and product far below
/// 2^256, and each difference is taken behind the comparison that allows it, so what a release computes is unchecked.
library VestingSchedule {
    /// @return All that ever vests.
    function total(VestingTerms memory terms) internal pure returns (uint256) {
        return uint256(terms.initial) + terms.later;
    }

    /// @return From when on everything is free, in seconds after genesis.
    function span(VestingTerms memory terms) internal pure returns (uint256) {
        uint256 gaps = Math.saturatingSub(terms.steps, 1);
        return terms.firstStepAfter + gaps * terms.stepLength + terms.lock;
    }

    /// @return What has vested, free or not.
    function vested(VestingTerms memory terms, uint256 elapsed) internal pure returns (uint256) {
        unchecked {
            return uint256(terms.initial) + (uint256(terms.later) * _stepsDone(terms, elapsed)) / terms.steps;
        }
    }

    /// @return What is free, paid out or not.
    function free(VestingTerms memory terms, uint256 elapsed) internal pure returns (uint256) {
        unchecked {
            return elapsed < terms.lock ? terms.initial : vested(terms, elapsed - terms.lock);
        }
    }

    /// @return When the next part vests, in seconds after genesis; 0 if all have.
    function nextStep(VestingTerms memory terms, uint256 elapsed) internal pure returns (uint256) {
        uint256 done = _stepsDone(terms, elapsed);
        return done < terms.steps ? terms.firstStepAfter + done * terms.stepLength : 0;
    }

    /// @return When the next part is free, in seconds after genesis; 0 if all are.
    function nextFree(VestingTerms memory terms, uint256 elapsed) internal pure returns (uint256) {
        if (elapsed < terms.lock) return uint256(terms.firstStepAfter) + terms.lock;

        uint256 step = nextStep(terms, elapsed - terms.lock);
        return step == 0 ? 0 : step + terms.lock;
    }

    function _stepsDone(VestingTerms memory terms, uint256 elapsed) private pure returns (uint256) {
        if (elapsed < terms.firstStepAfter) return 0;
        unchecked {
            return Math.min(terms.steps, (elapsed - terms.firstStepAfter) / terms.stepLength + 1);
        }
    }
}
