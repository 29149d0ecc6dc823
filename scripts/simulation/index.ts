import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import pc from "picocolors";

import { SCHEDULES } from "../../deploy/roles.ts";
import { Failure } from "../lib/failure.ts";
import { Progress } from "../lib/progress.ts";
import { Books } from "./books.ts";
import { calendarOf, type Week } from "./calendar.ts";
import { type Cast, gather } from "./cast.ts";
import { Chain } from "./chain.ts";
import { Chance } from "./chance.ts";
import { writeFiles } from "./files.ts";
import { Judge } from "./invariants.ts";
import { Jobs } from "./jobs.ts";
import { type Options, readOptions, type Typed } from "./options.ts";
import { playWeek } from "./play.ts";
import { readScenario } from "./scenario.ts";
import { Recorder, type Series } from "./series.ts";
import { readState } from "./state.ts";
import { summarise } from "./summary.ts";
import { type Verdict, verdictsOf } from "./verdicts.ts";
import { World } from "./world.ts";

/** Plays years of the economy against the real contracts, checks every epoch, and writes and prints what happened. */
export async function simulate(hre: HardhatRuntimeEnvironment, typed: Typed): Promise<void> {
  const options = readOptions(typed);
  const scenario = readScenario(options.scenario);
  const weeks = calendarOf(scenario.phases, options.weeks);
  const chain = await Chain.start(hre);
  try {
    console.log("Deploying the suite to an in-process chain ...");
    const world = await World.begin(chain, scenario, new Chance(options.seed));
    const { series, verdicts } = await play(world, weeks, options);
    summarise(series, verdicts, writeFiles(series, verdicts, options));
    requireVerdicts(verdicts);
  } finally {
    await chain.close();
  }
}

async function play(
  world: World,
  weeks: readonly Week[],
  { seed, years }: Options,
): Promise<{ series: Series; verdicts: Verdict[] }> {
  const cast = await gather(world, weeks);
  const recorder = await record(world, cast, weeks);
  const series = recorder.series({ seed, years, transactions: world.chain.transactions }, weeks);
  return { series, verdicts: await verdictsOf(world, cast, series) };
}

/** Plays week after week; each is judged before the next begins. */
async function record(world: World, cast: Cast, weeks: readonly Week[]): Promise<Recorder> {
  const [books, jobs, recorder] = [await booksOf(world), new Jobs(world), new Recorder()];
  const judge = new Judge(world.system);
  const progress = new Progress("epochs", weeks.length);
  try {
    for (const week of weeks) {
      await playWeek(world, cast.agents, jobs, week);
      books.follow(await world.chain.news(books.contracts));
      const state = await readState(world);
      const { checks, caps } = await judge.judge(week.number, state, books);
      recorder.checks += checks;
      await recorder.record(week, { state, books, caps }, cast);
      progress.update(week.number + 1, week.phase.name);
    }
  } finally {
    progress.stop();
  }
  return recorder;
}

async function booksOf({ system }: World): Promise<Books> {
  const schedules = await Promise.all(
    Object.values(SCHEDULES).map(async (id) => (await system.emissionSchedule.termsOf(id)).schedule),
  );
  return new Books(system, schedules);
}

function requireVerdicts(verdicts: readonly Verdict[]): void {
  const broken = verdicts.filter(({ holds }) => !holds);
  if (broken.length > 0) {
    throw new Failure(
      `The run does not show what it should: ${broken.map(({ text }) => text).join("; ")}.`,
      "This is a fault of the contracts or of the simulation; the same seed plays it again.",
    );
  }
  console.log(pc.green("\nEvery invariant held, and dealing with oneself lost."));
}
