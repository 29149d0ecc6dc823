// Proves the laws of the money maths: every file of proofs/ states one. `npm run prove -- P07 P09` tries only those.

import path from "node:path";

import Table from "cli-table3";
import json5 from "json5";
import { readFileSync } from "node:fs";

import { filesBelow, ROOT } from "../checks/support.ts";
import { Failure } from "../lib/failure.ts";
import { guarded } from "../lib/guard.ts";
import { check, type Property, requireSolver } from "./checker.ts";
import { type Expected, judge, type Verdict, verdictOf } from "./judge.ts";

interface Result extends Property {
  verdict: Verdict;
  seconds: number;
}

const FOLDER = "proofs";
const EXPECTED = `${FOLDER}/expected.json5`;

await guarded(async () => {
  requireSolver();
  const ids = filesBelow(path.join(ROOT, FOLDER))
    .filter((file) => /^P[^/]*\.sol$/.test(file))
    .map((file) => path.basename(file, ".sol"));
  const results = chosen(ids, process.argv.slice(2)).map(prove);
  console.log(tableOf(results));

  const expected = json5.parse<Expected>(readFileSync(path.join(ROOT, EXPECTED), "utf8"));
  const { complaints, notes } = judge(new Map(results.map(({ id, verdict }) => [id, verdict])), ids, expected);
  for (const { id } of results) if (id in expected.undecided) console.log(`${id} is open: ${expected.undecided[id]}`);
  for (const note of notes) console.log(note);
  if (complaints.length > 0) throw new Failure(complaints.join("\n  "), `What is expected stands in ${EXPECTED}.`);
  console.log("Every property is what it is expected to be.");
});

function chosen(ids: readonly string[], prefixes: readonly string[]): string[] {
  const unknown = prefixes.find((prefix) => !ids.some((id) => id.startsWith(prefix)));
  if (unknown !== undefined)
    throw new Failure(`No property is called ${unknown}.`, `They are the files of ${FOLDER}/.`);
  return ids.filter((id) => prefixes.length === 0 || prefixes.some((prefix) => id.startsWith(prefix)));
}

function prove(id: string): Result {
  const started = Date.now();
  const { property, messages } = check(`${FOLDER}/${id}.sol`);
  const result = { ...property, verdict: verdictOf(messages), seconds: (Date.now() - started) / 1000 };
  console.log(`${id}: ${result.verdict} (${result.seconds.toFixed(1)} s)`);
  return result;
}

function tableOf(results: readonly Result[]): string {
  const table = new Table({
    head: ["property", "statement", "library", "engine", "seconds", "verdict"],
    colWidths: [null, 60],
    colAligns: ["left", "left", "left", "left", "right", "left"],
    wordWrap: true,
    style: { head: [], border: [] },
  });
  for (const { id, statement, library, seconds, verdict } of results) {
    table.push([id, statement, library, "BMC, z3", seconds.toFixed(1), verdict]);
  }
  return table.toString();
}
