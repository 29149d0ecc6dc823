import { expect } from "chai";

import { below, coverageByFolder } from "../../scripts/checks/lcov.ts";
import { summarize, withoutPassed } from "../../scripts/checks/summary.ts";

describe("gates", () => {
  const passed = { name: "types", passed: true };
  const failed = { name: "lint", passed: false };

  it("succeed when every gate passed", () => {
    expect(summarize([passed, passed])).to.deep.equal({ line: "2 passed, 0 failed", exitCode: 0 });
  });

  it("fail when one gate failed", () => {
    expect(summarize([passed, failed])).to.deep.equal({ line: "1 passed, 1 failed", exitCode: 1 });
  });

  it("print of a failed command what did not pass", () => {
    const output = "  the vault\n    ✔ opens\n    1) closes\n    ✓ testClose()\n\n  1 failing\n";
    expect(withoutPassed(output)).to.equal("  the vault\n    1) closes\n\n  1 failing");
  });
});

describe("the coverage gate", () => {
  const record = (file: string, lines: string[]) =>
    [`SF:${file}`, ...lines.map((line) => `DA:${line}`), "end_of_record", ""].join("\n");
  const report =
    "TN:\n" +
    record("contracts/market/JobMarket.sol", ["7,1", "8,0"]) +
    record("contracts/market/libraries/DealHash.sol", ["3,12", "4,1"]) +
    record("contracts/tokens/OctoToken.sol", ["10,1"]) +
    record("contracts/shared/interfaces/IMarket.sol", []) +
    record("test/mocks/Wallet1271.sol", ["1,0"]);

  it("adds up the lines of each folder of contracts/", () => {
    expect(coverageByFolder(report)).to.deep.equal([
      { folder: "contracts/market", lines: 4, covered: 3, missed: ["contracts/market/JobMarket.sol:8"] },
      { folder: "contracts/tokens", lines: 1, covered: 1, missed: [] },
    ]);
  });

  it("passes at the floor", () => {
    expect(below(coverageByFolder(report), 75)).to.deep.equal([]);
  });

  it("names the folder below the floor, and the lines", () => {
    expect(below(coverageByFolder(report), 76)).to.deep.equal([
      "contracts/market: 3 of 4 lines covered, less than 76 %; not reached: contracts/market/JobMarket.sol:8",
    ]);
  });

  it("fails if nothing was measured", () => {
    expect(below(coverageByFolder("TN:\n"), 99)).to.deep.equal(["no line of contracts/ was measured"]);
  });
});
