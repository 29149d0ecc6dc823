// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {IERC3009Bytes} from "./IERC3009Bytes.sol";

/// @title OCTO, the sovereign token of the CipherOcto network
/// @notice Half of the cap exists from genesis; the other half is a budget that opens with time and is minted for
/// settled work only.
/// @dev ERC-20, ERC-2612, ERC-3009 and burnable. No administrator, no pause, no list of blocked accounts, no transfer
/// tax, no votes. The cap counts what was ever minted: a burn opens no room.
interface IOctoToken is IERC20, IERC20Permit, IERC3009Bytes {
    /// @notice A part of the genesis supply.
    /// @param recipient The account that receives it, usually a vesting contract.
    /// @param amount The amount, in wei of OCTO.
    struct Allocation {
        address recipient;
        uint256 amount;
    }

    /// @notice OCTO was minted out of the open budget.
    /// @param to The account that received it.
    /// @param amount The amount, in wei of OCTO.
    /// @param mintedFromBudget All that was ever minted out of the budget, this amount included.
    event BudgetMinted(address indexed to, uint256 amount, uint256 mintedFromBudget);

    /// @notice The genesis allocations do not add up to the genesis supply.
    /// @param sum What they add up to.
    /// @param required What they must add up to.
    error OctoTokenGenesisSumMismatch(uint256 sum, uint256 required);

    /// @notice Only the conversion engine mints.
    /// @param caller Who tried.
    /// @param engine Who may.
    error OctoTokenCallerNotEngine(address caller, address engine);

    /// @notice The amount is more than what the schedules have opened and nobody has minted yet.
    /// @param amount What was asked for.
    /// @param available What is left of the open budget.
    error OctoTokenBudgetExceeded(uint256 amount, uint256 available);

    /// @notice A fixed peer was given as the zero address.
    error OctoTokenZeroEngine();

    /// @notice Mints `amount` out of the open budget to `to`.
    /// @dev Only the engine's address, which nothing can change.
    /// @param to The account that receives it.
    /// @param amount The amount, in wei of OCTO, at most {budgetOpened} less {mintedFromBudget}.
    function mint(address to, uint256 amount) external;

    /// @notice Destroys OCTO of the caller.
    /// @param value The amount, in wei of OCTO.
    function burn(uint256 value) external;

    /// @notice Destroys OCTO of `account`, out of the caller's allowance.
    /// @param account Whose OCTO.
    /// @param value The amount, in wei of OCTO.
    function burnFrom(address account, uint256 value) external;

    /// @notice The most OCTO that can ever be minted: 10 billion.
    /// @return The cap, in wei of OCTO.
    function cap() external view returns (uint256);

    /// @notice All OCTO ever minted, burned or not.
    /// @return The amount, in wei of OCTO.
    function everMinted() external view returns (uint256);

    /// @notice The part of {everMinted} that came out of the budget.
    /// @return The amount, in wei of OCTO.
    function mintedFromBudget() external view returns (uint256);

    /// @notice What the two budget schedules have opened by now, minted or not.
    /// @dev See {MintBudget} for the formula.
    /// @return The amount, in wei of OCTO.
    function budgetOpened() external view returns (uint256);

    /// @notice The moment of genesis, from which the schedules count.
    /// @return Unix seconds.
    function genesisAt() external view returns (uint256);

    /// @notice The only address that may {mint}.
    /// @return The conversion engine.
    function engine() external view returns (address);
}
