// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {RoleId} from "../../shared/RoleId.sol";
import {Grade, Tier} from "../libraries/Standing.sol";
import {IProviderRegistry} from "./IProviderRegistry.sol";

/// @title Provider lens
/// @notice Everything about a provider's position in one view: tier, grade, discount, locks, averages, rank.
/// @dev Reads the registry and the vault, keeps nothing, and decides nothing: pure functions of what is stored there.
interface IProviderLens {
    /// @notice Everything about one position.
    /// @param octoBond OCTO bonded, in wei; what is leaving is not counted.
    /// @param roleBond Role tokens bonded, in wei; what is leaving is not counted.
    /// @param minimum The bonds from which the position becomes active, the discount for its score taken off.
    /// @param active Whether it takes new work.
    /// @param suspended Whether it lost half of a bond and waits for governance.
    /// @param banned Whether the account was banned.
    /// @param superNode Whether the account is active in three roles or more.
    /// @param tier By OCTO bond.
    /// @param grade By score.
    /// @param cohort 1 for the first 100 of its role to become active, 2 for the next 400, 3 for the next 1,000, else 0.
    /// @param ordinal The number of its first activation in its role, from 1; 65,535 for that and all later ones.
    /// @param activatedDay The day on which it first became active, in days since 1970; 0 if never.
    /// @param tasks Recorded tasks.
    /// @param onDuty Whether heartbeats are due.
    /// @param score Reliability, in points of 1e5: 0 to 100e5.
    /// @param routingWeight How a router ranks it, in points of 1e5: 0 to 100e5.
    /// @param valueInFlight Budgets of unfinished work that binds the account, in all its roles, in wei of OCTO.
    /// @param capacity The most there may be, in wei of OCTO: five times the OCTO bond.
    /// @param lockedBond OCTO bond that the work in flight keeps from leaving, in wei.
    /// @param frozenOcto OCTO bond that open disputes keep from leaving, in wei.
    /// @param frozenRoleTokens Role tokens that open disputes keep from leaving, in wei.
    /// @param maxBudget Standing terms: the largest budget that binds without a signature, in wei of OCTO; 0 for none.
    /// @param minDuration Standing terms: the shortest time for the work, in seconds.
    struct Status {
        uint256 octoBond;
        uint256 roleBond;
        IProviderRegistry.Minimum minimum;
        bool active;
        bool suspended;
        bool banned;
        bool superNode;
        Tier tier;
        Grade grade;
        uint256 cohort;
        uint256 ordinal;
        uint256 activatedDay;
        uint256 tasks;
        bool onDuty;
        uint256 score;
        uint256 routingWeight;
        uint256 valueInFlight;
        uint256 capacity;
        uint256 lockedBond;
        uint256 frozenOcto;
        uint256 frozenRoleTokens;
        uint256 maxBudget;
        uint256 minDuration;
    }

    /// @notice The five averages of a position and its age, decayed to now.
    /// @param success In points of 1e5: 0 to 100e5, as all of them.
    /// @param speed In points of 1e5.
    /// @param uptime In points of 1e5.
    /// @param security In points of 1e5.
    /// @param peer In points of 1e5.
    /// @param idleFrom From when idle time counts, Unix seconds.
    /// @param offended Whether there was an offence since the last task.
    struct Reliability {
        uint256 success;
        uint256 speed;
        uint256 uptime;
        uint256 security;
        uint256 peer;
        uint256 idleFrom;
        bool offended;
    }

    /// @notice Everything about one position.
    /// @param account The account.
    /// @param role The role.
    /// @return The position, readable.
    function statusOf(address account, RoleId role) external view returns (Status memory);

    /// @notice The averages behind the score, decayed to now.
    /// @param account The account.
    /// @param role The role.
    /// @return The averages.
    function reliabilityOf(address account, RoleId role) external view returns (Reliability memory);

    /// @notice The best score of the account's roles: what a rule means that names one score for an account.
    /// @param account The account.
    /// @return In points of 1e5: 0 to 100e5.
    function bestScoreOf(address account) external view returns (uint256);

    /// @notice Whether the account is active in three roles or more.
    /// @param account The account.
    /// @return True if it is.
    function isSuperNode(address account) external view returns (bool);
}
