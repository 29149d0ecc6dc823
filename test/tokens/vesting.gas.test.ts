import { expect } from "chai";

import { VESTED } from "../../deploy/genesis.ts";
import { deployed, loadFixture, time } from "../support/fixture.ts";
import { MONTH } from "../support/models/mintBudget.ts";
import { gasOf } from "../support/vesting.ts";

const WALLETS = { treasury: "treasuryVesting", team: "teamVesting", early: "earlyVesting" } as const;

type Name = keyof typeof WALLETS;

/** Of releases at the second step, in the middle and at the last but one: the first step writes new slots. */
async function steadyReleases(name: Name): Promise<number[]> {
  const { system } = await loadFixture(deployed);
  const wallet = system[WALLETS[name]];
  const genesis = await wallet.start();
  const { firstStepAfter, stepLength, steps, lock } = VESTED[name];
  const gas: number[] = [];
  for (const step of [0n, 1n, steps / 2n, steps - 2n]) {
    await time.setNextBlockTimestamp(genesis + firstStepAfter + step * stepLength + lock);
    gas.push(await gasOf(wallet["release(address)"](system.octo)));
  }
  return gas.slice(1);
}

/** What a release costs after each of the four milestones. */
async function releasesByMilestone(): Promise<number[]> {
  const { system, actors } = await loadFixture(deployed);
  const wallet = system.partnerVesting;
  const genesis = await wallet.start();
  const gas: number[] = [];
  for (const index of [0n, 1n, 2n, 3n]) {
    await time.setNextBlockTimestamp(genesis + 4n * (index + 1n) * MONTH);
    await wallet.connect(actors.admin).attest(index);
    await time.setNextBlockTimestamp(genesis + 4n * (index + 1n) * MONTH + 3n * MONTH);
    gas.push(await gasOf(wallet["release(address)"](system.octo)));
  }
  return gas;
}

const spread = (gas: readonly number[]) => Math.max(...gas) - Math.min(...gas);

describe("AllocationVesting", () => {
  it("costs the same for 16 steps, 30 and 155,520,000, early and late: at most 48,500 gas (A-104)", async () => {
    const gas: number[] = [];
    for (const name of Object.keys(WALLETS) as Name[]) gas.push(...(await steadyReleases(name)));
    expect(Math.max(...gas)).to.be.at.most(48_500);
    expect(spread(gas), gas.join(", ")).to.be.at.most(200);
  });
});

describe("MilestoneVesting", () => {
  it("costs at most 64,000 gas, with one milestone attested or with four", async () => {
    const steady = (await releasesByMilestone()).slice(1, 3); // the first writes new slots, the last clears one
    expect(Math.max(...steady)).to.be.at.most(64_000);
    expect(spread(steady), steady.join(", ")).to.be.at.most(600);
  });
});
