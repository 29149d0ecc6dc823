// What a position has at stake and what a slash does to it, exact to the last wei. Times are in Unix seconds, shares in
// basis points.
//
//   share      of the price, 1.5 as often as there were offences within 180 days before, at most everything
//   taken      the share of all that is exposed, own and delegated, at most what the week's budget leaves
//   order      what the dispute froze, the bond, exposed exits the latest first, delegated stake
//   exposed    exits asked for after the offence and not free yet; of one day all are asked for at its last time
//   suspended  once what is left of either lane, slash after slash over 180 days, is a half or less
//
// Every rounding is down. Delegated stake is one sum here: who has what of it is the pools' own model's.

export const DAY = 86_400n;
export const BPS = 10_000n;

const HISTORY_ENTRIES = 5;
const HISTORY_DAYS = 180n;
const ONE = 10n ** 18n;

export type Lanes = { octo: bigint; roleTokens: bigint };
export type Exit = Lanes & { askedAt: bigint };
export type Frozen = { fromExits: Lanes; fromBond: Lanes; day: bigint };
export type Entry = { day: bigint; lost: Lanes };
export type Price = Lanes;
export type Taken = Lanes & { stake: Lanes; repeats: bigint };

const LANES = ["octo", "roleTokens"] as const;
const none = (): Lanes => ({ octo: 0n, roleTokens: 0n });
const least = (a: bigint, b: bigint) => (a < b ? a : b);

/** The first midnight at least seven days after a moment, in days since 1970. */
export const dayOfExit = (askedAt: bigint) => (askedAt + 8n * DAY - 1n) / DAY;

/** A position with its exits, disputes and offences. */
export class AtStake {
  bond = none();
  delegated = 0n;
  waiting = none();
  suspended = false;
  readonly exits = new Map<bigint, Exit>();
  readonly disputes = new Map<string, Frozen>();
  history: Entry[] = [];

  /** What disputes keep of the bond. */
  get frozen(): Lanes {
    const sum = none();
    for (const { fromBond } of this.disputes.values()) for (const lane of LANES) sum[lane] += fromBond[lane];
    return sum;
  }

  /** Whether so much can leave the bond. */
  canUnbond(amount: Lanes): boolean {
    const { frozen } = this;
    return LANES.every((lane) => amount[lane] === 0n || this.bond[lane] - amount[lane] >= frozen[lane]);
  }

  unbond(amount: Lanes, at: bigint): void {
    const exit = this.exits.get(dayOfExit(at)) ?? { ...none(), askedAt: 0n };
    for (const lane of LANES) {
      this.bond[lane] -= amount[lane];
      exit[lane] += amount[lane];
    }
    this.exits.set(dayOfExit(at), { ...exit, askedAt: at });
  }

  /** Freezes exits, the latest first, then what no other dispute has frozen of the bond. */
  open(dispute: string, amount: Lanes, offenceAt: bigint, at: bigint): void {
    const { frozen } = this;
    const { taken: fromExits, day } = this.#takeExits(amount, offenceAt, at);
    const fromBond = none();
    for (const lane of LANES) {
      const free = this.bond[lane] > frozen[lane] ? this.bond[lane] - frozen[lane] : 0n;
      fromBond[lane] = least(amount[lane] - fromExits[lane], free);
    }
    this.disputes.set(dispute, { fromExits, fromBond, day });
  }

  /** Frees what a dispute still keeps. */
  close(dispute: string): void {
    const { fromExits, day } = this.disputes.get(dispute)!;
    this.disputes.delete(dispute);
    const exit = this.exits.get(day);
    if (exit !== undefined) for (const lane of LANES) exit[lane] += fromExits[lane];
  }

  /** Slashes, and ends the dispute it names. */
  slash(price: Price, budget: Lanes, offenceAt: bigint, at: bigint, dispute?: string): Taken {
    const repeats = this.repeats(at);
    const kept = dispute === undefined ? none() : this.disputes.get(dispute)!.fromExits;
    const leaving = this.#exposed(offenceAt, at);
    const [stake, taken, left] = [none(), none(), none()];
    for (const lane of LANES) {
      stake[lane] = this.bond[lane] + kept[lane] + sum(leaving.map(([, exit]) => exit[lane]));
      const all = stake[lane] + (lane === "octo" ? this.delegated : 0n);
      left[lane] = least((all * escalated(price[lane], repeats)) / BPS, budget[lane]);
      taken[lane] = left[lane];

      const fromKept = least(left[lane], kept[lane]);
      kept[lane] -= fromKept;
      left[lane] -= fromKept;
      const fromBond = least(left[lane], this.bond[lane]);
      this.bond[lane] -= fromBond;
      left[lane] -= fromBond;
    }
    const { taken: fromExits } = this.#takeExits(left, offenceAt, at);
    this.delegated -= left.octo - fromExits.octo;
    for (const lane of LANES) this.waiting[lane] += taken[lane];
    if (dispute !== undefined) this.close(dispute);
    this.#note(taken, stake, at);
    return { ...taken, stake, repeats };
  }

  /** Offences within 180 days before a moment. */
  repeats(at: bigint): bigint {
    return BigInt(this.#recent(at).length);
  }

  #note(taken: Lanes, stake: Lanes, at: bigint): void {
    const lost = none();
    for (const lane of LANES) lost[lane] = stake[lane] === 0n ? 0n : least((taken[lane] * BPS) / stake[lane], BPS);
    this.history = [{ day: at / DAY, lost }, ...this.history].slice(0, HISTORY_ENTRIES);
    for (const lane of LANES) {
      const left = this.#recent(at).reduce((rest, entry) => (rest * (BPS - entry.lost[lane])) / BPS, ONE);
      if (2n * left <= ONE) this.suspended = true;
    }
  }

  #recent(at: bigint): Entry[] {
    return this.history.filter(({ day }) => at / DAY - day <= HISTORY_DAYS);
  }

  /** Exits that an offence reaches, the latest first. */
  #exposed(offenceAt: bigint, at: bigint): [bigint, Exit][] {
    const reached = [...this.exits].filter(([day, { askedAt }]) => askedAt > offenceAt && day * DAY > at);
    return reached.sort(([a], [b]) => Number(b - a));
  }

  #takeExits(wanted: Lanes, offenceAt: bigint, at: bigint): { taken: Lanes; day: bigint } {
    const taken = none();
    let earliest = 0n;
    for (const [day, exit] of this.#exposed(offenceAt, at)) {
      for (const lane of LANES) {
        const part = least(wanted[lane] - taken[lane], exit[lane]);
        exit[lane] -= part;
        taken[lane] += part;
        if (part !== 0n) earliest = day;
      }
    }
    return { taken, day: earliest };
  }
}

/** 1.5 as often as there were repeats, at most everything. */
export function escalated(share: bigint, repeats: bigint): bigint {
  return least((share * 3n ** repeats) / 2n ** repeats, BPS);
}

function sum(amounts: bigint[]): bigint {
  return amounts.reduce((total, amount) => total + amount, 0n);
}
