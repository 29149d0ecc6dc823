import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";

import { AgentProcess } from "../../scripts/agents/process.ts";
import { plainManifest } from "../../scripts/agents/manifest.ts";
import { addressFile } from "../../scripts/lib/addresses.ts";
import { until } from "../../scripts/lib/until.ts";
import { run } from "../support/cli.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
const TASK = { handler: "extract", input: { document: "The escrow waits. Nobody asks.", words: ["escrow"] } };
const [CLIENT, AGENT, BYSTANDER] = ["10", "11", "12"];

/** The market's commands as a user types them, against the node that runs. */
export function commandsOnTheNode(): void {
  describe("npx hardhat octo agent and job", function () {
    this.timeout(240_000);
    const folder = mkdtempSync(path.join(tmpdir(), "commands-"));
    const manifest = plainManifest("searcher", "search", "12.5", 3_600n);
    const files = { manifest: path.join(folder, "manifest.json"), task: path.join(folder, "task.json") };
    const lines: string[] = [];
    let agent: AgentProcess;
    let jobId = "";

    before(() => {
      writeFileSync(files.manifest, JSON.stringify(manifest));
      writeFileSync(files.task, JSON.stringify(TASK));
      const addresses = path.join(ROOT, addressFile("node"));
      const config = { addresses, account: Number(AGENT), handlers: ["extract"], pollMs: 50 };
      agent = new AgentProcess(path.join(folder, "agent"), manifest, config, (line) => lines.push(line));
    });

    after(async () => {
      await agent.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    /** What a command prints, which must end well. */
    async function said(...args: string[]): Promise<string> {
      const { code, output } = await run(args);
      expect(code, output).to.equal(0);
      return output;
    }

    /** What a command that cannot be done says. */
    async function refused(...args: string[]): Promise<string> {
      const { code, output } = await run(args);
      expect(code, output).to.equal(1);
      return output;
    }

    it("bond an account, publish an agent and list it", async () => {
      expect(await said("agent", "list")).to.contain("No agent is published.");
      expect(await said("agent", "bond", "--account", AGENT)).to.contain("is active in D");
      const uri = `${await agent.start()}/registration.json`;
      const published = await said("agent", "publish", files.manifest, "--uri", uri, "--account", AGENT);
      expect(published).to.contain("agent 1 offers a job for 12.5 OCTO");
      expect(await said("agent", "list", "--capability", "search")).to.match(/│ 1 +│ searcher +│ search +│.*12\.5/);
      expect(await said("agent", "list", "--capability", "law")).to.contain('No agent offers "law".');
    });

    it("hire it, and show the job, its tree and its result", async () => {
      const hired = await said("job", "hire", "1", files.task, "--account", CLIENT);
      jobId = /Job (\d+): agent 1 works for 12\.5 OCTO/.exec(hired)![1]!;
      await until("the agent submits", () => lines.find((line) => line.includes(`job ${jobId} is submitted`)));
      expect(await said("job", "show", jobId)).to.match(/status +│ Submitted/);
      expect(await said("job", "tree", jobId)).to.contain(`job ${jobId}  Submitted  12.5 OCTO  agent 1`);
      expect(await said("job", "list")).to.match(new RegExp(`│ ${jobId} +│ Submitted`));
      expect(await said("job", "result", jobId, "--account", CLIENT)).to.contain('"sentences":["The escrow waits."]');
      expect(await refused("job", "result", jobId, "--account", BYSTANDER)).to.contain("is not the client of a job");
    });

    it("say in the contracts' words why a step is refused", async () => {
      const early = await refused("job", "release", jobId, "--account", BYSTANDER);
      expect(early).to.match(/The contracts refuse that: JobMarketReviewNotEnded, jobId \d+, reviewEndsAt \d+/);
      expect(await refused("job", "complete", jobId, "--account", BYSTANDER)).to.contain("JobMarketWrongCaller");
      expect(await refused("job", "advance", jobId)).to.contain("Nothing is due about job");
    });

    it("complete it and rate it", async () => {
      expect(await said("job", "complete", jobId, "--account", CLIENT)).to.contain("is accepted and paid");
      expect(await said("job", "rate", jobId, "90", "--account", CLIENT)).to.contain("is rated 90");
      expect(await said("job", "show", jobId)).to.contain("It is over.");
    });

    it("submit a file by hand, dispute it, show evidence and where it stands", async () => {
      await agent.stop();
      const hired = await said("job", "hire", "1", files.task, "--account", CLIENT);
      expect(hired).to.contain("The task is not delivered yet");
      const disputed = /Job (\d+)/.exec(hired)![1]!;
      expect(await said("job", "submit", disputed, files.task, "--account", AGENT)).to.contain("is submitted");
      const opened = await said(
        "job",
        "dispute",
        disputed,
        "--claim",
        "not this",
        "--freeze",
        "yes",
        "--account",
        CLIENT,
      );
      expect(opened).to.contain("50 OCTO a side are at stake");
      await said("job", "evidence", disputed, "ipfs://evidence", "--account", AGENT);
      expect(await said("job", "show", disputed)).to.match(/Dispute: open, opened by 0x\w+, 50 OCTO a side/);
    });

    it("name what is wrong with what was typed", async () => {
      expect(await refused("job", "show", "99")).to.contain("There is no job 99; the last is");
      expect(await refused("job", "hire", "7", files.task)).to.contain("Agent 7 is not published.");
      expect(await refused("job", "hire", "one", files.task)).to.contain('"one" is no agent number');
      expect(await refused("agent", "list", "--account", "999")).to.contain('"999" is none of the');
      expect(await refused("job", "hire", "1", files.task, "--pay", "shells")).to.contain('"shells" is no way to pay.');
      const nowhere = path.join(folder, "nowhere.json");
      expect(await refused("job", "hire", "1", nowhere)).to.contain("There is no task");
      expect(readFileSync(files.task, "utf8")).to.equal(JSON.stringify(TASK));
    });
  });
}
