// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {WashTradingLaw} from "../contracts/economy/libraries/WashTradingLaw.sol";
import {FeeSchedule} from "../contracts/economy/types/FeeSchedule.sol";
import {Bps, MAX_BPS} from "../contracts/shared/Bps.sol";
import {reached} from "./support/reached.sol";
import {show} from "./support/show.sol";

/// @notice Under the law 0.24 of a fee is worth less at 3.0 plus 2 % than the shares burned and sent to the treasury, and less than the share burned at 1.0
/// @custom:library WashTradingLaw
contract P07_WashTradingLoses {
    function prove(Bps treasury, Bps burn, Bps voters) external pure {
        require(uint256(treasury.toUint()) + burn.toUint() + voters.toUint() <= MAX_BPS);
        require(
            WashTradingLaw.check(
                FeeSchedule({orchestrator: Bps.wrap(0), treasury: treasury, burn: burn, voters: voters})
            )
        );
        uint256 gone = burn.toUint() + treasury.toUint();
        uint256 shares = gone + voters.toUint();
        show(100_00 * gone >= 73_44 * shares + 16);
        show(100 * uint256(burn.toUint()) > 24 * shares);
        reached();
    }
}
