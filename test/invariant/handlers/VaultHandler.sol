// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {ISettlement} from "../../../contracts/economy/interfaces/ISettlement.sol";
import {IPeerReviews} from "../../../contracts/registry/interfaces/IPeerReviews.sol";
import {IProviderRegistry} from "../../../contracts/registry/interfaces/IProviderRegistry.sol";
import {RoleId} from "../../../contracts/shared/RoleId.sol";
import {Roles} from "../../../contracts/shared/Roles.sol";
import {ScheduleId} from "../../../contracts/shared/ScheduleId.sol";
import {atMost, bound, VM} from "../../support/Vm.sol";
import {Handler} from "./Handler.sol";

/// @title Credit, sweeps, and a second market beside the job market
abstract contract VaultHandler is Handler {
    mapping(address => mapping(RoleId => mapping(uint256 day => uint256))) internal movedByTasks;
    mapping(address => mapping(RoleId => mapping(uint256 day => uint256))) internal movedByRatings;

    // Everybody

    function depositCredit(uint256 seed) external counted {
        deposit(pick(actors, seed), amountFrom(seed >> 8));
    }

    function withdrawCredit(uint256 seed) external counted {
        address account = _withCredit(seed);
        uint256 amount = bound(seed >> 8, 1, accounts[account].credit);
        address to = pick(actors, seed >> 4);

        VM.prank(account);
        suite.settlement.withdraw(to, uint128(amount));
        accounts[account].credit -= amount;
        wentOut += amount;
    }

    function setCreditConsent(uint256 seed) external counted {
        address account = pick(actors, seed);
        address market = (seed >> 8) % 2 == 0 ? address(suite.jobMarket) : otherMarket;
        allow(account, market, !consentOf[account][market]);
    }

    function setPayOut(uint256 seed) external counted {
        address account = pick(actors, seed);
        bool payOut = (seed >> 8) % 2 == 0;
        VM.prank(account);
        suite.settlement.setPayOut(payOut);
        (accounts[account].payOut, accounts[account].chosen) = (payOut, true);
    }

    function sweep() external counted {
        _sweep();
    }

    // A second market: every schedule, every role and none, settlements and refunds in part

    function lockElsewhere(uint256 seed) external counted {
        _lockElsewhere(pick(clients, seed), amountFrom(seed >> 8), seed);
    }

    function refundElsewhere(uint256 seed) external counted {
        uint256 amount = _partElsewhere(seed);
        address client = pick(clients, seed);
        VM.prank(otherMarket);
        suite.settlement.refund(refundOf(client, uint128(amount)), false);
        bookRefund(otherMarket, client, amount);
    }

    function settleElsewhere(uint256 seed) external counted {
        _settle(_workElsewhere(seed));
    }

    function lockElsewhere(address client, uint128 amount) internal {
        _lockElsewhere(client, amount, 1);
    }

    /// @dev Work of this provider, so that its delegators have their cut.
    function settleFor(address provider, RoleId role, uint256 amount) internal {
        lockElsewhere(clients[0], uint128(amount));
        ISettlement.Work memory work = _workOf(Bound({provider: provider, role: role, amount: amount}), 0);
        work.bound = false;
        _settle(work);
    }

    /// @dev All tasks of a day together move an average by a twentieth of the whole at most, and a wei each (I-17).
    function _settle(ISettlement.Work memory work) internal {
        uint256 before = suite.lens.reliabilityOf(work.provider, work.role).success;
        VM.prank(otherMarket);
        suite.settlement.settle(work);
        uint256 fee = bookSettlement(otherMarket, work, isRecorded(work));
        if (isRecorded(work)) bookRecord(work, fee);
        uint256 moved = _distance(before, suite.lens.reliabilityOf(work.provider, work.role).success);
        uint256 all = (movedByTasks[work.provider][work.role][block.timestamp / 1 days] += moved);
        atMost(all, 5e5 + 64, "I-17: the tasks of a day moved an average by more than a step");
    }

    function _rate(ISettlement.Rating memory rating) private {
        uint256 before = suite.lens.reliabilityOf(rating.provider, rating.role).peer;
        VM.prank(otherMarket);
        suite.settlement.rate(rating);
        uint256 moved = _distance(before, suite.lens.reliabilityOf(rating.provider, rating.role).peer);
        uint256 all = (movedByRatings[rating.provider][rating.role][block.timestamp / 1 days] += moved);
        atMost(all, 5e5 + 64, "P-2: the ratings of a day moved an average by more than a step");
    }

    function _refusedRating(ISettlement.Rating memory rating, bytes4 reason, string memory law) private {
        refused(otherMarket, address(suite.settlement), abi.encodeCall(ISettlement.rate, (rating)), reason, law);
    }

    function _distance(uint256 a, uint256 b) private pure returns (uint256) {
        return a > b ? a - b : b - a;
    }

    function _workOf(Bound memory work, uint256 seed) internal view returns (ISettlement.Work memory) {
        return
            ISettlement.Work({
                client: pick(clients, seed),
                provider: work.provider,
                orchestrator: address(0),
                amount: uint128(work.amount),
                role: work.role,
                schedule: ScheduleId.wrap(uint8(1 + ((seed >> 12) % 4))),
                success: 100,
                speed: uint8((seed >> 20) % 101),
                bound: true
            });
    }

    /// @dev Work that binds its provider, up to what its bond carries and not a wei more.
    function lockBound(uint256 seed) external counted {
        Bound memory work = Bound({provider: worker(seed), role: roleFrom(seed >> 4), amount: amountFrom(seed >> 8)});
        activate(work.provider, work.role);
        makeRoom(work.provider, work.role, work.amount);
        (, uint256 capacity) = suite.registry.screen(work.provider, work.role, 0, 0);
        address client = pick(clients, seed >> 2);
        supply(client, work.amount);
        ISettlement.Lock memory terms = ISettlement.Lock({
            client: client,
            amount: uint128(capacity + 1 - inFlightOf[work.provider]),
            role: work.role,
            schedule: ScheduleId.wrap(uint8(1 + ((seed >> 6) % 4))),
            provider: work.provider,
            capacity: uint128(capacity)
        });
        refused(
            otherMarket,
            address(suite.settlement),
            abi.encodeCall(ISettlement.lockByApproval, (terms, false)),
            ISettlement.SettlementCapacityExceeded.selector,
            "V-6: more value in flight than a bond carries"
        );
        terms.amount = uint128(work.amount);
        VM.prank(otherMarket);
        suite.settlement.lockByApproval(terms, false);
        bookLock(otherMarket, client, work.amount, false);
        inFlightOf[work.provider] += work.amount;
        boundElsewhere.push(work);
    }

    /// @dev Settled, refunded, or refunded because the provider failed.
    function endBound(uint256 seed) external counted {
        if (boundElsewhere.length == 0) return;
        uint256 index = seed % boundElsewhere.length;
        ISettlement.Work memory work = _workOf(boundElsewhere[index], seed);
        boundElsewhere[index] = boundElsewhere[boundElsewhere.length - 1];
        boundElsewhere.pop();
        if ((seed >> 8) % 2 == 0) return _settle(work);

        bool failed = (seed >> 8) % 4 == 1;
        VM.prank(otherMarket);
        suite.settlement.refund(work, failed);
        bookRefund(otherMarket, work.client, work.amount);
        inFlightOf[work.provider] -= work.amount;
        if (failed) bookFailure(work);
    }

    /// @dev A client rates a provider; in the 30 days after it, that is refused (P-1). All ratings of a day together move
    /// an average by a twentieth of the whole at most (P-2, I-17).
    function rate(uint256 seed) external counted {
        ISettlement.Rating memory rating = ISettlement.Rating({
            client: pick(clients, seed),
            provider: worker(seed >> 4),
            role: roleFrom(seed >> 8),
            schedule: ScheduleId.wrap(uint8(1 + ((seed >> 12) % 4))),
            amount: uint128(smallestRecorded + amountFrom(seed >> 16)),
            rating: uint8((seed >> 200) % 101)
        });
        activate(rating.provider, rating.role);
        (, , address reviews) = suite.registry.peers();
        uint256 last = IPeerReviews(reviews).reviewedAt(rating.client, rating.provider, rating.role);
        if (last == 0 || block.timestamp >= last + 30 days) _rate(rating);
        _refusedRating(rating, IPeerReviews.PeerReviewsTooSoon.selector, "P-1: rated twice in 30 days");
        rating.amount = uint128(smallestRecorded - 1);
        _refusedRating(rating, ISettlement.SettlementTooSmallToRate.selector, "P-1: rated what was not recorded");
    }

    /// @dev The registry fails: the work is paid all the same, and recorded by anybody once the registry works again.
    function settleUnrecorded(uint256 seed) external counted {
        ISettlement.Work memory work = _workElsewhere(seed);
        VM.mockCallRevert(address(suite.registry), abi.encodeWithSelector(IProviderRegistry.record.selector), "");
        VM.prank(otherMarket);
        suite.settlement.settle(work);
        VM.clearMockedCalls();
        uint256 fee = bookSettlement(otherMarket, work, false);
        if (!isRecorded(work)) return;

        VM.prank(sweeper);
        suite.settlement.replay(work, fee);
        bookRecord(work, fee);
        refused(
            sweeper,
            address(suite.settlement),
            abi.encodeCall(ISettlement.replay, (work, fee)),
            ISettlement.SettlementNothingToReplay.selector,
            "V-4: work was recorded twice"
        );
    }

    /// @dev Nearly all OCTO goes round once: only so does an epoch's cap ever bind.
    function settleWhale() external counted {
        _settleWhale();
    }

    function _settleWhale() internal {
        uint256 amount = (suite.octo.balanceOf(suite.bank) * 9) / 10;
        _lockElsewhere(suite.bank, uint128(amount), 1);
        ISettlement.Work memory work = ISettlement.Work({
            client: suite.bank,
            provider: whale,
            orchestrator: address(0),
            amount: uint128(amount),
            role: Roles.NODE,
            schedule: ScheduleId.wrap(1),
            success: 100,
            speed: 100,
            bound: false
        });
        VM.prank(otherMarket);
        suite.settlement.settle(work);
        bookRecord(work, bookSettlement(otherMarket, work, true));

        // Back to where it came from, so that there is a next time.
        uint256 credit = accounts[whale].credit;
        if (credit != 0) {
            VM.prank(whale);
            suite.settlement.withdraw(suite.bank, uint128(credit));
            accounts[whale].credit = 0;
            wentOut += credit;
        }
        uint256 balance = suite.octo.balanceOf(whale);
        VM.prank(whale);
        suite.octo.transfer(suite.bank, balance);
        _sweep();
        uint256 taxes = suite.octo.balanceOf(suite.treasury);
        VM.prank(suite.treasury);
        suite.octo.transfer(suite.bank, taxes);
        treasurySpent += taxes;
    }

    function _sweep() private {
        VM.prank(sweeper);
        suite.settlement.sweep();
        bookSweep();
    }

    function _withCredit(uint256 seed) internal returns (address) {
        for (uint256 i = 0; i < actors.length; ++i) {
            address account = actors[addmod(seed, i, actors.length)];
            if (accounts[account].credit != 0) return account;
        }
        deposit(actors[0], amountFrom(seed));
        return actors[0];
    }

    function _lockElsewhere(address client, uint128 amount, uint256 seed) private {
        ISettlement.Lock memory terms = ISettlement.Lock({
            client: client,
            amount: amount,
            role: RoleId.wrap(uint8((seed >> 4) % 9)),
            schedule: ScheduleId.wrap(uint8(1 + ((seed >> 8) % 4))),
            provider: address(0),
            capacity: 0
        });
        bool fromCredit = seed % 2 == 0;
        if (fromCredit) {
            if (accounts[client].credit < amount) deposit(client, amount);
            allow(client, otherMarket, true);
            VM.prank(otherMarket);
            suite.settlement.lockFromCredit(terms);
        } else {
            supply(client, amount);
            VM.prank(otherMarket);
            suite.settlement.lockByApproval(terms, false);
        }
        bookLock(otherMarket, client, amount, fromCredit);
    }

    function _unbound() private view returns (uint256 amount) {
        amount = escrowOf[otherMarket];
        for (uint256 i = 0; i < boundElsewhere.length; ++i) amount -= boundElsewhere[i].amount;
    }

    /// @dev A part, or the whole, of what the other market has locked for work that binds nobody.
    function _partElsewhere(uint256 seed) private returns (uint256) {
        if (_unbound() == 0) _lockElsewhere(pick(clients, seed), amountFrom(seed >> 8), seed);
        return seed % 3 == 0 ? _unbound() : bound(seed >> 16, 1, _unbound());
    }

    function _workElsewhere(uint256 seed) private returns (ISettlement.Work memory) {
        return
            ISettlement.Work({
                client: pick(clients, seed),
                provider: worker(seed >> 3),
                orchestrator: (seed >> 4) % 2 == 0 ? address(0) : coordinator(),
                amount: uint128(_partElsewhere(seed)),
                role: RoleId.wrap(uint8((seed >> 5) % 9)),
                schedule: ScheduleId.wrap(uint8(1 + ((seed >> 9) % 4))),
                success: uint8(1 + ((seed >> 12) % 100)),
                speed: uint8((seed >> 20) % 101),
                bound: false
            });
    }
}
