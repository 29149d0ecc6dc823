// Fails if a contract of ours is too large to be deployed; prints all sizes, largest first.

import Table from "cli-table3";

import { build, concreteContracts } from "./support.ts";

const MAX_RUNTIME = 24_576; // EIP-170
const MAX_INIT = 49_152; // EIP-3860, which counts the constructor's arguments too: leave some room

await build();

const byteLength = (hex: string): number => (hex.length - 2) / 2;
const sizes = concreteContracts()
  .map(({ contractName, deployedBytecode, bytecode }) => ({
    name: contractName,
    runtime: byteLength(deployedBytecode),
    init: byteLength(bytecode),
  }))
  .sort((a, b) => b.runtime - a.runtime);

const table = new Table({
  head: ["contract", "runtime", "left", "init code", "left"],
  colAligns: ["left", "right", "right", "right", "right"],
  style: { head: [], border: [] },
});
for (const { name, runtime, init } of sizes) {
  table.push([name, runtime, MAX_RUNTIME - runtime, init, MAX_INIT - init]);
}
console.log(table.toString());

const tooLarge = sizes.filter(({ runtime, init }) => runtime > MAX_RUNTIME || init > MAX_INIT);
if (tooLarge.length > 0) {
  console.error(`too large to deploy: ${tooLarge.map(({ name }) => name).join(", ")}`);
  process.exitCode = 1;
}
