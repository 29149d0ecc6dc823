import type { ContractTransactionReceipt, ContractTransactionResponse, JsonRpcProvider } from "ethers";

import { Failure } from "../lib/failure.ts";

/** How long a transaction is waited for, in milliseconds, before its sender looks again what is the case. */
const PATIENCE = 120_000;

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
  async send(
    decide: () => Promise<ContractTransactionResponse | undefined>,
  ): Promise<ContractTransactionReceipt | undefined> {
    const turn = this.#last.then(() => this.#sendNow(decide));
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  async #sendNow(decide: () => Promise<ContractTransactionResponse | undefined>) {
    await this.#requireNothingPending();
    const sent = await decide();
    if (sent === undefined) return undefined;
    return (await sent.wait(1, PATIENCE)) ?? undefined;
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
