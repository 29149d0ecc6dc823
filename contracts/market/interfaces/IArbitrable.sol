// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {Ruling} from "../types/Ruling.sol";

/// @title What an arbiter asks of whoever brings it a case
/// @notice Takes rulings; what they do to money is the arbitrable's own matter.
interface IArbitrable {
    /// @notice Takes the ruling of a case: of the panel, and once more if there was an appeal.
    /// @dev Only the arbiter that the case was brought to. If this reverts, so does the closing of the case, and it can be
    /// closed again.
    /// @param caseId The arbiter's number of the case.
    /// @param ruling What was decided.
    function rule(uint256 caseId, Ruling calldata ruling) external;
}
