import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

import { expect } from "chai";
import { keccak256, toUtf8Bytes } from "ethers";

import {
  DATA_CLASSES,
  type Manifest,
  manifestHashOf,
  manifestSchema,
  readManifest,
} from "../../scripts/agents/manifest.ts";
import { Failure } from "../../scripts/lib/failure.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
const FOLDER = path.join(ROOT, "cache/manifests");

const MANIFEST: Manifest = {
  name: "Translator",
  version: "1.0.0",
  category: "language-tools",
  capabilities: ["translate", "summarise"],
  endpoints: [{ protocol: "mcp", url: "https://agent.example/mcp" }],
  pricing: { price: "12.5", duration: 3_600 },
  dataClasses: ["PUBLIC", "SHARED"],
};

function fileWith(content: string, extension = "json5"): string {
  const file = path.join(FOLDER, `manifest.${extension}`);
  writeFileSync(file, content);
  return file;
}

const fileOf = (change: object) => fileWith(JSON.stringify({ ...MANIFEST, ...change }));

function failureOf(read: () => unknown): Failure {
  try {
    read();
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}

const refused = (change: object) => failureOf(() => readManifest(fileOf(change))).message;

describe("agent manifest", () => {
  before(() => mkdirSync(FOLDER, { recursive: true }));
  after(() => rmSync(FOLDER, { recursive: true, force: true }));

  describe("readManifest", () => {
    it("reads JSON", () => {
      expect(readManifest(fileWith(JSON.stringify(MANIFEST), "json"))).to.deep.equal(MANIFEST);
    });

    it("reads JSON5 with comments", () => {
      const text = `// an agent\n${JSON.stringify(MANIFEST).replace('"name"', "name")}`;
      expect(readManifest(fileWith(text))).to.deep.equal(MANIFEST);
    });

    it("refuses a file that does not exist", () => {
      const failure = failureOf(() => readManifest(path.join(FOLDER, "nowhere.json")));
      expect(failure.message).to.equal("There is no manifest cache/manifests/nowhere.json.");
      expect(failure.nextStep).to.equal("Name an existing file.");
    });

    it("refuses what is no JSON5", () => {
      const failure = failureOf(() => readManifest(fileWith("{ name: ")));
      expect(failure.message).to.match(/^cache\/manifests\/manifest\.json5 is not valid JSON5: .*end of input.*\.$/);
    });

    it("refuses what is no manifest at all", () => {
      expect(failureOf(() => readManifest(fileWith("7"))).message).to.match(/the manifest is 7: .*expected object/);
    });

    it("gives the agent no PRIVATE data, and says what may be named", () => {
      expect(refused({ dataClasses: ["PUBLIC", "PRIVATE"] })).to.equal(
        'cache/manifests/manifest.json5: dataClasses.1 is "PRIVATE": ' +
          'Invalid option: expected one of "PUBLIC"|"SHARED"|"CONFIDENTIAL".',
      );
      expect(DATA_CLASSES).not.to.include("PRIVATE");
    });

    for (const [what, change, place] of [
      ["a missing name", { name: undefined }, "name is missing: "],
      ["an empty name", { name: "" }, 'name is "": '],
      ["a long name", { name: "x".repeat(65) }, "name is "],
      ["a version that is none", { version: "1.0" }, 'version is "1.0": '],
      ["a category in capitals", { category: "Language" }, 'category is "Language": '],
      ["no capability", { capabilities: [] }, "capabilities is []: "],
      ["a capability twice", { capabilities: ["a", "a"] }, 'capabilities is ["a","a"]: expected every item once'],
      ["too many capabilities", { capabilities: Array.from({ length: 17 }, (_, index) => `${index}`) }, "capabilities"],
      ["no endpoint", { endpoints: [] }, "endpoints is []: "],
      [
        "an endpoint of another kind",
        { endpoints: [{ protocol: "x", url: "ftp://a.example" }] },
        "endpoints.0.url is ",
      ],
      ["a price as a number", { pricing: { price: 12.5, duration: 3_600 } }, "pricing.price is 12.5: "],
      ["a price of nothing", { pricing: { price: "0.0", duration: 3_600 } }, 'pricing.price is "0.0": '],
      ["a price below a gwei", { pricing: { price: "1.0000000001", duration: 3_600 } }, "pricing.price is "],
      ["too little time", { pricing: { price: "1", duration: 299 } }, "pricing.duration is 299: "],
      ["too much time", { pricing: { price: "1", duration: 31_536_001 } }, "pricing.duration is 31536001: "],
      ["no data class", { dataClasses: [] }, "dataClasses is []: "],
    ] as const) {
      it(`refuses ${what}, and names the place and what is there`, () => {
        expect(refused(change)).to.contain(`cache/manifests/manifest.json5: ${place}`);
      });
    }

    it("refuses a key it does not know", () => {
      expect(refused({ licence: "MIT" })).to.contain("licence");
    });

    for (const price of ["1", "0.000000001", "9999999999.999999999", "10.10"]) {
      it(`takes a price of ${price} OCTO`, () => {
        expect(readManifest(fileOf({ pricing: { price, duration: 300 } })).pricing.price).to.equal(price);
      });
    }
  });

  describe("manifestHashOf", () => {
    it("is the hash of the JSON without blanks, keys in order", () => {
      const text =
        '{"capabilities":["translate","summarise"],"category":"language-tools","dataClasses":["PUBLIC","SHARED"],' +
        '"endpoints":[{"protocol":"mcp","url":"https://agent.example/mcp"}],"name":"Translator",' +
        '"pricing":{"duration":3600,"price":"12.5"},"version":"1.0.0"}';
      expect(manifestHashOf(MANIFEST)).to.equal(keccak256(toUtf8Bytes(text)));
    });

    it("does not depend on the order of keys, at any depth", () => {
      const { pricing, ...rest } = MANIFEST;
      const turned = { pricing: { duration: pricing.duration, price: pricing.price }, ...rest };
      expect(manifestHashOf(turned)).to.equal(manifestHashOf(MANIFEST));
    });

    it("depends on every value and on the order of lists", () => {
      const others = [
        { ...MANIFEST, name: "Translator " },
        { ...MANIFEST, pricing: { ...MANIFEST.pricing, price: "12.50" } },
        { ...MANIFEST, capabilities: MANIFEST.capabilities.toReversed() },
      ];
      expect(new Set([MANIFEST, ...others].map(manifestHashOf)).size).to.equal(4);
    });
  });

  describe("docs/schemas/agent-manifest.json", () => {
    const committed = JSON.parse(readFileSync(path.join(ROOT, "docs/schemas/agent-manifest.json"), "utf8")) as Record<
      string,
      unknown
    >;

    it("is what the schema generates: node scripts/agents/schema.ts --write", () => {
      expect(committed).to.deep.equal(manifestSchema());
    });

    it("says what it was generated from", () => {
      expect(committed["$comment"]).to.contain("scripts/agents/manifest.ts");
    });
  });
});
