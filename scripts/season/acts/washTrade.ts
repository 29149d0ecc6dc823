import { MaxUint256 } from "ethers";

import { roleId } from "../../../deploy/roles.ts";
import { octo } from "../../lib/amounts.ts";
import { Failure } from "../../lib/failure.ts";
import { noteJobs, playPlainJob } from "../plainJob.ts";
import type { Act, Stage } from "../stage.ts";

/** Somebody hires himself for what his work mints, sells it at once, and has less than before. */
export const washTrade: Act = {
  title: "A wash-trader hires himself",
  async play(stage) {
    const { client, provider, role: letter, budget, times } = stage.scenario.washTrade;
    const first = (await stage.system.jobMarket.jobCount()) + 1n;
    const before = await fortune(stage);
    for (let i = 0; i < times; i++) {
      await playPlainJob(stage, `${client} hires ${provider} for ${octo(budget)} OCTO, and nothing is done`, {
        client,
        provider,
        role: letter,
        budget,
      });
    }
    const account = stage.player(provider);
    const minted = await stage.system.roleTokens[letter].balanceOf(account.address);
    const [octoOut] = await stage.system.engine.quoteSell(account.address, roleId(letter), minted);
    await stage.send(
      `${provider} sells the ${octo(minted)} OCTO-${letter} that it minted for ${octo(octoOut)} OCTO`,
      stage.system.engine.connect(account).sell(roleId(letter), minted, octoOut, MaxUint256),
    );
    await noteJobs(stage, first, "accepted by the same hands", Array<bigint>(times).fill(budget));

    const lost = before - (await fortune(stage));
    if (lost <= 0n) throw new Failure(`Wash trading gained ${octo(-lost)} OCTO.`, "Report this: a law is broken.");
    stage.tell(`the wash-trader is poorer by ${octo(lost)} OCTO: the fees of its own jobs, less what they minted`);
  },
};

/** OCTO in both hands, and what the vault owes them. */
async function fortune(stage: Stage): Promise<bigint> {
  const { octo: token, settlement } = stage.system;
  const { client, provider } = stage.scenario.washTrade;
  let sum = 0n;
  for (const { address } of [stage.player(client), stage.player(provider)]) {
    sum += (await token.balanceOf(address)) + (await settlement.creditOf(address));
  }
  return sum;
}
