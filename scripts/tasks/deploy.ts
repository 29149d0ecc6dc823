import type { NewTaskActionFunction } from "hardhat/types/tasks";

import { build } from "../lib/build.ts";
import { guarded } from "../lib/guard.ts";

const action: NewTaskActionFunction = (_, hre) =>
  guarded(async () => {
    await build(hre);
    const { deployTo } = await import("../deploy/index.ts");
    await deployTo(hre);
  });

export default action;
