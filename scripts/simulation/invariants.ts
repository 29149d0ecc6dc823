import { parseEther } from "ethers";

import { type RoleLetter, roleId } from "../../deploy/roles.ts";
import { Failure } from "../lib/failure.ts";
import type { CipherOcto } from "../lib/system.ts";
import type { Books, Leg, SettledWork } from "./books.ts";
import type { State } from "./state.ts";
import { LETTERS } from "./world.ts";

const ONE = parseEther("1");
const MAX_RATE = 3n * ONE;
const MAX_BUDGET = parseEther("5000000000");
/** The most a wei of fee mints, and what that is worth at the highest rate and spread: the wash-trading law's two sides. */
const MOST_MINTED = parseEther("0.24");
const MOST_WORTH = parseEther("0.7344");

/** One comparison: how the two sides must stand to each other. */
export type Check = {
  /** The number under which the documents have the invariant, and what it says. */
  readonly invariant: string;
  readonly actual: bigint;
  readonly relation: "=" | "<=" | ">=";
  readonly allowed: bigint;
};

type Caps = Record<RoleLetter, bigint>;

/** What an epoch is judged by. */
type Evidence = {
  readonly state: State;
  readonly books: Books;
  /** What the schedule lets work of a role mint in the epoch, from the volumes in the books. */
  readonly caps: Caps;
  /** The rates of policy an epoch ago. */
  readonly lastPolicies: Record<RoleLetter, bigint>;
};

/** Compares the contracts with the books at the end of each epoch, and ends the run at the first difference. */
export class Judge {
  readonly #system: CipherOcto;
  #lastPolicies = perRole(() => ONE);

  constructor(system: CipherOcto) {
    this.#system = system;
  }

  /** @returns How many comparisons held, and the epoch's caps. */
  async judge(epoch: number, state: State, books: Books): Promise<{ checks: number; caps: Caps }> {
    const caps = await this.#capsOf(books, epoch);
    const checks = checksOf({ state, books, caps, lastPolicies: this.#lastPolicies });
    requireAll(epoch, checks);
    this.#lastPolicies = perRole((letter) => state.roles[letter].policy);
    return { checks: checks.length, caps };
  }

  /** Asks the schedule, given the volumes that the books have summed up themselves. */
  async #capsOf(books: Books, epoch: number): Promise<Caps> {
    const caps = LETTERS.map(async (letter) => {
      const [last, beforeLast] = books.roles[letter].lastVolumes;
      const cap = await this.#system.emissionSchedule.epochCapOf(roleId(letter), epoch, last, beforeLast);
      return [letter, cap] as const;
    });
    return Object.fromEntries(await Promise.all(caps)) as Caps;
  }
}

function perRole(of: (letter: RoleLetter) => bigint): Record<RoleLetter, bigint> {
  return Object.fromEntries(LETTERS.map((letter) => [letter, of(letter)])) as Record<RoleLetter, bigint>;
}

/** Everything that must hold at an epoch's end. */
function checksOf(evidence: Evidence): Check[] {
  return [
    ...supplyChecks(evidence),
    ...vaultChecks(evidence),
    ...LETTERS.flatMap((letter) => roleChecks(evidence, letter)),
    ...evidence.books.legs.flatMap(checksOfLeg),
    ...evidence.books.works.flatMap(workChecks),
  ];
}

/** Ends the run at the first check that fails: epoch, invariant, actual and allowed. */
export function requireAll(epoch: number, checks: readonly Check[]): void {
  const broken = checks.find((check) => !holds(check));
  if (broken === undefined) return;
  const { invariant, actual, relation, allowed } = broken;
  throw new Failure(
    `Epoch ${epoch} breaks ${invariant}: ${actual} is not ${relation} ${allowed}.`,
    "This is a fault of the contracts or of the simulation; the same seed plays it again.",
  );
}

function holds({ actual, relation, allowed }: Check): boolean {
  if (relation === "=") return actual === allowed;
  return relation === "<=" ? actual <= allowed : actual >= allowed;
}

function supplyChecks({ state, books }: Evidence): Check[] {
  const unopened = MAX_BUDGET - state.budgetOpened;
  const earmarks = sumOf(LETTERS.map((letter) => state.roles[letter].earmarked));
  return [
    most("T-1 (ever minted is at most the cap)", state.everMinted, state.cap),
    most("T-2 (what was minted of the budget has opened)", state.mintedFromBudget, state.budgetOpened),
    same("OCTO = ever minted - burned", state.supply, state.everMinted - books.totals.burned),
    same("ever minted + unused budget = cap", state.everMinted + earmarks + state.openBudget + unopened, state.cap),
    most("V-4 (earmarks are committed)", earmarks, state.committed),
    most("V-4 (what is committed has opened)", state.committed, state.budgetOpened),
    same("V-4 (committed = earmarked + minted)", state.committed, earmarks + state.mintedFromBudget),
  ];
}

function vaultChecks({ state, books }: Evidence): Check[] {
  const { treasury, burn, voters } = state.accrued;
  const { totals } = books;
  const held = sumOf(LETTERS.map((letter) => state.roles[letter].held));
  return [
    same(
      "V-1 (vault = escrow + credits + fees)",
      state.inVault,
      state.escrow + state.credits + treasury + burn + voters,
    ),
    same("V-2 and J-1 (no escrow without a job)", state.escrow, 0n),
    same("V-3 (fees = their shares, to the wei)", totals.treasury, totals.sweptToTreasury + treasury),
    same(
      "V-3 (burn and voters' leg are burned)",
      totals.burn + totals.voters,
      totals.burned - totals.exitFees + burn + voters,
    ),
    same("every settlement was recorded", BigInt(books.failures), 0n),
    same("R-1 (registry = bonds and exits)", state.inRegistry, totals.bonded - totals.unbonded),
    same("C-1 (engine = what it holds for the roles)", state.inEngine, held),
    most(
      "C-3 (out = at most what swaps, work and the treasury put in)",
      totals.paidOut,
      totals.paidIn + totals.minted + totals.added,
    ),
  ];
}

function roleChecks({ state, books, caps, lastPolicies }: Evidence, letter: RoleLetter): Check[] {
  const [role, book] = [state.roles[letter], books.roles[letter]];
  const step = lastPolicies[letter] / 10n;
  return [
    same(`${letter}: supply by the events`, role.supply, book.supply),
    same(`C-1 (${letter}: reserve by the events)`, role.held + role.earmarked, book.reserve),
    same(`C-4 (${letter}: policy by the events)`, role.policy, book.policy),
    most(`C-4 (${letter}: policy rises by a tenth)`, role.policy, lastPolicies[letter] + step),
    least(`C-4 (${letter}: policy falls by a tenth)`, role.policy, lastPolicies[letter] - step),
    least(`C-2 (${letter}: coverage)`, role.held + role.earmarked, role.supply),
    most(`C-2 (${letter}: bid is at most the coverage)`, role.bid, role.coverage),
    least(`C-5 (${letter}: paid out within the epoch's limit)`, book.left, 0n),
    most(`V-7 (${letter}: minted within the cap)`, book.minted, caps[letter]),
  ];
}

/** A swap lowers no coverage, unless from above the highest rate, and then not below it. */
export function checksOfLeg({ role, what, before, after }: Leg): Check[] {
  if (before.supply === 0n || after.supply === 0n) return [];
  const coverage = (before.reserve * ONE) / before.supply;
  const name = `C-2 (${role}: coverage after tokens were ${what})`;
  if (coverage > MAX_RATE) return [least(name, after.reserve * ONE, after.supply * MAX_RATE)];
  return [least(name, after.reserve * before.supply, before.reserve * after.supply)];
}

/** What work mints is worth less than what is gone for good, and earmarks less than is burned. */
function workChecks({ amount, parts, fee, minted }: SettledWork): Check[] {
  const { provider, orchestrator, treasury, burn, voters } = parts;
  return [
    same("V-3 (the parts add up)", provider + orchestrator + treasury + burn + voters, amount),
    most("the mint's bound by the fee", minted * ONE, fee * MOST_MINTED),
    most("E-2 (a settlement earmarks at most what it burns)", minted, burn),
    most("E-2 (a mint's worth, at most what is gone)", fee * MOST_WORTH, (treasury + burn) * ONE),
  ];
}

const same = (invariant: string, actual: bigint, allowed: bigint): Check => ({
  invariant,
  actual,
  relation: "=",
  allowed,
});
const most = (invariant: string, actual: bigint, allowed: bigint): Check => ({
  invariant,
  actual,
  relation: "<=",
  allowed,
});
const least = (invariant: string, actual: bigint, allowed: bigint): Check => ({
  invariant,
  actual,
  relation: ">=",
  allowed,
});

const sumOf = (amounts: readonly bigint[]) => amounts.reduce((sum, amount) => sum + amount, 0n);
