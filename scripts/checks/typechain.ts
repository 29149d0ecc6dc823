// The generated bindings in typechain-types/ are committed. TypeChain itself never removes the file of a contract that
// is gone, so they are always generated into an empty folder.
//
//   typechain.ts           fails if the committed bindings differ from generated ones
//   typechain.ts --write   replaces the committed bindings, once the new ones are complete
//
// Their order in index.ts and hardhat.d.ts follows the order in which the file system lists the artifacts, which is
// another one every time. So they are sorted before they are written or compared.
//
// Contracts below test/ get no bindings: Hardhat leaves out what lies in `paths.tests.solidity`.

import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

import { createHardhatRuntimeEnvironment } from "hardhat/hre";

import userConfig from "../../hardhat.config.ts";
import { filesBelow, ROOT } from "./support.ts";

const COMMITTED = path.join(ROOT, "typechain-types");
const FRESH = path.join(ROOT, "cache", "typechain-types");

/** Sorts every run of neighbouring lines that name one contract each; the general overloads after them stay last. */
function sortContracts(text: string): string {
  const sorted: string[] = [];
  let neighbours: string[] = [];
  for (const line of text.split("\n")) {
    if (/^export .* from '|\(name: '/.test(line)) {
      neighbours.push(line.trim()); // the first of a run is indented, whichever it is
    } else {
      sorted.push(...neighbours.sort(), line);
      neighbours = [];
    }
  }
  return [...sorted, ...neighbours.sort()].join("\n");
}

const read = (folder: string, file: string): string => sortContracts(readFileSync(path.join(folder, file), "utf8"));

rmSync(FRESH, { recursive: true, force: true });
const hre = await createHardhatRuntimeEnvironment(
  { ...userConfig, typechain: { outDir: path.relative(ROOT, FRESH), dontOverrideCompile: false } },
  { config: path.join(ROOT, "hardhat.config.ts"), noTypechain: false },
  ROOT,
);
await hre.tasks.getTask("build").run({ quiet: true });

const generated = filesBelow(FRESH);
if (generated.length === 0) throw new Error("no bindings were generated");

if (process.argv.includes("--write")) {
  for (const file of generated) writeFileSync(path.join(FRESH, file), read(FRESH, file));
  rmSync(COMMITTED, { recursive: true, force: true });
  cpSync(FRESH, COMMITTED, { recursive: true });
  console.log(`${generated.length} files of bindings written`);
} else {
  const committed = filesBelow(COMMITTED);
  const differing = [...new Set([...committed, ...generated])].filter((file) => {
    if (!committed.includes(file) || !generated.includes(file)) return true;
    return read(COMMITTED, file) !== read(FRESH, file);
  });
  for (const file of differing) console.error(`typechain-types/${file} differs from what is generated`);
  if (differing.length > 0) {
    console.error("run npm run build and commit typechain-types");
    process.exitCode = 1;
  }
}
