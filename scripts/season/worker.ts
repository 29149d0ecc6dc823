// The provider's own process: it receives documents, does the work and answers. The season only ever sees the answers.
import { type Answer, type Request, WORK } from "./work.ts";

process.on("message", ({ id, work, document }: Request) => {
  const answer: Answer = { id, result: WORK[work](document), pid: process.pid };
  process.send?.(answer);
});
