// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Bps, MAX_BPS} from "../../shared/Bps.sol";

/// @title What a role may mint in an epoch
/// @dev Pure. An epoch is 7 days and a year is 52 epochs, so that no year ends within an epoch. Rounded down.
///
///     cap = base / 52 x weight x utilisation x growth
///     base         100 M role tokens a year in years 1 to 4, 50 M in 5 to 8, 10 M in 9 to 12, 5 M after
///     utilisation  volume of the last finished epoch / target, 0.25 to 1.5
///     growth       volume of the last finished epoch / volume of the one before, 0.5 to 1.5; 1 if that one was empty
library EpochCap {
    uint256 internal constant EPOCHS_A_YEAR = 52;

    uint256 private constant ONE = 1e18;
    uint256 private constant YEARS_AT_A_BASE = 4;
    uint256 private constant FIRST_BASE = 100_000_000e18;
    uint256 private constant SECOND_BASE = 50_000_000e18;
    uint256 private constant THIRD_BASE = 10_000_000e18;
    uint256 private constant LAST_BASE = 5_000_000e18;

    uint256 private constant LEAST_UTILISATION = 0.25e18;
    uint256 private constant LEAST_GROWTH = 0.5e18;
    uint256 private constant MOST = 1.5e18;

    /// @param epoch Its number since genesis, from 0.
    /// @param weight The role's part of the base.
    /// @param target The volume at which the utilisation is 1, in wei of OCTO; not 0.
    /// @param volume What the role settled in the epoch before, in wei of OCTO.
    /// @param previousVolume What it settled in the epoch before that, in wei of OCTO.
    /// @return In wei of role tokens.
    function capOf(
        uint256 epoch,
        Bps weight,
        uint256 target,
        uint256 volume,
        uint256 previousVolume
    ) internal pure returns (uint256) {
        uint256 elasticity = _utilisation(volume, target) * _growth(volume, previousVolume);
        // Below 2^87 x 2^14 x 2^122.
        return (_base(epoch) * weight.toUint() * elasticity) / (EPOCHS_A_YEAR * MAX_BPS * ONE * ONE);
    }

    /// @dev A year's role tokens of all roles together.
    function _base(uint256 epoch) private pure returns (uint256) {
        uint256 period = epoch / (EPOCHS_A_YEAR * YEARS_AT_A_BASE);
        if (period == 0) return FIRST_BASE;
        if (period == 1) return SECOND_BASE;
        return period == 2 ? THIRD_BASE : LAST_BASE;
    }

    function _utilisation(uint256 volume, uint256 target) private pure returns (uint256) {
        return _clamp((volume * ONE) / target, LEAST_UTILISATION);
    }

    function _growth(uint256 volume, uint256 previousVolume) private pure returns (uint256) {
        return previousVolume == 0 ? ONE : _clamp((volume * ONE) / previousVolume, LEAST_GROWTH);
    }

    function _clamp(uint256 ratio, uint256 least) private pure returns (uint256) {
        return Math.max(Math.min(ratio, MOST), least);
    }
}
