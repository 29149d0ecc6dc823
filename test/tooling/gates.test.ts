import { expect } from "chai";

import { summarize } from "../../scripts/checks/summary.ts";

describe("gates", () => {
  const passed = { name: "types", passed: true };
  const failed = { name: "lint", passed: false };

  it("succeed when every gate passed", () => {
    expect(summarize([passed, passed])).to.deep.equal({ line: "2 passed, 0 failed", exitCode: 0 });
  });

  it("fail when one gate failed", () => {
    expect(summarize([passed, failed])).to.deep.equal({ line: "1 passed, 1 failed", exitCode: 1 });
  });
});
