import { expect } from "chai";
import { ZeroAddress } from "ethers";

import {
  CASE_STATUS,
  court,
  crowded,
  HISTORY,
  madeUp,
  NOTICE,
  sitting,
  UNDECIDED,
  VOTING,
} from "../support/arbitration.ts";
import { ethers, loadFixture, networkHelpers, time } from "../support/fixture.ts";
import { minedAt } from "../support/jobs.ts";

const HISTORY_ADDRESS = "0x0000F90827F1C53a10cb7A02335B175320002935";
/** The code of EIP-2935. The development chain has another there, which reverts. */
const HISTORY_CODE =
  "0x3373fffffffffffffffffffffffffffffffffffffffe14604657602036036042575f35600143038111604257611fff81430311604257" +
  "611fff9006545f5260205ff35b5f5ffd5b5f35611fff60014303065500";

/** Gives the chain the history of EIP-2935, with the hash of one block. */
async function keepHistory(block: bigint): Promise<void> {
  const { hash } = (await ethers.provider.getBlock(block))!;
  await networkHelpers.setCode(HISTORY_ADDRESS, HISTORY_CODE);
  await networkHelpers.setStorageAt(HISTORY_ADDRESS, block % HISTORY, hash!);
}

const addressesOf = (accounts: readonly { address: string }[]) => accounts.map(({ address }) => address);

describe("PanelArbiter", () => {
  describe("canJudge", () => {
    it("is true of fifteen arbiters of whom none is a party", async () => {
      const { arbiter, court: bench } = await loadFixture(court);
      expect(await arbiter.canJudge(bench.parties)).to.equal(true);
      expect(await arbiter.canJudge([])).to.equal(true);
    });

    it("is false of fourteen", async () => {
      const { arbiter, arbiters, court: bench } = await loadFixture(court);
      await bench.dismiss(arbiters[0]!.address);
      expect(await arbiter.canJudge(bench.parties)).to.equal(false);
    });

    it("is true of nine eligible ones among fifteen, and false of eight (M-09)", async () => {
      const { arbiter, arbiters } = await loadFixture(court);
      expect(await arbiter.canJudge(addressesOf(arbiters.slice(0, 6)))).to.equal(true);
      expect(await arbiter.canJudge(addressesOf(arbiters.slice(0, 7)))).to.equal(false);
    });

    it("counts a party once that is named often", async () => {
      const { arbiter, arbiters } = await loadFixture(court);
      expect(await arbiter.canJudge(Array.from({ length: 16 }, () => arbiters[0]!.address))).to.equal(true);
    });

    it("counts no party that is no arbiter", async () => {
      const { arbiter, arbiters } = await loadFixture(court);
      const strangers = Array.from({ length: 10 }, (_, index) => madeUp(index));
      expect(await arbiter.canJudge([...strangers, ...addressesOf(arbiters.slice(0, 6))])).to.equal(true);
    });

    it("is false of more than sixteen parties", async () => {
      const { arbiter } = await loadFixture(court);
      const many = Array.from({ length: 17 }, (_, index) => madeUp(index));
      expect([await arbiter.canJudge(many.slice(1)), await arbiter.canJudge(many)]).to.deep.equal([true, false]);
    });

    it("counts on the roster who has notice, but not as eligible", async () => {
      const { arbiter, arbiters, court: bench } = await loadFixture(court);
      await bench.dismiss(arbiters[14]!.address);
      await bench.nominate(madeUp(1));
      expect(await arbiter.canJudge(addressesOf(arbiters.slice(0, 5)))).to.equal(true);
      expect(await arbiter.canJudge(addressesOf(arbiters.slice(0, 6)))).to.equal(false);
      await time.increase(NOTICE);
      expect(await arbiter.canJudge(addressesOf(arbiters.slice(0, 6)))).to.equal(true);
    });
  });

  describe("openCase", () => {
    for (const name of ["stranger", "admin"] as const) {
      it(`refuses the ${name}, who is not admitted`, async () => {
        const { arbiter, actors, court: bench } = await loadFixture(court);
        await expect(arbiter.connect(actors[name]).openCase(bench.parties))
          .to.be.revertedWithCustomError(arbiter, "PanelArbiterNotAdmitted")
          .withArgs(actors[name].address);
      });
    }

    it("refuses who is admitted no longer", async () => {
      const { arbiter, arbitrable, actors, court: bench } = await loadFixture(court);
      await arbiter.connect(actors.admin).admit(arbitrable, false);
      await expect(arbitrable.openCase(bench.parties))
        .to.be.revertedWithCustomError(arbiter, "PanelArbiterNotAdmitted")
        .withArgs(await arbitrable.getAddress());
    });

    it("refuses seventeen parties, and takes sixteen (A-70)", async () => {
      const { arbiter, arbitrable } = await loadFixture(court);
      const many = Array.from({ length: 17 }, (_, index) => madeUp(index));
      await expect(arbitrable.openCase(many))
        .to.be.revertedWithCustomError(arbiter, "PanelArbiterTooManyParties")
        .withArgs(17n, 16n);
      await arbitrable.openCase(many.slice(1));
      expect((await arbiter.caseOf(1n)).parties).to.deep.equal(many.slice(1));
    });

    it("refuses a roster of fourteen", async () => {
      const { arbiter, arbitrable, arbiters, court: bench } = await loadFixture(court);
      await bench.dismiss(arbiters[0]!.address);
      await expect(arbitrable.openCase(bench.parties))
        .to.be.revertedWithCustomError(arbiter, "PanelArbiterRosterTooSmall")
        .withArgs(14n, 15n);
    });

    it("refuses eight eligible arbiters, and takes nine (M-09)", async () => {
      const { arbiter, arbitrable, arbiters } = await loadFixture(court);
      await expect(arbitrable.openCase(addressesOf(arbiters.slice(0, 7))))
        .to.be.revertedWithCustomError(arbiter, "PanelArbiterTooFewEligible")
        .withArgs(8n, 9n);
      await arbitrable.openCase(addressesOf(arbiters.slice(0, 6)));
      expect(await arbiter.caseCount()).to.equal(1n);
    });

    it("notes who brought it, between whom, and the block after the next one (A-75)", async () => {
      const { arbiter, arbitrable, court: bench } = await loadFixture(court);
      const opened = await arbitrable.openCase(bench.parties);
      const block = BigInt(opened.blockNumber!);
      expect([...(await arbiter.caseOf(1n))]).to.deep.equal([
        await arbitrable.getAddress(),
        CASE_STATUS.Drawing,
        1n,
        block + 2n,
        await minedAt(opened),
        0n,
        0n,
        0n,
        bench.parties,
      ]);
      expect([...(await arbiter.panelOf(1n))]).to.deep.equal([]);
    });

    it("emits case, arbitrable, parties and block", async () => {
      const { arbiter, arbitrable, court: bench } = await loadFixture(court);
      const opened = await arbitrable.openCase(bench.parties);
      await expect(opened)
        .to.emit(arbiter, "CaseOpened")
        .withArgs(1n, await arbitrable.getAddress(), bench.parties, BigInt(opened.blockNumber!) + 2n);
    });

    it("numbers cases of all arbitrables in one row: none takes another's number (A-62)", async () => {
      const { arbiter, arbitrable, actors, court: bench } = await loadFixture(court);
      await arbiter.connect(actors.admin).admit(actors.other.address, true);
      await bench.open();
      await arbiter.connect(actors.other).openCase(bench.parties);
      await bench.open();
      const owners = await Promise.all([1n, 2n, 3n].map(async (id) => (await arbiter.caseOf(id)).arbitrable));
      const brought = await arbitrable.getAddress();
      expect(owners).to.deep.equal([brought, actors.other.address, brought]);
    });

    it("leaves nothing known of a case that was not opened", async () => {
      const { arbiter } = await loadFixture(court);
      expect([...(await arbiter.caseOf(1n))]).to.deep.equal([ZeroAddress, 0n, 0n, 0n, 0n, 0n, 0n, 0n, []]);
    });
  });

  describe("draw", () => {
    for (const [status, fixture, caseId] of [
      ["None", court, 1n],
      ["Voting", sitting, 1n],
    ] as const) {
      it(`refuses a case that stands at ${status}`, async () => {
        const { arbiter } = await loadFixture<{ arbiter: Awaited<ReturnType<typeof court>>["arbiter"] }>(fixture);
        await expect(arbiter.draw(caseId))
          .to.be.revertedWithCustomError(arbiter, "PanelArbiterWrongStatus")
          .withArgs(caseId, CASE_STATUS[status], CASE_STATUS.Drawing);
      });
    }

    it("refuses in the block of the draw, whose hash nobody knows, and draws in the next one (A-75)", async () => {
      const { arbiter, court: bench } = await loadFixture(court);
      await bench.open();
      const { drawBlock } = await arbiter.caseOf(1n);
      await networkHelpers.mine(drawBlock - BigInt(await time.latestBlock()) - 1n);
      await expect(arbiter.draw(1n))
        .to.be.revertedWithCustomError(arbiter, "PanelArbiterDrawNotReady")
        .withArgs(1n, drawBlock);
      await networkHelpers.mine();
      const drawn = await arbiter.draw(1n);
      expect(BigInt(drawn.blockNumber!)).to.equal(drawBlock + 1n);
      await expect(drawn).to.emit(arbiter, "PanelDrawn");
    });

    it("refuses in the block after the case was opened", async () => {
      const { arbiter, court: bench } = await loadFixture(court);
      await bench.open();
      const { drawBlock } = await arbiter.caseOf(1n);
      await expect(arbiter.draw(1n))
        .to.be.revertedWithCustomError(arbiter, "PanelArbiterDrawNotReady")
        .withArgs(1n, drawBlock);
    });

    it("draws seven different members, whoever calls", async () => {
      const { arbiter, actors, arbiters, court: bench } = await loadFixture(court);
      await bench.open();
      await bench.waitForBlock();
      await arbiter.connect(actors.stranger).draw(1n);
      const panel = [...(await arbiter.panelOf(1n))];
      expect(new Set(panel).size).to.equal(7);
      expect(addressesOf(arbiters)).to.include.members(panel);
    });

    it("gives the panel five days", async () => {
      const { arbiter, court: bench } = await loadFixture(court);
      await bench.open();
      await bench.waitForBlock();
      const drawnAt = await minedAt(await arbiter.draw(1n));
      const found = await arbiter.caseOf(1n);
      expect([found.status, found.startedAt, found.deadline, found.voters, found.votes]).to.deep.equal([
        CASE_STATUS.Voting,
        drawnAt,
        drawnAt + VOTING,
        7n,
        0n,
      ]);
    });

    it("emits the panellists, in the order in which they were drawn, and the deadline", async () => {
      const { arbiter, court: bench } = await loadFixture(court);
      await bench.open();
      await bench.waitForBlock();
      const drawn = await arbiter.draw(1n);
      const panel = await arbiter.panelOf(1n);
      await expect(drawn)
        .to.emit(arbiter, "PanelDrawn")
        .withArgs(
          1n,
          1n,
          (named: string[]) => named.toSorted().join() === [...panel].toSorted().join(),
          (await minedAt(drawn)) + VOTING,
        );
    });

    it("has one result, whoever calls and however late (A-75)", async () => {
      const { arbiter, court: bench } = await loadFixture(court);
      await bench.open();
      await bench.waitForBlock();
      const snapshot = await networkHelpers.takeSnapshot();
      const early = await bench.drawn();
      await snapshot.restore();
      await networkHelpers.mine(200);
      expect(await bench.drawn()).to.deep.equal(early);
      expect((await arbiter.caseOf(1n)).status).to.equal(CASE_STATUS.Voting);
    });

    it("draws differently for two cases of one block (A-75)", async () => {
      const { arbiter, arbitrable, court: bench } = await loadFixture(crowded);
      await ethers.provider.send("evm_setAutomine", [false]);
      try {
        await arbitrable.openCase(bench.parties, { gasLimit: 1_000_000 });
        await arbitrable.openCase(bench.parties, { gasLimit: 1_000_000 });
        await networkHelpers.mine();
      } finally {
        await ethers.provider.send("evm_setAutomine", [true]);
      }
      const [first, second] = [await arbiter.caseOf(1n), await arbiter.caseOf(2n)];
      expect(first.drawBlock).to.equal(second.drawBlock);
      expect(await bench.drawn(1n)).not.to.deep.equal(await bench.drawn(2n));
    });

    describe("when the hash is forgotten (A-75)", () => {
      /** The case opened, and so many blocks after the one that draws it. */
      async function after(blocks: bigint) {
        const world = await loadFixture(court);
        await world.court.open();
        await world.court.waitForBlock();
        await networkHelpers.mine(blocks - 1n); // the draw's own block is the last
        return world;
      }

      for (const [blocks, event] of [
        [256n, "PanelDrawn"],
        [257n, "DrawPostponed"],
      ] as const) {
        it(`emits ${event} ${blocks} blocks later where the chain keeps no history`, async () => {
          const { arbiter } = await after(blocks);
          await expect(arbiter.draw(1n)).to.emit(arbiter, event);
        });
      }

      it("draws as it would have at once where the chain keeps one (EIP-2935)", async () => {
        const early = await (await after(1n)).court.drawn();
        const { arbiter, court: bench } = await after(HISTORY);
        await keepHistory((await arbiter.caseOf(1n)).drawBlock);
        expect(await bench.drawn()).to.deep.equal(early);
      });

      it("does not draw when that has forgotten too", async () => {
        const { arbiter } = await after(HISTORY + 1n);
        await keepHistory((await arbiter.caseOf(1n)).drawBlock);
        await expect(arbiter.draw(1n)).to.emit(arbiter, "DrawPostponed");
      });

      for (const [what, code] of [
        ["nothing", "0x"],
        ["a revert with a reason", "0x60015f5260205ffd"],
        ["half a word", "0x60015f5260105ff3"],
        ["zero", "0x5f5f5260205ff3"],
      ] as const) {
        it(`takes no hash from a history that answers with ${what}`, async () => {
          const { arbiter } = await after(300n);
          await networkHelpers.setCode(HISTORY_ADDRESS, code);
          await expect(arbiter.draw(1n)).to.emit(arbiter, "DrawPostponed");
        });
      }

      it("draws nobody, and sets another block that does not exist yet", async () => {
        const { arbiter } = await after(300n);
        const drawn = await arbiter.draw(1n);
        const drawBlock = BigInt(drawn.blockNumber!) + 2n;
        const found = await arbiter.caseOf(1n);
        expect([found.status, found.panel, found.drawBlock, found.startedAt]).to.deep.equal([
          CASE_STATUS.Drawing,
          1n,
          drawBlock,
          await minedAt(drawn),
        ]);
        await expect(drawn).to.emit(arbiter, "DrawPostponed").withArgs(1n, drawBlock);
        await expect(drawn).not.to.emit(arbiter, "PanelDrawn");
      });

      it("draws by the new block, so that no case hangs (M-06)", async () => {
        const { arbiter, court: bench } = await after(300n);
        await arbiter.draw(1n);
        await networkHelpers.mine(300);
        await arbiter.draw(1n);
        expect(await bench.drawn()).to.have.lengthOf(7);
      });
    });

    describe("who is drawn", () => {
      it("is never a party, and every other member sometimes (M-09)", async () => {
        const { arbiters, court: bench } = await loadFixture(court);
        const parties = addressesOf(arbiters.slice(0, 4));
        const times = new Map(addressesOf(arbiters).map((address) => [address, 0]));
        const CASES = 120;
        for (let caseId = 1n; caseId <= CASES; ++caseId) {
          await bench.open(parties);
          for (const address of await bench.drawn(caseId)) times.set(address, times.get(address)! + 1);
        }

        for (const party of parties) expect(times.get(party)).to.equal(0);
        // Each of eleven is drawn with 7/11: 76 times of 120, with a deviation of 5.3. Five of these are allowed.
        for (const { address } of arbiters.slice(4)) {
          expect(times.get(address)).to.be.within(50, 103);
        }
      }).timeout(600_000);

      it("is who is eligible in a full roster, sometimes each (M-09)", async () => {
        const { arbiter, court: bench } = await loadFixture(crowded);
        const { page } = await arbiter.members(0n, 100n);
        const drawn = new Set<string>();
        // That one of a hundred is left out of 240 draws of seven happens once in 400,000 times.
        for (let caseId = 1n; caseId <= 240n; ++caseId) {
          await bench.open();
          for (const address of await bench.drawn(caseId)) drawn.add(address);
        }
        expect(drawn.size).to.equal(page.length);
      }).timeout(600_000);

      it("is nobody who still had notice when the draw was set, be it over since (A-75)", async () => {
        const { arbiter, arbiters, court: bench } = await loadFixture(court);
        const nominated = await minedAt(await bench.nominate(madeUp(1)));
        await time.setNextBlockTimestamp(nominated + NOTICE - 1n);
        await bench.open(addressesOf(arbiters.slice(0, 6)));
        await time.increase(100n);
        expect((await arbiter.memberOf(madeUp(1))).eligible).to.equal(true);
        for (const place of arbiters.slice(6, 9)) await bench.dismiss(place.address);
        expect((await bench.drawn()).toSorted()).to.deep.equal(addressesOf(arbiters.slice(9)).toSorted());
      });

      it("does not depend on who is nominated after the block is over (A-75)", async () => {
        const { arbiter, court: bench } = await loadFixture(court);
        await bench.open();
        await bench.waitForBlock();
        const snapshot = await networkHelpers.takeSnapshot();
        const expected = await bench.drawn();
        await snapshot.restore();
        for (let index = 0; index < 20; ++index) await bench.nominate(madeUp(index));
        expect(await bench.drawn()).to.deep.equal(expected);
        expect(await arbiter.memberCount()).to.equal(35n);
      });

      it("is nobody who took the place of one who left", async () => {
        const { arbiter, arbiters, court: bench } = await loadFixture(court);
        await bench.open(addressesOf(arbiters.slice(0, 6)));
        for (const { address } of arbiters.slice(6, 8)) await bench.dismiss(address);
        for (const index of [1, 2]) await bench.nominate(madeUp(index));
        expect((await bench.drawn()).toSorted()).to.deep.equal(addressesOf(arbiters.slice(8)).toSorted());
        expect((await arbiter.caseOf(1n)).voters).to.equal(7n);
      });
    });

    describe("when fewer than seven are eligible", () => {
      for (const left of [6, 4]) {
        it(`draws all ${left}`, async () => {
          const { arbiter, arbiters, court: bench } = await loadFixture(court);
          await bench.open(addressesOf(arbiters.slice(0, 6)));
          const gone = arbiters.slice(6, 15 - left);
          for (const { address } of gone) await bench.dismiss(address);
          expect((await bench.drawn()).toSorted()).to.deep.equal(addressesOf(arbiters.slice(15 - left)).toSorted());
          expect((await arbiter.caseOf(1n)).voters).to.equal(BigInt(left));
        });
      }

      it("closes the case undecided with three, and delivers that (M-06)", async () => {
        const { arbiter, arbiters, court: bench } = await loadFixture(court);
        await bench.open(addressesOf(arbiters.slice(0, 6)));
        for (const { address } of arbiters.slice(6, 12)) await bench.dismiss(address);
        await bench.waitForBlock();
        await expect(arbiter.draw(1n))
          .to.emit(arbiter, "CaseDecided")
          .withArgs(1n, CASE_STATUS.Closed, false, UNDECIDED);
        expect((await arbiter.caseOf(1n)).status).to.equal(CASE_STATUS.Closed);
        expect(await bench.rulings()).to.deep.equal([UNDECIDED]);
        expect([...(await arbiter.votesOf(1n, false, arbiters[14]!.address))]).to.deep.equal([false, 0n]);
      });

      it("closes it with nobody left at all (M-06)", async () => {
        const { arbiter, arbiters, court: bench } = await loadFixture(court);
        await bench.open();
        for (const { address } of arbiters) await bench.dismiss(address);
        await bench.waitForBlock();
        await arbiter.draw(1n);
        expect(await bench.rulings()).to.deep.equal([UNDECIDED]);
      });
    });
  });
});
