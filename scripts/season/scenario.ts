import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

import { parseEther } from "ethers";
import { z } from "zod";

import { OFFENCES, ROLES } from "../../deploy/roles.ts";
import { HANDLERS } from "../agents/handlers/index.ts";
import { octo } from "../lib/amounts.ts";
import { Failure } from "../lib/failure.ts";
import { readScenarioFile } from "../lib/scenarioFile.ts";
import { WORK } from "./work.ts";

const FOLDER = import.meta.dirname;
const LETTERS = ROLES.map(({ letter }) => letter);

const amount = z
  .string()
  .regex(/^\d+(\.\d{1,18})?$/, 'must be an amount of OCTO in quotes, such as "250" or "0.5"')
  .transform((value) => parseEther(value));
const positive = amount.refine((value) => value > 0n, "must be more than 0");
const role = z.enum(LETTERS);
const hours = z.number().positive();
const player = z.string();

const [FIRST_ARBITER, LAST_ARBITER] = [30, 44];
const playerAccount = z
  .number()
  .int()
  .min(7)
  .max(59)
  .refine((account) => account < FIRST_ARBITER || account > LAST_ARBITER, "accounts 30 to 44 are the arbiters");

/** An agent that runs as a process of its own. */
const Staff = z.strictObject({
  player,
  capability: z.string(),
  handlers: z.array(z.enum([...HANDLERS.keys()] as [string, ...string[]])),
  price: z.string(),
  minutes: z.number().int().min(5),
  /** Whether it can pay for its transactions. */
  hasGas: z.boolean().default(true),
});

const Job = z.strictObject({
  title: z.string(),
  client: player.default("client"),
  provider: player,
  evaluator: player.optional(),
  orchestrator: player.optional(),
  role,
  budget: positive,
  hours,
  document: z.string(),
  work: z.enum(Object.keys(WORK) as [keyof typeof WORK]),
  pay: z.enum(["approval", "permit", "signature", "credit", "steps"]),
  consent: z.enum(["terms", "signature"]).default("terms"),
  ending: z.enum(["accepted", "rejected", "silentClient", "silentProvider"]),
  rating: z.number().int().min(0).max(100).optional(),
});

const Scenario = z.strictObject({
  players: z.record(player, z.strictObject({ account: playerAccount, octo: amount })),
  bonds: z.array(z.strictObject({ player, role, times: z.number().int().positive() })),
  standingTerms: z.array(z.strictObject({ player, role, maxBudget: amount, minHours: hours })),
  profiles: z.array(z.strictObject({ player, role, capabilities: z.array(z.string()), endpoint: z.string() })),
  search: z.strictObject({ role, budget: positive, capability: z.string().optional() }),
  delegations: z.array(z.strictObject({ player, provider: player, role, amount: positive })),
  jobs: z.array(Job),
  research: z.strictObject({
    client: player,
    researcher: Staff,
    forChildren: z.string(),
    staff: z.array(Staff).min(2),
    question: z.string(),
    document: z.string(),
    words: z.array(z.string()).min(1),
  }),
  dispute: z.strictObject({
    title: z.string(),
    client: player,
    provider: player,
    budget: positive,
    document: z.string(),
    offence: z.enum(OFFENCES),
    /** How many of the panel's seven are for the client. */
    forClient: z.number().int().min(4).max(7),
  }),
  silences: z.array(z.strictObject({ player, role, windows: z.number().int().min(1).max(20) })),
  verdicts: z.array(
    z.strictObject({
      title: z.string(),
      provider: player,
      role,
      offence: z.enum(OFFENCES),
      client: player,
      loss: positive,
    }),
  ),
  quarter: z.strictObject({
    client: player,
    provider: player,
    role,
    weeks: z.array(positive).min(6).max(52),
    trader: player,
    stake: positive,
  }),
  washTrade: z.strictObject({
    client: player,
    provider: player,
    role,
    budget: positive,
    times: z.number().int().min(1).max(20),
  }),
  run: z.strictObject({ role, holders: z.array(player).min(2), amount: positive }),
  exits: z.array(z.strictObject({ player, role })),
});

export type Scenario = z.infer<typeof Scenario>;
export type StaffPlan = z.infer<typeof Staff>;
export type JobPlan = z.infer<typeof Job>;

/** Reads a scenario and refuses, in one sentence, whatever could not be played. */
export function readScenario(file: string): Scenario {
  const { content, name } = readScenarioFile(file, path.join(FOLDER, "scenario.json5"), Scenario);
  checkPlayers(content, name);
  checkBonds(content, name);
  return content;
}

/** The text of a document that a scenario names. */
export function readDocument(name: string): string {
  const file = path.join(FOLDER, "documents", name);
  if (!existsSync(file)) {
    throw new Failure(`There is no document ${name}.`, "Put it into scripts/season/documents or name another one.");
  }
  return readFileSync(file, "utf8");
}

function checkPlayers(scenario: Scenario, file: string): void {
  const named = [
    ...scenario.bonds.map(({ player }) => player),
    ...scenario.standingTerms.map(({ player }) => player),
    ...scenario.exits.map(({ player }) => player),
    ...scenario.profiles.map(({ player }) => player),
    ...scenario.delegations.flatMap(({ player, provider }) => [player, provider]),
    ...scenario.silences.map(({ player }) => player),
    ...[scenario.quarter.client, scenario.quarter.provider, scenario.quarter.trader],
    ...[scenario.washTrade.client, scenario.washTrade.provider],
    ...scenario.run.holders,
    ...[scenario.research.client, scenario.dispute.client, scenario.dispute.provider],
    ...staffOf(scenario).map(({ player }) => player),
    ...scenario.verdicts.flatMap(({ provider, client }) => [provider, client]),
    ...scenario.jobs.flatMap(({ client, provider, evaluator, orchestrator }) => [
      client,
      provider,
      ...(evaluator === undefined ? [] : [evaluator]),
      ...(orchestrator === undefined ? [] : [orchestrator]),
    ]),
    ...(scenario.jobs.some(({ pay }) => pay === "signature") ? ["relayer"] : []),
  ];
  const missing = named.find((name) => !(name in scenario.players));
  if (missing !== undefined) {
    throw new Failure(`${file} names "${missing}", who is not among its players.`, "Add the player or mend the name.");
  }
  const { jobs, research, dispute } = scenario;
  for (const { document } of [...jobs, research, dispute]) readDocument(document);
}

/** Everybody who runs an agent's process. */
export function staffOf({ research }: Scenario): StaffPlan[] {
  return [research.researcher, ...research.staff];
}

function checkBonds(scenario: Scenario, file: string): void {
  const { jobs, bonds, profiles, delegations, silences, verdicts, quarter, washTrade, dispute } = scenario;
  const others = [
    { player: quarter.provider, role: quarter.role, what: "the quarter" },
    { player: washTrade.provider, role: washTrade.role, what: "the wash trade" },
    { player: dispute.provider, role: "D", what: "the dispute" },
    ...staffOf(scenario).map(({ player }) => ({ player, role: "D", what: "its agent" })),
    ...profiles.map(({ player, role }) => ({ player, role, what: "its profile" })),
    ...delegations.map(({ provider, role }) => ({ player: provider, role, what: "a delegation" })),
    ...silences.map(({ player, role }) => ({ player, role, what: "its silence" })),
    ...verdicts.map(({ provider, role, title }) => ({ player: provider, role, what: `"${title}"` })),
  ];
  for (const { player, role, what } of others) {
    if (bonds.some((bond) => bond.player === player && bond.role === role)) continue;
    throw new Failure(
      `${file}: "${player}" does not bond in ${role}, which ${what} asks for.`,
      "Add the bond or mend that place.",
    );
  }
  for (const { title, provider, role, orchestrator } of jobs) {
    const bonded = (player: string, letter: string) =>
      bonds.some((bond) => bond.player === player && bond.role === letter);
    const missing = !bonded(provider, role)
      ? `"${provider}" does not bond in ${role}`
      : orchestrator !== undefined && !bonded(orchestrator, "O")
        ? `"${orchestrator}" does not bond in O`
        : undefined;
    if (missing === undefined) continue;
    throw new Failure(`${file}: ${missing}, which "${title}" asks for.`, "Add the bond or mend the job.");
  }
}

/** The least that a dispute costs, as long as a twentieth of the escrow is less. */
const DISPUTE_BOND = parseEther("50");

/** What a client needs for its jobs; those who hire themselves get most of it back, each time. */
function hiresOf({ jobs, quarter, washTrade, research, dispute }: Scenario, name: string): bigint {
  const budgets = jobs.filter(({ client, pay }) => client === name && pay !== "credit").map(({ budget }) => budget);
  if (quarter.client === name) budgets.push(...quarter.weeks);
  if (research.client === name) budgets.push(2n * parseEther(research.researcher.price));
  if (dispute.client === name) budgets.push(dispute.budget, DISPUTE_BOND);
  if (dispute.provider === name) budgets.push(2n * DISPUTE_BOND); // the appeal
  if (washTrade.client === name) budgets.push(washTrade.budget * BigInt(washTrade.times));
  return budgets.reduce((sum, budget) => sum + budget, 0n);
}

/** The smallest bonds and the ask, as the contracts have them. */
export type Prices = (letter: Scenario["bonds"][number]["role"]) => Promise<{ octo: bigint; roleTokens: bigint }>;

/** Refuses a scenario in which somebody is given less than its bonds and the jobs it pays for need. */
export async function checkMeans(scenario: Scenario, pricesOf: Prices): Promise<void> {
  const { players, bonds, delegations } = scenario;
  for (const [name, { octo: given }] of Object.entries(players)) {
    let needed = hiresOf(scenario, name);
    needed += delegations.filter(({ player }) => player === name).reduce((sum, { amount }) => sum + amount, 0n);
    for (const { role, times } of bonds.filter(({ player }) => player === name)) {
      const prices = await pricesOf(role);
      needed += (prices.octo + prices.roleTokens) * BigInt(times);
    }
    if (given >= needed) continue;
    throw new Failure(
      `"${name}" is given ${octo(given)} OCTO, but its bonds, delegations and jobs need ${octo(needed)}.`,
      "Give it more, or ask less of it.",
    );
  }
}
