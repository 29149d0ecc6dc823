import { type Log, ZeroAddress } from "ethers";

import { type RoleLetter, ROLES } from "../../deploy/roles.ts";
import { type Shares, type Split, splitOf } from "../lib/split.ts";
import type { CipherOcto } from "../lib/system.ts";
import { LETTERS } from "./world.ts";

/** A role as its events leave it: kept apart from the contracts, to be compared with them. */
export type RoleBook = {
  /** Held and earmarked OCTO together. */
  reserve: bigint;
  supply: bigint;
  policy: bigint;
  /** What the role may still pay out in the epoch. */
  left: bigint;
  /** What was settled in the epoch, and in the two before it. */
  volume: bigint;
  lastVolumes: readonly [bigint, bigint];
  /** What work minted in the epoch. */
  minted: bigint;
  /** What was paid out in the epoch for role tokens, fees included. */
  paidOut: bigint;
};

/** A settlement with what it minted. */
export type SettledWork = {
  readonly client: string;
  readonly provider: string;
  readonly amount: bigint;
  readonly parts: Split;
  readonly fee: bigint;
  /** Role tokens of all roles. */
  minted: bigint;
};

/** A purchase, or the first or second leg of a swap, or a sale: the reserve and the supply before and after it. */
export type Leg = {
  readonly role: RoleLetter;
  readonly what: "bought" | "sold";
  readonly account: string;
  readonly before: { reserve: bigint; supply: bigint };
  readonly after: { reserve: bigint; supply: bigint };
};

/** A decoded event. */
type Event = { readonly name: string; readonly args: Record<string, unknown> };

/** Sums since genesis, in wei. */
export type Totals = {
  settled: bigint;
  provider: bigint;
  orchestrator: bigint;
  treasury: bigint;
  burn: bigint;
  voters: bigint;
  /** Role tokens minted for work. */
  minted: bigint;
  /** OCTO burned: fees that were swept, and exit fees. */
  burned: bigint;
  exitFees: bigint;
  /** OCTO that left the reserves for what was sold, fees included, and that came in for what was bought. */
  paidOut: bigint;
  paidIn: bigint;
  /** What the treasury added to reserves, and what of a surplus left them. */
  added: bigint;
  surplus: bigint;
  sweptToTreasury: bigint;
  /** OCTO that was bonded, and OCTO that was withdrawn of it. */
  bonded: bigint;
  unbonded: bigint;
};

const PAY_OUT_SHARE = 500n;
const PAY_OUT_FLOOR = 10_000n * 10n ** 18n;

/** Follows every event of the suite and books what it says. */
export class Books {
  readonly roles: Record<RoleLetter, RoleBook>;
  readonly totals: Totals;
  /** Of the epoch. */
  works: SettledWork[] = [];
  legs: Leg[] = [];
  failures = 0;
  readonly #system: CipherOcto;
  readonly #schedules: readonly Shares[];
  readonly #tokens: ReadonlyMap<string, RoleLetter>;

  constructor(system: CipherOcto, schedules: readonly Shares[]) {
    this.#system = system;
    this.#schedules = schedules;
    this.#tokens = new Map(LETTERS.map((letter) => [lower(system.addresses[`token${letter}`]), letter]));
    this.roles = Object.fromEntries(LETTERS.map((letter) => [letter, emptyBook()])) as typeof this.roles;
    this.totals = {
      settled: 0n,
      provider: 0n,
      orchestrator: 0n,
      treasury: 0n,
      burn: 0n,
      voters: 0n,
      minted: 0n,
      burned: 0n,
      exitFees: 0n,
      paidOut: 0n,
      paidIn: 0n,
      added: 0n,
      surplus: 0n,
      sweptToTreasury: 0n,
      bonded: 0n,
      unbonded: 0n,
    };
  }

  /** The contracts whose events are followed. */
  get contracts(): string[] {
    const { engine, settlement, registry } = this.#system.addresses;
    return [engine, settlement, registry, ...this.#tokens.keys()];
  }

  /** Books an epoch's events, in their order. */
  follow(logs: readonly Log[]): void {
    this.works = [];
    this.legs = [];
    for (const book of Object.values(this.roles)) {
      book.lastVolumes = [book.volume, book.lastVolumes[0]];
      [book.volume, book.minted, book.paidOut] = [0n, 0n, 0n];
    }
    for (const transaction of Map.groupBy(logs, ({ transactionHash }) => transactionHash).values()) {
      this.#followOne(transaction);
    }
  }

  #followOne(logs: readonly Log[]): void {
    const { engine, settlement, registry, addresses } = this.#system;
    let work: SettledWork | undefined;
    for (const log of logs) {
      const address = lower(log.address);
      const token = this.#tokens.get(address);
      if (token !== undefined) this.#onMint(token, log, work);
      else if (address === lower(addresses.engine)) this.#onEngine(engine.interface.parseLog(log)!);
      else if (address === lower(addresses.registry)) this.#onRegistry(registry.interface.parseLog(log)!);
      else work = this.#onVault(settlement.interface.parseLog(log)!) ?? work;
    }
  }

  /** Mints for work alone: those of purchases are booked with the purchase. */
  #onMint(letter: RoleLetter, log: Log, work: SettledWork | undefined): void {
    if (work === undefined) return;
    const event = this.#system.roleTokens[letter].interface.parseLog(log)!;
    if (event.name !== "Transfer" || event.args[0] !== ZeroAddress) return;
    const amount: bigint = event.args[2];
    const book = this.roles[letter];
    book.supply += amount;
    book.reserve += amount;
    book.minted += amount;
    work.minted += amount;
    this.totals.minted += amount;
  }

  #onVault({ name, args }: Event): SettledWork | undefined {
    if (name === "RecordingFailed") this.failures++;
    if (name === "Swept") {
      this.totals.burned += args["burned"] as bigint;
      this.totals.sweptToTreasury += args["treasury"] as bigint;
    }
    if (name !== "Settled") return undefined;

    const amount = args["amount"] as bigint;
    const orchestrated = args["orchestrator"] !== ZeroAddress;
    const parts = splitOf(amount, this.#schedules[Number(args["schedule"]) - 1]!, orchestrated);
    for (const leg of ["provider", "orchestrator", "treasury", "burn", "voters"] as const) {
      this.totals[leg] += parts[leg];
    }
    this.totals.settled += amount;
    this.roles[letterOf(args["role"])].volume += wholeGwei(amount);
    if (orchestrated && letterOf(args["role"]) !== "O") this.roles.O.volume += wholeGwei(amount);
    const [client, provider] = [args["client"] as string, args["provider"] as string];
    const fee = parts.treasury + parts.burn + parts.voters;
    const work = { client, provider, amount, parts, fee, minted: 0n };
    this.works.push(work);
    return work;
  }

  #onRegistry({ name, args }: Event): void {
    if (name === "Bonded") this.totals.bonded += args["octo"] as bigint;
    if (name === "Withdrawn") this.totals.unbonded += args["octo"] as bigint;
  }

  #onEngine({ name, args }: Event): void {
    const amount = (key: string) => args[key] as bigint;
    if (name === "RoleTokensBought") {
      this.#bought(letterOf(args["role"]), args["buyer"] as string, amount("octoIn"), amount("roleOut"));
    } else if (name === "RoleTokensSold") {
      const account = args["seller"] as string;
      this.#sold(letterOf(args["role"]), account, amount("roleIn"), amount("octoOut"), amount("fee"));
    } else if (name === "RoleTokensSwapped") {
      const account = args["account"] as string;
      this.#sold(letterOf(args["from"]), account, amount("roleIn"), amount("octoMoved"), amount("fee"));
      this.#bought(letterOf(args["to"]), account, amount("octoMoved"), amount("roleOut"));
    } else if (name === "ReserveEpochBegun") {
      this.#begun(letterOf(args["role"]), amount("policy"), amount("givenBack") + amount("released"));
    } else if (name === "ReserveAddedTo") {
      this.roles[letterOf(args["role"])].reserve += amount("amount");
      this.totals.added += amount("amount");
    }
  }

  #bought(role: RoleLetter, account: string, octoIn: bigint, roleOut: bigint): void {
    this.#leg(role, "bought", account, octoIn, roleOut);
    this.roles[role].left += octoIn;
    this.totals.paidIn += octoIn;
  }

  #sold(role: RoleLetter, account: string, roleIn: bigint, octoOut: bigint, fee: bigint): void {
    const value = octoOut + fee;
    this.#leg(role, "sold", account, -value, -roleIn);
    this.roles[role].left -= value;
    this.roles[role].paidOut += value;
    this.totals.paidOut += value;
    this.totals.exitFees += fee;
    this.totals.burned += fee;
  }

  #leg(role: RoleLetter, what: Leg["what"], account: string, octo: bigint, tokens: bigint): void {
    const book = this.roles[role];
    const before = { reserve: book.reserve, supply: book.supply };
    book.reserve += octo;
    book.supply += tokens;
    this.legs.push({ role, what, account, before, after: { reserve: book.reserve, supply: book.supply } });
  }

  #begun(role: RoleLetter, policy: bigint, surplus: bigint): void {
    const book = this.roles[role];
    book.reserve -= surplus;
    book.policy = policy;
    const share = (book.reserve * PAY_OUT_SHARE) / 10_000n;
    book.left = share > PAY_OUT_FLOOR ? share : PAY_OUT_FLOOR;
    this.totals.surplus += surplus;
  }
}

function emptyBook(): RoleBook {
  const sums = { reserve: 0n, supply: 0n, left: 0n, volume: 0n, minted: 0n, paidOut: 0n };
  return { ...sums, policy: 10n ** 18n, lastVolumes: [0n, 0n] };
}

const lower = (address: string) => address.toLowerCase();

/** Volumes count whole gwei. */
const wholeGwei = (amount: bigint) => amount - (amount % 10n ** 9n);

/** A role by its id. */
const letterOf = (id: unknown): RoleLetter => ROLES[Number(id) - 1]!.letter;
