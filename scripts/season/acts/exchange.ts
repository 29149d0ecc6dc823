import { MaxUint256 } from "ethers";

import { ROLES, roleId } from "../../../deploy/roles.ts";
import { octo, rate } from "../../lib/amounts.ts";
import type { Act } from "../stage.ts";

/** Who left a role sells its tokens: what it earned without a fee, what it had bought at the exit fee. */
export const exchange: Act = {
  title: "Role tokens are sold back",
  async play(stage) {
    const { engine, roleTokens } = stage.system;
    for (const { player, role: letter } of stage.scenario.exits) {
      const [account, role, token] = [stage.player(player), roleId(letter), roleTokens[letter]];
      const amount = await token.balanceOf(account.address);
      if (amount === 0n) continue;
      const [octoOut, fee] = await engine.quoteSell(account.address, role, amount);
      stage.tell(`${octo(await token.earnedOf(account.address))} of its ${octo(amount)} OCTO-${letter} are earned`);
      await stage.send(
        `${player} sells them for ${octo(octoOut)} OCTO; ${octo(fee)} are burned`,
        engine.connect(account).sell(role, amount, octoOut, MaxUint256),
      );
    }
    for (const { letter, symbol } of ROLES) {
      if ((await roleTokens[letter].totalSupply()) === 0n) continue;
      const [coverage, bid, ask] = await Promise.all([
        engine.coverageOf(roleId(letter)),
        engine.bidOf(roleId(letter)),
        engine.askOf(roleId(letter)),
      ]);
      stage.tell(`${symbol}: coverage ${rate(coverage)}, bid ${rate(bid)}, ask ${rate(ask)}`);
    }
  },
};
