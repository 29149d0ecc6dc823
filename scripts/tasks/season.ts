import type { NewTaskActionFunction } from "hardhat/types/tasks";

import { guarded } from "../lib/guard.ts";

const action: NewTaskActionFunction<{ scenario: string }> = ({ scenario }, hre) =>
  guarded(async () => {
    await hre.tasks.getTask("build").run({ quiet: true });
    const { playSeason } = await import("../season/index.ts");
    await playSeason(hre, scenario);
  });

export default action;
