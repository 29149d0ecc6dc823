import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import type { DeploymentParameters } from "@nomicfoundation/ignition-core";
import JSON5 from "json5";

import { Failure } from "./failure.ts";

const FOLDER = fileURLToPath(new URL("../../deploy/parameters/", import.meta.url));

/** Reads deploy/parameters/<name>.json5. An amount is written as a string of digits with an `n` behind it. */
export function readParameters(name: string): DeploymentParameters {
  const file = `${FOLDER}${name}.json5`;
  if (!existsSync(file)) {
    const known = readdirSync(FOLDER)
      .filter((entry) => entry.endsWith(".json5") && !entry.startsWith("_"))
      .map((entry) => entry.replace(".json5", ""));
    throw new Failure(
      `There are no deployment parameters for the network "${name}"; there are some for ${known.join(", ")}.`,
      `Copy deploy/parameters/_template.json5 to deploy/parameters/${name}.json5 and fill it in.`,
    );
  }
  try {
    return JSON5.parse(readFileSync(file, "utf8"), withBigInts) as DeploymentParameters;
  } catch (cause) {
    throw new Failure(
      `deploy/parameters/${name}.json5 is not valid JSON5: ${(cause as Error).message}.`,
      "Mend the file at the place named.",
    );
  }
}

function withBigInts(_key: string, value: unknown): unknown {
  return typeof value === "string" && /^\d+n$/.test(value) ? BigInt(value.slice(0, -1)) : value;
}
