// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {MintBudget} from "../contracts/tokens/libraries/MintBudget.sol";
import {reached} from "./support/reached.sol";
import {show} from "./support/show.sol";

/// @notice The opened mint budget never falls with time and never exceeds 5 billion OCTO
/// @custom:library MintBudget
contract P09_MintBudget {
    function prove(uint64 elapsed, uint64 later) external pure {
        require(elapsed <= later);
        show(MintBudget.opened(elapsed) <= MintBudget.opened(later));
        show(MintBudget.opened(later) <= 5_000_000_000e18);
        reached();
    }
}
