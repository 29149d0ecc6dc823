import { parseEther } from "ethers";

import { type RoleLetter, roleId } from "../../../deploy/roles.ts";
import { HOUR, type Week } from "../calendar.ts";
import { sellUpTo } from "../exchange.ts";
import { Position } from "../positions.ts";
import type { ProviderKind } from "../scenario.ts";
import type { World } from "../world.ts";
import type { Agent } from "./agent.ts";

const MONTH = 4;
const QUARTER = 13;
/** Value in flight may be five times the OCTO bond. */
const CAPACITY = 5n;

/** Works in one role: bonds both lanes, and sells or bonds what it earns, by its kind. */
export class Provider implements Agent {
  readonly address: string;
  readonly #world: World;
  readonly #letter: RoleLetter;
  readonly #kind: ProviderKind;
  readonly #position: Position;

  private constructor(world: World, address: string, letter: RoleLetter, kind: ProviderKind) {
    this.address = address;
    this.#world = world;
    this.#letter = letter;
    this.#kind = kind;
    this.#position = new Position(world, address, letter);
  }

  static async join(world: World, letter: RoleLetter, kind: "seller" | "holder"): Promise<Provider> {
    const address = await world.open(`${letter} ${kind}`);
    const provider = new Provider(world, address, letter, world.scenario.providers[kind]);
    await provider.#position.enter(provider.#kind.bond, (amount) => world.fund(address, amount));
    await provider.#agree();
    // Who sells is paid by transfer, who holds by credit in the vault.
    if (kind === "seller") await world.chain.send(address, world.system.settlement.setPayOut.populateTransaction(true));
    return provider;
  }

  async trade({ phase }: Week): Promise<void> {
    const panics = phase.kind === "bust" || phase.kind === "attack";
    const share = panics ? this.#kind.panics : this.#kind.sells;
    await sellUpTo(this.#world, this.address, this.#letter, partOf(await this.#unbonded(), share));
  }

  async end({ number }: Week): Promise<void> {
    if (number % QUARTER === 0) await this.#bondMore();
    if (number % MONTH === 0) await this.#takeHome();
  }

  /** Standing terms bind it to whatever its bond carries. */
  async #agree(): Promise<void> {
    const { chain, system } = this.#world;
    const { octo } = await this.#position.bonds();
    const terms = system.registry.setStandingTerms.populateTransaction(roleId(this.#letter), octo * CAPACITY, HOUR);
    await chain.send(this.address, terms);
  }

  async #bondMore(): Promise<void> {
    const amount = partOf(await this.#unbonded(), this.#kind.bonds);
    if (amount > 0n) await this.#position.bond(0n, amount);
  }

  /** What it earned in OCTO pays its costs and its owner: it goes to the open market. */
  async #takeHome(): Promise<void> {
    const { chain, system } = this.#world;
    const credit = await system.settlement.creditOf(this.address);
    if (credit > 0n) {
      await chain.send(this.address, system.settlement.withdraw.populateTransaction(this.address, credit));
    }
    await this.#world.cashOut(this.address, await system.octo.balanceOf(this.address));
  }

  #unbonded(): Promise<bigint> {
    return this.#world.system.roleTokens[this.#letter].balanceOf(this.address);
  }
}

/** A part of an amount, in whole tokens. */
function partOf(amount: bigint, share: number): bigint {
  const token = parseEther("1");
  return ((amount * BigInt(Math.round(share * 10_000))) / 10_000n / token) * token;
}
