// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {RoleId} from "../../shared/RoleId.sol";
import {IERC3009Bytes} from "./IERC3009Bytes.sol";

/// @title The token of an economic role
/// @notice Earned by settled work of the role, bought at the ask, bonded as the second lane of a provider.
/// @dev One implementation, one deployment a role. ERC-20, ERC-2612 and ERC-3009. No administrator and no votes.
interface IRoleToken is IERC20, IERC20Permit, IERC3009Bytes {
    /// @notice Only the vault (for settled work) and the engine (for a purchase) mint.
    /// @param caller Who tried.
    error RoleTokenCallerNotMinter(address caller);

    /// @notice Only the engine burns what somebody sells to it.
    /// @param caller Who tried.
    /// @param engine Who may.
    error RoleTokenCallerNotEngine(address caller, address engine);

    /// @notice Mints `amount` to `to`. The vault's or the engine's address only.
    /// @param to The account that receives it.
    /// @param amount The amount, in wei of the role token.
    function mint(address to, uint256 amount) external;

    /// @notice Destroys role tokens of the caller. What backs them stays in the reserve and covers the others.
    /// @param amount The amount, in wei of the role token.
    function burn(uint256 amount) external;

    /// @notice Hands role tokens of the caller to the engine, which burns them together with their share of the reserve when
    /// its next epoch begins, so that no rate moves. The registry does so with what it has slashed.
    /// @param amount The amount, in wei of the role token.
    function surrender(uint256 amount) external;

    /// @notice Destroys role tokens of `seller`: as earned ones as far as it has any unsold. The engine's address only, in a
    /// sale that the seller himself called.
    /// @dev Needs no allowance; the engine's code must pass nothing but its own caller.
    /// @param seller Whose role tokens.
    /// @param amount The amount, in wei of the role token.
    function burnSold(address seller, uint256 amount) external;

    /// @notice What an account was ever minted for its settled work, wherever it went since.
    /// @param account The account.
    /// @return In wei of the role token.
    function earnedOf(address account) external view returns (uint256);

    /// @notice What an account has sold to the engine as earned.
    /// @param account The account.
    /// @return In wei of the role token; at most what it has earned.
    function soldOf(address account) external view returns (uint256);

    /// @notice What an account has earned and not sold: so much it may sell without the exit fee.
    /// @param account The account.
    /// @return In wei of the role token.
    function unsoldOf(address account) external view returns (uint256);

    /// @notice The role that this token belongs to.
    /// @return The role's id.
    function role() external view returns (RoleId);

    /// @notice The vault that mints for settled work.
    /// @return The address of Settlement.
    function vault() external view returns (address);

    /// @notice The engine that mints for a purchase and burns in a sale.
    /// @return The address of ConversionEngine.
    function engine() external view returns (address);
}
