import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import path from "node:path";

import type { Answer, Request, WorkName } from "./work.ts";

/** Where providers work: a process apart from the season's. */
export class Workshop {
  readonly #worker: ChildProcess;
  #requests = 0;

  constructor() {
    this.#worker = fork(path.join(import.meta.dirname, "worker.ts"), { execArgv: [] });
  }

  get pid(): number {
    return this.#worker.pid!;
  }

  /** Has a document worked on and waits for the result. */
  async do(work: WorkName, document: string): Promise<object> {
    const request: Request = { id: ++this.#requests, work, document };
    this.#worker.send(request);
    const [answer] = (await once(this.#worker, "message")) as [Answer];
    if (answer.id !== request.id) throw new Error(`the provider answered request ${answer.id}, not ${request.id}`);
    return answer.result;
  }

  close(): void {
    this.#worker.kill();
  }
}
