// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {IERC8004Validation} from "./IERC8004Validation.sol";

/// @title Agent validation
/// @notice ERC-8004 validations whose requests nobody can take the place of.
/// @dev A request is known by its key, the hash of requester, agent and request hash. Wherever the standard takes a request
/// hash, this takes the key, or the hash that the requester gave as long as only one request has it.
interface IAgentValidation is IERC8004Validation {
    /// @notice A request has a key; stands next to the standard's event.
    /// @param key The key.
    /// @param requester Who asked.
    /// @param requestHash The hash he gave.
    event RequestKeyed(bytes32 indexed key, address indexed requester, bytes32 indexed requestHash);

    /// @notice The request with this key was answered; stands next to the standard's event.
    /// @param key The key.
    /// @param requestHash The hash the requester gave.
    /// @param response 0 to 100.
    event ResponseKeyed(bytes32 indexed key, bytes32 indexed requestHash, uint8 response);

    /// @notice Only the agent's owner or an approved operator requests.
    /// @param agentId The agent.
    /// @param caller Who tried.
    error AgentValidationNotAuthorized(uint256 agentId, address caller);

    /// @notice A request names a validator.
    error AgentValidationZeroValidator();

    /// @notice A request has a hash.
    error AgentValidationZeroHash();

    /// @notice The caller has requested this before.
    /// @param key The request's key.
    error AgentValidationAlreadyRequested(bytes32 key);

    /// @notice There is no such request; to a validator who answers by a request's hash: none to him.
    /// @param requestHash The key or hash that was given.
    error AgentValidationUnknownRequest(bytes32 requestHash);

    /// @notice More than one request has this hash: use the key, which {requestKeyOf} and the event {RequestKeyed} tell.
    /// @param requestHash The hash.
    error AgentValidationAmbiguousHash(bytes32 requestHash);

    /// @notice Only who was asked answers.
    /// @param key The request's key.
    /// @param caller Who tried.
    /// @param validator Who was asked.
    error AgentValidationCallerNotValidator(bytes32 key, address caller, address validator);

    /// @notice An answer is 0 to 100.
    /// @param response What was given.
    /// @param limit The most.
    error AgentValidationResponseTooHigh(uint8 response, uint8 limit);

    /// @notice A URI is too long.
    /// @param length What was given, in bytes.
    /// @param limit The most.
    error AgentValidationURITooLong(uint256 length, uint256 limit);

    /// @notice A tag is too long.
    /// @param length What was given, in bytes.
    /// @param limit The most.
    error AgentValidationTagTooLong(uint256 length, uint256 limit);

    /// @notice The key of a request.
    /// @param requester Who asks.
    /// @param agentId The agent.
    /// @param requestHash The hash he gives.
    /// @return keccak256(abi.encode(requester, agentId, requestHash)).
    function requestKeyOf(address requester, uint256 agentId, bytes32 requestHash) external pure returns (bytes32);
}
