import { parseEther } from "ethers";

import type { RoleLetter } from "../../../deploy/roles.ts";
import type { Week } from "../calendar.ts";
import { buyFor, type Rates, ratesOf, sellUpTo, swapUpTo } from "../exchange.ts";
import { LETTERS, type World } from "../world.ts";
import type { Agent, Result } from "./agent.ts";
import { worthOf } from "./worth.ts";

const ONE = parseEther("1");
/** Of the capital, what one purchase may cost: an eighth. */
const PARTS = 8n;
/** What is left of a sale after the exit fee, in basis points. */
const AFTER_FEE = 95_00n;

/**
 * Buys where the ask takes no more than coverage and spread while sellers get little, so that their haste raises what
 * covers those who stay; sells when that has paid the spread and the exit fee; swaps out of roles whose rate falls.
 */
export class Arbitrageur implements Agent {
  readonly #world: World;
  readonly #address: string;
  /** What it paid for what it holds of a role. */
  readonly #paid = new Map<RoleLetter, bigint>();
  readonly #lastPolicy = new Map<RoleLetter, bigint>();

  private constructor(world: World, address: string) {
    this.#world = world;
    this.#address = address;
  }

  static async join(world: World): Promise<Arbitrageur> {
    const address = await world.open("arbitrageur");
    await world.fund(address, world.scenario.arbitrageur.capital);
    return new Arbitrageur(world, address);
  }

  async trade({ left }: Week): Promise<void> {
    const rates = new Map<RoleLetter, Rates>();
    await Promise.all(LETTERS.map(async (letter) => rates.set(letter, await ratesOf(this.#world, letter))));
    for (const letter of LETTERS) {
      const balance = await this.#world.system.roleTokens[letter].balanceOf(this.#address);
      if (balance > 0n) await this.#leave(letter, balance, rates, left === 0);
      else if (left > 0) await this.#enter(letter, rates.get(letter)!);
      this.#lastPolicy.set(letter, rates.get(letter)!.policy);
    }
  }

  async result(): Promise<Result> {
    const holds = await worthOf(this.#world, this.#address, LETTERS);
    return { putIn: this.#world.scenario.arbitrageur.capital, holds };
  }

  async #enter(letter: RoleLetter, { policy, coverage }: Rates): Promise<void> {
    const { capital, buysBelow } = this.#world.scenario.arbitrageur;
    if (policy > coverage || policy > parseEther(`${buysBelow}`)) return;
    const price = capital / PARTS;
    if ((await this.#world.system.octo.balanceOf(this.#address)) < price) return;
    if ((await buyFor(this.#world, this.#address, letter, price)) > 0n) this.#paid.set(letter, price);
  }

  async #leave(letter: RoleLetter, balance: bigint, rates: Map<RoleLetter, Rates>, last: boolean): Promise<void> {
    const { profit } = this.#world.scenario.arbitrageur;
    const { bid, policy, coverage } = rates.get(letter)!;
    const proceeds = (balance * bid * AFTER_FEE) / ONE / 100_00n;
    const wanted = ((this.#paid.get(letter) ?? 0n) * parseEther(`${1 + profit}`)) / ONE;
    if (last || proceeds >= wanted) return this.#sell(letter, balance);
    const falls = policy < (this.#lastPolicy.get(letter) ?? 0n) && policy >= coverage;
    const into = falls ? this.#cheapest(letter, rates) : undefined;
    if (into !== undefined) await this.#swap(letter, into, balance);
  }

  async #sell(letter: RoleLetter, balance: bigint): Promise<void> {
    const sold = await sellUpTo(this.#world, this.#address, letter, balance);
    this.#reduce(letter, balance, sold);
  }

  async #swap(from: RoleLetter, to: RoleLetter, balance: bigint): Promise<void> {
    const moved = await swapUpTo(this.#world, this.#address, { from, to, amount: balance });
    const paid = this.#reduce(from, balance, moved);
    this.#paid.set(to, (this.#paid.get(to) ?? 0n) + paid);
  }

  /** Takes a part of what it holds off the books; returns what it had paid for that part. */
  #reduce(letter: RoleLetter, balance: bigint, gone: bigint): bigint {
    const paid = this.#paid.get(letter) ?? 0n;
    const share = (paid * gone) / balance;
    this.#paid.set(letter, paid - share);
    return share;
  }

  /** A role that rises and asks for no more than its coverage. */
  #cheapest(except: RoleLetter, rates: Map<RoleLetter, Rates>): RoleLetter | undefined {
    return LETTERS.find((letter) => {
      const { policy, coverage } = rates.get(letter)!;
      const rises = policy > (this.#lastPolicy.get(letter) ?? policy);
      return letter !== except && rises && policy <= coverage;
    });
  }
}
