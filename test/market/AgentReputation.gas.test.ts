import { expect } from "chai";
import { ZeroHash } from "ethers";

import { gasOf, type Reviewing, reviewing } from "../support/agents.ts";
import { loadFixture } from "../support/fixture.ts";

/** What feedback may cost a known client about a known agent, behind the proxy, for a job that its second tag names. */
const LIMIT = 107_000n;

/** What the doors cost after so many entries of one client about one agent; called with more and more. */
async function costsAfter({ reviews, reputation, actors }: Reviewing, entries: bigint) {
  const { client } = actors;
  for (let count = await reputation.getLastIndex(1n, client); count < entries; ++count) await reviews.review();
  const [first, second] = [await reviews.job(), await reviews.job()];
  return {
    giveFeedback: await gasOf(reviews.giveByTag(`${first}`, { tag1: "quality" })),
    giveJobFeedback: await gasOf(reviews.give(second, { tag1: "quality" })),
    revokeFeedback: await gasOf(reputation.revokeFeedback(1n, entries)),
    appendResponse: await gasOf(reputation.appendResponse(1n, client, entries, "ipfs://response", ZeroHash)),
    summaryOf: await reputation.summaryOf.estimateGas(1n),
  };
}

describe("AgentReputation", () => {
  describe("gas", () => {
    it(`takes a known client's feedback for no more than ${LIMIT}`, async () => {
      const { reviews } = await loadFixture(reviewing);
      await reviews.review();
      const jobId = await reviews.job();
      expect(await gasOf(reviews.giveByTag(`${jobId}`))).to.be.lessThanOrEqual(LIMIT);
    });

    describe("when there are a thousand entries about an agent (M-17)", () => {
      it("costs the same in every door as with ten, within 1 % (numbers have more digits)", async function () {
        this.timeout(300_000);
        const world = await loadFixture(reviewing);
        const few = Object.entries(await costsAfter(world, 10n));
        const many = await costsAfter(world, 1_000n);
        for (const [door, cost] of few) {
          const now = many[door as keyof typeof many];
          expect(now, door).to.be.within((cost * 99n) / 100n, (cost * 101n) / 100n);
        }
      });

      it("costs the same for one agent of a thousand as for one of ten, within half a percent", async function () {
        this.timeout(300_000);
        const world = await loadFixture(reviewing);
        const { reviews, registry, actors } = world;
        const costAmong = async (agents: bigint) => {
          for (let count = await registry.agentCount(); count < agents; ++count) await registry["register()"]();
          await reviews.review({}, { agentId: agents });
          const jobId = await reviews.job({ agentId: agents });
          return gasOf(reviews.giveByTag(`${jobId}`, {}, actors.client, agents));
        };
        const few = await costAmong(10n);
        expect(await costAmong(1_000n)).to.be.within((few * 995n) / 1_000n, (few * 1_005n) / 1_000n);
      });
    });
  });
});
