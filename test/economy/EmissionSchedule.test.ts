import { expect } from "chai";
import fc from "fast-check";

import { roleId } from "../../deploy/roles.ts";
import type { EmissionSchedule } from "../../typechain-types/index.js";
import { deployed, ethers, loadFixture, OCTO } from "../support/fixture.ts";
import { epochCapOf } from "../support/models/emission.ts";
import { GENESIS_SCHEDULES, type Shares, sharesOf, sumOf, WHOLE } from "../support/models/feeSchedule.ts";
import { MAX_SHARES, obeysLaw, verdictOn } from "../support/models/washTradingLaw.ts";

const { MaxUint256 } = ethers;
const MAX_SCHEDULES = 31n;
const MAX_INTENSITY = 12n * 10n ** 16n;
const GENESIS_SMALLEST = 10n * OCTO;
const LEAST_RECORDED = OCTO;
const MOST_RECORDED = 1_000n * OCTO;
const GENESIS_WHOLE_STEP = 20n * OCTO;
const LEAST_WHOLE_STEP = OCTO;
const MOST_WHOLE_STEP = 1_000n * OCTO;
const GWEI = 10n ** 9n;
const MAX_UINT16 = 65_535n;

/** A lawful row: 12 % to the orchestrator, 6 + 3 + 2 % as fee. */
const LAWFUL: Shares = { orchestrator: 1_200n, treasury: 600n, burn: 300n, voters: 200n };

const NOT_PARAMETER = ["stranger", "deployer", "guardian", "treasury"] as const;

/** The deployed schedule, as itself and in the hands of the admin, who has PARAMETER_ACCESS. */
async function setUp() {
  const world = await loadFixture(deployed);
  const schedule = world.system.emissionSchedule;
  return { ...world, schedule, asAdmin: schedule.connect(world.actors.admin) };
}

const listOf = ({ orchestrator, treasury, burn, voters }: Shares) => [orchestrator, treasury, burn, voters];

/** Every row's shares, in the order of the ids. */
async function allShares(schedule: EmissionSchedule): Promise<bigint[][]> {
  const count = Number(await schedule.count());
  const rows = await Promise.all(Array.from({ length: count }, (_, index) => schedule.termsOf(index + 1)));
  return rows.map(([shares]) => listOf(shares));
}

async function fill(asAdmin: EmissionSchedule): Promise<void> {
  for (let count = 4n; count < MAX_SCHEDULES; ++count) {
    await asAdmin.addFeeSchedule({ ...LAWFUL, orchestrator: count });
  }
}

describe("EmissionSchedule", () => {
  describe("constructor", () => {
    for (const { name, id, provider, ...shares } of GENESIS_SCHEDULES) {
      it(`has ${name} as row ${id}, with ${provider} bps for the provider`, async () => {
        const { schedule } = await setUp();
        const [row] = await schedule.termsOf(id);
        expect(listOf(row)).to.deep.equal(listOf(shares));
        expect(WHOLE - sumOf(row)).to.equal(provider);
      });

      it(`gives ${name} an intensity of 0.12 and records from 10 OCTO on`, async () => {
        const { schedule } = await setUp();
        const [, intensity, smallestRecorded] = await schedule.termsOf(id);
        expect([intensity, smallestRecorded]).to.deep.equal([MAX_INTENSITY, GENESIS_SMALLEST]);
      });

      it(`counts a fee of 20 OCTO in ${name} as a whole step of the score`, async () => {
        const { schedule } = await setUp();
        expect((await schedule.termsOf(id)).wholeStepFee).to.equal(GENESIS_WHOLE_STEP);
      });

      it(`keeps the wash-trading law in ${name} (M-25)`, () => {
        expect(obeysLaw(shares)).to.equal(true);
      });
    }

    it("has no other row", async () => {
      const { schedule } = await setUp();
      expect(await schedule.count()).to.equal(4n);
    });

    it("emits every row", async () => {
      const { schedule } = await setUp();
      const events = await schedule.queryFilter(schedule.filters.FeeScheduleAdded());
      expect(events.map(({ args }) => [args.id, listOf(args.schedule)])).to.deep.equal(
        GENESIS_SCHEDULES.map((row) => [row.id, listOf(row)]),
      );
    });
  });

  describe("termsOf", () => {
    for (const id of [0n, 5n, 31n, 255n]) {
      it(`refuses the unknown row ${id}`, async () => {
        const { schedule } = await setUp();
        await expect(schedule.termsOf(id))
          .to.be.revertedWithCustomError(schedule, "EmissionScheduleUnknown")
          .withArgs(id);
      });
    }

    it("refuses the row after the last that was added", async () => {
      const { schedule, asAdmin } = await setUp();
      await asAdmin.addFeeSchedule(LAWFUL);
      await expect(schedule.termsOf(6n))
        .to.be.revertedWithCustomError(schedule, "EmissionScheduleUnknown")
        .withArgs(6n);
    });
  });

  describe("addFeeSchedule", () => {
    describe("when the caller has no PARAMETER_ACCESS", () => {
      for (const name of NOT_PARAMETER) {
        it(`refuses the ${name}`, async () => {
          const { schedule, actors } = await setUp();
          await expect(schedule.connect(actors[name]).addFeeSchedule(LAWFUL))
            .to.be.revertedWithCustomError(schedule, "AccessManagedUnauthorized")
            .withArgs(actors[name].address);
        });
      }
    });

    describe("when there are 31 rows", () => {
      it("refuses one more", async () => {
        const { schedule, asAdmin } = await setUp();
        await fill(asAdmin);
        await expect(asAdmin.addFeeSchedule(LAWFUL))
          .to.be.revertedWithCustomError(schedule, "EmissionScheduleFull")
          .withArgs(MAX_SCHEDULES);
      });

      it("knows every one of them", async () => {
        const { schedule, asAdmin } = await setUp();
        await fill(asAdmin);
        const added = Array.from({ length: 27 }, (_, index) => listOf({ ...LAWFUL, orchestrator: BigInt(index + 4) }));
        expect(await schedule.count()).to.equal(MAX_SCHEDULES);
        expect(await allShares(schedule)).to.deep.equal([...GENESIS_SCHEDULES.map(listOf), ...added]);
      });
    });

    describe("when the shares are more than half (A-102)", () => {
      for (const shares of [
        { orchestrator: 2_001n, treasury: 1_500n, burn: 1_000n, voters: 500n },
        { orchestrator: 0n, treasury: 0n, burn: 5_001n, voters: 0n },
        { orchestrator: MAX_UINT16, treasury: MAX_UINT16, burn: MAX_UINT16, voters: MAX_UINT16 },
      ]) {
        it(`refuses ${sumOf(shares)} bps`, async () => {
          const { schedule, asAdmin } = await setUp();
          await expect(asAdmin.addFeeSchedule(shares))
            .to.be.revertedWithCustomError(schedule, "EmissionScheduleSharesTooLarge")
            .withArgs(sumOf(shares), MAX_SHARES);
        });
      }

      it("accepts exactly half", async () => {
        const { schedule, asAdmin } = await setUp();
        const half = { orchestrator: 2_000n, treasury: 1_500n, burn: 1_000n, voters: 500n };
        await asAdmin.addFeeSchedule(half);
        expect(listOf((await schedule.termsOf(5n))[0])).to.deep.equal(listOf(half));
      });
    });

    // With f = 5000 bps the two bounds fall on whole basis points: 0.7344 f = 3672, 0.24 f = 1200.
    for (const [when, lawful, [orchestrator, treasury, burn, voters]] of [
      ["nothing is deducted", false, [0n, 0n, 0n, 0n]],
      ["there is an orchestrator and no fee", false, [1_000n, 0n, 0n, 0n]],
      ["all of the fee goes to the voters", false, [0n, 0n, 0n, 100n]],
      ["all of the fee goes to the treasury", false, [0n, 100n, 0n, 0n]],
      ["all of the fee is burned", true, [0n, 0n, 1n, 0n]],
      ["treasury and burn are 0.7344 of the fee", false, [0n, 2_422n, 1_250n, 1_328n]],
      ["treasury and burn are a hair above 0.7344 of the fee", true, [0n, 2_423n, 1_250n, 1_327n]],
      ["the burn is 0.24 of the fee", false, [0n, 3_800n, 1_200n, 0n]],
      ["the burn is a hair above 0.24 of the fee", true, [0n, 3_799n, 1_201n, 0n]],
      ["both are a hair above", true, [0n, 2_472n, 1_201n, 1_327n]],
      ["the burn suffices and treasury and burn do not", false, [0n, 0n, 50n, 50n]],
      ["the treasury's part makes up for no burn", false, [0n, 76n, 24n, 0n]],
      ["Service loses a hundredth of its burn", true, [1_000n, 1_000n, 495n, 500n]],
      ["Service loses a tenth of its burn", false, [1_000n, 1_000n, 450n, 500n]],
      ["Wholesale gives a basis point of its burn to the voters", false, [0n, 24n, 12n, 14n]],
    ] as const) {
      const shares = { orchestrator, treasury, burn, voters };

      describe(`when ${when} (M-25)`, () => {
        it(`is ${lawful ? "within" : "against"} the model's law`, () => {
          expect(obeysLaw(shares)).to.equal(lawful);
        });

        it(lawful ? "accepts" : "refuses with the shares", async () => {
          const { schedule, asAdmin } = await setUp();
          if (lawful) {
            await asAdmin.addFeeSchedule(shares);
            expect(await schedule.count()).to.equal(5n);
          } else {
            await expect(asAdmin.addFeeSchedule(shares))
              .to.be.revertedWithCustomError(schedule, "EmissionScheduleWashTradingLaw")
              .withArgs(listOf(shares));
          }
        });
      });
    }

    describe("when the shares are any", () => {
      const upTo = (max: number) => fc.integer({ min: 0, max }).map(BigInt);
      const anywhere = fc.record({
        orchestrator: upTo(2_000),
        treasury: upTo(2_500),
        burn: upTo(1_500),
        voters: upTo(1_500),
      });
      const small = fc.record({ orchestrator: upTo(9), treasury: upTo(9), burn: upTo(9), voters: upTo(9) });
      const huge = fc.record({
        orchestrator: upTo(65_535),
        treasury: upTo(65_535),
        burn: upTo(65_535),
        voters: upTo(65_535),
      });
      /** Within two basis points of one bound or of both. */
      const near = fc
        .record({ fee: fc.integer({ min: 1, max: 4_990 }), burnBy: upTo(4), goneBy: upTo(4), wide: fc.boolean() })
        .map(({ fee, burnBy, goneBy, wide }) => {
          const f = BigInt(fee);
          const atLeastZero = (amount: bigint) => (amount < 0n ? 0n : amount);
          const burn = atLeastZero((24n * f) / 100n - 2n + burnBy + (wide ? f / 20n : 0n));
          const gone = atLeastZero((7_344n * f) / 10_000n - 2n + goneBy);
          return { orchestrator: 0n, treasury: atLeastZero(gone - burn), burn, voters: atLeastZero(f - gone) };
        });

      it("decides as the model does (M-25)", async () => {
        const { schedule, asAdmin } = await setUp();
        const verdicts = { lawful: 0, unlawful: 0, tooLarge: 0 };

        await fc.assert(
          fc.asyncProperty(fc.oneof(anywhere, small, huge, near, near, near), async (shares) => {
            const verdict = verdictOn(shares);
            ++verdicts[verdict];
            const adding = asAdmin.addFeeSchedule.staticCall(shares);
            if (verdict === "lawful") expect(await adding).to.equal(5n);
            else if (verdict === "unlawful") {
              await expect(adding)
                .to.be.revertedWithCustomError(schedule, "EmissionScheduleWashTradingLaw")
                .withArgs(listOf(shares));
            } else {
              await expect(adding)
                .to.be.revertedWithCustomError(schedule, "EmissionScheduleSharesTooLarge")
                .withArgs(sumOf(shares), MAX_SHARES);
            }
          }),
          { numRuns: 500 },
        );

        for (const [verdict, times] of Object.entries(verdicts)) expect(times, verdict).to.be.greaterThan(20);
      });
    });

    describe("when the shares are lawful", () => {
      it("returns the next id and keeps the shares under it", async () => {
        const { schedule, asAdmin } = await setUp();
        expect(await asAdmin.addFeeSchedule.staticCall(LAWFUL)).to.equal(5n);
        await asAdmin.addFeeSchedule(LAWFUL);
        expect(await schedule.count()).to.equal(5n);
        expect(listOf((await schedule.termsOf(5n))[0])).to.deep.equal(listOf(LAWFUL));
      });

      it("gives the new row the three parameters of now", async () => {
        const { schedule, asAdmin } = await setUp();
        await asAdmin.setIntensity(7n);
        await asAdmin.setSmallestRecorded(2n * OCTO);
        await asAdmin.setWholeStepFee(3n * OCTO);
        await asAdmin.addFeeSchedule(LAWFUL);
        const [, intensity, smallestRecorded, wholeStepFee] = await schedule.termsOf(5n);
        expect([intensity, smallestRecorded, wholeStepFee]).to.deep.equal([7n, 2n * OCTO, 3n * OCTO]);
      });

      it("changes no earlier row (M-03)", async () => {
        const { schedule, asAdmin } = await setUp();
        await asAdmin.addFeeSchedule(LAWFUL);
        await asAdmin.addFeeSchedule({ ...LAWFUL, orchestrator: 0n });
        const added = [LAWFUL, { ...LAWFUL, orchestrator: 0n }];
        expect(await allShares(schedule)).to.deep.equal([...GENESIS_SCHEDULES, ...added].map(listOf));
      });

      it("accepts the same shares again as another row", async () => {
        const { schedule, asAdmin } = await setUp();
        await asAdmin.addFeeSchedule(sharesOf(GENESIS_SCHEDULES[0]!));
        expect(await schedule.count()).to.equal(5n);
      });

      it("emits the id and the shares", async () => {
        const { schedule, asAdmin } = await setUp();
        await expect(asAdmin.addFeeSchedule(LAWFUL)).to.emit(schedule, "FeeScheduleAdded").withArgs(5n, listOf(LAWFUL));
      });
    });
  });

  describe("setIntensity", () => {
    describe("when the caller has no PARAMETER_ACCESS", () => {
      for (const name of NOT_PARAMETER) {
        it(`refuses the ${name}`, async () => {
          const { schedule, actors } = await setUp();
          await expect(schedule.connect(actors[name]).setIntensity(0n))
            .to.be.revertedWithCustomError(schedule, "AccessManagedUnauthorized")
            .withArgs(actors[name].address);
        });
      }
    });

    describe("when the intensity is above 0.12", () => {
      for (const intensity of [MAX_INTENSITY + 1n, 2n ** 64n, MaxUint256]) {
        it(`refuses ${intensity}`, async () => {
          const { schedule, asAdmin } = await setUp();
          await expect(asAdmin.setIntensity(intensity))
            .to.be.revertedWithCustomError(schedule, "EmissionScheduleIntensityTooHigh")
            .withArgs(intensity, MAX_INTENSITY);
        });
      }
    });

    describe("when the intensity is within its bound", () => {
      for (const intensity of [0n, 1n, MAX_INTENSITY]) {
        it(`writes ${intensity} to every row`, async () => {
          const { schedule, asAdmin } = await setUp();
          await asAdmin.addFeeSchedule(LAWFUL);
          await asAdmin.setIntensity(5n);
          await asAdmin.setIntensity(intensity);
          for (let id = 1n; id <= 5n; ++id) expect((await schedule.termsOf(id))[1], `row ${id}`).to.equal(intensity);
        });
      }

      it("reaches the 31st row", async () => {
        const { schedule, asAdmin } = await setUp();
        await fill(asAdmin);
        await asAdmin.setIntensity(5n);
        for (let id = 1n; id <= MAX_SCHEDULES; ++id) expect((await schedule.termsOf(id))[1]).to.equal(5n);
      });

      it("changes nothing else of any row (M-03)", async () => {
        const { schedule, asAdmin } = await setUp();
        await asAdmin.setIntensity(5n);
        expect(await allShares(schedule)).to.deep.equal(GENESIS_SCHEDULES.map(listOf));
        for (let id = 1n; id <= 4n; ++id) expect((await schedule.termsOf(id))[2]).to.equal(GENESIS_SMALLEST);
      });

      it("emits the intensity before and after", async () => {
        const { schedule, asAdmin } = await setUp();
        await expect(asAdmin.setIntensity(5n)).to.emit(schedule, "IntensitySet").withArgs(MAX_INTENSITY, 5n);
        await expect(asAdmin.setIntensity(6n)).to.emit(schedule, "IntensitySet").withArgs(5n, 6n);
      });
    });
  });

  describe("setSmallestRecorded", () => {
    describe("when the caller has no PARAMETER_ACCESS", () => {
      for (const name of NOT_PARAMETER) {
        it(`refuses the ${name}`, async () => {
          const { schedule, actors } = await setUp();
          await expect(schedule.connect(actors[name]).setSmallestRecorded(OCTO))
            .to.be.revertedWithCustomError(schedule, "AccessManagedUnauthorized")
            .withArgs(actors[name].address);
        });
      }
    });

    describe("when the amount is out of bounds", () => {
      for (const amount of [0n, LEAST_RECORDED - 1n, MOST_RECORDED + 1n, 2n ** 96n + OCTO, MaxUint256]) {
        it(`refuses ${amount}`, async () => {
          const { schedule, asAdmin } = await setUp();
          await expect(asAdmin.setSmallestRecorded(amount))
            .to.be.revertedWithCustomError(schedule, "EmissionScheduleSmallestOutOfBounds")
            .withArgs(amount, LEAST_RECORDED, MOST_RECORDED);
        });
      }
    });

    describe("when the amount is within its bounds", () => {
      for (const amount of [LEAST_RECORDED, MOST_RECORDED]) {
        it(`writes ${amount} to every row`, async () => {
          const { schedule, asAdmin } = await setUp();
          await asAdmin.addFeeSchedule(LAWFUL);
          await asAdmin.setSmallestRecorded(amount);
          for (let id = 1n; id <= 5n; ++id) expect((await schedule.termsOf(id))[2], `row ${id}`).to.equal(amount);
        });
      }

      it("reaches the 31st row", async () => {
        const { schedule, asAdmin } = await setUp();
        await fill(asAdmin);
        await asAdmin.setSmallestRecorded(3n * OCTO);
        for (let id = 1n; id <= MAX_SCHEDULES; ++id) expect((await schedule.termsOf(id))[2]).to.equal(3n * OCTO);
      });

      it("changes nothing else of any row (M-03)", async () => {
        const { schedule, asAdmin } = await setUp();
        await asAdmin.setSmallestRecorded(3n * OCTO);
        expect(await allShares(schedule)).to.deep.equal(GENESIS_SCHEDULES.map(listOf));
        for (let id = 1n; id <= 4n; ++id) expect((await schedule.termsOf(id))[1]).to.equal(MAX_INTENSITY);
      });

      it("emits the amount before and after", async () => {
        const { schedule, asAdmin } = await setUp();
        await expect(asAdmin.setSmallestRecorded(3n * OCTO))
          .to.emit(schedule, "SmallestRecordedSet")
          .withArgs(GENESIS_SMALLEST, 3n * OCTO);
        await expect(asAdmin.setSmallestRecorded(4n * OCTO))
          .to.emit(schedule, "SmallestRecordedSet")
          .withArgs(3n * OCTO, 4n * OCTO);
      });
    });
  });

  describe("setWholeStepFee", () => {
    describe("when the caller has no PARAMETER_ACCESS", () => {
      for (const name of NOT_PARAMETER) {
        it(`refuses the ${name}`, async () => {
          const { schedule, actors } = await setUp();
          await expect(schedule.connect(actors[name]).setWholeStepFee(OCTO))
            .to.be.revertedWithCustomError(schedule, "AccessManagedUnauthorized")
            .withArgs(actors[name].address);
        });
      }
    });

    describe("when the amount is out of bounds", () => {
      for (const amount of [0n, LEAST_WHOLE_STEP - 1n, MOST_WHOLE_STEP + 1n, 2n ** 48n * GWEI + OCTO, MaxUint256]) {
        it(`refuses ${amount}`, async () => {
          const { schedule, asAdmin } = await setUp();
          await expect(asAdmin.setWholeStepFee(amount))
            .to.be.revertedWithCustomError(schedule, "EmissionScheduleWholeStepOutOfBounds")
            .withArgs(amount, LEAST_WHOLE_STEP, MOST_WHOLE_STEP);
        });
      }
    });

    describe("when the amount is within its bounds", () => {
      for (const [amount, kept] of [
        [LEAST_WHOLE_STEP, LEAST_WHOLE_STEP],
        [LEAST_WHOLE_STEP + 1n, LEAST_WHOLE_STEP],
        [LEAST_WHOLE_STEP + GWEI, LEAST_WHOLE_STEP + GWEI],
        [MOST_WHOLE_STEP - 1n, MOST_WHOLE_STEP - GWEI],
        [MOST_WHOLE_STEP, MOST_WHOLE_STEP],
      ] as const) {
        it(`writes ${kept} to every row for ${amount}: whole gwei`, async () => {
          const { schedule, asAdmin } = await setUp();
          await asAdmin.addFeeSchedule(LAWFUL);
          await asAdmin.setWholeStepFee(amount);
          for (let id = 1n; id <= 5n; ++id) {
            expect((await schedule.termsOf(id)).wholeStepFee, `row ${id}`).to.equal(kept);
          }
        });
      }

      it("reaches the 31st row", async () => {
        const { schedule, asAdmin } = await setUp();
        await fill(asAdmin);
        await asAdmin.setWholeStepFee(3n * OCTO);
        for (let id = 1n; id <= MAX_SCHEDULES; ++id) {
          expect((await schedule.termsOf(id)).wholeStepFee).to.equal(3n * OCTO);
        }
      });

      it("changes nothing else of any row (M-03)", async () => {
        const { schedule, asAdmin } = await setUp();
        await asAdmin.setWholeStepFee(3n * OCTO);
        expect(await allShares(schedule)).to.deep.equal(GENESIS_SCHEDULES.map(listOf));
        for (let id = 1n; id <= 4n; ++id) {
          const [, intensity, smallestRecorded] = await schedule.termsOf(id);
          expect([intensity, smallestRecorded]).to.deep.equal([MAX_INTENSITY, GENESIS_SMALLEST]);
        }
      });

      it("is left alone by the other two setters", async () => {
        const { schedule, asAdmin } = await setUp();
        await asAdmin.setIntensity(0n);
        await asAdmin.setSmallestRecorded(MOST_RECORDED);
        for (let id = 1n; id <= 4n; ++id) {
          expect((await schedule.termsOf(id)).wholeStepFee).to.equal(GENESIS_WHOLE_STEP);
        }
      });

      it("emits the amount before and after, in whole gwei", async () => {
        const { schedule, asAdmin } = await setUp();
        await expect(asAdmin.setWholeStepFee(3n * OCTO + 1n))
          .to.emit(schedule, "WholeStepFeeSet")
          .withArgs(GENESIS_WHOLE_STEP, 3n * OCTO);
        await expect(asAdmin.setWholeStepFee(4n * OCTO))
          .to.emit(schedule, "WholeStepFeeSet")
          .withArgs(3n * OCTO, 4n * OCTO);
      });
    });
  });

  describe("weights", () => {
    const GENESIS = { A: 3_000n, S: 1_500n, B: 1_000n, O: 1_000n, W: 1_000n, D: 1_500n, M: 500n, N: 500n } as const;

    for (const [letter, weight] of Object.entries(GENESIS)) {
      it(`gives ${letter} ${weight} bps at genesis`, async () => {
        const { schedule } = await setUp();
        expect(await schedule.weightOf(roleId(letter as keyof typeof GENESIS))).to.equal(weight);
      });
    }

    it("are the whole at genesis, so that one must fall before another rises (E-3)", async () => {
      const { schedule, asAdmin } = await setUp();
      await expect(asAdmin.setWeight(roleId("A"), 3_001n))
        .to.be.revertedWithCustomError(schedule, "EmissionScheduleWeightsTooLarge")
        .withArgs(10_001n, 10_000n);
      await asAdmin.setWeight(roleId("B"), 999n);
      await asAdmin.setWeight(roleId("A"), 3_001n);
      expect([await schedule.weightOf(roleId("A")), await schedule.weightOf(roleId("B"))]).to.deep.equal([
        3_001n,
        999n,
      ]);
    });

    it("refuse the largest number there is", async () => {
      const { schedule, asAdmin } = await setUp();
      await expect(asAdmin.setWeight(roleId("N"), MAX_UINT16))
        .to.be.revertedWithCustomError(schedule, "EmissionScheduleWeightsTooLarge")
        .withArgs(9_500n + MAX_UINT16, 10_000n);
    });

    it("may be given to a role made later, and fall to nothing", async () => {
      const { schedule, asAdmin } = await setUp();
      await expect(asAdmin.setWeight(roleId("M"), 0n))
        .to.emit(schedule, "WeightSet")
        .withArgs(roleId("M"), 500n, 0n);
      await expect(asAdmin.setWeight(9n, 500n)).to.emit(schedule, "WeightSet").withArgs(9n, 0n, 500n);
      expect(await schedule.weightOf(9n)).to.equal(500n);
    });

    it("refuse work of no role", async () => {
      const { schedule, asAdmin } = await setUp();
      await expect(asAdmin.setWeight(0n, 0n)).to.be.revertedWithCustomError(schedule, "EmissionScheduleNoRole");
    });

    for (const who of NOT_PARAMETER) {
      it(`refuse the ${who}`, async () => {
        const { schedule, actors } = await setUp();
        await expect(schedule.connect(actors[who]).setWeight(roleId("A"), 1n))
          .to.be.revertedWithCustomError(schedule, "AccessManagedUnauthorized")
          .withArgs(actors[who].address);
      });
    }
  });

  describe("setTargetVolume", () => {
    const [LEAST, MOST] = [10_000n * OCTO, 1_000_000_000n * OCTO];

    it("is 1,000,000 OCTO at genesis", async () => {
      const { schedule } = await setUp();
      expect(await schedule.targetVolume()).to.equal(1_000_000n * OCTO);
    });

    for (const amount of [LEAST, MOST]) {
      it(`takes ${ethers.formatEther(amount)} OCTO`, async () => {
        const { schedule, asAdmin } = await setUp();
        await expect(asAdmin.setTargetVolume(amount))
          .to.emit(schedule, "TargetVolumeSet")
          .withArgs(1_000_000n * OCTO, amount);
        expect(await schedule.targetVolume()).to.equal(amount);
      });
    }

    for (const amount of [0n, 1n, LEAST - 1n, MOST + 1n, 2n ** 128n - 1n]) {
      it(`reverts with EmissionScheduleTargetOutOfBounds for ${amount} wei`, async () => {
        const { schedule, asAdmin } = await setUp();
        await expect(asAdmin.setTargetVolume(amount))
          .to.be.revertedWithCustomError(schedule, "EmissionScheduleTargetOutOfBounds")
          .withArgs(amount, LEAST, MOST);
      });
    }

    for (const who of NOT_PARAMETER) {
      it(`refuses the ${who}`, async () => {
        const { schedule, actors } = await setUp();
        await expect(schedule.connect(actors[who]).setTargetVolume(LEAST))
          .to.be.revertedWithCustomError(schedule, "AccessManagedUnauthorized")
          .withArgs(actors[who].address);
      });
    }
  });

  describe("epochCapOf", () => {
    it("is reckoned with the role's weight and the target", async () => {
      const { schedule, asAdmin } = await setUp();
      await asAdmin.setTargetVolume(2_000_000n * OCTO);
      const inputs = [60n, 1_500_000n * OCTO, 1_200_000n * OCTO] as const;
      expect(await schedule.epochCapOf(roleId("D"), ...inputs)).to.equal(
        epochCapOf(inputs[0], 1_500n, 2_000_000n * OCTO, inputs[1], inputs[2]),
      );
    });
  });
});
