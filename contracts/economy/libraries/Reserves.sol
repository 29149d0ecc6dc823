// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Bps, MAX_BPS} from "../../shared/Bps.sol";
import {Reserve, Sale} from "../types/Reserve.sol";
import {Conversion} from "./Conversion.sol";

/// @title What can be done with a reserve in memory
/// @dev Pure: the engine loads a reserve, changes it here, writes it back and then moves what is to be moved.
library Reserves {
    /// @dev Of the value of what the seller has not earned; burned.
    Bps internal constant EXIT_FEE = Bps.wrap(5_00);

    /// @dev Begins an epoch: slashed tokens leave with their share, then what is beyond the highest rate, earmarks first, and
    /// the limit of the epoch is set.
    /// @param slashed Role tokens that leave, in wei; at most the supply.
    /// @param share The part of the reserve that may be paid out in the epoch.
    /// @param floor What may be paid out in any case, in wei of OCTO.
    function begin(Reserve memory reserve, uint256 slashed, uint256 policy, Bps share, uint256 floor) internal pure {
        uint256 leaving = Conversion.shareOf(total(reserve), slashed, reserve.supply);
        reserve.supply -= slashed;
        leaving += Conversion.surplus(total(reserve) - leaving, reserve.supply);
        reserve.givenBack = Math.min(leaving, reserve.earmarked);
        reserve.released = leaving - reserve.givenBack;
        reserve.earmarked -= reserve.givenBack;
        reserve.held -= reserve.released;

        (reserve.begins, reserve.slashed, reserve.policy) = (true, slashed, policy);
        reserve.beganWith = total(reserve);
        reserve.left = Math.max(share.ofDown(reserve.beganWith), floor);
    }

    /// @return In wei of OCTO.
    function total(Reserve memory reserve) internal pure returns (uint256) {
        return reserve.held + reserve.earmarked;
    }

    /// @return OCTO a role token, 1e18 for one.
    function bid(Reserve memory reserve) internal pure returns (uint256) {
        return Conversion.bid(reserve.policy, total(reserve), reserve.supply);
    }

    /// @return OCTO a role token, 1e18 for one.
    function ask(Reserve memory reserve, Bps spread) internal pure returns (uint256) {
        return Conversion.ask(reserve.policy, total(reserve), reserve.supply, spread);
    }

    function bought(Reserve memory reserve, uint256 octoIn, Bps spread) internal pure returns (uint256 roleOut) {
        return boughtAt(ask(reserve, spread), octoIn);
    }

    /// @param earnings What the seller has earned and not sold, in wei of the role's token.
    function sale(Reserve memory reserve, uint256 roleIn, uint256 earnings) internal pure returns (Sale memory) {
        return saleAt(bid(reserve), roleIn, earnings);
    }

    /// @dev Rounded down.
    function boughtAt(uint256 rate, uint256 octoIn) internal pure returns (uint256 roleOut) {
        return Math.mulDiv(octoIn, Conversion.ONE, rate);
    }

    /// @dev The value is rounded down and the fee up.
    function saleAt(uint256 rate, uint256 roleIn, uint256 earnings) internal pure returns (Sale memory due) {
        uint256 charged = (Math.saturatingSub(roleIn, earnings) * rate) / Conversion.ONE;
        due.fee = Math.ceilDiv(charged * EXIT_FEE.toUint(), MAX_BPS);
        due.octoOut = (roleIn * rate) / Conversion.ONE - due.fee;
    }

    /// @dev Takes OCTO out: what is held first, then what is earmarked.
    /// @return fromHeld In wei of OCTO; the rest of `amount` was earmarked.
    function take(Reserve memory reserve, uint256 amount) internal pure returns (uint256 fromHeld) {
        fromHeld = Math.min(amount, reserve.held);
        reserve.held -= fromHeld;
        reserve.earmarked -= amount - fromHeld;
        reserve.left -= amount;
    }

    /// @dev Puts OCTO in.
    function put(Reserve memory reserve, uint256 held, uint256 earmarked) internal pure {
        reserve.held += held;
        reserve.earmarked += earmarked;
        reserve.left += held + earmarked;
    }
}
