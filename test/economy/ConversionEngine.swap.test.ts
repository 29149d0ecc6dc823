import { expect } from "chai";

import { A, D, S, stateOf, withEarnings } from "../support/conversion.ts";
import { buyRoleTokens, ethers, loadFixture, OCTO, time } from "../support/fixture.ts";
import { saleOf } from "../support/models/conversion.ts";

const { MaxUint256 } = ethers;

/** The provider has earned some 13,000 OCTO-D; 1,000 OCTO-S are the client's. */
async function setUp() {
  const world = await loadFixture(withEarnings);
  const { engine, octo, roleTokens, settlement } = world.system;
  const { provider, client, other } = world.actors;
  await buyRoleTokens(world.system, client, "S", 1_000n * OCTO);
  await buyRoleTokens(world.system, client, "D", 500n * OCTO);
  return { world, engine, octo, roleTokens, settlement, provider, client, other, asProvider: engine.connect(provider) };
}

describe("ConversionEngine", () => {
  describe("swap", () => {
    for (const role of [0n, 9n, 255n]) {
      it(`refuses the unknown role ${role} on either side`, async () => {
        const { engine, asProvider, provider } = await setUp();
        for (const [from, to] of [
          [role, S],
          [D, role],
        ] as const) {
          await expect(asProvider.swap(from, to, 100n * OCTO, 0n, MaxUint256))
            .to.be.revertedWithCustomError(engine, "ConversionEngineUnknownRole")
            .withArgs(role);
          await expect(engine.quoteSwap(provider.address, from, to, OCTO))
            .to.be.revertedWithCustomError(engine, "ConversionEngineUnknownRole")
            .withArgs(role);
        }
      });
    }

    it("refuses to turn a role's tokens into themselves", async () => {
      const { engine, asProvider, provider } = await setUp();
      await expect(asProvider.swap(D, D, 100n * OCTO, 0n, MaxUint256))
        .to.be.revertedWithCustomError(engine, "ConversionEngineSameRole")
        .withArgs(D);
      await expect(engine.quoteSwap(provider.address, D, D, OCTO))
        .to.be.revertedWithCustomError(engine, "ConversionEngineSameRole")
        .withArgs(D);
    });

    it("accepts its last second and refuses the one after (M-23)", async () => {
      const { engine, asProvider } = await setUp();
      const deadline = BigInt(await time.latest()) + 1_000n;
      await time.setNextBlockTimestamp(deadline);
      await asProvider.swap(D, S, 100n * OCTO, 0n, deadline);
      await time.setNextBlockTimestamp(deadline + 1n);
      await expect(asProvider.swap(D, S, 100n * OCTO, 0n, deadline))
        .to.be.revertedWithCustomError(engine, "ConversionEngineDeadlinePassed")
        .withArgs(deadline + 1n, deadline);
    });

    for (const roleIn of [0n, 1n, 100n * OCTO - 1n]) {
      it(`refuses ${roleIn} wei of who has more (M-23)`, async () => {
        const { engine, asProvider } = await setUp();
        await expect(asProvider.swap(D, S, roleIn, 0n, MaxUint256))
          .to.be.revertedWithCustomError(engine, "ConversionEngineSaleTooSmall")
          .withArgs(D, roleIn, 100n * OCTO);
      });
    }

    it("accepts a whole balance below 100, but not one that buys less than 1", async () => {
      const { engine, roleTokens, provider, other } = await setUp();
      await roleTokens.D.connect(provider).transfer(other.address, 10n * OCTO);
      await engine.connect(other).swap(D, S, 10n * OCTO, 0n, MaxUint256);
      await roleTokens.D.connect(provider).transfer(other.address, OCTO);
      const { roleOut } = await engine.quoteSwap(other.address, D, S, OCTO);
      await expect(engine.connect(other).swap(D, S, OCTO, 0n, MaxUint256))
        .to.be.revertedWithCustomError(engine, "ConversionEnginePurchaseTooSmall")
        .withArgs(roleOut, OCTO);
    });

    it("refuses one wei less than was asked for, and brings exactly that", async () => {
      const { engine, asProvider, provider, roleTokens } = await setUp();
      const { roleOut } = await engine.quoteSwap(provider.address, D, S, 777n * OCTO);
      await expect(asProvider.swap(D, S, 777n * OCTO, roleOut + 1n, MaxUint256))
        .to.be.revertedWithCustomError(engine, "ConversionEngineOutputTooSmall")
        .withArgs(roleOut, roleOut + 1n);
      expect(await asProvider.swap.staticCall(D, S, 777n * OCTO, roleOut, MaxUint256)).to.equal(roleOut);
      await expect(asProvider.swap(D, S, 777n * OCTO, roleOut, MaxUint256)).to.changeTokenBalance(
        ethers,
        roleTokens.S,
        provider,
        roleOut,
      );
    });

    it("refuses the stranger, whatever others have (C-7)", async () => {
      const { engine, roleTokens, world } = await setUp();
      const { stranger } = world.actors;
      await expect(engine.connect(stranger).swap(D, S, 100n * OCTO, 0n, MaxUint256))
        .to.be.revertedWithCustomError(roleTokens.D, "ERC20InsufficientBalance")
        .withArgs(stranger.address, 0n, 100n * OCTO);
    });

    it("moves what is held first, then the earmark itself, and mints no OCTO", async () => {
      const { asProvider, octo, settlement, world } = await setUp();
      const [from, to] = [await stateOf(world, D), await stateOf(world, S)];
      const minted = await octo.mintedFromBudget();
      const moved = 2_000n * OCTO - from.held;
      expect(moved).to.be.greaterThan(0n);

      await expect(asProvider.swap(D, S, 2_000n * OCTO, 0n, MaxUint256))
        .to.emit(settlement, "EarmarkMoved")
        .withArgs(D, S, moved);
      const [fromAfter, toAfter] = [await stateOf(world, D), await stateOf(world, S)];
      expect([fromAfter.held, fromAfter.earmarked]).to.deep.equal([0n, from.earmarked - moved]);
      expect([toAfter.held, toAfter.earmarked]).to.deep.equal([to.held + from.held, to.earmarked + moved]);
      expect(toAfter.earmarkInVault).to.equal(moved);
      expect(await octo.mintedFromBudget()).to.equal(minted);
    });

    it("sells at the one's bid and buys at the other's ask, and emits both legs in one event", async () => {
      const { engine, asProvider, provider, world } = await setUp();
      const [from, to] = [await stateOf(world, D), await stateOf(world, S)];
      const { octoOut } = saleOf(from.bid, 1_234n * OCTO, MaxUint256);
      const roleOut = (octoOut * OCTO) / to.ask;
      await expect(asProvider.swap(D, S, 1_234n * OCTO, 0n, MaxUint256))
        .to.emit(engine, "RoleTokensSwapped")
        .withArgs(provider.address, D, S, 1_234n * OCTO, octoOut, 0n, roleOut);
    });

    it("burns the fee of who has not earned the tokens, out of what is held after the rest moved", async () => {
      const { engine, octo, client, world } = await setUp();
      const from = await stateOf(world, S);
      const supply = await octo.totalSupply();
      await engine.connect(client).swap(S, D, 400n * OCTO, 0n, MaxUint256);
      expect(await octo.totalSupply()).to.equal(supply - 20n * OCTO);
      expect((await stateOf(world, S)).held).to.equal(from.held - 400n * OCTO);
    });

    it("draws, mints and burns a fee that comes out of the earmark", async () => {
      const { engine, octo, roleTokens, settlement, provider, other, world } = await setUp();
      await roleTokens.D.connect(provider).transfer(other.address, 2_000n * OCTO);
      const from = await stateOf(world, D);
      const supply = await octo.totalSupply();
      const swapping = engine.connect(other).swap(D, S, 2_000n * OCTO, 0n, MaxUint256);
      await expect(swapping)
        .to.emit(settlement, "EarmarkDrawn")
        .withArgs(D, 100n * OCTO);
      await expect(swapping)
        .to.emit(settlement, "EarmarkMoved")
        .withArgs(D, S, 1_900n * OCTO - from.held);
      expect(await octo.totalSupply()).to.equal(supply);
      expect(await octo.mintedFromBudget()).to.equal(100n * OCTO);
    });

    it("uses up the earnings of the role that is left, and earns none in the other (C-6)", async () => {
      const { engine, asProvider, provider } = await setUp();
      const { earningsLeft } = await engine.limitsOf(provider.address, D);
      await asProvider.swap(D, S, 500n * OCTO, 0n, MaxUint256);
      expect((await engine.limitsOf(provider.address, D)).earningsLeft).to.equal(earningsLeft - 500n * OCTO);
      expect((await engine.limitsOf(provider.address, S)).earningsLeft).to.equal(0n);
    });

    it("lowers neither role's coverage, and keeps a third role's reserve as it is (A-98, C-2)", async () => {
      const { asProvider, world } = await setUp();
      const [from, to, third] = [await stateOf(world, D), await stateOf(world, S), await stateOf(world, A)];
      await asProvider.swap(D, S, 5_000n * OCTO, 0n, MaxUint256);
      const [fromAfter, toAfter] = [await stateOf(world, D), await stateOf(world, S)];
      expect(fromAfter.coverage >= from.coverage).to.equal(true);
      expect(toAfter.coverage >= to.coverage).to.equal(true);
      expect(await stateOf(world, A)).to.deep.equal(third);
    });

    it("loses at least both spreads and a fee on the way there and back (A-107)", async () => {
      const { engine, asProvider, provider, roleTokens } = await setUp();
      const before = await roleTokens.D.balanceOf(provider.address);
      await asProvider.swap(D, S, 1_000n * OCTO, 0n, MaxUint256);
      const got = await roleTokens.S.balanceOf(provider.address);
      await engine.connect(provider).swap(S, D, got, 0n, MaxUint256);
      const lost = before - (await roleTokens.D.balanceOf(provider.address));
      expect(lost).to.be.greaterThan(85n * OCTO);
    });
  });
});
