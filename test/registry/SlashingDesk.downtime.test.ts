import { expect } from "chai";
import { toBeHex } from "ethers";

import { loadFixture, OCTO, time } from "../support/fixture.ts";
import { ORIGIN, windowAt, WINDOW } from "../support/models/score.ts";
import { D } from "../support/positions.ts";
import {
  type Accused,
  accused,
  bondsOf,
  dayOfExit,
  exitOn,
  isSuspended,
  LANE,
  now,
  ODD_OCTO,
  ODD_ROLE,
  OFFENCES,
  shareOf,
} from "../support/slashing.ts";

const startOf = (window: bigint) => ORIGIN + window * WINDOW;
const ONE_WINDOW = [ODD_OCTO, ODD_ROLE - shareOf(ODD_ROLE, 5_00n)];
const THREE_WINDOWS = [ODD_OCTO - shareOf(ODD_OCTO, 5_00n), ODD_ROLE - shareOf(ODD_ROLE, 20_00n)];

/** On duty since a second into a window; `first` is the first window in which it must be heard. */
async function onDuty(): Promise<Accused & { first: bigint }> {
  const world = await loadFixture(accused);
  const first = windowAt(await now()) + 2n;
  await time.setNextBlockTimestamp(startOf(first - 1n) + 1n);
  await world.registry.setDuty(D, true);
  return { ...world, first };
}

type OnDuty = Awaited<ReturnType<typeof onDuty>>;

/** The first second after the window. */
async function passed(window: bigint): Promise<void> {
  await time.setNextBlockTimestamp(startOf(window + 1n));
}

const report = ({ desk, provider, actors }: OnDuty, window: bigint) =>
  desk.connect(actors.stranger).reportDowntime(provider.address, D, window);

async function expectNotMissed(world: OnDuty, window: bigint): Promise<void> {
  await expect(report(world, window))
    .to.be.revertedWithCustomError(world.desk, "SlashingDeskWindowNotMissed")
    .withArgs(world.provider.address, D, window);
}

/** Beats in a window. */
async function beatIn({ registry }: OnDuty, window: bigint): Promise<void> {
  await time.setNextBlockTimestamp(startOf(window) + 5n);
  await registry.heartbeat(D);
}

describe("SlashingDesk", () => {
  describe("reportDowntime", () => {
    describe("when the provider is not on duty", () => {
      it("refuses who was never on duty", async () => {
        const world = await loadFixture(accused);
        const first = windowAt(await now());
        await passed(first + 1n);
        await expectNotMissed({ ...world, first }, first + 1n);
      });

      it("refuses who was never active", async () => {
        const { desk, actors } = await loadFixture(onDuty);
        const window = windowAt(await now()) - 1n;
        await expect(desk.reportDowntime(actors.other.address, D, window))
          .to.be.revertedWithCustomError(desk, "SlashingDeskWindowNotMissed")
          .withArgs(actors.other.address, D, window);
      });

      it("refuses the window in which the duty began", async () => {
        const world = await loadFixture(onDuty);
        await passed(world.first - 1n);
        await expectNotMissed(world, world.first - 1n);
      });

      it("refuses the window in which the duty ended, and those after", async () => {
        const world = await loadFixture(onDuty);
        await time.setNextBlockTimestamp(startOf(world.first) + 5n);
        await world.registry.setDuty(D, false);
        await passed(world.first + 1n);
        await expectNotMissed(world, world.first);
        await expectNotMissed(world, world.first + 1n);
      });
    });

    describe("when the window is not over (A-78)", () => {
      it("refuses in its last second", async () => {
        const world = await loadFixture(onDuty);
        await time.setNextBlockTimestamp(startOf(world.first + 1n) - 1n);
        await expectNotMissed(world, world.first);
      });

      it("refuses one that has not begun, however large", async () => {
        const world = await loadFixture(onDuty);
        for (const window of [world.first + 1n, 2n ** 16n, 2n ** 256n - 1n]) await expectNotMissed(world, window);
      });

      it("takes it in the first second after", async () => {
        const world = await loadFixture(onDuty);
        await passed(world.first);
        await report(world, world.first);
        expect(await bondsOf(world)).to.deep.equal(ONE_WINDOW);
      });
    });

    describe("when the provider was heard", () => {
      for (const [when, seconds] of [
        ["first", 0n],
        ["last", WINDOW - 1n],
      ] as const) {
        it(`refuses a window beaten in its ${when} second`, async () => {
          const world = await loadFixture(onDuty);
          await time.setNextBlockTimestamp(startOf(world.first) + seconds);
          await world.registry.heartbeat(D);
          await passed(world.first);
          await expectNotMissed(world, world.first);
        });
      }

      it("takes a missed window though a heartbeat runs ahead of the report", async () => {
        const world = await loadFixture(onDuty);
        await passed(world.first);
        await world.registry.heartbeat(D);
        await report(world, world.first);
        expect(await bondsOf(world)).to.deep.equal(ONE_WINDOW);
      });
    });

    describe("when the window is long over", () => {
      it("takes it as the 21st before the current one", async () => {
        const world = await loadFixture(onDuty);
        await passed(world.first + 20n);
        await report(world, world.first);
        expect(await bondsOf(world)).to.deep.equal(THREE_WINDOWS);
      });

      it("refuses it as the 22nd, after seven days", async () => {
        const world = await loadFixture(onDuty);
        await passed(world.first + 21n);
        await expectNotMissed(world, world.first);
      });
    });

    describe("when it was reported before (A-78)", () => {
      it("refuses a second time, whoever reports", async () => {
        const world = await loadFixture(onDuty);
        await passed(world.first);
        await report(world, world.first);
        await expect(report(world, world.first))
          .to.be.revertedWithCustomError(world.desk, "SlashingDeskWindowReported")
          .withArgs(world.provider.address, D, world.first, world.first);
      });

      it("refuses each of the three windows of an extended downtime", async () => {
        const world = await loadFixture(onDuty);
        await passed(world.first + 2n);
        await report(world, world.first);
        for (const window of [world.first, world.first + 1n, world.first + 2n]) {
          await expect(report(world, window))
            .to.be.revertedWithCustomError(world.desk, "SlashingDeskWindowReported")
            .withArgs(world.provider.address, D, window, world.first + 2n);
        }
      });

      it("takes the next absence as a repeat", async () => {
        const world = await loadFixture(onDuty);
        await passed(world.first);
        await report(world, world.first);
        await beatIn(world, world.first + 1n);
        await passed(world.first + 2n);
        const cost = await world.slashing.cost(await report(world, world.first + 2n));
        expect([cost.repeats, cost.roleTokens]).to.deep.equal([1n, shareOf(ONE_WINDOW[1]!, 7_50n)]);
      });

      it("keeps the window through judged slashes, and the history through reports", async () => {
        const world = await loadFixture(onDuty);
        await passed(world.first);
        await report(world, world.first);
        await world.slashing.punish();
        await expect(report(world, world.first))
          .to.be.revertedWithCustomError(world.desk, "SlashingDeskWindowReported")
          .withArgs(world.provider.address, D, world.first, world.first);
        await beatIn(world, world.first + 1n);
        await passed(world.first + 2n);
        expect((await world.slashing.cost(await report(world, world.first + 2n))).repeats).to.equal(2n);
      });
    });

    describe("when more than one window was missed", () => {
      it("is one Downtime for two in a row", async () => {
        const world = await loadFixture(onDuty);
        await passed(world.first + 1n);
        await report(world, world.first);
        expect(await bondsOf(world)).to.deep.equal(ONE_WINDOW);
        await expect(report(world, world.first + 1n))
          .to.be.revertedWithCustomError(world.desk, "SlashingDeskWindowReported")
          .withArgs(world.provider.address, D, world.first + 1n, world.first + 1n);
      });

      it("is one ExtendedDowntime for a week of absence", async () => {
        const world = await loadFixture(onDuty);
        await passed(world.first + 20n);
        await report(world, world.first);
        expect(await bondsOf(world)).to.deep.equal(THREE_WINDOWS);
        await expect(report(world, world.first + 20n)).to.be.revertedWithCustomError(
          world.desk,
          "SlashingDeskWindowReported",
        );
      });

      it("costs an absence that goes on nothing more until it has gone on for another day", async () => {
        const world = await loadFixture(onDuty);
        await passed(world.first);
        await report(world, world.first);
        await passed(world.first + 2n);
        await expect(report(world, world.first + 1n))
          .to.be.revertedWithCustomError(world.desk, "SlashingDeskWindowReported")
          .withArgs(world.provider.address, D, world.first + 1n, world.first);
        await passed(world.first + 3n);
        const cost = await world.slashing.cost(await report(world, world.first + 1n));
        expect([cost.repeats, cost.octo]).to.deep.equal([1n, shareOf(ODD_OCTO, 7_50n)]);
      });

      it("takes the earliest first, so that no report of a later one lets it go (A-23, A-62)", async () => {
        const world = await loadFixture(onDuty);
        await beatIn(world, world.first + 1n);
        await passed(world.first + 2n);
        await expect(report(world, world.first + 2n))
          .to.be.revertedWithCustomError(world.desk, "SlashingDeskEarlierWindow")
          .withArgs(world.provider.address, D, world.first + 2n, world.first);
      });

      it("is ExtendedDowntime for three in a row", async () => {
        const world = await loadFixture(onDuty);
        await passed(world.first + 2n);
        await report(world, world.first);
        expect(await bondsOf(world)).to.deep.equal(THREE_WINDOWS);
      });

      for (const heard of [1n, 2n]) {
        it(`is Downtime if the provider was heard in the window ${heard} later`, async () => {
          const world = await loadFixture(onDuty);
          await beatIn(world, world.first + heard);
          await passed(world.first + 3n);
          await report(world, world.first);
          expect(await bondsOf(world)).to.deep.equal(ONE_WINDOW);
        });
      }
    });

    describe("when the provider tries to get away", () => {
      it("takes what was missed though the duty was laid down", async () => {
        const world = await loadFixture(onDuty);
        await passed(world.first);
        await world.registry.setDuty(D, false);
        await report(world, world.first);
        expect(await bondsOf(world)).to.deep.equal(ONE_WINDOW);
      });

      it("takes exits that were asked for after the window", async () => {
        const world = await loadFixture(onDuty);
        const askedAt = startOf(world.first + 1n) + 1n;
        await time.setNextBlockTimestamp(askedAt);
        await world.registry.unbond(D, ODD_OCTO, ODD_ROLE);
        await report(world, world.first);
        expect(await exitOn(world, dayOfExit(askedAt))).to.deep.equal(ONE_WINDOW);
      });

      it("takes exits that were asked for while it was not heard (A-25)", async () => {
        const world = await loadFixture(onDuty);
        const askedAt = startOf(world.first) + 1n;
        await time.setNextBlockTimestamp(askedAt);
        await world.registry.unbond(D, ODD_OCTO, ODD_ROLE);
        await passed(world.first);
        await report(world, world.first);
        expect(await exitOn(world, dayOfExit(askedAt))).to.deep.equal(ONE_WINDOW);
      });

      it("leaves exits alone that were asked for before the window (I-08)", async () => {
        const world = await loadFixture(onDuty);
        const askedAt = startOf(world.first);
        await time.setNextBlockTimestamp(askedAt);
        await world.registry.unbond(D, ODD_OCTO, ODD_ROLE);
        await passed(world.first);
        await report(world, world.first);
        expect(await exitOn(world, dayOfExit(askedAt))).to.deep.equal([ODD_OCTO, ODD_ROLE]);
      });
    });

    describe("when the position is suspended", () => {
      it("owes no heartbeat from then on", async () => {
        const world = await loadFixture(onDuty);
        await passed(world.first - 1n);
        await world.slashing.punish({ offence: "DataMishandling" });
        expect(await isSuspended(world)).to.equal(true);
        await passed(world.first + 3n);
        await expectNotMissed(world, world.first + 1n);
      });
    });

    describe("when the desk's authority is used up or gone", () => {
      it("refuses once the guardian has ended it", async () => {
        const world = await loadFixture(onDuty);
        const { desk, actors, system } = world;
        await desk.connect(actors.guardian).removeSlasher(system.addresses.slashingDesk, LANE.RoleTokens);
        await passed(world.first);
        await expect(report(world, world.first))
          .to.be.revertedWithCustomError(desk, "SlashingDeskNotSlasher")
          .withArgs(system.addresses.slashingDesk, D);
      });

      it("counts what it took against its own budget, not the judge's (I-07)", async () => {
        const world = await loadFixture(onDuty);
        const { desk, actors, system } = world;
        await passed(world.first);
        const { roleTokens } = await world.slashing.cost(await report(world, world.first));
        expect(await desk.allowanceOf(system.addresses.slashingDesk, LANE.RoleTokens, D)).to.equal(
          100_000n * OCTO - roleTokens,
        );
        expect(await desk.allowanceOf(actors.judge.address, LANE.RoleTokens, D)).to.equal(1_000_000n * OCTO);
      });
    });

    it("pays nobody: what it took waits to be burned", async () => {
      const world = await loadFixture(onDuty);
      await passed(world.first + 2n);
      await report(world, world.first);
      expect([...(await world.registry.slashedOf(D))]).to.deep.equal([
        ODD_OCTO - THREE_WINDOWS[0]!,
        ODD_ROLE - THREE_WINDOWS[1]!,
      ]);
    });

    for (const [offence, windows, stakes] of [
      ["Downtime", 1n, ONE_WINDOW],
      ["ExtendedDowntime", 3n, THREE_WINDOWS],
    ] as const) {
      it(`emits ${offence} with the first window as the reason`, async () => {
        const world = await loadFixture(onDuty);
        await passed(world.first + windows - 1n);
        await expect(report(world, world.first))
          .to.emit(world.desk, "OffencePunished")
          .withArgs(
            world.system.addresses.slashingDesk,
            world.provider.address,
            D,
            OFFENCES.indexOf(offence),
            0n,
            [ODD_OCTO - stakes[0]!, ODD_ROLE - stakes[1]!, ODD_OCTO, ODD_ROLE, 0n],
            toBeHex(world.first, 32),
          );
      });
    }
  });
});
