// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {IJobMarket} from "../../../contracts/market/interfaces/IJobMarket.sol";
import {Consent, Deal} from "../../../contracts/market/types/Deal.sol";
import {JobStatus} from "../../../contracts/market/types/Job.sol";
import {JobId} from "../../../contracts/market/types/JobId.sol";
import {Duration} from "../../../contracts/shared/Duration.sol";
import {RoleId} from "../../../contracts/shared/RoleId.sol";
import {Roles} from "../../../contracts/shared/Roles.sol";
import {Schedules} from "../../../contracts/shared/ScheduleId.sol";
import {bound, VM} from "../../support/Vm.sol";
import {Handler} from "./Handler.sol";

/// @title Jobs, from the hire to their one end
abstract contract JobHandler is Handler {
    bytes32 private constant RECEIVE_TYPEHASH = keccak256(
        "ReceiveWithAuthorization(address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,bytes32 nonce)"
    );
    bytes32 private constant CONSENT_TYPEHASH = keccak256(
        "Consent(Deal deal,uint256 budget,uint256 nonce,uint256 deadline)Deal(bytes4 action,address client,address provider,address evaluator,address orchestrator,address hook,uint8 role,uint8 schedule,uint32 duration,uint64 agentId,uint96 forChildren,bytes32 terms,bytes32 salt)"
    );
    bytes32 private constant DOMAIN_TYPEHASH = keccak256(
        "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
    );

    uint256 private _lastConsent;

    // Hire

    function hire(uint256 seed) external counted {
        _hire(seed);
    }

    function hireFromCredit(uint256 seed) external counted {
        (Deal memory deal, uint128 budget) = _prepare(seed);
        if (accounts[deal.client].credit < budget) deposit(deal.client, budget);
        allow(deal.client, address(suite.jobMarket), true);
        (Consent memory consent, bool isBound) = _consentTo(deal, budget, seed, IJobMarket.hireFromCredit.selector);

        VM.prank(deal.client);
        JobId id = suite.jobMarket.hireFromCredit(deal, budget, consent);
        bookLock(address(suite.jobMarket), deal.client, budget, true);
        _bookHire(id, deal, budget, isBound);
    }

    /// @dev Submitted by a stranger, if the provider is bound too: who pays has signed.
    function hireWithAuthorization(uint256 seed) external counted {
        (Deal memory deal, uint128 budget) = _prepare(seed);
        supply(deal.client, budget);
        (Consent memory consent, bool isBound) = _consentTo(
            deal,
            budget,
            seed,
            IJobMarket.hireWithAuthorization.selector
        );
        (uint256 validAfter, uint256 validBefore) = (block.timestamp - 1, block.timestamp + 1 hours);
        bytes memory signature = _signPayment(deal, budget, validAfter, validBefore);

        VM.prank(isBound ? stranger : deal.client);
        JobId id = suite.jobMarket.hireWithAuthorization(deal, budget, validAfter, validBefore, signature, consent);
        bookLock(address(suite.jobMarket), deal.client, budget, false);
        _bookHire(id, deal, budget, isBound);
    }

    /// @dev The plain steps of ERC-8183: create, name the provider, agree on the budget.
    function createJob(uint256 seed) external counted {
        _create(seed);
    }

    function fundJob(uint256 seed) external counted {
        (bool found, uint256 index) = findJob(JobStatus.Open, seed, _isFundable);
        if (!found) index = _create(seed);
        Job storage job = jobs[index];
        unpause();
        activate(job.provider, job.role);
        makeRoom(job.provider, job.role, job.budget);
        supply(job.client, job.budget);

        VM.prank(job.client);
        suite.jobMarket.fund(job.id, job.budget, "");
        if (!accounts[job.client].chosen) accounts[job.client].payOut = true;
        bookLock(address(suite.jobMarket), job.client, job.budget, false);
        job.bound =
            !_isEvaluated(job) && _isWithinTerms(job.provider, job.role, job.budget, job.deadline - block.timestamp);
        if (job.bound) inFlightOf[job.provider] += job.budget;
        job.status = JobStatus.Funded;
        job.reviewDuration = reviewDuration;
        bookRoot(index);
    }

    // Work

    function submit(uint256 seed) external counted {
        (bool found, uint256 index) = findJob(JobStatus.Funded, seed, _isInTime);
        if (!found) index = _hire(seed);
        _submit(index);
    }

    // End

    function complete(uint256 seed) external counted {
        _complete(submittedJob(seed, _isAny));
    }

    /// @dev The review ended in silence; a stranger helps the provider to its money.
    function release(uint256 seed) external counted {
        uint256 index = submittedJob(seed, _isAny);
        jumpTo(jobs[index].reviewEndsAt + 1);

        lookAt(index);
        VM.prank(stranger);
        suite.jobMarket.release(jobs[index].id);
        noteEnd(index, JobStatus.Completed);
        bookSettledJob(index);
    }

    function reject(uint256 seed) external counted {
        uint256 kind = seed % 3;
        if (kind == 0) {
            (bool found, uint256 index) = findJob(JobStatus.Open, seed, _isAny);
            index = found ? index : _create(seed);
            lookAt(index);
            VM.prank(jobs[index].client);
            suite.jobMarket.reject(jobs[index].id, "no", "");
            noteEnd(index, JobStatus.Rejected);
        } else {
            _endByRefund(kind == 1 ? fundedJob(seed) : submittedJob(seed, _isRejectable), JobStatus.Rejected);
        }
    }

    /// @dev The provider kept silent; anybody sends the client his money.
    function claimRefund(uint256 seed) external counted {
        if (seed % 4 == 0) {
            (bool found, uint256 index) = findJob(JobStatus.Open, seed, _isAny);
            index = found ? index : _create(seed);
            jumpTo(jobs[index].deadline + 1);
            lookAt(index);
            suite.jobMarket.claimRefund(jobs[index].id);
            noteEnd(index, JobStatus.Expired);
        } else {
            uint256 index = fundedJob(seed);
            jumpTo(jobs[index].deadline + 1);
            _endByRefund(index, JobStatus.Expired);
        }
    }

    // Jobs to act on: one that is there, or else a new one

    function fundedJob(uint256 seed) internal returns (uint256) {
        (bool found, uint256 index) = findJob(JobStatus.Funded, seed, _isAny);
        return found ? index : _hire(seed);
    }

    function submittedJob(
        uint256 seed,
        function(Job storage) view returns (bool) fits
    ) internal returns (uint256 index) {
        bool found;
        (found, index) = findJob(JobStatus.Submitted, seed, fits);
        if (found) return index;
        index = _hire(seed | 1); // an odd seed names an evaluator
        _submit(index);
    }

    function endedJob(uint256 seed) internal returns (uint256) {
        for (uint256 i = 0; i < jobs.length; ++i) {
            uint256 index = addmod(seed, i, jobs.length);
            if (jobs[index].left != 0) return index;
        }
        uint256 submitted = submittedJob(seed, _isAny);
        _complete(submitted);
        return submitted;
    }

    function findJob(
        JobStatus status,
        uint256 seed,
        function(Job storage) view returns (bool) fits
    ) internal view returns (bool found, uint256 index) {
        for (uint256 i = 0; i < jobs.length; ++i) {
            index = addmod(seed, i, jobs.length);
            if (jobs[index].status == status && fits(jobs[index])) return (true, index);
        }
    }

    function _isAny(Job storage) internal pure returns (bool) {
        return true;
    }

    function _isInTime(Job storage job) internal view returns (bool) {
        return block.timestamp <= job.deadline;
    }

    function _isEvaluated(Job storage job) internal view returns (bool) {
        return job.evaluator != job.client;
    }

    function _isFundable(Job storage job) internal view returns (bool) {
        return block.timestamp + 5 minutes <= job.deadline && !suite.desk.isBanned(job.provider);
    }

    /// @dev Its evaluator may still reject it.
    function _isRejectable(Job storage job) internal view returns (bool) {
        return _isEvaluated(job) && block.timestamp <= job.reviewEndsAt;
    }

    // Deals

    /// @dev Whatever the seed names, with everybody in it ready for it.
    function _prepare(uint256 seed) internal returns (Deal memory deal, uint128 budget) {
        unpause();
        deal = dealFrom(seed);
        budget = amountFrom(seed >> 32);
        activate(deal.provider, deal.role);
        makeRoom(deal.provider, deal.role, budget);
        if ((seed >> 13) % 2 == 0) deal.forChildren = uint96(bound(seed >> 160, 0, budget));
        if (deal.orchestrator != address(0)) activate(deal.orchestrator, Roles.ORCHESTRATOR);
    }

    function dealFrom(uint256 seed) internal returns (Deal memory deal) {
        deal.client = pick(clients, seed >> 1);
        deal.provider = worker(seed >> 5);
        if (seed % 2 == 1) deal.evaluator = evaluator;
        else if (seed % 4 == 0) deal.evaluator = deal.client;
        if ((seed >> 9) % 2 == 1) deal.orchestrator = coordinator();
        deal.role = (seed >> 10) % 2 == 0 ? Roles.DEVELOPER : Roles.COMPUTE;
        deal.schedule = Schedules.SERVICE;
        deal.duration = Duration.wrap(uint32(bound(seed >> 200, 5 minutes, 30 days)));
        deal.terms = bytes32(seed);
        deal.salt = bytes32(jobs.length);
    }

    function _hire(uint256 seed) internal returns (uint256) {
        (Deal memory deal, uint128 budget) = _prepare(seed);
        return _hireFor(deal, budget, seed);
    }

    function _hireFor(Deal memory deal, uint128 budget, uint256 seed) internal returns (uint256) {
        supply(deal.client, budget);
        (Consent memory consent, bool isBound) = _consentTo(deal, budget, seed, IJobMarket.hire.selector);

        VM.prank(deal.client);
        JobId id = suite.jobMarket.hire(deal, budget, consent);
        bookLock(address(suite.jobMarket), deal.client, budget, false);
        return _bookHire(id, deal, budget, isBound);
    }

    function _create(uint256 seed) internal returns (uint256 index) {
        Deal memory deal = dealFrom(seed);
        address judge = deal.evaluator == address(0) ? deal.client : deal.evaluator;
        uint256 deadline = block.timestamp + Duration.unwrap(deal.duration);
        bool nameLater = (seed >> 11) % 2 == 0;
        uint128 budget = amountFrom(seed >> 32);

        VM.prank(deal.client);
        JobId id = suite.jobMarket.createJob(
            nameLater ? address(0) : deal.provider,
            judge,
            deadline,
            "terms",
            address(0),
            0
        );
        if (nameLater) {
            VM.prank(deal.client);
            suite.jobMarket.setProvider(id, deal.provider, 0);
        }
        VM.prank(nameLater ? deal.client : deal.provider);
        suite.jobMarket.setBudget(id, address(suite.octo), budget, "");

        index = jobs.length;
        Job storage job = jobs.push();
        (job.id, job.client, job.provider, job.evaluator) = (id, deal.client, deal.provider, judge);
        (job.budget, job.role, job.terms, job.deadline) = (budget, Roles.DEVELOPER, keccak256("terms"), deadline);
    }

    /// @dev Every second deal is signed by the provider, if it can sign; else its standing terms decide.
    function _consentTo(
        Deal memory deal,
        uint128 budget,
        uint256 seed,
        bytes4 action
    ) internal returns (Consent memory consent, bool isBound) {
        bool plain = deal.orchestrator == address(0) && deal.evaluator != evaluator;
        isBound = plain && _isWithinTerms(deal.provider, deal.role, budget, Duration.unwrap(deal.duration));
        if ((seed >> 12) % 2 == 0 || keyOf[deal.provider] == 0) return (consent, isBound);

        (consent.nonce, consent.deadline) = (++_lastConsent, block.timestamp);
        bytes32 dealHash = suite.jobMarket.dealHashOf(deal, action);
        bytes32 structHash = keccak256(abi.encode(CONSENT_TYPEHASH, dealHash, budget, consent.nonce, consent.deadline));
        bytes32 domain = keccak256(
            abi.encode(
                DOMAIN_TYPEHASH,
                keccak256("CipherOcto JobMarket"),
                keccak256("1"),
                block.chainid,
                suite.jobMarket
            )
        );
        consent.signature = signed(deal.provider, keccak256(abi.encodePacked(hex"1901", domain, structHash)));
        isBound = true;
    }

    function _isWithinTerms(
        address provider,
        RoleId role,
        uint256 budget,
        uint256 duration
    ) private view returns (bool) {
        Position storage position = positions[provider][role];
        return budget <= position.maxBudget && duration >= position.minDuration;
    }

    function _signPayment(
        Deal memory deal,
        uint256 budget,
        uint256 validAfter,
        uint256 validBefore
    ) private view returns (bytes memory) {
        bytes32 nonce = suite.jobMarket.authorizationNonceOf(deal);
        bytes32 structHash = keccak256(
            abi.encode(RECEIVE_TYPEHASH, deal.client, suite.settlement, budget, validAfter, validBefore, nonce)
        );
        return signed(deal.client, keccak256(abi.encodePacked(hex"1901", suite.octo.DOMAIN_SEPARATOR(), structHash)));
    }

    function _bookHire(JobId id, Deal memory deal, uint256 budget, bool isBound) private returns (uint256 index) {
        index = bookJob(id, deal, budget, isBound);
        bookRoot(index);
    }

    function bookJob(JobId id, Deal memory deal, uint256 budget, bool isBound) internal returns (uint256 index) {
        index = jobs.length;
        Job storage job = jobs.push();
        (job.id, job.client, job.provider, job.orchestrator) = (id, deal.client, deal.provider, deal.orchestrator);
        job.evaluator = deal.evaluator == address(0) ? deal.client : deal.evaluator;
        (job.budget, job.role, job.terms, job.bound) = (budget, deal.role, deal.terms, isBound);
        job.deadline = block.timestamp + Duration.unwrap(deal.duration);
        if (isBound) inFlightOf[deal.provider] += budget;
        job.status = JobStatus.Funded;
        job.reviewDuration = reviewDuration;
        (nodes[index].allotted, nodes[index].forChildren) = (deal.forChildren, deal.forChildren);
    }

    // Steps

    function _submit(uint256 index) internal {
        Job storage job = jobs[index];
        VM.prank(job.provider);
        suite.jobMarket.submit(job.id, "work", "");
        job.status = JobStatus.Submitted;
        job.reviewEndsAt = block.timestamp + job.reviewDuration;
    }

    function _complete(uint256 index) internal {
        lookAt(index);
        VM.prank(jobs[index].evaluator);
        suite.jobMarket.complete(jobs[index].id, "good", "");
        noteEnd(index, JobStatus.Completed);
        bookSettledJob(index);
    }

    function _endByRefund(uint256 index, JobStatus status) internal {
        Job storage job = jobs[index];
        // What a client takes back before it was submitted and in time is no failure.
        bool failed = job.status == JobStatus.Submitted || status == JobStatus.Expired;
        lookAt(index);
        if (status == JobStatus.Rejected) {
            VM.prank(job.evaluator);
            suite.jobMarket.reject(job.id, "no", "");
        } else {
            VM.prank(stranger);
            suite.jobMarket.claimRefund(job.id);
        }
        noteEnd(index, status);
        if (failed) bookFailedJob(index);
        note(bookUnspent(index, job.budget) ? "escrow went up" : "escrow went back to the client");
    }
}
