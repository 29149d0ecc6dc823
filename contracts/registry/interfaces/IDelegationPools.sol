// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {Bps} from "../../shared/Bps.sol";
import {Permit} from "../../shared/Permit.sol";
import {RoleId} from "../../shared/RoleId.sol";

/// @title Delegation pools
/// @notice Lend OCTO to a provider's role: your stake backs its word after its own, and you have a cut of what it is paid.
/// @dev One pool a (provider, role), in shares, with one virtual share and wei against inflation. No pause, no
/// administrator: nobody stands before {undelegate}, {withdraw} and {claim}.
interface IDelegationPools {
    /// @notice A pool.
    /// @param stake Delegated and not leaving, in wei of OCTO.
    /// @param shares Shares of it.
    /// @param cut The delegators' part of the provider's pay, before it is split by stake.
    /// @param nextCut What `cut` will be.
    /// @param nextCutAt From when, Unix seconds; 0 if no change is announced.
    /// @param generation How often the pool was slashed to nothing.
    /// @param frozenShare Part of each exposed exit that open disputes keep from leaving.
    struct Pool {
        uint256 stake;
        uint256 shares;
        Bps cut;
        Bps nextCut;
        uint256 nextCutAt;
        uint256 generation;
        Bps frozenShare;
    }

    /// @notice Delegated stake that leaves a pool.
    /// @param shares The delegator's shares of that day's exits.
    /// @param paid Of them, paid out already while a dispute kept the rest.
    /// @param worth What is left of them is worth now, in wei of OCTO.
    /// @param withdrawable What of it can be withdrawn now, in wei of OCTO.
    struct Leaving {
        uint256 shares;
        uint256 paid;
        uint256 worth;
        uint256 withdrawable;
    }

    /// @notice Stake was delegated.
    /// @param delegator Who delegated.
    /// @param provider To whom.
    /// @param role In which role.
    /// @param amount In wei of OCTO.
    /// @param shares Received for it.
    event Delegated(
        address indexed delegator,
        address indexed provider,
        RoleId indexed role,
        uint256 amount,
        uint256 shares
    );

    /// @notice Delegated stake was asked back.
    /// @param delegator Who asks.
    /// @param provider From whom.
    /// @param role In which role.
    /// @param shares Given up.
    /// @param amount What they were worth, in wei of OCTO.
    /// @param day The day on which it is free: withdraw from `day * 1 days` on.
    event Undelegated(
        address indexed delegator,
        address indexed provider,
        RoleId indexed role,
        uint256 shares,
        uint256 amount,
        uint256 day
    );

    /// @notice Delegated stake was paid back.
    /// @param delegator Whose.
    /// @param provider From whom.
    /// @param role In which role.
    /// @param day The day of the exit.
    /// @param to Who received it.
    /// @param amount In wei of OCTO.
    event DelegationWithdrawn(
        address indexed delegator,
        address indexed provider,
        RoleId indexed role,
        uint256 day,
        address to,
        uint256 amount
    );

    /// @notice Delegators of a position earned their cut of a settlement.
    /// @param provider The provider.
    /// @param role The role.
    /// @param amount In wei of OCTO.
    event RewardsAccrued(address indexed provider, RoleId indexed role, uint256 amount);

    /// @notice A delegator took out what it had earned.
    /// @param delegator Whose.
    /// @param provider With whom.
    /// @param role In which role.
    /// @param to Who received it.
    /// @param amount In wei of OCTO.
    event RewardsClaimed(
        address indexed delegator,
        address indexed provider,
        RoleId indexed role,
        address to,
        uint256 amount
    );

    /// @notice A provider set its delegators' cut.
    /// @param provider The provider.
    /// @param role The role.
    /// @param previous The cut so far.
    /// @param cut The new cut.
    /// @param from From when it holds, Unix seconds.
    event CutSet(address indexed provider, RoleId indexed role, Bps previous, Bps cut, uint256 from);

    /// @notice Delegated stake was slashed.
    /// @param provider The provider.
    /// @param role The role.
    /// @param amount In wei of OCTO.
    event DelegationSlashed(address indexed provider, RoleId indexed role, uint256 amount);

    /// @notice A dispute froze a part of the exits of a pool.
    /// @param dispute The dispute.
    /// @param provider The provider.
    /// @param role The role.
    /// @param share Of each exit asked for since the day of the offence.
    event DelegationFrozen(bytes32 indexed dispute, address indexed provider, RoleId indexed role, Bps share);

    /// @notice What a dispute had frozen is free again.
    /// @param dispute The dispute.
    event DelegationThawed(bytes32 indexed dispute);

    /// @notice Less than the smallest delegation.
    /// @param amount What was asked for, or would be left, in wei.
    /// @param minimum The least, in wei.
    error DelegationPoolsTooLittle(uint256 amount, uint256 minimum);

    /// @notice A pool holds at most five times the provider's own OCTO bond.
    /// @param provider The provider.
    /// @param role The role.
    /// @param stake What would be delegated, in wei.
    /// @param limit The most there may be, in wei.
    error DelegationPoolsFull(address provider, RoleId role, uint256 stake, uint256 limit);

    /// @notice The provider takes no delegations in this role: it has not opened its pool.
    /// @param provider The provider.
    /// @param role The role.
    error DelegationPoolsClosed(address provider, RoleId role);

    /// @notice A provider cannot delegate to itself: its own stake is its bond.
    /// @param provider The provider.
    error DelegationPoolsSelfDelegation(address provider);

    /// @notice The pool has lost nearly everything: it takes stake again once the last delegator has left.
    /// @param provider The provider.
    /// @param role The role.
    error DelegationPoolsDepleted(address provider, RoleId role);

    /// @notice The amount buys fewer shares than were asked for: a slash, or another price, came between.
    /// @param shares What it buys.
    /// @param minShares What was asked for.
    error DelegationPoolsTooFewShares(uint256 shares, uint256 minShares);

    /// @notice The shares are worth less than was asked for.
    /// @param amount What they are worth, in wei of OCTO.
    /// @param minAmount What was asked for, in wei of OCTO.
    error DelegationPoolsAmountTooSmall(uint256 amount, uint256 minAmount);

    /// @notice The delegator has fewer shares.
    /// @param shares What it has.
    /// @param requested What it gave up.
    error DelegationPoolsSharesTooFew(uint256 shares, uint256 requested);

    /// @notice No shares were named.
    error DelegationPoolsZeroShares();

    /// @notice The delegator has nothing to withdraw for that day.
    /// @param delegator The delegator.
    /// @param provider The provider.
    /// @param role The role.
    /// @param day The day.
    error DelegationPoolsNoExit(address delegator, address provider, RoleId role, uint256 day);

    /// @notice The exit is not free yet.
    /// @param day The day of the exit.
    /// @param freeAt When it is free, Unix seconds.
    error DelegationPoolsExitNotFree(uint256 day, uint256 freeAt);

    /// @notice What is left of the exit waits for a dispute to be decided.
    /// @param provider The provider.
    /// @param role The role.
    /// @param day The day of the exit.
    error DelegationPoolsExitFrozen(address provider, RoleId role, uint256 day);

    /// @notice There is nothing to claim.
    /// @param delegator The delegator.
    /// @param provider The provider.
    /// @param role The role.
    error DelegationPoolsNothingToClaim(address delegator, address provider, RoleId role);

    /// @notice The cut is above the most it may be.
    /// @param cut What was asked for.
    /// @param limit The most.
    error DelegationPoolsCutTooHigh(Bps cut, Bps limit);

    /// @notice OCTO cannot go there.
    /// @param to The zero address or the pools themselves.
    error DelegationPoolsInvalidRecipient(address to);

    /// @notice Only the registry does this.
    /// @param caller Who tried.
    error DelegationPoolsCallerNotRegistry(address caller);

    /// @notice Delegates OCTO to a provider's role, out of an allowance to this contract. At least 10 OCTO each time.
    /// @param provider To whom; it must have a bond of its own in the role.
    /// @param role In which role.
    /// @param amount In wei of OCTO.
    /// @param minShares The fewest shares to accept.
    /// @return shares Received.
    function delegate(
        address provider,
        RoleId role,
        uint128 amount,
        uint256 minShares
    ) external returns (uint256 shares);

    /// @notice As {delegate}, with an ERC-2612 permit.
    /// @param provider To whom.
    /// @param role In which role.
    /// @param amount In wei of OCTO.
    /// @param minShares The fewest shares to accept.
    /// @param permit For OCTO.
    /// @return shares Received.
    function delegateWithPermit(
        address provider,
        RoleId role,
        uint128 amount,
        uint256 minShares,
        Permit calldata permit
    ) external returns (uint256 shares);

    /// @notice Asks delegated stake back: free seven days later, rounded up to a day, and fixed now.
    /// @dev It earns nothing from now on. It stays slashable for offences up to the end of the day (UTC) on which it was
    /// asked for: all exits of a pool and a day are one bucket.
    /// @param provider From whom.
    /// @param role In which role.
    /// @param shares To give up; what is left must be worth at least the smallest delegation, or nothing.
    /// @param minAmount The least they must be worth, in wei of OCTO.
    /// @return day The exit's day, for {withdraw}.
    function undelegate(
        address provider,
        RoleId role,
        uint256 shares,
        uint256 minAmount
    ) external returns (uint256 day);

    /// @notice Pays out what was undelegated for `day`. While a dispute keeps a part, the rest.
    /// @param provider From whom.
    /// @param role In which role.
    /// @param day The exit's day.
    /// @param to Who receives it.
    /// @return amount In wei of OCTO.
    function withdraw(address provider, RoleId role, uint256 day, address to) external returns (uint256 amount);

    /// @notice Pays out what the caller's stake has earned.
    /// @dev Apart from the principal, so that neither can block the other. Paid out of the pools' credit in the vault.
    /// @param provider With whom.
    /// @param role In which role.
    /// @param to Who receives it.
    /// @return amount In wei of OCTO.
    function claim(address provider, RoleId role, address to) external returns (uint256 amount);

    /// @notice Opens the caller's pool with a cut of 10 %. Delegated stake shares the provider's pay and raises what its
    /// offences cost, so nobody is delegated to who did not open. Nothing happens if it is open.
    /// @param role The role.
    function openPool(RoleId role) external;

    /// @notice Opens the caller's pool, or sets its delegators' cut: at most 30 %. A rise holds now, and so does a fall while
    /// nobody delegates; else a fall holds after 7 days, rounded up to a day.
    /// @param role The role.
    /// @param cut Of the provider's pay, before it is split by stake.
    function setCut(RoleId role, Bps cut) external;

    /// @notice Books the delegators' cut of a settlement: pay x cut x delegated stake / (own + delegated stake).
    /// @dev Only the registry; the vault credits as much to this contract in the same call. Rounded down.
    /// @param provider The provider.
    /// @param role The role.
    /// @param pay What the provider is paid, in wei of OCTO.
    /// @param ownBond Its own OCTO bond, in wei.
    /// @return amount The cut, in wei of OCTO.
    function accrue(address provider, RoleId role, uint256 pay, uint256 ownBond) external returns (uint256 amount);

    /// @notice Takes delegated stake for a slash, pro rata from the pool and from the exits exposed to the offence, and sends
    /// it to the registry. Takes what is there and never reverts for the lack of it.
    /// @dev Only the registry.
    /// @param provider The provider.
    /// @param role The role.
    /// @param amount To take, in wei of OCTO.
    /// @param offenceAt When it happened, Unix seconds.
    /// @return taken In wei of OCTO.
    function slash(address provider, RoleId role, uint256 amount, uint256 offenceAt) external returns (uint256 taken);

    /// @notice Freezes, for a dispute, the same part of every exit exposed to the offence, so that `amount` of the exposed
    /// stake stays.
    /// @dev Only the registry. Exits asked for while the dispute is open are frozen alike.
    /// @param dispute The dispute.
    /// @param provider The provider.
    /// @param role The role.
    /// @param amount To keep, in wei of OCTO.
    /// @param offenceAt When it happened, Unix seconds.
    function freeze(bytes32 dispute, address provider, RoleId role, uint256 amount, uint256 offenceAt) external;

    /// @notice Ends a dispute's freeze. Nothing happens for a dispute that froze nothing.
    /// @dev Only the registry.
    /// @param dispute The dispute.
    function thaw(bytes32 dispute) external;

    /// @notice A pool.
    /// @param provider The provider.
    /// @param role The role.
    /// @return The pool.
    function poolOf(address provider, RoleId role) external view returns (Pool memory);

    /// @notice A delegator's stake.
    /// @param delegator The delegator.
    /// @param provider The provider.
    /// @param role The role.
    /// @return shares Its shares.
    /// @return amount What they are worth, in wei of OCTO.
    function delegationOf(
        address delegator,
        address provider,
        RoleId role
    ) external view returns (uint256 shares, uint256 amount);

    /// @notice What of a delegator's stake leaves on a day.
    /// @param delegator The delegator.
    /// @param provider The provider.
    /// @param role The role.
    /// @param day The day.
    /// @return What leaves.
    function exitOf(
        address delegator,
        address provider,
        RoleId role,
        uint256 day
    ) external view returns (Leaving memory);

    /// @notice What a delegator can claim.
    /// @param delegator The delegator.
    /// @param provider The provider.
    /// @param role The role.
    /// @return In wei of OCTO.
    function claimable(address delegator, address provider, RoleId role) external view returns (uint256);

    /// @notice Delegated stake that an offence can reach: the pool, and the exits that were asked for on its day or later and
    /// are not free yet.
    /// @param provider The provider.
    /// @param role The role.
    /// @param offenceAt When it happened, Unix seconds.
    /// @return In wei of OCTO.
    function exposureOf(address provider, RoleId role, uint256 offenceAt) external view returns (uint256);
}
