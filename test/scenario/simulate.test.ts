import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";
import hre from "hardhat";

import { play } from "../../scripts/simulation/index.ts";
import { textOf } from "../../scripts/simulation/series.ts";
import { run } from "../support/cli.ts";

/** Twelve epochs: every phase is played, and the run is short. */
const YEARS = "0.24";

type File = { rows: { epoch: number; washTrader: { result: string } }[]; lowestCoverage: string; checks: number };

describe("npm run simulate", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "simulation-"));
  after(() => rmSync(folder, { recursive: true, force: true }));

  async function simulate(seed: number) {
    const { code, output } = await run(["simulate", "--years", YEARS, "--seed", `${seed}`, "--out", folder]);
    const text = readFileSync(path.join(folder, "series.json"), "utf8");
    return { code, output, text, series: JSON.parse(text) as File };
  }

  /** The same in this process, which spares another start. */
  async function replay(seed: number): Promise<string> {
    const { series } = await play(hre, { seed, years: Number(YEARS), weeks: 12, scenario: "" });
    return textOf(series);
  }

  describe("with a seed", () => {
    let first: Awaited<ReturnType<typeof simulate>>;
    before(async () => {
      first = await simulate(1);
    });

    it("ends with exit code 0, every invariant intact and a poorer wash-trader", () => {
      expect(first.output).to.include("Every invariant held, and dealing with oneself lost.");
      expect(first.output).not.to.include("✗");
      expect(first.code).to.equal(0);
      expect(BigInt(first.series.rows.at(-1)!.washTrader.result) < 0n).to.equal(true);
      expect(BigInt(first.series.lowestCoverage) >= 10n ** 18n).to.equal(true);
    });

    it("says how far it is, and what it wrote", () => {
      expect(first.output).to.include("12 of 12 epochs, maturity");
      expect(first.output).to.include("report.html");
    });

    it("writes a row an epoch", () => {
      expect(first.series.rows.map(({ epoch }) => epoch)).to.deep.equal([...Array(12).keys()]);
      expect(first.series.checks).to.be.greaterThan(1_000);
    });

    it("writes a page that needs nothing else", () => {
      const page = readFileSync(path.join(folder, "report.html"), "utf8");
      expect(page.match(/<figure /g)).to.have.length(11);
      expect(page.match(/<svg /g)).to.have.length(11);
      expect(page).not.to.match(/<script|<link|<img|url\((?!#)|src=/);
    });

    it("gives the same series for the same seed", async () => {
      expect(await replay(1)).to.equal(first.text);
    });

    it("gives other series for another seed", async () => {
      expect(await replay(2)).not.to.equal(first.text);
    });
  });

  describe("with a wrong option", () => {
    it("says what is wrong and ends with exit code 1", async () => {
      const { code, output } = await run(["simulate", "--years", "0.1"]);
      expect(output).to.include('"0.1" years cannot be simulated.');
      expect(code).to.equal(1);
    });
  });
});
