import { MaxUint256 } from "ethers";

import { bitmap, type RoleLetter, ROLES, roleId, SCHEDULES } from "../../deploy/roles.ts";
import { deploySystem } from "../lib/deploySystem.ts";
import { type CipherOcto } from "../lib/system.ts";
import type { Chain } from "./chain.ts";
import type { Chance } from "./chance.ts";
import type { Scenario } from "./scenario.ts";

/** Accounts that deploy/parameters/local.json5 names. */
const FIXED = { admin: 1, treasury: 3, early: 4, partners: 5, liquidity: 6, judge: 14 } as const;
const FIRST_FREE = 7;

export const LETTERS: readonly RoleLetter[] = ROLES.map(({ letter }) => letter);

/** What every agent has at hand: the contracts, the chain, chance, and accounts. */
export class World {
  readonly chain: Chain;
  readonly system: CipherOcto;
  readonly scenario: Scenario;
  readonly chance: Chance;
  readonly fixed: Record<keyof typeof FIXED, string>;
  /** Every account that somebody plays, by its name. */
  readonly accounts = new Map<string, string>();
  readonly #free: string[];

  private constructor(chain: Chain, system: CipherOcto, scenario: Scenario, chance: Chance, addresses: string[]) {
    this.chain = chain;
    this.system = system;
    this.scenario = scenario;
    this.chance = chance;
    this.fixed = Object.fromEntries(
      Object.entries(FIXED).map(([name, index]) => [name, addresses[index]!]),
    ) as typeof this.fixed;
    this.#free = addresses.filter((_, index) => index >= FIRST_FREE && index !== FIXED.judge);
  }

  /** Deploys the suite and opens the job market to every role, as the founders may. */
  static async begin(chain: Chain, scenario: Scenario, chance: Chance): Promise<World> {
    const system = await deploySystem(chain.connection, { parameters: "local" });
    const signers = await chain.connection.ethers.getSigners();
    const world = new World(
      chain,
      system,
      scenario,
      chance,
      signers.map(({ address }) => address),
    );
    const roles = bitmap(LETTERS.map(roleId));
    const schedules = bitmap(Object.values(SCHEDULES));
    await chain.send(
      world.fixed.admin,
      system.settlement.admitMarket.populateTransaction(system.addresses.jobMarket, roles, schedules),
    );
    return world;
  }

  /** An account of its own for an actor, with every allowance it will need. */
  async open(name: string): Promise<string> {
    const address = this.#free.shift();
    if (address === undefined) throw new Error(`the chain has no account left for ${name}`);
    this.accounts.set(name, address);
    await this.allow(address);
    return address;
  }

  /** Lets the contracts take what an account will lock, bond or pay. */
  async allow(address: string): Promise<void> {
    const { octo, addresses, roleTokens } = this.system;
    for (const spender of [addresses.engine, addresses.registry, addresses.jobMarket]) {
      await this.chain.send(address, octo.approve.populateTransaction(spender, MaxUint256));
    }
    for (const letter of LETTERS) {
      await this.chain.send(address, roleTokens[letter].approve.populateTransaction(addresses.registry, MaxUint256));
    }
  }

  /** OCTO of the open market, which is not simulated, for an actor. */
  async fund(account: string, amount: bigint): Promise<void> {
    await this.pass(this.fixed.liquidity, account, amount);
  }

  /** OCTO of an actor that goes to the open market. */
  async cashOut(account: string, amount: bigint): Promise<void> {
    await this.pass(account, this.fixed.liquidity, amount);
  }

  async pass(from: string, to: string, amount: bigint): Promise<void> {
    if (amount > 0n) await this.chain.send(from, this.system.octo.transfer.populateTransaction(to, amount));
  }
}
