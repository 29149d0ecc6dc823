import { expect } from "chai";
import { id } from "ethers";

import { roleId } from "../../deploy/roles.ts";
import { NO_CONSENT } from "../../scripts/lib/deal.ts";
import { activate, approveAll, loadFixture, OCTO, time } from "../support/fixture.ts";
import { DAY, PAYMENT, REASON, STATUS } from "../support/jobs.ts";
import { FOR_CHILDREN, PARENT_BUDGET, planted, type TreeWorld } from "../support/trees.ts";

const CHILD = 100n * OCTO;
const MAX_DEPTH = 8n;
const MAX_CHILDREN = 32;

/** A parent of the client with the provider, ready to have children. */
async function withParent() {
  const world = await loadFixture(planted);
  const parentId = await world.trees.parent();
  const { actors, trees } = world;
  const market = trees.market.connect(actors.provider);
  return { ...world, parentId, market, deal: trees.deal(actors.provider, actors.other) };
}

/** The same with one child, which the other agent works on. */
async function withChild() {
  const world = await withParent();
  const { trees, actors, parentId } = world;
  const childId = await trees.child(parentId, actors.provider, actors.other, CHILD);
  return { ...world, childId };
}

/** What the vault holds for the market, and owes the parties. */
async function money({ system, actors }: TreeWorld) {
  const { settlement, addresses } = system;
  const credit = async (name: keyof typeof actors) => settlement.creditOf(actors[name].address);
  const flight = async (name: keyof typeof actors) => settlement.inFlightOf(actors[name].address);
  return {
    escrow: (await settlement.marketOf(addresses.jobMarket)).balance,
    client: await credit("client"),
    provider: await credit("provider"),
    other: await credit("other"),
    providerInFlight: await flight("provider"),
    otherInFlight: await flight("other"),
  };
}

describe("JobMarket", () => {
  describe("hireChild", () => {
    describe("when the caller is not who works on the parent", () => {
      for (const name of ["client", "other", "stranger"] as const) {
        it(`refuses the ${name}`, async () => {
          const { trees, actors, parentId } = await withParent();
          const deal = trees.deal(actors[name], actors.delegator);
          await expect(trees.market.connect(actors[name]).hireChild(parentId, deal, CHILD, NO_CONSENT))
            .to.be.revertedWithCustomError(trees.market, "JobMarketWrongCaller")
            .withArgs(parentId, actors[name].address, actors.provider.address);
        });
      }

      it("refuses a deal of another client", async () => {
        const { trees, actors, market, parentId } = await withParent();
        const deal = trees.deal(actors.client, actors.other);
        await expect(market.hireChild(parentId, deal, CHILD, NO_CONSENT))
          .to.be.revertedWithCustomError(market, "JobMarketCallerNotClient")
          .withArgs(actors.provider.address, actors.client.address);
      });
    });

    describe("when the parent is not Funded", () => {
      it("refuses one that is not there", async () => {
        const { market, deal } = await withParent();
        await expect(market.hireChild(99n, deal, CHILD, NO_CONSENT))
          .to.be.revertedWithCustomError(market, "JobMarketUnknownJob")
          .withArgs(99n);
      });

      it("refuses one that is submitted", async () => {
        const { trees, actors, market, parentId, deal } = await withParent();
        await trees.submit(parentId, actors.provider);
        await expect(market.hireChild(parentId, deal, CHILD, NO_CONSENT))
          .to.be.revertedWithCustomError(market, "JobMarketWrongStatus")
          .withArgs(parentId, STATUS.Submitted, STATUS.Funded);
      });
    });

    describe("when it costs more than what the client set apart (M-10)", () => {
      it("refuses a wei more", async () => {
        const { market, parentId, deal } = await withParent();
        await expect(market.hireChild(parentId, deal, FOR_CHILDREN + 1n, NO_CONSENT))
          .to.be.revertedWithCustomError(market, "JobMarketChildTooDear")
          .withArgs(parentId, FOR_CHILDREN + 1n, FOR_CHILDREN);
      });

      it("refuses any child of a job for whose children nothing was set apart", async () => {
        const { trees, actors, market } = await withParent();
        const plain = await trees.parent({ forChildren: 0n });
        await expect(market.hireChild(plain, trees.deal(actors.provider, actors.other), 1n, NO_CONSENT))
          .to.be.revertedWithCustomError(market, "JobMarketChildTooDear")
          .withArgs(plain, 1n, 0n);
      });

      it("refuses what siblings have used up", async () => {
        const { trees, actors, market, parentId } = await withParent();
        await trees.child(parentId, actors.provider, actors.other, 500n * OCTO);
        await expect(
          market.hireChild(parentId, trees.deal(actors.provider, actors.other), 100n * OCTO + 1n, NO_CONSENT),
        )
          .to.be.revertedWithCustomError(market, "JobMarketChildTooDear")
          .withArgs(parentId, 100n * OCTO + 1n, 100n * OCTO);
      });

      it("takes all of it to the wei", async () => {
        const { trees, actors, parentId } = await withParent();
        await trees.child(parentId, actors.provider, actors.other, FOR_CHILDREN);
        expect(await trees.leftForChildren(parentId)).to.equal(0n);
        expect(await trees.budgetOf(parentId)).to.equal(PARENT_BUDGET - FOR_CHILDREN);
      });

      it("refuses to set apart more than the budget", async () => {
        const { trees, actors } = await withParent();
        const deal = trees.deal(actors.client, actors.provider, { forChildren: PARENT_BUDGET + 1n });
        await expect(trees.market.connect(actors.client).hire(deal, PARENT_BUDGET, NO_CONSENT))
          .to.be.revertedWithCustomError(trees.market, "JobMarketChildrenAboveBudget")
          .withArgs(PARENT_BUDGET + 1n, PARENT_BUDGET);
      });

      it("refuses nothing: a child of 0 wei", async () => {
        const { market, parentId, deal } = await withParent();
        await expect(market.hireChild(parentId, deal, 0n, NO_CONSENT))
          .to.be.revertedWithCustomError(market, "JobMarketBudgetOutOfBounds")
          .withArgs(0n, 2n ** 96n - 1n);
      });
    });

    describe("when the child would outlive its parent (M-10)", () => {
      it("refuses a second more than the parent has", async () => {
        const { trees, actors, market, parentId } = await withParent();
        const latest = (await market.getJob(parentId)).expiredAt;
        const now = BigInt(await time.latest()) + 10n;
        await time.setNextBlockTimestamp(now);
        const deal = trees.deal(actors.provider, actors.other, { duration: latest - now + 1n });
        await expect(market.hireChild(parentId, deal, CHILD, NO_CONSENT))
          .to.be.revertedWithCustomError(market, "JobMarketChildOutlivesParent")
          .withArgs(parentId, latest + 1n, latest);
      });

      it("takes the parent's last second", async () => {
        const { trees, actors, market, parentId } = await withParent();
        const latest = (await market.getJob(parentId)).expiredAt;
        const now = BigInt(await time.latest()) + 10n;
        await time.setNextBlockTimestamp(now);
        const childId = await trees.child(parentId, actors.provider, actors.other, CHILD, { duration: latest - now });
        expect((await market.getJob(childId)).expiredAt).to.equal(latest);
      });
    });

    describe("when it would close a circle (M-10, M-09)", () => {
      it("refuses the parent's client", async () => {
        const { trees, actors, market, parentId } = await withParent();
        const deal = trees.deal(actors.provider, actors.client);
        await expect(market.hireChild(parentId, deal, CHILD, NO_CONSENT))
          .to.be.revertedWithCustomError(market, "JobMarketCycle")
          .withArgs(parentId, actors.client.address);
      });

      it("refuses its own worker", async () => {
        const { trees, actors, market, parentId } = await withParent();
        const deal = trees.deal(actors.provider, actors.provider);
        await expect(market.hireChild(parentId, deal, CHILD, NO_CONSENT))
          .to.be.revertedWithCustomError(market, "JobMarketCycle")
          .withArgs(parentId, actors.provider.address);
      });

      it("refuses whoever works two levels up", async () => {
        const { trees, actors, parentId } = await withParent();
        const childId = await trees.child(parentId, actors.provider, actors.other, CHILD, { forChildren: 50n * OCTO });
        const deal = trees.deal(actors.other, actors.provider, { duration: 3_600n });
        await expect(trees.market.connect(actors.other).hireChild(childId, deal, OCTO, NO_CONSENT))
          .to.be.revertedWithCustomError(trees.market, "JobMarketCycle")
          .withArgs(childId, actors.provider.address);
        const up = trees.deal(actors.other, actors.client, { duration: 3_600n });
        await expect(trees.market.connect(actors.other).hireChild(childId, up, OCTO, NO_CONSENT))
          .to.be.revertedWithCustomError(trees.market, "JobMarketCycle")
          .withArgs(parentId, actors.client.address);
      });

      it("takes the same agent in two branches", async () => {
        const { trees, actors, parentId } = await withParent();
        await trees.child(parentId, actors.provider, actors.other, CHILD);
        await trees.child(parentId, actors.provider, actors.other, CHILD);
        expect((await trees.market.treeOf(parentId)).children).to.equal(2n);
      });
    });

    describe("when the tree is as large as it may be (M-10)", () => {
      it("refuses the thirty-third child", async () => {
        const { trees, actors, market, parentId } = await withParent();
        for (let count = 0; count < MAX_CHILDREN; ++count) {
          await trees.child(parentId, actors.provider, actors.other, OCTO);
        }
        await expect(market.hireChild(parentId, trees.deal(actors.provider, actors.other), OCTO, NO_CONSENT))
          .to.be.revertedWithCustomError(market, "JobMarketTooManyChildren")
          .withArgs(parentId, MAX_CHILDREN);
      });
    });

    describe("when the provider is not ready", () => {
      it("refuses one that is not active", async () => {
        const { trees, actors, market, parentId, system } = await withParent();
        const deal = trees.deal(actors.provider, actors.relayer);
        await expect(market.hireChild(parentId, deal, CHILD, NO_CONSENT))
          .to.be.revertedWithCustomError(system.registry, "ProviderRegistryNotActive")
          .withArgs(actors.relayer.address, roleId("D"));
      });

      it("refuses while the market is paused, and keeps the parent as it was (M-20)", async () => {
        const { system, actors, market, parentId, deal, trees } = await withParent();
        await system.settlement.connect(actors.guardian).pauseMarket(system.addresses.jobMarket);
        await expect(market.hireChild(parentId, deal, CHILD, NO_CONSENT))
          .to.be.revertedWithCustomError(system.settlement, "SettlementMarketPaused")
          .withArgs(system.addresses.jobMarket);
        expect(await trees.budgetOf(parentId)).to.equal(PARENT_BUDGET);
      });

      it("refuses what is beyond the provider's capacity", async () => {
        const { system, trees, actors } = await withParent();
        const wide = await trees.parent({ forChildren: 900n * OCTO });
        await system.registry.connect(actors.other).unbond(6n, 1_840n * OCTO, 0n);
        const market = trees.market.connect(actors.provider);
        await expect(market.hireChild(wide, trees.deal(actors.provider, actors.other), 801n * OCTO, NO_CONSENT))
          .to.be.revertedWithCustomError(system.settlement, "SettlementCapacityExceeded")
          .withArgs(actors.other.address, 801n * OCTO, 800n * OCTO);
      });
    });

    describe("when all is well", () => {
      it("moves no OCTO, and the value in flight from the parent's provider to the child's", async () => {
        const world = await withParent();
        const { market, parentId, deal } = world;
        const before = await money(world);
        await market.hireChild(parentId, deal, CHILD, NO_CONSENT);
        expect(await money(world)).to.deep.equal({
          ...before,
          providerInFlight: before.providerInFlight - CHILD,
          otherInFlight: before.otherInFlight + CHILD,
        });
      });

      it("takes the budget from the parent", async () => {
        const { trees, parentId, childId } = await withChild();
        expect(await trees.budgetOf(parentId)).to.equal(PARENT_BUDGET - CHILD);
        expect(await trees.budgetOf(childId)).to.equal(CHILD);
        expect(await trees.leftForChildren(parentId)).to.equal(FOR_CHILDREN - CHILD);
      });

      it("shows the child's place in the tree", async () => {
        const { trees, parentId, childId } = await withChild();
        const { parent, depth, children } = await trees.market.treeOf(childId);
        expect([parent, depth, children]).to.deep.equal([parentId, 1n, 0n]);
      });

      it("emits the child and what the vault moved", async () => {
        const { system, actors, market, parentId, deal } = await withParent();
        const hiring = market.hireChild(parentId, deal, CHILD, NO_CONSENT);
        await expect(hiring)
          .to.emit(market, "ChildJobCreated")
          .withArgs(parentId, parentId + 1n, CHILD);
        await expect(hiring)
          .to.emit(system.settlement, "Moved")
          .withArgs(system.addresses.jobMarket, actors.provider.address, actors.other.address, CHILD);
      });

      it("leaves the parent's other facts alone (J-3)", async () => {
        const { trees, market, parentId, deal } = await withParent();
        const { terms, bound, fundedAt } = await market.termsOf(parentId);
        const before = await market.getJob(parentId);
        await market.hireChild(parentId, deal, CHILD, NO_CONSENT);
        const after = await market.getJob(parentId);
        expect([after.client, after.provider, after.expiredAt, after.status]).to.deep.equal([
          before.client,
          before.provider,
          before.expiredAt,
          before.status,
        ]);
        const later = await market.termsOf(parentId);
        expect([later.terms, later.bound, later.fundedAt]).to.deep.equal([terms, bound, fundedAt]);
        expect(await trees.statusOf(parentId)).to.equal(STATUS.Funded);
      });
    });
  });

  describe("a tree of jobs", () => {
    it("pays every agent its part and nobody twice (M-10, J-5)", async () => {
      const world = await withChild();
      const { trees, actors, parentId, childId } = world;
      const before = await money(world);
      await trees.finish(childId, actors.provider, actors.other);
      await trees.finish(parentId, actors.client, actors.provider);
      const after = await money(world);
      // Service: 80 % to the provider while nobody coordinates.
      expect(after.other - before.other).to.equal((CHILD * 8n) / 10n);
      expect(after.provider - before.provider).to.equal(((PARENT_BUDGET - CHILD) * 8n) / 10n);
      expect(before.escrow - after.escrow).to.equal(PARENT_BUDGET);
      expect([after.providerInFlight, after.otherInFlight]).to.deep.equal([0n, 0n]);
    });

    it("gives a failed child's escrow back to its parent, not to whoever hired it", async () => {
      const world = await withChild();
      const { trees, market, parentId, childId } = world;
      const before = await money(world);
      await time.increase(DAY + 1n);
      await expect(market.claimRefund(childId)).to.emit(market, "EscrowReturned").withArgs(childId, parentId, CHILD);
      expect(await trees.budgetOf(parentId)).to.equal(PARENT_BUDGET);
      expect(await trees.leftForChildren(parentId)).to.equal(FOR_CHILDREN);
      expect(await money(world)).to.deep.equal({
        ...before,
        providerInFlight: before.providerInFlight + CHILD,
        otherInFlight: before.otherInFlight - CHILD,
      });
    });

    it("marks the record of the child's provider who failed, and nobody else's", async () => {
      const { trees, system, actors, childId, market } = await withChild();
      const tasksOf = async (address: string) => (await system.registry.positionOf(address, 6n)).record.tasks;
      const before = [await tasksOf(actors.other.address), await tasksOf(actors.provider.address)];
      await time.increase(DAY + 1n);
      await market.claimRefund(childId);
      expect([await tasksOf(actors.other.address), await tasksOf(actors.provider.address)]).to.deep.equal([
        before[0]! + 1n,
        before[1]!,
      ]);
      expect(await trees.statusOf(childId)).to.equal(STATUS.Expired);
    });

    it("lets a child that was hired again use what came back", async () => {
      const { trees, actors, market, parentId, childId } = await withChild();
      await time.increase(DAY + 1n);
      await market.claimRefund(childId);
      await trees.child(parentId, actors.provider, actors.delegator, FOR_CHILDREN);
      expect(await trees.leftForChildren(parentId)).to.equal(0n);
    });

    it("gives a child's escrow to the client once the parent has expired (M-10)", async () => {
      const world = await withParent();
      const { trees, actors, parentId } = world;
      const childId = await trees.child(parentId, actors.provider, actors.other, CHILD, { duration: 9n * DAY });
      const before = await money(world);
      await time.increase(10n * DAY + 1n);
      await trees.market.claimRefund(parentId);
      await expect(trees.market.claimRefund(childId))
        .to.emit(trees.market, "Refunded")
        .withArgs(childId, actors.client.address, CHILD);
      const after = await money(world);
      expect(after.client - before.client).to.equal(PARENT_BUDGET);
      expect(before.escrow - after.escrow).to.equal(PARENT_BUDGET);
      expect(after.provider).to.equal(before.provider);
    });

    it("gives a child's escrow to the client once the parent is completed: what was paid for is not paid twice", async () => {
      const world = await withChild();
      const { trees, actors, parentId, childId } = world;
      const before = await money(world);
      await trees.finish(parentId, actors.client, actors.provider);
      await time.increase(DAY + 1n);
      await trees.market.claimRefund(childId);
      const after = await money(world);
      expect(after.client - before.client).to.equal(CHILD);
      expect(after.provider - before.provider).to.equal(((PARENT_BUDGET - CHILD) * 8n) / 10n);
    });

    it("adds what comes back to a parent that is submitted, and pays it with the rest", async () => {
      const world = await withChild();
      const { trees, actors, parentId, childId } = world;
      await trees.submit(parentId, actors.provider);
      await time.increase(DAY + 1n);
      await trees.market.claimRefund(childId);
      const before = await money(world);
      await trees.market.connect(actors.client).complete(parentId, REASON, "0x");
      expect((await money(world)).provider - before.provider).to.equal((PARENT_BUDGET * 8n) / 10n);
    });

    it("still pays a child that is done after its parent has failed", async () => {
      const world = await withParent();
      const { trees, actors, parentId } = world;
      const childId = await trees.child(parentId, actors.provider, actors.other, CHILD, { duration: 9n * DAY });
      await trees.submit(childId, actors.other);
      await time.increase(10n * DAY + 1n);
      await trees.market.claimRefund(parentId);
      const before = await money(world);
      await trees.market.release(childId);
      expect((await money(world)).other - before.other).to.equal((CHILD * 8n) / 10n);
    });

    it("refunds while the market is paused and closed (M-20)", async () => {
      const { system, actors, trees, market, parentId, childId } = await withChild();
      await system.settlement.connect(actors.guardian).pauseMarket(system.addresses.jobMarket);
      await time.increase(DAY + 1n);
      await market.claimRefund(childId);
      expect(await trees.budgetOf(parentId)).to.equal(PARENT_BUDGET);
    });

    it("climbs over an ancestor that has ended to the next that has escrow", async () => {
      const world = await withParent();
      const { trees, actors, parentId } = world;
      const middle = await trees.child(parentId, actors.provider, actors.other, 300n * OCTO, {
        duration: 2n * DAY,
        forChildren: 200n * OCTO,
      });
      const leaf = await trees.child(middle, actors.other, actors.delegator, 200n * OCTO, { duration: DAY });
      await time.increase(2n * DAY + 1n);
      await trees.market.claimRefund(middle);
      expect(await trees.budgetOf(parentId)).to.equal(PARENT_BUDGET - 200n * OCTO);
      await expect(trees.market.claimRefund(leaf))
        .to.emit(trees.market, "EscrowReturned")
        .withArgs(leaf, parentId, 200n * OCTO);
      expect(await trees.budgetOf(parentId)).to.equal(PARENT_BUDGET);
    });

    it("lets a client who rejects take back what has not become children", async () => {
      const world = await withChild();
      const { trees, actors, parentId } = world;
      const before = await money(world);
      await trees.market.connect(actors.client).reject(parentId, REASON, "0x");
      expect((await money(world)).client - before.client).to.equal(PARENT_BUDGET - CHILD);
    });

    it("is nothing to a plain job", async () => {
      const { trees } = await withParent();
      const plain = await trees.parent({ forChildren: 0n });
      expect([...(await trees.market.treeOf(plain))]).to.deep.equal([0n, 0n, 0n, 0n, 0n, false]);
    });
  });

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
        const childId = await trees.child(parentId, actors.provider, actors.other, CHILD);
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
        await expect(market.takeOver(childId, deal, CHILD, NO_CONSENT))
          .to.be.revertedWithCustomError(market, "JobMarketWrongStatus")
          .withArgs(parentId, STATUS.Rejected, STATUS.Funded);
        await market.claimRefund(childId);
        expect(await trees.statusOf(childId)).to.equal(STATUS.Expired);
      });

      it("refuses a successor who works above it (M-10)", async () => {
        const { trees, actors, market, parentId, childId } = await lateChild();
        await expect(market.takeOver(childId, trees.deal(actors.provider, actors.client), CHILD, NO_CONSENT))
          .to.be.revertedWithCustomError(market, "JobMarketCycle")
          .withArgs(parentId, actors.client.address);
      });
    });
  });

  describe("reject of submitted work, without an evaluator", () => {
    /** Work that is submitted, and the client who does not like it. */
    async function submitted() {
      const world = await loadFixture(planted);
      const jobId = await world.trees.parent({ duration: DAY });
      await world.trees.submit(jobId, world.actors.provider);
      const market = world.trees.market.connect(world.actors.client);
      return { ...world, jobId, market, reviewEndsAt: (await market.termsOf(jobId)).reviewEndsAt };
    }

    it("is an offer: it moves no money and emits until when the provider may answer (M-05)", async () => {
      const world = await submitted();
      const { actors, market, jobId, reviewEndsAt } = world;
      const before = await money(world);
      await expect(market.reject(jobId, REASON, "0x"))
        .to.emit(market, "RejectionOffered")
        .withArgs(jobId, actors.client.address, REASON, reviewEndsAt + 3n * DAY);
      expect(await money(world)).to.deep.equal(before);
    });

    it("keeps the moment of the submission and the end of the review", async () => {
      const { market, jobId, reviewEndsAt } = await submitted();
      const { submittedAt } = await market.getJob(jobId);
      await market.reject(jobId, REASON, "0x");
      expect((await market.getJob(jobId)).submittedAt).to.equal(submittedAt);
      expect((await market.termsOf(jobId)).reviewEndsAt).to.equal(reviewEndsAt);
    });

    it("refunds when the provider accepts it, and moves no score", async () => {
      const world = await submitted();
      const { system, actors, trees, market, jobId } = world;
      const { tasks } = (await system.registry.positionOf(actors.provider.address, 6n)).record;
      await market.reject(jobId, REASON, "0x");
      const before = await money(world);
      await expect(trees.market.connect(actors.provider).acceptRejection(jobId))
        .to.emit(market, "JobRejected")
        .withArgs(jobId, actors.client.address, `0x${"0".repeat(64)}`);
      expect((await money(world)).client - before.client).to.equal(PARENT_BUDGET);
      expect((await system.registry.positionOf(actors.provider.address, 6n)).record.tasks).to.equal(tasks);
    });

    it("refunds when the provider is silent: silence never pays the silent side", async () => {
      const world = await submitted();
      const { trees, market, jobId, reviewEndsAt } = world;
      await market.reject(jobId, REASON, "0x");
      await time.setNextBlockTimestamp(reviewEndsAt + 3n * DAY);
      await expect(market.claimRefund(jobId))
        .to.be.revertedWithCustomError(market, "JobMarketAnswerNotOver")
        .withArgs(jobId, reviewEndsAt + 3n * DAY);
      await time.increaseTo(reviewEndsAt + 3n * DAY);
      const before = await money(world);
      await market.claimRefund(jobId);
      expect((await money(world)).client - before.client).to.equal(PARENT_BUDGET);
      expect(await trees.statusOf(jobId)).to.equal(STATUS.Rejected);
    });

    it("can be taken back: the client completes it after all", async () => {
      const world = await submitted();
      const { trees, market, jobId, reviewEndsAt } = world;
      await market.reject(jobId, REASON, "0x");
      await market.complete(jobId, REASON, "0x");
      expect(await trees.statusOf(jobId)).to.equal(STATUS.Completed);
      expect((await market.termsOf(jobId)).reviewEndsAt).to.equal(reviewEndsAt);
    });

    it("is not released by time (M-05)", async () => {
      const { market, jobId } = await submitted();
      await market.reject(jobId, REASON, "0x");
      await time.increase(30n * DAY);
      await expect(market.release(jobId))
        .to.be.revertedWithCustomError(market, "JobMarketWrongStatus")
        .withArgs(jobId, STATUS.Declined, STATUS.Submitted);
    });

    it("is disputed by the provider", async () => {
      const { system, actors, trees, market, jobId } = await submitted();
      await market.reject(jobId, REASON, "0x");
      await system.disputeDesk.connect(actors.provider).open(jobId, id("claim"), PAYMENT.Approval, false);
      expect(await trees.statusOf(jobId)).to.equal(STATUS.Disputed);
    });
  });

  describe("depth of a tree", () => {
    it("refuses the ninth level (M-10)", async () => {
      const world = await loadFixture(planted);
      const { trees, actors, system } = world;
      // Nine agents in a row, each the next one's client.
      const chain = [actors.provider, actors.other, actors.delegator, actors.evaluator, actors.stranger];
      const more = [actors.relayer, actors.orchestrator, actors.early, actors.partners, actors.guardian];
      for (const agent of more) {
        await system.octo.connect(actors.liquidity).transfer(agent.address, 10_000n * OCTO);
        await approveAll(system, agent);
        await activate(system, agent, "D");
      }
      const agents = [...chain, ...more];
      let jobId = await trees.parent({ duration: 20n * DAY });
      for (let depth = 1n; depth <= MAX_DEPTH; ++depth) {
        const [from, to] = [agents[Number(depth) - 1]!, agents[Number(depth)]!];
        jobId = await trees.child(jobId, from, to, FOR_CHILDREN - depth * OCTO, {
          duration: 15n * DAY - depth * 3_600n,
          forChildren: FOR_CHILDREN - (depth + 1n) * OCTO,
        });
        expect((await trees.market.treeOf(jobId)).depth).to.equal(depth);
      }
      const [from, to] = [agents[8]!, agents[9]!];
      await expect(
        trees.market.connect(from).hireChild(jobId, trees.deal(from, to, { duration: DAY }), OCTO, NO_CONSENT),
      )
        .to.be.revertedWithCustomError(trees.market, "JobMarketTreeTooDeep")
        .withArgs(jobId, MAX_DEPTH);

      // From the deepest level all goes up to the client in one call each, however the levels ended.
      await time.increase(20n * DAY + 1n);
      const before = await system.settlement.creditOf(actors.client.address);
      for (let each = jobId; each >= 1n; --each) await trees.market.claimRefund(each);
      expect((await system.settlement.creditOf(actors.client.address)) - before).to.equal(PARENT_BUDGET);
    });
  });
});
