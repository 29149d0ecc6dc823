import { expect } from "chai";
import type { ContractTransactionResponse } from "ethers";

import { DISPUTE, now, pooling, toDay, toNoon } from "../support/delegation.ts";
import { ethers, loadFixture, networkHelpers, OCTO, time } from "../support/fixture.ts";
import { DAY } from "../support/jobs.ts";

async function gasOf(sending: Promise<ContractTransactionResponse>): Promise<bigint> {
  const receipt = await (await sending).wait();
  return receipt!.gasUsed;
}

/** So many others have delegated, and half of them are leaving today. */
async function crowd(world: Awaited<ReturnType<typeof pooling>>, size: number): Promise<void> {
  const { system, actors, pools } = world;
  for (let nth = 0; nth < size; ++nth) {
    const address = ethers.getAddress(ethers.id(`delegator ${nth}`).slice(0, 42));
    await networkHelpers.impersonateAccount(address);
    await networkHelpers.setBalance(address, OCTO);
    const delegator = await ethers.getSigner(address);
    await system.octo.connect(actors.liquidity).transfer(address, 10n * OCTO);
    await system.octo.connect(delegator).approve(pools.address, ethers.MaxUint256);
    await pools.delegate(delegator, 10n * OCTO);
    if (nth % 2 === 0) await pools.undelegate(delegator, 10n * OCTO);
  }
}

/** Everything a pool does, once, with Ada, and what it cost. */
async function measure(size: number): Promise<Record<string, bigint>> {
  const world = await loadFixture(pooling);
  const { pools, ada, bob } = world;
  await toNoon();
  await pools.delegate(bob, 100n * OCTO);
  await crowd(world, size);
  await toNoon();
  await pools.undelegate(bob, 10n * OCTO);
  const first = await gasOf(pools.delegate(ada, 100n * OCTO));
  const more = await gasOf(pools.delegate(ada, 100n * OCTO));
  const undelegate = await gasOf(pools.undelegate(ada, 50n * OCTO));
  const again = await gasOf(pools.undelegate(ada, 50n * OCTO));
  const offenceAt = (await now()) - 20n * DAY;
  await pools.earn(1_000n * OCTO);
  const accrue = await gasOf(pools.by(pools.registry).accrue(pools.provider, 6n, 10n * OCTO, OCTO));
  const claim = await gasOf(pools.claim(ada));
  const freeze = await gasOf(pools.freeze(10n * OCTO, offenceAt, DISPUTE));
  const slash = await gasOf(pools.slash(10n * OCTO, offenceAt));
  const thaw = await gasOf(pools.thaw(DISPUTE));
  const earned = await pools.earn(1_000n * OCTO);
  expect(earned > 0n).to.equal(true);
  const undelegateEarned = await gasOf(pools.undelegate(ada, 10n * OCTO));
  await toDay((await now()) / DAY + 9n);
  const withdraw = await gasOf(pools.withdraw(ada, (await now()) / DAY - 1n));
  return { first, more, undelegate, again, undelegateEarned, withdraw, accrue, claim, freeze, slash, thaw };
}

describe("DelegationPools", () => {
  describe("gas", () => {
    // The aim for a claim was 60,000: 24,000 of it are the vault's and 21,000 the transaction's.
    const AIMS = { first: 90_000n, more: 72_000n, undelegate: 75_000n, claim: 60_500n } as const;

    for (const [name, aim] of Object.entries(AIMS)) {
      it(`stays within ${aim} for ${name}`, async () => {
        const used = (await measure(0))[name]!;
        expect(used <= aim, `${used}`).to.equal(true);
      });
    }

    it("is the same with 1, 100 and 1,000 delegators, half of whom are leaving (A-45)", async () => {
      const alone = await measure(1);
      for (const size of [100, 1_000]) {
        const crowded = await measure(size);
        for (const [name, used] of Object.entries(crowded)) {
          const difference = used > alone[name]! ? used - alone[name]! : alone[name]! - used;
          expect(difference * 50n < alone[name]!, `${name} with ${size}: ${alone[name]} ${used}`).to.equal(true);
        }
      }
    });

    it("is the same with 1 and with 200 earlier exits of a delegator (A-45)", async () => {
      const { pools, ada } = await loadFixture(pooling);
      await pools.delegate(ada, 5_000n * OCTO);
      await toNoon();
      await pools.undelegate(ada, OCTO);
      await toNoon();
      const alone = await gasOf(pools.undelegate(ada, OCTO));
      for (let nth = 0; nth < 200; ++nth) {
        await toNoon();
        await pools.undelegate(ada, OCTO);
      }
      await toNoon();
      const used = await gasOf(pools.undelegate(ada, OCTO));
      expect(used > alone ? used - alone < alone / 50n : alone - used < alone / 50n).to.equal(true);
    });

    it("is bounded for a slash amid disputes: 68 days of exits", async () => {
      const { pools, ada, bob } = await loadFixture(pooling);
      await pools.delegate(ada, 5_000n * OCTO);
      await pools.delegate(bob, 100n * OCTO);
      const offenceAt = await toNoon();
      await pools.freeze(10n * OCTO, offenceAt);
      for (let nth = 0; nth < 90; ++nth) {
        await toNoon();
        await pools.undelegate(ada, 10n * OCTO);
      }
      const used = await gasOf(pools.slash(1_000n * OCTO, offenceAt));
      expect(used < 700_000n, `${used}`).to.equal(true);
      await time.increase(DAY);
    });
  });
});
