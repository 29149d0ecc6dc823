// What an agent says of itself: the file whose hash its offer names. The same schema reads a file and describes it for
// others, in docs/schemas/agent-manifest.json.

import path from "node:path";

import { keccak256, toUtf8Bytes } from "ethers";
import { z } from "zod";

import { canonical } from "../lib/canonicalJson.ts";
import { Failure } from "../lib/failure.ts";
import { readJson5 } from "../lib/json5File.ts";

/** The classes of data that an agent may be given. PRIVATE data is given to no agent, so it cannot be named. */
export const DATA_CLASSES = ["PUBLIC", "SHARED", "CONFIDENTIAL"] as const;

const MAX_PRICE_DIGITS = 10; // 10 billion OCTO is all there can be

const text = (most: number) => z.string().min(1).max(most);

/** A list without repetitions. */
const distinct = <T extends z.ZodType>(item: T, most: number) =>
  z
    .array(item)
    .min(1)
    .max(most)
    .refine((items) => new Set(items).size === items.length, { error: "expected every item once" })
    .meta({ uniqueItems: true });

export const Manifest = z.strictObject({
  name: text(64).describe("What people call the agent."),
  version: z
    .string()
    .regex(/^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/)
    .describe("Of the agent, as Semantic Versioning has it: 1.0.0."),
  category: z
    .string()
    .max(64)
    .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/)
    .describe("What kind of work it does: small letters, digits and hyphens."),
  capabilities: distinct(text(64), 16).describe("What it offers, as a client searches for it."),
  endpoints: z
    .array(
      z.strictObject({
        protocol: text(32).describe("What is spoken there: https, mcp, a2a, ..."),
        url: z.url({ protocol: /^(https?|wss?)$/ }).max(256),
      }),
    )
    .min(1)
    .max(8)
    .describe("Where it is reached."),
  pricing: z
    .strictObject({
      price: z
        .string()
        .regex(new RegExp(`^(?=.*[1-9])(0|[1-9]\\d{0,${MAX_PRICE_DIGITS - 1}})(\\.\\d{1,9})?$`))
        .describe("Of one job, in OCTO, with at most 9 decimals, as text: 12.5."),
      duration: z
        .number()
        .int()
        .min(300)
        .max(31_536_000)
        .describe("The shortest time for the work that it accepts, in seconds: 5 minutes to 365 days."),
    })
    .describe("What it asks. The offer on chain is what counts."),
  dataClasses: distinct(z.enum(DATA_CLASSES), DATA_CLASSES.length).describe(
    "Which data it may be given. PRIVATE data is given to no agent.",
  ),
});

export type Manifest = z.infer<typeof Manifest>;

/** A manifest that says no more than it must: one capability, for public data. */
export function plainManifest(name: string, capability: string, price: string, duration: bigint): Manifest {
  return {
    name,
    version: "1.0.0",
    category: capability,
    capabilities: [capability],
    endpoints: [{ protocol: "https", url: "https://agents.example" }],
    pricing: { price, duration: Number(duration) },
    dataClasses: ["PUBLIC"],
  };
}

/** Reads a manifest, and refuses in one sentence what has another form: the place, what is there and what is allowed. */
export function readManifest(file: string): Manifest {
  const { content, name } = readJson5(path.resolve(file), "manifest");
  const parsed = Manifest.safeParse(content);
  if (parsed.success) return parsed.data;

  const [issue] = parsed.error.issues;
  const place = issue!.path.length === 0 ? "the manifest" : issue!.path.join(".");
  throw new Failure(
    `${name}: ${place} is ${shown(valueAt(content, issue!.path))}: ${issue!.message}.`,
    "Mend that place; docs/schemas/agent-manifest.json describes the form.",
  );
}

/** The hash by which an offer names the manifest: keccak256 of its JSON without blanks, keys in alphabetical order. */
export function manifestHashOf(manifest: Manifest): string {
  return keccak256(toUtf8Bytes(canonical(manifest)));
}

/** The manifest's form as JSON Schema. */
export function manifestSchema(): Record<string, unknown> {
  return {
    $comment: "Generated from scripts/agents/manifest.ts: node scripts/agents/schema.ts --write",
    title: "Agent manifest",
    ...z.toJSONSchema(Manifest),
  };
}

function valueAt(content: unknown, place: readonly PropertyKey[]): unknown {
  return place.reduce<unknown>((part, key) => (part as Record<PropertyKey, unknown>)[key], content);
}

/** A value as a message shows it, cut where it would be long. */
function shown(value: unknown): string {
  const json = value === undefined ? "missing" : JSON.stringify(value);
  return json.length > 80 ? `${json.slice(0, 80)}...` : json;
}
