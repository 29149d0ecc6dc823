import { expect } from "chai";
import type { BaseContract } from "ethers";
import fc from "fast-check";

import { VESTED, type VestingTerms, wholeOf } from "../../deploy/genesis.ts";
import type { TypedContractMethod } from "../../typechain-types/common.js";
import { ethers } from "../support/fixture.ts";
import { MONTH } from "../support/models/mintBudget.ts";
import { END_OF, LOCK_OF, VESTED_AT } from "../support/models/vesting.ts";

type View = TypedContractMethod<[terms: VestingTerms, elapsed: bigint], [bigint], "view">;

type LibraryHarness = BaseContract & {
  vested: View;
  free: View;
  nextStep: View;
  nextFree: View;
  span: TypedContractMethod<[terms: VestingTerms], [bigint], "view">;
};

const NAMES = Object.keys(VESTED) as (keyof typeof VESTED)[];
const CENTURY = 100n * 365n * 86_400n;

/** Prints its seed when it fails; SEED tries the same inputs again. */
const SEED = process.env["SEED"];
const RUNS = { numRuns: 200, ...(SEED === undefined ? {} : { seed: Number(SEED) }) };

/** Any terms that a wallet accepts, and many that no allocation has. */
const anyTerms: fc.Arbitrary<VestingTerms> = fc.record({
  initial: fc.bigInt(0n, 2n ** 128n - 1n),
  later: fc.bigInt(1n, 2n ** 128n - 1n),
  firstStepAfter: fc.bigInt(0n, CENTURY),
  stepLength: fc.bigInt(1n, CENTURY),
  steps: fc.oneof(fc.bigInt(1n, 40n), fc.bigInt(1n, 2n ** 64n - 1n)),
  lock: fc.oneof(fc.constant(0n), fc.bigInt(0n, CENTURY)),
});

describe("VestingSchedule", () => {
  let harness: LibraryHarness;

  before(async () => {
    harness = (await ethers.deployContract("LibraryHarness")) as unknown as LibraryHarness;
  });

  for (const name of NAMES) {
    describe(`with the terms of the ${name} allocation`, () => {
      const terms = VESTED[name];

      it("vests and frees what the model says at any moment", async () => {
        await fc.assert(
          fc.asyncProperty(fc.bigInt(0n, END_OF[name] + MONTH), async (elapsed) => {
            const free = elapsed < LOCK_OF[name] ? terms.initial : VESTED_AT[name](elapsed - LOCK_OF[name]);
            expect(await harness.vested(terms, elapsed)).to.equal(VESTED_AT[name](elapsed));
            expect(await harness.free(terms, elapsed)).to.equal(free);
          }),
          RUNS,
        );
      });

      it("vests and frees what the model says around every month", async () => {
        for (let month = 0n; month * MONTH <= END_OF[name] + MONTH; ++month) {
          for (const elapsed of [month * MONTH - 1n, month * MONTH, month * MONTH + 1n]) {
            if (elapsed < 0n) continue;
            const free = elapsed < LOCK_OF[name] ? terms.initial : VESTED_AT[name](elapsed - LOCK_OF[name]);
            expect(await harness.vested(terms, elapsed), `vested after ${elapsed} s`).to.equal(
              VESTED_AT[name](elapsed),
            );
            expect(await harness.free(terms, elapsed), `free after ${elapsed} s`).to.equal(free);
          }
        }
      });

      it("ends when the model does", async () => {
        expect(await harness.span(terms)).to.equal(END_OF[name]);
      });

      it("frees a part at the moment that was announced, and nothing a second before", async () => {
        let announced = await harness.nextFree(terms, 0n);
        for (let part = 0; announced !== 0n && part < 40; ++part) {
          const before = await harness.free(terms, announced - 1n);
          expect(await harness.free(terms, announced)).to.be.greaterThan(before);
          announced = await harness.nextFree(terms, announced);
        }
        expect(await harness.nextFree(terms, END_OF[name] - 1n)).to.equal(END_OF[name]);
        expect(await harness.nextFree(terms, END_OF[name])).to.equal(0n);
      });
    });
  }

  describe("with any terms", () => {
    it("never falls and never passes the whole (I-16)", async () => {
      await fc.assert(
        fc.asyncProperty(
          anyTerms,
          fc.bigInt(0n, 2n * CENTURY),
          fc.bigInt(0n, 2n * CENTURY),
          async (terms, at, more) => {
            for (const view of [harness.vested, harness.free]) {
              const [before, after] = [await view(terms, at), await view(terms, at + more)];
              expect(terms.initial <= before && before <= after && after <= wholeOf(terms)).to.equal(true);
            }
          },
        ),
        RUNS,
      );
    });

    it("frees no more than has vested, and the whole exactly at the end", async () => {
      await fc.assert(
        fc.asyncProperty(anyTerms, fc.bigInt(0n, 2n * CENTURY), async (terms, at) => {
          const end = await harness.span(terms);
          expect((await harness.free(terms, at)) <= (await harness.vested(terms, at))).to.equal(true);
          expect(await harness.free(terms, end)).to.equal(wholeOf(terms));
          expect(await harness.vested(terms, end - terms.lock)).to.equal(wholeOf(terms));
          if (end > terms.lock && terms.later >= terms.steps) {
            expect(await harness.free(terms, end - 1n)).to.be.lessThan(wholeOf(terms));
          }
        }),
        RUNS,
      );
    });

    it("announces the next step until there is none, always later than now", async () => {
      await fc.assert(
        fc.asyncProperty(anyTerms, fc.bigInt(0n, 2n * CENTURY), async (terms, at) => {
          const [step, free] = [await harness.nextStep(terms, at), await harness.nextFree(terms, at)];
          if (step !== 0n) expect(step).to.be.greaterThan(at);
          if (free !== 0n) expect(free).to.be.greaterThan(at);
          expect(step === 0n).to.equal(at + terms.lock >= (await harness.span(terms)));
          expect(free === 0n).to.equal(at >= (await harness.span(terms)));
        }),
        RUNS,
      );
    });

    it("keeps a part locked from its step on, also when the step is genesis itself", async () => {
      const terms = { initial: 5n, later: 10n, firstStepAfter: 0n, stepLength: 1n, steps: 1n, lock: 7n };
      expect(await harness.vested(terms, 0n)).to.equal(15n);
      expect([await harness.free(terms, 6n), await harness.free(terms, 7n)]).to.deep.equal([5n, 15n]);
      expect([await harness.nextFree(terms, 6n), await harness.nextFree(terms, 7n)]).to.deep.equal([7n, 0n]);
    });
  });
});
