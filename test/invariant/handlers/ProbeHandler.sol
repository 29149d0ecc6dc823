// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {ISettlement} from "../../../contracts/economy/interfaces/ISettlement.sol";
import {IERC8183Proposals} from "../../../contracts/market/interfaces/IERC8183Proposals.sol";
import {IERC8183Work} from "../../../contracts/market/interfaces/IERC8183Work.sol";
import {IJobMarket} from "../../../contracts/market/interfaces/IJobMarket.sol";
import {IJobMarketAnnex} from "../../../contracts/market/interfaces/IJobMarketAnnex.sol";
import {IJobMarketEvents} from "../../../contracts/market/interfaces/IJobMarketEvents.sol";
import {Consent, Deal} from "../../../contracts/market/types/Deal.sol";
import {JobStatus} from "../../../contracts/market/types/Job.sol";
import {JobId} from "../../../contracts/market/types/JobId.sol";
import {IProviderRegistry} from "../../../contracts/registry/interfaces/IProviderRegistry.sol";
import {RoleId} from "../../../contracts/shared/RoleId.sol";
import {IOctoToken} from "../../../contracts/tokens/interfaces/IOctoToken.sol";
import {IRoleToken} from "../../../contracts/tokens/interfaces/IRoleToken.sol";
import {roleTokenOf} from "../../support/SuiteFixture.sol";
import {VM} from "../../support/Vm.sol";
import {JobHandler} from "./JobHandler.sol";
import {VaultHandler} from "./VaultHandler.sol";

/// @title What must be refused, whatever came before
abstract contract ProbeHandler is JobHandler, VaultHandler {
    /// @dev A job that has ended is ended again, in every way there is, by those who could have ended it.
    function probeSecondEnd(uint256 seed) external counted {
        Job memory job = jobs[endedJob(seed)];
        bytes4 reason = IJobMarketEvents.JobMarketWrongStatus.selector;
        string memory law = "M-01: an ended job ended again";
        _refusedByMarket(job.evaluator, abi.encodeCall(IERC8183Work.complete, (job.id, "", "")), reason, law);
        _refusedByMarket(job.evaluator, abi.encodeCall(IERC8183Work.reject, (job.id, "", "")), reason, law);
        _refusedByMarket(job.client, abi.encodeCall(IERC8183Work.claimRefund, (job.id)), reason, law);
        _refusedByMarket(job.provider, abi.encodeCall(IJobMarket.release, (job.id)), reason, law);
        _refusedByMarket(job.provider, abi.encodeCall(IERC8183Work.submit, (job.id, "", "")), reason, law);
        _refusedByMarket(job.client, abi.encodeCall(IERC8183Proposals.fund, (job.id, job.budget, "")), reason, law);
        _refusedByMarket(job.provider, abi.encodeCall(IJobMarketAnnex.acceptRejection, (job.id)), reason, law);
        Deal memory deal;
        Consent memory none;
        deal.client = job.provider;
        _refusedByMarket(
            job.provider,
            abi.encodeCall(IJobMarketAnnex.hireChild, (job.id, deal, 1, none)),
            reason,
            "M-01: an ended job had a child"
        );
        deal.client = job.client;
        _refusedByMarket(
            job.client,
            abi.encodeCall(IJobMarketAnnex.takeOver, (job.id, deal, 1, none)),
            reason,
            "M-01: an ended job was taken over"
        );
    }

    /// @dev A job that was never funded pays nobody.
    function probeUnfunded(uint256 seed) external counted {
        (bool found, uint256 index) = findJob(JobStatus.Open, seed, _isAny);
        Job memory job = jobs[found ? index : _create(seed)];
        bytes4 reason = IJobMarketEvents.JobMarketWrongStatus.selector;
        string memory law = "M-01: an unfunded job paid";
        _refusedByMarket(job.evaluator, abi.encodeCall(IERC8183Work.complete, (job.id, "", "")), reason, law);
        _refusedByMarket(job.provider, abi.encodeCall(IJobMarket.release, (job.id)), reason, law);
        _refusedByMarket(job.provider, abi.encodeCall(IERC8183Work.submit, (job.id, "", "")), reason, law);
    }

    /// @dev Submitted work: nobody ends it but its judge, or anybody when the review is over.
    function probeStranger(uint256 seed) external counted {
        Job memory job = jobs[submittedJob(seed, _isAny)];
        string memory law = "M-01: somebody ended a job that is not his to end";
        bytes4 wrongCaller = IJobMarketEvents.JobMarketWrongCaller.selector;
        _refusedByMarket(stranger, abi.encodeCall(IERC8183Work.complete, (job.id, "", "")), wrongCaller, law);
        _refusedByMarket(job.provider, abi.encodeCall(IERC8183Work.complete, (job.id, "", "")), wrongCaller, law);
        _refusedByMarket(stranger, abi.encodeCall(IERC8183Work.reject, (job.id, "", "")), wrongCaller, law);
        // A client who is his own evaluator may offer to reject it: that moves no money.
        if (job.evaluator != job.client) {
            _refusedByMarket(
                job.client,
                abi.encodeCall(IERC8183Work.reject, (job.id, "", "")),
                wrongCaller,
                "M-05: a client took work and money"
            );
        }
        jumpTo(job.deadline + 1);
        _refusedByMarket(
            job.client,
            abi.encodeCall(IERC8183Work.claimRefund, (job.id)),
            IJobMarketEvents.JobMarketAlreadySubmitted.selector,
            "M-05: submitted work was refunded by time"
        );
    }

    /// @dev Both clocks of a job, at their last second.
    function probeClocks(uint256 seed) external counted {
        (bool found, uint256 index) = findJob(JobStatus.Funded, seed, _isInTime);
        Job memory job = jobs[found ? index : _hire(seed)];
        jumpTo(job.deadline);
        _refusedByMarket(
            job.client,
            abi.encodeCall(IERC8183Work.claimRefund, (job.id)),
            IJobMarketEvents.JobMarketDeadlineNotPassed.selector,
            "M-04: refunded before the deadline"
        );
        jump(1);
        _refusedByMarket(
            job.provider,
            abi.encodeCall(IERC8183Work.submit, (job.id, "", "")),
            IJobMarketEvents.JobMarketDeadlinePassed.selector,
            "M-04: submitted after the deadline"
        );

        job = jobs[submittedJob(seed, _isAny)];
        if (block.timestamp > job.reviewEndsAt) return;
        jumpTo(job.reviewEndsAt);
        _refusedByMarket(
            job.provider,
            abi.encodeCall(IJobMarket.release, (job.id)),
            IJobMarketEvents.JobMarketReviewNotEnded.selector,
            "M-04: released before the review ended"
        );
        if (job.evaluator == job.client) return;
        jump(1);
        _refusedByMarket(
            job.evaluator,
            abi.encodeCall(IERC8183Work.reject, (job.id, "", "")),
            IJobMarketEvents.JobMarketReviewEnded.selector,
            "M-04: rejected after the review ended"
        );
    }

    /// @dev No market gets more than it locked, no account more than its credit, and nobody else anything.
    function probeVault(uint256 seed) external counted {
        uint128 tooMuch = uint128(escrowOf[otherMarket] + 1);
        _refusedByVault(
            otherMarket,
            abi.encodeCall(ISettlement.refund, (refundOf(stranger, tooMuch), false)),
            ISettlement.SettlementMarketBalanceTooSmall.selector,
            "V-2: a market spent more than it locked"
        );
        _refusedByVault(
            stranger,
            abi.encodeCall(ISettlement.refund, (refundOf(stranger, 1), false)),
            ISettlement.SettlementUnknownMarket.selector,
            "V-2: an account that is no market spent"
        );
        address account = _withCredit(seed);
        _refusedByVault(
            account,
            abi.encodeCall(ISettlement.withdraw, (account, uint128(accounts[account].credit + 1))),
            ISettlement.SettlementCreditTooSmall.selector,
            "V-1: an account withdrew more than its credit"
        );
        if (consentOf[account][otherMarket]) allow(account, otherMarket, false);
        ISettlement.Lock memory terms = ISettlement.Lock({
            client: account,
            amount: 1,
            role: RoleId.wrap(1),
            schedule: dealFrom(seed).schedule,
            provider: address(0),
            capacity: 0
        });
        _refusedByVault(
            otherMarket,
            abi.encodeCall(ISettlement.lockFromCredit, (terms)),
            ISettlement.SettlementCreditNotAllowed.selector,
            "V-2: a market spent credit that was not given to it"
        );
    }

    /// @dev Nobody mints or records but who must.
    function probeMinters(uint256 seed) external counted {
        refused(
            stranger,
            address(suite.octo),
            abi.encodeCall(IOctoToken.mint, (stranger, 1)),
            IOctoToken.OctoTokenCallerNotEngine.selector,
            "T-3: a stranger minted OCTO"
        );
        refused(
            suite.admin,
            address(roleTokenOf(suite, roleFrom(seed))),
            abi.encodeCall(IRoleToken.mint, (stranger, 1)),
            IRoleToken.RoleTokenCallerNotMinter.selector,
            "T-4: an administrator minted role tokens"
        );
        refused(
            otherMarket,
            address(suite.registry),
            abi.encodeCall(
                IProviderRegistry.record,
                (IProviderRegistry.Task(stranger, roleFrom(seed), address(0), 1, 100, 100, 0))
            ),
            IProviderRegistry.ProviderRegistryCallerNotVault.selector,
            "R-4: a market moved a track record"
        );
    }

    /// @dev A pause stops hires; that it stops nothing else shows in all the other handlers.
    function probePause(uint256 seed) external counted {
        (Deal memory deal, uint128 budget) = _prepare(seed);
        supply(deal.client, budget);
        VM.prank(suite.admin);
        suite.settlement.pauseMarket(address(suite.jobMarket));
        paused = true;
        Consent memory none;
        _refusedByMarket(
            deal.client,
            abi.encodeCall(IJobMarket.hire, (deal, budget, none)),
            ISettlement.SettlementMarketPaused.selector,
            "M-20: hired under a pause"
        );
    }

    function _refusedByMarket(address caller, bytes memory data, bytes4 reason, string memory law) private {
        refused(caller, address(suite.jobMarket), data, reason, law);
    }

    function _refusedByVault(address caller, bytes memory data, bytes4 reason, string memory law) private {
        refused(caller, address(suite.settlement), data, reason, law);
    }
}
