// What the checks share: where the project is, how to run a command, and what the last build compiled.

import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

import type { JsonFragment } from "ethers";

export const ROOT = path.resolve(import.meta.dirname, "../..");

export interface Outcome {
  code: number;
  output: string;
}

/** Runs a command and captures what it prints. Commands of the project's own packages are found by name. */
export function run(command: string, args: string[], cwd = ROOT, env: NodeJS.ProcessEnv = {}): Promise<Outcome> {
  const bin = path.join(ROOT, "node_modules", ".bin");
  const searchPath = `${bin}${path.delimiter}${process.env["PATH"] ?? ""}`;
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, PATH: searchPath, ...env },
    // No input: a command that asks a question must fail, not wait.
    stdio: ["ignore", "pipe", "pipe"],
    shell: process.platform === "win32",
  });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => (output += chunk));
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => (output += chunk));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code: code ?? 1, output }));
  });
}

/** Like `run`, for a command without which the caller cannot go on. */
export async function runOrThrow(command: string, args: string[], cwd = ROOT): Promise<string> {
  const { code, output } = await run(command, args, cwd);
  if (code !== 0) throw new Error(`${command} ${args.join(" ")} failed\n${output}`);
  return output;
}

export function readJson<T>(file: string): T {
  return JSON.parse(readFileSync(file, "utf8")) as T;
}

/** Every file below a folder, as sorted paths relative to it, with forward slashes. Empty if there is no such folder. */
export function filesBelow(folder: string): string[] {
  let entries;
  try {
    entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  } catch {
    return [];
  }
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).split(path.sep).join("/"))
    .sort();
}

/** One file of artifacts/contracts. */
interface Artifact {
  contractName: string;
  sourceName: string;
  inputSourceName: string;
  buildInfoId: string;
  abi: JsonFragment[];
  bytecode: string;
  deployedBytecode: string;
}

interface ContractNode {
  nodeType: string;
  name?: string;
  contractKind?: string;
  abstract?: boolean;
}

export interface CompilerMessage {
  severity: string;
  formattedMessage?: string;
  message: string;
  errorCode?: string;
  sourceLocation?: { file: string };
}

export interface BuildInfoOutput {
  output: { errors?: CompilerMessage[]; sources: Record<string, { ast: { nodes: ContractNode[] } }> };
}

export const BUILD_INFO = path.join(ROOT, "artifacts", "build-info");

/** Compiles what changed; the bindings stay as they are, so that their own check sees the committed ones. */
export async function build(): Promise<void> {
  await runOrThrow("hardhat", ["--no-typechain", "build"]);
}

/** Our contracts that can be deployed: no interface, no library, nothing abstract, nothing of test/. */
export function concreteContracts(): Artifact[] {
  const folder = path.join(ROOT, "artifacts", "contracts");
  const outputs = new Map<string, BuildInfoOutput>();
  const concrete = new Map<string, Artifact>();
  for (const file of filesBelow(folder)) {
    if (!file.endsWith(".json")) continue;
    const artifact = readJson<Artifact>(path.join(folder, file));
    const id = artifact.buildInfoId;
    const info = outputs.get(id) ?? readJson<BuildInfoOutput>(path.join(BUILD_INFO, `${id}.output.json`));
    outputs.set(id, info);
    const nodes = info.output.sources[artifact.inputSourceName]?.ast.nodes ?? [];
    const node = nodes.find((n) => n.nodeType === "ContractDefinition" && n.name === artifact.contractName);
    if (node?.contractKind !== "contract" || node.abstract === true) continue;
    // Snapshots and bindings are filed by name alone.
    if (concrete.has(artifact.contractName)) throw new Error(`two contracts are called ${artifact.contractName}`);
    concrete.set(artifact.contractName, artifact);
  }
  return [...concrete.values()].sort((a, b) => (a.contractName < b.contractName ? -1 : 1));
}
