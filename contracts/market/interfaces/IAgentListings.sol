// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

/// @title What the job market asks the agent registry
/// @notice What agents are offered for.
interface IAgentListings {
    /// @notice A published agent's standing offer.
    /// @param agentId The agent.
    /// @return provider Who does the work and is paid: the agent's wallet when it was published; zero if not published.
    /// @return price Of one job, in wei of OCTO.
    /// @return duration The shortest time for the work that it accepts, in seconds.
    function offerOf(uint256 agentId) external view returns (address provider, uint256 price, uint256 duration);
}
