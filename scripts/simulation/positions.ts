import { type RoleLetter, roleId } from "../../deploy/roles.ts";
import { DAY, WEEK } from "./calendar.ts";
import { buyExactly } from "./exchange.ts";
import type { World } from "./world.ts";

/** A position: an account's bonds in one role, and what is leaving them. */
export class Position {
  readonly #world: World;
  readonly #account: string;
  readonly #letter: RoleLetter;
  readonly #exits: bigint[] = [];

  constructor(world: World, account: string, letter: RoleLetter) {
    this.#world = world;
    this.#account = account;
    this.#letter = letter;
  }

  get #role(): bigint {
    return roleId(this.#letter);
  }

  /** Buys the role tokens and bonds both lanes, in multiples of the minimum; `fund` brings the OCTO. */
  async enter(times: number, fund: (amount: bigint) => Promise<void>): Promise<void> {
    const { registry, engine } = this.#world.system;
    const minimum = await registry.minimumOf(this.#role);
    const [octo, roleTokens] = [minimum.octo * BigInt(times), minimum.roleTokens * BigInt(times)];
    await fund(octo + (await engine.quoteExactOut(this.#role, roleTokens)));
    await buyExactly(this.#world, this.#account, this.#letter, roleTokens);
    await this.bond(octo, roleTokens);
  }

  async bond(octo: bigint, roleTokens: bigint): Promise<void> {
    const { registry } = this.#world.system;
    await this.#world.chain.send(this.#account, registry.bond.populateTransaction(this.#role, octo, roleTokens));
  }

  async bonds(): Promise<{ octo: bigint; roleTokens: bigint }> {
    const [octo, roleTokens] = await this.#world.system.registry.bondOf(this.#account, this.#role);
    return { octo, roleTokens };
  }

  /** Takes stake out; it is free at the first midnight that is at least a week away. */
  async leave(octo: bigint, roleTokens: bigint): Promise<void> {
    const { chain, system } = this.#world;
    await chain.send(this.#account, system.registry.unbond.populateTransaction(this.#role, octo, roleTokens));
    const day = (chain.now + WEEK + DAY - 1n) / DAY;
    if (!this.#exits.includes(day)) this.#exits.push(day);
  }

  /** Withdraws what has become free. */
  async collect(): Promise<void> {
    const { chain, system } = this.#world;
    while (this.#exits.length > 0 && this.#exits[0]! * DAY <= chain.now) {
      const day = this.#exits.shift()!;
      const withdrawal = system.registry.withdraw.populateTransaction(this.#role, day, this.#account);
      await chain.send(this.#account, withdrawal);
    }
  }

  /** What is on its way out. */
  async leaving(): Promise<{ octo: bigint; roleTokens: bigint }> {
    const exits = await Promise.all(
      this.#exits.map((day) => this.#world.system.registry.exitOf(this.#account, this.#role, day)),
    );
    const sum = (of: (exit: (typeof exits)[number]) => bigint) => exits.reduce((total, exit) => total + of(exit), 0n);
    return { octo: sum(({ octo }) => octo), roleTokens: sum(({ roleTokens }) => roleTokens) };
  }
}
