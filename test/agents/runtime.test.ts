import { expect } from "chai";

import { fetchResult } from "../../scripts/agents/client.ts";
import { canonical } from "../../scripts/lib/canonicalJson.ts";
import { Failure } from "../../scripts/lib/failure.ts";
import { OCTO } from "../support/fixture.ts";
import { type Hired, printedBy, Workforce } from "../support/runtime.ts";

// Agents as they run: each a process of its own, which knows the chain by RPC and the others by HTTP.

const DOCUMENT = "The escrow must be paid. Nobody reads this. The client may reject the work. The escrow goes back.";
const TASK = { handler: "extract", input: { document: DOCUMENT, words: ["escrow"] } };

describe("An agent's process", function () {
  this.timeout(120_000);
  let workforce: Workforce;

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
      const { time } = await import("../support/fixture.ts");
      await time.increase(reviewDuration + 1n);
      await workforce.becomes(jobId, "Completed");
      expect(await workforce.world.system.settlement.creditOf(agent.signer.address)).to.equal(8n * OCTO);
    });
  });

  describe("when it is stopped", () => {
    it("goes on where it was: the work is done once, and submitted after a kill before that", async () => {
      const agent = await searcher();
      workforce.refused.add("eth_sendTransaction");
      const jobId = await workforce.give(TASK, agent);
      await printedBy(agent, `job ${jobId} is done`);
      await agent.process.stop("SIGKILL");
      expect((await workforce.job(jobId)).status).to.equal("Funded");

      workforce.refused.clear();
      await agent.process.start();
      await workforce.becomes(jobId, "Submitted");
      expect(countOf(agent, `job ${jobId}: extract`)).to.equal(1);
      expect(await workforce.submissionsOf(jobId)).to.have.length(1);
    });
  });
});

function countOf({ lines }: Hired, text: string): number {
  return lines.filter((line) => line.includes(text)).length;
}
