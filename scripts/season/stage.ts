import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { type ContractTransactionReceipt, type ContractTransactionResponse, MaxUint256, parseEther } from "ethers";
import type { NetworkConnection } from "hardhat/types/network";
import pc from "picocolors";

import { type RoleLetter, roleId } from "../../deploy/roles.ts";
import { thousands } from "../lib/amounts.ts";
import type { CipherOcto } from "../lib/system.ts";
import type { Split } from "../lib/split.ts";
import type { Scenario } from "./scenario.ts";
import type { Workshop } from "./workshop.ts";

/** One step of the season, and how many transactions it took. */
export type Step = { act: string; what: string; gas: bigint; transactions: number };

/** A job that was played, or several in a row, as the report shows it. */
export type PlayedJob = { id: string; budget: bigint; outcome: string; split?: Split };

/** Everything an act has at hand, and the record of what has happened. */
export class Stage {
  readonly connection: NetworkConnection;
  readonly system: CipherOcto;
  readonly scenario: Scenario;
  readonly workshop: Workshop;
  readonly players: ReadonlyMap<string, HardhatEthersSigner>;
  readonly liquidity: HardhatEthersSigner;
  /** Judges what no job is about, as deploy/parameters/local.json5 says. */
  readonly judge: HardhatEthersSigner;
  /** Who judges disputes, as deploy/parameters/local.json5 says. */
  readonly arbiters: readonly HardhatEthersSigner[];
  readonly steps: Step[] = [];
  readonly jobs: PlayedJob[] = [];
  readonly #sent = new Set<string>();
  act = "";

  constructor(
    connection: NetworkConnection,
    system: CipherOcto,
    scenario: Scenario,
    workshop: Workshop,
    signers: HardhatEthersSigner[],
  ) {
    this.connection = connection;
    this.system = system;
    this.scenario = scenario;
    this.workshop = workshop;
    this.liquidity = signers[6]!;
    this.judge = signers[14]!;
    this.arbiters = signers.slice(30, 45);
    this.players = new Map(
      Object.entries(scenario.players).map(([name, { account }]) => [name, signers[account]!] as const),
    );
  }

  /** A player by its name in the scenario, which has been checked to exist. */
  player(name: string): HardhatEthersSigner {
    return this.players.get(name)!;
  }

  /** The name of the player at an address. */
  nameOf(address: string): string {
    return [...this.players].find(([, player]) => player.address === address)?.[0] ?? address;
  }

  /** Sends a transaction, shows it as it happens and notes its gas. */
  async send(what: string, transaction: Promise<ContractTransactionResponse>): Promise<ContractTransactionReceipt> {
    const receipt = (await (await transaction).wait())!;
    this.#sent.add(receipt.hash);
    this.#note(what, receipt.gasUsed, 1);
    return receipt;
  }

  /** Sends several transactions as one step: in one line, with their gas together. */
  async sendTogether(what: string, ...transactions: (() => Promise<ContractTransactionResponse>)[]): Promise<void> {
    let gas = 0n;
    for (const transaction of transactions) {
      const receipt = (await (await transaction()).wait())!;
      this.#sent.add(receipt.hash);
      gas += receipt.gasUsed;
    }
    this.#note(what, gas, transactions.length);
  }

  /** Notes what the processes of agents have sent since a block: nobody has told them to. */
  async noteProcesses(agents: ReadonlySet<string>, sinceBlock: number): Promise<void> {
    const { provider } = this.connection.ethers;
    const last = await provider.getBlockNumber();
    for (let number = sinceBlock + 1; number <= last; ++number) {
      for (const hash of (await provider.getBlock(number))!.transactions) {
        if (this.#sent.has(hash)) continue;
        const receipt = (await provider.getTransactionReceipt(hash))!;
        if (!agents.has(receipt.from)) continue;
        const { data } = (await provider.getTransaction(hash))!;
        this.#sent.add(hash);
        this.#note(`${this.nameOf(receipt.from)}'s process: ${this.#actionOf(data)}`, receipt.gasUsed, 1);
      }
    }
  }

  #actionOf(data: string): string {
    const { jobMarket, settlement } = this.system;
    const call = [jobMarket, settlement].map(({ interface: abi }) => abi.parseTransaction({ data })?.name);
    return call.find((name) => name !== undefined) ?? data.slice(0, 10);
  }

  #note(what: string, gas: bigint, transactions: number): void {
    this.steps.push({ act: this.act, what, gas, transactions });
    console.log(`  ${pc.green("✓")} ${what} ${pc.dim(`${thousands(gas)} gas`)}`);
  }

  /** Says something that is no transaction. */
  tell(text: string): void {
    console.log(`    ${pc.dim(text)}`);
  }

  /** Lets time pass. */
  async pass(seconds: number | bigint): Promise<void> {
    await this.connection.networkHelpers.time.increase(seconds);
  }

  /** Lets time pass, and says why. */
  async wait(seconds: number | bigint, why: string): Promise<void> {
    await this.pass(seconds);
    this.tell(why);
  }

  /** Buys a role's tokens at the engine's ask. */
  async buyRoleTokens(name: string, letter: RoleLetter, amount: bigint): Promise<void> {
    const { engine, octo } = this.system;
    const account = this.player(name);
    const price = await engine.quoteExactOut(roleId(letter), amount);
    await octo.connect(account).approve(engine, price);
    await this.send(
      `${name} buys ${amount / parseEther("1")} OCTO-${letter}`,
      engine.connect(account).buy(roleId(letter), price, amount, MaxUint256),
    );
  }
}

/** A part of the season: a small file of its own. */
export type Act = { title: string; play(stage: Stage): Promise<void> };
