// What the gates print, apart so that it can be tested without running them.

export interface Result {
  name: string;
  passed: boolean;
}

export function summarize(results: readonly Result[]): { line: string; exitCode: 0 | 1 } {
  const passed = results.filter((result) => result.passed).length;
  const failed = results.length - passed;
  return { line: `${passed} passed, ${failed} failed`, exitCode: failed === 0 ? 0 : 1 };
}

/** The output of a command without its lines about tests that passed, which would bury those that failed. */
export function withoutPassed(output: string): string {
  return output
    .split("\n")
    .filter((line) => !/^\s*[✔✓]/u.test(line))
    .join("\n")
    .trimEnd();
}
