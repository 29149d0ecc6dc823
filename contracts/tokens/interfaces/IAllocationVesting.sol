// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {IGenesisWallet} from "./IGenesisWallet.sol";

/// @title Vesting by time
/// @notice A share at genesis, then equal parts at equal intervals, each free a fixed time after it has vested.
/// @dev See {VestingSchedule} for the formula and {IGenesisWallet} for paying out. Nothing changes the terms.
interface IAllocationVesting is IGenesisWallet {
    /// @notice Nothing would vest after genesis: such an allocation needs no wallet.
    error AllocationVestingNothingLater();

    /// @notice There is no step, or no time between two of them.
    /// @param steps The number of steps that was given.
    /// @param stepLength The time between two of them that was given, in seconds.
    error AllocationVestingNoSteps(uint256 steps, uint256 stepLength);

    /// @notice When the next part vests; it is free {lock} later.
    /// @return Unix seconds; 0 if all parts have vested.
    function nextVestingAt() external view returns (uint256);

    /// @notice How long a part that has vested waits until it is free.
    /// @return Seconds.
    function lock() external view returns (uint256);
}
