import { expect } from "chai";

import { A, D, delegated, DISPUTE, LONGEST_FREEZE, now, pooling, toDay, toNoon } from "../support/delegation.ts";
import { ethers, loadFixture, OCTO, time } from "../support/fixture.ts";
import { DAY } from "../support/jobs.ts";

const OTHER = ethers.id("another dispute");

/** An offence at a noon, on whose day 100 OCTO of Ada's leave; a dispute freezes a quarter of all 400. */
async function frozen() {
  const world = await loadFixture(delegated);
  const { pools, ada } = world;
  const offenceAt = await toNoon();
  const day = await pools.leaveWith(ada, 100n * OCTO);
  await pools.freeze(100n * OCTO, offenceAt);
  return { ...world, offenceAt, day };
}

describe("DelegationPools", () => {
  describe("freeze", () => {
    it("refuses anybody but the registry", async () => {
      const { actors, pools, provider } = await loadFixture(delegated);
      for (const caller of [actors.stranger, actors.admin, provider]) {
        await expect(pools.by(caller).freeze(DISPUTE, provider.address, D, 1n, 0n))
          .to.be.revertedWithCustomError(pools.contract, "DelegationPoolsCallerNotRegistry")
          .withArgs(caller.address);
      }
    });

    describe("when there is nothing to freeze", () => {
      it("freezes nothing of an empty pool", async () => {
        const { pools } = await loadFixture(pooling);
        await expect(pools.freeze(OCTO, await now())).not.to.emit(pools.contract, "DelegationFrozen");
        await expect(pools.thaw()).not.to.emit(pools.contract, "DelegationThawed");
      });

      it("freezes nothing if asked for nothing", async () => {
        const { pools } = await loadFixture(delegated);
        await expect(pools.freeze(0n, await now())).not.to.emit(pools.contract, "DelegationFrozen");
        expect((await pools.pool()).frozenShare).to.equal(0n);
      });
    });

    describe("when it freezes a part", () => {
      for (const [amount, share] of [
        [1n, 1n],
        [400n * OCTO - 1n, 100_00n],
        [100n * OCTO, 25_00n],
        [100n * OCTO + 1n, 25_01n],
        [400n * OCTO, 100_00n],
        [2n ** 255n, 100_00n],
      ] as const) {
        it(`rounds ${amount} wei of 400 OCTO up to ${share} basis points`, async () => {
          const { pools, provider } = await loadFixture(delegated);
          await expect(pools.freeze(amount, await now()))
            .to.emit(pools.contract, "DelegationFrozen")
            .withArgs(DISPUTE, provider.address, D, share);
          expect((await pools.pool()).frozenShare).to.equal(share);
        });
      }

      it("takes the part of all exposed stake, exits included (A-17)", async () => {
        const { pools } = await loadFixture(frozen);
        expect((await pools.pool()).frozenShare).to.equal(25_00n);
      });

      it("leaves another role's pool alone", async () => {
        const { pools, provider } = await loadFixture(frozen);
        expect((await pools.contract.poolOf(provider.address, A)).frozenShare).to.equal(0n);
      });

      it("counts a dispute once only", async () => {
        const { pools, offenceAt } = await loadFixture(frozen);
        await expect(pools.freeze(OCTO, offenceAt)).not.to.emit(pools.contract, "DelegationFrozen");
        await pools.thaw();
        expect((await pools.pool()).frozenShare).to.equal(0n);
      });

      it("moves no stake, no price and no reward", async () => {
        const { pools, ada } = await loadFixture(frozen);
        expect(await pools.worthOf(ada)).to.equal(200n * OCTO);
        await pools.earn(100n * OCTO);
        await pools.claim(ada);
        await pools.delegate(ada, 10n * OCTO);
      });
    });
  });

  describe("withdraw", () => {
    describe("when a dispute keeps a part", () => {
      it("pays the rest (I-10)", async () => {
        const { system, pools, ada, day } = await loadFixture(frozen);
        await toDay(day);
        expect([...(await pools.exitOf(ada, day))]).to.deep.equal([100n * OCTO, 0n, 100n * OCTO, 75n * OCTO]);
        await expect(pools.withdraw(ada, day)).to.changeTokenBalance(ethers, system.octo, ada, 75n * OCTO);
        expect([...(await pools.exitOf(ada, day))]).to.deep.equal([100n * OCTO, 75n * OCTO, 25n * OCTO, 0n]);
      });

      it("does not pay a part of the rest again and again", async () => {
        const { pools, provider, ada, day } = await loadFixture(frozen);
        await toDay(day);
        await pools.withdraw(ada, day);
        await expect(pools.withdraw(ada, day))
          .to.be.revertedWithCustomError(pools.contract, "DelegationPoolsExitFrozen")
          .withArgs(provider.address, D, day);
      });

      it("pays what was kept once it is decided", async () => {
        const { system, pools, ada, day } = await loadFixture(frozen);
        await toDay(day);
        await pools.withdraw(ada, day);
        await pools.thaw();
        await expect(pools.withdraw(ada, day)).to.changeTokenBalance(ethers, system.octo, ada, 25n * OCTO);
        expect([...(await pools.exitOf(ada, day))]).to.deep.equal([0n, 0n, 0n, 0n]);
      });

      it("pays all at once if nothing was withdrawn before it was decided", async () => {
        const { system, pools, ada, day } = await loadFixture(frozen);
        await toDay(day);
        await pools.thaw();
        await expect(pools.withdraw(ada, day)).to.changeTokenBalance(ethers, system.octo, ada, 100n * OCTO);
      });

      it("keeps nothing of what was asked for before the day of the offence (I-08)", async () => {
        const { system, pools, ada } = await loadFixture(delegated);
        await toNoon();
        const day = await pools.leaveWith(ada, 100n * OCTO);
        const offenceAt = await toNoon();
        await pools.freeze(300n * OCTO, offenceAt);
        await toDay(day);
        await expect(pools.withdraw(ada, day)).to.changeTokenBalance(ethers, system.octo, ada, 100n * OCTO);
      });

      it("keeps nothing of what was free before the dispute", async () => {
        const { system, pools, ada } = await loadFixture(delegated);
        const offenceAt = await toNoon();
        const day = await pools.leaveWith(ada, 100n * OCTO);
        await toDay(day);
        await pools.freeze(300n * OCTO, offenceAt);
        await expect(pools.withdraw(ada, day)).to.changeTokenBalance(ethers, system.octo, ada, 100n * OCTO);
        expect(await pools.exposure(offenceAt)).to.equal(300n * OCTO);
      });

      it("keeps as much of what is asked for while it is open", async () => {
        const { system, pools, bob } = await loadFixture(frozen);
        await toNoon(3n);
        const later = await pools.leave(bob);
        await toDay(later);
        await expect(pools.withdraw(bob, later)).to.changeTokenBalance(ethers, system.octo, bob, 75n * OCTO);
      });

      it("keeps all if it froze all", async () => {
        const { pools, provider, ada, day } = await loadFixture(frozen);
        await pools.freeze(400n * OCTO, await now(), OTHER);
        await toDay(day);
        await expect(pools.withdraw(ada, day))
          .to.be.revertedWithCustomError(pools.contract, "DelegationPoolsExitFrozen")
          .withArgs(provider.address, D, day);
      });

      it("lets go 60 days after the exit's day, whatever is open and opened", async () => {
        const { system, pools, ada, day } = await loadFixture(frozen);
        for (let dispute = 0n; dispute < 9n; ++dispute) {
          await time.increase(7n * DAY);
          await pools.freeze(10n * OCTO, await now(), ethers.id(`dispute ${dispute}`));
        }
        await time.increaseTo((day - 1n) * DAY + LONGEST_FREEZE + DAY);
        await expect(pools.withdraw(ada, day)).to.changeTokenBalance(ethers, system.octo, ada, 100n * OCTO);
      });
    });

    describe("when several disputes are open", () => {
      it("keeps the sum of their parts", async () => {
        const { pools, ada, offenceAt, day } = await loadFixture(frozen);
        await pools.freeze(40n * OCTO, offenceAt, OTHER);
        expect((await pools.pool()).frozenShare).to.equal(35_00n);
        await toDay(day);
        expect((await pools.exitOf(ada, day)).withdrawable).to.equal(65n * OCTO);
      });

      it("keeps the second's part whole when the first is decided, even if both were more than all", async () => {
        const { pools, ada, offenceAt, day } = await loadFixture(frozen);
        await pools.freeze(360n * OCTO, offenceAt, OTHER);
        expect((await pools.pool()).frozenShare).to.equal(100_00n);
        await toDay(day);
        await pools.thaw();
        expect((await pools.pool()).frozenShare).to.equal(90_00n);
        expect((await pools.exitOf(ada, day)).withdrawable).to.equal(10n * OCTO);
      });

      it("pays nothing more, and nothing less, when a second one keeps more than is left", async () => {
        const { system, pools, ada, offenceAt, day } = await loadFixture(frozen);
        await time.increase(DAY);
        await pools.freeze(1n, offenceAt, OTHER);
        await toDay(day);
        await pools.withdraw(ada, day); // 74.99 %
        await pools.freeze(300n * OCTO, offenceAt, ethers.id("a third dispute"));
        expect((await pools.exitOf(ada, day)).withdrawable).to.equal(0n);
        for (const dispute of [DISPUTE, OTHER, ethers.id("a third dispute")]) await pools.thaw(dispute);
        await expect(pools.withdraw(ada, day)).to.changeTokenBalance(
          ethers,
          system.octo,
          ada,
          (100n * OCTO * 25_01n) / 100_00n,
        );
      });
    });
  });

  describe("slash", () => {
    describe("when a dispute is open", () => {
      it("reaches what it keeps after the exit's day (A-24)", async () => {
        const { pools, ada, offenceAt, day } = await loadFixture(frozen);
        await toDay(day);
        await pools.withdraw(ada, day);
        expect(await pools.exposure(offenceAt)).to.equal(325n * OCTO);
        await pools.slash(65n * OCTO, offenceAt);
        expect((await pools.exitOf(ada, day)).worth).to.equal(20n * OCTO);
        expect((await pools.pool()).stake).to.equal(240n * OCTO);
      });

      it("reaches it to the last of its 60 days, and not after", async () => {
        const { pools, offenceAt, day } = await loadFixture(frozen);
        await time.increaseTo(day * DAY + LONGEST_FREEZE - 1n);
        expect(await pools.exposure(offenceAt)).to.equal(400n * OCTO);
        await time.increaseTo(day * DAY + LONGEST_FREEZE);
        expect(await pools.exposure(offenceAt)).to.equal(300n * OCTO);
      });

      it("does not reach it once the dispute is decided", async () => {
        const { pools, offenceAt, day } = await loadFixture(frozen);
        await toDay(day);
        await pools.thaw();
        expect(await pools.exposure(offenceAt)).to.equal(300n * OCTO);
      });

      it("takes no more than asked for and pays everybody the rest (I-03, I-06)", async () => {
        const { system, pools, ada, bob, cid, offenceAt, day } = await loadFixture(frozen);
        await pools.delegate(cid, 33_333_333_333_333_333_333n);
        const second = await pools.leave(cid);
        const third = await pools.leave(bob);
        await toDay(day);
        await pools.withdraw(ada, day);
        const held = await pools.held();
        await pools.slash(123_456_789_012_345_678_901n, offenceAt);
        expect(held - (await pools.held())).to.equal(123_456_789_012_345_678_901n);
        await pools.thaw();
        const last = await pools.leave(ada);
        await toDay(last);
        await pools.withdraw(bob, third);
        await pools.withdraw(ada, day);
        await pools.withdraw(cid, second);
        await pools.withdraw(ada, last);
        expect(await system.octo.balanceOf(pools.address)).to.equal(0n);
      });
    });
  });

  describe("thaw", () => {
    it("refuses anybody but the registry", async () => {
      const { actors, pools, provider } = await loadFixture(frozen);
      for (const caller of [actors.stranger, actors.admin, provider]) {
        await expect(pools.by(caller).thaw(DISPUTE))
          .to.be.revertedWithCustomError(pools.contract, "DelegationPoolsCallerNotRegistry")
          .withArgs(caller.address);
      }
    });

    it("does nothing for a dispute that froze nothing", async () => {
      const { pools } = await loadFixture(frozen);
      await expect(pools.thaw(OTHER)).not.to.emit(pools.contract, "DelegationThawed");
      expect((await pools.pool()).frozenShare).to.equal(25_00n);
    });

    it("frees what the dispute froze, once, and emits it", async () => {
      const { pools } = await loadFixture(frozen);
      await expect(pools.thaw()).to.emit(pools.contract, "DelegationThawed").withArgs(DISPUTE);
      expect((await pools.pool()).frozenShare).to.equal(0n);
      await expect(pools.thaw()).not.to.emit(pools.contract, "DelegationThawed");
    });

    it("lets the same dispute freeze again", async () => {
      const { pools, provider, offenceAt } = await loadFixture(frozen);
      await pools.thaw();
      await expect(pools.freeze(200n * OCTO, offenceAt))
        .to.emit(pools.contract, "DelegationFrozen")
        .withArgs(DISPUTE, provider.address, D, 50_00n);
    });
  });
});
