import { expect } from "chai";
import { AbiCoder, keccak256, ZeroAddress, ZeroHash } from "ethers";

import { roleId } from "../../deploy/roles.ts";
import { activate, loadFixture, networkHelpers, OCTO, time, type World } from "../support/fixture.ts";
import { DAY, impersonated, minedAt } from "../support/jobs.ts";
import * as model from "../support/models/score.ts";
import { bondIn, D, MIN_OCTO, MIN_ROLE, supplied, vaultOf } from "../support/positions.ts";

const A = roleId("A");

/** The registry's storage, as ERC-7201 places it; the roles are its first member. */
const STORAGE = 0x55eea1db76caf89887e7d2b67b199642f788429969254e911a88efc704b24600n;

/** A provider whose best work and ratings of seventy days are worth a discount, in D at the minimum. */
async function acclaimed() {
  const world = await supplied();
  await bondIn(world, "D");
  const { system, provider } = world;
  const vault = system.registry.connect(await vaultOf(world));
  const reviews = system.registry.connect(await impersonated(system.addresses.peerReviews));
  for (let i = 0; i < 100; ++i) await reviews.addRating(provider.address, D, model.WHOLE_STEP, 100n);
  for (let i = 0; i < 70; ++i) {
    await time.increase(DAY);
    await vault.record({
      provider: provider.address,
      role: D,
      orchestrator: ZeroAddress,
      weight: model.WHOLE_STEP,
      success: 100n,
      speed: 100n,
      pay: 0n,
    });
  }
  return world;
}

/** The smallest bonds at a moment: to become active, and to stay so. */
async function thresholdsAt(world: World, at: bigint) {
  const { record } = await world.system.registry.positionOf(world.actors.provider.address, D);
  const names = Object.keys(model.BLANK) as (keyof model.TrackRecord)[];
  const plain = Object.fromEntries(names.map((name) => [name, record[name]])) as model.TrackRecord;
  const score = model.points(plain, at);
  const [octo, roleTokens] = [model.discounted(MIN_OCTO, score), model.discounted(MIN_ROLE, score)];
  return { score, octo, roleTokens, staysOcto: (octo * 4n + 4n) / 5n, staysRole: (roleTokens * 4n + 4n) / 5n };
}

/** A moment a little later, within the same day or the next: no idle time yet. */
async function soon(): Promise<bigint> {
  return BigInt(await time.latest()) + 3_600n;
}

/** How many positions of a role were ever active, set by hand: what a thousand of them would. */
async function setActivations({ system }: World, role: bigint, activations: bigint): Promise<void> {
  const slot = keccak256(AbiCoder.defaultAbiCoder().encode(["uint8", "uint256"], [role, STORAGE]));
  const { octo, roleTokens } = await system.registry.minimumOf(role);
  const row = octo | (roleTokens << 96n) | (activations << 192n);
  await networkHelpers.setStorageAt(system.addresses.registry, slot, row);
}

describe("ProviderRegistry", () => {
  describe("first activation", () => {
    it("takes the next number of its role, and emits it once", async () => {
      const { system, actors, registry, provider } = await loadFixture(supplied);
      await expect(registry.bond(D, MIN_OCTO, MIN_ROLE))
        .to.emit(registry, "CohortJoined")
        .withArgs(provider.address, D, 1n);
      await activate(system, actors.other, "D");
      expect((await registry.positionOf(actors.other.address, D)).ordinal).to.equal(2n);
    });

    it("counts each role by itself", async () => {
      const world = await loadFixture(supplied);
      const { system, actors, registry } = world;
      await bondIn(world, "D");
      await activate(system, actors.other, "A");
      expect((await registry.positionOf(actors.other.address, A)).ordinal).to.equal(1n);
    });

    it("is not repeated by who was active before (A-30)", async () => {
      const world = await loadFixture(supplied);
      const { system, actors, registry, provider } = world;
      await bondIn(world, "D");
      await registry.unbond(D, MIN_OCTO, 0n);
      await activate(system, actors.other, "D");
      const again = registry.bond(D, MIN_OCTO, 0n);
      await expect(again).to.emit(registry, "Activated").withArgs(provider.address, D);
      await expect(again).not.to.emit(registry, "CohortJoined");
      expect((await registry.positionOf(provider.address, D)).ordinal).to.equal(1n);
    });

    it("begins the record as the model says", async () => {
      const { registry, provider } = await loadFixture(supplied);
      const at = await minedAt(await registry.bond(D, MIN_OCTO, MIN_ROLE));
      const { record } = await registry.positionOf(provider.address, D);
      expect([...record]).to.deep.equal(Object.values(model.begin(model.BLANK, at)));
    });

    for (const [before, cohort] of [
      [0n, 1n],
      [99n, 1n],
      [100n, 2n],
      [499n, 2n],
      [500n, 3n],
      [1_499n, 3n],
      [1_500n, 0n],
    ] as const) {
      it(`is in cohort ${cohort} as number ${before + 1n}`, async () => {
        const world = await loadFixture(supplied);
        await setActivations(world, D, before);
        await bondIn(world, "D");
        const status = await world.system.providerLens.statusOf(world.provider.address, D);
        expect([status.ordinal, status.cohort]).to.deep.equal([before + 1n, cohort]);
      });
    }

    for (const before of [65_533n, 65_534n, 65_535n, 1_000_000n]) {
      it(`keeps a number of at most 65,535 as number ${before + 1n}, and emits the true one`, async () => {
        const world = await loadFixture(supplied);
        const { registry, provider } = world;
        await setActivations(world, D, before);
        await expect(registry.bond(D, MIN_OCTO, MIN_ROLE))
          .to.emit(registry, "CohortJoined")
          .withArgs(provider.address, D, before + 1n);
        const { ordinal } = await registry.positionOf(provider.address, D);
        expect(ordinal).to.equal(before + 1n < 65_535n ? before + 1n : 65_535n);
      });
    }
  });

  describe("discount", () => {
    it("is worth having: the score is above 75 after seventy days", async () => {
      const world = await loadFixture(acclaimed);
      const { score, octo, roleTokens } = await thresholdsAt(world, await soon());
      expect(score > 75n * model.POINT).to.equal(true);
      expect(octo < MIN_OCTO && roleTokens < MIN_ROLE).to.equal(true);
    });

    it("shows in the status", async () => {
      const world = await loadFixture(acclaimed);
      const { octo, roleTokens } = await thresholdsAt(world, BigInt(await time.latest()));
      const { minimum } = await world.system.providerLens.statusOf(world.provider.address, D);
      expect([...minimum]).to.deep.equal([octo, roleTokens]);
    });

    for (const [what, octoLess, roleLess, active] of [
      ["becomes active at both discounted minimums", 0n, 0n, true],
      ["stays inactive one wei of OCTO below", 1n, 0n, false],
      ["stays inactive one wei of role tokens below", 0n, 1n, false],
    ] as const) {
      it(`${what} (R-3)`, async () => {
        const world = await loadFixture(acclaimed);
        const { registry, provider } = world;
        await registry.unbond(D, MIN_OCTO, MIN_ROLE);
        const at = await soon();
        const { octo, roleTokens } = await thresholdsAt(world, at);
        await time.setNextBlockTimestamp(at);
        await registry.bond(D, octo - octoLess, roleTokens - roleLess);
        expect(await registry.isActive(provider.address, D)).to.equal(active);
      });
    }

    for (const [what, octoLess, roleLess, active] of [
      ["stays active at 80 % of both discounted minimums", 0n, 0n, true],
      ["deactivates one wei of OCTO below", 1n, 0n, false],
      ["deactivates one wei of role tokens below", 0n, 1n, false],
    ] as const) {
      it(`${what} (R-3)`, async () => {
        const world = await loadFixture(acclaimed);
        const { registry, provider } = world;
        const at = await soon();
        const { staysOcto, staysRole } = await thresholdsAt(world, at);
        await time.setNextBlockTimestamp(at);
        await registry.unbond(D, MIN_OCTO - staysOcto + octoLess, MIN_ROLE - staysRole + roleLess);
        expect(await registry.isActive(provider.address, D)).to.equal(active);
      });
    }

    it("is not another role's (I-02)", async () => {
      const world = await loadFixture(acclaimed);
      const { registry, provider } = world;
      await registry.bond(A, 1_000n * OCTO - 1n, 500n * OCTO);
      expect(await registry.isActive(provider.address, A)).to.equal(false);
    });
  });

  describe("refresh", () => {
    describe("when the role does not exist", () => {
      for (const role of [0n, 9n, 31n, 255n]) {
        it(`refuses role ${role}`, async () => {
          const { registry, provider } = await loadFixture(supplied);
          await expect(registry.refresh(provider.address, role))
            .to.be.revertedWithCustomError(registry, "ProviderRegistryUnknownRole")
            .withArgs(role);
        });
      }
    });

    describe("when nothing has changed", () => {
      it("does nothing to who was never active", async () => {
        const { system, actors, registry } = await loadFixture(supplied);
        const refreshing = registry.refresh(actors.stranger.address, D);
        await expect(refreshing).not.to.emit(registry, "Activated");
        await expect(refreshing).not.to.emit(registry, "Deactivated");
        expect((await system.registry.positionOf(actors.stranger.address, D)).ordinal).to.equal(0n);
      });

      it("does nothing to who is active", async () => {
        const world = await loadFixture(supplied);
        await bondIn(world, "D");
        const refreshing = world.registry.refresh(world.provider.address, D);
        await expect(refreshing).not.to.emit(world.registry, "Activated");
        await expect(refreshing).not.to.emit(world.registry, "Deactivated");
      });

      it("does not activate between 80 % and the minimum", async () => {
        const { system, actors, registry, provider } = await loadFixture(supplied);
        await registry.bond(D, MIN_OCTO - 1n, MIN_ROLE);
        await system.registry.connect(actors.stranger).refresh(provider.address, D);
        expect(await registry.isActive(provider.address, D)).to.equal(false);
      });
    });

    describe("when the score has risen", () => {
      it("activates at the discounted minimum, by a stranger's call, and emits it", async () => {
        const world = await loadFixture(acclaimed);
        const { system, actors, registry, provider } = world;
        const { octo } = await thresholdsAt(world, await soon());
        await registry.unbond(D, MIN_OCTO, 0n);
        await registry.bond(D, octo - 1n, 0n);
        const vault = system.registry.connect(await vaultOf(world));
        for (let i = 0; i < 20; ++i) {
          await time.increase(DAY);
          await vault.record({
            provider: provider.address,
            role: D,
            orchestrator: ZeroAddress,
            weight: model.WHOLE_STEP,
            success: 100n,
            speed: 100n,
            pay: 0n,
          });
        }
        expect(await registry.isActive(provider.address, D)).to.equal(false);
        await expect(system.registry.connect(actors.stranger).refresh(provider.address, D))
          .to.emit(registry, "Activated")
          .withArgs(provider.address, D);
        expect(await registry.isActive(provider.address, D)).to.equal(true);
      });
    });

    describe("when the score has fallen", () => {
      const fallen = async () => {
        const world = await loadFixture(acclaimed);
        const { staysOcto } = await thresholdsAt(world, await soon());
        await world.registry.unbond(D, MIN_OCTO - staysOcto, 0n);
        await time.increase(100n * DAY);
        return world;
      };

      it("leaves the position active until somebody calls", async () => {
        const { registry, provider } = await fallen();
        expect(await registry.scoreOf(provider.address, D)).to.be.lessThan(75n * model.POINT);
        expect(await registry.isActive(provider.address, D)).to.equal(true);
      });

      it("deactivates below 80 % of the minimum, by a stranger's call, and emits it", async () => {
        const { system, actors, registry, provider } = await fallen();
        await expect(system.registry.connect(actors.stranger).refresh(provider.address, D))
          .to.emit(registry, "Deactivated")
          .withArgs(provider.address, D);
        expect(await registry.isActive(provider.address, D)).to.equal(false);
      });

      it("takes nothing and writes nothing into the record", async () => {
        const { registry, provider } = await fallen();
        const before = await registry.positionOf(provider.address, D);
        await registry.refresh(provider.address, D);
        const after = await registry.positionOf(provider.address, D);
        expect([after.octoBond, after.roleBond, ...after.record]).to.deep.equal([
          before.octoBond,
          before.roleBond,
          ...before.record,
        ]);
      });
    });
  });

  describe("a suspended position", () => {
    const suspended = async () => {
      const world = await loadFixture(supplied);
      await bondIn(world, "D");
      const desk = world.system.registry.connect(await impersonated(world.system.addresses.slashingDesk));
      await desk.setSuspended(world.provider.address, D, true);
      return { ...world, desk };
    };

    it("becomes active by no bond, no cancelled exit and no refresh", async () => {
      const { registry, provider } = await suspended();
      await registry.bond(D, MIN_OCTO, MIN_ROLE);
      const receipt = await (await registry.unbond(D, 1n, 1n)).wait();
      const { timestamp } = (await receipt!.getBlock())!;
      await registry.cancelExit(D, (BigInt(timestamp) + 8n * DAY - 1n) / DAY);
      await registry.refresh(provider.address, D);
      expect(await registry.isActive(provider.address, D)).to.equal(false);
    });

    it("can leave as any other", async () => {
      const { registry, provider } = await suspended();
      await registry.unbond(D, MIN_OCTO, MIN_ROLE);
      expect([...(await registry.bondOf(provider.address, D))]).to.deep.equal([0n, 0n]);
    });

    it("holds no other role of the account back (I-02)", async () => {
      const world = await suspended();
      await bondIn(world, "A");
      expect(await world.registry.isActive(world.provider.address, A)).to.equal(true);
    });

    it("becomes active once it is lifted, without joining a cohort again", async () => {
      const { registry, provider, desk } = await suspended();
      const lifting = desk.setSuspended(provider.address, D, false);
      await expect(lifting).to.emit(registry, "Activated").withArgs(provider.address, D);
      await expect(lifting).not.to.emit(registry, "CohortJoined");
    });
  });

  describe("a banned account", () => {
    const banned = async () => {
      const world = await loadFixture(supplied);
      const { system, actors, provider } = world;
      await bondIn(world, "D");
      await bondIn(world, "S");
      await system.slashingDesk.connect(actors.judge).slash({
        provider: provider.address,
        role: D,
        offence: 5n,
        offenceAt: await time.latest(),
        disputeId: ZeroHash,
        client: ZeroAddress,
        loss: 0n,
        reason: ZeroHash,
      });
      return world;
    };

    it("is banned, and inactive where it was", async () => {
      const { system, registry, provider } = await banned();
      expect(await system.slashingDesk.isBanned(provider.address)).to.equal(true);
      expect(await registry.isActive(provider.address, D)).to.equal(false);
    });

    it("becomes active in no role", async () => {
      const world = await banned();
      const { registry, provider } = world;
      await bondIn(world, "A");
      await registry.refresh(provider.address, A);
      expect(await registry.isActive(provider.address, A)).to.equal(false);
    });

    it("loses its other roles by anybody's refresh, and takes its bonds out", async () => {
      const { system, actors, registry, provider } = await banned();
      const S = roleId("S");
      await expect(system.registry.connect(actors.stranger).refresh(provider.address, S))
        .to.emit(registry, "Deactivated")
        .withArgs(provider.address, S);
      await registry.unbond(S, 500n * OCTO, 1_000n * OCTO);
      expect([...(await registry.bondOf(provider.address, S))]).to.deep.equal([0n, 0n]);
    });
  });
});
