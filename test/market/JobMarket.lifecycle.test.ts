import { expect } from "chai";
import { ZeroAddress } from "ethers";

import { roleId } from "../../deploy/roles.ts";
import { ethers, loadFixture, OCTO, time } from "../support/fixture.ts";
import {
  BUDGET,
  DAY,
  DELIVERABLE,
  HOUR,
  minedAt,
  openForBusiness,
  REASON,
  REVIEW,
  STATUS,
  walletOf,
} from "../support/jobs.ts";

const D = roleId("D");
const O = roleId("O");

describe("JobMarket", () => {
  describe("submit", () => {
    describe("when the moment is about the deadline (M-04, M-23)", () => {
      for (const [when, offset] of [
        ["a second before it", -1n],
        ["in its last second", 0n],
      ] as const) {
        it(`takes the work ${when}`, async () => {
          const { jobs } = await loadFixture(openForBusiness);
          const deadline = await jobs.deadlineOf(await jobs.hire());
          await time.setNextBlockTimestamp(deadline + offset);
          await jobs.submit(1n);
          expect(await jobs.statusOf(1n)).to.equal(STATUS.Submitted);
        });
      }

      it("refuses a second after it: the provider cannot buy time from the refund", async () => {
        const { jobs } = await loadFixture(openForBusiness);
        const deadline = await jobs.deadlineOf(await jobs.hire());
        await time.setNextBlockTimestamp(deadline + 1n);
        await expect(jobs.submit(1n))
          .to.be.revertedWithCustomError(jobs.market, "JobMarketDeadlinePassed")
          .withArgs(1n, deadline);
      });
    });

    describe("when the work is handed in", () => {
      it("starts the review, which ends a review's length later", async () => {
        const { jobs } = await loadFixture(openForBusiness);
        await jobs.hire();
        const submittedAt = await minedAt(await jobs.submit(1n));
        const terms = await jobs.terms(1n);
        expect((await jobs.view(1n)).submittedAt).to.equal(submittedAt);
        expect([terms.reviewEndsAt, terms.fundedAt]).to.deep.equal([submittedAt + REVIEW, 0n]);
      });

      it("emits the hash of the work", async () => {
        const { jobs, actors } = await loadFixture(openForBusiness);
        await jobs.hire();
        await expect(jobs.submit(1n))
          .to.emit(jobs.market, "JobSubmitted")
          .withArgs(1n, actors.provider.address, DELIVERABLE);
      });

      it("moves no OCTO", async () => {
        const { jobs, system } = await loadFixture(openForBusiness);
        await jobs.hire();
        await expect(jobs.submit(1n)).to.changeTokenBalance(ethers, system.octo, system.settlement, 0n);
        expect(await jobs.escrow()).to.equal(BUDGET);
      });
    });
  });

  describe("claimRefund", () => {
    describe("when the moment is about the deadline (M-04, M-23)", () => {
      for (const offset of [-1n, 0n]) {
        it(`refuses ${-offset} seconds before its end`, async () => {
          const { jobs } = await loadFixture(openForBusiness);
          const deadline = await jobs.deadlineOf(await jobs.hire());
          await time.setNextBlockTimestamp(deadline + offset);
          await expect(jobs.claimRefund(1n))
            .to.be.revertedWithCustomError(jobs.market, "JobMarketDeadlineNotPassed")
            .withArgs(1n, deadline);
        });
      }

      it("refunds in the first second after it", async () => {
        const { jobs } = await loadFixture(openForBusiness);
        const deadline = await jobs.deadlineOf(await jobs.hire());
        await time.setNextBlockTimestamp(deadline + 1n);
        await jobs.claimRefund(1n);
        expect(await jobs.statusOf(1n)).to.equal(STATUS.Expired);
      });
    });

    describe("when the provider stayed silent", () => {
      it("gives the client the whole budget back and takes no fee", async () => {
        const { jobs, system, actors } = await loadFixture(openForBusiness);
        const before = await system.settlement.creditOf(actors.client.address);
        await jobs.expired();
        expect((await system.settlement.creditOf(actors.client.address)) - before).to.equal(BUDGET);
        expect(await jobs.escrow()).to.equal(0n);
        expect([...(await system.settlement.sums())]).to.deep.equal([0n, 0n, 0n, 0n]);
      });

      it("moves no score and counts no task, since it bound nobody", async () => {
        const { jobs, system, actors } = await loadFixture(openForBusiness);
        const recordOf = async () => [...(await system.registry.positionOf(actors.provider.address, D)).record];
        const before = await recordOf();
        await jobs.expired();
        expect(await recordOf()).to.deep.equal(before);
      });

      it("emits the end and the refund", async () => {
        const { jobs, system, actors } = await loadFixture(openForBusiness);
        await jobs.afterDeadline(await jobs.hire());
        const claiming = jobs.claimRefund(1n);
        await expect(claiming).to.emit(jobs.market, "JobExpired").withArgs(1n);
        await expect(claiming).to.emit(jobs.market, "Refunded").withArgs(1n, actors.client.address, BUDGET);
        await expect(claiming)
          .to.emit(system.settlement, "Refunded")
          .withArgs(system.addresses.jobMarket, actors.client.address, BUDGET);
      });
    });

    describe("when the job was never funded (M-01)", () => {
      it("ends it and refunds nothing, whatever else lies in escrow", async () => {
        const { jobs, system } = await loadFixture(openForBusiness);
        const open = await jobs.opened();
        await jobs.hire({ duration: 300n * DAY });
        await jobs.afterDeadline(open);
        const claiming = jobs.claimRefund(open);
        await expect(claiming).to.emit(jobs.market, "JobExpired").withArgs(open);
        await expect(claiming).not.to.emit(jobs.market, "Refunded");
        await expect(claiming).not.to.emit(system.settlement, "Refunded");
        expect(await jobs.escrow()).to.equal(BUDGET);
      });
    });
  });

  describe("release", () => {
    describe("when the moment is about the end of the review (M-23)", () => {
      for (const offset of [-1n, 0n]) {
        it(`refuses ${-offset} seconds before its end`, async () => {
          const { jobs } = await loadFixture(openForBusiness);
          const reviewEndsAt = await jobs.reviewEndOf(await jobs.submitted());
          await time.setNextBlockTimestamp(reviewEndsAt + offset);
          await expect(jobs.release(1n))
            .to.be.revertedWithCustomError(jobs.market, "JobMarketReviewNotEnded")
            .withArgs(1n, reviewEndsAt);
        });
      }

      it("pays in the first second after it", async () => {
        const { jobs } = await loadFixture(openForBusiness);
        const reviewEndsAt = await jobs.reviewEndOf(await jobs.submitted());
        await time.setNextBlockTimestamp(reviewEndsAt + 1n);
        await jobs.release(1n);
        expect(await jobs.statusOf(1n)).to.equal(STATUS.Completed);
      });
    });

    for (const judge of ["client", "evaluator"] as const) {
      describe(`when the ${judge}, who is to judge, stays silent (M-05, M-06)`, () => {
        it("pays the provider as if it were accepted", async () => {
          const { jobs, system, actors } = await loadFixture(openForBusiness);
          await jobs.afterReview(await jobs.submitted({ evaluator: actors[judge].address }));
          await jobs.release(1n);
          expect(await system.settlement.creditOf(actors.provider.address)).to.equal(800n * OCTO);
        });

        it("leaves the client no way to the money, however late it is", async () => {
          const { jobs, actors } = await loadFixture(openForBusiness);
          const reviewEndsAt = await jobs.reviewEndOf(await jobs.submitted({ evaluator: actors[judge].address }));
          await time.increase(400n * DAY);
          const market = jobs.market.connect(actors.client);
          await expect(market.claimRefund(1n))
            .to.be.revertedWithCustomError(market, "JobMarketAlreadySubmitted")
            .withArgs(1n, reviewEndsAt);
          await jobs.release(1n);
          expect(await jobs.statusOf(1n)).to.equal(STATUS.Completed);
        });
      });
    }

    it("emits an acceptance by nobody, and the payment", async () => {
      const { jobs, actors } = await loadFixture(openForBusiness);
      await jobs.afterReview(await jobs.submitted());
      const releasing = jobs.release(1n);
      await expect(releasing).to.emit(jobs.market, "JobCompleted").withArgs(1n, ZeroAddress, ethers.ZeroHash);
      await expect(releasing)
        .to.emit(jobs.market, "PaymentReleased")
        .withArgs(1n, actors.provider.address, 800n * OCTO);
    });
  });

  describe("reject", () => {
    describe("when the moment is about the end of the review (M-23)", () => {
      it("refunds in its last second", async () => {
        const { jobs, actors } = await loadFixture(openForBusiness);
        const reviewEndsAt = await jobs.reviewEndOf(await jobs.submitted({ evaluator: actors.evaluator.address }));
        await time.setNextBlockTimestamp(reviewEndsAt);
        await jobs.reject(1n);
        expect(await jobs.statusOf(1n)).to.equal(STATUS.Rejected);
      });

      it("refuses a second later: from then on the provider is to be paid", async () => {
        const { jobs, actors } = await loadFixture(openForBusiness);
        const reviewEndsAt = await jobs.reviewEndOf(await jobs.submitted({ evaluator: actors.evaluator.address }));
        await time.setNextBlockTimestamp(reviewEndsAt + 1n);
        await expect(jobs.reject(1n))
          .to.be.revertedWithCustomError(jobs.market, "JobMarketReviewEnded")
          .withArgs(1n, reviewEndsAt);
      });
    });

    for (const state of ["Funded", "Submitted"] as const) {
      describe(`when an evaluator rejects a job that is ${state}`, () => {
        it("gives the client the whole budget back, takes no fee, moves no score", async () => {
          const { jobs, system, actors } = await loadFixture(openForBusiness);
          const rest = { evaluator: actors.evaluator.address, orchestrator: actors.orchestrator.address };
          const before = await system.settlement.creditOf(actors.client.address);
          await (state === "Funded" ? jobs.hire(rest) : jobs.submitted(rest));
          await jobs.reject(1n);
          expect((await system.settlement.creditOf(actors.client.address)) - before).to.equal(BUDGET);
          expect([...(await system.settlement.sums())]).to.deep.equal([0n, 0n, 0n, 0n]);
          expect((await system.providerLens.statusOf(actors.provider.address, D)).tasks).to.equal(0n);
          expect((await system.providerLens.statusOf(actors.orchestrator.address, O)).tasks).to.equal(0n);
        });

        it("emits the rejection and the refund", async () => {
          const { jobs, actors } = await loadFixture(openForBusiness);
          const rest = { evaluator: actors.evaluator.address };
          await (state === "Funded" ? jobs.hire(rest) : jobs.submitted(rest));
          const rejecting = jobs.reject(1n);
          await expect(rejecting).to.emit(jobs.market, "JobRejected").withArgs(1n, actors.evaluator.address, REASON);
          await expect(rejecting).to.emit(jobs.market, "Refunded").withArgs(1n, actors.client.address, BUDGET);
        });
      });
    }

    describe("when the client drops a job that is Open (M-01)", () => {
      it("refunds nothing, whatever else lies in escrow", async () => {
        const { jobs, actors } = await loadFixture(openForBusiness);
        const open = await jobs.opened({ evaluator: actors.evaluator.address });
        await jobs.hire();
        const rejecting = jobs.market.connect(actors.client).reject(open, REASON, "0x");
        await expect(rejecting).to.emit(jobs.market, "JobRejected").withArgs(open, actors.client.address, REASON);
        await expect(rejecting).not.to.emit(jobs.market, "Refunded");
        expect(await jobs.escrow()).to.equal(BUDGET);
      });
    });
  });

  describe("complete", () => {
    for (const { orchestrated, parts } of [
      { orchestrated: false, parts: [800n, 0n, 100n, 50n, 50n] },
      { orchestrated: true, parts: [700n, 100n, 100n, 50n, 50n] },
    ]) {
      describe(`when ${orchestrated ? "an orchestrator" : "nobody"} coordinated the work`, () => {
        it(`splits 1,000 OCTO into ${parts.join(", ")} (I-14)`, async () => {
          const { jobs, system, actors } = await loadFixture(openForBusiness);
          const { settlement } = system;
          await jobs.completed({ orchestrator: orchestrated ? actors.orchestrator.address : ZeroAddress });
          const { treasury, burn, voters } = await settlement.sums();
          expect([
            await settlement.creditOf(actors.provider.address),
            await settlement.creditOf(actors.orchestrator.address),
            treasury,
            burn,
            voters,
          ]).to.deep.equal(parts.map((part) => part * OCTO));
          expect(await jobs.escrow()).to.equal(0n);
        });

        it("counts a task for everybody who worked", async () => {
          const { jobs, system, actors } = await loadFixture(openForBusiness);
          const { provider, orchestrator } = actors;
          await jobs.completed({ orchestrator: orchestrated ? orchestrator.address : ZeroAddress });
          expect((await system.providerLens.statusOf(provider.address, D)).tasks).to.equal(1n);
          expect((await system.providerLens.statusOf(orchestrator.address, O)).tasks).to.equal(orchestrated ? 1n : 0n);
        });

        it("emits the acceptance, the payment and the settlement", async () => {
          const { jobs, system, actors } = await loadFixture(openForBusiness);
          const { client, provider, evaluator } = actors;
          const orchestrator = orchestrated ? actors.orchestrator.address : ZeroAddress;
          await jobs.submitted({ orchestrator, evaluator: evaluator.address });
          const completing = jobs.complete(1n);
          await expect(completing).to.emit(jobs.market, "JobCompleted").withArgs(1n, evaluator.address, REASON);
          await expect(completing)
            .to.emit(jobs.market, "PaymentReleased")
            .withArgs(1n, provider.address, parts[0]! * OCTO);
          await expect(completing)
            .to.emit(system.settlement, "Settled")
            .withArgs(system.addresses.jobMarket, client.address, provider.address, orchestrator, D, 1n, BUDGET);
        });
      });
    }

    for (const [budget, provider] of [
      [1n, 1n],
      [19n, 18n],
      [9_999n, 8_002n],
      [10n * OCTO - 1n, 8n * OCTO + 2n],
    ] as const) {
      it(`pays ${provider} of ${budget} wei: what division leaves over is the provider's (M-08, M-23)`, async () => {
        const { jobs, system, actors } = await loadFixture(openForBusiness);
        const { settlement } = system;
        await jobs.completed({}, budget);
        const { treasury, burn, voters } = await settlement.sums();
        expect(await settlement.creditOf(actors.provider.address)).to.equal(provider);
        expect(provider + treasury + burn + voters).to.equal(budget);
      });
    }

    it("still pays after the review has ended, until somebody releases", async () => {
      const { jobs } = await loadFixture(openForBusiness);
      await jobs.afterReview(await jobs.submitted());
      await jobs.complete(1n);
      expect(await jobs.statusOf(1n)).to.equal(STATUS.Completed);
    });
  });

  describe("a contract without any function of its own", () => {
    /** A contract wallet that nobody can operate any more; as a provider it is active in D. */
    async function withMonolith() {
      const world = await loadFixture(openForBusiness);
      return { ...world, monolith: await walletOf(world, world.actors.other) };
    }

    for (const payOut of [false, true]) {
      it(`is paid as a provider by ${payOut ? "transfer" : "credit"} (M-07)`, async () => {
        const { jobs, system, monolith } = await withMonolith();
        await system.settlement.connect(monolith).setPayOut(payOut);
        const before = await system.octo.balanceOf(monolith.address);
        await jobs.completed({ provider: monolith.address });
        expect((await system.octo.balanceOf(monolith.address)) - before).to.equal(payOut ? 800n * OCTO : 0n);
        expect(await system.settlement.creditOf(monolith.address)).to.equal(payOut ? 0n : 800n * OCTO);
      });

      it(`is refunded as a client by ${payOut ? "transfer" : "credit"} (M-07)`, async () => {
        const { jobs, system, monolith } = await withMonolith();
        await system.settlement.connect(monolith).setPayOut(payOut);
        await jobs.hireBy("hire", jobs.deal({ client: monolith.address }), { from: monolith });
        await jobs.afterDeadline(1n);
        const before = await system.octo.balanceOf(monolith.address);
        await jobs.claimRefund(1n);
        expect((await system.octo.balanceOf(monolith.address)) - before).to.equal(payOut ? BUDGET : 0n);
        expect(await system.settlement.creditOf(monolith.address)).to.equal(payOut ? 0n : BUDGET);
      });
    }

    for (const name of ["octo", "settlement", "jobMarket", "registry"] as const) {
      it(`keeps nobody's money as an evaluator: the ${name}'s address judges nothing (M-06)`, async () => {
        const { jobs, system, actors } = await loadFixture(openForBusiness);
        await jobs.submitted({ evaluator: system.addresses[name] });
        await jobs.afterReview(1n);
        await jobs.release(1n);
        expect(await system.settlement.creditOf(actors.provider.address)).to.equal(800n * OCTO);
      });
    }
  });

  describe("a review's length", () => {
    it("ends the review of short work as late as that of long work", async () => {
      const { jobs } = await loadFixture(openForBusiness);
      await jobs.hire({ duration: 300n });
      const submittedAt = await minedAt(await jobs.submit(1n));
      expect(await jobs.reviewEndOf(1n)).to.equal(submittedAt + 72n * HOUR);
      expect((await jobs.deadlineOf(1n)) < submittedAt + 72n * HOUR).to.equal(true);
    });
  });
});
