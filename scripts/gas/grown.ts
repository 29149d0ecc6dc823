import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import {
  type ContractTransactionResponse,
  getAddress,
  id,
  MaxUint256,
  parseEther,
  ZeroAddress,
  ZeroHash,
} from "ethers";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import { roleId } from "../../deploy/roles.ts";
import { dealOf, NO_CONSENT } from "../lib/deal.ts";
import { deploySystem } from "../lib/deploySystem.ts";
import { type CipherOcto } from "../lib/system.ts";
import { bondBoth, type Connection, equip, type Growth, Meter } from "./growth.ts";

const SIZES = [1, 100, 1_000] as const;

const OCTO = parseEther("1");
const ROLE = roleId("D");
const DAY = 86_400;
const NOON = DAY / 2;
const DOWNTIME = 0n;
// Costs half of a bond: its offender is suspended, as one with many slashes is.
const DATA_MISHANDLING = 4n;
const FRAUD = 5n;
// After so many days a past slash no longer makes the next one dearer for the offender.
const ESCALATION_DAYS = 181;

/**
 * Measures what a provider's users do while the provider grows old: each day it asks for an exit that it never withdraws,
 * gets one more delegator, and another provider is slashed once.
 */
export async function measureGrown(hre: HardhatRuntimeEnvironment): Promise<Growth> {
  const connection = await hre.network.create({ override: { initialDate: "2030-01-01T00:00:00Z" } });
  try {
    const system = await deploySystem(connection, { parameters: "local" });
    const place = new Place(connection, system, await connection.ethers.getSigners());
    await place.prepare();
    for (const size of SIZES) await place.growTo(size);
    return { what: "open exits, delegators, past slashes", sizes: SIZES, figures: place.meter.figures };
  } finally {
    await connection.close();
  }
}

class Place {
  readonly meter: Meter;
  readonly #connection: Connection;
  readonly #system: CipherOcto;
  readonly #liquidity: HardhatEthersSigner;
  readonly #client: HardhatEthersSigner;
  readonly #provider: HardhatEthersSigner;
  readonly #offender: HardhatEthersSigner;
  readonly #judge: HardhatEthersSigner;
  #days: bigint[] = [];
  #noon = 0;

  constructor(connection: Connection, system: CipherOcto, signers: HardhatEthersSigner[]) {
    this.#connection = connection;
    this.meter = new Meter(connection);
    this.#system = system;
    this.#liquidity = signers[6]!;
    this.#client = signers[7]!;
    this.#provider = signers[8]!;
    this.#offender = signers[9]!;
    this.#judge = signers[14]!;
  }

  async prepare(): Promise<void> {
    const { engine, registry, jobMarket, settlement, delegationPools } = this.#system;
    for (const account of [this.#client, this.#provider, this.#offender]) {
      await equip(this.#system, this.#liquidity, account, [engine, jobMarket, settlement, delegationPools]);
    }
    for (const account of [this.#provider, this.#offender]) await bondBoth(this.#system, account, 50_000n * OCTO);
    await registry.connect(this.#provider).setStandingTerms(ROLE, 10_000n * OCTO, 3_600n);
    await delegationPools.connect(this.#provider).openPool(ROLE);
    this.#noon = Math.ceil((await this.#now()) / DAY) * DAY + NOON;
  }

  /** Lets days pass until there are as many of everything, measures, and forgets the measuring. */
  async growTo(size: number): Promise<void> {
    while (this.#days.length < size) await this.#nextDay();
    await this.#toNextNoon();
    // So that the vault's books and the pool's rewards are not new.
    await this.#complete(await this.#submitted());

    const { registry, delegationPools } = this.#system;
    const provider = registry.connect(this.#provider);
    const delegator = delegationPools.connect(this.#client);
    await this.meter.measure("registry.bond", () => provider.bond(ROLE, 10n * OCTO, 10n * OCTO));
    await this.meter.measure("registry.unbond", () => provider.unbond(ROLE, OCTO, OCTO));
    await this.meter.measure("registry.withdraw", async () => {
      await this.#connection.networkHelpers.time.increase(9 * DAY);
      return provider.withdraw(ROLE, this.#days[0]!, this.#provider.address);
    });
    await this.meter.measure("registry.delegate", () =>
      delegator.delegate(this.#provider.address, ROLE, 10n * OCTO, 0n),
    );
    await this.meter.measure("registry.slash with exits and delegators", () => this.#verdict(this.#provider, FRAUD));
    await this.meter.measure("registry.slash after past slashes", async () => {
      await this.#connection.networkHelpers.time.increase(ESCALATION_DAYS * DAY);
      return this.#verdict(this.#offender, DOWNTIME);
    });
    await this.meter.measure("job.complete, which records", async () => this.#complete(await this.#submitted()));
  }

  async #nextDay(): Promise<void> {
    await this.#toNextNoon();
    const registry = this.#system.registry.connect(this.#provider);
    this.#days.push(await registry.unbond.staticCall(ROLE, OCTO, OCTO));
    await registry.unbond(ROLE, OCTO, OCTO);
    await this.#newDelegator(this.#days.length);
    await this.#verdict(this.#offender, this.#days.length === 1 ? DATA_MISHANDLING : DOWNTIME);
    await this.#system.registry.connect(this.#offender).bond(ROLE, 10n * OCTO, 10n * OCTO);
  }

  async #newDelegator(index: number): Promise<void> {
    const { octo, delegationPools } = this.#system;
    const { ethers, networkHelpers } = this.#connection;
    const address = getAddress(`0x${(0x10000 + index).toString(16).padStart(40, "d")}`);
    await networkHelpers.impersonateAccount(address);
    await networkHelpers.setBalance(address, parseEther("1"));
    const delegator = await ethers.getSigner(address);
    await octo.connect(this.#liquidity).transfer(address, 20n * OCTO);
    await octo.connect(delegator).approve(delegationPools, MaxUint256);
    await delegationPools.connect(delegator).delegate(this.#provider.address, ROLE, 10n * OCTO, 0n);
    await networkHelpers.stopImpersonatingAccount(address);
  }

  async #complete(jobId: bigint): Promise<ContractTransactionResponse> {
    return this.#system.jobMarket.connect(this.#client).complete(jobId, ZeroHash, "0x");
  }

  async #submitted(): Promise<bigint> {
    const { jobMarket } = this.#system;
    const parties = { client: this.#client.address, provider: this.#provider.address };
    const deal = dealOf(parties, { salt: id(`${await this.#now()}`) });
    await jobMarket.connect(this.#client).hire(deal, 100n * OCTO, NO_CONSENT);
    const jobId = await jobMarket.jobCount();
    await jobMarket.connect(this.#provider).submit(jobId, id("deliverable"), "0x");
    return jobId;
  }

  async #verdict(provider: HardhatEthersSigner, offence: bigint): Promise<ContractTransactionResponse> {
    return this.#system.slashingDesk.connect(this.#judge).slash({
      provider: provider.address,
      role: ROLE,
      offence,
      offenceAt: await this.#now(),
      disputeId: ZeroHash,
      client: ZeroAddress,
      loss: 0n,
      reason: id("reason"),
    });
  }

  async #toNextNoon(): Promise<void> {
    this.#noon += DAY;
    await this.#connection.networkHelpers.time.increaseTo(this.#noon);
  }

  #now(): Promise<number> {
    return this.#connection.networkHelpers.time.latest();
  }
}
