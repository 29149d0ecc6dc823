// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {RoleId} from "../shared/RoleId.sol";
import {Roles} from "../shared/Roles.sol";
import {IProviderRegistry} from "./interfaces/IProviderRegistry.sol";
import {Heartbeat as Heartbeats} from "./libraries/Heartbeat.sol";
import {Score} from "./libraries/Score.sol";
import {PositionBook} from "./PositionBook.sol";
import {DELEGATED, Position, TrackRecord} from "./types/Position.sol";

/// @title Track records of providers
/// @dev Only the vault moves an average: by a task, or by a rating that {PeerReviews} passes on. A provider moves its own
/// heartbeats, which an average follows at its next task.
abstract contract TrackRecords is PositionBook {
    modifier onlyVault() {
        require(msg.sender == address(SETTLEMENT), ProviderRegistryCallerNotVault(msg.sender));
        _;
    }

    /// @inheritdoc IProviderRegistry
    function record(Task calldata task) external onlyVault returns (uint256 score, uint256 cut, address pools) {
        bool delegated;
        (score, delegated) = _record(task.provider, task.role, task);
        if (task.orchestrator != address(0)) _record(task.orchestrator, Roles.ORCHESTRATOR, task);

        if (delegated && task.pay != 0) {
            uint256 ownBond = _storage().positions[task.provider][task.role].octoBond;
            cut = POOLS.accrue(task.provider, task.role, task.pay, ownBond);
        }
        return (score, cut, address(POOLS));
    }

    /// @inheritdoc IProviderRegistry
    function addRating(address account, RoleId role, uint256 weight, uint256 rating) external {
        require(msg.sender == REVIEWS, ProviderRegistryCallerNotReviews(msg.sender));
        TrackRecord memory history = _begun(account, role);

        Score.addRating(history, weight, rating, block.timestamp);
        _storage().positions[account][role].record = history;
    }

    /// @inheritdoc IProviderRegistry
    function heartbeat(RoleId role) external {
        TrackRecord memory history = _begun(msg.sender, role);

        Heartbeats.beat(history, block.timestamp);
        _storage().positions[msg.sender][role].record = history;
        emit Heartbeat(msg.sender, role, history.beatWindow);
    }

    /// @inheritdoc IProviderRegistry
    function setDuty(RoleId role, bool onDuty) external {
        TrackRecord memory history = _begun(msg.sender, role);

        Heartbeats.setDuty(history, onDuty, block.timestamp);
        _storage().positions[msg.sender][role].record = history;
        emit DutySet(msg.sender, role, onDuty);
    }

    function _record(address account, RoleId role, Task calldata task) private returns (uint256 score, bool delegated) {
        Position storage position = _storage().positions[account][role];
        TrackRecord memory history = position.record;
        Score.add(history, task.weight, task.success, task.speed, block.timestamp);
        position.record = history;
        score = Score.points(history, block.timestamp);
        emit TaskRecorded(account, role, history.tasks, score);

        return (score, history.flags & DELEGATED != 0);
    }

    function _begun(address account, RoleId role) private view returns (TrackRecord memory history) {
        history = _storage().positions[account][role].record;
        require(history.activatedDay != 0, ProviderRegistryNeverActive(account, role));
    }
}
