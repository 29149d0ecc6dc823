// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {ISettlement} from "../../../contracts/economy/interfaces/ISettlement.sol";
import {JobStatus} from "../../../contracts/market/types/Job.sol";
import {JobId} from "../../../contracts/market/types/JobId.sol";
import {RoleId} from "../../../contracts/shared/RoleId.sol";
import {Roles} from "../../../contracts/shared/Roles.sol";
import {ScheduleId} from "../../../contracts/shared/ScheduleId.sol";
import {sameRole, Suite} from "../../support/SuiteFixture.sol";

/// @title A second set of books
/// @dev Kept by the handlers from what they did, with arithmetic of its own, and never from what the contracts say that
/// they did. The invariants compare the two.
abstract contract Ghost {
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
        /// What was seen to leave the market's balance when the job ended.
        uint256 left;
    }

    struct Position {
        uint256 octo;
        uint256 roleTokens;
        bool active;
        bool wasActive;
        uint256 maxBudget;
        uint256 minDuration;
        uint256 tasks;
    }

    struct Exit {
        address account;
        RoleId role;
        uint256 day;
        uint256 askedAt;
        uint256 octo;
        uint256 roleTokens;
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

    struct RoleSupply {
        uint256 bought;
        uint256 paidForBought;
        uint256 worked;
        uint256 burned;
    }

    Suite internal suite;

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
    uint256 public octoBurned;
    mapping(address to => uint256 amount) public octoDonatedTo;
    mapping(RoleId role => uint256 amount) public roleTokensDonated;
    mapping(RoleId role => RoleSupply) internal supplies;
    uint256 public toTreasury;
    uint256 public treasurySpent;
    uint256 public toHolders;
    uint256 public committed;
    mapping(RoleId role => mapping(uint256 epoch => uint256 amount)) public volumeOf;

    // Parameters
    uint256 public intensity = 0.12e18;
    uint256 public smallestRecorded = 10e18;
    uint256 public reviewDuration = 72 hours;
    address public holders;

    // Jobs and positions
    Job[] internal jobs;
    Exit[] internal exits;
    mapping(address account => mapping(RoleId role => Position)) internal positions;

    /// @notice What must never have happened, if it did.
    string public violation;

    // What the invariants read

    function jobCount() external view returns (uint256) {
        return jobs.length;
    }

    function jobAt(uint256 index) external view returns (Job memory) {
        return jobs[index];
    }

    function exitCount() external view returns (uint256) {
        return exits.length;
    }

    function exitAt(uint256 index) external view returns (Exit memory) {
        return exits[index];
    }

    function accountOf(address account) external view returns (Account memory) {
        return accounts[account];
    }

    function positionOf(address account, RoleId role) external view returns (Position memory) {
        return positions[account][role];
    }

    function supplyOf(RoleId role) external view returns (RoleSupply memory) {
        return supplies[role];
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

    /// @return fee The protocol fee.
    function bookSettlement(address market, ISettlement.Work memory work) internal returns (uint256 fee) {
        escrowOf[market] -= work.amount;
        (uint256 orchestrator, Legs memory legs) = legsOf(work);
        bookPayment(work.provider, work.amount - orchestrator - legs.treasury - legs.burn - legs.voters);
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
        committed += minted;

        uint256 forOrchestrator = orchestrated ? minted / 5 : 0;
        _bookTask(work.provider, work.role, minted - forOrchestrator, work.amount);
        if (orchestrated) _bookTask(work.orchestrator, Roles.ORCHESTRATOR, forOrchestrator, work.amount);
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

    function bookBond(address account, RoleId role, uint256 octo, uint256 roleTokens) internal {
        Position storage position = positions[account][role];
        position.octo += octo;
        position.roleTokens += roleTokens;
        if (position.active || !_hasPercent(position, role, 100)) return;
        position.active = true;
        position.wasActive = true;
    }

    function bookUnbond(address account, RoleId role, uint256 octo, uint256 roleTokens, uint256 day) internal {
        Position storage position = positions[account][role];
        position.octo -= octo;
        position.roleTokens -= roleTokens;
        if (!_hasPercent(position, role, 80)) position.active = false;
        exits.push(Exit(account, role, day, block.timestamp, octo, roleTokens));
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

    function _bookTask(address account, RoleId role, uint256 minted, uint256 volume) private {
        supplies[role].worked += minted;
        volumeOf[role][epochNow()] += volume;
        positions[account][role].tasks += 1;
    }

    function epochNow() internal view returns (uint256) {
        return (block.timestamp - suite.octo.genesisAt()) / 7 days;
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

    function _hasPercent(Position storage position, RoleId role, uint256 percent) private view returns (bool) {
        (uint256 octo, uint256 roleTokens) = minimumOf(role);
        return position.octo * 100 >= octo * percent && position.roleTokens * 100 >= roleTokens * percent;
    }

    /// @dev The economy's table, for the roles that the handlers bond in.
    function minimumOf(RoleId role) internal pure returns (uint256 octo, uint256 roleTokens) {
        if (sameRole(role, Roles.COMPUTE)) return (1_000e18, 500e18);
        if (sameRole(role, Roles.ORCHESTRATOR)) return (2_000e18, 500e18);
        return (200e18, 100e18); // agent developer
    }
}
