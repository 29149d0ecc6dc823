import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";
import JSON5 from "json5";

import { Failure } from "../../scripts/lib/failure.ts";
import { checkMeans, readScenario } from "../../scripts/season/scenario.ts";
import { run } from "../support/cli.ts";

const SCENARIO = path.resolve(import.meta.dirname, "../../scripts/season/scenario.json5");

type Draft = {
  players: Record<string, { account: number; octo: string }>;
  jobs: Record<string, unknown>[];
  bonds: Record<string, unknown>[];
  quarter: { weeks: string[] };
  washTrade: { role: string };
  research: { staff: { handlers: string[] }[] };
};

describe("npm start", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "season-"));
  after(() => rmSync(folder, { recursive: true, force: true }));

  /** Writes the committed scenario with a change. */
  function changed(change: (draft: Draft) => void): string {
    const draft = JSON5.parse<Draft>(readFileSync(SCENARIO, "utf8"));
    change(draft);
    const file = path.join(folder, "scenario.json5");
    writeFileSync(file, JSON.stringify(draft));
    return file;
  }

  /** Why the committed scenario with a change is refused, before anything is deployed. */
  function refusal(change: (draft: Draft) => void): string {
    try {
      readScenario(changed(change));
    } catch (error) {
      if (error instanceof Failure) return error.message;
      throw error;
    }
    return "";
  }

  describe("with the committed scenario", () => {
    let season: { code: number; output: string };
    before(async () => {
      season = await run(["season"]);
    });

    it("ends with exit code 0 and every wei accounted for", () => {
      expect(season.output).to.include("Every wei is accounted for.");
      expect(season.output).not.to.include("✗");
      expect(season.code).to.equal(0);
    });

    it("plays each way to pay and each ending", () => {
      const { output } = season;
      for (const text of [
        "hires by approval",
        "hires by permit",
        "client signed",
        "hires from credit",
        "creates the job",
      ]) {
        expect(output).to.include(text);
      }
      for (const text of ["accepted", "rejected by the evaluator", "client's silence", "provider's silence"]) {
        expect(output).to.include(text);
      }
    });

    it("plays providers, delegators, an exit and both kinds of slashes", () => {
      const { output } = season;
      expect(new Set(output.match(/✓ .* becomes active in [ASBOWDN]/g))).to.have.length(17);
      for (const text of [
        "delegator withdraws its stake",
        "agent developer withdraws both bonds",
        "it costs 10 of its 200 OCTO-B",
        "render farm loses 500 OCTO and 500 OCTO-A",
        "client is made whole with 200 of 200 OCTO",
        "partners wait for four milestones",
        "agent developer sells them for",
      ]) {
        expect(output).to.include(text);
      }
    });

    it("plays a quarter in which the rate follows the demand, up and down", () => {
      const weeks = [
        ...season.output.matchAll(/^│ +(\d+) │ +[\d,]+ │ +([\d.]+) │ +([\d.]+) │ +([\d.]+) │ +([\d.]+) │/gm),
      ].map(([, ...cells]) => cells.map(Number) as [number, number, number, number, number]);
      expect(weeks.map(([week]) => week)).to.deep.equal(Array.from({ length: 13 }, (_, i) => i + 1));
      const policies = weeks.map(([, policy]) => policy);
      expect(Math.max(...policies)).to.be.greaterThan(1.5);
      expect(policies.at(-1)).to.be.lessThan(Math.max(...policies));
      for (const [, policy, coverage, bid, ask] of weeks) {
        expect(bid).to.equal(Math.min(policy, coverage));
        expect(ask).to.be.greaterThan(Math.max(policy, coverage));
      }
    });

    it("plays a wash-trader who loses, and a run in which the last is paid like the first", () => {
      expect(season.output).to.match(/the wash-trader is poorer by [\d,.]+ OCTO/);
      expect(season.output).to.include("third holder finds 0 OCTO left of what this week pays out");
      expect(season.output).to.match(/first and last were paid ([\d.]+) OCTO a token/);
    });

    it("plays processes that hire each other over HTTP, of which one is late and replaced", () => {
      const { output } = season;
      for (const text of [
        /\[research agent\] job 9: hired agent 1 for "search"/,
        /\[legal agent\] job 1[01] is submitted/,
        /penniless search agent has no ether to submit with, and its 60 minutes pass/,
        /\[research agent\] job 9: agent 2 takes over job 1[01], which is late/,
        /research agent's process: takeOver/,
      ]) {
        expect(output).to.match(text);
      }
      expect(output).to.match(/client reads: ".+" and [1-9]\d* obligations/);
    });

    it("plays an agent that pays those it hires out of its own earnings", () => {
      expect(season.output).to.include("now pays them out of the 108.8 OCTO that it has earned");
      expect(season.output.match(/paid from its own earnings/g)).to.have.length(2);
      expect(season.output.match(/research agent's process: hireFromCredit/g)).to.have.length.at.least(2);
    });

    it("plays a dispute that the provider loses, with its slash, and an appeal that fails", () => {
      const { output } = season;
      for (const text of [
        "5 of 7 arbiters vote for the client",
        "the panel gives the provider 0 % of the escrow",
        "careless agent appeals, with 100 OCTO at stake",
        "all 15 arbiters vote for the client",
        "client has 350 OCTO back: the escrow and its bond",
        "careless agent loses 145 of its 1,000 OCTO",
      ]) {
        expect(output).to.include(text);
      }
    });

    it("finds providers by what they offer, best first", () => {
      expect(season.output).to.match(/"hashing", best first:\n.*routing weight/);
    });

    it("has the work done by another process", () => {
      expect(season.output).to.match(/process \d+ returns \{"words":67\}/);
    });
  });

  describe("with a wrong scenario", () => {
    it("names a file that is missing", async () => {
      const { code, output } = await run(["season", "--scenario", "nowhere.json5"]);
      expect(output).to.include("There is no scenario file nowhere.json5.");
      expect(code).to.equal(1);
    });

    it("names the place of a wrong amount", () => {
      expect(refusal(({ jobs }) => (jobs[0]!["budget"] = "-5"))).to.include(
        "jobs.0.budget: must be an amount of OCTO in quotes",
      );
    });

    it("names a field that is unknown", () => {
      expect(refusal(({ jobs }) => (jobs[0]!["price"] = "5"))).to.include('jobs.0: Unrecognized key: "price"');
    });

    it("names a player who is not among the players", () => {
      expect(refusal(({ jobs }) => (jobs[0]!["provider"] = "nobody"))).to.include(
        'names "nobody", who is not among its players',
      );
    });

    it("names a document that is missing", () => {
      expect(refusal(({ jobs }) => (jobs[0]!["document"] = "none.txt"))).to.include("There is no document none.txt.");
    });

    it("names a player who cannot pay for what the scenario asks, before anything is played", async () => {
      const { code, output } = await run([
        "season",
        "--scenario",
        changed(({ players }) => (players["compute provider"]!.octo = "10")),
      ]);
      expect(output).to.include('"compute provider" is given 10 OCTO, but its bonds, delegations and jobs need');
      expect(output).not.to.include("Act 1");
      expect(code).to.equal(1);
    });

    it("names a client who cannot pay for the quarter", async () => {
      const scenario = readScenario(changed(({ quarter }) => (quarter.weeks[0] = "900000")));
      const free = async () => Promise.resolve({ octo: 0n, roleTokens: 0n });
      const reason = await checkMeans(scenario, free).catch((error: unknown) => (error as Failure).message);
      expect(reason).to.include('"client" is given 786,000 OCTO, but its bonds, delegations and jobs need 1,');
    });

    it("names a wash-trader who does not bond", () => {
      expect(refusal(({ washTrade }) => (washTrade.role = "A"))).to.include(
        '"wash-trader" does not bond in A, which the wash trade asks for',
      );
    });

    it("names an agent's handler that does not exist, and a player who is an arbiter", () => {
      expect(refusal(({ research }) => (research.staff[0]!.handlers = ["guess"]))).to.include(
        "research.staff.0.handlers.0",
      );
      expect(refusal(({ players }) => (players["client"]!.account = 30))).to.include(
        "accounts 30 to 44 are the arbiters",
      );
    });

    it("names an agent who does not bond in D", () => {
      expect(
        refusal(({ bonds }) =>
          bonds.splice(0, bonds.length, ...bonds.filter(({ player }) => player !== "legal agent")),
        ),
      ).to.include('"legal agent" does not bond in D, which its agent asks for');
    });

    it("names a job whose provider does not bond in its role", () => {
      expect(refusal(({ jobs }) => (jobs[0]!["role"] = "A"))).to.include('"agent developer" does not bond in A');
    });
  });
});

describe("npx hardhat octo", () => {
  describe("deploy", () => {
    it("asks for a network", async () => {
      const { code, output } = await run(["deploy"]);
      expect(output).to.include("No network is named.");
      expect(code).to.equal(1);
    });

    it("names the networks there are when it does not know one", async () => {
      const { code, output } = await run(["deploy", "--network", "nowhere"]);
      expect(output).to.match(/There is no network "nowhere"; there are .*sepolia/);
      expect(code).to.equal(1);
    });

    it("names a missing key and the command that stores it", async () => {
      const { code, output } = await run(["deploy", "--network", "sepolia"], { SEPOLIA_RPC_URL: "http://127.0.0.1:9" });
      expect(output).to.include("needs SEPOLIA_PRIVATE_KEY");
      expect(output).to.include("npx hardhat keystore set SEPOLIA_PRIVATE_KEY");
      expect(code).to.equal(1);
    });

    it("names a network whose RPC does not answer", async () => {
      const { code, output } = await run(["deploy", "--network", "sepolia"], {
        SEPOLIA_RPC_URL: "http://127.0.0.1:9",
        SEPOLIA_PRIVATE_KEY: `0x${"11".repeat(32)}`,
      });
      expect(output).to.include('The RPC of "sepolia" does not answer');
      expect(code).to.equal(1);
    });
  });

  describe("node", () => {
    it("refuses what is no port", async () => {
      const { code, output } = await run(["node", "--port", "99999"]);
      expect(output).to.include('"99999" is not a port');
      expect(code).to.equal(1);
    });
  });
});
