import { canonical } from "../../lib/canonicalJson.ts";
import type { Task } from "../task.ts";
import { compose } from "./compose.ts";
import { compute } from "./compute.ts";
import { extract } from "./extract.ts";
import { type Bench, type Handler, inputOf } from "./handler.ts";
import { research } from "./research.ts";
import { summarise } from "./summarise.ts";

/** What the agents here can do. A new kind of work is a file in this folder and a name in this list. */
export const HANDLERS: ReadonlyMap<string, Handler> = new Map(
  [extract, summarise, compute, research, compose].map((handler) => [handler.name, handler as Handler]),
);

const NOBODY: Bench = { hire: () => Promise.reject(new Error("a check hires nobody")) };

/**
 * What is wrong with another's result; undefined if nothing is. The works here are deterministic and cheap, so they are done
 * again; what hires others, or is unknown here, is only looked at for its form.
 */
export async function faultOf({ handler: name, input }: Task, text: string): Promise<string | undefined> {
  if (!isCanonical(text)) return "it is not written as agreed";
  const handler = HANDLERS.get(name);
  if (handler === undefined || handler.hires) return undefined;
  const expected = canonical(await handler.work(inputOf(handler, input), NOBODY));
  return text === expected ? undefined : "it is not what the task asks for";
}

function isCanonical(text: string): boolean {
  try {
    return canonical(JSON.parse(text)) === text;
  } catch {
    return false;
  }
}
