import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { type BaseContract, id } from "ethers";

import { OFFENCES } from "../../deploy/roles.ts";
import { activate, approveAll, ethers, OCTO, time } from "./fixture.ts";
import { DAY, type MarketWorld, openForBusiness, PAYMENT } from "./jobs.ts";

export const PHASE = { None: 0n, Open: 1n, Judging: 2n, Ruled: 3n, Appealed: 4n, Final: 5n, Closed: 6n } as const;
export const POT = { Panel: 0n, Levy: 1n, Appeal: 2n } as const;
export const CLAIM = id("what is claimed");

/** What an arbiter can decide. */
export type Verdict = { share: bigint; offence?: (typeof OFFENCES)[number] };

export type DisputeWorld = MarketWorld & { disputes: Disputes; arbiter: BaseContract };

/** Who gains what while something happens: the client, the provider of the job, the desk in the vault, and what is burned. */
export async function gains(
  { disputes, actors, system }: DisputeWorld,
  happening: () => Promise<unknown>,
  provider = actors.other,
) {
  const seen = async () => ({
    client: await disputes.creditOf(actors.client),
    provider: await disputes.creditOf(provider),
    desk: await disputes.held(),
    burn: (await system.settlement.sums()).burn,
  });
  const before = await seen();
  await happening();
  const after = await seen();
  return {
    client: after.client - before.client,
    provider: after.provider - before.provider,
    desk: after.desk - before.desk,
    burn: after.burn - before.burn,
  };
}

/** The open market with a provider of ten minimums, and an arbiter that decides what it is told. */
export async function courtInSession(): Promise<DisputeWorld> {
  const world = await openForBusiness();
  const { system, actors } = world;
  const arbiter = await ethers.deployContract("TestArbiter");
  await system.disputeDesk.connect(actors.admin).setArbiter(arbiter);
  await system.registry
    .connect(actors.provider)
    .bond(6n, 1_800n * OCTO, 900n * OCTO)
    .catch(() => undefined);
  await approveAll(system, actors.other);
  await activate(system, actors.other, "D", 10n);
  await system.registry.connect(actors.other).setStandingTerms(6n, 1_000n * OCTO, 300n);
  for (const party of [actors.client, actors.other]) {
    await system.settlement.connect(party).deposit(party.address, 10_000n * OCTO);
    await system.settlement.connect(party).setCreditConsent(system.addresses.disputeDesk, true);
  }
  return { ...world, arbiter, disputes: new Disputes(world, arbiter) };
}

/** Disputes about jobs that the client has with `other`, who is bound to them. */
export class Disputes {
  readonly #world: MarketWorld;
  readonly #arbiter: BaseContract;

  constructor(world: MarketWorld, arbiter: BaseContract) {
    this.#world = world;
    this.#arbiter = arbiter;
  }

  get desk() {
    return this.#world.system.disputeDesk;
  }

  get worker(): HardhatEthersSigner {
    return this.#world.actors.other;
  }

  /** Submitted work of a bound provider. */
  async submitted(budget = 1_000n * OCTO): Promise<bigint> {
    const { jobs, actors } = this.#world;
    const jobId = await jobs.hire(
      { provider: actors.other.address, salt: id(`${await jobs.market.jobCount()}`) },
      budget,
    );
    await jobs.submit(jobId);
    return jobId;
  }

  /** Opened by the client; the provider's lane is the other bond. */
  async openedByClient(budget?: bigint, freeze = false): Promise<bigint> {
    const jobId = await this.submitted(budget);
    await this.desk.connect(this.#world.actors.client).open(jobId, CLAIM, PAYMENT.Approval, freeze);
    return jobId;
  }

  /** The client has rejected the work, and the provider disputes that, with its lane as its bond. */
  async openedByProvider(budget?: bigint, freeze = false): Promise<bigint> {
    const jobId = await this.submitted(budget);
    await this.#world.jobs.reject(jobId);
    await this.desk.connect(this.worker).open(jobId, CLAIM, PAYMENT.Approval, freeze);
    return jobId;
  }

  /** As {openedByProvider}, by a provider whom nothing binds and who posts its bond: the actor `provider`. */
  async openedByUnbound(): Promise<bigint> {
    const { jobs, actors } = this.#world;
    const jobId = await jobs.submitted();
    await jobs.reject(jobId);
    await this.desk.connect(actors.provider).open(jobId, CLAIM, PAYMENT.Approval, false);
    return jobId;
  }

  /** With the arbiter. */
  async judging(jobId: bigint): Promise<bigint> {
    await time.increase(7n * DAY + 1n);
    await this.desk.bringCase(jobId);
    return jobId;
  }

  async decide(jobId: bigint, verdict: Verdict | undefined, majority: string[] = [], isAppeal = false) {
    const { caseId } = await this.desk.disputeOf(jobId);
    const ruling = {
      decided: verdict !== undefined,
      providerShare: verdict?.share ?? 0n,
      offends: verdict?.offence !== undefined,
      offence: verdict?.offence === undefined ? 0n : BigInt(OFFENCES.indexOf(verdict.offence)),
    };
    return this.arbiter("decide", caseId, isAppeal, ruling, majority);
  }

  async arbiter(method: string, ...args: unknown[]) {
    const { stranger } = this.#world.actors;
    return (this.#arbiter.connect(stranger) as BaseContract).getFunction(method)(...args);
  }

  /** Ruled, and the time to appeal over. */
  async ruled(jobId: bigint, verdict: Verdict, majority: string[] = []): Promise<bigint> {
    await this.judging(jobId);
    await this.decide(jobId, verdict, majority);
    await time.increase(3n * DAY + 1n);
    return jobId;
  }

  /** Decided for so much of the escrow, and executed. */
  async closed(jobId: bigint, verdict: Verdict, majority: string[] = []): Promise<bigint> {
    await this.ruled(jobId, verdict, majority);
    await this.desk.execute(jobId);
    return jobId;
  }

  /** The guardian pauses this desk's locks. */
  async pause(): Promise<void> {
    const { system, actors } = this.#world;
    await system.settlement.connect(actors.guardian).pauseMarket(system.addresses.disputeDesk);
  }

  async unpause(): Promise<void> {
    const { system, actors } = this.#world;
    await system.settlement.connect(actors.admin).unpauseMarket(system.addresses.disputeDesk);
  }

  async phaseOf(jobId: bigint): Promise<bigint> {
    return (await this.desk.disputeOf(jobId)).phase;
  }

  /** What the desk has in the vault. */
  async held(): Promise<bigint> {
    const { settlement, addresses } = this.#world.system;
    return (await settlement.marketOf(addresses.disputeDesk)).balance;
  }

  async creditOf(who: HardhatEthersSigner): Promise<bigint> {
    return this.#world.system.settlement.creditOf(who.address);
  }
}
