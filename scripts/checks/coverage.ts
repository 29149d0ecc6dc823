// Runs the tests on instrumented contracts and fails if a folder of contracts/ is covered less than its floor.

import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

import Table from "cli-table3";

import { below, type Covered, coverageByFolder, FLOOR_PERCENT } from "./lcov.ts";
import { withoutPassed } from "./summary.ts";
import { filesBelow, ROOT, run } from "./support.ts";

const REPORT = path.join(ROOT, "coverage", "lcov.info");
// Instrumented code costs more gas and is not what is deployed, so tests of figures, commands and documents say nothing here.
const FOLDERS = ["deployment", "economy", "market", "registry", "shared", "tokens"];

const files = FOLDERS.flatMap((folder) =>
  filesBelow(path.join(ROOT, "test", folder))
    .filter((file) => file.endsWith(".test.ts") && !file.endsWith(".gas.test.ts"))
    .map((file) => `test/${folder}/${file}`),
);
const { code, output } = await run("hardhat", ["test", "mocha", ...files], ROOT, {
  HARDHAT_COVERAGE: "true",
  HARDHAT_NO_TYPECHAIN: "true",
});
if (code !== 0) fail(`the tests failed on instrumented contracts:\n${withoutPassed(output)}`);
else if (!existsSync(REPORT)) fail(`hardhat wrote no ${path.relative(ROOT, REPORT)}`);
else judge(coverageByFolder(readFileSync(REPORT, "utf8")));

function judge(folders: readonly Covered[]): void {
  console.log(tableOf(folders));
  for (const failure of below(folders, FLOOR_PERCENT)) fail(failure);
}

/** Sets the exit code, and lets the process end by itself: a pipe would lose what is still unwritten. */
function fail(reason: string): void {
  console.error(reason);
  process.exitCode = 1;
}

function tableOf(rows: readonly Covered[]): string {
  const table = new Table({
    head: ["folder", "lines", "covered", "percent"],
    colAligns: ["left", "right", "right", "right"],
    style: { head: [], border: [] },
  });
  for (const { folder, lines, covered } of rows) {
    table.push([folder, lines, covered, ((100 * covered) / lines).toFixed(2)]);
  }
  return table.toString();
}
