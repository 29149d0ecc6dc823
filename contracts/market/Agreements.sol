// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {EIP712Upgradeable} from "@openzeppelin/contracts-upgradeable/utils/cryptography/EIP712Upgradeable.sol";
import {BitMaps} from "@openzeppelin/contracts/utils/structs/BitMaps.sol";
import {ISettlement} from "../economy/interfaces/ISettlement.sol";
import {IProviderRegistry} from "../registry/interfaces/IProviderRegistry.sol";
import {Roles} from "../shared/Roles.sol";
import {Signature} from "../shared/Signature.sol";
import {Escrow} from "./Escrow.sol";
import {Hooked} from "./Hooked.sol";
import {DealHash} from "./libraries/DealHash.sol";
import {Consent, Deal} from "./types/Deal.sol";
import {BOUND, EVALUATED, EXTENDED, Extras, Job, JobStatus, newJobState, ORCHESTRATED} from "./types/Job.sol";
import {JobId} from "./types/JobId.sol";

/// @title What client and provider agree on, and the job it becomes
/// @dev The same for every way to fill the escrow.
abstract contract Agreements is EIP712Upgradeable, Escrow, Hooked {
    using DealHash for Deal;
    using DealHash for Consent;
    using BitMaps for BitMaps.BitMap;
    using Signature for bytes;

    function _hire(
        Deal memory deal,
        uint128 budget,
        Consent calldata consent,
        Extras memory extras
    ) internal nonReentrantView returns (JobId jobId, ISettlement.Lock memory escrow) {
        _requireDeal(deal, budget);
        uint96 amount = _toBudget(budget);
        (bool bound, uint256 capacity) = _agree(deal, amount, consent);

        jobId = _nextJobId();
        _writeJob(jobId, deal, amount, bound, extras);
        address evaluator = _isEvaluated(deal) ? deal.evaluator : deal.client;
        emit JobCreated(
            jobId,
            deal.client,
            deal.provider,
            evaluator,
            block.timestamp + deal.duration.toSeconds(),
            deal.hook
        );
        emit TermsFrozen(jobId, deal.terms, deal.role, deal.schedule, deal.orchestrator, bound);
        emit JobFunded(jobId, deal.client, amount);
        escrow = ISettlement.Lock({
            client: deal.client,
            amount: amount,
            role: deal.role,
            schedule: deal.schedule,
            provider: bound ? deal.provider : address(0),
            capacity: uint128(capacity) // below 2^91
        });
    }

    function _writeJob(JobId jobId, Deal memory deal, uint96 budget, bool bound, Extras memory extras) private {
        JobMarketStorage storage $ = _storage();
        bool orchestrated = deal.orchestrator != address(0);
        bool evaluated = _isEvaluated(deal);
        bool extended = _writeExtras(jobId, deal, extras);
        uint24 flags =
            (bound ? BOUND : 0) |
                (evaluated ? EVALUATED : 0) |
                (orchestrated ? ORCHESTRATED : 0) |
                (extended ? EXTENDED : 0);

        $.jobs[jobId] = Job({
            client: deal.client,
            budget: budget,
            provider: deal.provider,
            deadline: uint32(block.timestamp + deal.duration.toSeconds()), // until the year 2106
            markAt: uint32(block.timestamp), // until the year 2106
            reviewHours: $.reviewHours,
            state: newJobState(deal.role, deal.schedule, flags).withStatus(JobStatus.Funded),
            terms: deal.terms
        });
        if (evaluated) $.evaluators[jobId] = deal.evaluator;
        if (orchestrated) $.orchestrators[jobId] = deal.orchestrator;
    }

    /// @dev Written only when there are any.
    function _writeExtras(JobId jobId, Deal memory deal, Extras memory extras) private returns (bool extended) {
        bool hooked = deal.hook != address(0);
        extended = hooked || deal.agentId != 0 || deal.forChildren != 0 || extras.parent != 0;
        if (!extended) return false;

        (extras.agentId, extras.forChildren, extras.hooked) = (deal.agentId, deal.forChildren, hooked);
        _storage().extras[jobId] = extras;
        if (hooked) _storage().hooks[jobId] = deal.hook;
    }

    /// @dev Whether the provider, who must be active, is bound: by its signature, by its agent's listing, or by its standing
    /// terms. The latter two speak of budget and time only, so they agree to nobody's evaluator and to no orchestrator's share.
    function _agree(
        Deal memory deal,
        uint256 budget,
        Consent calldata consent
    ) private returns (bool bound, uint256 capacity) {
        uint256 duration = deal.duration.toSeconds();
        (bound, capacity) = REGISTRY.screen(deal.provider, deal.role, budget, duration);
        bool orchestrated = deal.orchestrator != address(0);
        if (orchestrated) {
            require(
                REGISTRY.isActive(deal.orchestrator, Roles.ORCHESTRATOR),
                IProviderRegistry.ProviderRegistryNotActive(deal.orchestrator, Roles.ORCHESTRATOR)
            );
        }
        bool signed = consent.signature.length != 0;
        if (deal.agentId != 0) bound = _listed(deal.agentId, deal.provider, budget, duration, !signed) || bound;
        if (!signed) return (bound && !orchestrated && !_isEvaluated(deal), capacity);

        require(block.timestamp <= consent.deadline, JobMarketConsentExpired(consent.deadline));
        bytes32 digest = _hashTypedDataV4(consent.hash(deal.hash(msg.sig), budget));
        require(consent.signature.isBy(deal.provider, digest), JobMarketConsentNotSigned(deal.provider));
        _spendConsent(deal.provider, consent.nonce);
        return (true, capacity);
    }

    /// @dev Whether the agent's offer is this deal. It must be the provider's own agent in any case.
    /// @param required Whether the price must be the listed one: nobody has agreed to another.
    function _listed(
        uint256 agentId,
        address provider,
        uint256 budget,
        uint256 duration,
        bool required
    ) internal view returns (bool) {
        (address lister, uint256 price, uint256 least) = AGENTS.offerOf(agentId);
        require(lister == provider, JobMarketNotTheAgent(agentId, provider, lister));
        require(!required || price == budget, JobMarketPriceStale(agentId, price, budget));
        require(!required || duration >= least, JobMarketTooShort(agentId, duration, least));
        return price == budget && duration >= least;
    }

    function _spendConsent(address provider, uint256 nonce) internal {
        BitMaps.BitMap storage spent = _storage().spentConsents[provider];
        require(!spent.get(nonce), JobMarketConsentSpent(provider, nonce));

        spent.set(nonce);
        emit ConsentSpent(provider, nonce);
    }

    function _nextJobId() internal returns (JobId) {
        return JobId.wrap(++_storage().lastJobId);
    }

    function _requireClient(Deal memory deal) internal view {
        require(msg.sender == deal.client, JobMarketCallerNotClient(msg.sender, deal.client));
    }

    function _requireDeal(Deal memory deal, uint256 budget) private view {
        require(deal.client != address(0) && deal.provider != address(0), JobMarketZeroParty());
        _requireParties(deal.client, deal.provider, deal.evaluator);
        require(
            deal.orchestrator == address(0) ||
                (deal.orchestrator != deal.client &&
                    deal.orchestrator != deal.provider &&
                    deal.orchestrator != deal.evaluator),
            JobMarketPartiesCollide(deal.orchestrator)
        );
        _requireHook(deal.hook);
        _requireDuration(deal.duration.toSeconds());
        require(deal.forChildren <= budget, JobMarketChildrenAboveBudget(deal.forChildren, budget));
    }

    function _isEvaluated(Deal memory deal) private pure returns (bool) {
        return deal.evaluator != address(0) && deal.evaluator != deal.client;
    }

    /// @dev A constant: OpenZeppelin's would be read from storage on every signed consent.
    // solhint-disable-next-line func-name-mixedcase
    function _EIP712Name() internal pure override returns (string memory) {
        return "CipherOcto JobMarket";
    }

    /// @dev A constant, for the same reason.
    // solhint-disable-next-line func-name-mixedcase
    function _EIP712Version() internal pure override returns (string memory) {
        return "1";
    }
}
