import type { NewTaskActionFunction } from "hardhat/types/tasks";

import { build } from "../lib/build.ts";
import { guarded } from "../lib/guard.ts";
import type { Typed } from "../simulation/options.ts";

const action: NewTaskActionFunction<Typed> = (options, hre) =>
  guarded(async () => {
    await build(hre);
    const { simulate } = await import("../simulation/index.ts");
    await simulate(hre, options);
  });

export default action;
