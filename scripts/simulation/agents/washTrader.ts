import { parseEther, type ContractTransaction } from "ethers";

import { type RoleLetter, roleId } from "../../../deploy/roles.ts";
import type { Week } from "../calendar.ts";
import { ratesOf, sellUpTo } from "../exchange.ts";
import type { JobPlan } from "../jobs.ts";
import { Position } from "../positions.ts";
import type { World } from "../world.ts";
import type { Agent, Result } from "./agent.ts";
import { worthOf } from "./worth.ts";

/** From then on he sells whatever he has, and in these last weeks he takes his bonds out. */
const SELLS_OUT = 26;
const UNBONDS = 4;
const FULL_MARKS = 100n;

/**
 * Deals with himself: three accounts of one hand hire, work and coordinate, give the best marks and are heard in every
 * window. He sells what work mints him whenever the rate holds nothing of the coverage back.
 */
export class WashTrader implements Agent {
  readonly #world: World;
  readonly #letter: RoleLetter;
  readonly #client: string;
  readonly #provider: string;
  readonly #orchestrator: string;
  readonly #positions: readonly Position[];
  #putIn = 0n;
  #weeks = 0;

  private constructor(world: World, accounts: readonly [string, string, string]) {
    this.#world = world;
    this.#letter = world.scenario.washTrader.role;
    [this.#client, this.#provider, this.#orchestrator] = accounts;
    this.#positions = [new Position(world, this.#provider, this.#letter), new Position(world, this.#orchestrator, "O")];
  }

  static async join(world: World): Promise<WashTrader> {
    const trader = new WashTrader(world, [
      await world.open("wash-trader as client"),
      await world.open("wash-trader as provider"),
      await world.open("wash-trader as orchestrator"),
    ]);
    await trader.#join();
    return trader;
  }

  /** His accounts, in which nothing of others lies. */
  get accounts(): readonly string[] {
    return [this.#client, this.#provider, this.#orchestrator];
  }

  async begin(week: Week): Promise<void> {
    for (const position of this.#positions) await position.collect();
    if (week.left === UNBONDS) await this.#unbond();
    const needed = this.#volume(week);
    const has = await this.#world.system.octo.balanceOf(this.#client);
    if (has < needed) await this.#fund(this.#client, needed - has);
  }

  jobs(week: Week): JobPlan[] {
    const budget = this.#volume(week);
    if (budget === 0n) return [];
    const parties = { client: this.#client, provider: this.#provider, orchestrator: this.#orchestrator };
    const rated = this.#weeks++ % 5 === 0; // the same provider once in 30 days
    return [{ ...parties, role: this.#letter, schedule: "SERVICE", budget, ...(rated ? { rating: FULL_MARKS } : {}) }];
  }

  async beat(): Promise<void> {
    const { registry } = this.#world.system;
    await this.#send(this.#provider, registry.heartbeat.populateTransaction(roleId(this.#letter)));
  }

  async trade({ left }: Week): Promise<void> {
    await this.#sell(this.#provider, this.#letter, left);
    await this.#sell(this.#orchestrator, "O", left);
  }

  /** What his other accounts were paid goes round again. */
  async end(): Promise<void> {
    const { octo } = this.#world.system;
    for (const account of [this.#provider, this.#orchestrator]) {
      await this.#world.pass(account, this.#client, await octo.balanceOf(account));
    }
  }

  async result(): Promise<Result> {
    const roles: [string, RoleLetter[]][] = [
      [this.#client, []],
      [this.#provider, [this.#letter]],
      [this.#orchestrator, ["O"]],
    ];
    const worths = await Promise.all(roles.map(([account, letters]) => worthOf(this.#world, account, letters)));
    const staked = await Promise.all([this.#staked(0, this.#letter), this.#staked(1, "O")]);
    return { putIn: this.#putIn, holds: [...worths, ...staked].reduce((sum, each) => sum + each, 0n) };
  }

  /** Role tokens and OCTO that are not back in his hands as OCTO: unsold, bonded or leaving. */
  async unsold(): Promise<bigint> {
    const { roleTokens } = this.#world.system;
    const amounts = await Promise.all([
      roleTokens[this.#letter].balanceOf(this.#provider),
      roleTokens.O.balanceOf(this.#orchestrator),
      this.#staked(0, this.#letter),
      this.#staked(1, "O"),
    ]);
    return amounts.reduce((sum, amount) => sum + amount, 0n);
  }

  async #join(): Promise<void> {
    const { settlement, registry } = this.#world.system;
    for (const [index, account] of [this.#provider, this.#orchestrator].entries()) {
      await this.#positions[index]!.enter(1, (amount) => this.#fund(account, amount));
      await this.#send(account, settlement.setPayOut.populateTransaction(true));
    }
    await this.#send(this.#provider, registry.setDuty.populateTransaction(roleId(this.#letter), true));
  }

  async #unbond(): Promise<void> {
    for (const position of this.#positions) {
      const { octo, roleTokens } = await position.bonds();
      if (octo > 0n || roleTokens > 0n) await position.leave(octo, roleTokens);
    }
  }

  /** He holds back while the rate pays less than the coverage, and in the end sells at any. */
  async #sell(account: string, letter: RoleLetter, left: number): Promise<void> {
    const balance = await this.#world.system.roleTokens[letter].balanceOf(account);
    if (balance === 0n) return;
    const { bid, coverage } = await ratesOf(this.#world, letter);
    if (bid >= coverage || left < SELLS_OUT) await sellUpTo(this.#world, account, letter, balance);
  }

  /** Bonds at face value, role tokens in them at the bid. */
  async #staked(index: number, letter: RoleLetter): Promise<bigint> {
    const position = this.#positions[index]!;
    const [bonds, leaving, bid] = await Promise.all([
      position.bonds(),
      position.leaving(),
      this.#world.system.engine.bidOf(roleId(letter)),
    ]);
    return bonds.octo + leaving.octo + ((bonds.roleTokens + leaving.roleTokens) * bid) / parseEther("1");
  }

  /** What he hires himself for; nothing once he leaves. */
  #volume({ phase, left }: Week): bigint {
    const { volume, attack } = this.#world.scenario.washTrader;
    if (left <= UNBONDS) return 0n;
    return parseEther(`${volume * (phase.kind === "attack" ? attack : 1)}`);
  }

  async #fund(account: string, amount: bigint): Promise<void> {
    await this.#world.fund(account, amount);
    this.#putIn += amount;
  }

  #send(from: string, call: Promise<ContractTransaction>): Promise<void> {
    return this.#world.chain.send(from, call);
  }
}
