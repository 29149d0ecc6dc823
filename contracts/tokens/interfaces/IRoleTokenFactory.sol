// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {RoleId} from "../../shared/RoleId.sol";

/// @title Makes the role tokens
/// @notice A new role is one governed call; the vault, the engine and the registry know its token at once.
/// @dev The role's id is the number of tokens made, so that the address follows from the id alone ({RoleTokenAddress}).
interface IRoleTokenFactory {
    /// @notice A role and its token exist.
    /// @param role The role's id: 1 for the first.
    /// @param token The token's address.
    /// @param name The token's name.
    /// @param symbol The token's symbol.
    event RoleTokenCreated(RoleId indexed role, address indexed token, string name, string symbol);

    /// @notice There is no room for another role.
    /// @param limit The most roles there can be.
    error RoleTokenFactoryFull(uint256 limit);

    /// @notice A fixed peer was given as the zero address.
    error RoleTokenFactoryZeroEngine();

    /// @notice Makes the next role's token.
    /// @dev Restricted to ROLE_ACCESS.
    /// @param name For people, "CipherOcto Compute".
    /// @param symbol For wallets, "OCTO-A".
    /// @return role The new role's id.
    /// @return token The new token's address.
    function create(string calldata name, string calldata symbol) external returns (RoleId role, address token);

    /// @notice How many roles there are; their ids are 1 to this number.
    /// @return The number of tokens made.
    function count() external view returns (uint256);

    /// @notice The address of a role's token, whether it has been made already or not.
    /// @param role The role's id.
    /// @return The token's address.
    function tokenOf(RoleId role) external view returns (address);
}
