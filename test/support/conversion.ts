import { roleId } from "../../deploy/roles.ts";
import { ethers, loadFixture, OCTO, time } from "./fixture.ts";
import { lockAndSettle, type MarketWorld, withMarket, workOf } from "./testMarket.ts";
import { emptyInto } from "./vesting.ts";

const { MaxUint256 } = ethers;
const EPOCH = 7n * 86_400n;

export const [A, S, D] = [roleId("A"), roleId("S"), roleId("D")];

/** The roles in which `withMarket` has an active provider, so that work is recorded and mints. */
export type WorkingRole = "A" | "D";

/**
 * The suite with a second market, the client with 2 billion OCTO of credit, at the beginning of an epoch. Nobody has
 * touched role S yet.
 */
export async function withCredit(): Promise<MarketWorld> {
  const world = await loadFixture(withMarket);
  const { octo, settlement, addresses } = world.system;
  await emptyInto(world.system, "treasuryVesting", world.actors.treasury);
  await emptyInto(world.system, "earlyVesting", world.actors.early);
  for (const actor of [world.actors.treasury, world.actors.early]) {
    const riches = await octo.balanceOf(actor.address);
    await octo.connect(actor).approve(addresses.settlement, riches);
    await settlement.connect(actor).deposit(world.actors.client.address, riches);
  }
  await octo.connect(world.actors.liquidity).approve(addresses.engine, MaxUint256);
  await nextEpoch(world);
  return world;
}

/** As `withCredit`, and the provider has earned some 13,000 OCTO-D, which are not bonded; no OCTO-D was sold. */
export async function withEarnings(): Promise<MarketWorld> {
  const world = await loadFixture(withCredit);
  await work(world, "D", 1_000_000n * OCTO);
  return world;
}

/** To a minute after the beginning of the next epoch, or of the one so many later. */
export async function nextEpoch({ system }: MarketWorld, epochs = 1n): Promise<void> {
  const epoch = await system.settlement.currentEpoch();
  await time.increaseTo((await system.octo.genesisAt()) + (epoch + epochs) * EPOCH + 60n);
}

/** Settles work of the provider; returns what it minted. */
export async function work(world: MarketWorld, letter: WorkingRole, amount: bigint): Promise<bigint> {
  const token = world.system.roleTokens[letter];
  const before = await token.totalSupply();
  await lockAndSettle(world, workOf(world, { role: roleId(letter), amount }));
  return (await token.totalSupply()) - before;
}

/** A week of work in role D for each volume, in OCTO; poked in each week or not at all. */
export async function workWeekly(world: MarketWorld, volumes: readonly bigint[], poking: boolean): Promise<void> {
  for (const volume of volumes) {
    if (volume !== 0n) await work(world, "D", volume * OCTO);
    if (poking) await world.system.engine.poke(D);
    await nextEpoch(world);
  }
}

/** Everything of a role that a swap may change. */
export async function stateOf({ system }: MarketWorld, role: bigint, blockTag: number | "latest" = "latest") {
  const { engine, settlement } = system;
  const token = Object.values(system.roleTokens)[Number(role) - 1]!;
  const at = { blockTag };
  const [{ held, earmarked }, supply, coverage, policy, bid, ask, heldAsBooked, earmarkInVault] = await Promise.all([
    engine.reserveOf(role, at),
    token.totalSupply(at),
    engine.coverageOf(role, at),
    engine.policyOf(role, at),
    engine.bidOf(role, at),
    engine.askOf(role, at),
    engine.heldOf(role, at),
    settlement.earmarkOf(role, at),
  ]);
  return { held, earmarked, supply, coverage, policy, bid, ask, heldAsBooked, earmarkInVault };
}
