import { expect } from "chai";

import { D, withCredit, workWeekly } from "../support/conversion.ts";
import { loadFixture } from "../support/fixture.ts";

describe("ConversionEngine", () => {
  describe("ten epochs without a touch", () => {
    it("cost hardly more than one: at most 25 % more when idle, and 35 % when every week had work", async () => {
      const gas = async (weeks: bigint, volume: bigint) => {
        const world = await loadFixture(withCredit);
        const { engine } = world.system;
        await engine.poke(D);
        await workWeekly(world, Array<bigint>(16).fill(volume), true);
        await engine.poke(D);
        await workWeekly(world, Array<bigint>(Number(weeks)).fill(volume), false);
        return Number((await (await engine.poke(D)).wait())!.gasUsed);
      };
      const [one, ten] = [await gas(1n, 0n), await gas(10n, 0n)];
      const [busyOne, busyTen] = [await gas(1n, 50n), await gas(10n, 50n)];
      expect(ten).to.be.at.most(one * 1.25);
      expect(busyTen).to.be.at.most(busyOne * 1.35);
    });
  });
});
