// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {EpochCap} from "../contracts/economy/libraries/EpochCap.sol";
import {Bps, MAX_BPS} from "../contracts/shared/Bps.sol";
import {reached} from "./support/reached.sol";
import {show} from "./support/show.sol";

/// @notice What a role may mint in an epoch is at most base / 52 x 2.25, in each of the four periods, and its reckoning cannot overflow
/// @custom:library EpochCap
contract P08_EpochCap {
    function prove(uint256 epoch, Bps weight, uint256 target, uint256 volume, uint256 previousVolume) external pure {
        require(weight.toUint() <= MAX_BPS && target != 0 && volume < 2 ** 128);
        uint256 cap = EpochCap.capOf(epoch, weight, target, volume, previousVolume);
        show(cap * 52 * 4 <= 100_000_000e18 * 9);
        show(epoch < 208 || cap * 52 * 4 <= 50_000_000e18 * 9);
        show(epoch < 416 || cap * 52 * 4 <= 10_000_000e18 * 9);
        show(epoch < 624 || cap * 52 * 4 <= 5_000_000e18 * 9);
        reached();
    }
}
