// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {RoleId} from "../../shared/RoleId.sol";
import {Duration} from "../../shared/Duration.sol";

/// @title Provider registry: the dual stake
/// @notice Anybody with hardware, data, quota or skill becomes a provider here: bond OCTO and the role's own token, take
/// jobs while active, and take both bonds out again seven days after asking.
/// @dev Everything is keyed by (account, role): an account may hold several roles, and no bond of one backs another.
/// No pause and no counterparty stands before {unbond} or {withdraw}. An upgrade could; it waits longer than an exit
/// takes, so that who disagrees has left before.
interface IProviderRegistry {
    /// @notice The bonds from which a role is active.
    /// @param octo In wei of OCTO.
    /// @param roleTokens In wei of the role's token.
    struct Minimum {
        uint96 octo;
        uint96 roleTokens;
    }

    /// @notice What leaves a position on one day.
    /// @param octo In wei of OCTO.
    /// @param roleTokens In wei of the role's token.
    struct Exit {
        uint96 octo;
        uint96 roleTokens;
    }

    /// @notice Everything about one position.
    /// @param octoBond OCTO bonded, in wei; what is leaving is not counted.
    /// @param roleBond Role tokens bonded, in wei; what is leaving is not counted.
    /// @param minimum The bonds from which the position is active.
    /// @param active Whether it takes new work.
    /// @param activatedAt When it first became active, Unix seconds; 0 if never.
    /// @param tasks Settled tasks recorded.
    /// @param lastTaskAt When the last one was recorded, Unix seconds.
    /// @param score Reliability, in points of 1e5: 0 to 100e5.
    /// @param maxBudget Standing terms: the largest budget that binds without a signature, in wei of OCTO; 0 for none.
    /// @param minDuration Standing terms: the shortest time for the work, in seconds.
    struct Status {
        uint96 octoBond;
        uint96 roleBond;
        Minimum minimum;
        bool active;
        uint32 activatedAt;
        uint32 tasks;
        uint32 lastTaskAt;
        uint256 score;
        uint256 maxBudget;
        uint256 minDuration;
    }

    /// @notice A piece of settled work.
    /// @param provider Who did it.
    /// @param role In which role.
    /// @param orchestrator Who coordinated it, a task of its own in role O; zero for nobody.
    struct Task {
        address provider;
        RoleId role;
        address orchestrator;
    }

    /// @notice Bonds were added to a position.
    /// @param account The provider.
    /// @param role The role.
    /// @param octo Added, in wei of OCTO.
    /// @param roleTokens Added, in wei of the role's token.
    event Bonded(address indexed account, RoleId indexed role, uint256 octo, uint256 roleTokens);

    /// @notice A position takes work from now on.
    /// @param account The provider.
    /// @param role The role.
    event Activated(address indexed account, RoleId indexed role);

    /// @notice A position takes no new work from now on.
    /// @param account The provider.
    /// @param role The role.
    event Deactivated(address indexed account, RoleId indexed role);

    /// @notice An exit was asked for.
    /// @param account The provider.
    /// @param role The role.
    /// @param octo Leaving, in wei of OCTO.
    /// @param roleTokens Leaving, in wei of the role's token.
    /// @param day The day on which it is free: withdraw from `day * 1 days` on.
    event Unbonded(address indexed account, RoleId indexed role, uint256 octo, uint256 roleTokens, uint256 day);

    /// @notice An exit ended.
    /// @param account The provider.
    /// @param role The role.
    /// @param day The day of the exit.
    /// @param to Who received the bonds.
    /// @param octo Paid, in wei of OCTO.
    /// @param roleTokens Paid, in wei of the role's token.
    event Withdrawn(
        address indexed account,
        RoleId indexed role,
        uint256 indexed day,
        address to,
        uint256 octo,
        uint256 roleTokens
    );

    /// @notice A provider published the terms to which it agrees without signing.
    /// @param account The provider.
    /// @param role The role.
    /// @param maxBudget The largest budget, in wei of OCTO; 0 withdraws the terms.
    /// @param minDuration The shortest time for the work, in seconds.
    event StandingTermsSet(address indexed account, RoleId indexed role, uint256 maxBudget, uint256 minDuration);

    /// @notice A settled task was recorded.
    /// @param account Who did it.
    /// @param role In which role.
    /// @param tasks Its settled tasks, this one included.
    event TaskRecorded(address indexed account, RoleId indexed role, uint256 tasks);

    /// @notice A role can be bonded for from now on.
    /// @param role The role.
    /// @param octo The smallest OCTO bond, in wei.
    /// @param roleTokens The smallest bond of the role's token, in wei.
    event RoleAdded(RoleId indexed role, uint256 octo, uint256 roleTokens);

    /// @notice No such role.
    /// @param role What was asked for.
    error ProviderRegistryUnknownRole(RoleId role);

    /// @notice The role exists already; its minimums are constants.
    /// @param role The role.
    error ProviderRegistryRoleExists(RoleId role);

    /// @notice The role's token has not been made yet.
    /// @param role The role.
    /// @param token Where it would be.
    error ProviderRegistryRoleTokenMissing(RoleId role, address token);

    /// @notice A minimum of a new role is zero.
    /// @param role The role.
    error ProviderRegistryZeroMinimum(RoleId role);

    /// @notice Both amounts are zero.
    error ProviderRegistryZeroAmount();

    /// @notice The amount is beyond what a position can hold.
    /// @param amount What was asked for, in wei.
    /// @param limit The most there can be, in wei.
    error ProviderRegistryAmountTooLarge(uint256 amount, uint256 limit);

    /// @notice The shortest time of standing terms is too long.
    /// @param duration What was asked for, in seconds.
    /// @param limit The most it may be, in seconds.
    error ProviderRegistryDurationTooLong(uint256 duration, uint256 limit);

    /// @notice The position has less OCTO bonded than was asked for.
    /// @param bonded What is bonded, in wei.
    /// @param requested What was asked for, in wei.
    error ProviderRegistryOctoBondTooSmall(uint256 bonded, uint256 requested);

    /// @notice The position has fewer role tokens bonded than were asked for.
    /// @param bonded What is bonded, in wei.
    /// @param requested What was asked for, in wei.
    error ProviderRegistryRoleBondTooSmall(uint256 bonded, uint256 requested);

    /// @notice Nothing leaves the position on that day.
    /// @param account The provider.
    /// @param role The role.
    /// @param day The day asked for.
    error ProviderRegistryNoExit(address account, RoleId role, uint256 day);

    /// @notice The exit is not free yet.
    /// @param day The day of the exit.
    /// @param freeAt When it is free, Unix seconds.
    error ProviderRegistryExitNotFree(uint256 day, uint256 freeAt);

    /// @notice The account is not active in the role and takes no new work.
    /// @param account The account.
    /// @param role The role.
    error ProviderRegistryNotActive(address account, RoleId role);

    /// @notice Only the vault records work.
    /// @param caller Who tried.
    error ProviderRegistryCallerNotVault(address caller);

    /// @notice Bonds cannot go there.
    /// @param to The zero address or the registry itself.
    error ProviderRegistryInvalidRecipient(address to);

    /// @notice Adds to the caller's bonds in `role`, out of allowances that the caller gave to this contract. The
    /// position becomes active once both bonds have reached the minimum.
    /// @dev Only for oneself: nobody can push another's position anywhere.
    /// @param role The role.
    /// @param octoAmount OCTO to add, in wei; may be 0 if the other is not.
    /// @param roleAmount Role tokens to add, in wei; may be 0 if the other is not.
    function bond(RoleId role, uint128 octoAmount, uint128 roleAmount) external;

    /// @notice Asks for bonds back. They leave the position now and are free seven days later, rounded up to a day.
    /// Below 80 % of a minimum the position stops taking new work.
    /// @dev The day is fixed here; asking again never moves an earlier exit.
    /// @param role The role.
    /// @param octoAmount OCTO to take out, in wei.
    /// @param roleAmount Role tokens to take out, in wei.
    /// @return day The exit's day, for {withdraw}.
    function unbond(RoleId role, uint128 octoAmount, uint128 roleAmount) external returns (uint256 day);

    /// @notice Pays out what was unbonded for `day`.
    /// @param role The role.
    /// @param day The exit's day.
    /// @param to Who receives both tokens.
    function withdraw(RoleId role, uint256 day, address to) external;

    /// @notice Publishes the terms to which the caller agrees without signing: a job within them binds it.
    /// @dev Both are rounded in the provider's favour: the budget down to whole OCTO, the time up to whole minutes.
    /// @param role The role.
    /// @param maxBudget The largest budget, in wei of OCTO; below 1 OCTO withdraws the terms.
    /// @param minDuration The shortest time for the work, in seconds; at most 30 days.
    function setStandingTerms(RoleId role, uint128 maxBudget, Duration minDuration) external;

    /// @notice Records a settled task of the provider and, if there was one, of the orchestrator.
    /// @dev Only the vault's address.
    /// @param task The work.
    /// @return score The provider's reliability after it, in points of 1e5.
    function record(Task calldata task) external returns (uint256 score);

    /// @notice Makes a role that governance added bondable.
    /// @dev Restricted to ROLE_ACCESS; the role's token must exist. Minimums are constants once set.
    /// @param role The role.
    /// @param minimum The bonds from which it is active.
    function addRole(RoleId role, Minimum calldata minimum) external;

    /// @notice Asks, for a hire, whether the provider takes work, and whether it has agreed to this much without signing.
    /// @dev Reverts with {ProviderRegistryNotActive}.
    /// @param provider The provider.
    /// @param role The role.
    /// @param budget The job's budget, in wei of OCTO.
    /// @param duration The time for the work, in seconds.
    /// @return consents True if the job lies within the provider's standing terms.
    function screen(
        address provider,
        RoleId role,
        uint256 budget,
        uint256 duration
    ) external view returns (bool consents);

    /// @notice Whether the account takes new work in the role.
    /// @param account The account.
    /// @param role The role.
    /// @return True while active.
    function isActive(address account, RoleId role) external view returns (bool);

    /// @notice The bonds of a position; what is leaving is not counted.
    /// @param account The account.
    /// @param role The role.
    /// @return octoBond In wei of OCTO.
    /// @return roleBond In wei of the role's token.
    function bondOf(address account, RoleId role) external view returns (uint256 octoBond, uint256 roleBond);

    /// @notice What leaves a position on a day.
    /// @param account The account.
    /// @param role The role.
    /// @param day The day.
    /// @return The amounts; zero if none or withdrawn.
    function exitOf(address account, RoleId role, uint256 day) external view returns (Exit memory);

    /// @notice Everything about one position.
    /// @param account The account.
    /// @param role The role.
    /// @return The position, readable.
    function statusOf(address account, RoleId role) external view returns (Status memory);

    /// @notice The reliability of a position.
    /// @dev A weighted sum of five averages and of age; see {Score}.
    /// @param account The account.
    /// @param role The role.
    /// @return In points of 1e5: 0 to 100e5.
    function scoreOf(address account, RoleId role) external view returns (uint256);

    /// @notice The bonds from which a role is active.
    /// @param role The role.
    /// @return The minimums; zero for an unknown role.
    function minimumOf(RoleId role) external view returns (Minimum memory);
}
