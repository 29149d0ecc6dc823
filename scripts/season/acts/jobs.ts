import { playJob } from "../job.ts";
import type { Act } from "../stage.ts";

/** Clients hire, providers work, and each job ends as the scenario says. */
export const jobs: Act = {
  title: "Clients hire, providers work",
  async play(stage) {
    for (const plan of stage.scenario.jobs) await playJob(stage, plan);
  },
};
