// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Math as Plain} from "../../proofs/support/Math.sol";

/// @dev The proofs read plain arithmetic in place of OpenZeppelin's; here the two are compared.
contract MathTest {
    function testFuzz_plainComparisonsAreOpenZeppelins(uint256 a, uint256 b) external pure {
        require(Plain.min(a, b) == Math.min(a, b), "min");
        require(Plain.max(a, b) == Math.max(a, b), "max");
        require(Plain.saturatingSub(a, b) == Math.saturatingSub(a, b), "saturatingSub");
    }

    function testFuzz_plainDivisionsAreOpenZeppelins(uint128 a, uint128 b, uint128 c) external pure {
        uint256 divisor = uint256(c) + 1;
        require(Plain.ceilDiv(a, divisor) == Math.ceilDiv(a, divisor), "ceilDiv");
        require(Plain.mulDiv(a, b, divisor) == Math.mulDiv(a, b, divisor), "mulDiv");
        for (uint8 i = 0; i <= uint8(type(Math.Rounding).max); ++i) {
            uint256 plain = Plain.mulDiv(a, b, divisor, Plain.Rounding(i));
            require(plain == Math.mulDiv(a, b, divisor, Math.Rounding(i)), "mulDiv, rounded");
        }
    }

    function test_plainDivisionsAreOpenZeppelinsAtTheEdges() external pure {
        uint128[5] memory edges = [0, 1, 2, 1e18, type(uint128).max];
        for (uint256 i = 0; i < edges.length; ++i) {
            for (uint256 j = 0; j < edges.length; ++j) {
                (uint256 a, uint256 b) = (edges[i], edges[j]);
                require(Plain.ceilDiv(a, b + 1) == Math.ceilDiv(a, b + 1), "ceilDiv");
                uint256 plain = Plain.mulDiv(a, b, 3, Plain.Rounding.Ceil);
                require(plain == Math.mulDiv(a, b, 3, Math.Rounding.Ceil), "mulDiv, up");
            }
        }
    }
}
