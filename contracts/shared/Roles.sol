// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {RoleId} from "./RoleId.sol";

/// @title The eight roles of genesis
/// @dev A role made later by governance has the next id and needs no constant here.
library Roles {
    RoleId internal constant NONE = RoleId.wrap(0);
    RoleId internal constant COMPUTE = RoleId.wrap(1); // A
    RoleId internal constant STORAGE = RoleId.wrap(2); // S
    RoleId internal constant BANDWIDTH = RoleId.wrap(3); // B
    RoleId internal constant ORCHESTRATOR = RoleId.wrap(4); // O
    RoleId internal constant WHOLESALE = RoleId.wrap(5); // W
    RoleId internal constant DEVELOPER = RoleId.wrap(6); // D
    RoleId internal constant GROWTH = RoleId.wrap(7); // M
    RoleId internal constant NODE = RoleId.wrap(8); // N
}
