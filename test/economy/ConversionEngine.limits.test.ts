import { expect } from "chai";
import { Signature } from "ethers";

import { domainOf, PERMIT_TYPES } from "../../scripts/lib/deal.ts";
import { A, D, nextEpoch, S, stateOf, withCredit, withEarnings, work } from "../support/conversion.ts";
import { buyRoleTokens, ethers, loadFixture, OCTO } from "../support/fixture.ts";
import type { MarketWorld } from "../support/testMarket.ts";

const { MaxUint256, ZeroHash } = ethers;
const FLOOR = 10_000n * OCTO;
const LATER = 10n ** 12n;

/** The client has bought OCTO-S for so much, and the next epoch has begun. */
async function withReserve(octoIn: bigint): Promise<MarketWorld> {
  const world = await loadFixture(withCredit);
  const { engine } = world.system;
  await engine.connect(world.actors.liquidity).buy(S, octoIn, 0n, MaxUint256);
  await nextEpoch(world);
  return world;
}

const small = () => withReserve(20_000n * OCTO);
const large = () => withReserve(1_000_000n * OCTO);

const leftOf = async ({ system }: MarketWorld, role: bigint) =>
  (await system.engine.limitsOf(ethers.ZeroAddress, role)).payOutLeft;

describe("ConversionEngine", () => {
  describe("what an epoch may pay out (C-5)", () => {
    it("is 10,000 OCTO of a small reserve", async () => {
      expect(await leftOf(await loadFixture(small), S)).to.equal(FLOOR);
      expect(await leftOf(await loadFixture(withCredit), S)).to.equal(FLOOR);
    });

    it("is 5 % of a large one", async () => {
      const world = await loadFixture(large);
      expect(await leftOf(world, S)).to.equal(50_000n * OCTO);
      await world.system.engine.poke(S);
      expect(await leftOf(world, S)).to.equal(50_000n * OCTO);
    });

    it("is used up by sales to the wei, and refuses one wei more", async () => {
      const world = await loadFixture(small);
      const { engine } = world.system;
      const asHolder = engine.connect(world.actors.liquidity);
      await asHolder.sell(S, FLOOR - 100n * OCTO, 0n, MaxUint256);
      expect(await leftOf(world, S)).to.equal(100n * OCTO);
      await expect(asHolder.sell(S, 100n * OCTO + 1n, 0n, MaxUint256))
        .to.be.revertedWithCustomError(engine, "ConversionEnginePayOutTooLarge")
        .withArgs(S, 100n * OCTO + 1n, 100n * OCTO);
      await asHolder.sell(S, 100n * OCTO, 0n, MaxUint256);
      expect(await leftOf(world, S)).to.equal(0n);
    });

    it("refuses the first sale above it", async () => {
      const world = await loadFixture(large);
      const { engine } = world.system;
      await expect(engine.connect(world.actors.liquidity).sell(S, 50_001n * OCTO, 0n, MaxUint256))
        .to.be.revertedWithCustomError(engine, "ConversionEnginePayOutTooLarge")
        .withArgs(S, 50_001n * OCTO, 50_000n * OCTO);
    });

    it("is used up by what leaves for another role too, fee included", async () => {
      const world = await loadFixture(small);
      const { engine } = world.system;
      const asHolder = engine.connect(world.actors.liquidity);
      await asHolder.swap(S, A, 4_000n * OCTO, 0n, MaxUint256);
      expect(await leftOf(world, S)).to.equal(6_000n * OCTO);
      await expect(asHolder.swap(S, A, 6_000n * OCTO + 1n, 0n, MaxUint256))
        .to.be.revertedWithCustomError(engine, "ConversionEnginePayOutTooLarge")
        .withArgs(S, 6_000n * OCTO + 1n, 6_000n * OCTO);
    });

    it("rises by what is paid in, by purchases and by what comes from other roles", async () => {
      const world = await loadFixture(small);
      const { engine } = world.system;
      const asHolder = engine.connect(world.actors.liquidity);
      await asHolder.buy(S, 500n * OCTO, 0n, MaxUint256);
      expect(await leftOf(world, S)).to.equal(FLOOR + 500n * OCTO);
      await engine.poke(A);
      const leftOfA = await leftOf(world, A);
      await asHolder.swap(S, A, 1_000n * OCTO, 0n, MaxUint256);
      expect(await leftOf(world, S)).to.equal(FLOOR - 500n * OCTO);
      expect(await leftOf(world, A)).to.equal(leftOfA + 950n * OCTO);
    });

    it("is not raised by work of the same epoch, nor by the treasury", async () => {
      const world = await loadFixture(withEarnings);
      const { engine, octo } = world.system;
      await engine.poke(D);
      const left = await leftOf(world, D);
      await work(world, "D", 1_000_000n * OCTO);
      const { treasury, liquidity } = world.actors;
      await octo.connect(liquidity).transfer(treasury.address, 1_000n * OCTO);
      await octo.connect(treasury).approve(engine, MaxUint256);
      await engine.connect(treasury).addToReserve(D, await engine.addableTo(D));
      expect(await leftOf(world, D)).to.equal(left);
    });

    it("begins anew with the next epoch", async () => {
      const world = await loadFixture(small);
      const { engine } = world.system;
      await engine.connect(world.actors.liquidity).sell(S, FLOOR, 0n, MaxUint256);
      await nextEpoch(world);
      expect(await leftOf(world, S)).to.equal(FLOOR);
      await engine.connect(world.actors.liquidity).sell(S, 9_000n * OCTO, 0n, MaxUint256);
      expect(await leftOf(world, S)).to.equal(FLOOR - 9_000n * OCTO);
    });

    it("of one role is none of another's (A-98)", async () => {
      const world = await loadFixture(small);
      const left = await leftOf(world, D);
      await world.system.engine.connect(world.actors.liquidity).sell(S, FLOOR, 0n, MaxUint256);
      expect(await leftOf(world, D)).to.equal(left);
    });
  });

  describe("limitsOf", () => {
    it("names the smallest sale: 100, or all of who has less", async () => {
      const world = await loadFixture(withCredit);
      const { engine } = world.system;
      const { client } = world.actors;
      const smallest = async () => (await engine.limitsOf(client.address, S)).smallestSale;
      expect(await smallest()).to.equal(100n * OCTO);
      await buyRoleTokens(world.system, client, "S", 99n * OCTO);
      expect(await smallest()).to.equal(99n * OCTO);
      await buyRoleTokens(world.system, client, "S", 2n * OCTO);
      expect(await smallest()).to.equal(100n * OCTO);
    });

    it("refuses an unknown role", async () => {
      const { engine } = (await loadFixture(withCredit)).system;
      await expect(engine.limitsOf(ethers.ZeroAddress, 9n))
        .to.be.revertedWithCustomError(engine, "ConversionEngineUnknownRole")
        .withArgs(9n);
    });
  });

  describe("addToReserve", () => {
    async function rich() {
      const world = await loadFixture(large);
      const { engine, octo } = world.system;
      const { treasury, liquidity } = world.actors;
      await octo.connect(liquidity).transfer(treasury.address, 100_000n * OCTO);
      await octo.connect(treasury).approve(engine, MaxUint256);
      return { world, engine, octo, asTreasury: engine.connect(treasury), treasury };
    }

    for (const name of ["stranger", "admin", "guardian", "deployer"] as const) {
      it(`refuses the ${name}`, async () => {
        const { world, engine } = await rich();
        await expect(engine.connect(world.actors[name]).addToReserve(S, 1n))
          .to.be.revertedWithCustomError(engine, "ConversionEngineCallerNotTreasury")
          .withArgs(world.actors[name].address, world.actors.treasury.address);
      });
    }

    it("refuses an unknown role", async () => {
      const { engine, asTreasury } = await rich();
      await expect(asTreasury.addToReserve(9n, 1n))
        .to.be.revertedWithCustomError(engine, "ConversionEngineUnknownRole")
        .withArgs(9n);
    });

    it("takes 1 % of what the epoch began with, in one or in two, and not a wei more", async () => {
      const { engine, asTreasury } = await rich();
      expect(await engine.addableTo(S)).to.equal(10_000n * OCTO);
      await expect(asTreasury.addToReserve(S, 10_000n * OCTO + 1n))
        .to.be.revertedWithCustomError(engine, "ConversionEngineAdditionTooLarge")
        .withArgs(S, 10_000n * OCTO + 1n, 10_000n * OCTO);
      await expect(asTreasury.addToReserve(S, 4_000n * OCTO))
        .to.emit(engine, "ReserveAddedTo")
        .withArgs(S, 4_000n * OCTO);
      expect(await engine.addableTo(S)).to.equal(6_000n * OCTO);
      await asTreasury.addToReserve(S, 6_000n * OCTO);
      await expect(asTreasury.addToReserve(S, 1n))
        .to.be.revertedWithCustomError(engine, "ConversionEngineAdditionTooLarge")
        .withArgs(S, 1n, 0n);
      expect(await engine.heldOf(S)).to.equal(1_010_000n * OCTO);
    });

    it("begins anew with the next epoch, and leaves other roles alone (A-98)", async () => {
      const { world, engine, asTreasury } = await rich();
      const other = await stateOf(world, A);
      await asTreasury.addToReserve(S, 10_000n * OCTO);
      expect(await stateOf(world, A)).to.deep.equal(other);
      await nextEpoch(world);
      expect(await engine.addableTo(S)).to.equal(10_100n * OCTO);
      await asTreasury.addToReserve(S, 10_100n * OCTO);
    });

    it("adds nothing to a role without reserve", async () => {
      const { engine, asTreasury } = await rich();
      await expect(asTreasury.addToReserve(7n, 1n))
        .to.be.revertedWithCustomError(engine, "ConversionEngineAdditionTooLarge")
        .withArgs(7n, 1n, 0n);
    });

    it("leaves no profit to who buys before and sells after, even without a fee", async () => {
      const { world, engine, asTreasury } = await rich();
      const { client } = world.actors;
      const octoIn = 10_000n * OCTO;
      const roleOut = await engine.quote(S, octoIn);
      await engine.connect(client).buy(S, octoIn, 0n, MaxUint256);
      await asTreasury.addToReserve(S, 10_000n * OCTO);
      const coverage = await engine.coverageOf(S);
      expect((roleOut * coverage) / OCTO).to.be.lessThan(octoIn);
    });

    it("allows half of a smaller spread", async () => {
      const { world, engine } = await rich();
      await engine.connect(world.actors.admin).setSpread(50n);
      expect(await engine.addableTo(S)).to.equal(2_500n * OCTO);
    });

    it("takes it out of the treasury's allowance", async () => {
      const { engine, octo, treasury, asTreasury } = await rich();
      await octo.connect(treasury).approve(engine, 5n);
      await expect(asTreasury.addToReserve(S, 6n))
        .to.be.revertedWithCustomError(octo, "ERC20InsufficientAllowance")
        .withArgs(await engine.getAddress(), 5n, 6n);
      await expect(asTreasury.addToReserve(S, 5n)).to.changeTokenBalances(ethers, octo, [treasury, engine], [-5n, 5n]);
    });
  });

  describe("the parameters", () => {
    it("are 2 %, 5 % and 10,000 OCTO", async () => {
      const { engine } = (await loadFixture(withCredit)).system;
      expect(await engine.parameters()).to.deep.equal([200n, 500n, FLOOR]);
    });

    for (const [setter, event, place, least, most] of [
      ["setSpread", "SpreadSet", 0, 50n, 200n],
      ["setPayOutShare", "PayOutShareSet", 1, 100n, 2_000n],
      ["setPayOutFloor", "PayOutFloorSet", 2, 1_000n * OCTO, 1_000_000n * OCTO],
    ] as const) {
      describe(setter, () => {
        for (const name of ["stranger", "guardian", "treasury", "deployer"] as const) {
          it(`refuses the ${name}`, async () => {
            const { system, actors } = await loadFixture(withCredit);
            await expect(system.engine.connect(actors[name]).getFunction(setter)(least))
              .to.be.revertedWithCustomError(system.engine, "AccessManagedUnauthorized")
              .withArgs(actors[name].address);
          });
        }

        for (const value of [0n, 1n, least - 1n, most + 1n]) {
          it(`refuses ${value}`, async () => {
            const { system, actors } = await loadFixture(withCredit);
            await expect(system.engine.connect(actors.admin).getFunction(setter)(value))
              .to.be.revertedWithCustomError(system.engine, "ConversionEngineParameterOutOfBounds")
              .withArgs(value, least, most);
          });
        }

        for (const value of [least, most]) {
          it(`sets ${value} and says so`, async () => {
            const { system, actors } = await loadFixture(withCredit);
            const before = (await system.engine.parameters()) as unknown as bigint[];
            await expect(system.engine.connect(actors.admin).getFunction(setter)(value))
              .to.emit(system.engine, event)
              .withArgs(before[place], value);
            const expected = [...before];
            expected[place] = value;
            expect(await system.engine.parameters()).to.deep.equal(expected);
          });
        }
      });
    }

    it("make the ask at once", async () => {
      const { system, actors } = await loadFixture(withCredit);
      await system.engine.connect(actors.admin).setSpread(50n);
      expect(await system.engine.askOf(S)).to.equal((1_005n * OCTO) / 1_000n);
    });

    it("leave an epoch that has begun its limit", async () => {
      const world = await loadFixture(large);
      const { engine } = world.system;
      await engine.poke(S);
      await engine.connect(world.actors.admin).setPayOutShare(1_000n);
      expect(await leftOf(world, S)).to.equal(50_000n * OCTO);
      await nextEpoch(world);
      expect(await leftOf(world, S)).to.equal(100_000n * OCTO);
      await engine.connect(world.actors.admin).setPayOutFloor(200_000n * OCTO);
      expect(await leftOf(world, S)).to.equal(200_000n * OCTO);
    });
  });

  describe("buyWithPermit", () => {
    async function permitted(value: bigint, signer?: "stranger") {
      const world = await loadFixture(withCredit);
      const { engine, octo, addresses } = world.system;
      const { client } = world.actors;
      await octo.connect(client).approve(engine, 0n);
      const { chainId } = await ethers.provider.getNetwork();
      const message = {
        owner: client.address,
        spender: addresses.engine,
        value,
        nonce: await octo.nonces(client.address),
        deadline: LATER,
      };
      const signing = signer === undefined ? client : world.actors[signer];
      const { v, r, s } = Signature.from(
        await signing.signTypedData(domainOf("CipherOcto", chainId, addresses.octo), PERMIT_TYPES, message),
      );
      const permit = { value, deadline: LATER, v, r, s };
      return { world, engine, octo, client, permit, asClient: engine.connect(client) };
    }

    it("buys with the allowance that it brings", async () => {
      const { engine, client, permit, asClient } = await permitted(102n * OCTO);
      await expect(asClient.buyWithPermit(S, 102n * OCTO, 100n * OCTO, MaxUint256, permit))
        .to.emit(engine, "RoleTokensBought")
        .withArgs(client.address, S, 102n * OCTO, 100n * OCTO);
    });

    it("buys although somebody used the permit before", async () => {
      const { octo, client, permit, engine, asClient } = await permitted(102n * OCTO);
      await octo.permit(client.address, engine, permit.value, permit.deadline, permit.v, permit.r, permit.s);
      await asClient.buyWithPermit(S, 102n * OCTO, 100n * OCTO, MaxUint256, permit);
    });

    it("refuses with a permit that somebody else signed, or one that falls short", async () => {
      const forged = await permitted(102n * OCTO, "stranger");
      await expect(forged.asClient.buyWithPermit(S, 102n * OCTO, 0n, MaxUint256, forged.permit))
        .to.be.revertedWithCustomError(forged.octo, "ERC20InsufficientAllowance")
        .withArgs(await forged.engine.getAddress(), 0n, 102n * OCTO);
      const short = await permitted(102n * OCTO - 1n);
      await expect(short.asClient.buyWithPermit(S, 102n * OCTO, 0n, MaxUint256, short.permit))
        .to.be.revertedWithCustomError(short.octo, "ERC20InsufficientAllowance")
        .withArgs(await short.engine.getAddress(), 102n * OCTO - 1n, 102n * OCTO);
    });

    it("does without one", async () => {
      const { octo, client, engine, asClient } = await permitted(0n);
      await octo.connect(client).approve(engine, 102n * OCTO);
      const none = { value: 0n, deadline: 0n, v: 0n, r: ZeroHash, s: ZeroHash };
      await asClient.buyWithPermit(S, 102n * OCTO, 100n * OCTO, MaxUint256, none);
    });

    it("keeps the deadline", async () => {
      const { engine, permit, asClient } = await permitted(102n * OCTO);
      await expect(asClient.buyWithPermit(S, 102n * OCTO, 0n, 1n, permit)).to.be.revertedWithCustomError(
        engine,
        "ConversionEngineDeadlinePassed",
      );
    });
  });
});
