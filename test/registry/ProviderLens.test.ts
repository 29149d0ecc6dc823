import { expect } from "chai";
import { id, MaxUint256, ZeroAddress } from "ethers";

import { roleId } from "../../deploy/roles.ts";
import { ethers, loadFixture, OCTO, time } from "../support/fixture.ts";
import { DAY, impersonated } from "../support/jobs.ts";
import * as model from "../support/models/score.ts";
import { bondIn, D, MIN_OCTO, MIN_ROLE, MINIMUMS, supplied, vaultOf } from "../support/positions.ts";
import { lockOf, withMarket } from "../support/testMarket.ts";
import { emptyInto } from "../support/vesting.ts";

const A = roleId("A");

/** A provider who is active in A and D, with work in D and in O, where it was never active. */
async function working() {
  const world = await supplied();
  await bondIn(world, "A");
  await bondIn(world, "D");
  const { system, provider } = world;
  const vault = system.registry.connect(await vaultOf(world));
  for (const role of [D, D, D, roleId("O")]) {
    await vault.record({
      provider: provider.address,
      role,
      orchestrator: ZeroAddress,
      weight: 3_000n,
      success: 100n,
      speed: 60n,
      pay: 0n,
    });
  }
  return { ...world, lens: system.providerLens };
}

/** The treasury, with enough of both tokens to be anything. */
async function rich() {
  const world = await supplied();
  const { system, actors } = world;
  const { octo, engine, registry } = system;
  await emptyInto(system, "treasuryVesting", actors.treasury);
  for (const spender of [engine, registry]) {
    await octo.connect(actors.treasury).approve(await spender.getAddress(), MaxUint256);
  }
  return { ...world, whale: actors.treasury, bonding: registry.connect(actors.treasury), lens: system.providerLens };
}

describe("ProviderLens", () => {
  describe("statusOf", () => {
    describe("when nobody has taken the position", () => {
      for (const role of [D, 0n, 9n, 31n, 255n]) {
        it(`shows all zeros in role ${role}, and the role's minimum`, async () => {
          const { system, actors } = await loadFixture(working);
          const { minimum, ...rest } = (
            (await system.providerLens.statusOf(actors.stranger.address, role)) as unknown as {
              toObject(): Record<string, unknown>;
            }
          ).toObject();
          expect([...(minimum as bigint[])]).to.deep.equal(role === D ? [MIN_OCTO, MIN_ROLE] : [0n, 0n]);
          expect(Object.keys(rest)).to.have.lengthOf(22);
          for (const [name, value] of Object.entries(rest)) expect(value, name).to.be.oneOf([0n, false]);
        });
      }
    });

    describe("when a position is active", () => {
      it("shows bonds, activity, ordinal and cohort as the registry has them", async () => {
        const { lens, registry, provider } = await loadFixture(working);
        const status = await lens.statusOf(provider.address, D);
        expect([status.octoBond, status.roleBond]).to.deep.equal([...(await registry.bondOf(provider.address, D))]);
        expect([status.active, status.suspended, status.banned, status.onDuty]).to.deep.equal([
          true,
          false,
          false,
          false,
        ]);
        expect([status.ordinal, status.cohort]).to.deep.equal([1n, 1n]);
      });

      it("shows the record, the score and what follows from it", async () => {
        const { lens, registry, provider } = await loadFixture(working);
        const status = await lens.statusOf(provider.address, D);
        const { record } = await registry.positionOf(provider.address, D);
        expect([status.tasks, status.activatedDay]).to.deep.equal([3n, record.activatedDay]);
        expect(status.score).to.equal(await registry.scoreOf(provider.address, D));
        expect(status.grade).to.equal(model.gradeOf(status.score));
        expect(status.routingWeight).to.equal(model.routingWeight(status.score, MIN_OCTO, 0n, 3n));
      });

      it("counts age in the routing weight", async () => {
        const { lens, registry, provider } = await loadFixture(working);
        const { record } = await registry.positionOf(provider.address, D);
        await time.increaseTo((record.activatedDay + 100n) * DAY + 1n);
        const { score, routingWeight } = await lens.statusOf(provider.address, D);
        expect(routingWeight).to.equal(model.routingWeight(score, MIN_OCTO, 100n, 3n));
      });

      it("shows the tasks of who was never active, and no score", async () => {
        const { lens, provider } = await loadFixture(working);
        const status = await lens.statusOf(provider.address, roleId("O"));
        expect([status.tasks, status.score, status.activatedDay, status.ordinal, status.cohort]).to.deep.equal([
          1n,
          0n,
          0n,
          0n,
          0n,
        ]);
      });

      it("shows the standing terms and the duty", async () => {
        const { lens, registry, provider } = await loadFixture(working);
        await registry.setStandingTerms(D, 500n * OCTO, 61n);
        await registry.setDuty(D, true);
        const { maxBudget, minDuration, onDuty } = await lens.statusOf(provider.address, D);
        expect([maxBudget, minDuration, onDuty]).to.deep.equal([500n * OCTO, 120n, true]);
      });

      it("no longer counts what is leaving", async () => {
        const { lens, registry, provider } = await loadFixture(working);
        await registry.unbond(D, MIN_OCTO, 1n);
        const { octoBond, roleBond, active, capacity, tier } = await lens.statusOf(provider.address, D);
        expect([octoBond, roleBond, active, capacity, tier]).to.deep.equal([0n, MIN_ROLE - 1n, false, 0n, 0n]);
      });
    });

    describe("when the OCTO bond is about a tier's threshold", () => {
      for (const [bond, tier] of [
        [MIN_OCTO - 1n, "None"],
        [MIN_OCTO, "Basic"],
        [10n * MIN_OCTO - 1n, "Basic"],
        [10n * MIN_OCTO, "Standard"],
        [100n * MIN_OCTO - 1n, "Standard"],
        [100n * MIN_OCTO, "Professional"],
        [1_000n * MIN_OCTO - 1n, "Professional"],
        [1_000n * MIN_OCTO, "Enterprise"],
        [300_000_000n * OCTO, "Enterprise"],
      ] as const) {
        it(`is ${tier} with ${bond} wei, and carries five times as much`, async () => {
          const { bonding, lens, whale } = await loadFixture(rich);
          await bonding.bond(D, bond, 0n);
          const status = await lens.statusOf(whale.address, D);
          expect([status.tier, status.capacity]).to.deep.equal([model.TIER[tier], 5n * bond]);
        });
      }
    });

    describe("when work is in flight", () => {
      for (const [amount, locked] of [
        [1n, 1n],
        [5n, 1n],
        [6n, 2n],
        [1_000n * OCTO, 200n * OCTO],
      ] as const) {
        it(`shows ${amount} wei and the ${locked} it locks, in every role`, async () => {
          const world = await loadFixture(withMarket);
          const { actors, market, system } = world;
          const { provider } = actors;
          await market.lockFromCredit(lockOf(world, { provider: provider.address, capacity: 2n ** 127n, amount }));
          for (const role of [A, D]) {
            const { valueInFlight, lockedBond } = await system.providerLens.statusOf(provider.address, role);
            expect([valueInFlight, lockedBond]).to.deep.equal([amount, locked]);
          }
        });
      }
    });

    describe("when a dispute is open", () => {
      it("shows what it has frozen in the bond, of that role alone", async () => {
        const { system, actors, lens, provider } = await loadFixture(working);
        const desk = system.slashingDesk.connect(actors.judge);
        await desk.openDispute(id("dispute"), provider.address, D, 7n, 11n, 1n);
        const [inD, inA] = [await lens.statusOf(provider.address, D), await lens.statusOf(provider.address, A)];
        expect([inD.frozenOcto, inD.frozenRoleTokens]).to.deep.equal([7n, 11n]);
        expect([inA.frozenOcto, inA.frozenRoleTokens]).to.deep.equal([0n, 0n]);
      });
    });

    describe("when a position is suspended", () => {
      it("shows it, in that role alone", async () => {
        const { system, lens, provider } = await loadFixture(working);
        const desk = await impersonated(system.addresses.slashingDesk);
        await system.registry.connect(desk).setSuspended(provider.address, D, true);
        const [inD, inA] = [await lens.statusOf(provider.address, D), await lens.statusOf(provider.address, A)];
        expect([inD.suspended, inD.active, inA.suspended, inA.active]).to.deep.equal([true, false, false, true]);
      });
    });
  });

  describe("reliabilityOf", () => {
    it("shows nothing of who was never active", async () => {
      const { lens, actors, provider } = await loadFixture(working);
      for (const [account, role] of [
        [actors.stranger.address, D],
        [provider.address, roleId("O")],
        [provider.address, 255n],
      ] as const) {
        expect([...(await lens.reliabilityOf(account, role))]).to.deep.equal([0n, 0n, 0n, 0n, 0n, 0n, false]);
      }
    });

    it("shows the averages as they stand within seven days of a task", async () => {
      const { lens, registry, provider } = await loadFixture(working);
      const { record } = await registry.positionOf(provider.address, D);
      await time.increaseTo(record.idleFrom);
      expect([...(await lens.reliabilityOf(provider.address, D))]).to.deep.equal([
        record.success,
        record.speed,
        record.uptime,
        record.security,
        record.peer,
        record.idleFrom,
        false,
      ]);
    });

    it("shows them decayed after ten idle weeks, and leaves the record alone", async () => {
      const { lens, registry, provider } = await loadFixture(working);
      const { record } = await registry.positionOf(provider.address, D);
      const at = record.idleFrom + 10n * model.WEEK;
      await time.increaseTo(at);
      const names = Object.keys(model.BLANK) as (keyof model.TrackRecord)[];
      const plain = Object.fromEntries(names.map((name) => [name, record[name]])) as model.TrackRecord;
      const { success, speed, uptime, security, peer } = model.decay(plain, at);
      expect([...(await lens.reliabilityOf(provider.address, D))]).to.deep.equal([
        success,
        speed,
        uptime,
        security,
        peer,
        at,
        false,
      ]);
      expect(success).to.be.lessThan(record.success);
      expect([...(await registry.positionOf(provider.address, D)).record]).to.deep.equal([...record]);
    });

    it("shows an offence since the last task", async () => {
      const { system, actors, lens, provider } = await loadFixture(working);
      const at = await time.latest();
      await system.slashingDesk.connect(actors.judge).slash({
        provider: provider.address,
        role: D,
        offence: 2n,
        offenceAt: at,
        disputeId: ethers.ZeroHash,
        client: ZeroAddress,
        loss: 0n,
        reason: ethers.ZeroHash,
      });
      const { offended, uptime } = await lens.reliabilityOf(provider.address, D);
      expect([offended, uptime]).to.deep.equal([true, 5n * model.POINT]);
    });
  });

  describe("bestScoreOf", () => {
    it("is none for who was never active", async () => {
      const { lens, actors } = await loadFixture(working);
      expect(await lens.bestScoreOf(actors.stranger.address)).to.equal(0n);
    });

    it("is the best of the account's roles, not their sum", async () => {
      const { lens, registry, provider } = await loadFixture(working);
      const [inA, inD] = [await registry.scoreOf(provider.address, A), await registry.scoreOf(provider.address, D)];
      expect(inA < inD).to.equal(true);
      expect(await lens.bestScoreOf(provider.address)).to.equal(inD);
    });

    it("looks as far as the last role", async () => {
      const world = await loadFixture(working);
      await bondIn(world, "N");
      const reviews = await impersonated(world.system.addresses.peerReviews);
      await world.system.registry.connect(reviews).addRating(world.provider.address, roleId("N"), 10_000n, 100n);
      const inN = await world.registry.scoreOf(world.provider.address, roleId("N"));
      const inD = await world.registry.scoreOf(world.provider.address, D);
      expect(await world.lens.bestScoreOf(world.provider.address)).to.equal(inN > inD ? inN : inD);
    });
  });

  describe("isSuperNode", () => {
    it("needs three roles, and shows in the status of each", async () => {
      const world = await loadFixture(working);
      const { lens, provider } = world;
      expect(await lens.isSuperNode(provider.address)).to.equal(false);
      await bondIn(world, "N");
      expect(await lens.isSuperNode(provider.address)).to.equal(true);
      for (const [letter] of MINIMUMS) {
        expect((await lens.statusOf(provider.address, roleId(letter))).superNode, letter).to.equal(true);
      }
    });

    it("ends when one of the three is left", async () => {
      const world = await loadFixture(working);
      const { lens, registry, provider } = world;
      await bondIn(world, "N");
      await registry.unbond(A, 200n * OCTO, 0n);
      expect(await lens.isSuperNode(provider.address)).to.equal(true);
      await registry.unbond(A, 1n, 0n);
      expect(await lens.isSuperNode(provider.address)).to.equal(false);
    });

    it("counts a role that governance added", async () => {
      const world = await loadFixture(working);
      const { system, actors, lens, provider } = world;
      await system.roleTokenFactory.connect(actors.admin).create("CipherOcto Translator", "OCTO-T");
      await system.registry.connect(actors.admin).addRole(9n, { octo: OCTO, roleTokens: OCTO });
      const token = system.roleTokens.A.attach(await system.settlement.tokenOf(9n)) as typeof system.roleTokens.A;
      await system.engine.connect(provider).buy(9n, 10n * OCTO, OCTO, MaxUint256);
      await token.connect(provider).approve(system.addresses.registry, OCTO);
      await world.registry.bond(9n, OCTO, OCTO);
      expect(await lens.isSuperNode(provider.address)).to.equal(true);
    });

    it("is not shared: a stranger is none", async () => {
      const world = await loadFixture(working);
      await bondIn(world, "N");
      expect(await world.lens.isSuperNode(world.actors.stranger.address)).to.equal(false);
    });
  });
});
