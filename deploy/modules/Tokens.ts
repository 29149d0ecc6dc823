import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

import { GENESIS, PARTNERS, VESTED } from "../genesis.ts";
import Doors from "./Doors.ts";
import Governance from "./Governance.ts";

/** OCTO with the wallets of its genesis supply, and the engine's door as its only later minter. */
export default buildModule("Tokens", (m) => {
  const { manager } = m.useModule(Governance);
  const { engineDoor } = m.useModule(Doors);

  const vesting = (id: string, beneficiary: string, terms: (typeof VESTED)[keyof typeof VESTED]) =>
    m.contract("AllocationVesting", [m.getParameter(beneficiary), terms], { id });
  const treasuryVesting = vesting("TreasuryVesting", "treasuryBeneficiary", VESTED.treasury);
  const teamVesting = vesting("TeamVesting", "teamBeneficiary", VESTED.team);
  const earlyVesting = vesting("EarlyVesting", "earlyBeneficiary", VESTED.early);
  const partnerVesting = m.contract("MilestoneVesting", [
    manager,
    m.getParameter("partnerBeneficiary"),
    m.getParameter("treasury"),
    [...PARTNERS.amounts],
    PARTNERS.lock,
    PARTNERS.deadlineAfter,
  ]);

  const octo = m.contract("OctoToken", [
    engineDoor,
    [
      { recipient: treasuryVesting, amount: GENESIS.treasury },
      { recipient: teamVesting, amount: GENESIS.team },
      { recipient: earlyVesting, amount: GENESIS.early },
      { recipient: partnerVesting, amount: GENESIS.partners },
      { recipient: m.getParameter("liquidity"), amount: GENESIS.liquidity },
    ],
  ]);

  return { octo, treasuryVesting, teamVesting, earlyVesting, partnerVesting };
});
