import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";
import { ZeroAddress } from "ethers";

import { ROLES } from "../roles.ts";
import Doors from "./Doors.ts";
import Economy from "./Economy.ts";
import { enter } from "./enter.ts";
import Governance from "./Governance.ts";
import Tokens from "./Tokens.ts";

/** The provider registry, the fixed contracts around it, and the roles of genesis. */
export default buildModule("Registry", (m) => {
  const { manager } = m.useModule(Governance);
  const { registryDoor, disputeDeskDoor } = m.useModule(Doors);
  const { octo } = m.useModule(Tokens);
  const { settlement, roleTokenFactory, tokenN } = m.useModule(Economy);

  const delegationPools = m.contract("DelegationPools", [octo, registryDoor, settlement]);
  const slashingDesk = m.contract("SlashingDesk", [
    manager,
    registryDoor,
    [
      {
        slasher: ZeroAddress, // the desk itself, for downtime
        octoBudget: m.getParameter("downtimeOctoBudget"),
        roleBudget: m.getParameter("downtimeRoleBudget"),
      },
      {
        slasher: m.getParameter("judge"),
        octoBudget: m.getParameter("judgeOctoBudget"),
        roleBudget: m.getParameter("judgeRoleBudget"),
      },
      {
        slasher: disputeDeskDoor,
        octoBudget: m.getParameter("disputeOctoBudget"),
        roleBudget: m.getParameter("disputeRoleBudget"),
      },
    ],
  ]);
  const peerReviews = m.contract("PeerReviews", [registryDoor, settlement]);
  const peers = {
    octo,
    roleTokens: roleTokenFactory,
    settlement,
    pools: delegationPools,
    desk: slashingDesk,
    reviews: peerReviews,
  };
  const registry = enter(m, "ProviderRegistry", { proxy: registryDoor, manager, args: [peers] });
  ROLES.forEach(({ letter, minimum }, index) =>
    m.call(registry, "addRole", [index + 1, minimum], { id: `AddRole${letter}`, after: [tokenN] }),
  );

  const providerLens = m.contract("ProviderLens", [registry, roleTokenFactory, settlement]);
  const providerDirectory = m.contract("ProviderDirectory", [registry, providerLens]);

  return { registry, delegationPools, slashingDesk, peerReviews, providerLens, providerDirectory };
});
