import type { NewTaskActionFunction } from "hardhat/types/tasks";

import { guarded } from "../lib/guard.ts";

const action: NewTaskActionFunction<{ file: string }> = ({ file }) =>
  guarded(async () => {
    const { runAgent } = await import("../agents/run.ts");
    await runAgent(file);
  });

export default action;
