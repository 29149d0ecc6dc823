import { MaxUint256, parseEther } from "ethers";

import { roleId } from "../../../deploy/roles.ts";
import { octo, rate } from "../../lib/amounts.ts";
import { Failure } from "../../lib/failure.ts";
import type { Act, Stage } from "../stage.ts";

const WEEK = 7n * 86_400n;

/** Everybody wants out in the same week. Some wait for the next one, and the last is paid like the first. */
export const run: Act = {
  title: "A run on the engine",
  async play(stage) {
    const { role: letter, holders, amount } = stage.scenario.run;
    for (const holder of holders) await stage.buyRoleTokens(holder, letter, amount);
    await stage.pass(WEEK);
    const rates: bigint[] = [];
    for (const holder of holders) rates.push(await leave(stage, holder));

    const [first, last] = [rates[0]!, rates.at(-1)!];
    if (last < first) {
      throw new Failure(
        `The last got ${rate(last)} a token, the first ${rate(first)}.`,
        "Report this: a law is broken.",
      );
    }
    const coverage = await stage.system.engine.coverageOf(roleId(letter));
    stage.tell(`first and last were paid ${rate(first)} OCTO a token, less the exit fee; coverage ${rate(coverage)}`);
  },
};

/** Sells everything, in as many weeks as it takes; returns the rate before the fee. */
async function leave(stage: Stage, holder: string): Promise<bigint> {
  const { engine, roleTokens } = stage.system;
  const { role: letter } = stage.scenario.run;
  const [account, role] = [stage.player(holder), roleId(letter)];
  const amount = await roleTokens[letter].balanceOf(account.address);
  const [octoOut, fee] = await engine.quoteSell(account.address, role, amount);
  const { payOutLeft } = await engine.limitsOf(account.address, role);
  if (payOutLeft < octoOut + fee) {
    stage.tell(`${holder} finds ${octo(payOutLeft)} OCTO left of what this week pays out, and waits for the next`);
    await stage.pass(WEEK);
    return leave(stage, holder);
  }
  await stage.send(
    `${holder} sells ${octo(amount)} OCTO-${letter} for ${octo(octoOut)} OCTO`,
    engine.connect(account).sell(role, amount, octoOut, MaxUint256),
  );
  return ((octoOut + fee) * parseEther("1")) / amount;
}
