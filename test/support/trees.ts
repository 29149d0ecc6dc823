import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { id } from "ethers";

import { type Deal, dealOf, NO_CONSENT } from "../../scripts/lib/deal.ts";
import { activate, approveAll, loadFixture, OCTO } from "./fixture.ts";
import { DAY, DELIVERABLE, type MarketWorld, openForBusiness, REASON } from "./jobs.ts";

export const PARENT_BUDGET = 1_000n * OCTO;
export const FOR_CHILDREN = 600n * OCTO;
export const CHILD_BUDGET = 100n * OCTO;

export type TreeWorld = MarketWorld & { trees: Trees };

/** The open market, with three more agents active in D: other, evaluator and delegator. All agree to up to 1,000 OCTO. */
export async function planted(): Promise<TreeWorld> {
  const world = await openForBusiness();
  const { system, actors } = world;
  for (const agent of [actors.other, actors.evaluator, actors.delegator, actors.stranger]) {
    await approveAll(system, agent);
    await activate(system, agent, "D", 10n);
  }
  await system.registry.connect(actors.provider).bond(6n, 1_800n * OCTO, 0n);
  for (const agent of [actors.provider, actors.other, actors.delegator]) {
    await system.registry.connect(agent).setStandingTerms(6n, 1_000n * OCTO, 300n);
  }
  return { ...world, trees: new Trees(world) };
}

/** A parent of the client with the provider, ready to have children. */
export async function withParent() {
  const world = await loadFixture(planted);
  const parentId = await world.trees.parent();
  const { actors, trees } = world;
  const market = trees.market.connect(actors.provider);
  return { ...world, parentId, market, deal: trees.deal(actors.provider, actors.other) };
}

/** The same with one child, which the other agent works on. */
export async function withChild() {
  const world = await withParent();
  const { trees, actors, parentId } = world;
  const childId = await trees.child(parentId, actors.provider, actors.other, CHILD_BUDGET);
  return { ...world, childId };
}

/** What the vault holds for the market, and owes the parties. */
export async function money({ system, actors }: TreeWorld) {
  const { settlement, addresses } = system;
  const credit = async (name: keyof typeof actors) => settlement.creditOf(actors[name].address);
  const flight = async (name: keyof typeof actors) => settlement.inFlightOf(actors[name].address);
  return {
    escrow: (await settlement.marketOf(addresses.jobMarket)).balance,
    client: await credit("client"),
    provider: await credit("provider"),
    other: await credit("other"),
    providerInFlight: await flight("provider"),
    otherInFlight: await flight("other"),
  };
}

/** Jobs whose escrow is another's. */
export class Trees {
  readonly #world: MarketWorld;
  #salt = 0;

  constructor(world: MarketWorld) {
    this.#world = world;
  }

  get market() {
    return this.#world.system.jobMarket;
  }

  deal(client: HardhatEthersSigner, provider: HardhatEthersSigner, rest: Partial<Deal> = {}): Deal {
    this.#salt += 1;
    return dealOf({ client: client.address, provider: provider.address }, { salt: id(`tree ${this.#salt}`), ...rest });
  }

  /** A job of the client with the provider, 600 of whose 1,000 OCTO may become child jobs within ten days. */
  async parent(rest: Partial<Deal> = {}, budget = PARENT_BUDGET): Promise<bigint> {
    const { client, provider } = this.#world.actors;
    const deal = this.deal(client, provider, { duration: 10n * DAY, forChildren: FOR_CHILDREN, ...rest });
    await this.market.connect(client).hire(deal, budget, NO_CONSENT);
    return this.last();
  }

  /** A child of one day, by the parent's provider. */
  async child(
    parentId: bigint,
    from: HardhatEthersSigner,
    to: HardhatEthersSigner,
    budget: bigint,
    rest: Partial<Deal> = {},
  ): Promise<bigint> {
    await this.market.connect(from).hireChild(parentId, this.deal(from, to, rest), budget, NO_CONSENT);
    return this.last();
  }

  async submit(jobId: bigint, provider: HardhatEthersSigner): Promise<void> {
    await this.market.connect(provider).submit(jobId, DELIVERABLE, "0x");
  }

  async finish(jobId: bigint, client: HardhatEthersSigner, provider: HardhatEthersSigner): Promise<void> {
    await this.submit(jobId, provider);
    await this.market.connect(client).complete(jobId, REASON, "0x");
  }

  async last(): Promise<bigint> {
    return this.market.jobCount();
  }

  async budgetOf(jobId: bigint): Promise<bigint> {
    return (await this.market.getJob(jobId)).budget;
  }

  async statusOf(jobId: bigint): Promise<bigint> {
    return (await this.market.getJob(jobId)).status;
  }

  async leftForChildren(jobId: bigint): Promise<bigint> {
    return (await this.market.treeOf(jobId)).forChildren;
  }
}
