// minted = fee x intensity x multiplier, each product rounded down, at most the open budget. Scores are in points of
// 1e5, the other factors 1e18 for one.

const ONE = 10n ** 18n;
const POINT = 100_000n;

/** 0.5 up to a score of 20, then 1.5 / 80 more a point, 2.0 from a score of 100 on. */
export function multiplierAt(score: bigint): bigint {
  if (score <= 20n * POINT) return ONE / 2n;
  if (score >= 100n * POINT) return 2n * ONE;
  return ONE / 2n + (15n * ONE * (score - 20n * POINT)) / (10n * 80n * POINT);
}

export function mintedFor(fee: bigint, intensity: bigint, score: bigint, budget: bigint): bigint {
  const uncapped = (((fee * intensity) / ONE) * multiplierAt(score)) / ONE;
  return uncapped < budget ? uncapped : budget;
}

/** The most that work of a role mints in an epoch; the weight in basis points, everything else in wei. */
export function epochCapOf(
  epoch: bigint,
  weight: bigint,
  target: bigint,
  volume: bigint,
  previousVolume: bigint,
): bigint {
  const base = [100n, 50n, 10n][Number(epoch / (4n * 52n))] ?? 5n;
  const utilisation = between((volume * ONE) / target, ONE / 4n, (3n * ONE) / 2n);
  const growth = previousVolume === 0n ? ONE : between((volume * ONE) / previousVolume, ONE / 2n, (3n * ONE) / 2n);
  return (base * 1_000_000n * ONE * weight * utilisation * growth) / (52n * 10_000n * ONE * ONE);
}

function between(value: bigint, least: bigint, most: bigint): bigint {
  return value < least ? least : value > most ? most : value;
}
