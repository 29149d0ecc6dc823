// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {RoleId} from "../../shared/RoleId.sol";

/// @title Peer reviews
/// @notice What clients say of providers whose work they paid for.
/// @dev Only settled counterparties get here: the vault passes on what a market vouches for.
interface IPeerReviews {
    /// @notice A client's rating of settled work.
    /// @param client The client.
    /// @param provider Who did it.
    /// @param role In which role.
    /// @param weight Its part of a day's step of the average, in basis points.
    /// @param rating 0 to 100.
    struct Review {
        address client;
        address provider;
        RoleId role;
        uint16 weight;
        uint8 rating;
    }

    /// @notice A client's rating was recorded.
    /// @param account Who was rated.
    /// @param role In which role.
    /// @param client Who rated.
    /// @param rating 0 to 100.
    /// @param weight What counted of it, in basis points of a whole step.
    event PeerReviewed(
        address indexed account,
        RoleId indexed role,
        address indexed client,
        uint256 rating,
        uint256 weight
    );

    /// @notice The client has rated this provider in this role less than 30 days ago.
    /// @param client The client.
    /// @param provider The provider.
    /// @param role The role.
    /// @param again When it may rate again, Unix seconds.
    error PeerReviewsTooSoon(address client, address provider, RoleId role, uint256 again);

    /// @notice Only the vault passes ratings on.
    /// @param caller Who tried.
    error PeerReviewsCallerNotVault(address caller);

    /// @notice Records a client's rating, at most one in 30 days for the same provider and role.
    /// @dev Only the vault's address. All ratings of a day together move the average by at most one whole step.
    /// @param given The rating.
    function review(Review calldata given) external;

    /// @notice When a client last rated a provider in a role.
    /// @param client The client.
    /// @param provider The provider.
    /// @param role The role.
    /// @return Unix seconds; 0 if never.
    function reviewedAt(address client, address provider, RoleId role) external view returns (uint256);
}
