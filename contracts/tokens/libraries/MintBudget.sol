// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// @title The two schedules that open the second half of the cap
/// @dev Pure. A month is 30 days; t counts from genesis; every fraction is clamped to 0..1 and rounded down.
///
///     ecosystem rewards          3.5 B x (t - 12 months) / 48 months
///     infrastructure incentives  300 M + 1.2 B x t / 36 months
library MintBudget {
    uint256 internal constant MONTH = 30 days;

    uint256 internal constant ECOSYSTEM = 3_500_000_000e18;
    uint256 internal constant ECOSYSTEM_CLIFF = 12 * MONTH;
    uint256 internal constant ECOSYSTEM_SPAN = 48 * MONTH;

    uint256 internal constant INFRASTRUCTURE_AT_GENESIS = 300_000_000e18;
    uint256 internal constant INFRASTRUCTURE_LATER = 1_200_000_000e18;
    uint256 internal constant INFRASTRUCTURE_SPAN = 36 * MONTH;

    uint256 internal constant TOTAL = ECOSYSTEM + INFRASTRUCTURE_AT_GENESIS + INFRASTRUCTURE_LATER;

    /// @dev What is open `elapsed` seconds after genesis, in wei of OCTO; never falls as `elapsed` grows.
    function opened(uint256 elapsed) internal pure returns (uint256) {
        uint256 afterCliff = Math.saturatingSub(elapsed, ECOSYSTEM_CLIFF);
        return
            INFRASTRUCTURE_AT_GENESIS +
            _fraction(INFRASTRUCTURE_LATER, elapsed, INFRASTRUCTURE_SPAN) +
            _fraction(ECOSYSTEM, afterCliff, ECOSYSTEM_SPAN);
    }

    function _fraction(uint256 whole, uint256 elapsed, uint256 span) private pure returns (uint256) {
        return elapsed < span ? (whole * elapsed) / span : whole;
    }
}
