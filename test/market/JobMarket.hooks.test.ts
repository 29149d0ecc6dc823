import { expect } from "chai";
import { AbiCoder, type BaseContract, id, ZeroAddress } from "ethers";

import { NO_CONSENT } from "../../scripts/lib/deal.ts";
import { IERC8183__factory } from "../../typechain-types/index.js";
import { ethers, loadFixture, OCTO, time } from "../support/fixture.ts";
import { BUDGET, DAY, DELIVERABLE, DESCRIPTION, openForBusiness, REASON, STATUS } from "../support/jobs.ts";

const MOOD = { Quiet: 0n, Reverting: 1n, Burning: 2n, Bombing: 3n } as const;
const HEAD = IERC8183__factory.createInterface();
const coder = AbiCoder.defaultAbiCoder();

/** The open market, and a hook that listens. */
async function listening() {
  const world = await loadFixture(openForBusiness);
  const hook = await ethers.deployContract("TestHook");
  const told = (name: string) => (hook.connect(world.actors.stranger) as BaseContract).getFunction(name);
  return { ...world, hook, address: await hook.getAddress(), told };
}

type Listening = Awaited<ReturnType<typeof listening>>;

const selector = (name: "createJob" | "setBudget" | "fund" | "submit" | "complete" | "reject") =>
  HEAD.getFunction(name).selector;

/** A job with the hook, Funded by one transaction. */
async function hired({ jobs, address }: Listening) {
  return jobs.hire({ hook: address });
}

describe("JobMarket", () => {
  describe("a hook", () => {
    describe("when it is named", () => {
      it("stands in the job, in both shapes", async () => {
        const world = await listening();
        const jobId = await hired(world);
        expect((await world.jobs.market.getJob(jobId)).hook).to.equal(world.address);
        expect((await world.jobs.market.getJobDeployed(jobId)).hook).to.equal(world.address);
      });

      it("must say by ERC-165 that it is one (M-11)", async () => {
        const { jobs, actors, system } = await listening();
        for (const none of [actors.stranger.address, system.addresses.octo, system.addresses.manager]) {
          await expect(jobs.market.connect(actors.client).hire(jobs.deal({ hook: none }), BUDGET, NO_CONSENT))
            .to.be.revertedWithCustomError(jobs.market, "JobMarketInvalidHook")
            .withArgs(none);
        }
      });

      it("is emitted with the job", async () => {
        const { jobs, actors, address } = await listening();
        await expect(jobs.market.connect(actors.client).hire(jobs.deal({ hook: address }), BUDGET, NO_CONSENT))
          .to.emit(jobs.market, "JobCreated")
          .withArgs(1n, actors.client.address, actors.provider.address, actors.client.address, anyMoment, address);
      });
    });

    describe("when it is told, with the selectors and the data of the standard's head", () => {
      it("hears of createJob afterwards", async () => {
        const { jobs, actors, hook, address } = await listening();
        const { client, provider } = actors;
        const expiredAt = BigInt(await time.latest()) + DAY;
        const data = coder.encode(
          ["address", "address", "address"],
          [client.address, provider.address, client.address],
        );
        await expect(
          jobs.market.connect(client).createJob(provider.address, client.address, expiredAt, DESCRIPTION, address, 0n),
        )
          .to.emit(hook, "Heard")
          .withArgs(1n, true, selector("createJob"), data);
      });

      it("hears of setBudget and fund before and afterwards", async () => {
        const { jobs, actors, system, hook, address } = await listening();
        const { client, provider } = actors;
        const market = jobs.market.connect(client);
        const expiredAt = BigInt(await time.latest()) + DAY;
        await market.createJob(provider.address, client.address, expiredAt, DESCRIPTION, address, 0n);
        const budget = coder.encode(
          ["address", "address", "uint256", "bytes"],
          [client.address, system.addresses.octo, BUDGET, "0x12"],
        );
        const setting = market.setBudget(1n, system.addresses.octo, BUDGET, "0x12");
        for (const isDone of [false, true]) {
          await expect(setting).to.emit(hook, "Heard").withArgs(1n, isDone, selector("setBudget"), budget);
        }
        const funded = coder.encode(["address", "bytes"], [client.address, "0x34"]);
        const funding = market.fund(1n, BUDGET, "0x34");
        for (const isDone of [false, true]) {
          await expect(funding).to.emit(hook, "Heard").withArgs(1n, isDone, selector("fund"), funded);
        }
      });

      for (const step of ["submit", "complete", "reject"] as const) {
        it(`hears of ${step} before and afterwards`, async () => {
          const world = await listening();
          const { jobs, actors, hook } = world;
          const jobId = await hired(world);
          if (step === "complete") await jobs.submit(jobId);
          const caller = step === "submit" ? actors.provider : actors.client;
          const word = step === "submit" ? DELIVERABLE : REASON;
          const data = coder.encode(["address", "bytes32", "bytes"], [caller.address, word, "0x56"]);
          const stepping = jobs.market.connect(caller)[step](jobId, word, "0x56");
          for (const isDone of [false, true]) {
            await expect(stepping).to.emit(hook, "Heard").withArgs(jobId, isDone, selector(step), data);
          }
        });
      }
    });

    describe("when it is hostile (M-11, A-27, A-28)", () => {
      for (const mood of ["Reverting", "Burning", "Bombing"] as const) {
        it(`takes no step away by ${mood.toLowerCase()}: the job runs and pays as ever`, async () => {
          const world = await listening();
          const { jobs, actors, told } = world;
          await told("setMood")(MOOD[mood]);
          const jobId = await hired(world);
          await expect(jobs.submit(jobId))
            .to.emit(jobs.market, "HookFailed")
            .withArgs(jobId, world.address, selector("submit"));
          const before = await world.system.settlement.creditOf(actors.provider.address);
          await jobs.complete(jobId);
          expect(await jobs.statusOf(jobId)).to.equal(STATUS.Completed);
          expect((await world.system.settlement.creditOf(actors.provider.address)) - before).to.equal(
            (BUDGET * 8n) / 10n,
          );
        });

        it(`blocks no rejection by ${mood.toLowerCase()}`, async () => {
          const world = await listening();
          await world.told("setMood")(MOOD[mood]);
          const jobId = await hired(world);
          await world.jobs.reject(jobId);
          expect(await world.jobs.statusOf(jobId)).to.equal(STATUS.Rejected);
        });
      }

      it("is not asked at the exits by time: refund and release", async () => {
        const world = await listening();
        const { jobs, hook, told } = world;
        await told("setMood")(MOOD.Burning);
        const [refunded, released] = [await hired(world), await hired(world)];
        await jobs.submit(released);
        await jobs.afterDeadline(refunded);
        await expect(jobs.claimRefund(refunded)).not.to.emit(jobs.market, "HookFailed");
        await jobs.afterReview(released);
        await expect(jobs.release(released)).not.to.emit(hook, "Heard");
        expect(await jobs.statusOf(released)).to.equal(STATUS.Completed);
      });
    });

    describe("when it calls back, whatever it calls (M-11)", () => {
      for (const [what, call] of [
        ["the step itself", (jobId: bigint) => ["submit", [jobId, DELIVERABLE, "0x"]]],
        ["complete", (jobId: bigint) => ["complete", [jobId, REASON, "0x"]]],
        ["reject", (jobId: bigint) => ["reject", [jobId, REASON, "0x"]]],
        ["claimRefund", (jobId: bigint) => ["claimRefund", [jobId]]],
        ["release", (jobId: bigint) => ["release", [jobId]]],
        ["acceptRejection", (jobId: bigint) => ["acceptRejection", [jobId]]],
        ["createJob", () => ["createJob", [ZeroAddress, id("x").slice(0, 42), 10n ** 10n, "", ZeroAddress, 0n]]],
      ] as const) {
        it(`finds the door shut: ${what}`, async () => {
          const world = await listening();
          const { jobs, hook, told, system } = world;
          const jobId = await hired(world);
          const [name, args] = call(jobId);
          const data = system.jobMarket.interface.encodeFunctionData(name as "submit", args as never);
          await told("setCall")(system.addresses.jobMarket, data);
          const shut = ethers.id("ReentrancyGuardReentrantCall()").slice(0, 10);
          await expect(jobs.submit(jobId)).to.emit(hook, "Called").withArgs(false, shut);
          expect(await jobs.statusOf(jobId)).to.equal(STATUS.Submitted);
        });
      }

      it("may use the vault as anybody may", async () => {
        const world = await listening();
        const { jobs, hook, told, system } = world;
        const jobId = await hired(world);
        await told("setCall")(
          system.addresses.settlement,
          system.settlement.interface.encodeFunctionData("withdraw", [world.address, OCTO]),
        );
        await expect(jobs.submit(jobId)).to.emit(hook, "Called");
        expect(await jobs.statusOf(jobId)).to.equal(STATUS.Submitted);
      });
    });
  });
});

const anyMoment = (moment: bigint) => moment > 0n;
