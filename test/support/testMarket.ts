import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import type { AddressLike, BaseContract, BigNumberish, BytesLike } from "ethers";

import { bitmap, roleId, SCHEDULES } from "../../deploy/roles.ts";
import { domainOf, RECEIVE_TYPES } from "../../scripts/lib/deal.ts";
import type { TypedContractMethod } from "../../typechain-types/common.js";
import { ethers, OCTO, staffed, type World } from "./fixture.ts";
import { untilMidnight } from "./jobs.ts";

/** The members of the vault's `Lock`. */
export type Lock = {
  client: string;
  amount: bigint;
  role: bigint;
  schedule: bigint;
  provider: string;
  capacity: bigint;
};

/** The members of the vault's `Work`. */
export type Work = {
  client: string;
  provider: string;
  orchestrator: string;
  amount: bigint;
  role: bigint;
  schedule: bigint;
  success: bigint;
  speed: bigint;
  bound: boolean;
};

/** The members of the vault's `Rating`. */
export type Rating = {
  client: string;
  provider: string;
  role: bigint;
  schedule: bigint;
  amount: bigint;
  rating: bigint;
};

/** The members of the vault's `Authorization`. */
export type Authorization = { validAfter: bigint; validBefore: bigint; deal: string; signature: string };

/** What a TestMarket brings when the vault calls it back. */
export const PULL = { exact: 0n, less: 1n, more: 2n, nothing: 3n } as const;

type Nonpayable<Arguments extends unknown[], Result = void> = TypedContractMethod<Arguments, [Result], "nonpayable">;
type View<Result> = TypedContractMethod<[], [Result], "view">;

/** test/mocks/TestMarket.sol: a market through which a test calls the vault. */
export type TestMarket = BaseContract & {
  misbehave: Nonpayable<[pull: BigNumberish]>;
  reenter: Nonpayable<[target: AddressLike, data: BytesLike]>;
  reentries: View<bigint>;
  reentrySucceeded: View<boolean>;
  reentryResult: View<string>;
  pull: Nonpayable<[client: AddressLike, amount: BigNumberish]>;
  lockByApproval: Nonpayable<[terms: Lock, payOutByDefault: boolean]>;
  lockByAuthorization: Nonpayable<[terms: Lock, authorization: Authorization]>;
  lockFromCredit: Nonpayable<[terms: Lock]>;
  refund: Nonpayable<[work: Work, failed: boolean]>;
  rate: Nonpayable<[given: Rating]>;
  settle: Nonpayable<[work: Work], bigint>;
  closeMarket: Nonpayable<[]>;
  batch: Nonpayable<[targets: AddressLike[], calls: BytesLike[]]>;
};

/** Every role of genesis and work of no role. */
export const ALL_ROLES = bitmap([0n, 1n, 2n, 3n, 4n, 5n, 6n, 7n, 8n]);

/** Every fee schedule of genesis. */
export const ALL_SCHEDULES = bitmap(Object.values(SCHEDULES));

/** More value in flight than there can ever be OCTO. */
export const UNLIMITED = 2n ** 128n - 1n;

/** The last second of whatever a test signs. */
export const LATER = 10n ** 12n;

/** A staffed suite in which a second market is admitted for everything, and the client has every way to pay it. */
export type MarketWorld = World & { market: TestMarket; at: string };

export async function withMarket(): Promise<MarketWorld> {
  await untilMidnight();
  const world = await staffed();
  const { system, actors } = world;
  const market = await deployTestMarket(world);
  const at = await market.getAddress();
  await system.settlement.connect(actors.admin).admitMarket(at, ALL_ROLES, ALL_SCHEDULES);
  await system.octo.connect(actors.client).approve(at, ethers.MaxUint256);
  await system.settlement.connect(actors.client).deposit(actors.client.address, 100_000n * OCTO);
  await system.settlement.connect(actors.client).setCreditConsent(at, true);
  return { ...world, market, at };
}

/** A market that the vault does not know yet. */
export async function deployTestMarket({ system }: World): Promise<TestMarket> {
  const { octo, settlement } = system.addresses;
  const market = await ethers.deployContract("TestMarket", [octo, settlement]);
  return market as unknown as TestMarket;
}

/** 100 OCTO of the client for an agent's work under the Service schedule, which binds nobody. */
export function lockOf({ actors }: World, rest: Partial<Lock> = {}): Lock {
  return {
    client: actors.client.address,
    amount: 100n * OCTO,
    role: roleId("D"),
    schedule: SCHEDULES.SERVICE,
    provider: ethers.ZeroAddress,
    capacity: 0n,
    ...rest,
  };
}

/** So much of the client's OCTO, as a market names what it gives back to him. */
export function refundOf(client: string, amount: bigint, rest: Partial<Work> = {}): Work {
  return {
    client,
    amount,
    provider: ethers.ZeroAddress,
    orchestrator: ethers.ZeroAddress,
    role: roleId("D"),
    schedule: SCHEDULES.SERVICE,
    success: 100n,
    speed: 100n,
    bound: false,
    ...rest,
  };
}

/** 100 OCTO of the client for the provider's work as an agent under the Service schedule, without orchestrator. */
export function workOf(world: World, rest: Partial<Work> = {}): Work {
  const { client, amount } = lockOf(world);
  return refundOf(client, amount, { provider: world.actors.provider.address, ...rest });
}

/** The client's rating of 80 for 100 OCTO of the provider's work as an agent under the Service schedule. */
export function ratingOf(world: World, rest: Partial<Rating> = {}): Rating {
  const { client, provider, role, schedule, amount } = workOf(world);
  return { client, provider, role, schedule, amount, rating: 80n, ...rest };
}

/** What a market locks for the work: as the provider's value in flight, without a limit, if the work binds it. */
export function escrowFor({ client, amount, role, schedule, provider, bound }: Work): Lock {
  const binding = bound ? { provider, capacity: UNLIMITED } : { provider: ethers.ZeroAddress, capacity: 0n };
  return { client, amount, role, schedule, ...binding };
}

/** Locks the client's credit for the work, and settles it. */
export async function lockAndSettle({ market }: MarketWorld, work: Work) {
  await market.lockFromCredit(escrowFor(work));
  return market.settle(work);
}

/** As the ABI has it, for an event's or an error's arguments. */
export function tupleOf(work: Work): unknown[] {
  const { client, provider, orchestrator, amount, role, schedule, success, speed, bound } = work;
  return [client, provider, orchestrator, amount, role, schedule, success, speed, bound];
}

type Signing = {
  deal?: string;
  market?: string;
  signer?: HardhatEthersSigner;
  validAfter?: bigint;
  validBefore?: bigint;
};

/** The client's signature under a deal with a market: agreement and payment in one. */
export async function authorizationFor(
  world: MarketWorld,
  terms: Lock,
  { deal = ethers.id("deal"), market = world.at, signer = world.actors.client, ...bounds }: Signing = {},
): Promise<Authorization> {
  const { chainId } = await ethers.provider.getNetwork();
  const { validAfter, validBefore } = { validAfter: 0n, validBefore: LATER, ...bounds };
  const signature = await signer.signTypedData(
    domainOf("CipherOcto", chainId, world.system.addresses.octo),
    RECEIVE_TYPES,
    {
      from: terms.client,
      to: world.system.addresses.settlement,
      value: terms.amount,
      validAfter,
      validBefore,
      nonce: nonceOf(market, deal),
    },
  );
  return { validAfter, validBefore, deal, signature };
}

/** The nonce under which a client signs: bound to the market and to the deal. */
export function nonceOf(market: string, deal: string): string {
  return ethers.keccak256(ethers.AbiCoder.defaultAbiCoder().encode(["address", "bytes32"], [market, deal]));
}

/** Everything the vault owes and everything that lies in it, at once. */
export async function booksOf({ system }: World, markets: readonly string[], accounts: readonly string[]) {
  const { settlement, octo, addresses } = system;
  const [held, sums, escrows, credits] = await Promise.all([
    octo.balanceOf(addresses.settlement),
    settlement.sums(),
    Promise.all(markets.map(async (market) => (await settlement.marketOf(market)).balance)),
    Promise.all(accounts.map((account) => settlement.creditOf(account))),
  ]);
  const fees = { treasury: sums.treasury, burn: sums.burn, voters: sums.voters };
  const total = (amounts: bigint[]) => amounts.reduce((sum, amount) => sum + amount, 0n);
  return { held, fees, escrows, credits, owed: total([...escrows, ...credits, ...Object.values(fees)]) };
}
