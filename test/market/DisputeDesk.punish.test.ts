import { expect } from "chai";
import { ZeroAddress, ZeroHash } from "ethers";

import { roleId } from "../../deploy/roles.ts";
import { courtInSession, PHASE, POT } from "../support/disputes.ts";
import { ethers, loadFixture, OCTO } from "../support/fixture.ts";

const D = roleId("D");
const ESCROW = 1_000n * OCTO;
const BOND = 50n * OCTO;

const inSession = async () => loadFixture(courtInSession);

async function openedByClient() {
  const world = await inSession();
  return { ...world, jobId: await world.disputes.openedByClient() };
}

describe("DisputeDesk", () => {
  describe("punish", () => {
    it("refuses before the money is where it belongs", async () => {
      const { disputes, jobId } = await openedByClient();
      await disputes.ruled(jobId, { share: 0n, offence: "Fraud" });
      await expect(disputes.desk.punish(jobId))
        .to.be.revertedWithCustomError(disputes.desk, "DisputeDeskWrongPhase")
        .withArgs(jobId, PHASE.Ruled, PHASE.Closed);
    });

    it("takes the lane's bond for the panel, without a mark in the record", async () => {
      const { disputes, jobId, system, actors } = await openedByClient();
      await disputes.ruled(jobId, { share: 0n });
      await disputes.desk.execute(jobId);
      const before = await system.registry.positionOf(actors.other.address, D);
      await expect(disputes.desk.punish(jobId)).to.emit(disputes.desk, "ProviderPunished").withArgs(jobId, BOND, 0n);
      const after = await system.registry.positionOf(actors.other.address, D);
      expect(before.octoBond - after.octoBond).to.equal(BOND);
      expect(after.record.flags).to.equal(before.record.flags);
      expect((await disputes.desk.feesOf(jobId, POT.Levy)).left).to.equal(BOND);
      expect(await disputes.held()).to.equal(BOND);
    });

    it("slashes for the offence, and makes the client whole first", async () => {
      const { disputes, jobId, system, actors } = await openedByClient();
      await disputes.ruled(jobId, { share: 25n, offence: "SlaViolation" });
      await disputes.desk.execute(jobId);
      const { octoBond } = await system.registry.positionOf(actors.other.address, D);
      const penalty = ((octoBond - BOND) * 20n) / 100n;
      const whole = penalty < 250n * OCTO ? penalty : 250n * OCTO;
      await expect(disputes.desk.punish(jobId)).to.changeTokenBalance(ethers, system.octo, actors.client, whole);
    });

    it("refuses a second time (A-62)", async () => {
      const { disputes, jobId } = await openedByClient();
      await disputes.ruled(jobId, { share: 0n, offence: "PoorResult" });
      await disputes.desk.execute(jobId);
      await disputes.desk.punish(jobId);
      await expect(disputes.desk.punish(jobId))
        .to.be.revertedWithCustomError(disputes.desk, "DisputeDeskNothingToDo")
        .withArgs(jobId);
    });

    it("frees what was frozen, with an offence and without (I-10)", async () => {
      for (const offence of ["PoorResult", undefined] as const) {
        const { disputes, system, actors } = await inSession();
        const jobId = await disputes.openedByClient(ESCROW, true);
        await disputes.ruled(jobId, offence === undefined ? { share: 100n } : { share: 0n, offence });
        await disputes.desk.execute(jobId);
        await disputes.desk.punish(jobId);
        expect([...(await system.registry.frozenBondOf(actors.other.address, D))]).to.deep.equal([0n, 0n]);
      }
    });

    it("takes what is there when it is less than what is owed (A-64, I-09)", async () => {
      const { disputes, jobId, system, actors } = await openedByClient();
      await disputes.ruled(jobId, { share: 0n });
      await disputes.desk.execute(jobId);
      const fraud = {
        provider: actors.other.address,
        role: D,
        offence: 5n,
        offenceAt: 1n,
        disputeId: ZeroHash,
        client: ZeroAddress,
        loss: 0n,
        reason: ZeroHash,
      };
      await system.slashingDesk.connect(actors.judge).slash(fraud);
      await expect(disputes.desk.punish(jobId)).to.emit(disputes.desk, "ProviderPunished").withArgs(jobId, 0n, 0n);
      expect(await disputes.held()).to.equal(0n);
    });
  });
});
