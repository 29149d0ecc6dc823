import { setTimeout as sleep } from "node:timers/promises";

const POLL = 50;
const PATIENCE = 60_000;

/**
 * Waits for something that another process does.
 * @param what What is waited for, for the error if it never comes.
 * @param look Finds it, or nothing yet.
 */
export async function until<T>(what: string, look: () => Promise<T | undefined> | T | undefined): Promise<T> {
  const limit = Date.now() + PATIENCE;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > limit) throw new Error(`waited in vain until ${what}`);
    await sleep(POLL);
  }
}
