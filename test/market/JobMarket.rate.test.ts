import { expect } from "chai";

import { roleId } from "../../deploy/roles.ts";
import { loadFixture, OCTO, time } from "../support/fixture.ts";
import { BUDGET, DAY, type MarketWorld, minedAt, openForBusiness, REVIEW, STATUS } from "../support/jobs.ts";

const [A, D] = [roleId("A"), roleId("D")];
const POINT = 100_000n;
const RATING_TIME = 14n * DAY;
const PAUSE = 30n * DAY;

/** A job that is completed, and the market in the client's hands. */
async function done() {
  const world = await loadFixture(openForBusiness);
  const jobId = await world.jobs.completed();
  const market = world.jobs.market.connect(world.actors.client);
  return { ...world, jobId, market, until: (await world.jobs.reviewEndOf(jobId)) + RATING_TIME };
}

async function recordOf({ system, actors }: MarketWorld, role = D) {
  return (await system.registry.positionOf(actors.provider.address, role)).record;
}

describe("JobMarket", () => {
  describe("submit", () => {
    // 100 up to half of the day allowed, then 200 x what is left / the day, rounded down.
    for (const [when, used, speed] of [
      ["at once", 1n, 100n],
      ["at half of the time", DAY / 2n, 100n],
      ["a second after half of it", DAY / 2n + 1n, 99n],
      ["in the last second of 99 points", DAY / 2n + 432n, 99n],
      ["in the first second of 98 points", DAY / 2n + 433n, 98n],
      ["at three quarters", (3n * DAY) / 4n, 50n],
      ["in the last second of one point", DAY - 432n, 1n],
      ["in the first second of no point", DAY - 431n, 0n],
      ["in the last second", DAY, 0n],
    ] as const) {
      describe(`when the work comes ${when}`, () => {
        it(`notes a speed of ${speed}`, async () => {
          const { jobs } = await loadFixture(openForBusiness);
          const jobId = await jobs.hire();
          await time.setNextBlockTimestamp((await jobs.deadlineOf(jobId)) - DAY + used);
          await jobs.submit(jobId);
          expect((await jobs.terms(jobId)).speed).to.equal(speed);
        });
      });
    }

    describe("when the work is not there yet", () => {
      it("has no speed", async () => {
        const { jobs } = await loadFixture(openForBusiness);
        expect((await jobs.terms(await jobs.hire())).speed).to.equal(0n);
      });
    });

    describe("when the job was made in steps", () => {
      it("counts the time from the funding, not from the making", async () => {
        const { jobs } = await loadFixture(openForBusiness);
        const jobId = await jobs.opened({ duration: 2n * DAY });
        const deadline = await jobs.deadlineOf(jobId);
        await time.setNextBlockTimestamp(deadline - DAY);
        await jobs.fund(jobId);
        await time.setNextBlockTimestamp(deadline - DAY / 4n);
        await jobs.submit(jobId);
        expect((await jobs.terms(jobId)).speed).to.equal(50n);
      });
    });

    describe("when the work is accepted", () => {
      for (const [used, average] of [
        [1n, 24n * POINT],
        [(3n * DAY) / 4n, 215n * (POINT / 10n)],
        [DAY, 19n * POINT],
      ] as const) {
        it(`moves the speed of the provider from 20 to ${average} if it took ${used} seconds`, async () => {
          const world = await loadFixture(openForBusiness);
          const { jobs } = world;
          const jobId = await jobs.hire();
          await time.setNextBlockTimestamp((await jobs.deadlineOf(jobId)) - DAY + used);
          await jobs.submit(jobId);
          await jobs.complete(jobId);
          const { speed, success } = await recordOf(world);
          expect([speed, success]).to.deep.equal([average, 24n * POINT]);
        });
      }
    });
  });

  describe("rate", () => {
    describe("when the caller is not the client", () => {
      for (const name of ["provider", "evaluator", "orchestrator", "stranger", "admin"] as const) {
        it(`refuses the ${name} with JobMarketWrongCaller`, async () => {
          const { jobs, actors, jobId } = await done();
          await expect(jobs.market.connect(actors[name]).rate(jobId, 100n))
            .to.be.revertedWithCustomError(jobs.market, "JobMarketWrongCaller")
            .withArgs(jobId, actors[name].address, actors.client.address);
        });
      }
    });

    describe("when the job is not Completed", () => {
      for (const [status, reach] of [
        ["Open", async ({ jobs }) => jobs.opened()],
        ["Funded", async ({ jobs }) => jobs.hire()],
        ["Submitted", async ({ jobs }) => jobs.submitted()],
        ["Rejected", async ({ jobs }) => jobs.rejected()],
        ["Expired", async ({ jobs }) => jobs.expired()],
      ] as const satisfies readonly (readonly [string, (world: MarketWorld) => Promise<bigint>])[]) {
        it(`refuses one that is ${status} with JobMarketWrongStatus`, async () => {
          const world = await loadFixture(openForBusiness);
          const jobId = await reach(world);
          await expect(world.jobs.market.connect(world.actors.client).rate(jobId, 100n))
            .to.be.revertedWithCustomError(world.jobs.market, "JobMarketWrongStatus")
            .withArgs(jobId, STATUS[status], STATUS.Completed);
        });
      }

      it("refuses one that does not exist with JobMarketUnknownJob", async () => {
        const { jobs, actors } = await loadFixture(openForBusiness);
        await expect(jobs.market.connect(actors.client).rate(7n, 100n))
          .to.be.revertedWithCustomError(jobs.market, "JobMarketUnknownJob")
          .withArgs(7n);
      });
    });

    describe("when the rating is above 100", () => {
      for (const rating of [101n, 255n]) {
        it(`refuses ${rating} with JobMarketRatingTooHigh`, async () => {
          const { market, jobId } = await done();
          await expect(market.rate(jobId, rating))
            .to.be.revertedWithCustomError(market, "JobMarketRatingTooHigh")
            .withArgs(rating, 100n);
        });
      }
    });

    describe("when the moment is about the end of the rating time", () => {
      it("takes a rating in its last second", async () => {
        const { market, jobId, until } = await done();
        await time.setNextBlockTimestamp(until);
        await expect(market.rate(jobId, 100n)).to.emit(market, "JobRated");
      });

      it("refuses a second later with JobMarketRatingTooLate", async () => {
        const { market, jobId, until } = await done();
        await time.setNextBlockTimestamp(until + 1n);
        await expect(market.rate(jobId, 100n))
          .to.be.revertedWithCustomError(market, "JobMarketRatingTooLate")
          .withArgs(jobId, until);
      });

      it("counts from the end of the review, however early the work was accepted", async () => {
        const { jobs } = await loadFixture(openForBusiness);
        await jobs.hire();
        const submittedAt = await minedAt(await jobs.submit(1n));
        await jobs.complete(1n);
        expect((await jobs.reviewEndOf(1n)) + RATING_TIME).to.equal(submittedAt + REVIEW + RATING_TIME);
      });
    });

    describe("when the client has rated the provider less than 30 days ago (P-1)", () => {
      /** A first rating, and a second job that can be rated from twenty days to thirty-seven after it. */
      async function twice() {
        const world = await done();
        const again = (await minedAt(await world.market.rate(world.jobId, 100n))) + PAUSE;
        await time.increase(20n * DAY);
        return { ...world, again, second: await world.jobs.completed() };
      }

      it("refuses a second before with PeerReviewsTooSoon", async () => {
        const { system, actors, market, again, second } = await twice();
        await time.setNextBlockTimestamp(again - 1n);
        await expect(market.rate(second, 0n))
          .to.be.revertedWithCustomError(system.peerReviews, "PeerReviewsTooSoon")
          .withArgs(actors.client.address, actors.provider.address, D, again);
      });

      it("takes a rating from then on", async () => {
        const { system, market, again, second } = await twice();
        await time.setNextBlockTimestamp(again);
        await expect(market.rate(second, 0n)).to.emit(system.peerReviews, "PeerReviewed");
      });

      it("refuses the same job a second time", async () => {
        const { system, actors, market, jobId } = await done();
        const again = (await minedAt(await market.rate(jobId, 100n))) + PAUSE;
        await expect(market.rate(jobId, 0n))
          .to.be.revertedWithCustomError(system.peerReviews, "PeerReviewsTooSoon")
          .withArgs(actors.client.address, actors.provider.address, D, again);
      });

      it("never rates a job twice: once the 30 days are over, so is its time", async () => {
        const { market, jobId, until } = await done();
        const again = (await minedAt(await market.rate(jobId, 100n))) + PAUSE;
        expect(until).to.be.lessThan(again);
        await time.setNextBlockTimestamp(again);
        await expect(market.rate(jobId, 0n))
          .to.be.revertedWithCustomError(market, "JobMarketRatingTooLate")
          .withArgs(jobId, until);
      });

      it("takes another client's rating, and one for another role", async () => {
        const { jobs, system, actors, market, jobId } = await done();
        await market.rate(jobId, 100n);
        await jobs.hireBy("hire", jobs.deal({ client: actors.other.address }), { from: actors.other });
        await jobs.submit(2n);
        await jobs.complete(2n);
        const inA = await jobs.completed({ role: A });
        await expect(jobs.market.connect(actors.other).rate(2n, 100n)).to.emit(system.peerReviews, "PeerReviewed");
        await expect(market.rate(inA, 100n)).to.emit(system.peerReviews, "PeerReviewed");
      });
    });

    describe("when the job was worth less than the smallest recorded settlement", () => {
      it("refuses with SettlementTooSmallToRate", async () => {
        const { jobs, system, actors } = await loadFixture(openForBusiness);
        const amount = 10n * OCTO - 1n;
        const jobId = await jobs.completed({}, amount);
        await expect(jobs.market.connect(actors.client).rate(jobId, 100n))
          .to.be.revertedWithCustomError(system.settlement, "SettlementTooSmallToRate")
          .withArgs(amount, 10n * OCTO);
      });
    });

    describe("when everything is in order", () => {
      for (const [rating, peer] of [
        [0n, 19n * POINT],
        [20n, 20n * POINT],
        [100n, 24n * POINT],
      ] as const) {
        it(`moves the peer average from 20 to ${peer} by a rating of ${rating}, and no other`, async () => {
          const world = await done();
          const { market, jobId } = world;
          const before = await recordOf(world);
          await market.rate(jobId, rating);
          const after = await recordOf(world);
          expect(after.peer).to.equal(peer);
          expect([after.success, after.speed, after.uptime, after.security, after.tasks]).to.deep.equal([
            before.success,
            before.speed,
            before.uptime,
            before.security,
            before.tasks,
          ]);
        });
      }

      it("weighs by the fee: 10 OCTO are a tenth of a whole step", async () => {
        const world = await loadFixture(openForBusiness);
        const { jobs, system, actors } = world;
        const jobId = await jobs.completed({}, 10n * OCTO);
        await expect(jobs.market.connect(actors.client).rate(jobId, 100n))
          .to.emit(system.peerReviews, "PeerReviewed")
          .withArgs(actors.provider.address, D, actors.client.address, 100n, 1_000n);
        expect((await recordOf(world)).peer).to.equal((204n * POINT) / 10n);
      });

      it("emits the rating, at the market and at the reviews", async () => {
        const { system, actors, market, jobId } = await done();
        const rating = market.rate(jobId, 73n);
        await expect(rating).to.emit(market, "JobRated").withArgs(jobId, actors.client.address, 73n);
        await expect(rating)
          .to.emit(system.peerReviews, "PeerReviewed")
          .withArgs(actors.provider.address, D, actors.client.address, 73n, 10_000n);
      });

      it("moves no OCTO and nothing of the job", async () => {
        const { jobs, system, actors, market, jobId } = await done();
        const before = [await jobs.view(jobId), await jobs.terms(jobId), await jobs.escrow()];
        const credit = await system.settlement.creditOf(actors.provider.address);
        await market.rate(jobId, 0n);
        expect([await jobs.view(jobId), await jobs.terms(jobId), await jobs.escrow()]).to.deep.equal(before);
        expect(await system.settlement.creditOf(actors.provider.address)).to.equal(credit);
      });

      it("is taken while the market is paused (M-20)", async () => {
        const { system, actors, market, jobId } = await done();
        await system.settlement.connect(actors.guardian).pauseMarket(system.addresses.jobMarket);
        await expect(market.rate(jobId, 100n)).to.emit(system.peerReviews, "PeerReviewed");
      });

      it("is taken of what was released in silence", async () => {
        const { jobs, system, actors } = await loadFixture(openForBusiness);
        await jobs.afterReview(await jobs.submitted({}, BUDGET));
        await jobs.release(1n);
        await expect(jobs.market.connect(actors.client).rate(1n, 10n))
          .to.emit(system.peerReviews, "PeerReviewed")
          .withArgs(actors.provider.address, D, actors.client.address, 10n, 10_000n);
      });
    });
  });
});
