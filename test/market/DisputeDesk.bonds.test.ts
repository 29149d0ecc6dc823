import { expect } from "chai";
import fc from "fast-check";

import { CLAIM, courtInSession, type DisputeWorld, gains, POT } from "../support/disputes.ts";
import { loadFixture, OCTO, time } from "../support/fixture.ts";
import { DAY, PAYMENT } from "../support/jobs.ts";

/** A dispute from its opening to its end. */
type Course = {
  bound: boolean;
  byClient: boolean;
  answered: boolean;
  escrow: bigint;
  bond: bigint;
  panel: bigint | undefined;
  appeal: { byClient: boolean; share: bigint | undefined } | undefined;
};

const share = fc.option(fc.oneof(fc.constantFrom(0n, 50n, 100n), fc.bigInt(0n, 100n)), { nil: undefined });
const courses: fc.Arbitrary<Course> = fc.record({
  bound: fc.boolean(),
  byClient: fc.boolean(),
  answered: fc.boolean(),
  escrow: fc.bigInt(10n * OCTO, 999n * OCTO),
  bond: fc.bigInt(200n * OCTO, 1_000n * OCTO),
  panel: share,
  appeal: fc.option(fc.record({ byClient: fc.boolean(), share }), { nil: undefined }),
});

/** Makes a dispute and brings it to where it can be executed. */
async function run({ disputes, jobs, actors }: DisputeWorld, course: Course): Promise<bigint> {
  const { bound, byClient, answered, escrow, panel, appeal } = course;
  const { client, other, provider: unbound } = actors;
  const provider = bound ? other : unbound;
  const jobId = bound ? await disputes.submitted(escrow) : await jobs.submitted({}, escrow);
  if (!byClient) await jobs.reject(jobId);
  await disputes.desk.connect(byClient ? client : provider).open(jobId, CLAIM, PAYMENT.Approval, false);
  const needsAnswer = !(byClient && bound);
  if (needsAnswer && answered) {
    await disputes.desk.connect(byClient ? provider : client).answer(jobId, PAYMENT.Approval);
  }
  if (needsAnswer && !answered) {
    await time.increase(3n * DAY + 1n);
    await disputes.desk.winByDefault(jobId);
    return jobId;
  }

  await disputes.judging(jobId);
  await disputes.decide(jobId, panel === undefined ? undefined : { share: panel });
  if (panel === undefined) return jobId;
  if (appeal === undefined) {
    await time.increase(3n * DAY + 1n);
    return jobId;
  }
  await disputes.desk.connect(appeal.byClient ? client : provider).appeal(jobId, PAYMENT.Approval);
  await disputes.decide(jobId, appeal.share === undefined ? undefined : { share: appeal.share }, [], true);
  return jobId;
}

/** What the rules say of the same. */
function modelOf({ bound, byClient, answered, escrow, bond, panel, appeal }: Course) {
  const isDefault = !(byClient && bound) && !answered;
  const ruled = panel === undefined ? undefined : (appeal?.share ?? panel);
  const awarded = isDefault ? (byClient ? 0n : 100n) : ruled;
  const isAppealed = !isDefault && panel !== undefined && appeal !== undefined;
  const lostOf = (isClient: boolean, stake: bigint) => {
    if (isDefault || awarded === undefined) return 0n;
    const own = isClient ? 100n - awarded : awarded;
    return own > 50n ? 0n : own === 50n ? stake / 2n : stake;
  };
  const posted = { client: byClient || answered ? bond : 0n, provider: !bound && (!byClient || answered) ? bond : 0n };
  const appealed = (isClient: boolean) => (isAppealed && appeal.byClient === isClient ? 2n * bond : 0n);
  const lost = { client: lostOf(true, posted.client), provider: lostOf(false, posted.provider) };
  const appealLost = lostOf(true, appealed(true)) + lostOf(false, appealed(false));
  const settled = (escrow * (awarded ?? 50n)) / 100n;
  return {
    held: posted.client + posted.provider + appealed(true) + appealed(false),
    panel: lost.client + lost.provider,
    appeal: appealLost,
    owed: bound ? lostOf(false, bond) : 0n,
    settled,
    client: escrow - settled + posted.client - lost.client + appealed(true) - lostOf(true, appealed(true)),
    bondsOfProvider: posted.provider - lost.provider + appealed(false) - lostOf(false, appealed(false)),
  };
}

describe("DisputeDesk, its bonds", () => {
  it("are back or in a pot, to the wei, whoever opens, answers, wins and appeals (B-1, B-2)", async () => {
    await fc.assert(
      fc.asyncProperty(courses, async (course) => {
        const world = await loadFixture(courtInSession);
        const { disputes, actors } = world;
        await disputes.desk.connect(actors.admin).setBondTerms(500n, course.bond);
        const provider = course.bound ? actors.other : actors.provider;
        const jobId = await run(world, course);
        const model = modelOf(course);
        expect(await disputes.held()).to.equal(model.held);

        const gained = await gains(world, () => disputes.desk.execute(jobId), provider);
        const [panel, appeal] = await Promise.all(
          [POT.Panel, POT.Appeal].map(async (pot) => (await disputes.desk.feesOf(jobId, pot)).left),
        );
        expect({ panel, appeal }).to.deep.equal({ panel: model.panel, appeal: model.appeal });
        expect(await disputes.held()).to.equal(model.panel + model.appeal);
        expect(gained.client).to.equal(model.client);
        // 80 % of a settlement are the provider's, rounded in its favour; the rest are its bonds.
        const pay = gained.provider - model.bondsOfProvider;
        expect(pay).to.be.within((model.settled * 8n) / 10n, (model.settled * 8n) / 10n + 4n);
        expect((await disputes.desk.disputeOf(jobId)).owed).to.equal(model.owed);
      }),
      { numRuns: process.env["DEEP"] === undefined ? 40 : 400, seed: 8183, endOnFailure: true },
    );
  });
});
