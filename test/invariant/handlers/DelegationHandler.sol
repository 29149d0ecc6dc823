// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {ISettlement} from "../../../contracts/economy/interfaces/ISettlement.sol";
import {IDelegationPools} from "../../../contracts/registry/interfaces/IDelegationPools.sol";
import {Bps} from "../../../contracts/shared/Bps.sol";
import {RoleId} from "../../../contracts/shared/RoleId.sol";
import {ScheduleId} from "../../../contracts/shared/ScheduleId.sol";
import {atMost, bound, equal, holds, VM} from "../../support/Vm.sol";
import {ProviderHandler} from "./ProviderHandler.sol";
import {VaultHandler} from "./VaultHandler.sol";

/// @title Delegated stake: in, out, its earnings
/// @dev Around each of them: what the others have is worth no less after it (D-5, I-05).
abstract contract DelegationHandler is ProviderHandler, VaultHandler {
    uint256[] private _before;
    mapping(address provider => mapping(RoleId role => bool)) internal poolIsOpen;

    /// @dev A pool takes at most five times its provider's own bond; every third delegation finds that out.
    function delegate(uint256 seed) external counted {
        _delegate(seed);
    }

    function undelegate(uint256 seed) external counted {
        (uint256 pool, address delegator) = _withShares(seed);
        _undelegate(pool, delegator, seed);
    }

    function withdrawDelegation(uint256 seed) external counted {
        PoolExit memory leaving = _aPoolExit(seed);
        jumpTo(leaving.day * 1 days);
        _withdrawDelegation(leaving, pick(actors, seed >> 8));
    }

    function claim(uint256 seed) external counted {
        (uint256 pool, address delegator) = _withEarnings(seed);
        _claim(pool, delegator, pick(actors, seed >> 16));
    }

    /// @dev A rise holds at once, a fall a week later.
    function setCut(uint256 seed) external counted {
        (address provider, RoleId role) = aPosition(seed);
        Bps cut = Bps.wrap(uint16(bound(seed >> 16, 0, 30_00)));
        Bps previous = suite.pools.poolOf(provider, role).cut;
        VM.prank(provider);
        suite.pools.setCut(role, cut);
        poolIsOpen[provider][role] = true;

        IDelegationPools.Pool memory pool = suite.pools.poolOf(provider, role);
        // Nobody has to be warned of a fall in a pool without stake.
        bool falls = cut.toUint() < previous.toUint() && suite.pools.poolOf(provider, role).shares != 0;
        equal(pool.cut.toUint(), falls ? previous.toUint() : cut.toUint(), "D-3: the cut that holds");
        if (!falls) return;
        equal(pool.nextCut.toUint(), cut.toUint(), "D-3: the announced cut");
        atMost(block.timestamp + 7 days, pool.nextCutAt, "D-3: a cut fell without a week's notice");
    }

    // Inside

    function _delegate(uint256 seed) private returns (uint256 index, address delegator) {
        (address provider, RoleId role) = (worker(seed), roleFrom(seed >> 8));
        index = notePool(provider, role);
        delegator = pick(delegators, seed >> 16);
        if (delegator == provider) delegator = stranger;
        uint256 amount = bound(seed >> 24, 10e18, (seed >> 20) % 2 == 0 ? 30e18 : 50_000e18);
        _open(provider, role, delegator, amount);
        if (_refusedIfDepleted(pools[index], delegator, amount)) return (index, delegator);
        _makeRoomFor(pools[index], delegator, amount);
        supply(delegator, amount);

        uint256 stake = suite.pools.poolOf(provider, role).stake;
        (, uint256 had) = suite.pools.delegationOf(delegator, provider, role);
        _look(pools[index]);
        VM.prank(delegator);
        suite.pools.delegate(provider, role, uint128(amount), 0);
        _untouched(pools[index], delegator);
        equal(suite.pools.poolOf(provider, role).stake, stake + amount, "D-1: stake came in");
        (, uint256 has) = suite.pools.delegationOf(delegator, provider, role);
        atMost(has, had + amount, "D-5: delegating made somebody richer");
    }

    /// @dev Nobody is delegated to who did not open its pool.
    function _open(address provider, RoleId role, address delegator, uint256 amount) private {
        if (poolIsOpen[provider][role]) return;
        refused(
            delegator,
            address(suite.pools),
            abi.encodeCall(IDelegationPools.delegate, (provider, role, uint128(amount), 0)),
            IDelegationPools.DelegationPoolsClosed.selector,
            "D-1: a closed pool took stake"
        );
        VM.prank(provider);
        suite.pools.openPool(role);
        poolIsOpen[provider][role] = true;
    }

    function _undelegate(uint256 index, address delegator, uint256 seed) private {
        Pool memory key = pools[index];
        (uint256 shares, uint256 worth) = suite.pools.delegationOf(delegator, key.provider, key.role);
        uint256 part = seed % 2 == 0 ? shares : bound(seed >> 24, 1, shares);
        // What is kept is worth 10 OCTO and a wei, or nothing.
        if (part < shares && ((shares - part) * worth) / shares < 11e18) part = shares;
        uint256 stake = suite.pools.poolOf(key.provider, key.role).stake;

        _look(key);
        VM.prank(delegator);
        uint256 day = suite.pools.undelegate(key.provider, key.role, part, 0);
        _untouched(key, delegator);
        atMost(block.timestamp + 7 days, day * 1 days, "D-6: no earlier than 7 days");
        atMost(day * 1 days, block.timestamp + 8 days, "D-6: no later than 8 days");
        uint256 left = suite.pools.poolOf(key.provider, key.role).stake;
        atMost(stake - left, worth, "D-5: more left a pool than the shares were worth");
        notePoolExit(delegator, key.provider, key.role, day);
        refused(
            delegator,
            address(suite.pools),
            abi.encodeCall(IDelegationPools.withdraw, (key.provider, key.role, day, delegator)),
            suite.pools.exitOf(delegator, key.provider, key.role, day).shares == 0
                ? IDelegationPools.DelegationPoolsNoExit.selector
                : IDelegationPools.DelegationPoolsExitNotFree.selector,
            "D-6: an exit was free at once"
        );
    }

    /// @dev Pays what the view said, or nothing; never a second time.
    function _withdrawDelegation(PoolExit memory leaving, address to) private {
        IDelegationPools.Leaving memory there = poolExitOf(leaving);
        if (there.withdrawable == 0) return;
        uint256 before = suite.octo.balanceOf(to);
        _look(Pool(leaving.provider, leaving.role));
        VM.prank(leaving.delegator);
        suite.pools.withdraw(leaving.provider, leaving.role, leaving.day, to);
        _untouched(Pool(leaving.provider, leaving.role), leaving.delegator);
        equal(suite.octo.balanceOf(to) - before, there.withdrawable, "D-1: an exit paid another amount");
        atMost(poolExitOf(leaving).withdrawable, 1, "D-1: an exit was paid twice");
    }

    function _claim(uint256 index, address delegator, address to) private {
        Pool memory key = pools[index];
        uint256 due = suite.pools.claimable(delegator, key.provider, key.role);
        if (due == 0) return;
        uint256 before = suite.octo.balanceOf(to);
        VM.prank(delegator);
        suite.pools.claim(key.provider, key.role, to);
        equal(suite.octo.balanceOf(to) - before, due, "D-3: claimed what was claimable");
        equal(suite.pools.claimable(delegator, key.provider, key.role), 0, "D-3: claimed twice");
        cutsClaimed += due;
        wentOut += due;
    }

    function _refusedIfDepleted(Pool memory key, address delegator, uint256 amount) private returns (bool) {
        IDelegationPools.Pool memory pool = suite.pools.poolOf(key.provider, key.role);
        if (pool.stake * 10_000 >= pool.shares) return false;
        refused(
            delegator,
            address(suite.pools),
            abi.encodeCall(IDelegationPools.delegate, (key.provider, key.role, uint128(amount), 0)),
            IDelegationPools.DelegationPoolsDepleted.selector,
            "D-2: a depleted pool took stake"
        );
        return true;
    }

    function _makeRoomFor(Pool memory key, address delegator, uint256 amount) private {
        uint256 needed = suite.pools.poolOf(key.provider, key.role).stake + amount;
        (uint256 own, ) = suite.registry.bondOf(key.provider, key.role);
        if (own * 5 >= needed) return;
        refused(
            delegator,
            address(suite.pools),
            abi.encodeCall(IDelegationPools.delegate, (key.provider, key.role, uint128(amount), 0)),
            IDelegationPools.DelegationPoolsFull.selector,
            "D-1: a pool took more than five times its provider's own bond"
        );
        bond(key.provider, key.role, needed / 5 + 1 - own, 0);
    }

    function _withShares(uint256 seed) private returns (uint256 index, address delegator) {
        uint256 all = pools.length * delegators.length;
        for (uint256 i = 0; i < all; ++i) {
            uint256 place = addmod(seed, i, all);
            (index, delegator) = (place / delegators.length, delegators[place % delegators.length]);
            (uint256 shares, ) = suite.pools.delegationOf(delegator, pools[index].provider, pools[index].role);
            if (shares != 0) return (index, delegator);
        }
        for (uint256 i = 0; i < 20; ++i) {
            (index, delegator) = _delegate(uint256(keccak256(abi.encode(seed, i))));
            (uint256 shares, ) = suite.pools.delegationOf(delegator, pools[index].provider, pools[index].role);
            if (shares != 0) return (index, delegator);
        }
    }

    function _aPoolExit(uint256 seed) private returns (PoolExit memory leaving) {
        for (uint256 i = 0; i < poolExits.length; ++i) {
            leaving = poolExits[addmod(seed, i, poolExits.length)];
            if (poolExitOf(leaving).worth != 0) return leaving;
        }
        (uint256 index, address delegator) = _withShares(seed);
        _undelegate(index, delegator, seed);
        return poolExits[poolExits.length - 1];
    }

    function _withEarnings(uint256 seed) private returns (uint256 index, address delegator) {
        uint256 all = pools.length * delegators.length;
        for (uint256 i = 0; i < all; ++i) {
            uint256 place = addmod(seed, i, all);
            (index, delegator) = (place / delegators.length, delegators[place % delegators.length]);
            if (suite.pools.claimable(delegator, pools[index].provider, pools[index].role) != 0) {
                return (index, delegator);
            }
        }
        (index, delegator) = _withShares(seed);
        settleFor(pools[index].provider, pools[index].role, 1_000e18 + smallestRecorded);
    }

    function _look(Pool memory key) private {
        delete _before;
        for (uint256 i = 0; i < delegators.length; ++i) {
            _before.push(_allOf(delegators[i], key));
        }
        equal(poolIndexOf(key) >= lastIndex[key.provider][key.role] ? 1 : 0, 1, "I-12: an index fell");
        lastIndex[key.provider][key.role] = poolIndexOf(key);
    }

    /// @dev A wei may change places when what is rounded down is added up.
    function _untouched(Pool memory key, address actor) private view {
        for (uint256 i = 0; i < delegators.length; ++i) {
            if (delegators[i] == actor) continue;
            atMost(_before[i], _allOf(delegators[i], key), "D-5: somebody lost by what another did");
        }
    }

    function _allOf(address delegator, Pool memory key) private view returns (uint256 all) {
        (, all) = suite.pools.delegationOf(delegator, key.provider, key.role);
        all += suite.pools.claimable(delegator, key.provider, key.role);
        for (uint256 i = 0; i < poolExits.length; ++i) {
            PoolExit memory leaving = poolExits[i];
            if (leaving.delegator != delegator || leaving.provider != key.provider) continue;
            if (RoleId.unwrap(leaving.role) == RoleId.unwrap(key.role)) all += poolExitOf(leaving).worth;
        }
    }
}
