// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {MAX_BPS} from "../shared/Bps.sol";
import {RoleId} from "../shared/RoleId.sol";
import {IPeerReviews} from "./interfaces/IPeerReviews.sol";
import {IProviderRegistry} from "./interfaces/IProviderRegistry.sol";

/// @title Peer reviews
/// @dev Invariant P-1: between two ratings of one client for one provider and role lie at least 30 days.
/// @dev Invariant P-2: all ratings of a day for one position weigh at most one whole step together.
contract PeerReviews is IPeerReviews {
    uint256 private constant PAUSE = 30 days;

    /// @dev What the ratings of a day have used of that day's one step. One slot.
    /// @param day Days since 1970.
    /// @param used In basis points.
    struct ReviewDay {
        uint32 day;
        uint16 used;
    }

    IProviderRegistry private immutable REGISTRY;
    address private immutable SETTLEMENT;

    /// @inheritdoc IPeerReviews
    mapping(address client => mapping(address provider => mapping(RoleId role => uint256 at))) public reviewedAt;
    mapping(address provider => mapping(RoleId role => ReviewDay day)) private _days;

    /// @param registry The provider registry.
    /// @param settlement The vault.
    constructor(IProviderRegistry registry, address settlement) {
        REGISTRY = registry;
        SETTLEMENT = settlement;
    }

    /// @inheritdoc IPeerReviews
    function review(Review calldata given) external {
        require(msg.sender == SETTLEMENT, PeerReviewsCallerNotVault(msg.sender));
        uint256 last = reviewedAt[given.client][given.provider][given.role];
        require(
            last == 0 || block.timestamp >= last + PAUSE,
            PeerReviewsTooSoon(given.client, given.provider, given.role, last + PAUSE)
        );

        reviewedAt[given.client][given.provider][given.role] = block.timestamp;
        uint256 weight = _useStep(given);
        emit PeerReviewed(given.provider, given.role, given.client, given.rating, weight);

        REGISTRY.addRating(given.provider, given.role, weight, given.rating);
    }

    /// @dev What is left of today's step, at most the rating's weight, and notes it as used.
    function _useStep(Review calldata given) private returns (uint256 weight) {
        ReviewDay storage row = _days[given.provider][given.role];
        uint256 today = block.timestamp / 1 days;
        uint256 used = row.day == today ? row.used : 0;
        weight = Math.min(given.weight, MAX_BPS - used);
        (row.day, row.used) = (uint32(today), uint16(used + weight)); // at most MAX_BPS
    }
}
