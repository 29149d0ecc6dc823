// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {AgentReputation} from "../../contracts/market/AgentReputation.sol";
import {IERC8004Identity} from "../../contracts/market/interfaces/IERC8004Identity.sol";
import {IJobFacts} from "../../contracts/market/interfaces/IJobFacts.sol";

/// @title The next agent reputation: the same with one more view
/// @dev Inherits its initializer, which has run. A real version is the next text of the same file.
/// @custom:oz-upgrades-unsafe-allow missing-initializer
contract AgentReputationV2 is AgentReputation {
    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor(IERC8004Identity identity, IJobFacts market) AgentReputation(identity, market) {}

    function version() external pure returns (uint256) {
        return 2;
    }
}
