// The fee schedules of genesis, as the economy's table has them: each leg in basis points, with the provider's.

import { SCHEDULES } from "../../../deploy/roles.ts";

export const WHOLE = 10_000n;

/** The legs of a schedule that are deducted; the provider has the rest. */
export type Shares = { orchestrator: bigint; treasury: bigint; burn: bigint; voters: bigint };

export type GenesisSchedule = Shares & { name: string; id: bigint; provider: bigint };

export const GENESIS_SCHEDULES: readonly GenesisSchedule[] = [
  row("Service", SCHEDULES.SERVICE, 7_000n, 1_000n, 1_000n, 500n, 500n),
  row("Infrastructure", SCHEDULES.INFRASTRUCTURE, 9_700n, 0n, 150n, 75n, 75n),
  row("Data", SCHEDULES.DATA, 9_800n, 0n, 100n, 50n, 50n),
  row("Wholesale", SCHEDULES.WHOLESALE, 9_950n, 0n, 24n, 13n, 13n),
];

/** The shares alone, in the order of the contract's struct. */
export function sharesOf({ orchestrator, treasury, burn, voters }: Shares): Shares {
  return { orchestrator, treasury, burn, voters };
}

export function sumOf({ orchestrator, treasury, burn, voters }: Shares): bigint {
  return orchestrator + treasury + burn + voters;
}

function row(
  name: string,
  id: bigint,
  provider: bigint,
  orchestrator: bigint,
  treasury: bigint,
  burn: bigint,
  voters: bigint,
): GenesisSchedule {
  return { name, id, provider, orchestrator, treasury, burn, voters };
}
