import type { RoleLetter } from "../../deploy/roles.ts";
import type { Agent } from "./agents/agent.ts";
import { Arbitrageur } from "./agents/arbitrageur.ts";
import { Client } from "./agents/client.ts";
import { Keeper } from "./agents/keeper.ts";
import { Provider } from "./agents/provider.ts";
import { Treasury } from "./agents/treasury.ts";
import { WashTrader } from "./agents/washTrader.ts";
import { Whale } from "./agents/whale.ts";
import type { Week } from "./calendar.ts";
import type { World } from "./world.ts";

/** Everybody who plays; those whose gain is followed by their names. */
export type Cast = {
  readonly agents: readonly Agent[];
  readonly washTrader: WashTrader;
  readonly whale: Whale;
  readonly arbitrageur: Arbitrageur;
};

/** Brings everybody in: the keeper and the treasury, two orchestrators, two providers and a client a role, and the rest. */
export async function gather(world: World, weeks: readonly Week[]): Promise<Cast> {
  const keeper = await Keeper.join(world);
  const treasury = await Treasury.join(world);
  const orchestrators = await couple(world, "O");
  const working: Agent[] = [];
  for (const letter of Object.keys(world.scenario.roles) as RoleLetter[]) {
    const providers = await couple(world, letter);
    working.push(...providers, await Client.join(world, letter, { providers, orchestrators }));
  }
  const washTrader = await WashTrader.join(world);
  const whale = await Whale.join(world, weeks.filter(({ phase }) => phase.kind === "boom").length);
  const arbitrageur = await Arbitrageur.join(world);
  const agents = [keeper, treasury, ...orchestrators, ...working, washTrader, whale, arbitrageur];
  return { agents, washTrader, whale, arbitrageur };
}

async function couple(world: World, letter: RoleLetter): Promise<Provider[]> {
  return [await Provider.join(world, letter, "seller"), await Provider.join(world, letter, "holder")];
}
