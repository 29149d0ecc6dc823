// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

/// @title Who may do what to the protocol
/// @dev Ids of the AccessManager's roles. Only cold functions ask the manager; a hot path compares a fixed address.
/// `deploy/access.ts` maps each restricted function to one of them, the deployment writes the map on chain, and
/// `docs/security.md` shows it.
library Access {
    /// @dev The manager's own administrator: grants and revokes everything below.
    uint64 internal constant ADMIN_ACCESS = 0;
    /// @dev Pauses a market's new locks, and ends a slasher's authority.
    uint64 internal constant GUARDIAN_ACCESS = 1;
    /// @dev Admits markets and lifts their pauses.
    uint64 internal constant MARKET_ACCESS = 2;
    /// @dev Sets the parameters: fee schedules, intensity, thresholds, windows.
    uint64 internal constant PARAMETER_ACCESS = 3;
    /// @dev Names where the treasury's and the voters' legs are swept to.
    uint64 internal constant SINK_ACCESS = 4;
    /// @dev Makes a new role and its token.
    uint64 internal constant ROLE_ACCESS = 5;
    /// @dev Upgrades a market or a registry of agents.
    uint64 internal constant UPGRADE_ACCESS = 6;
    /// @dev Upgrades a contract that holds bonds or reserves. Its delay is longer than an exit takes.
    uint64 internal constant CUSTODY_UPGRADE_ACCESS = 7;
    /// @dev Names slashers and lifts suspensions.
    uint64 internal constant SLASHING_ACCESS = 8;
    /// @dev Names and dismisses arbiters, and admits who brings them cases.
    uint64 internal constant ARBITER_ACCESS = 9;
}
