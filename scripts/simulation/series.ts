import type { RoleLetter } from "../../deploy/roles.ts";
import { type Result, resultOf } from "./agents/agent.ts";
import type { Books, Totals } from "./books.ts";
import type { Week } from "./calendar.ts";
import type { Cast } from "./cast.ts";
import type { State } from "./state.ts";
import { LETTERS } from "./world.ts";

/** Amounts in wei of OCTO or of a role's token; as decimal strings in the file. */
export type Wei = bigint;
/** OCTO a role token, 1e18 for one; as decimal strings in the file. */
export type Rate = bigint;

/** A role at the end of an epoch; `volume`, `minted`, `cap` and `paidOut` are sums of the epoch. */
export type RoleRow = {
  readonly supply: Wei;
  readonly held: Wei;
  readonly earmarked: Wei;
  readonly coverage: Rate;
  readonly policy: Rate;
  readonly bid: Rate;
  readonly ask: Rate;
  /** Settled for the role. */
  readonly volume: Wei;
  /** Minted for work, and the most that could have been. */
  readonly minted: Wei;
  readonly cap: Wei;
  /** Paid out for role tokens, exit fees included. */
  readonly paidOut: Wei;
};

/** Somebody's gain since genesis: what he has, less what he put in. */
export type Gain = Result & { readonly result: Wei };

/** What dealing with oneself cost and brought since genesis. */
export type WashGain = Gain & {
  /** His own settlements. */
  readonly settled: Wei;
  /** What of their fees is gone for good: treasury and burn. */
  readonly gone: Wei;
  /** The voters' leg of their fees, which he would have back if every vote were his. */
  readonly voters: Wei;
  /** Role tokens that they minted. */
  readonly minted: Wei;
  /** The result if every vote had been his. */
  readonly withEveryVote: Wei;
};

/** An epoch, at its end; `totals` are sums since genesis. */
export type Row = {
  /** The epoch's number since genesis, from 0; an epoch is a week, a year is 52 of them. */
  readonly epoch: number;
  readonly phase: string;
  /** OCTO there is. */
  readonly supply: Wei;
  /** OCTO ever minted, and the part of it that came out of the budget. */
  readonly everMinted: Wei;
  readonly mintedFromBudget: Wei;
  /** Mint budget that has opened, and what of it is earmarked or minted. */
  readonly budgetOpened: Wei;
  readonly committed: Wei;
  readonly totals: Readonly<Totals>;
  readonly roles: Readonly<Record<RoleLetter, RoleRow>>;
  readonly washTrader: WashGain;
  readonly whale: Gain;
  readonly arbitrageur: Gain;
};

/** What a run was, what it ended with, and every epoch of it. The same for the same seed, years and scenario. */
export type Series = {
  readonly generatedBy: string;
  readonly seed: number;
  readonly years: number;
  readonly phases: readonly {
    readonly name: string;
    readonly kind: string;
    readonly from: number;
    readonly to: number;
  }[];
  readonly transactions: number;
  /** How many comparisons held. */
  readonly checks: number;
  readonly swaps: number;
  readonly settlements: number;
  /** The lowest coverage there ever was, after any swap or at any epoch's end. */
  readonly lowestCoverage: Rate;
  readonly rows: readonly Row[];
};

/** Writes a run down, epoch by epoch. */
export class Recorder {
  readonly rows: Row[] = [];
  checks = 0;
  swaps = 0;
  settlements = 0;
  #lowest: Rate | undefined;
  readonly #washed = { settled: 0n, gone: 0n, voters: 0n, minted: 0n };

  async record(week: Week, { state, books, caps }: Observed, cast: Cast): Promise<void> {
    this.swaps += books.legs.length;
    this.settlements += books.works.length;
    this.#noteLowest(state, books);
    this.#noteWash(books, cast.washTrader.accounts);
    const { supply, everMinted, mintedFromBudget, budgetOpened, committed } = state;
    this.rows.push({
      epoch: week.number,
      phase: week.phase.name,
      ...{ supply, everMinted, mintedFromBudget, budgetOpened, committed },
      totals: { ...books.totals },
      roles: Object.fromEntries(
        LETTERS.map((letter) => [letter, roleRow(letter, { state, books, caps })]),
      ) as Row["roles"],
      washTrader: this.#washGain(await cast.washTrader.result()),
      whale: gainOf(await cast.whale.result()),
      arbitrageur: gainOf(await cast.arbitrageur.result()),
    });
  }

  /** The run as it is written to the file. */
  series(about: Pick<Series, "seed" | "years" | "transactions">, weeks: readonly Week[]): Series {
    const { rows, checks, swaps, settlements } = this;
    const generatedBy = "npm run simulate";
    const lowestCoverage = this.#lowest ?? 0n;
    return { generatedBy, ...about, phases: phasesOf(weeks), checks, swaps, settlements, lowestCoverage, rows };
  }

  #noteLowest({ roles }: State, { legs }: Books): void {
    const ratio = (reserve: Wei, supply: Wei) => (reserve * 10n ** 18n) / supply;
    const seen = [
      ...LETTERS.map((letter) => roles[letter].coverage),
      ...legs.flatMap(({ after: { reserve, supply } }) => (supply === 0n ? [] : [ratio(reserve, supply)])),
    ];
    for (const coverage of seen) {
      if (this.#lowest === undefined || coverage < this.#lowest) this.#lowest = coverage;
    }
  }

  #noteWash({ works }: Books, accounts: readonly string[]): void {
    for (const { client, amount, parts, minted } of works) {
      if (!accounts.includes(client)) continue;
      this.#washed.settled += amount;
      this.#washed.gone += parts.treasury + parts.burn;
      this.#washed.voters += parts.voters;
      this.#washed.minted += minted;
    }
  }

  #washGain(result: Result): WashGain {
    const gain = gainOf(result);
    return { ...gain, ...this.#washed, withEveryVote: gain.result + this.#washed.voters };
  }
}

/** The file's text: amounts as decimal strings. */
export function textOf(series: Series): string {
  return `${JSON.stringify(series, (_, value: unknown) => (typeof value === "bigint" ? value.toString() : value), 1)}\n`;
}

type Observed = { state: State; books: Books; caps: Record<RoleLetter, bigint> };

function roleRow(letter: RoleLetter, { state, books, caps }: Observed): RoleRow {
  const { volume, minted, paidOut } = books.roles[letter];
  return { ...state.roles[letter], volume, minted, cap: caps[letter], paidOut };
}

function gainOf(result: Result): Gain {
  return { ...result, result: resultOf(result) };
}

function phasesOf(weeks: readonly Week[]): Series["phases"] {
  return [...Map.groupBy(weeks, ({ phase }) => phase)].map(([{ name, kind }, those]) => ({
    name,
    kind,
    from: those[0]!.number,
    to: those.at(-1)!.number + 1,
  }));
}
