import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

import JSON5 from "json5";
import type { z } from "zod";

import { Failure } from "./failure.ts";

/** What a scenario file holds, and how messages name the file. */
export type ScenarioFile<T> = { readonly content: T; readonly name: string };

/** Reads a scenario, the given one or else the committed one, and refuses in one sentence what has another form. */
export function readScenarioFile<Schema extends z.ZodType>(
  file: string,
  committed: string,
  schema: Schema,
): ScenarioFile<z.infer<Schema>> {
  const where = file === "" ? committed : path.resolve(file);
  const name = path.relative(process.cwd(), where);
  if (!existsSync(where)) throw new Failure(`There is no scenario file ${name}.`, "Name an existing file.");

  const parsed = schema.safeParse(parse(where, name));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new Failure(`${name}: ${issue!.path.join(".")}: ${issue!.message}.`, "Mend that place and start again.");
  }
  return { content: parsed.data, name };
}

function parse(file: string, name: string): unknown {
  try {
    return JSON5.parse(readFileSync(file, "utf8"));
  } catch (cause) {
    throw new Failure(`${name} is not valid JSON5: ${(cause as Error).message}.`, "Mend that place and start again.");
  }
}
