import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";
import { id } from "ethers";

import { ACCESS, type AccessName, RESTRICTED, type Restricted } from "../access.ts";
import Agents from "./Agents.ts";
import Arbitration from "./Arbitration.ts";
import Economy from "./Economy.ts";
import Governance from "./Governance.ts";
import Market from "./Market.ts";
import Registry from "./Registry.ts";
import Tokens from "./Tokens.ts";

/** Writes the permission table, gives every permission to the founders and leaves the deployer with none. */
export default buildModule("Handover", (m) => {
  const { manager } = m.useModule(Governance);
  const { partnerVesting } = m.useModule(Tokens);
  const { settlement, emissionSchedule, roleTokenFactory, engine } = m.useModule(Economy);
  const { registry, slashingDesk } = m.useModule(Registry);
  const { jobMarket, disputeDesk } = m.useModule(Market);
  const { panelArbiter } = m.useModule(Arbitration);
  const agents = m.useModule(Agents);
  const contracts = {
    partnerVesting,
    settlement,
    emissionSchedule,
    roleTokenFactory,
    engine,
    registry,
    slashingDesk,
    jobMarket,
    disputeDesk,
    panelArbiter,
    ...agents,
  };

  const table = rows().map(({ contract, access, selectors }) =>
    m.call(manager, "setTargetFunctionRole", [contracts[contract], selectors, ACCESS[access]], {
      id: `${contract}_${access}`,
      after: [Market, Agents, Arbitration],
    }),
  );

  const admin = m.getParameter("admin");
  const delay = m.getParameter("adminDelay");
  // The administrator of the table could shorten every other delay, so its own is the longest.
  const custodyDelay = m.getParameter("custodyDelay");
  const holderOf = (name: AccessName) =>
    name === "GUARDIAN_ACCESS"
      ? [m.getParameter("guardian"), 0]
      : [admin, name === "CUSTODY_UPGRADE_ACCESS" ? custodyDelay : delay];
  const names = Object.keys(ACCESS).filter((name) => name !== "ADMIN_ACCESS") as AccessName[];
  const grants = names.flatMap((name) => [
    m.call(manager, "labelRole", [ACCESS[name], name], { id: `Label_${name}` }),
    m.call(manager, "grantRole", [ACCESS[name], ...holderOf(name)], { id: `Grant_${name}` }),
  ]);

  const grantAdmin = m.call(manager, "grantRole", [ACCESS.ADMIN_ACCESS, admin, custodyDelay], {
    id: "Grant_ADMIN_ACCESS",
    after: [...table, ...grants],
  });
  m.call(manager, "renounceRole", [ACCESS.ADMIN_ACCESS, m.getAccount(0)], {
    id: "DeployerLeaves",
    after: [grantAdmin],
  });

  return { manager };
});

/** The table grouped as the AccessManager takes it: one call a contract and permission. */
function rows(): { contract: Restricted["contract"]; access: AccessName; selectors: string[] }[] {
  const groups = Map.groupBy(RESTRICTED, ({ contract, access }) => `${contract} ${access}`);
  return [...groups.values()].map((group) => ({
    contract: group[0]!.contract,
    access: group[0]!.access,
    selectors: group.map(({ signature }) => id(signature).slice(0, 10)),
  }));
}
