// How an agent hires others for parts of its work, and sees to it that they do theirs.

import { id } from "ethers";

import type { Json } from "../lib/canonicalJson.ts";
import { type Deal, dealOf, NO_CONSENT } from "../lib/deal.ts";
import { Failure } from "../lib/failure.ts";
import { type JobFacts, readJob } from "../lib/jobs.ts";
import { candidatesFor, readAgent } from "./catalogue.ts";
import type { Chain, Head } from "./chain.ts";
import { jobsOn, type JobLog } from "./chain.ts";
import { deliverTask, fetchResult } from "./client.ts";
import type { Bench, Order } from "./handlers/handler.ts";
import { faultOf } from "./handlers/index.ts";
import { type Candidate, type Policy, ranked } from "./routing.ts";
import type { Store } from "./store.ts";
import { type Task, termsOfTask, textOf } from "./task.ts";

/** What the hirer has to work with. */
export type Means = {
  chain: Chain;
  store: Store;
  /** How one of several is chosen, unless the order says. */
  policy: Policy;
  /** The most that it pays for a part out of its own credit, if the job sets nothing apart for it; in wei of OCTO. */
  mostOfEarnings: bigint;
  /** Waits until it may be worth to look again; throws when the agent is stopped. */
  pause: () => Promise<void>;
  say: (text: string) => void;
};

/** A part of a work as it is agreed on with whoever does it. */
type Part = {
  order: Order;
  task: Task;
  text: string;
  terms: string;
  log: JobLog<number>;
  hired: Set<bigint>;
  /** When the one at work was sent the task last, in milliseconds. */
  deliveredAt: number;
};

/**
 * Hires others for the parts of one job. Nothing is kept: a part's terms name job and step, so whoever was hired for it is
 * found on chain by them, also by a process that was started anew.
 */
export class Hiring implements Bench {
  readonly #means: Means;
  readonly #jobId: bigint;
  readonly #fromBlock: number;

  /**
   * @param jobId The job whose provider the agent is.
   * @param fromBlock The block in which it was made.
   */
  constructor(means: Means, jobId: bigint, fromBlock: number) {
    this.#means = means;
    this.#jobId = jobId;
    this.#fromBlock = fromBlock;
  }

  async hire(order: Order): Promise<Json> {
    const task = { ...order.task, reference: `${this.#jobId}/${order.step}` };
    const terms = termsOfTask(task);
    const log = jobsOn(this.#means.chain, terms, this.#fromBlock);
    const part = { order, task, text: textOf(task), terms, log, hired: new Set<bigint>(), deliveredAt: Date.now() };
    for (;;) {
      const result = await this.#advance(part);
      if (result !== undefined) return result;
      await this.#means.pause();
    }
  }

  /** Does what the last attempt at a part asks for; returns the result when there is one. */
  async #advance(part: Part): Promise<Json | undefined> {
    const { chain } = this.#means;
    const head = await chain.head();
    const attempts = await this.#attemptsAt(part, head);
    const last = attempts.at(-1);
    switch (last?.status) {
      case "Completed":
        return this.#resultOf(last);
      case "Submitted":
        return this.#judge(part, last, head);
      case "Funded":
        if (head.timestamp > last.deadline) await this.#replace(part, attempts, last, head);
        else await this.#remind(part, last);
        return undefined;
      default: // there was none yet, or it came to nothing
        await this.#hireAnother(part, attempts, head);
        return undefined;
    }
  }

  /** The jobs by which the agent has tried to have a part done, in their order. */
  async #attemptsAt({ log, hired }: Part, head: Head): Promise<JobFacts[]> {
    const { chain } = this.#means;
    const found = await log.update(head);
    const ids = [...new Set([...found.keys(), ...hired])].sort((one, other) => Number(one - other));
    const jobs = await Promise.all(ids.map((jobId) => readJob(chain.system.jobMarket, jobId)));
    return jobs.filter((job) => job !== undefined).filter(({ client }) => client === chain.address);
  }

  // Choosing

  async #hireAnother(part: Part, attempts: readonly JobFacts[], head: Head): Promise<void> {
    const { chain, say, mostOfEarnings } = this.#means;
    const own = await this.#ownJob();
    const credit = mostOfEarnings === 0n ? 0n : await chain.system.settlement.creditOf(chain.address);
    const ownMoney = credit < mostOfEarnings ? credit : mostOfEarnings;
    const { most } = part.order;
    const fits = ({ price }: Candidate) =>
      (most === undefined || price <= most) && (price <= own.forChildren || price <= ownMoney);
    const chosen = await this.#choose(part, attempts, own, head, fits);

    const deal = this.#dealWith(part, chosen);
    const asChild = chosen.price <= own.forChildren;
    const receipt = await chain.sender.send(() =>
      asChild
        ? chain.system.jobMarket.hireChild.populateTransaction(this.#jobId, deal, chosen.price, NO_CONSENT)
        : chain.system.jobMarket.hireFromCredit.populateTransaction(deal, chosen.price, NO_CONSENT),
    );
    this.#noteHire(part, receipt);
    say(`hired agent ${chosen.agentId} for "${part.order.step}"${asChild ? "" : ", paid from its own earnings"}`);
  }

  /** Whoever is late is followed by another at no more than its price; if nobody is, the money comes back. */
  async #replace(part: Part, attempts: readonly JobFacts[], late: JobFacts, head: Head): Promise<void> {
    const { chain, say } = this.#means;
    const { jobMarket } = chain.system;
    const own = await this.#ownJob();
    const chosen = await this.#choose(part, attempts, own, head, ({ price }) => price <= late.budget).catch(
      (error: unknown) => {
        if (error instanceof Failure) return undefined;
        throw error;
      },
    );
    if (chosen === undefined) {
      await chain.sender.send(() => jobMarket.claimRefund.populateTransaction(late.jobId));
      say(`job ${late.jobId} came to nothing: its escrow is back`);
      return;
    }
    const deal = this.#dealWith(part, chosen);
    const receipt = await chain.sender.send(() =>
      jobMarket.takeOver.populateTransaction(late.jobId, deal, chosen.price, NO_CONSENT),
    );
    this.#noteHire(part, receipt);
    say(`agent ${chosen.agentId} takes over job ${late.jobId}, which is late`);
  }

  /** The best of those that can, have the time, were not tried before, and take the task. */
  async #choose(
    part: Part,
    attempts: readonly JobFacts[],
    own: JobFacts,
    head: Head,
    fits: (candidate: Candidate) => boolean,
  ): Promise<Candidate> {
    const { chain, policy } = this.#means;
    const { capability, step } = part.order;
    const excluded = new Set([...attempts.map(({ provider }) => provider), ...(await this.#above(own))]);
    const isFree = ({ provider, duration }: Candidate) =>
      !excluded.has(provider) && head.timestamp + duration + TIME_TO_HIRE <= own.deadline;
    const candidates = (await candidatesFor(chain.system, capability)).filter((one) => isFree(one) && fits(one));
    for (const candidate of ranked(candidates, part.order.policy ?? policy)) {
      if (await this.#deliver(part, candidate.endpoint)) return candidate;
    }
    throw new Failure(
      `Nobody offers "${capability}" for "${step}" at the price and in the time that are left.`,
      "It is tried again until the job's deadline.",
    );
  }

  /** Who may not be hired: the agent itself, and everybody above its job. */
  async #above(own: JobFacts): Promise<string[]> {
    const above = [own.client, own.provider];
    for (let { parent } = own; parent !== 0n;) {
      const job = (await readJob(this.#means.chain.system.jobMarket, parent))!;
      above.push(job.client, job.provider);
      ({ parent } = job);
    }
    return above;
  }

  #dealWith({ terms }: Part, { provider, agentId, duration }: Candidate): Deal {
    return dealOf({ client: this.#means.chain.address, provider }, { agentId, duration, terms, salt: id(terms) });
  }

  /** A node that lags behind must not make it hire twice. */
  #noteHire({ hired }: Part, receipt: Awaited<ReturnType<Chain["sender"]["send"]>>): void {
    const { jobMarket } = this.#means.chain.system;
    for (const log of receipt?.logs ?? []) {
      const event = jobMarket.interface.parseLog(log);
      if (event?.name === "JobCreated") hired.add(event.args["jobId"] as bigint);
    }
  }

  // Work of others

  /** Accepts what is right, pays for it and keeps it; rejects what is wrong, or is not shown in half of the review. */
  async #judge(part: Part, job: JobFacts, head: Head): Promise<Json | undefined> {
    const { chain, store, say } = this.#means;
    const { jobMarket } = chain.system;
    const { text, fault, isFinal } = await this.#examine(part, job);
    if (fault === undefined) {
      store.keep(text);
      await chain.sender.send(() => jobMarket.complete.populateTransaction(job.jobId, id("as agreed"), "0x"));
      say(`accepted and paid job ${job.jobId}`);
      return JSON.parse(text) as Json;
    }
    if (!isFinal && head.timestamp + job.reviewDuration / 2n < job.reviewEndsAt) return undefined;
    await chain.sender.send(() => jobMarket.reject.populateTransaction(job.jobId, id(fault), "0x"));
    say(`rejected job ${job.jobId}: ${fault}`);
    return undefined;
  }

  async #examine({ task }: Part, job: JobFacts): Promise<{ text: string; fault?: string; isFinal?: boolean }> {
    let text: string;
    try {
      text = await this.#fetch(job);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      return { text: "", fault: error.message };
    }
    const fault = await faultOf(task, text);
    return fault === undefined ? { text } : { text, fault, isFinal: true };
  }

  async #resultOf(job: JobFacts): Promise<Json> {
    const text = this.#means.store.text(await this.#deliverableOf(job)) ?? (await this.#fetch(job));
    return JSON.parse(text) as Json;
  }

  async #fetch(job: JobFacts): Promise<string> {
    const { chain } = this.#means;
    const agent = await readAgent(chain.system, job.agentId);
    if (agent === undefined) throw new Failure(`Agent ${job.agentId} is not published any more.`, "Reject its work.");
    return fetchResult(agent.endpoint, await this.#deliverableOf(job), chain.signer);
  }

  async #deliverableOf({ jobId }: JobFacts): Promise<string> {
    const { jobMarket } = this.#means.chain.system;
    const [submitted] = await jobMarket.queryFilter(jobMarket.filters.JobSubmitted(jobId), this.#fromBlock);
    if (submitted === undefined) throw new Failure(`Job ${jobId} has no submission.`, "Look again.");
    return submitted.args.deliverable;
  }

  /** Whoever was stopped before it knew its job has forgotten the task. */
  async #remind(part: Part, { agentId }: JobFacts): Promise<void> {
    if (Date.now() < part.deliveredAt + REMINDER) return;
    part.deliveredAt = Date.now();
    const agent = await readAgent(this.#means.chain.system, agentId);
    if (agent !== undefined) await this.#deliver(part, agent.endpoint);
  }

  /** Whether the agent there takes the task. */
  async #deliver({ text }: Part, endpoint: string): Promise<boolean> {
    try {
      await deliverTask(endpoint, text);
      return true;
    } catch (error) {
      if (error instanceof Failure) return false;
      throw error;
    }
  }

  async #ownJob(): Promise<JobFacts> {
    const job = await readJob(this.#means.chain.system.jobMarket, this.#jobId);
    if (job?.status === "Funded") return job;
    throw new Failure(`Job ${this.#jobId} is not funded any more.`, "Its work is given up.");
  }
}

/** How often the task is sent to whoever works on it, in milliseconds. */
const REMINDER = 10_000;

/** From the choice to the block of the hire, in seconds. */
const TIME_TO_HIRE = 60n;
