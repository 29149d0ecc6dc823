import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

import Doors from "./Doors.ts";

/** OCTO, its genesis supply, and the engine's door as its only later minter. */
export default buildModule("Tokens", (m) => {
  const { engineDoor } = m.useModule(Doors);
  const octo = m.contract("OctoToken", [engineDoor, m.getParameter("allocations")]);

  return { octo };
});
