import { expect } from "chai";
import fc from "fast-check";

import { A, D, nextEpoch, S, stateOf, withCredit, withEarnings, work } from "../support/conversion.ts";
import { buyRoleTokens, ethers, loadFixture, OCTO, time } from "../support/fixture.ts";
import { saleOf } from "../support/models/conversion.ts";
import type { MarketWorld } from "../support/testMarket.ts";

const { MaxUint256 } = ethers;
const LARGEST_UINT128 = 2n ** 128n - 1n;
const SEED = Number(process.env["FUZZ_SEED"] ?? 8183);

/** The client has bought 1,000 OCTO-S, the only ones there are. */
async function withPurchase(): Promise<MarketWorld> {
  const world = await loadFixture(withCredit);
  await buyRoleTokens(world.system, world.actors.client, "S", 1_000n * OCTO);
  return world;
}

/** The provider's tokens of role D as they are now, all earned. */
async function earned() {
  const world = await loadFixture(withEarnings);
  const { engine, octo, roleTokens } = world.system;
  const { provider } = world.actors;
  const balance = await roleTokens.D.balanceOf(provider.address);
  return { world, engine, octo, token: roleTokens.D, provider, asProvider: engine.connect(provider), balance };
}

describe("ConversionEngine", () => {
  describe("sell", () => {
    for (const role of [0n, 9n, 255n]) {
      it(`refuses the unknown role ${role}`, async () => {
        const { engine, asProvider } = await earned();
        await expect(asProvider.sell(role, 100n * OCTO, 0n, MaxUint256))
          .to.be.revertedWithCustomError(engine, "ConversionEngineUnknownRole")
          .withArgs(role);
        await expect(engine.quoteSell(ethers.ZeroAddress, role, OCTO))
          .to.be.revertedWithCustomError(engine, "ConversionEngineUnknownRole")
          .withArgs(role);
      });
    }

    describe("when the moment is about the deadline (M-23)", () => {
      for (const [when, offset] of [
        ["one second before it", -1n],
        ["in its last second", 0n],
      ] as const) {
        it(`sells ${when}`, async () => {
          const { asProvider, engine } = await earned();
          const deadline = BigInt(await time.latest()) + 1_000n;
          await time.setNextBlockTimestamp(deadline + offset);
          await expect(asProvider.sell(D, 100n * OCTO, 0n, deadline)).to.emit(engine, "RoleTokensSold");
        });
      }

      it("refuses one second after it", async () => {
        const { asProvider, engine } = await earned();
        const deadline = BigInt(await time.latest()) + 1_000n;
        await time.setNextBlockTimestamp(deadline + 1n);
        await expect(asProvider.sell(D, 100n * OCTO, 0n, deadline))
          .to.be.revertedWithCustomError(engine, "ConversionEngineDeadlinePassed")
          .withArgs(deadline + 1n, deadline);
      });
    });

    describe("when the sale is too small (M-23)", () => {
      for (const roleIn of [0n, 1n, 100n * OCTO - 1n]) {
        it(`refuses ${roleIn} wei of who has more`, async () => {
          const { asProvider, engine } = await earned();
          await expect(asProvider.sell(D, roleIn, 0n, MaxUint256))
            .to.be.revertedWithCustomError(engine, "ConversionEngineSaleTooSmall")
            .withArgs(D, roleIn, 100n * OCTO);
        });
      }

      it("accepts 100 role tokens", async () => {
        const { asProvider, token, provider } = await earned();
        await expect(asProvider.sell(D, 100n * OCTO, 0n, MaxUint256)).to.changeTokenBalance(
          ethers,
          token,
          provider,
          -100n * OCTO,
        );
      });

      for (const balance of [1n, 10n * OCTO, 100n * OCTO - 1n]) {
        it(`of ${balance} wei accepts all and refuses one wei less`, async () => {
          const { engine, token, provider, world } = await earned();
          const { other } = world.actors;
          await token.connect(provider).transfer(other.address, balance);
          await expect(engine.connect(other).sell(D, balance - 1n, 0n, MaxUint256))
            .to.be.revertedWithCustomError(engine, "ConversionEngineSaleTooSmall")
            .withArgs(D, balance - 1n, balance);
          await engine.connect(other).sell(D, balance, 0n, MaxUint256);
          expect(await token.balanceOf(other.address)).to.equal(0n);
        });
      }

      it("refuses nothing of who has nothing", async () => {
        const { engine, world } = await earned();
        await expect(engine.connect(world.actors.stranger).sell(D, 0n, 0n, MaxUint256))
          .to.be.revertedWithCustomError(engine, "ConversionEngineSaleTooSmall")
          .withArgs(D, 0n, 100n * OCTO);
      });
    });

    describe("when the seller has not so many", () => {
      it("refuses a wei more than the balance (C-7)", async () => {
        const { asProvider, token, provider } = await earned();
        await token.connect(provider).burn((await token.balanceOf(provider.address)) - 500n * OCTO);
        await expect(asProvider.sell(D, 500n * OCTO + 1n, 0n, MaxUint256))
          .to.be.revertedWithCustomError(token, "ERC20InsufficientBalance")
          .withArgs(provider.address, 500n * OCTO, 500n * OCTO + 1n);
      });

      it("refuses the stranger, whatever others have (C-7)", async () => {
        const { engine, token, world } = await earned();
        const { stranger } = world.actors;
        await expect(engine.connect(stranger).sell(D, 100n * OCTO, 0n, MaxUint256))
          .to.be.revertedWithCustomError(token, "ERC20InsufficientBalance")
          .withArgs(stranger.address, 0n, 100n * OCTO);
      });

      it("refuses more than the role could ever pay", async () => {
        const { asProvider, engine, provider } = await earned();
        const { payOutLeft } = await engine.limitsOf(provider.address, D);
        const { octoOut, fee } = await engine.quoteSell(provider.address, D, LARGEST_UINT128);
        await expect(asProvider.sell(D, LARGEST_UINT128, 0n, MaxUint256))
          .to.be.revertedWithCustomError(engine, "ConversionEnginePayOutTooLarge")
          .withArgs(D, octoOut + fee, payOutLeft);
      });
    });

    describe("when the seller asked for a certain amount", () => {
      it("refuses one wei less than that", async () => {
        const { asProvider, engine, provider } = await earned();
        const { octoOut } = await engine.quoteSell(provider.address, D, 777n * OCTO);
        await expect(asProvider.sell(D, 777n * OCTO, octoOut + 1n, MaxUint256))
          .to.be.revertedWithCustomError(engine, "ConversionEngineOutputTooSmall")
          .withArgs(octoOut, octoOut + 1n);
      });

      it("pays exactly that", async () => {
        const { asProvider, engine, octo, provider } = await earned();
        const { octoOut } = await engine.quoteSell(provider.address, D, 777n * OCTO);
        expect(await asProvider.sell.staticCall(D, 777n * OCTO, octoOut, MaxUint256)).to.equal(octoOut);
        await expect(asProvider.sell(D, 777n * OCTO, octoOut, MaxUint256)).to.changeTokenBalance(
          ethers,
          octo,
          provider,
          octoOut,
        );
      });
    });

    describe("when the tokens were earned", () => {
      it("pays the bid without fee, and emits the sale", async () => {
        const { asProvider, engine, provider } = await earned();
        await expect(asProvider.sell(D, 500n * OCTO, 0n, MaxUint256))
          .to.emit(engine, "RoleTokensSold")
          .withArgs(provider.address, D, 500n * OCTO, 500n * OCTO, 0n);
      });

      it("pays out of what is held first, and draws and mints the rest (V-4)", async () => {
        const { asProvider, engine, octo, world } = await earned();
        const before = await stateOf(world, D);
        const { settlement, addresses } = world.system;
        const [committed, minted] = [(await settlement.sums()).committed, await octo.mintedFromBudget()];
        const drawn = 500n * OCTO - before.held;
        expect(before.held).to.be.greaterThan(0n);

        await expect(asProvider.sell(D, 500n * OCTO, 0n, MaxUint256))
          .to.emit(settlement, "EarmarkDrawn")
          .withArgs(D, drawn);
        const after = await stateOf(world, D);
        expect([after.held, after.earmarked]).to.deep.equal([0n, before.earmarked - drawn]);
        expect(after.earmarkInVault).to.equal(after.earmarked);
        expect((await octo.mintedFromBudget()) - minted).to.equal(drawn);
        expect((await settlement.sums()).committed).to.equal(committed);
        const others = (await engine.heldOf(A)) + (await engine.heldOf(4n));
        expect(await octo.balanceOf(addresses.engine)).to.equal(others);
      });

      it("draws nothing while what is held suffices", async () => {
        const { asProvider, engine, octo, world } = await earned();
        const { client } = world.actors;
        await octo.connect(client).approve(engine, MaxUint256);
        await buyRoleTokens(world.system, client, "D", 1_000n * OCTO);
        const before = await stateOf(world, D);
        const minted = await octo.mintedFromBudget();
        await asProvider.sell(D, 500n * OCTO, 0n, MaxUint256);
        const after = await stateOf(world, D);
        expect(after.earmarked).to.equal(before.earmarked);
        expect(before.held - after.held).to.equal(500n * OCTO);
        expect(await octo.mintedFromBudget()).to.equal(minted);
      });

      it("notes what was sold as earned, and that alone (C-6)", async () => {
        const { asProvider, engine, token, provider, world } = await earned();
        const allowance = await token.earnedOf(provider.address);
        expect((await engine.limitsOf(provider.address, D)).earningsLeft).to.equal(allowance);
        await asProvider.sell(D, 500n * OCTO, 0n, MaxUint256);
        expect(await token.soldOf(provider.address)).to.equal(500n * OCTO);
        expect((await engine.limitsOf(provider.address, D)).earningsLeft).to.equal(allowance - 500n * OCTO);
        expect(await world.system.roleTokens.A.soldOf(provider.address)).to.equal(0n);
      });

      it("does not pass the allowance on with the tokens (A-107)", async () => {
        const { engine, token, provider, world } = await earned();
        const { other } = world.actors;
        await token.connect(provider).transfer(other.address, 500n * OCTO);
        await expect(engine.connect(other).sell(D, 500n * OCTO, 0n, MaxUint256))
          .to.emit(engine, "RoleTokensSold")
          .withArgs(other.address, D, 500n * OCTO, 475n * OCTO, 25n * OCTO);
      });

      it("gives the allowance back with new work", async () => {
        const { asProvider, engine, provider, world } = await earned();
        await asProvider.sell(D, 500n * OCTO, 0n, MaxUint256);
        const { earningsLeft } = await engine.limitsOf(provider.address, D);
        const minted = await work(world, "D", 10_000n * OCTO);
        expect((await engine.limitsOf(provider.address, D)).earningsLeft).to.equal(earningsLeft + minted);
      });
    });

    describe("when the tokens were bought", () => {
      it("burns 5 % of what they are worth", async () => {
        const { system, actors } = await loadFixture(withPurchase);
        const { engine, octo, roleTokens } = system;
        const { client } = actors;
        const supply = await octo.totalSupply();
        await expect(engine.connect(client).sell(S, 400n * OCTO, 0n, MaxUint256))
          .to.emit(engine, "RoleTokensSold")
          .withArgs(client.address, S, 400n * OCTO, 380n * OCTO, 20n * OCTO);
        expect(await octo.totalSupply()).to.equal(supply - 20n * OCTO);
        expect(await engine.heldOf(S)).to.equal(1_020n * OCTO - 400n * OCTO);
        expect(await roleTokens.S.soldOf(client.address)).to.equal(0n);
      });

      it("sells them all and keeps what is over for the epoch's end (C-2)", async () => {
        const world = await loadFixture(withPurchase);
        const { engine } = world.system;
        await engine.connect(world.actors.client).sell(S, 1_000n * OCTO, 0n, MaxUint256);
        expect(await stateOf(world, S)).to.include({ held: 20n * OCTO, supply: 0n, coverage: OCTO });
      });

      it("charges only what is beyond the earnings, which go first", async () => {
        const { asProvider, engine, provider, world } = await earned();
        const { earningsLeft } = await engine.limitsOf(provider.address, D);
        const bought = 1_000n * OCTO;
        await buyRoleTokens(world.system, provider, "D", bought);
        await asProvider.sell(D, earningsLeft - 5_000n * OCTO, 0n, MaxUint256);
        const roleIn = 5_000n * OCTO + 800n * OCTO;
        const { bid } = await stateOf(world, D);
        const { octoOut, fee } = saleOf(bid, roleIn, 5_000n * OCTO);
        expect(await engine.quoteSell(provider.address, D, roleIn)).to.deep.equal([octoOut, fee]);
        expect(fee).to.equal(40n * OCTO);
      });

      it("draws, mints and burns a fee that comes out of the earmark", async () => {
        const { engine, octo, token, provider, world } = await earned();
        const { other } = world.actors;
        await token.connect(provider).transfer(other.address, 2_000n * OCTO);
        const before = await stateOf(world, D);
        const [minted, supply] = [await octo.mintedFromBudget(), await octo.totalSupply()];
        await engine.connect(other).sell(D, 2_000n * OCTO, 0n, MaxUint256);
        const drawn = 2_000n * OCTO - before.held;
        expect((await octo.mintedFromBudget()) - minted).to.equal(drawn);
        expect((await octo.totalSupply()) - supply).to.equal(drawn - 100n * OCTO);
        expect((await stateOf(world, D)).earmarked).to.equal(before.earmarked - drawn);
      });
    });

    describe("rounding", () => {
      it("always favours the reserve, to the wei", async () => {
        const { engine, token, provider, asProvider, world } = await earned();
        const { other } = world.actors;
        await fc.assert(
          fc.asyncProperty(
            fc.constantFrom(provider, other),
            fc.bigInt(100n * OCTO, 150n * OCTO),
            async (seller, roleIn) => {
              await token.connect(provider).transfer(other.address, roleIn);
              const before = await stateOf(world, D);
              const { earningsLeft } = await engine.limitsOf(seller.address, D);
              const expected = saleOf(before.bid, roleIn, earningsLeft);
              await asProvider.connect(seller).sell(D, roleIn, expected.octoOut, MaxUint256);
              const after = await stateOf(world, D);
              const [reserve, left] = [before.held + before.earmarked, after.held + after.earmarked];
              expect(reserve - left).to.equal(expected.value);
              expect(left * before.supply >= reserve * after.supply).to.equal(true);
            },
          ),
          { numRuns: 30, seed: SEED, endOnFailure: true },
        );
      });
    });

    describe("a run (A-97)", () => {
      it("gives two sellers the same in either order, and leaves the same coverage", async () => {
        const outcomes: unknown[] = [];
        for (const order of [
          ["client", "other"],
          ["other", "client"],
        ] as const) {
          const world = await loadFixture(withCredit);
          const { engine, octo } = world.system;
          for (const name of ["client", "other"] as const) {
            await buyRoleTokens(world.system, world.actors[name], "S", 3_000n * OCTO);
          }
          const received: Record<string, bigint> = {};
          for (const name of order) {
            const { address } = world.actors[name];
            const before = await octo.balanceOf(address);
            await engine.connect(world.actors[name]).sell(S, 2_500n * OCTO, 0n, MaxUint256);
            received[name] = (await octo.balanceOf(address)) - before;
          }
          outcomes.push({ client: received["client"], other: received["other"], ...(await stateOf(world, S)) });
        }
        expect(outcomes[0]).to.deep.equal(outcomes[1]);
        expect(outcomes[0]).to.include({ client: 2_375n * OCTO, other: 2_375n * OCTO });
      });

      it("pays the last one no less than the first, whatever the order and the amounts", async () => {
        await fc.assert(
          fc.asyncProperty(
            fc.array(fc.bigInt(100n * OCTO, 1_500n * OCTO), { minLength: 2, maxLength: 6 }),
            fc.boolean(),
            async (amounts, late) => {
              const world = await loadFixture(withEarnings);
              const { engine, roleTokens } = world.system;
              if (late) await nextEpoch(world);
              const rates: bigint[] = [];
              let coverage = await engine.coverageOf(D);
              for (const amount of amounts) {
                rates.push(await engine.bidOf(D));
                await engine.connect(world.actors.provider).sell(D, amount, 0n, MaxUint256);
                const now = await engine.coverageOf(D);
                expect(now >= coverage && now >= OCTO).to.equal(true);
                coverage = now;
              }
              expect(rates.every((bid) => bid === rates[0])).to.equal(true);
              expect(await roleTokens.D.totalSupply()).to.be.greaterThan(0n);
            },
          ),
          { numRuns: 10, seed: SEED, endOnFailure: true },
        );
      });
    });
  });
});
