import { expect } from "chai";
import { id, ZeroHash } from "ethers";

import { roleId } from "../../deploy/roles.ts";
import { ethers, loadFixture, OCTO, time } from "../support/fixture.ts";
import { DAY, minedAt } from "../support/jobs.ts";
import { D } from "../support/positions.ts";
import {
  type Accused,
  accused,
  backed,
  bondsOf,
  CASE,
  dayOfExit,
  divided,
  exitOn,
  nobody,
  ODD_DELEGATED,
  ODD_OCTO,
  ODD_ROLE,
  shareOf,
  toNoon,
} from "../support/slashing.ts";

const OTHER_CASE = id("case 2");
const LONGEST = 60n * DAY;
const [PART_OCTO, PART_ROLE] = [100n * OCTO + 3n, 50n * OCTO + 1n];
const DISPUTED = 0x08n;

/** A part of both bonds was asked back at noon. */
async function leaving(): Promise<Accused & { askedAt: bigint; day: bigint }> {
  const world = await loadFixture(accused);
  const askedAt = await toNoon();
  await world.registry.unbond(D, PART_OCTO, PART_ROLE);
  return { ...world, askedAt, day: dayOfExit(askedAt) };
}

/** `[octoFromExits, roleFromExits, octoFromBond, roleFromBond]` */
async function frozenIn({ slashing }: Accused, number = CASE): Promise<bigint[]> {
  const { octoFromExits, roleFromExits, octoFromBond, roleFromBond } = await slashing.frozen({ number });
  return [octoFromExits, roleFromExits, octoFromBond, roleFromBond];
}

describe("SlashingDesk", () => {
  describe("openDispute", () => {
    for (const name of ["stranger", "admin", "guardian", "provider", "client"] as const) {
      it(`refuses the ${name}`, async () => {
        const { slashing, desk, actors } = await loadFixture(accused);
        await expect(slashing.open({ by: actors[name], octo: 1n }))
          .to.be.revertedWithCustomError(desk, "SlashingDeskNotSlasher")
          .withArgs(actors[name].address, D);
      });
    }

    it("refuses the number zero", async () => {
      const { slashing, desk } = await loadFixture(accused);
      await expect(slashing.open({ number: ZeroHash })).to.be.revertedWithCustomError(desk, "SlashingDeskZeroDispute");
    });

    it("refuses an offence a second in the future", async () => {
      const { slashing, desk } = await loadFixture(accused);
      const noon = await toNoon();
      await expect(slashing.open({ offenceAt: noon + 1n }))
        .to.be.revertedWithCustomError(desk, "SlashingDeskFutureOffence")
        .withArgs(noon + 1n, noon);
    });

    it("refuses one that is open", async () => {
      const { slashing, desk } = await loadFixture(accused);
      await slashing.open({ octo: 1n });
      await expect(slashing.open({ octo: 1n }))
        .to.be.revertedWithCustomError(desk, "SlashingDeskDisputeOpen")
        .withArgs(await slashing.key());
    });

    it("takes the number again once the dispute has ended", async () => {
      const world = await loadFixture(accused);
      await world.slashing.open({ octo: 1n });
      await world.slashing.close();
      await world.slashing.open({ octo: 2n });
      expect(await frozenIn(world)).to.deep.equal([0n, 0n, 2n, 0n]);
    });

    describe("when several use the same number (A-62)", () => {
      it("keeps those of two slashers apart", async () => {
        const { slashing, desk, actors } = await loadFixture(divided);
        await slashing.open({ by: actors.relayer, octo: 1n });
        await slashing.open({ octo: 2n });
        expect((await desk.disputeOf(await slashing.key({ by: actors.relayer }))).slasher).to.equal(
          actors.relayer.address,
        );
        expect((await desk.disputeOf(await slashing.key())).slasher).to.equal(actors.judge.address);
      });

      it("keeps those of two providers and of two roles apart", async () => {
        const { slashing, actors } = await loadFixture(accused);
        await slashing.open();
        await slashing.open({ provider: actors.other.address });
        await slashing.open({ role: roleId("A") });
      });

      it("ends one without ending the other", async () => {
        const world = await loadFixture(divided);
        const { slashing, actors, desk } = world;
        await slashing.open({ by: actors.relayer, octo: 1n });
        await slashing.open({ octo: 2n });
        await slashing.close({ by: actors.relayer });
        expect((await desk.disputeOf(await slashing.key())).slasher).to.equal(actors.judge.address);
        expect(await frozenIn(world)).to.deep.equal([0n, 0n, 2n, 0n]);
      });
    });

    describe("when it freezes", () => {
      it("freezes exits first, then the bond, in both lanes", async () => {
        const world = await loadFixture(leaving);
        await world.slashing.open({
          octo: PART_OCTO + 5n,
          roleTokens: PART_ROLE + 7n,
          offenceAt: world.askedAt - 1n,
        });
        expect(await frozenIn(world)).to.deep.equal([PART_OCTO, PART_ROLE, 5n, 7n]);
        expect(await exitOn(world, world.day)).to.deep.equal([0n, 0n]);
        expect([...(await world.registry.frozenBondOf(world.provider.address, D))]).to.deep.equal([5n, 7n]);
      });

      it("freezes of an exit what is in dispute, no more", async () => {
        const world = await loadFixture(leaving);
        await world.slashing.open({ octo: 7n, offenceAt: world.askedAt - 1n });
        expect(await exitOn(world, world.day)).to.deep.equal([PART_OCTO - 7n, PART_ROLE]);
        expect(await frozenIn(world)).to.deep.equal([7n, 0n, 0n, 0n]);
      });

      it("freezes no exit asked for before the offence (I-08)", async () => {
        const world = await loadFixture(leaving);
        await world.slashing.open({ octo: PART_OCTO, offenceAt: world.askedAt });
        expect(await frozenIn(world)).to.deep.equal([0n, 0n, PART_OCTO, 0n]);
      });

      it("freezes no more than there is", async () => {
        const world = await loadFixture(leaving);
        await world.slashing.open({ octo: 2n ** 128n - 1n, roleTokens: 2n ** 128n - 1n, offenceAt: 1n });
        expect(await frozenIn(world)).to.deep.equal([PART_OCTO, PART_ROLE, ODD_OCTO - PART_OCTO, ODD_ROLE - PART_ROLE]);
      });

      it("freezes nothing for nothing, and nothing of who has nothing", async () => {
        const world = await loadFixture(accused);
        await world.slashing.open();
        await world.slashing.open({ provider: nobody(), octo: 5n });
        expect(await frozenIn(world)).to.deep.equal([0n, 0n, 0n, 0n]);
      });

      it("freezes in the slasher's lane only", async () => {
        const world = await loadFixture(divided);
        const { relayer } = world.actors;
        await world.slashing.open({ by: relayer, octo: 5n, roleTokens: 7n });
        const frozen = await world.slashing.frozen({ by: relayer });
        expect([frozen.octoFromBond, frozen.roleFromBond]).to.deep.equal([5n, 0n]);
      });

      it("marks the position, until no dispute has frozen any of its bond", async () => {
        const { slashing, registry, provider } = await loadFixture(accused);
        const marked = async () => (await registry.positionOf(provider.address, D)).state & DISPUTED;
        await slashing.open({ octo: 1n });
        await slashing.open({ number: OTHER_CASE, roleTokens: 1n });
        await slashing.close();
        expect(await marked()).to.equal(DISPUTED);
        await slashing.close({ number: OTHER_CASE });
        expect(await marked()).to.equal(0n);
      });

      it("keeps the position active", async () => {
        const { slashing, registry, provider } = await loadFixture(accused);
        await slashing.open({ octo: ODD_OCTO, roleTokens: ODD_ROLE });
        expect(await registry.isActive(provider.address, D)).to.equal(true);
      });

      it("moves no token", async () => {
        const { slashing, system } = await loadFixture(accused);
        await expect(slashing.open({ octo: ODD_OCTO })).to.changeTokenBalance(
          ethers,
          system.octo,
          system.addresses.registry,
          0n,
        );
      });
    });

    describe("when there is delegated stake only (A-64)", () => {
      /** The provider has left, its delegators have not. */
      async function abandoned(): Promise<Accused> {
        const world = await backed();
        await world.registry.unbond(D, ODD_OCTO, ODD_ROLE);
        await time.increase(9n * DAY);
        return world;
      }

      it("freezes the same part of every exit of a delegator", async () => {
        const world = await loadFixture(abandoned);
        await world.slashing.open({ octo: ODD_DELEGATED / 2n });
        const { frozenShare } = await world.system.delegationPools.poolOf(world.provider.address, D);
        expect(frozenShare).to.equal(50_00n);
      });

      it("keeps that part from leaving, and slashes it", async () => {
        const { slashing, system, actors, provider } = await loadFixture(abandoned);
        const pools = system.delegationPools.connect(actors.delegator);
        await slashing.open({ octo: ODD_DELEGATED });
        const { shares } = await pools.delegationOf(actors.delegator.address, provider.address, D);
        const day = dayOfExit(await minedAt(await pools.undelegate(provider.address, D, shares, 0n)));
        await time.increaseTo(day * DAY + 1n);
        await expect(pools.withdraw(provider.address, D, day, actors.delegator.address))
          .to.be.revertedWithCustomError(pools, "DelegationPoolsExitFrozen")
          .withArgs(provider.address, D, day);
        const cost = await slashing.cost(
          await slashing.punish({ offence: "Fraud", dispute: CASE, offenceAt: day * DAY - 8n * DAY }),
        );
        expect(cost.octo).to.equal(ODD_DELEGATED);
      });
    });

    it("freezes delegated stake after all own stake", async () => {
      const world = await loadFixture(backed);
      await world.slashing.open({ octo: ODD_OCTO + ODD_DELEGATED / 4n });
      const { frozenShare } = await world.system.delegationPools.poolOf(world.provider.address, D);
      expect(await frozenIn(world)).to.deep.equal([0n, 0n, ODD_OCTO, 0n]);
      expect(frozenShare).to.equal(25_00n);
    });

    it("returns the key, and emits it", async () => {
      const { slashing, desk, actors, provider } = await loadFixture(accused);
      const key = await slashing.key();
      expect(await desk.connect(actors.judge).openDispute.staticCall(CASE, provider.address, D, 1n, 0n, 1n)).to.equal(
        key,
      );
      await expect(slashing.open({ octo: 1n }))
        .to.emit(desk, "DisputeOpened")
        .withArgs(actors.judge.address, provider.address, D, CASE, key);
    });

    it("notes who opened it, and that it ends in 60 days", async () => {
      const { slashing, desk, actors } = await loadFixture(accused);
      const openedAt = await minedAt(await slashing.open());
      expect([...(await desk.disputeOf(await slashing.key()))]).to.deep.equal([
        actors.judge.address,
        openedAt + LONGEST,
      ]);
    });
  });

  describe("what a dispute has frozen", () => {
    it("keeps exactly as much of each bond from leaving (I-10)", async () => {
      const world = await loadFixture(accused);
      const { slashing, registry } = world;
      await slashing.open({ octo: 300n * OCTO + 1n, roleTokens: 100n * OCTO + 1n });
      const [octo, roleTokens] = [ODD_OCTO - 300n * OCTO - 1n, ODD_ROLE - 100n * OCTO - 1n];
      await expect(registry.unbond(D, octo + 1n, 0n))
        .to.be.revertedWithCustomError(registry, "ProviderRegistryBondFrozen")
        .withArgs(300n * OCTO + 1n, 300n * OCTO);
      await expect(registry.unbond(D, 0n, roleTokens + 1n))
        .to.be.revertedWithCustomError(registry, "ProviderRegistryBondFrozen")
        .withArgs(100n * OCTO + 1n, 100n * OCTO);
      await registry.unbond(D, octo, roleTokens);
      expect(await bondsOf(world)).to.deep.equal([300n * OCTO + 1n, 100n * OCTO + 1n]);
    });

    it("of one lane does not keep the other", async () => {
      const { slashing, registry } = await loadFixture(accused);
      await slashing.open({ octo: ODD_OCTO });
      await registry.unbond(D, 0n, ODD_ROLE);
    });

    it("of two disputes adds up (I-10)", async () => {
      const { slashing, registry, provider } = await loadFixture(accused);
      await slashing.open({ octo: 300n * OCTO });
      await slashing.open({ number: OTHER_CASE, octo: 200n * OCTO });
      expect((await registry.frozenBondOf(provider.address, D)).octo).to.equal(500n * OCTO);
      await expect(registry.unbond(D, ODD_OCTO - 500n * OCTO + 1n, 0n))
        .to.be.revertedWithCustomError(registry, "ProviderRegistryBondFrozen")
        .withArgs(500n * OCTO, 500n * OCTO - 1n);
      await registry.unbond(D, ODD_OCTO - 500n * OCTO, 0n);
    });

    it("of two disputes is not counted twice when there is too little", async () => {
      const world = await loadFixture(accused);
      await world.slashing.open({ octo: 700n * OCTO });
      await world.slashing.open({ number: OTHER_CASE, octo: 700n * OCTO });
      expect(await frozenIn(world, OTHER_CASE)).to.deep.equal([0n, 0n, ODD_OCTO - 700n * OCTO, 0n]);
    });

    it("of an exit cannot be withdrawn on its day, and the rest of the exit can (I-10)", async () => {
      const { slashing, registry, provider, system, askedAt, day } = await loadFixture(leaving);
      await slashing.open({ octo: 40n * OCTO, offenceAt: askedAt - 1n });
      await time.increaseTo(day * DAY);
      await expect(registry.withdraw(D, day, provider.address)).to.changeTokenBalance(
        ethers,
        system.octo,
        provider.address,
        PART_OCTO - 40n * OCTO,
      );
    });

    it("of an exit cannot be called off", async () => {
      const { slashing, registry, provider, askedAt, day } = await loadFixture(leaving);
      await slashing.open({ octo: PART_OCTO, roleTokens: PART_ROLE, offenceAt: askedAt - 1n });
      await expect(registry.cancelExit(D, day))
        .to.be.revertedWithCustomError(registry, "ProviderRegistryNoExit")
        .withArgs(provider.address, D, day);
    });

    it("is taken by another slash out of the bond, but not out of exits", async () => {
      const world = await loadFixture(leaving);
      await world.slashing.open({ octo: PART_OCTO + 600n * OCTO, offenceAt: world.askedAt - 1n });
      const cost = await world.slashing.cost(
        await world.slashing.punish({ offence: "Fraud", offenceAt: world.askedAt - 1n }),
      );
      expect(cost.octo).to.equal(ODD_OCTO - PART_OCTO);
      expect((await frozenIn(world))[0]).to.equal(PART_OCTO);
    });
  });

  describe("closeDispute", () => {
    it("refuses what was never opened", async () => {
      const { slashing, desk } = await loadFixture(accused);
      await expect(slashing.close())
        .to.be.revertedWithCustomError(desk, "SlashingDeskUnknownDispute")
        .withArgs(await slashing.key());
    });

    for (const name of ["provider", "stranger", "admin", "guardian"] as const) {
      it(`refuses the ${name} until 60 days are over`, async () => {
        const { slashing, desk, actors } = await loadFixture(accused);
        const closesAt = (await minedAt(await slashing.open({ octo: 1n }))) + LONGEST;
        await time.setNextBlockTimestamp(closesAt);
        await expect(slashing.close({}, actors[name]))
          .to.be.revertedWithCustomError(desk, "SlashingDeskDisputeNotOver")
          .withArgs(await slashing.key(), closesAt);
      });
    }

    it("is anybody's a second later", async () => {
      const world = await loadFixture(accused);
      const closesAt = (await minedAt(await world.slashing.open({ octo: 1n }))) + LONGEST;
      await time.setNextBlockTimestamp(closesAt + 1n);
      await world.slashing.close({}, world.actors.stranger);
      expect(await frozenIn(world)).to.deep.equal([0n, 0n, 0n, 0n]);
    });

    it("is not anybody's while the slasher has one lane left", async () => {
      const { slashing, desk, actors } = await loadFixture(accused);
      await slashing.open({ octo: 1n });
      await desk.connect(actors.guardian).removeSlasher(actors.judge.address, 0n);
      await expect(slashing.close({}, actors.provider)).to.be.revertedWithCustomError(
        desk,
        "SlashingDeskDisputeNotOver",
      );
    });

    it("is anybody's once the slasher is none any more", async () => {
      const { slashing, registry, actors, provider } = await loadFixture(accused);
      await slashing.open({ octo: ODD_OCTO });
      await slashing.dismiss(actors.judge);
      await slashing.close({}, provider);
      await registry.unbond(D, ODD_OCTO, ODD_ROLE);
    });

    it("is the slasher's at any time, once", async () => {
      const { slashing, desk } = await loadFixture(accused);
      await slashing.open({ octo: 1n });
      await slashing.close();
      await expect(slashing.close())
        .to.be.revertedWithCustomError(desk, "SlashingDeskUnknownDispute")
        .withArgs(await slashing.key());
    });

    it("makes exits again of what was taken out of exits, free on their day", async () => {
      const world = await loadFixture(leaving);
      await world.slashing.open({ octo: PART_OCTO, roleTokens: PART_ROLE, offenceAt: world.askedAt - 1n });
      await world.slashing.close();
      expect(await exitOn(world, world.day)).to.deep.equal([PART_OCTO, PART_ROLE]);
      await expect(world.registry.withdraw(D, world.day, world.provider.address))
        .to.be.revertedWithCustomError(world.registry, "ProviderRegistryExitNotFree")
        .withArgs(world.day, world.day * DAY);
    });

    it("lets them leave at once if their day has passed, though the row was withdrawn", async () => {
      const { slashing, registry, provider, system, askedAt, day } = await loadFixture(leaving);
      await slashing.open({ octo: 40n * OCTO, offenceAt: askedAt - 1n });
      await time.increaseTo(day * DAY);
      await registry.withdraw(D, day, provider.address);
      await slashing.close();
      await expect(registry.withdraw(D, day, provider.address)).to.changeTokenBalance(
        ethers,
        system.octo,
        provider.address,
        40n * OCTO,
      );
    });

    it("frees a delegator's exit", async () => {
      const { slashing, system, provider } = await loadFixture(backed);
      await slashing.open({ octo: ODD_OCTO + ODD_DELEGATED });
      await slashing.close();
      expect((await system.delegationPools.poolOf(provider.address, D)).frozenShare).to.equal(0n);
    });

    it("emits the key at the desk and in the registry", async () => {
      const { slashing, desk, registry } = await loadFixture(accused);
      await slashing.open({ octo: 1n });
      const key = await slashing.key();
      await expect(slashing.close())
        .to.emit(desk, "DisputeClosed")
        .withArgs(key)
        .and.to.emit(registry, "StakeThawed")
        .withArgs(key);
    });
  });

  describe("slash with a dispute", () => {
    it("takes what was frozen first and frees the rest", async () => {
      const world = await loadFixture(leaving);
      await world.slashing.open({ octo: PART_OCTO, roleTokens: PART_ROLE, offenceAt: world.askedAt - 1n });
      await world.slashing.punish({ dispute: CASE, offenceAt: world.askedAt - 1n });
      const [octo, roleTokens] = [shareOf(ODD_OCTO, 10_00n), shareOf(ODD_ROLE, 30_00n)];
      expect(await exitOn(world, world.day)).to.deep.equal([PART_OCTO - octo, 0n]);
      expect(await bondsOf(world)).to.deep.equal([ODD_OCTO - PART_OCTO, ODD_ROLE - roleTokens]);
    });

    it("takes a frozen exit long after its day", async () => {
      const { slashing, askedAt, day } = await loadFixture(leaving);
      await slashing.open({ octo: PART_OCTO, offenceAt: askedAt - 1n });
      await time.increaseTo((day + 50n) * DAY);
      const cost = await slashing.cost(
        await slashing.punish({ offence: "Fraud", dispute: CASE, offenceAt: askedAt - 1n }),
      );
      expect(cost.octo).to.equal(ODD_OCTO);
    });

    it("ends it, and emits that", async () => {
      const { slashing, desk, registry, provider } = await loadFixture(accused);
      await slashing.open({ octo: ODD_OCTO, roleTokens: 7n });
      const key = await slashing.key();
      await expect(slashing.punish({ dispute: CASE }))
        .to.emit(desk, "DisputeClosed")
        .withArgs(key);
      expect([...(await registry.frozenBondOf(provider.address, D))]).to.deep.equal([0n, 0n]);
      expect((await desk.disputeOf(key)).slasher).to.equal(ethers.ZeroAddress);
    });

    it("leaves another's dispute frozen", async () => {
      const world = await loadFixture(accused);
      await world.slashing.open({ octo: 100n * OCTO });
      await world.slashing.open({ number: OTHER_CASE, octo: 200n * OCTO });
      await world.slashing.punish({ dispute: CASE });
      expect((await world.registry.frozenBondOf(world.provider.address, D)).octo).to.equal(200n * OCTO);
    });

    it("cannot be another slasher's dispute (A-62)", async () => {
      const { slashing, desk, actors } = await loadFixture(divided);
      await slashing.open({ octo: 5n });
      await expect(slashing.punish({ by: actors.relayer, dispute: CASE }))
        .to.be.revertedWithCustomError(desk, "SlashingDeskUnknownDispute")
        .withArgs(await slashing.key({ by: actors.relayer }));
    });

    it("cannot be a dispute over another role", async () => {
      const { slashing, desk } = await loadFixture(accused);
      await slashing.open({ octo: 5n });
      const role = roleId("A");
      await expect(slashing.punish({ role, dispute: CASE }))
        .to.be.revertedWithCustomError(desk, "SlashingDeskUnknownDispute")
        .withArgs(await slashing.key({ role }));
    });

    it("is no more possible once the slasher was removed, and the dispute stays to be closed", async () => {
      const { slashing, desk, actors, provider } = await loadFixture(accused);
      await slashing.open({ octo: 5n });
      await slashing.dismiss(actors.judge);
      await expect(slashing.punish({ dispute: CASE }))
        .to.be.revertedWithCustomError(desk, "SlashingDeskNotSlasher")
        .withArgs(actors.judge.address, D);
      await slashing.close({}, provider);
    });

    it("thaws delegated stake as well", async () => {
      const { slashing, system, provider } = await loadFixture(backed);
      await slashing.open({ octo: ODD_OCTO + ODD_DELEGATED });
      await slashing.punish({ dispute: CASE });
      expect((await system.delegationPools.poolOf(provider.address, D)).frozenShare).to.equal(0n);
    });
  });
});
