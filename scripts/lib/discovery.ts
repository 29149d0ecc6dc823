import { id, ZeroHash } from "ethers";

import type { ProviderDirectory } from "../../typechain-types/index.js";

/** What a client looks for. */
export type ProviderQuery = {
  role: bigint;
  /** In wei of OCTO: the provider must have this much capacity left. */
  budget: bigint;
  /** The least reliability, in points of 1e5; any if left out. */
  minScore?: bigint;
  /** A capability as providers write it, such as "translate"; any if left out. */
  capability?: string;
};

/** A provider that suits. */
export type FoundProvider = {
  provider: string;
  /** Its rank, in points of 1e5. */
  routingWeight: bigint;
  /** Its reliability, in points of 1e5. */
  score: bigint;
  /** What it can still take on, in wei of OCTO. */
  capacityLeft: bigint;
  /** Whether its standing terms bind it to the budget without a signature. */
  binding: boolean;
  /** keccak256 of what it published. */
  profileHash: string;
};

type Paging = {
  /** How many profiles a call looks at, 1 to 100; fewer for a node that limits the gas of calls. */
  pageSize?: bigint;
};

/**
 * Ranks all providers of a role for a job, best first: the pages of the directory, merged into one ranking.
 *
 * Every page is read at the block that was the latest at the first one, so that nobody who joins, leaves or moves in the
 * meantime is counted twice or not at all.
 *
 * @example
 * const [best] = await findProviders(directory, { role: 6n, budget: parseEther("100"), capability: "translate" });
 */
export async function findProviders(
  directory: ProviderDirectory,
  { role, budget, minScore = 0n, capability }: ProviderQuery,
  { pageSize = 100n }: Paging = {},
): Promise<FoundProvider[]> {
  const query = { role, budget, minScore, capability: capability === undefined ? ZeroHash : id(capability) };
  const blockTag = (await directory.runner?.provider?.getBlockNumber()) ?? "latest";

  const found: FoundProvider[] = [];
  let cursor = 0n;
  do {
    const { matches, next } = await directory.rank(query, cursor, pageSize, { blockTag });
    for (const { provider, routingWeight, score, capacityLeft, binding, profileHash } of matches) {
      found.push({ provider, routingWeight, score, capacityLeft, binding, profileHash });
    }
    cursor = next;
  } while (cursor !== 0n);
  return found.sort(byRank);
}

/** As the directory sorts a page: by weight, then score, the greater first; then the lower address. */
function byRank(one: FoundProvider, other: FoundProvider): number {
  return (
    Number(other.routingWeight - one.routingWeight) ||
    Number(other.score - one.score) ||
    (BigInt(one.provider) < BigInt(other.provider) ? -1 : 1)
  );
}
