import { expect } from "chai";

import { ethers, loadFixture, networkHelpers, OCTO, time } from "../support/fixture.ts";
import { DAY, impersonated } from "../support/jobs.ts";
import { D } from "../support/positions.ts";
import { type Accusation, type Accused, accused, backed, now, toNoon } from "../support/slashing.ts";

const DEEP = process.env["DEEP"] !== undefined;
const MANY = DEEP ? [100, 1_000] : [100];

async function gasOf({ slashing }: Accused, accusation: Accusation = {}): Promise<number> {
  const receipt = await (await slashing.punish(accusation)).wait();
  return Number(receipt!.gasUsed);
}

/** A position with eight days of exposed exits, after so many older ones that nobody has withdrawn. */
async function withExits(world: Accused, exits: number): Promise<bigint> {
  const { registry } = world;
  const first = await toNoon();
  for (let index = 0; index < exits; ++index) {
    await time.setNextBlockTimestamp(first + BigInt(index) * DAY);
    await registry.unbond(D, OCTO / 10n, OCTO / 10n);
  }
  return first + BigInt(exits - 9) * DAY;
}

/** The same, with so many delegators. */
async function withDelegators({ system, actors, provider }: Accused, delegators: number): Promise<void> {
  for (let index = 0; index < delegators; ++index) {
    const delegator = await impersonated(ethers.getAddress(`0x${(index + 0x10000).toString(16).padStart(40, "d")}`));
    await system.octo.connect(actors.liquidity).transfer(delegator.address, 10n * OCTO);
    await system.octo.connect(delegator).approve(system.addresses.delegationPools, 10n * OCTO);
    await system.delegationPools.connect(provider).openPool(D);
    await system.delegationPools.connect(delegator).delegate(provider.address, D, 10n * OCTO, 0n);
    await networkHelpers.stopImpersonatingAccount(delegator.address);
  }
}

function expectWithin2Percent(gas: number, base: number): void {
  expect(Math.abs(gas - base) / base, `${gas} against ${base}`).to.be.lessThan(0.02);
}

describe("SlashingDesk", () => {
  describe("the gas of a slash", () => {
    for (const many of MANY) {
      it(`is the same with ${many} exits as with 9`, async () => {
        const few = await loadFixture(accused);
        const base = await gasOf(few, { offenceAt: await withExits(few, 9) });
        const world = await loadFixture(accused);
        expectWithin2Percent(await gasOf(world, { offenceAt: await withExits(world, many) }), base);
      }).timeout(600_000);

      it(`is the same after ${many} slashes as after 12`, async () => {
        const world = await loadFixture(accused);
        let base = 0;
        for (let slashes = 0; slashes < many; ++slashes) {
          await world.registry.bond(D, 100n * OCTO, OCTO);
          const gas = await gasOf(world, { offence: "Downtime", offenceAt: (await now()) - 1n });
          if (slashes === 12) base = gas;
          if (slashes === many - 1) expectWithin2Percent(gas, base);
        }
      }).timeout(600_000);

      it(`is the same with ${many} delegators as with one`, async () => {
        const one = await loadFixture(backed);
        await one.registry.bond(D, 5_000n * OCTO, 0n);
        const base = await gasOf(one, { offence: "Fraud" });
        const world = await loadFixture(backed);
        await world.registry.bond(D, 5_000n * OCTO, 0n);
        await withDelegators(world, many);
        expectWithin2Percent(await gasOf(world, { offence: "Fraud" }), base);
      }).timeout(600_000);
    }

    it("is bounded for the worst of all: eight days of exits of both lanes and delegated stake", async () => {
      const world = await loadFixture(backed);
      const offenceAt = await withExits(world, 9);
      expect(await gasOf(world, { offence: "Fraud", offenceAt })).to.be.lessThan(500_000);
    });
  });
});
