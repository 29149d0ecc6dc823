// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {Bps} from "../../shared/Bps.sol";
import {RoleId} from "../../shared/RoleId.sol";
import {ScheduleId} from "../../shared/ScheduleId.sol";
import {FeeSchedule} from "../types/FeeSchedule.sol";

/// @title Emission schedule: the figures of a settlement that may change
/// @notice How settlements are split, how much they mint, and from which size on they count.
/// @dev A fee schedule is an append-only row: a deal names a row and a row never changes, so that nobody can change the
/// price of running work. The other figures apply to settlements from now on, within constant bounds.
interface IEmissionSchedule {
    /// @notice A fee schedule was added.
    /// @param id The row's number.
    /// @param schedule The shares.
    event FeeScheduleAdded(ScheduleId indexed id, FeeSchedule schedule);

    /// @notice The intensity of emission changed.
    /// @param previous Before, 1e18 for one.
    /// @param intensity From now on, 1e18 for one.
    event IntensitySet(uint256 previous, uint256 intensity);

    /// @notice The smallest settlement that is recorded changed.
    /// @param previous Before, in wei of OCTO.
    /// @param amount From now on, in wei of OCTO.
    event SmallestRecordedSet(uint256 previous, uint256 amount);

    /// @notice The fee that moves a score by a whole step changed.
    /// @param previous Before, in wei of OCTO.
    /// @param amount From now on, in wei of OCTO.
    event WholeStepFeeSet(uint256 previous, uint256 amount);

    /// @notice The volume at which a role's epoch is fully used changed.
    /// @param previous Before, in wei of OCTO.
    /// @param amount From the next epochs on, in wei of OCTO.
    event TargetVolumeSet(uint256 previous, uint256 amount);

    /// @notice A role's part of what all roles may mint changed.
    /// @param role The role.
    /// @param previous Before.
    /// @param weight From its next epoch on.
    event WeightSet(RoleId indexed role, Bps previous, Bps weight);

    /// @notice No such fee schedule.
    /// @param id What was asked for.
    error EmissionScheduleUnknown(ScheduleId id);

    /// @notice There is no room for another fee schedule.
    /// @param limit The most there can be.
    error EmissionScheduleFull(uint256 limit);

    /// @notice The shares leave the provider too little.
    /// @param sum The sum of the shares, in basis points.
    /// @param limit The most they may be, in basis points.
    error EmissionScheduleSharesTooLarge(uint256 sum, uint256 limit);

    /// @notice Under these shares somebody who deals with himself could win.
    /// @param schedule The shares that break the wash-trading law.
    error EmissionScheduleWashTradingLaw(FeeSchedule schedule);

    /// @notice The intensity is beyond its constant bound.
    /// @param intensity What was asked for, 1e18 for one.
    /// @param limit The most it may be, 1e18 for one.
    error EmissionScheduleIntensityTooHigh(uint256 intensity, uint256 limit);

    /// @notice The smallest recorded settlement is outside its constant bounds.
    /// @param amount What was asked for, in wei of OCTO.
    /// @param least The least it may be, in wei of OCTO.
    /// @param most The most it may be, in wei of OCTO.
    error EmissionScheduleSmallestOutOfBounds(uint256 amount, uint256 least, uint256 most);

    /// @notice The fee of a whole step is outside its constant bounds.
    /// @param amount What was asked for, in wei of OCTO.
    /// @param least The least it may be, in wei of OCTO.
    /// @param most The most it may be, in wei of OCTO.
    error EmissionScheduleWholeStepOutOfBounds(uint256 amount, uint256 least, uint256 most);

    /// @notice The target volume is outside its constant bounds.
    /// @param amount What was asked for, in wei of OCTO.
    /// @param least The least it may be, in wei of OCTO.
    /// @param most The most it may be, in wei of OCTO.
    error EmissionScheduleTargetOutOfBounds(uint256 amount, uint256 least, uint256 most);

    /// @notice The roles' weights would add up to more than the whole.
    /// @param sum What they would add up to, in basis points.
    /// @param limit The most they may, in basis points.
    error EmissionScheduleWeightsTooLarge(uint256 sum, uint256 limit);

    /// @notice Work of no role mints nothing and has no weight.
    error EmissionScheduleNoRole();

    /// @notice Adds a fee schedule.
    /// @dev Restricted to PARAMETER_ACCESS. Must obey the wash-trading law ({WashTradingLaw}).
    /// @param schedule The shares; at most 50 % together.
    /// @return id The row's number.
    function addFeeSchedule(FeeSchedule calldata schedule) external returns (ScheduleId id);

    /// @notice Sets how many role tokens a wei of protocol fee mints at a multiplier of one.
    /// @dev Restricted to PARAMETER_ACCESS.
    /// @param intensity 1e18 for one; at most 0.12e18.
    function setIntensity(uint256 intensity) external;

    /// @notice Sets from which size on a settlement mints, scores and counts.
    /// @dev Restricted to PARAMETER_ACCESS.
    /// @param amount In wei of OCTO; 1 to 1,000 OCTO.
    function setSmallestRecorded(uint256 amount) external;

    /// @notice Sets the protocol fee at which a task moves a score by a whole step.
    /// @dev Restricted to PARAMETER_ACCESS.
    /// @param amount In wei of OCTO, rounded down to whole gwei; 1 to 1,000 OCTO.
    function setWholeStepFee(uint256 amount) external;

    /// @notice Sets the volume at which a role's epoch is fully used.
    /// @dev Restricted to PARAMETER_ACCESS. Epochs that have begun keep their cap.
    /// @param amount In wei of OCTO; 10,000 to 1,000,000,000 OCTO.
    function setTargetVolume(uint128 amount) external;

    /// @notice Sets a role's part of what all roles may mint in an epoch.
    /// @dev Restricted to PARAMETER_ACCESS. Epochs that have begun keep their cap. All weights together are at most the
    /// whole: lower one before raising another.
    /// @param role The role.
    /// @param weight Its part; 0 so that it mints nothing.
    function setWeight(RoleId role, Bps weight) external;

    /// @notice The most that work of a role may mint in an epoch ({EpochCap}).
    /// @param role The role.
    /// @param epoch The epoch's number since genesis, from 0.
    /// @param volume What the role settled in the epoch before, in wei of OCTO.
    /// @param previousVolume What it settled in the epoch before that, in wei of OCTO.
    /// @return In wei of role tokens.
    function epochCapOf(
        RoleId role,
        uint256 epoch,
        uint256 volume,
        uint256 previousVolume
    ) external view returns (uint256);

    /// @notice The volume at which a role's epoch is fully used.
    /// @return In wei of OCTO.
    function targetVolume() external view returns (uint128);

    /// @notice A role's part of what all roles may mint in an epoch.
    /// @param role The role.
    /// @return In basis points.
    function weightOf(RoleId role) external view returns (Bps);

    /// @notice What the vault needs for one settlement.
    /// @param id The fee schedule.
    /// @return schedule The shares.
    /// @return intensity Role tokens a wei of fee, 1e18 for one.
    /// @return smallestRecorded In wei of OCTO.
    /// @return wholeStepFee The protocol fee at which a task moves a score by a whole step, in wei of OCTO.
    function termsOf(
        ScheduleId id
    )
        external
        view
        returns (FeeSchedule memory schedule, uint256 intensity, uint256 smallestRecorded, uint256 wholeStepFee);

    /// @notice How many fee schedules there are; their ids are 1 to this number.
    /// @return The number of rows.
    function count() external view returns (uint256);
}
