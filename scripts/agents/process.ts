import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";

import type { z } from "zod";

import type { AgentConfig } from "./config.ts";
import type { Manifest } from "./manifest.ts";

const MAIN = path.join(import.meta.dirname, "main.ts");
/** From the start to the first answer, in milliseconds. */
const PATIENCE = 60_000;

/** An agent's process, its files in a folder of its own. */
export class AgentProcess {
  readonly #configuration: string;
  readonly #onLine: (line: string) => void;
  #child: ChildProcess | undefined;
  #endpoint = "";

  /**
   * @param folder Where its files are.
   * @param config Its configuration, short of where its own files are.
   * @param onLine Gets what it prints, line by line.
   */
  constructor(
    folder: string,
    manifest: Manifest,
    config: Omit<z.input<typeof AgentConfig>, "manifest" | "data">,
    onLine: (line: string) => void,
  ) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, "manifest.json"), JSON.stringify(manifest));
    this.#configuration = path.join(folder, "agent.json");
    writeFileSync(this.#configuration, JSON.stringify({ ...config, manifest: "manifest.json", data: "data" }));
    this.#onLine = onLine;
  }

  /** Where it is reached; the empty text before it was started. */
  get endpoint(): string {
    return this.#endpoint;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Starts it, and waits until it can be reached. Started again, it goes on where it was. */
  async start(): Promise<string> {
    const child = fork(MAIN, [this.#configuration], {
      execArgv: ["--import", import.meta.resolve("tsx")],
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    this.#child = child;
    let printed = "";
    const read = (chunk: Buffer) => {
      printed += chunk.toString();
      for (let end = printed.indexOf("\n"); end >= 0; end = printed.indexOf("\n")) {
        this.#onLine(printed.slice(0, end));
        printed = printed.slice(end + 1);
      }
    };
    child.stdout!.on("data", read);
    child.stderr!.on("data", read);
    const answered = once(child, "message", { signal: AbortSignal.timeout(PATIENCE) });
    const ended = once(child, "exit").then(([code]) => {
      throw new Error(`the agent's process ended with ${code}: ${printed}`);
    });
    ended.catch(() => undefined); // it ends some day, and then nobody waits for the answer any more
    const [{ endpoint }] = (await Promise.race([answered, ended])) as [{ endpoint: string }];
    this.#endpoint = endpoint;
    return endpoint;
  }

  /** Ends it: by its own leave, or at once. */
  async stop(signal: "SIGTERM" | "SIGKILL" = "SIGTERM"): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill(signal);
    await ended;
  }
}
