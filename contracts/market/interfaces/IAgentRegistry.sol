// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {Duration} from "../../shared/Duration.sol";
import {Listing} from "../types/Agent.sol";
import {IAgentListings} from "./IAgentListings.sol";
import {IERC8004Identity} from "./IERC8004Identity.sol";

/// @title Agent registry
/// @notice ERC-8004 identities, and what they offer: an owner publishes his agent with a price, and the job market reads
/// the offer.
interface IAgentRegistry is IERC8004Identity, IAgentListings {
    /// @notice An agent was published, or its offer replaced.
    /// @param agentId The agent.
    /// @param provider Who does the work: the agent's wallet.
    /// @param manifestHash The hash of its manifest.
    /// @param price Of one job, in wei of OCTO.
    /// @param duration The shortest time for the work that is accepted, in seconds.
    event AgentPublished(
        uint256 indexed agentId,
        address indexed provider,
        bytes32 indexed manifestHash,
        uint256 price,
        Duration duration
    );

    /// @notice An agent's offer was taken out.
    /// @param agentId The agent.
    /// @param provider Who did the work.
    /// @param caller Who took it out, by whatever call.
    event AgentUnpublished(uint256 indexed agentId, address indexed provider, address indexed caller);

    /// @notice A URI is too long.
    /// @param length What was given, in bytes.
    /// @param limit The most.
    error AgentRegistryURITooLong(uint256 length, uint256 limit);

    /// @notice A metadata key is too long.
    /// @param length What was given, in bytes.
    /// @param limit The most.
    error AgentRegistryKeyTooLong(uint256 length, uint256 limit);

    /// @notice A metadata value is too long.
    /// @param length What was given, in bytes.
    /// @param limit The most.
    error AgentRegistryValueTooLong(uint256 length, uint256 limit);

    /// @notice A registration carries too much metadata; the rest can be set afterwards.
    /// @param count How many entries were given.
    /// @param limit The most.
    error AgentRegistryTooManyEntries(uint256 count, uint256 limit);

    /// @notice The key `agentWallet` is the wallet's, and only a signature of a wallet sets it.
    error AgentRegistryReservedKey();

    /// @notice The zero address cannot be a wallet.
    /// @param agentId The agent.
    error AgentRegistryZeroWallet(uint256 agentId);

    /// @notice The wallet's signature has expired.
    /// @param deadline Its last second.
    /// @param timestamp Now.
    error AgentRegistrySignatureExpired(uint256 deadline, uint256 timestamp);

    /// @notice The wallet's signature would be good for too long.
    /// @param deadline Its last second.
    /// @param limit The latest it may be.
    error AgentRegistryDeadlineTooFar(uint256 deadline, uint256 limit);

    /// @notice The wallet did not sign that it is this agent's, for this owner, until this deadline.
    /// @param agentId The agent.
    /// @param newWallet The wallet.
    error AgentRegistryWalletNotSigned(uint256 agentId, address newWallet);

    /// @notice The wallet's signature was used before.
    /// @param agentId The agent.
    /// @param newWallet The wallet.
    /// @param deadline The signature's last second.
    error AgentRegistrySignatureUsed(uint256 agentId, address newWallet, uint256 deadline);

    /// @notice An agent without a wallet has nobody to do its work.
    /// @param agentId The agent.
    error AgentRegistryNoWallet(uint256 agentId);

    /// @notice The agent's wallet is not an active provider in role D.
    /// @param agentId The agent.
    /// @param provider Its wallet.
    error AgentRegistryProviderNotActive(uint256 agentId, address provider);

    /// @notice An offer names the hash of a manifest.
    /// @param agentId The agent.
    error AgentRegistryNoManifest(uint256 agentId);

    /// @notice The price is zero, no whole number of gwei, or too high.
    /// @param price What was given, in wei.
    /// @param unit What it must be a multiple of, and the least, in wei.
    /// @param limit The most, in wei.
    error AgentRegistryPriceOutOfBounds(uint256 price, uint256 unit, uint256 limit);

    /// @notice The time for the work is outside its bounds.
    /// @param duration What was given, in seconds.
    /// @param least The least.
    /// @param most The most.
    error AgentRegistryDurationOutOfBounds(uint256 duration, uint256 least, uint256 most);

    /// @notice The agent is not published.
    /// @param agentId The agent.
    error AgentRegistryNotPublished(uint256 agentId);

    /// @notice While its provider is active, only the owner, an approved operator or the provider takes an offer out.
    /// @param agentId The agent.
    /// @param provider Who does the work.
    /// @param caller Who tried.
    error AgentRegistryStillActive(uint256 agentId, address provider, address caller);

    /// @notice Publishes an agent, or replaces what it offers. Its owner or an approved operator; the agent's wallet, which
    /// will do the work, must be active in role D.
    /// @dev The wallet stands for the offer: it is the owner, or it signed that it is this agent's wallet. A transfer and
    /// every change of the wallet take the offer out.
    /// @param agentId The agent.
    /// @param listing What it offers.
    function publish(uint256 agentId, Listing calldata listing) external;

    /// @notice Takes an agent's offer out. Its owner, an approved operator, the provider; anyone once the provider is not
    /// active in role D any more.
    /// @param agentId The agent.
    function unpublish(uint256 agentId) external;

    /// @notice All that is published of an agent.
    /// @param agentId The agent.
    /// @return provider Who does the work; zero if it is not published.
    /// @return listing What is offered.
    function listingOf(uint256 agentId) external view returns (address provider, Listing memory listing);

    /// @notice How many agents there are; their ids are 1 to this number.
    /// @return The last agent's id.
    function agentCount() external view returns (uint256);
}
