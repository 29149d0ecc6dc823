import { expect } from "chai";
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { type Contract, ZeroAddress } from "ethers";

import { ethers, loadFixture, networkHelpers, OCTO } from "../../support/fixture.ts";
import { openForBusiness } from "../../support/jobs.ts";
import {
  DELIVERABLE,
  DEPLOYED_ABI,
  DEPLOYED_SELECTORS,
  HEAD_ABI,
  HEAD_SELECTORS,
  JOB_STATUS,
  REASON,
  selectorsOf,
  speaker,
} from "./erc8183.ts";

const BUDGET = 250n * OCTO;
const DAY = 86_400n;

/** How each ABI says the same thing. */
const DIALECTS = {
  head: {
    abi: HEAD_ABI,
    selectors: HEAD_SELECTORS,
    create: (provider: string, evaluator: string, expiredAt: bigint) =>
      [provider, evaluator, expiredAt, "translate this", ZeroAddress, 0n] as const,
    setProvider: (jobId: bigint, provider: string) => [jobId, provider, 0n] as const,
    setBudget: (jobId: bigint, token: string, amount: bigint) => [jobId, token, amount, "0x"] as const,
    view: "getJob",
  },
  deployed: {
    abi: DEPLOYED_ABI,
    selectors: DEPLOYED_SELECTORS,
    create: (provider: string, evaluator: string, expiredAt: bigint) =>
      [provider, evaluator, expiredAt, "translate this", ZeroAddress] as const,
    setProvider: (jobId: bigint, provider: string) => [jobId, provider] as const,
    setBudget: (jobId: bigint, _token: string, amount: bigint) => [jobId, amount, "0x"] as const,
    view: "getJobDeployed",
  },
} as const;

for (const [name, dialect] of Object.entries(DIALECTS)) {
  /** Parties that know the dialect's ABI, the market's address and the payment token, and nothing else of ours. */
  async function parties() {
    const { system, actors } = await loadFixture(openForBusiness);
    const at = (who: HardhatEthersSigner) => speaker(dialect.abi, system.addresses.jobMarket, who);
    const { octo } = system;
    return {
      token: system.addresses.octo,
      balanceOf: async (who: HardhatEthersSigner) => octo.balanceOf(who.address),
      creditOf: async (who: HardhatEthersSigner) => system.settlement.creditOf(who.address),
      actors,
      client: at(actors.client),
      provider: at(actors.provider),
      evaluator: at(actors.evaluator),
      stranger: at(actors.stranger),
    };
  }

  type Parties = Awaited<ReturnType<typeof parties>>;
  const call = (contract: Contract, method: string, ...args: readonly unknown[]) =>
    contract.getFunction(method)(...args);
  const now = async () => BigInt(await networkHelpers.time.latest());

  async function created(world: Parties, evaluator: HardhatEthersSigner, provider = world.actors.provider.address) {
    const args = dialect.create(provider, evaluator.address, (await now()) + DAY);
    const jobId = (await world.client.getFunction("createJob").staticCall(...args)) as bigint;
    await call(world.client, "createJob", ...args);
    return jobId;
  }

  async function funded(world: Parties, evaluator: HardhatEthersSigner) {
    const jobId = await created(world, evaluator);
    await call(world.client, "setBudget", ...dialect.setBudget(jobId, world.token, BUDGET));
    await call(world.client, "fund", jobId, BUDGET, "0x");
    return jobId;
  }

  async function submitted(world: Parties, evaluator: HardhatEthersSigner) {
    const jobId = await funded(world, evaluator);
    await call(world.provider, "submit", jobId, DELIVERABLE, "0x");
    return jobId;
  }

  const jobOf = (world: Parties, jobId: bigint) => call(world.client, dialect.view, jobId);
  const statusOf = async (world: Parties, jobId: bigint) => (await jobOf(world, jobId)).status as bigint;
  const refused = async (calling: Promise<unknown>) => expect(calling).to.be.revert(ethers);

  describe(`ERC-8183, the ${name} ABI`, () => {
    it("has the standard's selectors", () => {
      expect(selectorsOf(dialect.abi)).to.include(dialect.selectors);
    });

    it("completes a job and pays the provider: Open, Funded, Submitted, Completed", async () => {
      const world = await parties();
      const jobId = await created(world, world.actors.client);
      expect(await statusOf(world, jobId)).to.equal(JOB_STATUS.Open);
      await call(world.client, "setBudget", ...dialect.setBudget(jobId, world.token, BUDGET));
      const before = await world.balanceOf(world.actors.client);
      await call(world.client, "fund", jobId, BUDGET, "0x");
      expect(await statusOf(world, jobId)).to.equal(JOB_STATUS.Funded);
      expect(before - (await world.balanceOf(world.actors.client))).to.equal(BUDGET);
      await call(world.provider, "submit", jobId, DELIVERABLE, "0x");
      expect(await statusOf(world, jobId)).to.equal(JOB_STATUS.Submitted);
      const earned = await world.creditOf(world.actors.provider);
      await call(world.client, "complete", jobId, REASON, "0x");
      expect(await statusOf(world, jobId)).to.equal(JOB_STATUS.Completed);
      expect((await world.creditOf(world.actors.provider)) - earned).to.equal((BUDGET * 8n) / 10n);
    });

    it("emits the events of the ERC's text on the way", async () => {
      const world = await parties();
      const { client, provider } = world.actors;
      const expiredAt = (await now()) + DAY;
      await expect(call(world.client, "createJob", ...dialect.create(ZeroAddress, client.address, expiredAt)))
        .to.emit(world.client, "JobCreated")
        .withArgs(1n, client.address, ZeroAddress, client.address, expiredAt, ZeroAddress);
      await expect(call(world.client, "setProvider", ...dialect.setProvider(1n, provider.address)))
        .to.emit(world.client, "ProviderSet")
        .withArgs(1n, provider.address);
      await expect(call(world.client, "setBudget", ...dialect.setBudget(1n, world.token, BUDGET)))
        .to.emit(world.client, "BudgetSet")
        .withArgs(1n, BUDGET);
      await expect(call(world.client, "fund", 1n, BUDGET, "0x"))
        .to.emit(world.client, "JobFunded")
        .withArgs(1n, client.address, BUDGET);
      await expect(call(world.provider, "submit", 1n, DELIVERABLE, "0x"))
        .to.emit(world.client, "JobSubmitted")
        .withArgs(1n, provider.address, DELIVERABLE);
      const completing = call(world.client, "complete", 1n, REASON, "0x");
      await expect(completing).to.emit(world.client, "JobCompleted").withArgs(1n, client.address, REASON);
      await expect(completing)
        .to.emit(world.client, "PaymentReleased")
        .withArgs(1n, provider.address, (BUDGET * 8n) / 10n);
    });

    it("shows the job in the ABI's own shape", async () => {
      const world = await parties();
      const { client, provider, evaluator } = world.actors;
      const expiredAt = (await now()) + DAY;
      await call(world.client, "createJob", ...dialect.create(provider.address, evaluator.address, expiredAt));
      await call(world.provider, "setBudget", ...dialect.setBudget(1n, world.token, BUDGET));
      const job = await jobOf(world, 1n);
      expect([job.client, job.provider, job.evaluator, job.hook]).to.deep.equal([
        client.address,
        provider.address,
        evaluator.address,
        ZeroAddress,
      ]);
      expect([job.budget, job.expiredAt, job.status]).to.deep.equal([BUDGET, expiredAt, JOB_STATUS.Open]);
    });

    it("lets the client reject an Open job, and nobody else", async () => {
      const world = await parties();
      const jobId = await created(world, world.actors.evaluator);
      for (const other of [world.provider, world.evaluator, world.stranger]) {
        await refused(call(other, "reject", jobId, REASON, "0x"));
      }
      await expect(call(world.client, "reject", jobId, REASON, "0x"))
        .to.emit(world.client, "JobRejected")
        .withArgs(jobId, world.actors.client.address, REASON);
      expect(await statusOf(world, jobId)).to.equal(JOB_STATUS.Rejected);
    });

    for (const state of ["Funded", "Submitted"] as const) {
      it(`lets the evaluator reject a ${state} job, and refunds the client`, async () => {
        const world = await parties();
        const jobId = await (state === "Funded" ? funded : submitted)(world, world.actors.evaluator);
        for (const other of [world.provider, world.client, world.stranger]) {
          await refused(call(other, "reject", jobId, REASON, "0x"));
        }
        const before = await world.balanceOf(world.actors.client);
        const rejecting = call(world.evaluator, "reject", jobId, REASON, "0x");
        await expect(rejecting)
          .to.emit(world.client, "JobRejected")
          .withArgs(jobId, world.actors.evaluator.address, REASON);
        await expect(rejecting).to.emit(world.client, "Refunded").withArgs(jobId, world.actors.client.address, BUDGET);
        // A client of the plain ABI is paid by transfer.
        expect((await world.balanceOf(world.actors.client)) - before).to.equal(BUDGET);
      });
    }

    it("refunds by time, whoever asks: Funded to Expired", async () => {
      const world = await parties();
      const jobId = await funded(world, world.actors.evaluator);
      await refused(call(world.stranger, "claimRefund", jobId));
      await networkHelpers.time.increase(DAY + 1n);
      const before = await world.balanceOf(world.actors.client);
      const claiming = call(world.stranger, "claimRefund", jobId);
      await expect(claiming).to.emit(world.client, "JobExpired").withArgs(jobId);
      expect(await statusOf(world, jobId)).to.equal(JOB_STATUS.Expired);
      expect((await world.balanceOf(world.actors.client)) - before).to.equal(BUDGET);
    });

    it("deviates once, as documented: submitted work is not refunded by time", async () => {
      const world = await parties();
      const jobId = await submitted(world, world.actors.evaluator);
      await networkHelpers.time.increase(100n * DAY);
      await refused(call(world.stranger, "claimRefund", jobId));
      expect(await statusOf(world, jobId)).to.equal(JOB_STATUS.Submitted);
    });

    it("lets nobody but the evaluator complete, nobody but the provider submit, nobody but the client fund", async () => {
      const world = await parties();
      const jobId = await created(world, world.actors.evaluator);
      await call(world.client, "setBudget", ...dialect.setBudget(jobId, world.token, BUDGET));
      for (const other of [world.provider, world.evaluator, world.stranger]) {
        await refused(call(other, "fund", jobId, BUDGET, "0x"));
      }
      await call(world.client, "fund", jobId, BUDGET, "0x");
      for (const other of [world.client, world.evaluator, world.stranger]) {
        await refused(call(other, "submit", jobId, DELIVERABLE, "0x"));
      }
      await call(world.provider, "submit", jobId, DELIVERABLE, "0x");
      for (const other of [world.client, world.provider, world.stranger]) {
        await refused(call(other, "complete", jobId, REASON, "0x"));
      }
      await call(world.evaluator, "complete", jobId, REASON, "0x");
    });

    it("refuses to fund another budget than the one seen, and a budget of nothing (M-02)", async () => {
      const world = await parties();
      const jobId = await created(world, world.actors.client);
      await refused(call(world.client, "fund", jobId, 0n, "0x"));
      await call(world.provider, "setBudget", ...dialect.setBudget(jobId, world.token, BUDGET + 1n));
      await refused(call(world.client, "fund", jobId, BUDGET, "0x"));
    });

    it("refuses to fund without a provider, and to name one twice", async () => {
      const world = await parties();
      const jobId = await created(world, world.actors.client, ZeroAddress);
      await call(world.client, "setBudget", ...dialect.setBudget(jobId, world.token, BUDGET));
      await refused(call(world.client, "fund", jobId, BUDGET, "0x"));
      await call(world.client, "setProvider", ...dialect.setProvider(jobId, world.actors.provider.address));
      await refused(call(world.client, "setProvider", ...dialect.setProvider(jobId, world.actors.other.address)));
    });

    it("lets nothing happen to a job that has ended", async () => {
      const world = await parties();
      const jobId = await submitted(world, world.actors.evaluator);
      await call(world.evaluator, "complete", jobId, REASON, "0x");
      await networkHelpers.time.increase(10n * DAY);
      await refused(call(world.evaluator, "complete", jobId, REASON, "0x"));
      await refused(call(world.evaluator, "reject", jobId, REASON, "0x"));
      await refused(call(world.provider, "submit", jobId, DELIVERABLE, "0x"));
      await refused(call(world.client, "fund", jobId, BUDGET, "0x"));
      await refused(call(world.stranger, "claimRefund", jobId));
    });

    it("refuses to submit after the deadline (M-04)", async () => {
      const world = await parties();
      const jobId = await funded(world, world.actors.client);
      await networkHelpers.time.increase(DAY + 1n);
      await refused(call(world.provider, "submit", jobId, DELIVERABLE, "0x"));
    });

    it("knows no job that was not made", async () => {
      const world = await parties();
      await refused(jobOf(world, 99n));
    });
  });
}
