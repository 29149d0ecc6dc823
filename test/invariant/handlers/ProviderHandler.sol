// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {IProviderLens} from "../../../contracts/registry/interfaces/IProviderLens.sol";
import {IProviderRegistry} from "../../../contracts/registry/interfaces/IProviderRegistry.sol";
import {Duration} from "../../../contracts/shared/Duration.sol";
import {RoleId} from "../../../contracts/shared/RoleId.sol";
import {Roles} from "../../../contracts/shared/Roles.sol";
import {roleTokenOf, sameRole} from "../../support/SuiteFixture.sol";
import {atMost, bound, equal, holds, VM} from "../../support/Vm.sol";
import {Handler} from "./Handler.sol";

/// @title Purchases, bonds and exits
abstract contract ProviderHandler is Handler {
    function buy(uint256 seed) external counted {
        buyRoleTokens(pick(actors, seed), roleFrom(seed >> 8), amountFrom(seed >> 16));
    }

    function bondMore(uint256 seed) external counted {
        (address account, RoleId role) = aPosition(seed);
        uint256 octo = amountFrom(seed >> 16);
        bond(account, role, octo, (seed >> 12) % 3 == 0 ? 0 : octo / 2);
    }

    function unbond(uint256 seed) external counted {
        _unbond(seed);
    }

    function withdrawBond(uint256 seed) external counted {
        Exit memory leaving = anExit(seed);
        jumpTo(leaving.day * 1 days);
        address to = pick(actors, seed >> 8);
        (address account, RoleId role, uint256 day) = (leaving.account, leaving.role, leaving.day);
        IProviderRegistry.Exit memory there = suite.registry.exitOf(account, role, day);

        (uint256 octo, uint256 roleTokens) = (suite.octo.balanceOf(to), roleTokenOf(suite, role).balanceOf(to));
        VM.prank(account);
        suite.registry.withdraw(role, day, to);
        equal(suite.octo.balanceOf(to) - octo, there.octo, "R-1: an exit paid another amount than it took");
        equal(roleTokenOf(suite, role).balanceOf(to) - roleTokens, there.roleTokens, "R-1: role tokens of an exit");
        refused(
            account,
            address(suite.registry),
            abi.encodeCall(IProviderRegistry.withdraw, (role, day, to)),
            IProviderRegistry.ProviderRegistryNoExit.selector,
            "R-1: an exit was paid twice"
        );
    }

    /// @dev Bonds an exit again, free or not.
    function cancelExit(uint256 seed) external counted {
        Exit memory leaving = anExit(seed);
        (address account, RoleId role) = (leaving.account, leaving.role);
        IProviderRegistry.Exit memory there = suite.registry.exitOf(account, role, leaving.day);
        (uint256 octo, uint256 roleTokens) = suite.registry.bondOf(account, role);
        VM.prank(account);
        suite.registry.cancelExit(role, leaving.day);
        (uint256 octoAfter, uint256 roleAfter) = suite.registry.bondOf(account, role);
        equal(octoAfter, octo + there.octo, "R-1: OCTO bonded again");
        equal(roleAfter, roleTokens + there.roleTokens, "R-1: role tokens bonded again");
    }

    /// @dev To another role, once the exit is free and not before.
    function moveStake(uint256 seed) external counted {
        Exit memory leaving = anExit(seed);
        (address account, RoleId from) = (leaving.account, leaving.role);
        RoleId to = sameRole(from, Roles.COMPUTE) ? Roles.DEVELOPER : Roles.COMPUTE;
        IProviderRegistry.Exit memory there = suite.registry.exitOf(account, from, leaving.day);
        bytes memory move = abi.encodeCall(IProviderRegistry.moveStake, (from, leaving.day, to));
        if (there.octo == 0) {
            bytes4 none = IProviderRegistry.ProviderRegistryNoExit.selector;
            refused(account, address(suite.registry), move, none, "R-1: an exit without OCTO moved");
            return;
        }
        if (block.timestamp < leaving.day * 1 days) {
            bytes4 early = IProviderRegistry.ProviderRegistryExitNotFree.selector;
            refused(account, address(suite.registry), move, early, "R-2: stake moved before it was free");
            jumpTo(leaving.day * 1 days);
        }
        (uint256 octo, ) = suite.registry.bondOf(account, to);
        VM.prank(account);
        suite.registry.moveStake(from, leaving.day, to);
        (uint256 octoAfter, ) = suite.registry.bondOf(account, to);
        equal(octoAfter, octo + there.octo, "R-1: stake moved");
    }

    /// @dev By anybody. It is active after it if it was or reaches the minimum, and is neither suspended nor banned.
    function refresh(uint256 seed) external counted {
        (address account, RoleId role) = aPosition(seed);
        IProviderLens.Status memory before = suite.lens.statusOf(account, role);
        VM.prank(stranger);
        suite.registry.refresh(account, role);
        bool active = suite.registry.isActive(account, role);
        if (before.banned || before.suspended) {
            holds(!active, "R-3: active, though suspended or banned");
            return;
        }
        if (active) stillReaches(account, role);
        uint256 percent = before.active ? 80 : 100;
        bool reaches =
            before.octoBond * 100 >= uint256(before.minimum.octo) * percent &&
                before.roleBond * 100 >= uint256(before.minimum.roleTokens) * percent;
        if (before.minimum.octo == 0) return;
        holds(active == reaches, "R-3: active exactly if it reaches what it must");
    }

    function setStandingTerms(uint256 seed) external counted {
        (address account, RoleId role) = aPosition(seed);
        uint128 maxBudget = seed % 3 == 0 ? 0 : amountFrom(seed >> 16);
        uint256 minDuration = bound(seed >> 100, 0, 10 days);
        VM.prank(account);
        suite.registry.setStandingTerms(role, maxBudget, Duration.wrap(uint32(minDuration)));
        // Kept in whole OCTO and whole minutes, rounded in the provider's favour.
        positions[account][role].maxBudget = (maxBudget / 1e18) * 1e18;
        positions[account][role].minDuration = ((minDuration + 59) / 60) * 60;
    }

    /// @dev An exit that has something in it; a new one if there is none.
    function anExit(uint256 seed) internal returns (Exit memory) {
        for (uint256 i = 0; i < exits.length; ++i) {
            Exit memory leaving = exits[addmod(seed, i, exits.length)];
            IProviderRegistry.Exit memory there = suite.registry.exitOf(leaving.account, leaving.role, leaving.day);
            if (there.octo != 0 || there.roleTokens != 0) return leaving;
        }
        (address account, RoleId role, uint256 day) = _unbond(seed);
        return Exit(account, role, day, block.timestamp);
    }

    /// @dev Unbonds a part, or all that is free, of one lane or of both, and tries to have more, and to have it at once.
    function _unbond(uint256 seed) internal returns (address account, RoleId role, uint256 day) {
        (account, role) = aPosition(seed);
        (uint256 octoFree, uint256 roleFree) = _freeOf(account, role);
        if (octoFree + roleFree == 0) {
            bond(account, role, 0, 10e18);
            (octoFree, roleFree) = _freeOf(account, role);
            if (roleFree == 0) {
                (account, role) = (actors[0], Roles.COMPUTE); // never slashed
                bond(account, role, 10e18, 10e18);
                (octoFree, roleFree) = _freeOf(account, role);
            }
        }
        uint256 octo = (seed >> 12) % 4 == 0 ? 0 : bound(seed >> 16, 0, octoFree);
        uint256 roleTokens = (seed >> 14) % 4 == 0 ? roleFree : bound(seed >> 80, 0, roleFree);
        if (octo + roleTokens == 0) (octo, roleTokens) = (octoFree, roleFree);
        _unbondTooMuch(account, role, octoFree);

        VM.prank(account);
        day = suite.registry.unbond(role, uint128(octo), uint128(roleTokens));
        bookUnbond(account, role, day);
        atMost(block.timestamp + 7 days, day * 1 days, "R-2: no earlier than 7 days");
        atMost(day * 1 days, block.timestamp + 8 days, "R-2: no later than 8 days");
        stillReaches(account, role);
        refused(
            account,
            address(suite.registry),
            abi.encodeCall(IProviderRegistry.withdraw, (role, day, account)),
            IProviderRegistry.ProviderRegistryExitNotFree.selector,
            "R-2: an exit was free at once"
        );
    }

    /// @dev One of the providers, in a role of providers, or the orchestrator: banned or not.
    function aPosition(uint256 seed) internal view returns (address account, RoleId role) {
        role = roleFrom(seed >> 8);
        account = (seed >> 4) % 4 == 0 ? orchestrator : pick(providers, seed);
    }

    /// @dev What can leave: a fifth of the value in flight stays, and so does what disputes froze.
    function _freeOf(address account, RoleId role) private view returns (uint256 octo, uint256 roleTokens) {
        (uint256 octoKept, uint256 roleKept) = suite.registry.frozenBondOf(account, role);
        (octo, roleTokens) = suite.registry.bondOf(account, role);
        uint256 locked = (inFlightOf[account] + 4) / 5;
        if (locked > octoKept) octoKept = locked;
        octo = octo > octoKept ? octo - octoKept : 0;
        roleTokens = roleTokens > roleKept ? roleTokens - roleKept : 0;
    }

    function _unbondTooMuch(address account, RoleId role, uint256 octoFree) private {
        (uint256 octo, ) = suite.registry.bondOf(account, role);
        if (octo <= octoFree) return;
        (uint256 frozen, ) = suite.registry.frozenBondOf(account, role);
        bool locked = octo - octoFree - 1 < (inFlightOf[account] + 4) / 5;
        refused(
            account,
            address(suite.registry),
            abi.encodeCall(IProviderRegistry.unbond, (role, uint128(octoFree + 1), 0)),
            locked
                ? IProviderRegistry.ProviderRegistryBondLocked.selector
                : IProviderRegistry.ProviderRegistryBondFrozen.selector,
            frozen == 0 ? "V-6: a bond left that work in flight locks" : "I-10: a bond left that a dispute froze"
        );
    }

    /// @dev No action of its owner leaves a position active below 80 % of what it must bond now.
    function stillReaches(address account, RoleId role) internal view {
        IProviderLens.Status memory status = suite.lens.statusOf(account, role);
        if (!status.active) return;
        atMost(uint256(status.minimum.octo) * 80, status.octoBond * 100, "R-3: OCTO bond of the active");
        atMost(uint256(status.minimum.roleTokens) * 80, status.roleBond * 100, "R-3: role bond of the active");
    }
}
