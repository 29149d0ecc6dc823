// SPDX-License-Identifier: MIT
pragma solidity ^0.8.34;

import {FeeSchedule} from "../../contracts/economy/types/FeeSchedule.sol";
import {Sums} from "../../contracts/economy/types/Vault.sol";
import {IERC8183Proposals} from "../../contracts/market/interfaces/IERC8183Proposals.sol";
import {IERC8183Work} from "../../contracts/market/interfaces/IERC8183Work.sol";
import {IJobMarketAnnex} from "../../contracts/market/interfaces/IJobMarketAnnex.sol";
import {IProviderLens} from "../../contracts/registry/interfaces/IProviderLens.sol";
import {IProviderRegistry} from "../../contracts/registry/interfaces/IProviderRegistry.sol";
import {RoleId} from "../../contracts/shared/RoleId.sol";
import {Roles} from "../../contracts/shared/Roles.sol";
import {ScheduleId} from "../../contracts/shared/ScheduleId.sol";
import {GENESIS_SUPPLY, ROLE_COUNT, Suite, roleTokenOf, sameRole} from "../support/SuiteFixture.sol";
import {atMost, equal, holds} from "../support/Vm.sol";
import {DisputeLaws} from "./DisputeLaws.sol";
import {EconomyHandler} from "./handlers/EconomyHandler.sol";
import {Ghost} from "./handlers/Ghost.sol";

/// @title The laws of the economy
/// @dev Each is named with the id under which a contract states it (V vault, J jobs, B disputes, R registry, C conversion engine,
/// T tokens, E emission schedule) or under which docs/security.md lists it (I, M). It compares the contracts with the
/// books that the handlers keep.
abstract contract Laws is DisputeLaws {
    /// @notice The laws of money, after every action.
    function checkMoney() public view {
        law_V1_whatCameInIsInOrLeft();
        law_V1_heldIsOwed();
        law_V1_everyCreditIsAsBooked();
        law_V2_aMarketHasWhatItLockedAndDidNotSpend();
        law_V3_I14_feesAccruedAndSweptAreTheLegs();
        law_V4_T4_everyRoleTokenIsBoughtOrEarmarked();
        law_V7_I13_aRoleMintsWithinItsCap();
        law_B1_theDeskHoldsBondsAndPots();
        checkRegistryMoney();
        law_C1_C3_reservesAreAsBooked();
        law_C2_everyTokenIsCovered();
        law_C5_anEpochPaysWithinItsLimit();
        law_T1_T2_I16_supplyIsGenesisLessBurned();
        law_I16_everyWeiIsSomewhere();
        law_M01_whatMustBeRefusedIs();
    }

    /// @notice The laws of records, one by one: they take longer, and what breaks them stays broken, so that the end of a
    /// run is soon enough.
    function checkRecords() public view {
        checkTrees();
        checkDisputes();
        law_J3_nothingOfAJobChanges();
        checkRegistryRecords();
        law_C6_T7_nobodySellsMoreThanHeEarnedAsEarned();
        law_E1_rowsNeverChange();
    }

    // The vault

    function law_V1_whatCameInIsInOrLeft() public view {
        equal(octoIn(address(suite.settlement)), ghost.cameIn() - ghost.wentOut(), "V-1: in = held + out");
    }

    function law_V1_heldIsOwed() public view {
        Sums memory sums = suite.settlement.sums();
        uint256 owed = uint256(sums.treasury) + sums.burn + sums.voters + credits();
        owed += suite.settlement.creditOf(address(suite.pools));
        owed += escrowIn(address(suite.jobMarket)) + escrowIn(ghost.otherMarket());
        owed += escrowIn(address(suite.disputes));
        uint256 donated = ghost.octoDonatedTo(address(suite.settlement));
        equal(octoIn(address(suite.settlement)), owed + donated, "V-1: held = owed + donated");
    }

    function law_V1_everyCreditIsAsBooked() public view {
        address[] memory actors = ghost.everybody();
        for (uint256 i = 0; i < actors.length; ++i) {
            Ghost.Account memory account = ghost.accountOf(actors[i]);
            equal(suite.settlement.creditOf(actors[i]), account.credit, "V-1: credit");
            holds(suite.settlement.accountOf(actors[i]).consents.payOut() == account.payOut, "V-1: way to be paid");
        }
    }

    function law_V2_aMarketHasWhatItLockedAndDidNotSpend() public view {
        address other = ghost.otherMarket();
        equal(escrowIn(address(suite.jobMarket)), ghost.escrowOf(address(suite.jobMarket)), "V-2: job market");
        equal(escrowIn(other), ghost.escrowOf(other), "V-2: other market");
        address desk = address(suite.disputes);
        equal(escrowIn(desk), ghost.escrowOf(desk), "V-2: dispute desk");
    }

    function law_V3_I14_feesAccruedAndSweptAreTheLegs() public view {
        Sums memory sums = suite.settlement.sums();
        (Ghost.Legs memory ever, Ghost.Legs memory swept) = (ghost.feesEver(), ghost.feesSwept());
        equal(sums.treasury, ever.treasury - swept.treasury, "V-3: treasury");
        equal(sums.burn, ever.burn - swept.burn, "V-3: burn");
        equal(sums.voters, ever.voters - swept.voters, "V-3: voters");
        equal(octoIn(suite.treasury), ghost.toTreasury() - ghost.treasurySpent(), "I-14: treasury");
        equal(octoIn(ghost.ASSEMBLY()), ghost.toHolders(), "I-14: voters");
    }

    function law_V4_T4_everyRoleTokenIsBoughtOrEarmarked() public view {
        uint256 earmarked;
        for (uint8 i = 1; i <= ROLE_COUNT; ++i) {
            RoleId role = RoleId.wrap(i);
            uint256 backing = suite.settlement.earmarkOf(role);
            equal(backing, ghost.reserveOf(role).earmarked, "V-4: earmarked = minted for work - drawn - given back");
            equal(
                roleTokenOf(suite, role).totalSupply(),
                ghost.supplyOf(role),
                "T-4: supply = bought + worked - burned"
            );
            earmarked += backing;
        }
        uint256 committed = suite.settlement.sums().committed;
        equal(committed, earmarked + ghost.drawn(), "V-4: committed = earmarks + what was drawn");
        equal(suite.octo.mintedFromBudget(), ghost.drawn(), "T-3: minted = drawn");
        equal(committed, ghost.committed(), "V-4: committed = minted for work");
        atMost(committed, suite.octo.budgetOpened(), "V-4: committed <= opened");
        equal(suite.settlement.openBudget(), suite.octo.budgetOpened() - committed, "V-4: open = opened - committed");
    }

    function law_V7_I13_aRoleMintsWithinItsCap() public view {
        uint256 epoch = suite.settlement.currentEpoch();
        for (uint8 i = 1; i <= ROLE_COUNT; ++i) {
            RoleId role = RoleId.wrap(i);
            equal(suite.settlement.volumeOf(role, epoch), ghost.volumeOf(role, epoch), "V-7: volume of the epoch");
            equal(suite.settlement.mintableOf(role), ghost.mintableOf(role), "V-7, I-13: left of the epoch's cap");
            if (epoch == 0) continue;
            equal(suite.settlement.volumeOf(role, epoch - 1), ghost.volumeOf(role, epoch - 1), "V-7: volume before");
        }
    }

    // Jobs

    function law_J3_nothingOfAJobChanges() public view {
        for (uint256 i = 0; i < ghost.jobCount(); ++i) {
            Ghost.Job memory booked = ghost.jobAt(i);
            IERC8183Proposals.JobView memory job = suite.jobMarket.getJob(booked.id);
            IJobMarketAnnex.Terms memory terms = suite.jobMarket.termsOf(booked.id);
            holds(job.client == booked.client && job.provider == booked.provider, "J-3: parties");
            holds(job.evaluator == booked.evaluator && terms.orchestrator == booked.orchestrator, "J-3: helpers");
            holds(sameRole(terms.role, booked.role) && terms.terms == booked.terms, "J-3: terms");
            holds(terms.bound == booked.bound, "J-3: consent");
            equal(job.budget, booked.budget, "J-3: budget");
            equal(job.expiredAt, booked.deadline, "J-3: deadline");
            equal(terms.reviewDuration, booked.reviewDuration, "J-3: review");
            equal(terms.reviewEndsAt, booked.reviewEndsAt, "J-3: end of the review");
        }
    }

    // The engine

    /// @dev What swaps took out is taken from what swaps, work and the treasury put in, so it is never more (C-3, I-15).
    function law_C1_C3_reservesAreAsBooked() public view {
        uint256 held;
        for (uint8 i = 1; i <= ROLE_COUNT; ++i) {
            RoleId role = RoleId.wrap(i);
            equal(suite.engine.heldOf(role), ghost.reserveOf(role).held, "C-1: held = put in - taken out");
            held += suite.engine.heldOf(role);
            uint256 waiting = roleTokenOf(suite, role).balanceOf(address(suite.engine));
            equal(waiting, ghost.reserveOf(role).surrendered, "C-1: role tokens that wait to be burned");
        }
        uint256 donated = ghost.octoDonatedTo(address(suite.engine));
        equal(octoIn(address(suite.engine)), held + donated, "C-1: OCTO = reserves + donated");
    }

    function law_C2_everyTokenIsCovered() public view {
        for (uint8 i = 1; i <= ROLE_COUNT; ++i) {
            RoleId role = RoleId.wrap(i);
            uint256 reserve = suite.engine.heldOf(role) + suite.settlement.earmarkOf(role);
            atMost(roleTokenOf(suite, role).totalSupply(), reserve, "C-2: every token covered");
            uint256 coverage = suite.engine.coverageOf(role);
            atMost(1e18, coverage, "C-2: coverage");
            atMost(suite.engine.bidOf(role), coverage, "C-2: bid");
            atMost(coverage <= 3e18 ? coverage : 3e18, suite.engine.askOf(role), "C-2: ask");
        }
    }

    function law_C5_anEpochPaysWithinItsLimit() public view {
        for (uint8 i = 1; i <= ROLE_COUNT; ++i) {
            RoleId role = RoleId.wrap(i);
            if (ghost.reserveOf(role).epochsBegun != ghost.epochNow() + 1) continue;
            (uint256 left, , ) = suite.engine.limitsOf(address(0), role);
            equal(left, ghost.reserveOf(role).left, "C-5: left = limit + paid in - paid out");
        }
    }

    /// @dev One by one, as every account has earned and sold in every role.
    function law_C6_T7_nobodySellsMoreThanHeEarnedAsEarned() public view {
        address[] memory actors = ghost.everybody();
        for (uint256 i = 0; i < actors.length; ++i) {
            for (uint8 j = 1; j <= ROLE_COUNT; ++j) {
                RoleId role = RoleId.wrap(j);
                uint256 earned = roleTokenOf(suite, role).earnedOf(actors[i]);
                equal(earned, ghost.earnedOf(role, actors[i]), "T-7: earned = minted to it for work");
                equal(roleTokenOf(suite, role).soldOf(actors[i]), ghost.soldOf(role, actors[i]), "C-6: sold as earned");
                atMost(ghost.soldOf(role, actors[i]), earned, "C-6: sold as earned <= earned");
            }
        }
    }

    // The tokens

    function law_T1_T2_I16_supplyIsGenesisLessBurned() public view {
        atMost(suite.octo.everMinted(), suite.octo.cap(), "T-1: ever minted <= cap");
        atMost(suite.octo.mintedFromBudget(), suite.octo.budgetOpened(), "T-2: minted <= opened");
        uint256 expected = GENESIS_SUPPLY + suite.octo.mintedFromBudget() - ghost.octoBurned();
        equal(suite.octo.totalSupply(), expected, "I-16: supply = genesis + minted - burned");
    }

    function law_I16_everyWeiIsSomewhere() public view {
        address[] memory actors = ghost.everybody();
        uint256 sum = octoIn(suite.bank) + octoIn(suite.treasury) + octoIn(ghost.ASSEMBLY());
        sum += octoIn(address(suite.pools));
        sum += octoIn(address(suite.settlement)) + octoIn(address(suite.registry)) + octoIn(address(suite.engine));
        for (uint256 i = 0; i < actors.length; ++i) sum += octoIn(actors[i]);
        equal(sum, suite.octo.totalSupply(), "I-16: balances = supply");
        uint256 atMarkets = octoIn(address(suite.jobMarket)) + octoIn(ghost.otherMarket());
        equal(atMarkets + octoIn(address(suite.disputes)), 0, "I-16: markets hold no money");
    }

    // The schedules

    function law_E1_rowsNeverChange() public view {
        uint16[4][4] memory rows = [
            [uint16(1000), 1000, 500, 500],
            [uint16(0), 150, 75, 75],
            [uint16(0), 100, 50, 50],
            [uint16(0), 24, 13, 13]
        ];
        for (uint8 i = 0; i < 4; ++i) {
            (FeeSchedule memory row, uint256 intensity, uint256 smallest, ) = suite.schedule.termsOf(
                ScheduleId.wrap(i + 1)
            );
            equal(row.orchestrator.toUint(), rows[i][0], "E-1: orchestrator");
            equal(row.treasury.toUint(), rows[i][1], "E-1: treasury");
            equal(row.burn.toUint(), rows[i][2], "E-1: burn");
            equal(row.voters.toUint(), rows[i][3], "E-1: voters");
            equal(intensity, ghost.intensity(), "E-1: intensity");
            equal(smallest, ghost.smallestRecorded(), "E-1: smallest recorded");
        }
    }

    // What must be refused

    function law_M01_whatMustBeRefusedIs() public view {
        string memory violation = ghost.violation();
        holds(bytes(violation).length == 0, violation);
    }

    // Inside

    function credits() internal view returns (uint256 sum) {
        address[] memory actors = ghost.everybody();
        for (uint256 i = 0; i < actors.length; ++i) sum += suite.settlement.creditOf(actors[i]);
    }
}
