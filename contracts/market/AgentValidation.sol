// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {AccessManagedUpgradeable} from "@openzeppelin/contracts-upgradeable/access/manager/AccessManagedUpgradeable.sol";
import {UUPSUpgradeable} from "@openzeppelin/contracts-upgradeable/proxy/utils/UUPSUpgradeable.sol";
import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";
import {IAgentValidation} from "./interfaces/IAgentValidation.sol";
import {IERC8004Identity} from "./interfaces/IERC8004Identity.sol";
import {IERC8004Validation} from "./interfaces/IERC8004Validation.sol";
import {Validation} from "./types/Validation.sol";

/// @title Agent validation: requests of ERC-8004, known by their keys
/// @dev Invariant Q-1: a key names one request for ever, and nobody but its requester makes it.
/// @dev Invariant Q-2: a request's hash stands for a request only as long as no other request has it.
/// @dev Invariant Q-3: an answer is its validator's, 0 to 100.
///
/// In the reference the first to give a hash has it for ever, so an outsider who sees a request coming takes it away. Here
/// he can make a hash ambiguous at most, for those who do not use the key. Lists and averages grow with the requests and are
/// for readers off chain alone: no contract of the suite calls them. What is deliberately not checked: that a validator is
/// independent of the agent. Whoever reads a summary names the validators he trusts.
contract AgentValidation is IAgentValidation, AccessManagedUpgradeable, UUPSUpgradeable {
    using Strings for string;

    uint8 private constant MAX_RESPONSE = 100;
    uint256 private constant MAX_URI_LENGTH = 2048;
    uint256 private constant MAX_TAG_LENGTH = 64;

    /// @dev Stands instead of a key where two requests have the same hash. No key: a hash nobody finds the preimage of.
    bytes32 private constant AMBIGUOUS = bytes32(type(uint256).max);

    /// @custom:storage-location erc7201:cipherocto.storage.AgentValidation
    struct AgentValidationStorage {
        mapping(bytes32 key => Validation validation) validations;
        mapping(bytes32 requestHash => bytes32 key) keys;
        mapping(address validator => mapping(bytes32 requestHash => bytes32 key)) keysTo;
        mapping(uint256 agentId => bytes32[] keys) ofAgent;
        mapping(address validator => bytes32[] keys) ofValidator;
    }

    // keccak256(abi.encode(uint256(keccak256("cipherocto.storage.AgentValidation")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant STORAGE_LOCATION = 0xb0b821af893d368a18233a0ba96d34c4d9ed202e0aa938a40348690068c8b100;

    /// @custom:oz-upgrades-unsafe-allow state-variable-immutable
    IERC8004Identity private immutable IDENTITY;

    /// @param identity The agent registry.
    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor(IERC8004Identity identity) {
        IDENTITY = identity;
        _disableInitializers();
    }

    /// @notice Sets who administers this contract.
    /// @param authority The AccessManager.
    function initialize(address authority) external initializer {
        __AccessManaged_init(authority);
    }

    /// @inheritdoc IERC8004Validation
    function validationRequest(
        address validatorAddress,
        uint256 agentId,
        string calldata requestURI,
        bytes32 requestHash
    ) external {
        require(IDENTITY.isAuthorizedOrOwner(msg.sender, agentId), AgentValidationNotAuthorized(agentId, msg.sender));
        require(validatorAddress != address(0), AgentValidationZeroValidator());
        require(requestHash != 0, AgentValidationZeroHash());
        _requireURI(requestURI);
        bytes32 key = requestKeyOf(msg.sender, agentId, requestHash);
        Validation storage validation = _storage().validations[key];
        require(validation.validator == address(0), AgentValidationAlreadyRequested(key));

        validation.validator = validatorAddress;
        validation.updatedAt = uint40(block.timestamp); // 40 bits of seconds last for ever
        validation.agentId = agentId;
        validation.requestHash = requestHash;
        _file(validatorAddress, agentId, requestHash, key);
        emit ValidationRequest(validatorAddress, agentId, requestURI, requestHash);
        emit RequestKeyed(key, msg.sender, requestHash);
    }

    /// @inheritdoc IERC8004Validation
    function validationResponse(
        bytes32 requestHash,
        uint8 response,
        string calldata responseURI,
        bytes32 responseHash,
        string calldata tag
    ) external {
        bytes32 key = _keyOf(requestHash, _storage().keysTo[msg.sender]);
        Validation storage validation = _storage().validations[key];
        address validator = validation.validator;
        require(msg.sender == validator, AgentValidationCallerNotValidator(key, msg.sender, validator));
        require(response <= MAX_RESPONSE, AgentValidationResponseTooHigh(response, MAX_RESPONSE));
        _requireURI(responseURI);
        require(bytes(tag).length <= MAX_TAG_LENGTH, AgentValidationTagTooLong(bytes(tag).length, MAX_TAG_LENGTH));

        validation.response = response;
        validation.answered = true;
        validation.updatedAt = uint40(block.timestamp); // 40 bits of seconds last for ever
        validation.responseHash = responseHash;
        validation.tag = tag;
        bytes32 given = validation.requestHash;
        emit ValidationResponse(validator, validation.agentId, given, response, responseURI, responseHash, tag);
        emit ResponseKeyed(key, given, response);
    }

    /// @inheritdoc IERC8004Validation
    function getIdentityRegistry() external view returns (address identityRegistry) {
        return address(IDENTITY);
    }

    /// @inheritdoc IERC8004Validation
    function getValidationStatus(
        bytes32 requestHash
    )
        external
        view
        returns (
            address validatorAddress,
            uint256 agentId,
            uint8 response,
            bytes32 responseHash,
            string memory tag,
            uint256 lastUpdate
        )
    {
        Validation memory validation = _storage().validations[_keyOf(requestHash, _storage().keys)];
        return (
            validation.validator,
            validation.agentId,
            validation.response,
            validation.responseHash,
            validation.tag,
            validation.updatedAt
        );
    }

    /// @inheritdoc IERC8004Validation
    function getSummary(
        uint256 agentId,
        address[] calldata validatorAddresses,
        string calldata tag
    ) external view returns (uint64 count, uint8 averageResponse) {
        bytes32[] memory keys = _storage().ofAgent[agentId];
        uint256 sum = 0;
        for (uint256 i = 0; i < keys.length; ++i) {
            Validation storage validation = _storage().validations[keys[i]];
            if (!_suits(validation, validatorAddresses, tag)) continue;

            ++count;
            sum += validation.response;
        }
        if (count != 0) averageResponse = uint8(sum / count); // down; at most MAX_RESPONSE
    }

    /// @inheritdoc IERC8004Validation
    /// @dev By their keys, which are never ambiguous.
    function getAgentValidations(uint256 agentId) external view returns (bytes32[] memory requestHashes) {
        return _storage().ofAgent[agentId];
    }

    /// @inheritdoc IERC8004Validation
    /// @dev By their keys, which are never ambiguous.
    function getValidatorRequests(address validatorAddress) external view returns (bytes32[] memory requestHashes) {
        return _storage().ofValidator[validatorAddress];
    }

    /// @inheritdoc IAgentValidation
    function requestKeyOf(address requester, uint256 agentId, bytes32 requestHash) public pure returns (bytes32) {
        return keccak256(abi.encode(requester, agentId, requestHash));
    }

    function _authorizeUpgrade(address) internal override restricted {}

    /// @dev Where the request is found: by its hash, among the agent's and among the validator's.
    function _file(address validator, uint256 agentId, bytes32 requestHash, bytes32 key) private {
        AgentValidationStorage storage $ = _storage();
        $.keys[requestHash] = $.keys[requestHash] == 0 ? key : AMBIGUOUS;
        $.keysTo[validator][requestHash] = $.keysTo[validator][requestHash] == 0 ? key : AMBIGUOUS;
        $.ofAgent[agentId].push(key);
        $.ofValidator[validator].push(key);
    }

    /// @dev A key stands for itself, whatever else it is the hash of.
    function _keyOf(
        bytes32 keyOrHash,
        mapping(bytes32 requestHash => bytes32 key) storage keys
    ) private view returns (bytes32 key) {
        if (_storage().validations[keyOrHash].validator != address(0)) return keyOrHash;

        key = keys[keyOrHash];
        require(key != 0, AgentValidationUnknownRequest(keyOrHash));
        require(key != AMBIGUOUS, AgentValidationAmbiguousHash(keyOrHash));
    }

    function _suits(
        Validation storage validation,
        address[] calldata validators,
        string calldata tag
    ) private view returns (bool) {
        if (!validation.answered) return false;
        if (bytes(tag).length != 0 && !tag.equal(validation.tag)) return false;
        if (validators.length == 0) return true;

        for (uint256 i = 0; i < validators.length; ++i) {
            if (validators[i] == validation.validator) return true;
        }
        return false;
    }

    function _requireURI(string calldata uri) private pure {
        uint256 length = bytes(uri).length;
        require(length <= MAX_URI_LENGTH, AgentValidationURITooLong(length, MAX_URI_LENGTH));
    }

    function _storage() private pure returns (AgentValidationStorage storage $) {
        bytes32 location = STORAGE_LOCATION;
        // The only way to point at a namespace of ERC-7201.
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            $.slot := location
        }
    }
}
