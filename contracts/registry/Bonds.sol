// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Duration} from "../shared/Duration.sol";
import {Permit} from "../shared/Permit.sol";
import {RoleId} from "../shared/RoleId.sol";
import {IProviderRegistry} from "./interfaces/IProviderRegistry.sol";
import {Standing} from "./libraries/Standing.sol";
import {PositionBook} from "./PositionBook.sol";
import {ACTIVE, DISPUTED, EXITING, Position} from "./types/Position.sol";
import {Lanes} from "./types/RegistryRows.sol";

/// @title Bonds and exits of providers
/// @dev Everything here is for the caller's own positions: nobody can push another's anywhere. OCTO and role tokens are
/// our own: they return true or revert, take no fee and call nobody back, so their calls stand bare and after the effects.
abstract contract Bonds is PositionBook {
    // Standing terms are kept in whole OCTO and whole minutes, so that they share the slot of the bonds.
    uint256 private constant TERMS_BUDGET_UNIT = 1e18;
    uint256 private constant TERMS_TIME_UNIT = 1 minutes;
    uint256 private constant MAX_TERMS_BUDGET = type(uint40).max * TERMS_BUDGET_UNIT;
    uint256 private constant MAX_TERMS_TIME = 30 days;

    /// @inheritdoc IProviderRegistry
    function bond(RoleId role, uint128 octoAmount, uint128 roleAmount) external {
        _bond(role, octoAmount, roleAmount);
    }

    /// @inheritdoc IProviderRegistry
    function bondWithPermits(
        RoleId role,
        uint128 octoAmount,
        uint128 roleAmount,
        Permit calldata octoPermit,
        Permit calldata rolePermit
    ) external {
        _requireRole(role);
        octoPermit.tryUse(IERC20Permit(address(OCTO)), msg.sender);
        rolePermit.tryUse(IERC20Permit(address(_roleToken(role))), msg.sender);

        _bond(role, octoAmount, roleAmount);
    }

    /// @inheritdoc IProviderRegistry
    function unbond(RoleId role, uint128 octoAmount, uint128 roleAmount) external returns (uint256 day) {
        _requireRole(role);
        require(octoAmount != 0 || roleAmount != 0, ProviderRegistryZeroAmount());
        Position storage position = _storage().positions[msg.sender][role];
        (uint256 octoBond, uint256 roleBond) = (position.octoBond, position.roleBond);
        require(octoAmount <= octoBond, ProviderRegistryOctoBondTooSmall(octoBond, octoAmount));
        require(roleAmount <= roleBond, ProviderRegistryRoleBondTooSmall(roleBond, roleAmount));
        _requireFree(role, position, octoBond, octoAmount, roleBond, roleAmount);

        // Both amounts are at most a bond, so they and what is left fit into the bonds' bits.
        (position.octoBond, position.roleBond) = (uint88(octoBond - octoAmount), uint88(roleBond - roleAmount));
        if (!position.state.has(EXITING)) position.state = position.state.with(EXITING);
        day = _dayOfExit(block.timestamp);
        _addExit(role, day, octoAmount, roleAmount);
        emit Unbonded(msg.sender, role, octoAmount, roleAmount, day);
        _tryDeactivate(msg.sender, role);
    }

    /// @inheritdoc IProviderRegistry
    function withdraw(RoleId role, uint256 day, address to) external {
        Exit memory leaving = _exit(role, day);
        _requireMature(day);
        require(to != address(0) && to != address(this), ProviderRegistryInvalidRecipient(to));

        delete _storage().exits[msg.sender][role][day];
        emit Withdrawn(msg.sender, role, day, to, leaving.octo, leaving.roleTokens);

        if (leaving.octo != 0) OCTO.transfer(to, leaving.octo);
        if (leaving.roleTokens != 0) _roleToken(role).transfer(to, leaving.roleTokens);
    }

    /// @inheritdoc IProviderRegistry
    function cancelExit(RoleId role, uint256 day) external {
        Exit memory leaving = _exit(role, day);

        delete _storage().exits[msg.sender][role][day];
        emit ExitCancelled(msg.sender, role, day, leaving.octo, leaving.roleTokens);
        _addBond(role, leaving.octo, leaving.roleTokens);
    }

    /// @inheritdoc IProviderRegistry
    function moveStake(RoleId from, uint256 day, RoleId to) external {
        _requireRole(to);
        require(RoleId.unwrap(from) != RoleId.unwrap(to), ProviderRegistrySameRole(from));
        uint256 octo = _exit(from, day).octo;
        require(octo != 0, ProviderRegistryNoExit(msg.sender, from, day));
        _requireMature(day);

        _storage().exits[msg.sender][from][day].octo = 0;
        emit StakeMoved(msg.sender, from, to, day, octo);
        _addBond(to, octo, 0);
    }

    /// @inheritdoc IProviderRegistry
    function refresh(address account, RoleId role) external {
        _requireRole(role);
        Position storage position = _storage().positions[account][role];
        if (position.state.has(ACTIVE) && DESK.isBanned(account)) _deactivate(account, role, position);
        _tryDeactivate(account, role);
        _tryActivate(account, role);
    }

    /// @inheritdoc IProviderRegistry
    function setStandingTerms(RoleId role, uint128 maxBudget, Duration minDuration) external {
        _requireRole(role);
        require(maxBudget <= MAX_TERMS_BUDGET, ProviderRegistryAmountTooLarge(maxBudget, MAX_TERMS_BUDGET));
        uint256 time = minDuration.toSeconds();
        require(time <= MAX_TERMS_TIME, ProviderRegistryDurationTooLong(time, MAX_TERMS_TIME));

        Position storage position = _storage().positions[msg.sender][role];
        position.maxBudget = uint40(maxBudget / TERMS_BUDGET_UNIT); // at most MAX_TERMS_BUDGET
        position.minDuration = uint16(Math.ceilDiv(time, TERMS_TIME_UNIT)); // at most MAX_TERMS_TIME
        (uint256 budget, uint256 duration) = _standingTerms(position);
        emit StandingTermsSet(msg.sender, role, budget, duration);
    }

    /// @inheritdoc IProviderRegistry
    function screen(
        address provider,
        RoleId role,
        uint256 budget,
        uint256 duration
    ) external view returns (bool consents, uint256 capacity) {
        Position storage position = _storage().positions[provider][role];
        require(position.state.has(ACTIVE), ProviderRegistryNotActive(provider, role));

        (uint256 maxBudget, uint256 minDuration) = _standingTerms(position);
        return (budget <= maxBudget && duration >= minDuration, Standing.CAPACITY * position.octoBond);
    }

    /// @dev In wei of OCTO and in seconds.
    function _standingTerms(Position storage position) internal view returns (uint256 maxBudget, uint256 minDuration) {
        return (position.maxBudget * TERMS_BUDGET_UNIT, position.minDuration * TERMS_TIME_UNIT);
    }

    function _bond(RoleId role, uint256 octoAmount, uint256 roleAmount) private {
        _requireRole(role);
        require(octoAmount != 0 || roleAmount != 0, ProviderRegistryZeroAmount());

        emit Bonded(msg.sender, role, octoAmount, roleAmount);
        _addBond(role, octoAmount, roleAmount);

        if (octoAmount != 0) OCTO.transferFrom(msg.sender, address(this), octoAmount);
        if (roleAmount != 0) _roleToken(role).transferFrom(msg.sender, address(this), roleAmount);
    }

    function _addBond(RoleId role, uint256 octoAmount, uint256 roleAmount) private {
        Position storage position = _storage().positions[msg.sender][role];
        position.octoBond = _toBond(position.octoBond + octoAmount);
        position.roleBond = _toBond(position.roleBond + roleAmount);
        _tryActivate(msg.sender, role);
    }

    /// @dev Both amounts are at most a bond.
    function _addExit(RoleId role, uint256 day, uint256 octoAmount, uint256 roleAmount) private {
        Exit storage leaving = _storage().exits[msg.sender][role][day];
        leaving.octo += uint96(octoAmount);
        leaving.roleTokens += uint96(roleAmount);
        leaving.askedAt = uint32(block.timestamp); // until the year 2106
    }

    /// @dev What work in flight locks and what disputes freeze must stay in the bond.
    function _requireFree(
        RoleId role,
        Position storage position,
        uint256 octoBond,
        uint256 octoAmount,
        uint256 roleBond,
        uint256 roleAmount
    ) private view {
        (uint256 octoLeft, uint256 roleLeft) = (octoBond - octoAmount, roleBond - roleAmount);
        if (octoAmount != 0) {
            uint256 locked = Standing.lockedBy(SETTLEMENT.inFlightOf(msg.sender));
            require(octoLeft >= locked, ProviderRegistryBondLocked(locked, octoLeft));
        }
        if (position.state.has(DISPUTED)) {
            Lanes memory frozen = _storage().frozenBonds[msg.sender][role];
            require(octoAmount == 0 || octoLeft >= frozen.octo, ProviderRegistryBondFrozen(frozen.octo, octoLeft));
            require(
                roleAmount == 0 || roleLeft >= frozen.roleTokens,
                ProviderRegistryBondFrozen(frozen.roleTokens, roleLeft)
            );
        }
    }

    function _exit(RoleId role, uint256 day) private view returns (Exit memory leaving) {
        leaving = _storage().exits[msg.sender][role][day];
        require(leaving.octo != 0 || leaving.roleTokens != 0, ProviderRegistryNoExit(msg.sender, role, day));
    }

    function _requireMature(uint256 day) private view {
        require(block.timestamp >= day * 1 days, ProviderRegistryExitNotFree(day, day * 1 days));
    }
}
