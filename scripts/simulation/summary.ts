import pc from "picocolors";

import { ROLES } from "../../deploy/roles.ts";
import { inMillions, rate, thousands } from "../lib/amounts.ts";
import { heading, table, verdict } from "../lib/print.ts";
import type { Series } from "./series.ts";
import type { Verdict } from "./verdicts.ts";

/** Prints how a run ended. */
export function summarise(series: Series, verdicts: readonly Verdict[], files: readonly string[]): void {
  heading(`OCTO after ${series.rows.length} epochs (millions)`);
  console.log(octoTable(series));
  heading("Role tokens (millions; rates in OCTO)");
  console.log(roleTable(series));
  heading("Who gained and who lost (million OCTO)");
  console.log(gainTable(series));
  heading("What was to be shown");
  for (const { text, holds } of verdicts) console.log(verdict(holds, text));
  console.log(pc.dim(`  Over ${workOf(series)}.`));
  console.log(pc.dim(`\nWritten: ${files.join(", ")}`));
}

/** How much was played. */
export function workOf({ transactions, settlements, swaps }: Series): string {
  const [sent, settled, swapped] = [transactions, settlements, swaps].map((count) => thousands(BigInt(count)));
  return `${sent} transactions, ${settled} settlements, and ${swapped} purchases and sales`;
}

function octoTable(series: Series): string {
  const { supply, everMinted, mintedFromBudget, budgetOpened, committed, totals } = series.rows.at(-1)!;
  const rows = table(["", "OCTO"], 1);
  const figures: [string, bigint][] = [
    ["there is", supply],
    ["ever minted", everMinted],
    ["mint budget opened", budgetOpened],
    ["of which earmarked or minted", committed],
    ["of which minted", mintedFromBudget],
    ["burned", totals.burned],
    ["of which exit fees", totals.exitFees],
    ["settled", totals.settled],
    ["to the treasury", totals.treasury],
  ];
  for (const [what, amount] of figures) rows.push([what, inMillions(amount)]);
  return rows.toString();
}

function roleTable(series: Series): string {
  const rows = table(["token", "supply", "reserve", "coverage", "bid", "ask", "settled", "minted for work"], 1);
  const { roles } = series.rows.at(-1)!;
  for (const { letter, symbol } of ROLES) {
    const { supply, held, earmarked, coverage, bid, ask } = roles[letter];
    const sum = (of: "volume" | "minted") => series.rows.reduce((total, row) => total + row.roles[letter][of], 0n);
    rows.push([
      symbol,
      ...[supply, held + earmarked].map((amount) => inMillions(amount, 2)),
      ...[coverage, bid, ask].map((each) => rate(each)),
      inMillions(sum("volume")),
      inMillions(sum("minted"), 2),
    ]);
  }
  return rows.toString();
}

function gainTable(series: Series): string {
  const { washTrader, whale, arbitrageur } = series.rows.at(-1)!;
  const rows = table(["who", "put in", "has", "gain"], 1);
  for (const [who, { putIn, holds, result }] of Object.entries({ washTrader, whale, arbitrageur })) {
    const name = who === "washTrader" ? "wash-trader" : who;
    rows.push([name, ...[putIn, holds, result].map((amount) => inMillions(amount, 3))]);
  }
  return rows.toString();
}
