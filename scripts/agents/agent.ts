// An agent: it watches the chain for its jobs, does them, submits, and sees that it is paid. What it knows of its jobs it
// asks the chain each time, so that a stop, a lost connection or a re-organisation changes nothing.

import { setTimeout as sleep } from "node:timers/promises";

import { id } from "ethers";

import { canonical } from "../lib/canonicalJson.ts";
import { Failure } from "../lib/failure.ts";
import { ANSWER_TIME, isOver, type JobFacts, readJob } from "../lib/jobs.ts";
import { Chain, type Head, type JobLog, jobsOf, submissionsOf } from "./chain.ts";
import type { Settings } from "./config.ts";
import { inputOf } from "./handlers/handler.ts";
import { HANDLERS } from "./handlers/index.ts";
import { Hiring } from "./hiring.ts";
import { serveAgent } from "./server.ts";
import { Store } from "./store.ts";
import { parseTask } from "./task.ts";

/** How long a work that failed waits for its next try, in milliseconds. */
const RETRY = 5_000;
/** The longest pause while the chain cannot be reached, in milliseconds. */
const LONGEST_PAUSE = 15_000;
/** Bonds are paid from credit, if they are not on the provider's lane. */
const FROM_CREDIT = 1n;
/** The phase of a dispute in which the other side answers. */
const OPEN = 1n;
/** The longest result, in bytes; longer ones nobody would read. */
const MAX_RESULT_BYTES = 1_048_576;

export class Agent {
  readonly #settings: Settings;
  readonly #chain: Chain;
  readonly #store: Store;
  readonly #say: (text: string) => void;
  readonly #jobs: JobLog<number>;
  readonly #submissions: JobLog<string>;
  readonly #working = new Map<string, Promise<void>>();
  readonly #notBefore = new Map<string, number>();
  readonly #said = new Set<string>();
  readonly #stop = new AbortController();
  #head: Head = { number: 0, timestamp: 0n };
  #misses = 0;
  #allowed = false;

  private constructor(settings: Settings, chain: Chain, say: (text: string) => void) {
    this.#settings = settings;
    this.#chain = chain;
    this.#say = say;
    this.#store = new Store(settings.data);
    this.#jobs = jobsOf(chain);
    this.#submissions = submissionsOf(chain);
  }

  /** Starts an agent. It is told where it is reached as soon as it is, and runs until it is stopped. */
  static async start(settings: Settings, say: (text: string) => void): Promise<{ agent: Agent; endpoint: string }> {
    const chain = await Chain.connect(settings.site, settings.account);
    const agent = new Agent(settings, chain, say);
    const { server, endpoint } = await serveAgent(agent.#office(), settings.port);
    agent.#stop.signal.addEventListener("abort", () => void server.close());
    return { agent, endpoint };
  }

  /** Looks at the chain again and again, until it is stopped. */
  async run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      await this.#look();
      await this.#pause().catch(() => undefined);
    }
    this.#chain.close();
  }

  stop(): void {
    this.#stop.abort();
  }

  async #look(): Promise<void> {
    try {
      await this.#step();
      if (this.#misses > 0) this.#say("the chain is there again");
      this.#misses = 0;
    } catch (error) {
      if (this.#misses++ === 0) this.#say(`the chain cannot be reached: ${reasonOf(error)}`);
    }
  }

  async #pause(): Promise<void> {
    const pause = Math.min(this.#settings.pollMs * 2 ** Math.min(this.#misses, 10), LONGEST_PAUSE);
    await sleep(Math.max(pause, this.#settings.pollMs), undefined, { signal: this.#stop.signal });
  }

  // Its jobs

  async #step(): Promise<void> {
    this.#head = await this.#chain.head();
    if (this.#settings.mostOfEarnings !== undefined && !this.#allowed) this.#begin("credit", () => this.#allowCredit());
    const jobs = await this.#jobs.update(this.#head);
    for (const [jobId, block] of [...jobs]) await this.#attend(jobId, block);
  }

  async #attend(jobId: bigint, block: number): Promise<void> {
    const job = await readJob(this.#chain.system.jobMarket, jobId);
    if (job === undefined || job.provider !== this.#chain.address || isOver(job.status)) {
      this.#jobs.forget(jobId);
    } else if (job.status === "Funded" && this.#head.timestamp <= job.deadline && this.#hasAgreed(job)) {
      this.#begin(nameOf(job), () => this.#produce(job, block));
    } else if (job.status === "Submitted" && this.#head.timestamp > job.reviewEndsAt) {
      this.#begin(`release ${jobId}`, () => this.#release(jobId));
    } else if (job.status === "Disputed" && !job.bound) {
      this.#begin(`defend ${jobId}`, () => this.#defend(jobId));
    } else if (job.status === "Declined" && this.#head.timestamp <= job.reviewEndsAt + ANSWER_TIME) {
      this.#begin(`answer ${jobId}`, () => this.#answerRejection(jobId));
    }
  }

  #hasAgreed({ bound, budget }: JobFacts): boolean {
    const { unboundFrom } = this.#settings;
    return bound || (unboundFrom !== undefined && budget >= unboundFrom);
  }

  /** Does something beside the look-out, once at a time; if it fails, again after a while. */
  #begin(name: string, action: () => Promise<void>): void {
    if (this.#working.has(name) || Date.now() < (this.#notBefore.get(name) ?? 0)) return;
    const done = action()
      .catch((error: unknown) => {
        if (this.#stop.signal.aborted) return;
        this.#notBefore.set(name, Date.now() + Math.max(RETRY, this.#settings.pollMs));
        this.#sayOnce(`${titleOf(name)}: ${reasonOf(error)}`);
      })
      .finally(() => this.#working.delete(name));
    this.#working.set(name, done);
  }

  // Its work

  async #produce(job: JobFacts, block: number): Promise<void> {
    const deliverable = this.#store.resultOf(nameOf(job)) ?? (await this.#workOn(job, block));
    if (deliverable !== undefined) await this.#submit(job, deliverable);
  }

  async #workOn(job: JobFacts, block: number): Promise<string | undefined> {
    const text = this.#store.text(job.terms) ?? (await this.#described(job.jobId, block));
    if (text === undefined) {
      this.#store.want(job.terms);
      this.#sayOnce(`job ${job.jobId} waits for its task, whose hash is ${job.terms}`);
      return undefined;
    }
    this.#store.keep(text);
    const task = parseTask(text);
    const handler = HANDLERS.get(task.handler);
    if (handler === undefined || !this.#settings.handlers.includes(task.handler)) {
      throw new Failure(`there is no handler "${task.handler}" here.`, "Offer it, or let the job expire.");
    }
    this.#say(`job ${job.jobId}: ${task.handler}`);
    const result = await handler.work(inputOf(handler, task.input), this.#benchOf(job, block));
    const made = canonical(result);
    if (Buffer.byteLength(made) > MAX_RESULT_BYTES) throw new Failure("the result is too long.", "Ask for less.");
    const deliverable = this.#store.keep(made);
    this.#store.noteResult(nameOf(job), deliverable);
    this.#say(`job ${job.jobId} is done: ${deliverable}`);
    return deliverable;
  }

  #benchOf({ jobId }: JobFacts, block: number): Hiring {
    const { policy, mostOfEarnings = 0n } = this.#settings;
    const means = { chain: this.#chain, store: this.#store, policy, mostOfEarnings, pause: () => this.#pause() };
    return new Hiring({ ...means, say: (text) => this.#say(`job ${jobId}: ${text}`) }, jobId, block);
  }

  /** What a job that was made in the steps of ERC-8183 is about stands on chain, in the block in which it was made. */
  async #described(jobId: bigint, block: number): Promise<string | undefined> {
    const { jobMarket } = this.#chain.system;
    const [described] = await jobMarket.queryFilter(jobMarket.filters.JobDescribed(jobId), block, block);
    return described?.args.description;
  }

  /** Only a job that still waits for its work: whether it does is asked when it is this transaction's turn. */
  async #submit({ jobId, terms }: JobFacts, deliverable: string): Promise<void> {
    const { jobMarket } = this.#chain.system;
    const receipt = await this.#chain.sender.send(async () => {
      const job = await readJob(jobMarket, jobId);
      const waits = job?.status === "Funded" && job.provider === this.#chain.address && job.terms === terms;
      return waits ? jobMarket.submit.populateTransaction(jobId, deliverable, "0x") : undefined;
    });
    if (receipt !== undefined) this.#say(`job ${jobId} is submitted`);
  }

  // Its pay, and what is said against it

  async #release(jobId: bigint): Promise<void> {
    const { jobMarket } = this.#chain.system;
    await this.#chain.sender.send(async () => {
      const job = await readJob(jobMarket, jobId);
      return job?.status === "Submitted" ? jobMarket.release.populateTransaction(jobId) : undefined;
    });
    this.#say(`job ${jobId}: the client was silent, and the escrow is released`);
  }

  async #answerRejection(jobId: bigint): Promise<void> {
    const { jobMarket, disputeDesk } = this.#chain.system;
    const disputes = this.#settings.onRejection === "dispute";
    await this.#chain.sender.send(async () => {
      const job = await readJob(jobMarket, jobId);
      if (job?.status !== "Declined") return undefined;
      return disputes
        ? disputeDesk.open.populateTransaction(jobId, id("the work is what was agreed"), FROM_CREDIT, false)
        : jobMarket.acceptRejection.populateTransaction(jobId);
    });
    this.#say(`job ${jobId} was rejected: ${disputes ? "a dispute is opened" : "that is accepted"}`);
  }

  /** Whose stake is not bound by the job has to put a bond at stake, or loses by default. */
  async #defend(jobId: bigint): Promise<void> {
    const { disputeDesk } = this.#chain.system;
    const receipt = await this.#chain.sender.send(async () => {
      const { phase, byClient, answered } = await disputeDesk.disputeOf(jobId);
      return phase === OPEN && byClient && !answered
        ? disputeDesk.answer.populateTransaction(jobId, FROM_CREDIT)
        : undefined;
    });
    if (receipt !== undefined) this.#say(`job ${jobId} is disputed: a bond is at stake for it`);
  }

  /** Lets the market spend what the agent has earned, which is hiring others. */
  async #allowCredit(): Promise<void> {
    const { settlement, jobMarket } = this.#chain.system;
    const [{ consents }, { index }] = await Promise.all([
      settlement.accountOf(this.#chain.address),
      settlement.marketOf(jobMarket),
    ]);
    if (((consents >> index) & 1n) === 0n) {
      await this.#chain.sender.send(async () =>
        settlement.setCreditConsent.populateTransaction(await jobMarket.getAddress(), true),
      );
    }
    this.#allowed = true;
  }

  // What it shows

  #office() {
    const { manifest, handlers, publicUrl } = this.#settings;
    return {
      manifest,
      handlers,
      publicUrl,
      store: this.#store,
      registrations: () => this.#registrations(),
      isClientOf: (deliverable: string, account: string) => this.#isClientOf(deliverable, account),
      status: () => ({
        address: this.#chain.address,
        block: this.#head.number,
        reachesChain: this.#misses === 0,
        working: [...this.#working.keys()],
      }),
    };
  }

  async #isClientOf(deliverable: string, account: string): Promise<boolean> {
    const submissions = await this.#submissions.update(await this.#chain.head());
    for (const [jobId, submitted] of submissions) {
      if (submitted !== deliverable) continue;
      const job = await readJob(this.#chain.system.jobMarket, jobId);
      if (job?.client === account && job.provider === this.#chain.address) return true;
    }
    return false;
  }

  async #registrations(): Promise<{ agentRegistry: string; agentId: number }[]> {
    const { agentRegistry } = this.#chain.system;
    const { chainId, contracts, fromBlock } = this.#chain.site;
    const published = await agentRegistry.queryFilter(
      agentRegistry.filters.AgentPublished(undefined, this.#chain.address),
      fromBlock,
    );
    const ids = new Set(published.map(({ args }) => Number(args.agentId)));
    return [...ids].map((agentId) => ({ agentRegistry: `eip155:${chainId}:${contracts.agentRegistry}`, agentId }));
  }

  #sayOnce(text: string): void {
    if (this.#said.has(text)) return;
    this.#said.add(text);
    this.#say(text);
  }
}

/** A job's number alone may be another job's after a re-organisation. */
function nameOf({ jobId, terms }: JobFacts): string {
  return `${jobId}-${terms}`;
}

/** The same for people. */
function titleOf(name: string): string {
  const [, jobId] = /^(\d+)-0x/.exec(name) ?? [];
  return jobId === undefined ? name : `job ${jobId}`;
}

/** What a node says of a failure is nearer to its cause than what a library makes of it. */
function reasonOf(error: unknown): string {
  const { shortMessage, message, info } = error as Error & Wrapped;
  const said = info?.error?.message ?? (error as Wrapped).error?.message;
  return said ?? shortMessage ?? message;
}

type Wrapped = {
  shortMessage?: string;
  error?: { message?: string };
  info?: { error?: { message?: string } };
};
