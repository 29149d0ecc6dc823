// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {RoleId} from "../shared/RoleId.sol";
import {IRoleTokenFactory} from "./interfaces/IRoleTokenFactory.sol";
import {RoleTokenAddress} from "./libraries/RoleTokenAddress.sol";
import {RoleToken} from "./RoleToken.sol";

/// @title Makes the role tokens
/// @dev Made by the vault's constructor, which is thereby every token's vault.
/// @dev Invariant T-6: `create` is the only creation this contract ever does, so role id equals nonce.
contract RoleTokenFactory is IRoleTokenFactory, AccessManaged {
    address private immutable VAULT;
    address private immutable ENGINE;

    /// @inheritdoc IRoleTokenFactory
    uint256 public count;

    /// @param authority_ The AccessManager.
    /// @param engine_ The conversion engine.
    constructor(address authority_, address engine_) AccessManaged(authority_) {
        require(engine_ != address(0), RoleTokenFactoryZeroEngine());
        VAULT = msg.sender;
        ENGINE = engine_;
    }

    /// @inheritdoc IRoleTokenFactory
    function create(
        string calldata name,
        string calldata symbol
    ) external restricted returns (RoleId role, address token) {
        require(count < RoleTokenAddress.MAX_ROLES, RoleTokenFactoryFull(RoleTokenAddress.MAX_ROLES));
        role = RoleId.wrap(uint8(++count)); // at most MAX_ROLES

        token = address(new RoleToken(name, symbol, role, VAULT, ENGINE));
        emit RoleTokenCreated(role, token, name, symbol);
    }

    /// @inheritdoc IRoleTokenFactory
    function tokenOf(RoleId role) external view returns (address) {
        return RoleTokenAddress.derive(address(this), role);
    }
}
