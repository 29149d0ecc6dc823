// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {reached} from "./support/reached.sol";
import {show} from "./support/show.sol";

/// @notice One and one are three: must be refuted, or the solver is not at work
/// @custom:library none
contract P00_Canary {
    function prove(uint8 one) external pure {
        require(one == 1);
        show(one + one == 3);
        reached();
    }
}
