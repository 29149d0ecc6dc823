import { expect } from "chai";
import { Contract, id, Interface, ZeroHash } from "ethers";

import { reviewing } from "../../support/agents.ts";
import { ethers, loadFixture } from "../../support/fixture.ts";

// The reputation registry of ERC-8004 as its text of 25 January 2026 prints it.
const ABI = [
  "function getIdentityRegistry() external view returns (address identityRegistry)",
  "function giveFeedback(uint256 agentId, int128 value, uint8 valueDecimals, string tag1, string tag2, string endpoint, string feedbackURI, bytes32 feedbackHash) external",
  "function revokeFeedback(uint256 agentId, uint64 feedbackIndex) external",
  "function appendResponse(uint256 agentId, address clientAddress, uint64 feedbackIndex, string responseURI, bytes32 responseHash) external",
  "function getSummary(uint256 agentId, address[] clientAddresses, string tag1, string tag2) external view returns (uint64 count, int128 summaryValue, uint8 summaryValueDecimals)",
  "function readFeedback(uint256 agentId, address clientAddress, uint64 feedbackIndex) external view returns (int128 value, uint8 valueDecimals, string tag1, string tag2, bool isRevoked)",
  "function readAllFeedback(uint256 agentId, address[] clientAddresses, string tag1, string tag2, bool includeRevoked) external view returns (address[] clients, uint64[] feedbackIndexes, int128[] values, uint8[] valueDecimals, string[] tag1s, string[] tag2s, bool[] revokedStatuses)",
  "function getResponseCount(uint256 agentId, address clientAddress, uint64 feedbackIndex, address[] responders) external view returns (uint64 count)",
  "function getClients(uint256 agentId) external view returns (address[])",
  "function getLastIndex(uint256 agentId, address clientAddress) external view returns (uint64)",
  "event NewFeedback(uint256 indexed agentId, address indexed clientAddress, uint64 feedbackIndex, int128 value, uint8 valueDecimals, string indexed indexedTag1, string tag1, string tag2, string endpoint, string feedbackURI, bytes32 feedbackHash)",
  "event FeedbackRevoked(uint256 indexed agentId, address indexed clientAddress, uint64 indexed feedbackIndex)",
  "event ResponseAppended(uint256 indexed agentId, address indexed clientAddress, uint64 feedbackIndex, address indexed responder, string responseURI, bytes32 responseHash)",
];

const SELECTORS = {
  getIdentityRegistry: "0xbc4d861b",
  giveFeedback: "0x3c036a7e",
  revokeFeedback: "0x4ab3ca99",
  appendResponse: "0xc2349ab2",
  getSummary: "0x81bbba58",
  readFeedback: "0x232b0810",
  readAllFeedback: "0xd9d84224",
  getResponseCount: "0x6e04cacd",
  getClients: "0x42dd519c",
  getLastIndex: "0xf2d81759",
};

const AGENT = 1n;
const HASH = id("feedback");
/** The place of the values among the lists of readAllFeedback. */
const VALUES = 2;

/** A client that knows the standard alone, and two jobs that were settled for it. The second tag names the job. */
async function standard() {
  const { system, actors, owner, reputation, reviews } = await loadFixture(reviewing);
  const registry = new Contract(await reputation.getAddress(), ABI, actors.client);
  const jobs = [await reviews.job(), await reviews.job()].map(String) as [string, string];
  return {
    registry,
    jobs,
    client: actors.client,
    stranger: actors.stranger,
    owner,
    identity: system.addresses.agentRegistry,
  };
}

type World = Awaited<ReturnType<typeof standard>>;

const give = ({ registry }: World, job: string, value = 87n, decimals = 0n, tag1 = "starred") =>
  registry["giveFeedback"]!(AGENT, value, decimals, tag1, job, "https://agent.example", "ipfs://feedback", HASH);

/** Two entries, 87 and 9.5. */
async function reviewed() {
  const world = await loadFixture(standard);
  await give(world, world.jobs[0]);
  await give(world, world.jobs[1], 95n, 1n, "uptime");
  return world;
}

describe("ERC-8004 reputation registry", () => {
  for (const [name, selector] of Object.entries(SELECTORS)) {
    it(`has ${name} at ${selector}`, () => {
      expect(Interface.from(ABI).getFunction(name)!.selector).to.equal(selector);
    });
  }

  it("names its identity registry", async () => {
    const { registry, identity } = await loadFixture(standard);
    expect(await registry["getIdentityRegistry"]!()).to.equal(identity);
  });

  it("takes feedback and emits it whole", async () => {
    const world = await loadFixture(standard);
    const { registry, jobs, client } = world;
    await expect(give(world, jobs[0]))
      .to.emit(registry, "NewFeedback")
      .withArgs(
        AGENT,
        client.address,
        1n,
        87n,
        0n,
        "starred",
        "starred",
        jobs[0],
        "https://agent.example",
        "ipfs://feedback",
        HASH,
      );
  });

  it("keeps value, decimals and tags", async () => {
    const { registry, jobs, client } = await loadFixture(reviewed);
    expect([...(await registry["readFeedback"]!(AGENT, client, 2n))]).to.deep.equal([
      95n,
      1n,
      "uptime",
      jobs[1],
      false,
    ]);
  });

  it("counts a client's feedback from 1, and lists the clients", async () => {
    const { registry, client, stranger } = await loadFixture(reviewed);
    expect(await registry["getLastIndex"]!(AGENT, client)).to.equal(2n);
    expect(await registry["getLastIndex"]!(AGENT, stranger)).to.equal(0n);
    expect([...(await registry["getClients"]!(AGENT))]).to.deep.equal([client.address]);
  });

  it("refuses decimals above 18, and the agent's owner", async () => {
    const world = await loadFixture(standard);
    await expect(give(world, world.jobs[0], 1n, 19n)).to.revert(ethers);
    const owners = { ...world, registry: world.registry.connect(world.owner) as Contract };
    await expect(give(owners, world.jobs[0])).to.revert(ethers);
  });

  it("averages over named clients, and refuses to average over nobody", async () => {
    const { registry, client } = await loadFixture(reviewed);
    expect([...(await registry["getSummary"]!(AGENT, [client], "", ""))]).to.deep.equal([2n, 48n, 0n]);
    expect([...(await registry["getSummary"]!(AGENT, [client], "uptime", ""))]).to.deep.equal([1n, 95n, 1n]);
    await expect(registry["getSummary"]!(AGENT, [], "", "")).to.revert(ethers);
  });

  it("takes feedback back, out of the average and the list", async () => {
    const { registry, client } = await loadFixture(reviewed);
    await expect(registry["revokeFeedback"]!(AGENT, 1n))
      .to.emit(registry, "FeedbackRevoked")
      .withArgs(AGENT, client.address, 1n);
    expect((await registry["readFeedback"]!(AGENT, client, 1n)).isRevoked).to.equal(true);
    expect((await registry["getSummary"]!(AGENT, [client], "", "")).count).to.equal(1n);
    expect((await registry["readAllFeedback"]!(AGENT, [], "", "", false))[VALUES]).to.have.lengthOf(1);
    expect((await registry["readAllFeedback"]!(AGENT, [], "", "", true))[VALUES]).to.have.lengthOf(2);
  });

  it("is not taken back by a stranger", async () => {
    const { registry, stranger } = await loadFixture(reviewed);
    await expect((registry.connect(stranger) as Contract)["revokeFeedback"]!(AGENT, 1n)).to.revert(ethers);
  });

  it("lists all feedback in seven columns", async () => {
    const { registry, jobs, client } = await loadFixture(reviewed);
    const all = await registry["readAllFeedback"]!(AGENT, [client], "", "", false);
    expect(all.toArray().map((column: unknown[]) => [...column])).to.deep.equal([
      [client.address, client.address],
      [1n, 2n],
      [87n, 95n],
      [0n, 1n],
      ["starred", "uptime"],
      [...jobs],
      [false, false],
    ]);
  });

  it("takes responses of anybody, and counts them", async () => {
    const { registry, client, owner, stranger } = await loadFixture(reviewed);
    for (const responder of [owner, stranger]) {
      const as = registry.connect(responder) as Contract;
      await expect(as["appendResponse"]!(AGENT, client, 1n, "ipfs://response", ZeroHash))
        .to.emit(registry, "ResponseAppended")
        .withArgs(AGENT, client.address, 1n, responder.address, "ipfs://response", ZeroHash);
    }
    expect(await registry["getResponseCount"]!(AGENT, client, 1n, [])).to.equal(2n);
    expect(await registry["getResponseCount"]!(AGENT, client, 1n, [owner])).to.equal(1n);
  });
});
