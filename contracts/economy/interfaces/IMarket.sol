// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

/// @title What the vault asks of a market
/// @notice A client approves the market, as ERC-8183 clients do; the vault lets the market pull and checks what came.
interface IMarket {
    /// @notice Moves `amount` OCTO from the client straight into the vault, out of the client's allowance to the market.
    /// @dev Only the vault calls it, and only inside a lock that this market has asked for.
    /// @param client Who pays.
    /// @param amount In wei of OCTO.
    function pull(address client, uint256 amount) external;
}
