// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {Duration} from "../../shared/Duration.sol";
import {RoleId} from "../../shared/RoleId.sol";
import {ScheduleId} from "../../shared/ScheduleId.sol";

/// @dev What client and provider agree on. With the called function's selector in front (`bytes4 action`), it is the
/// EIP-712 struct that a client signs as the nonce of his payment and a provider as part of its consent.
/// @param client Who pays.
/// @param provider Who does the work; active in the role.
/// @param evaluator Who judges it; zero or the client himself for the client.
/// @param orchestrator Who coordinates it; zero for nobody, else active in role O.
/// @param hook Who is told of every step; zero for nobody.
/// @param role The role of the work.
/// @param schedule The fee schedule.
/// @param duration The time for the work, from the moment of hire.
/// @param agentId The provider's agent whose listed price is taken; 0 for none.
/// @param forChildren What of the budget the provider may spend on child jobs, in wei of OCTO. It is the client's risk: what
/// children were paid does not come back if the provider then fails.
/// @param terms The hash of the terms.
/// @param salt Any value; makes two like deals two.
struct Deal {
    address client;
    address provider;
    address evaluator;
    address orchestrator;
    address hook;
    RoleId role;
    ScheduleId schedule;
    Duration duration;
    uint64 agentId;
    uint96 forChildren;
    bytes32 terms;
    bytes32 salt;
}

/// @dev A provider's signature under a deal, EIP-712 `Consent(Deal deal,uint256 budget,uint256 nonce,uint256 deadline)`.
/// An empty signature is none: then the agent's listing or the provider's standing terms decide whether the job binds it.
/// @param nonce Any number the provider has not used or revoked; 256 neighbours share a slot.
/// @param deadline The last second at which the deal can be made.
/// @param signature Of the provider, or what its ERC-1271 accepts.
struct Consent {
    uint256 nonce;
    uint256 deadline;
    bytes signature;
}
