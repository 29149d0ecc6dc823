// A score in points of 1e5: the weighted sum of five averages and of age over two years.

const POINT = 100_000n;
const TWO_YEARS = 730n * 86_400n;

export type Averages = { success: bigint; speed: bigint; uptime: bigint; security: bigint; peer: bigint };

/** The score of a position `age` seconds after it became active. */
export function scoreAt({ success, speed, uptime, security, peer }: Averages, age: bigint): bigint {
  const longevity = age < TWO_YEARS ? (100n * POINT * age) / TWO_YEARS : 100n * POINT;
  return (35n * success + 20n * speed + 15n * uptime + 15n * security + 10n * peer + 5n * longevity) / 100n;
}
