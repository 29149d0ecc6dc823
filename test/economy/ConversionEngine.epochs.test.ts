import { expect } from "chai";
import fc from "fast-check";

import { A, D, nextEpoch, S, stateOf, withCredit, withEarnings, work, workWeekly } from "../support/conversion.ts";
import { buyRoleTokens, ethers, loadFixture, OCTO, time } from "../support/fixture.ts";
import { impersonated } from "../support/jobs.ts";
import { policyAfter } from "../support/models/conversion.ts";
import type { MarketWorld } from "../support/testMarket.ts";

const { MaxUint256 } = ethers;
const EPOCH = 7n * 86_400n;
const SEED = Number(process.env["FUZZ_SEED"] ?? 8183);

/** Ten weeks of work in role D, of which the last has finished; the engine was touched in the first alone. */
const TEN_WEEKS = [30n, 60n, 20n, 90n, 50n, 200n, 170n, 300n, 280n, 400n];

/** The provider's tokens of role D but so many are burned. */
async function withSupplyOf(left: bigint): Promise<MarketWorld> {
  const world = await loadFixture(withEarnings);
  const { provider } = world.actors;
  const token = world.system.roleTokens.D;
  await world.system.engine.poke(D);
  const supply = await token.totalSupply();
  await token.connect(provider).burn(supply - left);
  return world;
}

describe("ConversionEngine", () => {
  describe("poke", () => {
    it("begins the epoch once, whoever does it", async () => {
      const world = await loadFixture(withCredit);
      const { engine, settlement } = world.system;
      const epoch = await settlement.currentEpoch();
      await expect(engine.connect(world.actors.stranger).poke(S))
        .to.emit(engine, "ReserveEpochBegun")
        .withArgs(S, epoch, OCTO, 0n, 0n);
      await expect(engine.poke(S)).not.to.emit(engine, "ReserveEpochBegun");
    });

    for (const [what, touch] of [
      ["purchase", (world: MarketWorld) => buyRoleTokens(world.system, world.actors.client, "D", 10n * OCTO)],
      [
        "sale",
        (world: MarketWorld) => world.system.engine.connect(world.actors.provider).sell(D, 100n * OCTO, 0n, MaxUint256),
      ],
      [
        "swap out of it",
        (world: MarketWorld) =>
          world.system.engine.connect(world.actors.provider).swap(D, S, 100n * OCTO, 0n, MaxUint256),
      ],
      [
        "addition",
        async (world: MarketWorld) => {
          await world.system.octo.connect(world.actors.treasury).approve(world.system.engine, MaxUint256);
          return world.system.engine.connect(world.actors.treasury).addToReserve(D, 0n);
        },
      ],
    ] as const) {
      it(`is done by the first ${what} of the epoch`, async () => {
        const world = await loadFixture(withEarnings);
        const { engine } = world.system;
        await engine.poke(D);
        await nextEpoch(world);
        const policy = await engine.policyOf(D);
        await touch(world);
        const epoch = await world.system.settlement.currentEpoch();
        const [begun] = await engine.queryFilter(engine.filters.ReserveEpochBegun(D, epoch));
        expect(begun!.args.policy).to.equal(policy);
        await expect(engine.poke(D)).not.to.emit(engine, "ReserveEpochBegun");
      });
    }

    it("is done for the role entered by the first swap into it", async () => {
      const world = await loadFixture(withEarnings);
      const { engine } = world.system;
      await expect(engine.connect(world.actors.provider).swap(D, S, 100n * OCTO, 0n, MaxUint256))
        .to.emit(engine, "ReserveEpochBegun")
        .withArgs(S, await world.system.settlement.currentEpoch(), OCTO, 0n, 0n);
    });

    it("begins with the second in which the epoch does (A-94)", async () => {
      const world = await loadFixture(withCredit);
      const { engine, octo, settlement } = world.system;
      await engine.poke(S);
      const next = (await settlement.currentEpoch()) + 1n;
      const boundary = (await octo.genesisAt()) + next * EPOCH;
      await time.setNextBlockTimestamp(boundary - 1n);
      await expect(engine.poke(S)).not.to.emit(engine, "ReserveEpochBegun");
      await time.setNextBlockTimestamp(boundary);
      await expect(engine.poke(S)).to.emit(engine, "ReserveEpochBegun").withArgs(S, next, OCTO, 0n, 0n);
    });

    it("changes no answer of a view: these answer as if it had happened", async () => {
      const world = await loadFixture(withCredit);
      const { engine } = world.system;
      await engine.poke(D);
      await workWeekly(world, TEN_WEEKS, false);
      const before = { ...(await stateOf(world, D)), limits: await engine.limitsOf(ethers.ZeroAddress, D) };
      await engine.poke(D);
      const after = { ...(await stateOf(world, D)), limits: await engine.limitsOf(ethers.ZeroAddress, D) };
      expect(after).to.deep.equal(before);
    });
  });

  describe("epochs that nobody touched", () => {
    it("are caught up with: ten at once give what ten one by one give (C-4)", async () => {
      const policies: bigint[] = [];
      for (const poking of [false, true]) {
        const world = await loadFixture(withCredit);
        await world.system.engine.poke(D);
        await workWeekly(world, TEN_WEEKS, poking);
        await world.system.engine.poke(D);
        policies.push(await world.system.engine.policyOf(D));
      }
      const volumes = Array.from({ length: 22 }, (_, i) => (TEN_WEEKS.at(-1 - i) ?? 0n) * OCTO);
      expect(policies).to.deep.equal(Array(2).fill(policyAfter(OCTO, volumes, 10)));
      expect(policies[0]).not.to.equal(OCTO);
    });

    it("are caught up with in the same way whenever it happens (C-4)", async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.tuple(fc.integer({ min: 0, max: 400 }), fc.boolean()), { minLength: 6, maxLength: 14 }),
          async (weeks) => {
            const policies: bigint[] = [];
            for (const late of [true, false]) {
              const world = await loadFixture(withCredit);
              await world.system.engine.poke(D);
              for (const [volume, poked] of weeks) {
                if (volume !== 0) await work(world, "D", BigInt(volume) * OCTO);
                if (!late || poked) await world.system.engine.poke(D);
                await nextEpoch(world);
              }
              policies.push(await world.system.engine.policyOf(D));
            }
            expect(policies[0]).to.equal(policies[1]);
          },
        ),
        { numRuns: 6, seed: SEED, endOnFailure: true },
      );
    });

    it("count 26: of more, the last ones", async () => {
      const world = await loadFixture(withCredit);
      const { engine } = world.system;
      await engine.poke(D);
      // Six weeks bring the policy up, which 26 without work have brought down again long since.
      await workWeekly(world, [10n, 20n, 40n, 80n, 160n, 320n], false);
      const policy = await engine.policyOf(D);
      expect(policy).to.be.greaterThan(OCTO);
      await nextEpoch(world, 20n);
      expect(await engine.policyOf(D)).to.equal(OCTO);
      await nextEpoch(world, 30n);
      await engine.poke(D);
      expect(await engine.policyOf(D)).to.equal(OCTO);

      // Work in the last weeks counts, whatever lies before them.
      await nextEpoch(world, 40n);
      const lately = [10n, 20n, 40n, 80n, 160n, 320n];
      await workWeekly(world, lately, false);
      const volumes = Array.from({ length: 38 }, (_, i) => (lately.at(-1 - i) ?? 0n) * OCTO);
      expect(await engine.policyOf(D)).to.equal(policyAfter(OCTO, volumes, 26));
    });
  });

  describe("what a reserve has beyond 3.0 a token", () => {
    it("stays until the epoch's end", async () => {
      const world = await withSupplyOf(1_000n * OCTO);
      const before = await stateOf(world, D);
      await expect(world.system.engine.poke(D)).not.to.emit(world.system.engine, "ReserveEpochBegun");
      expect(await stateOf(world, D)).to.deep.equal(before);
      expect(before.coverage).to.be.greaterThan(3n * OCTO);
    });

    it("leaves the earmark first, as open budget (V-4)", async () => {
      const world = await withSupplyOf(1_000n * OCTO);
      const { engine, settlement } = world.system;
      const { held, earmarked } = await stateOf(world, D);
      const committed = (await settlement.sums()).committed;
      const surplus = held + earmarked - 3_000n * OCTO;
      expect(surplus < earmarked).to.equal(true);
      await nextEpoch(world);
      const begin = engine.poke(D);
      await expect(begin).to.emit(settlement, "EarmarkGivenBack").withArgs(D, surplus);
      await expect(begin)
        .to.emit(engine, "ReserveEpochBegun")
        .withArgs(D, await settlement.currentEpoch(), OCTO, surplus, 0n);
      expect(await stateOf(world, D)).to.include({ held, earmarked: earmarked - surplus, coverage: 3n * OCTO });
      expect((await settlement.sums()).committed).to.equal(committed - surplus);
    });

    it("leaves what is held then, to the treasury", async () => {
      const world = await withSupplyOf(1_000n * OCTO);
      const { engine, octo } = world.system;
      const { treasury, provider } = world.actors;
      await world.system.roleTokens.D.connect(provider).approve(engine, 0n);
      // Sold down to 10 tokens: what covers them is all held but for what the earmark keeps.
      await buyRoleTokens(world.system, world.actors.client, "D", 5_000n * OCTO);
      await world.system.roleTokens.D.connect(world.actors.client).burn(5_000n * OCTO);
      const { held, earmarked, supply } = await stateOf(world, D);
      const surplus = held + earmarked - 3n * supply;
      expect(surplus > earmarked).to.equal(true);
      await nextEpoch(world);
      await expect(engine.poke(D)).to.changeTokenBalance(ethers, octo, treasury, surplus - earmarked);
      expect(await stateOf(world, D)).to.include({
        held: 3n * supply,
        heldAsBooked: 3n * supply,
        earmarked: 0n,
        earmarkInVault: 0n,
        coverage: 3n * OCTO,
      });
    });

    it("is everything when no token is left", async () => {
      const world = await loadFixture(withCredit);
      const { engine, octo } = world.system;
      await buyRoleTokens(world.system, world.actors.client, "S", 1_000n * OCTO);
      await engine.connect(world.actors.client).sell(S, 1_000n * OCTO, 0n, MaxUint256);
      expect(await engine.heldOf(S)).to.equal(20n * OCTO);
      await nextEpoch(world);
      expect(await engine.heldOf(S)).to.equal(20n * OCTO);
      expect((await engine.reserveOf(S)).held).to.equal(0n);
      await expect(engine.poke(S)).to.changeTokenBalance(ethers, octo, world.actors.treasury, 20n * OCTO);
      expect(await engine.heldOf(S)).to.equal(0n);
    });

    it("leaves with the first purchase too, which is then priced at what is left", async () => {
      const world = await withSupplyOf(1_000n * OCTO);
      const { engine, settlement } = world.system;
      await nextEpoch(world);
      expect(await engine.askOf(D)).to.equal((306n * OCTO) / 100n);
      await buyRoleTokens(world.system, world.actors.client, "D", 100n * OCTO);
      const { coverage, earmarked } = await stateOf(world, D);
      expect(coverage >= 3n * OCTO).to.equal(true);
      expect(await settlement.earmarkOf(D)).to.equal(earmarked);
    });

    it("goes to whoever is the treasury then, and no other role's", async () => {
      const world = await loadFixture(withCredit);
      const { engine, settlement, octo } = world.system;
      const { client, admin, judge } = world.actors;
      for (const letter of ["S", "N"] as const) await buyRoleTokens(world.system, client, letter, 1_000n * OCTO);
      await engine.connect(client).sell(S, 1_000n * OCTO, 0n, MaxUint256);
      await settlement.connect(admin).setTreasury(judge.address);
      await nextEpoch(world);
      const other = await stateOf(world, 8n);
      await expect(engine.poke(S)).to.changeTokenBalance(ethers, octo, judge, 20n * OCTO);
      expect(await stateOf(world, 8n)).to.deep.equal(other);
      expect(await stateOf(world, A)).to.include({ policy: OCTO });
    });
  });

  it("draws nothing that the vault would not give: its books hold what the engine takes for granted", async () => {
    const world = await loadFixture(withEarnings);
    const { settlement, addresses } = world.system;
    const asEngine = settlement.connect(await impersonated(addresses.engine));
    const { earmarked } = await stateOf(world, D);
    await asEngine.draw(D, earmarked);
    expect((await stateOf(world, D)).earmarked).to.equal(0n);
  });
});
