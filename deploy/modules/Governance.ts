import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

/** The permission table's home. The deployer administers it until the Handover module has run. */
export default buildModule("Governance", (m) => {
  const manager = m.contract("AccessManager", [m.getAccount(0)]);

  return { manager };
});
