import { octo } from "../../lib/amounts.ts";
import type { Act } from "../stage.ts";

/** Anyone has the wallets of the genesis supply pay out what is free; the rest vests by time, or when it is attested. */
export const genesis: Act = {
  title: "The genesis supply begins to vest",
  async play(stage) {
    const { octo: token, treasuryVesting, teamVesting, earlyVesting, partnerVesting } = stage.system;
    const wallets = { treasury: treasuryVesting, team: teamVesting, "early contributors": earlyVesting };
    for (const [name, wallet] of Object.entries(wallets)) {
      const free = await wallet["releasable(address)"](token);
      if (free > 0n) await stage.send(`${name} receives ${octo(free)} OCTO`, wallet["release(address)"](token));
      stage.tell(`${octo((await wallet.allocation()) - free)} OCTO of the ${name} allocation wait`);
    }
    stage.tell(`${octo(await partnerVesting.unattested())} OCTO of the partners wait for four milestones`);
  },
};
