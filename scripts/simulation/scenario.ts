import path from "node:path";

import { parseEther } from "ethers";
import { z } from "zod";

import { ROLES, SCHEDULES } from "../../deploy/roles.ts";
import { readScenarioFile } from "../lib/scenarioFile.ts";

const LETTERS = ROLES.map(({ letter }) => letter);

const wholeOcto = z
  .number()
  .int()
  .positive()
  .transform((value) => parseEther(`${value}`));
const share = z.number().min(0).max(1);

const Phase = z.strictObject({
  name: z.string(),
  kind: z.enum(["growth", "boom", "bust", "attack"]),
  share: share.refine((value) => value > 0, "must be more than 0"),
  demand: z.tuple([z.number().positive(), z.number().positive()]),
});

const RoleDemand = z.strictObject({
  volume: z.number().int().positive(),
  schedule: z.enum(Object.keys(SCHEDULES) as [keyof typeof SCHEDULES]),
  coordinated: share.default(0),
});

const ProviderKind = z.strictObject({ bond: z.number().int().positive(), sells: share, bonds: share, panics: share });

const Scenario = z.strictObject({
  phases: z.array(Phase).min(1),
  noise: share.max(0.9),
  roles: z.partialRecord(z.enum(LETTERS), RoleDemand),
  providers: z.strictObject({ seller: ProviderKind, holder: ProviderKind }),
  arbitrageur: z.strictObject({ capital: wholeOcto, buysBelow: z.number().positive(), profit: z.number().positive() }),
  whale: z.strictObject({ roles: z.array(z.enum(LETTERS)).min(1), spends: wholeOcto }),
  washTrader: z.strictObject({
    role: z.enum(LETTERS),
    volume: z.number().int().min(10),
    attack: z.number().int().positive(),
  }),
  treasury: z.strictObject({ everyWeeks: z.number().int().positive() }),
  milestones: z.array(share).max(4),
});

/** What is to be simulated. */
export type Scenario = z.infer<typeof Scenario>;
export type Phase = z.infer<typeof Phase>;
export type ProviderKind = z.infer<typeof ProviderKind>;

/** Reads a scenario and refuses, in one sentence, whatever could not be played. */
export function readScenario(file: string): Scenario {
  return readScenarioFile(file, path.join(import.meta.dirname, "scenario.json5"), Scenario).content;
}
