// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

/// @title What the registry must ask of the vault
/// @notice How much unfinished work rests on a provider's word.
interface IValueInFlight {
    /// @notice Budgets of unfinished work that binds the account, in all its roles and markets.
    /// @param account The account.
    /// @return In wei of OCTO.
    function inFlightOf(address account) external view returns (uint256);
}
