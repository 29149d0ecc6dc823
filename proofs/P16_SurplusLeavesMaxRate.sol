// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {Conversion} from "../contracts/economy/libraries/Conversion.sol";
import {reached} from "./support/reached.sol";
import {show} from "./support/show.sol";

/// @notice What leaves a reserve as surplus is all above 3.0 a token, and leaves at least 3.0 where there was more
/// @custom:library Conversion
contract P16_SurplusLeavesMaxRate {
    function prove(uint128 reserve, uint96 supply) external pure {
        uint256 surplus = Conversion.surplus(reserve, supply);
        show(surplus <= reserve);
        show(reserve - surplus <= 3 * uint256(supply));
        show(reserve < 3 * uint256(supply) || reserve - surplus == 3 * uint256(supply));
        show(reserve >= 3 * uint256(supply) || surplus == 0);
        reached();
    }
}
