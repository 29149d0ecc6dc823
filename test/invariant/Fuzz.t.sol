// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {Initializable} from "@openzeppelin/contracts/proxy/utils/Initializable.sol";
import {IEmissionSchedule} from "../../contracts/economy/interfaces/IEmissionSchedule.sol";
import {Emission} from "../../contracts/economy/libraries/Emission.sol";
import {FeeSplit} from "../../contracts/economy/libraries/FeeSplit.sol";
import {WashTradingLaw} from "../../contracts/economy/libraries/WashTradingLaw.sol";
import {
    Consents,
    FIRST_MARKET_INDEX,
    LAST_MARKET_INDEX,
    PAY_OUT,
    CHOSEN
} from "../../contracts/economy/types/Consents.sol";
import {FeeSchedule, Split} from "../../contracts/economy/types/FeeSchedule.sol";
import {Sums} from "../../contracts/economy/types/Vault.sol";
import {IJobMarket} from "../../contracts/market/interfaces/IJobMarket.sol";
import {IJobMarketEvents} from "../../contracts/market/interfaces/IJobMarketEvents.sol";
import {Consent, Deal} from "../../contracts/market/types/Deal.sol";
import {JobState, JobStatus, STATUS_MASK} from "../../contracts/market/types/Job.sol";
import {JobId} from "../../contracts/market/types/JobId.sol";
import {IProviderRegistry} from "../../contracts/registry/interfaces/IProviderRegistry.sol";
import {Score} from "../../contracts/registry/libraries/Score.sol";
import {TrackRecord} from "../../contracts/registry/types/Position.sol";
import {Bps} from "../../contracts/shared/Bps.sol";
import {Duration} from "../../contracts/shared/Duration.sol";
import {RoleId} from "../../contracts/shared/RoleId.sol";
import {Roles} from "../../contracts/shared/Roles.sol";
import {ScheduleId, Schedules} from "../../contracts/shared/ScheduleId.sol";
import {IRoleToken} from "../../contracts/tokens/interfaces/IRoleToken.sol";
import {IRoleTokenFactory} from "../../contracts/tokens/interfaces/IRoleTokenFactory.sol";
import {MintBudget} from "../../contracts/tokens/libraries/MintBudget.sol";
import {RoleTokenAddress} from "../../contracts/tokens/libraries/RoleTokenAddress.sol";
import {Suite, SuiteFixture, roleTokenOf, sameRole} from "../support/SuiteFixture.sol";
import {atMost, bound, equal, holds, VM} from "../support/Vm.sol";

/// @dev A schedule whose shares add up to at most `limit`.
function scheduleFrom(uint256 seed, uint256 limit) pure returns (FeeSchedule memory schedule) {
    uint16[4] memory shares;
    for (uint256 i = 0; i < 4; ++i) {
        uint256 share = bound(uint64(seed >> (64 * i)), 0, limit);
        shares[i] = uint16(share);
        limit -= share;
    }
    return feeSchedule(shares[0], shares[1], shares[2], shares[3]);
}

function feeSchedule(
    uint16 orchestrator,
    uint16 treasury,
    uint16 burn,
    uint16 voters
) pure returns (FeeSchedule memory) {
    return FeeSchedule(Bps.wrap(orchestrator), Bps.wrap(treasury), Bps.wrap(burn), Bps.wrap(voters));
}

/// @dev A lawful schedule: treasury and burn as they come, voters within what the law leaves to them.
function lawfulFrom(uint256 seed) pure returns (FeeSchedule memory) {
    uint256 burn = bound(uint64(seed), 1, 1_000);
    uint256 treasury = bound(uint64(seed >> 64), 0, 2 * burn);
    // 0.7344 f < gone, 0.24 f < burn, f = gone + voters
    uint256 most = ((burn + treasury) * 2656 - 1) / 7344;
    uint256 byBurn = (burn * 100 - 1) / 24;
    if (byBurn <= burn + treasury) return feeSchedule(0, uint16(burn), uint16(burn), 0);
    if (byBurn - burn - treasury < most) most = byBurn - burn - treasury;
    uint256 voters = bound(uint64(seed >> 128), 0, most);
    uint256 orchestrator = bound(uint64(seed >> 192), 0, 1_000);
    return feeSchedule(uint16(orchestrator), uint16(treasury), uint16(burn), uint16(voters));
}

/// @dev The law in whole numbers: 0.12 x 2.0 x 3.0 x 1.02 = 0.7344 and 0.12 x 2.0 = 0.24.
function obeysLaw(FeeSchedule memory schedule) pure returns (bool) {
    (uint256 treasury, uint256 burn) = (schedule.treasury.toUint(), schedule.burn.toUint());
    uint256 fee = treasury + burn + schedule.voters.toUint();
    return 7_344 * fee < 10_000 * (treasury + burn) && 24 * fee < 100 * burn;
}

/// @title The pure libraries, for any input
contract LibraryProperties {
    using FeeSplit for Split;

    // FeeSplit

    function testFuzz_I14_legsAreTheirSharesRoundedDownAndAddUp(
        uint256 amount,
        uint256 seed,
        bool orchestrated
    ) external pure {
        amount = bound(amount, 0, 2 ** 240 - 1);
        FeeSchedule memory schedule = scheduleFrom(seed, 100_00);
        Split memory parts = FeeSplit.split(amount, schedule, orchestrated);

        _isFloorOf(parts.orchestrator, amount, orchestrated ? schedule.orchestrator.toUint() : 0);
        _isFloorOf(parts.treasury, amount, schedule.treasury.toUint());
        _isFloorOf(parts.burn, amount, schedule.burn.toUint());
        _isFloorOf(parts.voters, amount, schedule.voters.toUint());
        equal(parts.provider + parts.orchestrator + parts.fee(), amount, "V-3: parts add up");
    }

    // Emission

    function testFuzz_mintIsBoundedByFeeAndBudget(
        uint256 fee,
        uint256 intensity,
        uint256 score,
        uint256 budget
    ) external pure {
        fee = bound(fee, 0, 1e28);
        intensity = bound(intensity, 0, WashTradingLaw.MAX_INTENSITY);
        uint256 minted = Emission.minted(fee, intensity, score, budget);
        atMost(minted, (fee * 24) / 100, "minted <= 0.24 fee");
        atMost(minted, budget, "minted <= budget");
    }

    function testFuzz_mintGrowsWithScoreFeeAndBudget(
        uint256 fee,
        uint256 score,
        uint256 budget,
        uint64 more
    ) external pure {
        fee = bound(fee, 0, 1e28);
        score = bound(score, 0, 200e5);
        budget = bound(budget, 0, 1e28);
        uint256 minted = Emission.minted(fee, 0.12e18, score, budget);
        atMost(minted, Emission.minted(fee, 0.12e18, score + more, budget), "grows with the score");
        atMost(minted, Emission.minted(fee + more, 0.12e18, score, budget), "grows with the fee");
        atMost(minted, Emission.minted(fee, 0.12e18, score, budget + more), "grows with the budget");
    }

    function testFuzz_multiplierIsALineFromHalfToTwo(uint256 score) external pure {
        uint256 multiplier = Emission.multiplier(score);
        holds(0.5e18 <= multiplier && multiplier <= 2e18, "0.5 to 2.0");
        if (score <= 20e5) equal(multiplier, 0.5e18, "0.5 up to 20");
        else if (score >= 100e5) equal(multiplier, 2e18, "2.0 from 100");
        else equal((multiplier - 0.5e18) / 1.875e11, score - 20e5, "1.5 over 80 points"); // 1.5e18 / 80e5
    }

    // WashTradingLaw

    function testFuzz_lawAgreesWithWholeNumbers(uint256 seed) external pure {
        FeeSchedule memory schedule = scheduleFrom(seed, 100_00);
        holds(WashTradingLaw.check(schedule) == obeysLaw(schedule), "any shares");
    }

    /// @dev Right at the edge of each inequality, where random shares never come.
    function testFuzz_lawAgreesAtTheEdge(uint256 treasury, uint256 burn, uint256 step) external pure {
        treasury = bound(treasury, 0, 2_000);
        burn = bound(burn, 0, 2_000);
        step = bound(step, 0, 4);
        uint256 edge = ((treasury + burn) * 2656) / 7344;
        uint256 edgeOfBurn = (burn * 100) / 24;
        edgeOfBurn = edgeOfBurn > treasury + burn ? edgeOfBurn - treasury - burn : 0;
        _agree(treasury, burn, edge + step < 2 ? 0 : edge + step - 2);
        _agree(treasury, burn, edgeOfBurn + step < 2 ? 0 : edgeOfBurn + step - 2);
    }

    /// @dev What the law is for: who deals with himself and holds every vote still loses, at the best score and rate.
    function testFuzz_M25_dealingWithOneselfLoses(uint256 seed, uint256 amount, uint256 score) external pure {
        FeeSchedule memory schedule = lawfulFrom(seed);
        holds(obeysLaw(schedule), "a lawful schedule");
        amount = bound(amount, 1e18, 1e28); // nothing smaller is recorded
        Split memory parts = FeeSplit.split(amount, schedule, false);
        uint256 minted = Emission.minted(parts.fee(), WashTradingLaw.MAX_INTENSITY, score, type(uint256).max);
        uint256 worth = (minted * 306) / 100;
        holds(worth < parts.treasury + parts.burn, "worth < gone");
        holds(minted < parts.burn, "earmarked < burned");
    }

    // MintBudget

    function testFuzz_I16_budgetOpensForwardsAndNeverBeyondItsHalf(uint256 elapsed, uint256 later) external pure {
        elapsed = bound(elapsed, 0, 3_000 days);
        later = bound(later, elapsed, 36_500 days);
        atMost(MintBudget.opened(elapsed), MintBudget.opened(later), "never falls");
        atMost(MintBudget.opened(later), 5_000_000_000e18, "at most 5 B");
        atMost(300_000_000e18, MintBudget.opened(elapsed), "300 M at genesis");
        if (elapsed >= 1_800 days) equal(MintBudget.opened(elapsed), 5_000_000_000e18, "all after 60 months");
    }

    /// @dev A month opens a thirty-sixth of 1.2 B and, after a year, a forty-eighth of 3.5 B.
    function testFuzz_I16_budgetOpensInAStraightLine(uint256 elapsed) external pure {
        elapsed = bound(elapsed, 0, 2_000 days);
        uint256 month = MintBudget.opened(elapsed + 30 days) - MintBudget.opened(elapsed);
        uint256 infrastructure = uint256(1_200_000_000e18) / 36;
        uint256 ecosystem = uint256(3_500_000_000e18) / 48;
        atMost(month, infrastructure + ecosystem + 2, "a month at most");
        if (elapsed + 30 days <= 360 days) atMost(month, infrastructure + 1, "the first year");
        if (elapsed + 30 days <= 1_080 days) atMost(infrastructure, month + 1, "a month at least");
    }

    // Consents

    function testFuzz_consentsTouchNoNeighbour(uint64 bits, uint256 index, bool allowed) external pure {
        index = bound(index, FIRST_MARKET_INDEX, LAST_MARKET_INDEX);
        Consents before = Consents.wrap(bits);
        Consents now_ = before.allow(index, allowed);
        holds(now_.allows(index) == allowed, "the market's bit");
        uint64 mask = uint64(1) << uint64(index);
        equal(Consents.unwrap(now_) & ~mask, bits & ~mask, "its neighbours");
        equal(Consents.unwrap(now_.allow(index, before.allows(index))), bits, "and back");
    }

    function testFuzz_payOutTouchesNoMarket(uint64 bits, bool on) external pure {
        uint64 own = PAY_OUT | CHOSEN;
        Consents chosen = Consents.wrap(bits).choosePayOut(on);
        holds(chosen.payOut() == on, "as chosen");
        equal(Consents.unwrap(chosen) & ~own, bits & ~own, "markets");
        equal(Consents.unwrap(chosen.defaultToPayOut()), Consents.unwrap(chosen), "no default moves a choice");

        Consents byDefault = Consents.wrap(bits).defaultToPayOut();
        equal(Consents.unwrap(byDefault) & ~PAY_OUT, bits & ~PAY_OUT, "a default sets one bit");
        if (bits & CHOSEN == 0) holds(byDefault.payOut(), "on by default");
        else equal(Consents.unwrap(byDefault), bits, "or nothing");
    }

    // JobState

    function testFuzz_statusAndFlagsShareAByte(uint8 bits, uint8 flag, uint8 next) external pure {
        next = uint8(bound(next, 0, uint8(type(JobStatus).max)));
        flag = uint8(1 << bound(flag, 3, 7));
        JobState before = JobState.wrap((bits & ~STATUS_MASK) | uint8(bound(bits & STATUS_MASK, 0, 5)));

        JobState moved = before.withStatus(JobStatus(next));
        equal(uint8(moved.status()), next, "the new status");
        equal(JobState.unwrap(moved) & ~STATUS_MASK, JobState.unwrap(before) & ~STATUS_MASK, "flags stay");

        JobState flagged = before.with(flag);
        holds(flagged.has(flag), "the flag");
        equal(uint8(flagged.status()), uint8(before.status()), "the status stays");
        equal(JobState.unwrap(flagged) & ~flag, JobState.unwrap(before) & ~flag, "other flags stay");
    }

    // Score

    function testFuzz_I17_scoreIsBetween0And100AndGrowsWithAgeWhileNotIdle(
        TrackRecord memory record,
        uint32 age,
        uint32 later
    ) external pure {
        record.success = uint24(bound(record.success, 0, 100e5));
        record.speed = uint24(bound(record.speed, 0, 100e5));
        record.uptime = uint24(bound(record.uptime, 0, 100e5));
        record.security = uint24(bound(record.security, 0, 100e5));
        record.peer = uint24(bound(record.peer, 0, 100e5));
        record.idleFrom = type(uint32).max; // what idleness does is another law: an average falls then
        record.activatedDay = uint16(bound(record.activatedDay, 0, 20_000)); // all of it before the year 2106
        uint256 moment = uint256(record.activatedDay) * 1 days + (age % 1_000_000_000);
        uint256 score = Score.points(record, moment);
        atMost(score, 100e5, "at most 100");
        atMost(score, Score.points(record, moment + (later % 1_000_000_000)), "grows with age");
        if (record.activatedDay == 0) equal(score, 0, "none before the first activation");
    }

    function _agree(uint256 treasury, uint256 burn, uint256 voters) private pure {
        FeeSchedule memory schedule = feeSchedule(0, uint16(treasury), uint16(burn), uint16(voters));
        holds(WashTradingLaw.check(schedule) == obeysLaw(schedule), "at the edge");
    }

    function _isFloorOf(uint256 leg, uint256 amount, uint256 bps) private pure {
        atMost(leg * 100_00, amount * bps, "not above its share");
        holds(amount * bps < (leg + 1) * 100_00, "not a wei below it");
    }
}

/// @title The deployed suite, for any amount
contract SuiteProperties is SuiteFixture {
    bytes32 private constant IMPLEMENTATION_SLOT = bytes32(uint256(keccak256("eip1967.proxy.implementation")) - 1);

    address private constant CLIENT = address(0xC11E);
    address private constant PROVIDER = address(0x9807);
    address private constant ORCHESTRATOR = address(0x08CE);

    Suite private suite;

    function setUp() public {
        suite = deploySuite();
        _fund(CLIENT, 1e26);
        _activate(PROVIDER, Roles.DEVELOPER);
        _activate(PROVIDER, Roles.COMPUTE);
        _activate(ORCHESTRATOR, Roles.ORCHESTRATOR);
    }

    // Hire, complete, refund: to the wei

    function testFuzz_V3_aJobIsPaidToTheWei(uint256 budget, bool orchestrated, bool compute, uint32 age) external {
        budget = bound(budget, 1, 1e26);
        VM.warp(block.timestamp + bound(age, 0, 3_650 days));
        Deal memory deal = _deal(orchestrated, compute);
        uint256 burnable = suite.settlement.sums().burn;
        JobId id = _hire(deal, budget);
        VM.prank(PROVIDER);
        suite.jobMarket.submit(id, "work", "");
        VM.prank(CLIENT);
        suite.jobMarket.complete(id, "good", "");

        uint256 coordination = orchestrated ? budget / 10 : 0;
        uint256 fee = budget / 10 + 2 * (budget / 20);
        equal(suite.settlement.creditOf(PROVIDER), budget - coordination - fee, "provider");
        equal(suite.settlement.creditOf(ORCHESTRATOR), coordination, "orchestrator");
        Sums memory sums = suite.settlement.sums();
        equal(sums.treasury, budget / 10, "treasury");
        equal(sums.burn - burnable, budget / 20, "burn");
        equal(sums.voters, budget / 20, "voters");
        equal(suite.octo.balanceOf(address(suite.settlement)), budget, "nothing left the vault");
        _checkMint(deal, budget, fee);
    }

    function testFuzz_V2_aRefundIsTheWholeBudget(uint256 budget, bool orchestrated) external {
        budget = bound(budget, 1, 1e26);
        JobId id = _hire(_deal(orchestrated, false), budget);
        equal(suite.octo.balanceOf(CLIENT), 1e26 - budget, "paid");
        VM.warp(block.timestamp + 1 days + 1);
        suite.jobMarket.claimRefund(id);

        equal(suite.settlement.creditOf(CLIENT), budget, "refunded");
        equal(suite.settlement.marketOf(address(suite.jobMarket)).balance, 0, "nothing is left");
    }

    function testFuzz_M23_budgetsBeyondTheSlotAreRefused(uint128 budget) external {
        if (budget != 0) budget = uint128(bound(budget, uint256(type(uint96).max) + 1, type(uint128).max));
        Consent memory none;
        VM.prank(CLIENT);
        VM.expectRevert(
            abi.encodeWithSelector(IJobMarketEvents.JobMarketBudgetOutOfBounds.selector, budget, type(uint96).max)
        );
        suite.jobMarket.hire(_deal(false, false), budget, none);
    }

    // The engine

    function testFuzz_C2_noQuoteFavoursTheBuyer(uint256 octoIn, uint256 roleOut, uint256 part) external view {
        octoIn = bound(octoIn, 0, 1e28);
        roleOut = bound(roleOut, 0, 1e28);
        part = bound(part, 0, octoIn);
        RoleId role = Roles.COMPUTE;
        uint256 out = suite.engine.quote(role, octoIn);
        atMost(out * 102, octoIn * 100, "not below the ask");
        atMost(suite.engine.quoteExactOut(role, out), octoIn, "there and back costs no less");
        uint256 price = suite.engine.quoteExactOut(role, roleOut);
        atMost(roleOut * 102, price * 100, "an exact purchase not below the ask");
        atMost(roleOut, suite.engine.quote(role, price), "the price buys it");
        uint256 inTwo = suite.engine.quote(role, part) + suite.engine.quote(role, octoIn - part);
        atMost(inTwo, out, "two purchases bring no more than one");
    }

    function testFuzz_C1_aPurchaseIsReserved(uint256 octoIn, uint8 roleId) external {
        octoIn = bound(octoIn, 2e18, 1e26);
        RoleId role = RoleId.wrap(uint8(bound(roleId, 1, 8)));
        (uint256 held, uint256 supply) = (suite.engine.heldOf(role), roleTokenOf(suite, role).totalSupply());
        VM.prank(CLIENT);
        suite.octo.approve(address(suite.engine), octoIn);
        uint256 coverage = suite.engine.coverageOf(role);
        uint256 quoted = suite.engine.quote(role, octoIn);
        VM.prank(CLIENT);
        uint256 out = suite.engine.buy(role, uint128(octoIn), 0, block.timestamp);

        equal(out, quoted, "as quoted");
        atMost(out * 102 * coverage, octoIn * 100 * 1e18, "the spread above the coverage");
        atMost(coverage, suite.engine.coverageOf(role), "C-2: not lowered");
        equal(roleTokenOf(suite, role).balanceOf(CLIENT), out, "received");
        equal(roleTokenOf(suite, role).totalSupply() - supply, out, "minted");
        equal(suite.engine.heldOf(role) - held, octoIn, "reserved");
    }

    // The schedules

    function testFuzz_E2_onlyLawfulRowsAreAdded(uint256 seed, bool lawful) external {
        FeeSchedule memory row = lawful ? lawfulFrom(seed) : scheduleFrom(seed, 60_00);
        uint256 sum = row.orchestrator.toUint() + row.treasury.toUint() + row.burn.toUint() + row.voters.toUint();
        bool accepted = sum <= 50_00 && obeysLaw(row);
        uint256 count = suite.schedule.count();
        try suite.schedule.addFeeSchedule(row) returns (ScheduleId id) {
            holds(accepted, "an unlawful row was added");
            equal(ScheduleId.unwrap(id), count + 1, "the next id");
        } catch (bytes memory reason) {
            holds(!accepted, "a lawful row was refused");
            bytes4 expected =
                sum > 50_00
                    ? IEmissionSchedule.EmissionScheduleSharesTooLarge.selector
                    : IEmissionSchedule.EmissionScheduleWashTradingLaw.selector;
            holds(bytes4(reason) == expected, "the reason");
        }
    }

    // The role tokens

    function test_T6_everyRoleTokenIsWhereItsIdSays() external {
        IRoleTokenFactory factory = IRoleTokenFactory(
            create("RoleTokenFactory", abi.encode(suite.manager, suite.engine))
        );
        for (uint256 i = 1; i <= RoleTokenAddress.MAX_ROLES; ++i) {
            (RoleId role, address token) = factory.create("CipherOcto Role", "OCTO-R");
            equal(RoleId.unwrap(role), i, "T-6: role id = nonce");
            holds(token == RoleTokenAddress.derive(address(factory), role), "T-6: derived = created");
            holds(token == factory.tokenOf(role) && token.code.length != 0, "T-6: tokenOf");
        }
        VM.expectRevert(
            abi.encodeWithSelector(IRoleTokenFactory.RoleTokenFactoryFull.selector, RoleTokenAddress.MAX_ROLES)
        );
        factory.create("One too many", "OCTO-X");
    }

    function testFuzz_T6_addressesAreThoseOfCreate(address factory, uint8 nonce) external pure {
        nonce = uint8(bound(nonce, 1, RoleTokenAddress.MAX_ROLES));
        address created = VM.computeCreateAddress(factory, nonce);
        holds(RoleTokenAddress.derive(factory, RoleId.wrap(nonce)) == created, "T-6: derived = of CREATE");
    }

    // Upgradeable contracts

    function test_I23_nobodyInitialisesAnythingAgain() external {
        address[3] memory proxies = [address(suite.registry), address(suite.engine), address(suite.jobMarket)];
        for (uint256 i = 0; i < proxies.length; ++i) {
            address implementation = address(uint160(uint256(VM.load(proxies[i], IMPLEMENTATION_SLOT))));
            holds(implementation.code.length != 0, "I-23: an implementation");
            _cannotInitialise(proxies[i]);
            _cannotInitialise(implementation);
        }
    }

    // Inside

    function _cannotInitialise(address target) private {
        (bool done, bytes memory reason) = target.call(abi.encodeWithSignature("initialize(address)", address(this)));
        holds(!done && bytes4(reason) == Initializable.InvalidInitialization.selector, "I-23: initialised again");
    }

    /// @dev The score is read after the settlement, in the same second.
    function _checkMint(Deal memory deal, uint256 budget, uint256 fee) private view {
        uint256 score = suite.registry.scoreOf(PROVIDER, deal.role);
        uint256 multiplier = score <= 20e5 ? 0.5e18 : 0.5e18 + (1.5e18 * (score - 20e5)) / 80e5;
        uint256 minted = budget < 10e18 ? 0 : (((fee * 0.12e18) / 1e18) * multiplier) / 1e18;
        uint256 forOrchestrator = deal.orchestrator == address(0) ? 0 : minted / 5;
        uint256 forProvider = _atMostCap(minted - forOrchestrator, sameRole(deal.role, Roles.COMPUTE) ? 30 : 15);
        forOrchestrator = _atMostCap(forOrchestrator, 10);
        equal(roleTokenOf(suite, deal.role).balanceOf(PROVIDER), forProvider, "minted to the provider");
        equal(
            roleTokenOf(suite, Roles.ORCHESTRATOR).balanceOf(ORCHESTRATOR),
            forOrchestrator,
            "minted to the orchestrator"
        );
        equal(suite.settlement.sums().committed, forProvider + forOrchestrator, "V-4: committed");
    }

    /// @dev V-7: of an epoch without volume before it, in whole gwei.
    function _atMostCap(uint256 wanted, uint256 percent) private view returns (uint256) {
        uint256 fourYears = suite.settlement.currentEpoch() / 208;
        uint256 base =
            fourYears == 0
                ? 100e24
                : fourYears == 1
                    ? 50e24
                    : 10e24; // within twelve years
        uint256 cap = (((base * percent) / 52 / 100 / 4) / 1e9) * 1e9;
        return wanted < cap ? wanted : cap;
    }

    function _hire(Deal memory deal, uint256 budget) private returns (JobId id) {
        Consent memory none;
        VM.prank(CLIENT);
        suite.octo.approve(address(suite.jobMarket), budget);
        VM.prank(CLIENT);
        return suite.jobMarket.hire(deal, uint128(budget), none);
    }

    function _deal(bool orchestrated, bool compute) private pure returns (Deal memory deal) {
        (deal.client, deal.provider) = (CLIENT, PROVIDER);
        if (orchestrated) deal.orchestrator = ORCHESTRATOR;
        deal.role = compute ? Roles.COMPUTE : Roles.DEVELOPER;
        deal.schedule = Schedules.SERVICE;
        deal.duration = Duration.wrap(1 days);
    }

    function _fund(address account, uint256 amount) private {
        VM.prank(suite.bank);
        suite.octo.transfer(account, amount);
    }

    function _activate(address account, RoleId role) private {
        IProviderRegistry.Minimum memory minimum = suite.registry.minimumOf(role);
        IRoleToken token = roleTokenOf(suite, role);
        uint256 price = suite.engine.quoteExactOut(role, minimum.roleTokens);
        _fund(account, minimum.octo + price);

        VM.startPrank(account);
        suite.octo.approve(address(suite.engine), price);
        suite.engine.buy(role, uint128(price), minimum.roleTokens, block.timestamp);
        suite.octo.approve(address(suite.registry), minimum.octo);
        token.approve(address(suite.registry), minimum.roleTokens);
        suite.registry.bond(role, minimum.octo, minimum.roleTokens);
        VM.stopPrank();
    }
}
