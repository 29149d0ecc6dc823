import type { ContractRunner } from "ethers";
import type { NetworkConnection } from "hardhat/types/network";

import System from "../../deploy/modules/System.ts";
import { ROLES, type RoleLetter } from "../../deploy/roles.ts";
import {
  AccessManager__factory,
  AllocationVesting__factory,
  ConversionEngine__factory,
  DelegationPools__factory,
  EmissionSchedule__factory,
  JobMarket__factory,
  MilestoneVesting__factory,
  OctoToken__factory,
  PeerReviews__factory,
  ProviderDirectory__factory,
  ProviderLens__factory,
  ProviderRegistry__factory,
  RoleToken__factory,
  RoleTokenFactory__factory,
  Settlement__factory,
  SlashingDesk__factory,
} from "../../typechain-types/index.js";
import type { RoleToken } from "../../typechain-types/index.js";
import { readParameters } from "./parameters.ts";

const FACTORIES = {
  manager: AccessManager__factory,
  octo: OctoToken__factory,
  treasuryVesting: AllocationVesting__factory,
  teamVesting: AllocationVesting__factory,
  earlyVesting: AllocationVesting__factory,
  partnerVesting: MilestoneVesting__factory,
  emissionSchedule: EmissionSchedule__factory,
  settlement: Settlement__factory,
  roleTokenFactory: RoleTokenFactory__factory,
  engine: ConversionEngine__factory,
  registry: ProviderRegistry__factory,
  delegationPools: DelegationPools__factory,
  slashingDesk: SlashingDesk__factory,
  peerReviews: PeerReviews__factory,
  providerLens: ProviderLens__factory,
  providerDirectory: ProviderDirectory__factory,
  jobMarket: JobMarket__factory,
} as const;

type Name = keyof typeof FACTORIES;

/** Where each contract of the suite is; the role tokens by `tokenA` to `tokenN`. */
export type Addresses = Record<Name | `token${RoleLetter}`, string>;

/** The suite as typed contracts. */
export type CipherOcto = { [K in Name]: ReturnType<(typeof FACTORIES)[K]["connect"]> } & {
  readonly roleTokens: Record<RoleLetter, RoleToken>;
  readonly addresses: Addresses;
};

/** Binds the suite's addresses to typed contracts, once, so that nobody else touches an untyped one. */
export function bindSystem(addresses: Addresses, runner: ContractRunner): CipherOcto {
  const contracts = Object.entries(FACTORIES).map(([name, factory]) => [
    name,
    factory.connect(addresses[name as Name], runner),
  ]);
  const roleTokens = ROLES.map(({ letter }) => [
    letter,
    RoleToken__factory.connect(addresses[`token${letter}`], runner),
  ]);

  return { ...Object.fromEntries(contracts), roleTokens: Object.fromEntries(roleTokens), addresses } as CipherOcto;
}

type DeployOptions = {
  /** The name of a file in deploy/parameters. */
  parameters: string;
  /** Keeps a journal under deploy/deployments, so that an interrupted deployment resumes. */
  deploymentId?: string;
  /** Shows Ignition's own progress. */
  displayUi?: boolean;
};

/** Deploys the System module, or finds what of it is deployed already, and binds it. */
export async function deploySystem(
  connection: NetworkConnection,
  { parameters, deploymentId, displayUi = false }: DeployOptions,
): Promise<CipherOcto> {
  const deployed = await connection.ignition.deploy(System, {
    parameters: readParameters(parameters),
    ...(deploymentId === undefined ? {} : { deploymentId }),
    displayUi,
  });
  const located = await Promise.all(
    Object.entries(deployed).map(async ([name, contract]) => [name, await contract.getAddress()]),
  );
  const [deployer] = await connection.ethers.getSigners();

  return bindSystem(Object.fromEntries(located) as Addresses, deployer!);
}
