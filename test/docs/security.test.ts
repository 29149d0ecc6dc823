import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";

import { expect } from "chai";

import { RESTRICTED } from "../../deploy/access.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
const DOCUMENT = readFileSync(path.join(ROOT, "docs/security.md"), "utf8");

/** What stands between two marks of the document. */
function marked(name: string): string {
  const [begin, end] = [`<!-- ${name} -->`, `<!-- end of ${name} -->`].map((mark) => DOCUMENT.indexOf(mark));
  if (begin! < 0 || end! < begin!) throw new Error(`docs/security.md has lost the marks around "${name}"`);
  return DOCUMENT.slice(begin, end);
}

/** The rows of a Markdown table, without its head. */
function rowsOf(text: string): string[][] {
  return text
    .split("\n")
    .filter((line) => line.startsWith("|"))
    .slice(2)
    .map((line) =>
      line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

describe("docs/security.md", () => {
  it("shows the permission table that the deployment writes on chain", () => {
    const documented = rowsOf(marked("permission table")).map((cells) => cells.slice(0, 3));
    expect(documented).to.deep.equal(
      RESTRICTED.map(({ contract, signature, access }) => [`\`${contract}\``, `\`${signature}\``, `\`${access}\``]),
    );
  });

  describe("the attack catalogue", () => {
    const rows = rowsOf(marked("attack catalogue"));

    for (const [id, , tests] of rows) {
      it(`names tests that show ${id}`, () => {
        const files = [...tests!.matchAll(/\]\(\.\.\/(test\/[^)]+)\)/g)].map(([, file]) => file!);
        expect(files).not.to.have.lengthOf(0);
        for (const file of files) {
          expect(existsSync(path.join(ROOT, file)), `${file} exists`).to.equal(true);
          expect(readFileSync(path.join(ROOT, file), "utf8"), file).to.match(new RegExp(`\\b${id}\\b`));
        }
      });
    }

    it("has a row, or a reason why not yet, for every id that a test names", () => {
      const section = DOCUMENT.slice(DOCUMENT.indexOf("## Attack catalogue"));
      const named = testFiles().flatMap((file) => readFileSync(file, "utf8").match(/\b[AMI]-\d{1,3}\b/g) ?? []);
      const missing = [...new Set(named)].filter((id) => !new RegExp(`\\b${id}\\b`).test(section));
      expect(missing).to.deep.equal([]);
    });
  });
});

function testFiles(): string[] {
  const folder = path.join(ROOT, "test");
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => /\.test\.ts$|\.t\.sol$/.test(file))
    .map((file) => path.join(folder, file));
}
