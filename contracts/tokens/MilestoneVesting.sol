// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IGenesisWallet} from "./interfaces/IGenesisWallet.sol";
import {IMilestoneVesting} from "./interfaces/IMilestoneVesting.sol";
import {GenesisWallet} from "./GenesisWallet.sol";

/// @title Vesting by milestones
/// @dev Invariant W-3: a milestone is attested once, no later than the deadline; it is the beneficiary's from then on, and
/// the treasury's if that never happens.
/// @dev Invariant W-4: what beneficiary and treasury were paid of a token is at most what came in, and from the end on all
/// that came in belongs to one of them.
contract MilestoneVesting is IMilestoneVesting, GenesisWallet, AccessManaged {
    using SafeERC20 for IERC20;

    /// @dev A release reads every milestone, so there are few.
    uint256 private constant MAX_MILESTONES = 16;

    struct Milestone {
        uint128 amount;
        uint64 attestedAt;
    }

    address private immutable TREASURY;
    uint256 private immutable LOCK;

    Milestone[] private _milestones;

    /// @inheritdoc IMilestoneVesting
    mapping(address token => uint256) public reclaimed;

    /// @param authority_ The AccessManager.
    /// @param beneficiary Who is paid.
    /// @param treasury_ Where goes what is not attested.
    /// @param amounts What each milestone is for, in wei.
    /// @param lock_ How long an attested milestone waits until it is free, in seconds.
    /// @param deadlineAfter The last moment for an attestation, in seconds after this deployment.
    constructor(
        address authority_,
        address beneficiary,
        address treasury_,
        uint128[] memory amounts,
        uint64 lock_,
        uint64 deadlineAfter
    ) GenesisWallet(beneficiary, _sum(amounts), uint256(deadlineAfter) + lock_) AccessManaged(authority_) {
        require(treasury_ != address(0), MilestoneVestingZeroTreasury());
        require(amounts.length <= MAX_MILESTONES, MilestoneVestingTooManyMilestones(amounts.length, MAX_MILESTONES));
        (TREASURY, LOCK) = (treasury_, lock_);

        for (uint256 i = 0; i < amounts.length; ++i) {
            require(amounts[i] != 0, MilestoneVestingZeroMilestone(i));
            _milestones.push(Milestone({amount: amounts[i], attestedAt: 0}));
        }
    }

    /// @inheritdoc IMilestoneVesting
    function attest(uint256 index) external restricted {
        Milestone storage milestone = _milestone(index);
        require(milestone.attestedAt == 0, MilestoneVestingAlreadyAttested(index, milestone.attestedAt));
        require(block.timestamp <= deadline(), MilestoneVestingDeadlinePassed(block.timestamp, deadline()));

        milestone.attestedAt = uint64(block.timestamp);
        emit MilestoneAttested(index, milestone.amount, block.timestamp + LOCK);
    }

    /// @inheritdoc IMilestoneVesting
    function reclaim(address token) external {
        require(block.timestamp > deadline(), MilestoneVestingDeadlineNotPassed(block.timestamp, deadline()));
        uint256 amount = _received(token) < allocation() ? 0 : unattested() - reclaimed[token];

        reclaimed[token] += amount;
        emit MilestonesReclaimed(token, amount);
        IERC20(token).safeTransfer(TREASURY, amount);
    }

    /// @inheritdoc IMilestoneVesting
    function milestoneOf(uint256 index) external view returns (uint256 amount, uint256 attestedAt, uint256 freeAt) {
        Milestone storage milestone = _milestone(index);
        (amount, attestedAt) = (milestone.amount, milestone.attestedAt);
        freeAt = attestedAt == 0 ? 0 : attestedAt + LOCK;
    }

    /// @inheritdoc IGenesisWallet
    function vested() external view returns (uint256) {
        return allocation() - unattested();
    }

    /// @inheritdoc IGenesisWallet
    function nextFreeAt() external view returns (uint256 earliest) {
        for (uint256 i = 0; i < _milestones.length; ++i) {
            uint256 attestedAt = _milestones[i].attestedAt;
            if (attestedAt == 0 || attestedAt + LOCK <= block.timestamp) continue;
            if (earliest == 0 || attestedAt + LOCK < earliest) earliest = attestedAt + LOCK;
        }
    }

    /// @inheritdoc IMilestoneVesting
    function count() external view returns (uint256) {
        return _milestones.length;
    }

    /// @inheritdoc IMilestoneVesting
    function lock() external view returns (uint256) {
        return LOCK;
    }

    /// @inheritdoc IMilestoneVesting
    function treasury() external view returns (address) {
        return TREASURY;
    }

    /// @inheritdoc IMilestoneVesting
    function deadline() public view returns (uint256) {
        return end() - LOCK;
    }

    /// @inheritdoc IMilestoneVesting
    function unattested() public view returns (uint256 sum) {
        for (uint256 i = 0; i < _milestones.length; ++i) {
            if (_milestones[i].attestedAt == 0) sum += _milestones[i].amount;
        }
    }

    /// @dev What the treasury took back came in, too.
    function vestedAmount(address token, uint64 timestamp) public view override returns (uint256) {
        return _vestingSchedule(_received(token), timestamp);
    }

    /// @dev From the end on everything is the beneficiary's, but for what is the treasury's.
    function _vestingSchedule(uint256 total, uint64 timestamp) internal view override returns (uint256) {
        uint256 free_ = super._vestingSchedule(total, timestamp);
        return timestamp < end() || total < allocation() ? free_ : free_ - unattested();
    }

    function _freeAt(uint256 timestamp) internal view override returns (uint256 sum) {
        for (uint256 i = 0; i < _milestones.length; ++i) {
            uint256 attestedAt = _milestones[i].attestedAt;
            if (attestedAt != 0 && attestedAt + LOCK <= timestamp) sum += _milestones[i].amount;
        }
    }

    /// @return What of a token ever came in.
    function _received(address token) private view returns (uint256) {
        return IERC20(token).balanceOf(address(this)) + released(token) + reclaimed[token];
    }

    function _milestone(uint256 index) private view returns (Milestone storage) {
        require(index < _milestones.length, MilestoneVestingUnknownMilestone(index, _milestones.length));
        return _milestones[index];
    }

    function _sum(uint128[] memory amounts) private pure returns (uint256 sum) {
        for (uint256 i = 0; i < amounts.length; ++i) sum += amounts[i];
    }
}
