import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { type ContractTransactionReceipt, type ContractTransactionResponse, MaxUint256, parseEther } from "ethers";
import type { NetworkConnection } from "hardhat/types/network";
import pc from "picocolors";

import { type RoleLetter, roleId } from "../../deploy/roles.ts";
import { thousands } from "../lib/amounts.ts";
import type { CipherOcto } from "../lib/system.ts";
import type { Split } from "../lib/split.ts";
import type { JobPlan, Scenario } from "./scenario.ts";
import type { Workshop } from "./workshop.ts";

/** One transaction of the season. */
export type Step = { act: string; what: string; gas: bigint };

/** A job that was played, as the report shows it. */
export type PlayedJob = { id: bigint; plan: JobPlan; outcome: string; split?: Split; minted: bigint };

/** Everything an act has at hand, and the record of what has happened. */
export class Stage {
  readonly connection: NetworkConnection;
  readonly system: CipherOcto;
  readonly scenario: Scenario;
  readonly workshop: Workshop;
  readonly players: ReadonlyMap<string, HardhatEthersSigner>;
  readonly liquidity: HardhatEthersSigner;
  /** Judges until there is a dispute panel, as deploy/parameters/local.json5 says. */
  readonly judge: HardhatEthersSigner;
  readonly steps: Step[] = [];
  readonly jobs: PlayedJob[] = [];
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
    this.steps.push({ act: this.act, what, gas: receipt.gasUsed });
    console.log(`  ${pc.green("✓")} ${what} ${pc.dim(`${thousands(receipt.gasUsed)} gas`)}`);
    return receipt;
  }

  /** Says something that is no transaction. */
  tell(text: string): void {
    console.log(`    ${pc.dim(text)}`);
  }

  /** Lets time pass. */
  async wait(seconds: number | bigint, why: string): Promise<void> {
    await this.connection.networkHelpers.time.increase(seconds);
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
