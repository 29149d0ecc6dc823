// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {Conversion} from "../contracts/economy/libraries/Conversion.sol";
import {reached} from "./support/reached.sol";
import {show} from "./support/show.sol";

/// @notice Slashed tokens take at most their share of a reserve with them, so that what covers the others does not fall
/// @custom:library Conversion
contract P25_SlashedKeepsCoverage {
    function prove(uint96 reserve, uint96 slashed, uint96 supply) external pure {
        require(slashed <= supply && supply != 0);
        uint256 share = Conversion.shareOf(reserve, slashed, supply);
        show(share * supply <= uint256(reserve) * slashed);
        show(uint256(reserve) * slashed <= uint256(reserve) * supply);
        show(share <= reserve);
        show((reserve - share) * supply >= uint256(reserve) * (supply - slashed));
        reached();
    }
}
