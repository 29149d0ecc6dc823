// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {bound, VM} from "../../support/Vm.sol";
import {Handler} from "./Handler.sol";

/// @title What administrators and time do
abstract contract AdminHandler is Handler {
    address public constant ASSEMBLY = address(0xA55E);

    /// @dev Only the next hire lifts it, so that every exit is tried under a pause.
    function pause() external counted {
        VM.prank(suite.admin);
        suite.settlement.pauseMarket(address(suite.jobMarket));
        paused = true;
    }

    function setReviewDuration(uint256 seed) external counted {
        reviewDuration = bound(seed, 1, 144) * 1 hours;
        VM.prank(suite.admin);
        suite.jobMarket.setReviewDuration(reviewDuration);
    }

    function setIntensity(uint256 seed) external counted {
        intensity = seed % 2 == 0 ? 0.12e18 : bound(seed, 0, 0.12e18);
        VM.prank(suite.admin);
        suite.schedule.setIntensity(intensity);
    }

    function setSmallestRecorded(uint256 seed) external counted {
        smallestRecorded = bound(seed, 1e18, seed % 2 == 0 ? 20e18 : 1_000e18);
        VM.prank(suite.admin);
        suite.schedule.setSmallestRecorded(smallestRecorded);
    }

    /// @dev There is an Assembly, or there is none.
    function setHolders(uint256 seed) external counted {
        holders = seed % 3 == 0 ? address(0) : ASSEMBLY;
        VM.prank(suite.admin);
        suite.settlement.setHolders(holders);
    }

    function letTimePass(uint256 seed) external counted {
        jump(bound(seed, 1, 14 days));
    }
}
