import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

/**
 * An address for every contract that will be upgradeable. Fixed peers know each other as immutables, so the addresses
 * come before the code; each implementation enters its door in the module of its domain.
 */
export default buildModule("Doors", (m) => {
  const door = m.contract("Door", [m.getAccount(0)]);
  const open = m.encodeFunctionCall(door, "open");

  const registryDoor = m.contract("ERC1967Proxy", [door, open], { id: "RegistryProxy" });
  const engineDoor = m.contract("ERC1967Proxy", [door, open], { id: "EngineProxy" });
  const jobMarketDoor = m.contract("ERC1967Proxy", [door, open], { id: "JobMarketProxy" });
  const agentRegistryDoor = m.contract("ERC1967Proxy", [door, open], { id: "AgentRegistryProxy" });
  const agentReputationDoor = m.contract("ERC1967Proxy", [door, open], { id: "AgentReputationProxy" });
  const agentValidationDoor = m.contract("ERC1967Proxy", [door, open], { id: "AgentValidationProxy" });
  const disputeDeskDoor = m.contract("ERC1967Proxy", [door, open], { id: "DisputeDeskProxy" });

  return {
    registryDoor,
    engineDoor,
    jobMarketDoor,
    agentRegistryDoor,
    agentReputationDoor,
    agentValidationDoor,
    disputeDeskDoor,
  };
});
