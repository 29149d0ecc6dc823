import type { ContractTransaction, Log } from "ethers";
import type { NetworkHooks } from "hardhat/types/hooks";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import type { NetworkConnection } from "hardhat/types/network";

/** The first second of the simulation, whatever the clock on the wall says. */
const BEGINS_AT = "2030-01-01T00:00:00Z";
/** Enough for every actor. */
const ACCOUNTS = 60;
/** More than any transaction uses; a settlement wants a limit far above what it uses. */
const GAS = `0x${(10_000_000).toString(16)}`;

/**
 * The in-process chain with a clock of its own: every block is a second after the one before, or when the simulation says,
 * so that a run does not depend on how fast the machine is.
 */
export class Chain {
  readonly connection: NetworkConnection;
  #now: bigint;
  #transactions = 0;
  #nextBlock = 0;
  #unstamp: (() => void) | undefined;

  private constructor(connection: NetworkConnection) {
    this.connection = connection;
    this.#now = BigInt(Date.parse(BEGINS_AT) / 1000);
  }

  static async start(hre: HardhatRuntimeEnvironment): Promise<Chain> {
    const connection = await hre.network.create({
      override: { accounts: { count: ACCOUNTS }, initialBaseFeePerGas: 0, initialDate: BEGINS_AT },
    });
    const chain = new Chain(connection);
    chain.#stamp(hre);
    return chain;
  }

  /** How many transactions were sent. */
  get transactions(): number {
    return this.#transactions;
  }

  /** The time of the last block. */
  get now(): bigint {
    return this.#now;
  }

  /** Lets time pass until a moment; the next transaction is a second later. */
  passTo(moment: bigint): void {
    if (moment > this.#now) this.#now = moment;
  }

  /** Sends a typed call from an account of the chain, which reverts here if it reverts there. */
  async send(from: string, call: Promise<ContractTransaction>): Promise<void> {
    const { to, data } = await call;
    await this.connection.provider.request({
      method: "eth_sendTransaction",
      params: [{ from, to, data, gas: GAS, gasPrice: "0x0" }],
    });
  }

  /** What the given contracts have logged since this was asked for the last time. */
  async news(contracts: readonly string[]): Promise<Log[]> {
    const latest = Number(await this.connection.provider.request({ method: "eth_blockNumber" }));
    const range = { fromBlock: `0x${this.#nextBlock.toString(16)}`, toBlock: `0x${latest.toString(16)}` };
    this.#nextBlock = latest + 1;
    return (await this.connection.provider.request({
      method: "eth_getLogs",
      params: [{ ...range, address: contracts }],
    })) as Log[];
  }

  async close(): Promise<void> {
    this.#unstamp?.();
    await this.connection.close();
  }

  /** Gives each transaction its second, those of the deployment too, one after the other. */
  #stamp({ hooks }: HardhatRuntimeEnvironment): void {
    let last: Promise<unknown> = Promise.resolve();
    const handlers: Partial<NetworkHooks> = {
      onRequest: async (context, connection, request, next) => {
        if (connection.id !== this.connection.id || request.method !== "eth_sendTransaction") {
          return next(context, connection, request);
        }
        const sent = last.then(async () => {
          this.#transactions++;
          const stamp = { method: "evm_setNextBlockTimestamp", params: [Number(++this.#now)] };
          await next(context, connection, { ...request, ...stamp });
          return next(context, connection, request);
        });
        last = sent.catch(() => undefined);
        return sent;
      },
    };
    hooks.registerHandlers("network", handlers);
    this.#unstamp = () => hooks.unregisterHandlers("network", handlers);
  }
}
