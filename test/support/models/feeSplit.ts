import { type Shares, WHOLE } from "./feeSchedule.ts";

export type Split = { provider: bigint; orchestrator: bigint; treasury: bigint; burn: bigint; voters: bigint };

/** Each leg is its share rounded down; the provider has what is left, and the share of an orchestrator not named. */
export function splitOf(amount: bigint, shares: Shares, orchestrated: boolean): Split {
  const leg = (bps: bigint) => (amount * bps) / WHOLE;
  const legs = {
    orchestrator: orchestrated ? leg(shares.orchestrator) : 0n,
    treasury: leg(shares.treasury),
    burn: leg(shares.burn),
    voters: leg(shares.voters),
  };
  return { provider: amount - legs.orchestrator - legs.treasury - legs.burn - legs.voters, ...legs };
}
