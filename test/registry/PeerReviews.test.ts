import { expect } from "chai";

import { roleId } from "../../deploy/roles.ts";
import { ethers, loadFixture, OCTO, time } from "../support/fixture.ts";
import { DAY, impersonated, minedAt } from "../support/jobs.ts";
import * as model from "../support/models/score.ts";
import { bondIn, D, supplied, vaultOf } from "../support/positions.ts";

const PAUSE = 30n * DAY;
const S = roleId("S");

type Review = { client: string; provider: string; role: bigint; weight: bigint; rating: bigint };

/** An active provider in D and S, and the vault's address as the one that passes ratings on. */
async function reviewable() {
  const world = await supplied();
  await bondIn(world, "D");
  await bondIn(world, "S");
  const { system, actors } = world;
  const peerReviews = system.peerReviews.connect(await vaultOf(world));
  const reviewOf = (rest: Partial<Review> = {}): Review => ({
    client: actors.client.address,
    provider: actors.provider.address,
    role: D,
    weight: model.WHOLE_STEP,
    rating: 100n,
    ...rest,
  });
  const peerOf = async (role = D) => (await system.registry.positionOf(actors.provider.address, role)).record.peer;
  return { ...world, peerReviews, reviewOf, peerOf };
}

/** Noon of the next day, so that hours to either side are the same day. */
async function nextNoon(): Promise<bigint> {
  return (BigInt(await time.latest()) / DAY + 1n) * DAY + DAY / 2n;
}

describe("PeerReviews", () => {
  describe("review", () => {
    describe("when the caller is not the vault", () => {
      for (const name of ["stranger", "client", "provider", "admin"] as const) {
        it(`refuses the ${name} (A-73)`, async () => {
          const { system, actors, reviewOf } = await loadFixture(reviewable);
          await expect(system.peerReviews.connect(actors[name]).review(reviewOf()))
            .to.be.revertedWithCustomError(system.peerReviews, "PeerReviewsCallerNotVault")
            .withArgs(actors[name].address);
        });
      }

      for (const name of ["jobMarket", "registry"] as const) {
        it(`refuses ${name} (A-91)`, async () => {
          const { system, reviewOf } = await loadFixture(reviewable);
          const caller = await impersonated(system.addresses[name]);
          await expect(system.peerReviews.connect(caller).review(reviewOf()))
            .to.be.revertedWithCustomError(system.peerReviews, "PeerReviewsCallerNotVault")
            .withArgs(caller.address);
        });
      }
    });

    describe("when the provider was never active in the role", () => {
      it("refuses, and keeps the client's rating for later", async () => {
        const { system, actors, peerReviews, reviewOf } = await loadFixture(reviewable);
        const { client, provider } = actors;
        await expect(peerReviews.review(reviewOf({ role: 1n })))
          .to.be.revertedWithCustomError(system.registry, "ProviderRegistryNeverActive")
          .withArgs(provider.address, 1n);
        expect(await peerReviews.reviewedAt(client.address, provider.address, 1n)).to.equal(0n);
      });

      it("refuses a role there is none of", async () => {
        const { system, actors, peerReviews, reviewOf } = await loadFixture(reviewable);
        await expect(peerReviews.review(reviewOf({ role: 255n })))
          .to.be.revertedWithCustomError(system.registry, "ProviderRegistryNeverActive")
          .withArgs(actors.provider.address, 255n);
      });
    });

    describe("when the client has rated the provider in the role before (P-1)", () => {
      for (const [when, seconds] of [
        ["at once", 1n],
        ["a second before 30 days are over", PAUSE - 1n],
      ] as const) {
        it(`refuses ${when}`, async () => {
          const { actors, peerReviews, reviewOf } = await loadFixture(reviewable);
          const { client, provider } = actors;
          const at = await minedAt(await peerReviews.review(reviewOf()));
          await time.setNextBlockTimestamp(at + seconds);
          await expect(peerReviews.review(reviewOf({ rating: 0n })))
            .to.be.revertedWithCustomError(peerReviews, "PeerReviewsTooSoon")
            .withArgs(client.address, provider.address, D, at + PAUSE);
        });
      }

      it("accepts another after 30 days exactly", async () => {
        const { actors, peerReviews, reviewOf } = await loadFixture(reviewable);
        const { client, provider } = actors;
        const at = await minedAt(await peerReviews.review(reviewOf()));
        await time.setNextBlockTimestamp(at + PAUSE);
        await peerReviews.review(reviewOf());
        expect(await peerReviews.reviewedAt(client.address, provider.address, D)).to.equal(at + PAUSE);
      });

      it("counts the 30 days from the last rating, not from the first", async () => {
        const { actors, peerReviews, reviewOf } = await loadFixture(reviewable);
        const { client, provider } = actors;
        const at = await minedAt(await peerReviews.review(reviewOf()));
        await time.setNextBlockTimestamp(at + PAUSE);
        await peerReviews.review(reviewOf());
        await time.setNextBlockTimestamp(at + 2n * PAUSE - 1n);
        await expect(peerReviews.review(reviewOf()))
          .to.be.revertedWithCustomError(peerReviews, "PeerReviewsTooSoon")
          .withArgs(client.address, provider.address, D, at + 2n * PAUSE);
      });

      it("holds nobody else up, nor the same client in another role or with another provider", async () => {
        const { actors, peerReviews, reviewOf, peerOf } = await loadFixture(reviewable);
        await peerReviews.review(reviewOf());
        await peerReviews.review(reviewOf({ client: actors.other.address, weight: 0n }));
        await peerReviews.review(reviewOf({ role: S }));
        expect(await peerOf(S)).to.equal(24n * model.POINT);
      });
    });

    describe("when a rating moves the average", () => {
      for (const [weight, rating] of [
        [0n, 100n],
        [1n, 100n],
        [1n, 0n],
        [9_999n, 73n],
        [10_000n, 0n],
        [10_000n, 20n],
        [10_000n, 100n],
      ] as const) {
        it(`does so by ${weight} of 10,000 towards ${rating}`, async () => {
          const { peerReviews, reviewOf, peerOf } = await loadFixture(reviewable);
          const record = { ...model.BLANK, peer: await peerOf(), idleFrom: 2n ** 32n };
          await peerReviews.review(reviewOf({ weight, rating }));
          expect(await peerOf()).to.equal(model.addRating(record, weight, rating, 0n).peer);
        });
      }

      it("moves no other average, and is no task", async () => {
        const { system, actors, peerReviews, reviewOf } = await loadFixture(reviewable);
        const seen = async () => {
          const { record } = await system.registry.positionOf(actors.provider.address, D);
          return [record.success, record.speed, record.uptime, record.security, record.tasks, record.idleFrom];
        };
        const before = await seen();
        await peerReviews.review(reviewOf());
        expect(await seen()).to.deep.equal(before);
      });

      it("notes when it was given", async () => {
        const { actors, peerReviews, reviewOf } = await loadFixture(reviewable);
        const { client, other, provider } = actors;
        const at = await minedAt(await peerReviews.review(reviewOf()));
        expect(await peerReviews.reviewedAt(client.address, provider.address, D)).to.equal(at);
        expect(await peerReviews.reviewedAt(other.address, provider.address, D)).to.equal(0n);
        expect(await peerReviews.reviewedAt(client.address, provider.address, S)).to.equal(0n);
      });

      it("emits the rating and what counted of it", async () => {
        const { actors, peerReviews, reviewOf } = await loadFixture(reviewable);
        await expect(peerReviews.review(reviewOf({ weight: 3_000n, rating: 85n })))
          .to.emit(peerReviews, "PeerReviewed")
          .withArgs(actors.provider.address, D, actors.client.address, 85n, 3_000n);
      });
    });

    describe("when several clients rate on one day (P-2)", () => {
      it("counts one whole step of all of them together", async () => {
        const { actors, peerReviews, reviewOf, peerOf } = await loadFixture(reviewable);
        await time.setNextBlockTimestamp(await nextNoon());
        for (const [client, weight, counted] of [
          [actors.client, 6_000n, 6_000n],
          [actors.other, 3_999n, 3_999n],
          [actors.stranger, 5_000n, 1n],
          [actors.evaluator, 10_000n, 0n],
        ] as const) {
          const before = { ...model.BLANK, peer: await peerOf(), idleFrom: 2n ** 32n };
          await expect(peerReviews.review(reviewOf({ client: client.address, weight })))
            .to.emit(peerReviews, "PeerReviewed")
            .withArgs(actors.provider.address, D, client.address, 100n, counted);
          expect(await peerOf()).to.equal(model.addRating(before, counted, 100n, 0n).peer);
        }
      });

      it("takes no more than a step of a hundred of them (M-25)", async () => {
        const { peerReviews, reviewOf, peerOf } = await loadFixture(reviewable);
        await time.setNextBlockTimestamp(await nextNoon());
        for (let i = 0; i < 100; ++i) {
          await peerReviews.review(reviewOf({ client: ethers.Wallet.createRandom().address, weight: 2_500n }));
        }
        expect(await peerOf()).to.be.lessThanOrEqual(24n * model.POINT);
        expect(await peerOf()).to.be.greaterThan(23n * model.POINT);
      });

      it("has a step for each role", async () => {
        const { peerReviews, reviewOf, peerOf } = await loadFixture(reviewable);
        await time.setNextBlockTimestamp(await nextNoon());
        await peerReviews.review(reviewOf());
        await peerReviews.review(reviewOf({ role: S }));
        expect([await peerOf(D), await peerOf(S)]).to.deep.equal([24n * model.POINT, 24n * model.POINT]);
      });

      it("has a new step from midnight on", async () => {
        const { actors, peerReviews, reviewOf, peerOf } = await loadFixture(reviewable);
        const midnight = (await nextNoon()) + DAY / 2n;
        await time.setNextBlockTimestamp(midnight - 1n);
        await peerReviews.review(reviewOf());
        await time.setNextBlockTimestamp(midnight);
        await peerReviews.review(reviewOf({ client: actors.other.address }));
        expect(await peerOf()).to.equal((20n * 361n + 100n * 39n) * 250n);
      });

      it("takes nothing from the step of the tasks", async () => {
        const world = await loadFixture(reviewable);
        const { system, actors, peerReviews, reviewOf } = world;
        await time.setNextBlockTimestamp(await nextNoon());
        await peerReviews.review(reviewOf());
        const task = {
          provider: actors.provider.address,
          role: D,
          orchestrator: ethers.ZeroAddress,
          weight: model.WHOLE_STEP,
          success: 100n,
          speed: 100n,
          pay: OCTO,
        };
        await system.registry.connect(await vaultOf(world)).record(task);
        const { record } = await system.registry.positionOf(actors.provider.address, D);
        expect([record.success, record.peer]).to.deep.equal([24n * model.POINT, 24n * model.POINT]);
      });
    });
  });
});
