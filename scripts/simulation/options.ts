import { Failure } from "../lib/failure.ts";
import { WEEKS_A_YEAR } from "./calendar.ts";

/** What the command was asked for, as it was typed. */
export type Typed = { seed: string; years: string; out: string; charts: string; scenario: string };

/** What is to be simulated, and where the results go. */
export type Options = {
  readonly seed: number;
  readonly years: number;
  /** How many epochs that is. */
  readonly weeks: number;
  readonly out: string;
  /** A second folder for the charts that the documents show; none if empty. */
  readonly charts: string;
  readonly scenario: string;
};

const MOST_SEED = 2 ** 31 - 1;
const MOST_YEARS = 50;
/** So that every phase has its weeks and the wash-trader time to leave. */
const FEWEST_WEEKS = 12;

export function readOptions(typed: Typed): Options {
  const [seed, years] = [Number(typed.seed), Number(typed.years)];
  if (typed.seed.trim() === "" || !Number.isInteger(seed) || seed < 0 || seed > MOST_SEED) {
    throw new Failure(`"${typed.seed}" is no seed.`, `Name a whole number from 0 to ${MOST_SEED}.`);
  }
  const weeks = Math.round(years * WEEKS_A_YEAR);
  if (!(weeks >= FEWEST_WEEKS && years <= MOST_YEARS)) {
    throw new Failure(
      `"${typed.years}" years cannot be simulated.`,
      `Name a number from ${(FEWEST_WEEKS / WEEKS_A_YEAR).toFixed(2)} to ${MOST_YEARS}; a year has ${WEEKS_A_YEAR} epochs.`,
    );
  }
  return { ...typed, seed, years, weeks };
}
