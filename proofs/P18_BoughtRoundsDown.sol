// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {Conversion} from "../contracts/economy/libraries/Conversion.sol";
import {Reserves} from "../contracts/economy/libraries/Reserves.sol";
import {reached} from "./support/reached.sol";
import {show} from "./support/show.sol";

/// @notice A purchase gives at most the OCTO paid over the ask
/// @custom:library Reserves
contract P18_BoughtRoundsDown {
    function prove(uint256 ask, uint96 octoIn) external pure {
        require(ask != 0 && ask <= 2 * Conversion.MAX_RATE);
        uint256 roleOut = Reserves.boughtAt(ask, octoIn);
        show(roleOut * ask <= octoIn * Conversion.ONE);
        reached();
    }
}
