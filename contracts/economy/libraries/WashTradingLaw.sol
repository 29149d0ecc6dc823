// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {FeeSchedule} from "../types/FeeSchedule.sol";
import {Emission} from "./Emission.sol";

/// @title The wash-trading law
/// @dev Pure. Dealing with oneself must always lose, even for one who holds every vote and so gets the voters' leg back.
/// With f = treasury + burn + voters, every schedule must satisfy, at the largest intensity and multiplier there can be,
///
///     intensity x multiplier x maxRate x (1 + spread) < (treasury + burn) / f     what is minted is worth less than
///                                                                                 what is gone for good
///     intensity x multiplier                          < burn / f                  a settlement earmarks less OCTO
///                                                                                 than it burns
library WashTradingLaw {
    /// @dev Role tokens a wei of fee, 1e18 for one: the upper bound of the parameter.
    uint256 internal constant MAX_INTENSITY = 0.12e18;
    /// @dev OCTO a role token, 1e18 for one: the highest the engine will ever pay.
    uint256 internal constant MAX_RATE = 3e18;
    /// @dev What a buyer pays above the rate, 1e18 for one.
    uint256 internal constant SPREAD = 0.02e18;

    uint256 private constant ONE = Emission.ONE;

    /// @dev Most role tokens that a wei of fee can mint, 1e18 for one.
    uint256 private constant MINTED = (MAX_INTENSITY * Emission.MAX_MULTIPLIER) / ONE;
    /// @dev Most OCTO that they can be worth, 1e18 for one.
    uint256 private constant WORTH = (((MINTED * MAX_RATE) / ONE) * (ONE + SPREAD)) / ONE;

    /// @return holds Whether the schedule obeys both inequalities.
    function check(FeeSchedule memory schedule) internal pure returns (bool holds) {
        uint256 burned = schedule.burn.toUint();
        uint256 gone = burned + schedule.treasury.toUint();
        uint256 fee = gone + schedule.voters.toUint();

        return WORTH * fee < gone * ONE && MINTED * fee < burned * ONE;
    }
}
