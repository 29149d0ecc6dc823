// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {AccessManagedUpgradeable} from "@openzeppelin/contracts-upgradeable/access/manager/AccessManagedUpgradeable.sol";
import {UUPSUpgradeable} from "@openzeppelin/contracts-upgradeable/proxy/utils/UUPSUpgradeable.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {RoleId} from "../shared/RoleId.sol";
import {IOctoToken} from "../tokens/interfaces/IOctoToken.sol";
import {IRoleToken} from "../tokens/interfaces/IRoleToken.sol";
import {IRoleTokenFactory} from "../tokens/interfaces/IRoleTokenFactory.sol";
import {IConversionEngine} from "./interfaces/IConversionEngine.sol";

/// @title Conversion engine: OCTO into role tokens
/// @dev Invariant C-1: OCTO held here = sum of the roles' reserves (+ donations); no reserve is another's.
/// @dev Invariant C-2: a purchase adds at least 1.02 times as much OCTO to the reserve as role tokens to the supply.
/// Warning: the ask stands at the genesis price; nothing is sold back here, so no path leads OCTO out.
contract ConversionEngine is IConversionEngine, AccessManagedUpgradeable, UUPSUpgradeable {
    uint256 private constant ONE = 1e18;
    /// @dev The rate of genesis, 1.0, and the spread of 200 bps.
    uint256 private constant GENESIS_ASK = 1.02e18;
    uint256 private constant SMALLEST_PURCHASE = 1e18;

    /// @custom:storage-location erc7201:cipherocto.storage.ConversionEngine
    struct ConversionEngineStorage {
        mapping(RoleId role => uint256 octo) held;
    }

    // keccak256(abi.encode(uint256(keccak256("cipherocto.storage.ConversionEngine")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant STORAGE_LOCATION = 0xdac871c15cb7962a6801df1e2226a1b4f15003a4bffdf562e0ea7e8bf60a8500;

    /// @custom:oz-upgrades-unsafe-allow state-variable-immutable
    IOctoToken private immutable OCTO;
    /// @custom:oz-upgrades-unsafe-allow state-variable-immutable
    IRoleTokenFactory private immutable ROLE_TOKENS;

    /// @param octo The OCTO token.
    /// @param roleTokens The factory of the role tokens.
    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor(IOctoToken octo, IRoleTokenFactory roleTokens) {
        OCTO = octo;
        ROLE_TOKENS = roleTokens;
        _disableInitializers();
    }

    /// @notice Sets who administers this contract.
    /// @param authority The AccessManager.
    function initialize(address authority) external initializer {
        __AccessManaged_init(authority);
    }

    /// @inheritdoc IConversionEngine
    function buy(RoleId role, uint128 octoIn, uint128 minOut, uint256 deadline) external returns (uint256 roleOut) {
        require(block.timestamp <= deadline, ConversionEngineDeadlinePassed(block.timestamp, deadline));
        roleOut = quote(role, octoIn);
        require(roleOut >= SMALLEST_PURCHASE, ConversionEnginePurchaseTooSmall(roleOut, SMALLEST_PURCHASE));
        require(roleOut >= minOut, ConversionEngineOutputTooSmall(roleOut, minOut));

        _storage().held[role] += octoIn;
        emit RoleTokensBought(msg.sender, role, octoIn, roleOut);

        OCTO.transferFrom(msg.sender, address(this), octoIn);
        IRoleToken(ROLE_TOKENS.tokenOf(role)).mint(msg.sender, roleOut);
    }

    /// @inheritdoc IConversionEngine
    function quoteExactOut(RoleId role, uint256 roleOut) external view returns (uint256 octoIn) {
        return Math.mulDiv(roleOut, askOf(role), ONE, Math.Rounding.Ceil);
    }

    /// @inheritdoc IConversionEngine
    function heldOf(RoleId role) external view returns (uint256) {
        return _storage().held[role];
    }

    /// @inheritdoc IConversionEngine
    function quote(RoleId role, uint256 octoIn) public view returns (uint256 roleOut) {
        return Math.mulDiv(octoIn, ONE, askOf(role));
    }

    /// @inheritdoc IConversionEngine
    function askOf(RoleId role) public view returns (uint256) {
        require(!role.isNone() && RoleId.unwrap(role) <= ROLE_TOKENS.count(), ConversionEngineUnknownRole(role));
        return GENESIS_ASK;
    }

    function _authorizeUpgrade(address) internal override restricted {}

    function _storage() private pure returns (ConversionEngineStorage storage $) {
        bytes32 location = STORAGE_LOCATION;
        // The only way to point at a namespace of ERC-7201.
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            $.slot := location
        }
    }
}
