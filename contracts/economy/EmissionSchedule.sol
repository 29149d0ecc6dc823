// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {Bps, MAX_BPS} from "../shared/Bps.sol";
import {RoleId} from "../shared/RoleId.sol";
import {Roles} from "../shared/Roles.sol";
import {ScheduleId, Schedules} from "../shared/ScheduleId.sol";
import {IEmissionSchedule} from "./interfaces/IEmissionSchedule.sol";
import {EpochCap} from "./libraries/EpochCap.sol";
import {WashTradingLaw} from "./libraries/WashTradingLaw.sol";
import {FeeSchedule} from "./types/FeeSchedule.sol";

/// @title Emission schedule: the figures of a settlement that may change
/// @dev Invariant E-1: a row, once added, never changes.
/// @dev Invariant E-2: every row obeys the wash-trading law at the largest intensity that can ever be set, so no order
/// of settings can break it.
/// @dev Invariant E-3: the roles' weights add up to at most the whole.
contract EmissionSchedule is IEmissionSchedule, AccessManaged {
    /// @dev The vault holds a market's schedules as a bitmap of 32 bits.
    uint256 private constant MAX_SCHEDULES = 31;
    uint256 private constant MAX_SHARES = 50_00;
    uint256 private constant LEAST_RECORDED = 1e18;
    uint256 private constant MOST_RECORDED = 1_000e18;

    uint64 private constant GENESIS_INTENSITY = 0.12e18;
    uint80 private constant GENESIS_SMALLEST_RECORDED = 10e18;

    uint256 private constant LEAST_WHOLE_STEP = 1e18;
    uint256 private constant MOST_WHOLE_STEP = 1_000e18;
    uint48 private constant GENESIS_WHOLE_STEP_GWEI = 20 * 1e9;

    uint256 private constant LEAST_TARGET = 10_000e18;
    uint256 private constant MOST_TARGET = 1_000_000_000e18;
    uint128 private constant GENESIS_TARGET = 1_000_000e18;

    /// @dev One slot, so that a settlement reads one: the shares never change, the three parameters are the same in every
    /// row and are written to all of them when they change. Flat, because a struct within would take a slot of its own.
    struct Row {
        Bps orchestrator;
        Bps treasury;
        Bps burn;
        Bps voters;
        uint64 intensity;
        uint80 smallestRecorded;
        uint48 wholeStepGwei;
    }

    mapping(ScheduleId id => Row row) private _rows;
    uint16 private _sumOfWeights;

    /// @inheritdoc IEmissionSchedule
    uint128 public targetVolume = GENESIS_TARGET;
    /// @inheritdoc IEmissionSchedule
    mapping(RoleId role => Bps weight) public weightOf;

    /// @inheritdoc IEmissionSchedule
    uint256 public count;

    /// @param authority_ The AccessManager.
    constructor(address authority_) AccessManaged(authority_) {
        _add(_schedule({orchestrator: 10_00, treasury: 10_00, burn: 5_00, voters: 5_00})); // Service
        _add(_schedule({orchestrator: 0, treasury: 1_50, burn: 75, voters: 75})); // Infrastructure
        _add(_schedule({orchestrator: 0, treasury: 1_00, burn: 50, voters: 50})); // Data
        _add(_schedule({orchestrator: 0, treasury: 24, burn: 13, voters: 13})); // Wholesale

        _setWeight(Roles.COMPUTE, 30_00);
        _setWeight(Roles.STORAGE, 15_00);
        _setWeight(Roles.BANDWIDTH, 10_00);
        _setWeight(Roles.ORCHESTRATOR, 10_00);
        _setWeight(Roles.WHOLESALE, 10_00);
        _setWeight(Roles.DEVELOPER, 15_00);
        _setWeight(Roles.GROWTH, 5_00);
        _setWeight(Roles.NODE, 5_00);
    }

    /// @inheritdoc IEmissionSchedule
    function addFeeSchedule(FeeSchedule calldata schedule) external restricted returns (ScheduleId id) {
        return _add(schedule);
    }

    /// @inheritdoc IEmissionSchedule
    function setIntensity(uint256 intensity) external restricted {
        require(
            intensity <= WashTradingLaw.MAX_INTENSITY,
            EmissionScheduleIntensityTooHigh(intensity, WashTradingLaw.MAX_INTENSITY)
        );

        emit IntensitySet(_rows[Schedules.SERVICE].intensity, intensity);
        for (uint256 id = 1; id <= count; ++id) {
            _rows[ScheduleId.wrap(uint8(id))].intensity = uint64(intensity); // at most MAX_INTENSITY
        }
    }

    /// @inheritdoc IEmissionSchedule
    function setSmallestRecorded(uint256 amount) external restricted {
        require(
            LEAST_RECORDED <= amount && amount <= MOST_RECORDED,
            EmissionScheduleSmallestOutOfBounds(amount, LEAST_RECORDED, MOST_RECORDED)
        );

        emit SmallestRecordedSet(_rows[Schedules.SERVICE].smallestRecorded, amount);
        for (uint256 id = 1; id <= count; ++id) {
            _rows[ScheduleId.wrap(uint8(id))].smallestRecorded = uint80(amount); // at most MOST_RECORDED
        }
    }

    /// @inheritdoc IEmissionSchedule
    function setWholeStepFee(uint256 amount) external restricted {
        require(
            LEAST_WHOLE_STEP <= amount && amount <= MOST_WHOLE_STEP,
            EmissionScheduleWholeStepOutOfBounds(amount, LEAST_WHOLE_STEP, MOST_WHOLE_STEP)
        );

        uint48 inGwei = uint48(amount / 1 gwei); // at most MOST_WHOLE_STEP
        emit WholeStepFeeSet(uint256(_rows[Schedules.SERVICE].wholeStepGwei) * 1 gwei, uint256(inGwei) * 1 gwei);
        for (uint256 id = 1; id <= count; ++id) {
            _rows[ScheduleId.wrap(uint8(id))].wholeStepGwei = inGwei;
        }
    }

    /// @inheritdoc IEmissionSchedule
    function setTargetVolume(uint128 amount) external restricted {
        require(
            LEAST_TARGET <= amount && amount <= MOST_TARGET,
            EmissionScheduleTargetOutOfBounds(amount, LEAST_TARGET, MOST_TARGET)
        );

        emit TargetVolumeSet(targetVolume, amount);
        targetVolume = amount;
    }

    /// @inheritdoc IEmissionSchedule
    function setWeight(RoleId role, Bps weight) external restricted {
        require(!role.isNone(), EmissionScheduleNoRole());
        _setWeight(role, Bps.unwrap(weight));
    }

    /// @inheritdoc IEmissionSchedule
    function epochCapOf(
        RoleId role,
        uint256 epoch,
        uint256 volume,
        uint256 previousVolume
    ) external view returns (uint256) {
        return EpochCap.capOf(epoch, weightOf[role], targetVolume, volume, previousVolume);
    }

    /// @inheritdoc IEmissionSchedule
    function termsOf(
        ScheduleId id
    )
        external
        view
        returns (FeeSchedule memory schedule, uint256 intensity, uint256 smallestRecorded, uint256 wholeStepFee)
    {
        Row memory row = _rows[id];
        require(row.smallestRecorded != 0, EmissionScheduleUnknown(id)); // every row has one
        schedule = FeeSchedule({
            orchestrator: row.orchestrator,
            treasury: row.treasury,
            burn: row.burn,
            voters: row.voters
        });
        return (schedule, row.intensity, row.smallestRecorded, uint256(row.wholeStepGwei) * 1 gwei);
    }

    function _add(FeeSchedule memory schedule) private returns (ScheduleId id) {
        uint256 sum =
            schedule.orchestrator.toUint() +
                schedule.treasury.toUint() +
                schedule.burn.toUint() +
                schedule.voters.toUint();
        require(sum <= MAX_SHARES, EmissionScheduleSharesTooLarge(sum, MAX_SHARES));
        require(WashTradingLaw.check(schedule), EmissionScheduleWashTradingLaw(schedule));
        require(count < MAX_SCHEDULES, EmissionScheduleFull(MAX_SCHEDULES));

        Row storage first = _rows[Schedules.SERVICE];
        id = ScheduleId.wrap(uint8(++count)); // at most MAX_SCHEDULES
        _rows[id] = Row({
            orchestrator: schedule.orchestrator,
            treasury: schedule.treasury,
            burn: schedule.burn,
            voters: schedule.voters,
            intensity: count == 1 ? GENESIS_INTENSITY : first.intensity,
            smallestRecorded: count == 1 ? GENESIS_SMALLEST_RECORDED : first.smallestRecorded,
            wholeStepGwei: count == 1 ? GENESIS_WHOLE_STEP_GWEI : first.wholeStepGwei
        });
        emit FeeScheduleAdded(id, schedule);
    }

    function _setWeight(RoleId role, uint16 weight) private {
        uint256 sum = uint256(_sumOfWeights) - weightOf[role].toUint() + weight;
        require(sum <= MAX_BPS, EmissionScheduleWeightsTooLarge(sum, MAX_BPS));

        emit WeightSet(role, weightOf[role], Bps.wrap(weight));
        _sumOfWeights = uint16(sum); // at most the whole
        weightOf[role] = Bps.wrap(weight);
    }

    function _schedule(
        uint16 orchestrator,
        uint16 treasury,
        uint16 burn,
        uint16 voters
    ) private pure returns (FeeSchedule memory) {
        return
            FeeSchedule({
                orchestrator: Bps.wrap(orchestrator),
                treasury: Bps.wrap(treasury),
                burn: Bps.wrap(burn),
                voters: Bps.wrap(voters)
            });
    }
}
