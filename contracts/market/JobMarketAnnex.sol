// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {BitMaps} from "@openzeppelin/contracts/utils/structs/BitMaps.sol";
import {IJobFacts} from "./interfaces/IJobFacts.sol";
import {ISettlement} from "../economy/interfaces/ISettlement.sol";
import {Permit} from "../shared/Permit.sol";
import {IERC8183Proposals} from "./interfaces/IERC8183Proposals.sol";
import {IERC8183Deployed} from "./interfaces/IERC8183Deployed.sol";
import {IJobMarket} from "./interfaces/IJobMarket.sol";
import {IJobMarketAnnex} from "./interfaces/IJobMarketAnnex.sol";
import {JobBook} from "./JobBook.sol";
import {JobSteps} from "./JobSteps.sol";
import {JobTrees} from "./JobTrees.sol";
import {JobVerdicts} from "./JobVerdicts.sol";
import {DealHash} from "./libraries/DealHash.sol";
import {Consent, Deal} from "./types/Deal.sol";
import {BOUND, Extras, Job, JobStatus} from "./types/Job.sol";
import {JobId} from "./types/JobId.sol";

/// @title The job market's annex: its second half
/// @dev {JobMarket} passes on to it whatever it does not answer itself, by `delegatecall`: the code runs on the market's
/// storage and under its address. Called directly it has no jobs and no market's rights at the vault.
contract JobMarketAnnex is JobSteps, JobTrees, JobVerdicts {
    using DealHash for Deal;
    using BitMaps for BitMaps.BitMap;

    /// @param peers_ The fixed peers, those of the market.
    constructor(Peers memory peers_) JobBook(peers_) {
        _disableInitializers();
    }

    /// @inheritdoc IERC8183Proposals
    function getJob(JobId jobId) external view returns (JobView memory) {
        Job storage job = _job(jobId);
        return
            JobView({
                id: jobId,
                client: job.client,
                provider: job.provider,
                evaluator: _evaluatorOf(jobId, job),
                description: "",
                budget: job.budget,
                expiredAt: job.deadline,
                status: job.state.status(),
                hook: _hookOf(jobId, job),
                paymentToken: address(OCTO),
                providerAgentId: _extrasOf(jobId, job.state).agentId,
                submittedAt: _submittedAt(job)
            });
    }

    // ERC-8183 in the deployed arities

    /// @inheritdoc IERC8183Deployed
    function createJob(
        address provider,
        address evaluator,
        uint256 expiredAt,
        string calldata description,
        address hook
    ) external returns (JobId jobId) {
        return _create(provider, evaluator, expiredAt, description, hook, 0);
    }

    /// @inheritdoc IERC8183Deployed
    function setProvider(JobId jobId, address provider) external {
        _setProvider(jobId, provider, 0);
    }

    /// @inheritdoc IERC8183Deployed
    function setBudget(JobId jobId, uint256 amount, bytes calldata optParams) external {
        _setBudget(jobId, amount, optParams);
    }

    /// @inheritdoc IERC8183Deployed
    function getJobDeployed(JobId jobId) external view returns (DeployedJobView memory) {
        Job storage job = _job(jobId);
        return
            DeployedJobView({
                client: job.client,
                status: job.state.status(),
                provider: job.provider,
                expiredAt: job.deadline,
                evaluator: _evaluatorOf(jobId, job),
                hook: _hookOf(jobId, job),
                budget: job.budget,
                description: ""
            });
    }

    // Own

    /// @inheritdoc IJobMarketAnnex
    function hireWithPermit(
        Deal memory deal,
        uint128 budget,
        Permit calldata permit,
        Consent calldata consent
    ) external returns (JobId jobId) {
        _requireClient(deal);
        ISettlement.Lock memory escrow;
        Extras memory none;
        (jobId, escrow) = _hire(deal, budget, consent, none);

        permit.tryUse(OCTO, msg.sender);
        SETTLEMENT.lockByApproval(escrow, false);
    }

    /// @inheritdoc IJobMarketAnnex
    function revokeConsent(uint256 nonce) external {
        _spendConsent(msg.sender, nonce);
    }

    /// @inheritdoc IJobMarketAnnex
    function termsOf(JobId jobId) external view returns (Terms memory) {
        Job storage job = _job(jobId);
        uint256 reviewEndsAt = _reviewEndsAt(job);
        return
            Terms({
                role: job.state.role(),
                schedule: job.state.schedule(),
                orchestrator: _storage().orchestrators[jobId],
                terms: job.terms,
                bound: job.state.has(BOUND),
                fundedAt: reviewEndsAt == 0 ? job.markAt : 0,
                reviewEndsAt: reviewEndsAt,
                reviewDuration: _toSeconds(job.reviewHours),
                speed: job.state.speed()
            });
    }

    /// @inheritdoc IJobMarketAnnex
    function treeOf(JobId jobId) external view returns (Extras memory) {
        return _extrasOf(jobId, _job(jobId).state);
    }

    /// @inheritdoc IJobFacts
    function settledOf(
        JobId jobId
    ) external view returns (address client, address provider, uint256 agentId, uint256 settled) {
        Job storage job = _storage().jobs[jobId];
        bool isCompleted = job.state.status() == JobStatus.Completed;
        return (job.client, job.provider, _extrasOf(jobId, job.state).agentId, isCompleted ? job.budget : 0);
    }

    /// @inheritdoc IJobMarketAnnex
    function authorizationNonceOf(Deal memory deal) external view returns (bytes32) {
        return keccak256(abi.encode(address(this), deal.hash(IJobMarket.hireWithAuthorization.selector)));
    }

    /// @inheritdoc IJobMarketAnnex
    function isConsentSpent(address provider, uint256 nonce) external view returns (bool) {
        return _storage().spentConsents[provider].get(nonce);
    }

    /// @inheritdoc IJobMarketAnnex
    function jobCount() external view returns (uint256) {
        return _storage().lastJobId;
    }

    /// @inheritdoc IJobMarketAnnex
    function dealHashOf(Deal memory deal, bytes4 action) external pure returns (bytes32) {
        return deal.hash(action);
    }
}
