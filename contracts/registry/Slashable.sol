// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {ERC20Burnable} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Burnable.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {MAX_BPS} from "../shared/Bps.sol";
import {RoleId} from "../shared/RoleId.sol";
import {IProviderRegistry} from "./interfaces/IProviderRegistry.sol";
import {Heartbeat as Heartbeats} from "./libraries/Heartbeat.sol";
import {Score} from "./libraries/Score.sol";
import {PositionBook} from "./PositionBook.sol";
import {
    ACTIVE,
    DELEGATED,
    DISPUTED,
    EXITING,
    ON_DUTY,
    POOLED,
    Position,
    SUSPENDED,
    TrackRecord
} from "./types/Position.sol";
import {Lanes} from "./types/RegistryRows.sol";

/// @title What a slash and a dispute do to a position
/// @dev Only the slashing desk comes in here, and nothing here reverts for the lack of stake. An exit is exposed to an
/// offence if it was asked for after it and is not free yet; there are at most eight days of such exits, so the loops over
/// them are bounded whatever a provider does.
abstract contract Slashable is PositionBook {
    modifier onlyDesk() {
        require(msg.sender == address(DESK), ProviderRegistryCallerNotDesk(msg.sender));
        _;
    }

    /// @inheritdoc IProviderRegistry
    function slash(Penalty calldata penalty) external onlyDesk returns (Taken memory taken) {
        Position memory position = _storage().positions[penalty.account][penalty.role];
        Frozen memory frozen = _frozenBy(penalty.dispute);
        Lanes memory wanted = _assess(penalty, position, frozen, taken);
        _take(penalty, position, frozen, wanted, taken);
        // A levy has no points: it is no offence.
        if (position.ordinal != 0 && penalty.points != 0) {
            Score.penalize(position.record, penalty.points, block.timestamp);
        }
        _storage().positions[penalty.account][penalty.role] = position;

        _thaw(penalty.dispute, frozen);
        _tryDeactivate(penalty.account, penalty.role);

        if (penalty.client != address(0)) taken.compensated = Math.min(penalty.loss, taken.octo);
        Lanes storage waiting = _storage().slashed[penalty.role];
        waiting.octo += uint96(taken.octo - taken.compensated); // at most what was held
        waiting.roleTokens += uint96(taken.roleTokens); // at most what was held
        emit Slashed(
            penalty.account,
            penalty.role,
            taken.octo,
            taken.roleTokens,
            penalty.client,
            taken.compensated,
            penalty.points
        );

        if (taken.compensated != 0) OCTO.transfer(penalty.client, taken.compensated);
    }

    /// @inheritdoc IProviderRegistry
    function freeze(
        bytes32 dispute,
        address account,
        RoleId role,
        uint128 octoAmount,
        uint128 roleAmount,
        uint256 offenceAt
    ) external onlyDesk {
        Position storage position = _storage().positions[account][role];
        Frozen memory frozen;
        (frozen.account, frozen.role) = (account, role);
        (uint256 octo, uint256 roleTokens, uint256 day) = _exits(
            account,
            role,
            octoAmount,
            roleAmount,
            offenceAt,
            true
        );
        (frozen.octoFromExits, frozen.roleFromExits) = (uint96(octo), uint96(roleTokens)); // at most what was leaving
        (frozen.day, frozen.askedAt) = (uint32(day), _storage().exits[account][role][day].askedAt);
        _freezeBond(position, frozen, octoAmount - octo, roleAmount - roleTokens);
        _storage().disputes[dispute] = frozen;
        (octo, roleTokens) = (octo + frozen.octoFromBond, roleTokens + frozen.roleFromBond);
        emit StakeFrozen(dispute, account, role, octo, roleTokens);

        uint256 rest = octoAmount - octo;
        if (rest != 0 && position.state.has(POOLED)) POOLS.freeze(dispute, account, role, rest, offenceAt);
    }

    /// @inheritdoc IProviderRegistry
    function thaw(bytes32 dispute) external onlyDesk {
        _thaw(dispute, _frozenBy(dispute));
    }

    /// @inheritdoc IProviderRegistry
    function setSuspended(address account, RoleId role, bool suspended) external onlyDesk {
        Position storage position = _storage().positions[account][role];
        if (position.state.has(SUSPENDED) == suspended) return;

        position.state = suspended ? position.state.with(SUSPENDED) : position.state.without(SUSPENDED);
        emit SuspensionSet(account, role, suspended);
        if (suspended) _stop(account, role);
        else _tryActivate(account, role);
    }

    /// @inheritdoc IProviderRegistry
    function burnSlashed(RoleId role) external {
        Lanes memory waiting = _storage().slashed[role];
        delete _storage().slashed[role];
        emit SlashedBurned(role, waiting.octo, waiting.roleTokens);

        ERC20Burnable(address(OCTO)).burn(waiting.octo);
        _roleToken(role).surrender(waiting.roleTokens);
    }

    /// @inheritdoc IProviderRegistry
    function noteDelegation(address provider, RoleId role, bool delegated) external returns (uint256 octoBond) {
        require(msg.sender == address(POOLS), ProviderRegistryCallerNotPools(msg.sender));

        Position storage position = _storage().positions[provider][role];
        uint8 flags = position.record.flags;
        if ((flags & DELEGATED != 0) != delegated) {
            position.record.flags = delegated ? flags | DELEGATED : flags & ~DELEGATED;
        }
        // For good: the last delegator's exit stays exposed after it has left the pool.
        if (delegated && !position.state.has(POOLED)) position.state = position.state.with(POOLED);
        return position.octoBond;
    }

    /// @dev What the position has at stake, its own into `taken`, and what the penalty wants of all of it.
    function _assess(
        Penalty calldata penalty,
        Position memory position,
        Frozen memory frozen,
        Taken memory taken
    ) private returns (Lanes memory wanted) {
        uint256 all = type(uint256).max;
        (uint256 octoLeaving, uint256 roleLeaving, ) = _exits(
            penalty.account,
            penalty.role,
            all,
            all,
            penalty.offenceAt,
            false
        );
        taken.octoStake = position.octoBond + frozen.octoFromExits + octoLeaving;
        taken.roleStake = position.roleBond + frozen.roleFromExits + roleLeaving;

        uint256 delegated =
            penalty.octoShare != 0 && position.state.has(POOLED)
                ? POOLS.exposureOf(penalty.account, penalty.role, penalty.offenceAt)
                : 0;
        // Both are at most what is held, which fits. Rounded down.
        wanted.octo = uint96(
            Math.min(((taken.octoStake + delegated) * penalty.octoShare) / MAX_BPS, penalty.octoLimit)
        );
        wanted.roleTokens = uint96(Math.min((taken.roleStake * penalty.roleShare) / MAX_BPS, penalty.roleLimit));
    }

    /// @dev First what the dispute froze, then the bond, then exposed exits, then delegated stake.
    function _take(
        Penalty calldata penalty,
        Position memory position,
        Frozen memory frozen,
        Lanes memory wanted,
        Taken memory taken
    ) private {
        uint256 octo = Math.saturatingSub(wanted.octo, frozen.octoFromExits);
        uint256 roleTokens = Math.saturatingSub(wanted.roleTokens, frozen.roleFromExits);
        frozen.octoFromExits -= uint96(wanted.octo - octo); // at most itself
        frozen.roleFromExits -= uint96(wanted.roleTokens - roleTokens); // at most itself
        uint256 octoBond = Math.min(octo, position.octoBond);
        uint256 roleBond = Math.min(roleTokens, position.roleBond);
        position.octoBond -= uint88(octoBond); // at most itself
        position.roleBond -= uint88(roleBond); // at most itself
        (octo, roleTokens) = (octo - octoBond, roleTokens - roleBond);

        (uint256 octoLeaving, uint256 roleLeaving, ) = _exits(
            penalty.account,
            penalty.role,
            octo,
            roleTokens,
            penalty.offenceAt,
            true
        );
        (octo, roleTokens) = (octo - octoLeaving, roleTokens - roleLeaving);
        if (octo != 0) octo -= POOLS.slash(penalty.account, penalty.role, octo, penalty.offenceAt);
        (taken.octo, taken.roleTokens) = (wanted.octo - octo, wanted.roleTokens - roleTokens);
    }

    /// @dev What a dispute froze; nothing for a slash without one.
    function _frozenBy(bytes32 dispute) private view returns (Frozen memory frozen) {
        if (dispute != 0) frozen = _storage().disputes[dispute];
    }

    /// @param frozen What is left of what the dispute froze; none if nothing was.
    function _thaw(bytes32 dispute, Frozen memory frozen) private {
        if (frozen.account == address(0)) return;

        delete _storage().disputes[dispute];
        if (frozen.octoFromExits != 0 || frozen.roleFromExits != 0) {
            Exit storage leaving = _storage().exits[frozen.account][frozen.role][frozen.day];
            leaving.octo += frozen.octoFromExits;
            leaving.roleTokens += frozen.roleFromExits;
            // The row is gone if what was left of it was bonded again.
            if (leaving.askedAt == 0) leaving.askedAt = frozen.askedAt;
        }
        _thawBond(frozen);
        emit StakeThawed(dispute);

        if (_storage().positions[frozen.account][frozen.role].state.has(POOLED)) POOLS.thaw(dispute);
    }

    /// @dev Freezes in the bond what no other dispute has frozen there.
    function _freezeBond(
        Position storage position,
        Frozen memory frozen,
        uint256 octoAmount,
        uint256 roleAmount
    ) private {
        Lanes storage sum = _storage().frozenBonds[frozen.account][frozen.role];
        uint256 octoFree = Math.saturatingSub(position.octoBond, sum.octo);
        uint256 roleFree = Math.saturatingSub(position.roleBond, sum.roleTokens);
        frozen.octoFromBond = uint96(Math.min(octoAmount, octoFree)); // at most a bond
        frozen.roleFromBond = uint96(Math.min(roleAmount, roleFree)); // at most a bond
        if (frozen.octoFromBond == 0 && frozen.roleFromBond == 0) return;

        sum.octo += frozen.octoFromBond;
        sum.roleTokens += frozen.roleFromBond;
        position.state = position.state.with(DISPUTED);
    }

    function _thawBond(Frozen memory frozen) private {
        if (frozen.octoFromBond == 0 && frozen.roleFromBond == 0) return;

        Lanes storage sum = _storage().frozenBonds[frozen.account][frozen.role];
        sum.octo -= frozen.octoFromBond;
        sum.roleTokens -= frozen.roleFromBond;
        if (sum.octo != 0 || sum.roleTokens != 0) return;
        Position storage position = _storage().positions[frozen.account][frozen.role];
        position.state = position.state.without(DISPUTED);
    }

    /// @dev Exits exposed to an offence, the latest first, up to what is wanted of each lane.
    /// @param take Whether they are taken, or only added up.
    /// @return octo At most what was wanted.
    /// @return roleTokens At most what was wanted.
    /// @return earliest The earliest day of which there was anything; 0 if there was nothing.
    function _exits(
        address account,
        RoleId role,
        uint256 octoWanted,
        uint256 roleWanted,
        uint256 offenceAt,
        bool take
    ) private returns (uint256 octo, uint256 roleTokens, uint256 earliest) {
        if (!_storage().positions[account][role].state.has(EXITING)) return (0, 0, 0);

        uint256 first = _firstExposedDay(offenceAt);
        for (uint256 day = _dayOfExit(block.timestamp); day >= first; --day) {
            Exit storage leaving = _storage().exits[account][role][day];
            if (leaving.askedAt <= offenceAt) continue;
            uint256 octoPart = Math.min(octoWanted - octo, leaving.octo);
            uint256 rolePart = Math.min(roleWanted - roleTokens, leaving.roleTokens);
            if (octoPart == 0 && rolePart == 0) continue;
            (octo, roleTokens) = (octo + octoPart, roleTokens + rolePart);
            earliest = day;
            if (!take) continue;
            leaving.octo -= uint96(octoPart); // at most itself
            leaving.roleTokens -= uint96(rolePart); // at most itself
        }
    }

    /// @dev Of the exits asked for after the offence and not free yet. At most eight days before {_dayOfExit} of now.
    function _firstExposedDay(uint256 offenceAt) private view returns (uint256) {
        return Math.max(_dayOfExit(offenceAt), block.timestamp / 1 days + 1);
    }

    /// @dev A position that is suspended or banned takes no work and owes no heartbeats.
    function _stop(address account, RoleId role) private {
        Position storage position = _storage().positions[account][role];
        if (position.state.has(ACTIVE)) _deactivate(account, role, position);

        TrackRecord memory history = position.record;
        if (history.flags & ON_DUTY == 0) return;
        Heartbeats.setDuty(history, false, block.timestamp);
        position.record = history;
        emit DutySet(account, role, false);
    }
}
