import { expect } from "chai";
import { ZeroAddress, ZeroHash } from "ethers";

import {
  type AgentWorld,
  GWEI,
  lapse,
  LISTING,
  published,
  registered,
  withoutAgents,
  working,
} from "../support/agents.ts";
import { activate, loadFixture, OCTO } from "../support/fixture.ts";
import { D } from "../support/positions.ts";

const MAX_PRICE = (2n ** 64n - 1n) * GWEI;
const [MIN_DURATION, MAX_DURATION] = [300n, 365n * 86_400n];
const OTHER_HASH = `0x${"42".repeat(32)}`;

/** An offer that is out because its provider left role D. */
async function lapsed(): Promise<AgentWorld> {
  const world = await loadFixture(published);
  await lapse(world);
  return world;
}

describe("AgentRegistry", () => {
  describe("publish", () => {
    it("offers the agent's wallet, price and time", async () => {
      const { registry, provider } = await loadFixture(working);
      await expect(registry.publish(1n, LISTING))
        .to.emit(registry, "AgentPublished")
        .withArgs(1n, provider.address, LISTING.manifestHash, LISTING.price, LISTING.duration);
      expect([...(await registry.offerOf(1n))]).to.deep.equal([provider.address, LISTING.price, LISTING.duration]);
      const { provider: named, listing } = await registry.listingOf(1n);
      expect([named, ...listing]).to.deep.equal([provider.address, ...Object.values(LISTING)]);
    });

    it("offers the owner himself, who is the wallet unless he names another", async () => {
      const { registry, provider } = await loadFixture(withoutAgents);
      await registry.connect(provider)["register()"]();
      await registry.connect(provider).publish(1n, LISTING);
      expect((await registry.offerOf(1n)).provider).to.equal(provider.address);
    });

    it("replaces what was offered", async () => {
      const { registry, provider } = await loadFixture(published);
      const listing = { manifestHash: OTHER_HASH, price: GWEI, duration: MIN_DURATION };
      await registry.publish(1n, listing);
      expect([...(await registry.offerOf(1n))]).to.deep.equal([provider.address, GWEI, MIN_DURATION]);
      expect((await registry.listingOf(1n)).listing.manifestHash).to.equal(OTHER_HASH);
    });

    it("offers two agents of one wallet side by side", async () => {
      const { registry, provider } = await loadFixture(withoutAgents);
      const mine = registry.connect(provider);
      for (const agentId of [1n, 2n]) {
        await mine["register()"]();
        await mine.publish(agentId, { ...LISTING, price: agentId * OCTO });
      }
      expect([(await registry.offerOf(1n)).price, (await registry.offerOf(2n)).price]).to.deep.equal([OCTO, 2n * OCTO]);
    });

    describe("when nobody could do the work", () => {
      it("refuses an agent without a wallet", async () => {
        const { registry } = await loadFixture(working);
        await registry.unsetAgentWallet(1n);
        await expect(registry.publish(1n, LISTING))
          .to.be.revertedWithCustomError(registry, "AgentRegistryNoWallet")
          .withArgs(1n);
      });

      it("refuses a wallet without stake in D", async () => {
        const { registry, owner } = await loadFixture(registered);
        await expect(registry.publish(1n, LISTING))
          .to.be.revertedWithCustomError(registry, "AgentRegistryProviderNotActive")
          .withArgs(1n, owner.address);
      });

      it("refuses a wallet that is active in another role alone", async () => {
        const { registry, actors } = await loadFixture(withoutAgents);
        const mine = registry.connect(actors.orchestrator);
        await mine["register()"]();
        await expect(mine.publish(1n, LISTING))
          .to.be.revertedWithCustomError(registry, "AgentRegistryProviderNotActive")
          .withArgs(1n, actors.orchestrator.address);
      });

      it("refuses to replace an offer whose provider has left", async () => {
        const { registry, provider } = await loadFixture(lapsed);
        await expect(registry.publish(1n, LISTING))
          .to.be.revertedWithCustomError(registry, "AgentRegistryProviderNotActive")
          .withArgs(1n, provider.address);
      });

      it("takes the owner's stake for nothing once another wallet is named", async () => {
        const world = await loadFixture(working);
        await activate(world.system, world.owner, "D");
        await lapse(world);
        await expect(world.registry.publish(1n, LISTING))
          .to.be.revertedWithCustomError(world.registry, "AgentRegistryProviderNotActive")
          .withArgs(1n, world.provider.address);
      });
    });

    it("refuses an offer without a manifest", async () => {
      const { registry } = await loadFixture(working);
      await expect(registry.publish(1n, { ...LISTING, manifestHash: ZeroHash }))
        .to.be.revertedWithCustomError(registry, "AgentRegistryNoManifest")
        .withArgs(1n);
    });

    describe("the price", () => {
      for (const price of [GWEI, 7n * GWEI, OCTO, MAX_PRICE]) {
        it(`may be ${price} wei`, async () => {
          const { registry } = await loadFixture(working);
          await registry.publish(1n, { ...LISTING, price });
          expect((await registry.offerOf(1n)).price).to.equal(price);
          expect((await registry.listingOf(1n)).listing.price).to.equal(price);
        });
      }

      for (const price of [
        0n,
        1n,
        GWEI - 1n,
        GWEI + 1n,
        OCTO + 1n,
        MAX_PRICE + 1n,
        MAX_PRICE + GWEI,
        2n ** 128n - 1n,
      ]) {
        it(`is not ${price} wei`, async () => {
          const { registry } = await loadFixture(working);
          await expect(registry.publish(1n, { ...LISTING, price }))
            .to.be.revertedWithCustomError(registry, "AgentRegistryPriceOutOfBounds")
            .withArgs(price, GWEI, MAX_PRICE);
        });
      }
    });

    describe("the time for the work", () => {
      for (const duration of [MIN_DURATION, MAX_DURATION]) {
        it(`may be ${duration} seconds`, async () => {
          const { registry } = await loadFixture(working);
          await registry.publish(1n, { ...LISTING, duration });
          expect((await registry.offerOf(1n)).duration).to.equal(duration);
        });
      }

      for (const duration of [0n, MIN_DURATION - 1n, MAX_DURATION + 1n, 2n ** 32n - 1n]) {
        it(`is not ${duration} seconds`, async () => {
          const { registry } = await loadFixture(working);
          await expect(registry.publish(1n, { ...LISTING, duration }))
            .to.be.revertedWithCustomError(registry, "AgentRegistryDurationOutOfBounds")
            .withArgs(duration, MIN_DURATION, MAX_DURATION);
        });
      }
    });
  });

  describe("unpublish", () => {
    for (const who of ["owner", "provider"] as const) {
      it(`lets the ${who}`, async () => {
        const world = await loadFixture(published);
        const { registry, provider } = world;
        await expect(registry.connect(world[who]).unpublish(1n))
          .to.emit(registry, "AgentUnpublished")
          .withArgs(1n, provider.address, world[who].address);
        expect([...(await registry.offerOf(1n))]).to.deep.equal([ZeroAddress, 0n, 0n]);
      });
    }

    it("lets an approved operator", async () => {
      const { registry, actors } = await loadFixture(published);
      await registry.approve(actors.stranger, 1n);
      await registry.connect(actors.stranger).unpublish(1n);
      expect((await registry.offerOf(1n)).provider).to.equal(ZeroAddress);
    });

    for (const who of ["stranger", "client", "admin"] as const) {
      it(`refuses the ${who} while the provider is active`, async () => {
        const { registry, provider, actors } = await loadFixture(published);
        await expect(registry.connect(actors[who]).unpublish(1n))
          .to.be.revertedWithCustomError(registry, "AgentRegistryStillActive")
          .withArgs(1n, provider.address, actors[who].address);
      });
    }

    it("lets a stranger once the provider is not active any more", async () => {
      const { registry, provider, actors } = await loadFixture(lapsed);
      await expect(registry.connect(actors.stranger).unpublish(1n))
        .to.emit(registry, "AgentUnpublished")
        .withArgs(1n, provider.address, actors.stranger.address);
    });

    it("refuses a stranger again once the provider has come back", async () => {
      const { registry, provider, actors, system } = await loadFixture(lapsed);
      await system.registry.connect(provider).bond(D, 200n * OCTO, 0n);
      await expect(registry.connect(actors.stranger).unpublish(1n))
        .to.be.revertedWithCustomError(registry, "AgentRegistryStillActive")
        .withArgs(1n, provider.address, actors.stranger.address);
    });

    for (const [what, agentId] of [
      ["is not published", 1n],
      ["does not exist", 9n],
      ["is none", 0n],
    ] as const) {
      it(`refuses an agent that ${what}`, async () => {
        const { registry } = await loadFixture(working);
        await expect(registry.unpublish(agentId))
          .to.be.revertedWithCustomError(registry, "AgentRegistryNotPublished")
          .withArgs(agentId);
      });
    }

    it("forgets the offer, and lets it be published again", async () => {
      const { registry, provider } = await loadFixture(published);
      await registry.unpublish(1n);
      const { provider: named, listing } = await registry.listingOf(1n);
      expect([named, ...listing]).to.deep.equal([ZeroAddress, ZeroHash, 0n, 0n]);
      await registry.publish(1n, LISTING);
      expect((await registry.offerOf(1n)).provider).to.equal(provider.address);
    });
  });

  describe("offerOf", () => {
    it("says nothing of an agent that is not published or does not exist", async () => {
      const { registry } = await loadFixture(working);
      for (const agentId of [0n, 1n, 9n]) {
        expect([...(await registry.offerOf(agentId))]).to.deep.equal([ZeroAddress, 0n, 0n]);
      }
    });

    it("still names a provider who is not active any more: who makes a job asks for that", async () => {
      const { registry, provider } = await loadFixture(lapsed);
      expect((await registry.offerOf(1n)).provider).to.equal(provider.address);
    });
  });
});
