// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {Conversion} from "../contracts/economy/libraries/Conversion.sol";
import {reached} from "./support/reached.sol";
import {show} from "./support/show.sol";

/// @notice A step moves the policy by at most a tenth of itself and keeps it within 0.25 and 3.0, in whole billionths
/// @custom:library Conversion
contract P11_PolicyStep {
    function prove(uint256 policy, uint256 aim) external pure {
        require(Conversion.LEAST_POLICY <= policy && policy <= Conversion.MAX_RATE && policy % Conversion.GRAIN == 0);
        require(Conversion.LEAST_POLICY <= aim && aim <= Conversion.MAX_RATE);
        uint256 next = Conversion.step(policy, aim);
        show(policy - policy / 10 <= next);
        show(next <= policy + policy / 10);
        show(Conversion.LEAST_POLICY <= next);
        show(next <= Conversion.MAX_RATE);
        show(next % Conversion.GRAIN == 0);
        reached();
    }
}
