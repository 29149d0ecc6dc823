// Makes sure that the dependencies are installed, then (optionally) runs one script under the project's own Node.
//
//   node scripts/bootstrap.mjs                          install if needed
//   node scripts/bootstrap.mjs scripts/checks/x.ts ...  the same, then run that script
//
// Hardhat needs Node 22.13 or later, so the project brings its own Node: the npm package `node`, whose binary stands
// first in the PATH of every npm script once it is installed. npm must also *install* under such a Node, because on an
// older one it leaves out the native part of `@nomicfoundation/edr`. Hence this file, which runs on Node 20 and later,
// and may import nothing that would have to be installed.
//
// The second form exists because a shell remembers where it found `node`: in `node bootstrap && node x.ts` the second
// `node` would still be the machine's, on the run that installs. Commands such as `hardhat` are not affected.

import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync, realpathSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const BIN = path.join(ROOT, "node_modules", ".bin");
const WINDOWS = process.platform === "win32";
const LOCAL_NODE = path.join(ROOT, "node_modules", "node", "bin", WINDOWS ? "node.exe" : "node");
const OLDEST_NODE = [22, 13];
const SEMANTIC_VERSION = /^v?(\d+)\.(\d+)\./;

/**
 * @typedef {Record<string, string>} Versions
 * @typedef {{ version?: string, integrity?: string, optional?: boolean, peer?: boolean,
 *   dependencies?: Versions, devDependencies?: Versions }} LockedPackage
 * @typedef {{ packages: Record<string, LockedPackage> }} Lock
 */

/**
 * Why the installed packages are not those of the lock file, or undefined when they are.
 * @param {{ dependencies?: Versions, devDependencies?: Versions }} manifest package.json
 * @param {Lock} lock package-lock.json
 * @param {Lock | undefined} installed node_modules/.package-lock.json, which npm writes last, so a killed install has none
 * @returns {string | undefined}
 */
export function whyIncomplete(manifest, lock, installed) {
  const root = lock.packages[""] ?? {};
  for (const kind of /** @type {const} */ (["dependencies", "devDependencies"])) {
    if (!sameVersions(manifest[kind] ?? {}, root[kind] ?? {})) return "package.json and package-lock.json disagree";
  }
  if (installed === undefined) return "nothing is installed, or an install was interrupted";
  for (const [name, wanted] of Object.entries(lock.packages)) {
    if (name === "") continue;
    const found = installed.packages[name];
    // Packages for other platforms are optional, and rightly absent. That ours is present is seen by loading it.
    if (found === undefined && wanted.optional) continue;
    if (found?.version !== wanted.version || found?.integrity !== wanted.integrity)
      return `${name} is missing or another version`;
  }
  return undefined;
}

/** @param {Versions} a @param {Versions} b */
function sameVersions(a, b) {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
}

/** @param {string} version such as v20.20.2 */
export function canInstall(version) {
  const [, major, minor] = (SEMANTIC_VERSION.exec(version) ?? []).map(Number);
  if (major === undefined || minor === undefined) return false;
  const [oldestMajor = 0, oldestMinor = 0] = OLDEST_NODE;
  return major > oldestMajor || (major === oldestMajor && minor >= oldestMinor);
}

/**
 * What to tell the user about a failed npm, from npm's own output.
 * @param {string} output
 */
export function adviceFor(output) {
  if (
    /\b(ENOTFOUND|EAI_AGAIN|ENETUNREACH|ECONNREFUSED|ETIMEDOUT|ERR_SOCKET_TIMEOUT|ECONNRESET|ENOTCACHED)\b/.test(output)
  )
    return "The package registry cannot be reached. Connect to the network (or set npm's `proxy`), then run the command again.";
  if (/\b(E401|E403|E404|ENEEDAUTH)\b/.test(output))
    return "The package registry refused a package. Check `npm config get registry` and your access to it.";
  if (/in sync|EUSAGE/.test(output))
    return "package-lock.json is out of date. Run `npm install` under Node 22.13 or later and commit the lock file.";
  if (/\b(EACCES|EPERM|EROFS)\b/.test(output))
    return "The project folder cannot be written. Check who owns node_modules.";
  if (/\bENOSPC\b/.test(output)) return "The disk is full.";
  return "Read npm's message above. Removing the folder node_modules and running the command again often helps.";
}

/** A failure whose message is written for the user; anything else that is thrown is a fault in this file. */
class Failure extends Error {}

/** @param {string} file @returns {any} */
function readJson(file) {
  try {
    return JSON.parse(readFileSync(path.join(ROOT, file), "utf8"));
  } catch (error) {
    throw new Failure(`${file} cannot be read: ${error instanceof Error ? error.message : error}`);
  }
}

function readInstalled() {
  const file = path.join("node_modules", ".package-lock.json");
  return existsSync(path.join(ROOT, file)) ? readJson(file) : undefined;
}

/**
 * Why the native packages do not work under the project's Node, or undefined when they do.
 * @param {string} nodeVersion
 */
function whyNotRunnable(nodeVersion) {
  if (!existsSync(LOCAL_NODE)) return "the project's own Node is not in place";
  const script = "require('@nomicfoundation/edr'); console.log(process.versions.node)";
  const probe = spawnSync(LOCAL_NODE, ["-e", script], { cwd: ROOT, encoding: "utf8" });
  if (probe.status !== 0) return "@nomicfoundation/edr does not load under the project's own Node";
  if (probe.stdout.trim() !== nodeVersion)
    return `the project's own Node is ${probe.stdout.trim()}, not ${nodeVersion}`;
  return undefined;
}

function whyInstall() {
  const manifest = readJson("package.json");
  return (
    whyIncomplete(manifest, readJson("package-lock.json"), readInstalled()) ??
    whyNotRunnable(manifest.devDependencies.node)
  );
}

/**
 * Runs npm under the given Node, with a line every two seconds so that nobody takes waiting for hanging.
 * @param {string} node
 * @param {string[]} args
 * @param {{ cwd: string, stage: string }} options
 * @returns {Promise<string>} standard output
 */
function npm(node, args, { cwd, stage }) {
  // Install scripts call plain `node`, so the chosen one must also come first in their PATH.
  /** @type {NodeJS.ProcessEnv} */
  const env = { ...process.env, PATH: `${path.dirname(node)}${path.delimiter}${process.env.PATH}` };
  // npm tells its children which project they belong to; elsewhere than in that project it would be wrong.
  delete env.npm_config_local_prefix;
  const cli = process.env.npm_execpath;
  const ownNpm = cli !== undefined && cli.endsWith("npm-cli.js") && existsSync(cli);
  const child = ownNpm
    ? spawn(node, [cli, ...args], { cwd, env, stdio: ["ignore", "pipe", "pipe"] })
    : spawn("npm", args, { cwd, env, stdio: ["ignore", "pipe", "pipe"], shell: WINDOWS });

  const started = Date.now();
  const elapsed = () => `${Math.round((Date.now() - started) / 1000)} s`;
  console.error(`bootstrap: ${stage} ...`);
  const ticker = setInterval(() => console.error(`bootstrap: ${stage} ... ${elapsed()}`), 2000);
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (chunk) => (stdout += chunk));
  child.stderr.setEncoding("utf8").on("data", (chunk) => (stderr += chunk));

  return new Promise((resolve, reject) => {
    child.on("error", (error) => {
      clearInterval(ticker);
      reject(new Failure(`npm cannot be started (${error.message}). Install npm, or run through \`npm test\`.`));
    });
    child.on("close", (code) => {
      clearInterval(ticker);
      console.error(`bootstrap: ${stage}: ${code === 0 ? "done" : "failed"} after ${elapsed()}`);
      if (code === 0) return resolve(stdout);
      const output = `${stdout}${stderr}`.trim();
      reject(new Failure(`${output}\n\n${adviceFor(output)}`));
    });
  });
}

/** @param {string} nodeVersion of the pinned Node */
async function nodeToInstallWith(nodeVersion) {
  // The project's own Node will not do: installing removes it.
  const running = realpathSync(process.execPath);
  const ours = running.startsWith(realpathSync(ROOT) + path.sep);
  if (!ours && canInstall(process.version)) return process.execPath;
  // In the temporary folder, because inside the project npm is content with a half-installed node_modules/node.
  const args = ["exec", "--yes", `--package=node@${nodeVersion}`, "--", "node", "-p", "process.execPath"];
  const output = await npm(process.execPath, args, { cwd: tmpdir(), stage: `fetching Node ${nodeVersion}` });
  const node = output.trim().split("\n").at(-1) ?? "";
  if (!existsSync(node)) throw new Failure(`npm fetched no Node ${nodeVersion}. Install Node 22.13 or later yourself.`);
  return node;
}

async function bootstrap() {
  const reason = whyInstall();
  if (reason === undefined) return;
  console.error(`bootstrap: installing, because ${reason}`);
  const nodeVersion = readJson("package.json").devDependencies.node;
  const node = await nodeToInstallWith(nodeVersion);
  await npm(node, ["ci", "--include=dev"], { cwd: ROOT, stage: "npm ci" });
  const still = whyInstall();
  if (still !== undefined)
    throw new Failure(
      `npm reported success, but ${still}. If your npm is set to \`ignore-scripts\`, run \`npm ci --ignore-scripts=false\`.`,
    );
}

/** @param {string[]} args a script and its arguments */
function runUnderLocalNode(args) {
  /** @type {NodeJS.ProcessEnv} */
  const env = { ...process.env, PATH: `${BIN}${path.delimiter}${process.env.PATH}` };
  const { status, error } = spawnSync(LOCAL_NODE, args, { cwd: ROOT, env, stdio: "inherit" });
  if (error !== undefined) throw error;
  return status ?? 1;
}

// Imported by a test, this file does nothing.
if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  try {
    await bootstrap();
    const args = process.argv.slice(2);
    if (args.length > 0) process.exitCode = runUnderLocalNode(args);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    console.error(`bootstrap: ${error.message}`);
    process.exitCode = 1;
  }
}
