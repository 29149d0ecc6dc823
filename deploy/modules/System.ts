import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

import Agents from "./Agents.ts";
import Arbitration from "./Arbitration.ts";
import Economy from "./Economy.ts";
import Governance from "./Governance.ts";
import Handover from "./Handover.ts";
import Market from "./Market.ts";
import Registry from "./Registry.ts";
import Tokens from "./Tokens.ts";

/** The whole suite: what the tests, `npm start`, `npm run node` and every network deploy. */
export default buildModule("System", (m) => {
  const { manager } = m.useModule(Governance);
  const tokens = m.useModule(Tokens);
  const economy = m.useModule(Economy);
  const registry = m.useModule(Registry);
  const market = m.useModule(Market);
  const agents = m.useModule(Agents);
  const arbitration = m.useModule(Arbitration);
  m.useModule(Handover);

  return { manager, ...tokens, ...economy, ...registry, ...market, ...agents, ...arbitration };
});
