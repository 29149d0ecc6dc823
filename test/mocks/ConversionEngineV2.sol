// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {ConversionEngine} from "../../contracts/economy/ConversionEngine.sol";
import {ISettlement} from "../../contracts/economy/interfaces/ISettlement.sol";
import {IOctoToken} from "../../contracts/tokens/interfaces/IOctoToken.sol";
import {IRoleTokenFactory} from "../../contracts/tokens/interfaces/IRoleTokenFactory.sol";

/// @title The next conversion engine: the same with one more view
/// @dev Inherits its initializer, which has run. A real version is the next text of the same file.
/// @custom:oz-upgrades-unsafe-allow missing-initializer
contract ConversionEngineV2 is ConversionEngine {
    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor(
        IOctoToken octo,
        IRoleTokenFactory roleTokens_,
        ISettlement vault_
    ) ConversionEngine(octo, roleTokens_, vault_) {}

    function version() external pure returns (uint256) {
        return 2;
    }
}
