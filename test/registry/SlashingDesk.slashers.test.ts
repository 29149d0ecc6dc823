import { expect } from "chai";
import { ZeroAddress } from "ethers";

import { roleId } from "../../deploy/roles.ts";
import { loadFixture, OCTO, time } from "../support/fixture.ts";
import { DAY, minedAt } from "../support/jobs.ts";
import { D } from "../support/positions.ts";
import {
  type Accused,
  accused,
  ALL_ROLES,
  backed,
  bondsOf,
  divided,
  DOWNTIME_BUDGET,
  JUDGE_BUDGET,
  type Lane,
  LANE,
  now,
  ODD_OCTO,
  ODD_ROLE,
  shareOf,
  WEEK,
} from "../support/slashing.ts";

const BOTH = Object.keys(LANE) as Lane[];
const bit = (role: bigint) => 1n << role;

/** A slasher of so many whole tokens a week in both lanes, in office. */
function withBudget(budget: bigint) {
  return async function limited(): Promise<Accused> {
    const world = await loadFixture(accused);
    await world.slashing.appoint(world.actors.other, { budget });
    await world.slashing.takeOffice();
    return world;
  };
}
const fixtures = new Map([1n, 100n, 200n].map((budget) => [budget, withBudget(budget)]));

/** The next moment at which a week of budgets begins. */
async function nextWeek(): Promise<bigint> {
  return ((await now()) / WEEK + 1n) * WEEK;
}

describe("SlashingDesk", () => {
  describe("the slashers of genesis", () => {
    for (const lane of BOTH) {
      it(`are the judge, in all roles, and the desk itself, in the lane ${lane}`, async () => {
        const { desk, actors, system } = await loadFixture(accused);
        const judge = await desk.slasherOf(actors.judge.address, LANE[lane]);
        const itself = await desk.slasherOf(system.addresses.slashingDesk, LANE[lane]);
        expect([judge.roles, judge.weeklyBudget]).to.deep.equal([ALL_ROLES, JUDGE_BUDGET]);
        expect([itself.roles, itself.weeklyBudget]).to.deep.equal([ALL_ROLES, DOWNTIME_BUDGET[lane]]);
      });

      it(`may slash at once in the lane ${lane}`, async () => {
        const { desk, actors } = await loadFixture(accused);
        expect(await desk.allowanceOf(actors.judge.address, LANE[lane], D)).to.equal(JUDGE_BUDGET * OCTO);
      });
    }
  });

  describe("setSlasher", () => {
    for (const name of ["stranger", "guardian", "judge", "provider"] as const) {
      it(`refuses the ${name}`, async () => {
        const { desk, actors } = await loadFixture(accused);
        await expect(desk.connect(actors[name]).setSlasher(actors.other.address, LANE.Octo, ALL_ROLES, 1n))
          .to.be.revertedWithCustomError(desk, "AccessManagedUnauthorized")
          .withArgs(actors[name].address);
      });
    }

    for (const [what, slasher, roles, budget] of [
      ["the zero address", ZeroAddress, ALL_ROLES, 1n],
      ["no role", undefined, 0n, 1n],
      ["no budget", undefined, ALL_ROLES, 0n],
    ] as const) {
      it(`refuses ${what}`, async () => {
        const { desk, actors } = await loadFixture(accused);
        const named = slasher ?? actors.other.address;
        await expect(desk.connect(actors.admin).setSlasher(named, LANE.Octo, roles, budget))
          .to.be.revertedWithCustomError(desk, "SlashingDeskEmptyAuthority")
          .withArgs(named);
      });
    }

    for (const lane of BOTH) {
      it(`notes the authority over the lane ${lane}, in seven days, and no other`, async () => {
        const { desk, actors } = await loadFixture(accused);
        const other = lane === "Octo" ? LANE.RoleTokens : LANE.Octo;
        const set = await desk.connect(actors.admin).setSlasher(actors.other.address, LANE[lane], bit(D), 77n);
        const activeFrom = (await minedAt(set)) + WEEK;
        expect([...(await desk.slasherOf(actors.other.address, LANE[lane]))]).to.deep.equal([
          bit(D),
          activeFrom,
          77n,
          0n,
          0n,
        ]);
        expect([...(await desk.slasherOf(actors.other.address, other))]).to.deep.equal([0n, 0n, 0n, 0n, 0n]);
        await expect(set)
          .to.emit(desk, "SlasherSet")
          .withArgs(actors.other.address, LANE[lane], bit(D), 77n, activeFrom);
      });
    }

    it("takes the largest budget", async () => {
      const world = await loadFixture(accused);
      const budget = 2n ** 40n - 1n;
      await world.slashing.appoint(world.actors.other, { budget });
      await world.slashing.takeOffice();
      expect(await world.desk.allowanceOf(world.actors.other.address, LANE.Octo, D)).to.equal(budget * OCTO);
      await world.slashing.punish({ by: world.actors.other, offence: "ProtocolAttack" });
      expect(await bondsOf(world)).to.deep.equal([0n, 0n]);
    });

    describe("when the seven days are not over (A-29)", () => {
      it("refuses a slash a second before", async () => {
        const { desk, actors, slashing } = await loadFixture(accused);
        await slashing.appoint(actors.other, { lanes: ["Octo"] });
        const { activeFrom } = await desk.slasherOf(actors.other.address, LANE.Octo);
        const verdict = await slashing.verdict();
        await time.setNextBlockTimestamp(activeFrom - 1n);
        await expect(desk.connect(actors.other).slash(verdict))
          .to.be.revertedWithCustomError(desk, "SlashingDeskNotSlasher")
          .withArgs(actors.other.address, D);
      });

      it("refuses a dispute a second before", async () => {
        const { desk, actors, slashing } = await loadFixture(accused);
        await slashing.appoint(actors.other, { lanes: ["Octo"] });
        const { activeFrom } = await desk.slasherOf(actors.other.address, LANE.Octo);
        await time.setNextBlockTimestamp(activeFrom - 1n);
        await expect(slashing.open({ by: actors.other, octo: 1n, offenceAt: 1n }))
          .to.be.revertedWithCustomError(desk, "SlashingDeskNotSlasher")
          .withArgs(actors.other.address, D);
      });

      it("has no allowance", async () => {
        const { desk, actors, slashing } = await loadFixture(accused);
        await slashing.appoint(actors.other);
        expect(await desk.allowanceOf(actors.other.address, LANE.Octo, D)).to.equal(0n);
      });

      it("slashes in the second in which they are over", async () => {
        const world = await loadFixture(accused);
        const { desk, actors, slashing } = world;
        await slashing.appoint(actors.other, { lanes: ["Octo"] });
        const { activeFrom } = await desk.slasherOf(actors.other.address, LANE.Octo);
        const verdict = await slashing.verdict();
        await time.setNextBlockTimestamp(activeFrom);
        await desk.connect(actors.other).slash(verdict);
        expect(await bondsOf(world)).to.deep.equal([ODD_OCTO - shareOf(ODD_OCTO, 10_00n), ODD_ROLE]);
      });

      it("makes the notice of who was in office run anew", async () => {
        const { desk, actors, slashing } = await loadFixture(divided);
        await slashing.appoint(actors.relayer, { lanes: ["Octo"], budget: 2n * JUDGE_BUDGET });
        await expect(slashing.punish({ by: actors.relayer }))
          .to.be.revertedWithCustomError(desk, "SlashingDeskNotSlasher")
          .withArgs(actors.relayer.address, D);
      });
    });

    describe("when the authority is over some roles only", () => {
      for (const [held, asked] of [
        [bit(roleId("A")), D],
        [ALL_ROLES ^ bit(D), D],
        [ALL_ROLES, 32n],
        [ALL_ROLES, 255n],
      ] as const) {
        it(`refuses role ${asked} to who has the bitmap ${held.toString(16)}`, async () => {
          const { desk, actors, slashing } = await loadFixture(accused);
          await slashing.appoint(actors.other, { roles: held });
          await slashing.takeOffice();
          await expect(slashing.punish({ by: actors.other, role: asked }))
            .to.be.revertedWithCustomError(desk, "SlashingDeskNotSlasher")
            .withArgs(actors.other.address, asked);
        });
      }

      it("slashes in each of them", async () => {
        const world = await loadFixture(accused);
        await world.slashing.appoint(world.actors.other, { roles: bit(D) });
        await world.slashing.takeOffice();
        await world.slashing.punish({ by: world.actors.other });
        expect(await bondsOf(world)).to.deep.equal([
          ODD_OCTO - shareOf(ODD_OCTO, 10_00n),
          ODD_ROLE - shareOf(ODD_ROLE, 30_00n),
        ]);
      });
    });
  });

  describe("removeSlasher", () => {
    for (const name of ["stranger", "judge", "provider"] as const) {
      it(`refuses the ${name}`, async () => {
        const { desk, actors } = await loadFixture(accused);
        await expect(desk.connect(actors[name]).removeSlasher(actors.judge.address, LANE.Octo))
          .to.be.revertedWithCustomError(desk, "AccessManagedUnauthorized")
          .withArgs(actors[name].address);
      });
    }

    it("refuses who is none in this lane", async () => {
      const { desk, actors } = await loadFixture(divided);
      await expect(desk.connect(actors.guardian).removeSlasher(actors.relayer.address, LANE.RoleTokens))
        .to.be.revertedWithCustomError(desk, "SlashingDeskUnknownSlasher")
        .withArgs(actors.relayer.address, LANE.RoleTokens);
    });

    it("ends the authority over the lane at once, and leaves the other", async () => {
      const world = await loadFixture(accused);
      const { desk, actors, slashing } = world;
      await desk.connect(actors.guardian).removeSlasher(actors.judge.address, LANE.Octo);
      await slashing.punish();
      expect(await bondsOf(world)).to.deep.equal([ODD_OCTO, ODD_ROLE - shareOf(ODD_ROLE, 30_00n)]);
    });

    it("ends it before it has begun", async () => {
      const { desk, actors, slashing } = await loadFixture(accused);
      await slashing.appoint(actors.other);
      await slashing.dismiss(actors.other);
      await slashing.takeOffice();
      await expect(slashing.punish({ by: actors.other }))
        .to.be.revertedWithCustomError(desk, "SlashingDeskNotSlasher")
        .withArgs(actors.other.address, D);
    });

    it("ends the desk's own, and so downtime", async () => {
      const { desk, actors, system } = await loadFixture(accused);
      await desk.connect(actors.guardian).removeSlasher(system.addresses.slashingDesk, LANE.RoleTokens);
      expect(await desk.allowanceOf(system.addresses.slashingDesk, LANE.RoleTokens, D)).to.equal(0n);
    });

    it("emits the slasher and the lane", async () => {
      const { desk, actors } = await loadFixture(accused);
      await expect(desk.connect(actors.guardian).removeSlasher(actors.judge.address, LANE.Octo))
        .to.emit(desk, "SlasherRemoved")
        .withArgs(actors.judge.address, LANE.Octo);
    });

    it("keeps what was taken this week, should the slasher be named again (I-07)", async () => {
      const { desk, actors, slashing } = await loadFixture(fixtures.get(100n)!);
      const start = await nextWeek();
      await time.setNextBlockTimestamp(start);
      const cost = await slashing.cost(await slashing.punish({ by: actors.other, offenceAt: start - 1n }));
      await slashing.dismiss(actors.other);
      await slashing.appoint(actors.other, { budget: 100n });
      const row = await desk.slasherOf(actors.other.address, LANE.Octo);
      expect([row.spent, row.week]).to.deep.equal([cost.octo, start / WEEK]);
    });
  });

  describe("the week's budget (I-07)", () => {
    // The whole of 777 OCTO is due: with the delegated 1,234 it would be more.
    it("bounds what is taken of each lane, and the rest stays", async () => {
      const world = await loadFixture(fixtures.get(100n)!);
      const cost = await world.slashing.cost(
        await world.slashing.punish({ by: world.actors.other, offence: "ProtocolAttack" }),
      );
      expect([cost.octo, cost.roleTokens]).to.deep.equal([100n * OCTO, 100n * OCTO]);
      expect(await bondsOf(world)).to.deep.equal([ODD_OCTO - 100n * OCTO, ODD_ROLE - 100n * OCTO]);
    });

    it("counts what is taken of delegated stake", async () => {
      const world = await loadFixture(backed);
      await world.slashing.appoint(world.actors.other, { budget: 800n });
      await world.slashing.takeOffice();
      await world.slashing.punish({ by: world.actors.other, offence: "ProtocolAttack" });
      expect(await world.desk.allowanceOf(world.actors.other.address, LANE.Octo, D)).to.equal(0n);
      const { stake } = await world.system.delegationPools.poolOf(world.provider.address, D);
      expect((await bondsOf(world))[0]).to.equal(0n);
      expect(stake).to.equal(1_234n * OCTO + 11n - (800n * OCTO - ODD_OCTO));
    });

    it("is used up to the last wei by a slash of as much, and then takes nothing, without a revert (I-09)", async () => {
      const world = await loadFixture(fixtures.get(200n)!);
      const { slashing, actors, desk, registry } = world;
      await time.setNextBlockTimestamp(await nextWeek());
      await registry.bond(D, 2_000n * OCTO - ODD_OCTO, 0n);
      expect((await slashing.cost(await slashing.punish({ by: actors.other }))).octo).to.equal(200n * OCTO);
      expect(await desk.allowanceOf(actors.other.address, LANE.Octo, D)).to.equal(0n);
      const second = await slashing.cost(await slashing.punish({ by: actors.other }));
      expect([second.octo, second.repeats]).to.deep.equal([0n, 1n]);
    });

    it("is what is left of it in the same week", async () => {
      const { slashing, actors, desk } = await loadFixture(fixtures.get(100n)!);
      await time.setNextBlockTimestamp(await nextWeek());
      const { octo } = await slashing.cost(await slashing.punish({ by: actors.other }));
      expect(await desk.allowanceOf(actors.other.address, LANE.Octo, D)).to.equal(100n * OCTO - octo);
      const second = await slashing.cost(await slashing.punish({ by: actors.other }));
      expect(second.octo).to.equal(100n * OCTO - octo);
    });

    it("is used in the last second of the week, and whole in the first of the next", async () => {
      const { slashing, actors } = await loadFixture(fixtures.get(100n)!);
      const end = await nextWeek();
      const accusation = { by: actors.other, offence: "ProtocolAttack", offenceAt: end - 2n } as const;
      await time.setNextBlockTimestamp(end - 1n);
      expect((await slashing.cost(await slashing.punish(accusation))).octo).to.equal(100n * OCTO);
      await time.setNextBlockTimestamp(end);
      expect((await slashing.cost(await slashing.punish(accusation))).octo).to.equal(100n * OCTO);
    });

    it("is of all roles and providers together", async () => {
      const { slashing, actors, system, desk } = await loadFixture(fixtures.get(1n)!);
      const A = roleId("A");
      await system.registry.connect(actors.stranger).bond(A, 5_000n * OCTO, 0n);
      await time.setNextBlockTimestamp(await nextWeek());
      await slashing.punish({ by: actors.other });
      const taken = await slashing.cost(
        await slashing.punish({ by: actors.other, role: A, provider: actors.stranger.address }),
      );
      expect([taken.octo, await desk.allowanceOf(actors.other.address, LANE.Octo, A)]).to.deep.equal([0n, 0n]);
    });

    it("of one slasher is not another's", async () => {
      const { slashing, actors, desk } = await loadFixture(fixtures.get(100n)!);
      await slashing.punish({ by: actors.other, offence: "ProtocolAttack" });
      expect(await desk.allowanceOf(actors.judge.address, LANE.Octo, D)).to.equal(JUDGE_BUDGET * OCTO);
    });

    it("of one lane is not the other's", async () => {
      const { slashing, actors, desk } = await loadFixture(divided);
      await slashing.punish({ by: actors.relayer });
      expect(await desk.allowanceOf(actors.evaluator.address, LANE.RoleTokens, D)).to.equal(JUDGE_BUDGET * OCTO);
    });

    it("is no allowance when it is cut below what was taken", async () => {
      const { slashing, actors, desk } = await loadFixture(fixtures.get(100n)!);
      const start = await nextWeek();
      await time.setNextBlockTimestamp(start);
      await slashing.punish({ by: actors.other, offence: "ProtocolAttack", offenceAt: start - 1n });
      await slashing.appoint(actors.other, { budget: 1n });
      await time.increaseTo(start + 7n * DAY + 10n);
      expect(await desk.allowanceOf(actors.other.address, LANE.Octo, D)).to.equal(OCTO);
    });
  });
});
