import { expect } from "chai";
import fc from "fast-check";
import { ZeroAddress, ZeroHash } from "ethers";

import { roleId } from "../../deploy/roles.ts";
import { courtInSession, type DisputeWorld, PHASE, POT, type Verdict } from "../support/disputes.ts";
import { ethers, loadFixture, OCTO, time } from "../support/fixture.ts";
import { DAY, impersonated } from "../support/jobs.ts";
import { ALL_ROLES, LANE, WEEK } from "../support/slashing.ts";

const D = roleId("D");
const ESCROW = 1_000n * OCTO;
const BOND = 50n * OCTO;
const LEVY = 60n * DAY;

const inSession = async () => loadFixture(courtInSession);

async function openedByClient() {
  const world = await inSession();
  return { ...world, jobId: await world.disputes.openedByClient() };
}

/** Decided, executed, and at the beginning of a week of which the desk has such budgets, in whole tokens. */
async function closed(verdict: Verdict, octo = 1_000n, roleTokens = 1_000n, freeze = false, begun?: DisputeWorld) {
  const world = begun ?? (await inSession());
  const { disputes, system, actors } = world;
  const jobId = await disputes.openedByClient(ESCROW, freeze);
  const desk = system.addresses.disputeDesk;
  await system.slashingDesk.connect(actors.admin).setSlasher(desk, LANE.Octo, ALL_ROLES, octo);
  await system.slashingDesk.connect(actors.admin).setSlasher(desk, LANE.RoleTokens, ALL_ROLES, roleTokens);
  await disputes.closed(jobId, verdict, [actors.relayer.address]);
  await time.increaseTo((await endOfWeek()) + 1n);
  return { ...world, jobId };
}

async function endOfWeek(): Promise<bigint> {
  return (BigInt(await time.latest()) / WEEK + 1n) * WEEK - 1n;
}

async function nextWeek(): Promise<void> {
  await time.increaseTo((await endOfWeek()) + 1n);
}

/** Uses up so much of the desk's budget in OCTO, at the cost of another provider. */
async function spend({ system, actors }: DisputeWorld, amount: bigint): Promise<void> {
  const desk = await impersonated(system.addresses.disputeDesk);
  await system.registry.connect(actors.provider).bond(D, amount, 0n);
  const at = await time.latest();
  await system.slashingDesk.connect(desk).levy(actors.provider.address, D, amount, at, actors.stranger.address);
  const { spent } = await system.slashingDesk.slasherOf(desk.address, LANE.Octo);
  expect(spent).to.equal(amount);
}

async function stakeOf({ system, actors }: DisputeWorld) {
  const { octoBond, roleBond } = await system.registry.positionOf(actors.other.address, D);
  return { octo: octoBond, roleTokens: roleBond };
}

/** The judge leaves the provider no more than this of its OCTO stake. */
async function impoverish(world: DisputeWorld, left: bigint): Promise<void> {
  const { system, actors } = world;
  const { octo } = await stakeOf(world);
  const at = await time.latest();
  await system.slashingDesk
    .connect(actors.judge)
    .levy(actors.other.address, D, octo - left, at, actors.stranger.address);
}

const owedOf = async ({ disputes }: DisputeWorld, jobId: bigint) => (await disputes.desk.disputeOf(jobId)).owed;
const levyPot = async ({ disputes }: DisputeWorld, jobId: bigint) => (await disputes.desk.feesOf(jobId, POT.Levy)).left;

describe("DisputeDesk", () => {
  describe("punish", () => {
    it("refuses before the money is where it belongs", async () => {
      const { disputes, jobId } = await openedByClient();
      await disputes.ruled(jobId, { share: 0n, offence: "Fraud" });
      await expect(disputes.desk.punish(jobId))
        .to.be.revertedWithCustomError(disputes.desk, "DisputeDeskWrongPhase")
        .withArgs(jobId, PHASE.Ruled, PHASE.Closed);
    });

    it("takes the lane's bond for the panel, without a mark in the record", async () => {
      const { disputes, jobId, system, actors } = await openedByClient();
      await disputes.ruled(jobId, { share: 0n });
      await disputes.desk.execute(jobId);
      const before = await system.registry.positionOf(actors.other.address, D);
      await expect(disputes.desk.punish(jobId)).to.emit(disputes.desk, "ProviderPunished").withArgs(jobId, BOND, 0n);
      const after = await system.registry.positionOf(actors.other.address, D);
      expect(before.octoBond - after.octoBond).to.equal(BOND);
      expect(after.record.flags).to.equal(before.record.flags);
      expect((await disputes.desk.feesOf(jobId, POT.Levy)).left).to.equal(BOND);
      expect(await disputes.held()).to.equal(BOND);
    });

    it("slashes for the offence, and makes the client whole first", async () => {
      const { disputes, jobId, system, actors } = await openedByClient();
      await disputes.ruled(jobId, { share: 25n, offence: "SlaViolation" });
      await disputes.desk.execute(jobId);
      const { octoBond } = await system.registry.positionOf(actors.other.address, D);
      const penalty = ((octoBond - BOND) * 20n) / 100n;
      const whole = penalty < 250n * OCTO ? penalty : 250n * OCTO;
      await expect(disputes.desk.punish(jobId)).to.changeTokenBalance(ethers, system.octo, actors.client, whole);
    });

    it("refuses a second time (A-62)", async () => {
      const { disputes, jobId } = await openedByClient();
      await disputes.ruled(jobId, { share: 0n, offence: "PoorResult" });
      await disputes.desk.execute(jobId);
      await disputes.desk.punish(jobId);
      await expect(disputes.desk.punish(jobId))
        .to.be.revertedWithCustomError(disputes.desk, "DisputeDeskNothingToDo")
        .withArgs(jobId);
    });

    it("frees what was frozen, with an offence and without (I-10)", async () => {
      for (const offence of ["PoorResult", undefined] as const) {
        const { disputes, system, actors } = await inSession();
        const jobId = await disputes.openedByClient(ESCROW, true);
        await disputes.ruled(jobId, offence === undefined ? { share: 100n } : { share: 0n, offence });
        await disputes.desk.execute(jobId);
        await disputes.desk.punish(jobId);
        expect([...(await system.registry.frozenBondOf(actors.other.address, D))]).to.deep.equal([0n, 0n]);
      }
    });

    it("takes what is there when it is less than what is owed (A-64, I-09)", async () => {
      const { disputes, jobId, system, actors } = await openedByClient();
      await disputes.ruled(jobId, { share: 0n });
      await disputes.desk.execute(jobId);
      const fraud = {
        provider: actors.other.address,
        role: D,
        offence: 5n,
        offenceAt: 1n,
        disputeId: ZeroHash,
        client: ZeroAddress,
        loss: 0n,
        reason: ZeroHash,
      };
      await system.slashingDesk.connect(actors.judge).slash(fraud);
      await expect(disputes.desk.punish(jobId)).to.emit(disputes.desk, "ProviderPunished").withArgs(jobId, 0n, 0n);
      expect(await disputes.held()).to.equal(0n);
    });

    it("takes it from the lane of a provider who opened the dispute itself", async () => {
      const world = await inSession();
      const { disputes, actors } = world;
      const jobId = await disputes.openedByProvider();
      await disputes.desk.connect(actors.client).answer(jobId, 1n);
      await disputes.closed(jobId, { share: 0n });
      const before = await stakeOf(world);
      await expect(disputes.desk.connect(actors.stranger).punish(jobId))
        .to.emit(disputes.desk, "ProviderPunished")
        .withArgs(jobId, BOND, 0n);
      expect(before.octo - (await stakeOf(world)).octo).to.equal(BOND);
      expect(await levyPot(world, jobId)).to.equal(BOND);
    });

    it("takes nothing of a provider who won", async () => {
      const world = await inSession();
      const { disputes } = world;
      const jobId = await disputes.closed(await disputes.openedByClient(), { share: 75n });
      await expect(disputes.desk.punish(jobId))
        .to.be.revertedWithCustomError(disputes.desk, "DisputeDeskNothingToDo")
        .withArgs(jobId);
    });

    it("gives up for good what the stake does not reach, to the wei (B-6)", async () => {
      const world = await closed({ share: 0n });
      const { disputes, jobId } = world;
      const left = 7n * OCTO + 3n;
      await impoverish(world, left);
      await expect(disputes.desk.punish(jobId)).to.emit(disputes.desk, "ProviderPunished").withArgs(jobId, left, 0n);
      expect(await owedOf(world, jobId)).to.equal(0n);
      await expect(disputes.desk.punish(jobId))
        .to.be.revertedWithCustomError(disputes.desk, "DisputeDeskNothingToDo")
        .withArgs(jobId);
    });

    it("reaches no exit that the dispute froze: what the job locked pays, a fifth of the escrow", async () => {
      const world = await inSession();
      const { disputes, system, actors } = world;
      const jobId = await disputes.openedByClient(100n * OCTO);
      await system.registry.connect(actors.other).unbond(D, 1_980n * OCTO, 0n);
      await disputes.desk.connect(actors.client).freezeStake(jobId);
      await disputes.closed(jobId, { share: 0n });
      await expect(disputes.desk.punish(jobId))
        .to.emit(disputes.desk, "ProviderPunished")
        .withArgs(jobId, 20n * OCTO, 0n);
      expect(await owedOf(world, jobId)).to.equal(0n);
    });

    describe("when the week's budget does not reach the bond (B-6)", () => {
      it("takes the rest in the next week, to the wei and no more", async () => {
        const world = await closed({ share: 0n }, 30n);
        const { disputes, jobId } = world;
        const before = await stakeOf(world);
        for (const [levied, owed] of [
          [30n * OCTO, 20n * OCTO],
          [20n * OCTO, 0n],
        ] as const) {
          await expect(disputes.desk.punish(jobId))
            .to.emit(disputes.desk, "ProviderPunished")
            .withArgs(jobId, levied, 0n);
          expect(await owedOf(world, jobId)).to.equal(owed);
          await nextWeek();
        }
        expect(before.octo - (await stakeOf(world)).octo).to.equal(BOND);
        expect(await levyPot(world, jobId)).to.equal(BOND);
        expect(await disputes.held()).to.equal(BOND); // B-1
        await expect(disputes.desk.punish(jobId))
          .to.be.revertedWithCustomError(disputes.desk, "DisputeDeskNothingToDo")
          .withArgs(jobId);
      });

      it("refuses until the week's last second, and takes the rest in the next", async () => {
        const world = await closed({ share: 0n }, 30n);
        const { disputes, jobId } = world;
        await disputes.desk.punish(jobId);
        const until = await endOfWeek();
        await time.setNextBlockTimestamp(until);
        await expect(disputes.desk.punish(jobId))
          .to.be.revertedWithCustomError(disputes.desk, "DisputeDeskBudgetUsedUp")
          .withArgs(jobId, until);
        await time.increaseTo(until);
        await expect(disputes.desk.punish(jobId))
          .to.emit(disputes.desk, "ProviderPunished")
          .withArgs(jobId, 20n * OCTO, 0n);
      });

      it("refuses when others have used it up, whoever calls, and nothing is lost", async () => {
        const world = await closed({ share: 0n }, 40n);
        const { disputes, jobId, actors } = world;
        await spend(world, 40n * OCTO);
        for (const who of [actors.other, actors.stranger]) {
          await expect(disputes.desk.connect(who).punish(jobId))
            .to.be.revertedWithCustomError(disputes.desk, "DisputeDeskBudgetUsedUp")
            .withArgs(jobId, await endOfWeek());
        }
        expect(await owedOf(world, jobId)).to.equal(BOND);
        await nextWeek();
        await disputes.desk.punish(jobId);
        expect(await owedOf(world, jobId)).to.equal(10n * OCTO);
      });

      it("ends for good once the stake is gone", async () => {
        const world = await closed({ share: 0n }, 30n);
        const { disputes, jobId } = world;
        await disputes.desk.punish(jobId);
        await impoverish(world, 0n);
        await nextWeek();
        await expect(disputes.desk.punish(jobId)).to.emit(disputes.desk, "ProviderPunished").withArgs(jobId, 0n, 0n);
        expect(await owedOf(world, jobId)).to.equal(0n);
        await expect(disputes.desk.punish(jobId))
          .to.be.revertedWithCustomError(disputes.desk, "DisputeDeskNothingToDo")
          .withArgs(jobId);
      });

      it("ends a week later if the stake is gone with the last of the budget", async () => {
        const world = await closed({ share: 0n }, 30n);
        const { disputes, jobId } = world;
        await impoverish(world, 30n * OCTO);
        await disputes.desk.punish(jobId);
        expect(await owedOf(world, jobId)).to.equal(20n * OCTO);
        await nextWeek();
        await expect(disputes.desk.punish(jobId)).to.emit(disputes.desk, "ProviderPunished").withArgs(jobId, 0n, 0n);
        expect(await owedOf(world, jobId)).to.equal(0n);
      });

      it("ends a week later if the stake was less than the budget", async () => {
        const world = await closed({ share: 0n }, 30n);
        const { disputes, jobId } = world;
        await impoverish(world, 5n * OCTO);
        await disputes.desk.punish(jobId);
        expect(await owedOf(world, jobId)).to.equal(45n * OCTO);
        await nextWeek();
        await expect(disputes.desk.punish(jobId)).to.emit(disputes.desk, "ProviderPunished").withArgs(jobId, 0n, 0n);
        expect(await owedOf(world, jobId)).to.equal(0n);
      });

      it("goes on though a levy on delegators' exits has left some wei of the budget", async () => {
        const world = await inSession();
        const { disputes, system, actors } = world;
        const { delegator, other } = actors;
        await system.delegationPools.connect(other).openPool(D);
        await system.delegationPools.connect(delegator).delegate(other.address, D, 1_234n * OCTO + 11n, 0n);
        const { jobId } = await closed({ share: 0n }, 30n, 1_000n, false, world);
        const [shares] = await system.delegationPools.delegationOf(delegator.address, other.address, D);
        await impoverish(world, 0n);
        for (const part of [7n, 11n, 13n, 17n, 19n].map((divisor) => shares / divisor)) {
          await system.delegationPools.connect(delegator).undelegate(other.address, D, part, 0n);
          await time.increase(DAY);
        }
        const [rest] = await system.delegationPools.delegationOf(delegator.address, other.address, D);
        await system.delegationPools.connect(delegator).undelegate(other.address, D, rest, 0n);
        await disputes.desk.punish(jobId);
        const levied = await levyPot(world, jobId);
        expect(30n * OCTO - levied).to.be.within(1n, 8n);
        expect(await owedOf(world, jobId)).to.equal(BOND - levied);
        await nextWeek();
        await disputes.desk.punish(jobId);
        expect(await levyPot(world, jobId)).to.be.within(BOND - 8n, BOND);
        expect(await owedOf(world, jobId)).to.equal(0n);
      });

      it("keeps the stake frozen until all is taken (I-10)", async () => {
        const { disputes, jobId, system, actors } = await closed({ share: 0n }, 30n, 1_000n, true);
        const frozen = async () => (await system.registry.frozenBondOf(actors.other.address, D)).octo;
        await disputes.desk.punish(jobId);
        expect(await frozen()).to.equal(ESCROW);
        await nextWeek();
        await disputes.desk.punish(jobId);
        expect(await frozen()).to.equal(0n);
        expect((await disputes.desk.disputeOf(jobId)).frozen).to.equal(false);
      });

      it("takes all of it, whatever the budget, in as many weeks as that needs", async () => {
        const draws = fc.record({
          octo: fc.bigInt(7n, 60n),
          share: fc.constantFrom(0n, 49n, 50n),
          left: fc.bigInt(0n, 80n * OCTO),
        });
        await fc.assert(
          fc.asyncProperty(draws, async ({ octo, share, left }) => {
            const world = await closed({ share }, octo);
            const { disputes, jobId } = world;
            await impoverish(world, left);
            const asked = share === 50n ? BOND / 2n : BOND;
            const reached = asked < left ? asked : left;
            let weeks = 0n;
            for (; (await owedOf(world, jobId)) !== 0n; ++weeks) {
              await disputes.desk.punish(jobId);
              expect((await owedOf(world, jobId)) + (await levyPot(world, jobId))).to.be.at.most(asked);
              await nextWeek();
            }
            expect(left - (await stakeOf(world)).octo).to.equal(reached);
            expect(await levyPot(world, jobId)).to.equal(reached);
            expect(weeks).to.be.at.most(reached / (octo * OCTO) + 2n); // the last finds that nothing is left
          }),
          { numRuns: 15, seed: 8183, endOnFailure: true },
        );
      });
    });

    describe("when the week's budget is short for an offence (B-6)", () => {
      // What it costs: 20 % of the OCTO that the bond leaves, 50 % of the role tokens.
      const slashOf = (stake: { octo: bigint; roleTokens: bigint }) => ({
        octo: ((stake.octo - BOND) * 20n) / 100n,
        roleTokens: (stake.roleTokens * 50n) / 100n,
      });
      const lost = { share: 0n, offence: "SlaViolation" } as const;

      it("waits for the next week with it, and then takes all of it, in both lanes and once", async () => {
        const world = await closed(lost);
        const { disputes, jobId, system, actors } = world;
        await spend(world, 600n * OCTO - 1n);
        const before = await stakeOf(world);
        await expect(disputes.desk.punish(jobId)).to.emit(disputes.desk, "ProviderPunished").withArgs(jobId, BOND, 0n);
        expect((await disputes.desk.disputeOf(jobId)).offends).to.equal(true);
        expect((await stakeOf(world)).roleTokens).to.equal(before.roleTokens);
        await expect(disputes.desk.punish(jobId))
          .to.be.revertedWithCustomError(disputes.desk, "DisputeDeskBudgetUsedUp")
          .withArgs(jobId, await endOfWeek());

        await nextWeek();
        const { octo, roleTokens } = slashOf(before);
        await expect(disputes.desk.punish(jobId)).to.emit(disputes.desk, "ProviderPunished").withArgs(jobId, 0n, octo);
        const after = await stakeOf(world);
        expect(before.octo - after.octo).to.equal(BOND + octo);
        expect(before.roleTokens - after.roleTokens).to.equal(roleTokens);
        const [, repeats] = await system.slashingDesk.priceFor(actors.other.address, D, 3n);
        expect(repeats).to.equal(1n);
        await expect(disputes.desk.punish(jobId))
          .to.be.revertedWithCustomError(disputes.desk, "DisputeDeskNothingToDo")
          .withArgs(jobId);
      });

      // What others have taken of 1,000 before: with the bond, half of it, and a wei more.
      for (const [spent, waits] of [
        [450n * OCTO, false],
        [450n * OCTO + 1n, true],
      ] as const) {
        it(`${waits ? "waits" : "does not wait"} when ${spent + BOND} wei of 1,000 OCTO are used`, async () => {
          const world = await closed(lost);
          const { disputes, jobId } = world;
          await spend(world, spent);
          const { octo } = slashOf(await stakeOf(world));
          await expect(disputes.desk.punish(jobId))
            .to.emit(disputes.desk, "ProviderPunished")
            .withArgs(jobId, BOND, waits ? 0n : octo);
          expect((await disputes.desk.disputeOf(jobId)).offends).to.equal(waits);
        });
      }

      it("waits for the budget of role tokens as well", async () => {
        const world = await closed(lost, 10_000n, 1_000n);
        const { disputes, jobId, system, actors } = world;
        const desk = await impersonated(system.addresses.disputeDesk);
        const fraud = {
          provider: actors.other.address,
          role: D,
          offence: 4n,
          offenceAt: await time.latest(),
          disputeId: ZeroHash,
          client: ZeroAddress,
          loss: 0n,
          reason: ZeroHash,
        };
        await system.slashingDesk.connect(desk).slash(fraud); // all role tokens, of which there are 1,000
        const { octo } = await stakeOf(world);
        await expect(disputes.desk.punish(jobId)).to.emit(disputes.desk, "ProviderPunished").withArgs(jobId, BOND, 0n);
        await nextWeek();
        const again = ((octo - BOND) * 30n) / 100n; // half as much again, for the second time
        await expect(disputes.desk.punish(jobId)).to.emit(disputes.desk, "ProviderPunished").withArgs(jobId, 0n, again);
      });

      it("takes what is left of the budget when it asks for more than that, but at least half a week's", async () => {
        const world = await closed(lost, 300n);
        const { disputes, jobId } = world;
        await spend(world, 100n * OCTO);
        await expect(disputes.desk.punish(jobId))
          .to.emit(disputes.desk, "ProviderPunished")
          .withArgs(jobId, BOND, 150n * OCTO);
        expect((await disputes.desk.disputeOf(jobId)).offends).to.equal(false);
      });

      it("levies first: what the bond takes makes the offence wait", async () => {
        const world = await closed(lost, 60n);
        const { disputes, jobId } = world;
        for (const taken of [
          [BOND, 0n],
          [0n, 60n * OCTO],
        ]) {
          await expect(disputes.desk.punish(jobId))
            .to.emit(disputes.desk, "ProviderPunished")
            .withArgs(jobId, ...taken);
          await nextWeek();
        }
      });

      it("keeps what was frozen until then, and takes it first (I-10)", async () => {
        const world = await closed(lost, 1_000n, 1_000n, true);
        const { disputes, jobId, system, actors } = world;
        await spend(world, 600n * OCTO);
        await disputes.desk.punish(jobId);
        expect((await system.registry.frozenBondOf(actors.other.address, D)).octo).to.equal(ESCROW);
        await nextWeek();
        await disputes.desk.punish(jobId);
        expect([...(await system.registry.frozenBondOf(actors.other.address, D))]).to.deep.equal([0n, 0n]);
        expect((await disputes.desk.disputeOf(jobId)).frozen).to.equal(false);
      });

      it("makes the client whole then, as if it had not waited", async () => {
        const world = await closed({ share: 25n, offence: "SlaViolation" });
        const { disputes, jobId, system, actors } = world;
        await spend(world, 600n * OCTO);
        await disputes.desk.punish(jobId);
        await nextWeek();
        await expect(disputes.desk.punish(jobId)).to.changeTokenBalance(
          ethers,
          system.octo,
          actors.client,
          250n * OCTO,
        );
      });
    });

    describe("when somebody has ended the freeze after its time", () => {
      for (const offence of ["PoorResult", undefined] as const) {
        it(offence === undefined ? "has nothing more to free" : "slashes without it", async () => {
          const { disputes, jobId, system, actors } = await closed(
            offence === undefined ? { share: 0n } : { share: 0n, offence },
            1_000n,
            1_000n,
            true,
          );
          const { slashingDesk, addresses } = system;
          const number = ethers.toBeHex(jobId, 32);
          const key = await slashingDesk.disputeKey(addresses.disputeDesk, actors.other.address, D, number);
          await time.increase(60n * DAY);
          await slashingDesk.connect(actors.stranger).closeDispute(key);
          await nextWeek();
          await disputes.desk.punish(jobId);
          const { frozen, offends, owed } = await disputes.desk.disputeOf(jobId);
          expect([frozen, offends, owed]).to.deep.equal([false, false, 0n]);
        });
      }
    });

    describe("while a part of what is owed is in its pot", () => {
      async function partly() {
        const world = await closed({ share: 0n }, 30n);
        await world.disputes.desk.punish(world.jobId);
        const { ruledAt } = await world.disputes.desk.disputeOf(world.jobId);
        return { ...world, until: ruledAt + LEVY };
      }

      it("does not share it out: the majority gets its part of all (B-3)", async () => {
        const world = await partly();
        const { disputes, jobId, actors, until } = world;
        await expect(disputes.desk.connect(actors.relayer).collectFee(jobId, POT.Levy))
          .to.be.revertedWithCustomError(disputes.desk, "DisputeDeskTooEarly")
          .withArgs(jobId, until);
        await nextWeek();
        await disputes.desk.punish(jobId);
        await disputes.desk.connect(actors.relayer).collectFee(jobId, POT.Levy);
        expect(await disputes.creditOf(actors.relayer)).to.equal((BOND * 80n) / 100n);
        expect(await disputes.held()).to.equal(0n);
      });

      it("shares out what is there 60 days after the ruling, though this desk may take no more (M-06)", async () => {
        const world = await partly();
        const { disputes, jobId, actors, system, until } = world;
        await system.slashingDesk.connect(actors.guardian).removeSlasher(system.addresses.disputeDesk, LANE.Octo);
        await nextWeek();
        await expect(disputes.desk.punish(jobId))
          .to.be.revertedWithCustomError(system.slashingDesk, "SlashingDeskNotSlasher")
          .withArgs(system.addresses.disputeDesk, D);
        await time.setNextBlockTimestamp(until);
        await expect(disputes.desk.connect(actors.relayer).collectFee(jobId, POT.Levy))
          .to.be.revertedWithCustomError(disputes.desk, "DisputeDeskTooEarly")
          .withArgs(jobId, until);
        await time.increaseTo(until);
        await disputes.desk.connect(actors.relayer).collectFee(jobId, POT.Levy);
        expect(await disputes.creditOf(actors.relayer)).to.equal(24n * OCTO);
        expect(await disputes.held()).to.equal(0n);
      });

      it("takes no more once it was shared out: nobody would get it (B-1)", async () => {
        const world = await partly();
        const { disputes, jobId, actors, until } = world;
        await time.increaseTo(until + 1n);
        await disputes.desk.connect(actors.relayer).collectFee(jobId, POT.Levy);
        const before = await stakeOf(world);
        await expect(disputes.desk.punish(jobId)).to.emit(disputes.desk, "ProviderPunished").withArgs(jobId, 0n, 0n);
        expect(await stakeOf(world)).to.deep.equal(before);
        expect(await owedOf(world, jobId)).to.equal(0n);
        expect(await disputes.held()).to.equal(0n);
      });

      it("does not keep back the other pots", async () => {
        const { disputes, jobId, actors } = await partly();
        for (const pot of [POT.Panel, POT.Appeal]) {
          await expect(disputes.desk.connect(actors.relayer).collectFee(jobId, pot))
            .to.be.revertedWithCustomError(disputes.desk, "DisputeDeskNoFee")
            .withArgs(jobId, pot, actors.relayer.address);
        }
      });
    });
  });
});
