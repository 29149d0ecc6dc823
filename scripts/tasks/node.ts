import type { NewTaskActionFunction } from "hardhat/types/tasks";

import { build } from "../lib/build.ts";
import { guarded } from "../lib/guard.ts";

const action: NewTaskActionFunction<{ port: string; addresses: string }> = ({ port, addresses }, hre) =>
  guarded(async () => {
    await build(hre);
    const { serve } = await import("../node/index.ts");
    await serve(hre, port, addresses);
  });

export default action;
