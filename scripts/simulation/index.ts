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
  console.log("Deploying the suite to an in-process chain ...");
  const progress = new Progress("epochs", options.weeks);
  try {
    const { series, verdicts } = await play(hre, options, ({ number, phase }) =>
      progress.update(number + 1, phase.name),
    );
    progress.stop();
    summarise(series, verdicts, writeFiles(series, verdicts, options));
    requireVerdicts(verdicts);
  } finally {
    progress.stop();
  }
}

/**
 * Plays and judges, and says nothing.
 *
 * @param played Is told each week that was played and held.
 */
export async function play(
  hre: HardhatRuntimeEnvironment,
  { seed, years, weeks: count, scenario: file }: Pick<Options, "seed" | "years" | "weeks" | "scenario">,
  played: (week: Week) => void = () => {},
): Promise<{ series: Series; verdicts: Verdict[] }> {
  const scenario = readScenario(file);
  const weeks = calendarOf(scenario.phases, count);
  const chain = await Chain.start(hre);
  try {
    const world = await World.begin(chain, scenario, new Chance(seed));
    const cast = await gather(world, weeks);
    const run = {
      world,
      cast,
      recorder: new Recorder(),
      books: await booksOf(world),
      jobs: new Jobs(world),
      judge: new Judge(world.system),
    };
    for (const week of weeks) {
      await playAndJudge(run, week);
      played(week);
    }
    const series = run.recorder.series({ seed, years, transactions: chain.transactions }, weeks);
    return { series, verdicts: await verdictsOf(world, cast, series) };
  } finally {
    await chain.close();
  }
}

type Run = { world: World; cast: Cast; recorder: Recorder; books: Books; jobs: Jobs; judge: Judge };

async function playAndJudge({ world, cast, recorder, books, jobs, judge }: Run, week: Week): Promise<void> {
  await playWeek(world, cast.agents, jobs, week).catch((cause: unknown) => {
    throw new Error(`a transaction of epoch ${week.number} failed: ${(cause as Error).message}`, { cause });
  });
  books.follow(await world.chain.news(books.contracts));
  const state = await readState(world);
  const { checks, caps } = await judge.judge(week.number, state, books);
  recorder.checks += checks;
  await recorder.record(week, { state, books, caps }, cast);
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
