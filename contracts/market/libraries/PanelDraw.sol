// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {Roster} from "../types/Roster.sol";
import {Rosters} from "./Rosters.sol";

/// @title Draw of a panel
/// @dev A Fisher-Yates shuffle of the places that moves them in memory only and reads from the roster who is looked at, until
/// the panel is full: each set of so many eligible members is as likely as any other. What a remainder of 256 bits by at most
/// 100 favours is below 2^-249.
library PanelDraw {
    using Rosters for Roster;

    uint256 internal constant PANEL_SIZE = 7;

    /// @dev Where a chain with EIP-2935 keeps the hashes of the last 8,191 blocks.
    address private constant HISTORY = 0x0000F90827F1C53a10cb7A02335B175320002935;

    /// @dev Draws a panel; fewer than seven if no more are eligible.
    /// @param roster Whom to draw from.
    /// @param seed What decides.
    /// @param length How many places to draw from.
    /// @param since From when on a member must have been eligible.
    /// @param parties Whom to pass over.
    /// @return panel Who was drawn, in this order.
    /// @return places Their places, as a bitmap.
    function draw(
        Roster storage roster,
        bytes32 seed,
        uint256 length,
        uint256 since,
        address[] memory parties
    ) internal view returns (address[] memory panel, uint256 places) {
        uint256[] memory moved = new uint256[](length); // who moved to a place, plus one; 0 if nobody did
        address[] memory drawn = new address[](PANEL_SIZE);
        uint256 size = 0;
        for (uint256 left = length; left != 0 && size != PANEL_SIZE; --left) {
            uint256 place = _take(moved, uint256(keccak256(abi.encode(seed, left))) % left, left - 1);
            (bool serves, address account) = roster.servant(place, since, parties);
            if (!serves) continue;

            places |= 1 << place;
            drawn[size++] = account;
        }

        panel = new address[](size);
        for (uint256 i = 0; i < size; ++i) panel[i] = drawn[i];
    }

    /// @dev The hash of an earlier block; zero once the chain has forgotten it. What is no answer of the history is none:
    /// OpenZeppelin's Blockhash would take the reason of a revert for a hash that everybody can foresee.
    function hashOf(uint256 blockNumber) internal view returns (bytes32) {
        bytes32 recent = blockhash(blockNumber);
        if (recent != 0) return recent;

        (bool success, bytes memory answer) = HISTORY.staticcall(abi.encode(blockNumber));
        return success && answer.length == 32 ? bytes32(answer) : bytes32(0);
    }

    /// @dev Takes out the place at `index`, and moves the last one there.
    function _take(uint256[] memory moved, uint256 index, uint256 last) private pure returns (uint256 place) {
        place = _at(moved, index);
        moved[index] = _at(moved, last) + 1;
    }

    function _at(uint256[] memory moved, uint256 index) private pure returns (uint256) {
        return moved[index] == 0 ? index : moved[index] - 1;
    }
}
