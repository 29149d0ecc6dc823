// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {Emission} from "../contracts/economy/libraries/Emission.sol";
import {reached} from "./support/reached.sol";
import {show} from "./support/show.sol";

/// @notice The multiplier lies within 0.5 and 2.0 and never falls as the score rises
/// @custom:library Emission
contract P05_Multiplier {
    function prove(uint256 score, uint256 better) external pure {
        require(score <= better);
        uint256 multiplier = Emission.multiplier(score);
        show(0.5e18 <= multiplier);
        show(multiplier <= 2e18);
        show(multiplier <= Emission.multiplier(better));
        reached();
    }
}
