// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {IDelegationPools} from "../../contracts/registry/interfaces/IDelegationPools.sol";
import {IProviderLens} from "../../contracts/registry/interfaces/IProviderLens.sol";
import {IProviderRegistry} from "../../contracts/registry/interfaces/IProviderRegistry.sol";
import {ISlashingDesk} from "../../contracts/registry/interfaces/ISlashingDesk.sol";
import {Lane} from "../../contracts/registry/types/Offences.sol";
import {RoleId} from "../../contracts/shared/RoleId.sol";
import {Roles} from "../../contracts/shared/Roles.sol";
import {Suite, roleTokenOf, sameRole} from "../support/SuiteFixture.sol";
import {atMost, equal, holds} from "../support/Vm.sol";
import {EconomyHandler} from "./handlers/EconomyHandler.sol";
import {Ghost} from "./handlers/Ghost.sol";
import {PoolBooks} from "./handlers/PoolBooks.sol";

/// @title The laws of stake
/// @dev R registry, D delegation pools, S slashing desk, V-6 value in flight; I and P as docs/security.md lists them. What
/// concerns a single step (I-05, I-06, I-08, P-1, P-2, S-4, D-4 to D-6) is compared around that step, in its handler.
abstract contract RegistryLaws {
    Suite internal suite;
    EconomyHandler internal ghost;
    RoleId[] internal bondedRoles = [Roles.COMPUTE, Roles.DEVELOPER, Roles.ORCHESTRATOR];

    function checkRegistryMoney() public view {
        law_R1_I01_theRegistryHoldsBondsAndExits();
        law_R2_I11_exitsAreFreeInAWeekAndNeverMove();
        law_R6_I10_whatIsFrozenIsWhatOpenDisputesFroze();
        law_D1_I01_thePoolsHoldStakeAndExits();
        law_D2_I02_I04_sharesAreTheirOwners();
        law_D3_theCreditOfThePoolsCoversWhatCanBeClaimed();
        law_S1_I07_nobodyTakesMoreThanItsBudget();
    }

    function checkRegistryRecords() public view {
        law_D2_exitSharesAreTheirOwners();
        law_R3_R4_positionsAreAsBooked();
        law_S2_authorityIsAsGiven();
        law_S3_disputesEnd();
    }

    function law_R1_I01_theRegistryHoldsBondsAndExits() public view {
        (uint256 octo, uint256[] memory roleTokens) = _bondsAndExits();
        octo += ghost.octoDonatedTo(address(suite.registry));
        equal(octoIn(address(suite.registry)), octo, "R-1: OCTO = bonds + exits + frozen + to burn + donated");
        for (uint256 i = 0; i < bondedRoles.length; ++i) {
            equal(
                roleTokenOf(suite, bondedRoles[i]).balanceOf(address(suite.registry)),
                roleTokens[i] + ghost.roleTokensDonated(bondedRoles[i]),
                "R-1: role tokens = bonds + exits + frozen + to burn + donated"
            );
        }
    }

    function law_R2_I11_exitsAreFreeInAWeekAndNeverMove() public view {
        Ghost.Exit[] memory exits = ghost.everyExit();
        for (uint256 i = 0; i < exits.length; ++i) {
            Ghost.Exit memory leaving = exits[i];
            IProviderRegistry.Exit memory there = suite.registry.exitOf(leaving.account, leaving.role, leaving.day);
            if (there.octo == 0 && there.roleTokens == 0) continue;
            if (leaving.day * 1 days <= block.timestamp) continue;
            // What a dispute gives back may bring an earlier time with it.
            atMost(there.askedAt, leaving.askedAt, "R-2: when an exit was asked for");
        }
    }

    function law_R3_R4_positionsAreAsBooked() public view {
        address[] memory actors = ghost.everybody();
        for (uint256 i = 0; i < actors.length; ++i) {
            for (uint256 j = 0; j < bondedRoles.length; ++j) {
                _checkPosition(actors[i], bondedRoles[j]);
            }
        }
    }

    function law_R6_I10_whatIsFrozenIsWhatOpenDisputesFroze() public view {
        Ghost.Dispute[] memory disputes = ghost.everyDispute();
        for (uint256 i = 0; i < disputes.length; ++i) {
            (uint256 octo, uint256 roleTokens) = (0, 0);
            for (uint256 j = 0; j < disputes.length; ++j) {
                if (disputes[j].provider != disputes[i].provider || !sameRole(disputes[j].role, disputes[i].role))
                    continue;
                IProviderRegistry.Frozen memory frozen = suite.registry.frozenBy(disputes[j].key);
                (octo, roleTokens) = (octo + frozen.octoFromBond, roleTokens + frozen.roleFromBond);
            }
            (uint256 sum, uint256 roleSum) = suite.registry.frozenBondOf(disputes[i].provider, disputes[i].role);
            equal(sum, octo, "R-6: frozen in the bond = frozen by open disputes");
            equal(roleSum, roleTokens, "R-6: frozen in the bond = frozen by open disputes");
        }
    }

    // The pools

    function law_D1_I01_thePoolsHoldStakeAndExits() public view {
        Ghost.Pool[] memory pools = ghost.everyPool();
        uint256 sum = ghost.octoDonatedTo(address(suite.pools));
        for (uint256 i = 0; i < pools.length; ++i) {
            sum += suite.pools.poolOf(pools[i].provider, pools[i].role).stake;
            (uint256 leaving, ) = _exitsOf(pools[i]);
            sum += leaving;
        }
        equal(octoIn(address(suite.pools)), sum, "D-1: OCTO = stake + exits + donated");
    }

    function law_D2_I02_I04_sharesAreTheirOwners() public view {
        Ghost.Pool[] memory pools = ghost.everyPool();
        address[] memory delegators = ghost.everyDelegator();
        for (uint256 i = 0; i < pools.length; ++i) {
            IDelegationPools.Pool memory pool = suite.pools.poolOf(pools[i].provider, pools[i].role);
            uint256 shares;
            for (uint256 j = 0; j < delegators.length; ++j) {
                (uint256 some, ) = suite.pools.delegationOf(delegators[j], pools[i].provider, pools[i].role);
                shares += some;
            }
            equal(pool.shares, shares, "D-2: shares = shares of the delegators");
            holds((pool.stake == 0) == (pool.shares == 0), "I-04: shares without stake, or stake without shares");
            atMost(pool.stake, pool.shares, "D-2: a price above 1");
        }
    }

    /// @dev All that can be claimed and was is at most what accrued, and lies in the vault (I-12).
    function law_D3_theCreditOfThePoolsCoversWhatCanBeClaimed() public view {
        Ghost.Pool[] memory pools = ghost.everyPool();
        address[] memory delegators = ghost.everyDelegator();
        uint256 claimable;
        for (uint256 i = 0; i < pools.length; ++i) {
            for (uint256 j = 0; j < delegators.length; ++j) {
                claimable += suite.pools.claimable(delegators[j], pools[i].provider, pools[i].role);
            }
        }
        atMost(claimable, suite.settlement.creditOf(address(suite.pools)), "D-3: claimable <= credit of the pools");
    }

    /// @dev Everybody's shares of each day's exits are all there are.
    function law_D2_exitSharesAreTheirOwners() public view {
        Ghost.PoolExit[] memory exits = ghost.everyPoolExit();
        Ghost.Pool[] memory pools = ghost.everyPool();
        for (uint256 i = 0; i < pools.length; ++i) {
            uint256 shares;
            for (uint256 j = 0; j < exits.length; ++j) {
                if (exits[j].provider != pools[i].provider || !sameRole(exits[j].role, pools[i].role)) continue;
                IDelegationPools.Leaving memory there = suite.pools.exitOf(
                    exits[j].delegator,
                    exits[j].provider,
                    exits[j].role,
                    exits[j].day
                );
                shares += there.shares - there.paid;
            }
            (, uint256 all) = _exitsOf(pools[i]);
            equal(all, shares, "D-2: shares of exits = shares of their owners");
        }
    }

    // The slashing desk

    function law_S1_I07_nobodyTakesMoreThanItsBudget() public view {
        _checkBudget(suite.judge, Lane.Octo);
        _checkBudget(suite.judge, Lane.RoleTokens);
        _checkBudget(address(suite.desk), Lane.Octo);
        _checkBudget(address(suite.desk), Lane.RoleTokens);
        uint256 week = block.timestamp / 1 weeks;
        atMost(ghost.spentIn(suite.judge, Lane.Octo, week), 1_000_000e18, "S-1: the judge's OCTO");
        atMost(ghost.spentIn(suite.judge, Lane.RoleTokens, week), 1_000_000e18, "S-1: the judge's role tokens");
        atMost(ghost.spentIn(address(suite.desk), Lane.Octo, week), 50_000e18, "S-1: the desk's OCTO");
        atMost(ghost.spentIn(address(suite.desk), Lane.RoleTokens, week), 100_000e18, "S-1: the desk's role tokens");
        _checkBudget(address(suite.disputes), Lane.Octo);
        _checkBudget(address(suite.disputes), Lane.RoleTokens);
        atMost(ghost.spentIn(address(suite.disputes), Lane.Octo, week), 1_000_000e18, "S-1: the disputes' OCTO");
        atMost(ghost.spentIn(address(suite.disputes), Lane.RoleTokens, week), 1_000_000e18, "S-1: their role tokens");
        _checkBudget(ghost.secondJudge(), Lane.Octo);
        _checkBudget(ghost.secondJudge(), Lane.RoleTokens);
    }

    function law_S2_authorityIsAsGiven() public view {
        Lane[2] memory lanes = [Lane.Octo, Lane.RoleTokens];
        for (uint256 i = 0; i < 2; ++i) {
            ISlashingDesk.Slasher memory row = suite.desk.slasherOf(ghost.secondJudge(), lanes[i]);
            equal(row.activeFrom, ghost.authorityFrom(lanes[i]), "S-2: from when somebody slashes");
        }
    }

    function law_S3_disputesEnd() public view {
        Ghost.Dispute[] memory disputes = ghost.everyDispute();
        for (uint256 i = 0; i < disputes.length; ++i) {
            (address slasher, uint256 closesAt) = suite.desk.disputeOf(disputes[i].key);
            holds(slasher == disputes[i].slasher, "S-3: whose dispute it is");
            atMost(closesAt, block.timestamp + 60 days, "S-3: a dispute of more than 60 days");
        }
    }

    // Inside

    function _checkPosition(address account, RoleId role) private view {
        (uint256 tasks, uint256 maxBudget, uint256 minDuration) = ghost.bookedOf(account, role);
        IProviderLens.Status memory status = suite.lens.statusOf(account, role);
        holds(!(status.active && status.suspended), "R-3: active and suspended");
        if (status.active) {
            IProviderRegistry.Minimum memory minimum = suite.registry.minimumOf(role);
            // 80 % of the minimum less the largest discount: what nobody is active below, whatever became of its score.
            atMost(uint256(minimum.octo) * 56, status.octoBond * 100, "R-3: OCTO bond of the active");
            atMost(uint256(minimum.roleTokens) * 56, status.roleBond * 100, "R-3: role bond of the active");
        }
        atMost(status.score, 100e5, "I-17: a score above 100");
        equal(status.tasks, tasks, "R-4: recorded tasks");
        equal(status.maxBudget, maxBudget, "R-4: standing terms");
        equal(status.minDuration, minDuration, "R-4: time of the standing terms");
        equal(status.valueInFlight, ghost.inFlightOf(account), "V-6: value in flight");
    }

    function _bondsAndExits() private view returns (uint256 octo, uint256[] memory roleTokens) {
        address[] memory actors = ghost.everybody();
        Ghost.Exit[] memory exits = ghost.everyExit();
        roleTokens = new uint256[](bondedRoles.length);
        for (uint256 j = 0; j < bondedRoles.length; ++j) {
            for (uint256 i = 0; i < actors.length; ++i) {
                (uint256 octoBond, uint256 roleBond) = suite.registry.bondOf(actors[i], bondedRoles[j]);
                octo += octoBond;
                roleTokens[j] += roleBond;
            }
            for (uint256 i = 0; i < exits.length; ++i) {
                if (!sameRole(exits[i].role, bondedRoles[j])) continue;
                IProviderRegistry.Exit memory there = suite.registry.exitOf(
                    exits[i].account,
                    exits[i].role,
                    exits[i].day
                );
                octo += there.octo;
                roleTokens[j] += there.roleTokens;
            }
            (uint256 octoWaiting, uint256 roleWaiting) = suite.registry.slashedOf(bondedRoles[j]);
            (octo, roleTokens[j]) = (octo + octoWaiting, roleTokens[j] + roleWaiting);
            (uint256 octoFrozen, uint256 roleFrozen) = _frozenOutOfExits(bondedRoles[j]);
            (octo, roleTokens[j]) = (octo + octoFrozen, roleTokens[j] + roleFrozen);
        }
    }

    function _frozenOutOfExits(RoleId role) private view returns (uint256 octo, uint256 roleTokens) {
        Ghost.Dispute[] memory disputes = ghost.everyDispute();
        for (uint256 i = 0; i < disputes.length; ++i) {
            if (!sameRole(disputes[i].role, role)) continue;
            IProviderRegistry.Frozen memory frozen = suite.registry.frozenBy(disputes[i].key);
            (octo, roleTokens) = (octo + frozen.octoFromExits, roleTokens + frozen.roleFromExits);
        }
    }

    function _exitsOf(Ghost.Pool memory pool) private view returns (uint256 tokens, uint256 shares) {
        uint256[] memory exitDays = ghost.poolDaysOf(pool.provider, pool.role);
        for (uint256 i = 0; i < exitDays.length; ++i) {
            (uint256 some, uint256 of_) = PoolBooks.exitsOf(
                address(suite.pools),
                pool.provider,
                pool.role,
                exitDays[i]
            );
            atMost(some, of_, "D-2: a price of exits above 1");
            (tokens, shares) = (tokens + some, shares + of_);
        }
    }

    /// @dev What is spent of a week is noted whole, and the desk itself says so.
    function _checkBudget(address slasher, Lane lane) private view {
        ISlashingDesk.Slasher memory row = suite.desk.slasherOf(slasher, lane);
        uint256 week = block.timestamp / 1 weeks;
        equal(row.week == week ? row.spent : 0, ghost.spentIn(slasher, lane, week), "S-1: spent in this week");
    }

    /// @dev A wei for each delegator and day.
    function exitDust() internal view returns (uint256) {
        return ghost.everyPoolExit().length + ghost.everyPool().length * ghost.everyDelegator().length;
    }

    function octoIn(address account) internal view returns (uint256) {
        return suite.octo.balanceOf(account);
    }
}
