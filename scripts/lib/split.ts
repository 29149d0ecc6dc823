/** The shares of a fee schedule, in basis points. */
export type Shares = { orchestrator: bigint; treasury: bigint; burn: bigint; voters: bigint };

/** The five parts of a settlement, in wei. */
export type Split = Shares & { provider: bigint };

const MAX_BPS = 10_000n;

/** How the vault splits an amount: each leg its share rounded down, the rest to the provider. */
export function splitOf(amount: bigint, shares: Shares, orchestrated: boolean): Split {
  const leg = (share: bigint) => (amount * share) / MAX_BPS;
  const legs = {
    orchestrator: orchestrated ? leg(shares.orchestrator) : 0n,
    treasury: leg(shares.treasury),
    burn: leg(shares.burn),
    voters: leg(shares.voters),
  };
  return { ...legs, provider: amount - legs.orchestrator - legs.treasury - legs.burn - legs.voters };
}
