import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

import { bitmap, roleId, SCHEDULES } from "../roles.ts";
import Doors from "./Doors.ts";
import Economy from "./Economy.ts";
import { enter } from "./enter.ts";
import Governance from "./Governance.ts";
import Registry from "./Registry.ts";
import Tokens from "./Tokens.ts";

/** The job market, admitted by the vault for compute and agents under the Service schedule. */
export default buildModule("Market", (m) => {
  const { manager } = m.useModule(Governance);
  const { jobMarketDoor } = m.useModule(Doors);
  const { octo } = m.useModule(Tokens);
  const { settlement } = m.useModule(Economy);
  const { registry } = m.useModule(Registry);

  const jobMarket = enter(m, "JobMarket", { proxy: jobMarketDoor, manager, args: [octo, settlement, registry] });
  const roles = bitmap([roleId("A"), roleId("D")]);
  m.call(settlement, "admitMarket", [jobMarket, roles, bitmap([SCHEDULES.SERVICE])]);

  return { jobMarket };
});
