import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";

import { run } from "../support/cli.ts";

/** Twelve epochs: every phase is played, and the run is short. */
const YEARS = "0.24";

type File = { rows: { epoch: number; washTrader: { result: string } }[]; lowestCoverage: string; checks: number };

describe("npm run simulate", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "simulation-"));
  after(() => rmSync(folder, { recursive: true, force: true }));

  async function simulate(name: string, seed: string) {
    const out = path.join(folder, name);
    const { code, output } = await run(["simulate", "--years", YEARS, "--seed", seed, "--out", out]);
    const text = readFileSync(path.join(out, "series.json"), "utf8");
    return { code, output, out, text, series: JSON.parse(text) as File };
  }

  describe("with a seed", () => {
    let first: Awaited<ReturnType<typeof simulate>>;
    before(async () => {
      first = await simulate("first", "1");
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
      const page = readFileSync(path.join(first.out, "report.html"), "utf8");
      expect(page.match(/<figure /g)).to.have.length(11);
      expect(page.match(/<svg /g)).to.have.length(11);
      expect(page).not.to.match(/<script|<link|<img|url\((?!#)|src=/);
    });

    it("gives the same series for the same seed", async () => {
      expect((await simulate("second", "1")).text).to.equal(first.text);
    });

    it("gives other series for another seed", async () => {
      expect((await simulate("third", "2")).text).not.to.equal(first.text);
    });
  });

  describe("with a wrong option", () => {
    for (const [option, value, message] of [
      ["--seed", "x", '"x" is no seed.'],
      ["--seed", "-1", '"-1" is no seed.'],
      ["--years", "0.1", '"0.1" years cannot be simulated.'],
      ["--years", "many", '"many" years cannot be simulated.'],
      ["--scenario", "nowhere.json5", "There is no scenario file nowhere.json5."],
    ] as const) {
      it(`refuses ${option} ${value}`, async () => {
        const { code, output } = await run(["simulate", option, value]);
        expect(output).to.include(message);
        expect(code).to.equal(1);
      });
    }
  });
});
