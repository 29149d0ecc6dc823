import { readFileSync } from "node:fs";
import path from "node:path";

import { expect } from "chai";
import { Interface, type InterfaceAbi } from "ethers";

import * as bindings from "../../typechain-types/index.js";

const DOCUMENT = readFileSync(path.resolve(import.meta.dirname, "../../docs/errors.md"), "utf8");

// OpenZeppelin's own contracts, which are deployed as they are and documented there.
const FOREIGN = ["AccessManager__factory", "ERC1967Proxy__factory"];

/** Every error of our contracts and of what they inherit, as `Name(argument, argument)`. */
function compiled(): string[] {
  const errors = new Set<string>();
  for (const [name, factory] of Object.entries(bindings as Record<string, unknown>)) {
    if (!name.endsWith("__factory") || FOREIGN.includes(name)) continue;
    Interface.from((factory as { abi: InterfaceAbi }).abi).forEachError(({ name: error, inputs }) =>
      errors.add(`${error}(${inputs.map((input) => input.name).join(", ")})`),
    );
  }
  return [...errors].sort();
}

const rows = [...DOCUMENT.matchAll(/^\| `(\w+\([^`]*\))` +\| ([^|]+?) +\| ([^|]+?) +\|$/gm)].map(([, error]) => error!);

describe("docs/errors.md", () => {
  it("lists every error of the compiled contracts with its arguments, and no other", () => {
    expect([...rows].sort()).to.deep.equal(compiled());
  });

  it("gives each a cause and a remedy", () => {
    const named = DOCUMENT.match(/^\| `/gm) ?? [];
    expect(rows.length).to.equal(named.length);
  });
});
