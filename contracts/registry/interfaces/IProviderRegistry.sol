// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {Duration} from "../../shared/Duration.sol";
import {Permit} from "../../shared/Permit.sol";
import {RoleId} from "../../shared/RoleId.sol";
import {Position} from "../types/Position.sol";

/// @title Provider registry: the dual stake
/// @notice Anybody with hardware, data, quota or skill becomes a provider here: bond OCTO and the role's own token, take
/// jobs while active, and take both bonds out again seven days after asking.
/// @dev Everything is keyed by (account, role): an account may hold several roles, and no bond of one backs another.
/// No pause and no counterparty stands before {unbond} or {withdraw}. An upgrade could; it waits longer than an exit
/// takes, so that who disagrees has left before.
interface IProviderRegistry {
    /// @notice The bonds from which a role is active, before any discount.
    /// @param octo In wei of OCTO.
    /// @param roleTokens In wei of the role's token.
    struct Minimum {
        uint96 octo;
        uint96 roleTokens;
    }

    /// @notice What leaves a position on one day.
    /// @param octo In wei of OCTO.
    /// @param roleTokens In wei of the role's token.
    /// @param askedAt When it was asked for, Unix seconds; of several times, the last. It stays slashable for what
    /// happened before.
    struct Exit {
        uint96 octo;
        uint96 roleTokens;
        uint32 askedAt;
    }

    /// @notice A piece of finished work.
    /// @param provider Who did it.
    /// @param role In which role.
    /// @param orchestrator Who coordinated it, a task of its own in role O; zero for nobody.
    /// @param weight Its part of a day's step of the averages, in basis points.
    /// @param success 0 to 100.
    /// @param speed 0 to 100.
    /// @param pay What the provider is paid, in wei of OCTO, of which delegators have their cut.
    struct Task {
        address provider;
        RoleId role;
        address orchestrator;
        uint16 weight;
        uint8 success;
        uint8 speed;
        uint128 pay;
    }

    /// @notice What a slash takes from a position.
    /// @param account The provider.
    /// @param role The role.
    /// @param octoShare Of the OCTO stake behind the position, in basis points.
    /// @param roleShare Of its role-token stake, in basis points.
    /// @param octoLimit The most to take, in wei of OCTO.
    /// @param roleLimit The most to take, in wei of the role's token.
    /// @param points Taken from each average of the score.
    /// @param offenceAt When it happened, Unix seconds: exits asked for before are out of reach.
    /// @param dispute The dispute whose frozen stake is taken first; zero for none.
    /// @param client Who was harmed; zero for nobody.
    /// @param loss What the client is made whole for, in wei of OCTO.
    struct Penalty {
        address account;
        RoleId role;
        uint16 octoShare;
        uint16 roleShare;
        uint128 octoLimit;
        uint128 roleLimit;
        uint16 points;
        uint40 offenceAt;
        bytes32 dispute;
        address client;
        uint128 loss;
    }

    /// @notice What a slash took.
    /// @param octo In wei of OCTO, delegated stake included.
    /// @param roleTokens In wei of the role's token.
    /// @param octoStake The OCTO stake it was taken from, in wei.
    /// @param roleStake The role-token stake it was taken from, in wei.
    /// @param compensated Paid to the client, in wei of OCTO; the rest waits to be burned.
    struct Taken {
        uint256 octo;
        uint256 roleTokens;
        uint256 octoStake;
        uint256 roleStake;
        uint256 compensated;
    }

    /// @notice What an open dispute has frozen of a position's own stake.
    /// @param octoFromExits Taken out of exits, in wei of OCTO.
    /// @param roleFromExits Taken out of exits, in wei of the role's token.
    /// @param octoFromBond Kept from leaving the bond, in wei of OCTO.
    /// @param roleFromBond Kept from leaving the bond, in wei of the role's token.
    /// @param account The provider.
    /// @param role The role.
    /// @param day The earliest day of the exits it was taken out of, on which it is free again.
    /// @param askedAt When that day's exit was asked for, Unix seconds.
    struct Frozen {
        uint96 octoFromExits;
        uint96 roleFromExits;
        uint96 octoFromBond;
        uint96 roleFromBond;
        address account;
        RoleId role;
        uint32 day;
        uint32 askedAt;
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

    /// @notice An exit was called off: it is bonded again.
    /// @param account The provider.
    /// @param role The role.
    /// @param day The day it would have been free.
    /// @param octo Bonded again, in wei of OCTO.
    /// @param roleTokens Bonded again, in wei of the role's token.
    event ExitCancelled(
        address indexed account,
        RoleId indexed role,
        uint256 indexed day,
        uint256 octo,
        uint256 roleTokens
    );

    /// @notice OCTO of a free exit went into the bond of another role, without leaving.
    /// @param account The provider.
    /// @param from The role it left.
    /// @param to The role it backs from now on.
    /// @param day The day of the exit.
    /// @param octo In wei of OCTO.
    event StakeMoved(address indexed account, RoleId indexed from, RoleId indexed to, uint256 day, uint256 octo);

    /// @notice A position became active for the first time.
    /// @param account The provider.
    /// @param role The role.
    /// @param ordinal Its number among the positions of its role, from 1.
    event CohortJoined(address indexed account, RoleId indexed role, uint256 ordinal);

    /// @notice A task was recorded.
    /// @param account Who did it.
    /// @param role In which role.
    /// @param tasks Its recorded tasks, this one included.
    /// @param score The position's score after it, in points of 1e5.
    event TaskRecorded(address indexed account, RoleId indexed role, uint256 tasks, uint256 score);

    /// @notice A provider was heard.
    /// @param account The provider.
    /// @param role The role.
    /// @param window The window of eight hours.
    event Heartbeat(address indexed account, RoleId indexed role, uint256 window);

    /// @notice Heartbeats are due, or no longer due, from the next window on.
    /// @param account The provider.
    /// @param role The role.
    /// @param onDuty Whether they are.
    event DutySet(address indexed account, RoleId indexed role, bool onDuty);

    /// @notice A position was slashed.
    /// @param account The provider.
    /// @param role The role.
    /// @param octo Taken, delegated stake included, in wei of OCTO.
    /// @param roleTokens Taken, in wei of the role's token.
    /// @param client Who was made whole; zero for nobody.
    /// @param compensated Paid to him, in wei of OCTO.
    /// @param points Taken from each average of the score.
    event Slashed(
        address indexed account,
        RoleId indexed role,
        uint256 octo,
        uint256 roleTokens,
        address client,
        uint256 compensated,
        uint256 points
    );

    /// @notice A dispute froze a part of a position's own stake.
    /// @param dispute The dispute.
    /// @param account The provider.
    /// @param role The role.
    /// @param octo Own stake frozen, in exits and in the bond, in wei of OCTO.
    /// @param roleTokens Own stake frozen, in exits and in the bond, in wei of the role's token.
    event StakeFrozen(
        bytes32 indexed dispute,
        address indexed account,
        RoleId indexed role,
        uint256 octo,
        uint256 roleTokens
    );

    /// @notice What a dispute had frozen and no slash had taken is free again.
    /// @param dispute The dispute.
    event StakeThawed(bytes32 indexed dispute);

    /// @notice A position was suspended, or its suspension lifted.
    /// @param account The provider.
    /// @param role The role.
    /// @param suspended Whether it is.
    event SuspensionSet(address indexed account, RoleId indexed role, bool suspended);

    /// @notice Slashed stake was burned.
    /// @param role The role.
    /// @param octo In wei of OCTO.
    /// @param roleTokens In wei of the role's token.
    event SlashedBurned(RoleId indexed role, uint256 octo, uint256 roleTokens);

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

    /// @notice Work in flight keeps this much of the OCTO bond from leaving.
    /// @param locked What must stay, in wei.
    /// @param left What would be left, in wei.
    error ProviderRegistryBondLocked(uint256 locked, uint256 left);

    /// @notice An open dispute keeps this much of a bond from leaving.
    /// @param frozen What must stay, in wei.
    /// @param left What would be left, in wei.
    error ProviderRegistryBondFrozen(uint256 frozen, uint256 left);

    /// @notice Stake moves to another role only.
    /// @param role Both roles.
    error ProviderRegistrySameRole(RoleId role);

    /// @notice The position was never active and has no record.
    /// @param account The account.
    /// @param role The role.
    error ProviderRegistryNeverActive(address account, RoleId role);

    /// @notice Only the vault records work.
    /// @param caller Who tried.
    error ProviderRegistryCallerNotVault(address caller);

    /// @notice Only the slashing desk slashes, freezes and suspends.
    /// @param caller Who tried.
    error ProviderRegistryCallerNotDesk(address caller);

    /// @notice Only the peer reviews pass on ratings.
    /// @param caller Who tried.
    error ProviderRegistryCallerNotReviews(address caller);

    /// @notice Only the delegation pools say who is delegated to.
    /// @param caller Who tried.
    error ProviderRegistryCallerNotPools(address caller);

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

    /// @notice As {bond}, with an ERC-2612 permit a token: from nothing to active in one transaction.
    /// @param role The role.
    /// @param octoAmount OCTO to add, in wei.
    /// @param roleAmount Role tokens to add, in wei.
    /// @param octoPermit For OCTO; a deadline of 0 for none.
    /// @param rolePermit For the role's token; a deadline of 0 for none.
    function bondWithPermits(
        RoleId role,
        uint128 octoAmount,
        uint128 roleAmount,
        Permit calldata octoPermit,
        Permit calldata rolePermit
    ) external;

    /// @notice Asks for bonds back. They leave the position now and are free seven days later, rounded up to a day.
    /// Below 80 % of a minimum the position stops taking new work. A fifth of the value in flight and what disputes have
    /// frozen cannot leave.
    /// @dev The day is fixed here; asking again never moves an earlier exit. Until it is free an exit stays slashable for
    /// what happened before it was asked for; all that is asked for on one day counts as asked for at the last of its times.
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

    /// @notice Bonds an exit again, free or not.
    /// @param role The role.
    /// @param day The exit's day.
    function cancelExit(RoleId role, uint256 day) external;

    /// @notice Moves the OCTO of a free exit into the bond of another role, without a transfer.
    /// @param from The role of the exit.
    /// @param day The exit's day; it must be free, so that no stake gets away from what it still answers for.
    /// @param to The other role.
    function moveStake(RoleId from, uint256 day, RoleId to) external;

    /// @notice Judges anew whether a position is active: anybody may, after a score has risen or fallen.
    /// @dev Activates at the minimum less the discount for the score, deactivates below 80 % of that, or when the account
    /// was banned.
    /// @param account The provider.
    /// @param role The role.
    function refresh(address account, RoleId role) external;

    /// @notice Tells the network that the caller is there. Once in each window of eight hours is enough.
    /// @param role The role.
    function heartbeat(RoleId role) external;

    /// @notice Takes up, or lays down, the duty to be heard in every window of eight hours. Only on duty does uptime count,
    /// and only then is a missed window an offence.
    /// @dev Windows missed on duty stay reportable for seven days after it was laid down.
    /// @param role The role.
    /// @param onDuty Whether heartbeats are due from the next window on.
    function setDuty(RoleId role, bool onDuty) external;

    /// @notice Publishes the terms to which the caller agrees without signing: a job within them binds it.
    /// @dev Both are rounded in the provider's favour: the budget down to whole OCTO, the time up to whole minutes.
    /// @param role The role.
    /// @param maxBudget The largest budget, in wei of OCTO; below 1 OCTO withdraws the terms.
    /// @param minDuration The shortest time for the work, in seconds; at most 30 days.
    function setStandingTerms(RoleId role, uint128 maxBudget, Duration minDuration) external;

    /// @notice Records a finished task of the provider and, if there was one, of the orchestrator.
    /// @dev Only the vault's address.
    /// @param task The work.
    /// @return score The provider's reliability after it, in points of 1e5.
    /// @return cut What the provider's delegators are due of its pay, in wei of OCTO.
    /// @return pools Where their cut goes.
    function record(Task calldata task) external returns (uint256 score, uint256 cut, address pools);

    /// @notice Moves the average of the counterparties' ratings.
    /// @dev Only the address of {PeerReviews}.
    /// @param account Who was rated.
    /// @param role In which role.
    /// @param weight The rating's part of a whole step, in basis points.
    /// @param rating 0 to 100.
    function addRating(address account, RoleId role, uint256 weight, uint256 rating) external;

    /// @notice Slashes a position: first what the dispute froze, then the bond, then exits asked for after the offence, then
    /// delegated stake. Takes what is there and never reverts for the lack of it.
    /// @dev Only the slashing desk's address.
    /// @param penalty What to take.
    /// @return taken What was taken.
    function slash(Penalty calldata penalty) external returns (Taken memory taken);

    /// @notice Freezes own stake for a dispute: first out of exits asked for after the offence, then in the bond, then
    /// delegated stake. Freezes what is there and no more.
    /// @dev Only the slashing desk's address, which names each dispute once until it is thawed.
    /// @param dispute The dispute.
    /// @param account The provider.
    /// @param role The role.
    /// @param octoAmount To freeze, in wei of OCTO.
    /// @param roleAmount To freeze, in wei of the role's token.
    /// @param offenceAt When it happened, Unix seconds.
    function freeze(
        bytes32 dispute,
        address account,
        RoleId role,
        uint128 octoAmount,
        uint128 roleAmount,
        uint256 offenceAt
    ) external;

    /// @notice Frees what a dispute still keeps frozen: exits are exits again, free on their day at the earliest.
    /// @dev Only the slashing desk's address. Nothing happens for a dispute that froze nothing.
    /// @param dispute The dispute.
    function thaw(bytes32 dispute) external;

    /// @notice Suspends a position or lifts its suspension.
    /// @dev Only the slashing desk's address.
    /// @param account The provider.
    /// @param role The role.
    /// @param suspended Whether it is.
    function setSuspended(address account, RoleId role, bool suspended) external;

    /// @notice Disposes of the slashed stake of a role that compensated nobody. Anybody may.
    /// @dev OCTO is burned at once. Role tokens go to the engine, which burns them together with their share of the role's
    /// reserve when its next epoch begins, so that a slash moves no rate.
    /// @param role The role.
    function burnSlashed(RoleId role) external;

    /// @notice Notes whether anybody delegates to a position.
    /// @dev Only the delegation pools' address.
    /// @param provider The provider.
    /// @param role The role.
    /// @param delegated Whether somebody does.
    /// @return octoBond The position's own OCTO bond, in wei.
    function noteDelegation(address provider, RoleId role, bool delegated) external returns (uint256 octoBond);

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
    /// @return capacity The most value in flight the position carries, in wei of OCTO: five times its OCTO bond.
    function screen(
        address provider,
        RoleId role,
        uint256 budget,
        uint256 duration
    ) external view returns (bool consents, uint256 capacity);

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

    /// @notice A position as it is stored; see {ProviderLens} for what follows from it.
    /// @param account The account.
    /// @param role The role.
    /// @return The two slots.
    function positionOf(address account, RoleId role) external view returns (Position memory);

    /// @notice What open disputes keep from leaving the bonds of a position.
    /// @param account The account.
    /// @param role The role.
    /// @return octo In wei of OCTO.
    /// @return roleTokens In wei of the role's token.
    function frozenBondOf(address account, RoleId role) external view returns (uint256 octo, uint256 roleTokens);

    /// @notice The reliability of a position.
    /// @dev A weighted sum of five averages and of age; see {Score}.
    /// @param account The account.
    /// @param role The role.
    /// @return In points of 1e5: 0 to 100e5.
    function scoreOf(address account, RoleId role) external view returns (uint256);

    /// @notice What a dispute keeps frozen.
    /// @param dispute The dispute.
    /// @return The amounts; zero if none.
    function frozenBy(bytes32 dispute) external view returns (Frozen memory);

    /// @notice Slashed stake of a role that waits to be burned.
    /// @param role The role.
    /// @return octo In wei of OCTO.
    /// @return roleTokens In wei of the role's token.
    function slashedOf(RoleId role) external view returns (uint256 octo, uint256 roleTokens);

    /// @notice The fixed peers: who alone slashes, where delegated stake lies, and whose ratings count.
    /// @return desk The slashing desk.
    /// @return pools The delegation pools.
    /// @return reviews The peer reviews.
    function peers() external view returns (address desk, address pools, address reviews);

    /// @notice The bonds from which a role is active.
    /// @param role The role.
    /// @return The minimums; zero for an unknown role.
    function minimumOf(RoleId role) external view returns (Minimum memory);
}
