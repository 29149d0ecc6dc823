// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {RoleId} from "../shared/RoleId.sol";
import {IRoleToken} from "./interfaces/IRoleToken.sol";
import {ERC3009Bytes} from "./ERC3009Bytes.sol";

/// @title The token of an economic role
/// @dev Invariant T-4: supply grows only by the vault's and the engine's fixed addresses.
/// @dev Invariant T-5: nobody's balance falls but by his own call, his own signature or allowance, or a sale he called.
/// @dev Invariant T-7: what an account has earned never falls, and grows by the vault's mints to it and nothing else.
contract RoleToken is IRoleToken, ERC20Permit, ERC3009Bytes {
    RoleId private immutable ROLE;
    address private immutable VAULT;
    address private immutable ENGINE;

    /// @inheritdoc IRoleToken
    mapping(address account => uint256 amount) public earnedOf;

    /// @param name_ For people, "CipherOcto Compute".
    /// @param symbol_ For wallets, "OCTO-A".
    /// @param role_ The role's id.
    /// @param vault_ Mints for settled work.
    /// @param engine_ Mints for a purchase and burns in a sale.
    constructor(
        string memory name_,
        string memory symbol_,
        RoleId role_,
        address vault_,
        address engine_
    ) ERC20(name_, symbol_) ERC20Permit(name_) {
        ROLE = role_;
        VAULT = vault_;
        ENGINE = engine_;
    }

    /// @inheritdoc IRoleToken
    function mint(address to, uint256 amount) external {
        require(msg.sender == VAULT || msg.sender == ENGINE, RoleTokenCallerNotMinter(msg.sender));
        if (msg.sender == VAULT) earnedOf[to] += amount;
        _mint(to, amount);
    }

    /// @inheritdoc IRoleToken
    function burn(uint256 amount) external {
        _burn(msg.sender, amount);
    }

    /// @inheritdoc IRoleToken
    function surrender(uint256 amount) external {
        _transfer(msg.sender, ENGINE, amount);
    }

    /// @inheritdoc IRoleToken
    function burnSold(address seller, uint256 amount) external {
        require(msg.sender == ENGINE, RoleTokenCallerNotEngine(msg.sender, ENGINE));
        _burn(seller, amount);
    }

    /// @inheritdoc IRoleToken
    function role() external view returns (RoleId) {
        return ROLE;
    }

    /// @inheritdoc IRoleToken
    function vault() external view returns (address) {
        return VAULT;
    }

    /// @inheritdoc IRoleToken
    function engine() external view returns (address) {
        return ENGINE;
    }

    /// @inheritdoc IERC20Permit
    function nonces(address owner) public view override(IERC20Permit, ERC20Permit) returns (uint256) {
        return super.nonces(owner);
    }
}
