import { expect } from "chai";
import { type ContractTransactionResponse, ZeroAddress } from "ethers";

import { loadFixture, OCTO, time } from "../support/fixture.ts";
import { DAY } from "../support/jobs.ts";
import { D, MIN_OCTO, MIN_ROLE, supplied, vaultOf } from "../support/positions.ts";

/** A provider whose bonds stay above the minimum whatever leaves here, and a recorded task. */
async function busy() {
  const world = await supplied();
  await world.registry.bond(D, 2n * MIN_OCTO, 2n * MIN_ROLE - OCTO);
  const registry = world.system.registry.connect(await vaultOf(world));
  const record = () =>
    registry.record({
      provider: world.provider.address,
      role: D,
      orchestrator: ZeroAddress,
      weight: 100n,
      success: 100n,
      speed: 100n,
      pay: 0n,
    });
  await record();
  return { ...world, record };
}

/** What every door costs a provider who has asked for so many exits within eight days, the last of them today. */
async function costsWith(exits: number) {
  const { registry, provider, record } = await loadFixture(busy);
  const firstNoon = (BigInt(await time.latest()) / DAY + 1n) * DAY + DAY / 2n;
  for (let i = 1; i <= exits; ++i) {
    const daysAgo = BigInt(Math.floor(((exits - i) * 8) / exits));
    const noon = firstNoon + (7n - daysAgo) * DAY;
    if (noon > BigInt(await time.latest())) await time.setNextBlockTimestamp(noon);
    await registry.unbond(D, 1_001n, 1_001n);
  }

  const day = (firstNoon + 7n * DAY) / DAY + 8n;
  const costs = {
    record: await gasOf(record()),
    bond: await gasOf(registry.bond(D, 1_001n, 1_001n)),
    unbond: await gasOf(registry.unbond(D, 1_001n, 1_001n)),
    withdraw: 0n,
  };
  await time.increaseTo(day * DAY);
  costs.withdraw = await gasOf(registry.withdraw(D, day, provider.address));
  return costs;
}

async function gasOf(sending: Promise<ContractTransactionResponse>): Promise<bigint> {
  return (await (await sending).wait())!.gasUsed;
}

describe("ProviderRegistry", () => {
  describe("gas", () => {
    describe("when a provider has asked for a thousand exits (A-14, A-20, A-45)", () => {
      it("costs the same in every door as with one, within 2 %", async () => {
        const one = await costsWith(1);
        for (const exits of [100, 1_000]) {
          const many = await costsWith(exits);
          for (const door of ["record", "bond", "unbond", "withdraw"] as const) {
            const difference = many[door] > one[door] ? many[door] - one[door] : one[door] - many[door];
            expect(difference * 50n < one[door], `${door}: ${one[door]} and ${many[door]} with ${exits}`).to.equal(
              true,
            );
          }
        }
      });
    });
  });
});
