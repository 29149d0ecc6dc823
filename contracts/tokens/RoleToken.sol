// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {RoleId} from "../shared/RoleId.sol";
import {IRoleToken} from "./interfaces/IRoleToken.sol";
import {ERC3009Bytes} from "./ERC3009Bytes.sol";

/// @title The token of an economic role
/// @dev Invariant T-4: supply grows only by the vault's and the engine's fixed addresses.
/// @dev Invariant T-5: nobody's balance falls but by his own call, his own signature or allowance, or a sale he called.
/// @dev Invariant T-7: what an account has earned never falls, and grows by the vault's mints to it and nothing else; what it
/// has sold of that is at most that, never falls, and grows by its own sales and nothing else.
contract RoleToken is IRoleToken, ERC20Permit, ERC3009Bytes {
    /// @dev In wei of the role token. One slot, so that neither minting nor selling writes another.
    struct Earnings {
        uint128 earned;
        uint128 sold;
    }

    RoleId private immutable ROLE;
    address private immutable VAULT;
    address private immutable ENGINE;

    mapping(address account => Earnings earnings) private _earnings;

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
        if (msg.sender == VAULT) _earnings[to].earned += SafeCast.toUint128(amount);
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
        uint256 asEarned = Math.min(amount, unsoldOf(seller));
        if (asEarned != 0) _earnings[seller].sold += uint128(asEarned); // at most what was earned
        _burn(seller, amount);
    }

    /// @inheritdoc IRoleToken
    function earnedOf(address account) external view returns (uint256) {
        return _earnings[account].earned;
    }

    /// @inheritdoc IRoleToken
    function soldOf(address account) external view returns (uint256) {
        return _earnings[account].sold;
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

    /// @inheritdoc IRoleToken
    function unsoldOf(address account) public view returns (uint256) {
        Earnings memory earnings = _earnings[account];
        return earnings.earned - earnings.sold;
    }

    /// @inheritdoc IERC20Permit
    function nonces(address owner) public view override(IERC20Permit, ERC20Permit) returns (uint256) {
        return super.nonces(owner);
    }
}
