import { readFileSync } from "node:fs";
import path from "node:path";

import { expect } from "chai";
import { type InterfaceAbi, Interface } from "ethers";

import {
  AgentRegistry__factory,
  AgentReputation__factory,
  AgentValidation__factory,
  IERC8004Identity__factory,
  IAgentRegistry__factory,
  IAgentListings__factory,
  IERC8004Reputation__factory,
  IAgentReputation__factory,
  IERC8004Validation__factory,
  IAgentValidation__factory,
  AllocationVesting__factory,
  ConversionEngine__factory,
  DelegationPools__factory,
  Door__factory,
  EmissionSchedule__factory,
  IAllocationVesting__factory,
  IConversionEngine__factory,
  IDelegationPools__factory,
  IEmissionSchedule__factory,
  IArbitrable__factory,
  IDisputeDesk__factory,
  IJobMarketAnnex__factory,
  IJobMarket__factory,
  IMarket__factory,
  IMilestoneVesting__factory,
  IOctoToken__factory,
  IPanelArbiter__factory,
  IPeerReviews__factory,
  IProviderDirectory__factory,
  IProviderLens__factory,
  IProviderRegistry__factory,
  IRoleTokenFactory__factory,
  IRoleToken__factory,
  ISettlement__factory,
  ISlashingDesk__factory,
  DisputeDesk__factory,
  JobMarketAnnex__factory,
  JobMarket__factory,
  MilestoneVesting__factory,
  OctoToken__factory,
  PanelArbiter__factory,
  PeerReviews__factory,
  ProviderDirectory__factory,
  ProviderLens__factory,
  ProviderRegistry__factory,
  RoleTokenFactory__factory,
  RoleToken__factory,
  Settlement__factory,
  SlashingDesk__factory,
} from "../../typechain-types/index.js";

const ROOT = path.resolve(import.meta.dirname, "../..");
const DOCUMENT = readFileSync(path.join(ROOT, "docs/specification.md"), "utf8");

type Contract = { source: string; abi: InterfaceAbi; interfaces: InterfaceAbi[] };

const CONTRACTS: Record<string, Contract> = {
  OctoToken: { source: "tokens", abi: OctoToken__factory.abi, interfaces: [IOctoToken__factory.abi] },
  AllocationVesting: {
    source: "tokens",
    abi: AllocationVesting__factory.abi,
    interfaces: [IAllocationVesting__factory.abi],
  },
  MilestoneVesting: {
    source: "tokens",
    abi: MilestoneVesting__factory.abi,
    interfaces: [IMilestoneVesting__factory.abi],
  },
  RoleToken: { source: "tokens", abi: RoleToken__factory.abi, interfaces: [IRoleToken__factory.abi] },
  RoleTokenFactory: {
    source: "tokens",
    abi: RoleTokenFactory__factory.abi,
    interfaces: [IRoleTokenFactory__factory.abi],
  },
  ProviderRegistry: {
    source: "registry",
    abi: ProviderRegistry__factory.abi,
    interfaces: [IProviderRegistry__factory.abi],
  },
  ProviderLens: { source: "registry", abi: ProviderLens__factory.abi, interfaces: [IProviderLens__factory.abi] },
  DelegationPools: {
    source: "registry",
    abi: DelegationPools__factory.abi,
    interfaces: [IDelegationPools__factory.abi],
  },
  SlashingDesk: { source: "registry", abi: SlashingDesk__factory.abi, interfaces: [ISlashingDesk__factory.abi] },
  PeerReviews: { source: "registry", abi: PeerReviews__factory.abi, interfaces: [IPeerReviews__factory.abi] },
  ProviderDirectory: {
    source: "registry",
    abi: ProviderDirectory__factory.abi,
    interfaces: [IProviderDirectory__factory.abi],
  },
  Settlement: { source: "economy", abi: Settlement__factory.abi, interfaces: [ISettlement__factory.abi] },
  EmissionSchedule: {
    source: "economy",
    abi: EmissionSchedule__factory.abi,
    interfaces: [IEmissionSchedule__factory.abi],
  },
  ConversionEngine: {
    source: "economy",
    abi: ConversionEngine__factory.abi,
    interfaces: [IConversionEngine__factory.abi],
  },
  JobMarket: {
    source: "market",
    abi: [...JobMarket__factory.abi, ...JobMarketAnnex__factory.abi],
    interfaces: [IJobMarket__factory.abi, IJobMarketAnnex__factory.abi, IMarket__factory.abi],
  },
  AgentRegistry: {
    source: "market",
    abi: AgentRegistry__factory.abi,
    interfaces: [IERC8004Identity__factory.abi, IAgentRegistry__factory.abi, IAgentListings__factory.abi],
  },
  AgentReputation: {
    source: "market",
    abi: AgentReputation__factory.abi,
    interfaces: [IERC8004Reputation__factory.abi, IAgentReputation__factory.abi],
  },
  AgentValidation: {
    source: "market",
    abi: AgentValidation__factory.abi,
    interfaces: [IERC8004Validation__factory.abi, IAgentValidation__factory.abi],
  },
  DisputeDesk: {
    source: "market",
    abi: DisputeDesk__factory.abi,
    interfaces: [IDisputeDesk__factory.abi, IArbitrable__factory.abi, IMarket__factory.abi],
  },
  PanelArbiter: { source: "market", abi: PanelArbiter__factory.abi, interfaces: [IPanelArbiter__factory.abi] },
  Door: { source: "shared", abi: Door__factory.abi, interfaces: [] },
};

/** The document's section on a contract. */
function sectionOn(contract: string): string {
  const section = DOCUMENT.split(/^## /m).find((text) => text.startsWith(`${contract}\n`));
  if (section === undefined) throw new Error(`docs/specification.md has no section on ${contract}`);
  return section;
}

/** The functions in the first column of the section's table, with their parameters. */
function rowsOf(section: string): { name: string; signature: string }[] {
  return [...section.matchAll(/^\| `((\w+)\([^`]*\))`/gm)].map(([, signature, name]) => ({
    name: name!,
    signature: signature!,
  }));
}

function inheritedBy(section: string): string[] {
  const paragraph = section.split(/\n\n/).find((text) => text.startsWith("Inherited")) ?? "";
  return namesIn(paragraph.split("Events:")[0]!).filter((name) => name !== "AccessManaged");
}

function namesIn(text: string): string[] {
  return [...text.matchAll(/`(\w+)`/g)].map(([, name]) => name!);
}

function signaturesOf(abis: readonly InterfaceAbi[]): { name: string; signature: string }[] {
  const all: { name: string; signature: string }[] = [];
  for (const abi of abis) {
    Interface.from(abi).forEachFunction(({ name, inputs }) =>
      all.push({ name, signature: `${name}(${inputs.map((input) => input.name).join(", ")})` }),
    );
  }
  return all;
}

const sorted = (names: readonly string[]) => [...new Set(names)].sort();

describe("docs/specification.md", () => {
  for (const [contract, { source, abi, interfaces }] of Object.entries(CONTRACTS)) {
    describe(contract, () => {
      const section = sectionOn(contract);

      it("lists every function and no other", () => {
        const documented = [...rowsOf(section).map(({ name }) => name), ...inheritedBy(section)];
        const compiled = signaturesOf([abi]).map(({ name }) => name);
        expect(sorted(documented)).to.deep.equal(sorted(compiled));
      });

      it("names each function's parameters as the interface does", () => {
        const compiled = signaturesOf([abi, ...interfaces]).map(({ signature }) => signature);
        for (const { signature } of rowsOf(section)) expect(compiled).to.include(signature);
      });

      it("names every event", () => {
        const events: string[] = [];
        Interface.from(abi).forEachEvent(({ name }) => events.push(name));
        expect(namesIn(section)).to.include.members(events);
      });

      it("states the invariants that the contract states", () => {
        const code = readFileSync(path.join(ROOT, `contracts/${source}/${contract}.sol`), "utf8");
        const stated = [...code.matchAll(/Invariant ([A-Z]-\d+):/g)].map(([, id]) => id!);
        const documented = [...section.matchAll(/^- \*\*([A-Z]-\d+)\*\*/gm)].map(([, id]) => id!);
        expect(documented).to.deep.equal(stated);
      });
    });
  }
});
