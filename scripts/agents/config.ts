import path from "node:path";

import { parseEther } from "ethers";
import { z } from "zod";

import { readSite, type Site } from "../lib/addresses.ts";
import { Failure } from "../lib/failure.ts";
import { readJson5 } from "../lib/json5File.ts";
import type { Account } from "./chain.ts";
import { HANDLERS } from "./handlers/index.ts";
import { type Manifest, readManifest } from "./manifest.ts";
import { Policy } from "./routing.ts";

const file = z.string().min(1);
const amount = z.string().regex(/^\d+(\.\d{1,18})?$/, 'must be an amount of OCTO in quotes, such as "12.5"');

/** The form of an agent's configuration. Paths are relative to its file. */
export const AgentConfig = z.strictObject({
  manifest: file.describe("What the agent says of itself; docs/schemas/agent-manifest.json has the form."),
  addresses: file.describe("Where the suite is: out/node.json, or what a deployment has written."),
  url: z.url().optional().describe("The chain's RPC; the one in the file of addresses if left out."),
  account: z.int().min(0).optional().describe("One of the node's own accounts; else OCTO_AGENT_KEY has a private key."),
  port: z.int().min(0).max(65_535).default(0).describe("Where it listens on 127.0.0.1; 0 for any free port."),
  publicUrl: z.url().optional().describe("Where others reach it, if that is elsewhere."),
  data: file.describe("The folder for the texts of tasks and results."),
  handlers: z
    .array(z.enum([...HANDLERS.keys()] as [string, ...string[]]))
    .min(1)
    .describe("What it can do."),
  policy: Policy.default("balanced").describe("How it chooses whom it hires."),
  mostOfEarnings: amount
    .optional()
    .describe("The most that it pays for a hire out of its own credit in the vault, in OCTO; nothing if left out."),
  onRejection: z
    .enum(["accept", "dispute"])
    .default("dispute")
    .describe("What it does when a client rejects its work."),
  unboundFrom: amount.optional().describe("Works for so much without having consented, too; in OCTO."),
  pollMs: z.int().min(20).max(60_000).default(1_000).describe("How often it looks at the chain, in milliseconds."),
});

/** A configuration, with everything it names read. */
export type Settings = Omit<z.infer<typeof AgentConfig>, "manifest" | "account" | "unboundFrom" | "mostOfEarnings"> & {
  manifest: Manifest;
  account: Account;
  site: Site & { url: string };
  unboundFrom: bigint | undefined;
  mostOfEarnings: bigint | undefined;
};

/** Reads a configuration, or says in one sentence what is wrong with it. */
export function readAgentConfig(name: string, key: string | undefined): Settings {
  const { content } = readJson5(path.resolve(name), "agent's configuration");
  const parsed = AgentConfig.safeParse(content);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const place = issue!.path.length === 0 ? "the configuration" : issue!.path.join(".");
    throw new Failure(
      `${name}: ${place}: ${issue!.message}.`,
      "Mend that place; scripts/agents/config.ts has the form.",
    );
  }
  const config = parsed.data;
  const near = (other: string) => path.resolve(path.dirname(path.resolve(name)), other);
  return {
    ...config,
    data: near(config.data),
    manifest: readManifest(near(config.manifest)),
    account: accountOf(config.account, key),
    site: siteOf(near(config.addresses), config.url),
    unboundFrom: octoOf(config.unboundFrom),
    mostOfEarnings: octoOf(config.mostOfEarnings),
  };
}

function octoOf(text: string | undefined): bigint | undefined {
  return text === undefined ? undefined : parseEther(text);
}

function siteOf(name: string, url: string | undefined): Site & { url: string } {
  const site = readSite(name);
  const rpc = url ?? site.url;
  if (rpc === undefined) throw new Failure(`${name} names no RPC.`, "Name it as `url` in the configuration.");
  return { ...site, url: rpc };
}

function accountOf(index: number | undefined, key: string | undefined): Account {
  if (key !== undefined) {
    if (/^0x[0-9a-f]{64}$/i.test(key)) return { key };
    throw new Failure(
      "OCTO_AGENT_KEY is not a private key of 32 bytes in hexadecimal.",
      "Write it as 0x and 64 digits.",
    );
  }
  if (index !== undefined) return { index };
  throw new Failure("The agent has no account to sign with.", "Set OCTO_AGENT_KEY, or name an `account` of the node.");
}
