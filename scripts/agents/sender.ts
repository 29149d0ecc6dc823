import { setTimeout as sleep } from "node:timers/promises";

import { JsonRpcSigner, type Provider, type Signer, type TransactionReceipt, type TransactionRequest } from "ethers";

import { Failure } from "../lib/failure.ts";

/** How often it is asked whether a transaction is mined, in milliseconds. */
const POLL = 250;
/** How long it is waited for, in milliseconds, before its sender looks again what is the case. */
const PATIENCE = 120_000;
/** How often a node may not know a transaction before it counts as dropped: another of its kind may have taken it. */
const MISSES = 8;

type Decision = () => Promise<TransactionRequest | undefined>;

/**
 * Sends an account's transactions, one after the other, and none while an earlier one is not mined: not even one that was
 * sent by a process that is no more. So whatever is decided by the state of the chain is never sent twice.
 */
export class Sender {
  readonly #provider: Provider;
  readonly #signer: Signer;
  readonly #address: string;
  #last: Promise<unknown> = Promise.resolve();

  constructor(provider: Provider, signer: Signer, address: string) {
    this.#provider = provider;
    this.#signer = signer;
    this.#address = address;
  }

  /**
   * Sends a transaction when it is its turn.
   * @param decide Looks at the state of the chain and says what to send, or finds that there is nothing to send.
   */
  async send(decide: Decision): Promise<TransactionReceipt | undefined> {
    const turn = this.#last.then(() => this.#sendNow(decide));
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  async #sendNow(decide: Decision): Promise<TransactionReceipt | undefined> {
    await this.#requireNothingPending();
    const transaction = await decide();
    return transaction === undefined ? undefined : this.#mined(await this.#broadcast(transaction));
  }

  /** A node's own account is asked without waiting until the node knows the transaction: it may be dropped before. */
  async #broadcast(transaction: TransactionRequest): Promise<string> {
    if (this.#signer instanceof JsonRpcSigner) return this.#signer.sendUncheckedTransaction(transaction);
    return (await this.#signer.sendTransaction(transaction)).hash;
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
