import type { AddressLike } from "ethers";

import { ROLES, roleId } from "../../deploy/roles.ts";
import type { Split } from "../lib/split.ts";
import type { CipherOcto } from "../lib/system.ts";

/** Where OCTO is, at one moment. */
export type Ledger = {
  /** OCTO in each holder's hands, by the holder's name. */
  readonly balances: ReadonlyMap<string, bigint>;
  /** What the vault owes each holder. */
  readonly credits: ReadonlyMap<string, bigint>;
  /** What the vault holds for running jobs and disputes. */
  readonly escrow: bigint;
  /** Fees that wait to be swept. */
  readonly fees: { treasury: bigint; burn: bigint; voters: bigint };
  readonly supply: bigint;
  /** What the treasury received that is no fee: of its own allocation, and out of reserves. */
  readonly otherwiseToTreasury: bigint;
};

/** Whose OCTO is counted, by name; some names stand for several accounts. */
export type Holders = ReadonlyMap<string, readonly string[]>;

const sum = (values: Iterable<bigint>) => [...values].reduce((total, value) => total + value, 0n);

/** Reads the ledger of everybody who can hold OCTO in a season. */
export async function readLedger(system: CipherOcto, holders: Holders): Promise<Ledger> {
  const { octo, settlement, jobMarket, disputeDesk, treasuryVesting } = system;
  const read = async (of: (address: string) => Promise<bigint>) => {
    const rows = [...holders].map(
      async ([name, accounts]) => [name, sum(await Promise.all(accounts.map(of)))] as const,
    );
    return new Map(await Promise.all(rows));
  };
  const balanceOf = async (market: AddressLike) => (await settlement.marketOf(market)).balance;
  const { treasury, burn, voters } = await settlement.sums();

  return {
    balances: await read((address) => octo.balanceOf(address)),
    credits: await read((address) => settlement.creditOf(address)),
    escrow: (await balanceOf(jobMarket)) + (await balanceOf(disputeDesk)),
    fees: { treasury, burn, voters },
    supply: await octo.totalSupply(),
    otherwiseToTreasury:
      (await treasuryVesting["released(address)"](octo)) + sum((await epochs(system)).map(({ released }) => released)),
  };
}

/** What each epoch of a reserve began with letting go. */
async function epochs({ engine }: CipherOcto): Promise<{ givenBack: bigint; released: bigint }[]> {
  return (await engine.queryFilter(engine.filters.ReserveEpochBegun())).map(({ args }) => args);
}

/** A statement about the books, and whether it holds to the wei. */
export type Check = { what: string; left: bigint; right: bigint };

/**
 * What must hold between two moments: `burned` is what sweeps, sales and slashes burned between them, `splits` how the
 * settlements had to be split by the schedule's own figures.
 */
export async function audit(
  system: CipherOcto,
  before: Ledger,
  after: Ledger,
  burned: { fees: bigint; sales: bigint; slashed: bigint; roleTokens: bigint },
  splits: readonly Split[],
): Promise<Check[]> {
  const { engine, octo, settlement, roleTokens } = system;
  const owed = sum(after.credits.values()) + after.escrow + sum(Object.values(after.fees));
  const reserves = await Promise.all(ROLES.map(({ letter }) => engine.heldOf(roleId(letter))));
  const earmarks = await Promise.all(ROLES.map(({ letter }) => settlement.earmarkOf(roleId(letter))));
  const roleSupplies = await Promise.all(ROLES.map(({ letter }) => roleTokens[letter].totalSupply()));
  const bought = sum((await engine.queryFilter(engine.filters.RoleTokensBought())).map(({ args }) => args.roleOut));
  const minted = await octo.mintedFromBudget();
  const forfeited = sum((await settlement.queryFilter(settlement.filters.Forfeited())).map(({ args }) => args.amount));
  const givenBack = sum((await epochs(system)).map((epoch) => epoch.givenBack));
  const treasury = ({ balances, otherwiseToTreasury }: Ledger) => balances.get("treasury")! - otherwiseToTreasury;

  return [
    { what: "all OCTO = what the holders have", left: after.supply, right: sum(after.balances.values()) },
    {
      what: "OCTO before + minted = OCTO after + burned",
      left: before.supply + minted,
      right: after.supply + burned.fees + burned.sales + burned.slashed,
    },
    {
      what: "fees by the schedule + forfeited bonds = to the treasury + burned",
      left: sum(splits.map(({ treasury, burn, voters }) => treasury + burn + voters)) + forfeited,
      right: treasury(after) - treasury(before) + burned.fees,
    },
    { what: "in the vault = credits + escrow + fees", left: after.balances.get("vault")!, right: owed },
    { what: "in the engine = the roles' reserves", left: after.balances.get("engine")!, right: sum(reserves) },
    {
      what: "role tokens + slashed and sold ones = bought + earned (earmarked, minted as OCTO, or given back)",
      left: sum(roleSupplies) + burned.roleTokens,
      right: bought + sum(earmarks) + minted + givenBack,
    },
  ];
}
