import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import type { ContractTransactionResponse } from "ethers";

import { roleId } from "../../deploy/roles.ts";
import type { DelegationPools } from "../../typechain-types/index.js";
import { activate, ethers, funded, OCTO, time, type World } from "./fixture.ts";
import { DAY, impersonated } from "./jobs.ts";

/** The role most tests take, and one in which nobody is bonded. */
export const [D, A] = [roleId("D"), roleId("A")];

/** The provider's own bond in role D, and the most that may be delegated to it. */
export const OWN_BOND = 2_000n * OCTO;
export const POOL_LIMIT = 5n * OWN_BOND;

export const MIN_DELEGATION = 10n * OCTO;
export const DEFAULT_CUT = 10_00n;
export const MAX_CUT = 30_00n;
export const UNBONDING = 7n * DAY;
export const LONGEST_FREEZE = 60n * DAY;
export const DISPUTE = ethers.id("dispute");

const DELEGATORS = { ada: "delegator", bob: "other", cid: "evaluator" } as const;

/** A provider with a bond of its own, and three who may delegate to it. */
export type Pooling = World & {
  provider: HardhatEthersSigner;
  ada: HardhatEthersSigner;
  bob: HardhatEthersSigner;
  cid: HardhatEthersSigner;
  pools: Pools;
};

export async function pooling(): Promise<Pooling> {
  const world = await funded();
  const { system, actors } = world;
  await activate(system, actors.provider, "D", 10n);
  await system.delegationPools.connect(actors.provider).openPool(D);
  const registry = await impersonated(system.addresses.registry);
  const pools = new Pools(world, registry);
  const [ada, bob, cid] = Object.values(DELEGATORS).map((name) => actors[name]) as [Signer, Signer, Signer];
  await system.octo.connect(actors.liquidity).approve(system.addresses.settlement, ethers.MaxUint256);
  return { ...world, provider: actors.provider, ada, bob, cid, pools };
}

/** As {pooling}, with 300 OCTO of Ada's and 100 OCTO of Bob's in the pool. */
export async function delegated(): Promise<Pooling> {
  const world = await pooling();
  await world.pools.delegate(world.ada, 300n * OCTO);
  await world.pools.delegate(world.bob, 100n * OCTO);
  return world;
}

type Signer = HardhatEthersSigner;

/** The pool of the provider in role D, as its parties use it. */
export class Pools {
  readonly #world: World;
  /** The registry's address: what only it may do, tests do with its hand. */
  readonly registry: Signer;

  constructor(world: World, registry: Signer) {
    this.#world = world;
    this.registry = registry;
  }

  get contract(): DelegationPools {
    return this.#world.system.delegationPools;
  }

  get address(): string {
    return this.#world.system.addresses.delegationPools;
  }

  get provider(): string {
    return this.#world.actors.provider.address;
  }

  by(account: Signer): DelegationPools {
    return this.contract.connect(account);
  }

  // Delegators

  delegate(delegator: Signer, amount: bigint): Promise<ContractTransactionResponse> {
    return this.by(delegator).delegate(this.provider, D, amount, 0n);
  }

  undelegate(delegator: Signer, shares: bigint): Promise<ContractTransactionResponse> {
    return this.by(delegator).undelegate(this.provider, D, shares, 0n);
  }

  /** Asks for all of a delegator's stake, and says for which day. */
  async leave(delegator: Signer): Promise<bigint> {
    return this.leaveWith(delegator, (await this.delegationOf(delegator)).shares);
  }

  /** Asks for a part of a delegator's stake, and says for which day. */
  async leaveWith(delegator: Signer, shares: bigint): Promise<bigint> {
    await this.undelegate(delegator, shares);
    return dayOfExit(await now());
  }

  withdraw(delegator: Signer, day: bigint, to = delegator.address): Promise<ContractTransactionResponse> {
    return this.by(delegator).withdraw(this.provider, D, day, to);
  }

  claim(delegator: Signer, to = delegator.address): Promise<ContractTransactionResponse> {
    return this.by(delegator).claim(this.provider, D, to);
  }

  // The registry's hand

  /** Books the cut of a settlement and puts as much into the pools' credit, as the vault does. */
  async earn(pay: bigint, ownBond = OWN_BOND): Promise<bigint> {
    const { system, actors } = this.#world;
    const amount = await this.by(this.registry).accrue.staticCall(this.provider, D, pay, ownBond);
    await this.by(this.registry).accrue(this.provider, D, pay, ownBond);
    if (amount !== 0n) await system.settlement.connect(actors.liquidity).deposit(this.address, amount);
    return amount;
  }

  slash(amount: bigint, offenceAt: bigint): Promise<ContractTransactionResponse> {
    return this.by(this.registry).slash(this.provider, D, amount, offenceAt);
  }

  freeze(amount: bigint, offenceAt: bigint, dispute = DISPUTE): Promise<ContractTransactionResponse> {
    return this.by(this.registry).freeze(dispute, this.provider, D, amount, offenceAt);
  }

  thaw(dispute = DISPUTE): Promise<ContractTransactionResponse> {
    return this.by(this.registry).thaw(dispute);
  }

  // Views

  async pool() {
    return this.contract.poolOf(this.provider, D);
  }

  async delegationOf(delegator: Signer) {
    return this.contract.delegationOf(delegator.address, this.provider, D);
  }

  async worthOf(delegator: Signer): Promise<bigint> {
    return (await this.delegationOf(delegator)).amount;
  }

  async exitOf(delegator: Signer, day: bigint) {
    return this.contract.exitOf(delegator.address, this.provider, D, day);
  }

  async claimable(delegator: Signer): Promise<bigint> {
    return this.contract.claimable(delegator.address, this.provider, D);
  }

  async exposure(offenceAt: bigint): Promise<bigint> {
    return this.contract.exposureOf(this.provider, D, offenceAt);
  }

  /** OCTO in the contract's own hands. */
  async held(): Promise<bigint> {
    return this.#world.system.octo.balanceOf(this.address);
  }
}

/** The first midnight that is at least seven days away, in days since 1970. */
export function dayOfExit(askedAt: bigint): bigint {
  return (askedAt + UNBONDING + DAY - 1n) / DAY;
}

export async function now(): Promise<bigint> {
  return BigInt(await time.latest());
}

/** Moves the next block to a noon. */
export async function toNoon(days = 1n): Promise<bigint> {
  const noon = ((await now()) / DAY + days) * DAY + DAY / 2n;
  await time.setNextBlockTimestamp(noon);
  return noon;
}

/** Moves the chain to the beginning of a day. */
export async function toDay(day: bigint): Promise<void> {
  await time.increaseTo(day * DAY);
}
