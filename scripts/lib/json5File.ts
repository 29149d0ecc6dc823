import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

import JSON5 from "json5";

import { Failure } from "./failure.ts";

/** What a file of JSON5 holds, and how messages name it; `what` says what the file is for. */
export function readJson5(file: string, what: string): { content: unknown; name: string } {
  const name = path.relative(process.cwd(), file);
  if (!existsSync(file)) throw new Failure(`There is no ${what} ${name}.`, "Name an existing file.");

  try {
    return { content: JSON5.parse(readFileSync(file, "utf8")), name };
  } catch (cause) {
    throw new Failure(`${name} is not valid JSON5: ${(cause as Error).message}.`, "Mend that place and start again.");
  }
}
