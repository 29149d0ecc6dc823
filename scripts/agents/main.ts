// An agent's process: main.ts <configuration>.

import { Failure } from "../lib/failure.ts";
import { guarded } from "../lib/guard.ts";
import { runAgent } from "./run.ts";

const [configuration] = process.argv.slice(2);
await guarded(async () => {
  if (configuration === undefined)
    throw new Failure("No configuration is named.", "Say which: main.ts <configuration>.");
  await runAgent(configuration);
});
