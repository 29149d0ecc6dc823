import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import type { AddressLike, BaseContract, BigNumberish, BytesLike } from "ethers";

import { bitmap, roleId, SCHEDULES } from "../../deploy/roles.ts";
import { domainOf, RECEIVE_TYPES } from "../../scripts/lib/deal.ts";
import type { TypedContractMethod } from "../../typechain-types/common.js";
import { ethers, loadFixture, OCTO, staffed, type World } from "./fixture.ts";

/** The members of the vault's `Lock`. */
export type Lock = { client: string; amount: bigint; role: bigint; schedule: bigint };

/** The members of the vault's `Work`. */
export type Work = {
  client: string;
  provider: string;
  orchestrator: string;
  amount: bigint;
  role: bigint;
  schedule: bigint;
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
  refund: Nonpayable<[client: AddressLike, amount: BigNumberish]>;
  settle: Nonpayable<[work: Work], bigint>;
  closeMarket: Nonpayable<[]>;
  batch: Nonpayable<[targets: AddressLike[], calls: BytesLike[]]>;
};

/** Every role of genesis and work of no role. */
export const ALL_ROLES = bitmap([0n, 1n, 2n, 3n, 4n, 5n, 6n, 7n, 8n]);

/** Every fee schedule of genesis. */
export const ALL_SCHEDULES = bitmap(Object.values(SCHEDULES));

/** The last second of whatever a test signs. */
export const LATER = 10n ** 12n;

/** A staffed suite in which a second market is admitted for everything, and the client has every way to pay it. */
export type MarketWorld = World & { market: TestMarket; at: string };

export async function withMarket(): Promise<MarketWorld> {
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

/** 100 OCTO of the client for an agent's work under the Service schedule. */
export function lockOf({ actors }: World, rest: Partial<Lock> = {}): Lock {
  return {
    client: actors.client.address,
    amount: 100n * OCTO,
    role: roleId("D"),
    schedule: SCHEDULES.SERVICE,
    ...rest,
  };
}

/** 100 OCTO of the client for the provider's work as an agent under the Service schedule, without orchestrator. */
export function workOf(world: World, rest: Partial<Work> = {}): Work {
  return {
    ...lockOf(world),
    provider: world.actors.provider.address,
    orchestrator: ethers.ZeroAddress,
    ...rest,
  };
}

/** Locks the client's credit for the work, and settles it. */
export async function lockAndSettle({ market }: MarketWorld, work: Work) {
  const { client, amount, role, schedule } = work;
  await market.lockFromCredit({ client, amount, role, schedule });
  return market.settle(work);
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
