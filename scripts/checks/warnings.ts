// Fails if the compiler warned about a file of ours. Warnings of packages are not ours to fix.
//
// Hardhat prints a warning only when it compiles the file, but keeps it in artifacts/build-info. So nothing has to be
// compiled again. A build info outlives a part of its files; what it says of a file that has changed since is void.

import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

import { BUILD_INFO, build, type BuildInfoOutput, filesBelow, readJson, ROOT } from "./support.ts";

interface BuildInfo {
  input: { sources: Record<string, { content: string }> };
}

// Hardhat's name for the project's own files in the compiler's input.
const OWN = "project/";

// Code and init code above the chain's limit. The runner of Solidity tests has none, so below test/ Hardhat does not print
// them either; the sizes of what is deployed have a check of their own.
const SIZE_WARNINGS = ["5574", "3860"];

await build();

const warnings = new Set<string>();
for (const file of filesBelow(BUILD_INFO)) {
  if (!file.endsWith(".output.json")) continue;
  const messages = readJson<BuildInfoOutput>(path.join(BUILD_INFO, file)).output.errors ?? [];
  if (messages.length === 0) continue;
  const { sources } = readJson<BuildInfo>(path.join(BUILD_INFO, file.replace(".output.json", ".json"))).input;
  for (const message of messages) {
    const source = message.sourceLocation?.file;
    if (source === undefined || !source.startsWith(OWN)) continue;
    if (source.startsWith(`${OWN}test/`) && SIZE_WARNINGS.includes(message.errorCode ?? "")) continue;
    const onDisk = path.join(ROOT, source.slice(OWN.length));
    if (!existsSync(onDisk) || readFileSync(onDisk, "utf8") !== sources[source]?.content) continue;
    warnings.add((message.formattedMessage ?? message.message).trim());
  }
}

if (warnings.size > 0) {
  console.error([...warnings].join("\n\n"));
  console.error(`\n${warnings.size} compiler warning(s) in our own files`);
  process.exitCode = 1;
}
