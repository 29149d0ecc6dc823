// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {Arrays} from "@openzeppelin/contracts/utils/Arrays.sol";
import {Comparators} from "@openzeppelin/contracts/utils/Comparators.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {EnumerableSet} from "@openzeppelin/contracts/utils/structs/EnumerableSet.sol";
import {RoleId} from "../shared/RoleId.sol";
import {IProviderDirectory} from "./interfaces/IProviderDirectory.sol";
import {IProviderLens} from "./interfaces/IProviderLens.sol";
import {IProviderRegistry} from "./interfaces/IProviderRegistry.sol";

/// @title Provider directory
/// @dev Invariant L-1: a role lists exactly the accounts that have a profile for it, each once.
/// @dev Invariant L-2: who publishes is active; only the provider takes an active position's profile out.
///
/// What a profile announces is kept under the profile's hash and never deleted: it is a fact about the content, whoever
/// published it, so a replaced or removed profile is forgotten by forgetting its hash. What is deliberately not checked:
/// whether a listed position is still active. A ranking leaves out who is not, and anybody may take them out.
contract ProviderDirectory is IProviderDirectory {
    using Arrays for uint256[];
    using EnumerableSet for EnumerableSet.AddressSet;

    uint256 private constant MAX_CONTENT_LENGTH = 4096;
    uint256 private constant MAX_CAPABILITIES = 16;
    uint256 private constant MAX_CAPABILITY_LENGTH = 64;
    uint256 private constant MAX_PAGE = 100;

    IProviderRegistry private immutable REGISTRY;
    IProviderLens private immutable LENS;

    mapping(RoleId role => EnumerableSet.AddressSet providers) private _listed;
    mapping(address provider => mapping(RoleId role => bytes32 profileHash)) private _profileHashes;
    mapping(bytes32 profileHash => mapping(bytes32 capability => bool announced)) private _announced;

    /// @param registry The registry, which knows who is active.
    /// @param lens The lens, which reads how they stand.
    constructor(IProviderRegistry registry, IProviderLens lens) {
        REGISTRY = registry;
        LENS = lens;
    }

    /// @inheritdoc IProviderDirectory
    function publish(
        RoleId role,
        string[] calldata capabilities,
        string calldata endpoint,
        string calldata metadata
    ) external {
        require(REGISTRY.isActive(msg.sender, role), ProviderDirectoryNotActive(msg.sender, role));
        _requireCapabilities(capabilities);
        _requireContent(endpoint, metadata);

        bytes32 profileHash = keccak256(abi.encode(capabilities, endpoint, metadata));
        _profileHashes[msg.sender][role] = profileHash;
        _listed[role].add(msg.sender);
        _announce(profileHash, capabilities);
        emit ProfilePublished(msg.sender, role, profileHash, capabilities, endpoint, metadata);
    }

    /// @inheritdoc IProviderDirectory
    function remove(address provider, RoleId role) external {
        require(_profileHashes[provider][role] != 0, ProviderDirectoryNotListed(provider, role));
        require(
            msg.sender == provider || !REGISTRY.isActive(provider, role),
            ProviderDirectoryStillActive(provider, role, msg.sender)
        );

        delete _profileHashes[provider][role];
        _listed[role].remove(provider);
        emit ProfileRemoved(provider, role, msg.sender);
    }

    /// @inheritdoc IProviderDirectory
    function rank(
        Query calldata query,
        uint256 cursor,
        uint256 limit
    ) external view returns (Match[] memory matches, uint256 next) {
        require(limit != 0 && limit <= MAX_PAGE, ProviderDirectoryPageSize(limit, MAX_PAGE));
        uint256 count = _listed[query.role].length();
        if (cursor >= count) return (matches, 0);

        uint256 end = Math.min(cursor + limit, count);
        matches = _ranked(query, _listed[query.role].values(cursor, end));
        next = end == count ? 0 : end;
    }

    /// @inheritdoc IProviderDirectory
    function countOf(RoleId role) external view returns (uint256) {
        return _listed[role].length();
    }

    /// @inheritdoc IProviderDirectory
    function profileHashOf(address provider, RoleId role) external view returns (bytes32) {
        return _profileHashes[provider][role];
    }

    /// @inheritdoc IProviderDirectory
    function hasCapability(address provider, RoleId role, bytes32 capability) public view returns (bool) {
        return _announced[_profileHashes[provider][role]][capability];
    }

    /// @dev Nothing is written for content that was published before, by anybody.
    function _announce(bytes32 profileHash, string[] calldata capabilities) private {
        for (uint256 i = 0; i < capabilities.length; ++i) {
            _announced[profileHash][keccak256(bytes(capabilities[i]))] = true;
        }
    }

    /// @dev Those of the page that suit, best first.
    function _ranked(Query calldata query, address[] memory page) private view returns (Match[] memory matches) {
        Match[] memory suiting = new Match[](page.length);
        uint256[] memory order = new uint256[](page.length);
        uint256 count = 0;
        for (uint256 i = 0; i < page.length; ++i) {
            (bool suits, Match memory found) = _match(query, page[i]);
            if (!suits) continue;

            suiting[count] = found;
            order[count] = _sortKey(found, count);
            ++count;
        }

        order = order.splice(0, count).sort(Comparators.gt);
        matches = new Match[](count);
        for (uint256 i = 0; i < count; ++i) matches[i] = suiting[uint8(order[i])]; // the place, below MAX_PAGE
    }

    /// @dev Work in flight can exceed the capacity of a bond that was slashed or is leaving: then nothing is left.
    function _match(Query calldata query, address provider) private view returns (bool suits, Match memory found) {
        if (query.capability != 0 && !hasCapability(provider, query.role, query.capability)) return (false, found);

        IProviderLens.Status memory status = LENS.statusOf(provider, query.role);
        found = Match({
            provider: provider,
            routingWeight: status.routingWeight,
            score: status.score,
            capacityLeft: Math.saturatingSub(status.capacity, status.valueInFlight),
            binding: status.maxBudget != 0 && query.budget <= status.maxBudget,
            profileHash: _profileHashes[provider][query.role]
        });
        suits = status.active && found.score >= query.minScore && found.capacityLeft >= query.budget;
    }

    /// @dev Sorts by weight, then score, then address, the lower address being the greater key; ends with the place in the
    /// list. Weight and score are at most 100e5 and fit into 24 bits each.
    function _sortKey(Match memory found, uint256 place) private pure returns (uint256) {
        uint256 inverted = type(uint160).max - uint160(found.provider);
        return (found.routingWeight << 192) | (found.score << 168) | (inverted << 8) | place;
    }

    function _requireCapabilities(string[] calldata capabilities) private pure {
        uint256 count = capabilities.length;
        require(count <= MAX_CAPABILITIES, ProviderDirectoryTooManyCapabilities(count, MAX_CAPABILITIES));
        for (uint256 i = 0; i < count; ++i) {
            uint256 length = bytes(capabilities[i]).length;
            require(
                length != 0 && length <= MAX_CAPABILITY_LENGTH,
                ProviderDirectoryCapabilityLength(i, length, MAX_CAPABILITY_LENGTH)
            );
        }
    }

    function _requireContent(string calldata endpoint, string calldata metadata) private pure {
        require(bytes(endpoint).length != 0, ProviderDirectoryNoEndpoint());
        uint256 length = bytes(endpoint).length + bytes(metadata).length;
        require(length <= MAX_CONTENT_LENGTH, ProviderDirectoryContentTooLong(length, MAX_CONTENT_LENGTH));
    }
}
