// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {FeeSplit} from "../contracts/economy/libraries/FeeSplit.sol";
import {FeeSchedule, Split} from "../contracts/economy/types/FeeSchedule.sol";
import {Bps, MAX_BPS} from "../contracts/shared/Bps.sol";
import {reached} from "./support/reached.sol";
import {show} from "./support/show.sol";

/// @notice No leg but the provider's is above its share of the amount
/// @custom:library FeeSplit
contract P02_NoLegAboveItsShare {
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
        show(parts.orchestrator * MAX_BPS <= orchestrator.toUint() * uint256(amount));
        show(parts.treasury * MAX_BPS <= treasury.toUint() * uint256(amount));
        show(parts.burn * MAX_BPS <= burn.toUint() * uint256(amount));
        show(parts.voters * MAX_BPS <= voters.toUint() * uint256(amount));
        reached();
    }
}
