import { expect } from "chai";

import type { CompilerMessage } from "../../scripts/checks/support.ts";
import { END, type Expected, judge, type Verdict, verdictOf } from "../../scripts/prove/judge.ts";

const at = (file: string, message: string): CompilerMessage => ({
  severity: "info",
  message,
  errorCode: "2961",
  sourceLocation: { file },
});
const claim = (message: string) => at("proofs/support/show.sol", message);

const SAFE = "BMC: Assertion violation check is safe!";
const OPEN = "BMC: Overflow (resulting value larger than 2**256 - 1) might happen here.";
const FALSE = "BMC: Assertion violation happens here.";
const END_IS_REACHED = at(END, FALSE);

describe("the verdict on a property", () => {
  it("is proved if every claim is, and the end is reached", () => {
    expect(verdictOf([claim(SAFE), claim(SAFE), END_IS_REACHED])).to.equal("proved");
  });

  it("is proved if the solver cannot tell whether the end is reached", () => {
    expect(verdictOf([claim(SAFE), at(END, "BMC: Assertion violation might happen here.")])).to.equal("proved");
  });

  it("is undecided if one claim is", () => {
    expect(verdictOf([claim(SAFE), claim(OPEN), END_IS_REACHED])).to.equal("undecided");
  });

  it("is refuted if one claim is, whatever the others are", () => {
    expect(verdictOf([claim(OPEN), claim(FALSE), END_IS_REACHED])).to.equal("refuted");
  });

  it("is vacuous if the end is out of reach, is missing, or nothing is claimed", () => {
    expect(verdictOf([claim(SAFE), at(END, SAFE)])).to.equal("vacuous");
    expect(verdictOf([claim(SAFE)])).to.equal("vacuous");
    expect(verdictOf([END_IS_REACHED])).to.equal("vacuous");
  });

  it("passes over the warning about the engine's age", () => {
    const age = { severity: "warning", message: "The BMC engine is deprecated.", errorCode: "3993" };
    expect(verdictOf([age, claim(SAFE), END_IS_REACHED])).to.equal("proved");
  });

  it("is refused at any other message", () => {
    const unsupported = { severity: "warning", message: "Assertion checker does not yet support this." };
    expect(() => verdictOf([unsupported, claim(SAFE), END_IS_REACHED])).to.throw(unsupported.message);
  });
});

describe("what is expected of the properties", () => {
  const expected: Expected = { proved: ["P01", "P02"], refuted: ["P00"], undecided: { P03: "too hard" } };
  const ids = ["P00", "P01", "P02", "P03"];
  const verdicts = (changed: Record<string, Verdict> = {}) =>
    new Map<string, Verdict>(
      Object.entries({ P00: "refuted", P01: "proved", P02: "proved", P03: "undecided", ...changed }),
    );

  it("holds if every property is what it was to be", () => {
    expect(judge(verdicts(), ids, expected)).to.deep.equal({ complaints: [], notes: [] });
  });

  it("holds if only some were tried", () => {
    expect(judge(new Map([["P01", "proved"]]), ids, expected).complaints).to.deep.equal([]);
  });

  for (const verdict of ["undecided", "refuted", "vacuous"] as const) {
    it(`fails if a proved property is ${verdict}`, () => {
      expect(judge(verdicts({ P02: verdict }), ids, expected).complaints).to.deep.equal([
        `P02 was to be proved, and is ${verdict}`,
      ]);
    });
  }

  it("fails if the false one is not refuted", () => {
    expect(judge(verdicts({ P00: "proved" }), ids, expected).complaints).to.deep.equal([
      "P00 was to be refuted, and is proved",
    ]);
  });

  it("fails if an undecided one is refuted", () => {
    expect(judge(verdicts({ P03: "refuted" }), ids, expected).complaints).to.deep.equal([
      "P03 was to be undecided, and is refuted",
    ]);
  });

  it("notes an undecided one that is proved", () => {
    expect(judge(verdicts({ P03: "proved" }), ids, expected)).to.deep.equal({
      complaints: [],
      notes: ["P03 is proved now: move it to the proved ones"],
    });
  });

  it("fails if a property is in no list, in two, or gone", () => {
    const { complaints } = judge(verdicts(), ["P00", "P01", "P03", "P04"], {
      ...expected,
      proved: ["P01", "P02", "P03"],
    });
    expect(complaints).to.include.members([
      "P04 is in no list of what is expected",
      "P02 is expected, but there is no such property",
      "P03 is expected twice",
    ]);
  });
});
