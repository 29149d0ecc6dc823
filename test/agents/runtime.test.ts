import { expect } from "chai";
import { id } from "ethers";

import { fetchResult } from "../../scripts/agents/client.ts";
import { canonical } from "../../scripts/lib/canonicalJson.ts";
import { until } from "../../scripts/lib/until.ts";
import { Failure } from "../../scripts/lib/failure.ts";
import { connection, ethers, networkHelpers, OCTO, time } from "../support/fixture.ts";
import { PAYMENT } from "../support/jobs.ts";
import { type Hired, HOUR, printedBy, Workforce } from "../support/runtime.ts";

// Agents as they run: each a process of its own, which knows the chain by RPC and the others by HTTP.

const DOCUMENT = "The escrow must be paid. Nobody reads this. The client may reject the work. The escrow goes back.";
const TASK = { handler: "extract", input: { document: DOCUMENT, words: ["escrow"] } };

const REASON = id("because");

let workforce: Workforce;

describe("An agent's process", function () {
  this.timeout(120_000);

  beforeEach(async () => {
    workforce = await Workforce.gather();
  });

  afterEach(async () => {
    await workforce.dismiss();
  });

  const searcher = (name = "search") =>
    workforce.employ({ name, capability: "search", handlers: ["extract"], price: "10" });

  describe("when it is hired", () => {
    it("does the work, submits its hash and shows it to the client only", async () => {
      const agent = await searcher();
      const { client, stranger } = workforce.world.actors;
      const jobId = await workforce.give(TASK, agent);
      await workforce.becomes(jobId, "Submitted");
      const [deliverable] = (await workforce.submissionsOf(jobId)) as [string];

      const text = await fetchResult(agent.process.endpoint, deliverable, client);
      expect((JSON.parse(text) as { sentences: string[] }).sentences).to.deep.equal([
        "The escrow must be paid.",
        "The escrow goes back.",
      ]);
      expect(text).to.equal(canonical(JSON.parse(text)));
      const refused = await fetchResult(agent.process.endpoint, deliverable, stranger).catch((error: Failure) => error);
      expect((refused as Failure).message)
        .to.contain("answered 403")
        .and.to.contain(stranger.address);
    });

    it("is paid when the client is silent: it releases the escrow itself", async () => {
      const agent = await searcher();
      const jobId = await workforce.give(TASK, agent);
      const { reviewDuration } = await workforce.becomes(jobId, "Submitted");
      await time.increase(reviewDuration + 1n);
      await workforce.becomes(jobId, "Completed");
      expect(await workforce.world.system.settlement.creditOf(agent.signer.address)).to.equal(8n * OCTO);
    });
  });

  describe("when it is stopped", () => {
    it("goes on where it was: the work is done once, and submitted after a kill before that", async () => {
      const agent = await searcher();
      workforce.silence(agent);
      const jobId = await workforce.give(TASK, agent);
      await printedBy(agent, `job ${jobId} is done`);
      await agent.process.stop("SIGKILL");
      expect((await workforce.job(jobId)).status).to.equal("Funded");

      workforce.unsilence(agent);
      await agent.process.start();
      await workforce.becomes(jobId, "Submitted");
      expect(countOf(agent, `job ${jobId}: extract`)).to.equal(1);
      expect(await workforce.submissionsOf(jobId)).to.have.length(1);
    });

    it("sends nothing a second time while what it has sent is not mined", async () => {
      const agent = await searcher();
      const { provider } = connection;
      const jobId = await workforce.hire(TASK, agent);
      await provider.request({ method: "evm_setAutomine", params: [false] });
      try {
        await workforce.deliver(TASK, agent);
        await until("the submission is sent", () => pendingOf(agent.signer.address));
        await agent.process.stop("SIGKILL");
        await agent.process.start();
        await printedBy(agent, "are not mined yet");
        await networkHelpers.mine();
      } finally {
        await provider.request({ method: "evm_setAutomine", params: [true] });
      }
      await workforce.becomes(jobId, "Submitted");
      expect(await workforce.submissionsOf(jobId)).to.have.length(1);
      expect(await agent.signer.getNonce()).to.equal(await nonceAfter(agent, jobId));
    });

    it("serves earlier results after it was started anew", async () => {
      const agent = await searcher();
      const jobId = await workforce.give(TASK, agent);
      await workforce.becomes(jobId, "Submitted");
      await workforce.market.complete(jobId, REASON, "0x");
      await agent.process.stop();
      const endpoint = await agent.process.start();
      const [deliverable] = (await workforce.submissionsOf(jobId)) as [string];
      expect(await fetchResult(endpoint, deliverable, workforce.world.actors.client)).to.contain("must be paid");
    });
  });

  describe("when the chain behaves as chains do", () => {
    it("submits again what a re-organisation of two blocks has undone", async () => {
      const agent = await searcher();
      const jobId = await workforce.hire(TASK, agent);
      const fork = await networkHelpers.takeSnapshot();
      await networkHelpers.mine();
      await workforce.deliver(TASK, agent);
      await workforce.becomes(jobId, "Submitted");

      await fork.restore();
      expect((await workforce.job(jobId)).status).to.equal("Funded");
      await networkHelpers.mine(2);
      await workforce.becomes(jobId, "Submitted");
      expect(countOf(agent, `job ${jobId}: extract`)).to.equal(1);
    });

    it("sends again what was dropped before it was mined", async () => {
      const agent = await searcher();
      const { provider } = connection;
      const jobId = await workforce.hire(TASK, agent);
      await provider.request({ method: "evm_setAutomine", params: [false] });
      try {
        await workforce.deliver(TASK, agent);
        await until("the submission is sent", () => pendingOf(agent.signer.address));
        const { transactions } = (await provider.request({
          method: "eth_getBlockByNumber",
          params: ["pending", false],
        })) as { transactions: string[] };
        await provider.request({ method: "hardhat_dropTransaction", params: [transactions[0]] });
      } finally {
        await provider.request({ method: "evm_setAutomine", params: [true] });
      }
      await workforce.becomes(jobId, "Submitted");
    });

    it("forgets a job that a re-organisation has undone, and does the one that has its number now", async () => {
      const agent = await searcher();
      const fork = await networkHelpers.takeSnapshot();
      const undone = await workforce.hire(TASK, agent);
      await printedBy(agent, `job ${undone} waits for its task`);

      await fork.restore();
      const other = { ...TASK, reference: "another" };
      const jobId = await workforce.give(other, agent);
      expect(jobId).to.equal(undone);
      await workforce.becomes(jobId, "Submitted");
    });

    it("goes on when its RPC was away", async () => {
      const agent = await searcher();
      await workforce.loseRpc();
      await printedBy(agent, "the chain cannot be reached");
      const jobId = await workforce.give(TASK, agent);
      await workforce.restoreRpc();
      await workforce.becomes(jobId, "Submitted");
      await printedBy(agent, "the chain is there again");
    });
  });

  describe("when it cannot do a job", () => {
    it("refuses a task of another kind over HTTP, and says what it can do", async () => {
      const agent = await searcher();
      const refused = await workforce.deliver({ handler: "compute", input: { values: [1] } }, agent).catch(messageOf);
      expect(refused).to.contain("answered 422").and.to.contain('no handler \\"compute\\" here. There are extract.');
    });

    it("refuses a task of another form", async () => {
      const agent = await searcher();
      const refused = await workforce.deliver({ handler: "extract", input: { document: "" } }, agent).catch(messageOf);
      expect(refused).to.contain("input.document");
    });

    it("leaves a job alone to which it has not consented", async () => {
      const agent = await searcher();
      const jobId = await workforce.give(TASK, agent, { agentId: 0n, budget: OCTO });
      await workforce
        .give({ ...TASK, reference: "bound" }, agent)
        .then((bound) => workforce.becomes(bound, "Submitted"));
      const { bound, status } = await workforce.job(jobId);
      expect([bound, status]).to.deep.equal([false, "Funded"]);
    });

    it("leaves a job that is late to its refund", async () => {
      const agent = await searcher();
      const jobId = await workforce.hire(TASK, agent, { duration: HOUR });
      await time.increase(HOUR + 1n);
      await workforce.deliver(TASK, agent);
      await workforce
        .give({ ...TASK, reference: "in time" }, agent)
        .then((other) => workforce.becomes(other, "Submitted"));
      await workforce.market.claimRefund(jobId);
      expect((await workforce.job(jobId)).status).to.equal("Expired");
    });
  });

  describe("when its work is rejected", () => {
    for (const [onRejection, status] of [
      ["accept", "Rejected"],
      ["dispute", "Disputed"],
    ] as const) {
      it(`will ${onRejection} if its owner has said so`, async () => {
        const offer = { name: "search", capability: "search", handlers: ["extract"], price: "10", onRejection };
        const agent = await workforce.employ(offer);
        await workforce.giveCredit(agent, 100n * OCTO);
        const jobId = await workforce.give(TASK, agent);
        await workforce.becomes(jobId, "Submitted");
        await workforce.market.reject(jobId, REASON, "0x");
        await workforce.becomes(jobId, status);
      });
    }
  });
});

describe("An agent that works without having consented", function () {
  this.timeout(120_000);

  beforeEach(async () => {
    workforce = await Workforce.gather();
  });

  afterEach(async () => {
    await workforce.dismiss();
  });

  it("does so from a price on, and puts a bond at stake when it is disputed", async () => {
    const offer = { name: "open", capability: "search", handlers: ["extract"], price: "10", unboundFrom: "5" };
    const agent = await workforce.employ(offer);
    await workforce.giveCredit(agent, 100n * OCTO);
    const { disputeDesk } = workforce.world.system;
    const cheap = await workforce.give({ ...TASK, reference: "cheap" }, agent, { agentId: 0n, budget: 4n * OCTO });
    const jobId = await workforce.give(TASK, agent, { agentId: 0n, budget: 5n * OCTO });
    await workforce.becomes(jobId, "Submitted");
    expect((await workforce.job(cheap)).status).to.equal("Funded");

    await disputeDesk.connect(workforce.world.actors.client).open(jobId, id("claim"), PAYMENT.Approval, false);
    await printedBy(agent, `job ${jobId} is disputed: a bond is at stake for it`);
    expect((await disputeDesk.disputeOf(jobId)).answered).to.equal(true);
  });
});

async function pendingOf(address: string): Promise<true | undefined> {
  const [mined, all] = await Promise.all(
    ["latest", "pending"].map((tag) =>
      connection.provider.request({ method: "eth_getTransactionCount", params: [address, tag] }),
    ),
  );
  return Number(all) > Number(mined) ? true : undefined;
}

/** The nonce that an agent has right after the block in which it submitted. */
async function nonceAfter({ signer }: Hired, jobId: bigint): Promise<number> {
  const { market } = workforce;
  const [submitted] = await market.queryFilter(market.filters.JobSubmitted(jobId));
  const { nonce } = (await ethers.provider.getTransaction(submitted!.transactionHash))!;
  return nonce + 1;
}

function messageOf(error: Error): string {
  return error.message;
}

function countOf({ lines }: Hired, text: string): number {
  return lines.filter((line) => line.includes(text)).length;
}
