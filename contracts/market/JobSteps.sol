// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {ISettlement} from "../economy/interfaces/ISettlement.sol";
import {IERC8183Proposals} from "./interfaces/IERC8183Proposals.sol";
import {Proposals} from "./Proposals.sol";
import {BOUND, EVALUATED, Job, JobState, JobStatus} from "./types/Job.sol";
import {JobId} from "./types/JobId.sol";

/// @title ERC-8183: a job in steps, until it is funded
abstract contract JobSteps is Proposals, IERC8183Proposals {
    /// @inheritdoc IERC8183Proposals
    function createJob(
        address provider,
        address evaluator,
        uint256 expiredAt,
        string calldata description,
        address hook,
        uint256 providerAgentId
    ) external returns (JobId jobId) {
        return _create(provider, evaluator, expiredAt, description, hook, providerAgentId);
    }

    /// @inheritdoc IERC8183Proposals
    function setProvider(JobId jobId, address provider, uint256 agentId) external {
        _setProvider(jobId, provider, agentId);
    }

    /// @inheritdoc IERC8183Proposals
    function setBudget(JobId jobId, address token, uint256 amount, bytes calldata optParams) external {
        require(token == address(OCTO), JobMarketTokenNotAccepted(token, address(OCTO)));
        _setBudget(jobId, amount, optParams);
    }

    /// @inheritdoc IERC8183Proposals
    function fund(JobId jobId, uint256 expectedBudget, bytes calldata optParams) external nonReentrantView {
        Job storage job = _job(jobId, JobStatus.Open);
        _requireCaller(jobId, job.client);
        require(job.provider != address(0), JobMarketZeroParty());
        uint96 budget = _toBudget(job.budget);
        require(budget == expectedBudget, JobMarketBudgetMismatch(jobId, budget, expectedBudget));
        require(block.timestamp <= job.deadline, JobMarketDeadlinePassed(jobId, job.deadline));

        address hook = _hookOf(jobId, job);
        if (hook != address(0))
            _tell(hook, jobId, false, IERC8183Proposals.fund.selector, abi.encode(msg.sender, optParams));
        SETTLEMENT.lockByApproval(_freeze(jobId, job, budget), true);
        if (hook != address(0))
            _tell(hook, jobId, true, IERC8183Proposals.fund.selector, abi.encode(msg.sender, optParams));
    }

    /// @dev Freezes what was agreed.
    /// @return escrow What the vault locks.
    function _freeze(JobId jobId, Job storage job, uint96 budget) private returns (ISettlement.Lock memory escrow) {
        uint256 duration = job.deadline - block.timestamp;
        _requireDuration(duration);
        JobState state = job.state;
        (bool agreed, uint256 capacity) = REGISTRY.screen(job.provider, state.role(), budget, duration);
        uint256 agentId = _extrasOf(jobId, state).agentId;
        if (agentId != 0) agreed = _listed(agentId, job.provider, budget, duration, false) || agreed;
        bool bound = agreed && !state.has(EVALUATED);
        job.state = (bound ? state.with(BOUND) : state).withStatus(JobStatus.Funded);
        job.markAt = uint32(block.timestamp); // until the year 2106
        job.reviewHours = _storage().reviewHours;
        emit TermsFrozen(jobId, job.terms, state.role(), state.schedule(), address(0), bound);
        emit JobFunded(jobId, msg.sender, budget);

        escrow = ISettlement.Lock({
            client: msg.sender,
            amount: budget,
            role: state.role(),
            schedule: state.schedule(),
            provider: bound ? job.provider : address(0),
            capacity: uint128(capacity) // below 2^91
        });
    }
}
