import { expect } from "chai";
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { id, ZeroAddress } from "ethers";

import { roleId } from "../../deploy/roles.ts";
import { type Deal, dealOf, NO_CONSENT } from "../../scripts/lib/deal.ts";
import { ethers, loadFixture, networkHelpers, OCTO, time } from "../support/fixture.ts";
import { DAY, openForBusiness, PAYMENT, STATUS } from "../support/jobs.ts";
import { PHASE, POT } from "../support/disputes.ts";

// The real contracts together: an agent that is listed, hired at its price, disputed, judged by a panel and reviewed.

const D = roleId("D");
const PRICE = 100n * OCTO;
const AGENT = 1n;
const [FIRST_ARBITER, LAST_ARBITER] = [30, 44];

/** The open market, and an agent of the provider that asks for 100 OCTO and an hour. */
async function listed() {
  const world = await openForBusiness();
  const { system, actors } = world;
  await system.agentRegistry.connect(actors.provider)["register(string)"]("ipfs://agent");
  await system.agentRegistry
    .connect(actors.provider)
    .publish(AGENT, { manifestHash: id("manifest"), price: PRICE, duration: 3_600n });
  const deal = (rest: Partial<Deal> = {}) =>
    dealOf({ client: actors.client.address, provider: actors.provider.address }, { agentId: AGENT, ...rest });
  return { ...world, deal, market: system.jobMarket.connect(actors.client) };
}

describe("An agent of the market", () => {
  describe("when it is hired at its listed price", () => {
    it("is bound by that, without a signature", async () => {
      const { market, deal } = await loadFixture(listed);
      await market.hire(deal(), PRICE, NO_CONSENT);
      expect((await market.termsOf(1n)).bound).to.equal(true);
      expect((await market.getJob(1n)).providerAgentId).to.equal(AGENT);
    });

    it("is hired from credit in one transaction too", async () => {
      const { market, deal, system, actors } = await loadFixture(listed);
      await market.hireFromCredit(deal(), PRICE, NO_CONSENT);
      expect(await system.settlement.inFlightOf(actors.provider.address)).to.equal(PRICE);
    });

    it("is hired by the steps of ERC-8183, and bound if the budget is its price", async () => {
      const { market, system, actors } = await loadFixture(listed);
      const expiredAt = BigInt(await time.latest()) + DAY;
      for (const [jobId, budget, bound] of [
        [1n, PRICE, true],
        [2n, PRICE + 1n, false],
      ] as const) {
        await market.createJob(ZeroAddress, actors.client.address, expiredAt, "work", ZeroAddress, 0n);
        await market.setProvider(jobId, actors.provider.address, AGENT);
        await market.setBudget(jobId, system.addresses.octo, budget, "0x");
        await market.fund(jobId, budget, "0x");
        expect((await market.termsOf(jobId)).bound).to.equal(bound);
      }
    });

    it("agrees to no evaluator and no orchestrator by its listing", async () => {
      const { market, deal, actors } = await loadFixture(listed);
      await market.hire(deal({ evaluator: actors.evaluator.address }), PRICE, NO_CONSENT);
      await market.hire(deal({ orchestrator: actors.orchestrator.address }), PRICE, NO_CONSENT);
      for (const jobId of [1n, 2n]) expect((await market.termsOf(jobId)).bound).to.equal(false);
    });
  });

  describe("when the deal is not what it offers", () => {
    for (const budget of [PRICE - 1n, PRICE + 1n]) {
      it(`refuses ${budget} wei as a stale price (M-02)`, async () => {
        const { market, deal } = await loadFixture(listed);
        await expect(market.hire(deal(), budget, NO_CONSENT))
          .to.be.revertedWithCustomError(market, "JobMarketPriceStale")
          .withArgs(AGENT, PRICE, budget);
      });
    }

    it("refuses the price of yesterday once it was raised (M-02)", async () => {
      const { market, deal, system, actors } = await loadFixture(listed);
      const raised = { manifestHash: id("manifest"), price: 2n * PRICE, duration: 3_600n };
      await system.agentRegistry.connect(actors.provider).publish(AGENT, raised);
      await expect(market.hire(deal(), PRICE, NO_CONSENT))
        .to.be.revertedWithCustomError(market, "JobMarketPriceStale")
        .withArgs(AGENT, 2n * PRICE, PRICE);
    });

    it("refuses a second less than its time", async () => {
      const { market, deal } = await loadFixture(listed);
      await expect(market.hire(deal({ duration: 3_599n }), PRICE, NO_CONSENT))
        .to.be.revertedWithCustomError(market, "JobMarketTooShort")
        .withArgs(AGENT, 3_599n, 3_600n);
    });

    it("refuses an agent of somebody else, and one that is not published (M-09)", async () => {
      const { market, deal, system, actors } = await loadFixture(listed);
      await expect(market.hire(deal({ agentId: 2n }), PRICE, NO_CONSENT))
        .to.be.revertedWithCustomError(market, "JobMarketNotTheAgent")
        .withArgs(2n, actors.provider.address, ZeroAddress);
      await system.agentRegistry.connect(actors.provider).unpublish(AGENT);
      await expect(market.hire(deal(), PRICE, NO_CONSENT))
        .to.be.revertedWithCustomError(market, "JobMarketNotTheAgent")
        .withArgs(AGENT, actors.provider.address, ZeroAddress);
    });

    it("takes another price if the provider signs it", async () => {
      const { market, deal, jobs } = await loadFixture(listed);
      const agreed = deal();
      await market.hire(agreed, 7n * OCTO, await jobs.consent("hire", agreed, { budget: 7n * OCTO }));
      expect((await market.termsOf(1n)).bound).to.equal(true);
    });

    it("keeps a running job when the agent changes hands (M-24)", async () => {
      const { market, deal, system, actors, jobs } = await loadFixture(listed);
      await market.hire(deal(), PRICE, NO_CONSENT);
      const { provider, other } = actors;
      await system.agentRegistry.connect(provider).transferFrom(provider.address, other.address, AGENT);
      await jobs.submit(1n);
      await jobs.complete(1n);
      expect(await jobs.statusOf(1n)).to.equal(STATUS.Completed);
      await expect(market.hire(deal(), PRICE, NO_CONSENT))
        .to.be.revertedWithCustomError(market, "JobMarketNotTheAgent")
        .withArgs(AGENT, provider.address, ZeroAddress);
    });
  });

  describe("when the work is settled", () => {
    it("is reviewed once by the job's client, and by nobody for work that was not (M-17)", async () => {
      const { market, deal, system, actors, jobs } = await loadFixture(listed);
      await market.hire(deal(), PRICE, NO_CONSENT);
      const reputation = system.agentReputation.connect(actors.client);
      const review = () => reputation.giveFeedback(AGENT, 90n, 0n, "starred", "1", "", "", id("file"));
      await expect(review()).to.be.revertedWithCustomError(reputation, "AgentReputationNothingSettled").withArgs(1n);
      await jobs.submit(1n);
      await jobs.complete(1n);
      await expect(review()).to.emit(reputation, "NewFeedback");
      const [count, paid, average] = await reputation.summaryOf(AGENT);
      expect([count, paid, average]).to.deep.equal([1n, PRICE, 90_00n]);
      await expect(review())
        .to.be.revertedWithCustomError(reputation, "AgentReputationAlreadyReviewed")
        .withArgs(1n, actors.client.address);
    });

    it("says what was settled, and nothing for a refund (M-25)", async () => {
      const { market, deal, actors, jobs } = await loadFixture(listed);
      await market.hire(deal(), PRICE, NO_CONSENT);
      await market.hire(deal({ salt: id("second") }), PRICE, NO_CONSENT);
      await jobs.submit(1n);
      await jobs.complete(1n);
      await jobs.reject(2n);
      const parties = [actors.client.address, actors.provider.address, AGENT];
      expect([...(await market.settledOf(1n))]).to.deep.equal([...parties, PRICE]);
      expect([...(await market.settledOf(2n))]).to.deep.equal([...parties, 0n]);
      expect([...(await market.settledOf(9n))]).to.deep.equal([ZeroAddress, ZeroAddress, 0n, 0n]);
    });
  });

  describe("when it is disputed before the roster's arbiters", () => {
    /** The panel of the client's dispute about submitted work of the agent. */
    async function empanelled() {
      const world = await loadFixture(listed);
      const { market, deal, system, actors, jobs } = world;
      const { disputeDesk, panelArbiter } = system;
      await market.hire(deal(), PRICE, NO_CONSENT);
      await jobs.submit(1n);
      await disputeDesk.connect(actors.client).open(1n, id("claim"), PAYMENT.Approval, true);
      await time.increase(7n * DAY + 1n);
      await disputeDesk.bringCase(1n);
      await networkHelpers.mine(3);
      await panelArbiter.draw(1n);
      const members = new Set<string>(await panelArbiter.panelOf(1n));
      const arbiters = (await ethers.getSigners()).slice(FIRST_ARBITER, LAST_ARBITER + 1);
      const panel = arbiters.filter(({ address }) => members.has(address));
      const vote = async (by: HardhatEthersSigner[], share: bigint) => {
        for (const arbiter of by) await panelArbiter.connect(arbiter).vote(1n, share, share === 0n, 2n);
      };
      return { ...world, disputeDesk, panelArbiter, panel, arbiters, vote };
    }

    it("loses: the client has his money, the panel its fee, the provider its penalty and the appeal fails", async () => {
      const { disputeDesk, panelArbiter, panel, arbiters, vote, system, actors, jobs } = await empanelled();
      expect(panel.length).to.equal(7);
      await vote(panel.slice(0, 5), 0n);
      await vote(panel.slice(5), 100n);
      await panelArbiter.close(1n);
      expect((await disputeDesk.disputeOf(1n)).phase).to.equal(PHASE.Ruled);

      await disputeDesk.connect(actors.provider).appeal(1n, PAYMENT.Approval);
      await vote(arbiters, 0n);
      await panelArbiter.close(1n);
      const before = await system.settlement.creditOf(actors.client.address);
      await disputeDesk.execute(1n);
      expect(await jobs.statusOf(1n)).to.equal(STATUS.Rejected);
      expect((await system.settlement.creditOf(actors.client.address)) - before).to.equal(PRICE + 50n * OCTO);

      const { octoBond } = await system.registry.positionOf(actors.provider.address, D);
      await disputeDesk.punish(1n);
      const after = await system.registry.positionOf(actors.provider.address, D);
      expect(octoBond - after.octoBond).to.equal(50n * OCTO + ((octoBond - 50n * OCTO) * 10n) / 100n);
      expect([...(await system.registry.frozenBondOf(actors.provider.address, D))]).to.deep.equal([0n, 0n]);

      for (const winner of panel.slice(0, 5)) await disputeDesk.connect(winner).collectFee(1n, POT.Levy);
      for (const arbiter of arbiters) await disputeDesk.connect(arbiter).collectFee(1n, POT.Appeal);
      expect(await system.settlement.creditOf(panel[0]!.address)).to.equal(8n * OCTO + (80n * OCTO) / 15n);
      await expect(disputeDesk.connect(panel[6]!).collectFee(1n, POT.Levy))
        .to.be.revertedWithCustomError(disputeDesk, "DisputeDeskNoFee")
        .withArgs(1n, POT.Levy, panel[6]!.address);
      const { balance } = await system.settlement.marketOf(system.addresses.disputeDesk);
      expect(balance).to.equal(0n);
    });

    it("ends evenly if two panels are silent (M-06)", async () => {
      const { disputeDesk, panelArbiter, system, actors, jobs } = await empanelled();
      await time.increase(5n * DAY + 1n);
      await panelArbiter.close(1n);
      await networkHelpers.mine(3);
      await panelArbiter.draw(1n);
      await time.increase(5n * DAY + 1n);
      await panelArbiter.close(1n);
      const before = await system.settlement.creditOf(actors.client.address);
      await disputeDesk.execute(1n);
      expect((await system.settlement.creditOf(actors.client.address)) - before).to.equal(PRICE / 2n + 50n * OCTO);
      expect((await jobs.market.settledOf(1n)).settled).to.equal(PRICE / 2n);
    });

    it("is reviewed for what the verdict settled", async () => {
      const { disputeDesk, panelArbiter, panel, vote, system, actors } = await empanelled();
      await vote(panel, 25n);
      await panelArbiter.close(1n);
      await time.increase(3n * DAY + 1n);
      await disputeDesk.execute(1n);
      await system.agentReputation
        .connect(actors.client)
        .giveJobFeedback(1n, AGENT, 10n, 0n, "", "", "", "", id("file"));
      const [, paid] = await system.agentReputation.summaryOf(AGENT);
      expect(paid).to.equal(PRICE / 4n);
      expect((await disputeDesk.disputeOf(1n)).phase).to.equal(PHASE.Closed);
    });
  });
});
