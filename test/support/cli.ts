import { type ChildProcess, spawn } from "node:child_process";
import path from "node:path";

const ROOT = path.resolve(import.meta.dirname, "../..");
const HARDHAT = path.join(ROOT, "node_modules/hardhat/dist/src/cli.js");

type Environment = Record<string, string>;

/** Starts `hardhat octo ...` as a user does, in a process of its own. */
export function start(args: string[], environment: Environment = {}): ChildProcess {
  return spawn(process.execPath, [HARDHAT, "octo", ...args], {
    cwd: ROOT,
    env: { ...process.env, ...environment, NO_COLOR: "1", HARDHAT_NO_TYPECHAIN: "true" },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

/** Runs `hardhat octo ...` to its end. */
export async function run(args: string[], environment: Environment = {}): Promise<{ code: number; output: string }> {
  const child = start(args, environment);
  let output = "";
  child.stdout!.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr!.on("data", (chunk: Buffer) => (output += chunk.toString()));
  return new Promise((resolve) => child.on("close", (code) => resolve({ code: code ?? 1, output })));
}

/** Waits until a started command has printed a text; fails with what it printed when it ends before. */
export function printed(child: ChildProcess, text: string): Promise<string> {
  let output = "";
  return new Promise((resolve, reject) => {
    const read = (chunk: Buffer) => {
      output += chunk.toString();
      if (output.includes(text)) resolve(output);
    };
    child.stdout!.on("data", read);
    child.stderr!.on("data", read);
    child.on("close", (code) => reject(new Error(`ended with ${code} before "${text}":\n${output}`)));
  });
}
