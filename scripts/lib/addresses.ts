import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

import { Failure } from "./failure.ts";
import type { Addresses } from "./system.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");

/** Where a deployment's addresses are written, for programs: committed for public networks, not for the local node. */
export function addressFile(network: string): string {
  return network === "node" ? "out/node.json" : `deploy/deployments/${network}.json`;
}

/** Writes where a suite is into a file, whose path is relative to the project. */
export function writeAddresses(
  file: string,
  network: string,
  chainId: bigint,
  contracts: Addresses,
  more: object = {},
): void {
  const target = path.resolve(ROOT, file);
  mkdirSync(path.dirname(target), { recursive: true });
  const content = { network, chainId: Number(chainId), ...more, contracts };
  writeFileSync(target, `${JSON.stringify(content, null, 2)}\n`);
}

/** Refuses a chain on which an earlier deployment's addresses are no contracts: another chain, or one that was reset. */
export async function requireContracts(network: string, codeOf: (address: string) => Promise<string>): Promise<void> {
  const file = addressFile(network);
  if (!existsSync(path.join(ROOT, file))) return;
  for (const [name, address] of Object.entries(readAddresses(network))) {
    if ((await codeOf(address)) !== "0x") continue;
    throw new Failure(
      `${file} says that ${name} is at ${address}, which is not a contract on "${network}".`,
      "Use an RPC of the chain it was deployed to, or remove that file and its journal in deploy/deployments.",
    );
  }
}

/** Where a suite is, as a deployment or the local node has written it. */
export type Site = {
  /** The chain's RPC, if it was written. */
  url?: string;
  chainId: number;
  contracts: Addresses;
  /** The first block that can have the suite's events. */
  fromBlock: number;
};

/** The addresses that a deployment has written. */
export function readAddresses(network: string): Addresses {
  return readSite(path.join(ROOT, addressFile(network))).contracts;
}

/** The block from which an earlier run of a deployment has counted, if there was one. */
export function firstBlockOf(network: string): number | undefined {
  const file = path.join(ROOT, addressFile(network));
  return existsSync(file) ? readSite(file).fromBlock : undefined;
}

/** What a deployment has written into a file. */
export function readSite(file: string): Site {
  if (!existsSync(file)) {
    throw new Failure(
      `There is no ${path.relative(ROOT, file)}: nothing was deployed there from here.`,
      "Deploy first, or start the node.",
    );
  }
  return { fromBlock: 0, ...(JSON.parse(readFileSync(file, "utf8")) as Omit<Site, "fromBlock">) };
}
