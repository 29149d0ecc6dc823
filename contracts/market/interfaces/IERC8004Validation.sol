// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

/// @title ERC-8004: the validation registry
/// @notice An agent asks a validator to check its work, and the validator answers 0 to 100.
/// @dev The standard's text of 25 January 2026.
interface IERC8004Validation {
    /// @notice A validation was requested.
    /// @param validatorAddress Who is asked.
    /// @param agentId The agent whose work it is.
    /// @param requestURI Where the work is.
    /// @param requestHash The hash of the request.
    event ValidationRequest(
        address indexed validatorAddress,
        uint256 indexed agentId,
        string requestURI,
        bytes32 indexed requestHash
    );

    /// @notice A validator answered.
    /// @param validatorAddress Who answered.
    /// @param agentId The agent whose work it is.
    /// @param requestHash The hash of the request.
    /// @param response 0 to 100.
    /// @param responseURI Where the answer is explained.
    /// @param responseHash The hash of what is said there.
    /// @param tag What the answer is about.
    event ValidationResponse(
        address indexed validatorAddress,
        uint256 indexed agentId,
        bytes32 indexed requestHash,
        uint8 response,
        string responseURI,
        bytes32 responseHash,
        string tag
    );

    /// @notice Asks a validator. The agent's owner or an approved operator.
    /// @param validatorAddress Who is asked.
    /// @param agentId The agent whose work it is.
    /// @param requestURI Where the work is; emitted, not kept.
    /// @param requestHash The hash of the request.
    function validationRequest(
        address validatorAddress,
        uint256 agentId,
        string calldata requestURI,
        bytes32 requestHash
    ) external;

    /// @notice Answers a request. Only who was asked; may be repeated, then the last answer counts.
    /// @param requestHash The request.
    /// @param response 0 to 100.
    /// @param responseURI Where the answer is explained; emitted, not kept.
    /// @param responseHash The hash of what is said there.
    /// @param tag What the answer is about.
    function validationResponse(
        bytes32 requestHash,
        uint8 response,
        string calldata responseURI,
        bytes32 responseHash,
        string calldata tag
    ) external;

    /// @notice The identity registry whose agents are validated.
    /// @return identityRegistry Its address.
    function getIdentityRegistry() external view returns (address identityRegistry);

    /// @notice How a request stands.
    /// @param requestHash The request.
    /// @return validatorAddress Who was asked.
    /// @return agentId The agent whose work it is.
    /// @return response The last answer; 0 if there is none.
    /// @return responseHash The hash of its explanation.
    /// @return tag What it is about.
    /// @return lastUpdate When it was given, Unix seconds; when the request was made, if there is no answer.
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
        );

    /// @notice The average of the answers about an agent.
    /// @param agentId The agent.
    /// @param validatorAddresses Only of these validators; none for all.
    /// @param tag Only answers with this tag; empty for any.
    /// @return count How many answers there are.
    /// @return averageResponse Their average, rounded down.
    function getSummary(
        uint256 agentId,
        address[] calldata validatorAddresses,
        string calldata tag
    ) external view returns (uint64 count, uint8 averageResponse);

    /// @notice Every request about an agent.
    /// @param agentId The agent.
    /// @return requestHashes The requests.
    function getAgentValidations(uint256 agentId) external view returns (bytes32[] memory requestHashes);

    /// @notice Every request to a validator.
    /// @param validatorAddress The validator.
    /// @return requestHashes The requests.
    function getValidatorRequests(address validatorAddress) external view returns (bytes32[] memory requestHashes);
}
