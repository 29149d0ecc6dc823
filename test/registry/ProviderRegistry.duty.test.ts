import { expect } from "chai";

import { ethers, loadFixture, time, type World } from "../support/fixture.ts";
import { DAY } from "../support/jobs.ts";
import * as model from "../support/models/score.ts";
import { bondIn, D, MIN_OCTO, supplied, vaultOf } from "../support/positions.ts";

const A = 1n;

/** A provider who is active in D, an hour into a window of heartbeats that begins a day. */
async function ready() {
  const world = await supplied();
  await bondIn(world, "D");
  const start = (BigInt(await time.latest()) / DAY + 2n) * DAY;
  await time.increaseTo(start + 3_600n);
  return { ...world, start, window: model.windowAt(start) };
}

/** As {ready}, and on duty since. */
async function onDuty() {
  const world = await ready();
  await world.registry.setDuty(D, true);
  return world;
}

/** The record of a position as the model writes it. */
async function recordOf({ system }: World, account: string): Promise<model.TrackRecord> {
  const { record } = await system.registry.positionOf(account, D);
  const names = Object.keys(model.BLANK) as (keyof model.TrackRecord)[];
  return Object.fromEntries(names.map((name) => [name, record[name]])) as model.TrackRecord;
}

describe("ProviderRegistry", () => {
  describe("heartbeat", () => {
    describe("when the position was never active", () => {
      for (const role of [A, 0n, 9n, 31n, 255n]) {
        it(`refuses role ${role}`, async () => {
          const { registry, provider } = await loadFixture(ready);
          await expect(registry.heartbeat(role))
            .to.be.revertedWithCustomError(registry, "ProviderRegistryNeverActive")
            .withArgs(provider.address, role);
        });
      }

      it("beats for nobody else: a stranger has none (A-40)", async () => {
        const { system, actors } = await loadFixture(ready);
        await expect(system.registry.connect(actors.stranger).heartbeat(D))
          .to.be.revertedWithCustomError(system.registry, "ProviderRegistryNeverActive")
          .withArgs(actors.stranger.address, D);
      });
    });

    describe("when the position was active once", () => {
      it("notes the window, and emits it", async () => {
        const world = await loadFixture(onDuty);
        const { registry, provider, start, window } = world;
        const before = await recordOf(world, provider.address);
        const at = start + 2n * model.WINDOW;
        await time.setNextBlockTimestamp(at);
        await expect(registry.heartbeat(D))
          .to.emit(registry, "Heartbeat")
          .withArgs(provider.address, D, window + 2n);
        expect(await recordOf(world, provider.address)).to.deep.equal(model.beat(before, at));
      });

      it("changes nothing by a second one in the same window", async () => {
        const world = await loadFixture(onDuty);
        await world.registry.heartbeat(D);
        const before = await recordOf(world, world.provider.address);
        await world.registry.heartbeat(D);
        expect(await recordOf(world, world.provider.address)).to.deep.equal(before);
      });

      it("is heard off duty and without a bond, too", async () => {
        const { registry, provider, window } = await loadFixture(ready);
        await registry.unbond(D, MIN_OCTO, 0n);
        await expect(registry.heartbeat(D)).to.emit(registry, "Heartbeat").withArgs(provider.address, D, window);
      });

      it("moves no average by itself (R-4)", async () => {
        const { registry, provider, start } = await loadFixture(onDuty);
        const before = await registry.scoreOf(provider.address, D);
        for (let i = 1n; i < 6n; ++i) {
          await time.setNextBlockTimestamp(start + i * model.WINDOW);
          await registry.heartbeat(D);
        }
        expect((await registry.positionOf(provider.address, D)).record.uptime).to.equal(20n * model.POINT);
        expect(await registry.scoreOf(provider.address, D)).to.be.lessThan(before + 2n * model.POINT);
      });
    });
  });

  describe("setDuty", () => {
    describe("when the position was never active", () => {
      for (const role of [A, 0n, 9n, 31n, 255n]) {
        it(`refuses role ${role}`, async () => {
          const { registry, provider } = await loadFixture(ready);
          await expect(registry.setDuty(role, true))
            .to.be.revertedWithCustomError(registry, "ProviderRegistryNeverActive")
            .withArgs(provider.address, role);
        });
      }

      it("puts nobody else on duty (A-40)", async () => {
        const { system, actors, provider } = await loadFixture(ready);
        await expect(system.registry.connect(actors.stranger).setDuty(D, true))
          .to.be.revertedWithCustomError(system.registry, "ProviderRegistryNeverActive")
          .withArgs(actors.stranger.address, D);
        expect((await system.providerLens.statusOf(provider.address, D)).onDuty).to.equal(false);
      });
    });

    for (const onDutyNow of [true, false]) {
      describe(`when duty is ${onDutyNow ? "taken up" : "laid down"}`, () => {
        it("notes it, and the window as beaten, and emits it", async () => {
          const world = await loadFixture(onDuty);
          const { registry, provider, start } = world;
          const before = await recordOf(world, provider.address);
          const at = start + 3n * model.WINDOW;
          await time.setNextBlockTimestamp(at);
          await expect(registry.setDuty(D, onDutyNow))
            .to.emit(registry, "DutySet")
            .withArgs(provider.address, D, onDutyNow);
          expect(await recordOf(world, provider.address)).to.deep.equal(model.setDuty(before, onDutyNow, at));
        });
      });
    }

    it("does not stop by leaving: who unbonds everything stays on duty", async () => {
      const { system, registry, provider } = await loadFixture(onDuty);
      await registry.unbond(D, MIN_OCTO, 0n);
      expect((await system.providerLens.statusOf(provider.address, D)).onDuty).to.equal(true);
    });
  });

  describe("a window of heartbeats", () => {
    const missed = ({ system, actors }: World, window: bigint) =>
      system.slashingDesk.missedWindow(actors.provider.address, D, window);

    it("is never missed by who was never active", async () => {
      const { system, actors, window } = await loadFixture(onDuty);
      expect(await system.slashingDesk.missedWindow(actors.stranger.address, D, window)).to.equal(false);
      expect(await system.slashingDesk.missedWindow(actors.provider.address, A, window)).to.equal(false);
    });

    it("is never missed off duty", async () => {
      const world = await loadFixture(ready);
      await time.increaseTo(world.start + 4n * model.WINDOW);
      for (let i = 0n; i < 5n; ++i) expect(await missed(world, world.window + i)).to.equal(false);
    });

    it("is not due if duty began in it", async () => {
      const world = await loadFixture(onDuty);
      await time.increaseTo(world.start + 2n * model.WINDOW);
      expect(await missed(world, world.window)).to.equal(false);
    });

    it("is missed from the second on in which it is over", async () => {
      const world = await loadFixture(onDuty);
      const end = model.endOf(world.window + 1n);
      await time.increaseTo(end - 1n);
      expect(await missed(world, world.window + 1n)).to.equal(false);
      await time.increaseTo(end);
      expect(await missed(world, world.window + 1n)).to.equal(true);
      expect(await missed(world, world.window + 2n)).to.equal(false);
    });

    for (const [when, offset, isMissed] of [
      ["in its first second", -model.WINDOW, false],
      ["in its last second", -1n, false],
      ["in the first second after it", 0n, true],
    ] as const) {
      it(`is ${isMissed ? "missed" : "not missed"} if beaten ${when}`, async () => {
        const world = await loadFixture(onDuty);
        const end = model.endOf(world.window + 1n);
        await time.setNextBlockTimestamp(end + offset);
        await world.registry.heartbeat(D);
        await time.increaseTo(end + 1n);
        expect(await missed(world, world.window + 1n)).to.equal(isMissed);
      });
    }

    it("is remembered for 21 windows, seven days, and then forgotten", async () => {
      const world = await loadFixture(onDuty);
      const first = world.window + 1n;
      await time.increaseTo(model.endOf(first + model.REMEMBERED) - 1n);
      expect(await missed(world, first)).to.equal(true);
      await time.increaseTo(model.endOf(first + model.REMEMBERED));
      expect(await missed(world, first)).to.equal(false);
      expect(await missed(world, first + 1n)).to.equal(true);
    });

    it("stays missed after duty was laid down", async () => {
      const world = await loadFixture(onDuty);
      const at = model.endOf(world.window + 1n) + 1n;
      await time.setNextBlockTimestamp(at);
      await world.registry.setDuty(D, false);
      await time.increaseTo(at + 3n * model.WINDOW);
      expect(await missed(world, world.window + 1n)).to.equal(true);
      for (let i = 2n; i < 5n; ++i) expect(await missed(world, world.window + i)).to.equal(false);
    });

    it("is not missed before time began, nor beyond all time (M-23)", async () => {
      const world = await loadFixture(onDuty);
      await time.increaseTo(world.start + 2n * model.WINDOW);
      expect(await missed(world, 0n)).to.equal(false);
      expect(await missed(world, 2n ** 256n - 1n)).to.equal(false);
    });
  });

  describe("uptime", () => {
    for (const beats of [0, 1, 20, 21]) {
      it(`follows ${beats} of 21 heartbeats at the next task`, async () => {
        const world = await loadFixture(onDuty);
        const { registry, provider, start } = world;
        for (let i = 1n; i <= 21n; ++i) {
          await time.setNextBlockTimestamp(start + i * model.WINDOW);
          if (i <= BigInt(beats)) await registry.heartbeat(D);
          else await world.system.registry.connect(world.actors.other).bond(D, 1n, 0n);
        }
        const before = await recordOf(world, provider.address);
        const at = start + 22n * model.WINDOW;
        await time.setNextBlockTimestamp(at);
        await world.system.registry.connect(await vaultOf(world)).record({
          provider: provider.address,
          role: D,
          orchestrator: ethers.ZeroAddress,
          weight: model.WHOLE_STEP,
          success: 100n,
          speed: 100n,
          pay: 0n,
        });
        const expected = model.add(before, model.WHOLE_STEP, 100n, 100n, at);
        expect(await recordOf(world, provider.address)).to.deep.equal(expected);
        expect(model.uptime(expected)).to.equal(BigInt(Math.floor((100 * beats) / 21)));
      });
    }
  });
});
