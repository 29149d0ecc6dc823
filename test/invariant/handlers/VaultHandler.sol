// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {ISettlement} from "../../../contracts/economy/interfaces/ISettlement.sol";
import {IProviderRegistry} from "../../../contracts/registry/interfaces/IProviderRegistry.sol";
import {RoleId} from "../../../contracts/shared/RoleId.sol";
import {Roles} from "../../../contracts/shared/Roles.sol";
import {ScheduleId} from "../../../contracts/shared/ScheduleId.sol";
import {bound, VM} from "../../support/Vm.sol";
import {Handler} from "./Handler.sol";

/// @title Credit, sweeps, and a second market beside the job market
abstract contract VaultHandler is Handler {
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
        suite.settlement.refund(client, uint128(amount));
        bookRefund(otherMarket, client, amount);
    }

    function settleElsewhere(uint256 seed) external counted {
        ISettlement.Work memory work = _workElsewhere(seed);
        VM.prank(otherMarket);
        suite.settlement.settle(work);
        uint256 fee = bookSettlement(otherMarket, work);
        if (isRecorded(work)) bookRecord(work, fee);
    }

    /// @dev The registry fails: the work is paid all the same, and recorded by anybody once the registry works again.
    function settleUnrecorded(uint256 seed) external counted {
        ISettlement.Work memory work = _workElsewhere(seed);
        VM.mockCallRevert(address(suite.registry), abi.encodeWithSelector(IProviderRegistry.record.selector), "");
        VM.prank(otherMarket);
        suite.settlement.settle(work);
        VM.clearMockedCalls();
        uint256 fee = bookSettlement(otherMarket, work);
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

    /// @dev Nearly all OCTO goes round once: only so does the mint budget ever bind.
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
            schedule: ScheduleId.wrap(1)
        });
        VM.prank(otherMarket);
        suite.settlement.settle(work);
        bookRecord(work, bookSettlement(otherMarket, work));

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
            schedule: ScheduleId.wrap(uint8(1 + ((seed >> 8) % 4)))
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

    /// @dev A part, or the whole, of what the other market has locked.
    function _partElsewhere(uint256 seed) private returns (uint256) {
        if (escrowOf[otherMarket] == 0) _lockElsewhere(pick(clients, seed), amountFrom(seed >> 8), seed);
        return seed % 3 == 0 ? escrowOf[otherMarket] : bound(seed >> 16, 1, escrowOf[otherMarket]);
    }

    function _workElsewhere(uint256 seed) private returns (ISettlement.Work memory) {
        return
            ISettlement.Work({
                client: pick(clients, seed),
                provider: pick(providers, seed >> 3),
                orchestrator: (seed >> 4) % 2 == 0 ? address(0) : orchestrator,
                amount: uint128(_partElsewhere(seed)),
                role: RoleId.wrap(uint8((seed >> 5) % 9)),
                schedule: ScheduleId.wrap(uint8(1 + ((seed >> 9) % 4)))
            });
    }
}
