import { expect } from "chai";
import { AbiCoder, id, keccak256, ZeroAddress, ZeroHash } from "ethers";

import { type AgentWorld, BOUND, registered } from "../support/agents.ts";
import { loadFixture } from "../support/fixture.ts";
import { minedAt } from "../support/jobs.ts";

const HASH = id("the request");
const REQUEST = "ipfs://request";
const ANSWER = "ipfs://answer";
const ANSWER_HASH = id("the answer");
const UNKNOWN_AGENT = 9n;

const keyOf = (requester: string, agentId: bigint, hash: string) =>
  keccak256(AbiCoder.defaultAbiCoder().encode(["address", "uint256", "bytes32"], [requester, agentId, hash]));

type Validating = AgentWorld & { key: string; validator: AgentWorld["owner"] };

/** Agent 1's owner has asked the evaluator; agent 2 is the stranger's. */
async function requested(): Promise<Validating> {
  const world = await loadFixture(registered);
  const { registry, validation, owner, actors } = world;
  await registry.connect(actors.stranger)["register()"]();
  await validation.validationRequest(actors.evaluator, 1n, REQUEST, HASH);
  return { ...world, key: keyOf(owner.address, 1n, HASH), validator: actors.evaluator };
}

/** The stranger has asked the same validator with the same hash, for his own agent (M-16). */
async function squatted() {
  const world = await loadFixture(requested);
  const { validation, actors, validator } = world;
  await validation.connect(actors.stranger).validationRequest(validator, 2n, "ipfs://bait", HASH);
  return { ...world, bait: keyOf(actors.stranger.address, 2n, HASH) };
}

const answer = ({ validation, validator }: Validating, hash: string, response = 80n, tag = "tests") =>
  validation.connect(validator).validationResponse(hash, response, ANSWER, ANSWER_HASH, tag);

const statusOf = async ({ validation }: Validating, hash: string) =>
  [...(await validation.getValidationStatus(hash))] as unknown[];

describe("AgentValidation", () => {
  it("names the registry of its agents", async () => {
    const { validation, system } = await loadFixture(requested);
    expect(await validation.getIdentityRegistry()).to.equal(system.addresses.agentRegistry);
  });

  describe("requestKeyOf", () => {
    it("is the hash of requester, agent and request hash", async () => {
      const { validation, owner, key, actors } = await loadFixture(requested);
      expect(await validation.requestKeyOf(owner, 1n, HASH)).to.equal(key);
      const others = await Promise.all([
        validation.requestKeyOf(actors.stranger, 1n, HASH),
        validation.requestKeyOf(owner, 2n, HASH),
        validation.requestKeyOf(owner, 1n, id("another")),
      ]);
      expect(new Set([key, ...others]).size).to.equal(4);
    });
  });

  describe("validationRequest", () => {
    for (const who of ["stranger", "evaluator", "admin"] as const) {
      it(`refuses the ${who}`, async () => {
        const { validation, actors } = await loadFixture(requested);
        await expect(validation.connect(actors[who]).validationRequest(actors.evaluator, 1n, REQUEST, id("b")))
          .to.be.revertedWithCustomError(validation, "AgentValidationNotAuthorized")
          .withArgs(1n, actors[who].address);
      });
    }

    it("lets an approved operator, under a key of his own", async () => {
      const { validation, registry, actors } = await loadFixture(requested);
      await registry.approve(actors.other, 1n);
      await registry.setApprovalForAll(actors.client, true);
      await validation.connect(actors.client).validationRequest(actors.evaluator, 1n, REQUEST, HASH);
      expect(await validation.getAgentValidations(1n)).to.deep.equal([
        keyOf(actors.other.address, 1n, HASH),
        keyOf(actors.client.address, 1n, HASH),
      ]);
    });

    it("refuses an agent that does not exist", async () => {
      const { validation, registry, actors } = await loadFixture(requested);
      await expect(validation.validationRequest(actors.evaluator, UNKNOWN_AGENT, REQUEST, HASH))
        .to.be.revertedWithCustomError(registry, "ERC721NonexistentToken")
        .withArgs(UNKNOWN_AGENT);
    });

    it("refuses no validator and no hash", async () => {
      const { validation, actors } = await loadFixture(requested);
      await expect(validation.validationRequest(ZeroAddress, 1n, REQUEST, id("b"))).to.be.revertedWithCustomError(
        validation,
        "AgentValidationZeroValidator",
      );
      await expect(validation.validationRequest(actors.evaluator, 1n, REQUEST, ZeroHash)).to.be.revertedWithCustomError(
        validation,
        "AgentValidationZeroHash",
      );
    });

    it("refuses a URI that is too long (A-90, M-22)", async () => {
      const { validation, actors } = await loadFixture(requested);
      await validation.validationRequest(actors.evaluator, 1n, "x".repeat(BOUND.uri), id("b"));
      await expect(validation.validationRequest(actors.evaluator, 1n, "x".repeat(BOUND.uri + 1), id("c")))
        .to.be.revertedWithCustomError(validation, "AgentValidationURITooLong")
        .withArgs(BOUND.uri + 1, BOUND.uri);
    });

    it("refuses the same request a second time, to another validator, too", async () => {
      const { validation, actors, key } = await loadFixture(requested);
      for (const validator of [actors.evaluator, actors.other]) {
        await expect(validation.validationRequest(validator, 1n, REQUEST, HASH))
          .to.be.revertedWithCustomError(validation, "AgentValidationAlreadyRequested")
          .withArgs(key);
      }
    });

    it("emits the standard's event with the hash, and its own with the key", async () => {
      const { validation, owner, actors } = await loadFixture(requested);
      const hash = id("b");
      const requesting = await validation.validationRequest(actors.evaluator, 1n, REQUEST, hash);
      await expect(requesting)
        .to.emit(validation, "ValidationRequest")
        .withArgs(actors.evaluator.address, 1n, REQUEST, hash);
      await expect(requesting)
        .to.emit(validation, "RequestKeyed")
        .withArgs(keyOf(owner.address, 1n, hash), owner.address, hash);
    });

    it("lists it among the agent's and the validator's, by its key", async () => {
      const { validation, actors, key } = await loadFixture(requested);
      expect(await validation.getAgentValidations(1n)).to.deep.equal([key]);
      expect(await validation.getValidatorRequests(actors.evaluator)).to.deep.equal([key]);
      expect(await validation.getAgentValidations(2n)).to.deep.equal([]);
      expect(await validation.getValidatorRequests(actors.stranger)).to.deep.equal([]);
    });

    it("stands without an answer from its own moment on", async () => {
      const world = await loadFixture(requested);
      const hash = id("b");
      const at = await minedAt(await world.validation.validationRequest(world.validator, 1n, REQUEST, hash));
      expect(await statusOf(world, hash)).to.deep.equal([world.validator.address, 1n, 0n, ZeroHash, "", at]);
    });
  });

  describe("validationResponse", () => {
    for (const [what, of] of [
      ["the key", ({ key }: Validating) => key],
      ["the hash", () => HASH],
    ] as const) {
      it(`answers by ${what}`, async () => {
        const world = await loadFixture(requested);
        const { validation, validator, key } = world;
        const answering = await answer(world, of(world));
        await expect(answering)
          .to.emit(validation, "ValidationResponse")
          .withArgs(validator.address, 1n, HASH, 80n, ANSWER, ANSWER_HASH, "tests");
        await expect(answering).to.emit(validation, "ResponseKeyed").withArgs(key, HASH, 80n);
        const expected = [validator.address, 1n, 80n, ANSWER_HASH, "tests", await minedAt(answering)];
        expect(await statusOf(world, key)).to.deep.equal(expected);
        expect(await statusOf(world, HASH)).to.deep.equal(expected);
      });
    }

    it("may be repeated, and the last one counts", async () => {
      const world = await loadFixture(requested);
      await answer(world, HASH, 100n, "a long tag that takes more than one slot, with 64 bytes in all!!");
      const at = await minedAt(await answer(world, world.key, 0n, ""));
      expect(await statusOf(world, HASH)).to.deep.equal([world.validator.address, 1n, 0n, ANSWER_HASH, "", at]);
    });

    for (const who of ["stranger", "other", "admin"] as const) {
      it(`refuses the ${who}, by the key and by the hash`, async () => {
        const world = await loadFixture(requested);
        const { validation, actors, key, validator } = world;
        const caller = actors[who];
        await expect(answer({ ...world, validator: caller }, key))
          .to.be.revertedWithCustomError(validation, "AgentValidationCallerNotValidator")
          .withArgs(key, caller.address, validator.address);
        await expect(answer({ ...world, validator: caller }, HASH))
          .to.be.revertedWithCustomError(validation, "AgentValidationUnknownRequest")
          .withArgs(HASH);
      });
    }

    for (const hash of [ZeroHash, id("nothing"), `0x${"ff".repeat(32)}`]) {
      it(`refuses ${hash.slice(0, 10)}..., which is no request`, async () => {
        const world = await loadFixture(requested);
        await expect(answer(world, hash))
          .to.be.revertedWithCustomError(world.validation, "AgentValidationUnknownRequest")
          .withArgs(hash);
        await expect(world.validation.getValidationStatus(hash))
          .to.be.revertedWithCustomError(world.validation, "AgentValidationUnknownRequest")
          .withArgs(hash);
      });
    }

    for (const response of [0n, 100n]) {
      it(`may be ${response}`, async () => {
        const world = await loadFixture(requested);
        await answer(world, HASH, response);
        expect((await statusOf(world, HASH))[2]).to.equal(response);
      });
    }

    for (const response of [101n, 255n]) {
      it(`is not ${response}`, async () => {
        const world = await loadFixture(requested);
        await expect(answer(world, HASH, response))
          .to.be.revertedWithCustomError(world.validation, "AgentValidationResponseTooHigh")
          .withArgs(response, 100n);
      });
    }

    it("refuses texts that are too long (A-90, M-22)", async () => {
      const world = await loadFixture(requested);
      const validation = world.validation.connect(world.validator);
      await validation.validationResponse(HASH, 1n, "x".repeat(BOUND.uri), ANSWER_HASH, "t".repeat(BOUND.tag));
      await expect(validation.validationResponse(HASH, 1n, "x".repeat(BOUND.uri + 1), ANSWER_HASH, ""))
        .to.be.revertedWithCustomError(validation, "AgentValidationURITooLong")
        .withArgs(BOUND.uri + 1, BOUND.uri);
      await expect(validation.validationResponse(HASH, 1n, "", ANSWER_HASH, "t".repeat(BOUND.tag + 1)))
        .to.be.revertedWithCustomError(validation, "AgentValidationTagTooLong")
        .withArgs(BOUND.tag + 1, BOUND.tag);
    });

    it("answers after the agent has changed hands: the work is what it was (M-24)", async () => {
      const world = await loadFixture(requested);
      await world.registry.transferFrom(world.owner, world.actors.client, 1n);
      await answer(world, HASH);
      expect((await statusOf(world, world.key))[2]).to.equal(80n);
    });
  });

  describe("when an outsider takes the same hash (M-16)", () => {
    it("leaves the first request under its key, answered by its validator", async () => {
      const world = await loadFixture(squatted);
      await answer(world, world.key, 90n);
      expect((await statusOf(world, world.key)).slice(0, 3)).to.deep.equal([world.validator.address, 1n, 90n]);
      expect((await statusOf(world, world.bait)).slice(0, 3)).to.deep.equal([world.validator.address, 2n, 0n]);
    });

    it("sends nobody to the wrong request: the hash is refused, and the error says why", async () => {
      const world = await loadFixture(squatted);
      for (const call of [() => answer(world, HASH), () => world.validation.getValidationStatus(HASH)]) {
        await expect(call())
          .to.be.revertedWithCustomError(world.validation, "AgentValidationAmbiguousHash")
          .withArgs(HASH);
      }
    });

    it("does not keep the victim from asking, if the outsider was first", async () => {
      const world = await loadFixture(requested);
      const { validation, owner, actors, validator } = world;
      const hash = id("seen in the pool");
      await validation.connect(actors.stranger).validationRequest(validator, 2n, REQUEST, hash);
      await validation.validationRequest(validator, 1n, REQUEST, hash);
      const key = keyOf(owner.address, 1n, hash);
      await answer(world, key, 70n);
      expect((await statusOf(world, key)).slice(0, 3)).to.deep.equal([validator.address, 1n, 70n]);
    });

    it("asks another validator in vain: each has his own hashes", async () => {
      const world = await loadFixture(requested);
      const { validation, actors } = world;
      await validation.connect(actors.stranger).validationRequest(actors.other, 2n, REQUEST, HASH);
      await answer(world, HASH, 60n);
      expect((await statusOf(world, world.key))[2]).to.equal(60n);
      await answer({ ...world, validator: actors.other }, HASH, 10n);
      expect((await statusOf(world, world.key))[2]).to.equal(60n);
      await expect(validation.getValidationStatus(HASH))
        .to.be.revertedWithCustomError(validation, "AgentValidationAmbiguousHash")
        .withArgs(HASH);
    });

    it("stays ambiguous with a third", async () => {
      const world = await loadFixture(squatted);
      const { validation, registry, actors, validator } = world;
      await registry.connect(actors.client)["register()"]();
      await validation.connect(actors.client).validationRequest(validator, 3n, REQUEST, HASH);
      await expect(answer(world, HASH))
        .to.be.revertedWithCustomError(validation, "AgentValidationAmbiguousHash")
        .withArgs(HASH);
    });

    it("cannot hide a request behind its own key", async () => {
      const world = await loadFixture(requested);
      const { validation, actors, key, validator } = world;
      await validation.connect(actors.stranger).validationRequest(validator, 2n, REQUEST, key);
      await answer(world, key, 55n);
      expect((await statusOf(world, key)).slice(0, 3)).to.deep.equal([validator.address, 1n, 55n]);
      expect((await statusOf(world, HASH))[2]).to.equal(55n);
    });
  });

  describe("getSummary", () => {
    /** Three answers and a request without one. */
    async function answered() {
      const world = await loadFixture(requested);
      const { validation, actors } = world;
      await answer(world, HASH, 80n, "tests");
      for (const [name, validator, response, tag] of [
        ["b", actors.other, 41n, "tests"],
        ["c", actors.evaluator, 0n, "style"],
      ] as const) {
        await validation.validationRequest(validator, 1n, REQUEST, id(name));
        await answer({ ...world, validator }, id(name), response, tag);
      }
      await validation.validationRequest(actors.client, 1n, REQUEST, id("open"));
      return world;
    }

    const of = async ({ validation }: Validating, validators: string[] = [], tag = "", agentId = 1n) =>
      [...(await validation.getSummary(agentId, validators, tag))] as bigint[];

    it("averages all answers, rounded down", async () => {
      const world = await loadFixture(answered);
      expect(await of(world)).to.deep.equal([3n, 40n]);
    });

    it("averages those of some validators, or with a tag, or both", async () => {
      const world = await loadFixture(answered);
      const { evaluator, other, stranger } = world.actors;
      expect(await of(world, [evaluator.address])).to.deep.equal([2n, 40n]);
      expect(await of(world, [evaluator.address, other.address])).to.deep.equal([3n, 40n]);
      expect(await of(world, [], "tests")).to.deep.equal([2n, 60n]);
      expect(await of(world, [evaluator.address], "tests")).to.deep.equal([1n, 80n]);
      expect(await of(world, [stranger.address])).to.deep.equal([0n, 0n]);
      expect(await of(world, [], "Tests")).to.deep.equal([0n, 0n]);
    });

    it("counts a validator once who is named twice", async () => {
      const world = await loadFixture(answered);
      const { evaluator } = world.actors;
      expect(await of(world, [evaluator.address, evaluator.address])).to.deep.equal([2n, 40n]);
    });

    it("knows nothing of an agent of whom nothing was asked", async () => {
      const world = await loadFixture(answered);
      for (const agentId of [0n, 2n, UNKNOWN_AGENT]) expect(await of(world, [], "", agentId)).to.deep.equal([0n, 0n]);
    });
  });
});
