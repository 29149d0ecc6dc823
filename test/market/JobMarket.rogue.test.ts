import { expect } from "chai";

import { bitmap, roleId, SCHEDULES } from "../../deploy/roles.ts";
import { ethers, loadFixture, time } from "../support/fixture.ts";
import { BUDGET, DAY, openForBusiness } from "../support/jobs.ts";
import { lockOf, refundOf } from "../support/testMarket.ts";

describe("JobMarket", () => {
  describe("another market that the vault has admitted", () => {
    /** A rogue market, admitted for everything that the job market is, before a client of the job market. */
    async function invaded() {
      const world = await loadFixture(openForBusiness);
      const { system, actors } = world;
      const rogue = await ethers.deployContract("RogueMarket");
      const address = await rogue.getAddress();
      await system.settlement
        .connect(actors.admin)
        .admitMarket(address, bitmap([roleId("A"), roleId("D")]), bitmap([SCHEDULES.SERVICE]));
      const { interface: abi } = system.settlement;
      const lock = lockOf(world, { amount: BUDGET });
      const vault = system.addresses.settlement;
      return {
        ...world,
        rogue: address,
        lock,
        run: async (data: string) => rogue.getFunction("run")(vault, data),
        lockByApproval: async () =>
          rogue.getFunction("run")(vault, abi.encodeFunctionData("lockByApproval", [lock, true])),
        inPlaceOfPaying: async (target: string, data: string) => rogue.getFunction("prepare")(target, data),
      };
    }

    it("cannot use an allowance given to the job market", async () => {
      const { system, actors, rogue, inPlaceOfPaying, lockByApproval } = await invaded();
      const { octo, addresses } = system;
      await inPlaceOfPaying(
        addresses.octo,
        octo.interface.encodeFunctionData("transferFrom", [actors.client.address, addresses.settlement, BUDGET]),
      );
      await expect(lockByApproval())
        .to.be.revertedWithCustomError(octo, "ERC20InsufficientAllowance")
        .withArgs(rogue, 0n, BUDGET);
    });

    it("cannot make the job market pull", async () => {
      const { jobs, system, actors, rogue, inPlaceOfPaying, lockByApproval } = await invaded();
      await inPlaceOfPaying(
        system.addresses.jobMarket,
        jobs.market.interface.encodeFunctionData("pull", [actors.client.address, BUDGET]),
      );
      await expect(lockByApproval())
        .to.be.revertedWithCustomError(jobs.market, "JobMarketCallerNotVault")
        .withArgs(rogue);
    });

    for (const [what, brought] of [
      ["nothing", 0n],
      ["a wei too little", BUDGET - 1n],
      ["a wei too much", BUDGET + 1n],
    ] as const) {
      it(`cannot lock by bringing ${what}`, async () => {
        const { system, actors, rogue, inPlaceOfPaying, lockByApproval } = await invaded();
        const { octo, settlement, addresses } = system;
        await octo.connect(actors.stranger).transfer(rogue, 2n * BUDGET);
        await inPlaceOfPaying(
          addresses.octo,
          octo.interface.encodeFunctionData("transfer", [addresses.settlement, brought]),
        );
        await expect(lockByApproval())
          .to.be.revertedWithCustomError(settlement, "SettlementAmountNotReceived")
          .withArgs(BUDGET, brought);
      });
    }

    it("cannot count a hire at the job market as its own payment (M-11)", async () => {
      const { jobs, system, inPlaceOfPaying, lockByApproval } = await invaded();
      const { validAfter, validBefore, signature } = await jobs.authorization(jobs.deal());
      const consent = await jobs.consent("hireWithAuthorization", jobs.deal());
      await inPlaceOfPaying(
        system.addresses.jobMarket,
        jobs.market.interface.encodeFunctionData("hireWithAuthorization", [
          jobs.deal(),
          BUDGET,
          validAfter,
          validBefore,
          signature,
          consent,
        ]),
      );
      await expect(lockByApproval()).to.be.revertedWithCustomError(system.settlement, "ReentrancyGuardReentrantCall");
    });

    for (const end of ["release", "claimRefund"] as const) {
      it(`cannot reach ${end} from inside its payment (M-11)`, async () => {
        const { jobs, system, inPlaceOfPaying, lockByApproval } = await invaded();
        const jobId = end === "release" ? await jobs.submitted() : await jobs.hire();
        await time.increase(30n * DAY);
        const { interface: abi } = jobs.market;
        const data =
          end === "release"
            ? abi.encodeFunctionData("release", [jobId])
            : abi.encodeFunctionData("claimRefund", [jobId]);
        await inPlaceOfPaying(system.addresses.jobMarket, data);
        await expect(lockByApproval()).to.be.revertedWithCustomError(system.settlement, "ReentrancyGuardReentrantCall");
      });
    }

    it("cannot use credit that the job market may spend", async () => {
      const { system, actors, rogue, lock, run } = await invaded();
      const { settlement } = system;
      await expect(run(settlement.interface.encodeFunctionData("lockFromCredit", [lock])))
        .to.be.revertedWithCustomError(settlement, "SettlementCreditNotAllowed")
        .withArgs(actors.client.address, rogue);
    });

    it("cannot use a signature made for the job market", async () => {
      const { jobs, system, lock, run } = await invaded();
      const { octo, settlement } = system;
      const { validAfter, validBefore, signature } = await jobs.authorization(jobs.deal());
      const { selector } = jobs.market.interface.getFunction("hireWithAuthorization");
      const deal = await jobs.market.dealHashOf(jobs.deal(), selector);
      await expect(
        run(
          settlement.interface.encodeFunctionData("lockByAuthorization", [
            lock,
            { validAfter, validBefore, deal, signature },
          ]),
        ),
      ).to.be.revertedWithCustomError(octo, "ERC3009InvalidSignature");
    });

    it("cannot refund or settle out of the job market's escrow (M-01)", async () => {
      const { jobs, system, actors, rogue, run } = await invaded();
      const { settlement } = system;
      await jobs.hire();
      const work = refundOf(actors.client.address, 1n, { provider: actors.stranger.address });
      for (const data of [
        settlement.interface.encodeFunctionData("refund", [work, false]),
        settlement.interface.encodeFunctionData("settle", [work]),
      ]) {
        await expect(run(data))
          .to.be.revertedWithCustomError(settlement, "SettlementMarketBalanceTooSmall")
          .withArgs(rogue, 0n, 1n);
      }
      expect(await jobs.escrow()).to.equal(BUDGET);
    });
  });
});
