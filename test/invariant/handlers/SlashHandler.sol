// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {IProviderRegistry} from "../../../contracts/registry/interfaces/IProviderRegistry.sol";
import {ISlashingDesk} from "../../../contracts/registry/interfaces/ISlashingDesk.sol";
import {Heartbeat} from "../../../contracts/registry/libraries/Heartbeat.sol";
import {Lane, Offence, Price} from "../../../contracts/registry/types/Offences.sol";
import {RoleId} from "../../../contracts/shared/RoleId.sol";
import {atMost, bound, equal, holds, VM} from "../../support/Vm.sol";
import {DelegationHandler} from "./DelegationHandler.sol";

/// @title Verdicts, disputes, downtime
/// @dev Around each slash: what is gone is what it says it took, to the wei (I-06, R-5, D-4), and nothing of what was out of
/// its reach (I-08).
abstract contract SlashHandler is DelegationHandler {
    /// Everybody banned is replaced, so this bounds how many actors there are.
    uint256 internal constant MOST_ACTORS = 21;
    uint256 private constant MOST_DISPUTES = 6;

    struct Scene {
        uint256 octo;
        uint256 roleTokens;
        uint256 pool;
        uint256 exposed;
        uint256 waitingOcto;
        uint256 waitingRole;
        uint256 clientHas;
        uint256 octoAllowed;
        uint256 roleAllowed;
        Price price;
    }

    Scene private _scene;
    uint256[] private _outOfReach;
    uint256 private _lastDispute;

    // Verdicts

    /// @dev Of every position, bonded or not, for every offence, at any time up to now.
    function slash(uint256 seed) external counted {
        (address provider, RoleId role) = aPosition(seed);
        ISlashingDesk.Verdict memory verdict;
        (verdict.provider, verdict.role) = (provider, role);
        verdict.offenceAt = uint40(_aTimeInThePast(seed >> 40));
        (verdict.offence, verdict.client, verdict.loss) = _terms(seed >> 16);
        _slash(judgeFrom(seed >> 20), verdict);
    }

    /// @dev The end of a dispute by a verdict.
    function slashDisputed(uint256 seed) external counted {
        uint256 index = _ofAJudge(seed);
        Dispute memory dispute = disputes[index];
        ISlashingDesk.Verdict memory verdict;
        (verdict.provider, verdict.role) = (dispute.provider, dispute.role);
        (verdict.disputeId, verdict.offenceAt) = (dispute.id, uint40(dispute.offenceAt));
        (verdict.offence, verdict.client, verdict.loss) = _terms(seed >> 16);
        if (_slash(dispute.slasher, verdict)) forget(index);
    }

    // Disputes

    function openDispute(uint256 seed) external counted {
        _openDispute(seed);
    }

    /// @dev By its slasher; or by anybody, but only when its time is over.
    function closeDispute(uint256 seed) external counted {
        bool late = (seed >> 8) % 4 == 0;
        // When its time is over anybody ends one of the dispute desk, too.
        _closeDispute(late && disputes.length != 0 ? seed % disputes.length : _ofAJudge(seed), late);
    }

    // Downtime

    function setDuty(uint256 seed) external counted {
        (address provider, RoleId role) = _everActive(seed);
        VM.prank(provider);
        suite.registry.setDuty(role, (seed >> 16) % 4 != 0);
    }

    function heartbeat(uint256 seed) external counted {
        (address provider, RoleId role) = _everActive(seed);
        VM.prank(provider);
        suite.registry.heartbeat(role);
        uint256 window = Heartbeat.windowAt(block.timestamp);
        holds(!suite.desk.missedWindow(provider, role, window), "S-4: a window in which it beat was missed");
    }

    /// @dev Anybody reports a window; nobody reports it again.
    function reportDowntime(uint256 seed) external counted {
        (address provider, RoleId role) = _everActive(seed);
        uint256 window = _missedOf(provider, role);
        if (window == 0) {
            VM.prank(provider);
            suite.registry.setDuty(role, true);
            // Longer than what is remembered at times, and always a day.
            jump(32 hours + bound(seed >> 16, 0, 2 days));
            window = _missedOf(provider, role);
            if (window == 0) return;
        }
        _report(provider, role, window);
    }

    // Slashed stake, and who slashes

    function burnSlashed(uint256 seed) external counted {
        burnSlashedOf(roleFrom(seed));
    }

    /// @dev For one lane, from seven days from now on.
    function nameSlasher(uint256 seed) external counted {
        Lane lane = seed % 2 == 0 ? Lane.Octo : Lane.RoleTokens;
        uint256 budget = bound(seed >> 8, 1, 10_000);
        VM.prank(suite.admin);
        suite.desk.setSlasher(secondJudge, lane, type(uint32).max, uint40(budget));
        authorityFrom[lane] = block.timestamp + 7 days;
    }

    function dismissSlasher(uint256 seed) external counted {
        Lane lane = seed % 2 == 0 ? Lane.Octo : Lane.RoleTokens;
        if (authorityFrom[lane] == 0) return;
        VM.prank(suite.admin);
        suite.desk.removeSlasher(secondJudge, lane);
        authorityFrom[lane] = 0;
    }

    // Inside: verdicts

    function burnSlashedOf(RoleId role) internal {
        (uint256 octo, uint256 roleTokens) = suite.registry.slashedOf(role);
        suite.registry.burnSlashed(role);
        octoBurned += octo;
        reserves[role].surrendered += roleTokens;
    }

    /// @return Whether there was one: who has no authority is refused.
    function _slash(address judge, ISlashingDesk.Verdict memory verdict) private returns (bool) {
        _see(judge, verdict);
        if (!_mayPunish(judge, _scene.price)) {
            refused(
                judge,
                address(suite.desk),
                abi.encodeCall(ISlashingDesk.slash, (verdict)),
                ISlashingDesk.SlashingDeskNotSlasher.selector,
                "S-2: somebody slashed without authority"
            );
            return false;
        }
        VM.prank(judge);
        IProviderRegistry.Taken memory taken = suite.desk.slash(verdict);
        _compare(judge, verdict, taken);
        return true;
    }

    function _see(address judge, ISlashingDesk.Verdict memory verdict) private {
        (address provider, RoleId role) = (verdict.provider, verdict.role);
        Scene storage scene = _scene;
        (scene.octo, scene.roleTokens) = stakeOf(provider, role);
        scene.pool = poolTokensOf(provider, role);
        scene.exposed = suite.pools.exposureOf(provider, role, verdict.offenceAt);
        (scene.waitingOcto, scene.waitingRole) = suite.registry.slashedOf(role);
        scene.clientHas = suite.octo.balanceOf(verdict.client);
        scene.octoAllowed = suite.desk.allowanceOf(judge, Lane.Octo, role);
        scene.roleAllowed = suite.desk.allowanceOf(judge, Lane.RoleTokens, role);
        (scene.price, ) = suite.desk.priceFor(provider, role, verdict.offence);
        notePlacesOutOfReach(provider, role, verdict.offenceAt);
    }

    function _compare(
        address judge,
        ISlashingDesk.Verdict memory verdict,
        IProviderRegistry.Taken memory taken
    ) private {
        Scene storage scene = _scene;
        (address provider, RoleId role) = (verdict.provider, verdict.role);
        (uint256 octo, uint256 roleTokens) = stakeOf(provider, role);
        uint256 gone = scene.octo + scene.pool - octo - poolTokensOf(provider, role);
        equal(gone, taken.octo, "I-06: gone = taken, OCTO and delegated");
        equal(scene.roleTokens - roleTokens, taken.roleTokens, "I-06: gone = taken, role tokens");
        _withinPrice(taken);
        _whereItWent(verdict, taken);
        checkPlacesOutOfReach(provider, role, verdict.offenceAt);
        bookSpent(judge, taken);
        // Who may slash one lane only bans nobody.
        if (verdict.offence >= Offence.Fraud && _mayIn(judge, Lane.Octo) && _mayIn(judge, Lane.RoleTokens)) {
            holds(suite.desk.isBanned(provider), "I-21: not banned");
            holds(!suite.registry.isActive(provider, role), "I-21: banned and active");
        }
    }

    function _withinPrice(IProviderRegistry.Taken memory taken) private view {
        Scene storage scene = _scene;
        uint256 most = ((taken.octoStake + scene.exposed) * scene.price.octoShare) / 1e4;
        if (most > scene.octoAllowed) most = scene.octoAllowed;
        atMost(taken.octo, most, "R-5: took more OCTO than its price and its budget");
        // A bucket's part is rounded down, and there are at most 68.
        atMost(most, taken.octo + 68, "I-09: took less OCTO than there was");
        most = (taken.roleStake * scene.price.roleShare) / 1e4;
        if (most > scene.roleAllowed) most = scene.roleAllowed;
        equal(taken.roleTokens, most, "R-5: took other role tokens than its price and its budget");
        atMost(taken.octoStake, scene.octo, "R-5: more OCTO stake than there is");
        atMost(taken.roleStake, scene.roleTokens, "R-5: more role stake than there is");
    }

    function _whereItWent(ISlashingDesk.Verdict memory verdict, IProviderRegistry.Taken memory taken) private view {
        Scene storage scene = _scene;
        uint256 due =
            verdict.client == address(0)
                ? 0
                : verdict.loss < taken.octo
                    ? verdict.loss
                    : taken.octo;
        equal(taken.compensated, due, "R-5: the harmed client's part");
        if (verdict.client != address(0)) {
            equal(suite.octo.balanceOf(verdict.client), scene.clientHas + due, "R-5: what the client received");
        }
        (uint256 octo, uint256 roleTokens) = suite.registry.slashedOf(verdict.role);
        equal(octo, scene.waitingOcto + taken.octo - due, "R-5: OCTO that waits to be burned");
        equal(roleTokens, scene.waitingRole + taken.roleTokens, "R-5: role tokens that wait to be burned");
    }

    /// @dev Exits asked for before the offence, or free: a slash passes them by.
    function notePlacesOutOfReach(address provider, RoleId role, uint256 offenceAt) internal {
        delete _outOfReach;
        uint256[] storage list = positions[provider][role].exitDays;
        for (uint256 i = 0; i < list.length; ++i) {
            IProviderRegistry.Exit memory leaving = suite.registry.exitOf(provider, role, list[i]);
            bool reached = leaving.askedAt > offenceAt && list[i] * 1 days > block.timestamp;
            _outOfReach.push(reached ? 0 : leaving.octo);
            _outOfReach.push(reached ? 0 : leaving.roleTokens);
        }
        uint256 first = (offenceAt + 8 days - 1) / 1 days;
        list = poolDays[provider][role];
        for (uint256 i = 0; i < list.length; ++i) {
            _outOfReach.push(list[i] < first ? poolExitsOf(provider, role, list[i]) : 0);
        }
    }

    /// @dev What a dispute kept may have come back to them.
    function checkPlacesOutOfReach(address provider, RoleId role, uint256 offenceAt) internal view {
        uint256[] storage list = positions[provider][role].exitDays;
        uint256 place;
        for (uint256 i = 0; i < list.length; ++i) {
            IProviderRegistry.Exit memory leaving = suite.registry.exitOf(provider, role, list[i]);
            atMost(_outOfReach[place++], leaving.octo, "I-08: an exit asked for before the offence was slashed");
            atMost(_outOfReach[place++], leaving.roleTokens, "I-08: an exit asked for before the offence was slashed");
        }
        uint256 first = (offenceAt + 8 days - 1) / 1 days;
        list = poolDays[provider][role];
        for (uint256 i = 0; i < list.length; ++i) {
            uint256 before = _outOfReach[place++];
            if (list[i] >= first) continue;
            equal(poolExitsOf(provider, role, list[i]), before, "I-08: a delegator out of reach was slashed");
        }
    }

    function _terms(uint256 seed) private view returns (Offence offence, address client, uint128 loss) {
        // Bans are rarer, and end when there are too many new faces.
        uint256 most = seed % 3 == 0 && actors.length < MOST_ACTORS ? 6 : 4;
        offence = Offence((seed >> 4) % (most + 1));
        if ((seed >> 8) % 2 == 0) return (offence, address(0), 0);
        return (offence, pick(clients, seed >> 12), amountFrom(seed >> 16));
    }

    function judgeFrom(uint256 seed) internal view returns (address) {
        return seed % 4 == 0 ? secondJudge : suite.judge;
    }

    /// @dev The last ten days, or long ago.
    function _aTimeInThePast(uint256 seed) private view returns (uint256) {
        if (seed % 8 == 0) return bound(seed >> 8, 0, block.timestamp);
        return block.timestamp - bound(seed >> 8, 0, 10 days);
    }

    function _mayPunish(address judge, Price memory price) private view returns (bool) {
        return
            (price.octoShare != 0 && _mayIn(judge, Lane.Octo)) ||
            (price.roleShare != 0 && _mayIn(judge, Lane.RoleTokens));
    }

    function _mayIn(address judge, Lane lane) internal view returns (bool) {
        if (judge == suite.judge) return true;
        return authorityFrom[lane] != 0 && block.timestamp >= authorityFrom[lane];
    }

    // Inside: disputes

    /// @dev Not of the dispute desk, in whose name no handler speaks.
    function _ofAJudge(uint256 seed) private returns (uint256 index) {
        for (uint256 i = 0; i < disputes.length; ++i) {
            index = addmod(seed, i, disputes.length);
            if (disputes[index].slasher != address(suite.disputes)) return index;
        }
        _openDispute(seed);
        return disputes.length - 1;
    }

    /// @dev So much of its stake, or more than there is; it freezes what is there and moves no wei.
    function _openDispute(uint256 seed) private {
        if (disputes.length >= MOST_DISPUTES) _closeDispute(_ofAJudge(seed), false);
        (address provider, RoleId role) = aPosition(seed);
        Dispute memory dispute;
        (dispute.provider, dispute.role, dispute.slasher) = (provider, role, judgeFrom(seed >> 16));
        (dispute.offenceAt, dispute.id) = (_aTimeInThePast(seed >> 24), bytes32(++_lastDispute));
        if (!_mayIn(dispute.slasher, Lane.Octo) && !_mayIn(dispute.slasher, Lane.RoleTokens)) {
            dispute.slasher = suite.judge;
        }
        (uint256 octo, uint256 roleTokens) = stakeOf(provider, role);
        uint256 all = octo + poolTokensOf(provider, role);
        uint256 octoAmount = bound(seed >> 80, 0, (all * 5) / 4);
        uint256 roleAmount = bound(seed >> 160, 0, (roleTokens * 5) / 4);

        VM.prank(dispute.slasher);
        dispute.key = suite.desk.openDispute(
            dispute.id,
            provider,
            role,
            uint128(octoAmount),
            uint128(roleAmount),
            dispute.offenceAt
        );
        disputes.push(dispute);
        (uint256 octoAfter, uint256 roleAfter) = stakeOf(provider, role);
        equal(octoAfter, octo, "R-6: a dispute moved OCTO");
        equal(roleAfter, roleTokens, "R-6: a dispute moved role tokens");
        equal(octoAfter + poolTokensOf(provider, role), all, "R-6: a dispute moved delegated stake");
        _frozeNoMore(dispute.key, octoAmount, roleAmount);
    }

    function _frozeNoMore(bytes32 key, uint256 octo, uint256 roleTokens) private view {
        IProviderRegistry.Frozen memory frozen = suite.registry.frozenBy(key);
        atMost(uint256(frozen.octoFromExits) + frozen.octoFromBond, octo, "R-6: froze more OCTO than asked for");
        atMost(uint256(frozen.roleFromExits) + frozen.roleFromBond, roleTokens, "R-6: froze more than asked for");
    }

    function _closeDispute(uint256 index, bool late) private {
        Dispute memory dispute = disputes[index];
        (, uint256 closesAt) = suite.desk.disputeOf(dispute.key);
        bool isSlasher =
            dispute.slasher == suite.judge ||
                dispute.slasher == address(suite.disputes) ||
                authorityFrom[Lane.Octo] + authorityFrom[Lane.RoleTokens] != 0;
        if (isSlasher && block.timestamp <= closesAt) {
            refused(
                stranger,
                address(suite.desk),
                abi.encodeCall(ISlashingDesk.closeDispute, (dispute.key)),
                ISlashingDesk.SlashingDeskDisputeNotOver.selector,
                "S-3: somebody else ended a dispute before its time"
            );
            if (late) jumpTo(closesAt + 1);
        }
        (uint256 octo, uint256 roleTokens) = stakeOf(dispute.provider, dispute.role);
        uint256 pool = poolTokensOf(dispute.provider, dispute.role);
        bool byAnybody = !isSlasher || block.timestamp > closesAt;
        VM.prank(byAnybody ? stranger : dispute.slasher);
        suite.desk.closeDispute(dispute.key);
        forget(index);
        (uint256 octoAfter, uint256 roleAfter) = stakeOf(dispute.provider, dispute.role);
        equal(octoAfter, octo, "R-6: the end of a dispute moved OCTO");
        equal(roleAfter, roleTokens, "R-6: the end of a dispute moved role tokens");
        equal(poolTokensOf(dispute.provider, dispute.role), pool, "R-6: the end of a dispute moved delegated stake");
    }

    function forget(uint256 index) internal {
        IProviderRegistry.Frozen memory frozen = suite.registry.frozenBy(disputes[index].key);
        holds(frozen.account == address(0), "R-6: an ended dispute keeps something frozen");
        disputes[index] = disputes[disputes.length - 1];
        disputes.pop();
    }

    // Inside: downtime

    function _everActive(uint256 seed) private returns (address provider, RoleId role) {
        (provider, role) = aPosition(seed);
        if (suite.registry.positionOf(provider, role).record.activatedDay != 0) return (provider, role);
        provider = worker(seed >> 32);
        activate(provider, role);
    }

    /// @dev The first missed window that was not reported; 0 if there is none.
    function _missedOf(address provider, RoleId role) private view returns (uint256) {
        uint256 now_ = Heartbeat.windowAt(block.timestamp);
        uint256 reported = positions[provider][role].reported;
        for (uint256 back = 21; back > 0; --back) {
            uint256 window = now_ - back;
            if (window <= reported || !suite.desk.missedWindow(provider, role, window)) continue;
            // An absence that was punished counts again only once it has gone on for another day.
            return window == reported + 1 && _endOfAbsence(provider, role, window) < window + 2 ? 0 : window;
        }
        return 0;
    }

    /// @dev The last of the windows missed in a row.
    function _endOfAbsence(address provider, RoleId role, uint256 window) private view returns (uint256) {
        while (suite.desk.missedWindow(provider, role, window + 1)) ++window;
        return window;
    }

    function _report(address provider, RoleId role, uint256 window) private {
        uint256 last = _endOfAbsence(provider, role, window);
        bool extended = last >= window + 2;
        ISlashingDesk.Verdict memory verdict;
        (verdict.provider, verdict.role) = (provider, role);
        verdict.offence = extended ? Offence.ExtendedDowntime : Offence.Downtime;
        verdict.offenceAt = uint40(Heartbeat.endOf(window - 1));
        _see(address(suite.desk), verdict);
        VM.prank(stranger);
        IProviderRegistry.Taken memory taken = suite.desk.reportDowntime(provider, role, window);
        positions[provider][role].reported = last;
        _compare(address(suite.desk), verdict, taken);
        refused(
            sweeper,
            address(suite.desk),
            abi.encodeCall(ISlashingDesk.reportDowntime, (provider, role, last)),
            ISlashingDesk.SlashingDeskWindowReported.selector,
            "S-4: a window was punished twice"
        );
    }
}
