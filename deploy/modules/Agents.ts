import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

import Doors from "./Doors.ts";
import { enter } from "./enter.ts";
import Governance from "./Governance.ts";
import Registry from "./Registry.ts";

/** The three registries of agents, with the job market as the witness of their work. */
export default buildModule("Agents", (m) => {
  const { manager } = m.useModule(Governance);
  const { jobMarketDoor, agentRegistryDoor, agentReputationDoor, agentValidationDoor } = m.useModule(Doors);
  const { registry } = m.useModule(Registry);

  const agentRegistry = enter(m, "AgentRegistry", { proxy: agentRegistryDoor, manager, args: [registry] });
  const agentReputation = enter(m, "AgentReputation", {
    proxy: agentReputationDoor,
    manager,
    args: [agentRegistry, jobMarketDoor],
  });
  const agentValidation = enter(m, "AgentValidation", { proxy: agentValidationDoor, manager, args: [agentRegistry] });

  return { agentRegistry, agentReputation, agentValidation };
});
