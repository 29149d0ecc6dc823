// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {FeeSplit} from "../contracts/economy/libraries/FeeSplit.sol";
import {FeeSchedule, Split} from "../contracts/economy/types/FeeSchedule.sol";
import {Bps, MAX_BPS} from "../contracts/shared/Bps.sol";
import {reached} from "./support/reached.sol";
import {show} from "./support/show.sol";

/// @notice With the shares that the schedule admits the fee is at most half of the amount, and the provider receives at least half
/// @custom:library FeeSplit
contract P04_FeeAtMostHalf {
    function prove(
        uint256 amount,
        Bps orchestrator,
        Bps treasury,
        Bps burn,
        Bps voters,
        bool orchestrated
    ) external pure {
        uint256 shares = uint256(orchestrator.toUint()) + treasury.toUint() + burn.toUint() + voters.toUint();
        require(amount < 2 ** 128 && shares <= 50_00);
        Split memory parts = FeeSplit.split(
            amount,
            FeeSchedule({orchestrator: orchestrator, treasury: treasury, burn: burn, voters: voters}),
            orchestrated
        );
        show(amount * shares <= amount * 50_00);
        show((amount - parts.provider) * MAX_BPS <= amount * shares);
        show(FeeSplit.fee(parts) <= amount / 2);
        show(parts.provider >= amount / 2);
        reached();
    }
}
