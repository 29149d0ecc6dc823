import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";

import { type RoleLetter, roleId } from "../../deploy/roles.ts";
import type { ProviderRegistry } from "../../typechain-types/index.js";
import { buyRoleTokens, funded, OCTO, type World } from "./fixture.ts";
import { impersonated } from "./jobs.ts";

/** The table of the economy: role, smallest OCTO bond, smallest bond of the role's token. */
export const MINIMUMS: readonly (readonly [RoleLetter, bigint, bigint])[] = [
  ["A", 1_000n, 500n],
  ["S", 500n, 1_000n],
  ["B", 300n, 200n],
  ["O", 2_000n, 500n],
  ["W", 5_000n, 1_000n],
  ["D", 200n, 100n],
  ["M", 100n, 50n],
  ["N", 1_500n, 500n],
];

/** The role most tests take, and its minimums in wei. */
export const D = roleId("D");
export const [MIN_OCTO, MIN_ROLE] = [200n * OCTO, 100n * OCTO];

/** What a lane can hold. */
export const MAX_BOND = 2n ** 96n - 1n;
export const MAX_UINT128 = 2n ** 128n - 1n;

/** A provider and its view of the registry. */
export type Providing = World & { provider: HardhatEthersSigner; registry: ProviderRegistry };

/** The suite with a provider who holds twice every minimum and has given every allowance, and has bonded nothing. */
export async function supplied(): Promise<Providing> {
  const world = await funded();
  const { provider, orchestrator } = world.actors;
  for (const [letter, , minimum] of MINIMUMS) {
    await buyRoleTokens(world.system, provider, letter, 2n * minimum * OCTO);
  }
  await buyRoleTokens(world.system, orchestrator, "O", 500n * OCTO);
  return { ...world, provider, registry: world.system.registry.connect(provider) };
}

/** Bonds the provider in a role at its minimum. */
export async function bondIn({ registry }: Providing, letter: RoleLetter): Promise<void> {
  const role = roleId(letter);
  const { octo, roleTokens } = await registry.minimumOf(role);
  await registry.bond(role, octo, roleTokens);
}

/** The vault's address as a signer: the only one that records work. */
export async function vaultOf({ system }: World): Promise<HardhatEthersSigner> {
  return impersonated(system.addresses.settlement);
}
