// Packs the bindings as npm would publish them and uses them from an empty project: type-checked, then run.
// The two packages that the project installs are those that this one is built with.

import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { readJson, ROOT, runOrThrow } from "./support.ts";

interface Manifest {
  name: string;
  devDependencies: { ethers: string; typescript: string };
}

const { name, devDependencies } = readJson<Manifest>(path.join(ROOT, "package.json"));

const CONSUMER = `
import { IWholeJobMarket__factory, type IWholeJobMarket } from "${name}";
import { ZeroAddress } from "ethers";

const market: IWholeJobMarket = IWholeJobMarket__factory.connect(ZeroAddress);
const selector: string = market.interface.getFunction("hire").selector;
if (!/^0x[0-9a-f]{8}$/.test(selector)) throw new Error(selector);
console.log("hire", selector);
`;

const TSCONFIG = {
  compilerOptions: { target: "es2023", module: "node20", moduleResolution: "node16", strict: true, outDir: "out" },
  files: ["consumer.ts"],
};

const folder = mkdtempSync(path.join(tmpdir(), `${name}-`));
try {
  const project = path.join(folder, "project");
  mkdirSync(project);
  await runOrThrow("npm", ["pack", "--pack-destination", folder]);
  const tarball = readdirSync(folder).find((file) => file.endsWith(".tgz"));
  if (tarball === undefined) throw new Error("npm pack made no tarball");

  writeFileSync(path.join(project, "package.json"), JSON.stringify({ private: true, type: "module" }));
  writeFileSync(path.join(project, "tsconfig.json"), JSON.stringify(TSCONFIG));
  writeFileSync(path.join(project, "consumer.ts"), CONSUMER);
  const { ethers, typescript } = devDependencies;
  const packages = [path.join(folder, tarball), `ethers@${ethers}`, `typescript@${typescript}`];
  await runOrThrow("npm", ["install", "--prefer-offline", "--no-audit", "--no-fund", ...packages], project);
  await runOrThrow("npx", ["--no-install", "tsc"], project);
  console.log((await runOrThrow("node", ["out/consumer.js"], project)).trim());
} finally {
  rmSync(folder, { recursive: true, force: true });
}
