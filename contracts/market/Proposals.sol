// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {Roles} from "../shared/Roles.sol";
import {Schedules} from "../shared/ScheduleId.sol";
import {Agreements} from "./Agreements.sol";
import {IERC8183Proposals} from "./interfaces/IERC8183Proposals.sol";
import {EVALUATED, EXTENDED, Job, JobStatus, newJobState} from "./types/Job.sol";
import {JobId} from "./types/JobId.sol";

/// @title A job in steps, as long as it is Open
/// @dev For both ABIs of ERC-8183. A job made so has role D, the Service schedule and no orchestrator.
abstract contract Proposals is Agreements {
    uint256 private constant MAX_DESCRIPTION = 4096;

    function _create(
        address provider,
        address evaluator,
        uint256 expiredAt,
        string calldata description,
        address hook,
        uint256 agentId
    ) internal nonReentrantView returns (JobId jobId) {
        require(evaluator != address(0), JobMarketZeroParty());
        _requireParties(msg.sender, provider, evaluator);
        _requireHook(hook);
        _requireDuration(expiredAt < block.timestamp ? 0 : expiredAt - block.timestamp);
        uint256 length = bytes(description).length;
        require(length <= MAX_DESCRIPTION, JobMarketDescriptionTooLong(length, MAX_DESCRIPTION));

        bool evaluated = evaluator != msg.sender;
        jobId = _nextJobId();
        Job storage job = _storage().jobs[jobId];
        job.client = msg.sender;
        job.provider = provider;
        job.deadline = uint32(expiredAt); // at most MAX_DURATION from now, until the year 2106
        job.state = newJobState(Roles.DEVELOPER, Schedules.SERVICE, evaluated ? EVALUATED : 0);
        job.terms = keccak256(bytes(description));
        if (evaluated) _storage().evaluators[jobId] = evaluator;
        _nameAgent(jobId, job, agentId);
        _nameHook(jobId, job, hook);

        emit JobCreated(jobId, msg.sender, provider, evaluator, expiredAt, hook);
        emit JobDescribed(jobId, job.terms, description);
        if (hook == address(0)) return jobId;
        _tell(hook, jobId, true, IERC8183Proposals.createJob.selector, abi.encode(msg.sender, provider, evaluator));
    }

    function _setProvider(JobId jobId, address provider, uint256 agentId) internal nonReentrantView {
        Job storage job = _job(jobId, JobStatus.Open);
        _requireCaller(jobId, job.client);
        require(job.provider == address(0), JobMarketProviderAlreadySet(jobId, job.provider));
        require(provider != address(0), JobMarketZeroParty());
        _requireParties(job.client, provider, _evaluatorOf(jobId, job));

        job.provider = provider;
        if (agentId != 0) _nameAgent(jobId, job, agentId);
        emit ProviderSet(jobId, provider);
    }

    function _setBudget(JobId jobId, uint256 amount, bytes calldata optParams) internal nonReentrantView {
        Job storage job = _job(jobId, JobStatus.Open);
        require(msg.sender == job.client || msg.sender == job.provider, JobMarketCallerNotParty(jobId, msg.sender));
        uint96 budget = _toBudget(amount);

        address hook = _hookOf(jobId, job);
        bytes4 selector = IERC8183Proposals.setBudget.selector;
        bytes memory data = hook == address(0) ? bytes("") : abi.encode(msg.sender, address(OCTO), amount, optParams);
        if (hook != address(0)) _tell(hook, jobId, false, selector, data);
        job.budget = budget;
        emit BudgetSet(jobId, amount);
        if (hook != address(0)) _tell(hook, jobId, true, selector, data);
    }

    function _nameAgent(JobId jobId, Job storage job, uint256 agentId) private {
        if (agentId == 0) return;

        require(agentId <= type(uint64).max, JobMarketUnknownAgent(agentId));
        _storage().extras[jobId].agentId = uint64(agentId);
        job.state = job.state.with(EXTENDED);
    }

    function _nameHook(JobId jobId, Job storage job, address hook) private {
        if (hook == address(0)) return;

        _storage().extras[jobId].hooked = true;
        _storage().hooks[jobId] = hook;
        job.state = job.state.with(EXTENDED);
    }
}
