import { expect } from "chai";

import { ethers, loadFixture, OCTO, time } from "../support/fixture.ts";
import {
  BUDGET,
  DAY,
  HIRES,
  HOUR,
  minedAt,
  newMarketCode,
  openForBusiness,
  REASON,
  REVIEW,
  STATUS,
} from "../support/jobs.ts";

/** 1,000 OCTO under the Service schedule without an orchestrator. */
const PROVIDER_PART = 800n * OCTO;

describe("JobMarket", () => {
  describe("the way to be paid", () => {
    describe("when a client funds by the plain ABI for the first time", () => {
      it("switches it to transfer, and emits it", async () => {
        const { jobs, system, actors } = await loadFixture(openForBusiness);
        await jobs.opened();
        await expect(jobs.fund(1n)).to.emit(system.settlement, "PayOutSet").withArgs(actors.client.address, true);
      });

      it("refunds by transfer", async () => {
        const { jobs, system, actors } = await loadFixture(openForBusiness);
        await jobs.funded();
        const credit = await system.settlement.creditOf(actors.client.address);
        await expect(jobs.reject(1n)).to.changeTokenBalances(
          ethers,
          system.octo,
          [actors.client, system.settlement],
          [BUDGET, -BUDGET],
        );
        expect(await system.settlement.creditOf(actors.client.address)).to.equal(credit);
      });

      it("does not choose for the provider, who is credited until it asks for transfers", async () => {
        const { jobs, system, actors } = await loadFixture(openForBusiness);
        const { provider } = actors;
        await jobs.funded();
        await jobs.submit(1n);
        await expect(jobs.complete(1n)).to.changeTokenBalance(ethers, system.octo, provider, 0n);
        expect(await system.settlement.creditOf(provider.address)).to.equal(PROVIDER_PART);
      });

      it("pays a provider by transfer that has asked for it", async () => {
        const { jobs, system, actors } = await loadFixture(openForBusiness);
        const { provider } = actors;
        await system.settlement.connect(provider).setPayOut(true);
        await jobs.funded();
        await jobs.submit(1n);
        await expect(jobs.complete(1n)).to.changeTokenBalance(ethers, system.octo, provider, PROVIDER_PART);
      });

      it("does not tell twice", async () => {
        const { jobs, system } = await loadFixture(openForBusiness);
        await jobs.funded();
        await jobs.opened();
        await expect(jobs.fund(2n)).not.to.emit(system.settlement, "PayOutSet");
      });
    });

    describe("when the client has chosen credit", () => {
      it("stays credit, whatever it funds", async () => {
        const { jobs, system, actors } = await loadFixture(openForBusiness);
        const { settlement } = system;
        await settlement.connect(actors.client).setPayOut(false);
        await jobs.opened();
        await expect(jobs.fund(1n)).not.to.emit(settlement, "PayOutSet");
        const credit = await settlement.creditOf(actors.client.address);
        await jobs.reject(1n);
        expect((await settlement.creditOf(actors.client.address)) - credit).to.equal(BUDGET);
      });
    });

    describe("when the client hires in one transaction", () => {
      it("is credit", async () => {
        const { jobs, system, actors } = await loadFixture(openForBusiness);
        const { settlement } = system;
        const credit = await settlement.creditOf(actors.client.address);
        await jobs.rejected();
        expect((await settlement.creditOf(actors.client.address)) - credit).to.equal(BUDGET);
      });
    });
  });

  describe("a running job (M-03)", () => {
    it("keeps the length of its review if that changes while it is funded", async () => {
      const { jobs, actors } = await loadFixture(openForBusiness);
      await jobs.hire();
      await jobs.market.connect(actors.admin).setReviewDuration(HOUR);
      const submittedAt = await minedAt(await jobs.submit(1n));
      expect(await jobs.reviewEndOf(1n)).to.equal(submittedAt + REVIEW);
      expect((await jobs.terms(1n)).reviewDuration).to.equal(REVIEW);
    });

    it("keeps the end of its review if the length changes while it is submitted", async () => {
      const { jobs, actors } = await loadFixture(openForBusiness);
      const reviewEndsAt = await jobs.reviewEndOf(await jobs.submitted());
      await jobs.market.connect(actors.admin).setReviewDuration(6n * DAY);
      expect(await jobs.reviewEndOf(1n)).to.equal(reviewEndsAt);
      expect((await jobs.view(1n)).submittedAt).to.equal(reviewEndsAt - REVIEW);
    });

    it("takes the new length if it is funded after the change, by hire or in steps", async () => {
      const { jobs, actors } = await loadFixture(openForBusiness);
      await jobs.opened();
      await jobs.market.connect(actors.admin).setReviewDuration(HOUR);
      await jobs.fund(1n);
      await jobs.hire();
      for (const jobId of [1n, 2n]) {
        const submittedAt = await minedAt(await jobs.submit(jobId));
        expect(await jobs.reviewEndOf(jobId)).to.equal(submittedAt + HOUR);
      }
    });

    it("keeps its split if fee schedules are added and the intensity falls to nothing", async () => {
      const { jobs, system, actors } = await loadFixture(openForBusiness);
      const { emissionSchedule, settlement } = system;
      await jobs.submitted();
      const admin = emissionSchedule.connect(actors.admin);
      await admin.addFeeSchedule({ orchestrator: 0n, treasury: 2_000n, burn: 2_000n, voters: 1_000n });
      await admin.setIntensity(0n);
      await jobs.complete(1n);
      const { treasury, burn, voters } = await settlement.sums();
      expect([await settlement.creditOf(actors.provider.address), treasury, burn, voters]).to.deep.equal(
        [800n, 100n, 50n, 50n].map((part) => part * OCTO),
      );
    });

    it("is minted for by the intensity of its settlement, which no deal promises", async () => {
      const { jobs, system, actors } = await loadFixture(openForBusiness);
      const minted = async () => system.roleTokens.D.balanceOf(actors.provider.address);
      const before = await minted();
      await jobs.completed();
      const first = (await minted()) - before;
      expect(first).to.equal((1_281n * OCTO) / 100n);
      await jobs.submitted();
      await system.emissionSchedule.connect(actors.admin).setIntensity(0n);
      await jobs.complete(2n);
      expect((await minted()) - before).to.equal(first);
    });

    it("pays the treasury's leg of before to the treasury of the sweep, and no more", async () => {
      const { jobs, system, actors } = await loadFixture(openForBusiness);
      await jobs.submitted();
      await system.settlement.connect(actors.admin).setTreasury(actors.other.address);
      await jobs.complete(1n);
      await expect(system.settlement.sweep()).to.changeTokenBalance(ethers, system.octo, actors.other, 100n * OCTO);
    });

    it("pays an orchestrator and a provider who have left since it was funded", async () => {
      const { jobs, system, actors } = await loadFixture(openForBusiness);
      const { provider, orchestrator } = actors;
      await jobs.hire({ orchestrator: orchestrator.address });
      await system.registry.connect(provider).unbond(6n, 200n * OCTO, 100n * OCTO);
      await system.registry.connect(orchestrator).unbond(4n, 2_000n * OCTO, 500n * OCTO);
      await jobs.submit(1n);
      await jobs.complete(1n);
      expect(await system.settlement.creditOf(provider.address)).to.equal(700n * OCTO);
      expect(await system.settlement.creditOf(orchestrator.address)).to.equal(100n * OCTO);
    });
  });

  for (const [obstacle, block] of [
    ["paused", "pauseMarket"],
    ["closed by a change of its code", "upgradeToAndCall"],
  ] as const) {
    describe(`a market that is ${obstacle} (M-20)`, () => {
      /** A job for every exit, and then the obstacle. */
      async function blocked() {
        const world = await loadFixture(openForBusiness);
        const { jobs, system, actors } = world;
        const { jobMarket } = system.addresses;
        const evaluator = actors.evaluator.address;
        const ids = {
          opened: await jobs.opened({ evaluator }),
          funded: await jobs.hire({ evaluator }),
          unsubmitted: await jobs.hire({ evaluator }),
          accepted: await jobs.submitted({ evaluator }),
          rejected: await jobs.submitted({ evaluator }),
          released: await jobs.submitted({ evaluator }),
        };
        if (block === "pauseMarket") {
          await system.settlement.connect(actors.guardian).pauseMarket(jobMarket);
        } else {
          const code = await newMarketCode(world);
          await jobs.market.connect(actors.admin).upgradeToAndCall(code, "0x");
        }
        return { ...world, ids };
      }

      for (const way of HIRES) {
        it(`does not ${way}`, async () => {
          const { jobs, system } = await blocked();
          await expect(jobs.hireBy(way))
            .to.be.revertedWithCustomError(
              system.settlement,
              block === "pauseMarket" ? "SettlementMarketPaused" : "SettlementMarketNotOpen",
            )
            .withArgs(system.addresses.jobMarket);
        });
      }

      it("ends every job it has, and keeps nothing back", async () => {
        const { jobs, actors, ids } = await blocked();
        const client = jobs.market.connect(actors.client);
        await client.reject(ids.opened, REASON, "0x");
        await jobs.submit(ids.funded);
        await jobs.complete(ids.funded);
        await jobs.complete(ids.accepted);
        await jobs.reject(ids.rejected);
        await time.increase(30n * DAY);
        await jobs.claimRefund(ids.unsubmitted);
        await jobs.release(ids.released);
        const statuses = await Promise.all(Object.values(ids).map((jobId) => jobs.statusOf(jobId)));
        const { Rejected, Completed, Expired } = STATUS;
        expect(statuses).to.deep.equal([Rejected, Completed, Expired, Completed, Rejected, Completed]);
        expect(await jobs.escrow()).to.equal(0n);
      });

      it("leaves everybody his credit", async () => {
        const { jobs, system, actors, ids } = await blocked();
        const { provider } = actors;
        await jobs.complete(ids.accepted);
        await expect(
          system.settlement.connect(provider).withdraw(provider.address, PROVIDER_PART),
        ).to.changeTokenBalance(ethers, system.octo, provider, PROVIDER_PART);
      });
    });
  }

  describe("many jobs of all kinds (J-1, J-2)", () => {
    it("leave the escrow as the sum of what is Funded or Submitted, after every step", async () => {
      const { jobs, actors } = await loadFixture(openForBusiness);
      const evaluator = actors.evaluator.address;
      const amount = (index: number) => BigInt(index + 1) * 7n * OCTO + BigInt(index);
      const ids: bigint[] = [];
      for (let index = 0; index < 8; ++index) ids.push(await jobs.hire({ evaluator }, amount(index)));

      const check = async (step: string) => {
        const views = await Promise.all(ids.map((jobId) => jobs.view(jobId)));
        const locked = views.filter(({ status }) => status === STATUS.Funded || status === STATUS.Submitted);
        expect(await jobs.escrow(), step).to.equal(locked.reduce((sum, { budget }) => sum + budget, 0n));
      };
      await check("hired");
      for (const jobId of ids.slice(0, 5)) await jobs.submit(jobId);
      await check("submitted");
      await jobs.complete(1n);
      await check("completed");
      await jobs.reject(2n);
      await check("rejected when submitted");
      await jobs.reject(6n);
      await check("rejected when funded");
      await time.increase(30n * DAY);
      await jobs.claimRefund(7n);
      await check("expired");
      for (const jobId of [3n, 4n, 5n]) await jobs.release(jobId);
      await check("released");
      await jobs.claimRefund(8n);
      expect(await jobs.escrow()).to.equal(0n);
    });
  });
});
