// Writes docs/schemas/agent-manifest.json, the form of an agent's manifest for those who do not run this code.
//
//   schema.ts           fails if the committed file differs
//   schema.ts --write   writes it

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { isDeepStrictEqual } from "node:util";

import { format } from "prettier";

import { manifestSchema } from "./manifest.ts";

const FILE = path.resolve(import.meta.dirname, "../../docs/schemas/agent-manifest.json");

if (process.argv.includes("--write")) {
  writeFileSync(FILE, await format(JSON.stringify(manifestSchema()), { parser: "json", printWidth: 120 }));
} else if (!existsSync(FILE) || !isDeepStrictEqual(JSON.parse(readFileSync(FILE, "utf8")), manifestSchema())) {
  console.error("docs/schemas/agent-manifest.json is stale: run node scripts/agents/schema.ts --write");
  process.exitCode = 1;
}
