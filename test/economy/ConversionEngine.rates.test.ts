import { expect } from "chai";

import { A, D, nextEpoch, S, stateOf, withCredit, withEarnings, work } from "../support/conversion.ts";
import { ethers, loadFixture, networkHelpers, OCTO } from "../support/fixture.ts";
import { policyAfter, targetOf } from "../support/models/conversion.ts";
import type { MarketWorld } from "../support/testMarket.ts";

const { MaxUint256, parseEther } = ethers;

/** Works in role D once in each of so many epochs, and ends in the one after the last. */
async function workWeekly(world: MarketWorld, volumes: readonly bigint[]): Promise<void> {
  for (const volume of volumes) {
    if (volume !== 0n) await work(world, "D", volume * OCTO);
    await nextEpoch(world);
  }
}

/** As the contract asks for them: the latest first, and none before genesis. */
const latestFirst = (volumes: readonly bigint[], count: number) =>
  Array.from({ length: count }, (_, i) => (volumes.at(-1 - i) ?? 0n) * OCTO);

describe("ConversionEngine", () => {
  describe("rates", () => {
    describe("of a role that nobody has touched", () => {
      it("are one and the spread", async () => {
        const world = await loadFixture(withCredit);
        expect(await stateOf(world, S)).to.deep.equal({
          held: 0n,
          earmarked: 0n,
          supply: 0n,
          coverage: OCTO,
          policy: OCTO,
          bid: OCTO,
          ask: parseEther("1.02"),
          heldAsBooked: 0n,
          earmarkInVault: 0n,
        });
      });

      it("start at one whatever was settled before (C-4)", async () => {
        const world = await loadFixture(withCredit);
        expect(await world.system.engine.policyOf(S)).to.equal(OCTO);
        await nextEpoch(world, 30n);
        expect(await world.system.engine.policyOf(S)).to.equal(OCTO);
      });
    });

    for (const name of ["policyOf", "coverageOf", "bidOf", "reserveOf", "addableTo", "poke"] as const) {
      for (const role of [0n, 9n, 31n, 32n, 128n, 255n]) {
        it(`${name} refuses the unknown role ${role}`, async () => {
          const { engine } = (await loadFixture(withCredit)).system;
          await expect(engine.getFunction(name)(role))
            .to.be.revertedWithCustomError(engine, "ConversionEngineUnknownRole")
            .withArgs(role);
        });
      }
    }

    describe("of a role with work", () => {
      it("count what is earmarked as reserve", async () => {
        const world = await loadFixture(withEarnings);
        const { held, earmarked, supply, coverage, earmarkInVault } = await stateOf(world, D);
        expect(earmarked).to.equal(earmarkInVault);
        expect(earmarked).to.be.greaterThan(10_000n * OCTO);
        expect(coverage).to.equal(((held + earmarked) * OCTO) / supply);
      });

      it("ask at least the coverage and bid at most the policy", async () => {
        const world = await loadFixture(withEarnings);
        const before = await stateOf(world, D);
        expect(before.bid).to.equal(OCTO);
        expect(before.ask).to.be.greaterThan((before.coverage * 102n) / 100n);
      });
    });

    describe("within a block or an epoch (A-96)", () => {
      it("stand still whatever is given away to the engine or the vault", async () => {
        const world = await loadFixture(withEarnings);
        const before = await stateOf(world, D);
        const { octo, addresses } = world.system;
        for (const target of [addresses.engine, addresses.settlement]) {
          await octo.connect(world.actors.client).transfer(target, 100_000n * OCTO);
        }
        await octo.connect(world.actors.client).transfer(await world.system.roleTokens.D.getAddress(), OCTO);
        expect(await stateOf(world, D)).to.deep.equal(before);
      });

      it("do not follow what is settled in the same epoch: only finished ones move the policy", async () => {
        const world = await loadFixture(withCredit);
        await world.system.engine.poke(D);
        await workWeekly(world, [100_000n, 100_000n, 100_000n, 100_000n, 100_000n]);
        const before = await world.system.engine.policyOf(D);
        expect(before).to.equal(parseEther("1.1"));
        await work(world, "D", 5_000_000n * OCTO);
        expect(await world.system.engine.policyOf(D)).to.equal(before);
        await world.system.engine.poke(D);
        await work(world, "D", 5_000_000n * OCTO);
        expect(await world.system.engine.policyOf(D)).to.equal(before);
      });

      it("give nobody a profit who buys and sells in one block", async () => {
        const world = await loadFixture(withEarnings);
        const { engine, octo, roleTokens } = world.system;
        const { provider } = world.actors;
        const [octoBefore, roleBefore] = [
          await octo.balanceOf(provider.address),
          await roleTokens.D.balanceOf(provider.address),
        ];
        const roleOut = await engine.quote(D, 5_000n * OCTO);
        await ethers.provider.send("evm_setAutomine", [false]);
        try {
          await engine.connect(provider).buy(D, 5_000n * OCTO, roleOut, MaxUint256, { gasLimit: 5_000_000n });
          await engine.connect(provider).sell(D, roleOut, 0n, MaxUint256, { gasLimit: 5_000_000n });
          await networkHelpers.mine();
        } finally {
          await ethers.provider.send("evm_setAutomine", [true]);
        }
        expect(await roleTokens.D.balanceOf(provider.address)).to.equal(roleBefore);
        const lost = octoBefore - (await octo.balanceOf(provider.address));
        expect(lost).to.be.greaterThan((5_000n * OCTO * 2n) / 103n);
      });
    });

    describe("as the weeks go by (C-4)", () => {
      for (const [what, volumes] of [
        ["steady work", [50n, 50n, 50n, 50n, 50n, 50n, 50n]],
        ["growing work", [10n, 20n, 40n, 80n, 160n, 320n, 640n]],
        ["shrinking work", [640n, 320n, 160n, 80n, 40n, 20n, 10n]],
        ["a week without", [50n, 50n, 50n, 50n, 50n, 0n, 50n]],
        ["hardly enough weeks", [50n, 50n, 50n, 50n]],
        ["none at all", [0n, 0n, 0n]],
      ] as const) {
        it(`follow the model for ${what}`, async () => {
          const world = await loadFixture(withCredit);
          const { engine } = world.system;
          await engine.poke(D);
          for (let week = 1; week <= volumes.length; week++) {
            await workWeekly(world, volumes.slice(week - 1, week));
            const expected = policyAfter(OCTO, latestFirst(volumes.slice(0, week), week + 12), week);
            expect(await engine.policyOf(D), `week ${week}`).to.equal(expected);
          }
        });
      }

      it("move the ask with the policy, and the bid no higher than the coverage (I-15)", async () => {
        const world = await loadFixture(withCredit);
        const { engine } = world.system;
        await engine.poke(D);
        const volumes = [10n, 20n, 40n, 80n, 160n, 320n, 640n];
        await workWeekly(world, volumes);
        const { policy, coverage, bid, ask } = await stateOf(world, D);
        expect(targetOf(latestFirst(volumes, 13))).to.equal(parseEther("2.857142857142857142"));
        expect(policy).to.equal(parseEther("1.331"));
        expect(ask).to.equal((policy * 102n) / 100n);
        expect(bid).to.equal(coverage);
      });

      it("leave other roles alone (A-98)", async () => {
        const world = await loadFixture(withCredit);
        const { engine } = world.system;
        for (const role of [A, D, S]) await engine.poke(role);
        const [before, beforeS] = [await stateOf(world, A), await stateOf(world, S)];
        await workWeekly(world, [10n, 20n, 40n, 80n, 160n, 320n]);
        expect(await stateOf(world, A)).to.deep.equal(before);
        expect(await stateOf(world, S)).to.deep.equal(beforeS);
      });
    });
  });
});
