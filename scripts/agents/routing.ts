// How one of several agents is chosen.

import { z } from "zod";

/** An agent that could do a work. */
export type Candidate = {
  agentId: bigint;
  /** Who does its work and is paid. */
  provider: string;
  /** Of one job, in wei of OCTO. */
  price: bigint;
  /** The shortest time for the work that it accepts, in seconds. */
  duration: bigint;
  /** What it was rated, weighted by what was paid: 0 to 1. */
  quality: number;
  /** Where it is reached. */
  endpoint: string;
};

/** How much each virtue counts. */
export type Weights = { price: number; speed: number; quality: number };

const NAMED = {
  cheapest: { price: 1, speed: 0, quality: 0 },
  fastest: { price: 0, speed: 1, quality: 0 },
  quality: { price: 0, speed: 0, quality: 1 },
  balanced: { price: 1, speed: 1, quality: 1 },
} as const satisfies Record<string, Weights>;

const weight = z.number().min(0).max(1_000);

/** A policy by its name, or one's own weights. */
export const Policy = z.union([
  z.enum(Object.keys(NAMED) as [keyof typeof NAMED]),
  z
    .strictObject({ price: weight, speed: weight, quality: weight })
    .refine(({ price, speed, quality }) => price + speed + quality > 0, "at least one weight must be more than 0"),
]);

export type Policy = z.infer<typeof Policy>;

/**
 * Puts the best first. Each virtue is measured against the best of those at hand, which has 1: the least price over the
 * price, the least time over the time, the quality over the greatest quality. Like ones stand in the order of their price,
 * then of their ids.
 */
export function ranked(candidates: readonly Candidate[], policy: Policy): Candidate[] {
  const weights = typeof policy === "string" ? NAMED[policy] : policy;
  const best = {
    price: least(candidates.map(({ price }) => price)),
    duration: least(candidates.map(({ duration }) => duration)),
    quality: Math.max(...candidates.map(({ quality }) => quality)),
  };
  const worth = ({ price, duration, quality }: Candidate) =>
    weights.price * ratio(best.price, price) +
    weights.speed * ratio(best.duration, duration) +
    weights.quality * (best.quality === 0 ? 1 : quality / best.quality);
  return candidates.toSorted(
    (one, other) => worth(other) - worth(one) || Number(one.price - other.price) || Number(one.agentId - other.agentId),
  );
}

function least(values: readonly bigint[]): bigint {
  return values.reduce((found, value) => (value < found ? value : found), values[0] ?? 0n);
}

function ratio(part: bigint, whole: bigint): number {
  return whole === 0n ? 1 : Number(part) / Number(whole);
}
