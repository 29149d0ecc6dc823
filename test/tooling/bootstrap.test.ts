import { expect } from "chai";

import { adviceFor, canInstall, whyIncomplete } from "../../scripts/bootstrap.mjs";

describe("bootstrap", () => {
  const manifest = { devDependencies: { chai: "6.3.0" } };
  const root = { devDependencies: { chai: "6.3.0" } };
  const chai = { version: "6.3.0", integrity: "sha512-a" };
  const otherPlatform = { version: "1.0.0", optional: true };
  const lock = { packages: { "": root, "node_modules/chai": chai, "node_modules/x-win32": otherPlatform } };

  describe("whyIncomplete", () => {
    it("is silent when everything but the packages of other platforms is installed", () => {
      expect(whyIncomplete(manifest, lock, { packages: { "node_modules/chai": chai } })).to.equal(undefined);
    });

    it("sees that nothing is installed", () => {
      expect(whyIncomplete(manifest, lock, undefined)).to.match(/nothing is installed/);
    });

    it("names a package that is missing", () => {
      expect(whyIncomplete(manifest, lock, { packages: {} })).to.match(/node_modules\/chai/);
    });

    it("names a package of another version", () => {
      const installed = { packages: { "node_modules/chai": { ...chai, version: "5.0.0" } } };
      expect(whyIncomplete(manifest, lock, installed)).to.match(/node_modules\/chai/);
    });

    it("names an optional package of another version", () => {
      const installed = { packages: { "node_modules/chai": chai, "node_modules/x-win32": { version: "2.0.0" } } };
      expect(whyIncomplete(manifest, lock, installed)).to.match(/node_modules\/x-win32/);
    });

    it("sees a lock file that is behind package.json", () => {
      const newer = { devDependencies: { chai: "6.3.0", mocha: "11.8.0" } };
      const installed = { packages: { "node_modules/chai": chai } };
      expect(whyIncomplete(newer, lock, installed)).to.match(/disagree/);
    });
  });

  describe("canInstall", () => {
    for (const [version, expected] of [
      ["v20.20.2", false],
      ["v22.12.9", false],
      ["v22.13.0", true],
      ["v24.0.0", true],
      ["nonsense", false],
    ] as const) {
      it(`says ${expected} of ${version}`, () => {
        expect(canInstall(version)).to.equal(expected);
      });
    }
  });

  describe("adviceFor", () => {
    for (const [output, advice] of [
      ["npm error code ENOTFOUND", /cannot be reached/],
      ["npm error code E403", /refused/],
      ["package.json and package-lock.json are not in sync", /out of date/],
      ["npm error code ENOSPC", /disk is full/],
      ["something else", /npm's message above/],
    ] as const) {
      it(`explains "${output}"`, () => {
        expect(adviceFor(output)).to.match(advice);
      });
    }
  });
});
