import type { Chart } from "./chart.ts";
import { budget, burnAgainstEmission, fees, supply } from "./money.ts";
import { speculators, washTrader } from "./people.ts";
import { caps, emission, rates, reserves, volumes } from "./roles.ts";

/** The report's charts, in its order. */
export const CHARTS: readonly Chart[] = [
  supply,
  budget,
  volumes,
  fees,
  burnAgainstEmission,
  emission,
  caps,
  rates,
  reserves,
  washTrader,
  speculators,
];

/** Those that docs/economics.md shows. */
export const DOCUMENT_CHARTS: readonly Chart[] = [rates, burnAgainstEmission, washTrader];
