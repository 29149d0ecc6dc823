import type { NewTaskActionFunction } from "hardhat/types/tasks";

import { build } from "../lib/build.ts";
import { guarded } from "../lib/guard.ts";

const action: NewTaskActionFunction<{ scenario: string }> = ({ scenario }, hre) =>
  guarded(async () => {
    await build(hre);
    const { playSeason } = await import("../season/index.ts");
    await playSeason(hre, scenario);
  });

export default action;
