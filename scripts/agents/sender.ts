import { setTimeout as sleep } from "node:timers/promises";

import type { JsonRpcProvider, TransactionReceipt, TransactionResponse } from "ethers";

import { Failure } from "../lib/failure.ts";

/** How often it is asked whether a transaction is mined, in milliseconds. */
const POLL = 250;
/** How long it is waited for, in milliseconds, before its sender looks again what is the case. */
const PATIENCE = 120_000;
/** How often a node may not know a transaction before it counts as dropped: another of its kind may have taken it. */
const MISSES = 8;

/**
 * Sends an account's transactions, one after the other, and none while an earlier one is not mined: not even one that was
 * sent by a process that is no more. So whatever is decided by the state of the chain is never sent twice.
 */
export class Sender {
  readonly #provider: JsonRpcProvider;
  readonly #address: string;
  #last: Promise<unknown> = Promise.resolve();

  constructor(provider: JsonRpcProvider, address: string) {
    this.#provider = provider;
    this.#address = address;
  }

  /**
   * Sends a transaction when it is its turn.
   * @param decide Looks at the state of the chain and sends, or finds that there is nothing to send.
   */
  async send(decide: () => Promise<TransactionResponse | undefined>): Promise<TransactionReceipt | undefined> {
    const turn = this.#last.then(() => this.#sendNow(decide));
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  async #sendNow(decide: () => Promise<TransactionResponse | undefined>): Promise<TransactionReceipt | undefined> {
    await this.#requireNothingPending();
    const sent = await decide();
    return sent === undefined ? undefined : this.#mined(sent.hash);
  }

  /** A re-organisation can drop a transaction for good, so it is not only its receipt that is looked for. */
  async #mined(hash: string): Promise<TransactionReceipt> {
    const limit = Date.now() + PATIENCE;
    for (let misses = 0; misses < MISSES && Date.now() < limit;) {
      const receipt = await this.#provider.getTransactionReceipt(hash);
      if (receipt?.status === 0) throw new Failure(`${hash} was mined and reverted.`, "Look what is the case now.");
      if (receipt !== null) return receipt;
      if ((await this.#provider.getTransaction(hash)) === null) ++misses;
      await sleep(POLL);
    }
    throw new Failure(`${hash} is not mined.`, "Look what is the case now.");
  }

  async #requireNothingPending(): Promise<void> {
    const [mined, all] = await Promise.all([
      this.#provider.getTransactionCount(this.#address, "latest"),
      this.#provider.getTransactionCount(this.#address, "pending"),
    ]);
    if (all <= mined) return;
    throw new Failure(
      `${all - mined} transaction(s) of ${this.#address} are not mined yet.`,
      "Wait for them, or replace them with the same nonces and a higher fee.",
    );
  }
}
