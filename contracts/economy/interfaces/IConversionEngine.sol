// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {RoleId} from "../../shared/RoleId.sol";

/// @title Conversion engine: OCTO into role tokens
/// @notice Sells a role's token at the ask and keeps the payment as that role's own reserve. So everybody can buy the
/// second lane of a provider's bond.
/// @dev Every role token is covered: a purchase adds more OCTO to the reserve than role tokens to the supply.
interface IConversionEngine {
    /// @notice Role tokens were bought.
    /// @param buyer Who paid.
    /// @param role The role.
    /// @param octoIn Paid into the role's reserve, in wei of OCTO.
    /// @param roleOut Minted to the buyer, in wei of the role's token.
    event RoleTokensBought(address indexed buyer, RoleId indexed role, uint256 octoIn, uint256 roleOut);

    /// @notice No such role.
    /// @param role What was asked for.
    error ConversionEngineUnknownRole(RoleId role);

    /// @notice The purchase is below the smallest one.
    /// @param roleOut What it would bring, in wei of the role's token.
    /// @param least The least it must bring, in wei of the role's token.
    error ConversionEnginePurchaseTooSmall(uint256 roleOut, uint256 least);

    /// @notice The purchase would bring less than the buyer asked for.
    /// @param roleOut What it would bring, in wei of the role's token.
    /// @param minOut What the buyer asked for, in wei of the role's token.
    error ConversionEngineOutputTooSmall(uint256 roleOut, uint256 minOut);

    /// @notice The buyer's deadline has passed.
    /// @param timestamp Now, Unix seconds.
    /// @param deadline The last second allowed, Unix seconds.
    error ConversionEngineDeadlinePassed(uint256 timestamp, uint256 deadline);

    /// @notice Buys role tokens at the ask, out of the caller's allowance to this contract.
    /// @param role The role.
    /// @param octoIn What to pay, in wei of OCTO.
    /// @param minOut The least to receive, in wei of the role's token.
    /// @param deadline The last second allowed, Unix seconds.
    /// @return roleOut What was minted to the caller, in wei of the role's token; at least 1 role token.
    function buy(RoleId role, uint128 octoIn, uint128 minOut, uint256 deadline) external returns (uint256 roleOut);

    /// @notice What a purchase brings now.
    /// @dev octoIn / ask, rounded down in the reserve's favour.
    /// @param role The role.
    /// @param octoIn What would be paid, in wei of OCTO.
    /// @return roleOut In wei of the role's token.
    function quote(RoleId role, uint256 octoIn) external view returns (uint256 roleOut);

    /// @notice What a purchase of exactly this much costs now.
    /// @dev roleOut x ask, rounded up in the reserve's favour.
    /// @param role The role.
    /// @param roleOut What would be received, in wei of the role's token.
    /// @return octoIn In wei of OCTO.
    function quoteExactOut(RoleId role, uint256 roleOut) external view returns (uint256 octoIn);

    /// @notice The price of a role token.
    /// @param role The role.
    /// @return OCTO a role token, 1e18 for one.
    function askOf(RoleId role) external view returns (uint256);

    /// @notice The OCTO held for a role.
    /// @param role The role.
    /// @return In wei of OCTO.
    function heldOf(RoleId role) external view returns (uint256);
}
