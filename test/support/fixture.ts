import hre from "hardhat";
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";

import { ROLES, type RoleLetter, roleId } from "../../deploy/roles.ts";
import { deploySystem } from "../../scripts/lib/deploySystem.ts";
import { type CipherOcto } from "../../scripts/lib/system.ts";

// One chain a test file's process: fixtures are snapshots of it, so a deployment is paid for once. It starts at noon, so
// that no test behaves differently when it is run near the end of a day.
export const connection = await hre.network.create({ override: { initialDate: "2030-01-01T12:00:00Z" } });
export const { ethers, networkHelpers } = connection;
export const { time } = networkHelpers;

type Layer = { fixture: unknown; snapshot: unknown; data: unknown };

// Snapshots of the chain, each built on the one before it.
const layers: Layer[] = [];

const snapshot = () => connection.provider.request({ method: "evm_snapshot" });

/**
 * Brings the chain to where `fixture` leaves it: by a snapshot, or by running it. A fixture may load another one first and
 * build on it, so that the suite is deployed once however many fixtures there are, and in whatever order they are loaded.
 * One after the other: two loaded side by side would lose each other's snapshots.
 */
export async function loadFixture<T>(fixture: () => Promise<T>): Promise<T> {
  const place = layers.findIndex((layer) => layer.fixture === fixture);
  if (place === -1) {
    const data = await fixture();
    layers.push({ fixture, snapshot: await snapshot(), data });
    return data;
  }

  const layer = layers[place]!;
  layers.length = place; // what was built on it goes with it
  const reverted = await connection.provider.request({ method: "evm_revert", params: [layer.snapshot] });
  if (reverted !== true) throw new Error(`the snapshot of ${fixture.name} is lost: were two fixtures loaded at once?`);
  layers.push({ ...layer, snapshot: await snapshot() });
  return layer.data as T;
}

const NAMES = [
  "deployer",
  "admin",
  "guardian",
  "treasury",
  "early",
  "partners",
  "liquidity",
  "client",
  "provider",
  "orchestrator",
  "evaluator",
  "stranger",
  "relayer",
  "other",
  "judge",
  "delegator",
] as const;

export type Actors = Record<(typeof NAMES)[number], HardhatEthersSigner>;

export type World = { system: CipherOcto; actors: Actors };

export const OCTO = 10n ** 18n;

/** The deployed suite; the actors are the development accounts, in the order of deploy/parameters/local.json5. */
export async function deployed(): Promise<World> {
  const system = await deploySystem(connection, { parameters: "local" });
  const signers = await ethers.getSigners();
  const actors = Object.fromEntries(NAMES.map((name, index) => [name, signers[index]!])) as Actors;

  return { system, actors };
}

/** The suite with OCTO in the actors' hands and every allowance given. */
export async function funded(): Promise<World> {
  const world = await loadFixture(deployed);
  const { system, actors } = world;
  for (const name of ["client", "provider", "orchestrator", "evaluator", "stranger", "other", "delegator"] as const) {
    await system.octo.connect(actors.liquidity).transfer(actors[name].address, 1_000_000n * OCTO);
    await approveAll(system, actors[name]);
  }
  return world;
}

/** The suite with an active provider in A and D and an active orchestrator. */
export async function staffed(): Promise<World> {
  const world = await loadFixture(funded);
  await activate(world.system, world.actors.provider, "D");
  await activate(world.system, world.actors.provider, "A");
  await activate(world.system, world.actors.orchestrator, "O");
  return world;
}

export async function approveAll(system: CipherOcto, account: HardhatEthersSigner): Promise<void> {
  const { MaxUint256 } = ethers;
  const { settlement, engine, registry, jobMarket, disputeDesk, delegationPools } = system.addresses;
  for (const spender of [settlement, engine, registry, jobMarket, disputeDesk, delegationPools]) {
    await system.octo.connect(account).approve(spender, MaxUint256);
  }
  for (const { letter } of ROLES) {
    await system.roleTokens[letter].connect(account).approve(await system.registry.getAddress(), MaxUint256);
  }
}

/** Buys the role tokens and bonds both lanes at `times` the minimum. */
export async function activate(
  system: CipherOcto,
  account: HardhatEthersSigner,
  letter: RoleLetter,
  times = 1n,
): Promise<void> {
  const role = roleId(letter);
  const minimum = await system.registry.minimumOf(role);
  const [octo, roleTokens] = [minimum.octo * times, minimum.roleTokens * times];
  await buyRoleTokens(system, account, letter, roleTokens);
  await system.registry.connect(account).bond(role, octo, roleTokens);
}

export async function buyRoleTokens(
  system: CipherOcto,
  account: HardhatEthersSigner,
  letter: RoleLetter,
  amount: bigint,
): Promise<void> {
  const role = roleId(letter);
  const price = await system.engine.quoteExactOut(role, amount);
  await system.engine.connect(account).buy(role, price, amount, ethers.MaxUint256);
}
