import { expect } from "chai";
import { MaxUint256, ZeroAddress, ZeroHash } from "ethers";

import { BOUND, clientsAgent, nameWallet, type Review, type Reviewing, reviewing } from "../support/agents.ts";
import { ethers, loadFixture } from "../support/fixture.ts";

const GWEI = 10n ** 9n;
const MAX_VALUE = 10n ** 38n;
const UNKNOWN_JOB = 404n;
const HASH = ethers.id("what is said there");

/** Feedback as the event carries it. */
const FULL: Required<Review> = {
  value: -125n,
  decimals: 2n,
  tag1: "quality",
  tag2: "speed",
  endpoint: "https://agent.example/mcp",
  uri: "ipfs://feedback",
  hash: HASH,
};

const read = async ({ reputation }: Reviewing, client: string, index: bigint, agentId = 1n) =>
  [...(await reputation.readFeedback(agentId, client, index))] as unknown[];

const unknown = (world: Reviewing, reading: Promise<unknown>, client: string, index: bigint, last: bigint) =>
  expect(reading)
    .to.be.revertedWithCustomError(world.reputation, "AgentReputationUnknownFeedback")
    .withArgs(1n, client, index, last);

describe("AgentReputation", () => {
  it("names the registry of its agents and its market", async () => {
    const { reputation, reviews, system } = await loadFixture(reviewing);
    expect(await reputation.getIdentityRegistry()).to.equal(system.addresses.agentRegistry);
    expect(await reputation.jobMarket()).to.equal(reviews.market);
    expect(await system.agentReputation.jobMarket()).to.equal(system.addresses.jobMarket);
  });

  describe("who may say something (A-72)", () => {
    it("refuses a job of which nothing was settled, and one that is none", async () => {
      const { reputation, reviews } = await loadFixture(reviewing);
      const jobId = await reviews.job({ settled: 0n });
      for (const each of [jobId, UNKNOWN_JOB, 0n, MaxUint256]) {
        await expect(reviews.give(each))
          .to.be.revertedWithCustomError(reputation, "AgentReputationNothingSettled")
          .withArgs(each);
      }
    });

    for (const who of ["stranger", "other", "evaluator", "orchestrator", "admin"] as const) {
      it(`refuses the ${who}, who is no party`, async () => {
        const { reputation, reviews, actors } = await loadFixture(reviewing);
        const jobId = await reviews.job();
        await expect(reviews.give(jobId, {}, actors[who]))
          .to.be.revertedWithCustomError(reputation, "AgentReputationCallerNotParty")
          .withArgs(jobId, actors[who].address);
      });
    }

    describe("the client", () => {
      it("reviews the agent that was hired, whatever its wallet is by now (M-24)", async () => {
        const world = await loadFixture(reviewing);
        const { reputation, reviews, registry, actors } = world;
        const jobId = await reviews.job();
        await registry.unsetAgentWallet(1n);
        await reviews.give(jobId);
        expect(await reputation.getLastIndex(1n, actors.client)).to.equal(1n);
      });

      it("reviews it under its next owner (M-24)", async () => {
        const world = await loadFixture(reviewing);
        const { reputation, reviews, registry, owner, actors } = world;
        const jobId = await reviews.job();
        await registry.transferFrom(owner, actors.stranger, 1n);
        await reviews.give(jobId);
        expect(await reputation.getLastIndex(1n, actors.client)).to.equal(1n);
      });

      it("reviews no other agent, though it has the same wallet", async () => {
        const world = await loadFixture(reviewing);
        const { reputation, reviews, registry, provider, actors } = world;
        await registry["register()"]();
        await nameWallet(world, 2n, provider);
        const jobId = await reviews.job();
        for (const agentId of [0n, 2n, 99n]) {
          await expect(reviews.give(jobId, {}, actors.client, agentId))
            .to.be.revertedWithCustomError(reputation, "AgentReputationOtherAgentHired")
            .withArgs(jobId, agentId, 1n);
        }
      });

      it("reviews an agent of the provider's where none was named", async () => {
        const { reputation, reviews, actors } = await loadFixture(reviewing);
        const jobId = await reviews.job({ agentId: 0n });
        await reviews.give(jobId);
        expect(await reputation.getLastIndex(1n, actors.client)).to.equal(1n);
      });

      it("reviews no agent of another wallet, nor one without a wallet, where none was named", async () => {
        const world = await loadFixture(reviewing);
        const { reputation, reviews, registry, owner, provider, actors } = world;
        await registry["register()"]();
        const jobId = await reviews.job({ agentId: 0n });
        await expect(reviews.give(jobId, {}, actors.client, 2n))
          .to.be.revertedWithCustomError(reputation, "AgentReputationWalletNotParty")
          .withArgs(2n, owner.address, provider.address);
        await registry.unsetAgentWallet(1n);
        await expect(reviews.give(jobId))
          .to.be.revertedWithCustomError(reputation, "AgentReputationWalletNotParty")
          .withArgs(1n, ZeroAddress, provider.address);
      });
    });

    describe("the provider", () => {
      it("reviews an agent whose wallet the client is", async () => {
        const world = await loadFixture(reviewing);
        const { reputation, reviews, provider } = world;
        const agentId = await clientsAgent(world);
        const jobId = await reviews.job();
        await reviews.give(jobId, { value: 80n }, provider, agentId);
        expect(await reputation.getClients(agentId)).to.deep.equal([provider.address]);
        expect(await read(world, provider.address, 1n, agentId)).to.deep.equal([80n, 0n, "", "", false]);
      });

      it("reviews no agent of somebody else, above all not the one that was hired", async () => {
        const { reputation, reviews, provider, actors } = await loadFixture(reviewing);
        const jobId = await reviews.job();
        await expect(reviews.give(jobId, {}, provider))
          .to.be.revertedWithCustomError(reputation, "AgentReputationWalletNotParty")
          .withArgs(1n, provider.address, actors.client.address);
      });
    });

    describe("who may act for the agent", () => {
      it("is refused as its owner", async () => {
        const { reputation, reviews, owner } = await loadFixture(reviewing);
        const jobId = await reviews.job({ client: owner.address });
        await expect(reviews.give(jobId, {}, owner))
          .to.be.revertedWithCustomError(reputation, "AgentReputationOwnAgent")
          .withArgs(1n, owner.address);
      });

      it("is refused as an approved operator, and taken once he is none", async () => {
        const { reputation, reviews, registry, actors } = await loadFixture(reviewing);
        const { client } = actors;
        const jobId = await reviews.job();
        const refused = () =>
          expect(reviews.give(jobId))
            .to.be.revertedWithCustomError(reputation, "AgentReputationOwnAgent")
            .withArgs(1n, client.address);
        await registry.approve(client, 1n);
        await refused();
        await registry.approve(ZeroAddress, 1n);
        await registry.setApprovalForAll(client, true);
        await refused();
        await registry.setApprovalForAll(client, false);
        await reviews.give(jobId);
      });

      it("is refused as the provider whose client's agent is his own", async () => {
        const world = await loadFixture(reviewing);
        const { reputation, reviews, registry, provider, actors } = world;
        await registry.connect(provider)["register()"]();
        await nameWallet(world, 2n, actors.client);
        const jobId = await reviews.job();
        await expect(reviews.give(jobId, {}, provider, 2n))
          .to.be.revertedWithCustomError(reputation, "AgentReputationOwnAgent")
          .withArgs(2n, provider.address);
      });
    });

    it("refuses an agent that the market names and nobody registered", async () => {
      const { reviews, registry } = await loadFixture(reviewing);
      await expect(reviews.review({}, { agentId: 9n }))
        .to.be.revertedWithCustomError(registry, "ERC721NonexistentToken")
        .withArgs(9n);
    });
  });

  describe("once for each job and side", () => {
    const twice = ({ reputation }: Reviewing, giving: Promise<unknown>, jobId: bigint, reviewer: string) =>
      expect(giving)
        .to.be.revertedWithCustomError(reputation, "AgentReputationAlreadyReviewed")
        .withArgs(jobId, reviewer);

    it("refuses the client a second time, by either function", async () => {
      const world = await loadFixture(reviewing);
      const { reviews, actors } = world;
      const jobId = await reviews.review();
      await twice(world, reviews.give(jobId), jobId, actors.client.address);
      await twice(world, reviews.giveByTag(`${jobId}`), jobId, actors.client.address);
    });

    it("refuses him after he took it back", async () => {
      const world = await loadFixture(reviewing);
      const { reputation, reviews, actors } = world;
      const jobId = await reviews.review();
      await reputation.revokeFeedback(1n, 1n);
      await twice(world, reviews.give(jobId), jobId, actors.client.address);
    });

    it("refuses him for another agent of the same provider", async () => {
      const world = await loadFixture(reviewing);
      const { reviews, registry, provider, actors } = world;
      await registry["register()"]();
      await nameWallet(world, 2n, provider);
      const jobId = await reviews.job({ agentId: 0n });
      await reviews.give(jobId);
      await twice(world, reviews.give(jobId, {}, actors.client, 2n), jobId, actors.client.address);
    });

    it("lets the other side, which neither opens nor closes the first", async () => {
      const world = await loadFixture(reviewing);
      const { reputation, reviews, provider, actors } = world;
      const agentId = await clientsAgent(world);
      const jobId = await reviews.job();
      await reviews.give(jobId, {}, provider, agentId);
      expect([await reputation.isReviewed(jobId, true), await reputation.isReviewed(jobId, false)]).to.deep.equal([
        true,
        false,
      ]);
      await reviews.give(jobId);
      await twice(world, reviews.give(jobId), jobId, actors.client.address);
      await twice(world, reviews.give(jobId, {}, provider, agentId), jobId, provider.address);
    });

    it("tells neighbouring jobs apart, across words of the map", async () => {
      const { reputation, reviews } = await loadFixture(reviewing);
      for (const jobId of [1n, 127n, 255n, 256n, 511n]) {
        await reviews.job({}, jobId);
        await reviews.give(jobId);
        for (const neighbour of [jobId - 1n, jobId + 1n, jobId + 256n]) {
          const expected = [1n, 127n, 255n, 256n, 511n].includes(neighbour) && neighbour < jobId;
          expect(await reputation.isReviewed(neighbour, false)).to.equal(expected);
        }
        expect(await reputation.isReviewed(jobId, true)).to.equal(false);
      }
    });

    it("leaves the job open to its party after others failed", async () => {
      const { reputation, reviews, actors } = await loadFixture(reviewing);
      const jobId = await reviews.job();
      await expect(reviews.give(jobId, {}, actors.stranger)).to.revert(ethers);
      await expect(reviews.give(jobId, { value: MAX_VALUE + 1n })).to.revert(ethers);
      await reviews.give(jobId);
      expect(await reputation.isReviewed(jobId, false)).to.equal(true);
    });
  });

  describe("giveFeedback, by the standard alone", () => {
    it("takes the second tag as the job's number", async () => {
      const world = await loadFixture(reviewing);
      const { reputation, reviews, actors } = world;
      const jobId = await reviews.job({}, 1_234_567n);
      await expect(reviews.giveByTag("1234567", { tag1: "quality" }))
        .to.emit(reputation, "JobReviewed")
        .withArgs(jobId, 1n, actors.client.address, 1n, 100n * GWEI);
      expect(await read(world, actors.client.address, 1n)).to.deep.equal([90n, 0n, "quality", "1234567", false]);
      expect(await reputation.jobOf(1n, actors.client, 1n)).to.equal(jobId);
      const { count } = await reputation.getSummary(1n, [actors.client.address], "", "1234567");
      expect(count).to.equal(1n);
    });

    for (const tag2 of ["", "0", "01", "1 ", " 1", "+1", "-1", "0x1", "1.0", "one", "１", "1\0"]) {
      it(`names no job by ${JSON.stringify(tag2)}`, async () => {
        const { reputation, reviews } = await loadFixture(reviewing);
        await reviews.job();
        await expect(reviews.giveByTag(tag2))
          .to.be.revertedWithCustomError(reputation, "AgentReputationNoJobNamed")
          .withArgs(tag2);
      });
    }

    it("names no settled job by the greatest number a tag holds", async () => {
      const { reputation, reviews } = await loadFixture(reviewing);
      await expect(reviews.giveByTag("9".repeat(BOUND.tag)))
        .to.be.revertedWithCustomError(reputation, "AgentReputationNothingSettled")
        .withArgs(10n ** 64n - 1n);
    });

    it("refuses a tag that is too long before it reads it", async () => {
      const { reputation, reviews } = await loadFixture(reviewing);
      for (const length of [BOUND.tag + 1, 80]) {
        await expect(reviews.giveByTag("9".repeat(length)))
          .to.be.revertedWithCustomError(reputation, "AgentReputationTagTooLong")
          .withArgs(length, BOUND.tag);
      }
    });
  });

  describe("what is said", () => {
    it("is emitted in full", async () => {
      const { reputation, reviews, actors } = await loadFixture(reviewing);
      const jobId = await reviews.job();
      const { value, decimals, tag1, tag2, endpoint, uri, hash } = FULL;
      const giving = await reviews.give(jobId, FULL);
      await expect(giving)
        .to.emit(reputation, "NewFeedback")
        .withArgs(1n, actors.client.address, 1n, value, decimals, tag1, tag1, tag2, endpoint, uri, hash);
      await expect(giving).to.emit(reputation, "JobReviewed").withArgs(jobId, 1n, actors.client.address, 1n, 0n);
    });

    it("is kept, but for what is only emitted", async () => {
      const world = await loadFixture(reviewing);
      await world.reviews.review(FULL);
      expect(await read(world, world.actors.client.address, 1n)).to.deep.equal([-125n, 2n, "quality", "speed", false]);
    });

    for (const [what, tag] of [
      ["no tag", ""],
      ["31 bytes", "t".repeat(31)],
      ["32 bytes", "t".repeat(32)],
      ["the longest tag", "t".repeat(BOUND.tag)],
    ] as const) {
      it(`is read back with ${what}`, async () => {
        const world = await loadFixture(reviewing);
        await world.reviews.review({ tag1: tag, tag2: tag });
        expect(await read(world, world.actors.client.address, 1n)).to.deep.equal([90n, 0n, tag, tag, false]);
      });
    }

    it("may have a number for its second tag that names another job, when the function names one", async () => {
      const world = await loadFixture(reviewing);
      const { reputation, reviews, actors } = world;
      const jobId = await reviews.review({ tag2: "77" });
      expect((await read(world, actors.client.address, 1n))[3]).to.equal("77");
      expect(await reputation.jobOf(1n, actors.client, 1n)).to.equal(jobId);
    });

    for (const [value, decimals] of [
      [MAX_VALUE, 0n],
      [-MAX_VALUE, 18n],
      [0n, 18n],
    ] as const) {
      it(`may be ${value} with ${decimals} decimals`, async () => {
        const world = await loadFixture(reviewing);
        await world.reviews.review({ value, decimals });
        expect((await read(world, world.actors.client.address, 1n)).slice(0, 2)).to.deep.equal([value, decimals]);
      });
    }

    for (const value of [MAX_VALUE + 1n, -MAX_VALUE - 1n, 2n ** 127n - 1n, -(2n ** 127n)]) {
      it(`is not ${value}`, async () => {
        const { reputation, reviews } = await loadFixture(reviewing);
        await expect(reviews.review({ value }))
          .to.be.revertedWithCustomError(reputation, "AgentReputationValueOutOfBounds")
          .withArgs(value, MAX_VALUE);
      });
    }

    for (const decimals of [19n, 255n]) {
      it(`has not ${decimals} decimals`, async () => {
        const { reputation, reviews } = await loadFixture(reviewing);
        await expect(reviews.review({ decimals }))
          .to.be.revertedWithCustomError(reputation, "AgentReputationTooManyDecimals")
          .withArgs(decimals, 18n);
      });
    }

    for (const [what, limit, error] of [
      ["tag1", BOUND.tag, "AgentReputationTagTooLong"],
      ["tag2", BOUND.tag, "AgentReputationTagTooLong"],
      ["endpoint", BOUND.endpoint, "AgentReputationEndpointTooLong"],
      ["uri", BOUND.uri, "AgentReputationURITooLong"],
    ] as const) {
      it(`has no ${what} of a byte too many (A-90, M-22)`, async () => {
        const { reputation, reviews } = await loadFixture(reviewing);
        await reviews.review({ [what]: "x".repeat(limit) });
        await expect(reviews.review({ [what]: "x".repeat(limit + 1) }))
          .to.be.revertedWithCustomError(reputation, error)
          .withArgs(limit + 1, limit);
      });
    }

    it("is numbered from 1, for each agent and client", async () => {
      const world = await loadFixture(reviewing);
      const { reputation, reviews, registry, provider, actors } = world;
      await registry["register()"]();
      await nameWallet(world, 2n, provider);
      for (const expected of [1n, 2n, 3n]) {
        await reviews.review();
        expect(await reputation.getLastIndex(1n, actors.client)).to.equal(expected);
      }
      await reviews.review({}, { agentId: 2n });
      await reviews.review({}, {}, actors.stranger);
      expect(await reputation.getLastIndex(2n, actors.client)).to.equal(1n);
      expect(await reputation.getLastIndex(1n, actors.stranger)).to.equal(1n);
      expect(await reputation.getLastIndex(1n, actors.other)).to.equal(0n);
      expect(await reputation.getClients(1n)).to.deep.equal([actors.client.address, actors.stranger.address]);
      expect(await reputation.getClients(3n)).to.deep.equal([]);
    });

    it("is refused where there is none", async () => {
      const world = await loadFixture(reviewing);
      const { reputation, reviews, actors } = world;
      await reviews.review();
      const client = actors.client.address;
      for (const index of [0n, 2n, 2n ** 64n - 1n]) {
        await unknown(world, reputation.readFeedback(1n, client, index), client, index, 1n);
        await unknown(world, reputation.jobOf(1n, client, index), client, index, 1n);
      }
      await unknown(world, reputation.readFeedback(1n, actors.stranger, 1n), actors.stranger.address, 1n, 0n);
    });
  });

  describe("revokeFeedback", () => {
    it("marks it and keeps it", async () => {
      const world = await loadFixture(reviewing);
      const { reputation, reviews, actors } = world;
      await reviews.review(FULL);
      await expect(reputation.revokeFeedback(1n, 1n))
        .to.emit(reputation, "FeedbackRevoked")
        .withArgs(1n, actors.client.address, 1n);
      expect(await read(world, actors.client.address, 1n)).to.deep.equal([-125n, 2n, "quality", "speed", true]);
      expect(await reputation.getLastIndex(1n, actors.client)).to.equal(1n);
    });

    it("refuses a second time", async () => {
      const { reputation, reviews, actors } = await loadFixture(reviewing);
      await reviews.review();
      await reputation.revokeFeedback(1n, 1n);
      await expect(reputation.revokeFeedback(1n, 1n))
        .to.be.revertedWithCustomError(reputation, "AgentReputationAlreadyRevoked")
        .withArgs(1n, actors.client.address, 1n);
    });

    it("knows the caller's feedback alone: a stranger, the owner and the provider have none", async () => {
      const world = await loadFixture(reviewing);
      const { reputation, reviews, owner, provider, actors } = world;
      await reviews.review();
      for (const caller of [actors.stranger, owner, provider, actors.admin]) {
        await unknown(world, reputation.connect(caller).revokeFeedback(1n, 1n), caller.address, 1n, 0n);
      }
    });

    for (const index of [0n, 2n]) {
      it(`refuses number ${index} of one`, async () => {
        const world = await loadFixture(reviewing);
        await world.reviews.review();
        await unknown(world, world.reputation.revokeFeedback(1n, index), world.actors.client.address, index, 1n);
      });
    }
  });

  describe("appendResponse", () => {
    const RESPONSE = "ipfs://response";

    it("lets anyone, as often as he likes, and counts by responder", async () => {
      const { reputation, reviews, owner, actors } = await loadFixture(reviewing);
      await reviews.review();
      const client = actors.client.address;
      await expect(reputation.connect(actors.stranger).appendResponse(1n, client, 1n, RESPONSE, HASH))
        .to.emit(reputation, "ResponseAppended")
        .withArgs(1n, client, 1n, actors.stranger.address, RESPONSE, HASH);
      for (const responder of [owner, owner, actors.client]) {
        await reputation.connect(responder).appendResponse(1n, client, 1n, RESPONSE, ZeroHash);
      }
      const count = (...responders: string[]) => reputation.getResponseCount(1n, client, 1n, responders);
      expect(await count()).to.equal(4n);
      expect(await count(owner.address)).to.equal(2n);
      expect(await count(owner.address, actors.stranger.address)).to.equal(3n);
      expect(await count(actors.provider.address, ZeroAddress)).to.equal(0n);
    });

    it("counts over a client's entries and over all clients", async () => {
      const { reputation, reviews, actors } = await loadFixture(reviewing);
      const [client, stranger] = [actors.client.address, actors.stranger.address];
      await reviews.review();
      await reviews.review();
      await reviews.review({}, {}, actors.stranger);
      for (const [reviewer, index] of [
        [client, 1n],
        [client, 2n],
        [client, 2n],
        [stranger, 1n],
      ] as const) {
        await reputation.appendResponse(1n, reviewer, index, RESPONSE, HASH);
      }
      expect(await reputation.getResponseCount(1n, client, 1n, [])).to.equal(1n);
      expect(await reputation.getResponseCount(1n, client, 2n, [client])).to.equal(2n);
      expect(await reputation.getResponseCount(1n, client, 0n, [])).to.equal(3n);
      expect(await reputation.getResponseCount(1n, ZeroAddress, 0n, [])).to.equal(4n);
      expect(await reputation.getResponseCount(1n, ZeroAddress, 7n, [client])).to.equal(4n);
      expect(await reputation.getResponseCount(1n, client, 3n, [])).to.equal(0n);
      expect(await reputation.getResponseCount(2n, ZeroAddress, 0n, [])).to.equal(0n);
    });

    it("responds to what was taken back, too", async () => {
      const { reputation, reviews, actors } = await loadFixture(reviewing);
      await reviews.review();
      await reputation.revokeFeedback(1n, 1n);
      await reputation.appendResponse(1n, actors.client, 1n, RESPONSE, HASH);
      expect(await reputation.getResponseCount(1n, actors.client, 1n, [])).to.equal(1n);
    });

    it("refuses an empty response and one that is too long (A-90, M-22)", async () => {
      const { reputation, reviews, actors } = await loadFixture(reviewing);
      await reviews.review();
      await expect(reputation.appendResponse(1n, actors.client, 1n, "", HASH)).to.be.revertedWithCustomError(
        reputation,
        "AgentReputationEmptyResponse",
      );
      await reputation.appendResponse(1n, actors.client, 1n, "x".repeat(BOUND.uri), HASH);
      await expect(reputation.appendResponse(1n, actors.client, 1n, "x".repeat(BOUND.uri + 1), HASH))
        .to.be.revertedWithCustomError(reputation, "AgentReputationURITooLong")
        .withArgs(BOUND.uri + 1, BOUND.uri);
    });

    it("refuses what does not exist", async () => {
      const world = await loadFixture(reviewing);
      const { reputation, reviews, actors } = world;
      await reviews.review();
      const client = actors.client.address;
      for (const index of [0n, 2n]) {
        await unknown(world, reputation.appendResponse(1n, client, index, RESPONSE, HASH), client, index, 1n);
      }
    });
  });

  describe("the deployed one", () => {
    it("counts nothing yet, and is administered by the manager", async () => {
      const { system } = await loadFixture(reviewing);
      expect([...(await system.agentReputation.summaryOf(1n))]).to.deep.equal([0n, 0n, 0n]);
      expect(await system.agentReputation.authority()).to.equal(system.addresses.manager);
    });
  });
});
