import type { NewTaskActionFunction } from "hardhat/types/tasks";

import { guarded } from "../lib/guard.ts";

const action: NewTaskActionFunction = (_, hre) =>
  guarded(async () => {
    await hre.tasks.getTask("build").run({ quiet: true });
    const { deployTo } = await import("../deploy/index.ts");
    await deployTo(hre);
  });

export default action;
