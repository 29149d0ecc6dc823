import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";
import type { NamedArtifactContractAtFuture } from "@nomicfoundation/ignition-core";

import { type RoleLetter, ROLES } from "../roles.ts";
import Doors from "./Doors.ts";
import { enter } from "./enter.ts";
import Governance from "./Governance.ts";
import Tokens from "./Tokens.ts";

/** The vault with its role tokens, the emission schedule and the conversion engine. */
export default buildModule("Economy", (m) => {
  const { manager } = m.useModule(Governance);
  const { registryDoor, engineDoor } = m.useModule(Doors);
  const { octo } = m.useModule(Tokens);

  const emissionSchedule = m.contract("EmissionSchedule", [manager]);
  const settlement = m.contract("Settlement", [
    manager,
    octo,
    registryDoor,
    emissionSchedule,
    engineDoor,
    m.getParameter("treasury"),
  ]);

  const roleTokenFactory = m.contractAt("RoleTokenFactory", m.staticCall(settlement, "roleTokens"));
  const engineArgs = [octo, roleTokenFactory, settlement];
  const engine = enter(m, "ConversionEngine", { proxy: engineDoor, manager, args: engineArgs });

  // One after the other: a role's id is the number of its creation.
  let previous = m.call(roleTokenFactory, "create", [ROLES[0].name, ROLES[0].symbol], { id: "CreateA" });
  for (const { letter, name, symbol } of ROLES.slice(1)) {
    previous = m.call(roleTokenFactory, "create", [name, symbol], { id: `Create${letter}`, after: [previous] });
  }
  const roleTokens = Object.fromEntries(
    ROLES.map(({ letter }, index) => {
      const address = m.staticCall(settlement, "tokenOf", [index + 1], 0, {
        id: `TokenOf${letter}`,
        after: [previous],
      });
      return [`token${letter}`, m.contractAt("RoleToken", address, { id: `RoleToken${letter}` })];
    }),
  ) as Record<`token${RoleLetter}`, NamedArtifactContractAtFuture<"RoleToken">>;

  return { emissionSchedule, settlement, roleTokenFactory, engine, ...roleTokens };
});
