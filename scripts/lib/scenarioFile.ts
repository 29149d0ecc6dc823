import path from "node:path";

import type { z } from "zod";

import { Failure } from "./failure.ts";
import { readJson5 } from "./json5File.ts";

/** What a scenario file holds, and how messages name the file. */
export type ScenarioFile<T> = { readonly content: T; readonly name: string };

/** Reads a scenario, the given one or else the committed one, and refuses in one sentence what has another form. */
export function readScenarioFile<Schema extends z.ZodType>(
  file: string,
  committed: string,
  schema: Schema,
): ScenarioFile<z.infer<Schema>> {
  const { content, name } = readJson5(file === "" ? committed : path.resolve(file), "scenario file");

  const parsed = schema.safeParse(content);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new Failure(`${name}: ${issue!.path.join(".")}: ${issue!.message}.`, "Mend that place and start again.");
  }
  return { content: parsed.data, name };
}
