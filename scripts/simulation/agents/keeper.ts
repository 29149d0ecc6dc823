import { roleId } from "../../../deploy/roles.ts";
import type { Week } from "../calendar.ts";
import { LETTERS, type World } from "../world.ts";
import type { Agent } from "./agent.ts";

const RELEASE_EVERY = 4;
/** Of what vests, so much is sold to the open market: the part is one half. */
const SOLD_PART = 2n;

/** Does what anybody may: pokes the reserves, has the wallets pay out, sweeps the fees. The founders attest milestones. */
export class Keeper implements Agent {
  readonly #world: World;
  readonly #address: string;
  #attested = 0;

  private constructor(world: World, address: string) {
    this.#world = world;
    this.#address = address;
  }

  static async join(world: World): Promise<Keeper> {
    return new Keeper(world, await world.open("keeper"));
  }

  async begin(week: Week): Promise<void> {
    const { chain, system } = this.#world;
    for (const letter of LETTERS) {
      await chain.send(this.#address, system.engine.poke.populateTransaction(roleId(letter)));
    }
    await this.#attest(week);
    if (week.number % RELEASE_EVERY === 0) await this.#release();
  }

  async end(): Promise<void> {
    await this.#world.chain.send(this.#address, this.#world.system.settlement.sweep.populateTransaction());
  }

  async #attest({ progress }: Week): Promise<void> {
    const { chain, system, scenario, fixed } = this.#world;
    const due = scenario.milestones[this.#attested];
    if (due === undefined || progress < due) return;
    await chain.send(fixed.admin, system.partnerVesting.attest.populateTransaction(this.#attested++));
  }

  async #release(): Promise<void> {
    const { chain, system, fixed } = this.#world;
    const { octo, treasuryVesting, teamVesting, earlyVesting, partnerVesting } = system;
    for (const wallet of [treasuryVesting, teamVesting, earlyVesting, partnerVesting]) {
      if ((await wallet["releasable(address)"](octo)) === 0n) continue;
      await chain.send(this.#address, wallet["release(address)"].populateTransaction(octo));
    }
    for (const holder of [fixed.admin, fixed.early, fixed.partners]) {
      await this.#world.cashOut(holder, (await octo.balanceOf(holder)) / SOLD_PART);
    }
  }
}
