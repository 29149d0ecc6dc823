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
    const volume = this.#demand.volume * demand * chance.around(scenario.noise);
    const first = 0.3 + 0.4 * chance.share();
    this.#plans = this.#providers.map((provider, index) =>
      this.#plan(provider, Math.max(volume * (index === 0 ? first : 1 - first), SMALLEST_BUDGET)),
    );
    const needed = this.#plans.reduce((sum, { budget }) => sum + budget, 0n);
    const has = await system.octo.balanceOf(this.#address);
    if (has < needed) await this.#world.fund(this.#address, needed * STOCK - has);
  }

  jobs(): JobPlan[] {
    return this.#plans;
  }

  #plan(provider: Provider, budget: number): JobPlan {
    const { chance } = this.#world;
    const coordinated = chance.share() < this.#demand.coordinated;
    const [orchestrator] = chance.shuffled(this.#orchestrators);
    return {
      client: this.#address,
      provider: provider.address,
      role: this.#letter,
      schedule: this.#demand.schedule,
      budget: parseEther(`${Math.round(budget)}`),
      ...(coordinated ? { orchestrator: orchestrator!.address } : {}),
    };
  }
}
