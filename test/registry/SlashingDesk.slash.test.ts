import { expect } from "chai";
import { ZeroAddress, ZeroHash } from "ethers";

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
  exitOn,
  nobody,
  now,
  ODD_DELEGATED,
  ODD_OCTO,
  ODD_ROLE,
  OFFENCES,
  REASON,
  shareOf,
  toNoon,
} from "../support/slashing.ts";

const POOR_OCTO = shareOf(ODD_OCTO, 10_00n);
const POOR_ROLE = shareOf(ODD_ROLE, 30_00n);
const [PART_OCTO, PART_ROLE] = [100n * OCTO + 3n, 50n * OCTO + 1n];

/** A part of both bonds was asked back at noon. */
async function leaving(): Promise<Accused & { askedAt: bigint; day: bigint }> {
  const world = await loadFixture(accused);
  const askedAt = await toNoon();
  await world.registry.unbond(D, PART_OCTO, PART_ROLE);
  return { ...world, askedAt, day: dayOfExit(askedAt) };
}

describe("SlashingDesk", () => {
  describe("slash", () => {
    describe("when the caller is no slasher", () => {
      for (const name of ["stranger", "admin", "guardian", "provider"] as const) {
        it(`refuses the ${name}`, async () => {
          const { slashing, desk, actors } = await loadFixture(accused);
          await expect(slashing.punish({ by: actors[name] }))
            .to.be.revertedWithCustomError(desk, "SlashingDeskNotSlasher")
            .withArgs(actors[name].address, D);
        });
      }

      it("refuses the judge at the registry itself", async () => {
        const { system, actors, provider } = await loadFixture(accused);
        const penalty = {
          account: provider.address,
          role: D,
          octoShare: 1n,
          roleShare: 1n,
          octoLimit: 1n,
          roleLimit: 1n,
          points: 1n,
          offenceAt: 1n,
          dispute: ZeroHash,
          client: ZeroAddress,
          loss: 0n,
          ban: false,
        };
        await expect(system.registry.connect(actors.judge).slash(penalty))
          .to.be.revertedWithCustomError(system.registry, "ProviderRegistryCallerNotDesk")
          .withArgs(actors.judge.address);
      });
    });

    describe("when it names a dispute that is not open", () => {
      it("refuses", async () => {
        const { slashing, desk } = await loadFixture(accused);
        await expect(slashing.punish({ dispute: CASE }))
          .to.be.revertedWithCustomError(desk, "SlashingDeskUnknownDispute")
          .withArgs(await slashing.key());
      });
    });

    describe("when the offence lies in the future", () => {
      it("refuses a second", async () => {
        const { slashing, desk } = await loadFixture(accused);
        const noon = await toNoon();
        await expect(slashing.punish({ offenceAt: noon + 1n }))
          .to.be.revertedWithCustomError(desk, "SlashingDeskFutureOffence")
          .withArgs(noon + 1n, noon);
      });

      it("takes the very moment", async () => {
        const world = await loadFixture(accused);
        const noon = await toNoon();
        await world.slashing.punish({ offenceAt: noon });
        expect((await bondsOf(world))[0]).to.equal(ODD_OCTO - POOR_OCTO);
      });

      it("takes the year 1970", async () => {
        const world = await loadFixture(accused);
        await world.slashing.punish({ offenceAt: 0n });
        expect((await bondsOf(world))[0]).to.equal(ODD_OCTO - POOR_OCTO);
      });
    });

    describe("when there is nothing to take (I-09)", () => {
      for (const offence of OFFENCES) {
        it(`takes nothing for ${offence} of who never bonded`, async () => {
          const { slashing } = await loadFixture(accused);
          const cost = await slashing.cost(await slashing.punish({ provider: nobody(), offence }));
          expect(cost).to.deep.equal({
            repeats: 0n,
            octo: 0n,
            roleTokens: 0n,
            octoStake: 0n,
            roleStake: 0n,
            compensated: 0n,
          });
        });
      }

      for (const role of [0n, 9n, 31n]) {
        it(`takes nothing in role ${role}, which does not exist`, async () => {
          const { slashing } = await loadFixture(accused);
          const { octo, roleTokens } = await slashing.cost(await slashing.punish({ role }));
          expect([octo, roleTokens]).to.deep.equal([0n, 0n]);
        });
      }

      it("takes nothing for the zero address", async () => {
        const { slashing } = await loadFixture(accused);
        expect((await slashing.cost(await slashing.punish({ provider: ZeroAddress }))).octo).to.equal(0n);
      });

      it("takes nothing from who lost everything before", async () => {
        const { slashing } = await loadFixture(accused);
        await slashing.punish({ offence: "Fraud" });
        const { octo, roleTokens } = await slashing.cost(await slashing.punish({ offence: "Fraud" }));
        expect([octo, roleTokens]).to.deep.equal([0n, 0n]);
      });

      it("takes nothing from a share that rounds to nothing", async () => {
        const world = await loadFixture(accused);
        const role = roleId("M");
        await world.registry.bond(role, 9n, 0n);
        expect((await world.slashing.cost(await world.slashing.punish({ role }))).octo).to.equal(0n);
      });
    });

    describe("when the offence is punished", () => {
      it("reduces the bonds by exactly what it returns (I-06)", async () => {
        const world = await loadFixture(accused);
        const { desk, actors, slashing } = world;
        const returned = await desk.connect(actors.judge).slash.staticCall(await slashing.verdict());
        await slashing.punish();
        expect(await bondsOf(world)).to.deep.equal([ODD_OCTO - returned.octo, ODD_ROLE - returned.roleTokens]);
        expect([returned.octo, returned.roleTokens]).to.deep.equal([POOR_OCTO, POOR_ROLE]);
      });

      it("takes own stake first, then delegated stake, of the share of both", async () => {
        const world = await loadFixture(backed);
        const taken = shareOf(ODD_OCTO + ODD_DELEGATED, 50_00n);
        await world.slashing.punish({ offence: "DataMishandling" });
        const { stake } = await world.system.delegationPools.poolOf(world.provider.address, D);
        expect((await bondsOf(world))[0]).to.equal(0n);
        expect(stake).to.equal(ODD_DELEGATED - (taken - ODD_OCTO));
      });

      it("spares delegated stake while the own is enough", async () => {
        const world = await loadFixture(backed);
        await world.slashing.punish();
        const { stake } = await world.system.delegationPools.poolOf(world.provider.address, D);
        expect((await bondsOf(world))[0]).to.equal(ODD_OCTO - shareOf(ODD_OCTO + ODD_DELEGATED, 10_00n));
        expect(stake).to.equal(ODD_DELEGATED);
      });

      it("moves delegated stake to the registry, by exactly what it returns (I-06)", async () => {
        const { slashing, system } = await loadFixture(backed);
        const { octoToken = system.octo, registry, delegationPools } = { ...system, octoToken: system.octo };
        const slash = slashing.punish({ offence: "Fraud" });
        await expect(slash).to.changeTokenBalances(
          ethers,
          octoToken,
          [await registry.getAddress(), await delegationPools.getAddress()],
          [ODD_DELEGATED, -ODD_DELEGATED],
        );
        expect((await slashing.cost(await slash)).octo).to.equal(ODD_OCTO + ODD_DELEGATED);
      });

      it("leaves other roles and other accounts alone", async () => {
        const { slashing, registry, provider, actors, system } = await loadFixture(accused);
        await registry.bond(roleId("A"), 77n, 0n);
        await system.registry.connect(actors.stranger).bond(D, 78n, 0n);
        await slashing.punish({ offence: "Fraud" });
        expect((await registry.bondOf(provider.address, roleId("A"))).octoBond).to.equal(77n);
        expect((await registry.bondOf(actors.stranger.address, D)).octoBond).to.equal(78n);
      });

      it("deactivates a position that falls below 80 % of a minimum, and emits it", async () => {
        const { slashing, registry, provider } = await loadFixture(accused);
        await registry.unbond(D, 0n, ODD_ROLE - 100n * OCTO);
        await expect(slashing.punish()).to.emit(registry, "Deactivated").withArgs(provider.address, D);
      });

      it("keeps a position active at 80 % exactly", async () => {
        const { slashing, registry, provider } = await loadFixture(accused);
        await registry.unbond(D, 0n, ODD_ROLE - 100n * OCTO);
        await slashing.punish({ offence: "ExtendedDowntime" });
        expect(await registry.isActive(provider.address, D)).to.equal(true);
      });

      it("emits what it took, for whom and why", async () => {
        const { slashing, desk, registry, actors, provider } = await loadFixture(accused);
        const client = actors.client.address;
        await expect(slashing.punish({ client, loss: 5n, offence: "SlaViolation" }))
          .to.emit(desk, "OffencePunished")
          .withArgs(
            actors.judge.address,
            provider.address,
            D,
            OFFENCES.indexOf("SlaViolation"),
            0n,
            [shareOf(ODD_OCTO, 20_00n), shareOf(ODD_ROLE, 50_00n), ODD_OCTO, ODD_ROLE, 5n],
            REASON,
          )
          .and.to.emit(registry, "Slashed")
          .withArgs(provider.address, D, shareOf(ODD_OCTO, 20_00n), shareOf(ODD_ROLE, 50_00n), client, 5n, 25n);
      });
    });

    describe("when a client was harmed", () => {
      for (const [what, loss, paid] of [
        ["nothing for no loss", 0n, 0n],
        ["a wei for a wei", 1n, 1n],
        ["the loss, if it is below what was taken", POOR_OCTO - 1n, POOR_OCTO - 1n],
        ["the loss, if it equals what was taken", POOR_OCTO, POOR_OCTO],
        ["what was taken, if the loss is above", POOR_OCTO + 1n, POOR_OCTO],
        ["what was taken, if the loss is the largest", 2n ** 128n - 1n, POOR_OCTO],
      ] as const) {
        it(`pays ${what}, and the rest waits`, async () => {
          const { slashing, system, registry, actors } = await loadFixture(accused);
          const slash = slashing.punish({ client: actors.client.address, loss });
          await expect(slash).to.changeTokenBalances(
            ethers,
            system.octo,
            [actors.client.address, system.addresses.registry],
            [paid, -paid],
          );
          expect((await slashing.cost(await slash)).compensated).to.equal(paid);
          expect([...(await registry.slashedOf(D))]).to.deep.equal([POOR_OCTO - paid, POOR_ROLE]);
        });
      }

      for (const who of ["nobody", "the registry"] as const) {
        it(`pays nothing to ${who}, whatever the loss`, async () => {
          const { slashing, system, registry } = await loadFixture(accused);
          const client = who === "nobody" ? ZeroAddress : system.addresses.registry;
          const slash = slashing.punish({ client, loss: 10n * OCTO });
          await expect(slash).to.changeTokenBalance(ethers, system.octo, system.addresses.registry, 0n);
          expect((await registry.slashedOf(D)).octo).to.equal(POOR_OCTO);
        });
      }

      it("pays out of what was taken of delegated stake too", async () => {
        const { slashing, system, actors } = await loadFixture(backed);
        const all = ODD_OCTO + ODD_DELEGATED;
        const slash = slashing.punish({ offence: "Fraud", client: actors.client.address, loss: all + 1n });
        await expect(slash).to.changeTokenBalance(ethers, system.octo, actors.client.address, all);
      });
    });
  });

  describe("burnSlashed", () => {
    it("burns the OCTO and hands the role tokens to the engine: exactly what waits, by anybody", async () => {
      const { slashing, system, actors } = await loadFixture(accused);
      await slashing.punish({ client: actors.client.address, loss: 7n });
      const { octo: octoToken, engine, roleTokens: tokens } = system;
      const octo = await octoToken.totalSupply();
      const [supply, surrendered] = await Promise.all([tokens.D.totalSupply(), tokens.D.balanceOf(engine)]);
      await expect(system.registry.connect(actors.stranger).burnSlashed(D))
        .to.emit(system.registry, "SlashedBurned")
        .withArgs(D, POOR_OCTO - 7n, POOR_ROLE);
      expect(await octoToken.totalSupply()).to.equal(octo - (POOR_OCTO - 7n));
      expect(await tokens.D.totalSupply()).to.equal(supply);
      expect(await tokens.D.balanceOf(engine)).to.equal(surrendered + POOR_ROLE);
    });

    it("burns the role tokens with their share when the engine's next epoch begins, which moves no rate", async () => {
      const { slashing, system } = await loadFixture(accused);
      const { engine, registry, roleTokens } = system;
      await slashing.punish({ offence: "Fraud" });
      await registry.burnSlashed(D);
      const rates = async () => [await engine.coverageOf(D), await engine.bidOf(D), await engine.askOf(D)];
      const [before, supply] = [await rates(), await roleTokens.D.totalSupply()];
      await time.increase(7n * 86_400n);
      await engine.poke(D);
      expect(await rates()).to.deep.equal(before);
      expect(await roleTokens.D.totalSupply()).to.equal(supply - ODD_ROLE);
    });

    it("takes it out of the registry, and leaves exactly the bonds", async () => {
      const { slashing, system } = await loadFixture(accused);
      await slashing.punish();
      await system.registry.burnSlashed(D);
      expect(await system.octo.balanceOf(system.addresses.registry)).to.equal(ODD_OCTO - POOR_OCTO);
      expect(await system.roleTokens.D.balanceOf(system.addresses.registry)).to.equal(ODD_ROLE - POOR_ROLE);
    });

    it("disposes of it once", async () => {
      const { slashing, system } = await loadFixture(accused);
      await slashing.punish();
      await system.registry.burnSlashed(D);
      await expect(system.registry.burnSlashed(D)).to.emit(system.registry, "SlashedBurned").withArgs(D, 0n, 0n);
      expect([...(await system.registry.slashedOf(D))]).to.deep.equal([0n, 0n]);
    });

    it("adds up what several slashes left, and leaves other roles' alone", async () => {
      const { slashing, system, registry } = await loadFixture(accused);
      await registry.bond(roleId("A"), 100n, 0n);
      await slashing.punish();
      await slashing.punish({ role: roleId("A") });
      await system.registry.burnSlashed(D);
      expect([...(await registry.slashedOf(roleId("A")))]).to.deep.equal([10n, 0n]);
    });

    it("refuses a role that does not exist", async () => {
      const { system } = await loadFixture(accused);
      await expect(system.registry.burnSlashed(9n)).to.be.revertedWithoutReason(ethers);
    });
  });

  describe("exits", () => {
    for (const [when, after, exposed] of [
      ["a second after the offence", 1n, true],
      ["in the second of the offence", 0n, false],
      ["a second before the offence", -1n, false],
    ] as const) {
      it(`${exposed ? "pay" : "do not pay"} if asked for ${when} (I-08, A-17, A-25)`, async () => {
        const world = await loadFixture(leaving);
        const { slashing, askedAt, day } = world;
        const cost = await slashing.cost(await slashing.punish({ offence: "Fraud", offenceAt: askedAt - after }));
        const left = exposed ? [0n, 0n] : [PART_OCTO, PART_ROLE];
        expect(await exitOn(world, day)).to.deep.equal(left);
        expect([cost.octo, cost.roleTokens]).to.deep.equal([ODD_OCTO - left[0]!, ODD_ROLE - left[1]!]);
      });
    }

    it("count for the share, and the bond pays first", async () => {
      const world = await loadFixture(leaving);
      await world.slashing.punish({ offenceAt: world.askedAt - 1n });
      expect(await bondsOf(world)).to.deep.equal([ODD_OCTO - PART_OCTO - POOR_OCTO, ODD_ROLE - PART_ROLE - POOR_ROLE]);
      expect(await exitOn(world, world.day)).to.deep.equal([PART_OCTO, PART_ROLE]);
    });

    it("do not count for the share of an offence after they were asked for", async () => {
      const world = await loadFixture(leaving);
      const cost = await world.slashing.cost(await world.slashing.punish({ offenceAt: world.askedAt }));
      expect([cost.octoStake, cost.roleStake]).to.deep.equal([ODD_OCTO - PART_OCTO, ODD_ROLE - PART_ROLE]);
    });

    for (const [when, seconds, exposed] of [
      ["a second before they are free", -1n, true],
      ["when they are free", 0n, false],
    ] as const) {
      it(`${exposed ? "pay" : "do not pay"} ${when}, withdrawn or not (A-24)`, async () => {
        const world = await loadFixture(leaving);
        await time.setNextBlockTimestamp(world.day * DAY + seconds);
        await world.slashing.punish({ offence: "Fraud", offenceAt: world.askedAt - 1n });
        expect(await exitOn(world, world.day)).to.deep.equal(exposed ? [0n, 0n] : [PART_OCTO, PART_ROLE]);
      });
    }

    it("of several days pay the latest first, and each lane by itself", async () => {
      const world = await loadFixture(accused);
      const { slashing, registry } = world;
      const first = await toNoon();
      const parts = [
        [500n * OCTO, 3n * OCTO],
        [200n * OCTO, 30n * OCTO],
        [70n * OCTO, 300n * OCTO],
      ] as const;
      for (const [index, part] of parts.entries()) {
        await time.setNextBlockTimestamp(first + BigInt(index) * DAY);
        await registry.unbond(D, ...part);
      }
      // 50 % of 777 OCTO: 7 of the bond, 70, 200, and the rest of the first day. All role tokens but the first day's.
      await slashing.punish({ offence: "SlaViolation", offenceAt: first - 1n });
      const [octo, roleTokens] = [shareOf(ODD_OCTO, 20_00n), shareOf(ODD_ROLE, 50_00n)];
      const day = dayOfExit(first);
      const octoLeft = 270n * OCTO - (octo - (7n * OCTO + 13n));
      const roleLeft = 300n * OCTO - (roleTokens - 7n);
      expect(await bondsOf(world)).to.deep.equal([0n, 0n]);
      expect(await exitOn(world, day + 2n)).to.deep.equal([0n, roleLeft]);
      expect(await exitOn(world, day + 1n)).to.deep.equal([octoLeft, 30n * OCTO]);
      expect(await exitOn(world, day)).to.deep.equal([500n * OCTO, 3n * OCTO]);
    });

    it("asked for again on the same day count as asked for at the last time", async () => {
      const world = await loadFixture(leaving);
      await time.setNextBlockTimestamp(world.askedAt + 60n);
      await world.registry.unbond(D, 1n, 0n);
      await world.slashing.punish({ offence: "Fraud", offenceAt: world.askedAt + 59n });
      expect(await exitOn(world, world.day)).to.deep.equal([0n, 0n]);
    });

    it("of eight days all pay for the offence before them, and no more days are read", async () => {
      const world = await loadFixture(accused);
      const { slashing, registry } = world;
      const first = ((await now()) / DAY + 2n) * DAY; // at midnight: free after seven days exactly
      for (let index = 0n; index < 8n; ++index) {
        await time.setNextBlockTimestamp(first + index * DAY - (index === 7n ? 1n : 0n));
        await registry.unbond(D, 90n * OCTO, 40n * OCTO);
      }
      const cost = await slashing.cost(await slashing.punish({ offence: "Fraud", offenceAt: first - 1n }));
      // The first exit was free a second after the eighth was asked for.
      expect(cost.octo).to.equal(ODD_OCTO - 90n * OCTO);
      expect(await exitOn(world, first / DAY + 7n)).to.deep.equal([90n * OCTO, 40n * OCTO]);
    });

    it("called off are bond again and pay as bond", async () => {
      const world = await loadFixture(leaving);
      await world.registry.cancelExit(D, world.day);
      await world.slashing.punish({ offence: "Fraud" });
      expect(await bondsOf(world)).to.deep.equal([0n, 0n]);
    });

    it("slashed to nothing cannot be withdrawn", async () => {
      const { slashing, registry, provider, askedAt, day } = await loadFixture(leaving);
      await slashing.punish({ offence: "Fraud", offenceAt: askedAt - 1n });
      await time.increaseTo(day * DAY);
      await expect(registry.withdraw(D, day, provider.address))
        .to.be.revertedWithCustomError(registry, "ProviderRegistryNoExit")
        .withArgs(provider.address, D, day);
    });

    it("slashed in part pay out the rest", async () => {
      const world = await loadFixture(leaving);
      const { slashing, registry, provider, system, day } = world;
      await registry.unbond(D, ODD_OCTO - PART_OCTO, 0n);
      await slashing.punish({ offenceAt: world.askedAt - 1n });
      await time.increaseTo(day * DAY);
      const [octo] = await exitOn(world, day);
      expect(octo).to.equal(ODD_OCTO - POOR_OCTO);
      await expect(registry.withdraw(D, day, provider.address)).to.changeTokenBalance(
        ethers,
        system.octo,
        provider.address,
        octo,
      );
    });

    it("cannot be moved to another role before they are free", async () => {
      const { registry, day } = await loadFixture(leaving);
      await expect(registry.moveStake(D, day, roleId("A")))
        .to.be.revertedWithCustomError(registry, "ProviderRegistryExitNotFree")
        .withArgs(day, day * DAY);
    });

    it("asked for after a slash are of what it left", async () => {
      const world = await loadFixture(accused);
      await world.slashing.punish();
      await world.registry.unbond(D, ODD_OCTO - POOR_OCTO, ODD_ROLE - POOR_ROLE);
      await expect(world.registry.unbond(D, 1n, 0n))
        .to.be.revertedWithCustomError(world.registry, "ProviderRegistryOctoBondTooSmall")
        .withArgs(0n, 1n);
    });

    it("of a delegator pay like the pool for an offence on their day", async () => {
      const { slashing, system, actors, provider } = await loadFixture(backed);
      const pools = system.delegationPools.connect(actors.delegator);
      const offenceAt = await minedAt(await slashing.open({ octo: 0n, offenceAt: 1n }));
      const { shares } = await pools.delegationOf(actors.delegator.address, provider.address, D);
      await pools.undelegate(provider.address, D, shares, 0n);
      const cost = await slashing.cost(await slashing.punish({ offence: "Fraud", offenceAt }));
      expect(cost.octo).to.equal(ODD_OCTO + ODD_DELEGATED);
    });
  });
});
