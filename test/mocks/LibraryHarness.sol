// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {Emission} from "../../contracts/economy/libraries/Emission.sol";
import {EpochCap} from "../../contracts/economy/libraries/EpochCap.sol";
import {FeeSplit} from "../../contracts/economy/libraries/FeeSplit.sol";
import {FeeSchedule, Split} from "../../contracts/economy/types/FeeSchedule.sol";
import {Score} from "../../contracts/registry/libraries/Score.sol";
import {TrackRecord} from "../../contracts/registry/types/Position.sol";
import {Bps} from "../../contracts/shared/Bps.sol";
import {MintBudget} from "../../contracts/tokens/libraries/MintBudget.sol";
import {VestingSchedule, VestingTerms} from "../../contracts/tokens/libraries/VestingSchedule.sol";

/// @title The pure libraries behind a door, so that a test can call them
contract LibraryHarness {
    function split(
        uint256 amount,
        FeeSchedule memory schedule,
        bool orchestrated
    ) external pure returns (Split memory parts, uint256 fee) {
        parts = FeeSplit.split(amount, schedule, orchestrated);
        fee = FeeSplit.fee(parts);
    }

    function minted(uint256 fee, uint256 intensity, uint256 score, uint256 budget) external pure returns (uint256) {
        return Emission.minted(fee, intensity, score, budget);
    }

    function multiplier(uint256 score) external pure returns (uint256) {
        return Emission.multiplier(score);
    }

    function orchestratorShare(uint256 amount) external pure returns (uint256) {
        return Emission.ORCHESTRATOR_SHARE.ofDown(amount);
    }

    function epochCap(
        uint256 epoch,
        Bps weight,
        uint256 target,
        uint256 volume,
        uint256 previousVolume
    ) external pure returns (uint256) {
        return EpochCap.capOf(epoch, weight, target, volume, previousVolume);
    }

    function points(TrackRecord memory record, uint256 timestamp) external pure returns (uint256) {
        return Score.points(record, timestamp);
    }

    function opened(uint256 elapsed) external pure returns (uint256) {
        return MintBudget.opened(elapsed);
    }

    function vested(VestingTerms memory terms, uint256 elapsed) external pure returns (uint256) {
        return VestingSchedule.vested(terms, elapsed);
    }

    function free(VestingTerms memory terms, uint256 elapsed) external pure returns (uint256) {
        return VestingSchedule.free(terms, elapsed);
    }

    function nextStep(VestingTerms memory terms, uint256 elapsed) external pure returns (uint256) {
        return VestingSchedule.nextStep(terms, elapsed);
    }

    function nextFree(VestingTerms memory terms, uint256 elapsed) external pure returns (uint256) {
        return VestingSchedule.nextFree(terms, elapsed);
    }

    function span(VestingTerms memory terms) external pure returns (uint256) {
        return VestingSchedule.span(terms);
    }
}
