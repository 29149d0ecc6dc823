import { expect } from "chai";
import type { BaseContract } from "ethers";
import fc from "fast-check";

import type { TypedContractMethod } from "../../typechain-types/common.js";
import { ethers, loadFixture, OCTO } from "../support/fixture.ts";
import {
  askOf,
  bidOf,
  coverageOf,
  MAX_RATE,
  policyAfter,
  SPREAD,
  stepOf,
  surplusOf,
  targetOf,
} from "../support/models/conversion.ts";

type Pure<Arguments extends unknown[]> = TypedContractMethod<Arguments, [bigint], "view">;

type Harness = BaseContract & {
  policyAfter: Pure<[policy: bigint, volumes: bigint[]]>;
  aim: Pure<[volume: bigint, sumOfFour: bigint, highest: bigint]>;
  step: Pure<[policy: bigint, aim: bigint]>;
  coverage: Pure<[reserve: bigint, supply: bigint, up: boolean]>;
  bid: Pure<[policy: bigint, reserve: bigint, supply: bigint]>;
  ask: Pure<[policy: bigint, reserve: bigint, supply: bigint, spread: bigint]>;
  surplus: Pure<[reserve: bigint, supply: bigint]>;
};

const BILLIONTH = 10n ** 9n;
/** More OCTO than there can ever be. */
const MOST = 10n ** 28n;
const SEED = Number(process.env["FUZZ_SEED"] ?? 8183);
const RUNS = { numRuns: 200, seed: SEED };

const rate = (text: string) => ethers.parseEther(text);

async function harness(): Promise<Harness> {
  return (await ethers.deployContract("ConversionHarness")) as unknown as Harness;
}

/** The latest first: a finished epoch, the four before it, and eight more. */
const volumesOf = (...latest: bigint[]) => [...latest, ...Array<bigint>(13 - latest.length).fill(latest.at(-1)!)];

describe("Conversion", () => {
  describe("target", () => {
    for (const [what, volume, sumOfFour, highest, expected] of [
      ["steady at the highest: only scarce", 100n, 400n, 100n, "1.428571428571428571"],
      ["at 70 % of the highest, and as the mean: one", 70n, 280n, 100n, "1.0"],
      ["twice the mean and the highest: the most there is", 200n, 400n, 200n, "2.857142857142857142"],
      ["ten times the mean: demand counts two", 1_000n, 400n, 1_000n, "2.857142857142857142"],
      ["half the mean, half the aimed use: a quarter", 35n, 280n, 100n, "0.25"],
      ["next to nothing: a quarter", 1n, 4_000_000n, 4_000_000n, "0.25"],
      ["35 % of the highest: scarcity one half", 35n, 140n, 100n, "0.5"],
      ["a third of the mean at 70 %: demand one half", 70n, 840n, 100n, "0.5"],
      ["1 wei in each epoch", 1n, 4n, 1n, "1.428571428571428571"],
    ] as const) {
      it(`${what} (${expected})`, async () => {
        const library = await loadFixture(harness);
        for (const unit of [1n, OCTO]) {
          expect(await library.aim(volume * unit, sumOfFour * unit, highest * unit)).to.equal(rate(expected));
        }
      });
    }

    it("holds for the largest volumes the vault can keep", async () => {
      const library = await loadFixture(harness);
      const most = (2n ** 64n - 1n) * BILLIONTH;
      expect(await library.aim(most, 4n * most, most)).to.equal(rate("1.428571428571428571"));
    });
  });

  describe("step", () => {
    for (const [policy, aim, expected] of [
      ["1.0", "1.0", "1.0"],
      ["1.0", "1.1", "1.1"],
      ["1.0", "1.100000001", "1.1"],
      ["1.0", "1.099999999", "1.099999999"],
      ["1.0", "3.0", "1.1"],
      ["1.0", "0.9", "0.9"],
      ["1.0", "0.25", "0.9"],
      ["1.0", "0.900000001", "0.900000001"],
      ["1.0", "1.0000000019", "1.000000001"],
      ["0.25", "0.25", "0.25"],
      ["0.26", "0.25", "0.25"],
      ["0.25", "3.0", "0.275"],
      ["2.9", "3.0", "3.0"],
      ["3.0", "0.25", "2.7"],
      ["1.234567891", "0.25", "1.111111102"],
      ["1.234567891", "3.0", "1.35802468"],
    ] as const) {
      it(`from ${policy} towards ${aim} is ${expected}`, async () => {
        const library = await loadFixture(harness);
        expect(await library.step(rate(policy), rate(aim))).to.equal(rate(expected));
      });
    }

    it("never moves by more than a tenth, nor past the aim, and stays in whole billionths", async () => {
      const library = await loadFixture(harness);
      await fc.assert(
        fc.asyncProperty(
          fc.bigInt(250_000_000n, 3_000_000_000n),
          fc.bigInt(rate("0.25"), MAX_RATE),
          async (units, aim) => {
            const policy = units * BILLIONTH;
            const next = await library.step(policy, aim);
            expect(next).to.equal(stepOf(policy, aim));
            expect(next % BILLIONTH).to.equal(0n);
            const moved = next > policy ? next - policy : policy - next;
            expect(moved * 10n <= policy).to.equal(true);
            expect(next >= rate("0.25") && next <= MAX_RATE).to.equal(true);
          },
        ),
        RUNS,
      );
    });
  });

  describe("policyAfter", () => {
    it("moves towards one after an epoch without volume", async () => {
      const library = await loadFixture(harness);
      const volumes = volumesOf(0n, 5n, 5n, 5n, 5n);
      expect(await library.policyAfter(rate("2.0"), volumes)).to.equal(rate("1.8"));
      expect(await library.policyAfter(rate("0.5"), volumes)).to.equal(rate("0.55"));
      expect(await library.policyAfter(rate("1.05"), volumes)).to.equal(rate("1.0"));
      expect(await library.policyAfter(rate("0.95"), volumes)).to.equal(rate("1.0"));
    });

    for (const place of [1, 2, 3, 4]) {
      it(`moves towards one if the epoch ${place} before the finished one was empty`, async () => {
        const library = await loadFixture(harness);
        const volumes = volumesOf(5n).map((volume, i) => (i === place ? 0n : volume));
        expect(await library.policyAfter(rate("2.0"), volumes)).to.equal(rate("1.8"));
      });
    }

    for (const place of [5, 12]) {
      it(`does not mind an empty epoch ${place} before the finished one`, async () => {
        const library = await loadFixture(harness);
        const volumes = volumesOf(5n).map((volume, i) => (i === place ? 0n : volume));
        expect(await library.policyAfter(rate("1.0"), volumes)).to.equal(rate("1.1"));
      });
    }

    it("takes the highest of 13 epochs and not of 14", async () => {
      const library = await loadFixture(harness);
      // Two steps; at the second the high volume is the 14th.
      const volumes = [...Array<bigint>(13).fill(10n * OCTO), 1_000n * OCTO];
      expect(targetOf(volumes.slice(1))).to.equal(rate("0.5"));
      expect(await library.policyAfter(rate("1.0"), volumes)).to.equal(rate("0.99"));
      expect(await library.policyAfter(rate("1.0"), volumes.slice(1))).to.equal(rate("0.9"));
    });

    it("is the same step by step as at once, and as the model has it", async () => {
      const library = await loadFixture(harness);
      const volume = fc.oneof(fc.constant(0n), fc.bigInt(1n, 10n), fc.bigInt(1n, MOST));
      await fc.assert(
        fc.asyncProperty(
          fc.integer({ min: 1, max: 26 }),
          fc.array(volume, { minLength: 38, maxLength: 38 }),
          fc.bigInt(250_000_000n, 3_000_000_000n),
          async (steps, all, units) => {
            const volumes = all.slice(0, steps + 12);
            const atOnce = await library.policyAfter(units * BILLIONTH, volumes);
            let policy = units * BILLIONTH;
            for (let missed = steps; missed > 0; missed--) {
              policy = await library.policyAfter(policy, volumes.slice(missed - 1, missed + 12));
            }
            expect(atOnce).to.equal(policy);
            expect(atOnce).to.equal(policyAfter(units * BILLIONTH, volumes, steps));
          },
        ),
        { ...RUNS, numRuns: 60 },
      );
    });
  });

  describe("coverage", () => {
    for (const [reserve, supply, down, up] of [
      [0n, 0n, OCTO, OCTO],
      [5n * OCTO, 0n, OCTO, OCTO],
      [1n, 1n, OCTO, OCTO],
      [10n, 3n, 3_333_333_333_333_333_333n, 3_333_333_333_333_333_334n],
      [MOST, 1n, MOST * OCTO, MOST * OCTO],
      [MOST, MOST - 1n, OCTO, OCTO + 1n],
    ] as const) {
      it(`of ${reserve} for ${supply} is ${down}, or ${up} rounded up`, async () => {
        const library = await loadFixture(harness);
        expect(await library.coverage(reserve, supply, false)).to.equal(down);
        expect(await library.coverage(reserve, supply, true)).to.equal(up);
      });
    }
  });

  describe("bid and ask", () => {
    for (const [policy, reserve, supply, bid, ask] of [
      ["1.0", 0n, 0n, "1.0", "1.02"],
      ["1.0", 100n, 100n, "1.0", "1.02"],
      ["1.0", 150n, 100n, "1.0", "1.53"],
      ["2.0", 150n, 100n, "1.5", "2.04"],
      ["0.25", 150n, 100n, "0.25", "1.53"],
      ["1.0", 300n, 100n, "1.0", "3.06"],
      ["1.0", 301n, 100n, "1.0", "3.06"],
      ["3.0", 1_000n, 100n, "3.0", "3.06"],
      ["3.0", 100n, 100n, "1.0", "3.06"],
    ] as const) {
      it(`at a policy of ${policy} and ${reserve} for ${supply} are ${bid} and ${ask}`, async () => {
        const library = await loadFixture(harness);
        expect(await library.bid(rate(policy), reserve * OCTO, supply * OCTO)).to.equal(rate(bid));
        expect(await library.ask(rate(policy), reserve * OCTO, supply * OCTO, SPREAD)).to.equal(rate(ask));
      });
    }

    it("follow the spread, rounded up", async () => {
      const library = await loadFixture(harness);
      expect(await library.ask(rate("1.0"), 0n, 0n, 50n)).to.equal(rate("1.005"));
      expect(await library.ask(rate("1.000000001"), 0n, 0n, 50n)).to.equal(rate("1.005000001005"));
      expect(await library.ask(rate("1.0"), 10n, 3n, 50n)).to.equal(rate("3.015"));
      expect(await library.ask(rate("1.0"), 4n, 3n, 50n)).to.equal(rate("1.340000000000000001"));
    });

    it("leave a gap of at least the spread, and no way to lower the coverage (C-2)", async () => {
      const library = await loadFixture(harness);
      await fc.assert(
        fc.asyncProperty(
          fc.bigInt(250_000_000n, 3_000_000_000n),
          fc.bigInt(1n, MOST),
          fc.bigInt(0n, 4n * MOST),
          fc.bigInt(0n, MOST),
          async (units, supply, more, amount) => {
            const [policy, reserve] = [units * BILLIONTH, supply + more];
            const [bid, ask] = [
              await library.bid(policy, reserve, supply),
              await library.ask(policy, reserve, supply, SPREAD),
            ];
            expect(bid).to.equal(bidOf(policy, reserve, supply));
            expect(ask).to.equal(askOf(policy, reserve, supply));
            expect(ask * 100n >= bid * 102n).to.equal(true);

            const sold = amount > supply ? supply : amount;
            const out = (sold * bid) / OCTO;
            expect((reserve - out) * supply >= reserve * (supply - sold), "a sale").to.equal(true);

            const [after, minted] = [reserve + amount, supply + (amount * OCTO) / ask];
            const kept = after * supply >= reserve * minted;
            const aboveMost = coverageOf(reserve, supply) >= MAX_RATE && after >= 3n * minted;
            expect(kept || aboveMost, "a purchase").to.equal(true);
          },
        ),
        RUNS,
      );
    });
  });

  describe("surplus", () => {
    for (const [reserve, supply] of [
      [0n, 0n],
      [7n, 0n],
      [3n, 1n],
      [4n, 1n],
      [2n, 1n],
      [MOST, 1n],
    ] as const) {
      it(`of ${reserve} for ${supply} is what lies above three times as much`, async () => {
        const library = await loadFixture(harness);
        expect(await library.surplus(reserve, supply)).to.equal(surplusOf(reserve, supply));
      });
    }
  });
});
