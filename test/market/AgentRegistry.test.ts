import { expect } from "chai";
import { concat, hexlify, randomBytes, toUtf8Bytes, ZeroAddress } from "ethers";

import {
  type AgentWorld,
  BOUND,
  hexOf,
  LISTING,
  published,
  registered,
  URI,
  WALLET_KEY,
  withoutAgents,
  working,
} from "../support/agents.ts";
import { ethers, loadFixture } from "../support/fixture.ts";
import { impersonated } from "../support/jobs.ts";

const KEY = "service";
const VALUE = hexOf("translation");
const UNKNOWN = 7n;

const entry = (metadataKey: string, metadataValue: string) => ({ metadataKey, metadataValue });

/** The functions by which an agent is changed, with arguments that suit. */
const DOORS: [string, (world: AgentWorld, agentId: bigint) => Promise<unknown>][] = [
  ["setAgentURI", ({ registry }, agentId) => registry.setAgentURI(agentId, "ipfs://new")],
  ["setMetadata", ({ registry }, agentId) => registry.setMetadata(agentId, KEY, VALUE)],
  ["unsetAgentWallet", ({ registry }, agentId) => registry.unsetAgentWallet(agentId)],
  ["setAgentWallet", ({ registry, provider }, agentId) => registry.setAgentWallet(agentId, provider.address, 0n, "0x")],
  ["publish", ({ registry }, agentId) => registry.publish(agentId, LISTING)],
];

describe("AgentRegistry", () => {
  describe("register", () => {
    it("counts agents from 1", async () => {
      const { registry } = await loadFixture(withoutAgents);
      expect(await registry.agentCount()).to.equal(0n);
      for (const expected of [1n, 2n, 3n]) {
        expect(await registry["register()"].staticCall()).to.equal(expected);
        await registry["register()"]();
        expect(await registry.agentCount()).to.equal(expected);
      }
      await expect(registry.ownerOf(0n)).to.be.revertedWithCustomError(registry, "ERC721NonexistentToken").withArgs(0n);
    });

    it("lets a stranger: an agent without stake offers nothing", async () => {
      const { registry, actors } = await loadFixture(withoutAgents);
      await registry.connect(actors.stranger)["register(string)"](URI);
      expect(await registry.ownerOf(1n)).to.equal(actors.stranger.address);
      expect(await registry.balanceOf(actors.stranger)).to.equal(1n);
    });

    for (const [what, uri] of [
      ["an empty URI", ""],
      ["one byte", "x"],
      ["66 bytes", URI],
      ["the most bytes", "u".repeat(BOUND.uri)],
      ["letters of several bytes", "data:,ü€😀"],
    ] as const) {
      it(`keeps ${what}`, async () => {
        const { registry } = await loadFixture(withoutAgents);
        await registry["register(string)"](uri);
        expect(await registry.tokenURI(1n)).to.equal(uri);
      });
    }

    it("keeps no URI where none is given", async () => {
      const { registry } = await loadFixture(withoutAgents);
      await registry["register()"]();
      expect(await registry.tokenURI(1n)).to.equal("");
    });

    it("emits Transfer, Registered and the wallet, in the order of the reference", async () => {
      const { registry, owner } = await loadFixture(withoutAgents);
      const receipt = await (await registry["register(string)"](URI)).wait();
      const events = receipt!.logs.map((log) => registry.interface.parseLog(log)!);
      expect(events.map(({ name, args }) => [name, ...args.toArray()])).to.deep.equal([
        ["Transfer", ZeroAddress, owner.address, 1n],
        ["Registered", 1n, URI, owner.address],
        ["MetadataSet", 1n, events[2]!.args[1], WALLET_KEY, owner.address.toLowerCase()],
      ]);
      expect(receipt!.logs[2]!.topics[2]).to.equal(ethers.id(WALLET_KEY));
    });

    it("keeps metadata and emits each", async () => {
      const { registry } = await loadFixture(withoutAgents);
      const long = hexlify(randomBytes(BOUND.value));
      await expect(
        registry["register(string,(string,bytes)[])"](URI, [entry(KEY, VALUE), entry("", "0x"), entry("long", long)]),
      )
        .to.emit(registry, "MetadataSet")
        .withArgs(1n, KEY, KEY, VALUE);
      expect(await registry.getMetadata(1n, KEY)).to.equal(VALUE);
      expect(await registry.getMetadata(1n, "")).to.equal("0x");
      expect(await registry.getMetadata(1n, "long")).to.equal(long);
      expect(await registry.getMetadata(1n, "other")).to.equal("0x");
    });

    it("takes the last of two values for the same key", async () => {
      const { registry } = await loadFixture(withoutAgents);
      await registry["register(string,(string,bytes)[])"](URI, [entry(KEY, "0x01"), entry(KEY, "0x02")]);
      expect(await registry.getMetadata(1n, KEY)).to.equal("0x02");
    });

    it("takes the most entries with the longest keys", async () => {
      const { registry } = await loadFixture(withoutAgents);
      const keys = Array.from({ length: BOUND.entries }, (_, index) => `${index}`.padStart(BOUND.key, "k"));
      await registry["register(string,(string,bytes)[])"](
        URI,
        keys.map((key) => entry(key, VALUE)),
      );
      for (const key of keys) expect(await registry.getMetadata(1n, key)).to.equal(VALUE);
    });

    it("lets a contract register that knows nothing of ERC-721", async () => {
      const { registry, actors } = await loadFixture(withoutAgents);
      const wallet = await ethers.deployContract("Wallet1271", [actors.other.address]);
      const signer = await impersonated(await wallet.getAddress());
      await registry.connect(signer)["register()"]();
      expect(await registry.ownerOf(1n)).to.equal(signer.address);
    });

    describe("when something is too long (A-90, M-22)", () => {
      for (const length of [BOUND.uri + 1, 20_000]) {
        it(`refuses a URI of ${length} bytes`, async () => {
          const { registry } = await loadFixture(withoutAgents);
          await expect(registry["register(string)"]("u".repeat(length)))
            .to.be.revertedWithCustomError(registry, "AgentRegistryURITooLong")
            .withArgs(length, BOUND.uri);
        });
      }

      for (const count of [BOUND.entries + 1, 200]) {
        it(`refuses ${count} entries`, async () => {
          const { registry } = await loadFixture(withoutAgents);
          const entries = Array.from({ length: count }, () => entry("k", "0x"));
          await expect(registry["register(string,(string,bytes)[])"](URI, entries))
            .to.be.revertedWithCustomError(registry, "AgentRegistryTooManyEntries")
            .withArgs(count, BOUND.entries);
        });
      }

      it("refuses a key of 65 bytes, and one of 33 letters in 66", async () => {
        const { registry } = await loadFixture(withoutAgents);
        for (const [key, length] of [
          ["k".repeat(65), 65],
          ["ü".repeat(33), 66],
        ] as const) {
          await expect(registry["register(string,(string,bytes)[])"](URI, [entry(key, "0x")]))
            .to.be.revertedWithCustomError(registry, "AgentRegistryKeyTooLong")
            .withArgs(length, BOUND.key);
        }
      });

      it("refuses a value of a byte too many", async () => {
        const { registry } = await loadFixture(withoutAgents);
        const value = hexlify(randomBytes(BOUND.value + 1));
        await expect(registry["register(string,(string,bytes)[])"](URI, [entry(KEY, value)]))
          .to.be.revertedWithCustomError(registry, "AgentRegistryValueTooLong")
          .withArgs(BOUND.value + 1, BOUND.value);
      });
    });

    it("refuses the wallet's key, at any place", async () => {
      const { registry } = await loadFixture(withoutAgents);
      for (const entries of [[entry(WALLET_KEY, VALUE)], [entry(KEY, VALUE), entry(WALLET_KEY, "0x")]]) {
        await expect(registry["register(string,(string,bytes)[])"](URI, entries)).to.be.revertedWithCustomError(
          registry,
          "AgentRegistryReservedKey",
        );
      }
      expect(await registry.agentCount()).to.equal(0n);
    });

    it("leaves the next agent untouched by a failed registration", async () => {
      const { registry } = await loadFixture(withoutAgents);
      await expect(registry["register(string)"]("u".repeat(BOUND.uri + 1))).to.revert(ethers);
      await registry["register(string)"](URI);
      expect(await registry.tokenURI(1n)).to.equal(URI);
    });
  });

  describe("who may act for an agent", () => {
    for (const [name, call] of DOORS) {
      for (const who of ["stranger", "provider", "admin"] as const) {
        it(`${name} refuses the ${who}`, async () => {
          const world = await loadFixture(working);
          const caller = world.actors[who];
          await expect(call({ ...world, registry: world.registry.connect(caller) }, 1n))
            .to.be.revertedWithCustomError(world.registry, "ERC721InsufficientApproval")
            .withArgs(caller.address, 1n);
        });
      }

      it(`${name} refuses an agent that does not exist`, async () => {
        const world = await loadFixture(registered);
        for (const agentId of [0n, UNKNOWN]) {
          await expect(call(world, agentId))
            .to.be.revertedWithCustomError(world.registry, "ERC721NonexistentToken")
            .withArgs(agentId);
        }
      });
    }

    const allowed = async (world: AgentWorld) => {
      const registry = world.registry.connect(world.actors.stranger);
      expect(await registry.isAuthorizedOrOwner(world.actors.stranger, 1n)).to.equal(true);
      await registry.setAgentURI(1n, "ipfs://by-another");
      await registry.setMetadata(1n, KEY, VALUE);
      await registry.publish(1n, LISTING);
      await registry.unpublish(1n);
      await registry.unsetAgentWallet(1n);
      expect(await registry.tokenURI(1n)).to.equal("ipfs://by-another");
    };

    it("lets whom the owner approved for the agent", async () => {
      const world = await loadFixture(working);
      await world.registry.approve(world.actors.stranger, 1n);
      await allowed(world);
    });

    it("lets whom the owner approved for all of his", async () => {
      const world = await loadFixture(working);
      await world.registry.setApprovalForAll(world.actors.stranger, true);
      await allowed(world);
    });

    it("isAuthorizedOrOwner tells owner and strangers apart, and refuses an unknown agent", async () => {
      const { registry, owner, actors } = await loadFixture(registered);
      expect(await registry.isAuthorizedOrOwner(owner, 1n)).to.equal(true);
      expect(await registry.isAuthorizedOrOwner(actors.stranger, 1n)).to.equal(false);
      expect(await registry.isAuthorizedOrOwner(ZeroAddress, 1n)).to.equal(false);
      await expect(registry.isAuthorizedOrOwner(owner, UNKNOWN))
        .to.be.revertedWithCustomError(registry, "ERC721NonexistentToken")
        .withArgs(UNKNOWN);
    });

    it("forgets an approval when the agent changes hands", async () => {
      const { registry, owner, actors } = await loadFixture(registered);
      await registry.approve(actors.stranger, 1n);
      await registry.transferFrom(owner, actors.client, 1n);
      await expect(registry.connect(actors.stranger).setAgentURI(1n, URI))
        .to.be.revertedWithCustomError(registry, "ERC721InsufficientApproval")
        .withArgs(actors.stranger.address, 1n);
    });
  });

  describe("setAgentURI", () => {
    for (const [what, uri] of [
      ["another", "ipfs://another"],
      ["the empty one", ""],
      ["the longest", "v".repeat(BOUND.uri)],
    ] as const) {
      it(`puts ${what} in its place`, async () => {
        const { registry, owner } = await loadFixture(registered);
        const setting = await registry.setAgentURI(1n, uri);
        await expect(setting).to.emit(registry, "URIUpdated").withArgs(1n, uri, owner.address);
        await expect(setting).to.emit(registry, "MetadataUpdate").withArgs(1n);
        expect(await registry.tokenURI(1n)).to.equal(uri);
      });
    }

    it("refuses one that is a byte too long (A-90)", async () => {
      const { registry } = await loadFixture(registered);
      await expect(registry.setAgentURI(1n, "v".repeat(BOUND.uri + 1)))
        .to.be.revertedWithCustomError(registry, "AgentRegistryURITooLong")
        .withArgs(BOUND.uri + 1, BOUND.uri);
    });

    it("leaves an offer and the wallet alone: what is offered is the manifest", async () => {
      const { registry, provider } = await loadFixture(published);
      await registry.setAgentURI(1n, "ipfs://new");
      expect((await registry.offerOf(1n)).provider).to.equal(provider.address);
      expect(await registry.getAgentWallet(1n)).to.equal(provider.address);
    });
  });

  describe("setMetadata", () => {
    it("sets, replaces by a shorter value and empties", async () => {
      const { registry } = await loadFixture(registered);
      const long = hexlify(randomBytes(BOUND.value));
      for (const value of [long, VALUE, "0x"]) {
        await expect(registry.setMetadata(1n, KEY, value))
          .to.emit(registry, "MetadataSet")
          .withArgs(1n, KEY, KEY, value);
        expect(await registry.getMetadata(1n, KEY)).to.equal(value);
      }
    });

    it("keeps the agents apart", async () => {
      const { registry } = await loadFixture(registered);
      await registry["register()"]();
      await registry.setMetadata(2n, KEY, VALUE);
      expect(await registry.getMetadata(1n, KEY)).to.equal("0x");
      expect(await registry.getMetadata(UNKNOWN, KEY)).to.equal("0x");
    });

    it("refuses the wallet's key", async () => {
      const { registry } = await loadFixture(registered);
      await expect(registry.setMetadata(1n, WALLET_KEY, VALUE)).to.be.revertedWithCustomError(
        registry,
        "AgentRegistryReservedKey",
      );
    });

    it("takes keys that only look like it", async () => {
      const { registry, owner } = await loadFixture(registered);
      for (const key of ["AgentWallet", "agentWallet ", "agentWallet\0"]) await registry.setMetadata(1n, key, VALUE);
      expect(await registry.getAgentWallet(1n)).to.equal(owner.address);
    });

    it("refuses a key and a value that are too long (A-90, M-22)", async () => {
      const { registry } = await loadFixture(registered);
      await expect(registry.setMetadata(1n, "k".repeat(BOUND.key + 1), "0x"))
        .to.be.revertedWithCustomError(registry, "AgentRegistryKeyTooLong")
        .withArgs(BOUND.key + 1, BOUND.key);
      await expect(registry.setMetadata(1n, KEY, concat([toUtf8Bytes("x".repeat(BOUND.value + 1))])))
        .to.be.revertedWithCustomError(registry, "AgentRegistryValueTooLong")
        .withArgs(BOUND.value + 1, BOUND.value);
    });
  });

  describe("ERC-721", () => {
    it("has a name and a symbol", async () => {
      const { registry } = await loadFixture(registered);
      expect([await registry.name(), await registry.symbol()]).to.deep.equal(["CipherOcto Agents", "OCTO-AGENT"]);
    });

    it("has no URI for an agent that does not exist", async () => {
      const { registry } = await loadFixture(registered);
      await expect(registry.tokenURI(UNKNOWN))
        .to.be.revertedWithCustomError(registry, "ERC721NonexistentToken")
        .withArgs(UNKNOWN);
    });

    for (const [name, interfaceId, supported] of [
      ["ERC-165", "0x01ffc9a7", true],
      ["ERC-721", "0x80ac58cd", true],
      ["the metadata of ERC-721", "0x5b5e139f", true],
      ["ERC-4906", "0x49064906", true],
      ["nothing", "0xffffffff", false],
      ["the enumeration of ERC-721", "0x780e9d63", false],
    ] as const) {
      it(`${supported ? "speaks" : "does not speak"} ${name}`, async () => {
        const { registry } = await loadFixture(registered);
        expect(await registry.supportsInterface(interfaceId)).to.equal(supported);
      });
    }

    it("is transferred by its owner, not by a stranger", async () => {
      const { registry, owner, actors } = await loadFixture(registered);
      const { stranger } = actors;
      await expect(registry.connect(stranger).transferFrom(owner, stranger, 1n))
        .to.be.revertedWithCustomError(registry, "ERC721InsufficientApproval")
        .withArgs(stranger.address, 1n);
      await registry["safeTransferFrom(address,address,uint256)"](owner, actors.client, 1n);
      expect(await registry.ownerOf(1n)).to.equal(actors.client.address);
    });
  });
});
