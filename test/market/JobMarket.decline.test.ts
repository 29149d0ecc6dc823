import { expect } from "chai";
import { id } from "ethers";

import { loadFixture, time } from "../support/fixture.ts";
import { DAY, PAYMENT, REASON, STATUS } from "../support/jobs.ts";
import { money, PARENT_BUDGET, planted } from "../support/trees.ts";

describe("JobMarket", () => {
  describe("reject of submitted work, without an evaluator", () => {
    /** Work that is submitted, and the client who does not like it. */
    async function submitted() {
      const world = await loadFixture(planted);
      const jobId = await world.trees.parent({ duration: DAY });
      await world.trees.submit(jobId, world.actors.provider);
      const market = world.trees.market.connect(world.actors.client);
      return { ...world, jobId, market, reviewEndsAt: (await market.termsOf(jobId)).reviewEndsAt };
    }

    it("is an offer: it moves no money and emits until when the provider may answer (M-05)", async () => {
      const world = await submitted();
      const { actors, market, jobId, reviewEndsAt } = world;
      const before = await money(world);
      await expect(market.reject(jobId, REASON, "0x"))
        .to.emit(market, "RejectionOffered")
        .withArgs(jobId, actors.client.address, REASON, reviewEndsAt + 3n * DAY);
      expect(await money(world)).to.deep.equal(before);
    });

    it("keeps the moment of the submission and the end of the review", async () => {
      const { market, jobId, reviewEndsAt } = await submitted();
      const { submittedAt } = await market.getJob(jobId);
      await market.reject(jobId, REASON, "0x");
      expect((await market.getJob(jobId)).submittedAt).to.equal(submittedAt);
      expect((await market.termsOf(jobId)).reviewEndsAt).to.equal(reviewEndsAt);
    });

    it("refunds when the provider accepts it, and moves no score", async () => {
      const world = await submitted();
      const { system, actors, trees, market, jobId } = world;
      const { tasks } = (await system.registry.positionOf(actors.provider.address, 6n)).record;
      await market.reject(jobId, REASON, "0x");
      const before = await money(world);
      await expect(trees.market.connect(actors.provider).acceptRejection(jobId))
        .to.emit(market, "JobRejected")
        .withArgs(jobId, actors.client.address, `0x${"0".repeat(64)}`);
      expect((await money(world)).client - before.client).to.equal(PARENT_BUDGET);
      expect((await system.registry.positionOf(actors.provider.address, 6n)).record.tasks).to.equal(tasks);
    });

    it("refunds when the provider is silent: silence never pays the silent side", async () => {
      const world = await submitted();
      const { trees, market, jobId, reviewEndsAt } = world;
      await market.reject(jobId, REASON, "0x");
      await time.setNextBlockTimestamp(reviewEndsAt + 3n * DAY);
      await expect(market.claimRefund(jobId))
        .to.be.revertedWithCustomError(market, "JobMarketAnswerNotOver")
        .withArgs(jobId, reviewEndsAt + 3n * DAY);
      await time.increaseTo(reviewEndsAt + 3n * DAY);
      const before = await money(world);
      await market.claimRefund(jobId);
      expect((await money(world)).client - before.client).to.equal(PARENT_BUDGET);
      expect(await trees.statusOf(jobId)).to.equal(STATUS.Rejected);
    });

    it("can be taken back: the client completes it after all", async () => {
      const world = await submitted();
      const { trees, market, jobId, reviewEndsAt } = world;
      await market.reject(jobId, REASON, "0x");
      await market.complete(jobId, REASON, "0x");
      expect(await trees.statusOf(jobId)).to.equal(STATUS.Completed);
      expect((await market.termsOf(jobId)).reviewEndsAt).to.equal(reviewEndsAt);
    });

    it("is not released by time (M-05)", async () => {
      const { market, jobId } = await submitted();
      await market.reject(jobId, REASON, "0x");
      await time.increase(30n * DAY);
      await expect(market.release(jobId))
        .to.be.revertedWithCustomError(market, "JobMarketWrongStatus")
        .withArgs(jobId, STATUS.Declined, STATUS.Submitted);
    });

    it("is disputed by the provider", async () => {
      const { system, actors, trees, market, jobId } = await submitted();
      await market.reject(jobId, REASON, "0x");
      await system.disputeDesk.connect(actors.provider).open(jobId, id("claim"), PAYMENT.Approval, false);
      expect(await trees.statusOf(jobId)).to.equal(STATUS.Disputed);
    });
  });
});
