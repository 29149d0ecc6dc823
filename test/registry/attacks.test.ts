import { expect } from "chai";
import { id, ZeroAddress, ZeroHash } from "ethers";

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
  exitOn,
  JUDGE_BUDGET,
  LANE,
  now,
  ODD_DELEGATED,
  ODD_OCTO,
  ODD_ROLE,
  shareOf,
  toNoon,
} from "../support/slashing.ts";

/** The provider sees the verdict coming and asks for all of its stake first. */
async function fleeing(): Promise<Accused & { offenceAt: bigint; day: bigint }> {
  const world = await loadFixture(accused);
  const noon = await toNoon();
  await world.registry.unbond(D, ODD_OCTO, ODD_ROLE);
  return { ...world, offenceAt: noon - 1n, day: dayOfExit(noon) };
}

describe("attacks on the registry", () => {
  describe("A-01: the provider runs ahead of the slash and withdraws", () => {
    it("waits seven days for its exit, whatever it calls, and the slash takes it", async () => {
      const world = await loadFixture(fleeing);
      const { registry, provider, day, slashing, offenceAt } = world;
      const refused = expect(registry.withdraw(D, day, provider.address));
      await refused.to.be.revertedWithCustomError(registry, "ProviderRegistryExitNotFree").withArgs(day, day * DAY);
      await slashing.punish({ offence: "Fraud", offenceAt });
      expect(await exitOn(world, day)).to.deep.equal([0n, 0n]);
    });
  });

  describe("A-03: the provider asks again, to write over what is leaving", () => {
    it("adds to the exit, of which the slash takes its share", async () => {
      const world = await loadFixture(accused);
      const noon = await toNoon();
      for (let times = 0; times < 3; ++times) await world.registry.unbond(D, 1n, 1n);
      await world.registry.bond(D, 1n, 1n);
      const cost = await world.slashing.cost(await world.slashing.punish({ offence: "Fraud", offenceAt: noon - 1n }));
      expect([cost.octo, cost.roleTokens]).to.deep.equal([ODD_OCTO + 1n, ODD_ROLE + 1n]);
    });
  });

  describe("A-04: a cut of the delegators makes the slash revert", () => {
    it("is at most 30 %, and at 30 % the slash takes all", async () => {
      const { slashing, system, provider } = await loadFixture(backed);
      const pools = system.delegationPools.connect(provider);
      await expect(pools.setCut(D, 30_01n))
        .to.be.revertedWithCustomError(pools, "DelegationPoolsCutTooHigh")
        .withArgs(30_01n, 30_00n);
      await pools.setCut(D, 30_00n);
      const { octo } = await slashing.cost(await slashing.punish({ offence: "Fraud" }));
      expect(octo).to.equal(ODD_OCTO + ODD_DELEGATED);
    });
  });

  describe("A-06: there is less than the slash is due", () => {
    it("takes what is there, and a second one nothing", async () => {
      const world = await loadFixture(accused);
      await world.slashing.open({ octo: 2n ** 128n - 1n, roleTokens: 2n ** 128n - 1n });
      const first = await world.slashing.cost(await world.slashing.punish({ offence: "Fraud", dispute: CASE }));
      const second = await world.slashing.cost(await world.slashing.punish({ offence: "ProtocolAttack" }));
      expect([first.octo, first.roleTokens, second.octo, second.roleTokens]).to.deep.equal([
        ODD_OCTO,
        ODD_ROLE,
        0n,
        0n,
      ]);
    });
  });

  describe("A-08: the provider takes its stake out of the slash's reach between verdict and transaction", () => {
    for (const share of [1n, 2n, 3n] as const) {
      it(`pays the same though 1 / ${share} of its bonds is leaving`, async () => {
        const world = await loadFixture(accused);
        const noon = await toNoon();
        await world.registry.unbond(D, ODD_OCTO / share, ODD_ROLE / share);
        const cost = await world.slashing.cost(await world.slashing.punish({ offenceAt: noon - 1n }));
        expect([cost.octo, cost.roleTokens]).to.deep.equal([shareOf(ODD_OCTO, 10_00n), shareOf(ODD_ROLE, 30_00n)]);
      });
    }
  });

  describe("A-12: exits of a provider and of its delegators share a day", () => {
    it("keeps them apart, and nobody withdraws another's", async () => {
      const { system, actors, provider, registry } = await loadFixture(backed);
      const pools = system.delegationPools;
      const { shares } = await pools.delegationOf(actors.delegator.address, provider.address, D);
      const day = dayOfExit(await toNoon());
      await registry.unbond(D, 7n, 0n);
      await pools.connect(actors.delegator).undelegate(provider.address, D, shares, 0n);
      await time.increaseTo(day * DAY);
      await expect(pools.connect(provider).withdraw(provider.address, D, day, provider.address))
        .to.be.revertedWithCustomError(pools, "DelegationPoolsNoExit")
        .withArgs(provider.address, provider.address, D, day);
      await expect(system.registry.connect(actors.delegator).withdraw(D, day, actors.delegator.address))
        .to.be.revertedWithCustomError(registry, "ProviderRegistryNoExit")
        .withArgs(actors.delegator.address, D, day);
      await expect(registry.withdraw(D, day, provider.address)).to.changeTokenBalance(
        ethers,
        system.octo,
        provider.address,
        7n,
      );
    });
  });

  describe("A-16: slasher and provider collude to get out at once", () => {
    it("gets out no more than the week's budget, and only by a verdict that all can see", async () => {
      const { slashing, system, actors, provider } = await loadFixture(accused);
      await slashing.appoint(actors.other, { budget: 10n });
      await slashing.takeOffice();
      const accusation = { by: actors.other, client: provider.address, loss: ODD_OCTO, offence: "Fraud" } as const;
      await time.setNextBlockTimestamp(((await now()) / (7n * DAY) + 1n) * 7n * DAY);
      await expect(slashing.punish(accusation)).to.changeTokenBalance(
        ethers,
        system.octo,
        provider.address,
        10n * OCTO,
      );
      await expect(slashing.punish(accusation)).to.changeTokenBalance(ethers, system.octo, provider.address, 0n);
      expect(await system.slashingDesk.isBanned(provider.address)).to.equal(true);
    });
  });

  describe("A-19: less is bonded than disputes have frozen", () => {
    it("refuses to unbond, and another dispute finds nothing, without an underflow", async () => {
      const { slashing, registry } = await loadFixture(accused);
      await slashing.open({ octo: ODD_OCTO, roleTokens: ODD_ROLE });
      await slashing.punish({ offence: "SlaViolation" });
      const left = ODD_OCTO - shareOf(ODD_OCTO, 20_00n);
      await expect(registry.unbond(D, 1n, 0n))
        .to.be.revertedWithCustomError(registry, "ProviderRegistryBondFrozen")
        .withArgs(ODD_OCTO, left - 1n);
      await slashing.open({ number: id("case 2"), octo: 1n, roleTokens: 1n });
      const { octoFromBond, roleFromBond } = await slashing.frozen({ number: id("case 2") });
      expect([octoFromBond, roleFromBond]).to.deep.equal([0n, 0n]);
    });
  });

  describe("A-21: an exit is called off in a race with the slash", () => {
    it("bonds again what the slash left, not what was asked for", async () => {
      const world = await loadFixture(fleeing);
      await world.slashing.punish({ offenceAt: world.offenceAt });
      await world.registry.cancelExit(D, world.day);
      expect(await bondsOf(world)).to.deep.equal([
        ODD_OCTO - shareOf(ODD_OCTO, 10_00n),
        ODD_ROLE - shareOf(ODD_ROLE, 30_00n),
      ]);
    });
  });

  describe("A-23: the later offence is judged first", () => {
    it("does not suppress the slash for the earlier one", async () => {
      const world = await loadFixture(fleeing);
      await world.slashing.punish({ offence: "Downtime", offenceAt: world.offenceAt + 1n });
      const cost = await world.slashing.cost(await world.slashing.punish({ offenceAt: world.offenceAt }));
      expect([cost.octo, cost.roleTokens]).to.deep.equal([shareOf(ODD_OCTO, 15_00n), shareOf(ODD_ROLE, 45_00n)]);
    });
  });

  describe("A-27, A-28: who is paid is a contract that refuses, burns gas or calls back", () => {
    it("is not called: the slash pays a contract without a fallback", async () => {
      const { slashing, system } = await loadFixture(accused);
      const client = system.addresses.emissionSchedule;
      await expect(slashing.punish({ client, loss: 5n })).to.changeTokenBalance(ethers, system.octo, client, 5n);
    });
  });

  describe("A-30: a role is added again", () => {
    it("refuses", async () => {
      const { system, actors } = await loadFixture(accused);
      await expect(system.registry.connect(actors.admin).addRole(D, { octo: 1n, roleTokens: 1n }))
        .to.be.revertedWithCustomError(system.registry, "ProviderRegistryRoleExists")
        .withArgs(D);
    });

    it("does not make stake slashable that is bonded for what its owner lost before", async () => {
      const world = await loadFixture(fleeing);
      await world.slashing.punish({ offence: "SlaViolation", offenceAt: world.offenceAt });
      await world.registry.bond(D, 100n * OCTO, 0n);
      expect((await bondsOf(world))[0]).to.equal(100n * OCTO);
    });
  });

  describe("A-31: while all is paused, providers leave and nobody slashes", () => {
    it("slashes though the market is paused", async () => {
      const { slashing, system, actors } = await loadFixture(accused);
      await system.settlement.connect(actors.guardian).pauseMarket(system.addresses.jobMarket);
      expect((await slashing.cost(await slashing.punish())).octo).to.equal(shareOf(ODD_OCTO, 10_00n));
    });
  });

  describe("A-32: a stake below the minimum", () => {
    it("is slashable, and takes no work", async () => {
      const world = await loadFixture(accused);
      await world.registry.unbond(D, ODD_OCTO - 11n, ODD_ROLE - 11n);
      expect(await world.registry.isActive(world.provider.address, D)).to.equal(false);
      await world.slashing.punish({ offence: "Fraud" });
      expect(await bondsOf(world)).to.deep.equal([0n, 0n]);
    });
  });

  describe("A-40: a third party adds a wei", () => {
    it("bonds for itself only, and OCTO sent to the registry changes no slash", async () => {
      const world = await loadFixture(accused);
      const { system, actors, slashing } = world;
      await system.octo.connect(actors.stranger).transfer(system.addresses.registry, 1n);
      await system.registry.connect(actors.stranger).bond(D, 1n, 0n);
      const cost = await slashing.cost(await slashing.punish());
      expect([cost.octo, cost.octoStake]).to.deep.equal([shareOf(ODD_OCTO, 10_00n), ODD_OCTO]);
    });

    it("delegates nothing that puts off an exit", async () => {
      const { system, actors, provider, registry } = await loadFixture(backed);
      const day = dayOfExit(await toNoon());
      await registry.unbond(D, ODD_OCTO, ODD_ROLE);
      await expect(
        system.delegationPools.connect(actors.stranger).delegate(provider.address, D, 10n * OCTO, 0n),
      ).to.be.revertedWithCustomError(system.delegationPools, "DelegationPoolsFull");
      await time.increaseTo(day * DAY);
      await registry.withdraw(D, day, provider.address);
    });
  });

  describe("A-61: the provider accuses itself, to be paid or to be spared", () => {
    it("cannot open a dispute", async () => {
      const { slashing, desk, provider } = await loadFixture(accused);
      await expect(slashing.open({ by: provider, octo: 1n }))
        .to.be.revertedWithCustomError(desk, "SlashingDeskNotSlasher")
        .withArgs(provider.address, D);
    });

    it("earns nothing by reporting its own downtime", async () => {
      const { desk, registry, provider, system } = await loadFixture(accused);
      await registry.setDuty(D, true);
      const window = ((await now()) - BigInt(Date.UTC(2026, 0, 1)) / 1_000n) / (8n * 3_600n) + 1n;
      await time.increase(DAY);
      const reporting = desk.connect(provider).reportDowntime(provider.address, D, window);
      await expect(reporting).to.changeTokenBalance(ethers, system.octo, provider.address, 0n);
      await expect(reporting).to.changeTokenBalance(ethers, system.roleTokens.D, provider.address, 0n);
    });
  });

  describe("A-63: both parties to a case are wrong", () => {
    it("punishes both under one number", async () => {
      const { slashing, system, actors } = await loadFixture(accused);
      const other = actors.stranger.address;
      await system.registry.connect(actors.stranger).bond(D, ODD_OCTO, 0n);
      await slashing.open({ octo: ODD_OCTO });
      await slashing.open({ octo: ODD_OCTO, provider: other });
      for (const accusation of [{}, { provider: other }]) {
        const cost = await slashing.cost(await slashing.punish({ ...accusation, dispute: CASE }));
        expect(cost.octo).to.equal(shareOf(ODD_OCTO, 10_00n));
      }
    });
  });

  describe("A-66: a time is changed after the fact", () => {
    it("ends an open dispute when it was said to, whatever becomes of its slasher's authority", async () => {
      const { slashing, desk, actors, provider } = await loadFixture(accused);
      const closesAt = (await minedAt(await slashing.open({ octo: ODD_OCTO }))) + 60n * DAY;
      await slashing.appoint(actors.judge, { budget: 2n * JUDGE_BUDGET });
      await slashing.dismiss(actors.judge);
      await slashing.appoint(actors.judge);
      expect((await desk.disputeOf(await slashing.key())).closesAt).to.equal(closesAt);
      await time.setNextBlockTimestamp(closesAt + 1n);
      await slashing.close({}, provider);
    });
  });

  describe("A-67: disputes without number", () => {
    it("freeze no more than there is, and all of it is free once they are closed", async () => {
      const { slashing, registry, provider } = await loadFixture(accused);
      const numbers = Array.from({ length: 20 }, (_, index) => id(`case ${index}`));
      for (const number of numbers) await slashing.open({ number, octo: 50n * OCTO, roleTokens: 50n * OCTO });
      expect([...(await registry.frozenBondOf(provider.address, D))]).to.deep.equal([ODD_OCTO, ODD_ROLE]);
      for (const number of numbers) await slashing.close({ number });
      await registry.unbond(D, ODD_OCTO, ODD_ROLE);
    });

    it("are not the public's", async () => {
      const { slashing, desk, actors } = await loadFixture(accused);
      await expect(slashing.open({ by: actors.client, octo: 1n }))
        .to.be.revertedWithCustomError(desk, "SlashingDeskNotSlasher")
        .withArgs(actors.client.address, D);
    });
  });

  describe("A-83: somebody initialises the registry or its implementation", () => {
    it("refuses both", async () => {
      const { system, actors } = await loadFixture(accused);
      const slot = "0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc";
      const stored = await ethers.provider.getStorage(system.addresses.registry, slot);
      const implementation = ethers.getAddress(`0x${stored.slice(-40)}`);
      for (const address of [system.addresses.registry, implementation]) {
        const registry = system.registry.attach(address) as typeof system.registry;
        await expect(
          registry.connect(actors.stranger).initialize(actors.stranger.address),
        ).to.be.revertedWithCustomError(registry, "InvalidInitialization");
      }
    });
  });

  describe("A-87: leaving and coming back resets the history", () => {
    it("counts as a repeat what was punished before", async () => {
      const { slashing, registry, provider } = await loadFixture(accused);
      await slashing.punish({ offence: "ExtendedDowntime" });
      const { octoBond, roleBond } = await registry.bondOf(provider.address, D);
      const day = dayOfExit(await minedAt(await registry.unbond(D, octoBond, roleBond)));
      await time.increaseTo(day * DAY);
      await registry.withdraw(D, day, provider.address);
      await registry.bond(D, ODD_OCTO, ODD_ROLE);
      const cost = await slashing.cost(await slashing.punish());
      expect([cost.repeats, cost.octo]).to.deep.equal([1n, shareOf(ODD_OCTO, 15_00n)]);
    });
  });

  describe("A-89: the payee is fixed before the payment", () => {
    it("is named with each withdrawal", async () => {
      const { registry, actors, system, day } = await loadFixture(fleeing);
      await time.increaseTo(day * DAY);
      await expect(registry.withdraw(D, day, actors.other.address)).to.changeTokenBalance(
        ethers,
        system.octo,
        actors.other.address,
        ODD_OCTO,
      );
    });
  });

  describe("A-91: somebody passes for the slashing desk", () => {
    for (const name of ["admin", "guardian", "judge", "provider", "stranger"] as const) {
      it(`refuses the ${name} at every door of the desk`, async () => {
        const { system, actors, provider } = await loadFixture(accused);
        const registry = system.registry.connect(actors[name]);
        const doors = [
          registry.freeze(id("x"), provider.address, D, 1n, 1n, 1n),
          registry.thaw(id("x")),
          registry.setSuspended(provider.address, D, true),
        ];
        for (const door of doors) {
          await expect(door)
            .to.be.revertedWithCustomError(registry, "ProviderRegistryCallerNotDesk")
            .withArgs(actors[name].address);
        }
      });
    }

    it("knows its desk and its pools by address", async () => {
      const { system } = await loadFixture(accused);
      const { desk, pools } = await system.registry.peers();
      expect([desk, pools]).to.deep.equal([system.addresses.slashingDesk, system.addresses.delegationPools]);
    });
  });

  describe("A-93: money goes to the wrong address", () => {
    for (const where of ["the zero address", "the registry"] as const) {
      it(`refuses to withdraw to ${where}`, async () => {
        const { registry, system, day } = await loadFixture(fleeing);
        const to = where === "the registry" ? system.addresses.registry : ZeroAddress;
        await time.increaseTo(day * DAY);
        await expect(registry.withdraw(D, day, to))
          .to.be.revertedWithCustomError(registry, "ProviderRegistryInvalidRecipient")
          .withArgs(to);
      });
    }

    it("has nothing of the provider's for another account", async () => {
      const { system, actors, day } = await loadFixture(fleeing);
      await time.increaseTo(day * DAY);
      await expect(system.registry.connect(actors.stranger).withdraw(D, day, actors.stranger.address))
        .to.be.revertedWithCustomError(system.registry, "ProviderRegistryNoExit")
        .withArgs(actors.stranger.address, D, day);
    });
  });

  describe("a stolen slasher", () => {
    it("is stopped by the guardian in the same block it is seen, in both lanes", async () => {
      const { slashing, desk, actors } = await loadFixture(accused);
      await slashing.dismiss(actors.judge);
      for (const lane of Object.values(LANE)) {
        expect(await desk.allowanceOf(actors.judge.address, lane, D)).to.equal(0n);
      }
      await expect(slashing.punish({ dispute: ZeroHash }))
        .to.be.revertedWithCustomError(desk, "SlashingDeskNotSlasher")
        .withArgs(actors.judge.address, D);
    });
  });
});
