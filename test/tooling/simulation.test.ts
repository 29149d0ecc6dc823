import { expect } from "chai";

import { Failure } from "../../scripts/lib/failure.ts";
import { calendarOf } from "../../scripts/simulation/calendar.ts";
import { Chance } from "../../scripts/simulation/chance.ts";
import { checksOfLeg, requireAll } from "../../scripts/simulation/invariants.ts";
import { readOptions } from "../../scripts/simulation/options.ts";
import { readScenario } from "../../scripts/simulation/scenario.ts";

const ONE = 10n ** 18n;

describe("the simulation", () => {
  describe("options", () => {
    const typed = { seed: "8183", years: "10", out: "out", charts: "", scenario: "" };

    it("count the epochs", () => {
      expect(readOptions(typed)).to.include({ seed: 8183, years: 10, weeks: 520 });
    });

    for (const wrong of [{ seed: "x" }, { seed: "" }, { seed: "-1" }, { seed: "1.5" }, { seed: "2147483648" }]) {
      it(`refuse the seed "${wrong.seed}"`, () => {
        expect(() => readOptions({ ...typed, ...wrong })).to.throw(Failure, `"${wrong.seed}" is no seed.`);
      });
    }

    for (const wrong of [{ years: "many" }, { years: "0.2" }, { years: "-1" }, { years: "51" }]) {
      it(`refuse "${wrong.years}" years`, () => {
        expect(() => readOptions({ ...typed, ...wrong })).to.throw(Failure, "years cannot be simulated.");
      });
    }

    it("name a scenario file that is missing", () => {
      expect(() => readScenario("nowhere.json5")).to.throw(Failure, "There is no scenario file nowhere.json5.");
    });
  });

  describe("calendar", () => {
    const { phases } = readScenario("");

    for (const weeks of [12, 52, 520]) {
      it(`gives each of ${weeks} epochs to one phase, and each phase an epoch`, () => {
        const calendar = calendarOf(phases, weeks);
        expect(calendar.map(({ number }) => number)).to.deep.equal([...Array(weeks).keys()]);
        expect(new Set(calendar.map(({ phase }) => phase))).to.deep.equal(new Set(phases));
        expect(calendar.at(-1)!.left).to.equal(0);
      });
    }
  });

  describe("chance", () => {
    it("is the same for the same seed and another for another", () => {
      const throwsOf = (seed: number) => {
        const chance = new Chance(seed);
        return Array.from({ length: 20 }, () => chance.around(0.2));
      };
      expect(throwsOf(1)).to.deep.equal(throwsOf(1));
      expect(throwsOf(1)).not.to.deep.equal(throwsOf(2));
      expect(throwsOf(1).every((factor) => factor >= 0.8 && factor <= 1.2)).to.equal(true);
    });
  });

  describe("judge", () => {
    const leg = (after: { reserve: bigint; supply: bigint }, before = { reserve: 12n * ONE, supply: 10n * ONE }) =>
      checksOfLeg({ role: "A", what: "sold", account: "", before, after });

    it("lets a swap pass that leaves the coverage", () => {
      requireAll(7, leg({ reserve: 6n * ONE, supply: 5n * ONE }));
    });

    it("names epoch, invariant, actual and allowed of a swap that lowers the coverage by a wei", () => {
      expect(() => requireAll(7, leg({ reserve: 6n * ONE - 1n, supply: 5n * ONE }))).to.throw(
        Failure,
        /^Epoch 7 breaks C-2 \(A: coverage after tokens were sold\): \d+ is not >= \d+\.$/,
      );
    });

    it("lets a swap lower a coverage above 3.0 down to 3.0 and no further", () => {
      const above = { reserve: 40n * ONE, supply: 10n * ONE };
      requireAll(7, leg({ reserve: 60n * ONE, supply: 20n * ONE }, above));
      expect(() => requireAll(7, leg({ reserve: 60n * ONE - 1n, supply: 20n * ONE }, above))).to.throw(Failure);
    });
  });
});
