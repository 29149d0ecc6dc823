// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Bps} from "../../shared/Bps.sol";

/// @title Proof of Useful Work: what a settlement mints
/// @dev Pure. All roundings are down, against who is minted to.
///
///     minted = fee x intensity x multiplier, at most the open budget
///     multiplier = 0.5 up to a score of 20, linear to 2.0 at a score of 100
library Emission {
    uint256 internal constant ONE = 1e18;
    uint256 internal constant MIN_MULTIPLIER = 0.5e18;
    uint256 internal constant MAX_MULTIPLIER = 2e18;

    /// @dev The orchestrator's part of a mint.
    Bps internal constant ORCHESTRATOR_SHARE = Bps.wrap(20_00);

    uint256 private constant POINT = 1e5;
    uint256 private constant LOW_SCORE = 20 * POINT;
    uint256 private constant HIGH_SCORE = 100 * POINT;

    /// @param fee The protocol fee of the settlement, in wei of OCTO.
    /// @param intensity Role tokens minted a wei of fee at a multiplier of one, 1e18 for one.
    /// @param score The provider's reliability, in points of 1e5.
    /// @param budget What is open of the mint budget, in wei of OCTO.
    /// @return In wei of role tokens.
    function minted(uint256 fee, uint256 intensity, uint256 score, uint256 budget) internal pure returns (uint256) {
        return Math.min((((fee * intensity) / ONE) * multiplier(score)) / ONE, budget);
    }

    /// @dev 1e18 for one.
    function multiplier(uint256 score) internal pure returns (uint256) {
        uint256 above = Math.saturatingSub(Math.min(score, HIGH_SCORE), LOW_SCORE);
        return MIN_MULTIPLIER + ((MAX_MULTIPLIER - MIN_MULTIPLIER) * above) / (HIGH_SCORE - LOW_SCORE);
    }
}
