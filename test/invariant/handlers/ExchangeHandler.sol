// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {ISettlement} from "../../../contracts/economy/interfaces/ISettlement.sol";
import {RoleId} from "../../../contracts/shared/RoleId.sol";
import {Roles} from "../../../contracts/shared/Roles.sol";
import {ScheduleId} from "../../../contracts/shared/ScheduleId.sol";
import {IRoleToken} from "../../../contracts/tokens/interfaces/IRoleToken.sol";
import {roleTokenOf, sameRole} from "../../support/SuiteFixture.sol";
import {atMost, bound, equal, VM} from "../../support/Vm.sol";
import {VaultHandler} from "./VaultHandler.sol";

/// @title Who sells and swaps role tokens, and who tries to gain by it
abstract contract ExchangeHandler is VaultHandler {
    function sell(uint256 seed) external counted {
        (address seller, RoleId role) = (pick(actors, seed), roleFrom(seed >> 8));
        _sell(seller, role, _amountToSell(seller, role, seed >> 16));
    }

    function swap(uint256 seed) external counted {
        (address seller, RoleId from) = (pick(actors, seed), roleFrom(seed >> 8));
        RoleId to = RoleId.wrap(uint8(1 + ((seed >> 12) % 8)));
        if (sameRole(from, to)) to = Roles.NODE;
        uint256 roleIn = _amountToSell(seller, from, seed >> 16);
        (uint256 roleOut, ) = suite.engine.quoteSwap(seller, from, to, roleIn);
        if (roleOut >= 1e18) _swap(seller, from, to, roleIn, roleOut);
    }

    function poke(uint256 seed) external counted {
        RoleId role = RoleId.wrap(uint8(1 + (seed % 8)));
        touch(role);
        VM.prank(stranger);
        suite.engine.poke(role);
    }

    /// @dev As much as it may; what is beyond that is refused.
    function addToReserve(uint256 seed) external counted {
        RoleId role = roleFrom(seed);
        uint256 room = suite.engine.addableTo(role);
        uint256 balance = suite.octo.balanceOf(suite.treasury);
        uint256 amount = bound(seed >> 8, 0, room < balance ? room : balance);
        VM.startPrank(suite.treasury);
        suite.octo.approve(address(suite.engine), amount);
        suite.engine.addToReserve(role, uint128(amount));
        VM.stopPrank();
        touch(role);
        reserves[role].held += amount;
        treasurySpent += amount;
    }

    /// @dev Slashed tokens come this way, and anybody's may.
    function surrender(uint256 seed) external counted {
        (address holder, RoleId role) = (pick(actors, seed), roleFrom(seed >> 8));
        uint256 amount = _amountToSell(holder, role, seed >> 16);
        IRoleToken token = roleTokenOf(suite, role);
        VM.prank(holder);
        token.surrender(amount);
        reserves[role].surrendered += amount;
    }

    /// @dev There and back at once never gains (I-15), whoever bought before and whatever the rates.
    function roundTrip(uint256 seed) external counted {
        (address trader, RoleId role) = (pick(actors, seed), roleFrom(seed >> 8));
        uint256 amount = 100e18 + amountFrom(seed >> 16);
        uint256 price = suite.engine.quoteExactOut(role, amount);
        (uint256 worth, ) = suite.engine.quoteSell(trader, role, amount);
        atMost(worth, price, "I-15: bought and sold again with a profit");
        buyRoleTokens(trader, role, amount);
        _sell(trader, role, amount);
    }

    /// @dev Somebody hires himself, and values what that mints at the highest rate there will ever be. It is less than what
    /// burns and goes to the treasury, even if he had the voters' leg back (M-25).
    function washTrade(uint256 seed) external counted {
        address trader = worker(seed);
        uint256 amount = amountFrom(seed >> 16);
        RoleId role = RoleId.wrap(uint8(1 + ((seed >> 8) % 8)));
        lockElsewhere(trader, uint128(amount));
        ISettlement.Work memory work = _workOf(Bound({provider: trader, role: role, amount: amount}), seed >> 12);
        (work.client, work.bound) = (trader, false);
        uint256 before = committed;
        _settle(work);
        (, Legs memory legs) = legsOf(work);
        uint256 minted = committed - before;
        atMost(minted * 3, legs.treasury + legs.burn, "M-25: wash trading pays");
        atMost(minted, legs.burn, "M-25: a settlement earmarks more than it burns");
    }

    // Inside

    function _sell(address seller, RoleId role, uint256 roleIn) private {
        (uint256 bid, uint256 coverage) = (suite.engine.bidOf(role), suite.engine.coverageOf(role));
        uint256 before = suite.octo.balanceOf(seller);
        (uint256 quoted, ) = suite.engine.quoteSell(seller, role, roleIn);
        VM.prank(seller);
        suite.engine.sell(role, uint128(roleIn), uint128(quoted), block.timestamp);
        touch(role);
        uint256 fee = feeOf(role, seller, roleIn, bid);
        uint256 paid = (roleIn * bid) / 1e18 - fee;
        equal(suite.octo.balanceOf(seller) - before, paid, "C-2: paid = tokens x bid - fee");
        (, uint256 minted) = take(role, paid + fee);
        drawn += minted;
        _notLowered(role, coverage);
    }

    function _swap(address seller, RoleId from, RoleId to, uint256 roleIn, uint256 roleOut) private {
        (uint256 bid, uint256 source) = (suite.engine.bidOf(from), suite.engine.coverageOf(from));
        uint256 destination = suite.engine.coverageOf(to);
        VM.prank(seller);
        suite.engine.swap(from, to, uint128(roleIn), uint128(roleOut), block.timestamp);
        _bookSwap(seller, from, to, roleIn, bid);
        reserves[to].bought += roleOut;
        _notLowered(from, source);
        _notLowered(to, destination);
    }

    /// @dev The value moves first, and then the fee, which is minted where nothing is held any more, and burned.
    function _bookSwap(address seller, RoleId from, RoleId to, uint256 roleIn, uint256 bid) private {
        touch(from);
        touch(to);
        uint256 fee = feeOf(from, seller, roleIn, bid);
        (uint256 held, uint256 earmarked) = take(from, (roleIn * bid) / 1e18 - fee);
        bookPurchase(to, 0, held, earmarked);
        (, uint256 minted) = take(from, fee);
        drawn += minted;
    }

    /// @dev With no token left, there is nothing to cover.
    function _notLowered(RoleId role, uint256 before) private view {
        if (supplyOf(role) == 0) return;
        atMost(before < 3e18 ? before : 3e18, suite.engine.coverageOf(role), "C-2: a swap lowered the coverage");
    }

    /// @dev At least the smallest sale and at most what the epoch still pays; bought where the account has less.
    function _amountToSell(address seller, RoleId role, uint256 seed) private returns (uint256) {
        if (roleTokenOf(suite, role).balanceOf(seller) < 100e18) buyRoleTokens(seller, role, 100e18);
        uint256 most = _payable(seller, role);
        if (most < 100e18) {
            // The epoch's limit is used up; but what is paid in may be paid out.
            buyRoleTokens(seller, role, 400e18);
            most = 100e18;
        }
        uint256 balance = roleTokenOf(suite, role).balanceOf(seller);
        if (most > balance) most = balance;
        return seed % 4 == 0 ? most : bound(seed >> 2, 100e18, most);
    }

    /// @dev For how many tokens the epoch still pays.
    function _payable(address seller, RoleId role) private view returns (uint256) {
        (uint256 left, , ) = suite.engine.limitsOf(seller, role);
        return (left * 1e18) / suite.engine.bidOf(role);
    }
}
