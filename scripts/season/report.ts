import pc from "picocolors";

import { ROLES, roleId } from "../../deploy/roles.ts";
import { octo, signed, thousands } from "../lib/amounts.ts";
import { heading, table, verdict } from "../lib/print.ts";
import type { Check, Ledger } from "./ledger.ts";
import type { PlayedJob, Stage } from "./stage.ts";

const LEGS = ["provider", "orchestrator", "treasury", "burn", "voters"] as const;

/** Prints what happened to every wei. */
export async function report(stage: Stage, before: Ledger, after: Ledger, checks: Check[]): Promise<void> {
  heading("Where each fee went (OCTO)");
  console.log(feeTable(stage.jobs));
  console.log(pc.dim("  As long as there is no Assembly, the voters' part is burned with the burn."));
  heading("What the work minted");
  console.log(await mintTable(stage));
  heading("OCTO before and after");
  console.log(balanceTable(before, after));
  heading("Gas by step");
  console.log(gasTable(stage));
  heading("The books");
  for (const check of checks) console.log(line(check));
}

function feeTable(jobs: PlayedJob[]): string {
  const rows = table(["job", "outcome", "budget", ...LEGS], 2);
  for (const { id, budget, outcome, split } of jobs) {
    rows.push([id, outcome, octo(budget), ...LEGS.map((leg) => (split === undefined ? "" : octo(split[leg])))]);
  }
  const settled = jobs.filter(({ split }) => split !== undefined);
  const total = (of: (job: PlayedJob) => bigint) => octo(settled.reduce((sum, job) => sum + of(job), 0n));
  rows.push(["", "settled", total(({ budget }) => budget), ...LEGS.map((leg) => total(({ split }) => split![leg]))]);
  return rows.toString();
}

async function mintTable({ system }: Stage): Promise<string> {
  const rows = table(["token", "supply", "held for it", "earmarked for it", "settled volume"], 1);
  for (const { letter, symbol } of ROLES) {
    const supply = await system.roleTokens[letter].totalSupply();
    if (supply === 0n) continue;
    const earmarked = await system.settlement.earmarkOf(roleId(letter));
    const volume = await settledEver(system, roleId(letter));
    const held = await system.engine.heldOf(roleId(letter));
    rows.push([symbol, octo(supply), octo(held), octo(earmarked), octo(volume)]);
  }
  return rows.toString();
}

async function settledEver({ settlement }: Stage["system"], role: bigint): Promise<bigint> {
  let sum = 0n;
  for (let epoch = await settlement.currentEpoch(); epoch >= 0n; --epoch) {
    sum += await settlement.volumeOf(role, epoch);
  }
  return sum;
}

function balanceTable(before: Ledger, after: Ledger): string {
  const rows = table(["holder", "before", "after", "change"], 1);
  for (const [name, balance] of after.balances) {
    const earlier = before.balances.get(name)!;
    rows.push([name, octo(earlier), octo(balance), signed(balance - earlier)]);
  }
  rows.push(["all OCTO", octo(before.supply), octo(after.supply), signed(after.supply - before.supply)]);
  return rows.toString();
}

function gasTable({ steps }: Stage): string {
  const rows = table(["act", "step", "gas"], 2);
  for (const { act, what, gas } of steps) rows.push([act, what, thousands(gas)]);
  const total = steps.reduce((sum, { gas }) => sum + gas, 0n);
  const count = steps.reduce((sum, { transactions }) => sum + transactions, 0);
  rows.push(["", `${count} transactions`, thousands(total)]);
  return rows.toString();
}

function line({ what, left, right }: Check): string {
  const holds = left === right;
  return verdict(holds, `${what}: ${octo(left)}${holds ? "" : ` is not ${octo(right)}`}`);
}
