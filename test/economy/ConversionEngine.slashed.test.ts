import { expect } from "chai";
import fc from "fast-check";

import { D, nextEpoch, S, stateOf, withCredit, withEarnings } from "../support/conversion.ts";
import { buyRoleTokens, ethers, loadFixture, OCTO } from "../support/fixture.ts";
import type { MarketWorld } from "../support/testMarket.ts";

const { MaxUint256 } = ethers;
const SEED = Number(process.env["FUZZ_SEED"] ?? 8183);

/** OCTO-D that the provider has earned, besides those in its bond: nearly all that backs them is earmarked. */
async function mostlyEarmarked(): Promise<MarketWorld> {
  const world = await loadFixture(withEarnings);
  await world.system.engine.poke(D);
  return world;
}

/** 5,000 OCTO-S that the client bought, backed by 5,100 OCTO that are held. */
async function heldAlone(): Promise<MarketWorld> {
  const world = await loadFixture(withCredit);
  await buyRoleTokens(world.system, world.actors.client, "S", 5_000n * OCTO);
  return world;
}

/** OCTO-D that were earned, and as many OCTO again that the client paid for others. */
async function both(): Promise<MarketWorld> {
  const world = await mostlyEarmarked();
  const { earmarked } = await stateOf(world, D);
  await buyRoleTokens(world.system, world.actors.client, "D", (earmarked * 100n) / 102n);
  return world;
}

const tokenOf = ({ system }: MarketWorld, role: bigint) => system.roleTokens[role === D ? "D" : "S"];

async function surrender(world: MarketWorld, role: bigint, amount: bigint): Promise<void> {
  const holder = role === D ? world.actors.provider : world.actors.client;
  await tokenOf(world, role).connect(holder).surrender(amount);
}

describe("ConversionEngine", () => {
  describe("slashed role tokens", () => {
    it("stay with their share to the end of the epoch, and move nothing in it", async () => {
      const world = await mostlyEarmarked();
      const before = await stateOf(world, D);
      await surrender(world, D, 1_000n * OCTO);
      await expect(world.system.engine.poke(D)).not.to.emit(world.system.roleTokens.D, "Transfer");
      expect(await stateOf(world, D)).to.deep.equal(before);
    });

    it("are burned when the next one begins, and their share of the earmark is open budget again (V-4)", async () => {
      const world = await mostlyEarmarked();
      const { engine, settlement, roleTokens } = world.system;
      const { supply, held, earmarked } = await stateOf(world, D);
      const { committed } = await settlement.sums();
      const share = ((held + earmarked) * 1_000n * OCTO) / supply;
      await surrender(world, D, 1_000n * OCTO);
      await nextEpoch(world);
      const begin = engine.poke(D);
      await expect(begin)
        .to.emit(roleTokens.D, "Transfer")
        .withArgs(await engine.getAddress(), ethers.ZeroAddress, 1_000n * OCTO);
      await expect(begin).to.emit(settlement, "EarmarkGivenBack").withArgs(D, share);
      await expect(begin)
        .to.emit(engine, "ReserveEpochBegun")
        .withArgs(D, await settlement.currentEpoch(), OCTO, share, 0n);
      expect(await stateOf(world, D)).to.include({ supply: supply - 1_000n * OCTO, earmarkInVault: earmarked - share });
      expect((await settlement.sums()).committed).to.equal(committed - share);
    });

    it("leave what is held for them to the treasury", async () => {
      const world = await heldAlone();
      const { engine, octo } = world.system;
      await surrender(world, S, 2_000n * OCTO);
      await nextEpoch(world);
      await expect(engine.poke(S)).to.changeTokenBalances(
        ethers,
        octo,
        [engine, world.actors.treasury],
        [-2_040n * OCTO, 2_040n * OCTO],
      );
      expect(await stateOf(world, S)).to.include({ supply: 3_000n * OCTO, held: 3_060n * OCTO, earmarked: 0n });
    });

    it("leave what is earmarked first, and then what is held", async () => {
      const world = await both();
      const { engine, octo } = world.system;
      const { supply, held, earmarked, coverage } = await stateOf(world, D);
      await surrender(world, D, await world.system.roleTokens.D.balanceOf(world.actors.provider));
      await world.system.roleTokens.D.connect(world.actors.client).surrender(100n * OCTO);
      const slashed = await world.system.roleTokens.D.balanceOf(engine);
      const share = ((held + earmarked) * slashed) / supply;
      expect(share > earmarked).to.equal(true);
      await nextEpoch(world);
      await expect(engine.poke(D)).to.changeTokenBalance(ethers, octo, world.actors.treasury, share - earmarked);
      const after = await stateOf(world, D);
      expect(after).to.include({ earmarked: 0n, held: held + earmarked - share });
      expect(after.coverage - coverage).to.be.oneOf([0n, 1n]);
    });

    it("are burned by the first swap of the epoch too, in both of its roles", async () => {
      const world = await both();
      const { engine, roleTokens } = world.system;
      await buyRoleTokens(world.system, world.actors.client, "S", 5_000n * OCTO);
      await surrender(world, D, 500n * OCTO);
      await surrender(world, S, 700n * OCTO);
      await nextEpoch(world);
      const seller = world.actors.provider;
      const swap = () => engine.connect(seller).swap(D, S, 1_000n * OCTO, 0n, MaxUint256);
      await expect(swap())
        .to.emit(roleTokens.D, "Transfer")
        .withArgs(await engine.getAddress(), ethers.ZeroAddress, 500n * OCTO)
        .and.to.emit(roleTokens.S, "Transfer")
        .withArgs(await engine.getAddress(), ethers.ZeroAddress, 700n * OCTO);
      expect(await roleTokens.D.balanceOf(engine)).to.equal(0n);
      expect(await roleTokens.S.balanceOf(engine)).to.equal(0n);
    });

    it("leave everything when they are all there are", async () => {
      const world = await heldAlone();
      const { engine, octo } = world.system;
      await surrender(world, S, 5_000n * OCTO);
      await nextEpoch(world, 10n);
      expect((await engine.reserveOf(S)).held).to.equal(0n);
      await expect(engine.poke(S)).to.changeTokenBalance(ethers, octo, world.actors.treasury, 5_100n * OCTO);
      expect(await stateOf(world, S)).to.include({ supply: 0n, held: 0n, coverage: OCTO, bid: OCTO });
    });

    it("leave first, and what is beyond 3.0 a token then", async () => {
      const world = await heldAlone();
      const { engine, octo, roleTokens } = world.system;
      await roleTokens.S.connect(world.actors.client).burn(4_000n * OCTO);
      await surrender(world, S, 500n * OCTO); // with a half of 5,100; of the rest 1,500 may stay
      await nextEpoch(world);
      await expect(engine.poke(S)).to.changeTokenBalance(ethers, octo, world.actors.treasury, 3_600n * OCTO);
      expect(await stateOf(world, S)).to.include({ supply: 500n * OCTO, held: 1_500n * OCTO, coverage: 3n * OCTO });
    });

    it("are counted out by the views as soon as the epoch is over", async () => {
      const world = await both();
      const { engine } = world.system;
      await surrender(world, D, 777n * OCTO + 7n);
      await nextEpoch(world);
      const views = async () => ({
        reserve: [...(await engine.reserveOf(D))],
        rates: [await engine.coverageOf(D), await engine.bidOf(D), await engine.askOf(D)],
        limits: [...(await engine.limitsOf(world.actors.client, D))],
        addable: await engine.addableTo(D),
      });
      const before = await views();
      await engine.poke(D);
      expect(await views()).to.deep.equal(before);
    });

    it("move no rate: a wei at most, and never down (C-2)", async () => {
      await fc.assert(
        fc.asyncProperty(fc.bigInt({ min: 1n, max: 13_000n * OCTO }), async (amount) => {
          const world = await both();
          const { engine } = world.system;
          await engine.poke(D);
          const before = await stateOf(world, D);
          const balance = await world.system.roleTokens.D.balanceOf(world.actors.provider);
          await surrender(world, D, amount < balance ? amount : balance);
          await nextEpoch(world);
          await engine.poke(D);
          const { coverage, bid, ask, supply } = await stateOf(world, D);
          const step = OCTO / supply + 1n;
          expect(coverage - before.coverage).to.be.within(0n, step);
          expect(bid - before.bid).to.be.within(0n, step);
          expect(ask - before.ask).to.be.within(0n, 2n * step);
        }),
        { numRuns: 10, seed: SEED, endOnFailure: true },
      );
    });
  });
});
