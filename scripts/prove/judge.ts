// What the model checker's messages mean, and whether they are what is expected.

import type { CompilerMessage } from "../checks/support.ts";

/** `vacuous`: proved, but so would be anything, because no input gets to the end of the property. */
export type Verdict = "proved" | "undecided" | "refuted" | "vacuous";

/** The committed file of what each property is expected to be. An undecided one says why. */
export interface Expected {
  proved: string[];
  refuted: string[];
  undecided: Record<string, string>;
}

/** What differs from what is expected: complaints fail the run, notes do not. */
export interface Judgement {
  complaints: string[];
  notes: string[];
}

/** The file of the assertion that ends every property and must not be provable. */
export const END = "proofs/support/reached.sol";

const ENGINE_IS_OLD = "3993"; // BMC is to be removed from a later compiler; the project's is pinned.

/** The verdict on one property, by the messages about it. Throws at a message that is no verdict. */
export function verdictOf(messages: readonly CompilerMessage[]): Verdict {
  const checks = messages.filter(({ errorCode }) => errorCode !== ENGINE_IS_OLD);
  const stranger = checks.find(({ message }) => statusOf(message) === undefined);
  if (stranger !== undefined) throw new Error(stranger.formattedMessage ?? stranger.message);

  const statuses = (atEnd: boolean) =>
    checks
      .filter(({ sourceLocation }) => (sourceLocation?.file === END) === atEnd)
      .map(({ message }) => statusOf(message));
  const [end, claims] = [statuses(true), statuses(false)];
  if (claims.includes("refuted")) return "refuted";
  if (end.length === 0 || end.includes("proved") || claims.length === 0) return "vacuous";
  return claims.includes("undecided") ? "undecided" : "proved";
}

function statusOf(message: string): Verdict | undefined {
  if (/^BMC: .* is safe!/.test(message)) return "proved";
  if (/^BMC: .* might happen here\./.test(message)) return "undecided";
  return /^BMC: .* happens here\./.test(message) ? "refuted" : undefined;
}

/**
 * Compares what was found with what is expected.
 * @param all The ids of all properties there are, whether or not they were tried.
 */
export function judge(
  found: ReadonlyMap<string, Verdict>,
  all: readonly string[],
  { proved, refuted, undecided }: Expected,
): Judgement {
  const open = Object.keys(undecided);
  const lists = [...proved, ...refuted, ...open];
  const complaints = [
    ...all.filter((id) => !lists.includes(id)).map((id) => `${id} is in no list of what is expected`),
    ...lists.filter((id) => !all.includes(id)).map((id) => `${id} is expected, but there is no such property`),
    ...lists.filter((id, i) => lists.indexOf(id) !== i).map((id) => `${id} is expected twice`),
  ];
  const notes: string[] = [];
  for (const [id, verdict] of found) {
    const expected = proved.includes(id) ? "proved" : refuted.includes(id) ? "refuted" : "undecided";
    if (verdict === expected || !lists.includes(id)) continue;
    if (expected === "undecided" && verdict === "proved") notes.push(`${id} is proved now: move it to the proved ones`);
    else complaints.push(`${id} was to be ${expected}, and is ${verdict}`);
  }
  return { complaints, notes };
}
