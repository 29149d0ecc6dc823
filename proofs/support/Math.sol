// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

/// @title OpenZeppelin's Math in plain words
/// @dev The model checker sees neither through assembly nor through bit tricks, so it reads this library wherever the
/// contracts import OpenZeppelin's. Everything else it reads is what is deployed. test/proofs/Math.t.sol compares the two.
/// A product above 2^256 reverts here and not there; the properties stay far below.
library Math {
    enum Rounding {
        Floor,
        Ceil,
        Trunc,
        Expand
    }

    function min(uint256 a, uint256 b) internal pure returns (uint256) {
        return a < b ? a : b;
    }

    function max(uint256 a, uint256 b) internal pure returns (uint256) {
        return a > b ? a : b;
    }

    function saturatingSub(uint256 a, uint256 b) internal pure returns (uint256) {
        return a > b ? a - b : 0;
    }

    function ceilDiv(uint256 a, uint256 b) internal pure returns (uint256) {
        return a == 0 ? 0 : (a - 1) / b + 1;
    }

    function mulDiv(uint256 a, uint256 b, uint256 c) internal pure returns (uint256) {
        return (a * b) / c;
    }

    // Flat, because the cost of a proof doubles with every call within a call.
    function mulDiv(uint256 a, uint256 b, uint256 c, Rounding rounding) internal pure returns (uint256) {
        bool up = rounding == Rounding.Ceil || rounding == Rounding.Expand;
        return up && a * b != 0 ? (a * b - 1) / c + 1 : (a * b) / c;
    }
}
