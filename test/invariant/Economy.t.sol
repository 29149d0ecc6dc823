// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {console} from "hardhat/console.sol";

import {Pot} from "../../contracts/market/types/Dispute.sol";
import {JobStatus} from "../../contracts/market/types/Job.sol";
import {JobId} from "../../contracts/market/types/JobId.sol";
import {ISettlement} from "../../contracts/economy/interfaces/ISettlement.sol";
import {IDelegationPools} from "../../contracts/registry/interfaces/IDelegationPools.sol";
import {IProviderRegistry} from "../../contracts/registry/interfaces/IProviderRegistry.sol";
import {RoleId} from "../../contracts/shared/RoleId.sol";
import {Roles} from "../../contracts/shared/Roles.sol";
import {SuiteFixture, roleTokenOf} from "../support/SuiteFixture.sol";
import {atMost, equal, VM} from "../support/Vm.sol";
import {EconomyHandler} from "./handlers/EconomyHandler.sol";
import {Ghost} from "./handlers/Ghost.sol";
import {Laws} from "./Laws.sol";

/// @title The laws of the economy hold after any sequence of anybody's actions
/// @dev One campaign for all laws, because the runner repeats the same sequences for each invariant function: so every
/// sequence is tried against every law, and there is time for many more of them. A failure names its law.
contract EconomyInvariants is SuiteFixture, Laws {
    /// They take longer the more jobs there are.
    uint256 private constant RECORDS_EVERY = 16;
    uint256 private constant LONG_RUN = 1_000;
    uint256 private constant LEAST_DEEDS = 32;

    /// What the indices' roundings may leave of the last settlements.
    uint256 private _lateDust;

    function setUp() public {
        VM.warp(1_800_000_000); // windows of heartbeats are counted from 2026 on
        suite = deploySuite();
        // Not with `new`, which would make the compiler optimize the handler once more, inside of this contract.
        ghost = EconomyHandler(create("EconomyHandler", abi.encode(suite)));
    }

    /// @notice What the runner calls: every external function of the handlers that writes.
    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(ghost);
    }

    function invariant_everyLawHolds() external view {
        checkMoney();
    }

    /// @notice Everybody leaves: every job ends by time alone (J-4), every exit is paid, every credit withdrawn, under a
    /// pause. What is left is what was donated. And the handlers did work: an invariant over nothing proves nothing.
    function afterInvariant() external {
        atMost(1, ghost.doneInAll(), "no handler did anything");
        _printDeeds();
        checkRecords();
        suite.settlement.pauseMarket(address(suite.jobMarket));
        VM.warp(block.timestamp + 400 days);
        _endDisputes();
        _endJobs();
        _emptyPots();
        _endElsewhere();
        _leavePools();
        _leaveRegistry();
        _leaveVault();
        law_D3_theCreditOfThePoolsCoversWhatCanBeClaimed();
        address vault = address(suite.settlement);
        uint256 undivided = suite.settlement.creditOf(address(suite.pools));
        equal(octoIn(vault), ghost.octoDonatedTo(vault) + undivided, "V-1: the last one out leaves an empty vault");
        atMost(undivided, ghost.dust() + _lateDust, "D-3: the pools kept more than roundings");
        address registry = address(suite.registry);
        equal(octoIn(registry), ghost.octoDonatedTo(registry), "R-1: the last one out leaves an empty registry");
        address pools = address(suite.pools);
        // A wei of each day's exits whose owners each have less than one of it.
        atMost(octoIn(pools), ghost.octoDonatedTo(pools) + exitDust(), "D-1: the last one out leaves empty pools");
        atMost(ghost.octoDonatedTo(pools), octoIn(pools), "D-1: what was donated to the pools");
        for (uint256 i = 0; i < bondedRoles.length; ++i) {
            RoleId role = bondedRoles[i];
            uint256 left = roleTokenOf(suite, role).balanceOf(registry);
            equal(left, ghost.roleTokensDonated(role), "R-1: the last one out leaves no role tokens");
        }
    }

    /// @notice Each handler does its work, whatever its seed, and the laws hold after each.
    function test_everyHandlerWorks() external {
        bytes4[] memory handlers = _handlers();
        for (uint256 round = 0; round < 6; ++round) {
            for (uint256 i = 0; i < handlers.length; ++i) {
                uint256 seed = uint256(keccak256(abi.encode(round, i)));
                (bool worked, bytes memory answer) = address(ghost).call(abi.encodeWithSelector(handlers[i], seed));
                if (!worked) _bubble(answer);
                equal(ghost.done(handlers[i]), round + 1, "a handler did nothing");
                this.checkMoney();
                if (i % RECORDS_EVERY == 0) this.checkRecords();
            }
        }
        this.afterInvariant();
    }

    /// @notice A long run in any order does all that handlers can do. `--verbosity 2` prints how often.
    function test_aLongRunDoesEverything() external {
        bytes4[] memory handlers = _handlers();
        for (uint256 i = 0; i < LONG_RUN; ++i) {
            uint256 seed = uint256(keccak256(abi.encode("long run", i)));
            (bool worked, bytes memory answer) = address(ghost).call(
                abi.encodeWithSelector(handlers[(seed >> 240) % handlers.length], seed)
            );
            if (!worked) _bubble(answer);
            if (i % 10 == 0) this.checkMoney();
        }
        this.afterInvariant();
        (string[] memory deeds, ) = ghost.everyDeed();
        atMost(LEAST_DEEDS, deeds.length, "something was never done");
    }

    /// @notice When an epoch's cap is used up, work is paid as ever and mints nothing, until the next epoch.
    function test_V7_theCapBinds() external {
        for (uint256 i = 0; i < 3; ++i) {
            ghost.settleWhale();
            this.checkMoney();
            this.checkRecords();
            equal(suite.settlement.mintableOf(Roles.NODE), 0, "the cap is used up");
            uint256 before = suite.settlement.sums().committed;
            ghost.settleWhale();
            this.checkMoney();
            equal(suite.settlement.sums().committed, before, "nothing is minted beyond the cap");
            VM.warp(block.timestamp + 7 days);
            this.checkMoney();
        }
    }

    // Inside

    /// @dev Seen with `--verbosity 2`.
    function _printDeeds() private view {
        (string[] memory deeds, uint256[] memory times) = ghost.everyDeed();
        console.log("%s calls of handlers, and in them:", ghost.doneInAll());
        for (uint256 i = 0; i < deeds.length; ++i) console.log("%s x %s", times[i], deeds[i]);
    }

    function _handlers() private view returns (bytes4[] memory list) {
        bytes4[97] memory all = [
            ghost.hire.selector,
            ghost.hireFromCredit.selector,
            ghost.hireWithAuthorization.selector,
            ghost.createJob.selector,
            ghost.fundJob.selector,
            ghost.submit.selector,
            ghost.complete.selector,
            ghost.release.selector,
            ghost.reject.selector,
            ghost.claimRefund.selector,
            ghost.hireChild.selector,
            ghost.growDeep.selector,
            ghost.growWide.selector,
            ghost.finishParent.selector,
            ghost.failChild.selector,
            ghost.takeOver.selector,
            ghost.decline.selector,
            ghost.acceptRejection.selector,
            ghost.letRejectionStand.selector,
            ghost.recallRejection.selector,
            ghost.rateJob.selector,
            ghost.disputeWork.selector,
            ghost.disputeRejection.selector,
            ghost.answerDispute.selector,
            ghost.showEvidence.selector,
            ghost.freezeDisputed.selector,
            ghost.winByDefault.selector,
            ghost.setArbiter.selector,
            ghost.bringCase.selector,
            ghost.ruleCase.selector,
            ghost.appealRuling.selector,
            ghost.executeDispute.selector,
            ghost.letDisputeTimeOut.selector,
            ghost.punishProvider.selector,
            ghost.collectFee.selector,
            ghost.probeDispute.selector,
            ghost.depositCredit.selector,
            ghost.withdrawCredit.selector,
            ghost.setCreditConsent.selector,
            ghost.setPayOut.selector,
            ghost.sweep.selector,
            ghost.lockElsewhere.selector,
            ghost.refundElsewhere.selector,
            ghost.settleElsewhere.selector,
            ghost.settleUnrecorded.selector,
            ghost.settleWhale.selector,
            ghost.buy.selector,
            ghost.sell.selector,
            ghost.swap.selector,
            ghost.poke.selector,
            ghost.addToReserve.selector,
            ghost.surrender.selector,
            ghost.roundTrip.selector,
            ghost.washTrade.selector,
            ghost.bondMore.selector,
            ghost.unbond.selector,
            ghost.withdrawBond.selector,
            ghost.lockBound.selector,
            ghost.endBound.selector,
            ghost.rate.selector,
            ghost.cancelExit.selector,
            ghost.moveStake.selector,
            ghost.refresh.selector,
            ghost.delegate.selector,
            ghost.undelegate.selector,
            ghost.withdrawDelegation.selector,
            ghost.claim.selector,
            ghost.setCut.selector,
            ghost.slash.selector,
            ghost.slashDisputed.selector,
            ghost.openDispute.selector,
            ghost.closeDispute.selector,
            ghost.setDuty.selector,
            ghost.heartbeat.selector,
            ghost.reportDowntime.selector,
            ghost.burnSlashed.selector,
            ghost.nameSlasher.selector,
            ghost.dismissSlasher.selector,
            ghost.setStandingTerms.selector,
            ghost.transfer.selector,
            ghost.burn.selector,
            ghost.burnRoleTokens.selector,
            ghost.donate.selector,
            ghost.donateRoleTokens.selector,
            ghost.pause.selector,
            ghost.setReviewDuration.selector,
            ghost.setIntensity.selector,
            ghost.setSmallestRecorded.selector,
            ghost.setHolders.selector,
            ghost.letTimePass.selector,
            ghost.probeSecondEnd.selector,
            ghost.probeUnfunded.selector,
            ghost.probeStranger.selector,
            ghost.probeClocks.selector,
            ghost.probeVault.selector,
            ghost.probeMinters.selector,
            ghost.probePause.selector
        ];
        list = new bytes4[](all.length);
        for (uint256 i = 0; i < all.length; ++i) list[i] = all[i];
    }

    /// @dev Work that binds a provider, in the other market's hands.
    function _endElsewhere() private {
        Ghost.Bound[] memory list = ghost.everyBound();
        for (uint256 i = 0; i < list.length; ++i) {
            address market = ghost.otherMarket();
            ISettlement.Work memory work = ghost.refundOf(ghost.everybody()[0], 0);
            (work.provider, work.bound) = (list[i].provider, true);
            work.amount = uint128(list[i].amount);
            VM.prank(market);
            suite.settlement.refund(work, false);
        }
    }

    function _endJobs() private {
        for (uint256 i = 0; i < ghost.jobCount(); ++i) {
            Ghost.Job memory job = ghost.jobAt(i);
            if (job.status == JobStatus.Submitted || job.status == JobStatus.Disputed) {
                _lateDust += suite.pools.poolOf(job.provider, job.role).shares / 1e18 + 100;
            }
            if (job.status == JobStatus.Submitted) suite.jobMarket.release(job.id);
            else if (job.status == JobStatus.Disputed) suite.disputes.execute(job.id);
            else if (ghost.isLive(job.status) || job.status == JobStatus.Open) suite.jobMarket.claimRefund(job.id);
        }
        equal(escrowIn(address(suite.jobMarket)), 0, "J-4: every job ends by time");
    }

    /// @dev Everybody who was right takes his fee, but those whom a lying arbiter named too late.
    function _emptyPots() private {
        for (uint256 i = 0; i < ghost.caseCount(); ++i) {
            JobId id = ghost.jobAt(ghost.caseAt(i).job).id;
            for (uint8 j = 0; j < 3; ++j) {
                address[] memory right = ghost.rightOf(i, Pot(j));
                for (uint256 k = 0; k < right.length && suite.disputes.feesOf(id, Pot(j)).left != 0; ++k) {
                    VM.prank(right[k]);
                    try suite.disputes.collectFee(id, Pot(j)) {} catch {}
                }
            }
        }
        equal(escrowIn(address(suite.disputes)), 0, "B-4: bonds and pots go where they belong");
    }

    /// @dev By anybody, 60 days after they were opened at the latest (S-3).
    function _endDisputes() private {
        Ghost.Dispute[] memory disputes = ghost.everyDispute();
        for (uint256 i = 0; i < disputes.length; ++i) suite.desk.closeDispute(disputes[i].key);
    }

    function _leaveRegistry() private {
        address[] memory actors = ghost.everybody();
        Ghost.Exit[] memory exits = ghost.everyExit();
        for (uint256 i = 0; i < exits.length; ++i) {
            _leave(exits[i].account, exits[i].role, exits[i].day);
        }
        uint256 day;
        for (uint256 i = 0; i < actors.length; ++i) {
            for (uint256 j = 0; j < bondedRoles.length; ++j) {
                (uint256 octo, uint256 roleTokens) = suite.registry.bondOf(actors[i], bondedRoles[j]);
                if (octo + roleTokens == 0) continue;
                VM.prank(actors[i]);
                day = suite.registry.unbond(bondedRoles[j], uint128(octo), uint128(roleTokens));
            }
        }
        VM.warp(block.timestamp + 8 days);
        for (uint256 i = 0; i < actors.length; ++i) {
            for (uint256 j = 0; j < bondedRoles.length; ++j) _leave(actors[i], bondedRoles[j], day);
        }
        for (uint256 j = 0; j < bondedRoles.length; ++j) suite.registry.burnSlashed(bondedRoles[j]);
    }

    /// @dev All delegators in turn: what they earned, what they have, and what is leaving already.
    function _leavePools() private {
        Ghost.Pool[] memory pools = ghost.everyPool();
        address[] memory delegators = ghost.everyDelegator();
        for (uint256 i = 0; i < pools.length; ++i) {
            uint256 day;
            for (uint256 j = 0; j < delegators.length; ++j) day = _undelegate(delegators[j], pools[i], day);
            equal(suite.pools.poolOf(pools[i].provider, pools[i].role).stake, 0, "D-2: stake without shares");
            // Twice: a part that is worth less than a wei is worth one or none when the others have left.
            _leavePoolExits(delegators, pools[i], day);
            _leavePoolExits(delegators, pools[i], day);
        }
    }

    function _undelegate(address delegator, Ghost.Pool memory pool, uint256 day) private returns (uint256) {
        if (suite.pools.claimable(delegator, pool.provider, pool.role) != 0) {
            VM.prank(delegator);
            suite.pools.claim(pool.provider, pool.role, delegator);
        }
        (uint256 shares, ) = suite.pools.delegationOf(delegator, pool.provider, pool.role);
        if (shares == 0) return day;
        VM.prank(delegator);
        return suite.pools.undelegate(pool.provider, pool.role, shares, 0);
    }

    function _leavePoolExits(address[] memory delegators, Ghost.Pool memory pool, uint256 lastDay) private {
        if (lastDay != 0 && block.timestamp < lastDay * 1 days) VM.warp(lastDay * 1 days);
        uint256[] memory exitDays = ghost.poolDaysOf(pool.provider, pool.role);
        for (uint256 i = 0; i < delegators.length; ++i) {
            for (uint256 j = 0; j < exitDays.length; ++j) _leavePool(delegators[i], pool, exitDays[j]);
            _leavePool(delegators[i], pool, lastDay);
        }
    }

    function _leavePool(address delegator, Ghost.Pool memory pool, uint256 day) private {
        IDelegationPools.Leaving memory there = suite.pools.exitOf(delegator, pool.provider, pool.role, day);
        equal(there.withdrawable, there.worth, "I-20: something stands before an exit");
        if (there.worth == 0) return;
        VM.prank(delegator);
        suite.pools.withdraw(pool.provider, pool.role, day, delegator);
    }

    /// @dev Several exits of a position may share a day and leave together.
    function _leave(address account, RoleId role, uint256 day) private {
        IProviderRegistry.Exit memory leaving = suite.registry.exitOf(account, role, day);
        if (leaving.octo == 0 && leaving.roleTokens == 0) return;
        VM.prank(account);
        suite.registry.withdraw(role, day, account);
    }

    function _leaveVault() private {
        suite.settlement.sweep();
        address[] memory actors = ghost.everybody();
        for (uint256 i = 0; i < actors.length; ++i) {
            uint256 credit = suite.settlement.creditOf(actors[i]);
            if (credit == 0) continue;
            VM.prank(actors[i]);
            suite.settlement.withdraw(actors[i], uint128(credit));
        }
        address other = ghost.otherMarket();
        uint256 escrow = escrowIn(other);
        ISettlement.Work memory rest = ghost.refundOf(actors[0], uint128(escrow));
        VM.prank(other);
        suite.settlement.refund(rest, false);
        uint256 last = suite.settlement.creditOf(actors[0]);
        if (last == 0) return;
        VM.prank(actors[0]);
        suite.settlement.withdraw(actors[0], uint128(last));
    }

    function _bubble(bytes memory answer) private pure {
        assembly ("memory-safe") {
            revert(add(answer, 32), mload(answer))
        }
    }
}
