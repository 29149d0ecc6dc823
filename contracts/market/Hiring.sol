// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {ISettlement} from "../economy/interfaces/ISettlement.sol";
import {Agreements} from "./Agreements.sol";
import {IJobMarket} from "./interfaces/IJobMarket.sol";
import {DealHash} from "./libraries/DealHash.sol";
import {Consent, Deal} from "./types/Deal.sol";
import {Extras} from "./types/Job.sol";
import {JobId} from "./types/JobId.sol";

/// @title Hire: a job in one transaction
/// @dev The escrow comes from the client: by approval, signature or credit.
abstract contract Hiring is Agreements, IJobMarket {
    using DealHash for Deal;

    /// @inheritdoc IJobMarket
    function hire(Deal memory deal, uint128 budget, Consent calldata consent) external returns (JobId jobId) {
        _requireClient(deal);
        ISettlement.Lock memory escrow;
        Extras memory none;
        (jobId, escrow) = _hire(deal, budget, consent, none);

        SETTLEMENT.lockByApproval(escrow, false);
    }

    /// @inheritdoc IJobMarket
    function hireWithAuthorization(
        Deal memory deal,
        uint128 budget,
        uint256 validAfter,
        uint256 validBefore,
        bytes calldata signature,
        Consent calldata consent
    ) external returns (JobId jobId) {
        ISettlement.Lock memory escrow;
        Extras memory none;
        (jobId, escrow) = _hire(deal, budget, consent, none);
        // Else whoever submits the client's signature first could leave the provider's out.
        require(escrow.provider != address(0) || msg.sender == deal.client, JobMarketConsentMissing(deal.provider));

        SETTLEMENT.lockByAuthorization(
            escrow,
            ISettlement.Authorization({
                validAfter: validAfter,
                validBefore: validBefore,
                deal: deal.hash(msg.sig),
                signature: signature
            })
        );
    }

    /// @inheritdoc IJobMarket
    function hireFromCredit(Deal memory deal, uint128 budget, Consent calldata consent) external returns (JobId jobId) {
        _requireClient(deal);
        ISettlement.Lock memory escrow;
        Extras memory none;
        (jobId, escrow) = _hire(deal, budget, consent, none);

        SETTLEMENT.lockFromCredit(escrow);
    }
}
