import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

import Governance from "./Governance.ts";
import Market from "./Market.ts";

/** Who decides disputes: panels of a public roster, which serve the dispute desk and are its arbiter from the first job on. */
export default buildModule("Arbitration", (m) => {
  const { manager } = m.useModule(Governance);
  const { disputeDesk } = m.useModule(Market);

  const panelArbiter = m.contract("PanelArbiter", [manager, m.getParameter("arbiters")]);
  m.call(panelArbiter, "admit", [disputeDesk, true]);
  m.call(disputeDesk, "setArbiter", [panelArbiter]);

  return { panelArbiter };
});
