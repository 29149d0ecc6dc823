import { expect } from "chai";
import { MaxUint256, ZeroAddress, ZeroHash } from "ethers";

import {
  type AgentWorld,
  identityDomain,
  LISTING,
  MINUTE,
  nameWallet,
  published,
  registered,
  type Signing,
  URI,
  WALLET_KEY,
  walletSignature,
  working,
} from "../support/agents.ts";
import { loadFixture, time } from "../support/fixture.ts";
import { malleable, revokeWallet, walletOf } from "../support/jobs.ts";

const LIMIT = 5n * MINUTE;

/** Signs as told, and has the owner name agent 1's wallet by it, in the next second. */
async function name(world: AgentWorld, signing: Signing = {}) {
  const { newWallet, deadline, signature } = await walletSignature(world, signing);
  return world.registry.setAgentWallet(1n, newWallet, deadline, signature);
}

/** The next block's second. */
async function nextSecond(): Promise<bigint> {
  const next = BigInt(await time.latest()) + 10n;
  await time.setNextBlockTimestamp(next);
  return next;
}

const notSigned = async (world: AgentWorld, signing: Signing, wallet = world.provider.address) =>
  expect(name(world, signing))
    .to.be.revertedWithCustomError(world.registry, "AgentRegistryWalletNotSigned")
    .withArgs(1n, wallet);

describe("AgentRegistry", () => {
  describe("an agent's wallet", () => {
    it("is the owner from the start, in both views", async () => {
      const { registry, owner } = await loadFixture(registered);
      expect(await registry.getAgentWallet(1n)).to.equal(owner.address);
      expect(await registry.getMetadata(1n, WALLET_KEY)).to.equal(owner.address.toLowerCase());
    });

    it("of an unknown agent is nobody", async () => {
      const { registry } = await loadFixture(registered);
      for (const agentId of [0n, 2n, MaxUint256]) {
        expect(await registry.getAgentWallet(agentId)).to.equal(ZeroAddress);
        expect(await registry.getMetadata(agentId, WALLET_KEY)).to.equal("0x");
      }
    });
  });

  describe("setAgentWallet", () => {
    it("names a wallet that signed", async () => {
      const world = await loadFixture(registered);
      const { registry, provider } = world;
      await expect(name(world))
        .to.emit(registry, "MetadataSet")
        .withArgs(1n, WALLET_KEY, WALLET_KEY, provider.address.toLowerCase());
      expect(await registry.getAgentWallet(1n)).to.equal(provider.address);
      expect(await registry.getMetadata(1n, WALLET_KEY)).to.equal(provider.address.toLowerCase());
    });

    it("names another one after it", async () => {
      const world = await loadFixture(working);
      await name(world, { signer: world.actors.stranger });
      expect(await world.registry.getAgentWallet(1n)).to.equal(world.actors.stranger.address);
    });

    it("keeps the agents apart", async () => {
      const world = await loadFixture(working);
      await world.registry["register()"]();
      expect(await world.registry.getAgentWallet(2n)).to.equal(world.owner.address);
    });

    it("takes a contract's signature by ERC-1271, as long as the contract stands for it", async () => {
      const world = await loadFixture(registered);
      const { actors } = world;
      const wallet = await walletOf(world, actors.stranger);
      const signing = { newWallet: wallet.address, signer: actors.stranger };
      await name(world, signing);
      expect(await world.registry.getAgentWallet(1n)).to.equal(wallet.address);
      await revokeWallet(wallet, actors.stranger);
      await notSigned(world, signing, wallet.address);
    });

    describe("when the wallet did not sign just that", () => {
      it("refuses another's signature", async () => {
        const world = await loadFixture(registered);
        for (const signer of [world.owner, world.actors.stranger]) {
          await notSigned(world, { signer, newWallet: world.provider.address });
        }
      });

      it("refuses what was signed for another agent, owner or wallet (A-72)", async () => {
        const world = await loadFixture(registered);
        const { registry, provider, actors } = world;
        for (const signing of [{ agentId: 2n }, { owner: actors.stranger.address }]) await notSigned(world, signing);
        const { deadline, signature } = await walletSignature(world);
        await expect(registry.setAgentWallet(1n, actors.stranger, deadline, signature))
          .to.be.revertedWithCustomError(registry, "AgentRegistryWalletNotSigned")
          .withArgs(1n, actors.stranger.address);
        await expect(registry.setAgentWallet(1n, provider, deadline - 1n, signature))
          .to.be.revertedWithCustomError(registry, "AgentRegistryWalletNotSigned")
          .withArgs(1n, provider.address);
      });

      for (const [what, change] of [
        ["chain", { chainId: 1n }],
        ["registry", { verifyingContract: ZeroAddress }],
        ["version", { version: "2" }],
        ["name", { name: "CipherOcto AgentRegistry" }],
      ] as const) {
        it(`refuses what was signed for another ${what} (A-72)`, async () => {
          const world = await loadFixture(registered);
          await notSigned(world, { domain: { ...(await identityDomain(world)), ...change } });
        });
      }

      it("refuses a mirrored signature, one of another length and none", async () => {
        const world = await loadFixture(registered);
        const { registry, provider } = world;
        const { deadline, signature } = await walletSignature(world);
        for (const wrong of [malleable(signature), `${signature}00`, signature.slice(0, -2), "0x"]) {
          await expect(registry.setAgentWallet(1n, provider, deadline, wrong))
            .to.be.revertedWithCustomError(registry, "AgentRegistryWalletNotSigned")
            .withArgs(1n, provider.address);
        }
      });
    });

    it("refuses the zero address", async () => {
      const world = await loadFixture(registered);
      await expect(world.registry.setAgentWallet(1n, ZeroAddress, MaxUint256, "0x"))
        .to.be.revertedWithCustomError(world.registry, "AgentRegistryZeroWallet")
        .withArgs(1n);
    });

    describe("the deadline", () => {
      it("may be the second itself, and 5 minutes later", async () => {
        const world = await loadFixture(registered);
        for (const distance of [0n, LIMIT]) {
          const deadline = BigInt(await time.latest()) + 10n + distance;
          const { newWallet, signature } = await walletSignature(world, { deadline });
          expect(deadline - distance).to.equal(await nextSecond());
          await world.registry.setAgentWallet(1n, newWallet, deadline, signature);
        }
      });

      it("is not a second ago", async () => {
        const world = await loadFixture(registered);
        const deadline = BigInt(await time.latest()) + 9n;
        const { newWallet, signature } = await walletSignature(world, { deadline });
        const now = await nextSecond();
        await expect(world.registry.setAgentWallet(1n, newWallet, deadline, signature))
          .to.be.revertedWithCustomError(world.registry, "AgentRegistrySignatureExpired")
          .withArgs(deadline, now);
      });

      it("is not a second too far", async () => {
        const world = await loadFixture(registered);
        const deadline = BigInt(await time.latest()) + 11n + LIMIT;
        const { newWallet, signature } = await walletSignature(world, { deadline });
        const now = await nextSecond();
        await expect(world.registry.setAgentWallet(1n, newWallet, deadline, signature))
          .to.be.revertedWithCustomError(world.registry, "AgentRegistryDeadlineTooFar")
          .withArgs(deadline, now + LIMIT);
      });
    });

    describe("when the signature was used (A-72)", () => {
      async function used() {
        const world = await loadFixture(registered);
        const { newWallet, deadline, signature } = await walletSignature(world);
        const again = () => world.registry.setAgentWallet(1n, newWallet, deadline, signature);
        await again();
        return { ...world, newWallet, deadline, signature, again };
      }

      type Used = Awaited<ReturnType<typeof used>>;

      const refused = async ({ again, registry, newWallet, deadline }: Used) =>
        expect(again())
          .to.be.revertedWithCustomError(registry, "AgentRegistrySignatureUsed")
          .withArgs(1n, newWallet, deadline);

      it("does not bring the wallet back after it was unset", async () => {
        const world = await loadFixture(used);
        await world.registry.unsetAgentWallet(1n);
        await refused(world);
        expect(await world.registry.getAgentWallet(1n)).to.equal(ZeroAddress);
      });

      it("does not bring it back after another was named", async () => {
        const world = await loadFixture(used);
        await nameWallet(world, 1n, world.actors.stranger);
        await refused(world);
      });

      it("does not bring it back after the agent went away and came home", async () => {
        const world = await loadFixture(used);
        const { registry, owner, actors } = world;
        await registry.transferFrom(owner, actors.client, 1n);
        await registry.connect(actors.client).transferFrom(actors.client, owner, 1n);
        await refused(world);
      });

      it("is of no use to the next owner", async () => {
        const world = await loadFixture(used);
        const { registry, owner, actors, newWallet, deadline, signature } = world;
        await registry.transferFrom(owner, actors.client, 1n);
        await expect(registry.connect(actors.client).setAgentWallet(1n, newWallet, deadline, signature))
          .to.be.revertedWithCustomError(registry, "AgentRegistryWalletNotSigned")
          .withArgs(1n, newWallet);
      });

      it("is followed by a new one with another deadline", async () => {
        const world = await loadFixture(used);
        await world.registry.unsetAgentWallet(1n);
        await name(world, { deadline: world.deadline + 1n });
        expect(await world.registry.getAgentWallet(1n)).to.equal(world.newWallet);
      });
    });
  });

  describe("unsetAgentWallet", () => {
    for (const [what, fixture] of [
      ["the owner himself", registered],
      ["a named wallet", working],
    ] as const) {
      it(`leaves nobody where ${what} was`, async () => {
        const { registry } = await loadFixture(fixture);
        await expect(registry.unsetAgentWallet(1n))
          .to.emit(registry, "MetadataSet")
          .withArgs(1n, WALLET_KEY, WALLET_KEY, "0x");
        expect(await registry.getAgentWallet(1n)).to.equal(ZeroAddress);
        expect(await registry.getMetadata(1n, WALLET_KEY)).to.equal("0x");
      });
    }

    it("is followed by a new wallet", async () => {
      const world = await loadFixture(working);
      await world.registry.unsetAgentWallet(1n);
      await nameWallet(world, 1n, world.actors.stranger);
      expect(await world.registry.getAgentWallet(1n)).to.equal(world.actors.stranger.address);
    });

    it("may be said twice", async () => {
      const { registry } = await loadFixture(working);
      await registry.unsetAgentWallet(1n);
      await registry.unsetAgentWallet(1n);
      expect(await registry.getAgentWallet(1n)).to.equal(ZeroAddress);
    });
  });

  describe("a transfer (M-24)", () => {
    const WAYS = [
      ["transferFrom", (world: AgentWorld, to: string) => world.registry.transferFrom(world.owner, to, 1n)],
      [
        "safeTransferFrom",
        (world: AgentWorld, to: string) =>
          world.registry["safeTransferFrom(address,address,uint256)"](world.owner, to, 1n),
      ],
    ] as const;

    for (const [way, transfer] of WAYS) {
      for (const [what, fixture] of [
        ["the owner", registered],
        ["a named wallet", working],
      ] as const) {
        it(`by ${way} clears ${what} as the wallet`, async () => {
          const world = await loadFixture(fixture);
          const { registry, actors } = world;
          await expect(transfer(world, actors.client.address))
            .to.emit(registry, "MetadataSet")
            .withArgs(1n, WALLET_KEY, WALLET_KEY, "0x");
          expect(await registry.getAgentWallet(1n)).to.equal(ZeroAddress);
        });
      }
    }

    it("to oneself clears it, too", async () => {
      const { registry, owner } = await loadFixture(working);
      await registry.transferFrom(owner, owner, 1n);
      expect(await registry.getAgentWallet(1n)).to.equal(ZeroAddress);
    });

    it("there and back does not bring it back", async () => {
      const { registry, owner, actors } = await loadFixture(registered);
      await registry.transferFrom(owner, actors.client, 1n);
      await registry.connect(actors.client).transferFrom(actors.client, owner, 1n);
      expect(await registry.getAgentWallet(1n)).to.equal(ZeroAddress);
    });

    it("leaves URI, metadata and other agents alone", async () => {
      const { registry, owner, actors } = await loadFixture(working);
      await registry["register()"]();
      await registry.setMetadata(1n, "key", "0x01");
      await registry.transferFrom(owner, actors.client, 1n);
      expect(await registry.tokenURI(1n)).to.equal(URI);
      expect(await registry.getMetadata(1n, "key")).to.equal("0x01");
      expect(await registry.getAgentWallet(2n)).to.equal(owner.address);
    });

    it("lets the next owner name a wallet, the same or himself", async () => {
      const world = await loadFixture(working);
      const { registry, owner, provider, actors } = world;
      await registry.transferFrom(owner, actors.client, 1n);
      for (const wallet of [provider, actors.client]) {
        await nameWallet(world, 1n, wallet);
        expect(await registry.getAgentWallet(1n)).to.equal(wallet.address);
      }
    });
  });

  describe("a change of wallet or hands (M-24)", () => {
    for (const [what, change] of [
      ["a transfer", ({ registry, owner, actors }: AgentWorld) => registry.transferFrom(owner, actors.client, 1n)],
      ["unsetAgentWallet", ({ registry }: AgentWorld) => registry.unsetAgentWallet(1n)],
      ["another wallet", (world: AgentWorld) => name(world, { signer: world.actors.stranger })],
      ["the same wallet again", (world: AgentWorld) => name(world)],
    ] as const) {
      it(`takes the offer out: ${what}`, async () => {
        const world = await loadFixture(published);
        const { registry, provider, owner } = world;
        await expect(change(world)).to.emit(registry, "AgentUnpublished").withArgs(1n, provider.address, owner.address);
        expect([...(await registry.offerOf(1n))]).to.deep.equal([ZeroAddress, 0n, 0n]);
        expect((await registry.listingOf(1n)).listing.manifestHash).to.equal(ZeroHash);
      });
    }

    it("emits nothing of an offer where there was none", async () => {
      const { registry, owner, actors } = await loadFixture(working);
      await expect(registry.transferFrom(owner, actors.client, 1n)).not.to.emit(registry, "AgentUnpublished");
    });

    it("leaves the stake where it is: it is the wallet's, not the agent's", async () => {
      const { registry, owner, provider, actors, system } = await loadFixture(published);
      await registry.transferFrom(owner, actors.client, 1n);
      expect(await system.registry.isActive(provider, 6n)).to.equal(true);
      await expect(registry.connect(actors.client).publish(1n, LISTING))
        .to.be.revertedWithCustomError(registry, "AgentRegistryNoWallet")
        .withArgs(1n);
    });

    it("lets the next owner publish once a wallet has signed for him", async () => {
      const world = await loadFixture(published);
      const { registry, owner, provider, actors } = world;
      await registry.transferFrom(owner, actors.client, 1n);
      await nameWallet(world, 1n, provider);
      await registry.connect(actors.client).publish(1n, LISTING);
      expect((await registry.offerOf(1n)).provider).to.equal(provider.address);
    });
  });
});
