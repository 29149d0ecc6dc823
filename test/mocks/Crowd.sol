// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IAgentRegistry} from "../../contracts/market/interfaces/IAgentRegistry.sol";
import {IJobMarket} from "../../contracts/market/interfaces/IJobMarket.sol";
import {Consent, Deal} from "../../contracts/market/types/Deal.sol";

/// @title A crowd in one account
/// @dev Makes many agents and many jobs in few transactions, so that the cost of an action among many can be measured.
contract Crowd {
    IAgentRegistry private immutable AGENTS;
    IJobMarket private immutable JOBS;

    constructor(IERC20 octo, IAgentRegistry agents, IJobMarket jobs) {
        AGENTS = agents;
        JOBS = jobs;
        octo.approve(address(jobs), type(uint256).max);
    }

    /// @notice Registers agents of this account.
    function register(string calldata uri, uint256 count) external {
        for (uint256 i = 0; i < count; ++i) AGENTS.register(uri);
    }

    /// @notice Hires for this account.
    function hire(Deal memory deal, uint128 budget, uint256 count) external {
        Consent memory none;
        for (uint256 i = 0; i < count; ++i) {
            deal.salt = keccak256(abi.encode(deal.salt));
            JOBS.hire(deal, budget, none);
        }
    }
}
