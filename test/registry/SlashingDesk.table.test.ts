import { expect } from "chai";

import { roleId } from "../../deploy/roles.ts";
import { ethers, loadFixture, OCTO, time } from "../support/fixture.ts";
import { DAY, minedAt } from "../support/jobs.ts";
import { D } from "../support/positions.ts";
import {
  type Accused,
  accused,
  bondsOf,
  divided,
  isSuspended,
  ODD_OCTO,
  ODD_ROLE,
  type Offence,
  OFFENCES,
  shareOf,
  toNoon,
} from "../support/slashing.ts";

/** The table of the economy: shares of OCTO and role stake in basis points, points, ban. */
const TABLE = [
  ["Downtime", 0n, 5_00n, 2n, false],
  ["ExtendedDowntime", 5_00n, 20_00n, 10n, false],
  ["PoorResult", 10_00n, 30_00n, 15n, false],
  ["SlaViolation", 20_00n, 50_00n, 25n, false],
  ["DataMishandling", 50_00n, 100_00n, 40n, false],
  ["Fraud", 100_00n, 100_00n, 50n, true],
  ["ProtocolAttack", 100_00n, 100_00n, 100n, true],
] as const satisfies readonly (readonly [Offence, bigint, bigint, bigint, boolean])[];

const WHOLE = 100_00n;
const POINT = 100_000n;
const START = 20n * POINT;

/** 1.5 as often as there were repeats, rounded down once, up to a bound. */
function escalated(figure: bigint, repeats: bigint, bound = WHOLE): bigint {
  const raised = (figure * 3n ** repeats) / 2n ** repeats;
  return raised < bound ? raised : bound;
}

/** Five offences and a sixth, of which each counts those before it. */
const REPEATS = [0n, 1n, 2n, 3n, 4n, 5n] as const;

/** A stake of so few wei in both lanes, in a role of its own. */
async function withStake(world: Accused, octo: bigint, roleTokens: bigint): Promise<bigint> {
  const role = roleId("M");
  const { engine } = world.system;
  const price = await engine.quoteExactOut(role, OCTO);
  await engine.connect(world.provider).buy(role, price, OCTO, ethers.MaxUint256);
  await world.registry.bond(role, octo, roleTokens);
  return role;
}

describe("SlashingDesk", () => {
  describe("the table of offences", () => {
    it("has a row for every offence", () => {
      expect(TABLE.map(([offence]) => offence)).to.deep.equal([...OFFENCES]);
    });

    for (const [offence, octoShare, roleShare, points, ban] of TABLE) {
      describe(`when it is ${offence}`, () => {
        it("costs what the table says, without a repeat", async () => {
          const { desk, provider } = await loadFixture(accused);
          const { price, repeats } = await desk.priceFor(provider.address, D, OFFENCES.indexOf(offence));
          expect([...price]).to.deep.equal([octoShare, roleShare, points, ban]);
          expect(repeats).to.equal(0n);
        });

        for (const [octo, roleTokens] of [
          [ODD_OCTO, ODD_ROLE],
          [1n, 1n],
          [19n, 7n],
          [9_999n, 10_001n],
        ] as const) {
          it(`takes exactly its share of ${octo} and ${roleTokens} wei, rounded down`, async () => {
            const world = await loadFixture(accused);
            const role = octo === ODD_OCTO ? D : await withStake(world, octo, roleTokens);
            const cost = await world.slashing.cost(await world.slashing.punish({ offence, role }));
            const [octoTaken, roleTaken] = [shareOf(octo, octoShare), shareOf(roleTokens, roleShare)];
            expect([cost.octo, cost.roleTokens]).to.deep.equal([octoTaken, roleTaken]);
            expect([cost.octoStake, cost.roleStake]).to.deep.equal([octo, roleTokens]);
            expect(await bondsOf(world, role)).to.deep.equal([octo - octoTaken, roleTokens - roleTaken]);
          });
        }

        if (octoShare === 0n) {
          it("is none of the business of who slashes OCTO only", async () => {
            const { slashing, actors, desk } = await loadFixture(divided);
            await expect(slashing.punish({ by: actors.relayer, offence }))
              .to.be.revertedWithCustomError(desk, "SlashingDeskNotSlasher")
              .withArgs(actors.relayer.address, D);
          });
        } else {
          it("leaves the role tokens alone if the slasher has the OCTO lane only", async () => {
            const world = await loadFixture(divided);
            await world.slashing.punish({ by: world.actors.relayer, offence });
            expect(await bondsOf(world)).to.deep.equal([ODD_OCTO - shareOf(ODD_OCTO, octoShare), ODD_ROLE]);
          });
        }

        it("leaves the OCTO alone if the slasher has the lane of role tokens only", async () => {
          const world = await loadFixture(divided);
          await world.slashing.punish({ by: world.actors.evaluator, offence });
          expect(await bondsOf(world)).to.deep.equal([ODD_OCTO, ODD_ROLE - shareOf(ODD_ROLE, roleShare)]);
        });

        it(`takes ${points} points from each average, floor 0`, async () => {
          const { slashing, registry, provider } = await loadFixture(accused);
          await slashing.punish({ offence });
          const left = points * POINT < START ? START - points * POINT : 0n;
          const { success, speed, uptime, security, peer } = (await registry.positionOf(provider.address, D)).record;
          expect([success, speed, uptime, security, peer]).to.deep.equal([left, left, left, left, left]);
        });

        it(ban ? "bans the account" : "does not ban the account", async () => {
          const { slashing, desk, provider } = await loadFixture(accused);
          await slashing.punish({ offence });
          expect(await desk.isBanned(provider.address)).to.equal(ban);
        });
      });
    }
  });

  describe("a repeat within 180 days", () => {
    for (const [offence, octoShare, roleShare, points] of TABLE) {
      it(`makes ${offence} 1.5 times as dear each time, up to everything, rounded down`, async () => {
        const world = await loadFixture(accused);
        const { slashing, registry, desk, provider } = world;
        await registry.bond(D, 1_000n * OCTO, 0n);
        await toNoon();
        for (const repeats of REPEATS) {
          const [octo, roleTokens] = await bondsOf(world);
          const [octoNow, roleNow] = [escalated(octoShare, repeats), escalated(roleShare, repeats)];
          const pointsNow = escalated(points, repeats, 100n);
          const { price } = await desk.priceFor(provider.address, D, OFFENCES.indexOf(offence));
          expect([price.octoShare, price.roleShare, price.points]).to.deep.equal([octoNow, roleNow, pointsNow]);

          const slash = await slashing.punish({ offence });
          const taken = [shareOf(octo, octoNow), shareOf(roleTokens, roleNow)] as const;
          await expect(slash)
            .to.emit(registry, "Slashed")
            .withArgs(provider.address, D, ...taken, ethers.ZeroAddress, 0n, pointsNow);
          expect((await slashing.cost(slash)).repeats).to.equal(repeats);
        }
      });
    }

    it("counts at most five, whatever came before", async () => {
      const { slashing, desk, provider } = await loadFixture(accused);
      for (let slashes = 0; slashes < 8; ++slashes) await slashing.punish({ offence: "Downtime" });
      const { price, repeats } = await desk.priceFor(provider.address, D, 0n);
      expect([repeats, price.roleShare]).to.deep.equal([5n, escalated(5_00n, 5n)]);
    });

    it("counts any offence, not the same alone", async () => {
      const { slashing, desk, provider } = await loadFixture(accused);
      await slashing.punish({ offence: "Downtime" });
      const { price } = await desk.priceFor(provider.address, D, OFFENCES.indexOf("SlaViolation"));
      expect([price.octoShare, price.roleShare]).to.deep.equal([30_00n, 75_00n]);
    });

    it("counts what another slasher punished", async () => {
      const { slashing, actors } = await loadFixture(divided);
      await slashing.punish({ by: actors.relayer });
      expect((await slashing.cost(await slashing.punish({ by: actors.evaluator }))).repeats).to.equal(1n);
    });

    it("does not count offences in another role", async () => {
      const { slashing, desk, provider } = await loadFixture(accused);
      await slashing.punish();
      expect((await desk.priceFor(provider.address, roleId("A"), 0n)).repeats).to.equal(0n);
    });

    it("does not count offences of another account", async () => {
      const { slashing, desk, actors } = await loadFixture(accused);
      await slashing.punish();
      expect((await desk.priceFor(actors.other.address, D, 0n)).repeats).to.equal(0n);
    });

    for (const [when, days, seconds, repeats] of [
      ["179 days later", 179n, 0n, 1n],
      ["180 days later", 180n, 0n, 1n],
      ["in the last second of the 180th day", 181n, -1n, 1n],
      ["in the first second of the 181st day", 181n, 0n, 0n],
      ["181 days later", 181n, DAY / 2n, 0n],
    ] as const) {
      it(`counts ${repeats} ${when}`, async () => {
        const { slashing } = await loadFixture(accused);
        await toNoon();
        const day = (await minedAt(await slashing.punish({ offence: "Downtime" }))) / DAY;
        await time.setNextBlockTimestamp((day + days) * DAY + seconds);
        expect((await slashing.cost(await slashing.punish())).repeats).to.equal(repeats);
      });
    }

    it("forgets the oldest of several first", async () => {
      const { slashing } = await loadFixture(accused);
      const first = await toNoon();
      for (const days of [0n, 10n, 20n]) {
        await time.setNextBlockTimestamp(first + days * DAY + 1n);
        await slashing.punish({ offence: "Downtime" });
      }
      for (const [days, repeats] of [
        [180n, 3n],
        [191n, 2n],
      ] as const) {
        await time.setNextBlockTimestamp(first + days * DAY + 2n);
        expect((await slashing.cost(await slashing.punish({ offence: "Downtime" }))).repeats).to.equal(repeats);
      }
    });
  });

  describe("suspension", () => {
    /** A provider in A at its minimum, which is even: OCTO 1,000 and 500 tokens less what is asked. */
    async function inA(less = 0n): Promise<Accused & { role: bigint }> {
      const world = await loadFixture(divided);
      const role = roleId("A");
      const { engine } = world.system;
      const price = await engine.quoteExactOut(role, 600n * OCTO);
      await engine.connect(world.provider).buy(role, price, 600n * OCTO, ethers.MaxUint256);
      await world.registry.bond(role, 2_000n * OCTO - less, 600n * OCTO - less);
      return { ...world, role };
    }

    for (const [lane, offence, slasher] of [
      ["OCTO", "DataMishandling", "relayer"],
      ["role tokens", "SlaViolation", "evaluator"],
    ] as const) {
      it(`comes with the loss of exactly half of the ${lane}`, async () => {
        const world = await inA();
        await world.slashing.punish({ by: world.actors[slasher], offence, role: world.role });
        expect(await isSuspended(world, world.role)).to.equal(true);
      });

      it(`does not come with half a wei less of the ${lane}`, async () => {
        const world = await inA(1n);
        await world.slashing.punish({ by: world.actors[slasher], offence, role: world.role });
        expect(await isSuspended(world, world.role)).to.equal(false);
      });
    }

    it("ends the position's activity though both bonds reach the minimum, and emits both", async () => {
      const { slashing, actors, registry, provider, role } = await inA();
      await expect(slashing.punish({ by: actors.relayer, offence: "DataMishandling", role }))
        .to.emit(registry, "SuspensionSet")
        .withArgs(provider.address, role, true)
        .and.to.emit(registry, "Deactivated")
        .withArgs(provider.address, role);
      expect(await registry.isActive(provider.address, role)).to.equal(false);
    });

    it("is not ended by bonding nor by a refresh", async () => {
      const { slashing, actors, registry, provider, role } = await inA();
      await slashing.punish({ by: actors.relayer, offence: "DataMishandling", role });
      await registry.bond(role, 5_000n * OCTO, 0n);
      await registry.refresh(provider.address, role);
      expect(await registry.isActive(provider.address, role)).to.equal(false);
    });

    it("does not reach the account's other roles", async () => {
      const { slashing, actors, registry, provider, role } = await inA();
      await slashing.punish({ by: actors.relayer, offence: "DataMishandling", role });
      expect(await registry.isActive(provider.address, D)).to.equal(true);
    });

    it("ends the duty to be heard, and emits it", async () => {
      const { slashing, actors, registry, provider, role } = await inA();
      await registry.setDuty(role, true);
      await expect(slashing.punish({ by: actors.relayer, offence: "DataMishandling", role }))
        .to.emit(registry, "DutySet")
        .withArgs(provider.address, role, false);
    });

    it("is set once", async () => {
      const { slashing, actors, registry, role } = await inA();
      await slashing.punish({ by: actors.relayer, offence: "DataMishandling", role });
      await expect(slashing.punish({ by: actors.relayer, role })).not.to.emit(registry, "SuspensionSet");
    });

    describe("when the losses add up", () => {
      // 20 %, then 30 %, leave 56 %; PoorResult on top leaves 43.4 % as the second repeat and 47.6 % as the first.
      for (const [days, suspended] of [
        [179n, true],
        [180n, true],
        [181n, false],
      ] as const) {
        it(`${suspended ? "counts" : "forgets"} what was lost ${days} days before`, async () => {
          const { slashing, actors, role, ...world } = await inA();
          const first = await toNoon();
          await slashing.punish({ by: actors.relayer, offence: "SlaViolation", role });
          await time.setNextBlockTimestamp(first + DAY);
          await slashing.punish({ by: actors.relayer, offence: "SlaViolation", role });
          expect(await isSuspended({ slashing, actors, ...world }, role)).to.equal(false);
          await time.setNextBlockTimestamp(first + days * DAY);
          await slashing.punish({ by: actors.relayer, role });
          expect(await isSuspended({ slashing, actors, ...world }, role)).to.equal(suspended);
        });
      }

      it("is not diluted by bonding more in between", async () => {
        const { slashing, actors, role, ...world } = await inA();
        for (const offence of ["SlaViolation", "SlaViolation"] as const) {
          await slashing.punish({ by: actors.relayer, offence, role });
          await world.registry.bond(role, 50_000n * OCTO, 0n);
        }
        expect(await isSuspended({ slashing, actors, ...world }, role)).to.equal(false);
        await slashing.punish({ by: actors.relayer, role });
        expect(await isSuspended({ slashing, actors, ...world }, role)).to.equal(true);
      });

      it("does not add up one lane's losses with the other's", async () => {
        const { slashing, actors, role, ...world } = await inA();
        await slashing.punish({ by: actors.relayer, offence: "SlaViolation", role });
        await slashing.punish({ by: actors.evaluator, offence: "PoorResult", role });
        expect(await isSuspended({ slashing, actors, ...world }, role)).to.equal(false);
      });

      it("comes by the fifth of even the smallest offence", async () => {
        const { slashing, actors, role, ...world } = await inA();
        const suspended: boolean[] = [];
        for (let slashes = 0; slashes < 5; ++slashes) {
          await slashing.punish({ offence: "Downtime", role });
          suspended.push(await isSuspended({ slashing, actors, ...world }, role));
        }
        expect(suspended).to.deep.equal([false, false, false, false, true]);
      });
    });
  });

  describe("liftSuspension", () => {
    /** Suspended in D, and bonded to more than the minimum. */
    async function suspended(): Promise<Accused> {
      const world = await loadFixture(accused);
      await world.slashing.punish({ offence: "DataMishandling" });
      await world.registry.bond(D, 0n, ODD_ROLE);
      return world;
    }

    for (const name of ["stranger", "guardian", "provider", "judge"] as const) {
      it(`refuses the ${name}`, async () => {
        const { desk, actors, provider } = await loadFixture(suspended);
        await expect(desk.connect(actors[name]).liftSuspension(provider.address, D))
          .to.be.revertedWithCustomError(desk, "AccessManagedUnauthorized")
          .withArgs(actors[name].address);
      });
    }

    it("activates a position that reaches the minimum, and emits it", async () => {
      const { desk, actors, provider, registry } = await loadFixture(suspended);
      await expect(desk.connect(actors.admin).liftSuspension(provider.address, D))
        .to.emit(registry, "SuspensionSet")
        .withArgs(provider.address, D, false)
        .and.to.emit(registry, "Activated")
        .withArgs(provider.address, D);
      expect(await registry.isActive(provider.address, D)).to.equal(true);
    });

    it("does not activate one below the minimum", async () => {
      const { desk, actors, provider, registry } = await loadFixture(suspended);
      await registry.unbond(D, 0n, ODD_ROLE);
      await desk.connect(actors.admin).liftSuspension(provider.address, D);
      expect(await registry.isActive(provider.address, D)).to.equal(false);
    });

    it("forgets nothing: the next offence suspends again", async () => {
      const world = await loadFixture(suspended);
      await world.desk.connect(world.actors.admin).liftSuspension(world.provider.address, D);
      await world.slashing.punish({ offence: "Downtime" });
      expect(await isSuspended(world)).to.equal(true);
    });

    it("does not make who was banned active", async () => {
      const { desk, actors, provider, registry, slashing } = await loadFixture(suspended);
      await slashing.punish({ offence: "Fraud" });
      await registry.bond(D, ODD_OCTO, ODD_ROLE);
      await desk.connect(actors.admin).liftSuspension(provider.address, D);
      expect(await registry.isActive(provider.address, D)).to.equal(false);
    });

    it("does nothing to a position that is not suspended", async () => {
      const { desk, actors, provider, registry } = await loadFixture(accused);
      await expect(desk.connect(actors.admin).liftSuspension(provider.address, D)).not.to.emit(
        registry,
        "SuspensionSet",
      );
    });
  });

  describe("a ban", () => {
    /** Banned for what it did in D, and active in M at that time. */
    async function banned(): Promise<Accused & { M: bigint }> {
      const world = await loadFixture(accused);
      const M = await withStake(world, 100n * OCTO, 1n);
      const { engine } = world.system;
      const price = await engine.quoteExactOut(M, 50n * OCTO);
      await engine.connect(world.provider).buy(M, price, 50n * OCTO, ethers.MaxUint256);
      await world.registry.bond(M, 0n, 50n * OCTO);
      await world.slashing.punish({ offence: "Fraud" });
      return { ...world, M };
    }

    it("emits the account once", async () => {
      const { slashing, desk, provider } = await loadFixture(accused);
      await expect(slashing.punish({ offence: "Fraud" }))
        .to.emit(desk, "BanSet")
        .withArgs(provider.address, true);
      await expect(slashing.punish({ offence: "Fraud" })).not.to.emit(desk, "BanSet");
    });

    it("deactivates the role at once, even if a small budget left the bonds above the minimum", async () => {
      const { slashing, registry, provider, actors } = await loadFixture(accused);
      await slashing.appoint(actors.other, { budget: 1n });
      await slashing.takeOffice();
      await slashing.punish({ by: actors.other, offence: "Fraud" });
      expect(await registry.isActive(provider.address, D)).to.equal(false);
      expect((await bondsOf({ registry, provider } as Accused))[0]).to.equal(ODD_OCTO - OCTO);
    });

    it("deactivates every other role by a refresh, which is anybody's", async () => {
      const { system, actors, provider, M } = await loadFixture(banned);
      expect(await system.registry.isActive(provider.address, M)).to.equal(true);
      await expect(system.registry.connect(actors.stranger).refresh(provider.address, M))
        .to.emit(system.registry, "Deactivated")
        .withArgs(provider.address, M);
      expect(await system.registry.isActive(provider.address, M)).to.equal(false);
    });

    it("is for good: no bond in any role makes it active again", async () => {
      const { registry, provider, M } = await loadFixture(banned);
      await registry.refresh(provider.address, M);
      await registry.bond(D, ODD_OCTO, ODD_ROLE);
      await registry.bond(M, 1_000n * OCTO, 0n);
      expect(await registry.isActive(provider.address, D)).to.equal(false);
      expect(await registry.isActive(provider.address, M)).to.equal(false);
    });

    it("lets what was not taken leave", async () => {
      const { registry, provider, M } = await loadFixture(banned);
      const day = await registry.unbond.staticCall(M, 100n * OCTO, 0n);
      await registry.unbond(M, 100n * OCTO, 0n);
      await time.increaseTo((day + 1n) * DAY);
      const exit = (await registry.exitOf(provider.address, M, day)).octo === 0n ? day + 1n : day;
      await registry.withdraw(M, exit, provider.address);
    });
  });
});
