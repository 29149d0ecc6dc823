import { MaxUint256, parseEther } from "ethers";

import { type RoleLetter, roleId } from "../../deploy/roles.ts";
import type { World } from "./world.ts";

const ONE = parseEther("1");
const SMALLEST_SALE = 100n * ONE;

/** A role's rates, as the engine shows them. */
export type Rates = { coverage: bigint; policy: bigint; bid: bigint };

export async function ratesOf({ system: { engine } }: World, letter: RoleLetter): Promise<Rates> {
  const role = roleId(letter);
  const [coverage, policy, bid] = await Promise.all([
    engine.coverageOf(role),
    engine.policyOf(role),
    engine.bidOf(role),
  ]);
  return { coverage, policy, bid };
}

/** Buys role tokens for so much OCTO; nothing if that is less than the smallest purchase. */
export async function buyFor(world: World, account: string, letter: RoleLetter, octoIn: bigint): Promise<bigint> {
  const { engine } = world.system;
  const least = await engine.quote(roleId(letter), octoIn);
  if (least < ONE) return 0n;
  await world.chain.send(account, engine.buy.populateTransaction(roleId(letter), octoIn, least, MaxUint256));
  return least;
}

/** Buys exactly so many role tokens; returns the price. */
export async function buyExactly(world: World, account: string, letter: RoleLetter, amount: bigint): Promise<bigint> {
  const { engine } = world.system;
  const price = await engine.quoteExactOut(roleId(letter), amount);
  await world.chain.send(account, engine.buy.populateTransaction(roleId(letter), price, amount, MaxUint256));
  return price;
}

/** Sells at most so many role tokens, as many as the epoch still pays for; returns how many. */
export async function sellUpTo(world: World, account: string, letter: RoleLetter, amount: bigint): Promise<bigint> {
  const { engine } = world.system;
  const sold = await payable(world, account, letter, amount);
  if (sold === 0n) return 0n;
  const { octoOut } = await engine.quoteSell(account, roleId(letter), sold);
  await world.chain.send(account, engine.sell.populateTransaction(roleId(letter), sold, octoOut, MaxUint256));
  return sold;
}

/** Swaps at most so many role tokens into another role's; returns how many. */
export async function swapUpTo(
  world: World,
  account: string,
  { from, to, amount }: { from: RoleLetter; to: RoleLetter; amount: bigint },
): Promise<bigint> {
  const { engine } = world.system;
  const sold = await payable(world, account, from, amount);
  if (sold === 0n) return 0n;
  const { roleOut } = await engine.quoteSwap(account, roleId(from), roleId(to), sold);
  if (roleOut < ONE) return 0n;
  const swap = engine.swap.populateTransaction(roleId(from), roleId(to), sold, roleOut, MaxUint256);
  await world.chain.send(account, swap);
  return sold;
}

/** What the engine would take of so many role tokens now: no crumbs, and no more than the epoch's limit. */
async function payable(world: World, account: string, letter: RoleLetter, amount: bigint): Promise<bigint> {
  if (amount === 0n) return 0n;
  const { engine, roleTokens } = world.system;
  const [{ payOutLeft }, bid, balance] = await Promise.all([
    engine.limitsOf(account, roleId(letter)),
    engine.bidOf(roleId(letter)),
    roleTokens[letter].balanceOf(account),
  ]);
  const most = (payOutLeft * ONE) / bid;
  const wanted = amount < balance ? amount : balance;
  const sold = wanted < most ? wanted : most;
  return sold >= SMALLEST_SALE || (sold === balance && sold > 0n) ? sold : 0n;
}
