import { expect } from "chai";
import fc from "fast-check";

import { GWEI, type Reviewing, reviewing } from "../support/agents.ts";
import { loadFixture, OCTO } from "../support/fixture.ts";

const MAX_WEIGHT = 2n ** 64n - 1n;
const MAX_VALUE = 10n ** 38n;

const summary = async ({ reputation }: Reviewing, agentId = 1n) =>
  [...(await reputation.summaryOf(agentId))] as [bigint, bigint, bigint];

const EMPTY = [0n, 0n, 0n];

/** A value with its decimals, and what it was paid for. */
type Given = { value: bigint; decimals: bigint; settled: bigint };

/** The rating that a value is, with two decimals; nothing if it is none. */
function ratingOf({ value, decimals }: Given): bigint | undefined {
  if (value < 0n || value > 100n * 10n ** decimals) return undefined;
  return (value * 100n) / 10n ** decimals;
}

/** The summary as the specification has it. */
function modelOf(entries: readonly Given[]): bigint[] {
  let [count, weight, points] = [0n, 0n, 0n];
  for (const entry of entries) {
    const rating = ratingOf(entry);
    const weighing = entry.settled / GWEI > MAX_WEIGHT ? MAX_WEIGHT : entry.settled / GWEI;
    if (rating === undefined || weighing === 0n) continue;
    count += 1n;
    weight += weighing;
    points += weighing * rating;
  }
  return [count, weight * GWEI, weight === 0n ? 0n : points / weight];
}

describe("AgentReputation", () => {
  describe("summaryOf", () => {
    it("is empty without feedback", async () => {
      const world = await loadFixture(reviewing);
      expect(await summary(world)).to.deep.equal(EMPTY);
      expect(await summary(world, 99n)).to.deep.equal(EMPTY);
    });

    it("weighs by what was settled", async () => {
      const world = await loadFixture(reviewing);
      await world.reviews.review({ value: 100n }, { settled: 30n * OCTO });
      await world.reviews.review({ value: 0n }, { settled: 10n * OCTO });
      expect(await summary(world)).to.deep.equal([2n, 40n * OCTO, 75_00n]);
    });

    it("brings values of different decimals to one scale, and rounds down", async () => {
      const world = await loadFixture(reviewing);
      await world.reviews.review({ value: 99_999n, decimals: 3n }, { settled: OCTO });
      expect(await summary(world)).to.deep.equal([1n, OCTO, 99_99n]);
      await world.reviews.review({ value: 5n * 10n ** 18n, decimals: 18n }, { settled: 2n * OCTO });
      expect(await summary(world)).to.deep.equal([2n, 3n * OCTO, (99_99n + 2n * 5_00n) / 3n]);
    });

    for (const [value, decimals, rating] of [
      [0n, 0n, 0n],
      [100n, 0n, 100_00n],
      [100n * 10n ** 18n, 18n, 100_00n],
      [1n, 18n, 0n],
      [1n, 2n, 1n],
    ] as const) {
      it(`takes ${value} with ${decimals} decimals as ${rating}`, async () => {
        const world = await loadFixture(reviewing);
        await world.reviews.review({ value, decimals });
        expect(await summary(world)).to.deep.equal([1n, 100n * OCTO, rating]);
      });
    }

    for (const [value, decimals] of [
      [-1n, 0n],
      [-1n, 18n],
      [101n, 0n],
      [100n * 10n ** 18n + 1n, 18n],
      [MAX_VALUE, 18n],
      [-MAX_VALUE, 0n],
    ] as const) {
      it(`keeps ${value} with ${decimals} decimals without counting it, taken back or not`, async () => {
        const world = await loadFixture(reviewing);
        await world.reviews.review({ value: 50n });
        await world.reviews.review({ value, decimals });
        expect(await summary(world)).to.deep.equal([1n, 100n * OCTO, 50_00n]);
        await world.reputation.revokeFeedback(1n, 2n);
        expect(await summary(world)).to.deep.equal([1n, 100n * OCTO, 50_00n]);
      });
    }

    for (const [settled, weight] of [
      [GWEI - 1n, 0n],
      [1n, 0n],
      [GWEI, 1n],
      [2n * GWEI - 1n, 1n],
      [MAX_WEIGHT * GWEI, MAX_WEIGHT],
      [(MAX_WEIGHT + 1n) * GWEI, MAX_WEIGHT],
      [2n ** 128n, MAX_WEIGHT],
    ] as const) {
      it(`weighs ${settled} wei as ${weight} gwei`, async () => {
        const world = await loadFixture(reviewing);
        await world.reviews.review({ value: 70n }, { settled });
        expect(await summary(world)).to.deep.equal(weight === 0n ? EMPTY : [1n, weight * GWEI, 70_00n]);
        await world.reputation.revokeFeedback(1n, 1n);
        expect(await summary(world)).to.deep.equal(EMPTY);
      });
    }

    it("gives back exactly what it took in, in whatever order", async () => {
      const world = await loadFixture(reviewing);
      const { reputation, reviews } = world;
      for (const value of [10n, 33n, 99n]) await reviews.review({ value }, { settled: value * 7n * OCTO });
      await reputation.revokeFeedback(1n, 2n);
      expect(await summary(world)).to.deep.equal([2n, 109n * 7n * OCTO, ((10n * 10n + 99n * 99n) * 100n) / 109n]);
      await reputation.revokeFeedback(1n, 1n);
      await reputation.revokeFeedback(1n, 3n);
      expect(await summary(world)).to.deep.equal(EMPTY);
    });

    it("gives back what was settled then, whatever the market says now", async () => {
      const world = await loadFixture(reviewing);
      const jobId = await world.reviews.review({ value: 60n });
      await world.reviews.job({ settled: 5n * OCTO }, jobId);
      await world.reputation.revokeFeedback(1n, 1n);
      expect(await summary(world)).to.deep.equal(EMPTY);
    });

    it("keeps agents apart, and takes both sides in", async () => {
      const world = await loadFixture(reviewing);
      const { reviews, registry, actors, provider } = world;
      await registry.connect(actors.client)["register()"]();
      const jobId = await reviews.review({ value: 80n });
      await reviews.give(jobId, { value: 20n }, provider, 2n);
      expect(await summary(world)).to.deep.equal([1n, 100n * OCTO, 80_00n]);
      expect(await summary(world, 2n)).to.deep.equal([1n, 100n * OCTO, 20_00n]);
    });

    it("agrees with the model for any reviews, some of them taken back", async () => {
      const given = fc.record({
        value: fc.oneof(
          fc.bigInt({ min: -5n, max: 120n }),
          fc.bigInt({ min: 0n, max: 100n * 10n ** 18n }),
          fc.bigInt({ min: -MAX_VALUE, max: MAX_VALUE }),
        ),
        decimals: fc.bigInt({ min: 0n, max: 18n }),
        settled: fc.oneof(fc.bigInt({ min: 1n, max: 3n * GWEI }), fc.bigInt({ min: 1n, max: 10n ** 28n })),
        revoked: fc.boolean(),
      });
      await fc.assert(
        fc.asyncProperty(fc.array(given, { minLength: 1, maxLength: 8 }), async (entries) => {
          const world = await loadFixture(reviewing);
          for (const { value, decimals, settled } of entries) {
            await world.reviews.review({ value, decimals }, { settled });
          }
          expect(await summary(world)).to.deep.equal(modelOf(entries));
          for (const [index, { revoked }] of entries.entries()) {
            if (revoked) await world.reputation.revokeFeedback(1n, index + 1);
          }
          expect(await summary(world)).to.deep.equal(modelOf(entries.filter(({ revoked }) => !revoked)));
        }),
        { numRuns: 20, seed: 8004 },
      );
    });
  });

  describe("getSummary", () => {
    const of = async ({ reputation, actors }: Reviewing, tag1 = "", tag2 = "", clients = [actors.client.address]) =>
      [...(await reputation.getSummary(1n, clients, tag1, tag2))] as bigint[];

    it("refuses to average everybody", async () => {
      const { reputation } = await loadFixture(reviewing);
      await expect(reputation.getSummary(1n, [], "", "")).to.be.revertedWithCustomError(
        reputation,
        "AgentReputationNoClients",
      );
    });

    it("is empty for clients who said nothing", async () => {
      const world = await loadFixture(reviewing);
      expect(await of(world)).to.deep.equal(EMPTY);
      await world.reviews.review();
      expect(await of(world, "", "", [world.actors.stranger.address])).to.deep.equal(EMPTY);
    });

    it("averages with the decimals that most entries have", async () => {
      const world = await loadFixture(reviewing);
      for (const [value, decimals] of [
        [90n, 0n],
        [8_050n, 2n],
        [7_025n, 2n],
      ] as const) {
        await world.reviews.review({ value, decimals });
      }
      // (90 + 80.5 + 70.25) / 3 = 80.25
      expect(await of(world)).to.deep.equal([3n, 80_25n, 2n]);
    });

    it("takes the fewest of equally frequent decimals, and cuts towards zero", async () => {
      const world = await loadFixture(reviewing);
      await world.reviews.review({ value: 1n, decimals: 0n });
      await world.reviews.review({ value: 29n, decimals: 1n });
      // (1 + 2.9) / 2 = 1.95
      expect(await of(world)).to.deep.equal([2n, 1n, 0n]);
    });

    it("averages below zero", async () => {
      const world = await loadFixture(reviewing);
      for (const value of [-4n, -3n, 2n]) await world.reviews.review({ value });
      // -5 / 3 = -1.66
      expect(await of(world)).to.deep.equal([3n, -1n, 0n]);
    });

    it("averages the greatest values, which overflow nothing", async () => {
      const world = await loadFixture(reviewing);
      for (const value of [MAX_VALUE, MAX_VALUE]) await world.reviews.review({ value });
      expect(await of(world)).to.deep.equal([2n, MAX_VALUE, 0n]);
    });

    it("has fewer decimals than most where it would not fit, and is never cut off", async () => {
      const world = await loadFixture(reviewing);
      await world.reviews.review({ value: MAX_VALUE, decimals: 0n });
      for (const value of [0n, 1n, 2n]) await world.reviews.review({ value, decimals: 18n });
      expect(await of(world)).to.deep.equal([4n, MAX_VALUE / 4n, 0n]);
      await world.reputation.revokeFeedback(1n, 1n);
      expect(await of(world)).to.deep.equal([3n, 1n, 18n]);
      await world.reviews.review({ value: -(10n ** 36n) * 4n, decimals: 0n });
      expect(await of(world)).to.deep.equal([4n, -(10n ** 38n - 1n), 2n]); // three 1e-18ths are added
    });

    it("leaves out what was taken back", async () => {
      const world = await loadFixture(reviewing);
      for (const value of [10n, 50n]) await world.reviews.review({ value });
      await world.reputation.revokeFeedback(1n, 1n);
      expect(await of(world)).to.deep.equal([1n, 50n, 0n]);
    });

    it("filters by either tag and by both", async () => {
      const world = await loadFixture(reviewing);
      for (const [value, tag1, tag2] of [
        [10n, "speed", "eu"],
        [20n, "speed", "us"],
        [30n, "price", "eu"],
      ] as const) {
        await world.reviews.review({ value, tag1, tag2 });
      }
      expect(await of(world, "speed")).to.deep.equal([2n, 15n, 0n]);
      expect(await of(world, "", "eu")).to.deep.equal([2n, 20n, 0n]);
      expect(await of(world, "price", "eu")).to.deep.equal([1n, 30n, 0n]);
      expect(await of(world, "price", "us")).to.deep.equal(EMPTY);
      expect(await of(world, "Speed")).to.deep.equal(EMPTY);
    });

    it("counts a client twice who is named twice, as the reference does", async () => {
      const world = await loadFixture(reviewing);
      await world.reviews.review({ value: 10n });
      const client = world.actors.client.address;
      expect(await of(world, "", "", [client, client])).to.deep.equal([2n, 10n, 0n]);
    });
  });

  describe("readAllFeedback", () => {
    /** Two clients, one of whom took something back. */
    async function mixed() {
      const world = await loadFixture(reviewing);
      const { reviews, reputation, actors } = world;
      await reviews.review({ value: 1n, tag1: "a", tag2: "x" });
      await reviews.review({ value: 2n, decimals: 1n, tag1: "b" });
      await reviews.review({ value: 3n, tag1: "a" }, {}, actors.stranger);
      const jobId = await reviews.job();
      await reviews.giveByTag(`${jobId}`, { value: 4n });
      await reputation.revokeFeedback(1n, 1n);
      return { ...world, jobId };
    }

    type Mixed = Awaited<ReturnType<typeof mixed>>;

    const all = async (
      { reputation }: Mixed,
      clients: string[] = [],
      tag1 = "",
      tag2 = "",
      includeRevoked = false,
    ): Promise<unknown[][]> => {
      const lists = await reputation.readAllFeedback(1n, clients, tag1, tag2, includeRevoked);
      const columns = lists.map((list) => [...(list as unknown as unknown[])]);
      return columns[0]!.map((_, row) => columns.map((column) => column[row]));
    };

    it("lists every client's, in the order in which they came", async () => {
      const world = await loadFixture(mixed);
      const [client, stranger] = [world.actors.client.address, world.actors.stranger.address];
      expect(await all(world)).to.deep.equal([
        [client, 2n, 2n, 1n, "b", "", false],
        [client, 3n, 4n, 0n, "", `${world.jobId}`, false],
        [stranger, 1n, 3n, 0n, "a", "", false],
      ]);
    });

    it("lists what was taken back where that is asked for", async () => {
      const world = await loadFixture(mixed);
      const rows = await all(world, [], "", "", true);
      expect(rows).to.have.lengthOf(4);
      expect(rows[0]).to.deep.equal([world.actors.client.address, 1n, 1n, 0n, "a", "x", true]);
    });

    it("filters by client and by tags", async () => {
      const world = await loadFixture(mixed);
      const [client, stranger] = [world.actors.client.address, world.actors.stranger.address];
      expect((await all(world, [stranger])).map((row) => row[2])).to.deep.equal([3n]);
      expect((await all(world, [], "a")).map((row) => row[2])).to.deep.equal([3n]);
      expect((await all(world, [client], "a", "x", true)).map((row) => row[2])).to.deep.equal([1n]);
      expect((await all(world, [], "", `${world.jobId}`)).map((row) => row[2])).to.deep.equal([4n]);
      expect(await all(world, [world.actors.other.address])).to.deep.equal([]);
    });

    it("lists nothing of an agent of whom nothing was said", async () => {
      const { reputation } = await loadFixture(mixed);
      const lists = await reputation.readAllFeedback(2n, [], "", "", true);
      expect(lists.map((list) => (list as unknown as unknown[]).length)).to.deep.equal([0, 0, 0, 0, 0, 0, 0]);
    });
  });
});
