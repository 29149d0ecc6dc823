import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { id, parseEther } from "ethers";

import { roleId } from "../../deploy/roles.ts";
import { deliverTask } from "../../scripts/agents/client.ts";
import { type Manifest, manifestHashOf, plainManifest } from "../../scripts/agents/manifest.ts";
import { AgentProcess } from "../../scripts/agents/process.ts";
import { type Task, termsOfTask, textOf } from "../../scripts/agents/task.ts";
import { type Deal, dealOf, NO_CONSENT } from "../../scripts/lib/deal.ts";
import { type JobFacts, type JobStatus, readJob } from "../../scripts/lib/jobs.ts";
import { RpcBridge } from "../../scripts/lib/rpcBridge.ts";
import { until } from "../../scripts/lib/until.ts";
import { activate, approveAll, connection, deployed, ethers, loadFixture, OCTO, type World } from "./fixture.ts";

export const HOUR = 3_600n;
const FIRST_ACCOUNT = 16;
const STAFF = 6;

/** The suite with six accounts that are active in D, for agents, and a client. */
async function staffedWithAgents(): Promise<World> {
  const world = await loadFixture(deployed);
  const { system, actors } = world;
  const staff = (await ethers.getSigners()).slice(FIRST_ACCOUNT, FIRST_ACCOUNT + STAFF);
  for (const account of [actors.client, ...staff]) {
    await system.octo.connect(actors.liquidity).transfer(account.address, 100_000n * OCTO);
    await approveAll(system, account);
  }
  for (const account of staff) await activate(system, account, "D", 20n);
  return world;
}

export type Offer = {
  name: string;
  capability: string;
  handlers: string[];
  price: string;
  duration?: bigint;
  mostOfEarnings?: string;
  unboundFrom?: string;
  onRejection?: "accept" | "dispute";
};

/** An agent of a test: its account, its process and what it has printed. */
export type Hired = {
  agentId: bigint;
  signer: HardhatEthersSigner;
  manifest: Manifest;
  process: AgentProcess;
  lines: string[];
};

/** Agents as processes of their own, which know the test's chain by RPC only. */
export class Workforce {
  readonly world: World;
  readonly #bridge: RpcBridge;
  readonly #folder = mkdtempSync(path.join(tmpdir(), "agents-"));
  readonly #processes: AgentProcess[] = [];
  #addresses = "";
  #accounts = 0;
  readonly #mute = new Set<string>();
  readonly #atTheEnd: (() => Promise<unknown>)[] = [];

  private constructor(world: World) {
    this.world = world;
    this.#bridge = new RpcBridge({
      request: async (call) => {
        if (call.method === "eth_sendTransaction" && this.#mute.has(senderOf(call.params))) {
          throw new Error("the node takes no transactions of this account");
        }
        return connection.provider.request(call);
      },
    });
  }

  static async gather(): Promise<Workforce> {
    const workforce = new Workforce(await loadFixture(staffedWithAgents));
    const url = await workforce.#bridge.open();
    const { chainId } = await ethers.provider.getNetwork();
    workforce.#addresses = path.join(workforce.#folder, "addresses.json");
    const content = { url, chainId: Number(chainId), contracts: workforce.world.system.addresses };
    writeFileSync(workforce.#addresses, JSON.stringify(content));
    return workforce;
  }

  get market() {
    return this.world.system.jobMarket.connect(this.world.actors.client);
  }

  /** Starts an agent and publishes what it offers. */
  async employ({ name, capability, handlers, price, duration = HOUR, ...rest }: Offer): Promise<Hired> {
    const account = FIRST_ACCOUNT + this.#accounts++;
    const signer = (await ethers.getSigners())[account]!;
    const manifest = plainManifest(name, capability, price, duration);
    const lines: string[] = [];
    const config = { addresses: this.#addresses, account, handlers, pollMs: 50, ...rest };
    const process = new AgentProcess(path.join(this.#folder, name), manifest, config, (line) => lines.push(line));
    this.#processes.push(process);
    const endpoint = await process.start();
    const agentId = await this.publish(signer, manifest, endpoint, price, duration);
    return { agentId, signer, manifest, process, lines };
  }

  /** Offers again what was taken out. */
  async republish({ agentId, signer, manifest }: Hired, price: string): Promise<void> {
    const listing = { manifestHash: manifestHashOf(manifest), price: parseEther(price), duration: HOUR };
    await this.world.system.agentRegistry.connect(signer).publish(agentId, listing);
  }

  async publish(signer: HardhatEthersSigner, manifest: Manifest, endpoint: string, price: string, duration = HOUR) {
    const registry = this.world.system.agentRegistry.connect(signer);
    await registry["register(string)"](`${endpoint}/registration.json`);
    const agentId = await registry.agentCount();
    await registry.publish(agentId, { manifestHash: manifestHashOf(manifest), price: parseEther(price), duration });
    return agentId;
  }

  /** Makes an agent's account active in role O, too, and lets it agree to jobs of up to 1,000 OCTO there. */
  async makeOrchestrator({ signer }: Hired): Promise<void> {
    const { system } = this.world;
    await activate(system, signer, "O");
    await system.registry.connect(signer).setStandingTerms(roleId("O"), 1_000n * OCTO, HOUR);
  }

  /** The next account that is active in D. */
  async nextAccount(): Promise<HardhatEthersSigner> {
    return (await ethers.getSigners())[FIRST_ACCOUNT + this.#accounts++]!;
  }

  /** The client hires an agent at its price and delivers the task. */
  async give(task: Task, agent: Hired, rest: Partial<Deal> & { budget?: bigint } = {}): Promise<bigint> {
    const { budget, ...deal } = rest;
    const jobId = await this.hire(task, agent, deal, budget);
    await this.deliver(task, agent);
    return jobId;
  }

  async deliver(task: Task, { process }: Hired): Promise<void> {
    await deliverTask(process.endpoint, textOf(task));
  }

  /** Earnings, as if from earlier jobs, which the agent lets both desk and market spend. */
  async giveCredit({ signer }: Hired, amount: bigint): Promise<void> {
    const settlement = this.world.system.settlement.connect(signer);
    await settlement.deposit(signer.address, amount);
    await settlement.setCreditConsent(this.world.system.addresses.disputeDesk, true);
  }

  async hire(task: Task, { agentId, signer }: Hired, rest: Partial<Deal> = {}, budget?: bigint): Promise<bigint> {
    const { client } = this.world.actors;
    const [, price] = await this.world.system.agentRegistry.offerOf(agentId);
    const terms = termsOfTask(task);
    const deal = dealOf(
      { client: client.address, provider: signer.address },
      { role: roleId("D"), agentId, terms, duration: 24n * HOUR, salt: id(`${await this.market.jobCount()}`), ...rest },
    );
    await this.market.hire(deal, budget ?? price, NO_CONSENT);
    return this.market.jobCount();
  }

  /** The client has a small job done by hand, and reviews the agent for it. */
  async rate(agent: Hired, rating: bigint): Promise<void> {
    const { agentReputation } = this.world.system;
    const [, price] = await this.world.system.agentRegistry.offerOf(agent.agentId);
    const task = { handler: "by hand", input: {} };
    const jobId = await this.hire(task, agent, {}, price);
    await this.market.connect(agent.signer).submit(jobId, id("by hand"), "0x");
    await this.market.complete(jobId, id("good"), "0x");
    await agentReputation
      .connect(this.world.actors.client)
      .giveJobFeedback(jobId, agent.agentId, rating, 0n, "", "", "", "", id("review"));
  }

  async job(jobId: bigint): Promise<JobFacts> {
    return (await readJob(this.market, jobId))!;
  }

  /** What was submitted for a job. */
  async submissionsOf(jobId: bigint): Promise<string[]> {
    const events = await this.market.queryFilter(this.market.filters.JobSubmitted(jobId));
    return events.map(({ args }) => args.deliverable);
  }

  async becomes(jobId: bigint, status: JobStatus): Promise<JobFacts> {
    return until(`job ${jobId} is ${status}`, async () => {
      const job = await readJob(this.market, jobId);
      return job?.status === status ? job : undefined;
    });
  }

  /** Takes no transaction of an agent's any more. */
  silence({ signer }: Hired): void {
    this.#mute.add(signer.address.toLowerCase());
  }

  /** Takes them again. */
  unsilence({ signer }: Hired): void {
    this.#mute.delete(signer.address.toLowerCase());
  }

  atTheEnd(action: () => Promise<unknown>): void {
    this.#atTheEnd.push(action);
  }

  async loseRpc(): Promise<void> {
    await this.#bridge.close();
  }

  async restoreRpc(): Promise<void> {
    await this.#bridge.open();
  }

  async dismiss(): Promise<void> {
    await Promise.all(this.#processes.map((process) => process.stop()));
    for (const action of this.#atTheEnd) await action();
    await this.#bridge.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

function senderOf(params: unknown[]): string {
  return (params[0] as { from?: string }).from?.toLowerCase() ?? "";
}

export async function printedBy({ lines }: Hired, text: string): Promise<string> {
  return until(`it prints "${text}"`, () => lines.find((line) => line.includes(text)));
}
