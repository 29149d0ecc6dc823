// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {IAllocationVesting} from "./interfaces/IAllocationVesting.sol";
import {IGenesisWallet} from "./interfaces/IGenesisWallet.sol";
import {VestingSchedule, VestingTerms} from "./libraries/VestingSchedule.sol";
import {GenesisWallet} from "./GenesisWallet.sol";

/// @title Vesting by time
/// @dev Invariant W-1: before the end, what is free of the allocation follows from the time since genesis alone: nothing
/// that comes in and nobody's call moves it.
/// @dev Invariant W-2: every payment goes to the beneficiary, and only he and his successor together replace him.
contract AllocationVesting is IAllocationVesting, GenesisWallet {
    using VestingSchedule for VestingTerms;

    uint128 private immutable INITIAL;
    uint128 private immutable LATER;
    uint64 private immutable FIRST_STEP_AFTER;
    uint64 private immutable STEP_LENGTH;
    uint64 private immutable STEPS;
    uint64 private immutable LOCK;

    /// @param beneficiary Who is paid.
    /// @param terms The schedule, counted from this deployment.
    constructor(
        address beneficiary,
        VestingTerms memory terms
    ) GenesisWallet(beneficiary, terms.total(), terms.span()) {
        require(terms.later != 0, AllocationVestingNothingLater());
        require(terms.steps != 0 && terms.stepLength != 0, AllocationVestingNoSteps(terms.steps, terms.stepLength));
        (INITIAL, LATER) = (terms.initial, terms.later);
        (FIRST_STEP_AFTER, STEP_LENGTH, STEPS) = (terms.firstStepAfter, terms.stepLength, terms.steps);
        LOCK = terms.lock;
    }

    /// @inheritdoc IGenesisWallet
    function vested() external view returns (uint256) {
        return _terms().vested(block.timestamp - start());
    }

    /// @inheritdoc IAllocationVesting
    function nextVestingAt() external view returns (uint256) {
        return _orNone(_terms().nextStep(block.timestamp - start()));
    }

    /// @inheritdoc IGenesisWallet
    function nextFreeAt() external view returns (uint256) {
        return _orNone(_terms().nextFree(block.timestamp - start()));
    }

    /// @inheritdoc IAllocationVesting
    function lock() external view returns (uint256) {
        return LOCK;
    }

    function _freeAt(uint256 timestamp) internal view override returns (uint256) {
        return _terms().free(timestamp - start());
    }

    /// @return The moment that is `elapsed` after genesis; none stays none.
    function _orNone(uint256 elapsed) private view returns (uint256) {
        return elapsed == 0 ? 0 : start() + elapsed;
    }

    function _terms() private view returns (VestingTerms memory) {
        return
            VestingTerms({
                initial: INITIAL,
                later: LATER,
                firstStepAfter: FIRST_STEP_AFTER,
                stepLength: STEP_LENGTH,
                steps: STEPS,
                lock: LOCK
            });
    }
}
