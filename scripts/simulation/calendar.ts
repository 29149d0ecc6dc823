import type { Phase } from "./scenario.ts";

/** An epoch of the contracts lasts a week, and a year is 52 of them. */
export const WEEKS_A_YEAR = 52;
export const HOUR = 3_600n;
export const DAY = 24n * HOUR;
export const WEEK = 7n * DAY;

/** A week of the simulation, which is an epoch of the contracts. */
export type Week = {
  /** The epoch's number since genesis, from 0. */
  readonly number: number;
  readonly phase: Phase;
  /** Demand, in multiples of each role's weekly volume. */
  readonly demand: number;
  /** How far the whole run is, from 0 to 1. */
  readonly progress: number;
  /** How many weeks come after this one. */
  readonly left: number;
};

/** Spreads the phases over the weeks, each by its share of them all; every phase has at least one week. */
export function calendarOf(phases: readonly Phase[], weeks: number): Week[] {
  const whole = phases.reduce((sum, { share }) => sum + share, 0);
  let [begun, end] = [0, 0];
  return phases.flatMap((phase, index) => {
    begun += phase.share;
    const first = end;
    const after = phases.length - 1 - index;
    end = Math.min(Math.max(Math.round((weeks * begun) / whole), first + 1), weeks - after);
    return Array.from({ length: end - first }, (_, day) => ({
      number: first + day,
      phase,
      demand: between(phase.demand, (day + 1) / (end - first)),
      progress: (first + day) / weeks,
      left: weeks - 1 - first - day,
    }));
  });
}

function between([from, to]: readonly [number, number], share: number): number {
  return from + (to - from) * share;
}
