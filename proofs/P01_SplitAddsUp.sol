// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {FeeSplit} from "../contracts/economy/libraries/FeeSplit.sol";
import {FeeSchedule, Split} from "../contracts/economy/types/FeeSchedule.sol";
import {Bps, MAX_BPS} from "../contracts/shared/Bps.sol";
import {reached} from "./support/reached.sol";
import {show} from "./support/show.sol";

/// @notice The five legs of a settlement add up to the amount exactly
/// @custom:library FeeSplit
contract P01_SplitAddsUp {
    function prove(
        uint128 amount,
        Bps orchestrator,
        Bps treasury,
        Bps burn,
        Bps voters,
        bool orchestrated
    ) external pure {
        require(uint256(orchestrator.toUint()) + treasury.toUint() + burn.toUint() + voters.toUint() <= MAX_BPS);
        Split memory parts = FeeSplit.split(
            amount,
            FeeSchedule({orchestrator: orchestrator, treasury: treasury, burn: burn, voters: voters}),
            orchestrated
        );
        show(parts.provider + parts.orchestrator + parts.treasury + parts.burn + parts.voters == amount);
        show(parts.provider + parts.orchestrator + FeeSplit.fee(parts) == amount);
        reached();
    }
}
