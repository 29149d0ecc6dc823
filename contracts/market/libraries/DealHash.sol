// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {Consent, Deal} from "../types/Deal.sol";

/// @title EIP-712 hashes of a deal and of a provider's consent to it
library DealHash {
    bytes32 internal constant DEAL_TYPEHASH = keccak256(
        "Deal(bytes4 action,address client,address provider,address evaluator,address orchestrator,address hook,uint8 role,uint8 schedule,uint32 duration,uint64 agentId,uint96 forChildren,bytes32 terms,bytes32 salt)"
    );

    bytes32 internal constant CONSENT_TYPEHASH = keccak256(
        "Consent(Deal deal,uint256 budget,uint256 nonce,uint256 deadline)Deal(bytes4 action,address client,address provider,address evaluator,address orchestrator,address hook,uint8 role,uint8 schedule,uint32 duration,uint64 agentId,uint96 forChildren,bytes32 terms,bytes32 salt)"
    );

    /// @param action The selector of the function that makes the deal, so that a signature serves one function only.
    function hash(Deal memory deal, bytes4 action) internal pure returns (bytes32) {
        // All members are static, so their encoding in a row is what EIP-712 asks for.
        return keccak256(abi.encode(DEAL_TYPEHASH, action, deal));
    }

    /// @param dealHash The struct hash of the deal.
    function hash(Consent calldata consent, bytes32 dealHash, uint256 budget) internal pure returns (bytes32) {
        return keccak256(abi.encode(CONSENT_TYPEHASH, dealHash, budget, consent.nonce, consent.deadline));
    }
}
