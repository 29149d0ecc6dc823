// The wash-trading law in whole numbers. With f = treasury + burn + voters, at the largest figures there can be:
//
//   intensity x multiplier x maxRate x (1 + spread) = 0.12 x 2 x 3 x 1.02 = 0.7344 < (treasury + burn) / f
//   intensity x multiplier                          = 0.12 x 2            = 0.24   < burn / f

import { type Shares, sumOf } from "./feeSchedule.ts";

/** The most that all deducted shares may be together, in basis points. */
export const MAX_SHARES = 5_000n;

/** Whether dealing with oneself under these shares always loses. */
export function obeysLaw({ treasury, burn, voters }: Shares): boolean {
  const fee = treasury + burn + voters;
  return 7_344n * fee < 10_000n * (treasury + burn) && 24n * fee < 100n * burn;
}

/** What becomes of these shares as a new row. */
export function verdictOn(shares: Shares): "tooLarge" | "unlawful" | "lawful" {
  if (sumOf(shares) > MAX_SHARES) return "tooLarge";
  return obeysLaw(shares) ? "lawful" : "unlawful";
}
