import cliProgress from "cli-progress";

import { thousands } from "./amounts.ts";

/** How far a long command is: a bar on a terminal, elsewhere a line now and then. */
export class Progress {
  readonly #what: string;
  readonly #total: number;
  readonly #every: number;
  readonly #bar: cliProgress.SingleBar | undefined;

  /**
   * @param what What is counted, such as "epochs".
   * @param total How many there are.
   * @param lines How many lines are printed where there is no terminal.
   */
  constructor(what: string, total: number, lines = 10) {
    this.#what = what;
    this.#total = total;
    this.#every = Math.max(1, Math.ceil(total / lines));
    if (!process.stdout.isTTY) return;

    const format = `{bar} {percentage} % | {value} of {total} ${what} | {note} | {eta_formatted} left`;
    this.#bar = new cliProgress.SingleBar({ format, hideCursor: true }, cliProgress.Presets.shades_classic);
    this.#bar.start(total, 0, { note: "" });
  }

  /** So many are done. */
  update(done: number, note: string): void {
    this.#bar?.update(done, { note });
    if (this.#bar === undefined && (done % this.#every === 0 || done === this.#total)) {
      console.log(`  ${thousands(BigInt(done))} of ${thousands(BigInt(this.#total))} ${this.#what}, ${note}`);
    }
  }

  /** Leaves the bar as it is. */
  stop(): void {
    this.#bar?.stop();
  }
}
