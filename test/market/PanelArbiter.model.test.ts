import { expect } from "chai";
import fc from "fast-check";

import { CASE_STATUS, appealed, rulingOf, sitting } from "../support/arbitration.ts";
import { loadFixture } from "../support/fixture.ts";
import { appealVerdict, type Ballot, panelVerdict, SEVERITIES, SHARES, type Verdict } from "../support/models/tally.ts";

const DEEP = process.env["DEEP"] !== undefined;

const ballot: fc.Arbitrary<Ballot> = fc.record({
  share: fc.constantFrom(...SHARES),
  offence: fc.option(fc.constantFrom(...SEVERITIES), { nil: undefined }),
});

/** Ballots of which many agree, so that most rounds are near a majority. */
const ballots = (most: number) =>
  fc
    .tuple(ballot, ballot, fc.array(fc.oneof(ballot, fc.constant("first"), fc.constant("second")), { maxLength: most }))
    .map(([first, second, cast]) => cast.map((one) => (one === "first" ? first : one === "second" ? second : one)))
    .map((cast) => cast as Ballot[]);

const runs = { numRuns: DEEP ? 500 : 40 };

describe("PanelArbiter", () => {
  describe("the tally", () => {
    it("of a panel is what the model says (A-69)", async () => {
      await fc.assert(
        fc.asyncProperty(ballots(7), async (cast) => {
          const { arbiter, panel, court: bench } = await loadFixture(sitting);
          await bench.votes(panel, cast);
          await bench.waitForDeadline();
          await bench.close();

          const expected = panelVerdict(cast);
          const { status } = await arbiter.caseOf(1n);
          expect(status).to.equal(expected === undefined ? CASE_STATUS.Drawing : CASE_STATUS.Ruled);
          expect(await bench.rulings()).to.deep.equal(expected === undefined ? [] : [rulingOf(expected)]);
          for (const [index, { address }] of panel.entries()) {
            expect([...(await arbiter.votesOf(1n, false, address))]).to.deep.equal(votesOf(expected, cast[index]));
          }
        }),
        runs,
      );
    }).timeout(600_000);

    it("of an appeal is what the model says (A-69)", async () => {
      await fc.assert(
        fc.asyncProperty(ballots(15), async (cast) => {
          const { arbiter, arbiters, court: bench } = await loadFixture(appealed);
          await bench.votes(arbiters, cast);
          await bench.waitForDeadline();
          await bench.close();

          const expected = appealVerdict(cast, arbiters.length);
          const [, ruling] = await bench.rulings();
          expect(ruling).to.deep.equal(rulingOf(expected ?? { share: 100n }));
          for (const [index, { address }] of arbiters.entries()) {
            expect([...(await arbiter.votesOf(1n, true, address))]).to.deep.equal(votesOf(expected, cast[index]));
          }
        }),
        runs,
      );
    }).timeout(600_000);
  });
});

function votesOf(verdict: Verdict | undefined, cast: Ballot | undefined): [withMajority: boolean, majority: bigint] {
  if (verdict === undefined) return [false, 0n];
  return [cast?.share === verdict.share, BigInt(verdict.majority)];
}
