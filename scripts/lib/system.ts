import { Contract, type ContractRunner, type Fragment, Interface, type InterfaceAbi, NamedFragment } from "ethers";

import { ROLES, type RoleLetter } from "../../deploy/roles.ts";
import {
  AccessManager__factory,
  AgentRegistry__factory,
  AgentReputation__factory,
  AgentValidation__factory,
  AllocationVesting__factory,
  ConversionEngine__factory,
  DelegationPools__factory,
  EmissionSchedule__factory,
  DisputeDesk__factory,
  IERC8183__factory,
  JobMarket__factory,
  JobMarketAnnex__factory,
  MilestoneVesting__factory,
  OctoToken__factory,
  PanelArbiter__factory,
  PeerReviews__factory,
  ProviderDirectory__factory,
  ProviderLens__factory,
  ProviderRegistry__factory,
  RoleToken__factory,
  RoleTokenFactory__factory,
  Settlement__factory,
  SlashingDesk__factory,
} from "../../typechain-types/index.js";
import type { IERC8183, JobMarket, JobMarketAnnex, RoleToken } from "../../typechain-types/index.js";

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
  jobMarket: { connect: connectJobMarket },
  jobMarketAnnex: JobMarketAnnex__factory,
  disputeDesk: DisputeDesk__factory,
  panelArbiter: PanelArbiter__factory,
  agentRegistry: AgentRegistry__factory,
  agentReputation: AgentReputation__factory,
  agentValidation: AgentValidation__factory,
} as const;

/**
 * The ABI of the job market's two contracts, of which one address answers both. What the two ABIs of ERC-8183 name alike is
 * here in the arity of the standard's head only, so that a plain name means one function; IERC8183Deployed has the other.
 */
export const JOB_MARKET_ABI = mergeAbis(JobMarket__factory.abi, IERC8183__factory.abi, JobMarketAnnex__factory.abi);

/** The job market with all that its address answers. */
export type JobMarketContract = Omit<JobMarket, "connect"> &
  Pick<IERC8183, Exclude<keyof IERC8183, keyof JobMarket>> &
  Pick<JobMarketAnnex, Exclude<keyof JobMarketAnnex, keyof JobMarket | keyof IERC8183>> & {
    connect(runner?: ContractRunner | null): JobMarketContract;
  };

function connectJobMarket(address: string, runner?: ContractRunner | null): JobMarketContract {
  return new Contract(address, JOB_MARKET_ABI, runner) as unknown as JobMarketContract;
}

/** The selector of one of the market's functions, whichever of its two contracts has it. */
export function selectorOf(market: JobMarketContract, name: string): string {
  const found = (market.interface as Interface).getFunction(name);
  if (found === null) throw new Error(`the job market has no function ${name}`);
  return found.selector;
}

/** The first ABI, and of each next one whatever has another name. */
function mergeAbis(...abis: readonly InterfaceAbi[]): readonly Fragment[] {
  const merged: Fragment[] = [];
  for (const abi of abis) {
    const names = new Set(merged.map(nameOf));
    merged.push(...Interface.from(abi).fragments.filter((fragment) => !names.has(nameOf(fragment))));
  }
  return merged;
}

function nameOf(fragment: Fragment): string {
  return `${fragment.type} ${fragment instanceof NamedFragment ? fragment.name : ""}`;
}

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
