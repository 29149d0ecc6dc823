import { expect } from "chai";

import { A, D, dayOfExit, delegated, MIN_DELEGATION, now, pooling, toDay, toNoon } from "../support/delegation.ts";
import { ethers, loadFixture, OCTO, time } from "../support/fixture.ts";
import { DAY } from "../support/jobs.ts";

/** At a noon 100 OCTO of Ada's 300 leave, a day later 50 OCTO; 250 OCTO stay in the pool. */
async function leaving() {
  const world = await loadFixture(delegated);
  const { pools, ada } = world;
  const noon = await toNoon();
  const first = await pools.leaveWith(ada, 100n * OCTO);
  await toNoon();
  const second = await pools.leaveWith(ada, 50n * OCTO);
  return { ...world, noon, first, second };
}

describe("DelegationPools", () => {
  describe("slash", () => {
    it("refuses anybody but the registry", async () => {
      const { actors, pools, provider } = await loadFixture(delegated);
      for (const caller of [actors.stranger, actors.admin, provider]) {
        await expect(pools.by(caller).slash(provider.address, D, 1n, 0n))
          .to.be.revertedWithCustomError(pools.contract, "DelegationPoolsCallerNotRegistry")
          .withArgs(caller.address);
      }
    });

    describe("when there is nothing to take", () => {
      for (const [what, amount] of [
        ["nothing", 0n],
        ["something", OCTO],
        ["everything", 2n ** 256n - 1n],
      ] as const) {
        it(`takes nothing of an empty pool that is asked for ${what} (I-09)`, async () => {
          const { pools, provider } = await loadFixture(pooling);
          const by = pools.by(pools.registry);
          expect(await by.slash.staticCall(provider.address, D, amount, await now())).to.equal(0n);
          await expect(pools.slash(amount, await now())).not.to.emit(pools.contract, "DelegationSlashed");
        });
      }

      for (const offenceAt of [0n, 2n ** 256n - 1n]) {
        it(`does not mind an offence at ${offenceAt} (I-09)`, async () => {
          const { pools, provider } = await loadFixture(delegated);
          const by = pools.by(pools.registry);
          expect(await by.slash.staticCall(provider.address, D, OCTO, offenceAt)).to.equal(OCTO);
        });
      }

      it("takes nothing of another role's pool", async () => {
        const { pools, provider } = await loadFixture(delegated);
        expect(await pools.by(pools.registry).slash.staticCall(provider.address, A, OCTO, await now())).to.equal(0n);
      });
    });

    describe("when it takes a part", () => {
      for (const amount of [1n, OCTO, 399n * OCTO, 400n * OCTO - 1n]) {
        it(`takes ${amount} wei exactly, and sends it to the registry (I-06)`, async () => {
          const { system, pools, provider } = await loadFixture(delegated);
          const slashing = pools.slash(amount, await now());
          await expect(slashing).to.changeTokenBalance(ethers, system.octo, system.addresses.registry, amount);
          await expect(slashing).to.changeTokenBalance(ethers, system.octo, pools.address, -amount);
          await expect(slashing).to.emit(pools.contract, "DelegationSlashed").withArgs(provider.address, D, amount);
          expect((await pools.pool()).stake).to.equal(400n * OCTO - amount);
        });
      }

      it("takes from all delegators alike, by a lower price", async () => {
        const { pools, ada, bob } = await loadFixture(delegated);
        await pools.slash(100n * OCTO, await now());
        expect((await pools.pool()).shares).to.equal(400n * OCTO);
        expect(await pools.worthOf(ada)).to.equal(225n * OCTO);
        expect(await pools.worthOf(bob)).to.equal(75n * OCTO);
      });

      it("returns what it takes, at most what is there (I-06)", async () => {
        const { pools, provider } = await loadFixture(delegated);
        const by = pools.by(pools.registry);
        expect(await by.slash.staticCall(provider.address, D, OCTO, await now())).to.equal(OCTO);
        expect(await by.slash.staticCall(provider.address, D, 2n ** 255n, await now())).to.equal(400n * OCTO);
      });

      it("reaches stake that came after the offence", async () => {
        const { pools } = await loadFixture(delegated);
        expect(await pools.exposure(1n)).to.equal(400n * OCTO);
      });
    });

    describe("when exits are on their way", () => {
      it("counts them (A-17)", async () => {
        const { pools, noon } = await loadFixture(leaving);
        expect(await pools.exposure(noon - 1n)).to.equal(400n * OCTO);
      });

      it("takes pro rata from the pool and from the exits (A-17)", async () => {
        const { pools, ada, bob, noon, first, second } = await loadFixture(leaving);
        await pools.slash(40n * OCTO, noon);
        expect((await pools.exitOf(ada, first)).worth).to.equal(90n * OCTO);
        expect((await pools.exitOf(ada, second)).worth).to.equal(45n * OCTO);
        expect(await pools.worthOf(ada)).to.equal(135n * OCTO);
        expect(await pools.worthOf(bob)).to.equal(90n * OCTO);
      });

      it("rounds the exits' parts down, and the pool bears the rest (I-06)", async () => {
        const { pools, ada, noon, first, second } = await loadFixture(leaving);
        await pools.slash(7n, noon);
        expect((await pools.exitOf(ada, first)).worth).to.equal(100n * OCTO - 1n);
        expect((await pools.exitOf(ada, second)).worth).to.equal(50n * OCTO);
        expect((await pools.pool()).stake).to.equal(250n * OCTO - 6n);
      });

      it("does not reach what was asked for on an earlier day than the offence (I-08)", async () => {
        const { pools, ada, noon, first, second } = await loadFixture(leaving);
        await pools.slash(30n * OCTO, noon + DAY);
        expect((await pools.exitOf(ada, first)).worth).to.equal(100n * OCTO);
        expect((await pools.exitOf(ada, second)).worth).to.equal(45n * OCTO);
        expect((await pools.pool()).stake).to.equal(225n * OCTO);
      });

      for (const [what, offset, exposed] of [
        ["reaches it with an offence later on the day on which it was asked for", DAY / 2n - 1n, 400n],
        ["reaches it with an offence at the midnight that ends it", DAY / 2n, 400n],
        ["does not reach it a second later", DAY / 2n + 1n, 300n],
      ] as const) {
        it(`${what} (I-08)`, async () => {
          const { pools, noon } = await loadFixture(leaving);
          expect(await pools.exposure(noon + offset)).to.equal(exposed * OCTO);
        });
      }

      it("reaches an exit to the last second before it is free, and not after (A-24)", async () => {
        const { pools, ada, noon, first } = await loadFixture(leaving);
        await time.increaseTo(first * DAY - 1n);
        expect(await pools.exposure(noon)).to.equal(400n * OCTO);
        await toDay(first);
        expect(await pools.exposure(noon)).to.equal(300n * OCTO);
        await pools.slash(300n * OCTO, noon);
        expect((await pools.exitOf(ada, first)).withdrawable).to.equal(100n * OCTO);
      });

      it("cannot be dodged by leaving between offence and slash (A-24, A-25)", async () => {
        const { pools, ada, bob } = await loadFixture(delegated);
        const offenceAt = await now();
        await pools.leave(ada);
        await pools.leave(bob);
        expect(await pools.exposure(offenceAt)).to.equal(400n * OCTO);
        await pools.slash(400n * OCTO, offenceAt);
        expect(await pools.held()).to.equal(0n);
      });

      it("counts eight days at most, whoever leaves whenever (A-45)", async () => {
        const { pools, ada } = await loadFixture(delegated);
        const offenceAt = (await now()) - 30n * DAY;
        await toNoon();
        for (let day = 0; day < 12; ++day) {
          await pools.leaveWith(ada, 10n * OCTO);
          await toNoon();
        }
        await pools.slash(0n, offenceAt);
        // Of twelve days four are free.
        expect(await pools.exposure(offenceAt)).to.equal(400n * OCTO - 40n * OCTO - 10n * OCTO);
      });
    });

    describe("when it takes everything", () => {
      it("ends the generation, and nobody has shares", async () => {
        const { pools, ada } = await loadFixture(delegated);
        await pools.slash(400n * OCTO, await now());
        const { stake, shares, generation } = await pools.pool();
        expect([stake, shares, generation]).to.deep.equal([0n, 0n, 1n]);
        expect([...(await pools.delegationOf(ada))]).to.deep.equal([0n, 0n]);
      });

      it("gives the old delegators nothing of the new one's stake (A-11)", async () => {
        const { pools, ada, bob, cid } = await loadFixture(delegated);
        await pools.slash(400n * OCTO, await now());
        await pools.delegate(cid, 50n * OCTO);
        expect([...(await pools.delegationOf(cid))]).to.deep.equal([50n * OCTO, 50n * OCTO]);
        expect(await pools.worthOf(ada)).to.equal(0n);
        await expect(pools.undelegate(bob, 1n))
          .to.be.revertedWithCustomError(pools.contract, "DelegationPoolsSharesTooFew")
          .withArgs(0n, 1n);
      });

      it("gives an old delegator who comes back what it brings", async () => {
        const { pools, ada, bob } = await loadFixture(delegated);
        await pools.slash(400n * OCTO, await now());
        await pools.delegate(ada, 20n * OCTO);
        await pools.delegate(bob, 30n * OCTO);
        expect(await pools.worthOf(ada)).to.equal(20n * OCTO);
        expect(await pools.worthOf(bob)).to.equal(30n * OCTO);
      });

      it("gives old exits nothing of the exits of new money on the same day (A-11)", async () => {
        const { system, pools, ada, bob, cid } = await loadFixture(delegated);
        await toNoon();
        const day = await pools.leave(ada);
        await pools.slash(400n * OCTO, await now());
        await pools.delegate(cid, 50n * OCTO);
        await pools.delegate(ada, 20n * OCTO);
        expect(await pools.leave(cid)).to.equal(day);
        await pools.leave(ada);
        expect((await pools.exitOf(cid, day)).worth).to.equal(50n * OCTO);
        expect((await pools.exitOf(ada, day)).worth).to.equal(20n * OCTO);
        expect((await pools.exitOf(bob, day)).worth).to.equal(0n);
        await toDay(day);
        await expect(pools.withdraw(cid, day)).to.changeTokenBalance(ethers, system.octo, cid, 50n * OCTO);
        await expect(pools.withdraw(ada, day)).to.changeTokenBalance(ethers, system.octo, ada, 20n * OCTO);
        expect(await pools.held()).to.equal(0n);
      });

      it("leaves exits out of the offence's reach to be withdrawn, and to be slashed for earlier ones", async () => {
        const { system, pools, ada, bob, noon, first, second } = await loadFixture(leaving);
        await pools.slash(400n * OCTO, noon + DAY);
        expect((await pools.pool()).generation).to.equal(1n);
        expect((await pools.exitOf(ada, second)).worth).to.equal(0n);
        await pools.delegate(bob, 100n * OCTO);
        await pools.slash(20n * OCTO, noon);
        expect((await pools.exitOf(ada, first)).worth).to.equal(90n * OCTO);
        expect(await pools.worthOf(bob)).to.equal(90n * OCTO);
        await toDay(first);
        await expect(pools.withdraw(ada, first)).to.changeTokenBalance(ethers, system.octo, ada, 90n * OCTO);
      });
    });

    describe("when a day's exits have lost nearly everything", () => {
      it("lets others leave on the same day, and takes nothing of what is left from who left before (A-09)", async () => {
        const { system, pools, ada, bob, cid } = await loadFixture(delegated);
        await toNoon();
        const day = await pools.leave(ada);
        await pools.slash(400n * OCTO - 4n, await now());
        expect((await pools.exitOf(ada, day)).worth).to.equal(3n);
        await pools.leave(bob);
        await pools.delegate(cid, 60n * OCTO);
        await pools.leave(cid);
        expect((await pools.exitOf(ada, day)).worth).to.equal(3n);
        expect((await pools.exitOf(bob, day)).worth).to.equal(1n);
        expect((await pools.exitOf(cid, day)).worth).to.equal(60n * OCTO);
        await toDay(day);
        for (const [delegator, worth] of [
          [ada, 3n],
          [cid, 60n * OCTO],
          [bob, 1n],
        ] as const) {
          await expect(pools.withdraw(delegator, day)).to.changeTokenBalance(ethers, system.octo, delegator, worth);
        }
        expect(await pools.held()).to.equal(0n);
      });

      it("takes along what is left of a delegator's own who leaves again on the day (A-09)", async () => {
        const { system, pools, ada, bob } = await loadFixture(delegated);
        await toNoon();
        const day = await pools.leaveWith(ada, 200n * OCTO);
        await pools.slash(400n * OCTO - 8n, await now());
        expect((await pools.exitOf(ada, day)).worth).to.equal(4n);
        await pools.leave(ada);
        expect((await pools.exitOf(ada, day)).worth).to.equal(6n);
        await pools.leave(bob);
        await toDay(day);
        await expect(pools.withdraw(ada, day)).to.changeTokenBalance(ethers, system.octo, ada, 6n);
        await expect(pools.withdraw(bob, day)).to.changeTokenBalance(ethers, system.octo, bob, 2n);
        expect(await pools.held()).to.equal(0n);
      });

      it("never blocks an exit, however often the day is slashed (A-09)", async () => {
        const { pools, ada, bob, cid } = await loadFixture(delegated);
        await toNoon();
        const day = await pools.leave(ada);
        await pools.leave(bob);
        for (let round = 0; round < 6; ++round) {
          await pools.delegate(cid, 9_000n * OCTO);
          await pools.leave(cid);
          const exposed = await pools.exposure(await now());
          await pools.slash(exposed - 1_000n, await now());
        }
        expect((await pools.exitOf(cid, day)).worth > 0n).to.equal(true);
        await toDay(day);
        for (const delegator of [ada, bob, cid]) await pools.withdraw(delegator, day);
        expect(await pools.held()).to.equal(0n);
      });
    });

    describe("when everything is summed up", () => {
      it("holds what the books say, to the wei (D-1, I-03)", async () => {
        const { pools, ada, bob, noon, first, second } = await loadFixture(leaving);
        await pools.slash(77_777_777_777_777_777_777n, noon);
        await pools.slash(1n, noon + DAY);
        await pools.delegate(bob, MIN_DELEGATION + 3n);
        const third = await pools.leave(bob);
        const { stake } = await pools.pool();
        const days = new Set([first, second, third]);
        let leavingNow = 0n;
        for (const day of days) {
          leavingNow += (await pools.exitOf(ada, day)).worth + (await pools.exitOf(bob, day)).worth;
        }
        const held = await pools.held();
        expect(held >= stake + leavingNow && held - stake - leavingNow <= 3n).to.equal(true);
      });
    });
  });
});
