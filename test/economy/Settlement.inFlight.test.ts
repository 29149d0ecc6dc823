import { expect } from "chai";
import type { ContractTransactionResponse } from "ethers";
import fc from "fast-check";

import { roleId, SCHEDULES } from "../../deploy/roles.ts";
import { ethers, loadFixture, OCTO } from "../support/fixture.ts";
import {
  ALL_ROLES,
  ALL_SCHEDULES,
  deployTestMarket,
  escrowFor,
  lockOf,
  type MarketWorld,
  refundOf,
  type TestMarket,
  tupleOf,
  type Work,
  withMarket,
  workOf,
} from "../support/testMarket.ts";

const { ZeroAddress } = ethers;
const AMOUNT = 100n * OCTO;
const [A, D] = [roleId("A"), roleId("D")];

/** After one whole step down in success and speed and up in security: 19, 19, 20, 24 and 20, weighed. */
const SCORE_OF_FAILURE = 1_905_000n;
/** The protocol fee of 100 OCTO under the Service schedule. */
const FEE = 20n * OCTO;

/** Two markets that the vault admits for everything; the client pays both by credit. */
async function withRivals() {
  const world = await loadFixture(withMarket);
  const { system, actors } = world;
  const rival = await deployTestMarket(world);
  const rivalAt = await rival.getAddress();
  await system.settlement.connect(actors.admin).admitMarket(rivalAt, ALL_ROLES, ALL_SCHEDULES);
  await system.settlement.connect(actors.client).setCreditConsent(rivalAt, true);
  return { ...world, rival, rivalAt };
}

/** 100 OCTO of the provider's work that bind it. */
function boundWork(world: MarketWorld, rest: Partial<Work> = {}): Work {
  return workOf(world, { bound: true, ...rest });
}

/** Locks for work that binds the provider, as far as that stays within the capacity. */
async function bind(world: MarketWorld, market: TestMarket, amount: bigint, capacity: bigint) {
  const { provider } = world.actors;
  return market.lockFromCredit(lockOf(world, { amount, provider: provider.address, capacity }));
}

async function inFlightOf({ system, actors }: MarketWorld): Promise<bigint> {
  return system.settlement.inFlightOf(actors.provider.address);
}

/** A registry that reverts in the real one's place; returns the way back. */
async function breakRegistry({ system, actors }: MarketWorld): Promise<() => Promise<unknown>> {
  const registry = system.registry.connect(actors.admin);
  const upgrades = await registry.queryFilter(registry.filters.Upgraded());
  const real = upgrades.at(-1)!.args.implementation;
  await registry.upgradeToAndCall(await ethers.deployContract("BrokenRegistry", [0n]), "0x");
  return () => registry.upgradeToAndCall(real, "0x");
}

async function taskCount(world: MarketWorld, transaction: ContractTransactionResponse): Promise<number> {
  const { interface: abi, target } = world.system.registry;
  const { topicHash } = abi.getEvent("TaskRecorded");
  const logs = (await transaction.wait())!.logs;
  return logs.filter(({ address, topics }) => address === target && topics[0] === topicHash).length;
}

describe("Settlement", () => {
  describe("value in flight", () => {
    describe("when work binds nobody", () => {
      it("counts nothing, whatever capacity is named", async () => {
        const world = await loadFixture(withRivals);
        await world.market.lockFromCredit(lockOf(world, { capacity: 0n }));
        for (const account of [world.actors.provider.address, ZeroAddress]) {
          expect(await world.system.settlement.inFlightOf(account)).to.equal(0n);
        }
      });
    });

    describe("when two markets bind the same provider", () => {
      it("adds up what both have locked (V-6)", async () => {
        const world = await loadFixture(withRivals);
        await bind(world, world.market, 60n, 100n);
        await bind(world, world.rival, 40n, 100n);
        expect(await inFlightOf(world)).to.equal(100n);
      });

      it("refuses the second market's wei too much with SettlementCapacityExceeded", async () => {
        const world = await loadFixture(withRivals);
        await bind(world, world.market, 60n, 100n);
        await expect(bind(world, world.rival, 41n, 100n))
          .to.be.revertedWithCustomError(world.system.settlement, "SettlementCapacityExceeded")
          .withArgs(world.actors.provider.address, 101n, 100n);
      });

      it("keeps one provider's apart from another's", async () => {
        const world = await loadFixture(withRivals);
        await bind(world, world.market, 60n, 60n);
        const { other } = world.actors;
        await world.rival.lockFromCredit(lockOf(world, { amount: 7n, provider: other.address, capacity: 7n }));
        expect(await world.system.settlement.inFlightOf(other.address)).to.equal(7n);
        expect(await inFlightOf(world)).to.equal(60n);
      });
    });

    describe("when work ends", () => {
      it("is less what was settled", async () => {
        const world = await loadFixture(withRivals);
        const work = boundWork(world);
        await world.market.lockFromCredit(escrowFor(work));
        await world.market.settle({ ...work, amount: 40n * OCTO });
        expect(await inFlightOf(world)).to.equal(60n * OCTO);
        await world.market.settle({ ...work, amount: 60n * OCTO });
        expect(await inFlightOf(world)).to.equal(0n);
      });

      for (const failed of [false, true]) {
        it(`is less what was refunded, ${failed ? "failed" : "not failed"}`, async () => {
          const world = await loadFixture(withRivals);
          const work = boundWork(world);
          await world.market.lockFromCredit(escrowFor(work));
          await world.market.refund({ ...work, amount: 1n }, failed);
          expect(await inFlightOf(world)).to.equal(AMOUNT - 1n);
          await world.market.refund({ ...work, amount: AMOUNT - 1n }, failed);
          expect(await inFlightOf(world)).to.equal(0n);
        });
      }

      it("stays if the work did not bind", async () => {
        const world = await loadFixture(withRivals);
        await bind(world, world.market, AMOUNT, AMOUNT);
        await world.market.lockFromCredit(lockOf(world, { amount: 2n * AMOUNT }));
        await world.market.settle(workOf(world));
        await world.market.refund(workOf(world), true);
        expect(await inFlightOf(world)).to.equal(AMOUNT);
      });

      it("makes room for as much again", async () => {
        const world = await loadFixture(withRivals);
        const work = boundWork(world);
        for (const end of ["settle", "refund"] as const) {
          await bind(world, world.market, AMOUNT, AMOUNT);
          await (end === "settle" ? world.market.settle(work) : world.market.refund(work, false));
        }
        await bind(world, world.rival, AMOUNT, AMOUNT);
        expect(await inFlightOf(world)).to.equal(AMOUNT);
      });

      it("ends while the market is closed and paused (M-20)", async () => {
        const world = await loadFixture(withRivals);
        await bind(world, world.market, AMOUNT, AMOUNT);
        await world.market.closeMarket();
        await world.system.settlement.connect(world.actors.guardian).pauseMarket(world.at);
        await world.market.refund(boundWork(world), true);
        expect(await inFlightOf(world)).to.equal(0n);
      });
    });

    describe("when a market ends more than it has begun", () => {
      it("is nothing, and everybody is paid all the same", async () => {
        const world = await loadFixture(withRivals);
        await bind(world, world.market, 1n, 1n);
        await world.market.lockFromCredit(lockOf(world, { amount: AMOUNT }));
        await world.market.settle(boundWork(world));
        expect(await inFlightOf(world)).to.equal(0n);
        expect(await world.system.settlement.creditOf(world.actors.provider.address)).to.equal(80n * OCTO);
      });

      it("cannot stop another market from paying and refunding", async () => {
        const world = await loadFixture(withRivals);
        const { settlement } = world.system;
        await bind(world, world.rival, 2n * AMOUNT, 2n * AMOUNT);
        await world.market.lockFromCredit(lockOf(world, { amount: 2n * AMOUNT }));
        await world.market.settle(boundWork(world, { amount: 2n * AMOUNT }));
        expect(await inFlightOf(world)).to.equal(0n);

        const client = await settlement.creditOf(world.actors.client.address);
        await world.rival.settle(boundWork(world));
        await world.rival.refund(boundWork(world), false);
        expect(await inFlightOf(world)).to.equal(0n);
        expect(await settlement.creditOf(world.actors.provider.address)).to.equal(3n * 80n * OCTO);
        expect((await settlement.creditOf(world.actors.client.address)) - client).to.equal(AMOUNT);
      });
    });

    describe("when locks and ends follow one another in any order", () => {
      it("is the sum of what binds and has not ended (V-6)", async () => {
        const step = fc.record({ amount: fc.bigInt(1n, 200n * OCTO), rival: fc.boolean(), end: fc.nat(5) });
        await fc.assert(
          fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 12 }), async (steps) => {
            const world = await loadFixture(withRivals);
            const running: { market: TestMarket; amount: bigint }[] = [];
            for (const { amount, rival, end } of steps) {
              const ending = running[end];
              if (ending === undefined) {
                const market = rival ? world.rival : world.market;
                await bind(world, market, amount, 10_000n * OCTO);
                running.push({ market, amount });
              } else {
                const work = boundWork(world, { amount: ending.amount });
                await (rival ? ending.market.refund(work, end % 2 === 0) : ending.market.settle(work));
                running.splice(end, 1);
              }
              const sum = running.reduce((total, each) => total + each.amount, 0n);
              expect(await inFlightOf(world)).to.equal(sum);
            }
          }),
          { numRuns: 10 },
        );
      });
    });
  });

  describe("refund", () => {
    /** 100 OCTO are locked for work that binds the provider, and refunded. */
    async function refunded(failed: boolean, rest: Partial<Work> = {}) {
      const world = await loadFixture(withRivals);
      const work = boundWork(world, rest);
      await world.market.lockFromCredit(escrowFor(work));
      const before = await world.system.settlement.creditOf(work.client);
      const refunding = await world.market.refund(work, failed);
      expect((await world.system.settlement.creditOf(work.client)) - before).to.equal(work.amount);
      return { ...world, work, refunding };
    }

    describe("when the provider failed", () => {
      it("records a failure at the fee that the work would have paid", async () => {
        const { system, work, refunding } = await refunded(true);
        await expect(refunding)
          .to.emit(system.registry, "TaskRecorded")
          .withArgs(work.provider, D, 1n, SCORE_OF_FAILURE);
      });

      it("does not ask what success and speed the market names", async () => {
        const { system, work, refunding } = await refunded(true, { success: 55n, speed: 77n });
        await expect(refunding)
          .to.emit(system.registry, "TaskRecorded")
          .withArgs(work.provider, D, 1n, SCORE_OF_FAILURE);
      });

      it("weighs a small failure less: 10 OCTO are a tenth of a step", async () => {
        const { system, work, refunding } = await refunded(true, { amount: 10n * OCTO });
        await expect(refunding).to.emit(system.registry, "TaskRecorded").withArgs(work.provider, D, 1n, 1_900_500n);
      });

      it("mints, earmarks, counts and charges nothing", async () => {
        const { system, refunding } = await refunded(true);
        await expect(refunding).not.to.emit(system.roleTokens.D, "Transfer");
        expect([
          await system.settlement.earmarkOf(D),
          await system.settlement.volumeOf(D, await system.settlement.currentEpoch()),
        ]).to.deep.equal([0n, 0n]);
        expect([...(await system.settlement.sums())]).to.deep.equal([0n, 0n, 0n, 0n]);
      });

      it("spares an orchestrator: nobody coordinated what failed", async () => {
        const orchestrator = (await loadFixture(withRivals)).actors.orchestrator.address;
        const world = await refunded(true, { orchestrator });
        expect(await taskCount(world, world.refunding)).to.equal(1);
      });

      it("gives the delegators no cut", async () => {
        const world = await loadFixture(withRivals);
        const { system, actors } = world;
        await system.delegationPools.connect(actors.provider).openPool(D);
        await system.delegationPools.connect(actors.delegator).delegate(actors.provider.address, D, AMOUNT, 0n);
        await bind(world, world.market, AMOUNT, AMOUNT);
        await expect(world.market.refund(boundWork(world), true)).not.to.emit(system.settlement, "DelegatorsCredited");
        expect(await system.settlement.creditOf(system.addresses.delegationPools)).to.equal(0n);
      });
    });

    for (const [when, failed, rest] of [
      ["the provider did not fail", false, {}],
      ["the work bound nobody", true, { bound: false }],
      ["the work is smaller than the smallest recorded settlement", true, { amount: 10n * OCTO - 1n }],
      ["the work is of no role", true, { role: 0n }],
    ] as const) {
      describe(`when ${when}`, () => {
        it("records nothing", async () => {
          const world = await refunded(failed, rest);
          expect(await taskCount(world, world.refunding)).to.equal(0);
          await expect(world.refunding).not.to.emit(world.system.settlement, "RecordingFailed");
        });
      });
    }

    describe("when the market was not admitted for the role", () => {
      it("refunds and records nothing: it has no say in that role", async () => {
        const world = await loadFixture(withRivals);
        const { system, actors } = world;
        const narrow = await deployTestMarket(world);
        const narrowAt = await narrow.getAddress();
        await system.settlement.connect(actors.admin).admitMarket(narrowAt, 1n << D, ALL_SCHEDULES);
        await system.settlement.connect(actors.client).setCreditConsent(narrowAt, true);
        await bind(world, narrow, AMOUNT, AMOUNT);
        const before = await system.settlement.creditOf(actors.client.address);
        const refunding = await narrow.refund(boundWork(world, { role: A }), true);
        expect(await taskCount(world, refunding)).to.equal(0);
        expect((await system.settlement.creditOf(actors.client.address)) - before).to.equal(AMOUNT);
        expect(await inFlightOf(world)).to.equal(0n);
      });
    });

    describe("when the failure cannot be recorded", () => {
      /** The failure of 100 OCTO of work that the registry did not record. */
      async function unrecorded() {
        const world = await loadFixture(withRivals);
        const named = boundWork(world, { orchestrator: world.actors.orchestrator.address });
        await world.market.lockFromCredit(escrowFor(named));
        const repair = await breakRegistry(world);
        const before = await world.system.settlement.creditOf(named.client);
        const refunding = await world.market.refund(named, true);
        expect((await world.system.settlement.creditOf(named.client)) - before).to.equal(AMOUNT);
        const work = { ...named, success: 0n, speed: 0n, orchestrator: ZeroAddress };
        return { ...world, named, work, refunding, repair };
      }

      it("refunds, and emits the failure that waits", async () => {
        const { system, work, refunding } = await unrecorded();
        await expect(refunding).to.emit(system.settlement, "RecordingFailed").withArgs(tupleOf(work), FEE);
        expect(await system.settlement.unrecorded(work, FEE)).to.equal(1n);
      });

      it("is replayed by anyone, and mints nothing", async () => {
        const world = await unrecorded();
        const { system, actors, work, repair } = world;
        await repair();
        const replaying = await system.settlement.connect(actors.stranger).replay(work, FEE);
        await expect(replaying).to.emit(system.settlement, "Replayed").withArgs(tupleOf(work), FEE);
        await expect(replaying)
          .to.emit(system.registry, "TaskRecorded")
          .withArgs(work.provider, D, 1n, SCORE_OF_FAILURE);
        expect(await taskCount(world, replaying)).to.equal(1);
        await expect(replaying).not.to.emit(system.roleTokens.D, "Transfer");
        expect((await system.settlement.sums()).committed).to.equal(0n);
        expect([
          await system.settlement.earmarkOf(D),
          await system.settlement.volumeOf(D, await system.settlement.currentEpoch()),
        ]).to.deep.equal([0n, 0n]);
      });

      it("cannot be replayed as a success", async () => {
        const { system, actors, named, repair } = await unrecorded();
        await repair();
        await expect(system.settlement.connect(actors.provider).replay(named, FEE))
          .to.be.revertedWithCustomError(system.settlement, "SettlementNothingToReplay")
          .withArgs(tupleOf(named), FEE);
      });

      it("cannot be replayed twice", async () => {
        const { system, actors, work, repair } = await unrecorded();
        await repair();
        const { settlement } = system;
        await settlement.connect(actors.stranger).replay(work, FEE);
        await expect(settlement.connect(actors.stranger).replay(work, FEE))
          .to.be.revertedWithCustomError(settlement, "SettlementNothingToReplay")
          .withArgs(tupleOf(work), FEE);
      });
    });

    describe("when too little gas is left for recording a failure", () => {
      const FLOOR = 400_000n + 400_000n / 63n + 160_000n;

      it("reverts with SettlementGasTooLow: nobody hides a failure by a gas limit (A-27)", async () => {
        const world = await loadFixture(withRivals);
        await bind(world, world.market, AMOUNT, AMOUNT);
        const refund = world.market.connect(world.actors.provider).getFunction("refund");
        await expect(refund.send(boundWork(world), true, { gasLimit: 550_000n }))
          .to.be.revertedWithCustomError(world.system.settlement, "SettlementGasTooLow")
          .withArgs((left: bigint) => left < FLOOR, FLOOR);
        expect(await inFlightOf(world)).to.equal(AMOUNT);
      });

      it("asks for no such gas if there is nothing to record", async () => {
        const world = await loadFixture(withRivals);
        await bind(world, world.market, AMOUNT, AMOUNT);
        const refund = world.market.connect(world.actors.provider).getFunction("refund");
        await refund.send(boundWork(world), false, { gasLimit: 300_000n });
        expect(await inFlightOf(world)).to.equal(0n);
      });
    });

    describe("when success is nothing although work is settled", () => {
      it("pays and splits, records the verdict and mints nothing", async () => {
        const world = await loadFixture(withRivals);
        const { system } = world;
        const work = boundWork(world, { success: 0n, speed: 0n });
        await world.market.lockFromCredit(escrowFor(work));
        const settling = await world.market.settle(work);
        await expect(settling)
          .to.emit(system.registry, "TaskRecorded")
          .withArgs(work.provider, D, 1n, SCORE_OF_FAILURE);
        await expect(settling).not.to.emit(system.roleTokens.D, "Transfer");
        expect(await system.settlement.creditOf(work.provider)).to.equal(80n * OCTO);
        expect((await system.settlement.sums()).committed).to.equal(0n);
      });
    });

    describe("when the market has less than it refunds", () => {
      it("reverts with SettlementMarketBalanceTooSmall, bound and failed or not", async () => {
        const world = await loadFixture(withRivals);
        await bind(world, world.market, AMOUNT, AMOUNT);
        for (const failed of [false, true]) {
          await expect(world.rival.refund(boundWork(world), failed))
            .to.be.revertedWithCustomError(world.system.settlement, "SettlementMarketBalanceTooSmall")
            .withArgs(world.rivalAt, 0n, AMOUNT);
        }
        expect(await inFlightOf(world)).to.equal(AMOUNT);
      });

      it("reverts with SettlementUnknownMarket for the stranger", async () => {
        const world = await loadFixture(withRivals);
        const { settlement } = world.system;
        const { stranger } = world.actors;
        await expect(settlement.connect(stranger).refund(refundOf(stranger.address, 0n), true))
          .to.be.revertedWithCustomError(settlement, "SettlementUnknownMarket")
          .withArgs(stranger.address);
      });
    });

    describe("when the work was in another role", () => {
      it("records the failure there", async () => {
        const { system, work, refunding } = await refunded(true, { role: A, schedule: SCHEDULES.SERVICE });
        await expect(refunding)
          .to.emit(system.registry, "TaskRecorded")
          .withArgs(work.provider, A, 1n, SCORE_OF_FAILURE);
      });
    });
  });
});
