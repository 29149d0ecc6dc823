import { Agent } from "./agent.ts";
import { readAgentConfig } from "./config.ts";

/** Runs an agent in this process until it is told to stop, and prints what it does. */
export async function runAgent(configuration: string): Promise<void> {
  const settings = readAgentConfig(configuration, process.env["OCTO_AGENT_KEY"]);
  const say = (text: string) => console.log(`[${settings.manifest.name}] ${text}`);
  const { agent, endpoint } = await Agent.start(settings, say);
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => agent.stop());
  say(`listens at ${endpoint}`);
  process.send?.({ endpoint });
  await agent.run();
}
