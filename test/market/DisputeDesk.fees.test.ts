import { expect } from "chai";

import { courtInSession, POT } from "../support/disputes.ts";
import { loadFixture, OCTO } from "../support/fixture.ts";
import { PAYMENT } from "../support/jobs.ts";

const BOND = 50n * OCTO;

async function openedByClient() {
  const world = await loadFixture(courtInSession);
  return { ...world, jobId: await world.disputes.openedByClient() };
}

describe("DisputeDesk", () => {
  describe("collectFee", () => {
    /** The client has lost, and three of the panel were right. */
    async function lostByClient() {
      const world = await openedByClient();
      const { disputes, actors, jobId } = world;
      const panel = [actors.relayer, actors.delegator, actors.evaluator];
      await disputes.ruled(
        jobId,
        { share: 100n },
        panel.map(({ address }) => address),
      );
      await disputes.desk.execute(jobId);
      return { ...world, panel };
    }

    it("pays each of the majority the same, and burns the rest (B-3)", async () => {
      const { disputes, panel, jobId, system } = await lostByClient();
      const each = (BOND * 80n) / 100n / 3n;
      const { burn } = await system.settlement.sums();
      for (const member of panel) {
        const before = await disputes.creditOf(member);
        await expect(disputes.desk.connect(member).collectFee(jobId, POT.Panel))
          .to.emit(disputes.desk, "FeeCollected")
          .withArgs(jobId, POT.Panel, member.address, each);
        expect((await disputes.creditOf(member)) - before).to.equal(each);
      }
      expect((await system.settlement.sums()).burn - burn).to.equal(BOND - 3n * each);
      expect(await disputes.held()).to.equal(0n);
    });

    it("refuses whoever was not right, and a second time", async () => {
      const { disputes, panel, actors, jobId } = await lostByClient();
      await disputes.desk.connect(panel[0]!).collectFee(jobId, POT.Panel);
      for (const who of [panel[0]!, actors.stranger]) {
        await expect(disputes.desk.connect(who).collectFee(jobId, POT.Panel))
          .to.be.revertedWithCustomError(disputes.desk, "DisputeDeskNoFee")
          .withArgs(jobId, POT.Panel, who.address);
      }
    });

    it("refuses what is not there: another pot", async () => {
      const { disputes, panel, jobId } = await lostByClient();
      for (const pot of [POT.Levy, POT.Appeal]) {
        await expect(disputes.desk.connect(panel[0]!).collectFee(jobId, pot))
          .to.be.revertedWithCustomError(disputes.desk, "DisputeDeskNoFee")
          .withArgs(jobId, pot, panel[0]!.address);
      }
    });

    it("pays no more than the pot, whatever an arbiter says: other bonds are safe (A-98)", async () => {
      const { disputes, panel, actors, jobId } = await lostByClient();
      await disputes.openedByClient();
      const { caseId } = await disputes.desk.disputeOf(jobId);
      await disputes.arbiter("pretend", caseId, false, actors.stranger.address, 1n);
      await disputes.desk.connect(actors.stranger).collectFee(jobId, POT.Panel);
      await disputes.arbiter("pretend", caseId, false, actors.early.address, 1n);
      for (const who of [actors.early, panel[0]!]) {
        await expect(disputes.desk.connect(who).collectFee(jobId, POT.Panel))
          .to.be.revertedWithCustomError(disputes.desk, "DisputeDeskNoFee")
          .withArgs(jobId, POT.Panel, who.address);
      }
      expect(await disputes.held()).to.equal(BOND);
    });

    it("pays a failed appeal's bond to the appeal's majority, or to the panel's if the appeal decided nothing", async () => {
      for (const heard of [true, false]) {
        const { disputes, actors, jobId } = await openedByClient();
        const [panellist, councillor] = [actors.relayer, actors.delegator];
        await disputes.judging(jobId);
        await disputes.decide(jobId, { share: 0n }, [panellist.address]);
        await disputes.desk.connect(actors.other).appeal(jobId, PAYMENT.Credit);
        await disputes.decide(jobId, { share: 0n }, heard ? [councillor.address] : [], true);
        await disputes.desk.execute(jobId);
        const [earner, loser] = heard ? [councillor, panellist] : [panellist, councillor];
        await expect(disputes.desk.connect(loser).collectFee(jobId, POT.Appeal)).to.be.revertedWithCustomError(
          disputes.desk,
          "DisputeDeskNoFee",
        );
        await disputes.desk.connect(earner).collectFee(jobId, POT.Appeal);
        expect(await disputes.creditOf(earner)).to.equal((2n * BOND * 80n) / 100n);
      }
    });
  });
});
