// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ISettlement} from "../economy/interfaces/ISettlement.sol";
import {Bps, MAX_BPS} from "../shared/Bps.sol";
import {Permit} from "../shared/Permit.sol";
import {RoleId} from "../shared/RoleId.sol";
import {IOctoToken} from "../tokens/interfaces/IOctoToken.sol";
import {IDelegationPools} from "./interfaces/IDelegationPools.sol";
import {IProviderRegistry} from "./interfaces/IProviderRegistry.sol";
import {PoolCut} from "./libraries/PoolCut.sol";
import {PoolExits} from "./libraries/PoolExits.sol";
import {PoolRewards} from "./libraries/PoolRewards.sol";
import {PoolShares} from "./libraries/PoolShares.sol";
import {Delegation, DelegationFreeze, DelegationPool, ExitRow} from "./types/DelegationPool.sol";

/// @title Delegation pools
/// @dev Invariant D-1: OCTO held here is at least the sum of all pools' stake and of all exits; equal when nobody donates.
/// @dev Invariant D-2: the shares of a pool are those of the delegators of its generation; no shares without stake, and no
/// stake without shares.
/// @dev Invariant D-3: all that was claimed and can be claimed of a pool is at most what it accrued, and the credit of this
/// contract in the vault covers all that can be claimed.
/// @dev Invariant D-4: a slash takes from the pool and its exposed exits exactly what it returns, and never more than asked.
/// @dev Invariant D-5: what a delegator's shares are worth never falls by what others do, but by a slash alone.
/// @dev Invariant D-6: an exit is free no later than 8 days after it was asked for; of what disputes keep of it, 60 more.
///
/// No administrator, no pause, no upgrade. A pool's row costs the same whoever is in it: nothing here loops over
/// delegators or exits. OCTO, the vault and the registry are our own and call nobody back, so their calls stand bare.
/// What is deliberately not checked: whether the provider is active. Its bond bounds the pool when stake comes in; when the
/// bond falls later the stake stays, and so do all ways out.
contract DelegationPools is IDelegationPools {
    using PoolCut for DelegationPool;
    using PoolExits for DelegationPool;
    using PoolRewards for DelegationPool;
    using PoolShares for DelegationPool;

    uint256 private constant MIN_DELEGATION = 10e18;
    uint256 private constant MAX_TIMES_OWN_BOND = 5;
    uint16 private constant MAX_CUT = 30_00;

    IOctoToken private immutable OCTO;
    IProviderRegistry private immutable REGISTRY;
    ISettlement private immutable SETTLEMENT;

    mapping(address provider => mapping(RoleId role => DelegationPool pool)) private _pools;
    mapping(bytes32 dispute => DelegationFreeze freeze) private _freezes;

    modifier onlyRegistry() {
        require(msg.sender == address(REGISTRY), DelegationPoolsCallerNotRegistry(msg.sender));
        _;
    }

    /// @param octo The OCTO token.
    /// @param registry The provider registry: who alone accrues, slashes and freezes.
    /// @param settlement The vault, where rewards lie until they are claimed.
    constructor(IOctoToken octo, IProviderRegistry registry, ISettlement settlement) {
        OCTO = octo;
        REGISTRY = registry;
        SETTLEMENT = settlement;
    }

    /// @inheritdoc IDelegationPools
    function delegate(
        address provider,
        RoleId role,
        uint128 amount,
        uint256 minShares
    ) external returns (uint256 shares) {
        return _delegate(provider, role, amount, minShares);
    }

    /// @inheritdoc IDelegationPools
    function delegateWithPermit(
        address provider,
        RoleId role,
        uint128 amount,
        uint256 minShares,
        Permit calldata permit
    ) external returns (uint256 shares) {
        permit.tryUse(OCTO, msg.sender);

        return _delegate(provider, role, amount, minShares);
    }

    /// @inheritdoc IDelegationPools
    function undelegate(
        address provider,
        RoleId role,
        uint256 shares,
        uint256 minAmount
    ) external returns (uint256 day) {
        require(shares != 0, DelegationPoolsZeroShares());
        DelegationPool storage pool = _pools[provider][role];
        Delegation memory delegation = pool.settle(msg.sender);
        require(shares <= delegation.shares, DelegationPoolsSharesTooFew(delegation.shares, shares));
        uint256 amount = pool.worth(shares);
        require(amount >= minAmount, DelegationPoolsAmountTooSmall(amount, minAmount));

        delegation.shares -= uint112(shares); // at most itself
        pool.delegations[msg.sender] = delegation;
        pool.burnShares(amount, shares);
        _requireEnough(pool, delegation);
        day = PoolExits.dayOfExit(block.timestamp);
        pool.add(day, msg.sender, amount);
        emit Undelegated(msg.sender, provider, role, shares, amount, day);

        if (pool.shares == 0) REGISTRY.noteDelegation(provider, role, false);
    }

    /// @inheritdoc IDelegationPools
    function withdraw(address provider, RoleId role, uint256 day, address to) external returns (uint256 amount) {
        DelegationPool storage pool = _pools[provider][role];
        ExitRow memory row = pool.exitRows[day][msg.sender];
        require(row.shares != 0, DelegationPoolsNoExit(msg.sender, provider, role, day));
        require(block.timestamp >= day * 1 days, DelegationPoolsExitNotFree(day, day * 1 days));
        _requireRecipient(to);
        uint256 shares = pool.freeShares(day, row);
        require(shares != 0, DelegationPoolsExitFrozen(provider, role, day));

        amount = pool.pay(day, msg.sender, shares);
        require(amount != 0, DelegationPoolsNoExit(msg.sender, provider, role, day));
        emit DelegationWithdrawn(msg.sender, provider, role, day, to, amount);

        OCTO.transfer(to, amount);
    }

    /// @inheritdoc IDelegationPools
    function claim(address provider, RoleId role, address to) external returns (uint256 amount) {
        _requireRecipient(to);

        amount = _pools[provider][role].collect(msg.sender);
        require(amount != 0, DelegationPoolsNothingToClaim(msg.sender, provider, role));
        emit RewardsClaimed(msg.sender, provider, role, to, amount);

        SETTLEMENT.withdraw(to, uint128(amount)); // at most all that was credited
    }

    /// @inheritdoc IDelegationPools
    function openPool(RoleId role) external {
        if (!_pools[msg.sender][role].isOpen()) setCut(role, Bps.wrap(PoolCut.DEFAULT_CUT));
    }

    /// @inheritdoc IDelegationPools
    function setCut(RoleId role, Bps cut) public {
        require(cut.toUint() <= MAX_CUT, DelegationPoolsCutTooHigh(cut, Bps.wrap(MAX_CUT)));
        DelegationPool storage pool = _pools[msg.sender][role];
        Bps previous = pool.cut();

        // Nobody has to be warned of a fall in a pool without stake.
        if (cut.toUint() >= previous.toUint() || pool.shares == 0) {
            pool.set(cut);
            emit CutSet(msg.sender, role, previous, cut, block.timestamp);
        } else {
            uint256 day = PoolExits.dayOfExit(block.timestamp);
            pool.announce(cut, day);
            emit CutSet(msg.sender, role, previous, cut, day * 1 days);
        }
    }

    /// @inheritdoc IDelegationPools
    function accrue(
        address provider,
        RoleId role,
        uint256 pay,
        uint256 ownBond
    ) external onlyRegistry returns (uint256 amount) {
        DelegationPool storage pool = _pools[provider][role];
        uint256 stake = pool.stake;
        if (stake == 0) return 0;

        // Pay, cut and stake are below 2^128, 2^12 and 2^96. Rounded down: in favour of the provider.
        amount = (pay * pool.cut().toUint() * stake) / (MAX_BPS * (ownBond + stake));
        if (amount == 0) return 0;
        pool.accrue(amount);
        emit RewardsAccrued(provider, role, amount);
    }

    /// @inheritdoc IDelegationPools
    function slash(
        address provider,
        RoleId role,
        uint256 amount,
        uint256 offenceAt
    ) external onlyRegistry returns (uint256 taken) {
        DelegationPool storage pool = _pools[provider][role];
        uint256 first = pool.firstExposedDay(offenceAt);
        uint256 exposed = pool.stake + pool.tokensFrom(first);
        uint256 wanted = Math.min(amount, exposed);
        if (wanted == 0) return 0;

        uint256 fromExits = pool.slash(first, wanted, exposed);
        uint256 fromStake = Math.min(wanted - fromExits, pool.stake);
        pool.lose(fromStake);
        taken = fromExits + fromStake;
        emit DelegationSlashed(provider, role, taken);

        // The registry is amid its own slash and is told nothing: an empty pool accrues nothing.
        OCTO.transfer(address(REGISTRY), taken);
    }

    /// @inheritdoc IDelegationPools
    function freeze(
        bytes32 dispute,
        address provider,
        RoleId role,
        uint256 amount,
        uint256 offenceAt
    ) external onlyRegistry {
        DelegationPool storage pool = _pools[provider][role];
        uint256 first = pool.firstExposedDay(offenceAt);
        uint256 exposed = pool.stake + pool.tokensFrom(first);
        uint256 kept = Math.min(amount, exposed);
        if (kept == 0 || _freezes[dispute].provider != address(0)) return;

        uint16 share = uint16(Math.ceilDiv(kept * MAX_BPS, exposed)); // at most MAX_BPS; up: in favour of the dispute
        pool.frozenFrom = uint16(pool.frozen == 0 ? first : Math.min(first, pool.frozenFrom)); // until the year 2149
        pool.frozen += share; // for 400,000 disputes at once
        _freezes[dispute] = DelegationFreeze({provider: provider, role: role, share: share});
        emit DelegationFrozen(dispute, provider, role, Bps.wrap(share));
    }

    /// @inheritdoc IDelegationPools
    function thaw(bytes32 dispute) external onlyRegistry {
        DelegationFreeze memory kept = _freezes[dispute];
        if (kept.provider == address(0)) return;

        delete _freezes[dispute];
        DelegationPool storage pool = _pools[kept.provider][kept.role];
        pool.frozen -= kept.share;
        if (pool.frozen == 0) pool.frozenFrom = 0;
        emit DelegationThawed(dispute);
    }

    /// @inheritdoc IDelegationPools
    function poolOf(address provider, RoleId role) external view returns (Pool memory) {
        DelegationPool storage pool = _pools[provider][role];
        (Bps nextCut, uint256 nextCutAt) = pool.next();
        return
            Pool({
                stake: pool.stake,
                shares: pool.shares,
                cut: pool.cut(),
                nextCut: nextCut,
                nextCutAt: nextCutAt,
                generation: pool.generation,
                frozenShare: Bps.wrap(uint16(Math.min(pool.frozen, MAX_BPS)))
            });
    }

    /// @inheritdoc IDelegationPools
    function delegationOf(
        address delegator,
        address provider,
        RoleId role
    ) external view returns (uint256 shares, uint256 amount) {
        DelegationPool storage pool = _pools[provider][role];
        shares = pool.sharesOf(pool.delegations[delegator]);
        return (shares, pool.worth(shares));
    }

    /// @inheritdoc IDelegationPools
    function exitOf(
        address delegator,
        address provider,
        RoleId role,
        uint256 day
    ) external view returns (Leaving memory) {
        DelegationPool storage pool = _pools[provider][role];
        ExitRow memory row = pool.exitRows[day][delegator];
        if (row.shares == 0) return Leaving({shares: 0, paid: 0, worth: 0, withdrawable: 0});

        uint256 free = block.timestamp < day * 1 days ? 0 : pool.freeShares(day, row);
        return
            Leaving({
                shares: row.shares,
                paid: row.paid,
                worth: PoolExits.worth(pool.bucketOf(day, row), row.shares - row.paid),
                withdrawable: PoolExits.worth(pool.bucketOf(day, row), free)
            });
    }

    /// @inheritdoc IDelegationPools
    function claimable(address delegator, address provider, RoleId role) external view returns (uint256) {
        return _pools[provider][role].claimable(delegator);
    }

    /// @inheritdoc IDelegationPools
    function exposureOf(address provider, RoleId role, uint256 offenceAt) external view returns (uint256) {
        DelegationPool storage pool = _pools[provider][role];
        return pool.stake + pool.tokensFrom(pool.firstExposedDay(offenceAt));
    }

    function _delegate(
        address provider,
        RoleId role,
        uint256 amount,
        uint256 minShares
    ) private returns (uint256 shares) {
        require(amount >= MIN_DELEGATION, DelegationPoolsTooLittle(amount, MIN_DELEGATION));
        require(provider != msg.sender, DelegationPoolsSelfDelegation(provider));
        DelegationPool storage pool = _pools[provider][role];
        require(pool.isOpen(), DelegationPoolsClosed(provider, role));
        require(!pool.isDepleted(), DelegationPoolsDepleted(provider, role));
        uint256 limit = MAX_TIMES_OWN_BOND * REGISTRY.noteDelegation(provider, role, true);
        require(pool.stake + amount <= limit, DelegationPoolsFull(provider, role, pool.stake + amount, limit));
        shares = pool.bought(amount);
        require(shares >= minShares, DelegationPoolsTooFewShares(shares, minShares));

        Delegation memory delegation = pool.settle(msg.sender);
        delegation.shares += uint112(shares); // at most those of the pool
        pool.delegations[msg.sender] = delegation;
        pool.mintShares(amount, shares);
        emit Delegated(msg.sender, provider, role, amount, shares);

        OCTO.transferFrom(msg.sender, address(this), amount);
    }

    /// @dev What a delegator keeps in the pool is nothing or worth the smallest delegation, so that there is no dust.
    function _requireEnough(DelegationPool storage pool, Delegation memory delegation) private view {
        if (delegation.shares == 0) return;

        uint256 left = pool.worth(pool.sharesOf(delegation));
        require(left >= MIN_DELEGATION, DelegationPoolsTooLittle(left, MIN_DELEGATION));
    }

    function _requireRecipient(address to) private view {
        require(to != address(0) && to != address(this), DelegationPoolsInvalidRecipient(to));
    }
}
