// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {RoleId} from "../shared/RoleId.sol";
import {IRoleTokenFactory} from "../tokens/interfaces/IRoleTokenFactory.sol";
import {IProviderLens} from "./interfaces/IProviderLens.sol";
import {IProviderRegistry} from "./interfaces/IProviderRegistry.sol";
import {ISlashingDesk} from "./interfaces/ISlashingDesk.sol";
import {IValueInFlight} from "./interfaces/IValueInFlight.sol";
import {Score} from "./libraries/Score.sol";
import {Standing} from "./libraries/Standing.sol";
import {ACTIVE, OFFENDED, ON_DUTY, Position, SUSPENDED, TrackRecord} from "./types/Position.sol";

/// @title Provider lens
/// @dev Apart from the registry because all of it in one contract would not fit.
contract ProviderLens is IProviderLens {
    uint256 private constant SUPER_NODE_ROLES = 3;

    // As the registry keeps standing terms.
    uint256 private constant TERMS_BUDGET_UNIT = 1e18;
    uint256 private constant TERMS_TIME_UNIT = 1 minutes;

    IProviderRegistry private immutable REGISTRY;
    IRoleTokenFactory private immutable ROLE_TOKENS;
    IValueInFlight private immutable SETTLEMENT;

    /// @param registry The provider registry.
    /// @param roleTokens The factory of the role tokens, which knows how many roles there are.
    /// @param settlement The vault.
    constructor(IProviderRegistry registry, IRoleTokenFactory roleTokens, IValueInFlight settlement) {
        REGISTRY = registry;
        ROLE_TOKENS = roleTokens;
        SETTLEMENT = settlement;
    }

    /// @inheritdoc IProviderLens
    function statusOf(address account, RoleId role) external view returns (Status memory status) {
        Position memory position = REGISTRY.positionOf(account, role);
        IProviderRegistry.Minimum memory minimum = REGISTRY.minimumOf(role);

        status.octoBond = position.octoBond;
        status.roleBond = position.roleBond;
        status.active = position.state.has(ACTIVE);
        status.suspended = position.state.has(SUSPENDED);
        (address desk, , ) = REGISTRY.peers();
        status.banned = ISlashingDesk(desk).isBanned(account);
        status.superNode = isSuperNode(account);
        status.tier = Standing.tierOf(position.octoBond, minimum.octo);
        (status.ordinal, status.cohort) = (position.ordinal, Standing.cohortOf(position.ordinal));
        status.maxBudget = position.maxBudget * TERMS_BUDGET_UNIT;
        status.minDuration = position.minDuration * TERMS_TIME_UNIT;
        _addLocks(status, account, role);
        _addRecord(status, position.record, minimum);
    }

    /// @inheritdoc IProviderLens
    function reliabilityOf(address account, RoleId role) external view returns (Reliability memory) {
        TrackRecord memory history = REGISTRY.positionOf(account, role).record;
        if (history.activatedDay != 0) Score.decay(history, block.timestamp);
        return
            Reliability({
                success: history.success,
                speed: history.speed,
                uptime: history.uptime,
                security: history.security,
                peer: history.peer,
                idleFrom: history.idleFrom,
                offended: history.flags & OFFENDED != 0
            });
    }

    /// @inheritdoc IProviderLens
    function bestScoreOf(address account) external view returns (uint256 best) {
        uint256 last = ROLE_TOKENS.count();
        for (uint256 role = 1; role <= last; ++role) {
            uint256 score = REGISTRY.scoreOf(account, RoleId.wrap(uint8(role))); // at most 31
            if (score > best) best = score;
        }
    }

    /// @inheritdoc IProviderLens
    function isSuperNode(address account) public view returns (bool) {
        uint256 active;
        uint256 last = ROLE_TOKENS.count();
        for (uint256 role = 1; role <= last; ++role) {
            if (REGISTRY.isActive(account, RoleId.wrap(uint8(role)))) ++active; // at most 31
        }
        return active >= SUPER_NODE_ROLES;
    }

    function _addLocks(Status memory status, address account, RoleId role) private view {
        (status.frozenOcto, status.frozenRoleTokens) = REGISTRY.frozenBondOf(account, role);
        status.valueInFlight = SETTLEMENT.inFlightOf(account);
        status.capacity = Standing.CAPACITY * status.octoBond;
        status.lockedBond = Standing.lockedBy(status.valueInFlight);
    }

    function _addRecord(
        Status memory status,
        TrackRecord memory history,
        IProviderRegistry.Minimum memory minimum
    ) private view {
        uint256 score = Score.points(history, block.timestamp);
        uint256 age = history.activatedDay == 0 ? 0 : block.timestamp / 1 days - history.activatedDay;
        status.minimum = IProviderRegistry.Minimum({
            octo: uint96(Standing.discounted(minimum.octo, score)), // at most the minimum
            roleTokens: uint96(Standing.discounted(minimum.roleTokens, score)) // at most the minimum
        });
        status.score = score;
        status.grade = Standing.gradeOf(score);
        status.activatedDay = history.activatedDay;
        status.tasks = history.tasks;
        status.onDuty = history.flags & ON_DUTY != 0;
        status.routingWeight = Standing.routingWeight(score, status.octoBond, age, history.tasks);
    }
}
