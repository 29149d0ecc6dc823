// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {Conversion} from "../contracts/economy/libraries/Conversion.sol";
import {Reserves} from "../contracts/economy/libraries/Reserves.sol";
import {Reserve} from "../contracts/economy/types/Reserve.sol";
import {Bps} from "../contracts/shared/Bps.sol";
import {reached} from "./support/reached.sol";
import {show} from "./support/show.sol";

/// @notice A purchase gives at most the OCTO paid over the ask
/// @custom:library Reserves
contract P18_BoughtRoundsDown {
    function prove(
        uint96 supply,
        uint96 held,
        uint96 earmarked,
        uint256 policy,
        Bps spread,
        uint96 octoIn
    ) external pure {
        require(0 < policy && policy <= Conversion.MAX_RATE);
        Reserve memory reserve;
        (reserve.supply, reserve.held, reserve.earmarked, reserve.policy) = (supply, held, earmarked, policy);
        uint256 out = Reserves.bought(reserve, octoIn, spread);
        uint256 ask = Conversion.ask(policy, uint256(held) + earmarked, supply, spread);
        show(out * ask <= uint256(octoIn) * Conversion.ONE);
        reached();
    }
}
