// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ISettlement} from "../../contracts/economy/interfaces/ISettlement.sol";
import {DisputeDesk} from "../../contracts/market/DisputeDesk.sol";
import {IJobMarketAnnex} from "../../contracts/market/interfaces/IJobMarketAnnex.sol";
import {ISlashingDesk} from "../../contracts/registry/interfaces/ISlashingDesk.sol";

/// @title The next dispute desk: the same with one more view
/// @dev Inherits its initializer, which has run. A real version is the next text of the same file.
/// @custom:oz-upgrades-unsafe-allow missing-initializer
contract DisputeDeskV2 is DisputeDesk {
    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor(
        IERC20 octo,
        ISettlement settlement_,
        ISlashingDesk slashing,
        IJobMarketAnnex jobs
    ) DisputeDesk(octo, settlement_, slashing, jobs) {}

    function version() external pure returns (uint256) {
        return 2;
    }
}
