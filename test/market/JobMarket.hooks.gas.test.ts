import { expect } from "chai";
import type { BaseContract } from "ethers";

import { ethers, loadFixture } from "../support/fixture.ts";
import { DELIVERABLE, openForBusiness, STATUS } from "../support/jobs.ts";

const BURNING = 2n;

/** The open market, and a job with a hook. */
async function hooked() {
  const world = await loadFixture(openForBusiness);
  const hook = await ethers.deployContract("TestHook");
  const jobId = await world.jobs.hire({ hook: await hook.getAddress() });
  const setMood = (hook.connect(world.actors.stranger) as BaseContract).getFunction("setMood");
  return { ...world, jobId, setMood };
}

describe("JobMarket", () => {
  describe("a hook", () => {
    it("costs its caller no more than its cap of gas (M-11)", async () => {
      const { jobs, jobId, setMood } = await hooked();
      await setMood(BURNING);
      const { gasUsed } = (await (await jobs.submit(jobId)).wait())!;
      expect(gasUsed).to.be.lessThan(2n * 150_000n + 80_000n);
    });

    it("cannot be left without gas by the caller of a step (A-27)", async () => {
      const { jobs, actors, jobId } = await hooked();
      await expect(
        jobs.market.connect(actors.provider).submit(jobId, DELIVERABLE, "0x", { gasLimit: 150_000n }),
      ).to.be.revertedWithCustomError(jobs.market, "JobMarketGasTooLow");
      expect(await jobs.statusOf(jobId)).to.equal(STATUS.Funded);
    });
  });
});
