// Runs everything that must hold before a commit, one after the other, and shows the output of what failed.

import { run, type Outcome } from "./support.ts";
import { type Result, summarize, withoutPassed } from "./summary.ts";

type Gate = [name: string, command: string, ...args: string[]];

const GATES: Gate[] = [
  ["tests", "npm", "test"],
  ["format", "prettier", "--check", "."],
  ["lint", "npm", "run", "lint"],
  ["types", "tsc", "--noEmit"],
  ["compiler warnings", "node", "scripts/checks/warnings.ts"],
  ["contract sizes", "node", "scripts/checks/sizes.ts"],
  ["snapshots", "node", "scripts/checks/snapshots.ts"],
  ["gas figures", "hardhat", "octo", "gas", "--check"],
  ["bindings", "node", "scripts/checks/typechain.ts"],
  ["coverage", "node", "scripts/checks/coverage.ts"],
  ["proofs", "node", "scripts/prove/index.ts"],
  ["deep properties", "npm", "run", "test:deep"],
  ["packed bindings", "node", "scripts/checks/package.ts"],
];

// A build rewrites typechain-types/. Without this, the tests would repair stale bindings before their gate sees them.
const ENVIRONMENT = { HARDHAT_NO_TYPECHAIN: "true" };

async function runGate([name, command, ...args]: Gate): Promise<Outcome> {
  const started = Date.now();
  const seconds = () => `${Math.round((Date.now() - started) / 1000)} s`;
  console.log(`${name} ...`);
  const ticker = setInterval(() => console.log(`${name} ... ${seconds()}`), 10_000);
  try {
    const outcome = await run(command, args, undefined, ENVIRONMENT);
    console.log(`${name}: ${outcome.code === 0 ? "passed" : "FAILED"} (${seconds()})`);
    return outcome;
  } finally {
    clearInterval(ticker);
  }
}

const results: Result[] = [];
for (const gate of GATES) {
  const { code, output } = await runGate(gate);
  if (code !== 0) console.log(withoutPassed(output));
  results.push({ name: gate[0], passed: code === 0 });
}

const { line, exitCode } = summarize(results);
const failed = results.filter((result) => !result.passed);
if (failed.length > 0) console.log(`\nfailed: ${failed.map((result) => result.name).join(", ")}`);
console.log(line);
process.exitCode = exitCode;
