import { parseEther } from "ethers";
import { z } from "zod";

import type { Json } from "../../lib/canonicalJson.ts";
import { Failure } from "../../lib/failure.ts";
import { Policy } from "../routing.ts";
import type { Bench, Handler } from "./handler.ts";

const MAX_STEPS = 32; // the children a job can have

const Step = z.strictObject({
  step: z.string().regex(/^[a-z0-9-]{1,32}$/),
  capability: z.string().min(1).max(64),
  handler: z.string().min(1).max(64),
  /** What the step works on; `{ "$from": "other.key" }` anywhere in it stands for what another step returned. */
  input: z.json(),
  /** The most that is paid for it, in OCTO. */
  most: z
    .string()
    .regex(/^\d+(\.\d{1,18})?$/)
    .optional(),
  policy: Policy.optional(),
});

const Input = z.strictObject({ steps: z.array(Step).min(1).max(MAX_STEPS) });

type Input = z.infer<typeof Input>;
type Step = z.infer<typeof Step>;

/** A composite task: each step is done by another agent, as soon as those are done whose results it needs. */
export const compose: Handler<Input> = {
  name: "compose",
  input: Input,
  hires: true,

  async work({ steps }, bench) {
    const results = new Map<string, Promise<Json>>();
    for (const step of inOrder(steps)) results.set(step.step, play(step, results, bench));
    const done = await Promise.all([...results].map(async ([name, result]) => [name, await result] as const));
    return Object.fromEntries(done);
  },
};

async function play(step: Step, results: ReadonlyMap<string, Promise<Json>>, bench: Bench): Promise<Json> {
  const { step: name, capability, handler, most, policy } = step;
  return bench.hire({
    step: name,
    capability,
    task: { handler, input: await filled(step.input, results) },
    ...(most === undefined ? {} : { most: parseEther(most) }),
    ...(policy === undefined ? {} : { policy }),
  });
}

/** Every step after those whose results it needs. */
function inOrder(steps: readonly Step[]): Step[] {
  const names = new Set(steps.map(({ step }) => step));
  if (names.size !== steps.length) throw new Failure("Two steps have one name.", "Give every step a name of its own.");

  const ordered: Step[] = [];
  let waiting = [...steps];
  while (waiting.length > 0) {
    const placed = new Set(ordered.map(({ step }) => step));
    const ready = waiting.filter(({ input }) => neededBy(input).every((name) => placed.has(name)));
    if (ready.length === 0) {
      const [{ step, input }] = waiting as [Step, ...Step[]];
      throw new Failure(
        `The step "${step}" waits for ${neededBy(input).join(", ")}, which ${names.has(neededBy(input)[0]!) ? "waits for it" : "is not there"}.`,
        "Name steps that are there, and let none wait for itself.",
      );
    }
    ordered.push(...ready);
    waiting = waiting.filter((step) => !ready.includes(step));
  }
  return ordered;
}

/** The steps whose results an input asks for. */
function neededBy(input: Json): string[] {
  const reference = referenceIn(input);
  if (reference !== undefined) return [reference[0]!];
  if (Array.isArray(input)) return input.flatMap(neededBy);
  if (typeof input === "object" && input !== null) return Object.values(input).flatMap(neededBy);
  return [];
}

async function filled(input: Json, results: ReadonlyMap<string, Promise<Json>>): Promise<Json> {
  const reference = referenceIn(input);
  if (reference !== undefined) {
    const [step, ...keys] = reference;
    return keys.reduce((part, key) => partOf(part, key, reference), await results.get(step!)!);
  }
  if (Array.isArray(input)) return Promise.all(input.map((part) => filled(part, results)));
  if (typeof input !== "object" || input === null) return input;
  const parts = Object.entries(input).map(async ([key, part]) => [key, await filled(part, results)] as const);
  return Object.fromEntries(await Promise.all(parts));
}

/** A list of texts becomes one text where the next key is "text". */
function partOf(part: Json, key: string, reference: readonly string[]): Json {
  if (key === "text" && Array.isArray(part)) return part.join(" ");
  if (typeof part === "object" && part !== null && key in part) return (part as Record<string, Json>)[key]!;
  throw new Failure(`There is no ${reference.join(".")} in what the step returned.`, "Mend the reference of the task.");
}

function referenceIn(input: Json): string[] | undefined {
  if (typeof input !== "object" || input === null || Array.isArray(input)) return undefined;
  const from = input["$from"];
  return Object.keys(input).length === 1 && typeof from === "string" ? from.split(".") : undefined;
}
