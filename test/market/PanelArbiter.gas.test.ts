import { expect } from "chai";
import type { ContractTransactionResponse } from "ethers";

import { type Court, court, crowded, madeUp } from "../support/arbitration.ts";
import { loadFixture } from "../support/fixture.ts";

const gasOf = async (sent: ContractTransactionResponse) => Number((await sent.wait())!.gasUsed);

const median = (figures: number[]) => figures.toSorted((a, b) => a - b)[Math.floor(figures.length / 2)]!;

type Figures = { open: number; draw: number; vote: number; close: number };

/** The median of so many cases: which words of the roster a draw looks at is chance. */
async function figuresOf({ arbiter, arbitrable, court: bench }: Court, cases = 9): Promise<Figures> {
  const all: Figures[] = [];
  for (let index = 0; index < cases; ++index) {
    const open = await gasOf(await arbitrable.openCase(bench.parties));
    const caseId = await arbiter.caseCount();
    await bench.waitForBlock(caseId);
    const draw = await gasOf(await arbiter.draw(caseId));
    const voters = await Promise.all([...(await arbiter.panelOf(caseId))].map(async (voter) => bench.signer(voter)));
    await bench.vote(voters[0]!, {}, caseId);
    const vote = await gasOf(await bench.vote(voters[1]!, { offence: "Fraud" }, caseId));
    for (const voter of voters.slice(2)) await bench.vote(voter, {}, caseId);
    all.push({ open, draw, vote, close: await gasOf(await bench.close(caseId)) });
  }
  const of = (name: keyof Figures) => median(all.map((figures) => figures[name]));
  return { open: of("open"), draw: of("draw"), vote: of("vote"), close: of("close") };
}

describe("PanelArbiter", () => {
  describe("the gas", () => {
    it("of each step of a case is the same with a hundred arbiters as with fifteen (A-70)", async () => {
      const small = await figuresOf(await loadFixture(court));
      const large = await figuresOf(await loadFixture(crowded));
      for (const step of ["open", "draw", "vote", "close"] as const) {
        const change = Math.abs(large[step] - small[step]) / small[step];
        expect(change, `${step}: ${large[step]} against ${small[step]}`).to.be.lessThan(0.05);
      }
    }).timeout(300_000);

    it("of a draw is bounded when most of a hundred are not eligible (A-70)", async () => {
      const { arbiter, court: bench, arbiters } = await loadFixture(crowded);
      await bench.open();
      for (let index = 0; index < 85; ++index) await bench.dismiss(madeUp(index));
      for (const { address } of arbiters.slice(4)) await bench.dismiss(address);
      await bench.waitForBlock();
      expect(await gasOf(await arbiter.draw(1n))).to.be.lessThan(450_000);
    });

    it("of an appeal to a hundred with sixteen parties is bounded (A-70)", async () => {
      const { arbiter, arbitrable, court: bench } = await loadFixture(crowded);
      await bench.open(Array.from({ length: 16 }, (_, index) => madeUp(index + 1_000)));
      for (const panellist of await bench.draw()) await bench.vote(panellist);
      await bench.close();
      expect(await gasOf(await arbitrable.appeal(1n))).to.be.lessThan(800_000);
      expect((await arbiter.caseOf(1n)).voters).to.equal(100n);
    });

    it("of a first panel's failure, all of it silent, is bounded (A-70)", async () => {
      const { court: bench } = await loadFixture(crowded);
      await bench.open();
      await bench.draw();
      await bench.waitForDeadline();
      expect(await gasOf(await bench.close())).to.be.lessThan(250_000);
    });

    it("of each step is what was measured, with some room", async () => {
      const { open, draw, vote, close } = await figuresOf(await loadFixture(court), 3);
      expect(open).to.be.lessThan(165_000); // through a contract, with two parties
      expect(draw).to.be.lessThan(80_000);
      expect(vote).to.be.lessThan(65_000);
      expect(close).to.be.lessThan(100_000); // with an arbitrable that notes the ruling
    });
  });
});
