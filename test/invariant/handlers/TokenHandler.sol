// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {RoleId} from "../../../contracts/shared/RoleId.sol";
import {IRoleToken} from "../../../contracts/tokens/interfaces/IRoleToken.sol";
import {roleTokenOf} from "../../support/SuiteFixture.sol";
import {VM} from "../../support/Vm.sol";
import {Handler} from "./Handler.sol";

/// @title What holders do with their tokens
abstract contract TokenHandler is Handler {
    function transfer(uint256 seed) external counted {
        (address from, uint128 amount) = (pick(actors, seed), amountFrom(seed >> 16));
        supply(from, amount);
        VM.prank(from);
        suite.octo.transfer(pick(actors, seed >> 8), amount);
    }

    function burn(uint256 seed) external counted {
        (address from, uint128 amount) = (pick(actors, seed), amountFrom(seed >> 16));
        supply(from, amount);
        VM.prank(from);
        suite.octo.burn(amount);
        octoBurned += amount;
    }

    function burnRoleTokens(uint256 seed) external counted {
        (address from, RoleId role) = (pick(actors, seed), roleFrom(seed >> 8));
        (IRoleToken token, uint256 amount) = _withRoleTokens(from, role, amountFrom(seed >> 16));
        VM.prank(from);
        token.burn(amount);
        reserves[role].burned += amount;
    }

    /// @dev The only handler that sends tokens to a contract without telling it.
    function donate(uint256 seed) external counted {
        (address from, uint128 amount) = (pick(actors, seed), amountFrom(seed >> 16));
        address[4] memory targets = [
            address(suite.settlement),
            address(suite.registry),
            address(suite.engine),
            address(suite.pools)
        ];
        address target = targets[(seed >> 8) % 4];
        supply(from, amount);
        VM.prank(from);
        suite.octo.transfer(target, amount);
        octoDonatedTo[target] += amount;
        if (target == address(suite.settlement)) cameIn += amount;
    }

    function donateRoleTokens(uint256 seed) external counted {
        (address from, RoleId role) = (pick(actors, seed), roleFrom(seed >> 8));
        (IRoleToken token, uint256 amount) = _withRoleTokens(from, role, amountFrom(seed >> 16));
        VM.prank(from);
        token.transfer(address(suite.registry), amount);
        roleTokensDonated[role] += amount;
    }

    function _withRoleTokens(address from, RoleId role, uint256 amount) private returns (IRoleToken, uint256) {
        IRoleToken token = roleTokenOf(suite, role);
        if (token.balanceOf(from) < amount) buyRoleTokens(from, role, amount);
        return (token, amount);
    }
}
