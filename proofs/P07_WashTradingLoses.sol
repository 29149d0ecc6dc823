// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {FeeSplit} from "../contracts/economy/libraries/FeeSplit.sol";
import {WashTradingLaw} from "../contracts/economy/libraries/WashTradingLaw.sol";
import {FeeSchedule, Split} from "../contracts/economy/types/FeeSchedule.sol";
import {Bps, MAX_BPS} from "../contracts/shared/Bps.sol";
import {reached} from "./support/reached.sol";
import {show} from "./support/show.sol";

/// @notice Under the law what a settlement of 1 OCTO or more mints is worth less at 3.0 plus 2 % than what it burns and sends to the treasury, and less than it burns at 1.0
/// @custom:library WashTradingLaw
contract P07_WashTradingLoses {
    function prove(uint256 amount, Bps orchestrator, Bps treasury, Bps burn, Bps voters, uint256 minted) external pure {
        require(
            1e18 <= amount &&
                amount < 2 ** 128 &&
                uint256(orchestrator.toUint()) + treasury.toUint() + burn.toUint() + voters.toUint() <= MAX_BPS
        );
        FeeSchedule memory schedule = FeeSchedule({
            orchestrator: orchestrator,
            treasury: treasury,
            burn: burn,
            voters: voters
        });
        require(WashTradingLaw.check(schedule));
        Split memory parts = FeeSplit.split(amount, schedule, true);
        uint256 fee = FeeSplit.fee(parts);
        require(minted < 2 ** 128 && minted * 100 <= fee * 24); // P06
        uint256 gone = uint256(burn.toUint()) + treasury.toUint();
        uint256 all = gone + voters.toUint();
        show(10_000 * gone >= 7_344 * all + 16);
        show(amount * (10_000 * gone) >= amount * (7_344 * all + 16));
        show((parts.burn + parts.treasury + 2) * MAX_BPS >= amount * gone);
        show(fee * MAX_BPS <= amount * all);
        show(fee * 7_344 < (parts.burn + parts.treasury) * 10_000);
        show(minted * 306 < (parts.burn + parts.treasury) * 100);
        show(minted < parts.burn);
        reached();
    }
}
