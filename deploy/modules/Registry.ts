import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

import Doors from "./Doors.ts";
import Economy from "./Economy.ts";
import { enter } from "./enter.ts";
import Governance from "./Governance.ts";
import Tokens from "./Tokens.ts";

/** The provider registry. */
export default buildModule("Registry", (m) => {
  const { manager } = m.useModule(Governance);
  const { registryDoor } = m.useModule(Doors);
  const { octo } = m.useModule(Tokens);
  const { settlement, roleTokenFactory } = m.useModule(Economy);

  const registry = enter(m, "ProviderRegistry", {
    proxy: registryDoor,
    manager,
    args: [octo, roleTokenFactory, settlement],
  });

  return { registry };
});
