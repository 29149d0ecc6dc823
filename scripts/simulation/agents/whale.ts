import type { RoleLetter } from "../../../deploy/roles.ts";
import type { Week } from "../calendar.ts";
import { buyFor, sellUpTo } from "../exchange.ts";
import type { World } from "../world.ts";
import type { Agent, Result } from "./agent.ts";
import { worthOf } from "./worth.ts";

/** Buys through the boom and runs when the attack begins: sells as much each week as the circuit breaker lets out. */
export class Whale implements Agent {
  readonly #world: World;
  readonly #address: string;
  readonly #roles: readonly RoleLetter[];
  readonly #weekly: bigint;
  #putIn = 0n;
  #runs = false;

  private constructor(world: World, address: string, weekly: bigint) {
    this.#world = world;
    this.#address = address;
    this.#roles = world.scenario.whale.roles;
    this.#weekly = weekly;
  }

  /** @param weeks How many weeks of boom there are to buy in. */
  static async join(world: World, weeks: number): Promise<Whale> {
    const { roles, spends } = world.scenario.whale;
    const weekly = spends / BigInt(Math.max(weeks, 1)) / BigInt(roles.length);
    return new Whale(world, await world.open("whale"), weekly);
  }

  async trade({ phase, left }: Week): Promise<void> {
    if (phase.kind === "attack" || left === 0) this.#runs = true;
    for (const letter of this.#roles) {
      if (this.#runs) await this.#sell(letter);
      else if (phase.kind === "boom") await this.#buy(letter);
    }
  }

  async result(): Promise<Result> {
    const holds = await worthOf(this.#world, this.#address, this.#roles);
    return { putIn: this.#putIn, holds };
  }

  async #buy(letter: RoleLetter): Promise<void> {
    await this.#world.fund(this.#address, this.#weekly);
    this.#putIn += this.#weekly;
    await buyFor(this.#world, this.#address, letter, this.#weekly);
  }

  async #sell(letter: RoleLetter): Promise<void> {
    const balance = await this.#world.system.roleTokens[letter].balanceOf(this.#address);
    await sellUpTo(this.#world, this.#address, letter, balance);
  }
}
