// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {EpochCap} from "../contracts/economy/libraries/EpochCap.sol";
import {Bps, MAX_BPS} from "../contracts/shared/Bps.sol";
import {reached} from "./support/reached.sol";
import {show} from "./support/show.sol";

/// @notice What a role may mint in an epoch is at most base / 52 x weight x 2.25
/// @custom:library EpochCap
contract P24_EpochCapByWeight {
    function prove(uint256 epoch, Bps weight, uint256 target, uint256 volume, uint256 previousVolume) external pure {
        require(weight.toUint() <= MAX_BPS && target != 0 && volume < 2 ** 128);
        uint256 cap = EpochCap.capOf(epoch, weight, target, volume, previousVolume);
        show(cap * 52 * MAX_BPS * 4 <= 100_000_000e18 * weight.toUint() * 9);
        reached();
    }
}
