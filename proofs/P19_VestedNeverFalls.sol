// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {VestingSchedule, VestingTerms} from "../contracts/tokens/libraries/VestingSchedule.sol";
import {reached} from "./support/reached.sol";
import {show} from "./support/show.sol";

/// @notice What has vested never falls as time passes
/// @custom:library VestingSchedule
contract P19_VestedNeverFalls {
    function prove(
        uint128 initial,
        uint128 later,
        uint64 firstStepAfter,
        uint64 stepLength,
        uint64 steps,
        uint64 lock,
        uint64 elapsed,
        uint64 after_
    ) external pure {
        require(steps != 0 && stepLength != 0 && elapsed <= after_);
        VestingTerms memory terms = VestingTerms({
            initial: initial,
            later: later,
            firstStepAfter: firstStepAfter,
            stepLength: stepLength,
            steps: steps,
            lock: lock
        });
        show(VestingSchedule.vested(terms, elapsed) <= VestingSchedule.vested(terms, after_));
        reached();
    }
}
