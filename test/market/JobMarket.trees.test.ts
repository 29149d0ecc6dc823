import { expect } from "chai";

import { roleId } from "../../deploy/roles.ts";
import { NO_CONSENT } from "../../scripts/lib/deal.ts";
import { activate, approveAll, loadFixture, OCTO, time } from "../support/fixture.ts";
import { DAY, REASON, STATUS } from "../support/jobs.ts";
import { CHILD_BUDGET, FOR_CHILDREN, money, PARENT_BUDGET, planted, withChild, withParent } from "../support/trees.ts";

const MAX_DEPTH = 8n;
const MAX_CHILDREN = 32;

describe("JobMarket", () => {
  describe("hireChild", () => {
    describe("when the caller is not who works on the parent", () => {
      for (const name of ["client", "other", "stranger"] as const) {
        it(`refuses the ${name}`, async () => {
          const { trees, actors, parentId } = await withParent();
          const deal = trees.deal(actors[name], actors.delegator);
          await expect(trees.market.connect(actors[name]).hireChild(parentId, deal, CHILD_BUDGET, NO_CONSENT))
            .to.be.revertedWithCustomError(trees.market, "JobMarketWrongCaller")
            .withArgs(parentId, actors[name].address, actors.provider.address);
        });
      }

      it("refuses a deal of another client", async () => {
        const { trees, actors, market, parentId } = await withParent();
        const deal = trees.deal(actors.client, actors.other);
        await expect(market.hireChild(parentId, deal, CHILD_BUDGET, NO_CONSENT))
          .to.be.revertedWithCustomError(market, "JobMarketCallerNotClient")
          .withArgs(actors.provider.address, actors.client.address);
      });
    });

    describe("when the parent is not Funded", () => {
      it("refuses one that is not there", async () => {
        const { market, deal } = await withParent();
        await expect(market.hireChild(99n, deal, CHILD_BUDGET, NO_CONSENT))
          .to.be.revertedWithCustomError(market, "JobMarketUnknownJob")
          .withArgs(99n);
      });

      it("refuses one that is submitted", async () => {
        const { trees, actors, market, parentId, deal } = await withParent();
        await trees.submit(parentId, actors.provider);
        await expect(market.hireChild(parentId, deal, CHILD_BUDGET, NO_CONSENT))
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
        await expect(market.hireChild(parentId, deal, CHILD_BUDGET, NO_CONSENT))
          .to.be.revertedWithCustomError(market, "JobMarketChildOutlivesParent")
          .withArgs(parentId, latest + 1n, latest);
      });

      it("takes the parent's last second", async () => {
        const { trees, actors, market, parentId } = await withParent();
        const latest = (await market.getJob(parentId)).expiredAt;
        const now = BigInt(await time.latest()) + 10n;
        await time.setNextBlockTimestamp(now);
        const childId = await trees.child(parentId, actors.provider, actors.other, CHILD_BUDGET, {
          duration: latest - now,
        });
        expect((await market.getJob(childId)).expiredAt).to.equal(latest);
      });
    });

    describe("when it would close a circle (M-10, M-09)", () => {
      it("refuses the parent's client", async () => {
        const { trees, actors, market, parentId } = await withParent();
        const deal = trees.deal(actors.provider, actors.client);
        await expect(market.hireChild(parentId, deal, CHILD_BUDGET, NO_CONSENT))
          .to.be.revertedWithCustomError(market, "JobMarketCycle")
          .withArgs(parentId, actors.client.address);
      });

      it("refuses its own worker", async () => {
        const { trees, actors, market, parentId } = await withParent();
        const deal = trees.deal(actors.provider, actors.provider);
        await expect(market.hireChild(parentId, deal, CHILD_BUDGET, NO_CONSENT))
          .to.be.revertedWithCustomError(market, "JobMarketCycle")
          .withArgs(parentId, actors.provider.address);
      });

      it("refuses whoever works two levels up", async () => {
        const { trees, actors, parentId } = await withParent();
        const childId = await trees.child(parentId, actors.provider, actors.other, CHILD_BUDGET, {
          forChildren: 50n * OCTO,
        });
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
        await trees.child(parentId, actors.provider, actors.other, CHILD_BUDGET);
        await trees.child(parentId, actors.provider, actors.other, CHILD_BUDGET);
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
        await expect(market.hireChild(parentId, deal, CHILD_BUDGET, NO_CONSENT))
          .to.be.revertedWithCustomError(system.registry, "ProviderRegistryNotActive")
          .withArgs(actors.relayer.address, roleId("D"));
      });

      it("refuses while the market is paused, and keeps the parent as it was (M-20)", async () => {
        const { system, actors, market, parentId, deal, trees } = await withParent();
        await system.settlement.connect(actors.guardian).pauseMarket(system.addresses.jobMarket);
        await expect(market.hireChild(parentId, deal, CHILD_BUDGET, NO_CONSENT))
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
        await market.hireChild(parentId, deal, CHILD_BUDGET, NO_CONSENT);
        expect(await money(world)).to.deep.equal({
          ...before,
          providerInFlight: before.providerInFlight - CHILD_BUDGET,
          otherInFlight: before.otherInFlight + CHILD_BUDGET,
        });
      });

      it("takes the budget from the parent", async () => {
        const { trees, parentId, childId } = await withChild();
        expect(await trees.budgetOf(parentId)).to.equal(PARENT_BUDGET - CHILD_BUDGET);
        expect(await trees.budgetOf(childId)).to.equal(CHILD_BUDGET);
        expect(await trees.leftForChildren(parentId)).to.equal(FOR_CHILDREN - CHILD_BUDGET);
      });

      it("shows the child's place in the tree", async () => {
        const { trees, parentId, childId } = await withChild();
        const { parent, depth, children } = await trees.market.treeOf(childId);
        expect([parent, depth, children]).to.deep.equal([parentId, 1n, 0n]);
      });

      it("emits the child and what the vault moved", async () => {
        const { system, actors, market, parentId, deal } = await withParent();
        const hiring = market.hireChild(parentId, deal, CHILD_BUDGET, NO_CONSENT);
        await expect(hiring)
          .to.emit(market, "ChildJobCreated")
          .withArgs(parentId, parentId + 1n, CHILD_BUDGET);
        await expect(hiring)
          .to.emit(system.settlement, "Moved")
          .withArgs(system.addresses.jobMarket, actors.provider.address, actors.other.address, CHILD_BUDGET);
      });

      it("leaves the parent's other facts alone (J-3)", async () => {
        const { trees, market, parentId, deal } = await withParent();
        const { terms, bound, fundedAt } = await market.termsOf(parentId);
        const before = await market.getJob(parentId);
        await market.hireChild(parentId, deal, CHILD_BUDGET, NO_CONSENT);
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
      expect(after.other - before.other).to.equal((CHILD_BUDGET * 8n) / 10n);
      expect(after.provider - before.provider).to.equal(((PARENT_BUDGET - CHILD_BUDGET) * 8n) / 10n);
      expect(before.escrow - after.escrow).to.equal(PARENT_BUDGET);
      expect([after.providerInFlight, after.otherInFlight]).to.deep.equal([0n, 0n]);
    });

    it("gives a failed child's escrow back to its parent, not to whoever hired it", async () => {
      const world = await withChild();
      const { trees, market, parentId, childId } = world;
      const before = await money(world);
      await time.increase(DAY + 1n);
      await expect(market.claimRefund(childId))
        .to.emit(market, "EscrowReturned")
        .withArgs(childId, parentId, CHILD_BUDGET);
      expect(await trees.budgetOf(parentId)).to.equal(PARENT_BUDGET);
      expect(await trees.leftForChildren(parentId)).to.equal(FOR_CHILDREN);
      expect(await money(world)).to.deep.equal({
        ...before,
        providerInFlight: before.providerInFlight + CHILD_BUDGET,
        otherInFlight: before.otherInFlight - CHILD_BUDGET,
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
      const childId = await trees.child(parentId, actors.provider, actors.other, CHILD_BUDGET, { duration: 9n * DAY });
      const before = await money(world);
      await time.increase(10n * DAY + 1n);
      await trees.market.claimRefund(parentId);
      await expect(trees.market.claimRefund(childId))
        .to.emit(trees.market, "Refunded")
        .withArgs(childId, actors.client.address, CHILD_BUDGET);
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
      expect(after.client - before.client).to.equal(CHILD_BUDGET);
      expect(after.provider - before.provider).to.equal(((PARENT_BUDGET - CHILD_BUDGET) * 8n) / 10n);
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
      const childId = await trees.child(parentId, actors.provider, actors.other, CHILD_BUDGET, { duration: 9n * DAY });
      await trees.submit(childId, actors.other);
      await time.increase(10n * DAY + 1n);
      await trees.market.claimRefund(parentId);
      const before = await money(world);
      await trees.market.release(childId);
      expect((await money(world)).other - before.other).to.equal((CHILD_BUDGET * 8n) / 10n);
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
      expect((await money(world)).client - before.client).to.equal(PARENT_BUDGET - CHILD_BUDGET);
    });

    it("is nothing to a plain job", async () => {
      const { trees } = await withParent();
      const plain = await trees.parent({ forChildren: 0n });
      expect([...(await trees.market.treeOf(plain))]).to.deep.equal([0n, 0n, 0n, 0n, 0n, false]);
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
