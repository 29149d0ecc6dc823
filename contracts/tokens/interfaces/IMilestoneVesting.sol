// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {IGenesisWallet} from "./IGenesisWallet.sol";

/// @title Vesting by milestones
/// @notice Each part vests when governance attests its milestone, and is free a fixed time later. What is not attested by
/// the deadline goes to the treasury.
/// @dev See {IGenesisWallet} for paying out. `end()` is the deadline plus {lock}: by then every attested milestone is free,
/// and what was donated on top goes to the beneficiary with the next `release`.
interface IMilestoneVesting is IGenesisWallet {
    /// @notice A milestone was attested.
    /// @param index The milestone, from 0 on.
    /// @param amount What vested with it, in wei of the allocated token.
    /// @param freeAt From when on it is free, Unix seconds.
    event MilestoneAttested(uint256 indexed index, uint256 amount, uint256 freeAt);

    /// @notice What no milestone was attested for went to the treasury.
    /// @param token The token.
    /// @param amount The amount, in wei of the token.
    event MilestonesReclaimed(address indexed token, uint256 amount);

    /// @notice A wallet has at most 16 milestones.
    /// @param count How many were given.
    /// @param limit How many there may be.
    error MilestoneVestingTooManyMilestones(uint256 count, uint256 limit);

    /// @notice A milestone for nothing.
    /// @param index The milestone, from 0 on.
    error MilestoneVestingZeroMilestone(uint256 index);

    /// @notice The treasury was given as the zero address.
    error MilestoneVestingZeroTreasury();

    /// @notice There is no such milestone.
    /// @param index The milestone that was named, from 0 on.
    /// @param count How many there are.
    error MilestoneVestingUnknownMilestone(uint256 index, uint256 count);

    /// @notice The milestone is attested already.
    /// @param index The milestone, from 0 on.
    /// @param attestedAt When it was attested, Unix seconds.
    error MilestoneVestingAlreadyAttested(uint256 index, uint256 attestedAt);

    /// @notice The deadline has passed: what is not attested is the treasury's.
    /// @param timestamp Now, Unix seconds.
    /// @param deadline The last moment for an attestation, Unix seconds.
    error MilestoneVestingDeadlinePassed(uint256 timestamp, uint256 deadline);

    /// @notice The deadline has not passed: what is not attested may be yet.
    /// @param timestamp Now, Unix seconds.
    /// @param deadline The last moment for an attestation, Unix seconds.
    error MilestoneVestingDeadlineNotPassed(uint256 timestamp, uint256 deadline);

    /// @notice Attests a milestone, which vests by it. Each once, in any order, at or before {deadline}.
    /// @dev Needs `SINK_ACCESS`. Cannot be taken back.
    /// @param index The milestone, from 0 on.
    function attest(uint256 index) external;

    /// @notice Sends the treasury what no milestone was attested for. Anyone, after {deadline}; again, it sends nothing.
    /// @dev Of a token that the wallet was never given {allocation} of it sends nothing.
    /// @param token The allocated token.
    function reclaim(address token) external;

    /// @notice A milestone.
    /// @param index The milestone, from 0 on.
    /// @return amount What it is for, in wei of the allocated token.
    /// @return attestedAt When it was attested, Unix seconds; 0 if it is not.
    /// @return freeAt From when on it is free, Unix seconds; 0 if it is not attested.
    function milestoneOf(uint256 index) external view returns (uint256 amount, uint256 attestedAt, uint256 freeAt);

    /// @notice How many milestones there are.
    /// @return The number.
    function count() external view returns (uint256);

    /// @notice The sum of the milestones that are not attested: the treasury's, after {deadline}.
    /// @return The amount, in wei of the allocated token.
    function unattested() external view returns (uint256);

    /// @notice What went to the treasury.
    /// @param token The token.
    /// @return The amount, in wei of the token.
    function reclaimed(address token) external view returns (uint256);

    /// @notice The last moment at which a milestone can be attested.
    /// @return Unix seconds.
    function deadline() external view returns (uint256);

    /// @notice How long an attested milestone waits until it is free.
    /// @return Seconds.
    function lock() external view returns (uint256);

    /// @notice Where goes what is not attested.
    /// @return The address, fixed at deployment; it does not follow the vault's treasury.
    function treasury() external view returns (address);
}
