// An agent's process: main.ts <configuration>. Prints what it does, and runs until it is told to stop.

import { Failure } from "../lib/failure.ts";
import { Agent } from "./agent.ts";
import { readAgentConfig } from "./config.ts";

const [file] = process.argv.slice(2);
try {
  if (file === undefined) throw new Failure("No configuration is named.", "Say which: main.ts <configuration>.");
  await serve(file);
} catch (error) {
  if (!(error instanceof Failure)) throw error;
  console.error(`✗ ${error.message}\n  ${error.nextStep}`);
  process.exitCode = 1;
}

async function serve(configuration: string): Promise<void> {
  const settings = readAgentConfig(configuration, process.env["OCTO_AGENT_KEY"]);
  const say = (text: string) => console.log(`[${settings.manifest.name}] ${text}`);
  const { agent, endpoint } = await Agent.start(settings, say);
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => agent.stop());
  say(`listens at ${endpoint}`);
  process.send?.({ endpoint });
  await agent.run();
}
