import { expect } from "chai";

import {
  appealed,
  CASE_STATUS,
  type Court,
  court,
  madeUp,
  NOTICE,
  offenceOf,
  ruled,
  rulingOf,
  sitting,
  UNDECIDED,
  VOTING,
  WHOLE_SCORE,
} from "../support/arbitration.ts";
import { loadFixture, time } from "../support/fixture.ts";
import { minedAt } from "../support/jobs.ts";
import { type Ballot, SEVERITIES, SHARES } from "../support/models/tally.ts";
import { OFFENCES } from "../support/slashing.ts";

type Sitting = Awaited<ReturnType<typeof sitting>>;

const TIED: readonly Partial<Ballot>[] = [0n, 0n, 0n, 25n, 50n, 100n, 100n].map((share) => ({ share }));
const times = <T>(count: number, value: T): T[] => Array.from({ length: count }, () => value);

/** Who is on the roster and not on the panel. */
function outsider({ arbiters, panel }: Sitting) {
  return arbiters.find(({ address }) => !panel.some((panellist) => panellist.address === address))!;
}

/** Another case, whose panel can be nobody but the arbiters 6 to 12. */
async function sevenLeft({ arbiters, court: bench }: Pick<Court, "arbiters" | "court">) {
  const caseId = await bench.open(arbiters.slice(0, 6).map(({ address }) => address));
  for (const { address } of arbiters.slice(13)) await bench.dismiss(address);
  return { caseId, panel: await bench.draw(caseId) };
}

/** Case 1 with these votes of its panel, closed once the time is over. */
async function decided(ballots: readonly Partial<Ballot>[]): Promise<Sitting> {
  const world = await loadFixture(sitting);
  await world.court.votes(world.panel, ballots);
  await world.court.waitForDeadline();
  await world.court.close();
  return world;
}

/** The same with the second panel, after the first was silent. */
async function decidedSecond(ballots: readonly Partial<Ballot>[]): Promise<Sitting> {
  const world = await decided([]);
  const panel = await world.court.draw();
  await world.court.votes(panel, ballots);
  await world.court.waitForDeadline();
  await world.court.close();
  return { ...world, panel };
}

describe("PanelArbiter", () => {
  describe("vote", () => {
    it("refuses a stranger", async () => {
      const { arbiter, actors, court: bench } = await loadFixture(sitting);
      await expect(bench.vote(actors.stranger))
        .to.be.revertedWithCustomError(arbiter, "PanelArbiterNotVoter")
        .withArgs(1n, actors.stranger.address);
    });

    for (const name of ["client", "provider", "admin", "judge"] as const) {
      it(`refuses the ${name} (M-09)`, async () => {
        const { arbiter, actors, court: bench } = await loadFixture(sitting);
        await expect(bench.vote(actors[name]))
          .to.be.revertedWithCustomError(arbiter, "PanelArbiterNotVoter")
          .withArgs(1n, actors[name].address);
      });
    }

    it("refuses an arbiter who was not drawn", async () => {
      const world = await loadFixture(sitting);
      const { address } = outsider(world);
      await expect(world.court.vote(outsider(world)))
        .to.be.revertedWithCustomError(world.arbiter, "PanelArbiterNotVoter")
        .withArgs(1n, address);
    });

    it("refuses a panellist of another case", async () => {
      const world = await loadFixture(sitting);
      const other = await world.court.open();
      const panel = await world.court.draw(other);
      const stranger = panel.find(({ address }) => !world.panel.some((own) => own.address === address))!;
      await expect(world.court.vote(stranger))
        .to.be.revertedWithCustomError(world.arbiter, "PanelArbiterNotVoter")
        .withArgs(1n, stranger.address);
    });

    it("refuses a case that does not exist", async () => {
      const { arbiter, arbiters, court: bench } = await loadFixture(court);
      await expect(bench.vote(arbiters[0]!))
        .to.be.revertedWithCustomError(arbiter, "PanelArbiterWrongStatus")
        .withArgs(1n, CASE_STATUS.None, CASE_STATUS.Voting);
    });

    it("refuses before the draw", async () => {
      const { arbiter, arbiters, court: bench } = await loadFixture(court);
      await bench.open();
      await expect(bench.vote(arbiters[0]!))
        .to.be.revertedWithCustomError(arbiter, "PanelArbiterWrongStatus")
        .withArgs(1n, CASE_STATUS.Drawing, CASE_STATUS.Voting);
    });

    it("refuses after the ruling (A-66)", async () => {
      const { arbiter, panel, court: bench } = await loadFixture(ruled);
      await expect(bench.vote(panel[0]!))
        .to.be.revertedWithCustomError(arbiter, "PanelArbiterWrongStatus")
        .withArgs(1n, CASE_STATUS.Ruled, CASE_STATUS.Voting);
    });

    it("refuses a second vote", async () => {
      const { arbiter, panel, court: bench } = await loadFixture(sitting);
      await bench.vote(panel[0]!);
      await expect(bench.vote(panel[0]!, { share: 0n }))
        .to.be.revertedWithCustomError(arbiter, "PanelArbiterAlreadyVoted")
        .withArgs(1n, panel[0]!.address);
    });

    for (const share of [1n, 24n, 26n, 99n, 125n, 255n]) {
      it(`refuses a share of ${share} percent`, async () => {
        const { arbiter, panel, court: bench } = await loadFixture(sitting);
        await expect(bench.vote(panel[0]!, { share }))
          .to.be.revertedWithCustomError(arbiter, "PanelArbiterShareNotQuarter")
          .withArgs(share);
      });
    }

    for (const offence of ["Downtime", "ExtendedDowntime", "ProtocolAttack"] as const) {
      it(`refuses ${offence}, which is not theirs to judge`, async () => {
        const { arbiter, panel } = await loadFixture(sitting);
        await expect(arbiter.connect(panel[0]!).vote(1n, 0n, true, offenceOf(offence)))
          .to.be.revertedWithCustomError(arbiter, "PanelArbiterForeignOffence")
          .withArgs(offenceOf(offence));
      });
    }

    for (const [when, offset, taken] of [
      ["a second before the deadline", -1n, true],
      ["at the deadline", 0n, true],
      ["a second later", 1n, false],
    ] as const) {
      it(`is ${taken ? "taken" : "refused"} ${when}`, async () => {
        const { arbiter, panel, court: bench } = await loadFixture(sitting);
        const { startedAt, deadline } = await arbiter.caseOf(1n);
        expect(deadline).to.equal(startedAt + VOTING);
        await time.setNextBlockTimestamp(deadline + offset);
        if (taken) {
          await bench.vote(panel[0]!);
          expect((await arbiter.caseOf(1n)).votes).to.equal(1n);
        } else {
          await expect(bench.vote(panel[0]!))
            .to.be.revertedWithCustomError(arbiter, "PanelArbiterVoteOver")
            .withArgs(1n, deadline);
        }
      });
    }

    for (const share of SHARES) {
      it(`takes a share of ${share} percent, and emits it`, async () => {
        const { arbiter, panel, court: bench } = await loadFixture(sitting);
        await expect(bench.vote(panel[0]!, { share }))
          .to.emit(arbiter, "Voted")
          .withArgs(1n, panel[0]!.address, false, share, false, 0n);
        expect((await arbiter.caseOf(1n)).votes).to.equal(1n);
        expect(await arbiter.hasVoted(1n, false, panel[0]!.address)).to.equal(true);
        expect(await arbiter.hasVoted(1n, true, panel[0]!.address)).to.equal(false);
        expect(await arbiter.hasVoted(1n, false, panel[1]!.address)).to.equal(false);
      });
    }

    for (const offence of SEVERITIES) {
      it(`takes ${offence}, and emits it`, async () => {
        const { arbiter, panel, court: bench } = await loadFixture(sitting);
        await expect(bench.vote(panel[0]!, { share: 0n, offence }))
          .to.emit(arbiter, "Voted")
          .withArgs(1n, panel[0]!.address, false, 0n, true, offenceOf(offence));
      });
    }

    it("takes no notice of an offence that is not claimed", async () => {
      const { arbiter, panel, court: bench } = await loadFixture(sitting);
      for (const panellist of panel) {
        await arbiter.connect(panellist).vote(1n, 100n, false, OFFENCES.indexOf("ProtocolAttack"));
      }
      await bench.close();
      expect(await bench.rulings()).to.deep.equal([rulingOf({ share: 100n })]);
    });
  });

  describe("who leaves the roster in the course of a case", () => {
    it("keeps the vote that was cast", async () => {
      const { arbiter, panel, court: bench } = await loadFixture(sitting);
      await bench.votes(panel, times(4, { share: 75n }));
      for (const { address } of panel.slice(0, 4)) await bench.dismiss(address);
      await bench.waitForDeadline();
      await bench.close();
      expect(await bench.rulings()).to.deep.equal([rulingOf({ share: 75n })]);
      expect([...(await arbiter.votesOf(1n, false, panel[0]!.address))]).to.deep.equal([true, 4n]);
    });

    for (const how of ["dismissed", "resigned"] as const) {
      it(`votes no more once ${how}, and the case does not wait for it longer than five days (M-06)`, async () => {
        const { arbiter, panel, court: bench } = await loadFixture(sitting);
        if (how === "dismissed") await bench.dismiss(panel[6]!.address);
        else await arbiter.connect(panel[6]!).resign();
        await expect(bench.vote(panel[6]!))
          .to.be.revertedWithCustomError(arbiter, "PanelArbiterNotVoter")
          .withArgs(1n, panel[6]!.address);
        await bench.votes(panel, times(6, { share: 0n }));
        await bench.waitForDeadline();
        await bench.close();
        expect(await bench.rulings()).to.deep.equal([rulingOf({ share: 0n })]);
      });
    }

    it("does not vote when it is named again, nor does who takes its place", async () => {
      const { arbiter, panel, court: bench } = await loadFixture(appealed);
      const [gone] = panel as [(typeof panel)[0]];
      const signer = await bench.signer(madeUp(1));
      await bench.dismiss(gone.address);
      await bench.nominate(signer.address); // takes the place
      await bench.nominate(gone.address);
      for (const account of [gone, signer]) {
        await expect(bench.vote(account))
          .to.be.revertedWithCustomError(arbiter, "PanelArbiterNotVoter")
          .withArgs(1n, account.address);
      }
    });

    it("is no longer shown on its panel, nor is who takes its place", async () => {
      const { arbiter, panel, court: bench } = await loadFixture(sitting);
      await bench.dismiss(panel[0]!.address);
      await bench.nominate(madeUp(1));
      await time.increase(NOTICE);
      const left = panel.slice(1).map(({ address }) => address);
      expect([...(await arbiter.panelOf(1n))].toSorted()).to.deep.equal(left.toSorted());
    });

    it("ends the panel with all of it, and the next one rules (M-06)", async () => {
      const { arbiter, panel, court: bench } = await loadFixture(sitting);
      for (const { address } of panel) await bench.dismiss(address);
      await bench.waitForDeadline();
      const closed = bench.close();
      await expect(closed).to.emit(arbiter, "SecondPanelCalled");
      await expect(closed).not.to.emit(arbiter, "ScoreLowered");
      const second = await bench.draw();
      await bench.votes(second, times(second.length, { share: 50n }));
      await bench.close();
      expect(await bench.rulings()).to.deep.equal([rulingOf({ share: 50n })]);
    });
  });

  describe("close", () => {
    for (const [status, fixture] of [
      ["None", court],
      ["Ruled", ruled],
    ] as const) {
      it(`refuses a case that stands at ${status} (I-18)`, async () => {
        const { arbiter, court: bench } = await loadFixture<Court>(fixture);
        await expect(bench.close())
          .to.be.revertedWithCustomError(arbiter, "PanelArbiterWrongStatus")
          .withArgs(1n, CASE_STATUS[status], CASE_STATUS.Voting);
      });
    }

    it("refuses before the draw", async () => {
      const { arbiter, court: bench } = await loadFixture(court);
      await bench.open();
      await expect(bench.close())
        .to.be.revertedWithCustomError(arbiter, "PanelArbiterWrongStatus")
        .withArgs(1n, CASE_STATUS.Drawing, CASE_STATUS.Voting);
    });

    for (const [when, offset] of [
      ["a second before the deadline", -1n],
      ["at the deadline, when a vote is still taken", 0n],
    ] as const) {
      it(`refuses ${when}, while one has not voted (A-66)`, async () => {
        const { arbiter, panel, court: bench } = await loadFixture(sitting);
        await bench.votes(panel, times(6, {}));
        const { deadline } = await arbiter.caseOf(1n);
        await time.setNextBlockTimestamp(deadline + offset);
        await expect(bench.close())
          .to.be.revertedWithCustomError(arbiter, "PanelArbiterVoteNotOver")
          .withArgs(1n, deadline);
      });
    }

    it("closes a second after the deadline, whoever calls", async () => {
      const { arbiter, panel, court: bench } = await loadFixture(sitting);
      await bench.votes(panel, times(6, {}));
      const { deadline } = await arbiter.caseOf(1n);
      await time.setNextBlockTimestamp(deadline + 1n);
      await bench.close();
      expect((await arbiter.caseOf(1n)).status).to.equal(CASE_STATUS.Ruled);
    });

    it("closes at once when all have voted", async () => {
      const { arbiter, panel, court: bench } = await loadFixture(sitting);
      await bench.votes(panel, times(7, {}));
      await bench.close();
      expect((await arbiter.caseOf(1n)).status).to.equal(CASE_STATUS.Ruled);
    });

    it("delivers the ruling to who brought the case, and emits it", async () => {
      const { arbiter, panel, court: bench } = await loadFixture(sitting);
      await bench.votes(panel, times(7, { share: 25n, offence: "SlaViolation" }));
      const ruling = rulingOf({ share: 25n, offence: "SlaViolation" });
      await expect(bench.close()).to.emit(arbiter, "CaseDecided").withArgs(1n, CASE_STATUS.Ruled, false, ruling);
      expect(await bench.rulings()).to.deep.equal([ruling]);
    });

    it("delivers it although the arbitrable is admitted no longer (M-21)", async () => {
      const { arbiter, arbitrable, actors, panel, court: bench } = await loadFixture(sitting);
      await arbiter.connect(actors.admin).admit(arbitrable, false);
      await bench.votes(panel, times(7, {}));
      await bench.close();
      await arbitrable.appeal(1n);
      await bench.waitForDeadline();
      await bench.close();
      expect(await bench.rulings()).to.deep.equal([rulingOf({ share: 100n }), rulingOf({ share: 100n })]);
    });

    it("can be tried again when the arbitrable reverted, and holds up no other case (M-18)", async () => {
      const { arbiter, arbitrable, panel, court: bench, actors } = await loadFixture(sitting);
      await arbiter.connect(actors.admin).admit(actors.other.address, true);
      await bench.votes(panel, times(7, {}));
      await arbitrable.refuse(true);
      await expect(bench.close()).to.be.revertedWithCustomError(arbitrable, "TestArbitrableRefuses").withArgs(1n);
      expect((await arbiter.caseOf(1n)).status).to.equal(CASE_STATUS.Voting);
      await arbiter.connect(actors.other).openCase(bench.parties);
      expect(await bench.drawn(2n)).to.have.lengthOf(7);
      await arbitrable.refuse(false);
      await bench.close();
      expect(await bench.rulings()).to.deep.equal([rulingOf({ share: 100n })]);
    });

    for (const call of ["close", "draw"] as const) {
      it(`stands where it should when the arbitrable calls ${call} from its ruling`, async () => {
        const { arbiter, arbitrable, panel, court: bench } = await loadFixture(sitting);
        await arbitrable.reenter(arbiter.interface.encodeFunctionData(call as "close", [1n]));
        await bench.votes(panel, times(7, {}));
        await bench.close();
        const expected = call === "close" ? CASE_STATUS.Voting : CASE_STATUS.Drawing;
        expect(await arbitrable.reentrySucceeded()).to.equal(false);
        expect(await arbitrable.reentryResult()).to.equal(
          arbiter.interface.encodeErrorResult("PanelArbiterWrongStatus", [1n, CASE_STATUS.Ruled, expected]),
        );
        expect(await bench.rulings()).to.have.lengthOf(1);
      });
    }

    it("can be appealed from within the ruling", async () => {
      const { arbiter, arbitrable, panel, court: bench } = await loadFixture(sitting);
      await arbitrable.reenter(arbiter.interface.encodeFunctionData("appeal", [1n]));
      await bench.votes(panel, times(7, {}));
      await bench.close();
      expect((await arbiter.caseOf(1n)).status).to.equal(CASE_STATUS.Appealed);
    });

    describe("the panel's decision", () => {
      for (const [what, ballots, expected] of [
        ["four votes, three of them for one share", [100n, 100n, 100n, 0n], 100n],
        ["four of seven", [50n, 50n, 50n, 50n, 0n, 0n, 0n], 50n],
        ["three of five", [0n, 0n, 0n, 100n, 100n], 0n],
      ] as const) {
        it(`is made by ${what} (A-69)`, async () => {
          const { court: bench } = await decided(ballots.map((share) => ({ share })));
          expect(await bench.rulings()).to.deep.equal([rulingOf({ share: expected })]);
        });
      }

      for (const [what, ballots] of [
        ["three votes, all alike", [100n, 100n, 100n]],
        ["exactly half of four", [100n, 100n, 0n, 0n]],
        ["exactly half of six", [100n, 100n, 100n, 0n, 25n, 50n]],
        ["three of seven", [100n, 100n, 100n, 0n, 0n, 0n, 50n]],
        ["no vote", []],
      ] as const) {
        it(`is not made by ${what}: a second panel is called`, async () => {
          const { arbiter, court: bench } = await decided(ballots.map((share) => ({ share })));
          const { status, panel } = await arbiter.caseOf(1n);
          expect([status, panel]).to.deep.equal([CASE_STATUS.Drawing, 2n]);
          expect(await bench.rulings()).to.deep.equal([]);
        });
      }

      it("gives a voice to each and none to a score (A-69)", async () => {
        const { arbiter, arbiters, court: bench } = await loadFixture(court);
        const low = arbiters[6]!;
        await bench.silence(low.address, 2);
        expect((await arbiter.memberOf(low.address)).score).to.equal(81_00n);
        const { caseId, panel } = await sevenLeft({ arbiters, court: bench });
        const [others, last] = [panel.filter(({ address }) => address !== low.address), low];
        for (const [index, voter] of [...others, last].entries()) {
          await bench.vote(voter, { share: index < 3 ? 0n : 100n }, caseId);
        }
        await bench.close(caseId);
        expect(await bench.rulings(caseId)).to.deep.equal([rulingOf({ share: 100n })]);
      });
    });

    describe("the offence of a ruling", () => {
      const named = (...offences: Ballot["offence"][]) => offences.map((offence) => ({ share: 0n, offence }));
      for (const [what, ballots, expected] of [
        ["none, when half of four name one", named("Fraud", "Fraud", undefined, undefined), undefined],
        [
          "the mildest, when only it has a majority",
          named("PoorResult", "PoorResult", "PoorResult", undefined),
          "PoorResult",
        ],
        [
          "what more than half name or exceed",
          named("Fraud", "DataMishandling", "SlaViolation", "PoorResult", undefined, undefined, "Fraud"),
          "SlaViolation",
        ],
        ["the most severe with a majority", named("Fraud", "Fraud", "Fraud", "PoorResult"), "Fraud"],
        ["milder than a minority's", named("Fraud", "Fraud", "PoorResult", "PoorResult"), "PoorResult"],
      ] as const) {
        it(`is ${what}`, async () => {
          const { court: bench } = await decided(ballots);
          expect(await bench.rulings()).to.deep.equal([rulingOf({ share: 0n, offence: expected })]);
        });
      }
    });
  });

  describe("two cases between the same parties", () => {
    it("are each ruled for itself, against the one and the other (A-63)", async () => {
      const { panel, court: bench } = await loadFixture(sitting);
      await bench.open();
      const other = await bench.draw(2n);
      await bench.votes(panel, times(7, { share: 0n, offence: "Fraud" }), 1n);
      await bench.votes(other, times(7, { share: 100n }), 2n);
      await bench.close(2n);
      await bench.close(1n);
      expect(await bench.rulings(1n)).to.deep.equal([rulingOf({ share: 0n, offence: "Fraud" })]);
      expect(await bench.rulings(2n)).to.deep.equal([rulingOf({ share: 100n })]);
    });
  });

  describe("the second panel", () => {
    it("is drawn by another block, and emits it (A-75)", async () => {
      const { arbiter, panel, court: bench } = await loadFixture(sitting);
      await bench.votes(panel, TIED);
      const closed = await bench.close();
      const drawBlock = BigInt(closed.blockNumber!) + 2n;
      await expect(closed).to.emit(arbiter, "SecondPanelCalled").withArgs(1n, drawBlock);
      const found = await arbiter.caseOf(1n);
      expect([found.drawBlock, found.startedAt, found.deadline, found.voters, found.votes]).to.deep.equal([
        drawBlock,
        await minedAt(closed),
        0n,
        0n,
        0n,
      ]);
    });

    it("costs those a tenth of their score who were silent, and nobody else", async () => {
      const world = await decided([{}, {}, {}]);
      const { arbiter, arbiters, panel } = world;
      const silent = panel.slice(3).map(({ address }) => address);
      for (const { address } of arbiters) {
        const score = silent.includes(address) ? 90_00n : WHOLE_SCORE;
        expect((await arbiter.memberOf(address)).score).to.equal(score);
      }
    });

    it("emits each score that was lowered", async () => {
      const { arbiter, panel, court: bench } = await loadFixture(sitting);
      await bench.votes(panel, times(3, {}));
      await bench.waitForDeadline();
      const closed = await bench.close();
      for (const { address } of panel.slice(3)) {
        await expect(closed).to.emit(arbiter, "ScoreLowered").withArgs(address, WHOLE_SCORE, 90_00n);
      }
      const lowered = await arbiter.queryFilter(arbiter.filters.ScoreLowered(), closed.blockNumber!);
      expect(lowered).to.have.lengthOf(4);
    });

    it("costs nobody's score when the first was tied with all votes", async () => {
      const { arbiter, panel, court: bench } = await loadFixture(sitting);
      await bench.votes(panel, TIED);
      await expect(bench.close()).not.to.emit(arbiter, "ScoreLowered");
    });

    it("takes no score of who left, nor of who has the place now", async () => {
      const { arbiter, panel, court: bench } = await loadFixture(sitting);
      await bench.dismiss(panel[0]!.address);
      await bench.nominate(madeUp(1));
      await bench.waitForDeadline();
      await bench.close();
      expect((await arbiter.memberOf(madeUp(1))).score).to.equal(WHOLE_SCORE);
    });

    it("starts with no votes: who voted on the first votes again", async () => {
      const { arbiter, arbiters, court: bench } = await loadFixture(court);
      const { caseId, panel } = await sevenLeft({ arbiters, court: bench });
      await bench.votes(panel, TIED, caseId);
      await bench.close(caseId);
      const again = await bench.draw(caseId); // the same seven: nobody else is eligible
      expect((await arbiter.caseOf(caseId)).votes).to.equal(0n);
      expect(await arbiter.hasVoted(caseId, false, again[0]!.address)).to.equal(false);
      await bench.votes(again, times(7, { share: 75n }), caseId);
      await bench.close(caseId);
      expect(await bench.rulings(caseId)).to.deep.equal([rulingOf({ share: 75n })]);
      expect([...(await arbiter.votesOf(caseId, false, again[0]!.address))]).to.deep.equal([true, 7n]);
    });

    it("rules, and can be appealed", async () => {
      const { arbiter, arbitrable, court: bench } = await decidedSecond(times(4, { share: 75n }));
      expect(await bench.rulings()).to.deep.equal([rulingOf({ share: 75n })]);
      await arbitrable.appeal(1n);
      expect((await arbiter.caseOf(1n)).status).to.equal(CASE_STATUS.Appealed);
    });

    it("ends the case undecided when it fails too, and takes no score (M-06)", async () => {
      const { arbiter, court: bench } = await decided([]);
      const second = await bench.draw();
      const before = await Promise.all(second.map(async ({ address }) => (await arbiter.memberOf(address)).score));
      await bench.votes(second, [{ share: 0n }, { share: 100n }]);
      await bench.waitForDeadline();
      const closed = bench.close();
      await expect(closed).to.emit(arbiter, "CaseDecided").withArgs(1n, CASE_STATUS.Closed, false, UNDECIDED);
      await expect(closed).not.to.emit(arbiter, "ScoreLowered");
      expect(await bench.rulings()).to.deep.equal([UNDECIDED]);
      const after = await Promise.all(second.map(async ({ address }) => (await arbiter.memberOf(address)).score));
      expect(after).to.deep.equal(before);
    });

    it("that failed leaves nothing to appeal", async () => {
      const { arbiter, arbitrable } = await decidedSecond([]);
      await expect(arbitrable.appeal(1n))
        .to.be.revertedWithCustomError(arbiter, "PanelArbiterWrongStatus")
        .withArgs(1n, CASE_STATUS.Closed, CASE_STATUS.Ruled);
    });
  });

  describe("a score below half", () => {
    it("makes ineligible: seven silences do, six do not", async () => {
      const { arbiter, arbiters, court: bench } = await loadFixture(court);
      const { address } = arbiters[0]!;
      await bench.silence(address, 6);
      const six = await arbiter.memberOf(address);
      expect([six.score, six.eligible]).to.deep.equal([53_13n, true]);
      await bench.silence(address, 1);
      const seven = await arbiter.memberOf(address);
      expect([seven.score, seven.eligible]).to.deep.equal([47_81n, false]);
      expect(await arbiter.eligibleCount()).to.equal(14n);
      for (let index = 0; index < 10; ++index) {
        expect(await bench.drawn(await bench.open())).not.to.include(address);
      }
    }).timeout(300_000);
  });
});
