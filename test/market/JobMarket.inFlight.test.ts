import { expect } from "chai";
import type { ContractTransactionResponse } from "ethers";

import { roleId } from "../../deploy/roles.ts";
import { activate, ethers, loadFixture, OCTO } from "../support/fixture.ts";
import { BUDGET, HIRES, type MarketWorld, openForBusiness, REASON, STATUS } from "../support/jobs.ts";

const [A, D] = [roleId("A"), roleId("D")];

/** Five times the bond of 200 OCTO that the provider has in D. */
const CAPACITY = 1_000n * OCTO;

/** After one whole step down in success and speed and up in security: 19, 19, 20, 24 and 20, weighed. */
const SCORE_OF_FAILURE = 1_905_000n;

/** A provider whose standing terms bind it to whatever a client offers. */
async function withTerms(): Promise<MarketWorld> {
  const world = await loadFixture(openForBusiness);
  for (const role of [A, D]) {
    await world.system.registry.connect(world.actors.provider).setStandingTerms(role, 1_000_000n * OCTO, 0n);
  }
  return world;
}

async function inFlightOf({ system, actors }: MarketWorld): Promise<bigint> {
  return system.settlement.inFlightOf(actors.provider.address);
}

/** A job that binds the provider by its signature, although somebody else judges it. */
async function judged({ jobs, actors }: MarketWorld): Promise<bigint> {
  const deal = jobs.deal({ evaluator: actors.evaluator.address, orchestrator: actors.orchestrator.address });
  await jobs.hireBy("hire", deal, { consent: await jobs.consent("hire", deal) });
  return jobs.last();
}

type End = (world: MarketWorld) => Promise<ContractTransactionResponse>;

/** Every way in which a job that binds its provider ends, and whether that is the provider's failure. */
const ENDS: readonly (readonly [how: string, failed: boolean, end: End])[] = [
  [
    "the client accepts",
    false,
    async ({ jobs }) => {
      await jobs.submitted();
      return jobs.complete(1n);
    },
  ],
  [
    "the review ends in silence",
    false,
    async ({ jobs }) => {
      await jobs.afterReview(await jobs.submitted());
      return jobs.release(1n);
    },
  ],
  [
    "the client takes it back before the submission",
    false,
    async ({ jobs }) => {
      await jobs.hire();
      return jobs.reject(1n);
    },
  ],
  [
    "the evaluator rejects it before the submission",
    false,
    async (world) => {
      await judged(world);
      return world.jobs.reject(1n);
    },
  ],
  [
    "the evaluator rejects what was submitted",
    true,
    async (world) => {
      await world.jobs.submit(await judged(world));
      return world.jobs.reject(1n);
    },
  ],
  [
    "the deadline passes without a submission",
    true,
    async ({ jobs }) => {
      await jobs.afterDeadline(await jobs.hire({ duration: 300n }));
      return jobs.claimRefund(1n);
    },
  ],
];

describe("JobMarket", () => {
  describe("value in flight", () => {
    for (const way of HIRES) {
      describe(`when a provider is hired by ${way}`, () => {
        it("takes a job as large as its bond carries", async () => {
          const world = await loadFixture(withTerms);
          await world.jobs.hireBy(way, world.jobs.deal(), { budget: CAPACITY });
          expect(await inFlightOf(world)).to.equal(CAPACITY);
        });

        it("refuses a wei more with SettlementCapacityExceeded", async () => {
          const { jobs, system, actors } = await loadFixture(withTerms);
          await expect(jobs.hireBy(way, jobs.deal(), { budget: CAPACITY + 1n }))
            .to.be.revertedWithCustomError(system.settlement, "SettlementCapacityExceeded")
            .withArgs(actors.provider.address, CAPACITY + 1n, CAPACITY);
          expect([await jobs.last(), await jobs.escrow()]).to.deep.equal([0n, 0n]);
        });

        it("refuses a wei beside a full bond, though the provider has signed", async () => {
          const { jobs, system, actors } = await loadFixture(withTerms);
          await jobs.hire({}, CAPACITY);
          const deal = jobs.deal({ salt: ethers.id("another") });
          const consent = await jobs.consent(way, deal, { budget: 1n });
          await expect(jobs.hireBy(way, deal, { budget: 1n, consent }))
            .to.be.revertedWithCustomError(system.settlement, "SettlementCapacityExceeded")
            .withArgs(actors.provider.address, CAPACITY + 1n, CAPACITY);
          expect(await jobs.market.isConsentSpent(actors.provider.address, consent.nonce)).to.equal(false);
        });
      });
    }

    describe("when a job is funded in steps", () => {
      it("takes a job as large as the bond carries", async () => {
        const world = await loadFixture(withTerms);
        await world.jobs.funded({ budget: CAPACITY });
        expect(await inFlightOf(world)).to.equal(CAPACITY);
      });

      it("refuses a wei more with SettlementCapacityExceeded, and the job stays Open", async () => {
        const { jobs, system, actors } = await loadFixture(withTerms);
        await jobs.opened({ budget: CAPACITY + 1n });
        await expect(jobs.fund(1n, CAPACITY + 1n))
          .to.be.revertedWithCustomError(system.settlement, "SettlementCapacityExceeded")
          .withArgs(actors.provider.address, CAPACITY + 1n, CAPACITY);
        expect(await jobs.statusOf(1n)).to.equal(STATUS.Open);
      });
    });

    describe("when the job binds nobody", () => {
      it("counts nothing and knows no limit", async () => {
        const world = await loadFixture(openForBusiness);
        await world.jobs.hire({}, 10n * CAPACITY);
        expect(await inFlightOf(world)).to.equal(0n);
        expect(await world.jobs.isBound(1n)).to.equal(false);
      });
    });

    describe("when the provider works in two roles", () => {
      it("counts the jobs of both against the bond of each", async () => {
        const world = await loadFixture(withTerms);
        const { jobs, system, actors } = world;
        await jobs.hire({ role: A }, 4_000n * OCTO); // of 5 x 1,000 in A
        await expect(jobs.hireBy("hire", jobs.deal(), { budget: 1n }))
          .to.be.revertedWithCustomError(system.settlement, "SettlementCapacityExceeded")
          .withArgs(actors.provider.address, 4_000n * OCTO + 1n, CAPACITY);
        await jobs.hire({ role: A }, 1_000n * OCTO);
        expect(await inFlightOf(world)).to.equal(5_000n * OCTO);
      });
    });

    describe("when the provider bonds more", () => {
      it("carries five times as much more", async () => {
        const world = await loadFixture(withTerms);
        await world.jobs.hire({}, CAPACITY);
        await activate(world.system, world.actors.provider, "D");
        await world.jobs.hire({}, CAPACITY);
        expect(await inFlightOf(world)).to.equal(2n * CAPACITY);
      });
    });

    for (const [how, , end] of ENDS) {
      describe(`when ${how}`, () => {
        it("is free again, all of it (V-6)", async () => {
          const world = await loadFixture(withTerms);
          await end(world);
          expect(await inFlightOf(world)).to.equal(0n);
          await world.jobs.hire({}, CAPACITY);
          expect(await inFlightOf(world)).to.equal(CAPACITY);
        });
      });
    }

    describe("when one of several jobs ends", () => {
      it("stays what the others are", async () => {
        const world = await loadFixture(withTerms);
        for (const budget of [100n, 200n, 300n]) await world.jobs.hire({}, budget * OCTO);
        await world.jobs.reject(2n);
        expect(await inFlightOf(world)).to.equal(400n * OCTO);
      });
    });
  });

  describe("a job that failed", () => {
    for (const [how, failed, end] of ENDS.slice(2)) {
      describe(`when ${how}`, () => {
        it(failed ? "is recorded against the provider, and nobody else" : "moves nobody's score", async () => {
          const world = await loadFixture(withTerms);
          const ending = await end(world);
          const { registry } = world.system;
          const recorded = (await ending.wait())!.logs.filter(({ address }) => address === registry.target);
          expect(recorded.length).to.equal(failed ? 1 : 0);
          if (!failed) return;
          await expect(ending)
            .to.emit(registry, "TaskRecorded")
            .withArgs(world.actors.provider.address, D, 1n, SCORE_OF_FAILURE);
        });

        it("gives the client the whole budget back, takes no fee and mints nothing", async () => {
          const world = await loadFixture(withTerms);
          const { system, actors } = world;
          const before = await system.settlement.creditOf(actors.client.address);
          const ending = await end(world);
          expect((await system.settlement.creditOf(actors.client.address)) - before).to.equal(BUDGET);
          expect([...(await system.settlement.sums())]).to.deep.equal([0n, 0n, 0n, 0n]);
          await expect(ending).not.to.emit(system.roleTokens.D, "Transfer");
        });
      });
    }

    describe("when it bound nobody", () => {
      it("moves no score if it expires", async () => {
        const { jobs, system } = await loadFixture(openForBusiness);
        await jobs.afterDeadline(await jobs.hire());
        await expect(jobs.claimRefund(1n)).not.to.emit(system.registry, "TaskRecorded");
      });

      it("moves no score if the evaluator rejects what was submitted", async () => {
        const { jobs, system, actors } = await loadFixture(withTerms);
        await jobs.submitted({ evaluator: actors.evaluator.address });
        const rejecting = jobs.market.connect(actors.evaluator).reject(1n, REASON, "0x");
        await expect(rejecting).not.to.emit(system.registry, "TaskRecorded");
      });
    });

    describe("when it was worth less than the smallest recorded settlement", () => {
      it("moves no score", async () => {
        const { jobs, system } = await loadFixture(withTerms);
        await jobs.afterDeadline(await jobs.hire({}, 10n * OCTO - 1n));
        await expect(jobs.claimRefund(1n)).not.to.emit(system.registry, "TaskRecorded");
      });
    });
  });
});
