// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {RoleId} from "../../shared/RoleId.sol";

/// @title Provider directory
/// @notice Where clients find providers: who offers what, where it is reached, and how a role's providers rank for a job.
/// @dev Holds no money and no permission. Content goes into the event, its hash into storage.
interface IProviderDirectory {
    /// @notice What a client looks for.
    /// @param role The role of the work.
    /// @param budget In wei of OCTO; the provider must have this much capacity left.
    /// @param minScore The least score, in points of 1e5.
    /// @param capability A capability the provider must have announced, as its keccak256; zero for any.
    struct Query {
        RoleId role;
        uint256 budget;
        uint256 minScore;
        bytes32 capability;
    }

    /// @notice A provider that suits.
    /// @param provider The provider.
    /// @param routingWeight Its rank, in points of 1e5: 0 to 100e5.
    /// @param score Its reliability, in points of 1e5.
    /// @param capacityLeft What it can still take on, in wei of OCTO.
    /// @param binding Whether its standing terms bind it to such a budget without a signature.
    /// @param profileHash keccak256 of its published content.
    struct Match {
        address provider;
        uint256 routingWeight;
        uint256 score;
        uint256 capacityLeft;
        bool binding;
        bytes32 profileHash;
    }

    /// @notice A provider published its profile for a role.
    /// @param provider The provider.
    /// @param role The role.
    /// @param profileHash keccak256(abi.encode(capabilities, endpoint, metadata)).
    /// @param capabilities What it offers.
    /// @param endpoint Where it is reached.
    /// @param metadata Anything else, as the provider likes.
    event ProfilePublished(
        address indexed provider,
        RoleId indexed role,
        bytes32 profileHash,
        string[] capabilities,
        string endpoint,
        string metadata
    );

    /// @notice A provider's profile left the directory.
    /// @param provider The provider.
    /// @param role The role.
    /// @param caller Who took it out.
    event ProfileRemoved(address indexed provider, RoleId indexed role, address indexed caller);

    /// @notice The content is too long.
    /// @param length Of endpoint and metadata, in bytes.
    /// @param limit The most, in bytes.
    error ProviderDirectoryContentTooLong(uint256 length, uint256 limit);

    /// @notice Too many capabilities.
    /// @param count What was given.
    /// @param limit The most.
    error ProviderDirectoryTooManyCapabilities(uint256 count, uint256 limit);

    /// @notice A capability is empty or too long.
    /// @param index Its place in the list.
    /// @param length Its length, in bytes.
    /// @param limit The most, in bytes.
    error ProviderDirectoryCapabilityLength(uint256 index, uint256 length, uint256 limit);

    /// @notice The endpoint is empty.
    error ProviderDirectoryNoEndpoint();

    /// @notice The account is not active in the role.
    /// @param provider The account.
    /// @param role The role.
    error ProviderDirectoryNotActive(address provider, RoleId role);

    /// @notice There is no profile to remove.
    /// @param provider The account.
    /// @param role The role.
    error ProviderDirectoryNotListed(address provider, RoleId role);

    /// @notice Only the provider removes its profile while it is active.
    /// @param provider The provider.
    /// @param role The role.
    /// @param caller Who tried.
    error ProviderDirectoryStillActive(address provider, RoleId role, address caller);

    /// @notice A page is empty or too long.
    /// @param limit What was asked for.
    /// @param most The most.
    error ProviderDirectoryPageSize(uint256 limit, uint256 most);

    /// @notice Publishes, or replaces, the caller's profile for a role in which it is active.
    /// @param role The role.
    /// @param capabilities What it offers, at most 16 of 1 to 64 bytes each, for clients to filter by.
    /// @param endpoint Where it is reached; not empty, with the metadata at most 4,096 bytes.
    /// @param metadata Anything else.
    function publish(
        RoleId role,
        string[] calldata capabilities,
        string calldata endpoint,
        string calldata metadata
    ) external;

    /// @notice Takes a profile out: the provider always, anybody else once the position is not active any more.
    /// @param provider The provider.
    /// @param role The role.
    function remove(address provider, RoleId role) external;

    /// @notice Ranks a page of a role's providers for a job, best routing weight first.
    /// @dev A view for off-chain callers: the page is cut from the list, then filtered and sorted, so a page can hold fewer
    /// matches than `limit`, and the best of all is the best of all pages.
    /// @param query What is looked for.
    /// @param cursor Where the page begins; 0 first.
    /// @param limit How many profiles to look at, 1 to 100.
    /// @return matches Those that suit, best first.
    /// @return next The next page's cursor; 0 if this was the last.
    function rank(
        Query calldata query,
        uint256 cursor,
        uint256 limit
    ) external view returns (Match[] memory matches, uint256 next);

    /// @notice The hash of a provider's published content.
    /// @param provider The provider.
    /// @param role The role.
    /// @return keccak256(abi.encode(capabilities, endpoint, metadata)); zero if none.
    function profileHashOf(address provider, RoleId role) external view returns (bytes32);

    /// @notice Whether a provider announced a capability.
    /// @param provider The provider.
    /// @param role The role.
    /// @param capability Its keccak256.
    /// @return True if it did.
    function hasCapability(address provider, RoleId role, bytes32 capability) external view returns (bool);

    /// @notice How many profiles a role has.
    /// @param role The role.
    /// @return The number.
    function countOf(RoleId role) external view returns (uint256);
}
