// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {Conversion} from "../contracts/economy/libraries/Conversion.sol";
import {reached} from "./support/reached.sol";
import {show} from "./support/show.sol";

/// @notice What the policy aims at lies within 0.25 and 3.0, whatever the volumes
/// @custom:library Conversion
contract P12_PolicyTarget {
    function prove(uint96 volume, uint96 sumOfFour, uint96 highest) external pure {
        require(sumOfFour != 0 && highest != 0);
        uint256 target = Conversion.target(volume, sumOfFour, highest);
        show(Conversion.LEAST_POLICY <= target);
        show(target <= Conversion.MAX_RATE);
        reached();
    }
}
