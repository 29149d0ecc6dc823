// One delegation pool as the economy means it, to the wei. A refused step changes nothing and says so.

const DAY = 86_400n;
const OCTO = 10n ** 18n;
const WHOLE = 10_000n;
const SCALE = 10n ** 18n;

const MIN_DELEGATION = 10n * OCTO;
const MAX_TIMES_OWN_BOND = 5n;
const MAX_CUT = 3_000n;
const DEFAULT_CUT = 1_000n;
const PRICE_FLOOR = 10_000n;
const LONGEST_FREEZE_DAYS = 60n;

const min = (a: bigint, b: bigint) => (a < b ? a : b);
const max = (a: bigint, b: bigint) => (a > b ? a : b);
const ceilDiv = (a: bigint, b: bigint) => (a + b - 1n) / b;

/** The first midnight that is at least seven days away, in days since 1970. */
const dayOfExit = (at: bigint) => ceilDiv(at + 7n * DAY, DAY);

/** What is shared, and how many shares of it there are. */
type Lot = { tokens: bigint; shares: bigint };
type Holder = { shares: bigint; generation: number; paidIndex: bigint; owed: bigint };
type Leaver = { shares: bigint; paid: bigint; lot: Lot };

export class DelegationModel {
  now = 0n;
  readonly ownBond: bigint;
  pool: Lot = { tokens: 0n, shares: 0n };
  generation = 0;
  /** OCTO that left for good, through a withdrawal or a slash. */
  gone = 0n;
  came = 0n;
  accrued = 0n;
  claimed = 0n;
  #index = 0n;
  readonly #lastIndex: bigint[] = [];
  readonly #holders = new Map<string, Holder>();
  /** The lots of a day's exits: all but the last are closed. */
  readonly #exits = new Map<bigint, Lot[]>();
  readonly #leavers = new Map<string, Leaver>();
  readonly #disputes = new Map<string, bigint>();
  #frozenFrom = 0n;
  #cut = DEFAULT_CUT;
  #announced: { cut: bigint; day: bigint } | undefined;

  constructor(ownBond: bigint) {
    this.ownBond = ownBond;
  }

  // What delegators do

  delegate(who: string, amount: bigint): boolean {
    const { tokens, shares } = this.pool;
    if (amount < MIN_DELEGATION) return false;
    if (tokens * PRICE_FLOOR < shares) return false;
    if (tokens + amount > MAX_TIMES_OWN_BOND * this.ownBond) return false;

    const bought = (amount * (shares + 1n)) / (tokens + 1n);
    this.#book(who).shares += bought;
    this.pool = { tokens: tokens + amount, shares: shares + bought };
    this.came += amount;
    return true;
  }

  undelegate(who: string, shares: bigint): boolean {
    if (shares === 0n || shares > this.sharesOf(who)) return false;
    const amount = this.#worth(shares);
    const left = this.sharesOf(who) - shares;
    const after = { tokens: this.pool.tokens - amount, shares: this.pool.shares - shares };
    const leftWorth = after.tokens === 0n ? 0n : (left * (after.tokens + 1n)) / (after.shares + 1n);
    if (left !== 0n && leftWorth < MIN_DELEGATION) return false;

    this.#book(who).shares = left;
    this.pool = after;
    this.#endIfWiped();
    this.#addExit(who, dayOfExit(this.now), amount);
    return true;
  }

  withdraw(who: string, day: bigint): boolean {
    const leaver = this.#leavers.get(`${day}/${who}`);
    if (leaver === undefined || this.now < day * DAY) return false;
    const shares = this.#free(day, leaver);
    const amount = this.#worthIn(leaver.lot, shares);
    if (amount === 0n) return false;

    this.#takeFrom(leaver.lot, shares);
    leaver.paid += shares;
    if (leaver.paid === leaver.shares) this.#leavers.delete(`${day}/${who}`);
    this.gone += amount;
    return true;
  }

  claim(who: string): boolean {
    const amount = this.claimable(who);
    if (amount === 0n) return false;

    this.#book(who).owed = 0n;
    this.claimed += amount;
    return true;
  }

  // What the provider and the registry do

  setCut(cut: bigint): boolean {
    if (cut > MAX_CUT) return false;
    const current = this.cut;
    const warned = cut < current && this.pool.shares > 0n;
    this.#announced = warned ? { cut, day: dayOfExit(this.now) } : undefined;
    this.#cut = warned ? current : cut;
    return true;
  }

  accrue(pay: bigint): void {
    const { tokens, shares } = this.pool;
    if (tokens === 0n) return;
    const amount = (pay * this.cut * tokens) / (WHOLE * (this.ownBond + tokens));
    this.#index += (amount * SCALE) / shares;
    this.accrued += amount;
  }

  slash(amount: bigint, offenceAt: bigint): void {
    const exposed = this.exposure(offenceAt);
    const wanted = min(amount, exposed);
    if (wanted === 0n) return;
    let rest = wanted;
    for (const lot of this.#exposedLots(offenceAt)) {
      const part = (lot.tokens * wanted) / exposed;
      lot.tokens -= part;
      rest -= part;
    }
    const fromStake = min(rest, this.pool.tokens);
    this.pool.tokens -= fromStake;
    this.gone += wanted - (rest - fromStake);
    this.#endIfWiped();
  }

  freeze(dispute: string, amount: bigint, offenceAt: bigint): void {
    const exposed = this.exposure(offenceAt);
    const kept = min(amount, exposed);
    if (kept === 0n || this.#disputes.has(dispute)) return;

    const first = this.#firstExposed(offenceAt);
    this.#frozenFrom = this.#disputes.size === 0 ? first : min(first, this.#frozenFrom);
    this.#disputes.set(dispute, ceilDiv(kept * WHOLE, exposed));
  }

  thaw(dispute: string): void {
    this.#disputes.delete(dispute);
  }

  // What can be seen

  get cut(): bigint {
    return this.#announced !== undefined && this.now >= this.#announced.day * DAY ? this.#announced.cut : this.#cut;
  }

  get frozenShare(): bigint {
    return min(
      [...this.#disputes.values()].reduce((sum, share) => sum + share, 0n),
      WHOLE,
    );
  }

  sharesOf(who: string): bigint {
    const holder = this.#holders.get(who);
    return holder?.generation === this.generation ? holder.shares : 0n;
  }

  worthOf(who: string): bigint {
    return this.#worth(this.sharesOf(who));
  }

  claimable(who: string): bigint {
    const holder = this.#holders.get(who);
    return holder === undefined ? 0n : holder.owed + this.#pending(holder);
  }

  exposure(offenceAt: bigint): bigint {
    return this.#exposedLots(offenceAt).reduce((sum, { tokens }) => sum + tokens, this.pool.tokens);
  }

  exitOf(who: string, day: bigint) {
    const leaver = this.#leavers.get(`${day}/${who}`);
    if (leaver === undefined) return { shares: 0n, paid: 0n, worth: 0n, withdrawable: 0n };
    const free = this.now < day * DAY ? 0n : this.#free(day, leaver);
    return {
      shares: leaver.shares,
      paid: leaver.paid,
      worth: this.#worthIn(leaver.lot, leaver.shares - leaver.paid),
      withdrawable: this.#worthIn(leaver.lot, free),
    };
  }

  /** All that leaves and has not left. */
  get leaving(): bigint {
    return [...this.#exits.values()].flat().reduce((sum, { tokens }) => sum + tokens, 0n);
  }

  /** The exits that are not paid out: who, on which day. */
  get exits(): { who: string; day: bigint }[] {
    return [...this.#leavers.keys()].map((key) => {
      const [day, who] = key.split("/") as [string, string];
      return { who, day: BigInt(day) };
    });
  }

  get sharesHeld(): bigint {
    return [...this.#holders.keys()].reduce((sum, who) => sum + this.sharesOf(who), 0n);
  }

  // Shares

  #worth(shares: bigint): bigint {
    return (shares * (this.pool.tokens + 1n)) / (this.pool.shares + 1n);
  }

  #endIfWiped(): void {
    if (this.pool.tokens !== 0n || this.pool.shares === 0n) return;
    this.#lastIndex[this.generation] = this.#index;
    this.pool = { tokens: 0n, shares: 0n };
    this.generation += 1;
  }

  #pending({ shares, generation, paidIndex }: Holder): bigint {
    const index = generation === this.generation ? this.#index : this.#lastIndex[generation]!;
    return (shares * (index - paidIndex)) / SCALE;
  }

  /** The holder, with what it has earned booked as owed. */
  #book(who: string): Holder {
    const { generation } = this;
    const holder = this.#holders.get(who) ?? { shares: 0n, generation, paidIndex: this.#index, owed: 0n };
    holder.owed += this.#pending(holder);
    holder.paidIndex = this.#index;
    if (holder.generation !== generation) Object.assign(holder, { shares: 0n, generation });
    this.#holders.set(who, holder);
    return holder;
  }

  // Exits

  #addExit(who: string, day: bigint, amount: bigint): void {
    const lots = this.#exits.get(day) ?? [{ tokens: 0n, shares: 0n }];
    this.#exits.set(day, lots);
    if (lots.at(-1)!.tokens * PRICE_FLOOR < lots.at(-1)!.shares) lots.push({ tokens: 0n, shares: 0n });
    const lot = lots.at(-1)!;

    const key = `${day}/${who}`;
    const leaver = this.#leavers.get(key) ?? { shares: 0n, paid: 0n, lot };
    if (leaver.lot !== lot) {
      amount += this.#takeFrom(leaver.lot, leaver.shares);
      Object.assign(leaver, { shares: 0n, lot });
    }
    const shares = lot.tokens === 0n ? amount : (amount * lot.shares) / lot.tokens;
    lot.tokens += amount;
    lot.shares += shares;
    leaver.shares += shares;
    if (leaver.shares !== 0n) this.#leavers.set(key, leaver);
  }

  #worthIn({ tokens, shares }: Lot, of: bigint): bigint {
    return shares === 0n ? 0n : (of * tokens) / shares;
  }

  #takeFrom(lot: Lot, shares: bigint): bigint {
    const amount = this.#worthIn(lot, shares);
    lot.tokens -= amount;
    lot.shares -= shares;
    return amount;
  }

  #free(day: bigint, { shares, paid }: Leaver): bigint {
    const allowed = day < this.#firstKept() ? shares : (shares * (WHOLE - this.frozenShare)) / WHOLE;
    return max(allowed - paid, 0n);
  }

  #firstKept(): bigint {
    const tomorrow = this.now / DAY + 1n;
    if (this.#disputes.size === 0) return tomorrow;
    return min(tomorrow, max(this.#frozenFrom, tomorrow - LONGEST_FREEZE_DAYS));
  }

  #firstExposed(offenceAt: bigint): bigint {
    return max(dayOfExit(offenceAt), this.#firstKept());
  }

  #exposedLots(offenceAt: bigint): Lot[] {
    const first = this.#firstExposed(offenceAt);
    return [...this.#exits].filter(([day]) => day >= first).map(([, lots]) => lots.at(-1)!);
  }
}
