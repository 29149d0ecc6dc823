import type { Agent } from "./agents/agent.ts";
import { HOUR, WEEK, type Week } from "./calendar.ts";
import type { Jobs } from "./jobs.ts";
import type { World } from "./world.ts";

/** The windows of heartbeats in a week. */
const WINDOWS = 21;
const WINDOW = 8n * HOUR;
/** In which window of the week what happens. */
const AT = { begin: 0, hire: 3, submit: 6, complete: 9, trade: 12, end: 18 } as const;

/** Plays a week, window by window. */
export async function playWeek(world: World, agents: readonly Agent[], jobs: Jobs, week: Week): Promise<void> {
  const monday = (await world.system.octo.genesisAt()) + BigInt(week.number) * WEEK;
  const plans = () => agents.flatMap((agent) => agent.jobs?.(week) ?? []);
  let work: ReturnType<typeof plans> = [];
  const acts: Record<number, () => Promise<void>> = {
    [AT.begin]: () => inTurn(agents, (agent) => agent.begin?.(week)),
    [AT.hire]: () => jobs.hire((work = plans()), week),
    [AT.submit]: () => jobs.submit(work),
    [AT.complete]: () => jobs.complete(work),
    [AT.trade]: () => inTurn(world.chance.shuffled(agents), (agent) => agent.trade?.(week)),
    [AT.end]: () => inTurn(agents, (agent) => agent.end?.(week)),
  };
  for (let window = 0; window < WINDOWS; window++) {
    world.chain.passTo(monday + BigInt(window) * WINDOW);
    await inTurn(agents, (agent) => agent.beat?.());
    await acts[window]?.();
  }
}

async function inTurn(agents: readonly Agent[], act: (agent: Agent) => Promise<void> | undefined): Promise<void> {
  for (const agent of agents) await act(agent);
}
