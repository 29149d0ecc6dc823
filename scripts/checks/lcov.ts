// What a coverage report in lcov's format says about our folders, apart so that it can be tested without measuring.

/** Of the executable lines in each folder of contracts/. */
export const FLOOR_PERCENT = 99;

export interface Covered {
  folder: string;
  lines: number;
  covered: number;
  /** The lines that no test reached, as `file:line`. */
  missed: string[];
}

/** Lines by folder directly below contracts/, sorted by name. */
export function coverageByFolder(lcov: string): Covered[] {
  const folders = new Map<string, Covered>();
  for (const record of lcov.split("end_of_record")) {
    const file = /^SF:(.+)$/m.exec(record)?.[1]?.replaceAll("\\", "/");
    const folder = file === undefined ? undefined : /^contracts\/[^/]+/.exec(file)?.[0];
    if (folder === undefined) continue;
    const sum = folders.get(folder) ?? { folder, lines: 0, covered: 0, missed: [] };
    folders.set(folder, sum);
    for (const [, line, count] of record.matchAll(/^DA:(\d+),(\d+)/gm)) {
      sum.lines++;
      if (count === "0") sum.missed.push(`${file}:${line}`);
      else sum.covered++;
    }
  }
  return [...folders.values()].filter(({ lines }) => lines > 0).sort((a, b) => (a.folder < b.folder ? -1 : 1));
}

/** A sentence for each folder below the floor, and one if nothing was measured at all. */
export function below(folders: readonly Covered[], floor: number): string[] {
  if (folders.length === 0) return ["no line of contracts/ was measured"];
  return folders
    .filter(({ lines, covered }) => 100 * covered < floor * lines)
    .map(
      ({ folder, lines, covered, missed }) =>
        `${folder}: ${covered} of ${lines} lines covered, less than ${floor} %; not reached: ${missed.join(", ")}`,
    );
}
