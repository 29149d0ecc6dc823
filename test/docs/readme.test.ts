import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

import { expect } from "chai";
import { JsonRpcProvider } from "ethers";

import { readSite } from "../../scripts/lib/addresses.ts";
import { IWholeJobMarket__factory } from "../../typechain-types/index.js";
import { printed, start } from "../support/cli.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
const FOLDER = path.join(ROOT, "cache/readme");
/** Of a node of its own: other tests may run one, too. */
const ADDRESSES = path.join(FOLDER, "node.json");
const MARK = "<!-- example: run by test/docs/readme.test.ts -->";

/** The example, with the package and the copied file where they lie in this repository. */
function example(): string {
  const readme = readFileSync(path.join(ROOT, "README.md"), "utf8");
  const code = /```ts\n([^]*?)```/.exec(readme.slice(readme.indexOf(MARK)))![1]!;
  return code
    .replace(`"cipherocto-contracts"`, JSON.stringify(pathToFileURL(path.join(ROOT, "typechain-types/index.ts")).href))
    .replace(`"node.json"`, JSON.stringify(ADDRESSES));
}

describe("the example of README.md", () => {
  let node: ChildProcess;

  before(async () => {
    node = start(["node", "--port", "0", "--addresses", ADDRESSES]);
    await printed(node, "Stop with Ctrl+C");
    mkdirSync(FOLDER, { recursive: true });
    writeFileSync(path.join(FOLDER, "hire.ts"), example());
  });

  after(async () => {
    rmSync(FOLDER, { recursive: true, force: true });
    node.kill("SIGTERM");
    await once(node, "close");
  });

  it("hires, submits and pays", async () => {
    await import(pathToFileURL(path.join(FOLDER, "hire.ts")).href);

    const { url, contracts } = readSite(ADDRESSES);
    const provider = new JsonRpcProvider(url);
    const job = await IWholeJobMarket__factory.connect(contracts.jobMarket, provider).getJob(1n);
    provider.destroy();
    expect(job.status).to.equal(3n);
    expect(job.submittedAt).to.be.greaterThan(0n);
  });
});
