import { expect } from "chai";
import { ZeroAddress } from "ethers";

import {
  A,
  D,
  dayOfExit,
  DEFAULT_CUT,
  delegated,
  MAX_CUT,
  now,
  OWN_BOND,
  pooling,
  toDay,
  toNoon,
} from "../support/delegation.ts";
import { ethers, loadFixture, OCTO, time } from "../support/fixture.ts";
import { DAY } from "../support/jobs.ts";

const PAY = 1_000n * OCTO;

/** What delegators earn of a pay, by the formula of the economy. */
function cutOf(pay: bigint, stake: bigint, cut = DEFAULT_CUT, ownBond = OWN_BOND): bigint {
  return (pay * cut * stake) / (10_000n * (ownBond + stake));
}

/** What so many of all shares have of what was booked: the index is rounded down, and so is what it is worth. */
function dueOf(amount: bigint, shares: bigint, all = 400n): bigint {
  return shares * (amount / all);
}

/** Ada's 300 and Bob's 100 OCTO have earned their cut of 1,000 OCTO of pay. */
async function earned() {
  const world = await loadFixture(delegated);
  const amount = await world.pools.earn(PAY);
  return { ...world, amount };
}

/** A fall of the cut from 10 % to 4 % has been announced at noon. */
async function announced() {
  const world = await loadFixture(delegated);
  const noon = await toNoon();
  await world.pools.by(world.provider).setCut(D, 4_00n);
  return { ...world, day: dayOfExit(noon) };
}

describe("DelegationPools", () => {
  describe("setCut", () => {
    describe("when it is too high", () => {
      for (const cut of [MAX_CUT + 1n, 100_00n, 65_535n]) {
        it(`refuses ${cut}`, async () => {
          const { pools, provider } = await loadFixture(pooling);
          await expect(pools.by(provider).setCut(D, cut))
            .to.be.revertedWithCustomError(pools.contract, "DelegationPoolsCutTooHigh")
            .withArgs(cut, MAX_CUT);
        });
      }
    });

    describe("when it was never set", () => {
      it("is 10 %", async () => {
        const { pools } = await loadFixture(pooling);
        const { cut, nextCut, nextCutAt } = await pools.pool();
        expect([cut, nextCut, nextCutAt]).to.deep.equal([DEFAULT_CUT, DEFAULT_CUT, 0n]);
      });
    });

    describe("when it rises", () => {
      for (const cut of [DEFAULT_CUT, DEFAULT_CUT + 1n, MAX_CUT]) {
        it(`holds now at ${cut}`, async () => {
          const { pools, provider } = await loadFixture(pooling);
          await pools.by(provider).setCut(D, cut);
          const pool = await pools.pool();
          expect([pool.cut, pool.nextCut, pool.nextCutAt]).to.deep.equal([cut, cut, 0n]);
        });
      }

      it("emits it", async () => {
        const { pools, provider } = await loadFixture(pooling);
        const noon = await toNoon();
        await expect(pools.by(provider).setCut(D, MAX_CUT))
          .to.emit(pools.contract, "CutSet")
          .withArgs(provider.address, D, DEFAULT_CUT, MAX_CUT, noon);
      });

      it("calls off a fall that was announced", async () => {
        const { pools, provider, day } = await loadFixture(announced);
        await pools.by(provider).setCut(D, DEFAULT_CUT);
        await toDay(day + 1n);
        const { cut, nextCut, nextCutAt } = await pools.pool();
        expect([cut, nextCut, nextCutAt]).to.deep.equal([DEFAULT_CUT, DEFAULT_CUT, 0n]);
      });
    });

    describe("when it falls", () => {
      it("is announced for the first midnight at least seven days away", async () => {
        const { pools, day } = await loadFixture(announced);
        const { cut, nextCut, nextCutAt } = await pools.pool();
        expect([cut, nextCut, nextCutAt]).to.deep.equal([DEFAULT_CUT, 4_00n, day * DAY]);
      });

      it("holds at once while nobody delegates", async () => {
        const { pools, provider } = await loadFixture(pooling);
        await pools.by(provider).setCut(D, 0n);
        const { cut, nextCutAt } = await pools.pool();
        expect([cut, nextCutAt]).to.deep.equal([0n, 0n]);
      });

      it("emits from when it holds", async () => {
        const { pools, provider } = await loadFixture(delegated);
        const noon = await toNoon();
        await expect(pools.by(provider).setCut(D, 0n))
          .to.emit(pools.contract, "CutSet")
          .withArgs(provider.address, D, DEFAULT_CUT, 0n, dayOfExit(noon) * DAY);
      });

      it("pays the cut so far to the last second before (A-39)", async () => {
        const { pools, provider, day } = await loadFixture(announced);
        await time.setNextBlockTimestamp(day * DAY - 1n);
        await expect(pools.by(pools.registry).accrue(provider.address, D, PAY, OWN_BOND))
          .to.emit(pools.contract, "RewardsAccrued")
          .withArgs(provider.address, D, cutOf(PAY, 400n * OCTO));
      });

      it("pays the new one from the midnight on", async () => {
        const { pools, provider, day } = await loadFixture(announced);
        await time.setNextBlockTimestamp(day * DAY);
        await expect(pools.by(pools.registry).accrue(provider.address, D, PAY, OWN_BOND))
          .to.emit(pools.contract, "RewardsAccrued")
          .withArgs(provider.address, D, cutOf(PAY, 400n * OCTO, 4_00n));
      });

      it("lets a delegator who dislikes it be gone before, if it asks the same day (A-39)", async () => {
        const { pools, ada, day } = await loadFixture(announced);
        expect(await pools.leave(ada)).to.equal(day);
      });

      it("shows it as the cut once it holds", async () => {
        const { pools, day } = await loadFixture(announced);
        await toDay(day);
        const { cut, nextCut, nextCutAt } = await pools.pool();
        expect([cut, nextCut, nextCutAt]).to.deep.equal([4_00n, 4_00n, 0n]);
      });

      it("starts anew with another fall, and keeps the cut until then (A-39)", async () => {
        const { pools, provider, day } = await loadFixture(announced);
        await toDay(day - 1n);
        await pools.by(provider).setCut(D, 3_00n);
        const again = dayOfExit(await now());
        await time.increaseTo(again * DAY - 1n);
        expect((await pools.pool()).cut).to.equal(DEFAULT_CUT);
        await toDay(again);
        expect((await pools.pool()).cut).to.equal(3_00n);
      });

      it("falls again from where it has fallen to", async () => {
        const { pools, provider, day } = await loadFixture(announced);
        await toDay(day);
        const noon = await toNoon();
        await expect(pools.by(provider).setCut(D, 1_00n))
          .to.emit(pools.contract, "CutSet")
          .withArgs(provider.address, D, 4_00n, 1_00n, dayOfExit(noon) * DAY);
        expect((await pools.pool()).cut).to.equal(4_00n);
      });

      it("rises at once from where it has fallen to", async () => {
        const { pools, provider, day } = await loadFixture(announced);
        await toDay(day);
        await pools.by(provider).setCut(D, 5_00n);
        expect((await pools.pool()).cut).to.equal(5_00n);
      });
    });

    describe("when the pool is not open (A-38, A-40)", () => {
      it("takes no stake, so that nobody is delegated to uninvited", async () => {
        const { actors, system, ada } = await loadFixture(pooling);
        await expect(system.delegationPools.connect(ada).delegate(actors.stranger.address, D, OCTO * 100n, 0n))
          .to.be.revertedWithCustomError(system.delegationPools, "DelegationPoolsClosed")
          .withArgs(actors.stranger.address, D);
      });

      it("is opened with 10 %", async () => {
        const { actors, system } = await loadFixture(pooling);
        await expect(system.delegationPools.connect(actors.stranger).openPool(D)).to.emit(
          system.delegationPools,
          "CutSet",
        );
        expect((await system.delegationPools.poolOf(actors.stranger.address, D)).cut).to.equal(DEFAULT_CUT);
      });

      it("is not opened twice", async () => {
        const { pools, provider, system } = await loadFixture(announced);
        await expect(pools.by(provider).openPool(D)).not.to.emit(system.delegationPools, "CutSet");
        expect((await pools.pool()).nextCut).to.equal(4_00n);
      });
    });

    describe("when a stranger sets it", () => {
      it("is the stranger's own (A-40)", async () => {
        const { actors, pools } = await loadFixture(pooling);
        await pools.by(actors.stranger).setCut(D, MAX_CUT);
        expect((await pools.pool()).cut).to.equal(DEFAULT_CUT);
        expect((await pools.contract.poolOf(actors.stranger.address, D)).cut).to.equal(MAX_CUT);
      });

      it("is that role's alone", async () => {
        const { pools, provider } = await loadFixture(pooling);
        await pools.by(provider).setCut(A, MAX_CUT);
        expect((await pools.pool()).cut).to.equal(DEFAULT_CUT);
      });
    });
  });

  describe("accrue", () => {
    it("refuses anybody but the registry", async () => {
      const { actors, pools, provider } = await loadFixture(delegated);
      for (const caller of [actors.stranger, actors.admin, provider]) {
        await expect(pools.by(caller).accrue(provider.address, D, PAY, OWN_BOND))
          .to.be.revertedWithCustomError(pools.contract, "DelegationPoolsCallerNotRegistry")
          .withArgs(caller.address);
      }
    });

    for (const [what, pay, own] of [
      ["no pay", 0n, OWN_BOND],
      ["a wei of pay", 1n, OWN_BOND],
    ] as const) {
      it(`books nothing for ${what}`, async () => {
        const { pools, provider } = await loadFixture(delegated);
        await expect(pools.by(pools.registry).accrue(provider.address, D, pay, own)).not.to.emit(
          pools.contract,
          "RewardsAccrued",
        );
      });
    }

    it("books nothing without delegated stake", async () => {
      const { pools } = await loadFixture(pooling);
      expect(await pools.earn(PAY)).to.equal(0n);
    });

    it("books nothing with a cut of zero", async () => {
      const { pools, provider } = await loadFixture(delegated);
      await pools.by(provider).setCut(D, 0n);
      await toDay(dayOfExit(await now()));
      expect(await pools.earn(PAY)).to.equal(0n);
    });

    for (const ownBond of [0n, 1n, OWN_BOND, 300_000_000n * OCTO]) {
      it(`is the cut, split by stake with ${ownBond} wei of the provider's own`, async () => {
        const { pools } = await loadFixture(delegated);
        expect(await pools.earn(PAY, ownBond)).to.equal(cutOf(PAY, 400n * OCTO, DEFAULT_CUT, ownBond));
      });
    }

    it("does not overflow for the largest pay", async () => {
      const { pools, provider } = await loadFixture(delegated);
      const pay = 10n ** 28n;
      await pools.by(pools.registry).accrue(provider.address, D, pay, 0n);
      await pools.by(pools.registry).accrue.staticCall(provider.address, D, 2n ** 128n - 1n, 2n ** 88n);
    });

    it("emits what was booked", async () => {
      const { pools, provider } = await loadFixture(delegated);
      await expect(pools.by(pools.registry).accrue(provider.address, D, PAY, OWN_BOND))
        .to.emit(pools.contract, "RewardsAccrued")
        .withArgs(provider.address, D, cutOf(PAY, 400n * OCTO));
    });

    it("splits it among delegators by shares", async () => {
      const { pools, ada, bob, amount } = await loadFixture(earned);
      expect(await pools.claimable(ada)).to.equal(dueOf(amount, 300n));
      expect(await pools.claimable(bob)).to.equal(dueOf(amount, 100n));
    });

    it("gives nothing to who comes after (A-47)", async () => {
      const { pools, ada, cid, amount } = await loadFixture(earned);
      await pools.delegate(cid, 400n * OCTO);
      expect(await pools.claimable(cid)).to.equal(0n);
      expect(await pools.claimable(ada)).to.equal(dueOf(amount, 300n));
    });

    it("gives nothing for it to who was there and adds more (A-47)", async () => {
      const { pools, ada, bob, amount } = await loadFixture(earned);
      await pools.delegate(ada, 4_000n * OCTO);
      expect(await pools.claimable(ada)).to.equal(dueOf(amount, 300n));
      expect(await pools.claimable(bob)).to.equal(dueOf(amount, 100n));
    });

    it("gives nothing more to who has left (A-42)", async () => {
      const { pools, ada, bob, amount } = await loadFixture(earned);
      await pools.leave(ada);
      const more = await pools.earn(PAY);
      expect(more).to.equal(cutOf(PAY, 100n * OCTO));
      expect(await pools.claimable(ada)).to.equal(dueOf(amount, 300n));
      expect(await pools.claimable(bob)).to.equal(dueOf(amount, 100n) + dueOf(more, 100n, 100n));
    });

    it("keeps a short visitor's stake for seven days at risk, for his part of one settlement (A-38)", async () => {
      const { pools, cid } = await loadFixture(delegated);
      await toNoon();
      await pools.delegate(cid, 400n * OCTO);
      const amount = await pools.earn(PAY);
      const day = await pools.leave(cid);
      expect(await pools.claimable(cid)).to.equal(dueOf(amount, 400n, 800n));
      await expect(pools.withdraw(cid, day)).to.be.revertedWithCustomError(
        pools.contract,
        "DelegationPoolsExitNotFree",
      );
      await pools.slash(80n * OCTO, await now());
      expect((await pools.exitOf(cid, day)).worth).to.equal(360n * OCTO);
    });

    it("never lets what can be claimed or was claimed pass what was booked (I-12)", async () => {
      const { system, pools, ada, bob, cid } = await loadFixture(delegated);
      await pools.delegate(cid, 33_333_333_333_333_333_333n);
      let [booked, claimed, before] = [0n, 0n, 0n];
      for (let step = 1n; step <= 8n; ++step) {
        booked += await pools.earn(step * 987_654_321_987_654_321n);
        if (step % 3n === 0n) await pools.slash(7n * OCTO, await now());
        if (step % 4n === 0n) {
          claimed += await pools.claimable(ada);
          await pools.claim(ada);
        }
        const open = (await pools.claimable(ada)) + (await pools.claimable(bob)) + (await pools.claimable(cid));
        expect(open + claimed <= booked && booked - open - claimed < 10_000n).to.equal(true);
        expect(open <= (await system.settlement.creditOf(pools.address))).to.equal(true);
        const bobs = await pools.claimable(bob);
        expect(bobs > before).to.equal(true);
        before = bobs;
      }
    });
  });

  describe("claim", () => {
    describe("when there is nothing", () => {
      it("refuses a stranger", async () => {
        const { actors, pools, provider } = await loadFixture(earned);
        await expect(pools.claim(actors.stranger))
          .to.be.revertedWithCustomError(pools.contract, "DelegationPoolsNothingToClaim")
          .withArgs(actors.stranger.address, provider.address, D);
      });

      it("refuses a second time", async () => {
        const { pools, provider, ada } = await loadFixture(earned);
        await pools.claim(ada);
        await expect(pools.claim(ada))
          .to.be.revertedWithCustomError(pools.contract, "DelegationPoolsNothingToClaim")
          .withArgs(ada.address, provider.address, D);
      });

      it("refuses another role", async () => {
        const { pools, provider, ada } = await loadFixture(earned);
        await expect(pools.by(ada).claim(provider.address, A, ada.address))
          .to.be.revertedWithCustomError(pools.contract, "DelegationPoolsNothingToClaim")
          .withArgs(ada.address, provider.address, A);
      });
    });

    describe("when the OCTO would be lost", () => {
      it("refuses the zero address and the pools themselves", async () => {
        const { pools, ada } = await loadFixture(earned);
        for (const to of [ZeroAddress, pools.address]) {
          await expect(pools.claim(ada, to))
            .to.be.revertedWithCustomError(pools.contract, "DelegationPoolsInvalidRecipient")
            .withArgs(to);
        }
      });
    });

    describe("when it succeeds", () => {
      it("pays out of the pools' credit, and leaves the principal alone (A-50)", async () => {
        const { system, actors, pools, ada, amount } = await loadFixture(earned);
        const { relayer } = actors;
        const [held, credit] = [await pools.held(), await system.settlement.creditOf(pools.address)];
        await expect(pools.claim(ada, relayer.address)).to.changeTokenBalance(
          ethers,
          system.octo,
          relayer,
          dueOf(amount, 300n),
        );
        expect(await pools.held()).to.equal(held);
        expect(await system.settlement.creditOf(pools.address)).to.equal(credit - dueOf(amount, 300n));
      });

      it("emits whom it paid what", async () => {
        const { actors, pools, provider, ada, amount } = await loadFixture(earned);
        const { relayer } = actors;
        await expect(pools.claim(ada, relayer.address))
          .to.emit(pools.contract, "RewardsClaimed")
          .withArgs(ada.address, provider.address, D, relayer.address, dueOf(amount, 300n));
      });

      it("moves no shares and nobody else's earnings", async () => {
        const { pools, ada, bob, amount } = await loadFixture(earned);
        await pools.claim(ada);
        expect(await pools.worthOf(ada)).to.equal(300n * OCTO);
        expect(await pools.claimable(ada)).to.equal(0n);
        expect(await pools.claimable(bob)).to.equal(dueOf(amount, 100n));
      });

      it("pays after a full exit", async () => {
        const { system, pools, ada, amount } = await loadFixture(earned);
        await pools.leave(ada);
        await expect(pools.claim(ada)).to.changeTokenBalance(ethers, system.octo, ada, dueOf(amount, 300n));
      });

      it("pays what was earned in two stakes at once", async () => {
        const { system, pools, ada, amount } = await loadFixture(earned);
        await pools.delegate(ada, 100n * OCTO);
        const more = await pools.earn(PAY);
        const due = dueOf(amount, 300n) + dueOf(more, 400n, 500n);
        await expect(pools.claim(ada)).to.changeTokenBalance(ethers, system.octo, ada, due);
      });

      it("pays what was earned before the pool lost everything (A-11)", async () => {
        const { system, pools, ada, bob, amount } = await loadFixture(earned);
        await pools.slash(400n * OCTO, await now());
        await pools.delegate(bob, 500n * OCTO);
        const more = await pools.earn(PAY);
        expect(await pools.claimable(ada)).to.equal(dueOf(amount, 300n));
        expect(await pools.claimable(bob)).to.equal(dueOf(amount, 100n) + dueOf(more, 500n, 500n));
        await expect(pools.claim(ada)).to.changeTokenBalance(ethers, system.octo, ada, dueOf(amount, 300n));
        expect(await pools.claimable(ada)).to.equal(0n);
        await pools.earn(PAY);
        expect(await pools.claimable(ada)).to.equal(0n);
      });

      it("pays with the provider gone and the market paused", async () => {
        const { system, actors, pools, provider, ada, amount } = await loadFixture(earned);
        await system.registry.connect(provider).unbond(D, OWN_BOND, 0n);
        await system.settlement.connect(actors.guardian).pauseMarket(system.addresses.jobMarket);
        await expect(pools.claim(ada)).to.changeTokenBalance(ethers, system.octo, ada, dueOf(amount, 300n));
      });
    });

    describe("when the rewards cannot be paid", () => {
      it("lets the principal out all the same (A-50)", async () => {
        const { system, pools, provider, ada } = await loadFixture(delegated);
        // Booked, but the vault never credited it.
        await pools.by(pools.registry).accrue(provider.address, D, PAY, OWN_BOND);
        await expect(pools.claim(ada))
          .to.be.revertedWithCustomError(system.settlement, "SettlementCreditTooSmall")
          .withArgs(pools.address, 0n, await pools.claimable(ada));
        const day = await pools.leave(ada);
        await toDay(day);
        await expect(pools.withdraw(ada, day)).to.changeTokenBalance(ethers, system.octo, ada, 300n * OCTO);
      });

      it("does not let one bad recipient stand in the way of another (A-55)", async () => {
        const { system, pools, ada, bob, amount } = await loadFixture(earned);
        const { settlement } = system.addresses;
        await expect(pools.claim(ada, settlement))
          .to.be.revertedWithCustomError(system.settlement, "SettlementInvalidRecipient")
          .withArgs(settlement);
        await expect(pools.claim(bob)).to.changeTokenBalance(ethers, system.octo, bob, dueOf(amount, 100n));
        await expect(pools.claim(ada)).to.changeTokenBalance(ethers, system.octo, ada, dueOf(amount, 300n));
      });
    });
  });
});
