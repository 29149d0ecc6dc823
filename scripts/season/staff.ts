import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { id, parseEther } from "ethers";

import { deliverTask } from "../agents/client.ts";
import { manifestHashOf, plainManifest } from "../agents/manifest.ts";
import { AgentProcess } from "../agents/process.ts";
import { type Task, termsOfTask, textOf } from "../agents/task.ts";
import { dealOf, NO_CONSENT } from "../lib/deal.ts";
import { type JobFacts, readJob } from "../lib/jobs.ts";
import { RpcBridge } from "../lib/rpcBridge.ts";
import { until } from "../lib/until.ts";
import type { StaffPlan } from "./scenario.ts";
import type { Stage } from "./stage.ts";

const POLL = 50;
const DAY = 86_400n;

/** An agent that runs: its number, its account and its process, with what it has printed. */
export type Employed = { agentId: bigint; address: string; price: bigint; process: AgentProcess; lines: string[] };

/** The agents of the season's acts: processes that know the season's chain by RPC and each other by HTTP. */
export class Staff {
  readonly #stage: Stage;
  readonly #bridge: RpcBridge;
  readonly #folder = mkdtempSync(path.join(tmpdir(), "season-agents-"));
  readonly #employed = new Map<string, Employed>();
  #addresses = "";
  #seenBlocks = 0;
  #seenJobs = 0n;

  private constructor(stage: Stage) {
    this.#stage = stage;
    this.#bridge = new RpcBridge(stage.connection.provider as ConstructorParameters<typeof RpcBridge>[0]);
  }

  static async gather(stage: Stage): Promise<Staff> {
    const staff = new Staff(stage);
    const url = await staff.#bridge.open();
    const { provider } = stage.connection.ethers;
    const { chainId } = await provider.getNetwork();
    staff.#addresses = path.join(staff.#folder, "addresses.json");
    writeFileSync(
      staff.#addresses,
      JSON.stringify({ url, chainId: Number(chainId), contracts: stage.system.addresses }),
    );
    staff.#seenBlocks = await provider.getBlockNumber();
    staff.#seenJobs = await stage.system.jobMarket.jobCount();
    return staff;
  }

  /** Starts an agent's process, and publishes what it offers. */
  async employ(plan: StaffPlan, rest: { mostOfEarnings?: string } = {}): Promise<Employed> {
    const { player, capability, handlers, price, minutes, hasGas } = plan;
    const account = this.#stage.scenario.players[player]!.account;
    const duration = BigInt(minutes * 60);
    const manifest = plainManifest(player, capability, price, duration);
    const lines: string[] = [];
    const config = { addresses: this.#addresses, account, handlers, pollMs: POLL, ...rest };
    const process = new AgentProcess(path.join(this.#folder, player), manifest, config, (line) => {
      lines.push(line);
      this.#stage.tell(line);
    });
    const endpoint = await process.start();
    const registry = this.#stage.system.agentRegistry.connect(this.#stage.player(player));
    await this.#stage.send(`${player} registers`, registry["register(string)"](`${endpoint}/registration.json`));
    const agentId = await registry.agentCount();
    const listing = {
      manifestHash: manifestHashOf(manifest),
      price: parseEther(price),
      duration,
    };
    await this.#stage.send(`${player} offers "${capability}" for ${price} OCTO`, registry.publish(agentId, listing));
    const address = this.#stage.player(player).address;
    if (!hasGas) await this.#stage.connection.networkHelpers.setBalance(address, 0n);
    const employed = { agentId, address, price: parseEther(price), process, lines };
    this.#employed.set(player, employed);
    return employed;
  }

  agentIdOf(player: string): bigint {
    return this.#employed.get(player)!.agentId;
  }

  /** The client of the research hires an agent at its price, and delivers the task. */
  async hire({ agentId, address, price, process }: Employed, task: Task, forChildren: string): Promise<bigint> {
    const { octo, jobMarket } = this.#stage.system;
    const name = this.#stage.scenario.research.client;
    const client = this.#stage.player(name);
    const jobId = (await jobMarket.jobCount()) + 1n;
    const deal = dealOf(
      { client: client.address, provider: address },
      {
        agentId,
        forChildren: parseEther(forChildren),
        duration: DAY,
        terms: termsOfTask(task),
        salt: id(`research ${jobId}`),
      },
    );
    await octo.connect(client).approve(jobMarket, price);
    await this.#stage.send(`${name} hires agent ${agentId}`, jobMarket.connect(client).hire(deal, price, NO_CONSENT));
    await deliverTask(process.endpoint, textOf(task));
    return jobId;
  }

  /** Waits until an agent has printed something. */
  async says({ lines }: Employed, text: string): Promise<void> {
    await until(`an agent prints "${text}"`, () => lines.find((line) => line.includes(text)));
  }

  /** Waits until the work of a job is submitted. */
  async submitted(jobId: bigint): Promise<void> {
    const { jobMarket } = this.#stage.system;
    await until(`job ${jobId} is submitted`, async () => {
      const job = await readJob(jobMarket, jobId);
      return job?.status === "Submitted" ? job : undefined;
    });
  }

  /** Notes what the processes have sent since this was asked last. */
  async noteTransactions(): Promise<void> {
    const agents = new Set([...this.#employed.values()].map(({ address }) => address));
    await this.#stage.noteProcesses(agents, this.#seenBlocks);
    this.#seenBlocks = await this.#stage.connection.ethers.provider.getBlockNumber();
  }

  /** The jobs that were made since this was asked last. */
  async newJobs(): Promise<JobFacts[]> {
    const { jobMarket } = this.#stage.system;
    const found: JobFacts[] = [];
    for (const last = await jobMarket.jobCount(); this.#seenJobs < last;) {
      found.push((await readJob(jobMarket, ++this.#seenJobs))!);
    }
    return found;
  }

  async dismiss(): Promise<void> {
    await Promise.all([...this.#employed.values()].map(({ process }) => process.stop()));
    await this.#bridge.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
