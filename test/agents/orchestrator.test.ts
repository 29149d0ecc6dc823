import { expect } from "chai";
import { id } from "ethers";

import { roleId } from "../../deploy/roles.ts";
import { fetchResult } from "../../scripts/agents/client.ts";
import type { Policy } from "../../scripts/agents/routing.ts";
import type { Json } from "../../scripts/lib/canonicalJson.ts";
import { OCTO } from "../support/fixture.ts";
import { type Hired, HOUR, printedBy, Workforce } from "../support/runtime.ts";

// An orchestrator: hired in role O, it gives each part of a composite task to an agent of its choice.

const DOCUMENT = "The escrow waits. The weather was fine. The escrow goes back. The fee is split. The escrow is paid.";

let workforce: Workforce;

describe("An orchestrator's process", function () {
  this.timeout(120_000);

  beforeEach(async () => {
    workforce = await Workforce.gather();
  });

  afterEach(async () => {
    await workforce.dismiss();
  });

  async function orchestrator(): Promise<Hired> {
    const offer = { name: "orchestrator", capability: "orchestration", handlers: ["compose"], price: "1" };
    const agent = await workforce.employ(offer);
    await workforce.makeOrchestrator(agent);
    return agent;
  }

  const compose = (agent: Hired, steps: Json[], forChildren: bigint) =>
    workforce.give({ handler: "compose", input: { steps } }, agent, {
      role: roleId("O"),
      agentId: 0n,
      budget: 100n * OCTO,
      forChildren,
    });

  async function resultOf(jobId: bigint, agent: Hired): Promise<Json> {
    await workforce.becomes(jobId, "Submitted");
    const [deliverable] = (await workforce.submissionsOf(jobId)) as [string];
    const text = await fetchResult(agent.process.endpoint, deliverable, workforce.world.actors.client);
    return JSON.parse(text) as Json;
  }

  it("feeds one step with another's result, and assembles what they return", async () => {
    const agent = await orchestrator();
    await workforce.employ({ name: "search", capability: "search", handlers: ["extract"], price: "10" });
    await workforce.employ({ name: "digest", capability: "digest", handlers: ["summarise", "compute"], price: "10" });
    const steps: Json[] = [
      {
        step: "digest",
        capability: "digest",
        handler: "summarise",
        input: { document: { $from: "search.sentences.text" }, sentences: 1 },
      },
      { step: "search", capability: "search", handler: "extract", input: { document: DOCUMENT, words: ["escrow"] } },
      { step: "count", capability: "digest", handler: "compute", input: { values: [3, 1, 2] } },
    ];
    const jobId = await compose(agent, steps, 50n * OCTO);
    const result = (await resultOf(jobId, agent)) as Record<string, Json>;
    expect(result["digest"]).to.deep.equal({ summary: ["The escrow waits."] });
    expect(result["count"]).to.deep.equal({ least: "1", greatest: "3", sum: "6", median: "2" });

    await workforce.market.complete(jobId, id("good"), "0x");
    const { role, parent } = await workforce.job(jobId);
    expect([role, parent]).to.deep.equal([roleId("O"), 0n]);
    for (const child of [2n, 3n, 4n])
      expect(await workforce.job(child)).to.include({ status: "Completed", parent: 1n });
  });

  it("routes each step by its policy", async () => {
    const agent = await orchestrator();
    const offer = { capability: "search", handlers: ["extract"] };
    const cheap = await workforce.employ({ ...offer, name: "cheap", price: "5", duration: 4n * HOUR });
    const fast = await workforce.employ({ ...offer, name: "fast", price: "10", duration: HOUR / 2n });
    const good = await workforce.employ({ ...offer, name: "good", price: "20", duration: 4n * HOUR });
    await workforce.rate(good, 100n);
    const policies: [string, Policy, Hired][] = [
      ["cheapest", "cheapest", cheap],
      ["fastest", "fastest", fast],
      ["quality", "quality", good],
      ["own", { price: 1, speed: 0.1, quality: 0.1 }, cheap],
    ];
    const steps = policies.map(([step, policy]) => ({
      step,
      policy,
      capability: "search",
      handler: "extract",
      input: { document: DOCUMENT, words: ["escrow"] },
    }));
    const jobId = await compose(agent, steps, 90n * OCTO);
    await resultOf(jobId, agent);
    for (const [step, , chosen] of policies) await printedBy(agent, `hired agent ${chosen.agentId} for "${step}"`);
  });

  it("pays no more for a step than it is told", async () => {
    const agent = await orchestrator();
    await workforce.employ({ name: "search", capability: "search", handlers: ["extract"], price: "10" });
    const input = { document: DOCUMENT, words: ["escrow"] };
    await compose(agent, [{ step: "only", capability: "search", handler: "extract", most: "9.99", input }], 50n * OCTO);
    await printedBy(agent, 'Nobody offers "search" for "only" at the price');
    expect(await workforce.market.jobCount()).to.equal(1n);
  });

  it("says what is wrong with steps that wait for each other", async () => {
    const agent = await orchestrator();
    const waiting = (step: string, from: string) => ({
      step,
      capability: "search",
      handler: "extract",
      input: { document: { $from: `${from}.sentences` }, words: ["escrow"] },
    });
    await compose(agent, [waiting("one", "two"), waiting("two", "one")], 50n * OCTO);
    await printedBy(agent, 'The step "one" waits for two, which waits for it');
  });
});
