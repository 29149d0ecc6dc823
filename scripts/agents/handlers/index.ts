import { compose } from "./compose.ts";
import { compute } from "./compute.ts";
import { extract } from "./extract.ts";
import type { Handler } from "./handler.ts";
import { research } from "./research.ts";
import { summarise } from "./summarise.ts";

/** What the agents here can do. A new kind of work is a file in this folder and a name in this list. */
export const HANDLERS: ReadonlyMap<string, Handler> = new Map(
  [extract, summarise, compute, research, compose].map((handler) => [handler.name, handler as Handler]),
);
