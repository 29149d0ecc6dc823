import type { z } from "zod";

import type { Json } from "../../lib/canonicalJson.ts";
import { Failure } from "../../lib/failure.ts";
import type { Policy } from "../routing.ts";
import type { Task } from "../task.ts";

/** A part of a work that is given to another agent. */
export type Order = {
  /** Its name, once in a work. */
  step: string;
  /** What the other agent must offer, as its manifest has it. */
  capability: string;
  task: Omit<Task, "reference">;
  /** The most that is paid for it, in wei of OCTO; whatever there is if left out. */
  most?: bigint;
  /** How one of several is chosen; the agent's own policy if left out. */
  policy?: Policy;
};

/** What a handler has at hand besides its input. */
export type Bench = {
  /** Hires another agent, pays for its work and returns it. Asked again, it finds the job that is there already. */
  hire(order: Order): Promise<Json>;
};

/**
 * A kind of work. It is done again from its beginning whenever the process was stopped before its end, so it may keep
 * nothing, and the same input must lead to the same orders.
 */
export type Handler<Input = unknown> = {
  readonly name: string;
  readonly input: z.ZodType<Input>;
  /** Does the work. */
  work(input: Input, bench: Bench): Promise<Json> | Json;
  /** Whether it hires others: then its work cannot be done again just to check what somebody else has made. */
  readonly hires: boolean;
};

/** A task's input as the handler takes it, or says in one sentence what is wrong with that. */
export function inputOf<Input>(handler: Handler<Input>, input: Json): Input {
  const parsed = handler.input.safeParse(input);
  if (parsed.success) return parsed.data;

  const [issue] = parsed.error.issues;
  throw new Failure(
    `The input of "${handler.name}" is of another form: ${["input", ...issue!.path].join(".")}: ${issue!.message}.`,
    "Mend that place of the task.",
  );
}
