import Table from "cli-table3";
import { MaxUint256 } from "ethers";

import { roleId } from "../../../deploy/roles.ts";
import { octo, rate, signed } from "../../lib/amounts.ts";
import { noteJobs, playPlainJob } from "../plainJob.ts";
import type { Act, Stage } from "../stage.ts";

const WEEK = 7n * 86_400n;

/** Thirteen epochs of demand that rises and falls: the rate follows, the provider sells what it earns, a trader guesses. */
export const quarter: Act = {
  title: "A quarter of weekly epochs",
  async play(stage) {
    const { client, provider, role: letter, trader, stake, weeks } = stage.scenario.quarter;
    const { engine, octo: token, settlement } = stage.system;
    const first = (await stage.system.jobMarket.jobCount()) + 1n;
    const before = await token.balanceOf(stage.player(trader).address);
    const table = new Table({
      head: ["week", "demand", "policy", "coverage", "bid", "ask", "provider's OCTO", "trader"],
      style: { head: [], border: [], compact: true },
      colAligns: ["right", "right", "right", "right", "right", "right", "right", "left"],
    });
    let policy = await engine.policyOf(roleId(letter));
    await untilNextEpoch(stage);
    for (const [index, demand] of weeks.entries()) {
      await stage.sendTogether(`week ${index + 1}: anyone begins the epoch`, () => engine.poke(roleId(letter)));
      const now = await engine.policyOf(roleId(letter));
      const move = await trade(stage, now - policy, stake);
      policy = now;
      const [coverage, bid, ask] = await Promise.all([
        engine.coverageOf(roleId(letter)),
        engine.bidOf(roleId(letter)),
        engine.askOf(roleId(letter)),
      ]);
      await playPlainJob(stage, `${client} hires ${provider} for ${octo(demand)} OCTO and pays`, {
        client,
        provider,
        role: letter,
        budget: demand,
      });
      await sellAll(stage, provider);
      const account = stage.player(provider);
      const credit = await settlement.creditOf(account.address);
      if (credit > 0n) await settlement.connect(account).withdraw(account.address, credit);
      const balance = await token.balanceOf(account.address);
      table.push([index + 1, octo(demand), rate(now), rate(coverage), rate(bid), rate(ask), whole(balance), move]);
      await stage.pass(WEEK);
    }
    await sellAll(stage, trader);
    await noteJobs(stage, first, "a quarter's jobs, accepted", weeks);
    console.log(table.toString());
    const gain = (await token.balanceOf(stage.player(trader).address)) - before;
    stage.tell(`${trader} ends with ${signed(gain)} OCTO: what it did not earn pays the spread and the exit fee`);
  },
};

async function untilNextEpoch(stage: Stage): Promise<void> {
  const { octo: token, settlement } = stage.system;
  const next = (await token.genesisAt()) + ((await settlement.currentEpoch()) + 1n) * WEEK;
  const now = BigInt(await stage.connection.networkHelpers.time.latest());
  await stage.pass(next - now + 60n);
}

/** Buys while the policy rises, sells everything when it falls. */
async function trade(stage: Stage, change: bigint, stake: bigint): Promise<string> {
  const { trader, role } = stage.scenario.quarter;
  if (change > 0n) {
    await stage.buyRoleTokens(trader, role, stake);
    return "buys";
  }
  return change < 0n && (await sellAll(stage, trader)) ? "sells" : "";
}

async function sellAll(stage: Stage, name: string): Promise<boolean> {
  const { role: letter } = stage.scenario.quarter;
  const [account, token, role] = [stage.player(name), stage.system.roleTokens[letter], roleId(letter)];
  const amount = await token.balanceOf(account.address);
  if (amount === 0n) return false;
  const [octoOut, fee] = await stage.system.engine.quoteSell(account.address, role, amount);
  const burned = fee === 0n ? "" : `, ${whole(fee)} burned`;
  await stage.send(
    `${name} sells ${whole(amount)} OCTO-${letter} for ${whole(octoOut)} OCTO${burned}`,
    stage.system.engine.connect(account).sell(role, amount, octoOut, MaxUint256),
  );
  return true;
}

const whole = (wei: bigint) => octo(wei - (wei % 10n ** 18n));
