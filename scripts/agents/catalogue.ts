// Which agents there are: their offers on chain, and what they say of themselves where their URIs point to.

import { z } from "zod";

import { Failure } from "../lib/failure.ts";
import type { CipherOcto } from "../lib/system.ts";
import { readJson } from "./client.ts";
import { Manifest, manifestHashOf } from "./manifest.ts";
import type { Candidate } from "./routing.ts";

/** An agent without any rating is taken for a middling one. */
const UNRATED = 0.5;
const BEST_RATING = 10_000;
/** How long what an agent says of itself is taken for true, in milliseconds. */
const FRESH = 60_000;
/** How many agents are asked for at once. */
const BATCH = 20;

/** What of an ERC-8004 registration file is needed here. */
const Registration = z.looseObject({
  services: z.array(z.looseObject({ name: z.string(), endpoint: z.string() })),
});

/** The service of a registration file under which an agent of this market is reached. */
export const SERVICE = "cipherocto-agent";

/** An agent's standing offer, and what is known of it. */
export type ListedAgent = Candidate & {
  uri: string;
  manifestHash: string;
  /** How many reviews its quality rests on. */
  reviews: bigint;
  /** What it says of itself, if that can be read and is what its offer names; else why not. */
  manifest: Manifest | string;
};

/** All agents that are published, in the order of their ids. */
export async function listAgents(system: CipherOcto): Promise<ListedAgent[]> {
  const count = Number(await system.agentRegistry.agentCount());
  const found: ListedAgent[] = [];
  for (let first = 1; first <= count; first += BATCH) {
    const ids = Array.from({ length: Math.min(BATCH, count - first + 1) }, (_, index) => BigInt(first + index));
    const batch = await Promise.all(ids.map((agentId) => readAgent(system, agentId)));
    found.push(...batch.filter((agent) => agent !== undefined));
  }
  return found;
}

/** Those that offer a capability and can be reached. */
export async function candidatesFor(system: CipherOcto, capability: string): Promise<Candidate[]> {
  const agents = await listAgents(system);
  return agents.filter(({ manifest }) => typeof manifest !== "string" && manifest.capabilities.includes(capability));
}

/** One agent; undefined if it is not published. */
export async function readAgent(system: CipherOcto, agentId: bigint): Promise<ListedAgent | undefined> {
  const { agentRegistry, agentReputation } = system;
  const [provider, { manifestHash, price, duration }] = await agentRegistry.listingOf(agentId);
  if (BigInt(provider) === 0n) return undefined;

  const [uri, [reviews, , rating]] = await Promise.all([
    agentRegistry.tokenURI(agentId),
    agentReputation.summaryOf(agentId),
  ]);
  const quality = reviews === 0n ? UNRATED : Number(rating) / BEST_RATING;
  const { endpoint, manifest } = await introduction(uri, manifestHash);
  return { agentId, provider, price, duration, quality, reviews, uri, manifestHash, endpoint, manifest };
}

type Introduction = { endpoint: string; manifest: Manifest | string };

const introductions = new Map<string, { until: number; made: Promise<Introduction> }>();

/** Agents are not asked for the same within a minute, however often they are looked for. */
function introduction(uri: string, manifestHash: string): Promise<Introduction> {
  const name = `${uri} ${manifestHash}`;
  const known = introductions.get(name);
  if (known !== undefined && Date.now() < known.until) return known.made;
  const made = introduce(uri, manifestHash);
  introductions.set(name, { until: Date.now() + FRESH, made });
  return made;
}

async function introduce(uri: string, manifestHash: string): Promise<Introduction> {
  let endpoint = "";
  try {
    const registration = Registration.parse(await readJson(uri));
    const service = registration.services.find(({ name }) => name === SERVICE);
    if (service === undefined) return { endpoint, manifest: `its registration names no ${SERVICE}` };
    endpoint = service.endpoint;
    const manifest = Manifest.parse(await readJson(`${endpoint}/manifest.json`));
    if (manifestHashOf(manifest) === manifestHash) return { endpoint, manifest };
    return { endpoint, manifest: "its manifest is not the one that its offer names" };
  } catch (error) {
    return { endpoint, manifest: error instanceof Failure ? error.message : "what its URI shows is of another form" };
  }
}
