// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {Bps} from "../../shared/Bps.sol";

/// @dev How a settlement is split; the provider receives the rest. One slot.
/// @param orchestrator To the orchestrator; to the provider if none was named.
/// @param treasury To the treasury.
/// @param burn Burned.
/// @param voters To the voters of the Assembly.
struct FeeSchedule {
    Bps orchestrator;
    Bps treasury;
    Bps burn;
    Bps voters;
}

/// @dev The five parts of a settlement, in wei of OCTO. They add up to the settled amount exactly.
/// @param provider To the provider, with what integer division left over.
/// @param orchestrator To the orchestrator.
/// @param treasury To the treasury.
/// @param burn To be burned.
/// @param voters To the voters of the Assembly.
struct Split {
    uint256 provider;
    uint256 orchestrator;
    uint256 treasury;
    uint256 burn;
    uint256 voters;
}
