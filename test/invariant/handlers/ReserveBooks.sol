// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {RoleId} from "../../../contracts/shared/RoleId.sol";
import {Suite} from "../../support/SuiteFixture.sol";

/// @title The second set of books of the roles' tokens and reserves
/// @dev The rates themselves are reckoned beside the contract by a model in TypeScript; here they are taken from its views,
/// and what they move is booked.
abstract contract ReserveBooks {
    struct Reserve {
        /// Role tokens that were sold to somebody, that were minted for work, and that are gone.
        uint256 bought;
        uint256 worked;
        uint256 burned;
        /// Role tokens that are still there, and go at the end of the epoch.
        uint256 surrendered;
        /// OCTO that the engine holds, budget that the vault has earmarked.
        uint256 held;
        uint256 earmarked;
        /// What the epoch may still pay out, and the number of the epoch in which that was said, plus 1.
        uint256 left;
        uint256 epochsBegun;
    }

    Suite internal suite;

    mapping(RoleId role => Reserve) internal reserves;
    /// @notice Minted for work and not given back: earmarked still, or minted as OCTO since.
    uint256 public committed;
    uint256 public drawn;
    uint256 public octoBurned;
    uint256 public toTreasury;
    mapping(RoleId role => mapping(address account => uint256 amount)) public earnedOf;
    mapping(RoleId role => mapping(address account => uint256 amount)) public soldOf;

    function reserveOf(RoleId role) external view returns (Reserve memory) {
        return reserves[role];
    }

    function supplyOf(RoleId role) public view returns (uint256) {
        return reserves[role].bought + reserves[role].worked - reserves[role].burned;
    }

    function epochNow() public view returns (uint256) {
        return (block.timestamp - suite.octo.genesisAt()) / 7 days;
    }

    /// @dev The first touch of an epoch: what was surrendered leaves with its share, and then what is beyond 3.0 a token;
    /// earmarks to the budget first, then OCTO to the treasury.
    function touch(RoleId role) internal {
        Reserve storage reserve = reserves[role];
        if (reserve.epochsBegun == epochNow() + 1) return;
        reserve.epochsBegun = epochNow() + 1;
        uint256 total = reserve.held + reserve.earmarked;
        uint256 gone = reserve.surrendered == 0 ? 0 : (total * reserve.surrendered) / supplyOf(role);
        (reserve.burned, reserve.surrendered) = (reserve.burned + reserve.surrendered, 0);
        uint256 most = 3 * supplyOf(role);
        if (total - gone > most) gone = total - most;

        uint256 givenBack = gone < reserve.earmarked ? gone : reserve.earmarked;
        (reserve.earmarked, committed) = (reserve.earmarked - givenBack, committed - givenBack);
        (reserve.held, toTreasury) = (reserve.held - (gone - givenBack), toTreasury + (gone - givenBack));
        reserve.left = (total - gone) / 20 > 10_000e18 ? (total - gone) / 20 : 10_000e18;
    }

    function bookWork(RoleId role, address account, uint256 minted) internal {
        reserves[role].worked += minted;
        reserves[role].earmarked += minted;
        earnedOf[role][account] += minted;
        committed += minted;
    }

    function bookPurchase(RoleId role, uint256 roleOut, uint256 held, uint256 earmarked) internal {
        Reserve storage reserve = reserves[role];
        reserve.bought += roleOut;
        (reserve.held, reserve.earmarked) = (reserve.held + held, reserve.earmarked + earmarked);
        reserve.left += held + earmarked;
    }

    /// @dev What is held leaves first.
    function take(RoleId role, uint256 amount) internal returns (uint256 held, uint256 earmarked) {
        Reserve storage reserve = reserves[role];
        held = amount < reserve.held ? amount : reserve.held;
        earmarked = amount - held;
        (reserve.held, reserve.earmarked) = (reserve.held - held, reserve.earmarked - earmarked);
        reserve.left -= amount;
    }

    /// @dev What of the tokens the seller has earned and not sold costs no fee; the rest a twentieth, rounded up.
    function feeOf(RoleId role, address seller, uint256 roleIn, uint256 bid) internal returns (uint256 fee) {
        uint256 earned = earnedOf[role][seller] - soldOf[role][seller];
        if (roleIn < earned) earned = roleIn;
        soldOf[role][seller] += earned;
        reserves[role].burned += roleIn;
        fee = (((roleIn - earned) * bid) / 1e18 + 19) / 20;
        octoBurned += fee;
    }
}
