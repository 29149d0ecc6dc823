// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {AgentValidation} from "../../contracts/market/AgentValidation.sol";
import {IERC8004Identity} from "../../contracts/market/interfaces/IERC8004Identity.sol";

/// @title The next agent validation: the same with one more view
/// @dev Inherits its initializer, which has run. A real version is the next text of the same file.
/// @custom:oz-upgrades-unsafe-allow missing-initializer
contract AgentValidationV2 is AgentValidation {
    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor(IERC8004Identity identity) AgentValidation(identity) {}

    function version() external pure returns (uint256) {
        return 2;
    }
}
