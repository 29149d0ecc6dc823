// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {Emission} from "../contracts/economy/libraries/Emission.sol";
import {WashTradingLaw} from "../contracts/economy/libraries/WashTradingLaw.sol";
import {reached} from "./support/reached.sol";
import {show} from "./support/show.sol";

/// @notice A settlement mints at most the open budget, at most fee x intensity x 2.0, and so at most 0.24 of its fee
/// @custom:library Emission
contract P06_MintedBelowFee {
    function prove(uint256 fee, uint256 intensity, uint256 score, uint256 budget) external pure {
        require(fee < 2 ** 128 && intensity <= WashTradingLaw.MAX_INTENSITY);
        uint256 minted = Emission.minted(fee, intensity, score, budget);
        show(minted <= budget);
        uint256 atOne = (fee * intensity) / Emission.ONE;
        show(atOne * Emission.multiplier(score) <= atOne * 2e18);
        show(minted <= atOne * 2);
        show(minted * Emission.ONE <= fee * intensity * 2);
        show(fee * intensity <= fee * 0.12e18);
        show(minted * 100 <= fee * 24);
        reached();
    }
}
