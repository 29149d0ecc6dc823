import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { type ContractTransactionResponse, id, parseEther } from "ethers";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import { roleId } from "../../deploy/roles.ts";
import { dealOf, NO_CONSENT } from "../lib/deal.ts";
import { deploySystem } from "../lib/deploySystem.ts";
import type { CipherOcto } from "../lib/system.ts";
import { bondBoth, type Connection, equip, type Growth, Meter } from "./growth.ts";

const SIZES = [10, 10_000] as const;
const OCTO = parseEther("1");
const ROLE = roleId("D");
const DAY = 86_400n;
const PRICE = 100n * OCTO;
const URI = `ipfs://${"b".repeat(59)}`; // 66 characters
/** How many agents, and how many jobs, are made in a transaction, and how much gas one may use. */
const [BATCH, GAS] = [50, 260_000n];

/** Measures what clients and agents do among few and among many agents and jobs. */
export async function measureCrowd(hre: HardhatRuntimeEnvironment): Promise<Growth> {
  const connection = await hre.network.create({ override: { initialDate: "2030-01-01T12:00:00Z" } });
  try {
    const system = await deploySystem(connection, { parameters: "local" });
    const crowd = new Crowd(connection, system, await connection.ethers.getSigners());
    await crowd.prepare();
    for (const size of SIZES) await crowd.growTo(size);
    return { what: "agents, and as many jobs", sizes: SIZES, figures: crowd.meter.figures };
  } finally {
    await connection.close();
  }
}

class Crowd {
  readonly meter: Meter;
  readonly #connection: Connection;
  readonly #system: CipherOcto;
  readonly #liquidity: HardhatEthersSigner;
  readonly #client: HardhatEthersSigner;
  readonly #provider: HardhatEthersSigner;
  readonly #helper: HardhatEthersSigner;
  #size = 0;

  constructor(connection: Connection, system: CipherOcto, signers: HardhatEthersSigner[]) {
    this.#connection = connection;
    this.meter = new Meter(connection);
    this.#system = system;
    this.#liquidity = signers[6]!;
    this.#client = signers[7]!;
    this.#provider = signers[8]!;
    this.#helper = signers[9]!;
  }

  async prepare(): Promise<void> {
    const { engine, registry, jobMarket, disputeDesk, agentRegistry } = this.#system;
    for (const account of [this.#client, this.#provider, this.#helper]) {
      await equip(this.#system, this.#liquidity, account, [engine, jobMarket, disputeDesk]);
    }
    for (const account of [this.#provider, this.#helper]) {
      await bondBoth(this.#system, account, 5_000n * OCTO);
      await registry.connect(account).setStandingTerms(ROLE, 10_000n * OCTO, 300n);
    }
    const listing = { manifestHash: id("manifest"), price: PRICE, duration: 300n };
    for (let agent = 0; agent < 2; ++agent) await agentRegistry.connect(this.#provider)["register(string)"](URI);
    await agentRegistry.connect(this.#provider).publish(1n, listing);
  }

  /** Registers agents and makes jobs until there are as many, measures, and forgets the measuring. */
  async growTo(size: number): Promise<void> {
    const { octo, agentRegistry, jobMarket } = this.#system;
    const crowd = await this.#connection.ethers.deployContract("Crowd", [octo, agentRegistry, jobMarket]);
    await octo.connect(this.#client).transfer(crowd, BigInt(size) * OCTO);
    const deal = this.#deal(`crowd ${size}`, { client: await crowd.getAddress() });
    for (; this.#size < size; this.#size += Math.min(BATCH, size - this.#size)) {
      const count = Math.min(BATCH, size - this.#size);
      await crowd.getFunction("register")(URI, count, { gasLimit: GAS * BigInt(count) });
      await crowd.getFunction("hire")(deal, OCTO, count, { gasLimit: GAS * BigInt(count) });
      deal.salt = id(deal.salt);
    }
    await this.#warmUp();
    await this.#measureAll();
  }

  /** So that the vault's books are not new. */
  async #warmUp(): Promise<void> {
    await this.#complete(await this.#submitted("warm"));
  }

  async #measureAll(): Promise<void> {
    const { agentRegistry, agentReputation, disputeDesk, jobMarket } = this.#system;
    const [asProvider, asClient] = [agentRegistry.connect(this.#provider), jobMarket.connect(this.#client)];
    const listing = { manifestHash: id("another"), price: PRICE, duration: 300n };
    await this.meter.measure("agent.register", () => asProvider["register(string)"](URI));
    await this.meter.measure("agent.publish", () => asProvider.publish(2n, listing));
    await this.meter.measure("agent.hire", () =>
      asClient.hire(this.#deal("agent", { agentId: 1n }), PRICE, NO_CONSENT),
    );
    await this.meter.measure("agent.feedback", async () => {
      const jobId = await this.#submitted("feedback", { agentId: 1n });
      await this.#complete(jobId);
      const review = agentReputation.connect(this.#client);
      return review.giveFeedback(1n, 90n, 0n, "starred", `${jobId}`, "", "", id("file"));
    });
    await this.meter.measure("job.submit", async () => {
      const jobId = await this.#hired("submit");
      return jobMarket.connect(this.#provider).submit(jobId, id("deliverable"), "0x");
    });
    await this.meter.measure("job.complete", async () => this.#complete(await this.#submitted("complete")));
    await this.meter.measure("job.child", async () => {
      const parentId = await this.#hired("parent", { forChildren: PRICE });
      const parties = { client: this.#provider.address, provider: this.#helper.address };
      const child = dealOf(parties, { duration: 300n, salt: id("child") });
      return jobMarket.connect(this.#provider).hireChild(parentId, child, OCTO, NO_CONSENT);
    });
    await this.meter.measure("dispute.open", async () => {
      const jobId = await this.#submitted("dispute");
      return disputeDesk.connect(this.#client).open(jobId, id("claim"), 0n, false);
    });
  }

  #deal(salt: string, rest: Parameters<typeof dealOf>[1] = {}) {
    const parties = { client: this.#client.address, provider: this.#provider.address };
    return dealOf(parties, { duration: DAY, salt: id(salt), ...rest });
  }

  async #hired(salt: string, rest: Parameters<typeof dealOf>[1] = {}): Promise<bigint> {
    const { jobMarket } = this.#system;
    await jobMarket.connect(this.#client).hire(this.#deal(salt, rest), PRICE, NO_CONSENT);
    return jobMarket.jobCount();
  }

  async #submitted(salt: string, rest: Parameters<typeof dealOf>[1] = {}): Promise<bigint> {
    const jobId = await this.#hired(salt, rest);
    await this.#system.jobMarket.connect(this.#provider).submit(jobId, id("deliverable"), "0x");
    return jobId;
  }

  async #complete(jobId: bigint): Promise<ContractTransactionResponse> {
    return this.#system.jobMarket.connect(this.#client).complete(jobId, id("reason"), "0x");
  }
}
