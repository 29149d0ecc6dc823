// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {JobStatus} from "../../contracts/market/types/Job.sol";
import {IProviderRegistry} from "../../contracts/registry/interfaces/IProviderRegistry.sol";
import {RoleId} from "../../contracts/shared/RoleId.sol";
import {SuiteFixture, roleTokenOf} from "../support/SuiteFixture.sol";
import {atMost, equal, VM} from "../support/Vm.sol";
import {EconomyHandler} from "./handlers/EconomyHandler.sol";
import {Ghost} from "./handlers/Ghost.sol";
import {Laws} from "./Laws.sol";

/// @title The laws of the economy hold after any sequence of anybody's actions
/// @dev One campaign for all laws, because the runner repeats the same sequences for each invariant function: so every
/// sequence is tried against every law, and there is time for many more of them. A failure names its law.
contract EconomyInvariants is SuiteFixture, Laws {
    function setUp() public {
        suite = deploySuite();
        ghost = new EconomyHandler(suite);
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
        checkRecords();
        suite.settlement.pauseMarket(address(suite.jobMarket));
        VM.warp(block.timestamp + 400 days);
        _endJobs();
        _leaveRegistry();
        _leaveVault();
        address vault = address(suite.settlement);
        equal(octoIn(vault), ghost.octoDonatedTo(vault), "V-1: the last one out leaves an empty vault");
        address registry = address(suite.registry);
        equal(octoIn(registry), ghost.octoDonatedTo(registry), "R-1: the last one out leaves an empty registry");
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
                this.checkRecords();
            }
        }
        this.afterInvariant();
    }

    /// @notice When the opened budget is used up, work is paid as ever and mints nothing.
    function test_V4_theBudgetBinds() external {
        for (uint256 i = 0; i < 40 && suite.settlement.openBudget() != 0; ++i) {
            ghost.settleWhale();
            this.checkMoney();
            this.checkRecords();
        }
        equal(suite.settlement.openBudget(), 0, "the budget is used up");
        uint256 before = suite.settlement.sums().committed;
        ghost.settleWhale();
        equal(suite.settlement.sums().committed, before, "nothing is minted without budget");
    }

    // Inside

    function _handlers() private view returns (bytes4[] memory list) {
        bytes4[43] memory all = [
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
            ghost.bondMore.selector,
            ghost.unbond.selector,
            ghost.withdrawBond.selector,
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

    function _endJobs() private {
        for (uint256 i = 0; i < ghost.jobCount(); ++i) {
            Ghost.Job memory job = ghost.jobAt(i);
            if (job.status == JobStatus.Submitted) suite.jobMarket.release(job.id);
            if (job.status == JobStatus.Open || job.status == JobStatus.Funded) suite.jobMarket.claimRefund(job.id);
        }
        equal(escrowIn(address(suite.jobMarket)), 0, "J-4: every job ends by time");
    }

    function _leaveRegistry() private {
        address[] memory actors = ghost.everybody();
        for (uint256 i = 0; i < ghost.exitCount(); ++i) {
            Ghost.Exit memory leaving = ghost.exitAt(i);
            _leave(leaving.account, leaving.role, leaving.day);
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
        VM.prank(other);
        suite.settlement.refund(actors[0], uint128(escrow));
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
