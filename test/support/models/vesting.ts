// What has vested of each allocation, as docs have it in months: a month is 30 days, t counts from genesis.
//
//   treasury            200 M + 1.8 B x (t - 36) / 60
//   team                16 quarters of 75 M, the first in month 15
//   early contributors  200 M + 30 months of 20 M, the first in month 7

import { MONTH } from "./mintBudget.ts";

const MILLION = 1_000_000n * 10n ** 18n;

const clamp = (value: bigint, most: bigint) => (value < 0n ? 0n : value > most ? most : value);

/** What has vested `elapsed` seconds after genesis, in wei; free it is a lock later. */
export const VESTED_AT = {
  treasury: (elapsed: bigint) =>
    200n * MILLION + (1_800n * MILLION * clamp(elapsed - 36n * MONTH, 60n * MONTH)) / (60n * MONTH),
  team: (elapsed: bigint) => 75n * MILLION * clamp(elapsed / (3n * MONTH) - 4n, 16n),
  early: (elapsed: bigint) => 200n * MILLION + 20n * MILLION * clamp(elapsed / MONTH - 6n, 30n),
} as const;

export const LOCK_OF = { treasury: 0n, team: 6n * MONTH, early: 0n } as const;

/** From when on everything is free. */
export const END_OF = { treasury: 96n * MONTH, team: 66n * MONTH, early: 36n * MONTH } as const;
