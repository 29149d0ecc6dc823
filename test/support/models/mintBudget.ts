// What the token's two budget schedules open, as docs have it in months: a month is 30 days, t counts from genesis.
//
//   ecosystem rewards          3.5 B x (t - 12) / 48
//   infrastructure incentives  300 M + 1.2 B x t / 36

const OCTO = 10n ** 18n;
const MILLION = 1_000_000n * OCTO;

export const MONTH = 2_592_000n;

/** Everything the schedules ever open. */
export const WHOLE_BUDGET = 5_000n * MILLION;

/** What is open `elapsed` seconds after genesis, in wei. */
export function budgetOpenedAt(elapsed: bigint): bigint {
  return ecosystem(elapsed) + infrastructure(elapsed);
}

function ecosystem(elapsed: bigint): bigint {
  if (elapsed <= 12n * MONTH) return 0n;
  if (elapsed >= 60n * MONTH) return 3_500n * MILLION;
  return (3_500n * MILLION * (elapsed - 12n * MONTH)) / (48n * MONTH);
}

function infrastructure(elapsed: bigint): bigint {
  if (elapsed >= 36n * MONTH) return 1_500n * MILLION;
  return 300n * MILLION + (1_200n * MILLION * elapsed) / (36n * MONTH);
}
