import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

import { Failure } from "../lib/failure.ts";
import { FLOORS, floorOf } from "./floors.ts";
import type { Growth } from "./growth.ts";
import type { Measured } from "./measure.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
const SNAPSHOT = path.join(ROOT, "snapshots/gas.json");
const DOCUMENT = path.join(ROOT, "docs/gas.md");
const BEGIN = "<!-- figures: written by `npm run gas` -->";
const END = "<!-- end of figures -->";
/** An action's gas may differ by less than this share between the sizes. */
const WIDEST_DIFFERENCE = 0.02;

export type Figures = Map<string, Measured>;

/** Writes snapshots/gas.json and the tables of docs/gas.md. */
export function writeFigures(figures: Figures, grown: readonly Growth[]): void {
  checkFlat(grown);
  writeFileSync(SNAPSHOT, snapshotOf(figures, grown));
  writeFileSync(DOCUMENT, documentOf(figures, grown));
}

/** Refuses figures that are not the committed ones. */
export function checkFigures(figures: Figures, grown: readonly Growth[]): void {
  checkFlat(grown);
  const committed = existsSync(SNAPSHOT) ? (JSON.parse(readFileSync(SNAPSHOT, "utf8")) as Record<string, number>) : {};
  const measured = Object.fromEntries(numbersOf(figures, grown));
  const changed = [...new Set([...Object.keys(committed), ...Object.keys(measured)])]
    .filter((name) => committed[name] !== measured[name])
    .map((name) => `${name}: ${committed[name] ?? "none"} -> ${measured[name] ?? "none"}`);
  const stale = changed.length > 0 || readFileSync(DOCUMENT, "utf8") !== documentOf(figures, grown);
  if (stale) {
    throw new Failure(
      `The committed gas figures are not what is measured: ${changed.join(", ") || "docs/gas.md differs"}.`,
      "Run `npm run gas` and explain the change in the commit that makes it.",
    );
  }
}

/** Refuses an action whose cost grows with what there is. */
function checkFlat(grown: readonly Growth[]): void {
  for (const { what, sizes, figures } of grown) {
    for (const [name, gas] of figures) {
      if (difference(gas) < WIDEST_DIFFERENCE) continue;
      throw new Failure(
        `${name} costs ${gas.join(", ")} with ${sizes.join(", ")} ${what}: it is not flat.`,
        "Find the loop or the storage that grows.",
      );
    }
  }
}

function difference(gas: readonly number[]): number {
  return Math.max(...gas) / Math.min(...gas) - 1;
}

function numbersOf(figures: Figures, grown: readonly Growth[]): [string, number][] {
  return [
    ...[...figures].map(([name, { gas }]): [string, number] => [name, gas]),
    ...grown.flatMap(({ sizes, figures: at }) =>
      [...at].flatMap(([name, gas]) => gas.map((of, index): [string, number] => [`${name}, ${sizes[index]}`, of])),
    ),
  ];
}

function snapshotOf(figures: Figures, grown: readonly Growth[]): string {
  const sorted = numbersOf(figures, grown).sort(([a], [b]) => a.localeCompare(b));
  return `${JSON.stringify(Object.fromEntries(sorted), null, 2)}\n`;
}

/** The document with its tables made anew; the words around them are written by hand. */
function documentOf(figures: Figures, grown: readonly Growth[]): string {
  const text = readFileSync(DOCUMENT, "utf8");
  const [begin, end] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (begin < 0 || end < begin) {
    throw new Failure(`docs/gas.md has lost the marks around its figures.`, `Put "${BEGIN}" and "${END}" back.`);
  }
  return `${text.slice(0, begin + BEGIN.length)}\n\n${tables(figures)}\n\n${grown.map(sizesTable).join("\n\n")}\n\n${text.slice(end)}`;
}

function tables(figures: Figures): string {
  const rows = [...figures].sort(([a], [b]) => a.localeCompare(b));
  const withFloor = rows.flatMap(([name, { gas, data }]) => {
    const floor = floorOf(name, data);
    return floor === undefined ? [] : [{ name, gas, floor, note: FLOORS[name]!.note }];
  });
  const rest = rows.filter(([name]) => FLOORS[name] === undefined);
  const number = (value: number) => value.toLocaleString("en");

  return [
    "| action | gas | floor | above the floor | the floor's sum | its slots and accounts |",
    "| --- | ---: | ---: | ---: | --- | --- |",
    ...withFloor.map(
      ({ name, gas, floor, note }) =>
        `| \`${name}\` | ${number(gas)} | ${number(floor.gas)} | ${number(gas - floor.gas)} | ${floor.arithmetic} | ${note} |`,
    ),
    "",
    "| action without a floor of its own | gas |",
    "| --- | ---: |",
    ...rest.map(([name, { gas }]) => `| \`${name}\` | ${number(gas)} |`),
  ].join("\n");
}

function sizesTable({ what, sizes, figures }: Growth): string {
  const number = (value: number) => value.toLocaleString("en");
  return [
    `| ${what} | ${sizes.map(number).join(" | ")} | widest difference |`,
    `| --- | ${sizes.map(() => "---: | ").join("")}---: |`,
    ...[...figures].map(
      ([name, gas]) => `| ${name} | ${gas.map(number).join(" | ")} | ${(100 * difference(gas)).toFixed(2)} % |`,
    ),
  ].join("\n");
}
