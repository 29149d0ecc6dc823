import { expect } from "chai";

import {
  appealed,
  CASE_STATUS,
  court,
  crowded,
  madeUp,
  NOTICE,
  ruled,
  rulingOf,
  sitting,
  UNDECIDED,
  VOTING,
} from "../support/arbitration.ts";
import { loadFixture, networkHelpers, time } from "../support/fixture.ts";
import { minedAt } from "../support/jobs.ts";
import type { Ballot } from "../support/models/tally.ts";

const PANELS_RULING = rulingOf({ share: 100n });
const times = <T>(count: number, value: T): T[] => Array.from({ length: count }, () => value);

/** The appeal of {ruled} with these votes of the roster's first members, closed once the time is over. */
async function appealDecided(ballots: readonly Partial<Ballot>[]) {
  const world = await loadFixture(appealed);
  await world.court.votes(world.arbiters, ballots);
  await world.court.waitForDeadline();
  await world.court.close();
  return world;
}

describe("PanelArbiter", () => {
  describe("appeal", () => {
    for (const name of ["stranger", "client", "provider", "admin"] as const) {
      it(`refuses the ${name}`, async () => {
        const { arbiter, arbitrable, actors } = await loadFixture(ruled);
        await expect(arbiter.connect(actors[name]).appeal(1n))
          .to.be.revertedWithCustomError(arbiter, "PanelArbiterCallerNotArbitrable")
          .withArgs(1n, actors[name].address, await arbitrable.getAddress());
      });
    }

    it("refuses another arbitrable that is admitted", async () => {
      const { arbiter, arbitrable, actors } = await loadFixture(ruled);
      await arbiter.connect(actors.admin).admit(actors.other.address, true);
      await expect(arbiter.connect(actors.other).appeal(1n))
        .to.be.revertedWithCustomError(arbiter, "PanelArbiterCallerNotArbitrable")
        .withArgs(1n, actors.other.address, await arbitrable.getAddress());
    });

    for (const [status, fixture] of [
      ["None", court],
      ["Voting", sitting],
      ["Appealed", appealed],
    ] as const) {
      it(`refuses a case that stands at ${status}`, async () => {
        const { arbiter, arbitrable } = await loadFixture<Awaited<ReturnType<typeof court>>>(fixture);
        await expect(arbitrable.appeal(1n))
          .to.be.revertedWithCustomError(arbiter, "PanelArbiterWrongStatus")
          .withArgs(1n, CASE_STATUS[status], CASE_STATUS.Ruled);
      });
    }

    it("refuses a second appeal, whatever the first brought (A-62)", async () => {
      const { arbiter, arbitrable } = await appealDecided(times(8, { share: 0n }));
      await expect(arbitrable.appeal(1n))
        .to.be.revertedWithCustomError(arbiter, "PanelArbiterWrongStatus")
        .withArgs(1n, CASE_STATUS.Closed, CASE_STATUS.Ruled);
    });

    it("lets all vote for five days who are eligible", async () => {
      const { arbiter, arbitrable } = await loadFixture(ruled);
      const appealedAt = await minedAt(await arbitrable.appeal(1n));
      const found = await arbiter.caseOf(1n);
      expect([found.status, found.startedAt, found.deadline, found.voters, found.votes]).to.deep.equal([
        CASE_STATUS.Appealed,
        appealedAt,
        appealedAt + VOTING,
        15n,
        0n,
      ]);
    });

    it("emits how many vote, and until when", async () => {
      const { arbiter, arbitrable } = await loadFixture(ruled);
      const opened = await arbitrable.appeal(1n);
      await expect(opened)
        .to.emit(arbiter, "AppealOpened")
        .withArgs(1n, 15n, (await minedAt(opened)) + VOTING);
    });

    it("leaves the panel known", async () => {
      const { arbiter, panel } = await loadFixture(appealed);
      expect([...(await arbiter.panelOf(1n))].toSorted()).to.deep.equal(panel.map(({ address }) => address).toSorted());
    });
  });

  describe("a vote on appeal", () => {
    it("is cast by every arbiter, the panellists too", async () => {
      const { arbiter, arbiters, court: bench } = await loadFixture(appealed);
      for (const [index, voter] of arbiters.entries()) {
        await expect(bench.vote(voter, { share: 0n, offence: "Fraud" }))
          .to.emit(arbiter, "Voted")
          .withArgs(1n, voter.address, true, 0n, true, 5n);
        expect((await arbiter.caseOf(1n)).votes).to.equal(BigInt(index + 1));
        expect(await arbiter.hasVoted(1n, true, voter.address)).to.equal(true);
      }
    });

    it("is cast once", async () => {
      const { arbiter, arbiters, court: bench } = await loadFixture(appealed);
      await bench.vote(arbiters[0]!);
      await expect(bench.vote(arbiters[0]!))
        .to.be.revertedWithCustomError(arbiter, "PanelArbiterAlreadyVoted")
        .withArgs(1n, arbiters[0]!.address);
    });

    for (const name of ["stranger", "client", "provider", "admin"] as const) {
      it(`is not the ${name}'s (M-09)`, async () => {
        const { arbiter, actors, court: bench } = await loadFixture(appealed);
        await expect(bench.vote(actors[name]))
          .to.be.revertedWithCustomError(arbiter, "PanelArbiterNotVoter")
          .withArgs(1n, actors[name].address);
      });
    }

    it("is no arbiter's who is a party (M-09)", async () => {
      const { arbiter, arbitrable, arbiters, court: bench } = await loadFixture(court);
      const parties = arbiters.slice(0, 4).map(({ address }) => address);
      await bench.open(parties);
      for (const panellist of await bench.draw()) await bench.vote(panellist);
      await bench.close();
      await arbitrable.appeal(1n);
      expect((await arbiter.caseOf(1n)).voters).to.equal(11n);
      for (const party of arbiters.slice(0, 4)) {
        await expect(bench.vote(party))
          .to.be.revertedWithCustomError(arbiter, "PanelArbiterNotVoter")
          .withArgs(1n, party.address);
      }
    });

    for (const [when, offset, may] of [
      ["a second before its notice is over", -1n, false],
      ["in the second in which it is", 0n, true],
    ] as const) {
      it(`is ${may ? "" : "not "}a member's whose case is appealed ${when} (A-66)`, async () => {
        const { arbiter, arbitrable, court: bench } = await loadFixture(ruled);
        const voter = await bench.signer(madeUp(1));
        const nominated = await minedAt(await bench.nominate(voter.address));
        await time.setNextBlockTimestamp(nominated + NOTICE + offset);
        await arbitrable.appeal(1n);
        expect((await arbiter.caseOf(1n)).voters).to.equal(may ? 16n : 15n);
        if (may) await bench.vote(voter);
        else {
          await expect(bench.vote(voter))
            .to.be.revertedWithCustomError(arbiter, "PanelArbiterNotVoter")
            .withArgs(1n, voter.address);
        }
      });
    }

    it("is not of who has lost half of its score before", async () => {
      const { arbiter, arbitrable, arbiters, court: bench } = await loadFixture(ruled);
      await bench.silence(arbiters[0]!.address, 7);
      await arbitrable.appeal(1n);
      expect((await arbiter.caseOf(1n)).voters).to.equal(14n);
      await expect(bench.vote(arbiters[0]!))
        .to.be.revertedWithCustomError(arbiter, "PanelArbiterNotVoter")
        .withArgs(1n, arbiters[0]!.address);
    }).timeout(300_000);

    it("is not taken a second after the deadline", async () => {
      const { arbiter, arbiters, court: bench } = await loadFixture(appealed);
      const { deadline } = await arbiter.caseOf(1n);
      await time.setNextBlockTimestamp(deadline);
      await bench.vote(arbiters[0]!);
      await time.setNextBlockTimestamp(deadline + 1n);
      await expect(bench.vote(arbiters[1]!))
        .to.be.revertedWithCustomError(arbiter, "PanelArbiterVoteOver")
        .withArgs(1n, deadline);
    });
  });

  describe("the close of an appeal", () => {
    it("is refused at the deadline, and possible a second later", async () => {
      const { arbiter, arbiters, court: bench } = await loadFixture(appealed);
      await bench.votes(arbiters, times(8, { share: 0n }));
      const { deadline } = await arbiter.caseOf(1n);
      await time.setNextBlockTimestamp(deadline);
      await expect(bench.close())
        .to.be.revertedWithCustomError(arbiter, "PanelArbiterVoteNotOver")
        .withArgs(1n, deadline);
      await time.setNextBlockTimestamp(deadline + 1n);
      await bench.close();
      expect((await arbiter.caseOf(1n)).status).to.equal(CASE_STATUS.Closed);
    });

    it("is possible at once when all have voted", async () => {
      const { arbiter, arbiters, court: bench } = await loadFixture(appealed);
      await bench.votes(arbiters, times(15, { share: 0n }));
      await bench.close();
      expect((await arbiter.caseOf(1n)).status).to.equal(CASE_STATUS.Closed);
    });

    it("is final (I-18)", async () => {
      const { arbiter, court: bench } = await appealDecided(times(8, { share: 0n }));
      await expect(bench.close())
        .to.be.revertedWithCustomError(arbiter, "PanelArbiterWrongStatus")
        .withArgs(1n, CASE_STATUS.Closed, CASE_STATUS.Voting);
    });

    it("delivers the appeal's ruling after the panel's, and emits it", async () => {
      const { arbiter, arbiters, court: bench } = await loadFixture(appealed);
      await bench.votes(arbiters, times(15, { share: 25n, offence: "DataMishandling" }));
      const ruling = rulingOf({ share: 25n, offence: "DataMishandling" });
      await expect(bench.close()).to.emit(arbiter, "CaseDecided").withArgs(1n, CASE_STATUS.Closed, true, ruling);
      expect(await bench.rulings()).to.deep.equal([PANELS_RULING, ruling]);
    });

    it("says so when the panel's ruling stands", async () => {
      const { arbiter, court: bench } = await loadFixture(appealed);
      await bench.waitForDeadline();
      await expect(bench.close())
        .to.emit(arbiter, "CaseDecided")
        .withArgs(1n, CASE_STATUS.Closed, false, PANELS_RULING);
    });

    for (const [what, shares, share] of [
      ["three of fifteen, a fifth", [0n, 0n, 0n], 0n],
      ["three of five", [0n, 0n, 0n, 100n, 50n], 0n],
      ["eight of fifteen", [...times(8, 50n), ...times(7, 100n)], 50n],
    ] as const) {
      it(`overrules the panel by ${what} (A-69)`, async () => {
        const { court: bench } = await appealDecided(shares.map((given) => ({ share: given })));
        expect(await bench.rulings()).to.deep.equal([PANELS_RULING, rulingOf({ share })]);
      });
    }

    for (const [what, shares] of [
      ["nobody", []],
      ["two of fifteen, less than a fifth", [0n, 0n]],
      ["exactly half", [0n, 0n, 100n, 50n]],
      ["seven of fifteen", [...times(7, 0n), ...times(6, 50n), 75n, 75n]],
    ] as const) {
      it(`leaves the panel's ruling when the votes are of ${what}, and delivers it again`, async () => {
        const { arbiter, panel, court: bench } = await appealDecided(shares.map((given) => ({ share: given })));
        expect(await bench.rulings()).to.deep.equal([PANELS_RULING, PANELS_RULING]);
        expect([...(await arbiter.votesOf(1n, true, panel[0]!.address))]).to.deep.equal([false, 0n]);
        expect([...(await arbiter.votesOf(1n, false, panel[0]!.address))]).to.deep.equal([true, 7n]);
      });
    }

    it("leaves it with nobody left to vote, at once (M-06)", async () => {
      const { arbiter, arbitrable, arbiters, court: bench } = await loadFixture(ruled);
      for (const { address } of arbiters) await bench.dismiss(address);
      await arbitrable.appeal(1n);
      expect((await arbiter.caseOf(1n)).voters).to.equal(0n);
      await bench.close();
      expect(await bench.rulings()).to.deep.equal([PANELS_RULING, PANELS_RULING]);
    });

    it("takes a fifth of those who could vote when it began, though half were dismissed since", async () => {
      const { arbiters, court: bench } = await loadFixture(appealed);
      for (const { address } of arbiters.slice(2)) await bench.dismiss(address);
      await bench.votes(arbiters, times(2, { share: 0n }));
      await bench.waitForDeadline();
      await bench.close();
      expect(await bench.rulings()).to.deep.equal([PANELS_RULING, PANELS_RULING]);
    });

    it("costs no score", async () => {
      const { arbiter } = await appealDecided([]);
      expect(await arbiter.queryFilter(arbiter.filters.ScoreLowered())).to.deep.equal([]);
    });

    it("counts a hundred votes (A-70)", async () => {
      const { arbiter, arbitrable, court: bench } = await loadFixture(crowded);
      await bench.open();
      for (const panellist of await bench.draw()) await bench.vote(panellist);
      await bench.close();
      await arbitrable.appeal(1n);
      const { page } = await arbiter.members(0n, 100n);
      for (const { account } of page) {
        await bench.vote(await bench.signer(account), { share: 0n, offence: "Fraud" });
        await networkHelpers.stopImpersonatingAccount(account);
      }
      await bench.close();
      expect(await bench.rulings()).to.deep.equal([PANELS_RULING, rulingOf({ share: 0n, offence: "Fraud" })]);
      expect([...(await arbiter.votesOf(1n, true, page[99]!.account))]).to.deep.equal([true, 100n]);
    }).timeout(300_000);
  });

  describe("votesOf", () => {
    it("is nothing while the panel votes, though a majority is there", async () => {
      const { arbiter, panel, court: bench } = await loadFixture(sitting);
      for (const panellist of panel) await bench.vote(panellist);
      expect([...(await arbiter.votesOf(1n, false, panel[0]!.address))]).to.deep.equal([false, 0n]);
    });

    it("is nothing of a case that does not exist, is not drawn, or is not appealed", async () => {
      const { arbiter, panel, court: bench } = await loadFixture(ruled);
      await bench.open();
      for (const [caseId, isAppeal] of [
        [9n, false],
        [9n, true],
        [2n, false],
        [2n, true],
        [1n, true],
      ] as const) {
        expect([...(await arbiter.votesOf(caseId, isAppeal, panel[0]!.address))]).to.deep.equal([false, 0n]);
      }
    });

    it("tells those who voted with the majority from those who did not, or not at all", async () => {
      const { arbiter, arbiters, panel, court: bench } = await loadFixture(sitting);
      await bench.votes(
        panel,
        [0n, 0n, 0n, 0n, 100n, 25n].map((share) => ({ share })),
      );
      await bench.waitForDeadline();
      await bench.close();
      const withMajority = panel.slice(0, 4).map(({ address }) => address);
      for (const { address } of arbiters) {
        expect([...(await arbiter.votesOf(1n, false, address))]).to.deep.equal([withMajority.includes(address), 4n]);
      }
    });

    it("keeps the panel's votes apart from the appeal's, and shows those once it is closed", async () => {
      const { arbiter, arbiters, panel, court: bench } = await loadFixture(appealed);
      await bench.votes(arbiters, times(9, { share: 0n }));
      expect([...(await arbiter.votesOf(1n, true, arbiters[0]!.address))]).to.deep.equal([false, 0n]);
      await bench.waitForDeadline();
      await bench.close();
      for (const [index, { address }] of arbiters.entries()) {
        const onPanel = panel.some((panellist) => panellist.address === address);
        expect([...(await arbiter.votesOf(1n, true, address))]).to.deep.equal([index < 9, 9n]);
        expect([...(await arbiter.votesOf(1n, false, address))]).to.deep.equal([onPanel, 7n]);
      }
    });

    it("is nothing of a case that ended undecided", async () => {
      const { arbiter, panel, court: bench } = await loadFixture(sitting);
      await bench.waitForDeadline();
      await bench.close();
      const second = await bench.draw();
      await bench.votes(second, times(3, {}));
      await bench.waitForDeadline();
      await bench.close();
      expect(await bench.rulings()).to.deep.equal([UNDECIDED]);
      for (const { address } of [...panel, ...second]) {
        expect([...(await arbiter.votesOf(1n, false, address))]).to.deep.equal([false, 0n]);
      }
    });
  });

  describe("the administrator", () => {
    it("has no function that touches a case: only the roster and who is admitted (M-21)", async () => {
      const { arbiter } = await loadFixture(court);
      const names: string[] = [];
      arbiter.interface.forEachFunction(({ name, constant }) => {
        if (!constant) names.push(name);
      });
      expect(names.toSorted()).to.deep.equal(
        [
          "setAuthority",
          "admit",
          "dismiss",
          "nominate",
          "resign",
          "openCase",
          "draw",
          "vote",
          "close",
          "appeal",
        ].toSorted(),
      );
    });

    it("cannot pack a round that has begun: who is named in it does not vote in it (M-21)", async () => {
      const { arbiter, court: bench } = await loadFixture(appealed);
      const named = await Promise.all([1, 2, 3].map(async (index) => bench.signer(madeUp(index))));
      for (const { address } of named) await bench.nominate(address);
      for (const voter of named) {
        await expect(bench.vote(voter))
          .to.be.revertedWithCustomError(arbiter, "PanelArbiterNotVoter")
          .withArgs(1n, voter.address);
      }
      expect((await arbiter.caseOf(1n)).voters).to.equal(15n);
    });
  });
});
