import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { type ContractTransactionResponse, id, ZeroAddress, ZeroHash } from "ethers";

import type { ProviderRegistry, SlashingDesk } from "../../typechain-types/index.js";
import { buyRoleTokens, ethers, funded, OCTO, time, type World } from "./fixture.ts";
import { DAY } from "./jobs.ts";
import { D } from "./positions.ts";

/** What can be slashed for, in the order of the contract's enum. */
export const OFFENCES = [
  "Downtime",
  "ExtendedDowntime",
  "PoorResult",
  "SlaViolation",
  "DataMishandling",
  "Fraud",
  "ProtocolAttack",
] as const;
export type Offence = (typeof OFFENCES)[number];

export const LANE = { Octo: 0n, RoleTokens: 1n } as const;
export type Lane = keyof typeof LANE;

export const ALL_ROLES = 2n ** 32n - 1n;
export const BPS = 10_000n;
export const WEEK = 7n * DAY;

/** The judge's budgets a week, and the desk's own for downtime, in whole tokens. */
export const JUDGE_BUDGET = 1_000_000n;
export const DOWNTIME_BUDGET = { Octo: 50_000n, RoleTokens: 100_000n } as const;

/** Stakes that no share divides. */
export const ODD_OCTO = 777n * OCTO + 13n;
export const ODD_ROLE = 333n * OCTO + 7n;
export const ODD_DELEGATED = 1_234n * OCTO + 11n;

export const REASON = id("what the judge found");
export const CASE = id("case 1");

/** A provider active in D with odd stakes and as much again in its wallet, and who judges it. */
export type Accused = World & {
  provider: HardhatEthersSigner;
  registry: ProviderRegistry;
  desk: SlashingDesk;
  slashing: Slashing;
};

export async function accused(): Promise<Accused> {
  const world = await funded();
  const { provider } = world.actors;
  const registry = world.system.registry.connect(provider);
  await buyRoleTokens(world.system, provider, "D", 6n * ODD_ROLE);
  await registry.bond(D, ODD_OCTO, ODD_ROLE);
  const desk = world.system.slashingDesk;
  return { ...world, provider, registry, desk, slashing: new Slashing(world) };
}

/** As {accused}, and a delegator behind it. */
export async function backed(): Promise<Accused> {
  const world = await accused();
  const { system, actors, provider } = world;
  await system.delegationPools.connect(provider).openPool(D);
  await system.delegationPools.connect(actors.delegator).delegate(provider.address, D, ODD_DELEGATED, 0n);
  return world;
}

/** As {accused}, and two slashers of one lane each: the relayer takes OCTO, the evaluator role tokens. */
export async function divided(): Promise<Accused> {
  const world = await accused();
  await world.slashing.appoint(world.actors.relayer, { lanes: ["Octo"] });
  await world.slashing.appoint(world.actors.evaluator, { lanes: ["RoleTokens"] });
  await world.slashing.takeOffice();
  return world;
}

export type Accusation = {
  by?: HardhatEthersSigner;
  provider?: string;
  role?: bigint;
  offence?: Offence;
  offenceAt?: bigint;
  dispute?: string;
  client?: string;
  loss?: bigint;
  reason?: string;
};

export type Dispute = {
  by?: HardhatEthersSigner;
  number?: string;
  provider?: string;
  role?: bigint;
  octo?: bigint;
  roleTokens?: bigint;
  offenceAt?: bigint;
};

export type Authority = { lanes?: readonly Lane[]; roles?: bigint; budget?: bigint };

/** What a slash cost, as the desk's event says. */
export type Cost = {
  repeats: bigint;
  octo: bigint;
  roleTokens: bigint;
  octoStake: bigint;
  roleStake: bigint;
  compensated: bigint;
};

/** The slashing desk as those use it who judge. Whatever is not said is the judge, the provider, role D and now. */
export class Slashing {
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  get desk() {
    return this.#world.system.slashingDesk;
  }

  /** Slashes for what was judged: PoorResult, unless said otherwise. */
  async punish(accusation: Accusation = {}): Promise<ContractTransactionResponse> {
    const { by = this.#world.actors.judge } = accusation;
    return this.desk.connect(by).slash(await this.verdict(accusation));
  }

  /** The verdict that {punish} carries out. */
  async verdict(accusation: Accusation = {}) {
    const { role = D, offence = "PoorResult", dispute = ZeroHash, loss = 0n, reason = REASON } = accusation;
    const { provider = this.#world.actors.provider.address, client = ZeroAddress } = accusation;
    const offenceAt = accusation.offenceAt ?? (await now());
    return { provider, role, offence: OFFENCES.indexOf(offence), offenceAt, disputeId: dispute, client, loss, reason };
  }

  /** Opens a dispute. */
  async open(dispute: Dispute = {}): Promise<ContractTransactionResponse> {
    const { judge, provider } = this.#world.actors;
    const { by = judge, number = CASE, role = D, octo = 0n, roleTokens = 0n } = dispute;
    const offenceAt = dispute.offenceAt ?? (await now());
    const against = dispute.provider ?? provider.address;
    return this.desk.connect(by).openDispute(number, against, role, octo, roleTokens, offenceAt);
  }

  /** Ends a dispute without an offence. */
  async close(dispute: Dispute = {}, caller = dispute.by ?? this.#world.actors.judge) {
    return this.desk.connect(caller).closeDispute(await this.key(dispute));
  }

  /** A dispute's key, at the desk and in the registry. */
  async key({ by, number = CASE, provider, role = D }: Dispute = {}): Promise<string> {
    const { actors } = this.#world;
    const slasher = (by ?? actors.judge).address;
    return this.desk.disputeKey(slasher, provider ?? actors.provider.address, role, number);
  }

  /** What a dispute keeps frozen. */
  async frozen(dispute: Dispute = {}) {
    return this.#world.system.registry.frozenBy(await this.key(dispute));
  }

  /** Gives authority, which holds in seven days: see {takeOffice}. */
  async appoint(slasher: { address: string }, authority: Authority = {}): Promise<void> {
    const { lanes = ["Octo", "RoleTokens"], roles = ALL_ROLES, budget = JUDGE_BUDGET } = authority;
    for (const lane of lanes) {
      await this.desk.connect(this.#world.actors.admin).setSlasher(slasher.address, LANE[lane], roles, budget);
    }
  }

  /** Waits until every authority given holds. */
  async takeOffice(): Promise<void> {
    await time.increase(WEEK);
  }

  /** Takes authority away, in both lanes. */
  async dismiss(slasher: { address: string }): Promise<void> {
    for (const lane of Object.values(LANE)) {
      await this.desk.connect(this.#world.actors.guardian).removeSlasher(slasher.address, lane);
    }
  }

  /** What a slash took. */
  async cost(slash: ContractTransactionResponse): Promise<Cost> {
    const receipt = await slash.wait();
    for (const log of receipt!.logs) {
      const event = this.desk.interface.parseLog(log);
      if (event?.name !== "OffencePunished") continue;
      const { octo, roleTokens, octoStake, roleStake, compensated } = event.args["taken"];
      return { repeats: event.args["repeats"], octo, roleTokens, octoStake, roleStake, compensated };
    }
    throw new Error("nobody was punished");
  }
}

/** The time of the last block. */
export async function now(): Promise<bigint> {
  return BigInt(await time.latest());
}

/** Half a day after the second midnight from now, or a later day's noon: a day's exits do not straddle a test. */
export async function toNoon(inDays = 0n): Promise<bigint> {
  const noon = ((await now()) / DAY + 2n + inDays) * DAY + DAY / 2n;
  await time.setNextBlockTimestamp(noon);
  return noon;
}

/** The first midnight that is at least seven days away, in days since 1970. */
export function dayOfExit(askedAt: bigint): bigint {
  return (askedAt + 8n * DAY - 1n) / DAY;
}

/** A share of an amount in basis points, rounded down. */
export function shareOf(amount: bigint, share: bigint): bigint {
  return (amount * share) / BPS;
}

/** Bonds and role tokens: `[octo, roleTokens]`. */
export async function bondsOf({ registry, provider }: Accused, role = D): Promise<[bigint, bigint]> {
  const { octoBond, roleBond } = await registry.bondOf(provider.address, role);
  return [octoBond, roleBond];
}

/** What leaves on a day: `[octo, roleTokens]`. */
export async function exitOn({ registry, provider }: Accused, day: bigint, role = D): Promise<[bigint, bigint]> {
  const { octo, roleTokens } = await registry.exitOf(provider.address, role, day);
  return [octo, roleTokens];
}

const SUSPENDED = 0x02n;

export async function isSuspended({ registry, provider }: Accused, role = D): Promise<boolean> {
  return ((await registry.positionOf(provider.address, role)).state & SUSPENDED) !== 0n;
}

/** An account without a past. */
export function nobody(): string {
  return ethers.Wallet.createRandom().address;
}
