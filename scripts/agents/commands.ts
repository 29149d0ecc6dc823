// What the command line does with agents: show them, publish one, take it out.

import { parseEther } from "ethers";

import { octo } from "../lib/amounts.ts";
import { Failure } from "../lib/failure.ts";
import { table } from "../lib/print.ts";
import type { Session } from "../lib/session.ts";
import type { Arguments } from "../tasks/command.ts";
import { listAgents } from "./catalogue.ts";
import { manifestHashOf, readManifest } from "./manifest.ts";

/** The agents that are published, those with a capability, cheapest first. */
export async function showAgents(session: Session, { capability }: Arguments): Promise<void> {
  const all = await listAgents(session.system);
  const fits = ({ manifest }: (typeof all)[number]) =>
    capability === "" || (typeof manifest !== "string" && manifest.capabilities.includes(capability!));
  const agents = all.filter(fits).sort((one, other) => Number(one.price - other.price));
  if (agents.length === 0) {
    console.log(capability === "" ? "No agent is published." : `No agent offers "${capability}".`);
    return;
  }
  const rows = table(["agent", "name", "capabilities", "endpoint", "OCTO", "minutes", "rating", "reviews"], 4);
  for (const { agentId, manifest, endpoint, price, duration, quality, reviews } of agents) {
    const [name, offers] =
      typeof manifest === "string" ? ["?", manifest] : [manifest.name, manifest.capabilities.join(", ")];
    const rating = reviews === 0n ? "-" : (quality * 100).toFixed(2);
    rows.push([`${agentId}`, name, offers, endpoint, octo(price), `${duration / 60n}`, rating, `${reviews}`]);
  }
  console.log(rows.toString());
}

/** Registers the account's agent, unless it names one, and publishes what its manifest offers. */
export async function publishAgent(session: Session, { manifest: file, uri, agent }: Arguments): Promise<void> {
  const { agentRegistry } = session.system;
  const manifest = readManifest(file!);
  const { price, duration } = manifest.pricing;
  const listing = {
    manifestHash: manifestHashOf(manifest),
    price: parseEther(price),
    duration: BigInt(duration),
  };
  const agentId = agent === "" ? await register(session, uri!) : await existing(session, agent!, uri!);
  await session.send(`agent ${agentId} offers a job for ${price} OCTO`, () => agentRegistry.publish(agentId, listing));
}

/** Takes an agent's offer out; its running jobs go on. */
export async function unpublishAgent(session: Session, { agent }: Arguments): Promise<void> {
  const agentId = agentIdOf(agent!);
  const { agentRegistry } = session.system;
  await session.send(`agent ${agentId} is not offered any more`, () => agentRegistry.unpublish(agentId));
}

async function register(session: Session, uri: string): Promise<bigint> {
  if (uri === "") {
    throw new Failure(
      "An agent is registered with the URI of its registration file.",
      "Name it with --uri: a running agent serves it as <its endpoint>/registration.json.",
    );
  }
  const { agentRegistry } = session.system;
  const { logs } = await session.send("registered", () => agentRegistry["register(string)"](uri));
  const registered = logs.map((log) => agentRegistry.interface.parseLog(log)).find((e) => e?.name === "Registered");
  return registered!.args["agentId"] as bigint;
}

async function existing(session: Session, agent: string, uri: string): Promise<bigint> {
  const agentId = agentIdOf(agent);
  const { agentRegistry } = session.system;
  if (uri !== "") await session.send(`agent ${agentId} is at ${uri}`, () => agentRegistry.setAgentURI(agentId, uri));
  return agentId;
}

function agentIdOf(text: string): bigint {
  if (/^[1-9]\d{0,18}$/.test(text)) return BigInt(text);
  throw new Failure(`"${text}" is no number of an agent; they are counted from 1.`, "`octo agent list` shows them.");
}
