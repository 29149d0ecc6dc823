// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {MAX_BPS} from "../../shared/Bps.sol";
import {Roster, Seat} from "../types/Roster.sol";

/// @title Members of a roster
/// @dev Who is a member, and who may serve. A place is a bit of a bitmap, so that a round notes its voters in one word: who
/// takes a place later has its notice still before it, and so is told from who sat there when the round began.
library Rosters {
    uint256 internal constant MOST_MEMBERS = 100;
    uint256 internal constant LEAST_SCORE = 50_00;
    uint256 private constant KEPT_SCORE = 90_00;

    /// @dev Gives the lowest free place to an account that is no member. The roster must not be full.
    function add(Roster storage self, address account, uint256 eligibleFrom) internal {
        uint256 place = _lowestFree(self.taken);
        self.taken |= uint128(1 << place); // below MOST_MEMBERS
        if (place == self.length) self.length = uint8(place + 1);
        ++self.count;
        self.placeOf[account] = place + 1;
        self.seats[place] = Seat({
            account: account,
            eligibleFrom: uint40(eligibleFrom), // for thirty thousand years
            score: uint16(MAX_BPS)
        });
    }

    /// @dev Frees a member's place.
    function remove(Roster storage self, address account) internal {
        uint256 place = self.placeOf[account] - 1;
        self.taken &= ~uint128(1 << place); // below MOST_MEMBERS
        --self.count;
        delete self.placeOf[account];
        delete self.seats[place];
    }

    /// @dev Takes a tenth of the score at a place, rounded against the member.
    function lowerScore(Roster storage self, uint256 place) internal returns (uint256 previous, uint256 current) {
        previous = self.seats[place].score;
        current = (previous * KEPT_SCORE) / MAX_BPS;
        self.seats[place].score = uint16(current); // below the previous
    }

    function contains(Roster storage self, address account) internal view returns (bool) {
        return self.placeOf[account] != 0;
    }

    /// @dev How many of the first places hold somebody who could serve in a case of these parties, counted up to `enough`.
    function countEligible(
        Roster storage self,
        address[] memory parties,
        uint256 enough
    ) internal view returns (uint256 count) {
        uint256 length = self.length;
        for (uint256 place = 0; place < length && count < enough; ++place) {
            (bool serves, ) = servant(self, place, block.timestamp, parties);
            if (serves) ++count;
        }
    }

    /// @dev All places of who could serve in a case of these parties, as a bitmap.
    function eligible(
        Roster storage self,
        address[] memory parties
    ) internal view returns (uint256 places, uint256 count) {
        uint256 length = self.length;
        for (uint256 place = 0; place < length; ++place) {
            (bool serves, ) = servant(self, place, block.timestamp, parties);
            if (!serves) continue;

            places |= 1 << place;
            ++count;
        }
    }

    /// @dev Who sits at a place, and whether it was eligible at a moment, is so still, and is no party.
    function servant(
        Roster storage self,
        uint256 place,
        uint256 since,
        address[] memory parties
    ) internal view returns (bool serves, address account) {
        Seat memory seat = self.seats[place];
        if (!isEligible(seat, since)) return (false, seat.account);

        return (!_contains(parties, seat.account), seat.account);
    }

    /// @dev A free place has no score, so nobody is eligible there.
    function isEligible(Seat memory seat, uint256 since) internal pure returns (bool) {
        return seat.score >= LEAST_SCORE && seat.eligibleFrom <= since;
    }

    function _lowestFree(uint256 taken) private pure returns (uint256 place) {
        while ((taken >> place) & 1 == 1) ++place;
    }

    function _contains(address[] memory accounts, address account) private pure returns (bool) {
        for (uint256 i = 0; i < accounts.length; ++i) {
            if (accounts[i] == account) return true;
        }
        return false;
    }
}
