// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {FeeSchedule, Split} from "../types/FeeSchedule.sol";

/// @title The five-way split of a settlement
/// @dev Pure. Each leg is rounded down and the provider receives the rest: not one wei is created, lost or left behind.
library FeeSplit {
    /// @param amount What is settled, in wei; below 2^240.
    /// @param schedule The shares; they add up to at most the whole.
    /// @param orchestrated Whether an orchestrator was named.
    function split(
        uint256 amount,
        FeeSchedule memory schedule,
        bool orchestrated
    ) internal pure returns (Split memory parts) {
        if (orchestrated) parts.orchestrator = schedule.orchestrator.ofDown(amount);
        parts.treasury = schedule.treasury.ofDown(amount);
        parts.burn = schedule.burn.ofDown(amount);
        parts.voters = schedule.voters.ofDown(amount);
        parts.provider = amount - parts.orchestrator - fee(parts);
    }

    /// @dev The protocol fee, on which emission and reputation are reckoned.
    function fee(Split memory parts) internal pure returns (uint256) {
        return parts.treasury + parts.burn + parts.voters;
    }
}
