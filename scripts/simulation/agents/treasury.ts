import { type RoleLetter, roleId } from "../../../deploy/roles.ts";
import type { Week } from "../calendar.ts";
import { LETTERS, type World } from "../world.ts";
import type { Agent } from "./agent.ts";

/** Adds as much as it may to the reserve that covers its role least. */
export class Treasury implements Agent {
  readonly #world: World;

  private constructor(world: World) {
    this.#world = world;
  }

  static async join(world: World): Promise<Treasury> {
    await world.allow(world.fixed.treasury);
    return new Treasury(world);
  }

  async trade({ number }: Week): Promise<void> {
    const { chain, system, scenario, fixed } = this.#world;
    if (number % scenario.treasury.everyWeeks !== 0) return;

    const role = roleId(await this.#leastCovered());
    const [room, has] = await Promise.all([system.engine.addableTo(role), system.octo.balanceOf(fixed.treasury)]);
    const amount = room < has ? room : has;
    if (amount > 0n) await chain.send(fixed.treasury, system.engine.addToReserve.populateTransaction(role, amount));
  }

  async #leastCovered(): Promise<RoleLetter> {
    const { engine } = this.#world.system;
    const covered = await Promise.all(
      LETTERS.map(async (letter) => ({ letter, coverage: await engine.coverageOf(roleId(letter)) })),
    );
    return covered.reduce((least, next) => (next.coverage < least.coverage ? next : least)).letter;
  }
}
