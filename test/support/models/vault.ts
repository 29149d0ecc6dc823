// The money of the network as one table of numbers, moved by the rules of the economy. A number's key says what it is,
// "credit/client" for one; whoever compares the model with the chain reads the same key there.

import { ReserveModel } from "./conversion.ts";
import { epochCapOf, mintedFor } from "./emission.ts";
import { GENESIS_SCHEDULES } from "./feeSchedule.ts";
import { splitOf } from "./feeSplit.ts";
import { budgetOpenedAt } from "./mintBudget.ts";
import { add, begin, BLANK, points, type TrackRecord } from "./score.ts";

const DAY = 86_400n;
const OCTO = 10n ** 18n;

const REVIEW = 3n * DAY;
const SMALLEST_RECORDED = 10n * OCTO;
const INTENSITY = (12n * OCTO) / 100n;
const TARGET_VOLUME = 1_000_000n * OCTO;
const EPOCH = 7n * DAY;
const GWEI = 10n ** 9n;
const WHOLE_STEP_FEE = 20n * OCTO;
/** Value in flight is at most this many times the OCTO bond. */
const CAPACITY = 5n;
const SERVICE = GENESIS_SCHEDULES[0]!;

export const ROLE = { A: 1n, O: 4n, D: 6n } as const;
export type Role = (typeof ROLE)[keyof typeof ROLE];

/** Parts of what all roles may mint in an epoch, in basis points. */
const WEIGHT: Record<string, bigint> = {
  [ROLE.A.toString()]: 3_000n,
  [ROLE.O.toString()]: 1_000n,
  [ROLE.D.toString()]: 1_500n,
};

/** Smallest bonds: OCTO, role tokens. */
const MINIMUMS: Record<string, readonly [bigint, bigint]> = {
  [ROLE.A.toString()]: [1_000n * OCTO, 500n * OCTO],
  [ROLE.O.toString()]: [2_000n * OCTO, 500n * OCTO],
  [ROLE.D.toString()]: [200n * OCTO, 100n * OCTO],
};

export const STATUS = { Open: 0n, Funded: 1n, Submitted: 2n, Completed: 3n, Rejected: 4n, Expired: 5n } as const;
type Status = (typeof STATUS)[keyof typeof STATUS];

export type Job = {
  id: bigint;
  client: string;
  provider: string;
  /** The client himself, if nobody else was named. */
  evaluator: string;
  orchestrator?: string | undefined;
  role: Role;
  budget: bigint;
  deadline: bigint;
  status: Status;
  reviewEndsAt: bigint;
  /** From when the time for the work counts. */
  fundedAt: bigint;
  /** 0 to 100, once it is submitted. */
  speed: bigint;
  /** Whether it is the provider's value in flight. */
  bound: boolean;
};

export type NewJob = Pick<Job, "client" | "provider" | "evaluator" | "orchestrator" | "role" | "budget"> & {
  duration: bigint;
};

export type Exit = { account: string; role: Role; day: bigint };

type Position = { octoBond: bigint; roleBond: bigint; active: boolean; record: TrackRecord };

/** What a task moves of a record, as one number. */
export function packed({ success, speed, uptime, security, peer, idleFrom, stepUsed }: TrackRecord): bigint {
  return [success, speed, uptime, security, peer, idleFrom, stepUsed].reduce((all, part) => (all << 32n) | part, 0n);
}

export class VaultModel {
  /** The time of the latest block. */
  now: bigint;
  readonly jobs: Job[] = [];
  readonly exits: Exit[] = [];
  readonly #numbers = new Map<string, bigint>();
  readonly #gweiMinted = new Map<string, bigint>();
  readonly #reserves = new Map<Role, ReserveModel>();
  readonly #touched = new Set<string>();
  readonly #records = new Map<string, TrackRecord>();
  readonly #chosen = new Set<string>();
  readonly #genesisAt: bigint;

  constructor(genesisAt: bigint, now: bigint) {
    this.#genesisAt = genesisAt;
    this.now = now;
  }

  /** Takes over a position that is there before the first step. */
  begin(account: string, role: Role, position: Position): void {
    const at = `${role}/${account}`;
    this.set(`octoBond/${at}`, position.octoBond);
    this.set(`roleBond/${at}`, position.roleBond);
    this.set(`active/${at}`, position.active ? 1n : 0n);
    this.#write(at, position.record);
  }

  // The table

  get(key: string): bigint {
    return this.#numbers.get(key) ?? 0n;
  }

  set(key: string, value: bigint): void {
    if (value < 0n) throw new Error(`the model takes ${key} below zero`);
    this.#numbers.set(key, value);
    this.#touched.add(key);
  }

  keys(): string[] {
    return [...this.#numbers.keys()];
  }

  /** What has moved since this was last asked. */
  takeTouched(): string[] {
    const keys = [...this.#touched];
    this.#touched.clear();
    return keys;
  }

  /** A payment between two numbers. */
  move(from: string, to: string, amount: bigint): void {
    this.add(from, -amount);
    this.add(to, amount);
  }

  add(key: string, amount: bigint): void {
    this.set(key, this.get(key) + amount);
  }

  // Accounts of the vault

  deposit(payer: string, account: string, amount: bigint): void {
    this.move(`wallet/${payer}`, "vault", amount);
    this.add(`credit/${account}`, amount);
  }

  withdraw(account: string, to: string, amount: bigint): void {
    this.add(`credit/${account}`, -amount);
    this.move("vault", `wallet/${to}`, amount);
  }

  setPayOut(account: string, on: boolean): void {
    this.set(`payOut/${account}`, on ? 1n : 0n);
    this.#chosen.add(account);
  }

  setConsent(account: string, allowed: boolean): void {
    this.set(`consent/${account}`, allowed ? 1n : 0n);
  }

  sweep(): void {
    const burned = this.get("fees/burn") + this.get("fees/voters"); // there is no Assembly
    this.move("vault", "wallet/treasury", this.get("fees/treasury"));
    this.add("vault", -burned);
    this.add("supply", -burned);
    for (const leg of ["treasury", "burn", "voters"]) this.set(`fees/${leg}`, 0n);
  }

  burn(account: string, amount: bigint): void {
    this.add(`wallet/${account}`, -amount);
    this.add("supply", -amount);
  }

  transfer(from: string, to: string, amount: bigint): void {
    this.move(`wallet/${from}`, `wallet/${to}`, amount);
  }

  // Jobs

  /** Whether standing terms bind the provider: they agree to nobody's evaluator and to no orchestrator's share. */
  binds({ provider, role, budget, client, evaluator, orchestrator }: NewJob | Job): boolean {
    const own = evaluator === client && orchestrator === undefined;
    return own && budget <= this.get(`terms/${role}/${provider}`);
  }

  /** Whether the provider's bond carries the job, if that binds it. */
  carries(deal: NewJob | Job): boolean {
    const inFlight = this.get(`inFlight/${deal.provider}`) + deal.budget;
    return !this.binds(deal) || inFlight <= CAPACITY * this.get(`octoBond/${deal.role}/${deal.provider}`);
  }

  hire(deal: NewJob, from: "wallet" | "credit"): void {
    this.#lock(this.#add(deal, STATUS.Funded), from);
  }

  create(deal: NewJob): void {
    this.#add(deal, STATUS.Open);
  }

  fund(job: Job): void {
    if (!this.#chosen.has(job.client)) this.set(`payOut/${job.client}`, 1n);
    this.#to(job, STATUS.Funded);
    this.#lock(job, "wallet");
  }

  submit(job: Job): void {
    this.#to(job, STATUS.Submitted);
    job.reviewEndsAt = this.now + REVIEW;
    const points = (200n * (job.deadline - this.now)) / (job.deadline - job.fundedAt);
    job.speed = points < 100n ? points : 100n;
  }

  complete(job: Job): void {
    this.#to(job, STATUS.Completed);
    const orchestrated = job.orchestrator !== undefined;
    const parts = splitOf(job.budget, SERVICE, orchestrated);
    this.#unlock(job);
    this.#pay(job.provider, parts.provider);
    if (orchestrated) this.#pay(job.orchestrator!, parts.orchestrator);
    this.add("fees/treasury", parts.treasury);
    this.add("fees/burn", parts.burn);
    this.add("fees/voters", parts.voters);
    if (job.budget >= SMALLEST_RECORDED) this.#mintFor(job, parts.treasury + parts.burn + parts.voters);
  }

  /** Rejected or Expired: whoever has locked has it back. */
  refund(job: Job, status: Status): void {
    const locked = job.status !== STATUS.Open;
    this.#to(job, status);
    if (!locked) return;
    this.#unlock(job);
    this.#pay(job.client, job.budget);
    if (!job.bound || status !== STATUS.Expired || job.budget < SMALLEST_RECORDED) return;
    const { treasury, burn, voters } = splitOf(job.budget, SERVICE, false);
    this.#record(job.provider, job.role, treasury + burn + voters, 0n, 0n);
  }

  // Bonds and purchases

  buy(account: string, role: Role, octoIn: bigint): void {
    const out = this.#reserveNow(role).buy(octoIn);
    this.move(`wallet/${account}`, "engine", octoIn);
    this.add(`held/${role}`, octoIn);
    this.add(`roleSupply/${role}`, out);
    this.add(`roleWallet/${role}/${account}`, out);
  }

  /** The role's reserve as the books have it; the first touch of an epoch lets its surplus go. */
  #reserveNow(role: Role): ReserveModel {
    const reserve = this.#reserves.get(role) ?? new ReserveModel();
    this.#reserves.set(role, reserve);
    reserve.held = this.get(`held/${role}`);
    reserve.earmarked = this.get(`earmarked/${role}`);
    reserve.supply = this.get(`roleSupply/${role}`);
    const epoch = (this.now - this.#genesisAt) / EPOCH;
    for (let past = 0n; past < epoch; past++) reserve.volumes.set(past, this.get(`volume/${role}/${past}`));
    reserve.epoch ??= 0n; // everybody bought what he bonds in the first epoch

    const { givenBack, released } = reserve;
    reserve.touch(epoch);
    this.add("committed", givenBack - reserve.givenBack);
    this.add(`earmarked/${role}`, givenBack - reserve.givenBack);
    this.add(`held/${role}`, released - reserve.released);
    this.move("engine", "wallet/treasury", reserve.released - released);
    return reserve;
  }

  bond(account: string, role: Role, octo: bigint, roleTokens: bigint): void {
    const at = `${role}/${account}`;
    this.move(`wallet/${account}`, "registry", octo);
    this.add(`roleWallet/${at}`, -roleTokens);
    this.add(`octoBond/${at}`, octo);
    this.add(`roleBond/${at}`, roleTokens);
    if (this.isActive(account, role) || !this.#reaches(account, role, 100n)) return;
    this.set(`active/${at}`, 1n);
    const record = this.#recordOf(at);
    if (record.activatedDay === 0n) this.#write(at, begin(record, this.now));
  }

  setTerms(account: string, role: Role, maxBudget: bigint): void {
    this.set(`terms/${role}/${account}`, maxBudget);
  }

  /** Whether work in flight lets so much of the OCTO bond go. */
  frees(account: string, role: Role, octo: bigint): boolean {
    const left = this.get(`octoBond/${role}/${account}`) - octo;
    return octo === 0n || CAPACITY * left >= this.get(`inFlight/${account}`);
  }

  unbond(account: string, role: Role, octo: bigint, roleTokens: bigint): void {
    const at = `${role}/${account}`;
    const day = (this.now + 7n * DAY + DAY - 1n) / DAY;
    this.move(`octoBond/${at}`, `octoExit/${at}/${day}`, octo);
    this.move(`roleBond/${at}`, `roleExit/${at}/${day}`, roleTokens);
    if (!this.#reaches(account, role, 80n)) this.set(`active/${at}`, 0n);
    const known = this.exits.some((exit) => exit.account === account && exit.role === role && exit.day === day);
    if (!known) this.exits.push({ account, role, day });
  }

  leave(exit: Exit, to: string): void {
    const at = `${exit.role}/${exit.account}/${exit.day}`;
    this.move("registry", `wallet/${to}`, this.get(`octoExit/${at}`));
    this.add(`roleWallet/${exit.role}/${to}`, this.get(`roleExit/${at}`));
    this.set(`octoExit/${at}`, 0n);
    this.set(`roleExit/${at}`, 0n);
    this.exits.splice(this.exits.indexOf(exit), 1);
  }

  isActive(account: string, role: Role): boolean {
    return this.get(`active/${role}/${account}`) === 1n;
  }

  // Inside

  #add({ duration, ...deal }: NewJob, status: Status): Job {
    const id = BigInt(this.jobs.length + 1);
    const untouched = { reviewEndsAt: 0n, fundedAt: 0n, speed: 0n, bound: false };
    const job: Job = { id, ...deal, deadline: this.now + duration, status, ...untouched };
    this.jobs.push(job);
    this.#to(job, status);
    return job;
  }

  #to(job: Job, status: Status): void {
    job.status = status;
    this.set(`status/${job.id}`, status);
  }

  #lock(job: Job, from: "wallet" | "credit"): void {
    if (from === "credit") this.add(`credit/${job.client}`, -job.budget);
    else this.move(`wallet/${job.client}`, "vault", job.budget);
    this.add("market", job.budget);
    job.fundedAt = this.now;
    job.bound = this.binds(job);
    if (job.bound) this.add(`inFlight/${job.provider}`, job.budget);
  }

  #unlock(job: Job): void {
    this.add("market", -job.budget);
    if (job.bound) this.add(`inFlight/${job.provider}`, -job.budget);
  }

  #pay(account: string, amount: bigint): void {
    if (this.get(`payOut/${account}`) === 1n) this.move("vault", `wallet/${account}`, amount);
    else this.add(`credit/${account}`, amount);
  }

  #mintFor(job: Job, fee: bigint): void {
    this.#record(job.provider, job.role, fee, 100n, job.speed);
    if (job.orchestrator !== undefined) this.#record(job.orchestrator, ROLE.O, fee, 100n, job.speed);
    const score = points(this.#recordOf(`${job.role}/${job.provider}`), this.now);
    const budget = budgetOpenedAt(this.now - this.#genesisAt) - this.get("committed");
    const minted = mintedFor(fee, INTENSITY, score, budget);
    const forOrchestrator = job.orchestrator === undefined ? 0n : minted / 5n;
    this.#mint(job.provider, job.role, minted - forOrchestrator, job.budget);
    if (job.orchestrator === undefined) return;
    this.#mint(job.orchestrator, ROLE.O, forOrchestrator, job.role === ROLE.O ? 0n : job.budget);
  }

  #mint(account: string, role: Role, wanted: bigint, volume: bigint): void {
    const epoch = (this.now - this.#genesisAt) / EPOCH;
    const [last, beforeLast] = [1n, 2n].map((ago) => this.get(`volume/${role}/${epoch - ago}`));
    const cap = epochCapOf(epoch, WEIGHT[role.toString()]!, TARGET_VOLUME, last!, beforeLast!) / GWEI;
    const left = (cap - (this.#gweiMinted.get(`${role}/${epoch}`) ?? 0n)) * GWEI;
    const amount = wanted < left ? wanted : left;
    this.#gweiMinted.set(`${role}/${epoch}`, cap - (left - amount) / GWEI);
    this.add(`volume/${role}/${epoch}`, volume - (volume % GWEI));
    this.add("committed", amount);
    this.add(`earmarked/${role}`, amount);
    this.add(`roleSupply/${role}`, amount);
    this.add(`roleWallet/${role}/${account}`, amount);
  }

  #record(account: string, role: Role, fee: bigint, success: bigint, speed: bigint): void {
    const at = `${role}/${account}`;
    const part = (fee * 10_000n) / WHOLE_STEP_FEE;
    const weight = part < 10_000n ? part : 10_000n;
    this.#write(at, add(this.#recordOf(at), weight, success, speed, this.now));
  }

  #recordOf(at: string): TrackRecord {
    return this.#records.get(at) ?? BLANK;
  }

  #write(at: string, record: TrackRecord): void {
    this.#records.set(at, record);
    this.set(`tasks/${at}`, record.tasks);
    this.set(`record/${at}`, packed(record));
  }

  /** Without the discount for a score above 75, which no short history reaches. */
  #reaches(account: string, role: Role, percent: bigint): boolean {
    const [octo, roleTokens] = MINIMUMS[role.toString()]!;
    const at = `${role}/${account}`;
    return (
      this.get(`octoBond/${at}`) * 100n >= octo * percent && this.get(`roleBond/${at}`) * 100n >= roleTokens * percent
    );
  }
}
