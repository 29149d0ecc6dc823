import { expect } from "chai";
import { Contract, id, Interface, ZeroHash } from "ethers";

import { registered } from "../../support/agents.ts";
import { ethers, loadFixture } from "../../support/fixture.ts";

// The validation registry of ERC-8004 as its text of 25 January 2026 prints it.
const ABI = [
  "function getIdentityRegistry() external view returns (address identityRegistry)",
  "function validationRequest(address validatorAddress, uint256 agentId, string requestURI, bytes32 requestHash) external",
  "function validationResponse(bytes32 requestHash, uint8 response, string responseURI, bytes32 responseHash, string tag) external",
  "function getValidationStatus(bytes32 requestHash) external view returns (address validatorAddress, uint256 agentId, uint8 response, bytes32 responseHash, string tag, uint256 lastUpdate)",
  "function getSummary(uint256 agentId, address[] validatorAddresses, string tag) external view returns (uint64 count, uint8 averageResponse)",
  "function getAgentValidations(uint256 agentId) external view returns (bytes32[] requestHashes)",
  "function getValidatorRequests(address validatorAddress) external view returns (bytes32[] requestHashes)",
  "event ValidationRequest(address indexed validatorAddress, uint256 indexed agentId, string requestURI, bytes32 indexed requestHash)",
  "event ValidationResponse(address indexed validatorAddress, uint256 indexed agentId, bytes32 indexed requestHash, uint8 response, string responseURI, bytes32 responseHash, string tag)",
];

const SELECTORS = {
  getIdentityRegistry: "0xbc4d861b",
  validationRequest: "0xaaf400c4",
  validationResponse: "0x3d659a96",
  getValidationStatus: "0xff2febfc",
  getSummary: "0x1b7cabd6",
  getAgentValidations: "0x8d5d0c2d",
  getValidatorRequests: "0x4bf3158c",
};

const AGENT = 1n;
const HASH = id("request");
const ANSWER_HASH = id("answer");

/** An owner, a validator and a stranger who know the standard alone. */
async function standard() {
  const { system, actors, owner } = await loadFixture(registered);
  const registry = new Contract(system.addresses.agentValidation, ABI, owner);
  const as = (signer: typeof owner) => registry.connect(signer) as Contract;
  return {
    registry,
    as,
    validator: actors.evaluator,
    stranger: actors.stranger,
    identity: system.addresses.agentRegistry,
  };
}

async function requested() {
  const world = await loadFixture(standard);
  await world.registry["validationRequest"]!(world.validator, AGENT, "ipfs://request", HASH);
  return world;
}

async function answered() {
  const world = await loadFixture(requested);
  await world.as(world.validator)["validationResponse"]!(HASH, 75n, "ipfs://answer", ANSWER_HASH, "hard-finality");
  return world;
}

describe("ERC-8004 validation registry", () => {
  for (const [name, selector] of Object.entries(SELECTORS)) {
    it(`has ${name} at ${selector}`, () => {
      expect(Interface.from(ABI).getFunction(name)!.selector).to.equal(selector);
    });
  }

  it("names its identity registry", async () => {
    const { registry, identity } = await loadFixture(standard);
    expect(await registry["getIdentityRegistry"]!()).to.equal(identity);
  });

  it("takes a request of the agent's owner and emits it", async () => {
    const { registry, validator } = await loadFixture(standard);
    await expect(registry["validationRequest"]!(validator, AGENT, "ipfs://request", HASH))
      .to.emit(registry, "ValidationRequest")
      .withArgs(validator.address, AGENT, "ipfs://request", HASH);
  });

  it("takes no request of a stranger", async () => {
    const { as, validator, stranger } = await loadFixture(standard);
    await expect(as(stranger)["validationRequest"]!(validator, AGENT, "", HASH)).to.revert(ethers);
  });

  it("takes the validator's answer by the request's hash and emits it", async () => {
    const { registry, as, validator } = await loadFixture(requested);
    await expect(as(validator)["validationResponse"]!(HASH, 75n, "ipfs://answer", ANSWER_HASH, "hard-finality"))
      .to.emit(registry, "ValidationResponse")
      .withArgs(validator.address, AGENT, HASH, 75n, "ipfs://answer", ANSWER_HASH, "hard-finality");
  });

  it("takes nobody else's answer, and none above 100", async () => {
    const { registry, as, validator, stranger } = await loadFixture(requested);
    for (const caller of [registry, as(stranger)]) {
      await expect(caller["validationResponse"]!(HASH, 75n, "", ZeroHash, "")).to.revert(ethers);
    }
    await expect(as(validator)["validationResponse"]!(HASH, 101n, "", ZeroHash, "")).to.revert(ethers);
  });

  it("tells how a request stands", async () => {
    const { registry, validator } = await loadFixture(answered);
    const status = await registry["getValidationStatus"]!(HASH);
    expect([...status].slice(0, 5)).to.deep.equal([validator.address, AGENT, 75n, ANSWER_HASH, "hard-finality"]);
    expect(status.lastUpdate).to.equal((await ethers.provider.getBlock("latest"))!.timestamp);
  });

  it("takes a later answer, soft before hard finality", async () => {
    const { registry, as, validator } = await loadFixture(answered);
    await as(validator)["validationResponse"]!(HASH, 100n, "", ZeroHash, "");
    expect((await registry["getValidationStatus"]!(HASH)).response).to.equal(100n);
  });

  it("averages the answers, of all or of named validators, by tag", async () => {
    const { registry, validator, stranger } = await loadFixture(answered);
    for (const [validators, tag, expected] of [
      [[], "", [1n, 75n]],
      [[validator.address], "hard-finality", [1n, 75n]],
      [[stranger.address], "", [0n, 0n]],
      [[], "soft-finality", [0n, 0n]],
    ] as const) {
      expect([...(await registry["getSummary"]!(AGENT, validators, tag))]).to.deep.equal(expected);
    }
  });

  it("lists requests by agent and by validator, as what getValidationStatus takes", async () => {
    const { registry, validator } = await loadFixture(answered);
    const [ofAgent] = await registry["getAgentValidations"]!(AGENT);
    const [ofValidator] = await registry["getValidatorRequests"]!(validator);
    expect(ofAgent).to.equal(ofValidator);
    expect([...(await registry["getValidationStatus"]!(ofAgent))]).to.deep.equal([
      ...(await registry["getValidationStatus"]!(HASH)),
    ]);
  });
});
