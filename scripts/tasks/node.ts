import type { NewTaskActionFunction } from "hardhat/types/tasks";

import { guarded } from "../lib/guard.ts";

const action: NewTaskActionFunction<{ port: string }> = ({ port }, hre) =>
  guarded(async () => {
    await hre.tasks.getTask("build").run({ quiet: true });
    const { serve } = await import("../node/index.ts");
    await serve(hre, port);
  });

export default action;
