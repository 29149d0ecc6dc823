import { id, ZeroAddress, ZeroHash } from "ethers";

import { type RoleLetter, roleId, SCHEDULES } from "../../deploy/roles.ts";
import { dealOf, NO_CONSENT } from "../lib/deal.ts";
import { DAY, type Week } from "./calendar.ts";
import type { World } from "./world.ts";

/** Work that somebody wants done in a week. */
export type JobPlan = {
  readonly client: string;
  readonly provider: string;
  readonly orchestrator?: string;
  readonly role: RoleLetter;
  readonly schedule: keyof typeof SCHEDULES;
  readonly budget: bigint;
  /** What the client says of the work, 0 to 100; nothing if left out. */
  readonly rating?: bigint;
};

const TERMS = id("work of a week");
const EMPTY = "0x";

/** The week's work, all of it: hired on one day, handed in on the next and paid on the third. */
export class Jobs {
  readonly #world: World;
  #done = 0n;

  constructor(world: World) {
    this.#world = world;
  }

  async hire(plans: readonly JobPlan[], week: Week): Promise<void> {
    const { chain, system } = this.#world;
    for (const [index, { client, provider, orchestrator = ZeroAddress, role, schedule, budget }] of plans.entries()) {
      const deal = dealOf(
        { client, provider },
        {
          orchestrator,
          role: roleId(role),
          schedule: SCHEDULES[schedule],
          duration: 3n * DAY,
          terms: TERMS,
          salt: id(`${week.number}/${index}`),
        },
      );
      await chain.send(client, system.jobMarket.hire.populateTransaction(deal, budget, NO_CONSENT));
    }
  }

  async submit(plans: readonly JobPlan[]): Promise<void> {
    const { chain, system } = this.#world;
    for (const [index, { provider }] of plans.entries()) {
      await chain.send(provider, system.jobMarket.submit.populateTransaction(this.#idOf(index), TERMS, EMPTY));
    }
  }

  async complete(plans: readonly JobPlan[]): Promise<void> {
    const { chain, system } = this.#world;
    for (const [index, { client, rating }] of plans.entries()) {
      await chain.send(client, system.jobMarket.complete.populateTransaction(this.#idOf(index), ZeroHash, EMPTY));
      if (rating === undefined) continue;
      await chain.send(client, system.jobMarket.rate.populateTransaction(this.#idOf(index), rating));
    }
    this.#done += BigInt(plans.length);
  }

  /** The market numbers jobs in the order of their hires. */
  #idOf(index: number): bigint {
    return this.#done + BigInt(index) + 1n;
  }
}
