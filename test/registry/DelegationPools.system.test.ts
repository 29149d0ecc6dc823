import { expect } from "chai";
import { ZeroHash } from "ethers";

import { D, delegated, DISPUTE, now, OWN_BOND, type Pooling, toDay, toNoon } from "../support/delegation.ts";
import { ethers, loadFixture, OCTO, time } from "../support/fixture.ts";
import { DAY } from "../support/jobs.ts";
import { ALL_ROLES, ALL_SCHEDULES, deployTestMarket, lockAndSettle, workOf } from "../support/testMarket.ts";

const FRAUD = 5n;
const POOR_RESULT = 2n;

/** Ada's 300 and Bob's 100 OCTO back a provider with 2,000 of its own, and a market settles its work. */
async function working() {
  const world = await loadFixture(delegated);
  const { system, actors } = world;
  const market = await deployTestMarket(world);
  const at = await market.getAddress();
  await system.settlement.connect(actors.admin).admitMarket(at, ALL_ROLES, ALL_SCHEDULES);
  await system.octo.connect(actors.client).approve(at, ethers.MaxUint256);
  await system.settlement.connect(actors.client).deposit(actors.client.address, 100_000n * OCTO);
  await system.settlement.connect(actors.client).setCreditConsent(at, true);
  return { ...world, market, at };
}

/** Settles 1,000 OCTO, and says what provider and pools were credited. */
async function settle(world: Awaited<ReturnType<typeof working>>) {
  const { system, pools, provider } = world;
  const { settlement } = system;
  const before = [await settlement.creditOf(provider.address), await settlement.creditOf(pools.address)] as const;
  await lockAndSettle(world, workOf(world, { amount: 1_000n * OCTO }));
  return {
    paid: (await settlement.creditOf(provider.address)) - before[0],
    cut: (await settlement.creditOf(pools.address)) - before[1],
  };
}

/** The judge's word that the provider has done it. */
async function punish(world: Pooling, offence: bigint, offenceAt: bigint, disputeId = ZeroHash) {
  const { system, actors, provider } = world;
  return system.slashingDesk.connect(actors.judge).slash({
    provider: provider.address,
    role: D,
    offence,
    offenceAt,
    disputeId,
    client: ethers.ZeroAddress,
    loss: 0n,
    reason: ethers.id("the reason"),
  });
}

/** Freezes all 2,000 OCTO of the provider's own and a quarter of the delegated. */
async function disputed() {
  const world = await loadFixture(delegated);
  const { system, actors, pools, provider, ada } = world;
  const offenceAt = await toNoon();
  const day = await pools.leaveWith(ada, 100n * OCTO);
  const desk = system.slashingDesk.connect(actors.judge);
  await desk.openDispute(DISPUTE, provider.address, D, OWN_BOND + 100n * OCTO, 0n, offenceAt);
  const key = await desk.disputeKey(actors.judge.address, provider.address, D, DISPUTE);
  return { ...world, offenceAt, day, desk, key };
}

describe("DelegationPools in the suite", () => {
  describe("when work is settled", () => {
    it("earns its cut of the pay, split by stake, out of the provider's leg", async () => {
      const world = await loadFixture(working);
      const { pools, ada, bob } = world;
      const { paid, cut } = await settle(world);
      const stake = 400n * OCTO;
      expect(cut).to.equal(((paid + cut) * 10_00n * stake) / (100_00n * (OWN_BOND + stake)));
      const open = (await pools.claimable(ada)) + (await pools.claimable(bob));
      expect(open <= cut && cut - open < 1_000n).to.equal(true);
    });

    it("pays it to the delegators out of the vault (A-50)", async () => {
      const world = await loadFixture(working);
      const { system, pools, ada } = world;
      await settle(world);
      const due = await pools.claimable(ada);
      const claiming = pools.claim(ada);
      await expect(claiming).to.changeTokenBalance(ethers, system.octo, ada, due);
      await expect(claiming).to.changeTokenBalance(ethers, system.octo, system.addresses.settlement, -due);
      await expect(claiming).to.changeTokenBalance(ethers, system.octo, pools.address, 0n);
    });

    it("earns nothing once the last delegator has left, and again once one is back", async () => {
      const world = await loadFixture(working);
      const { pools, ada, bob } = world;
      await pools.leave(ada);
      expect((await settle(world)).cut > 0n).to.equal(true);
      await pools.leave(bob);
      expect((await settle(world)).cut).to.equal(0n);
      await pools.delegate(bob, 100n * OCTO);
      expect((await settle(world)).cut > 0n).to.equal(true);
    });

    it("settles for a provider whose pool was slashed to nothing", async () => {
      const world = await loadFixture(working);
      await world.pools.slash(400n * OCTO, await now());
      expect((await settle(world)).cut).to.equal(0n);
    });

    it("gives a delegator who comes for one large settlement his part, and keeps him a week (A-38)", async () => {
      const world = await loadFixture(working);
      const { pools, cid } = world;
      await pools.delegate(cid, 400n * OCTO);
      const { cut } = await settle(world);
      const day = await pools.leave(cid);
      expect((await pools.claimable(cid)) <= cut / 2n).to.equal(true);
      await expect(pools.withdraw(cid, day))
        .to.be.revertedWithCustomError(pools.contract, "DelegationPoolsExitNotFree")
        .withArgs(day, day * DAY);
    });
  });

  describe("when the provider is slashed", () => {
    it("loses nothing while the provider's own bond suffices", async () => {
      const world = await loadFixture(delegated);
      await punish(world, POOR_RESULT, await now());
      expect((await world.pools.pool()).stake).to.equal(400n * OCTO);
      const { octoBond } = await world.system.registry.bondOf(world.provider.address, D);
      expect(octoBond).to.equal(OWN_BOND - 240n * OCTO);
    });

    it("loses everything for fraud, exits included (A-17, A-24)", async () => {
      const world = await loadFixture(delegated);
      const { system, pools, ada } = world;
      const offenceAt = await now();
      const day = await pools.leave(ada);
      const held = await system.octo.balanceOf(system.addresses.registry);
      await punish(world, FRAUD, offenceAt);
      expect(await pools.held()).to.equal(0n);
      expect((await pools.exitOf(ada, day)).worth).to.equal(0n);
      expect((await system.octo.balanceOf(system.addresses.registry)) - held).to.equal(400n * OCTO);
      expect((await system.registry.slashedOf(D)).octo).to.equal(OWN_BOND + 400n * OCTO);
    });

    it("pays what was earned before, and takes stake for a banned provider no more", async () => {
      const world = await loadFixture(working);
      const { system, pools, provider, ada, cid } = world;
      await settle(world);
      await punish(world, FRAUD, await now());
      const due = await pools.claimable(ada);
      await expect(pools.claim(ada)).to.changeTokenBalance(ethers, system.octo, ada, due);
      await expect(pools.delegate(cid, 10n * OCTO))
        .to.be.revertedWithCustomError(pools.contract, "DelegationPoolsFull")
        .withArgs(provider.address, D, 10n * OCTO, 0n);
    });
  });

  describe("when a dispute is opened", () => {
    it("keeps what the provider's own stake does not cover", async () => {
      const { pools, ada, day } = await loadFixture(disputed);
      expect((await pools.pool()).frozenShare).to.equal(25_00n);
      await toDay(day);
      expect((await pools.exitOf(ada, day)).withdrawable).to.equal(75n * OCTO);
    });

    it("frees it when it is closed", async () => {
      const { system, pools, ada, day, desk, key } = await loadFixture(disputed);
      await toDay(day);
      await pools.withdraw(ada, day);
      await expect(desk.closeDispute(key)).to.emit(pools.contract, "DelegationThawed").withArgs(key);
      await expect(pools.withdraw(ada, day)).to.changeTokenBalance(ethers, system.octo, ada, 25n * OCTO);
    });

    it("takes what it keeps by the verdict, weeks after the exit's day (A-24)", async () => {
      const world = await loadFixture(disputed);
      const { pools, ada, offenceAt, day } = world;
      await toDay(day);
      await pools.withdraw(ada, day);
      await time.increase(30n * DAY);
      await punish(world, FRAUD, offenceAt, DISPUTE);
      expect(await pools.held()).to.equal(0n);
      expect((await pools.pool()).frozenShare).to.equal(0n);
    });

    it("can be opened on a provider who has nothing but delegated stake (A-64)", async () => {
      const { system, actors, pools, provider } = await loadFixture(delegated);
      const noon = await toNoon();
      await system.registry.connect(provider).unbond(D, OWN_BOND, 0n);
      await toDay(noon / DAY + 9n);
      await system.registry.connect(provider).withdraw(D, noon / DAY + 8n, provider.address);
      const desk = system.slashingDesk.connect(actors.judge);
      await desk.openDispute(DISPUTE, provider.address, D, 40n * OCTO, 0n, await now());
      expect((await pools.pool()).frozenShare).to.equal(10_00n);
    });
  });

  describe("noteDelegation", () => {
    it("refuses anybody but the pools", async () => {
      const { system, actors, provider } = await loadFixture(delegated);
      await expect(system.registry.connect(actors.stranger).noteDelegation(provider.address, D, false))
        .to.be.revertedWithCustomError(system.registry, "ProviderRegistryCallerNotPools")
        .withArgs(actors.stranger.address);
    });
  });
});
