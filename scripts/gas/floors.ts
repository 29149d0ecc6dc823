// What any implementation of an action must pay, under the rules of the Osaka hard fork: the transaction, its calldata,
// the accounts and slots it cannot avoid touching, and the events it must emit. The rest of a measured figure is code.

const PRICE = {
  transaction: 21_000,
  /** First touch of an account in a transaction. */
  account: 2_600,
  /** First read of a slot. */
  read: 2_100,
  /** A slot that was zero and is written. */
  fresh: 22_100,
  /** A slot that was not zero and is written. */
  changed: 5_000,
  ecrecover: 3_000,
  /** A slot that is set back to zero: the refund. */
  cleared: -4_800,
} as const;

type Item = Exclude<keyof typeof PRICE, "transaction">;
/** An event: its topics (the signature included) and its words of data. */
type Log = [topics: number, words: number];

export type Floor = Partial<Record<Item, number>> & { logs?: readonly Log[]; note: string };

const TRANSFER: Log = [3, 1];

/** The floor of each measured action that has one, with what its slots are. */
export const FLOORS: Record<string, Floor> = {
  "octo.transfer": { changed: 2, logs: [TRANSFER], note: "two balances" },
  "octo.transfer.newHolder": { changed: 1, fresh: 1, logs: [TRANSFER], note: "two balances, one of them new" },
  "octo.permit.first": { fresh: 2, ecrecover: 1, logs: [TRANSFER], note: "nonce and allowance, both new" },
  "octo.permit.later": { changed: 2, ecrecover: 1, logs: [TRANSFER], note: "nonce and allowance" },
  "octo.transferWithAuthorization": {
    ...{ fresh: 1, changed: 2, ecrecover: 1 },
    logs: [TRANSFER, [3, 0]],
    note: "the random nonce's own slot, two balances",
  },
  "job.hire.approval": {
    ...{ fresh: 3, changed: 4, read: 4, account: 5 },
    logs: [[4, 3], [3, 4], [3, 1], [3, 1], TRANSFER],
    note: "the job (3 slots); counter, market row, two balances; two proxies, position, allowance; market code, registry and its code, vault, token; five events",
  },
  "job.hire.signature": {
    ...{ fresh: 4, changed: 4, read: 3, account: 5, ecrecover: 1 },
    logs: [[4, 3], [3, 4], [3, 1], [3, 1], [3, 0], TRANSFER],
    note: "as by approval, with the authorization's nonce in the allowance's place",
  },
  "job.hire.credit": {
    ...{ fresh: 3, changed: 3, read: 3, account: 4 },
    logs: [
      [4, 3],
      [3, 4],
      [3, 1],
      [3, 1],
    ],
    note: "the job (3 slots); counter, market row, the client's credit; two proxies, position; four events",
  },
  "job.submit": { changed: 1, read: 1, account: 1, logs: [[3, 1]], note: "the job's second slot behind a proxy" },
  "job.complete": {
    ...{ changed: 9, read: 4, account: 6 },
    logs: [[3, 1], [3, 1], [4, 4], [3, 1], TRANSFER],
    note: "job, market row, credit, two slots of sums, role row, track record, role balance and supply; two proxies, client's slot, schedule; market code, vault, schedule, registry and its code, role token",
  },
  "job.complete.unminted": {
    ...{ changed: 6, read: 4, account: 5 },
    logs: [
      [3, 1],
      [3, 1],
      [4, 4],
      [3, 1],
    ],
    note: "the same without role token, its balance, supply and earnings: what emission adds is the difference",
  },
  "job.complete.unrecorded": {
    ...{ changed: 5, read: 3, account: 3 },
    logs: [
      [3, 1],
      [3, 1],
      [4, 4],
    ],
    note: "a job below the smallest recorded one: job, market row, credit, two slots of sums; two proxies, schedule; market code, vault, schedule. What recording adds is the difference to the one above",
  },
  "job.complete.orchestrator": {
    ...{ changed: 14, read: 5, account: 7 },
    logs: [[3, 1], [3, 1], [4, 4], [3, 1], TRANSFER, [3, 1], TRANSFER],
    note: "the same, and the orchestrator's slot, credit, role row, track record, balance and supply",
  },
  "job.refund": {
    ...{ changed: 3, read: 2, account: 2 },
    logs: [
      [2, 0],
      [3, 1],
      [3, 1],
    ],
    note: "job, market row, the client's credit behind a proxy",
  },
  "registry.activate": {
    ...{ fresh: 2, changed: 4, read: 4, account: 3 },
    logs: [[3, 2], [3, 0], TRANSFER, TRANSFER],
    note: "two slots of the position; four balances; proxy, minimum, two unlimited allowances, which are only read",
  },
  "registry.topUp": {
    ...{ changed: 3, read: 3, account: 2 },
    logs: [[3, 2], TRANSFER],
    note: "the position, two balances; proxy, minimum, allowance",
  },
  "registry.unbond": {
    ...{ fresh: 1, changed: 1, read: 2, account: 1 },
    logs: [[3, 3]],
    note: "the exit's own slot, the position; proxy, minimum",
  },
  "registry.withdraw": {
    ...{ changed: 3, read: 1, account: 2, cleared: 1 },
    logs: [[4, 3], TRANSFER],
    note: "the exit, two balances behind a proxy, less the refund for the cleared slot",
  },
  "vesting.release": {
    ...{ changed: 3, read: 1, account: 1 },
    logs: [[2, 1], TRANSFER],
    note: "what was paid so far, two balances; the beneficiary; the token",
  },
  "engine.fromOcto": {
    ...{ changed: 5, read: 4, account: 4 },
    logs: [[3, 2], TRANSFER, TRANSFER],
    note: "reserve, two OCTO balances, role balance and supply; proxy, parameters, earmark, allowance",
  },
  "engine.toOcto": {
    ...{ changed: 6, read: 2, account: 4 },
    logs: [[3, 3], TRANSFER, TRANSFER],
    note: "reserve, what was sold of what was earned, two OCTO balances, role balance and supply; proxy, earmark",
  },
  "engine.swap": {
    ...{ changed: 7, read: 4, account: 4 },
    logs: [[4, 4], TRANSFER, TRANSFER],
    note: "two reserves, what was sold of what was earned, two role balances and supplies; proxy, two earmarks, parameters",
  },
  "engine.poke": {
    ...{ changed: 2, read: 5, account: 3 },
    logs: [[3, 3]],
    note: "reserve and its epoch; proxy, parameters, earmark, supply, a slot of volumes in the first four epochs",
  },
};

/** Gas of a transaction's calldata: 4 for a zero byte, 16 for another. */
export function calldataGas(data: string): number {
  const bytes = data.slice(2).match(/../g) ?? [];
  return bytes.reduce((gas, byte) => gas + (byte === "00" ? 4 : 16), 0);
}

const logGas = ([topics, words]: Log) => 375 + 375 * topics + 8 * 32 * words;

/** The floor of an action in gas, and the sum as one reads it. */
export function floorOf(action: string, data: string): { gas: number; arithmetic: string } | undefined {
  const floor = FLOORS[action];
  if (floor === undefined) return undefined;

  const { logs = [], note: _, ...items } = floor;
  const parts: [string, number][] = [
    ["transaction", PRICE.transaction],
    ["calldata", calldataGas(data)],
    ...Object.entries(items).map(([item, count]): [string, number] => [
      `${count} ${item}`,
      count * PRICE[item as Item],
    ]),
    [`${logs.length} events`, logs.reduce((gas, log) => gas + logGas(log), 0)],
  ];
  return {
    gas: parts.reduce((sum, [, gas]) => sum + gas, 0),
    arithmetic: parts.map(([what, gas]) => `${what} ${gas.toLocaleString("en")}`).join(" + "),
  };
}
