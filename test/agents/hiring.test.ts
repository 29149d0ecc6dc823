import { expect } from "chai";
import fastify from "fastify";
import { id } from "ethers";

import { fetchResult } from "../../scripts/agents/client.ts";
import { plainManifest } from "../../scripts/agents/manifest.ts";
import { SERVICE } from "../../scripts/agents/catalogue.ts";
import { canonical, hashOf, type Json } from "../../scripts/lib/canonicalJson.ts";
import { until } from "../../scripts/lib/until.ts";
import { OCTO, time } from "../support/fixture.ts";
import { type Hired, HOUR, printedBy, Workforce } from "../support/runtime.ts";

// Agents that hire agents, each a process of its own: out of a job's escrow, or out of what they have earned.

const DOCUMENT = [
  "The provider must submit before the deadline.",
  "The weather was fine.",
  "The escrow goes back to a client whose provider was silent.",
  "A client may reject submitted work, and the escrow waits for the verdict.",
].join(" ");

const RESEARCH = {
  handler: "research",
  input: { question: "What happens to the escrow?", document: DOCUMENT, words: ["escrow"] },
};

const ANSWER = {
  question: "What happens to the escrow?",
  answer: {
    summary: [
      "The escrow goes back to a client whose provider was silent.",
      "A client may reject submitted work, and the escrow waits for the verdict.",
    ],
  },
  sources: 2,
  obligations: [
    "The provider must submit before the deadline.",
    "A client may reject submitted work, and the escrow waits for the verdict.",
  ],
};

const PRICES = { research: 100n * OCTO, search: 10n * OCTO, legal: 20n * OCTO };

let workforce: Workforce;

describe("Agents that hire agents", function () {
  this.timeout(120_000);

  beforeEach(async () => {
    workforce = await Workforce.gather();
  });

  afterEach(async () => {
    await workforce.dismiss();
  });

  const researcher = (rest: { mostOfEarnings?: string } = {}) =>
    workforce.employ({ name: "research", capability: "research", handlers: ["research"], price: "100", ...rest });
  const searcher = (name = "search", price = "10") =>
    workforce.employ({ name, capability: "search", handlers: ["extract"], price });
  const lawyer = () => workforce.employ({ name: "legal", capability: "legal", handlers: ["extract"], price: "20" });

  async function resultOf(jobId: bigint, agent: Hired): Promise<Json> {
    const [deliverable] = (await workforce.submissionsOf(jobId)) as [string];
    const text = await fetchResult(agent.process.endpoint, deliverable, workforce.world.actors.client);
    return JSON.parse(text) as Json;
  }

  const creditOf = ({ signer }: Hired) => workforce.world.system.settlement.creditOf(signer.address);
  const netOf = (price: bigint) => (price * 80n) / 100n;

  it("pay each other out of the job's escrow, and the whole tree settles to the wei", async () => {
    const [research, search, legal] = [await researcher(), await searcher(), await lawyer()];
    const jobId = await workforce.give(RESEARCH, research, { forChildren: 40n * OCTO });
    await workforce.becomes(jobId, "Submitted");
    expect(await resultOf(jobId, research)).to.deep.equal(ANSWER);
    await workforce.market.complete(jobId, id("good"), "0x");

    for (const child of [2n, 3n]) expect(await workforce.job(child)).to.include({ status: "Completed", parent: jobId });
    expect(await creditOf(search)).to.equal(netOf(PRICES.search));
    expect(await creditOf(legal)).to.equal(netOf(PRICES.legal));
    expect(await creditOf(research)).to.equal(netOf(PRICES.research - PRICES.search - PRICES.legal));
    const { balance } = await workforce.world.system.settlement.marketOf(workforce.world.system.addresses.jobMarket);
    expect(balance).to.equal(0n);
  });

  it("replace one that is late by another at no more than its price", async () => {
    const [research, silent, other] = [await researcher(), await searcher("silent", "9"), await searcher("other", "8")];
    await lawyer();
    workforce.silence(silent);
    await workforce.world.system.agentRegistry.connect(other.signer).unpublish(other.agentId);
    const jobId = await workforce.give(RESEARCH, research, { forChildren: 40n * OCTO });
    await printedBy(research, `hired agent ${silent.agentId} for "search"`);
    await printedBy(silent, "is done");
    await printedBy(research, "accepted and paid"); // the lawyer

    await workforce.republish(other, "8");
    await time.increase(HOUR + 1n);
    await workforce.becomes(jobId, "Submitted");
    await printedBy(research, `agent ${other.agentId} takes over`);
    expect(await resultOf(jobId, research)).to.deep.equal(ANSWER);
    expect(await creditOf(silent)).to.equal(0n);
    expect(await creditOf(other)).to.equal(netOf(8n * OCTO));
    await workforce.market.complete(jobId, id("good"), "0x");
    expect(await creditOf(research)).to.equal(netOf(PRICES.research - 8n * OCTO - PRICES.legal));
  });

  it("take back the escrow of one that is late if nobody else is cheap enough, and hire a dearer one", async () => {
    const [research, silent, dear] = [await researcher(), await searcher("silent", "9"), await searcher("dear", "15")];
    await lawyer();
    workforce.silence(silent);
    const jobId = await workforce.give(RESEARCH, research, { forChildren: 40n * OCTO });
    await printedBy(silent, "is done");
    await printedBy(research, "accepted and paid"); // the lawyer
    await time.increase(HOUR + 1n);
    await workforce.becomes(jobId, "Submitted");
    await printedBy(research, "came to nothing");
    expect(await creditOf(dear)).to.equal(netOf(15n * OCTO));
  });

  it("reject what is wrong, hire another, and have the rejected one's escrow back", async () => {
    const [research, legal] = [await researcher(), await lawyer()];
    const liar = await lyingSearcher();
    const honest = await searcher("honest", "10");
    const jobId = await workforce.give(RESEARCH, research, { forChildren: 40n * OCTO });
    await workforce.becomes(jobId, "Submitted");
    await printedBy(research, "it is not what the task asks for");
    expect(await resultOf(jobId, research)).to.deep.equal(ANSWER);
    expect(await creditOf(honest)).to.equal(netOf(PRICES.search));
    expect(await creditOf(legal)).to.equal(netOf(PRICES.legal));

    const declined = await liar.job();
    expect((await workforce.job(declined)).status).to.equal("Declined");
    await liar.acceptRejection(declined);
    await workforce.market.complete(jobId, id("good"), "0x");
    const { balance } = await workforce.world.system.settlement.marketOf(workforce.world.system.addresses.jobMarket);
    expect(balance).to.equal(0n);
  });

  it("spend what they have earned, without any transaction of a human", async () => {
    const [research, search, legal] = [await researcher({ mostOfEarnings: "20" }), await searcher(), await lawyer()];
    const first = await workforce.give(RESEARCH, research, { forChildren: 40n * OCTO });
    await workforce.becomes(first, "Submitted");
    await workforce.market.complete(first, id("good"), "0x");
    const earned = await creditOf(research);

    const second = await workforce.give({ ...RESEARCH, reference: "again" }, research);
    await workforce.becomes(second, "Submitted");
    expect(await creditOf(research)).to.equal(earned - PRICES.search - PRICES.legal);
    expect(await creditOf(search)).to.equal(2n * netOf(PRICES.search));
    expect(await creditOf(legal)).to.equal(2n * netOf(PRICES.legal));
    expect(await workforce.job(5n)).to.include({ client: research.signer.address, parent: 0n });
  });

  it("spend no more of their earnings on a hire than they are allowed", async () => {
    const research = await researcher({ mostOfEarnings: "19.99" });
    await workforce.giveCredit(research, 100n * OCTO);
    const [search] = [await searcher(), await lawyer()];
    await workforce.give(RESEARCH, research);
    await printedBy(research, 'Nobody offers "legal" for "legal" at the price');
    await printedBy(research, `hired agent ${search.agentId} for "search", paid from its own earnings`);
  });

  it("go on with those they had hired when they were killed in between", async () => {
    const research = await researcher();
    await searcher();
    const jobId = await workforce.give(RESEARCH, research, { forChildren: 40n * OCTO });
    await printedBy(research, 'hired agent 2 for "search"');
    await research.process.stop("SIGKILL");
    await lawyer();
    await research.process.start();
    await workforce.becomes(jobId, "Submitted");
    expect(await workforce.market.jobCount()).to.equal(3n);
  });

  it("wait until somebody offers what they need", async () => {
    const research = await researcher();
    await lawyer();
    const jobId = await workforce.give(RESEARCH, research, { forChildren: 40n * OCTO });
    await printedBy(research, 'Nobody offers "search"');
    await searcher();
    await workforce.becomes(jobId, "Submitted");
  });

  /** Offers the best price, and submits what nobody asked for. */
  async function lyingSearcher() {
    const signer = await workforce.nextAccount();
    const manifest = plainManifest("liar", "search", "1", HOUR);
    const text = canonical({ sha256: "0", sentences: [] });
    const server = fastify();
    let endpoint = "";
    server.get("/registration.json", () => ({ services: [{ name: SERVICE, endpoint }] }));
    server.get("/manifest.json", () => manifest);
    server.get("/results/:hash", () => text);
    server.post("/tasks", async () => {
      return {};
    });
    endpoint = await server.listen({ host: "127.0.0.1", port: 0 });
    await workforce.publish(signer, manifest, endpoint, "1");
    const market = workforce.market.connect(signer);
    const job = () =>
      until("the liar is hired", async () => {
        const [created] = await market.queryFilter(market.filters.JobCreated(undefined, undefined, signer.address));
        return created?.args.jobId;
      });
    void job().then((jobId) => market.submit(jobId, hashOf(text), "0x"));
    workforce.atTheEnd(() => server.close());
    return { job, acceptRejection: (jobId: bigint) => market.acceptRejection(jobId) };
  }
});
