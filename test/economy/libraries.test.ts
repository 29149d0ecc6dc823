import { expect } from "chai";
import type { BaseContract } from "ethers";
import fc from "fast-check";

import type { TypedContractMethod } from "../../typechain-types/common.js";
import { ethers, OCTO } from "../support/fixture.ts";
import { epochCapOf, mintedFor, multiplierAt } from "../support/models/emission.ts";
import { GENESIS_SCHEDULES, type Shares, sharesOf, WHOLE } from "../support/models/feeSchedule.ts";
import { type Split, splitOf } from "../support/models/feeSplit.ts";
import { budgetOpenedAt, MONTH, WHOLE_BUDGET } from "../support/models/mintBudget.ts";

type View<Arguments extends unknown[], Result> = TypedContractMethod<Arguments, [Result], "view">;

type LibraryHarness = BaseContract & {
  split: View<[amount: bigint, schedule: Shares, orchestrated: boolean], [parts: Split, fee: bigint]>;
  epochCap: View<[epoch: bigint, weight: bigint, target: bigint, volume: bigint, previousVolume: bigint], bigint>;
  minted: View<[fee: bigint, intensity: bigint, score: bigint, budget: bigint], bigint>;
  multiplier: View<[score: bigint], bigint>;
  orchestratorShare: View<[amount: bigint], bigint>;
  opened: View<[elapsed: bigint], bigint>;
};

const POINT = 100_000n;
/** More than the cap of 1e28 wei: what 94 bits hold. */
const MAX_AMOUNT = 2n ** 94n;
const MAX_INTENSITY = 12n * 10n ** 16n;
const AMOUNTS = [0n, 1n, 19n, 20n, 9_999n, OCTO, MAX_AMOUNT];
const LEGS = ["orchestrator", "treasury", "burn", "voters"] as const;

describe("the economy's libraries", () => {
  let harness: LibraryHarness;

  before(async () => {
    harness = (await ethers.deployContract("LibraryHarness")) as unknown as LibraryHarness;
  });

  describe("FeeSplit", () => {
    async function split(amount: bigint, shares: Shares, orchestrated: boolean) {
      const [{ provider, orchestrator, treasury, burn, voters }, fee] = await harness.split(
        amount,
        sharesOf(shares),
        orchestrated,
      );
      return { parts: { provider, orchestrator, treasury, burn, voters }, fee };
    }

    /** What must hold whatever the model says. */
    function expectLawful(amount: bigint, shares: Shares, orchestrated: boolean, parts: Split): void {
      const { provider, orchestrator, treasury, burn, voters } = parts;
      expect(provider + orchestrator + treasury + burn + voters, "the sum").to.equal(amount);
      for (const leg of LEGS) {
        const exact = amount * (leg === "orchestrator" && !orchestrated ? 0n : shares[leg]);
        const floored = parts[leg] * WHOLE <= exact && exact < (parts[leg] + 1n) * WHOLE;
        expect(floored, `${leg} is its share rounded down`).to.equal(true);
      }
    }

    for (const { name, provider: providerShare, ...shares } of GENESIS_SCHEDULES) {
      for (const orchestrated of [true, false]) {
        describe(`when ${name} splits ${orchestrated ? "with" : "without"} an orchestrator`, () => {
          for (const amount of AMOUNTS) {
            it(`shares out ${amount} wei to the wei (I-14, M-08, M-23)`, async () => {
              const { parts, fee } = await split(amount, shares, orchestrated);
              expectLawful(amount, shares, orchestrated, parts);
              expect(parts).to.deep.equal(splitOf(amount, shares, orchestrated));
              expect(fee).to.equal(parts.treasury + parts.burn + parts.voters);
            });
          }

          it("gives the provider what the table says of a round amount", async () => {
            const { parts } = await split(WHOLE, shares, orchestrated);
            expect(parts.provider).to.equal(providerShare + (orchestrated ? 0n : shares.orchestrator));
          });
        });
      }
    }

    it("agrees with the model on any amount and any shares (I-14)", async () => {
      const amounts = fc.oneof(fc.bigInt(0n, 20_000n), fc.bigInt(0n, MAX_AMOUNT), fc.bigInt(0n, 2n ** 240n - 1n));
      const shares = fc
        .tuple(...LEGS.map(() => fc.bigInt(0n, 2_500n)))
        .map(([orchestrator, treasury, burn, voters]) => ({
          orchestrator: orchestrator!,
          treasury: treasury!,
          burn: burn!,
          voters: voters!,
        }));
      await fc.assert(
        fc.asyncProperty(amounts, shares, fc.boolean(), async (amount, drawn, orchestrated) => {
          const { parts } = await split(amount, drawn, orchestrated);
          expectLawful(amount, drawn, orchestrated, parts);
          expect(parts).to.deep.equal(splitOf(amount, drawn, orchestrated));
        }),
        { numRuns: 300 },
      );
    });

    it("saves at most a wei a leg to who cuts an amount in two (M-08)", async () => {
      const amounts = fc.oneof(fc.bigInt(0n, 20_000n), fc.bigInt(0n, MAX_AMOUNT));
      const service = sharesOf(GENESIS_SCHEDULES[0]!);
      await fc.assert(
        fc.asyncProperty(amounts, amounts, async (one, other) => {
          const [both, first, second] = await Promise.all([
            split(one + other, service, true),
            split(one, service, true),
            split(other, service, true),
          ]);
          const saved = both.fee - first.fee - second.fee;
          expect(0n <= saved && saved <= 3n, `${saved} wei saved`).to.equal(true);
        }),
        { numRuns: 100 },
      );
    });
  });

  describe("Emission", () => {
    describe("multiplier", () => {
      for (const [score, expected] of [
        [0n, OCTO / 2n],
        [20n * POINT - 1n, OCTO / 2n],
        [20n * POINT, OCTO / 2n],
        [20n * POINT + 1n, 500_000_187_500_000_000n],
        [40n * POINT, 875n * 10n ** 15n],
        [60n * POINT, (125n * OCTO) / 100n],
        [100n * POINT - 1n, 1_999_999_812_500_000_000n],
        [100n * POINT, 2n * OCTO],
        [100n * POINT + 1n, 2n * OCTO],
        [2n ** 24n, 2n * OCTO],
        [ethers.MaxUint256, 2n * OCTO],
      ] as const) {
        it(`is ${expected} at a score of ${score}`, async () => {
          expect(await harness.multiplier(score)).to.equal(expected);
        });
      }

      it("agrees with the model at any score", async () => {
        await fc.assert(
          fc.asyncProperty(fc.bigInt(0n, 120n * POINT), async (score) => {
            expect(await harness.multiplier(score)).to.equal(multiplierAt(score));
          }),
          { numRuns: 200 },
        );
      });
    });

    describe("minted", () => {
      for (const [what, fee, intensity, score, expected] of [
        ["nothing for no fee", 0n, MAX_INTENSITY, 100n * POINT, 0n],
        ["nothing at no intensity", OCTO, 0n, 100n * POINT, 0n],
        ["nothing for 8 wei, rounded down", 8n, MAX_INTENSITY, 100n * POINT, 0n],
        ["2 wei for 9 wei at the best score", 9n, MAX_INTENSITY, 100n * POINT, 2n],
        ["nothing for 9 wei at the start", 9n, MAX_INTENSITY, 0n, 0n],
        ["0.06 a fee of 1 at the start", OCTO, MAX_INTENSITY, 20n * POINT, (6n * OCTO) / 100n],
        ["0.15 a fee of 1 at a score of 60", OCTO, MAX_INTENSITY, 60n * POINT, (15n * OCTO) / 100n],
        ["0.24 a fee of 1 at the best score", OCTO, MAX_INTENSITY, 100n * POINT, (24n * OCTO) / 100n],
        ["0.24 of the largest fee", MAX_AMOUNT, MAX_INTENSITY, 100n * POINT, 2n * ((12n * MAX_AMOUNT) / 100n)],
      ] as const) {
        it(`is ${what}`, async () => {
          expect(await harness.minted(fee, intensity, score, MAX_AMOUNT)).to.equal(expected);
        });
      }

      for (const [when, budget, expected] of [
        ["nothing without a budget", 0n, 0n],
        ["one wei of a budget of one", 1n, 1n],
        ["the budget if it is a wei short", (24n * OCTO) / 100n - 1n, (24n * OCTO) / 100n - 1n],
        ["all of it if the budget just suffices", (24n * OCTO) / 100n, (24n * OCTO) / 100n],
        ["no more if the budget has a wei more", (24n * OCTO) / 100n + 1n, (24n * OCTO) / 100n],
      ] as const) {
        it(`is ${when}`, async () => {
          expect(await harness.minted(OCTO, MAX_INTENSITY, 100n * POINT, budget)).to.equal(expected);
        });
      }

      const inputs = [
        fc.bigInt(0n, MAX_AMOUNT),
        fc.bigInt(0n, MAX_INTENSITY),
        fc.bigInt(0n, 110n * POINT),
        fc.oneof(fc.constant(MAX_AMOUNT), fc.bigInt(0n, MAX_AMOUNT / 8n)),
      ] as const;

      it("agrees with the model on any figures", async () => {
        await fc.assert(
          fc.asyncProperty(...inputs, async (fee, intensity, score, budget) => {
            expect(await harness.minted(fee, intensity, score, budget)).to.equal(
              mintedFor(fee, intensity, score, budget),
            );
          }),
          { numRuns: 200 },
        );
      });

      it("never passes 0.24 of the fee nor the budget (M-25)", async () => {
        await fc.assert(
          fc.asyncProperty(...inputs, async (fee, intensity, score, budget) => {
            const minted = await harness.minted(fee, intensity, score, budget);
            expect(100n * minted <= 24n * fee && minted <= budget).to.equal(true);
          }),
          { numRuns: 200 },
        );
      });
    });

    describe("ORCHESTRATOR_SHARE", () => {
      for (const [amount, expected] of [
        [0n, 0n],
        [4n, 0n],
        [5n, 1n],
        [9n, 1n],
        [OCTO, OCTO / 5n],
      ] as const) {
        it(`gives the orchestrator ${expected} of ${amount} minted`, async () => {
          expect(await harness.orchestratorShare(amount)).to.equal(expected);
        });
      }
    });
  });

  describe("EpochCap", () => {
    const [TARGET, MILLION] = [1_000_000n * OCTO, 1_000_000n * OCTO];
    const YEAR = 52n;
    /** A year's base of 100 M, 30 % of it, a week of it, at a utilisation and a growth of 1. */
    const WEEK_OF_A = (100n * MILLION * 3_000n) / (52n * 10_000n);

    for (const [what, epoch, volume, previousVolume, expected] of [
      ["a quarter in the first epoch, before anything was settled", 0n, 0n, 0n, WEEK_OF_A / 4n],
      ["a quarter of it up to a quarter of the target", 2n, TARGET / 4n, TARGET / 4n, WEEK_OF_A / 4n],
      ["the whole at the target, without growth", 2n, TARGET, TARGET, WEEK_OF_A],
      [
        "half as much again at one and a half times the target",
        2n,
        (3n * TARGET) / 2n,
        (3n * TARGET) / 2n,
        (3n * WEEK_OF_A) / 2n,
      ],
      ["no more beyond that", 2n, 10n * TARGET, 10n * TARGET, (3n * WEEK_OF_A) / 2n],
      ["half as much again when the volume grew by a half", 2n, TARGET, (2n * TARGET) / 3n + 1n, (3n * WEEK_OF_A) / 2n],
      ["no more when it grew tenfold", 2n, TARGET, TARGET / 10n, (3n * WEEK_OF_A) / 2n],
      ["half when the volume halved", 2n, TARGET, 2n * TARGET, WEEK_OF_A / 2n],
      ["no less when it fell to a tenth", 2n, TARGET, 10n * TARGET, WEEK_OF_A / 2n],
      ["an eighth after an epoch without work", 2n, 0n, TARGET, WEEK_OF_A / 8n],
      ["the whole if the epoch before the last was empty", 2n, TARGET, 0n, WEEK_OF_A],
      ["the first base in the last epoch of year 4 (A-94)", 4n * YEAR - 1n, TARGET, TARGET, WEEK_OF_A],
      ["half of it from year 5 on (A-94)", 4n * YEAR, TARGET, TARGET, WEEK_OF_A / 2n],
      ["a tenth from year 9 on (A-94)", 8n * YEAR, TARGET, TARGET, WEEK_OF_A / 10n],
      ["a twentieth from year 13 on (A-94)", 12n * YEAR, TARGET, TARGET, WEEK_OF_A / 20n],
      ["a twentieth for ever", 1_000n * YEAR, TARGET, TARGET, WEEK_OF_A / 20n],
    ] as const) {
      it(`is ${what}`, async () => {
        const cap = await harness.epochCap(epoch, 3_000n, TARGET, volume, previousVolume);
        expect(cap - expected).to.be.within(-MILLION / 10n ** 12n, MILLION / 10n ** 12n);
        expect(cap).to.equal(epochCapOf(epoch, 3_000n, TARGET, volume, previousVolume));
      });
    }

    it("is nothing for a role without weight", async () => {
      expect(await harness.epochCap(2n, 0n, TARGET, TARGET, TARGET)).to.equal(0n);
    });

    it("agrees with the model on any figures", async () => {
      const volumes = fc.bigInt(0n, 2n ** 96n);
      await fc.assert(
        fc.asyncProperty(
          fc.bigInt(0n, 1_000n),
          fc.bigInt(0n, 10_000n),
          fc.bigInt(10_000n * OCTO, 10n ** 9n * OCTO),
          volumes,
          volumes,
          async (...inputs) => {
            expect(await harness.epochCap(...inputs)).to.equal(epochCapOf(...inputs));
          },
        ),
        { numRuns: 200 },
      );
    });

    it("adds up to at most 1.44 B role tokens in twelve years, whatever the volumes (A-109)", () => {
      let sum = 0n;
      for (let epoch = 0n; epoch < 12n * YEAR; ++epoch) sum += epochCapOf(epoch, 10_000n, TARGET, 2n * TARGET, TARGET);
      expect(sum).to.be.at.most(1_440n * MILLION);
    });
  });

  describe("MintBudget", () => {
    const KINKS = [0n, 12n * MONTH, 36n * MONTH, 60n * MONTH];

    for (const kink of KINKS) {
      for (const offset of [-1n, 0n, 1n]) {
        const elapsed = kink + offset;
        if (elapsed < 0n) continue;
        it(`opens what the model says ${elapsed} seconds after genesis`, async () => {
          expect(await harness.opened(elapsed)).to.equal(budgetOpenedAt(elapsed));
        });
      }
    }

    it("agrees with the model at any moment", async () => {
      await fc.assert(
        fc.asyncProperty(fc.bigInt(0n, 70n * MONTH), async (elapsed) => {
          expect(await harness.opened(elapsed)).to.equal(budgetOpenedAt(elapsed));
        }),
        { numRuns: 200 },
      );
    });

    it("never falls and never passes half of the cap (I-16)", async () => {
      await fc.assert(
        fc.asyncProperty(fc.bigInt(0n, 70n * MONTH), fc.bigInt(0n, 2n ** 40n), async (elapsed, later) => {
          const [before, after] = await Promise.all([harness.opened(elapsed), harness.opened(elapsed + later)]);
          expect(before <= after && after <= WHOLE_BUDGET).to.equal(true);
        }),
        { numRuns: 100 },
      );
    });
  });
});
