// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {IProviderRegistry} from "../../../contracts/registry/interfaces/IProviderRegistry.sol";
import {Duration} from "../../../contracts/shared/Duration.sol";
import {RoleId} from "../../../contracts/shared/RoleId.sol";
import {sameRole} from "../../support/SuiteFixture.sol";
import {bound, VM} from "../../support/Vm.sol";
import {Handler} from "./Handler.sol";

/// @title Purchases, bonds and exits
abstract contract ProviderHandler is Handler {
    function buy(uint256 seed) external counted {
        buyRoleTokens(pick(actors, seed), roleFrom(seed >> 8), amountFrom(seed >> 16));
    }

    function bondMore(uint256 seed) external counted {
        (address account, RoleId role) = _position(seed);
        uint256 octo = amountFrom(seed >> 16);
        bond(account, role, octo, (seed >> 12) % 3 == 0 ? 0 : octo / 2);
    }

    function unbond(uint256 seed) external counted {
        _unbond(seed);
    }

    function withdrawBond(uint256 seed) external counted {
        uint256 index = exits.length == 0 ? _unbond(seed) : seed % exits.length;
        Exit memory leaving = exits[index];
        jumpTo(leaving.day * 1 days);
        address to = pick(actors, seed >> 8);
        (address account, RoleId role, uint256 day) = (leaving.account, leaving.role, leaving.day);

        uint256 before = suite.octo.balanceOf(to);
        VM.prank(account);
        suite.registry.withdraw(role, day, to);
        uint256 due = _forgetExits(account, role, day);
        if (suite.octo.balanceOf(to) - before != due) violation = "R-1: an exit paid another amount than it took";
        refused(
            account,
            address(suite.registry),
            abi.encodeCall(IProviderRegistry.withdraw, (role, day, to)),
            IProviderRegistry.ProviderRegistryNoExit.selector,
            "R-1: an exit was paid twice"
        );
    }

    function setStandingTerms(uint256 seed) external counted {
        (address account, RoleId role) = _position(seed);
        uint128 maxBudget = seed % 3 == 0 ? 0 : amountFrom(seed >> 16);
        uint256 minDuration = bound(seed >> 100, 0, 10 days);
        VM.prank(account);
        suite.registry.setStandingTerms(role, maxBudget, Duration.wrap(uint32(minDuration)));
        // Kept in whole OCTO and whole minutes, rounded in the provider's favour.
        positions[account][role].maxBudget = (maxBudget / 1e18) * 1e18;
        positions[account][role].minDuration = ((minDuration + 59) / 60) * 60;
    }

    /// @dev Unbonds a part, or all, of one lane or of both, and tries to have it at once.
    function _unbond(uint256 seed) internal returns (uint256 index) {
        (address account, RoleId role) = _position(seed);
        Position storage position = positions[account][role];
        if (position.octo + position.roleTokens == 0) activate(account, role);
        uint256 octo = (seed >> 12) % 4 == 0 ? 0 : bound(seed >> 16, 0, position.octo);
        uint256 roleTokens = (seed >> 14) % 4 == 0 ? position.roleTokens : bound(seed >> 80, 0, position.roleTokens);
        if (octo + roleTokens == 0) (octo, roleTokens) = (position.octo, position.roleTokens);

        VM.prank(account);
        uint256 day = suite.registry.unbond(role, uint128(octo), uint128(roleTokens));
        bookUnbond(account, role, octo, roleTokens, day);
        refused(
            account,
            address(suite.registry),
            abi.encodeCall(IProviderRegistry.withdraw, (role, day, account)),
            IProviderRegistry.ProviderRegistryExitNotFree.selector,
            "R-2: an exit was free at once"
        );
        return exits.length - 1;
    }

    /// @dev One of the providers, in a role of providers, or the orchestrator.
    function _position(uint256 seed) internal view returns (address account, RoleId role) {
        role = roleFrom(seed >> 8);
        account = (seed >> 4) % 4 == 0 ? orchestrator : pick(providers, seed);
    }

    /// @dev Several exits of a position may share a day: they leave together.
    function _forgetExits(address account, RoleId role, uint256 day) private returns (uint256 octo) {
        for (uint256 i = exits.length; i > 0; --i) {
            Exit storage leaving = exits[i - 1];
            if (leaving.account != account || !sameRole(leaving.role, role) || leaving.day != day) continue;
            octo += leaving.octo;
            exits[i - 1] = exits[exits.length - 1];
            exits.pop();
        }
    }
}
