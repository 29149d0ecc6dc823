// How an agent sees the chain: the suite, its own account, and the jobs that name it.

import { JsonRpcProvider, Network, type Signer, Wallet } from "ethers";

import type { Site } from "../lib/addresses.ts";
import { bindSystem, type CipherOcto } from "../lib/system.ts";
import { Sender } from "./sender.ts";

/** How many blocks are read again each time, for a re-organisation may have replaced them. */
const OVERLAP = 64;
/** How many blocks are asked for at once; public nodes refuse many more. */
const PAGE = 5_000;

/** A block's number and its time, Unix seconds. */
export type Head = { number: number; timestamp: bigint };

/** Who signs: a private key, or the number of one of the node's own accounts. */
export type Account = { key: string } | { index: number };

export class Chain {
  readonly provider: JsonRpcProvider;
  readonly signer: Signer;
  readonly address: string;
  readonly system: CipherOcto;
  readonly sender: Sender;
  readonly site: Site & { url: string };

  private constructor(provider: JsonRpcProvider, signer: Signer, address: string, site: Site & { url: string }) {
    this.provider = provider;
    this.signer = signer;
    this.address = address;
    this.site = site;
    this.system = bindSystem(site.contracts, signer);
    this.sender = new Sender(provider, signer, address);
  }

  /** Connects; the chain id is known, so that a node that is away for a while stops nothing. */
  static async connect(site: Site & { url: string }, account: Account): Promise<Chain> {
    const network = Network.from(site.chainId);
    const provider = new JsonRpcProvider(site.url, network, { staticNetwork: network, cacheTimeout: -1 });
    const signer = "key" in account ? new Wallet(account.key, provider) : await provider.getSigner(account.index);
    return new Chain(provider, signer, await signer.getAddress(), site);
  }

  async head(): Promise<Head> {
    const block = (await this.provider.getBlock("latest"))!;
    return { number: block.number, timestamp: BigInt(block.timestamp) };
  }

  close(): void {
    this.provider.destroy();
  }
}

/** What events say of some jobs, kept up to date. What a job is now is asked of the market, and never of its events. */
export class JobLog<Note> {
  readonly #read: ReadEvents<Note>;
  readonly #first: number;
  readonly #notes = new Map<bigint, Note>();
  #next: number;

  /**
   * @param read Reads the events of some blocks.
   * @param fromBlock The first block that can have any.
   */
  constructor(read: ReadEvents<Note>, fromBlock: number) {
    this.#read = read;
    this.#first = fromBlock;
    this.#next = fromBlock;
  }

  /** Reads what is new, and the last blocks again. */
  async update(head: Head): Promise<ReadonlyMap<bigint, Note>> {
    const first = Math.max(this.#first, Math.min(this.#next, head.number + 1) - OVERLAP);
    for (let from = first; from <= head.number; from += PAGE) {
      const noted = await this.#read(from, Math.min(from + PAGE - 1, head.number));
      for (const [jobId, note] of noted) this.#notes.set(jobId, note);
    }
    this.#next = head.number + 1;
    return this.#notes;
  }

  /** Is not shown again unless its events are read again. */
  forget(jobId: bigint): void {
    this.#notes.delete(jobId);
  }
}

type ReadEvents<Note> = (from: number, to: number) => Promise<readonly (readonly [jobId: bigint, note: Note])[]>;

/** The jobs whose provider an account is, with the block in which that was said. */
export function jobsOf({ system: { jobMarket }, address, site }: Chain): JobLog<number> {
  return new JobLog(async (from, to) => {
    const created = await jobMarket.queryFilter(jobMarket.filters.JobCreated(undefined, undefined, address), from, to);
    const named = await jobMarket.queryFilter(jobMarket.filters.ProviderSet(undefined, address), from, to);
    return [...created, ...named].map(({ args, blockNumber }) => [args.jobId, blockNumber] as const);
  }, site.fromBlock);
}

/** What an account has submitted, by job. */
export function submissionsOf({ system: { jobMarket }, address, site }: Chain): JobLog<string> {
  return new JobLog(async (from, to) => {
    const submitted = await jobMarket.queryFilter(jobMarket.filters.JobSubmitted(undefined, address), from, to);
    return submitted.map(({ args }) => [args.jobId, args.deliverable] as const);
  }, site.fromBlock);
}

/** The jobs that were hired on certain terms, with the block of their hire. */
export function jobsOn({ system: { jobMarket } }: Chain, terms: string, fromBlock: number): JobLog<number> {
  return new JobLog(async (from, to) => {
    const frozen = await jobMarket.queryFilter(jobMarket.filters.TermsFrozen(undefined, terms), from, to);
    return frozen.map(({ args, blockNumber }) => [args.jobId, blockNumber] as const);
  }, fromBlock);
}
