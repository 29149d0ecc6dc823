import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

import { bitmap, roleId, SCHEDULES } from "../roles.ts";
import Doors from "./Doors.ts";
import Economy from "./Economy.ts";
import { enter } from "./enter.ts";
import Governance from "./Governance.ts";
import Registry from "./Registry.ts";
import Tokens from "./Tokens.ts";

/**
 * The job market, admitted by the vault for compute, agents and coordination under the Service schedule, and the dispute
 * desk, admitted for bonds, which are of no role.
 */
export default buildModule("Market", (m) => {
  const { manager } = m.useModule(Governance);
  const { jobMarketDoor, agentRegistryDoor, disputeDeskDoor } = m.useModule(Doors);
  const { octo } = m.useModule(Tokens);
  const { settlement } = m.useModule(Economy);
  const { registry, slashingDesk } = m.useModule(Registry);

  const peers = { octo, settlement, registry, agents: agentRegistryDoor, disputes: disputeDeskDoor };
  const jobMarketAnnex = m.contract("JobMarketAnnex", [peers]);
  const jobMarket = enter(m, "JobMarket", { proxy: jobMarketDoor, manager, args: [peers, jobMarketAnnex] });
  const roles = bitmap([roleId("A"), roleId("O"), roleId("D")]);
  m.call(settlement, "admitMarket", [jobMarket, roles, bitmap([SCHEDULES.SERVICE])], { id: "AdmitJobMarket" });

  const deskArgs = [octo, settlement, slashingDesk, jobMarket];
  const disputeDesk = enter(m, "DisputeDesk", { proxy: disputeDeskDoor, manager, args: deskArgs });
  m.call(settlement, "admitMarket", [disputeDesk, bitmap([0n]), bitmap([SCHEDULES.SERVICE])], {
    id: "AdmitDisputeDesk",
  });

  return { jobMarket, jobMarketAnnex, disputeDesk };
});
