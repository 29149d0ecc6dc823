// Runs solc's model checker on one property, with z3 as its solver.

import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

import solc from "solc";

import { type CompilerMessage, ROOT } from "../checks/support.ts";
import { Failure } from "../lib/failure.ts";

/** What a property says of itself. */
export interface Property {
  id: string;
  statement: string;
  library: string;
}

interface Contract {
  userdoc: { notice?: string };
  devdoc: { "custom:library"?: string };
}

interface Output {
  errors?: CompilerMessage[];
  contracts?: Record<string, Record<string, Contract>>;
}

// Tried one after the other until one decides. What bounds them are steps, not seconds: a slow machine proves what a fast
// one does.
const ATTEMPTS = [["rlimit=1000000"], ["rlimit=3000000"], ["rlimit=1000000", "smt.random_seed=1"]];

const MATH = "@openzeppelin/contracts/utils/math/Math.sol";
const READABLE_MATH = "proofs/support/Math.sol";

const require = createRequire(import.meta.url);

/** Fails with the remedy if there is no z3. */
export function requireSolver(): void {
  if (spawnSync("z3", ["--version"]).error === undefined) return;
  throw new Failure(
    "The solver z3 is not installed.",
    "Install it with `apt-get install z3` and run the command again.",
  );
}

/** Tries to prove one file of proofs/. */
export function check(file: string): { property: Property; messages: CompilerMessage[] } {
  const id = path.basename(file, ".sol");
  const output = JSON.parse(solc.compile(inputOf(file, id), { import: read, smtSolver: solve })) as Output;
  const messages = output.errors ?? [];
  const error = messages.find(({ severity }) => severity === "error");
  if (error !== undefined) throw new Error(error.formattedMessage ?? error.message);

  const contract = output.contracts?.[file]?.[id];
  const [statement, library] = [contract?.userdoc.notice, contract?.devdoc["custom:library"]];
  if (statement === undefined || library === undefined) {
    throw new Error(`${file} has no contract ${id} with a @notice and a @custom:library`);
  }
  return { property: { id, statement, library }, messages };
}

function inputOf(file: string, id: string): string {
  return JSON.stringify({
    language: "Solidity",
    sources: { [file]: { content: readFileSync(path.join(ROOT, file), "utf8") } },
    settings: {
      outputSelection: { "*": { [id]: ["userdoc", "devdoc"] } },
      modelChecker: {
        engine: "bmc", // the only one that looks into called functions as they are: exact, where there is no loop
        contracts: { [file]: [id] },
        solvers: ["smtlib2"],
        targets: ["assert", "overflow", "underflow", "divByZero"],
        showProvedSafe: true,
        showUnproved: true,
        showUnsupported: true,
        timeout: 0, // what bounds the solver are its steps
      },
    },
  });
}

function read(name: string): { contents: string } | { error: string } {
  try {
    const file = name.startsWith("@") && name !== MATH ? require.resolve(name) : path.join(ROOT, nameOf(name));
    return { contents: readFileSync(file, "utf8") };
  } catch (error) {
    return { error: String(error) };
  }
}

const nameOf = (name: string): string => (name === MATH ? READABLE_MATH : name);

function solve(query: string): { contents: string } {
  let answer = "";
  for (const options of ATTEMPTS) {
    answer = ask(query, options);
    if (!answer.startsWith("unknown")) break;
  }
  return { contents: answer };
}

function ask(query: string, options: readonly string[]): string {
  const { stdout, error } = spawnSync("z3", ["-smt2", "-in", ...options], {
    input: query,
    encoding: "utf8",
    maxBuffer: 2 ** 28,
  });
  if (error !== undefined) throw error;
  return stdout;
}
