import { expect } from "chai";
import { ZeroHash } from "ethers";

import { roleId } from "../../deploy/roles.ts";
import { ethers, loadFixture, OCTO, time } from "../support/fixture.ts";
import { BUDGET, DAY, PAYMENT, REASON, STATUS } from "../support/jobs.ts";
import { CLAIM, courtInSession, type DisputeWorld, gains, PHASE, POT } from "../support/disputes.ts";

const D = roleId("D");
const ESCROW = 1_000n * OCTO;
const BOND = 50n * OCTO;
const EVIDENCE = 7n * DAY;
const LIMIT = 60n * DAY;

const inSession = async () => loadFixture(courtInSession);

async function openedByClient() {
  const world = await inSession();
  return { ...world, jobId: await world.disputes.openedByClient() };
}

async function openedByProvider() {
  const world = await inSession();
  return { ...world, jobId: await world.disputes.openedByProvider() };
}

describe("DisputeDesk", () => {
  describe("open", () => {
    describe("when it is not the caller's turn", () => {
      for (const name of ["other", "stranger", "orchestrator"] as const) {
        it(`refuses the ${name} while the client has not rejected`, async () => {
          const { disputes, actors, jobs } = await inSession();
          const jobId = await disputes.submitted();
          await expect(disputes.desk.connect(actors[name]).open(jobId, CLAIM, PAYMENT.Approval, false))
            .to.be.revertedWithCustomError(jobs.market, "JobMarketWrongCaller")
            .withArgs(jobId, actors[name].address, actors.client.address);
        });
      }

      it("refuses the client once he has rejected: it is the provider's turn", async () => {
        const { disputes, actors, jobs } = await inSession();
        const jobId = await disputes.submitted();
        await jobs.reject(jobId);
        await expect(disputes.desk.connect(actors.client).open(jobId, CLAIM, PAYMENT.Approval, false))
          .to.be.revertedWithCustomError(jobs.market, "JobMarketWrongCaller")
          .withArgs(jobId, actors.client.address, actors.other.address);
      });
    });

    describe("when there is nothing to dispute", () => {
      it("refuses a job that is not submitted", async () => {
        const { disputes, actors, jobs } = await inSession();
        const jobId = await jobs.hire();
        await expect(disputes.desk.connect(actors.client).open(jobId, CLAIM, PAYMENT.Approval, false))
          .to.be.revertedWithCustomError(jobs.market, "JobMarketWrongStatus")
          .withArgs(jobId, STATUS.Funded, STATUS.Submitted);
      });

      it("refuses a job that an independent evaluator judges", async () => {
        const { disputes, actors, jobs } = await inSession();
        const jobId = await jobs.submitted({ evaluator: actors.evaluator.address });
        await expect(disputes.desk.connect(actors.client).open(jobId, CLAIM, PAYMENT.Approval, false))
          .to.be.revertedWithCustomError(jobs.market, "JobMarketEvaluatorDecides")
          .withArgs(jobId);
      });

      it("refuses after the review (M-05)", async () => {
        const { disputes, actors, jobs } = await inSession();
        const jobId = await disputes.submitted();
        const reviewEndsAt = await jobs.reviewEndOf(jobId);
        await jobs.afterReview(jobId);
        await expect(disputes.desk.connect(actors.client).open(jobId, CLAIM, PAYMENT.Approval, false))
          .to.be.revertedWithCustomError(jobs.market, "JobMarketReviewEnded")
          .withArgs(jobId, reviewEndsAt);
      });

      it("refuses the provider after the time to answer", async () => {
        const { disputes, actors, jobs } = await inSession();
        const jobId = await disputes.submitted();
        const answerUntil = (await jobs.reviewEndOf(jobId)) + 3n * DAY;
        await jobs.reject(jobId);
        await time.increaseTo(answerUntil);
        await expect(disputes.desk.connect(actors.other).open(jobId, CLAIM, PAYMENT.Approval, false))
          .to.be.revertedWithCustomError(jobs.market, "JobMarketReviewEnded")
          .withArgs(jobId, answerUntil);
      });

      it("refuses a second dispute about the same job (A-62)", async () => {
        const { disputes, actors, jobs, jobId } = await openedByClient();
        for (const who of [actors.client, actors.other]) {
          await expect(disputes.desk.connect(who).open(jobId, CLAIM, PAYMENT.Approval, false))
            .to.be.revertedWithCustomError(jobs.market, "JobMarketWrongStatus")
            .withArgs(jobId, STATUS.Disputed, STATUS.Submitted);
        }
      });
    });

    describe("when the bond is not there", () => {
      it("refuses without the allowance, and the job goes on (A-67)", async () => {
        const { disputes, actors, jobs, system } = await inSession();
        const jobId = await disputes.submitted();
        await system.octo.connect(actors.client).approve(system.addresses.disputeDesk, BOND - 1n);
        await expect(disputes.desk.connect(actors.client).open(jobId, CLAIM, PAYMENT.Approval, false))
          .to.be.revertedWithCustomError(system.octo, "ERC20InsufficientAllowance")
          .withArgs(system.addresses.disputeDesk, BOND - 1n, BOND);
        expect(await jobs.statusOf(jobId)).to.equal(STATUS.Submitted);
      });

      it("refuses credit that the desk may not spend", async () => {
        const { disputes, actors, system } = await inSession();
        const jobId = await disputes.submitted();
        await system.settlement.connect(actors.client).setCreditConsent(system.addresses.disputeDesk, false);
        await expect(disputes.desk.connect(actors.client).open(jobId, CLAIM, PAYMENT.Credit, false))
          .to.be.revertedWithCustomError(system.settlement, "SettlementCreditNotAllowed")
          .withArgs(actors.client.address, system.addresses.disputeDesk);
      });
    });

    describe("when it is in order", () => {
      for (const [escrow, bond] of [
        [10n * OCTO, 50n * OCTO],
        [1_000n * OCTO, 50n * OCTO],
        [1_000n * OCTO + 20n, 50n * OCTO + 1n],
      ] as const) {
        it(`costs ${bond} wei for an escrow of ${escrow}`, async () => {
          const { disputes, system } = await inSession();
          expect(await system.disputeDesk.bondFor(escrow)).to.equal(bond);
          if (escrow > 1_000n * OCTO) return;
          await disputes.openedByClient(escrow);
          expect(await disputes.held()).to.equal(bond);
        });
      }

      it("emits it, with the lane as the provider's bond", async () => {
        const { disputes, actors, arbiter } = await inSession();
        const jobId = await disputes.submitted();
        await expect(disputes.desk.connect(actors.client).open(jobId, CLAIM, PAYMENT.Approval, false))
          .to.emit(disputes.desk, "DisputeOpened")
          .withArgs(jobId, actors.client.address, arbiter, BOND, true, CLAIM);
      });

      // Who opens, whether the job binds the provider: whose bond is on the lane, what is posted, what is still asked for.
      for (const [opening, onLane, byClient, posted] of [
        ["openedByClient", true, true, BOND],
        ["openedByProvider", true, false, 0n],
        ["openedByUnbound", false, false, BOND],
      ] as const) {
        it(`takes what is to be posted, and no more: ${opening}`, async () => {
          const { disputes, arbiter } = await inSession();
          const jobId = await disputes[opening]();
          const dispute = await disputes.desk.disputeOf(jobId);
          expect([dispute.onLane, dispute.byClient, dispute.answered]).to.deep.equal([onLane, byClient, false]);
          expect([dispute.bond, dispute.phase, dispute.ruledAt]).to.deep.equal([BOND, PHASE.Open, 0n]);
          expect(dispute.openedAt).to.equal(await time.latest());
          expect(await disputes.held()).to.equal(posted);
          expect(await disputes.desk.arbiterOf(jobId)).to.equal(await arbiter.getAddress());
        });
      }

      it("takes nothing of a bound provider: no allowance, no credit, no consent", async () => {
        const { disputes, actors, jobs, system, arbiter } = await inSession();
        const jobId = await disputes.submitted();
        await jobs.reject(jobId);
        await system.octo.connect(actors.other).approve(system.addresses.disputeDesk, 0n);
        await system.settlement.connect(actors.other).setCreditConsent(system.addresses.disputeDesk, false);
        const opening = disputes.desk.connect(actors.other).open(jobId, CLAIM, PAYMENT.Credit, false);
        await expect(opening).to.changeTokenBalance(ethers, system.octo, actors.other, 0n);
        await expect(opening)
          .to.emit(disputes.desk, "DisputeOpened")
          .withArgs(jobId, actors.other.address, arbiter, BOND, true, CLAIM);
        expect(await disputes.creditOf(actors.other)).to.equal(10_000n * OCTO);
      });

      it("asks a provider whom nothing binds for a bond", async () => {
        const { disputes, jobs, actors } = await inSession();
        const jobId = await jobs.submitted();
        await disputes.desk.connect(actors.client).open(jobId, CLAIM, PAYMENT.Credit, false);
        expect((await disputes.desk.disputeOf(jobId)).onLane).to.equal(false);
      });

      it("keeps the escrow where it is (J-1)", async () => {
        const { disputes, jobs } = await inSession();
        const jobId = await disputes.submitted();
        const before = await jobs.escrow();
        await disputes.desk
          .connect(await ethers.getSigner((await jobs.view(jobId)).client))
          .open(jobId, CLAIM, 0n, false);
        expect(await jobs.escrow()).to.equal(before);
      });

      it("freezes what is disputed of the provider's stake, if asked to (I-10)", async () => {
        const { disputes, system, actors } = await inSession();
        const jobId = await disputes.openedByClient(ESCROW, true);
        const [octo, roleTokens] = await system.registry.frozenBondOf(actors.other.address, D);
        expect(octo).to.equal(ESCROW);
        expect(roleTokens).to.equal((await system.registry.bondOf(actors.other.address, D)).roleBond);
        expect((await disputes.desk.disputeOf(jobId)).frozen).to.equal(true);
      });

      it("freezes the opener's own stake, if the provider asks to", async () => {
        const { disputes, system, actors } = await inSession();
        const jobId = await disputes.openedByProvider(ESCROW, true);
        expect((await system.registry.frozenBondOf(actors.other.address, D)).octo).to.equal(ESCROW);
        expect((await disputes.desk.disputeOf(jobId)).frozen).to.equal(true);
      });
    });
  });

  describe("freezeStake", () => {
    it("refuses whoever is no party", async () => {
      const { disputes, actors, jobId } = await openedByClient();
      await expect(disputes.desk.connect(actors.stranger).freezeStake(jobId))
        .to.be.revertedWithCustomError(disputes.desk, "DisputeDeskNotParty")
        .withArgs(jobId, actors.stranger.address);
    });

    it("freezes later what was not frozen at once, and once only", async () => {
      const { disputes, system, actors, jobId } = await openedByClient();
      await disputes.desk.connect(actors.client).freezeStake(jobId);
      expect((await system.registry.frozenBondOf(actors.other.address, D)).octo).to.equal(ESCROW);
      await expect(disputes.desk.connect(actors.client).freezeStake(jobId))
        .to.be.revertedWithCustomError(disputes.desk, "DisputeDeskNothingToDo")
        .withArgs(jobId);
    });

    it("keeps an exit from leaving that was asked for after the work (A-24)", async () => {
      const { disputes, system, actors, jobId } = await openedByClient();
      await system.registry.connect(actors.other).unbond(D, 1_500n * OCTO, 0n);
      await disputes.desk.connect(actors.client).freezeStake(jobId);
      const [octo] = await system.registry.frozenBondOf(actors.other.address, D);
      const day = (BigInt(await time.latest()) + 8n * DAY - 1n) / DAY;
      // First out of the exit, which is the latest to have left.
      expect((await system.registry.exitOf(actors.other.address, D, day)).octo).to.equal(500n * OCTO);
      expect(octo).to.equal(0n);
    });

    it("refuses when there is no dispute, or it is over", async () => {
      const { disputes, actors, jobs } = await inSession();
      const jobId = await jobs.submitted();
      await expect(disputes.desk.connect(actors.client).freezeStake(jobId))
        .to.be.revertedWithCustomError(disputes.desk, "DisputeDeskNothingToDo")
        .withArgs(jobId);
    });
  });

  describe("answer", () => {
    it("refuses everybody but the other side", async () => {
      const { disputes, actors, jobId } = await openedByProvider();
      for (const who of [actors.other, actors.stranger]) {
        await expect(disputes.desk.connect(who).answer(jobId, PAYMENT.Approval))
          .to.be.revertedWithCustomError(disputes.desk, "DisputeDeskNotParty")
          .withArgs(jobId, who.address);
      }
    });

    it("refuses when the lane is the bond", async () => {
      const { disputes, actors, jobId } = await openedByClient();
      await expect(disputes.desk.connect(actors.other).answer(jobId, PAYMENT.Approval))
        .to.be.revertedWithCustomError(disputes.desk, "DisputeDeskAnswered")
        .withArgs(jobId);
    });

    it("takes the equal bond in the last second of 3 days, and not in the next", async () => {
      const { disputes, actors, jobId } = await openedByProvider();
      const until = (await disputes.desk.disputeOf(jobId)).openedAt + 3n * DAY;
      await time.setNextBlockTimestamp(until);
      await expect(disputes.desk.connect(actors.client).answer(jobId, PAYMENT.Credit))
        .to.emit(disputes.desk, "DisputeAnswered")
        .withArgs(jobId, actors.client.address);
      expect(await disputes.held()).to.equal(BOND);
    });

    it("takes a second posted bond where no lane is one", async () => {
      const { disputes, actors } = await inSession();
      const jobId = await disputes.openedByUnbound();
      await disputes.desk.connect(actors.client).answer(jobId, PAYMENT.Approval);
      expect(await disputes.held()).to.equal(2n * BOND);
      expect((await disputes.desk.disputeOf(jobId)).answered).to.equal(true);
    });

    it("refuses a second answer", async () => {
      const { disputes, actors, jobId } = await openedByProvider();
      await disputes.desk.connect(actors.client).answer(jobId, PAYMENT.Credit);
      await expect(disputes.desk.connect(actors.client).answer(jobId, PAYMENT.Credit))
        .to.be.revertedWithCustomError(disputes.desk, "DisputeDeskAnswered")
        .withArgs(jobId);
    });

    it("refuses a second later", async () => {
      const { disputes, actors, jobId } = await openedByProvider();
      const until = (await disputes.desk.disputeOf(jobId)).openedAt + 3n * DAY;
      await time.setNextBlockTimestamp(until + 1n);
      await expect(disputes.desk.connect(actors.client).answer(jobId, PAYMENT.Credit))
        .to.be.revertedWithCustomError(disputes.desk, "DisputeDeskTooLate")
        .withArgs(jobId, until);
    });
  });

  describe("winByDefault", () => {
    it("refuses while there is time to answer", async () => {
      const { disputes, jobId } = await openedByProvider();
      const until = (await disputes.desk.disputeOf(jobId)).openedAt + 3n * DAY;
      await time.setNextBlockTimestamp(until);
      await expect(disputes.desk.winByDefault(jobId))
        .to.be.revertedWithCustomError(disputes.desk, "DisputeDeskTooEarly")
        .withArgs(jobId, until);
    });

    it("refuses once the other side has a bond at stake", async () => {
      const { disputes, jobId } = await openedByClient();
      await time.increase(3n * DAY + 1n);
      await expect(disputes.desk.winByDefault(jobId))
        .to.be.revertedWithCustomError(disputes.desk, "DisputeDeskAnswered")
        .withArgs(jobId);
    });

    it("pays a provider whose client is silent: all of the work, and its lane owes nothing (M-05)", async () => {
      const world = await openedByProvider();
      const { disputes, jobs, jobId } = world;
      await time.increase(3n * DAY + 1n);
      await disputes.desk.winByDefault(jobId);
      const gained = await gains(world, () => disputes.desk.execute(jobId));
      expect(gained).to.deep.equal({
        client: 0n,
        provider: (ESCROW * 8n) / 10n,
        desk: 0n,
        burn: (ESCROW * 5n) / 100n,
      });
      expect(await jobs.statusOf(jobId)).to.equal(STATUS.Completed);
      expect((await disputes.desk.disputeOf(jobId)).owed).to.equal(0n);
    });

    it("gives an unbound provider whose client is silent its bond back too", async () => {
      const world = await inSession();
      const { disputes, actors } = world;
      const jobId = await disputes.openedByUnbound();
      await time.increase(3n * DAY + 1n);
      await disputes.desk.winByDefault(jobId);
      const gained = await gains(world, () => disputes.desk.execute(jobId), actors.provider);
      expect(gained).to.deep.equal({
        client: 0n,
        provider: (BUDGET * 8n) / 10n + BOND,
        desk: -BOND,
        burn: (BUDGET * 5n) / 100n,
      });
    });

    it("refunds a client whose unbound provider is silent", async () => {
      const world = await inSession();
      const { disputes, jobs, actors } = world;
      const jobId = await jobs.submitted();
      await disputes.desk.connect(actors.client).open(jobId, CLAIM, PAYMENT.Credit, false);
      await time.increase(3n * DAY + 1n);
      await disputes.desk.winByDefault(jobId);
      const gained = await gains(world, () => disputes.desk.execute(jobId));
      expect(gained.client).to.equal(BUDGET + BOND);
      expect(await disputes.held()).to.equal(0n);
    });
  });

  describe("submitEvidence", () => {
    for (const name of ["client", "other"] as const) {
      it(`emits what the ${name} shows, also what contradicts the other's (A-63)`, async () => {
        const { disputes, actors, jobId } = await openedByClient();
        await expect(disputes.desk.connect(actors[name]).submitEvidence(jobId, "ipfs://evidence", REASON))
          .to.emit(disputes.desk, "EvidenceSubmitted")
          .withArgs(jobId, actors[name].address, "ipfs://evidence", REASON);
      });
    }

    it("refuses whoever is no party", async () => {
      const { disputes, actors, jobId } = await openedByClient();
      await expect(disputes.desk.connect(actors.stranger).submitEvidence(jobId, "", ZeroHash))
        .to.be.revertedWithCustomError(disputes.desk, "DisputeDeskNotParty")
        .withArgs(jobId, actors.stranger.address);
    });

    it("refuses a text that is too long (M-22, A-90)", async () => {
      const { disputes, actors, jobId } = await openedByClient();
      await expect(disputes.desk.connect(actors.client).submitEvidence(jobId, "x".repeat(2_049), ZeroHash))
        .to.be.revertedWithCustomError(disputes.desk, "DisputeDeskTextTooLong")
        .withArgs(2_049n, 2_048n);
    });

    it("refuses once the case is with the arbiter", async () => {
      const { disputes, actors, jobId } = await openedByClient();
      await disputes.judging(jobId);
      await expect(disputes.desk.connect(actors.client).submitEvidence(jobId, "", ZeroHash))
        .to.be.revertedWithCustomError(disputes.desk, "DisputeDeskWrongPhase")
        .withArgs(jobId, PHASE.Judging, PHASE.Open);
    });
  });

  describe("bringCase", () => {
    it("refuses in the last second of the evidence, and brings it in the next", async () => {
      const { disputes, jobId, arbiter, actors } = await openedByClient();
      const until = (await disputes.desk.disputeOf(jobId)).openedAt + EVIDENCE;
      await time.setNextBlockTimestamp(until);
      await expect(disputes.desk.bringCase(jobId))
        .to.be.revertedWithCustomError(disputes.desk, "DisputeDeskTooEarly")
        .withArgs(jobId, until);
      await time.increaseTo(until);
      const bringing = disputes.desk.bringCase(jobId);
      await expect(bringing).to.emit(disputes.desk, "CaseBrought").withArgs(jobId, 1n);
      await expect(bringing)
        .to.emit(arbiter, "CaseOpened")
        .withArgs(1n, [actors.client.address, actors.other.address, actors.client.address]);
    });

    it("refuses while the other side has no bond", async () => {
      const { disputes, jobId } = await openedByProvider();
      await time.increase(EVIDENCE + 1n);
      await expect(disputes.desk.bringCase(jobId))
        .to.be.revertedWithCustomError(disputes.desk, "DisputeDeskNotAnswered")
        .withArgs(jobId);
    });

    it("can be tried again when the arbiter refuses", async () => {
      const { disputes, jobId, arbiter } = await openedByClient();
      await time.increase(EVIDENCE + 1n);
      await disputes.arbiter("setRefusing", true);
      await expect(disputes.desk.bringCase(jobId)).to.be.revertedWithCustomError(arbiter, "TestArbiterRefuses");
      await disputes.arbiter("setRefusing", false);
      await disputes.desk.bringCase(jobId);
      expect(await disputes.phaseOf(jobId)).to.equal(PHASE.Judging);
    });
  });

  describe("rule", () => {
    it("refuses whoever is not the case's arbiter", async () => {
      const { disputes, actors, jobId } = await openedByClient();
      await disputes.judging(jobId);
      const ruling = { decided: true, providerShare: 100n, offends: false, offence: 0n };
      await expect(disputes.desk.connect(actors.stranger).rule(1n, ruling))
        .to.be.revertedWithCustomError(disputes.desk, "DisputeDeskUnknownCase")
        .withArgs(actors.stranger.address, 1n);
    });

    it("refuses a second ruling without an appeal (M-21)", async () => {
      const { disputes, jobId } = await openedByClient();
      await disputes.judging(jobId);
      await disputes.decide(jobId, { share: 100n });
      await expect(disputes.decide(jobId, { share: 0n }))
        .to.be.revertedWithCustomError(disputes.desk, "DisputeDeskWrongPhase")
        .withArgs(jobId, PHASE.Ruled, PHASE.Judging);
    });

    it("emits it", async () => {
      const { disputes, jobId } = await openedByClient();
      await disputes.judging(jobId);
      await expect(disputes.decide(jobId, { share: 25n, offence: "PoorResult" }))
        .to.emit(disputes.desk, "Ruled")
        .withArgs(jobId, true, 25n, true, 2n);
    });
  });

  describe("execute", () => {
    describe("when it is too early", () => {
      it("refuses while the arbiter has the case", async () => {
        const { disputes, jobId } = await openedByClient();
        const { openedAt } = await disputes.desk.disputeOf(jobId);
        await disputes.judging(jobId);
        await expect(disputes.desk.execute(jobId))
          .to.be.revertedWithCustomError(disputes.desk, "DisputeDeskTooEarly")
          .withArgs(jobId, openedAt + LIMIT);
      });

      it("refuses in the last second of the time to appeal", async () => {
        const { disputes, jobId } = await openedByClient();
        await disputes.judging(jobId);
        await disputes.decide(jobId, { share: 0n });
        const { ruledAt } = await disputes.desk.disputeOf(jobId);
        await time.setNextBlockTimestamp(ruledAt + 3n * DAY);
        await expect(disputes.desk.execute(jobId))
          .to.be.revertedWithCustomError(disputes.desk, "DisputeDeskTooEarly")
          .withArgs(jobId, ruledAt + 3n * DAY);
      });

      it("refuses what was never disputed, and a second time (M-01)", async () => {
        const { disputes, jobId } = await openedByClient();
        await expect(disputes.desk.execute(77n))
          .to.be.revertedWithCustomError(disputes.desk, "DisputeDeskWrongPhase")
          .withArgs(77n, PHASE.None, PHASE.Final);
        await disputes.ruled(jobId, { share: 0n });
        await disputes.desk.execute(jobId);
        await expect(disputes.desk.execute(jobId))
          .to.be.revertedWithCustomError(disputes.desk, "DisputeDeskWrongPhase")
          .withArgs(jobId, PHASE.Closed, PHASE.Final);
      });
    });

    // Bond of the client, of the provider; what each is paid; the pot of posted bonds; what the lane owes.
    for (const [share, toProvider, refund, pot, owed] of [
      [0n, 0n, ESCROW, 0n, BOND],
      [25n, 250n * OCTO, 750n * OCTO, 0n, BOND],
      [50n, 500n * OCTO, 500n * OCTO, BOND / 2n, BOND / 2n],
      [75n, 750n * OCTO, 250n * OCTO, BOND, 0n],
      [100n, ESCROW, 0n, BOND, 0n],
    ] as const) {
      it(`splits the escrow at ${share} % and settles the bonds, to the wei (B-1, B-2)`, async () => {
        const world = await openedByClient();
        const { disputes, jobs, jobId } = world;
        await disputes.ruled(jobId, { share });
        const gained = await gains(world, () => disputes.desk.execute(jobId));
        expect(gained).to.deep.equal({
          client: refund + BOND - pot,
          provider: (toProvider * 8n) / 10n,
          desk: pot - BOND,
          burn: (toProvider * 5n) / 100n,
        });
        const dispute = await disputes.desk.disputeOf(jobId);
        expect([dispute.phase, dispute.owed]).to.deep.equal([PHASE.Closed, owed]);
        expect((await disputes.desk.feesOf(jobId, POT.Panel)).left).to.equal(pot);
        expect(await jobs.statusOf(jobId)).to.equal(share === 0n ? STATUS.Rejected : STATUS.Completed);
      });

      it(`settles the same whoever opened it, at ${share} %`, async () => {
        const world = await openedByProvider();
        const { disputes, jobId, actors } = world;
        await disputes.desk.connect(actors.client).answer(jobId, PAYMENT.Credit);
        await disputes.ruled(jobId, { share });
        const gained = await gains(world, () => disputes.desk.execute(jobId));
        expect(gained).to.deep.equal({
          client: refund + BOND - pot,
          provider: (toProvider * 8n) / 10n,
          desk: pot - BOND,
          burn: (toProvider * 5n) / 100n,
        });
        expect((await disputes.desk.disputeOf(jobId)).owed).to.equal(owed);
      });

      it(`settles two posted bonds at ${share} %`, async () => {
        const world = await inSession();
        const { disputes, actors } = world;
        const jobId = await disputes.openedByUnbound();
        await disputes.desk.connect(actors.client).answer(jobId, PAYMENT.Credit);
        await disputes.ruled(jobId, { share });
        const gained = await gains(world, () => disputes.desk.execute(jobId), actors.provider);
        const [clientLost, providerLost] =
          share === 50n ? [BOND / 2n, BOND / 2n] : share < 50n ? [0n, BOND] : [BOND, 0n];
        expect(gained.client).to.equal(refund + BOND - clientLost);
        expect(gained.provider).to.equal((toProvider * 8n) / 10n + BOND - providerLost);
        expect(gained.desk).to.equal(clientLost + providerLost - 2n * BOND);
        expect((await disputes.desk.disputeOf(jobId)).owed).to.equal(0n);
      });
    }

    it("ends the value in flight, whatever the share (V-6)", async () => {
      const { disputes, jobId, system, actors } = await openedByClient();
      await disputes.ruled(jobId, { share: 25n });
      await disputes.desk.execute(jobId);
      expect(await system.settlement.inFlightOf(actors.other.address)).to.equal(0n);
    });

    it("records the verdict's share as the task's success, once (a score a job)", async () => {
      const { disputes, jobId, system, actors } = await openedByClient();
      const tasksOf = async () => (await system.registry.positionOf(actors.other.address, D)).record.tasks;
      const before = await tasksOf();
      await disputes.ruled(jobId, { share: 25n });
      await disputes.desk.execute(jobId);
      expect(await tasksOf()).to.equal(before + 1n);
    });

    it("returns both bonds and halves the escrow when the arbiter decides nothing", async () => {
      const world = await inSession();
      const { disputes, actors } = world;
      const jobId = await disputes.openedByUnbound();
      await disputes.desk.connect(actors.client).answer(jobId, PAYMENT.Credit);
      await disputes.judging(jobId);
      await disputes.decide(jobId, undefined);
      const gained = await gains(world, () => disputes.desk.execute(jobId), actors.provider);
      expect(gained.client).to.equal(ESCROW / 2n + BOND);
      expect(gained.provider).to.equal((ESCROW * 4n) / 10n + BOND);
      expect(await disputes.held()).to.equal(0n);
    });

    describe("when the arbiter is silent for ever (M-06, B-4, A-81)", () => {
      for (const [where, prepare] of [
        ["before the case was brought", async () => undefined],
        ["with the case", async (world: DisputeWorld, jobId: bigint) => world.disputes.judging(jobId)],
      ] as const) {
        it(`is executed by anyone after 60 days, ${where}: halves and bonds back`, async () => {
          const world = await openedByClient();
          const { disputes, jobId, actors } = world;
          await prepare(world, jobId);
          const { openedAt } = await disputes.desk.disputeOf(jobId);
          await time.increaseTo(openedAt + LIMIT);
          const gained = await gains(world, () => disputes.desk.connect(actors.stranger).execute(jobId));
          expect(gained.client).to.equal(ESCROW / 2n + BOND);
          expect(gained.provider).to.equal((ESCROW * 4n) / 10n);
        });
      }

      it("is executed by the panel's ruling if the appeal is never heard", async () => {
        const world = await openedByClient();
        const { disputes, jobId, actors } = world;
        await disputes.judging(jobId);
        await disputes.decide(jobId, { share: 100n });
        await disputes.desk.connect(actors.client).appeal(jobId, PAYMENT.Credit);
        const { openedAt } = await disputes.desk.disputeOf(jobId);
        await time.increaseTo(openedAt + LIMIT);
        const gained = await gains(world, () => disputes.desk.execute(jobId));
        expect(gained.provider).to.equal((ESCROW * 8n) / 10n);
      });
    });

    it("works while both markets are paused (M-20)", async () => {
      const { disputes, jobs, jobId, system, actors } = await openedByClient();
      await disputes.ruled(jobId, { share: 0n });
      for (const market of [system.addresses.jobMarket, system.addresses.disputeDesk]) {
        await system.settlement.connect(actors.guardian).pauseMarket(market);
      }
      await disputes.desk.execute(jobId);
      expect(await jobs.statusOf(jobId)).to.equal(STATUS.Rejected);
    });

    it("pays though the desk may slash nobody any more (M-06)", async () => {
      const { disputes, jobs, jobId, system, actors } = await openedByClient();
      await disputes.ruled(jobId, { share: 0n, offence: "Fraud" });
      for (const lane of [0n, 1n]) {
        await system.slashingDesk.connect(actors.guardian).removeSlasher(system.addresses.disputeDesk, lane);
      }
      await disputes.desk.execute(jobId);
      expect(await jobs.statusOf(jobId)).to.equal(STATUS.Rejected);
      await expect(disputes.desk.punish(jobId)).to.be.revertedWithCustomError(
        system.slashingDesk,
        "SlashingDeskNotSlasher",
      );
    });
  });

  describe("appeal", () => {
    async function ruledFor(share: bigint) {
      const world = await openedByClient();
      await world.disputes.judging(world.jobId);
      await world.disputes.decide(world.jobId, { share });
      return world;
    }

    it("refuses whoever is no party", async () => {
      const { disputes, actors, jobId } = await ruledFor(0n);
      await expect(disputes.desk.connect(actors.stranger).appeal(jobId, PAYMENT.Approval))
        .to.be.revertedWithCustomError(disputes.desk, "DisputeDeskNotParty")
        .withArgs(jobId, actors.stranger.address);
    });

    it("refuses before there is a ruling, and a second appeal (I-18)", async () => {
      const { disputes, actors, jobId } = await openedByClient();
      await expect(disputes.desk.connect(actors.client).appeal(jobId, PAYMENT.Approval))
        .to.be.revertedWithCustomError(disputes.desk, "DisputeDeskWrongPhase")
        .withArgs(jobId, PHASE.Open, PHASE.Ruled);
      await disputes.judging(jobId);
      await disputes.decide(jobId, { share: 100n });
      await disputes.desk.connect(actors.client).appeal(jobId, PAYMENT.Approval);
      await expect(disputes.desk.connect(actors.other).appeal(jobId, PAYMENT.Approval))
        .to.be.revertedWithCustomError(disputes.desk, "DisputeDeskWrongPhase")
        .withArgs(jobId, PHASE.Appealed, PHASE.Ruled);
    });

    it("refuses a second after 3 days", async () => {
      const { disputes, actors, jobId } = await ruledFor(0n);
      const { ruledAt } = await disputes.desk.disputeOf(jobId);
      await time.setNextBlockTimestamp(ruledAt + 3n * DAY + 1n);
      await expect(disputes.desk.connect(actors.other).appeal(jobId, PAYMENT.Approval))
        .to.be.revertedWithCustomError(disputes.desk, "DisputeDeskTooLate")
        .withArgs(jobId, ruledAt + 3n * DAY);
    });

    it("takes a doubled bond and asks the arbiter", async () => {
      const { disputes, actors, jobId, arbiter } = await ruledFor(0n);
      const held = await disputes.held();
      const appealing = disputes.desk.connect(actors.other).appeal(jobId, PAYMENT.Credit);
      await expect(appealing)
        .to.emit(disputes.desk, "Appealed")
        .withArgs(jobId, actors.other.address, 2n * BOND);
      await expect(appealing).to.emit(arbiter, "CaseAppealed").withArgs(1n);
      expect((await disputes.held()) - held).to.equal(2n * BOND);
    });

    it("that fails costs the appellant the doubled bond", async () => {
      const world = await ruledFor(0n);
      const { disputes, actors, jobId } = world;
      await disputes.desk.connect(actors.other).appeal(jobId, PAYMENT.Credit);
      await disputes.decide(jobId, { share: 0n }, [], true);
      await disputes.desk.execute(jobId);
      expect((await disputes.desk.feesOf(jobId, POT.Appeal)).left).to.equal(2n * BOND);
    });

    it("that turns the verdict gives it back, and the other side pays its bond", async () => {
      const world = await ruledFor(0n);
      const { disputes, actors, jobId } = world;
      await disputes.desk.connect(actors.other).appeal(jobId, PAYMENT.Credit);
      await disputes.decide(jobId, { share: 100n }, [], true);
      const gained = await gains(world, () => disputes.desk.execute(jobId));
      expect(gained.provider).to.equal((ESCROW * 8n) / 10n + 2n * BOND);
      expect(gained.client).to.equal(0n);
      expect((await disputes.desk.feesOf(jobId, POT.Panel)).left).to.equal(BOND);
    });

    it("that nobody hears leaves the panel's ruling", async () => {
      const { disputes, actors, jobId, jobs } = await ruledFor(0n);
      await disputes.desk.connect(actors.other).appeal(jobId, PAYMENT.Credit);
      await disputes.decide(jobId, undefined, [], true);
      await disputes.desk.execute(jobId);
      expect(await jobs.statusOf(jobId)).to.equal(STATUS.Rejected);
    });
  });

  describe("setArbiter", () => {
    it("decides about the jobs made from now on; older ones keep theirs (M-21, M-03, B-5)", async () => {
      const { disputes, actors, arbiter, jobs } = await inSession();
      const old = await disputes.submitted();
      const next = await ethers.deployContract("TestArbiter");
      await expect(disputes.desk.connect(actors.admin).setArbiter(next))
        .to.emit(disputes.desk, "ArbiterSet")
        .withArgs(old + 1n, next);
      const young = await disputes.submitted();
      expect(await disputes.desk.arbiterOf(old)).to.equal(await arbiter.getAddress());
      expect(await disputes.desk.arbiterOf(young)).to.equal(await next.getAddress());
      expect(await jobs.market.jobCount()).to.equal(young);
    });

    it("keeps the arbiter of a dispute that is open (M-21)", async () => {
      const { disputes, actors, arbiter, jobId } = await openedByClient();
      await disputes.desk.connect(actors.admin).setArbiter(await ethers.deployContract("TestArbiter"));
      await disputes.judging(jobId);
      expect(await disputes.desk.arbiterOf(jobId)).to.equal(await arbiter.getAddress());
      await disputes.decide(jobId, { share: 0n });
      await disputes.desk.connect(actors.other).appeal(jobId, PAYMENT.Credit);
      await expect(disputes.decide(jobId, { share: 0n }, [actors.relayer.address], true))
        .to.emit(disputes.desk, "Ruled")
        .withArgs(jobId, true, 0n, false, 0n);
    });

    it("refuses what is no contract", async () => {
      const { disputes, actors } = await inSession();
      await expect(disputes.desk.connect(actors.admin).setArbiter(actors.stranger.address))
        .to.be.revertedWithCustomError(disputes.desk, "DisputeDeskInvalidArbiter")
        .withArgs(actors.stranger.address);
    });
  });

  describe("setBondTerms", () => {
    for (const [share, least, actual, low, high] of [
      [99n, BOND, 99n, 100n, 2_000n],
      [2_001n, BOND, 2_001n, 100n, 2_000n],
      [500n, OCTO - 1n, OCTO - 1n, OCTO, 1_000n * OCTO],
      [500n, 1_000n * OCTO + 1n, 1_000n * OCTO + 1n, OCTO, 1_000n * OCTO],
    ] as const) {
      it(`refuses ${share} basis points and ${least} wei`, async () => {
        const { disputes, actors } = await inSession();
        await expect(disputes.desk.connect(actors.admin).setBondTerms(share, least))
          .to.be.revertedWithCustomError(disputes.desk, "DisputeDeskBondOutOfBounds")
          .withArgs(actual, low, high);
      });
    }

    it("holds for new disputes only (M-03)", async () => {
      const { disputes, actors, jobId } = await openedByClient();
      for (const [share, least] of [
        [100n, OCTO],
        [2_000n, 1_000n * OCTO],
      ] as const) {
        await expect(disputes.desk.connect(actors.admin).setBondTerms(share, least))
          .to.emit(disputes.desk, "BondTermsSet")
          .withArgs(share, least);
      }
      expect(await disputes.desk.bondFor(ESCROW)).to.equal(1_000n * OCTO);
      expect((await disputes.desk.disputeOf(jobId)).bond).to.equal(BOND);
    });
  });

  describe("pull", () => {
    it("refuses everybody but the vault (M-20)", async () => {
      const { disputes, actors } = await inSession();
      await expect(disputes.desk.connect(actors.stranger).pull(actors.client.address, 1n))
        .to.be.revertedWithCustomError(disputes.desk, "DisputeDeskCallerNotVault")
        .withArgs(actors.stranger.address);
    });
  });
});
