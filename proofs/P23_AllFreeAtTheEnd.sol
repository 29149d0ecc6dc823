// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {VestingSchedule, VestingTerms} from "../contracts/tokens/libraries/VestingSchedule.sol";
import {reached} from "./support/reached.sol";
import {show} from "./support/show.sol";

/// @notice At the end of its span all of an allocation has vested and is free
/// @custom:library VestingSchedule
contract P23_AllFreeAtTheEnd {
    function prove(
        uint128 initial,
        uint128 later,
        uint64 firstStepAfter,
        uint64 stepLength,
        uint64 steps,
        uint64 lock,
        uint136 elapsed
    ) external pure {
        require(steps != 0 && stepLength != 0);
        VestingTerms memory terms = VestingTerms({
            initial: initial,
            later: later,
            firstStepAfter: firstStepAfter,
            stepLength: stepLength,
            steps: steps,
            lock: lock
        });
        require(elapsed >= VestingSchedule.span(terms));
        show(VestingSchedule.free(terms, elapsed) == VestingSchedule.total(terms));
        show(VestingSchedule.vested(terms, elapsed) == VestingSchedule.total(terms));
        reached();
    }
}
