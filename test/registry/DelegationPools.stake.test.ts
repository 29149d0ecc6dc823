import { expect } from "chai";
import { type HDNodeWallet, Signature, ZeroAddress } from "ethers";

import { domainOf, PERMIT_TYPES } from "../../scripts/lib/deal.ts";
import {
  A,
  D,
  dayOfExit,
  delegated,
  MIN_DELEGATION,
  now,
  OWN_BOND,
  POOL_LIMIT,
  pooling,
  toDay,
  toNoon,
  UNBONDING,
} from "../support/delegation.ts";
import { ethers, loadFixture, OCTO, time } from "../support/fixture.ts";
import { DAY, LATER } from "../support/jobs.ts";

/** Ada's 300 OCTO leave, Bob's 100 stay. */
async function leaving() {
  const world = await loadFixture(delegated);
  await toNoon();
  const day = await world.pools.leave(world.ada);
  return { ...world, day };
}

/** One wei is left of 400 OCTO. */
async function depleted() {
  const world = await loadFixture(delegated);
  await world.pools.slash(400n * OCTO - 1n, await now());
  return world;
}

describe("DelegationPools", () => {
  describe("delegate", () => {
    describe("when the amount is too small", () => {
      for (const amount of [0n, 1n, MIN_DELEGATION - 1n]) {
        it(`refuses ${amount} wei, the first time (I-04)`, async () => {
          const { pools, ada } = await loadFixture(pooling);
          await expect(pools.delegate(ada, amount))
            .to.be.revertedWithCustomError(pools.contract, "DelegationPoolsTooLittle")
            .withArgs(amount, MIN_DELEGATION);
        });
      }

      it("refuses dust later too", async () => {
        const { pools, ada } = await loadFixture(delegated);
        await expect(pools.delegate(ada, MIN_DELEGATION - 1n))
          .to.be.revertedWithCustomError(pools.contract, "DelegationPoolsTooLittle")
          .withArgs(MIN_DELEGATION - 1n, MIN_DELEGATION);
      });

      it("takes the least there is", async () => {
        const { pools, ada } = await loadFixture(pooling);
        await pools.delegate(ada, MIN_DELEGATION);
        expect(await pools.worthOf(ada)).to.equal(MIN_DELEGATION);
      });
    });

    describe("when the provider delegates to itself", () => {
      it("refuses (A-34)", async () => {
        const { pools, provider } = await loadFixture(pooling);
        await expect(pools.delegate(provider, MIN_DELEGATION))
          .to.be.revertedWithCustomError(pools.contract, "DelegationPoolsSelfDelegation")
          .withArgs(provider.address);
      });
    });

    describe("when the pool would be too large for the provider's own bond", () => {
      it("refuses one wei above five times of it", async () => {
        const { pools, provider, ada } = await loadFixture(pooling);
        await expect(pools.delegate(ada, POOL_LIMIT + 1n))
          .to.be.revertedWithCustomError(pools.contract, "DelegationPoolsFull")
          .withArgs(provider.address, D, POOL_LIMIT + 1n, POOL_LIMIT);
      });

      it("counts what others have delegated", async () => {
        const { pools, provider, ada } = await loadFixture(delegated);
        await expect(pools.delegate(ada, POOL_LIMIT - 400n * OCTO + 1n))
          .to.be.revertedWithCustomError(pools.contract, "DelegationPoolsFull")
          .withArgs(provider.address, D, POOL_LIMIT + 1n, POOL_LIMIT);
      });

      it("takes five times of it", async () => {
        const { pools, ada } = await loadFixture(pooling);
        await pools.delegate(ada, POOL_LIMIT);
        expect((await pools.pool()).stake).to.equal(POOL_LIMIT);
      });

      it("refuses all of 2^128 - 1 wei", async () => {
        const { pools, provider, ada } = await loadFixture(pooling);
        await expect(pools.delegate(ada, 2n ** 128n - 1n))
          .to.be.revertedWithCustomError(pools.contract, "DelegationPoolsFull")
          .withArgs(provider.address, D, 2n ** 128n - 1n, POOL_LIMIT);
      });

      for (const role of [0n, A, 9n, 255n]) {
        it(`refuses role ${role}, in which the provider has no bond`, async () => {
          const { pools, provider, ada } = await loadFixture(pooling);
          await pools.by(provider).openPool(role);
          await expect(pools.by(ada).delegate(provider.address, role, MIN_DELEGATION, 0n))
            .to.be.revertedWithCustomError(pools.contract, "DelegationPoolsFull")
            .withArgs(provider.address, role, MIN_DELEGATION, 0n);
        });
      }

      it("leaves in place what is above when the provider takes bond out, and takes no more", async () => {
        const { system, pools, provider, ada, bob } = await loadFixture(pooling);
        await pools.delegate(ada, POOL_LIMIT);
        await system.registry.connect(provider).unbond(D, OWN_BOND / 2n, 0n);
        await expect(pools.delegate(bob, MIN_DELEGATION))
          .to.be.revertedWithCustomError(pools.contract, "DelegationPoolsFull")
          .withArgs(provider.address, D, POOL_LIMIT + MIN_DELEGATION, POOL_LIMIT / 2n);
        expect(await pools.worthOf(ada)).to.equal(POOL_LIMIT);
      });
    });

    describe("when the price has moved", () => {
      it("refuses fewer shares than were asked for (A-37)", async () => {
        const { pools, provider, ada } = await loadFixture(delegated);
        await expect(pools.by(ada).delegate(provider.address, D, 100n * OCTO, 100n * OCTO + 1n))
          .to.be.revertedWithCustomError(pools.contract, "DelegationPoolsTooFewShares")
          .withArgs(100n * OCTO, 100n * OCTO + 1n);
      });

      it("gives more shares after a slash, and what was there before keeps its worth (I-05)", async () => {
        const { pools, ada, bob, cid } = await loadFixture(delegated);
        await pools.slash(100n * OCTO, await now());
        const before = [await pools.worthOf(ada), await pools.worthOf(bob)];
        await pools.delegate(cid, 75n * OCTO);
        const { shares, amount } = await pools.delegationOf(cid);
        expect(shares).to.equal((75n * OCTO * (400n * OCTO + 1n)) / (300n * OCTO + 1n));
        expect(75n * OCTO - amount <= 1n).to.equal(true);
        expect(await pools.worthOf(ada)).to.equal(before[0]);
        expect(await pools.worthOf(bob)).to.equal(before[1]);
      });
    });

    describe("when the pool has lost nearly everything", () => {
      it("takes no stake (A-09)", async () => {
        const { pools, provider, cid } = await loadFixture(depleted);
        await expect(pools.delegate(cid, MIN_DELEGATION))
          .to.be.revertedWithCustomError(pools.contract, "DelegationPoolsDepleted")
          .withArgs(provider.address, D);
      });

      it("lets everybody out, and takes stake again after (A-09)", async () => {
        const { pools, ada, bob, cid } = await loadFixture(depleted);
        await pools.leave(ada);
        expect((await pools.delegationOf(bob)).amount).to.equal(0n);
        expect((await pools.pool()).stake).to.equal(0n);
        await pools.delegate(cid, MIN_DELEGATION);
        expect([...(await pools.delegationOf(cid))]).to.deep.equal([MIN_DELEGATION, MIN_DELEGATION]);
      });

      it("takes stake at a price of 1e-4 exactly (A-09)", async () => {
        const { pools, cid } = await loadFixture(delegated);
        await pools.slash(400n * OCTO - (400n * OCTO) / 10_000n, await now());
        await pools.delegate(cid, MIN_DELEGATION);
        expect(MIN_DELEGATION - (await pools.worthOf(cid)) <= 1n).to.equal(true);
      });

      it("takes none one wei below (A-09)", async () => {
        const { pools, provider, cid } = await loadFixture(delegated);
        await pools.slash(400n * OCTO - (400n * OCTO) / 10_000n + 1n, await now());
        await expect(pools.delegate(cid, MIN_DELEGATION))
          .to.be.revertedWithCustomError(pools.contract, "DelegationPoolsDepleted")
          .withArgs(provider.address, D);
      });

      it("never has shares beyond their bits, however often it is slashed and filled again (A-09)", async () => {
        const { pools, ada, cid } = await loadFixture(delegated);
        for (let round = 0; round < 5; ++round) {
          const { stake, shares } = await pools.pool();
          const least = (shares + 9_999n) / 10_000n;
          if (stake > least) await pools.slash(stake - least, await now());
          if (POOL_LIMIT - least >= MIN_DELEGATION) await pools.delegate(cid, POOL_LIMIT - least);
        }
        const { stake, shares } = await pools.pool();
        expect(shares > 2n ** 86n && shares <= stake * 10_000n).to.equal(true);
        await pools.leave(cid);
        await pools.leave(ada);
      });
    });

    describe("when somebody donates", () => {
      it("moves no price (A-37)", async () => {
        const { system, actors, pools, ada, bob } = await loadFixture(pooling);
        await pools.delegate(ada, MIN_DELEGATION);
        await system.octo.connect(actors.stranger).transfer(pools.address, 100_000n * OCTO);
        await pools.delegate(bob, MIN_DELEGATION);
        expect([...(await pools.delegationOf(bob))]).to.deep.equal([MIN_DELEGATION, MIN_DELEGATION]);
        expect([...(await pools.delegationOf(ada))]).to.deep.equal([MIN_DELEGATION, MIN_DELEGATION]);
      });
    });

    describe("when it succeeds", () => {
      it("gives a share a wei in an untouched pool", async () => {
        const { pools, provider, ada } = await loadFixture(pooling);
        expect(await pools.by(ada).delegate.staticCall(provider.address, D, 300n * OCTO, 0n)).to.equal(300n * OCTO);
      });

      it("takes the OCTO", async () => {
        const { system, pools, ada } = await loadFixture(pooling);
        const delegating = pools.delegate(ada, 300n * OCTO);
        await expect(delegating).to.changeTokenBalance(ethers, system.octo, ada, -300n * OCTO);
        await expect(delegating).to.changeTokenBalance(ethers, system.octo, pools.address, 300n * OCTO);
      });

      it("adds to the pool and to the delegator", async () => {
        const { pools, ada, bob } = await loadFixture(delegated);
        await pools.delegate(ada, 50n * OCTO);
        const { stake, shares } = await pools.pool();
        expect([stake, shares]).to.deep.equal([450n * OCTO, 450n * OCTO]);
        expect(await pools.worthOf(ada)).to.equal(350n * OCTO);
        expect(await pools.worthOf(bob)).to.equal(100n * OCTO);
      });

      it("keeps providers and roles apart", async () => {
        const { pools, provider, ada, bob } = await loadFixture(delegated);
        expect((await pools.contract.poolOf(provider.address, A)).stake).to.equal(0n);
        expect((await pools.contract.poolOf(bob.address, D)).stake).to.equal(0n);
        expect((await pools.contract.delegationOf(ada.address, provider.address, A)).shares).to.equal(0n);
      });

      it("emits the amount and the shares", async () => {
        const { pools, provider, ada } = await loadFixture(pooling);
        await expect(pools.delegate(ada, 300n * OCTO))
          .to.emit(pools.contract, "Delegated")
          .withArgs(ada.address, provider.address, D, 300n * OCTO, 300n * OCTO);
      });
    });

    describe("when the OCTO does not come in", () => {
      it("refuses without an allowance, and nothing has changed", async () => {
        const { system, pools, ada } = await loadFixture(delegated);
        await system.octo.connect(ada).approve(pools.address, 0n);
        await expect(pools.delegate(ada, MIN_DELEGATION))
          .to.be.revertedWithCustomError(system.octo, "ERC20InsufficientAllowance")
          .withArgs(pools.address, 0n, MIN_DELEGATION);
        expect((await pools.pool()).stake).to.equal(400n * OCTO);
      });
    });
  });

  describe("delegateWithPermit", () => {
    async function permitOf(world: Awaited<ReturnType<typeof pooling>>, value: bigint, signer?: HDNodeWallet) {
      const { system, pools, ada } = world;
      await system.octo.connect(ada).approve(pools.address, 0n);
      const { chainId } = await ethers.provider.getNetwork();
      const nonce = await system.octo.nonces(ada.address);
      const message = { owner: ada.address, spender: pools.address, value, nonce, deadline: LATER };
      const domain = domainOf("CipherOcto", chainId, system.addresses.octo);
      const { v, r, s } = Signature.from(await (signer ?? ada).signTypedData(domain, PERMIT_TYPES, message));
      return { value, deadline: LATER, v, r, s };
    }

    it("delegates without an allowance before", async () => {
      const world = await loadFixture(pooling);
      const { pools, provider, ada } = world;
      const permit = await permitOf(world, 300n * OCTO);
      await pools.by(ada).delegateWithPermit(provider.address, D, 300n * OCTO, 300n * OCTO, permit);
      expect(await pools.worthOf(ada)).to.equal(300n * OCTO);
    });

    it("delegates with a permit that somebody has used already", async () => {
      const world = await loadFixture(pooling);
      const { system, pools, provider, ada } = world;
      const { value, deadline, v, r, s } = await permitOf(world, 300n * OCTO);
      const { stranger } = world.actors;
      await system.octo.connect(stranger).permit(ada.address, pools.address, value, deadline, v, r, s);
      await pools.by(ada).delegateWithPermit(provider.address, D, 300n * OCTO, 0n, { value, deadline, v, r, s });
      expect(await pools.worthOf(ada)).to.equal(300n * OCTO);
    });

    it("refuses somebody else's signature", async () => {
      const world = await loadFixture(pooling);
      const { system, pools, provider, ada } = world;
      const permit = await permitOf(world, 300n * OCTO, ethers.Wallet.createRandom());
      await expect(pools.by(ada).delegateWithPermit(provider.address, D, 300n * OCTO, 0n, permit))
        .to.be.revertedWithCustomError(system.octo, "ERC20InsufficientAllowance")
        .withArgs(pools.address, 0n, 300n * OCTO);
    });

    it("has the guards of delegate", async () => {
      const world = await loadFixture(pooling);
      const { pools, provider, ada } = world;
      const permit = await permitOf(world, 1n);
      await expect(pools.by(ada).delegateWithPermit(provider.address, D, 1n, 0n, permit))
        .to.be.revertedWithCustomError(pools.contract, "DelegationPoolsTooLittle")
        .withArgs(1n, MIN_DELEGATION);
    });
  });

  describe("undelegate", () => {
    describe("when the shares are wrong", () => {
      it("refuses none", async () => {
        const { pools, ada } = await loadFixture(delegated);
        await expect(pools.undelegate(ada, 0n)).to.be.revertedWithCustomError(
          pools.contract,
          "DelegationPoolsZeroShares",
        );
      });

      for (const excess of [300n * OCTO + 1n, 2n ** 112n, 2n ** 256n - 1n]) {
        it(`refuses ${excess} of 300e18`, async () => {
          const { pools, ada } = await loadFixture(delegated);
          await expect(pools.undelegate(ada, excess))
            .to.be.revertedWithCustomError(pools.contract, "DelegationPoolsSharesTooFew")
            .withArgs(300n * OCTO, excess);
        });
      }

      it("has nothing of another's for a stranger", async () => {
        const { actors, pools } = await loadFixture(delegated);
        await expect(pools.undelegate(actors.stranger, 1n))
          .to.be.revertedWithCustomError(pools.contract, "DelegationPoolsSharesTooFew")
          .withArgs(0n, 1n);
      });
    });

    describe("when the worth is below what was asked for", () => {
      it("refuses (A-21)", async () => {
        const { pools, provider, ada } = await loadFixture(delegated);
        await pools.slash(100n * OCTO, await now());
        const { shares } = await pools.delegationOf(ada);
        await expect(pools.by(ada).undelegate(provider.address, D, shares, 300n * OCTO))
          .to.be.revertedWithCustomError(pools.contract, "DelegationPoolsAmountTooSmall")
          .withArgs(225n * OCTO, 300n * OCTO);
      });
    });

    describe("when too little would be left", () => {
      it("refuses one wei below the smallest delegation (I-04)", async () => {
        const { pools, ada } = await loadFixture(delegated);
        await expect(pools.undelegate(ada, 290n * OCTO + 1n))
          .to.be.revertedWithCustomError(pools.contract, "DelegationPoolsTooLittle")
          .withArgs(MIN_DELEGATION - 1n, MIN_DELEGATION);
      });

      it("leaves the smallest delegation", async () => {
        const { pools, ada } = await loadFixture(delegated);
        await pools.undelegate(ada, 290n * OCTO);
        expect(await pools.worthOf(ada)).to.equal(MIN_DELEGATION);
      });

      it("gives all of a stake that slashes have made smaller than that", async () => {
        const { pools, ada, bob } = await loadFixture(delegated);
        await pools.slash(380n * OCTO, await now());
        const worth = await pools.worthOf(bob);
        const day = await pools.leave(bob);
        expect(worth).to.equal(5n * OCTO);
        expect((await pools.exitOf(bob, day)).worth).to.equal(worth);
        expect(await pools.worthOf(ada)).to.equal(15n * OCTO);
      });

      it("gives all of a stake worth nothing", async () => {
        const { pools, provider, bob } = await loadFixture(depleted);
        const noon = await toNoon();
        await expect(pools.undelegate(bob, 100n * OCTO))
          .to.emit(pools.contract, "Undelegated")
          .withArgs(bob.address, provider.address, D, 100n * OCTO, 0n, dayOfExit(noon));
      });
    });

    describe("when the day of the exit is fixed", () => {
      for (const [when, offset, length] of [
        ["a second before a midnight", -1n, UNBONDING + 1n],
        ["at a midnight exactly", 0n, UNBONDING],
        ["a second after a midnight", 1n, UNBONDING + DAY - 1n],
        ["at noon", DAY / 2n, UNBONDING + DAY / 2n],
      ] as const) {
        it(`is free ${length} seconds later if asked for ${when} (I-11)`, async () => {
          const { pools, provider, ada } = await loadFixture(delegated);
          const askedAt = ((await now()) / DAY + 2n) * DAY + offset;
          await time.setNextBlockTimestamp(askedAt);
          await expect(pools.undelegate(ada, 100n * OCTO))
            .to.emit(pools.contract, "Undelegated")
            .withArgs(ada.address, provider.address, D, 100n * OCTO, 100n * OCTO, (askedAt + length) / DAY);
          expect((askedAt + length) % DAY).to.equal(0n);
        });
      }
    });

    describe("when it is asked for", () => {
      it("fixes the worth and takes it out of the pool", async () => {
        const { pools, ada, bob, day } = await loadFixture(leaving);
        expect((await pools.exitOf(ada, day)).worth).to.equal(300n * OCTO);
        const { stake, shares } = await pools.pool();
        expect([stake, shares]).to.deep.equal([100n * OCTO, 100n * OCTO]);
        expect([...(await pools.delegationOf(ada))]).to.deep.equal([0n, 0n]);
        expect(await pools.worthOf(bob)).to.equal(100n * OCTO);
      });

      it("moves no token yet", async () => {
        const { system, pools, ada } = await loadFixture(delegated);
        const undelegating = pools.undelegate(ada, 100n * OCTO);
        await expect(undelegating).to.changeTokenBalance(ethers, system.octo, ada, 0n);
        await expect(undelegating).to.changeTokenBalance(ethers, system.octo, pools.address, 0n);
      });

      it("adds up what one delegator takes out on one day", async () => {
        const { pools, ada } = await loadFixture(delegated);
        const noon = await toNoon();
        await pools.undelegate(ada, 100n * OCTO);
        await pools.undelegate(ada, 50n * OCTO);
        expect((await pools.exitOf(ada, dayOfExit(noon))).worth).to.equal(150n * OCTO);
      });

      it("keeps days apart", async () => {
        const { pools, ada } = await loadFixture(delegated);
        await toNoon();
        const first = await pools.leaveWith(ada, 100n * OCTO);
        await toNoon();
        const second = await pools.leaveWith(ada, 50n * OCTO);
        expect(second - first).to.equal(1n);
        expect((await pools.exitOf(ada, first)).worth).to.equal(100n * OCTO);
        expect((await pools.exitOf(ada, second)).worth).to.equal(50n * OCTO);
      });

      it("leaves the last one every wei, after any slash (I-03)", async () => {
        const { pools, ada, bob, cid } = await loadFixture(delegated);
        await pools.slash(123_456_789_123_456_789n, await now());
        await pools.delegate(cid, 77_777_777_777_777_777_777n);
        for (const delegator of [bob, ada, cid]) await pools.leave(delegator);
        const { stake, shares } = await pools.pool();
        expect([stake, shares]).to.deep.equal([0n, 0n]);
      });
    });
  });

  describe("withdraw", () => {
    describe("when there is nothing", () => {
      for (const [what, offset] of [
        ["before", -1n],
        ["after", 1n],
        ["beyond all time after", 2n ** 255n],
      ] as const) {
        it(`refuses a day ${what} the exit's`, async () => {
          const { pools, provider, ada, day } = await loadFixture(leaving);
          await toDay(day);
          await expect(pools.withdraw(ada, day + offset))
            .to.be.revertedWithCustomError(pools.contract, "DelegationPoolsNoExit")
            .withArgs(ada.address, provider.address, D, day + offset);
        });
      }

      it("refuses another role, another provider and another account", async () => {
        const { actors, pools, provider, ada, day } = await loadFixture(leaving);
        const { stranger } = actors;
        await toDay(day);
        await expect(pools.by(ada).withdraw(provider.address, A, day, ada.address))
          .to.be.revertedWithCustomError(pools.contract, "DelegationPoolsNoExit")
          .withArgs(ada.address, provider.address, A, day);
        await expect(pools.by(ada).withdraw(stranger.address, D, day, ada.address))
          .to.be.revertedWithCustomError(pools.contract, "DelegationPoolsNoExit")
          .withArgs(ada.address, stranger.address, D, day);
        await expect(pools.withdraw(stranger, day))
          .to.be.revertedWithCustomError(pools.contract, "DelegationPoolsNoExit")
          .withArgs(stranger.address, provider.address, D, day);
      });

      it("refuses a second time", async () => {
        const { pools, provider, ada, day } = await loadFixture(leaving);
        await toDay(day);
        await pools.withdraw(ada, day);
        await expect(pools.withdraw(ada, day))
          .to.be.revertedWithCustomError(pools.contract, "DelegationPoolsNoExit")
          .withArgs(ada.address, provider.address, D, day);
      });

      it("does not mistake a provider's own exit of the day for a delegation's (A-12)", async () => {
        const { system, pools, provider, day } = await loadFixture(leaving);
        await system.registry.connect(provider).unbond(D, 5n * OCTO, 0n);
        await toDay(day);
        await expect(pools.withdraw(provider, day))
          .to.be.revertedWithCustomError(pools.contract, "DelegationPoolsNoExit")
          .withArgs(provider.address, provider.address, D, day);
        expect((await system.registry.exitOf(provider.address, D, day)).octo).to.equal(5n * OCTO);
      });

      it("does not mistake a delegation to somebody for one by him (A-12)", async () => {
        const { system, pools, provider, ada, day } = await loadFixture(leaving);
        await toDay(day);
        await expect(pools.by(provider).withdraw(ada.address, D, day, provider.address))
          .to.be.revertedWithCustomError(pools.contract, "DelegationPoolsNoExit")
          .withArgs(provider.address, ada.address, D, day);
        expect(await system.octo.balanceOf(pools.address)).to.equal(400n * OCTO);
      });

      it("refuses what slashes have taken altogether", async () => {
        const { pools, provider, ada, day } = await loadFixture(leaving);
        await pools.slash(400n * OCTO, await now());
        await toDay(day);
        await expect(pools.withdraw(ada, day))
          .to.be.revertedWithCustomError(pools.contract, "DelegationPoolsNoExit")
          .withArgs(ada.address, provider.address, D, day);
      });
    });

    describe("when the exit is not free yet", () => {
      it("refuses one second early", async () => {
        const { pools, ada, day } = await loadFixture(leaving);
        await time.setNextBlockTimestamp(day * DAY - 1n);
        await expect(pools.withdraw(ada, day))
          .to.be.revertedWithCustomError(pools.contract, "DelegationPoolsExitNotFree")
          .withArgs(day, day * DAY);
      });

      it("pays at the midnight exactly", async () => {
        const { system, pools, ada, day } = await loadFixture(leaving);
        await time.setNextBlockTimestamp(day * DAY);
        await expect(pools.withdraw(ada, day)).to.changeTokenBalance(ethers, system.octo, ada, 300n * OCTO);
      });
    });

    describe("when the OCTO would be lost", () => {
      it("refuses the zero address", async () => {
        const { pools, ada, day } = await loadFixture(leaving);
        await toDay(day);
        await expect(pools.withdraw(ada, day, ZeroAddress))
          .to.be.revertedWithCustomError(pools.contract, "DelegationPoolsInvalidRecipient")
          .withArgs(ZeroAddress);
      });

      it("refuses the pools themselves", async () => {
        const { pools, ada, day } = await loadFixture(leaving);
        await toDay(day);
        await expect(pools.withdraw(ada, day, pools.address))
          .to.be.revertedWithCustomError(pools.contract, "DelegationPoolsInvalidRecipient")
          .withArgs(pools.address);
      });
    });

    describe("when it succeeds", () => {
      it("pays whom the delegator names, and emits it", async () => {
        const { system, actors, pools, provider, ada, day } = await loadFixture(leaving);
        const { relayer } = actors;
        await toDay(day);
        const withdrawing = pools.withdraw(ada, day, relayer.address);
        await expect(withdrawing).to.changeTokenBalance(ethers, system.octo, relayer, 300n * OCTO);
        await expect(withdrawing)
          .to.emit(pools.contract, "DelegationWithdrawn")
          .withArgs(ada.address, provider.address, D, day, relayer.address, 300n * OCTO);
      });

      it("shows what can be withdrawn, before and after", async () => {
        const { pools, ada, day } = await loadFixture(leaving);
        expect([...(await pools.exitOf(ada, day))]).to.deep.equal([300n * OCTO, 0n, 300n * OCTO, 0n]);
        await toDay(day);
        expect([...(await pools.exitOf(ada, day))]).to.deep.equal([300n * OCTO, 0n, 300n * OCTO, 300n * OCTO]);
        await pools.withdraw(ada, day);
        expect([...(await pools.exitOf(ada, day))]).to.deep.equal([0n, 0n, 0n, 0n]);
      });

      it("pays everybody of a slashed day, in any order, and nothing is left (I-03)", async () => {
        const { pools, ada, bob, cid } = await loadFixture(delegated);
        await pools.delegate(cid, 33_333_333_333_333_333_333n);
        await toNoon();
        let day = 0n;
        for (const delegator of [ada, bob, cid]) day = await pools.leave(delegator);
        await pools.slash(99_999_999_999_999_999_999n, await now());
        await toDay(day);
        for (const delegator of [cid, ada, bob]) await pools.withdraw(delegator, day);
        expect(await pools.held()).to.equal(0n);
      });

      it("works when the provider has taken out its bond and the pool is empty", async () => {
        const { system, pools, provider, ada, bob, day } = await loadFixture(leaving);
        await pools.leave(bob);
        await system.registry.connect(provider).unbond(D, OWN_BOND, 0n);
        await toDay(day);
        await expect(pools.withdraw(ada, day)).to.changeTokenBalance(ethers, system.octo, ada, 300n * OCTO);
      });
    });
  });

  describe("a delegator and everybody else", () => {
    it("does not lose a wei by what others do (I-05)", async () => {
      const { pools, ada, bob, cid } = await loadFixture(delegated);
      await pools.slash(7_777_777_777_777_777_777n, await now());
      await pools.delegate(cid, 100n * OCTO);
      let worth = await pools.worthOf(ada);
      const holds = async () => {
        const next = await pools.worthOf(ada);
        expect(next === worth || next === worth + 1n).to.equal(true);
        worth = next;
      };
      for (let step = 1n; step < 8n; ++step) {
        await pools.delegate(cid, MIN_DELEGATION * step + 7n ** step);
        await holds();
        await pools.undelegate(cid, (await pools.delegationOf(cid)).shares / (step + 20n));
        await holds();
        await pools.delegate(bob, MIN_DELEGATION + step);
        await holds();
        await pools.leave(bob);
        await holds();
      }
    });
  });
});
