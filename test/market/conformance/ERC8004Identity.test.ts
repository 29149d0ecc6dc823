import { expect } from "chai";
import { Contract, Interface, ZeroAddress } from "ethers";

import { URI, withoutAgents } from "../../support/agents.ts";
import { ethers, loadFixture, time } from "../../support/fixture.ts";

// The identity registry of ERC-8004 as its text of 25 January 2026 prints it, and what it takes over from ERC-721.
const ABI = [
  "function register(string agentURI, (string metadataKey, bytes metadataValue)[] metadata) external returns (uint256 agentId)",
  "function register(string agentURI) external returns (uint256 agentId)",
  "function register() external returns (uint256 agentId)",
  "function setAgentURI(uint256 agentId, string newURI) external",
  "function getMetadata(uint256 agentId, string metadataKey) external view returns (bytes)",
  "function setMetadata(uint256 agentId, string metadataKey, bytes metadataValue) external",
  "function setAgentWallet(uint256 agentId, address newWallet, uint256 deadline, bytes signature) external",
  "function getAgentWallet(uint256 agentId) external view returns (address)",
  "function unsetAgentWallet(uint256 agentId) external",
  "function isAuthorizedOrOwner(address spender, uint256 agentId) external view returns (bool)",
  "function ownerOf(uint256 tokenId) external view returns (address)",
  "function tokenURI(uint256 tokenId) external view returns (string)",
  "function transferFrom(address from, address to, uint256 tokenId) external",
  "function setApprovalForAll(address operator, bool approved) external",
  "function approve(address to, uint256 tokenId) external",
  "event Registered(uint256 indexed agentId, string agentURI, address indexed owner)",
  "event URIUpdated(uint256 indexed agentId, string newURI, address indexed updatedBy)",
  "event MetadataSet(uint256 indexed agentId, string indexed indexedMetadataKey, string metadataKey, bytes metadataValue)",
  "event Transfer(address indexed from, address indexed to, uint256 indexed tokenId)",
];

const SELECTORS = {
  "register(string,(string,bytes)[])": "0x8ea42286",
  "register(string)": "0xf2c298be",
  "register()": "0x1aa3a008",
  "setAgentURI(uint256,string)": "0x0af28bd3",
  "getMetadata(uint256,string)": "0xcb4799f2",
  "setMetadata(uint256,string,bytes)": "0x466648da",
  "setAgentWallet(uint256,address,uint256,bytes)": "0x2d1ef5ae",
  "getAgentWallet(uint256)": "0x00339509",
  "unsetAgentWallet(uint256)": "0x3fddcf19",
  "isAuthorizedOrOwner(address,uint256)": "0xd95e72be",
};

const AGENT = 1n;

/** A client that knows the standard alone. */
async function standard() {
  const { system, actors } = await loadFixture(withoutAgents);
  const [owner, wallet, operator, stranger] = [actors.other, actors.client, actors.evaluator, actors.stranger];
  const registry = new Contract(system.addresses.agentRegistry, ABI, owner);
  const as = (signer: typeof owner) => registry.connect(signer) as Contract;
  return { registry, as, owner, wallet, operator, stranger };
}

async function registered() {
  const world = await loadFixture(standard);
  await world.registry["register(string)"]!(URI);
  return world;
}

type World = Awaited<ReturnType<typeof standard>>;

/** A signature of the new wallet over the standard's typed data. */
async function signed({ registry, owner, wallet }: World) {
  const deadline = BigInt(await time.latest()) + 200n;
  const domain = {
    name: "ERC8004IdentityRegistry",
    version: "1",
    chainId: (await ethers.provider.getNetwork()).chainId,
    verifyingContract: await registry.getAddress(),
  };
  const types = {
    AgentWalletSet: [
      { name: "agentId", type: "uint256" },
      { name: "newWallet", type: "address" },
      { name: "owner", type: "address" },
      { name: "deadline", type: "uint256" },
    ],
  };
  const message = { agentId: AGENT, newWallet: wallet.address, owner: owner.address, deadline };
  return { deadline, signature: await wallet.signTypedData(domain, types, message) };
}

describe("ERC-8004 identity registry", () => {
  for (const [signature, selector] of Object.entries(SELECTORS)) {
    it(`has ${signature} at ${selector}`, async () => {
      const { registry } = await loadFixture(standard);
      expect(Interface.from(ABI).getFunction(signature)!.selector).to.equal(selector);
      const implementation = await ethers.provider.getStorage(
        registry,
        "0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc",
      );
      const code = await ethers.provider.getCode(ethers.dataSlice(implementation, 12));
      expect(code).to.include(selector.slice(2).replace(/^0+/, ""));
    });
  }

  describe("registration", () => {
    it("mints a token to the caller, with the URI as tokenURI", async () => {
      const { registry, owner } = await loadFixture(registered);
      expect(await registry["ownerOf"]!(AGENT)).to.equal(owner.address);
      expect(await registry["tokenURI"]!(AGENT)).to.equal(URI);
    });

    it("emits Transfer and Registered", async () => {
      const { registry, owner } = await loadFixture(standard);
      const registering = await registry["register(string)"]!(URI);
      await expect(registering).to.emit(registry, "Transfer").withArgs(ZeroAddress, owner.address, AGENT);
      await expect(registering).to.emit(registry, "Registered").withArgs(AGENT, URI, owner.address);
    });

    it("sets agentWallet to the owner and emits it", async () => {
      const { registry, owner } = await loadFixture(standard);
      await expect(registry["register()"]!())
        .to.emit(registry, "MetadataSet")
        .withArgs(AGENT, "agentWallet", "agentWallet", owner.address.toLowerCase());
      expect(await registry["getAgentWallet"]!(AGENT)).to.equal(owner.address);
      expect(await registry["getMetadata"]!(AGENT, "agentWallet")).to.equal(owner.address.toLowerCase());
    });

    it("takes metadata, whose entries it emits", async () => {
      const { registry } = await loadFixture(standard);
      const metadata = [{ metadataKey: "agentName", metadataValue: "0x416c696365" }];
      await expect(registry["register(string,(string,bytes)[])"]!(URI, metadata))
        .to.emit(registry, "MetadataSet")
        .withArgs(AGENT, "agentName", "agentName", "0x416c696365");
      expect(await registry["getMetadata"]!(AGENT, "agentName")).to.equal("0x416c696365");
    });

    it("refuses agentWallet among the metadata", async () => {
      const { registry, owner } = await loadFixture(standard);
      const metadata = [{ metadataKey: "agentWallet", metadataValue: owner.address }];
      await expect(registry["register(string,(string,bytes)[])"]!(URI, metadata)).to.revert(ethers);
    });

    it("counts up", async () => {
      const { registry } = await loadFixture(registered);
      expect(await registry["register()"]!.staticCall()).to.equal(AGENT + 1n);
    });
  });

  describe("URI and metadata", () => {
    it("are set by the owner", async () => {
      const { registry, owner } = await loadFixture(registered);
      await expect(registry["setAgentURI"]!(AGENT, "ipfs://new"))
        .to.emit(registry, "URIUpdated")
        .withArgs(AGENT, "ipfs://new", owner.address);
      await registry["setMetadata"]!(AGENT, "k", "0x01");
      expect(await registry["tokenURI"]!(AGENT)).to.equal("ipfs://new");
      expect(await registry["getMetadata"]!(AGENT, "k")).to.equal("0x01");
    });

    it("are set by an approved operator", async () => {
      const { registry, as, operator } = await loadFixture(registered);
      await registry["setApprovalForAll"]!(operator, true);
      await as(operator)["setAgentURI"]!(AGENT, "ipfs://new");
      await as(operator)["setMetadata"]!(AGENT, "k", "0x01");
      expect(await registry["isAuthorizedOrOwner"]!(operator, AGENT)).to.equal(true);
    });

    it("are not set by a stranger", async () => {
      const { as, stranger } = await loadFixture(registered);
      await expect(as(stranger)["setAgentURI"]!(AGENT, "ipfs://new")).to.revert(ethers);
      await expect(as(stranger)["setMetadata"]!(AGENT, "k", "0x01")).to.revert(ethers);
    });

    it("do not set agentWallet", async () => {
      const { registry, wallet } = await loadFixture(registered);
      await expect(registry["setMetadata"]!(AGENT, "agentWallet", wallet.address)).to.revert(ethers);
    });
  });

  describe("the agent's wallet", () => {
    it("is set by the owner with the new wallet's signature", async () => {
      const world = await loadFixture(registered);
      const { registry, wallet } = world;
      const { deadline, signature } = await signed(world);
      await expect(registry["setAgentWallet"]!(AGENT, wallet, deadline, signature))
        .to.emit(registry, "MetadataSet")
        .withArgs(AGENT, "agentWallet", "agentWallet", wallet.address.toLowerCase());
      expect(await registry["getAgentWallet"]!(AGENT)).to.equal(wallet.address);
    });

    it("is not set by a stranger, though the wallet signed", async () => {
      const world = await loadFixture(registered);
      const { deadline, signature } = await signed(world);
      const calling = world.as(world.stranger)["setAgentWallet"]!(AGENT, world.wallet, deadline, signature);
      await expect(calling).to.revert(ethers);
    });

    it("is unset by the owner: then it is zero", async () => {
      const { registry } = await loadFixture(registered);
      await registry["unsetAgentWallet"]!(AGENT);
      expect(await registry["getAgentWallet"]!(AGENT)).to.equal(ZeroAddress);
    });

    it("is cleared by a transfer, and must be verified again", async () => {
      const { registry, owner, stranger } = await loadFixture(registered);
      await registry["transferFrom"]!(owner, stranger, AGENT);
      expect(await registry["getAgentWallet"]!(AGENT)).to.equal(ZeroAddress);
      expect(await registry["getMetadata"]!(AGENT, "agentWallet")).to.equal("0x");
    });
  });
});
