import { expect } from "chai";

import { CLAIM, courtInSession, type DisputeWorld, gains, PHASE } from "../support/disputes.ts";
import { loadFixture, OCTO, time } from "../support/fixture.ts";
import { BUDGET, DAY, impersonated, PAYMENT, REASON, STATUS } from "../support/jobs.ts";

const BOND = 50n * OCTO;
const ANSWER = 3n * DAY;
const LIMIT = 60n * DAY;

const inSession = async () => loadFixture(courtInSession);

async function openedByProvider() {
  const world = await inSession();
  return { ...world, jobId: await world.disputes.openedByProvider() };
}

/** Opened by the provider, and paused since then. */
async function pausedSince() {
  const world = await openedByProvider();
  await world.disputes.pause();
  return world;
}

/** Noted by whoever passes by; the moment. */
async function note({ disputes, actors }: DisputeWorld): Promise<bigint> {
  await disputes.desk.connect(actors.stranger).notePause();
  return BigInt(await time.latest());
}

// A pause stops locks, and by that whoever would have to post a bond. It must decide no dispute.
describe("DisputeDesk, while its locks are paused", () => {
  describe("open", () => {
    it("lets a bound provider open, whose lane is its bond (M-20)", async () => {
      const { disputes, actors, jobs } = await inSession();
      const jobId = await disputes.submitted();
      await jobs.reject(jobId);
      await disputes.pause();
      await disputes.desk.connect(actors.other).open(jobId, CLAIM, PAYMENT.Approval, false);
      expect(await jobs.statusOf(jobId)).to.equal(STATUS.Disputed);
      expect(await disputes.phaseOf(jobId)).to.equal(PHASE.Open);
    });

    it("lets it open with its stake frozen", async () => {
      const { disputes, actors, jobs } = await inSession();
      const jobId = await disputes.submitted();
      await jobs.reject(jobId);
      await disputes.pause();
      await disputes.desk.connect(actors.other).open(jobId, CLAIM, PAYMENT.Credit, true);
      expect((await disputes.desk.disputeOf(jobId)).frozen).to.equal(true);
    });

    it("refuses the client, who can still reject", async () => {
      const { disputes, actors, jobs, system } = await inSession();
      const jobId = await disputes.submitted();
      await disputes.pause();
      await expect(disputes.desk.connect(actors.client).open(jobId, CLAIM, PAYMENT.Approval, false))
        .to.be.revertedWithCustomError(system.settlement, "SettlementMarketPaused")
        .withArgs(system.addresses.disputeDesk);
      await jobs.reject(jobId);
      expect(await jobs.statusOf(jobId)).to.equal(STATUS.Declined);
    });

    it("refuses a provider whom nothing binds", async () => {
      const { disputes, actors, jobs, system } = await inSession();
      const jobId = await jobs.submitted();
      await jobs.reject(jobId);
      await disputes.pause();
      await expect(disputes.desk.connect(actors.provider).open(jobId, CLAIM, PAYMENT.Approval, false))
        .to.be.revertedWithCustomError(system.settlement, "SettlementMarketPaused")
        .withArgs(system.addresses.disputeDesk);
    });
  });

  describe("winByDefault", () => {
    it("refuses: the client could not answer (B-7)", async () => {
      const { disputes, jobId, actors, system } = await pausedSince();
      await expect(disputes.desk.connect(actors.client).answer(jobId, PAYMENT.Credit))
        .to.be.revertedWithCustomError(system.settlement, "SettlementMarketPaused")
        .withArgs(system.addresses.disputeDesk);
      await time.increase(ANSWER + 1n);
      for (const who of [actors.other, actors.stranger]) {
        await expect(disputes.desk.connect(who).winByDefault(jobId))
          .to.be.revertedWithCustomError(disputes.desk, "DisputeDeskLocksPaused")
          .withArgs(jobId);
      }
      expect(await disputes.phaseOf(jobId)).to.equal(PHASE.Open);
    });

    it("refuses: an unbound provider could not answer (B-7)", async () => {
      const { disputes, actors, jobs } = await inSession();
      const jobId = await jobs.submitted();
      await disputes.desk.connect(actors.client).open(jobId, CLAIM, PAYMENT.Credit, false);
      await disputes.pause();
      await time.increase(ANSWER + 1n);
      await expect(disputes.desk.connect(actors.client).winByDefault(jobId))
        .to.be.revertedWithCustomError(disputes.desk, "DisputeDeskLocksPaused")
        .withArgs(jobId);
    });

    it("refuses while an upgrade has closed the desk, until it is admitted anew (B-7)", async () => {
      const { disputes, jobId, system, actors } = await openedByProvider();
      const desk = await impersonated(system.addresses.disputeDesk);
      await system.settlement.connect(desk).closeMarket();
      await time.increase(ANSWER + 1n);
      await expect(disputes.desk.winByDefault(jobId))
        .to.be.revertedWithCustomError(disputes.desk, "DisputeDeskLocksPaused")
        .withArgs(jobId);
      await system.settlement.connect(actors.admin).admitMarket(desk.address, 0n, 0n);
      await disputes.desk.winByDefault(jobId);
      expect(await disputes.phaseOf(jobId)).to.equal(PHASE.Final);
    });

    it("says first that it is too early, if it is", async () => {
      const { disputes, jobId } = await pausedSince();
      const { openedAt } = await disputes.desk.disputeOf(jobId);
      await expect(disputes.desk.winByDefault(jobId))
        .to.be.revertedWithCustomError(disputes.desk, "DisputeDeskTooEarly")
        .withArgs(jobId, openedAt + ANSWER);
    });

    it("goes on where it was once the pause is over, if nobody has noted it", async () => {
      const { disputes, jobId } = await pausedSince();
      await time.increase(ANSWER + 1n);
      await disputes.unpause();
      await disputes.desk.winByDefault(jobId);
      expect(await disputes.phaseOf(jobId)).to.equal(PHASE.Final);
    });
  });

  describe("notePause", () => {
    it("refuses while the desk can lock", async () => {
      const { disputes, actors } = await openedByProvider();
      await expect(disputes.desk.connect(actors.client).notePause()).to.be.revertedWithCustomError(
        disputes.desk,
        "DisputeDeskNoPause",
      );
      expect(await disputes.desk.pauseNotedAt()).to.equal(0n);
    });

    it("is anybody's, and emits it", async () => {
      const { disputes, actors } = await pausedSince();
      const at = BigInt(await time.latest()) + 10n;
      await time.setNextBlockTimestamp(at);
      await expect(disputes.desk.connect(actors.stranger).notePause())
        .to.emit(disputes.desk, "PauseNoted")
        .withArgs(at);
      expect(await disputes.desk.pauseNotedAt()).to.equal(at);
    });

    it("notes that an upgrade has closed the desk", async () => {
      const world = await openedByProvider();
      const desk = await impersonated(world.system.addresses.disputeDesk);
      await world.system.settlement.connect(desk).closeMarket();
      expect(await note(world)).to.equal(await world.disputes.desk.pauseNotedAt());
    });

    it("gives the other side 3 days from then: to the last second", async () => {
      const world = await pausedSince();
      const { disputes, actors, jobId } = world;
      await time.increase(9n * DAY);
      const notedAt = await note(world);
      await disputes.unpause();
      await time.setNextBlockTimestamp(notedAt + ANSWER);
      await expect(disputes.desk.connect(actors.client).answer(jobId, PAYMENT.Credit))
        .to.emit(disputes.desk, "DisputeAnswered")
        .withArgs(jobId, actors.client.address);
      await disputes.desk.bringCase(jobId); // the time for evidence has not moved
      expect(await disputes.phaseOf(jobId)).to.equal(PHASE.Judging);
    });

    it("and no second more, from which on the opener wins by default", async () => {
      const world = await pausedSince();
      const { disputes, actors, jobId } = world;
      await time.increase(9n * DAY);
      const until = (await note(world)) + ANSWER;
      await disputes.unpause();
      await time.setNextBlockTimestamp(until);
      await expect(disputes.desk.winByDefault(jobId))
        .to.be.revertedWithCustomError(disputes.desk, "DisputeDeskTooEarly")
        .withArgs(jobId, until);
      await time.setNextBlockTimestamp(until + 1n);
      await expect(disputes.desk.connect(actors.client).answer(jobId, PAYMENT.Credit))
        .to.be.revertedWithCustomError(disputes.desk, "DisputeDeskTooLate")
        .withArgs(jobId, until);
      await disputes.desk.winByDefault(jobId);
      expect(await disputes.phaseOf(jobId)).to.equal(PHASE.Final);
    });

    it("counts from the last time it was noted", async () => {
      const world = await pausedSince();
      const { disputes, jobId } = world;
      await note(world);
      await time.increase(5n * DAY);
      const until = (await note(world)) + ANSWER;
      await disputes.unpause();
      await expect(disputes.desk.winByDefault(jobId))
        .to.be.revertedWithCustomError(disputes.desk, "DisputeDeskTooEarly")
        .withArgs(jobId, until);
    });

    it("gives a dispute that is opened later its 3 days, and no more", async () => {
      const world = await inSession();
      const { disputes, actors } = world;
      await disputes.pause();
      await note(world);
      await disputes.unpause();
      await time.increase(DAY);
      const jobId = await disputes.openedByProvider();
      const { openedAt } = await disputes.desk.disputeOf(jobId);
      await time.setNextBlockTimestamp(openedAt + ANSWER + 1n);
      await expect(disputes.desk.connect(actors.client).answer(jobId, PAYMENT.Credit))
        .to.be.revertedWithCustomError(disputes.desk, "DisputeDeskTooLate")
        .withArgs(jobId, openedAt + ANSWER);
    });
  });

  describe("appeal", () => {
    async function ruledSince() {
      const world = await inSession();
      const jobId = await world.disputes.openedByClient();
      await world.disputes.judging(jobId);
      await world.disputes.decide(jobId, { share: 0n });
      await world.disputes.pause();
      return { ...world, jobId };
    }

    it("cannot be made, and its time goes on: money that a ruling has set free is not held back (M-20, I-18)", async () => {
      const world = await ruledSince();
      const { disputes, jobId, actors, system, jobs } = world;
      await expect(disputes.desk.connect(actors.other).appeal(jobId, PAYMENT.Credit))
        .to.be.revertedWithCustomError(system.settlement, "SettlementMarketPaused")
        .withArgs(system.addresses.disputeDesk);
      await note(world);
      const { ruledAt } = await disputes.desk.disputeOf(jobId);
      await time.setNextBlockTimestamp(ruledAt + 3n * DAY + 1n);
      await disputes.desk.connect(actors.stranger).execute(jobId);
      expect(await jobs.statusOf(jobId)).to.equal(STATUS.Rejected);
    });

    it("is not given more time by a note", async () => {
      const world = await ruledSince();
      const { disputes, jobId, actors } = world;
      await time.increase(2n * DAY);
      await note(world);
      await disputes.unpause();
      const { ruledAt } = await disputes.desk.disputeOf(jobId);
      await time.setNextBlockTimestamp(ruledAt + 3n * DAY + 1n);
      await expect(disputes.desk.connect(actors.other).appeal(jobId, PAYMENT.Credit))
        .to.be.revertedWithCustomError(disputes.desk, "DisputeDeskTooLate")
        .withArgs(jobId, ruledAt + 3n * DAY);
    });
  });

  describe("whatever locks nothing", () => {
    it("goes on: evidence, the freeze, the case, its ruling and its end (M-20)", async () => {
      const { disputes, actors, jobs } = await inSession();
      const jobId = await disputes.openedByClient();
      await disputes.pause();
      await disputes.desk.connect(actors.client).submitEvidence(jobId, "ipfs://evidence", REASON);
      await disputes.desk.connect(actors.client).freezeStake(jobId);
      await disputes.closed(jobId, { share: 0n });
      expect(await jobs.statusOf(jobId)).to.equal(STATUS.Rejected);
    });

    it("does not take what the lane owes, and loses none of it", async () => {
      const { disputes, system } = await inSession();
      const jobId = await disputes.closed(await disputes.openedByClient(), { share: 0n });
      await disputes.pause();
      await expect(disputes.desk.punish(jobId))
        .to.be.revertedWithCustomError(system.settlement, "SettlementMarketPaused")
        .withArgs(system.addresses.disputeDesk);
      expect((await disputes.desk.disputeOf(jobId)).owed).to.equal(BOND);
      await disputes.unpause();
      await expect(disputes.desk.punish(jobId)).to.emit(disputes.desk, "ProviderPunished").withArgs(jobId, BOND, 0n);
    });
  });

  // Who opened and who could not answer; what of the bonds is posted.
  for (const [opening, name, posted] of [
    ["openedByProvider", "other", 0n],
    ["openedByUnbound", "provider", BOND],
  ] as const) {
    it(`ends after 60 days though it never ends, half to each and the bond back: ${opening} (B-4, M-06)`, async () => {
      const world = await inSession();
      const { disputes, actors } = world;
      const jobId = await disputes[opening]();
      await disputes.pause();
      const until = (await disputes.desk.disputeOf(jobId)).openedAt + LIMIT;
      await time.increaseTo(until - 2n);
      await note(world); // moves the time to answer, and nothing else
      await time.setNextBlockTimestamp(until);
      await expect(disputes.desk.connect(actors.stranger).execute(jobId))
        .to.be.revertedWithCustomError(disputes.desk, "DisputeDeskTooEarly")
        .withArgs(jobId, until);
      await time.increaseTo(until);
      const gained = await gains(world, () => disputes.desk.connect(actors.stranger).execute(jobId), actors[name]);
      expect(gained).to.deep.equal({
        client: BUDGET / 2n,
        provider: (BUDGET * 4n) / 10n + posted,
        desk: -posted,
        burn: (BUDGET * 25n) / 1_000n,
      });
      const { phase, owed } = await disputes.desk.disputeOf(jobId);
      expect([phase, owed]).to.deep.equal([PHASE.Closed, 0n]);
    });
  }
});
