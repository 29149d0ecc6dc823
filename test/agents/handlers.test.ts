import { expect } from "chai";
import fc from "fast-check";

import { compose } from "../../scripts/agents/handlers/compose.ts";
import { compute } from "../../scripts/agents/handlers/compute.ts";
import { extract } from "../../scripts/agents/handlers/extract.ts";
import { type Bench, inputOf, type Order } from "../../scripts/agents/handlers/handler.ts";
import { faultOf } from "../../scripts/agents/handlers/index.ts";
import { summarise } from "../../scripts/agents/handlers/summarise.ts";
import { sentencesOf } from "../../scripts/agents/handlers/text.ts";
import { parseTask, termsOfTask, textOf } from "../../scripts/agents/task.ts";
import { canonical, hashOf, type Json } from "../../scripts/lib/canonicalJson.ts";
import { Failure } from "../../scripts/lib/failure.ts";

const NOBODY: Bench = { hire: () => Promise.reject(new Error("nobody is to be hired")) };
const DOCUMENT = "The escrow waits.\nNobody   asks. Is the ESCROW back? An escrowed sum is another word.";

describe("The handlers of agents", () => {
  describe("extract", () => {
    it("finds the sentences with one of the words, whatever their letters", async () => {
      const { sentences } = (await extract.work({ document: DOCUMENT, words: ["escrow"] }, NOBODY)) as {
        sentences: string[];
      };
      expect(sentences).to.deep.equal(["The escrow waits.", "Is the ESCROW back?"]);
    });

    it("says which document it was", async () => {
      const { sha256 } = (await extract.work({ document: "abc", words: ["x"] }, NOBODY)) as { sha256: string };
      expect(sha256).to.equal("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"); // FIPS 180-2
    });
  });

  describe("summarise", () => {
    const TEXT = "Rain fell. The escrow pays the provider. Provider and escrow agree. Snow fell too.";

    it("keeps the sentences whose words are the most frequent, in their order", async () => {
      expect(await summarise.work({ document: TEXT, sentences: 2 }, NOBODY)).to.deep.equal({
        summary: ["The escrow pays the provider.", "Provider and escrow agree."],
      });
    });

    it("never makes a sentence up, nor more of them than asked for", async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.lorem({ mode: "sentences", maxCount: 12 }),
          fc.integer({ min: 1, max: 20 }),
          async (document, sentences) => {
            const { summary } = (await summarise.work({ document, sentences }, NOBODY)) as { summary: string[] };
            expect(summary).to.have.length.at.most(sentences);
            const known = sentencesOf(document);
            expect(known.filter((sentence) => summary.includes(sentence))).to.deep.equal(summary);
          },
        ),
        { numRuns: 50 },
      );
    });
  });

  describe("compute", () => {
    it("is exact where numbers of JavaScript are not", () => {
      const most = Number.MAX_SAFE_INTEGER;
      expect(compute.work({ values: [most, most, most] }, NOBODY)).to.deep.equal({
        least: `${most}`,
        greatest: `${most}`,
        sum: `${3n * BigInt(most)}`,
        median: `${most}`,
      });
    });

    it("halves the two in the middle, below zero too", () => {
      expect(compute.work({ values: [4, 1, 2, 3] }, NOBODY)).to.include({ median: "2.5", sum: "10" });
      expect(compute.work({ values: [-2, -1] }, NOBODY)).to.include({ median: "-1.5" });
      expect(compute.work({ values: [-1, 0] }, NOBODY)).to.include({ median: "-0.5" });
    });

    it("refuses what is no whole number", () => {
      expect(() => inputOf(compute, { values: [0.5] })).to.throw(Failure, "input.values.0");
      expect(() => inputOf(compute, { values: [] })).to.throw(Failure, "input.values");
    });
  });

  describe("compose", () => {
    /** Somebody who does every step as it is told. */
    function bench(results: Record<string, Json>) {
      const orders: Order[] = [];
      const hire = (order: Order) => {
        orders.push(order);
        return Promise.resolve(results[order.step]!);
      };
      return { orders, hire };
    }

    const step = (name: string, input: Json) => ({ step: name, capability: "any", handler: "extract", input });

    it("gives each step its own input and price, and returns what all have made", async () => {
      const office = bench({ one: { text: "a" }, two: ["b"] });
      const steps = [{ ...step("one", { document: "x" }), most: "2.5" }, step("two", [])];
      expect(await compose.work({ steps }, office)).to.deep.equal({ one: { text: "a" }, two: ["b"] });
      const most = Object.fromEntries(office.orders.map((order) => [order.step, order.most]));
      expect(most).to.deep.equal({ one: 2_500_000_000_000_000_000n, two: undefined });
    });

    it("fills in what an earlier step has made, in whatever order they stand", async () => {
      const office = bench({ first: { list: ["a", "b"], deep: { value: 7 } }, second: "done" });
      const steps = [
        step("second", { all: [{ $from: "first.list.text" }, { $from: "first.deep.value" }], same: "x" }),
        step("first", null),
      ];
      await compose.work({ steps }, office);
      expect(office.orders[1]!.task.input).to.deep.equal({ all: ["a b", 7], same: "x" });
    });

    it("refuses two steps of one name, one that is not there, and a circle", async () => {
      const rejected = (steps: ReturnType<typeof step>[]) =>
        Promise.resolve(compose.work({ steps }, NOBODY)).then(String, (error: Error) => error.message);
      expect(await rejected([step("one", 1), step("one", 2)])).to.equal("Two steps have one name.");
      expect(await rejected([step("one", { $from: "none.x" })])).to.contain("waits for none, which is not there");
      expect(await rejected([step("one", { $from: "two" }), step("two", { $from: "one" })])).to.contain(
        "which waits for it",
      );
    });

    it("says which part of a result is not there", async () => {
      const steps = [step("one", 1), step("two", { $from: "one.missing" })];
      const message = await Promise.resolve(compose.work({ steps }, bench({ one: {} }))).catch(
        (error: Error) => error.message,
      );
      expect(message).to.equal("There is no one.missing in what the step returned.");
    });
  });
});

describe("What another has made", () => {
  const task = { handler: "extract", input: { document: DOCUMENT, words: ["escrow"] } };
  const made = async () => canonical(await extract.work(task.input, NOBODY));

  it("is right if the work, done again, is the same", async () => {
    expect(await faultOf(task, await made())).to.equal(undefined);
    const other = { ...task, input: { document: DOCUMENT, words: ["nobody"] } };
    expect(await faultOf(other, await made())).to.equal("it is not what the task asks for");
  });

  it("is refused if it is no JSON, or written otherwise than agreed", async () => {
    expect(await faultOf(task, "no JSON")).to.equal("it is not written as agreed");
    expect(await faultOf(task, `${await made()} `)).to.equal("it is not written as agreed");
  });

  it("is believed where it cannot be done again", async () => {
    expect(await faultOf({ handler: "unheard of", input: 1 }, '{"any":"thing"}')).to.equal(undefined);
    expect(await faultOf({ handler: "compose", input: { steps: [] } }, "{}")).to.equal(undefined);
  });
});

describe("A task", () => {
  const task = { handler: "extract", input: { words: ["a"], document: "b" } };

  it("has one text and one hash, however it was written", () => {
    const other = { input: { document: "b", words: ["a"] }, handler: "extract" };
    expect(textOf(task)).to.equal('{"handler":"extract","input":{"document":"b","words":["a"]}}');
    expect(termsOfTask(other))
      .to.equal(termsOfTask(task))
      .and.to.equal(hashOf(canonical(task)));
    expect(parseTask(textOf(task))).to.deep.equal(task);
  });

  it("is refused in one sentence if it is of another form", () => {
    expect(() => parseTask("no JSON")).to.throw(Failure, "The task is not JSON.");
    expect(() => parseTask("{}")).to.throw(Failure, "handler");
    expect(() => parseTask('{"handler":"x","input":1,"more":2}')).to.throw(Failure, "more");
  });
});
