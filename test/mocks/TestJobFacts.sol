// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {IJobFacts} from "../../contracts/market/interfaces/IJobFacts.sol";
import {JobId} from "../../contracts/market/types/JobId.sol";

/// @title A market that says of its jobs what it is told to say
contract TestJobFacts is IJobFacts {
    struct Facts {
        address client;
        address provider;
        uint256 agentId;
        uint256 settled;
    }

    mapping(JobId jobId => Facts facts) private _facts;

    function set(JobId jobId, address client, address provider, uint256 agentId, uint256 settled) external {
        _facts[jobId] = Facts({client: client, provider: provider, agentId: agentId, settled: settled});
    }

    /// @inheritdoc IJobFacts
    function settledOf(
        JobId jobId
    ) external view returns (address client, address provider, uint256 agentId, uint256 settled) {
        Facts memory facts = _facts[jobId];
        return (facts.client, facts.provider, facts.agentId, facts.settled);
    }
}
