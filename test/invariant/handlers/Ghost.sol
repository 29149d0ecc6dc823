// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {ISettlement} from "../../../contracts/economy/interfaces/ISettlement.sol";
import {JobStatus} from "../../../contracts/market/types/Job.sol";
import {JobId} from "../../../contracts/market/types/JobId.sol";
import {IDelegationPools} from "../../../contracts/registry/interfaces/IDelegationPools.sol";
import {IProviderRegistry} from "../../../contracts/registry/interfaces/IProviderRegistry.sol";
import {Lane} from "../../../contracts/registry/types/Offences.sol";
import {RoleId} from "../../../contracts/shared/RoleId.sol";
import {Roles} from "../../../contracts/shared/Roles.sol";
import {ScheduleId} from "../../../contracts/shared/ScheduleId.sol";
import {sameRole} from "../../support/SuiteFixture.sol";
import {PoolBooks} from "./PoolBooks.sol";
import {ReserveBooks} from "./ReserveBooks.sol";

/// @title A second set of books
/// @dev Kept by the handlers from what they did, with arithmetic of its own, and never from what the contracts say that
/// they did. The invariants compare the two.
abstract contract Ghost is ReserveBooks {
    struct Job {
        JobId id;
        address client;
        address provider;
        address evaluator;
        address orchestrator;
        uint256 budget;
        RoleId role;
        bytes32 terms;
        uint256 deadline;
        bool bound;
        JobStatus status;
        uint256 reviewDuration;
        uint256 reviewEndsAt;
        /// What of it a verdict gave back: the budget is the rest then, and was settled.
        uint256 givenBack;
        /// What was seen to leave the job when it ended: out of the market, up its tree, or to who took it over.
        uint256 left;
    }

    struct Position {
        uint256 maxBudget;
        uint256 minDuration;
        uint256 tasks;
        /// The last window for which downtime was reported.
        uint256 reported;
        /// The last day for which an exit was ever asked, and all of them.
        uint256[] exitDays;
        mapping(uint256 day => uint256 time) askedAt;
    }

    /// Where exits were asked for; what lies there, the registry says.
    struct Exit {
        address account;
        RoleId role;
        uint256 day;
        uint256 askedAt;
    }

    struct Pool {
        address provider;
        RoleId role;
    }

    struct PoolExit {
        address delegator;
        address provider;
        RoleId role;
        uint256 day;
    }

    struct Dispute {
        bytes32 key;
        bytes32 id;
        address slasher;
        address provider;
        RoleId role;
        uint256 offenceAt;
    }

    /// Work that the other market locked and that binds its provider.
    struct Bound {
        address provider;
        RoleId role;
        uint256 amount;
    }

    struct Account {
        uint256 credit;
        bool payOut;
        /// Whether the account itself has chosen `payOut`.
        bool chosen;
    }

    struct Legs {
        uint256 treasury;
        uint256 burn;
        uint256 voters;
    }

    // The vault
    uint256 public cameIn;
    uint256 public wentOut;
    mapping(address account => Account) internal accounts;
    mapping(address market => uint256 amount) public escrowOf;
    mapping(address account => mapping(address market => bool allowed)) public consentOf;
    Legs internal fees;
    Legs internal swept;
    bool public paused;

    // Tokens
    mapping(address to => uint256 amount) public octoDonatedTo;
    mapping(RoleId role => uint256 amount) public roleTokensDonated;
    uint256 public treasurySpent;
    uint256 public toHolders;
    mapping(RoleId role => mapping(uint256 epoch => uint256 amount)) public volumeOf;
    mapping(RoleId role => mapping(uint256 epoch => uint256 amount)) internal gweiMintedIn;

    // Parameters
    uint256 public intensity = 0.12e18;
    uint256 public smallestRecorded = 10e18;
    uint256 public reviewDuration = 72 hours;
    address public holders;

    // Jobs and positions
    Job[] internal jobs;
    Exit[] internal exits;
    mapping(address account => mapping(RoleId role => Position)) internal positions;
    mapping(address account => uint256 amount) public inFlightOf;

    // Delegation pools
    Pool[] internal pools;
    PoolExit[] internal poolExits;
    mapping(address provider => mapping(RoleId role => uint256[] days_)) internal poolDays;
    mapping(address provider => mapping(RoleId role => uint256 index)) internal lastIndex;
    mapping(address delegator => mapping(address provider => mapping(RoleId role => mapping(uint256 day => bool))))
        private _knownPoolExit;
    mapping(address provider => mapping(RoleId role => mapping(uint256 day => bool))) private _knownPoolDay;
    uint256 public cutsEver;
    uint256 public cutsClaimed;
    /// What the roundings of the pools' indices may leave behind, at most.
    uint256 public dust;

    // The slashing desk
    Dispute[] internal disputes;
    Bound[] internal boundElsewhere;
    mapping(Lane lane => uint256 time) public authorityFrom;
    mapping(address slasher => mapping(Lane lane => mapping(uint256 week => uint256 amount))) public spentIn;

    /// @notice What must never have happened, if it did.
    string public violation;

    // What the invariants read

    function jobCount() external view returns (uint256) {
        return jobs.length;
    }

    function jobAt(uint256 index) external view returns (Job memory) {
        return jobs[index];
    }

    function everyExit() external view returns (Exit[] memory list) {
        list = exits;
        for (uint256 i = 0; i < list.length; ++i) {
            list[i].askedAt = positions[list[i].account][list[i].role].askedAt[list[i].day];
        }
    }

    function accountOf(address account) external view returns (Account memory) {
        return accounts[account];
    }

    function everyPool() external view returns (Pool[] memory) {
        return pools;
    }

    function everyPoolExit() external view returns (PoolExit[] memory) {
        return poolExits;
    }

    function poolDaysOf(address provider, RoleId role) external view returns (uint256[] memory) {
        return poolDays[provider][role];
    }

    function everyDispute() external view returns (Dispute[] memory) {
        return disputes;
    }

    function everyBound() external view returns (Bound[] memory) {
        return boundElsewhere;
    }

    function bookedOf(
        address account,
        RoleId role
    ) external view returns (uint256 tasks, uint256 maxBudget, uint256 minDuration) {
        Position storage position = positions[account][role];
        return (position.tasks, position.maxBudget, position.minDuration);
    }

    function feesEver() external view returns (Legs memory) {
        return fees;
    }

    function feesSwept() external view returns (Legs memory) {
        return swept;
    }

    // The vault's books

    function bookLock(address market, address client, uint256 amount, bool fromCredit) internal {
        escrowOf[market] += amount;
        if (fromCredit) accounts[client].credit -= amount;
        else cameIn += amount;
    }

    function bookRefund(address market, address client, uint256 amount) internal {
        escrowOf[market] -= amount;
        bookPayment(client, amount);
    }

    /// @param recorded Whether the registry was told of it at once: only then delegators have their cut.
    /// @return fee The protocol fee.
    function bookSettlement(
        address market,
        ISettlement.Work memory work,
        bool recorded
    ) internal returns (uint256 fee) {
        escrowOf[market] -= work.amount;
        if (work.bound) inFlightOf[work.provider] -= work.amount;
        (uint256 orchestrator, Legs memory legs) = legsOf(work);
        uint256 pay = work.amount - orchestrator - legs.treasury - legs.burn - legs.voters;
        uint256 cut = recorded ? _cutOf(work.provider, work.role, pay) : 0;
        cutsEver += cut;
        if (cut != 0) dust += suite.pools.poolOf(work.provider, work.role).shares / 1e18 + 100;
        bookPayment(work.provider, pay - cut);
        bookPayment(work.orchestrator, orchestrator);
        fees.treasury += legs.treasury;
        fees.burn += legs.burn;
        fees.voters += legs.voters;
        return legs.treasury + legs.burn + legs.voters;
    }

    /// @dev To be called after the settlement, in the same second.
    function bookRecord(ISettlement.Work memory work, uint256 fee) internal {
        bool orchestrated = work.orchestrator != address(0);
        uint256 minted = (((fee * intensity) / 1e18) * _multiplierOf(work.provider, work.role)) / 1e18;
        uint256 open = _opened() - committed;
        if (minted > open) minted = open;

        uint256 forOrchestrator = orchestrated ? minted / 5 : 0;
        _bookTask(work.provider, work.role, minted - forOrchestrator, work.amount);
        if (!orchestrated) return;
        uint256 volume = sameRole(work.role, Roles.ORCHESTRATOR) ? 0 : work.amount;
        _bookTask(work.orchestrator, Roles.ORCHESTRATOR, forOrchestrator, volume);
    }

    function isRecorded(ISettlement.Work memory work) internal view returns (bool) {
        return work.amount >= smallestRecorded && RoleId.unwrap(work.role) != 0;
    }

    function bookPayment(address account, uint256 amount) internal {
        if (accounts[account].payOut) wentOut += amount;
        else accounts[account].credit += amount;
    }

    function bookSweep() internal {
        Legs memory due = Legs({
            treasury: fees.treasury - swept.treasury,
            burn: fees.burn - swept.burn,
            voters: fees.voters - swept.voters
        });
        swept = fees;
        wentOut += due.treasury + due.burn + due.voters;
        toTreasury += due.treasury;
        octoBurned += due.burn;
        if (holders == address(0)) octoBurned += due.voters;
        else toHolders += due.voters;
    }

    // The registry's books

    function bookUnbond(address account, RoleId role, uint256 day) internal {
        Position storage position = positions[account][role];
        if (position.askedAt[day] == 0) {
            exits.push(Exit(account, role, day, 0));
            position.exitDays.push(day);
        }
        position.askedAt[day] = block.timestamp;
    }

    /// @dev Work that binds its provider and that it failed is a task, too.
    function bookFailure(ISettlement.Work memory work) internal {
        if (isRecorded(work)) positions[work.provider][work.role].tasks += 1;
    }

    /// @dev Work that is given up, as a market names it.
    function refundOf(address client, uint128 amount) public pure returns (ISettlement.Work memory) {
        return
            ISettlement.Work({
                client: client,
                provider: address(0),
                orchestrator: address(0),
                amount: amount,
                role: RoleId.wrap(1),
                schedule: ScheduleId.wrap(1),
                success: 0,
                speed: 0,
                bound: false
            });
    }

    function notePool(address provider, RoleId role) internal returns (uint256) {
        for (uint256 i = 0; i < pools.length; ++i) {
            if (pools[i].provider == provider && sameRole(pools[i].role, role)) return i;
        }
        pools.push(Pool(provider, role));
        return pools.length - 1;
    }

    function notePoolExit(address delegator, address provider, RoleId role, uint256 day) internal {
        if (!_knownPoolDay[provider][role][day]) poolDays[provider][role].push(day);
        if (!_knownPoolExit[delegator][provider][role][day]) poolExits.push(PoolExit(delegator, provider, role, day));
        _knownPoolDay[provider][role][day] = true;
        _knownPoolExit[delegator][provider][role][day] = true;
    }

    function bookSpent(address slasher, IProviderRegistry.Taken memory taken) internal {
        spentIn[slasher][Lane.Octo][block.timestamp / 1 weeks] += taken.octo;
        spentIn[slasher][Lane.RoleTokens][block.timestamp / 1 weeks] += taken.roleTokens;
    }

    // What there is, added up

    /// @dev Own stake, wherever it lies: in the bond, in exits, in what disputes took out of them.
    function stakeOf(address provider, RoleId role) internal view returns (uint256 octo, uint256 roleTokens) {
        (octo, roleTokens) = suite.registry.bondOf(provider, role);
        uint256[] storage list = positions[provider][role].exitDays;
        for (uint256 i = 0; i < list.length; ++i) {
            IProviderRegistry.Exit memory leaving = suite.registry.exitOf(provider, role, list[i]);
            (octo, roleTokens) = (octo + leaving.octo, roleTokens + leaving.roleTokens);
        }
        for (uint256 i = 0; i < disputes.length; ++i) {
            if (disputes[i].provider != provider || !sameRole(disputes[i].role, role)) continue;
            IProviderRegistry.Frozen memory frozen = suite.registry.frozenBy(disputes[i].key);
            (octo, roleTokens) = (octo + frozen.octoFromExits, roleTokens + frozen.roleFromExits);
        }
    }

    /// @dev Delegated stake, exits included.
    function poolTokensOf(address provider, RoleId role) internal view returns (uint256 tokens) {
        tokens = suite.pools.poolOf(provider, role).stake;
        uint256[] storage list = poolDays[provider][role];
        for (uint256 i = 0; i < list.length; ++i) tokens += poolExitsOf(provider, role, list[i]);
    }

    function poolExitsOf(address provider, RoleId role, uint256 day) internal view returns (uint256 tokens) {
        (tokens, ) = PoolBooks.exitsOf(address(suite.pools), provider, role, day);
    }

    function poolIndexOf(Pool memory key) internal view returns (uint256) {
        return PoolBooks.indexOf(address(suite.pools), key.provider, key.role);
    }

    function poolExitOf(PoolExit memory key) internal view returns (IDelegationPools.Leaving memory) {
        return suite.pools.exitOf(key.delegator, key.provider, key.role, key.day);
    }

    // Arithmetic of its own

    /// @dev The economy's table, in basis points.
    function legsOf(ISettlement.Work memory work) internal pure returns (uint256 orchestrator, Legs memory legs) {
        uint16[3] memory bps = [
            [uint16(1000), 500, 500],
            [uint16(150), 75, 75],
            [uint16(100), 50, 50],
            [uint16(24), 13, 13]
        ][ScheduleId.unwrap(work.schedule) - 1];
        bool takesTenth = ScheduleId.unwrap(work.schedule) == 1 && work.orchestrator != address(0);
        orchestrator = takesTenth ? work.amount / 10 : 0;
        legs = Legs({
            treasury: (uint256(work.amount) * bps[0]) / 1e4,
            burn: (uint256(work.amount) * bps[1]) / 1e4,
            voters: (uint256(work.amount) * bps[2]) / 1e4
        });
    }

    /// @dev Volume and cap count whole gwei, the volume rounded down and what is minted up.
    function _bookTask(address account, RoleId role, uint256 wanted, uint256 volume) private {
        uint256 left = mintableOf(role);
        uint256 minted = wanted < left ? wanted : left;
        gweiMintedIn[role][epochNow()] += (minted + 1e9 - 1) / 1e9;
        bookWork(role, account, minted);
        uint256 sum = volumeOf[role][epochNow()] + volume - (volume % 1e9);
        uint256 most = uint256(type(uint64).max) * 1e9;
        volumeOf[role][epochNow()] = sum < most ? sum : most;
        positions[account][role].tasks += 1;
    }

    /// @notice What is left of a role's cap: 100 M / 52 x weight x volume / 1 M (0.25 to 1.5) x growth (0.5 to 1.5). The
    /// handlers stay within the first four years.
    function mintableOf(RoleId role) public view returns (uint256) {
        uint256 epoch = epochNow();
        uint256 last = epoch == 0 ? 0 : volumeOf[role][epoch - 1];
        uint256 beforeLast = epoch < 2 ? 0 : volumeOf[role][epoch - 2];
        uint256 used = _between(last / 1e6, 0.25e18, 1.5e18);
        uint256 growth = beforeLast == 0 ? 1e18 : _between((last * 1e18) / beforeLast, 0.5e18, 1.5e18);
        uint256 weight = [30, 15, 10, 10, 10, 15, 5, 5][RoleId.unwrap(role) - 1];
        uint256 cap = (100_000_000e18 * weight * used * growth) / (52 * 100 * 1e36);
        return (cap / 1e9 - gweiMintedIn[role][epoch]) * 1e9;
    }

    function _between(uint256 value, uint256 least, uint256 most) private pure returns (uint256) {
        return
            value < least
                ? least
                : value > most
                    ? most
                    : value;
    }

    /// @dev 0.5 at a score of 20 and below, 2.0 at 100, a straight line between.
    function _multiplierOf(address account, RoleId role) private view returns (uint256) {
        uint256 score = suite.registry.scoreOf(account, role);
        if (score <= 20e5) return 0.5e18;
        if (score >= 100e5) return 2e18;
        return 0.5e18 + (1.5e18 * (score - 20e5)) / 80e5;
    }

    /// @dev 300 M + 1.2 B x t/36 + 3.5 B x (t-12)/48, t in months of 30 days.
    function _opened() private view returns (uint256) {
        uint256 t = block.timestamp - suite.octo.genesisAt();
        uint256 infrastructure = t < 1080 days ? (1_200_000_000e18 * t) / 1080 days : 1_200_000_000e18;
        uint256 ecosystem =
            t < 360 days
                ? 0
                : t < 1800 days
                    ? (3_500_000_000e18 * (t - 360 days)) / 1440 days
                    : 3_500_000_000e18;
        return 300_000_000e18 + infrastructure + ecosystem;
    }

    /// @dev The delegators' part of the pay, split by stake. No settlement moves what it depends on.
    function _cutOf(address provider, RoleId role, uint256 pay) private view returns (uint256) {
        IDelegationPools.Pool memory pool = suite.pools.poolOf(provider, role);
        if (pool.stake == 0) return 0;
        (uint256 own, ) = suite.registry.bondOf(provider, role);
        return (pay * pool.cut.toUint() * pool.stake) / (1e4 * (own + pool.stake));
    }

    /// @dev The economy's table, for the roles that the handlers bond in.
    function minimumOf(RoleId role) internal pure returns (uint256 octo, uint256 roleTokens) {
        if (sameRole(role, Roles.COMPUTE)) return (1_000e18, 500e18);
        if (sameRole(role, Roles.ORCHESTRATOR)) return (2_000e18, 500e18);
        return (200e18, 100e18); // agent developer
    }
}
