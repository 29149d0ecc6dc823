import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";

import { expect } from "chai";

const ROOT = path.resolve(import.meta.dirname, "../..");

const DOCUMENTS = [
  "README.md",
  "CHANGELOG.md",
  ...readdirSync(path.join(ROOT, "docs"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".md"))
    .map((file) => `docs/${file.split(path.sep).join("/")}`),
];

const read = (file: string) => readFileSync(path.join(ROOT, file), "utf8");

/** The anchors that a Markdown viewer makes of a document's headings. */
function anchorsOf(file: string): string[] {
  return [...read(file).matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

/** The links of a document to files of this repository. */
function linksOf(file: string): string[] {
  return [...read(file).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link!).filter((link) => !link.includes("://"));
}

describe("the documents", () => {
  for (const file of DOCUMENTS) {
    it(`${file} links to what exists`, () => {
      const broken = linksOf(file).filter((link) => {
        const [target, anchor] = link.split("#") as [string, string?];
        const linked = target === "" ? file : path.posix.join(path.posix.dirname(file), target);
        if (!existsSync(path.join(ROOT, linked))) return true;
        return anchor !== undefined && !anchorsOf(linked).includes(anchor);
      });
      expect(broken).to.deep.equal([]);
    });
  }
});
