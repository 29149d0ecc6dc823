import { parseEther } from "ethers";

import type { RoleLetter } from "../../../deploy/roles.ts";
import type { Week } from "../calendar.ts";
import type { JobPlan } from "../jobs.ts";
import type { Scenario } from "../scenario.ts";
import type { World } from "../world.ts";
import type { Agent } from "./agent.ts";
import type { Provider } from "./provider.ts";

/** Below this a settlement would not be recorded. */
const SMALLEST_BUDGET = 10;
/** How many weeks of budgets it buys OCTO for. */
const STOCK = 4n;

/** Has work of one role done every week, by each of the role's providers. */
export class Client implements Agent {
  readonly #world: World;
  readonly #address: string;
  readonly #letter: RoleLetter;
  readonly #demand: NonNullable<Scenario["roles"][RoleLetter]>;
  readonly #providers: readonly Provider[];
  readonly #orchestrators: readonly Provider[];
  #plans: JobPlan[] = [];

  private constructor(
    world: World,
    address: string,
    letter: RoleLetter,
    people: { providers: readonly Provider[]; orchestrators: readonly Provider[] },
  ) {
    this.#world = world;
    this.#address = address;
    this.#letter = letter;
    this.#demand = world.scenario.roles[letter]!;
    this.#providers = people.providers;
    this.#orchestrators = people.orchestrators;
  }

  static async join(
    world: World,
    letter: RoleLetter,
    people: { providers: readonly Provider[]; orchestrators: readonly Provider[] },
  ): Promise<Client> {
    return new Client(world, await world.open(`client of ${letter}`), letter, people);
  }

  /** Decides what it wants done, and buys the OCTO for it. */
  async begin({ demand }: Week): Promise<void> {
    const { chance, scenario, system } = this.#world;
    this.#plans = this.#plansOf(this.#demand.volume * demand * chance.around(scenario.noise));
    const needed = this.#plans.reduce((sum, { budget }) => sum + budget, 0n);
    const has = await system.octo.balanceOf(this.#address);
    if (has < needed) await this.#world.fund(this.#address, needed * STOCK - has);
  }

  jobs(): JobPlan[] {
    return this.#plans;
  }

  /** A job for each provider, and one that somebody coordinates for one of them. */
  #plansOf(volume: number): JobPlan[] {
    const { chance } = this.#world;
    const coordinated = volume * this.#demand.coordinated;
    const [first, second] = chance.shuffled(this.#providers) as [Provider, Provider];
    const part = 0.3 + 0.2 * chance.share();
    const plans = [
      this.#plan(first, (volume - coordinated) * part),
      this.#plan(second, (volume - coordinated) * (1 - part)),
    ];
    if (coordinated === 0) return plans;
    const [orchestrator] = chance.shuffled(this.#orchestrators) as [Provider];
    return [...plans, { ...this.#plan(first, coordinated), orchestrator: orchestrator.address }];
  }

  #plan(provider: Provider, budget: number): JobPlan {
    return {
      client: this.#address,
      provider: provider.address,
      role: this.#letter,
      schedule: this.#demand.schedule,
      budget: parseEther(`${Math.round(Math.max(budget, SMALLEST_BUDGET))}`),
    };
  }
}
