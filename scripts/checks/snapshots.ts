// Keeps the storage layout and the ABI of every concrete contract as files to review: a change of either can break a
// proxy or a client, so it must be seen in the diff.
//
//   snapshots.ts           fails if a committed snapshot differs from what is compiled
//   snapshots.ts --write   writes them

import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

import type { StorageItem, StorageLayout, TypeItem, ValidationDataCurrent } from "@openzeppelin/upgrades-core";
import { Interface } from "ethers";

import { build, concreteContracts, filesBelow, readJson, ROOT } from "./support.ts";

// Only these two: other snapshots (gas) have their own writers.
const FOLDERS = ["storage-layout", "abi"];
const SNAPSHOTS = path.join(ROOT, "snapshots");

/** A variable or struct member, without the compiler's numbering of types, which changes with every build. */
function describeItem(item: Pick<StorageItem, "label" | "type" | "slot" | "offset">, types: StorageLayout["types"]) {
  const type = types[item.type];
  return { label: item.label, type: type?.label, slot: item.slot, offset: item.offset, bytes: type?.numberOfBytes };
}

/** What a type consists of: members of a struct or an enum, or what a value type wraps. Plain types need no entry. */
function describeType(type: TypeItem, types: StorageLayout["types"]) {
  if (type.underlying !== undefined) return types[type.underlying]?.label ?? type.underlying.replace(/^t_/, "");
  return type.members?.map((member) => (typeof member === "string" ? member : describeItem(member, types)));
}

function describeLayout({ storage, namespaces = {}, types }: StorageLayout) {
  const items = (list: StorageItem[]) =>
    list.map((item) => ({ contract: item.contract, ...describeItem(item, types) }));
  const composite = new Map<string, unknown>();
  for (const type of Object.values(types)) {
    const description = describeType(type, types);
    if (description === undefined) continue;
    const known = composite.get(type.label);
    if (known !== undefined && JSON.stringify(known) !== JSON.stringify(description))
      throw new Error(
        `two different types are called "${type.label}": rename one, the snapshot cannot tell them apart`,
      );
    composite.set(type.label, description);
  }
  const byName = <T>(entries: Iterable<[string, T]>) =>
    Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : 1)));
  return {
    storage: items(storage),
    namespaces: byName(Object.entries(namespaces).map(([name, list]) => [name, items(list)])),
    types: byName(composite),
  };
}

/** The layouts that the upgrades plugin extracted during the build: unlike the compiler's, they hold the namespaces. */
function compiledLayouts(): (contract: string) => StorageLayout {
  const { log } = readJson<ValidationDataCurrent>(path.join(ROOT, "cache", "validations.json"));
  return (contract) => {
    // The newest run comes first.
    const layout = log.find((run) => run[contract] !== undefined)?.[contract]?.layout;
    if (layout === undefined) throw new Error(`no layout of ${contract}: run npx hardhat build --force`);
    return layout;
  };
}

async function freshSnapshots(): Promise<Map<string, string>> {
  await build();
  const layoutOf = compiledLayouts();
  const files = new Map<string, string>();
  for (const { contractName, inputSourceName, abi } of concreteContracts()) {
    const layout = describeLayout(layoutOf(`${inputSourceName}:${contractName}`));
    const fragments = Interface.from(abi).format().sort();
    files.set(`storage-layout/${contractName}.json`, `${JSON.stringify(layout, null, 2)}\n`);
    files.set(`abi/${contractName}.json`, `${JSON.stringify(fragments, null, 2)}\n`);
  }
  return files;
}

const fresh = await freshSnapshots();
const committed = FOLDERS.flatMap((folder) =>
  filesBelow(path.join(SNAPSHOTS, folder)).map((file) => `${folder}/${file}`),
);

if (process.argv.includes("--write")) {
  // Written over one by one: a snapshot of a contract that is gone is removed.
  for (const file of committed) if (!fresh.has(file)) rmSync(path.join(SNAPSHOTS, file));
  for (const folder of FOLDERS) mkdirSync(path.join(SNAPSHOTS, folder), { recursive: true });
  for (const [file, content] of fresh) writeFileSync(path.join(SNAPSHOTS, file), content);
  console.log(`${fresh.size} snapshots written`);
} else {
  const differing = [...new Set([...committed, ...fresh.keys()])].filter(
    (file) => !committed.includes(file) || readFileSync(path.join(SNAPSHOTS, file), "utf8") !== fresh.get(file),
  );
  for (const file of differing) console.error(`snapshots/${file} differs from what is compiled`);
  if (differing.length > 0) {
    console.error("run npm run snapshots and explain the change in the commit");
    process.exitCode = 1;
  }
}
