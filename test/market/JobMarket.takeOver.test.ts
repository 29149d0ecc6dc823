import { expect } from "chai";
import { id } from "ethers";

import { roleId } from "../../deploy/roles.ts";
import { NO_CONSENT } from "../../scripts/lib/deal.ts";
import { loadFixture, OCTO, time } from "../support/fixture.ts";
import { DAY, REASON, STATUS } from "../support/jobs.ts";
import { CHILD_BUDGET, FOR_CHILDREN, money, PARENT_BUDGET, planted, withParent } from "../support/trees.ts";

describe("JobMarket", () => {
  describe("takeOver", () => {
    /** A late job of the client, and the deal that another agent would take. */
    async function late(rest = {}) {
      const world = await loadFixture(planted);
      const { trees, actors } = world;
      const lateId = await trees.parent({ duration: DAY, ...rest });
      const market = trees.market.connect(actors.client);
      const deal = trees.deal(actors.client, actors.other, { duration: 2n * DAY });
      return { ...world, lateId, market, deal, overdue: () => time.increase(DAY + 1n) };
    }

    describe("when it is not the time", () => {
      it("refuses in the deadline's last second", async () => {
        const { market, lateId, deal } = await late();
        const deadline = (await market.getJob(lateId)).expiredAt;
        await time.setNextBlockTimestamp(deadline);
        await expect(market.takeOver(lateId, deal, PARENT_BUDGET, NO_CONSENT))
          .to.be.revertedWithCustomError(market, "JobMarketDeadlineNotPassed")
          .withArgs(lateId, deadline);
      });

      it("refuses once the work is submitted (M-04)", async () => {
        const { trees, actors, market, lateId, deal, overdue } = await late();
        await trees.submit(lateId, actors.provider);
        await overdue();
        await expect(market.takeOver(lateId, deal, PARENT_BUDGET, NO_CONSENT))
          .to.be.revertedWithCustomError(market, "JobMarketWrongStatus")
          .withArgs(lateId, STATUS.Submitted, STATUS.Funded);
      });

      it("refuses once it is refunded (M-01)", async () => {
        const { market, lateId, deal, overdue } = await late();
        await overdue();
        await market.claimRefund(lateId);
        await expect(market.takeOver(lateId, deal, PARENT_BUDGET, NO_CONSENT))
          .to.be.revertedWithCustomError(market, "JobMarketWrongStatus")
          .withArgs(lateId, STATUS.Expired, STATUS.Funded);
      });
    });

    describe("when it is not the client's own wish", () => {
      for (const name of ["provider", "other", "stranger"] as const) {
        it(`refuses the ${name}`, async () => {
          const { trees, actors, lateId, overdue } = await late();
          await overdue();
          const deal = trees.deal(actors[name], actors.delegator);
          await expect(trees.market.connect(actors[name]).takeOver(lateId, deal, PARENT_BUDGET, NO_CONSENT))
            .to.be.revertedWithCustomError(trees.market, "JobMarketWrongCaller")
            .withArgs(lateId, actors[name].address, actors.client.address);
        });
      }
    });

    describe("when it would be another job", () => {
      it("refuses other terms (M-02)", async () => {
        const { market, lateId, deal, overdue } = await late();
        const { terms, role, schedule } = await market.termsOf(lateId);
        await overdue();
        await expect(market.takeOver(lateId, { ...deal, terms: id("other") }, PARENT_BUDGET, NO_CONSENT))
          .to.be.revertedWithCustomError(market, "JobMarketOtherTerms")
          .withArgs(lateId, terms, role, schedule);
      });

      it("refuses another role", async () => {
        const { market, lateId, deal, overdue } = await late();
        await overdue();
        await expect(
          market.takeOver(lateId, { ...deal, role: roleId("A") }, PARENT_BUDGET, NO_CONSENT),
        ).to.be.revertedWithCustomError(market, "JobMarketOtherTerms");
      });

      it("refuses a wei more than was agreed", async () => {
        const { market, lateId, deal, overdue } = await late();
        await overdue();
        await expect(market.takeOver(lateId, deal, PARENT_BUDGET + 1n, NO_CONSENT))
          .to.be.revertedWithCustomError(market, "JobMarketDearer")
          .withArgs(lateId, PARENT_BUDGET + 1n, PARENT_BUDGET);
      });

      it("refuses who is late already", async () => {
        const { trees, actors, market, lateId, overdue } = await late();
        await overdue();
        await expect(market.takeOver(lateId, trees.deal(actors.client, actors.provider), PARENT_BUDGET, NO_CONSENT))
          .to.be.revertedWithCustomError(market, "JobMarketPartiesCollide")
          .withArgs(actors.provider.address);
      });
    });

    describe("when another agent takes it over for less", () => {
      it("ends the late job, and hires with its escrow", async () => {
        const { trees, market, lateId, deal, overdue } = await late();
        await overdue();
        await market.takeOver(lateId, deal, 700n * OCTO, NO_CONSENT);
        expect(await trees.statusOf(lateId)).to.equal(STATUS.Expired);
        expect(await trees.statusOf(lateId + 1n)).to.equal(STATUS.Funded);
        expect(await trees.budgetOf(lateId + 1n)).to.equal(700n * OCTO);
      });

      it("refunds the difference, to the wei", async () => {
        const world = await late();
        const { market, lateId, deal, overdue } = world;
        await overdue();
        const before = await money(world);
        await market.takeOver(lateId, deal, 700n * OCTO, NO_CONSENT);
        const after = await money(world);
        expect(after.client - before.client).to.equal(300n * OCTO);
        expect(before.escrow - after.escrow).to.equal(300n * OCTO);
        expect([after.providerInFlight, after.otherInFlight]).to.deep.equal([0n, 700n * OCTO]);
      });

      it("emits who took over from whom", async () => {
        const { actors, market, lateId, deal, overdue } = await late();
        await overdue();
        const taking = market.takeOver(lateId, deal, 700n * OCTO, NO_CONSENT);
        await expect(taking)
          .to.emit(market, "JobTakenOver")
          .withArgs(lateId, lateId + 1n, actors.provider.address, actors.other.address);
        await expect(taking).to.emit(market, "JobExpired").withArgs(lateId);
        await expect(taking)
          .to.emit(market, "Refunded")
          .withArgs(lateId, actors.client.address, 300n * OCTO);
      });

      it("marks the record of who was late, at the whole fee", async () => {
        const { system, actors, market, lateId, deal, overdue } = await late();
        await overdue();
        const { tasks } = (await system.registry.positionOf(actors.provider.address, 6n)).record;
        await market.takeOver(lateId, deal, 700n * OCTO, NO_CONSENT);
        const after = (await system.registry.positionOf(actors.provider.address, 6n)).record;
        expect(after.tasks).to.equal(tasks + 1n);
      });

      it("cannot be refunded a second time (M-01)", async () => {
        const { market, lateId, deal, overdue } = await late();
        await overdue();
        await market.takeOver(lateId, deal, PARENT_BUDGET, NO_CONSENT);
        await expect(market.claimRefund(lateId))
          .to.be.revertedWithCustomError(market, "JobMarketWrongStatus")
          .withArgs(lateId, STATUS.Expired, STATUS.Funded);
      });
    });

    describe("when the late job is a child", () => {
      /** A late child, whose client is the parent's provider. */
      async function lateChild() {
        const world = await withParent();
        const { trees, actors, parentId, market } = world;
        const childId = await trees.child(parentId, actors.provider, actors.other, CHILD_BUDGET);
        await time.increase(DAY + 1n);
        return { ...world, market, childId, deal: trees.deal(actors.provider, actors.delegator) };
      }

      it("puts the successor in its place, and the difference back into the parent", async () => {
        const { trees, market, parentId, childId, deal } = await lateChild();
        await market.takeOver(childId, deal, 70n * OCTO, NO_CONSENT);
        const { parent, depth } = await market.treeOf(childId + 1n);
        expect([parent, depth]).to.deep.equal([parentId, 1n]);
        expect(await trees.budgetOf(parentId)).to.equal(PARENT_BUDGET - 70n * OCTO);
        expect(await trees.leftForChildren(parentId)).to.equal(FOR_CHILDREN - 70n * OCTO);
      });

      it("keeps every value in flight", async () => {
        const world = await lateChild();
        const { system, actors, market, childId, deal } = world;
        await market.takeOver(childId, deal, 70n * OCTO, NO_CONSENT);
        const flights = await money(world);
        expect([flights.providerInFlight, flights.otherInFlight]).to.deep.equal([PARENT_BUDGET - 70n * OCTO, 0n]);
        expect(await system.settlement.inFlightOf(actors.delegator.address)).to.equal(70n * OCTO);
      });

      it("refuses once the parent has ended: then the child is refunded", async () => {
        const { trees, actors, market, parentId, childId, deal } = await lateChild();
        await trees.market.connect(actors.client).reject(parentId, REASON, "0x");
        await expect(market.takeOver(childId, deal, CHILD_BUDGET, NO_CONSENT))
          .to.be.revertedWithCustomError(market, "JobMarketWrongStatus")
          .withArgs(parentId, STATUS.Rejected, STATUS.Funded);
        await market.claimRefund(childId);
        expect(await trees.statusOf(childId)).to.equal(STATUS.Expired);
      });

      it("refuses a successor who works above it (M-10)", async () => {
        const { trees, actors, market, parentId, childId } = await lateChild();
        await expect(market.takeOver(childId, trees.deal(actors.provider, actors.client), CHILD_BUDGET, NO_CONSENT))
          .to.be.revertedWithCustomError(market, "JobMarketCycle")
          .withArgs(parentId, actors.client.address);
      });
    });
  });
});
