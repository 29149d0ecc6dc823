// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

/// @title ERC-8004: the reputation registry
/// @notice What clients say of agents, numbered from 1 for each agent and client.
/// @dev The standard's text of 25 January 2026.
interface IERC8004Reputation {
    /// @notice Feedback was given.
    /// @param agentId The agent.
    /// @param clientAddress Who gave it.
    /// @param feedbackIndex Its number.
    /// @param value The value, with `valueDecimals` decimals.
    /// @param valueDecimals 0 to 18.
    /// @param indexedTag1 The first tag, to search for.
    /// @param tag1 The first tag, to read.
    /// @param tag2 The second tag.
    /// @param endpoint Where the agent was reached.
    /// @param feedbackURI Where more is said.
    /// @param feedbackHash The hash of what is said there.
    event NewFeedback(
        uint256 indexed agentId,
        address indexed clientAddress,
        uint64 feedbackIndex,
        int128 value,
        uint8 valueDecimals,
        string indexed indexedTag1,
        string tag1,
        string tag2,
        string endpoint,
        string feedbackURI,
        bytes32 feedbackHash
    );

    /// @notice Feedback was taken back.
    /// @param agentId The agent.
    /// @param clientAddress Who had given it.
    /// @param feedbackIndex Its number.
    event FeedbackRevoked(uint256 indexed agentId, address indexed clientAddress, uint64 indexed feedbackIndex);

    /// @notice Somebody responded to feedback.
    /// @param agentId The agent.
    /// @param clientAddress Who had given it.
    /// @param feedbackIndex Its number.
    /// @param responder Who responded.
    /// @param responseURI Where the response is.
    /// @param responseHash Its hash.
    event ResponseAppended(
        uint256 indexed agentId,
        address indexed clientAddress,
        uint64 feedbackIndex,
        address indexed responder,
        string responseURI,
        bytes32 responseHash
    );

    /// @notice Gives feedback.
    /// @param agentId The agent.
    /// @param value The value, with `valueDecimals` decimals.
    /// @param valueDecimals 0 to 18.
    /// @param tag1 A tag.
    /// @param tag2 Another tag.
    /// @param endpoint Where the agent was reached; emitted, not kept.
    /// @param feedbackURI Where more is said; emitted, not kept.
    /// @param feedbackHash The hash of what is said there; emitted, not kept.
    function giveFeedback(
        uint256 agentId,
        int128 value,
        uint8 valueDecimals,
        string calldata tag1,
        string calldata tag2,
        string calldata endpoint,
        string calldata feedbackURI,
        bytes32 feedbackHash
    ) external;

    /// @notice Takes feedback of the caller back.
    /// @param agentId The agent.
    /// @param feedbackIndex Its number.
    function revokeFeedback(uint256 agentId, uint64 feedbackIndex) external;

    /// @notice Responds to feedback. Anyone.
    /// @param agentId The agent.
    /// @param clientAddress Who gave the feedback.
    /// @param feedbackIndex Its number.
    /// @param responseURI Where the response is; emitted, not kept.
    /// @param responseHash Its hash; emitted, not kept.
    function appendResponse(
        uint256 agentId,
        address clientAddress,
        uint64 feedbackIndex,
        string calldata responseURI,
        bytes32 responseHash
    ) external;

    /// @notice The identity registry whose agents are spoken of.
    /// @return identityRegistry Its address.
    function getIdentityRegistry() external view returns (address identityRegistry);

    /// @notice The average of what some clients said, without what they took back.
    /// @param agentId The agent.
    /// @param clientAddresses The clients, at least one.
    /// @param tag1 Only feedback with this first tag; empty for any.
    /// @param tag2 Only feedback with this second tag; empty for any.
    /// @return count How many entries there are.
    /// @return summaryValue Their average, with `summaryValueDecimals` decimals.
    /// @return summaryValueDecimals The most frequent number of decimals among them.
    function getSummary(
        uint256 agentId,
        address[] calldata clientAddresses,
        string calldata tag1,
        string calldata tag2
    ) external view returns (uint64 count, int128 summaryValue, uint8 summaryValueDecimals);

    /// @notice One entry of feedback.
    /// @param agentId The agent.
    /// @param clientAddress Who gave it.
    /// @param feedbackIndex Its number.
    /// @return value The value, with `valueDecimals` decimals.
    /// @return valueDecimals 0 to 18.
    /// @return tag1 The first tag.
    /// @return tag2 The second tag.
    /// @return isRevoked Whether it was taken back.
    function readFeedback(
        uint256 agentId,
        address clientAddress,
        uint64 feedbackIndex
    ) external view returns (int128 value, uint8 valueDecimals, string memory tag1, string memory tag2, bool isRevoked);

    /// @notice Every entry of feedback, as lists of equal length.
    /// @param agentId The agent.
    /// @param clientAddresses The clients; none for all.
    /// @param tag1 Only feedback with this first tag; empty for any.
    /// @param tag2 Only feedback with this second tag; empty for any.
    /// @param includeRevoked Whether to list what was taken back.
    /// @return clients Who gave it.
    /// @return feedbackIndexes Its number.
    /// @return values The value.
    /// @return valueDecimals The value's decimals.
    /// @return tag1s The first tag.
    /// @return tag2s The second tag.
    /// @return revokedStatuses Whether it was taken back.
    function readAllFeedback(
        uint256 agentId,
        address[] calldata clientAddresses,
        string calldata tag1,
        string calldata tag2,
        bool includeRevoked
    )
        external
        view
        returns (
            address[] memory clients,
            uint64[] memory feedbackIndexes,
            int128[] memory values,
            uint8[] memory valueDecimals,
            string[] memory tag1s,
            string[] memory tag2s,
            bool[] memory revokedStatuses
        );

    /// @notice How often was responded.
    /// @param agentId The agent.
    /// @param clientAddress Who gave the feedback; zero for all clients.
    /// @param feedbackIndex Its number; 0 for all of that client's.
    /// @param responders Who responded; none for anybody.
    /// @return count How many responses.
    function getResponseCount(
        uint256 agentId,
        address clientAddress,
        uint64 feedbackIndex,
        address[] calldata responders
    ) external view returns (uint64 count);

    /// @notice Who ever gave feedback about an agent.
    /// @param agentId The agent.
    /// @return The clients, each once.
    function getClients(uint256 agentId) external view returns (address[] memory);

    /// @notice How often a client gave feedback about an agent.
    /// @param agentId The agent.
    /// @param clientAddress The client.
    /// @return The number of his last feedback; 0 if he gave none.
    function getLastIndex(uint256 agentId, address clientAddress) external view returns (uint64);
}
