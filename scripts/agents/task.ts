// What a client asks an agent for: the text whose hash is a job's terms. It travels over HTTP, its hash on chain.

import { z } from "zod";

import { canonical, hashOf, type Json } from "../lib/canonicalJson.ts";
import { Failure } from "../lib/failure.ts";

/** The longest text of a task that an agent takes, in bytes. */
export const MAX_TASK_BYTES = 262_144;

export const Task = z.strictObject({
  handler: z.string().min(1).max(64).describe("What kind of work it is: the name of one of the agent's handlers."),
  input: z.json().describe("What the handler works on."),
  reference: z.string().max(128).optional().describe("Tells apart tasks that are otherwise alike."),
});

export type Task = { handler: string; input: Json; reference?: string | undefined };

/** The text of a task, to which client and provider agree. */
export function textOf(task: Task): string {
  return canonical(task);
}

/** The hash that stands for a task on chain, as a job's `terms`. */
export function termsOfTask(task: Task): string {
  return hashOf(textOf(task));
}

/** Reads a task's text, or says in one sentence what is wrong with it. */
export function parseTask(text: string): Task {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    throw new Failure("The task is not JSON.", "Send the text whose hash is the job's terms.");
  }
  return readTask(content);
}

/** Takes a value for a task, or says in one sentence what is wrong with it. */
export function readTask(content: unknown): Task {
  const parsed = Task.safeParse(content);
  if (parsed.success) return parsed.data;

  const [issue] = parsed.error.issues;
  const place = issue!.path.length === 0 ? "the task" : issue!.path.join(".");
  throw new Failure(
    `The task is of another form: ${place}: ${issue!.message}.`,
    "A task names a handler and its input.",
  );
}
