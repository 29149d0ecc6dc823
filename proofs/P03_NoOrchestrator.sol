// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {FeeSplit} from "../contracts/economy/libraries/FeeSplit.sol";
import {FeeSchedule, Split} from "../contracts/economy/types/FeeSchedule.sol";
import {Bps, MAX_BPS} from "../contracts/shared/Bps.sol";
import {reached} from "./support/reached.sol";
import {show} from "./support/show.sol";

/// @notice Naming an orchestrator changes no leg of the fee; without one, the provider receives all but the fee
/// @custom:library FeeSplit
contract P03_NoOrchestrator {
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
        show(parts.treasury == treasury.ofDown(amount));
        show(parts.burn == burn.ofDown(amount));
        show(parts.voters == voters.ofDown(amount));
        show(orchestrated || parts.orchestrator == 0);
        show(orchestrated || parts.provider + FeeSplit.fee(parts) == amount);
        reached();
    }
}
