// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

/// @title ERC-8004: the identity registry
/// @notice An agent is a token of ERC-721; what it says of itself is read at the token's URI.
/// @dev The standard's text of 25 January 2026, without what ERC-721 has, and with `isAuthorizedOrOwner`, which the other
/// registries of the reference ask for.
interface IERC8004Identity {
    /// @notice A piece of metadata.
    /// @param metadataKey Its name.
    /// @param metadataValue Its value.
    struct MetadataEntry {
        string metadataKey;
        bytes metadataValue;
    }

    /// @notice An agent was registered.
    /// @param agentId The agent.
    /// @param agentURI Where its registration file is; may be empty.
    /// @param owner Who owns it.
    event Registered(uint256 indexed agentId, string agentURI, address indexed owner);

    /// @notice An agent's URI was replaced.
    /// @param agentId The agent.
    /// @param newURI The URI from now on.
    /// @param updatedBy Who replaced it.
    event URIUpdated(uint256 indexed agentId, string newURI, address indexed updatedBy);

    /// @notice A piece of metadata was set; the key `agentWallet` stands for the agent's wallet.
    /// @param agentId The agent.
    /// @param indexedMetadataKey The key, to search for.
    /// @param metadataKey The key, to read.
    /// @param metadataValue The value; of a wallet its 20 bytes, or none if there is none any more.
    event MetadataSet(
        uint256 indexed agentId,
        string indexed indexedMetadataKey,
        string metadataKey,
        bytes metadataValue
    );

    /// @notice Registers an agent of the caller, with metadata.
    /// @param agentURI Where its registration file is.
    /// @param metadata Any keys but `agentWallet`.
    /// @return agentId The agent.
    function register(string calldata agentURI, MetadataEntry[] calldata metadata) external returns (uint256 agentId);

    /// @notice Registers an agent of the caller.
    /// @param agentURI Where its registration file is.
    /// @return agentId The agent.
    function register(string calldata agentURI) external returns (uint256 agentId);

    /// @notice Registers an agent of the caller whose URI follows later.
    /// @return agentId The agent.
    function register() external returns (uint256 agentId);

    /// @notice Replaces an agent's URI. Its owner or an approved operator.
    /// @param agentId The agent.
    /// @param newURI The URI from now on.
    function setAgentURI(uint256 agentId, string calldata newURI) external;

    /// @notice Sets a piece of metadata. The agent's owner or an approved operator.
    /// @param agentId The agent.
    /// @param metadataKey Any key but `agentWallet`.
    /// @param metadataValue The value from now on.
    function setMetadata(uint256 agentId, string calldata metadataKey, bytes calldata metadataValue) external;

    /// @notice Names the wallet that works and is paid for the agent. The agent's owner or an approved operator.
    /// @dev The new wallet signs the EIP-712 message `AgentWalletSet(uint256 agentId,address newWallet,address owner,uint256
    /// deadline)` in the domain "ERC8004IdentityRegistry", version "1".
    /// @param agentId The agent.
    /// @param newWallet The wallet from now on.
    /// @param deadline The last second of the signature, at most 5 minutes from now.
    /// @param signature Of the new wallet, or what its ERC-1271 accepts.
    function setAgentWallet(uint256 agentId, address newWallet, uint256 deadline, bytes calldata signature) external;

    /// @notice Leaves the agent without a wallet. Its owner or an approved operator.
    /// @param agentId The agent.
    function unsetAgentWallet(uint256 agentId) external;

    /// @notice A piece of metadata.
    /// @param agentId The agent.
    /// @param metadataKey The key; `agentWallet` for the wallet's 20 bytes.
    /// @return The value; empty if none was set.
    function getMetadata(uint256 agentId, string calldata metadataKey) external view returns (bytes memory);

    /// @notice Who works and is paid for the agent: its owner, until another wallet is named or the agent changes hands.
    /// @param agentId The agent.
    /// @return The wallet; zero after a transfer until a wallet is named, and for an unknown agent.
    function getAgentWallet(uint256 agentId) external view returns (address);

    /// @notice Whether an account may act for an agent. Not in the standard's text, but in its reference.
    /// @param spender The account.
    /// @param agentId The agent, which exists.
    /// @return True for its owner and whom he approved, for this agent or for all of his.
    function isAuthorizedOrOwner(address spender, uint256 agentId) external view returns (bool);
}
