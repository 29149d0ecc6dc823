import { expect } from "chai";

import { bitmap, roleId, SCHEDULES } from "../../deploy/roles.ts";
import { ethers, loadFixture, OCTO } from "../support/fixture.ts";
import { deployTestMarket, ratingOf, type TestMarket, withMarket } from "../support/testMarket.ts";

const [A, D] = [roleId("A"), roleId("D")];
const POINT = 100_000n;

/** A market that is admitted for agents' work and for no role, under the Service and the Data schedule. */
async function withNarrow() {
  const world = await loadFixture(withMarket);
  const narrow: TestMarket = await deployTestMarket(world);
  const narrowAt = await narrow.getAddress();
  const schedules = bitmap([SCHEDULES.SERVICE, SCHEDULES.DATA]);
  await world.system.settlement.connect(world.actors.admin).admitMarket(narrowAt, bitmap([0n, D]), schedules);
  return { ...world, narrow, narrowAt };
}

describe("Settlement", () => {
  describe("rate", () => {
    describe("when the caller is no market", () => {
      for (const name of ["stranger", "client", "provider", "admin"] as const) {
        it(`reverts with SettlementUnknownMarket for the ${name}`, async () => {
          const world = await loadFixture(withNarrow);
          const { settlement } = world.system;
          await expect(settlement.connect(world.actors[name]).rate(ratingOf(world)))
            .to.be.revertedWithCustomError(settlement, "SettlementUnknownMarket")
            .withArgs(world.actors[name].address);
        });
      }
    });

    describe("when the market was not admitted for it", () => {
      for (const role of [A, 9n, 31n, 255n]) {
        it(`reverts with SettlementRoleNotAdmitted for role ${role}`, async () => {
          const world = await loadFixture(withNarrow);
          await expect(world.narrow.rate(ratingOf(world, { role })))
            .to.be.revertedWithCustomError(world.system.settlement, "SettlementRoleNotAdmitted")
            .withArgs(world.narrowAt, role);
        });
      }

      for (const schedule of [0n, SCHEDULES.WHOLESALE, 5n, 255n]) {
        it(`reverts with SettlementScheduleNotAdmitted for schedule ${schedule}`, async () => {
          const world = await loadFixture(withNarrow);
          await expect(world.narrow.rate(ratingOf(world, { schedule })))
            .to.be.revertedWithCustomError(world.system.settlement, "SettlementScheduleNotAdmitted")
            .withArgs(world.narrowAt, schedule);
        });
      }
    });

    describe("when the work was too small to be recorded", () => {
      for (const amount of [0n, 10n * OCTO - 1n]) {
        it(`reverts with SettlementTooSmallToRate for ${amount} wei`, async () => {
          const world = await loadFixture(withNarrow);
          await expect(world.market.rate(ratingOf(world, { amount })))
            .to.be.revertedWithCustomError(world.system.settlement, "SettlementTooSmallToRate")
            .withArgs(amount, 10n * OCTO);
        });
      }

      it("follows the parameter", async () => {
        const world = await loadFixture(withNarrow);
        const { emissionSchedule, settlement } = world.system;
        await emissionSchedule.connect(world.actors.admin).setSmallestRecorded(200n * OCTO);
        await expect(world.market.rate(ratingOf(world)))
          .to.be.revertedWithCustomError(settlement, "SettlementTooSmallToRate")
          .withArgs(100n * OCTO, 200n * OCTO);
      });
    });

    describe("when the provider was never active in the role", () => {
      it("reverts with ProviderRegistryNeverActive", async () => {
        const world = await loadFixture(withNarrow);
        const { registry } = world.system;
        const provider = world.actors.other.address;
        await expect(world.market.rate(ratingOf(world, { provider })))
          .to.be.revertedWithCustomError(registry, "ProviderRegistryNeverActive")
          .withArgs(provider, D);
      });

      it("reverts with ProviderRegistryNeverActive for work of no role", async () => {
        const world = await loadFixture(withNarrow);
        await expect(world.narrow.rate(ratingOf(world, { role: 0n })))
          .to.be.revertedWithCustomError(world.system.registry, "ProviderRegistryNeverActive")
          .withArgs(world.actors.provider.address, 0n);
      });
    });

    describe("when the client has rated the provider less than 30 days ago (P-1)", () => {
      it("reverts with PeerReviewsTooSoon, whichever market says so", async () => {
        const world = await loadFixture(withNarrow);
        const { peerReviews } = world.system;
        const { client, provider } = world.actors;
        await world.market.rate(ratingOf(world));
        const at = await peerReviews.reviewedAt(client.address, provider.address, D);
        await expect(world.narrow.rate(ratingOf(world)))
          .to.be.revertedWithCustomError(peerReviews, "PeerReviewsTooSoon")
          .withArgs(client.address, provider.address, D, at + 30n * 86_400n);
      });
    });

    describe("when everything is in order", () => {
      // Fees of 20, 19.5, 2 and 0.03 OCTO over a whole step of 20, in basis points.
      for (const [amount, schedule, weight] of [
        [1_000_000n * OCTO, SCHEDULES.SERVICE, 10_000n],
        [100n * OCTO, SCHEDULES.SERVICE, 10_000n],
        [100n * OCTO - 10n, SCHEDULES.SERVICE, 9_999n],
        [(195n * OCTO) / 2n, SCHEDULES.SERVICE, 9_750n],
        [10n * OCTO, SCHEDULES.SERVICE, 1_000n],
        [10n * OCTO, SCHEDULES.DATA, 100n],
        [10n * OCTO, SCHEDULES.WHOLESALE, 25n],
      ] as const) {
        it(`weighs a rating of ${amount} wei under schedule ${schedule} with ${weight} bps`, async () => {
          const world = await loadFixture(withNarrow);
          const { client, provider } = world.actors;
          await expect(world.market.rate(ratingOf(world, { amount, schedule })))
            .to.emit(world.system.peerReviews, "PeerReviewed")
            .withArgs(provider.address, D, client.address, 80n, weight);
        });
      }

      it("follows the fee of a whole step", async () => {
        const world = await loadFixture(withNarrow);
        const { emissionSchedule, peerReviews } = world.system;
        await emissionSchedule.connect(world.actors.admin).setWholeStepFee(80n * OCTO);
        await expect(world.market.rate(ratingOf(world)))
          .to.emit(peerReviews, "PeerReviewed")
          .withArgs(world.actors.provider.address, D, world.actors.client.address, 80n, 2_500n);
      });

      it("counts all ratings of a day together as one whole step at most (P-2)", async () => {
        const world = await loadFixture(withNarrow);
        const { other, evaluator, stranger } = world.actors;
        const weights = [
          [other, 60n * OCTO, 6_000n],
          [evaluator, 60n * OCTO, 4_000n],
          [stranger, 60n * OCTO, 0n],
        ] as const;
        for (const [client, amount, weight] of weights) {
          await expect(world.market.rate(ratingOf(world, { client: client.address, amount })))
            .to.emit(world.system.peerReviews, "PeerReviewed")
            .withArgs(world.actors.provider.address, D, client.address, 80n, weight);
        }
      });

      it("moves the peer average of that role by its twentieth, and no other role's", async () => {
        const world = await loadFixture(withNarrow);
        const { registry } = world.system;
        const { provider } = world.actors;
        await world.market.rate(ratingOf(world));
        expect((await registry.positionOf(provider.address, D)).record.peer).to.equal(23n * POINT);
        expect((await registry.positionOf(provider.address, A)).record.peer).to.equal(20n * POINT);
      });

      it("moves no OCTO and mints nothing", async () => {
        const world = await loadFixture(withNarrow);
        const { system, actors, at } = world;
        const before = await system.settlement.marketOf(at);
        const rating = world.market.rate(ratingOf(world));
        await expect(rating).to.changeTokenBalances(
          ethers,
          system.octo,
          [actors.client, actors.provider, system.addresses.settlement],
          [0n, 0n, 0n],
        );
        await expect(rating).not.to.emit(system.roleTokens.D, "Transfer");
        expect([...(await system.settlement.marketOf(at))]).to.deep.equal([...before]);
      });

      it("is taken from a market that is closed and paused (M-20)", async () => {
        const world = await loadFixture(withNarrow);
        await world.market.closeMarket();
        await world.system.settlement.connect(world.actors.guardian).pauseMarket(world.at);
        await expect(world.market.rate(ratingOf(world))).to.emit(world.system.peerReviews, "PeerReviewed");
      });
    });
  });
});
