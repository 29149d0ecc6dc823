import { expect } from "chai";
import fc from "fast-check";

import { roleId } from "../../deploy/roles.ts";
import { splitOf } from "../../scripts/lib/split.ts";
import { ethers, loadFixture, networkHelpers, OCTO } from "../support/fixture.ts";
import { GENESIS_SCHEDULES } from "../support/models/feeSchedule.ts";
import {
  booksOf,
  escrowFor,
  lockAndSettle,
  type MarketWorld,
  tupleOf,
  type Work,
  withMarket,
  workOf,
} from "../support/testMarket.ts";

const { MaxUint256, ZeroAddress } = ethers;
const AMOUNT = 1_000n * OCTO;
const [A, D] = [roleId("A"), roleId("D")];
const SERVICE = GENESIS_SCHEDULES[0]!;

/** Delegated to the provider in D, beside its own bond of 200 OCTO. */
const [STAKE, OWN_BOND] = [800n * OCTO, 200n * OCTO];
/** 10 % of 800 OCTO by 800 of 1,000. */
const CUT = 64n * OCTO;

/** The provider has a delegator in D. */
async function withDelegator(): Promise<MarketWorld> {
  const world = await loadFixture(withMarket);
  const { system, actors } = world;
  await system.delegationPools.connect(actors.provider).openPool(D);
  await system.delegationPools.connect(actors.delegator).delegate(actors.provider.address, D, STAKE, 0n);
  return world;
}

function paidFor({ amount, orchestrator }: Work): bigint {
  return splitOf(amount, SERVICE, orchestrator !== ZeroAddress).provider;
}

/** pay x cut x delegated stake / (own + delegated stake), rounded down. */
function cutOf(pay: bigint, bps: bigint): bigint {
  return (pay * bps * STAKE) / (10_000n * (OWN_BOND + STAKE));
}

/** Code that answers whatever it is asked with these three words. */
function answering(...words: readonly bigint[]): string {
  const stores = words.map((word, index) => {
    const at = (32 * index).toString(16).padStart(2, "0");
    return `7f${word.toString(16).padStart(64, "0")}60${at}52`;
  });
  return `0x${stores.join("")}60606000f3`;
}

/** Puts a registry in the real one's place that names this score, this cut and these pools. */
async function registryNames({ system }: MarketWorld, score: bigint, cut: bigint, pools: bigint): Promise<void> {
  await networkHelpers.setCode(system.addresses.registry, answering(score, cut, pools));
}

describe("Settlement", () => {
  describe("the delegators' cut", () => {
    describe("when the provider has a delegator", () => {
      it("is credited to the pools out of the provider's pay", async () => {
        const world = await loadFixture(withDelegator);
        const { settlement, addresses } = world.system;
        await lockAndSettle(world, workOf(world, { amount: AMOUNT }));
        expect(await settlement.creditOf(addresses.delegationPools)).to.equal(CUT);
        expect(await settlement.creditOf(world.actors.provider.address)).to.equal(800n * OCTO - CUT);
      });

      it("is what the delegator can claim, and gets", async () => {
        const world = await loadFixture(withDelegator);
        const { system, actors } = world;
        const pools = system.delegationPools.connect(actors.delegator);
        await lockAndSettle(world, workOf(world, { amount: AMOUNT }));
        expect(await pools.claimable(actors.delegator.address, actors.provider.address, D)).to.equal(CUT);
        await expect(pools.claim(actors.provider.address, D, actors.delegator.address)).to.changeTokenBalance(
          ethers,
          system.octo,
          actors.delegator,
          CUT,
        );
        expect(await system.settlement.creditOf(system.addresses.delegationPools)).to.equal(0n);
      });

      it("is reckoned from what the orchestrator leaves to the provider", async () => {
        const world = await loadFixture(withDelegator);
        const { settlement, addresses } = world.system;
        const { provider, orchestrator } = world.actors;
        await lockAndSettle(world, workOf(world, { amount: AMOUNT, orchestrator: orchestrator.address }));
        expect(await settlement.creditOf(addresses.delegationPools)).to.equal(56n * OCTO);
        expect(await settlement.creditOf(provider.address)).to.equal(644n * OCTO);
        expect(await settlement.creditOf(orchestrator.address)).to.equal(100n * OCTO);
      });

      it("emits DelegatorsCredited, and the pools book as much", async () => {
        const world = await loadFixture(withDelegator);
        const { settlement, delegationPools, addresses } = world.system;
        const { provider } = world.actors;
        const settling = await lockAndSettle(world, workOf(world, { amount: AMOUNT }));
        await expect(settling)
          .to.emit(settlement, "DelegatorsCredited")
          .withArgs(provider.address, addresses.delegationPools, CUT);
        await expect(settling).to.emit(delegationPools, "RewardsAccrued").withArgs(provider.address, D, CUT);
      });

      it("is missing from what the market is told that the provider received", async () => {
        const world = await loadFixture(withDelegator);
        const work = workOf(world, { amount: AMOUNT });
        await world.market.lockFromCredit(escrowFor(work));
        expect(await world.market.settle.staticCall(work)).to.equal(800n * OCTO - CUT);
      });

      it("is credit although the provider is paid by transfer", async () => {
        const world = await loadFixture(withDelegator);
        const { system, actors, market } = world;
        await system.settlement.connect(actors.provider).setPayOut(true);
        const work = workOf(world, { amount: AMOUNT });
        await market.lockFromCredit(escrowFor(work));
        await expect(market.settle(work)).to.changeTokenBalances(
          ethers,
          system.octo,
          [actors.provider, system.addresses.delegationPools, system.addresses.settlement],
          [800n * OCTO - CUT, 0n, CUT - 800n * OCTO],
        );
        expect(await system.settlement.creditOf(system.addresses.delegationPools)).to.equal(CUT);
      });

      it("does not change what is minted", async () => {
        const world = await loadFixture(withDelegator);
        const { roleTokens } = world.system;
        await expect(lockAndSettle(world, workOf(world, { amount: AMOUNT }))).to.changeTokenBalance(
          ethers,
          roleTokens.D,
          world.actors.provider,
          (1_281n * OCTO) / 100n,
        );
      });

      it("follows the provider's choice, up to 30 %", async () => {
        const world = await loadFixture(withDelegator);
        const { settlement, delegationPools, addresses } = world.system;
        await delegationPools.connect(world.actors.provider).setCut(D, 3_000n);
        await lockAndSettle(world, workOf(world, { amount: AMOUNT }));
        expect(await settlement.creditOf(addresses.delegationPools)).to.equal(192n * OCTO);
      });

      it("leaves six parts that add up to the wei, whatever the amount (V-3)", async () => {
        await fc.assert(
          fc.asyncProperty(
            fc.oneof(fc.bigInt(10n * OCTO, 90_000n * OCTO), fc.constantFrom(10n * OCTO, 10n * OCTO + 1n)),
            fc.bigInt(1_000n, 3_000n),
            fc.boolean(),
            async (amount, bps, orchestrated) => {
              const world = await loadFixture(withDelegator);
              const { provider, orchestrator, client } = world.actors;
              const pools = world.system.addresses.delegationPools;
              await world.system.delegationPools.connect(provider).setCut(D, bps);
              const named = orchestrated ? orchestrator.address : ZeroAddress;
              const work = workOf(world, { amount, orchestrator: named });
              const accounts = [provider.address, orchestrator.address, pools, client.address];
              const before = await booksOf(world, [world.at], accounts);
              await lockAndSettle(world, work);
              const after = await booksOf(world, [world.at], accounts);

              const parts = splitOf(amount, SERVICE, orchestrated);
              const cut = cutOf(parts.provider, bps);
              const { treasury, burn, voters } = parts;
              expect(after.fees).to.deep.equal({ treasury, burn, voters });
              expect(after.credits.map((credit, index) => credit - before.credits[index]!)).to.deep.equal([
                parts.provider - cut,
                parts.orchestrator,
                cut,
                -amount,
              ]);
              expect(after.owed).to.equal(after.held);
            },
          ),
          { numRuns: 20 },
        );
      });
    });

    describe("when there is none to be had", () => {
      for (const [when, rest] of [
        ["the work is smaller than the smallest recorded settlement", { amount: 10n * OCTO - 1n }],
        ["the work is of no role", { role: 0n }],
        ["the work is in a role in which nobody has delegated", { role: A }],
      ] as const) {
        it(`is nothing if ${when}`, async () => {
          const world = await loadFixture(withDelegator);
          const { settlement, addresses } = world.system;
          const work = workOf(world, { amount: AMOUNT, ...rest });
          await expect(lockAndSettle(world, work)).not.to.emit(settlement, "DelegatorsCredited");
          expect(await settlement.creditOf(addresses.delegationPools)).to.equal(0n);
          expect(await settlement.creditOf(work.provider)).to.equal(paidFor(work));
        });
      }

      it("is there for 10 OCTO exactly", async () => {
        const world = await loadFixture(withDelegator);
        await lockAndSettle(world, workOf(world, { amount: 10n * OCTO }));
        const credit = await world.system.settlement.creditOf(world.system.addresses.delegationPools);
        expect(credit).to.equal(cutOf(8n * OCTO, 1_000n));
      });

      it("is nothing once the last delegator has left", async () => {
        const world = await loadFixture(withDelegator);
        const { system, actors } = world;
        const pools = system.delegationPools.connect(actors.delegator);
        const [shares] = await pools.delegationOf(actors.delegator.address, actors.provider.address, D);
        await pools.undelegate(actors.provider.address, D, shares, 0n);
        await lockAndSettle(world, workOf(world, { amount: AMOUNT }));
        expect(await system.settlement.creditOf(system.addresses.delegationPools)).to.equal(0n);
        expect(await system.settlement.creditOf(actors.provider.address)).to.equal(800n * OCTO);
      });

      it("is there for work whose success is nothing: the pay is pay", async () => {
        const world = await loadFixture(withDelegator);
        const { settlement, addresses } = world.system;
        await lockAndSettle(world, workOf(world, { amount: AMOUNT, success: 0n }));
        expect(await settlement.creditOf(addresses.delegationPools)).to.equal(CUT);
      });
    });

    describe("when the recording failed", () => {
      /** A settlement whose recording failed, and the registry as it was before. */
      async function failed() {
        const world = await loadFixture(withDelegator);
        const { system, actors } = world;
        const code = await ethers.provider.getCode(system.addresses.registry);
        await networkHelpers.setCode(system.addresses.registry, "0xfe");
        const work = workOf(world, { amount: AMOUNT });
        const settling = await lockAndSettle(world, work);
        await networkHelpers.setCode(system.addresses.registry, code);
        return { ...world, work, settling, stranger: actors.stranger };
      }

      it("is nothing: the provider has all its pay", async () => {
        const { system, actors, settling, work } = await failed();
        await expect(settling)
          .to.emit(system.settlement, "RecordingFailed")
          .withArgs(tupleOf(work), 200n * OCTO);
        await expect(settling).not.to.emit(system.settlement, "DelegatorsCredited");
        expect(await system.settlement.creditOf(actors.provider.address)).to.equal(800n * OCTO);
        expect(await system.settlement.creditOf(system.addresses.delegationPools)).to.equal(0n);
      });

      it("is nothing when it is replayed, for the pay has been paid", async () => {
        const { system, actors, work, stranger } = await failed();
        const { settlement, delegationPools, addresses } = system;
        const replaying = await settlement.connect(stranger).replay(work, 200n * OCTO);
        await expect(replaying).to.emit(system.registry, "TaskRecorded");
        await expect(replaying).not.to.emit(settlement, "DelegatorsCredited");
        await expect(replaying).not.to.emit(delegationPools, "RewardsAccrued");
        expect(await settlement.creditOf(actors.provider.address)).to.equal(800n * OCTO);
        expect(await settlement.creditOf(addresses.delegationPools)).to.equal(0n);
      });
    });

    describe("when the registry names what it likes", () => {
      for (const cut of [240n * OCTO, 240n * OCTO + 1n, 800n * OCTO, 2n ** 128n, MaxUint256]) {
        it(`is 30 % of the pay at most, for a cut of ${cut} wei`, async () => {
          const world = await loadFixture(withDelegator);
          const { settlement } = world.system;
          const { provider, other } = world.actors;
          await registryNames(world, 0n, cut, BigInt(other.address));
          await expect(lockAndSettle(world, workOf(world, { amount: AMOUNT })))
            .to.emit(settlement, "DelegatorsCredited")
            .withArgs(provider.address, other.address, 240n * OCTO);
          expect(await settlement.creditOf(other.address)).to.equal(240n * OCTO);
          expect(await settlement.creditOf(provider.address)).to.equal(560n * OCTO);
        });
      }

      it("is what it names below that", async () => {
        const world = await loadFixture(withDelegator);
        const { settlement } = world.system;
        const { provider, other } = world.actors;
        await registryNames(world, 0n, 240n * OCTO - 1n, BigInt(other.address));
        await lockAndSettle(world, workOf(world, { amount: AMOUNT }));
        expect(await settlement.creditOf(other.address)).to.equal(240n * OCTO - 1n);
        expect(await settlement.creditOf(provider.address)).to.equal(560n * OCTO + 1n);
      });

      for (const [whom, at] of [
        ["nobody", () => 0n],
        ["the vault", ({ system }: MarketWorld) => BigInt(system.addresses.settlement)],
      ] as const) {
        it(`is nothing if it names ${whom}, and the work is recorded`, async () => {
          const world = await loadFixture(withDelegator);
          const { settlement, roleTokens } = world.system;
          const { provider } = world.actors;
          await registryNames(world, 0n, 100n * OCTO, at(world));
          const settling = await lockAndSettle(world, workOf(world, { amount: AMOUNT }));
          await expect(settling).not.to.emit(settlement, "DelegatorsCredited");
          await expect(settling).not.to.emit(settlement, "RecordingFailed");
          await expect(settling).to.changeTokenBalance(ethers, roleTokens.D, provider, 12n * OCTO);
          expect(await settlement.creditOf(provider.address)).to.equal(800n * OCTO);
          const { held, owed } = await booksOf(
            world,
            [world.at],
            Object.values(world.actors).map(({ address }) => address),
          );
          expect(owed).to.equal(held);
        });
      }

      it("is nothing, and the work is not recorded, if it names what is no address", async () => {
        const world = await loadFixture(withDelegator);
        const { settlement } = world.system;
        const work = workOf(world, { amount: AMOUNT });
        await registryNames(world, 0n, OCTO, 2n ** 160n);
        await expect(lockAndSettle(world, work))
          .to.emit(settlement, "RecordingFailed")
          .withArgs(tupleOf(work), 200n * OCTO);
        expect(await settlement.creditOf(work.provider)).to.equal(800n * OCTO);
      });

      it("may go to the provider itself, who then has all its pay", async () => {
        const world = await loadFixture(withDelegator);
        const { settlement } = world.system;
        const { provider } = world.actors;
        await registryNames(world, 0n, MaxUint256, BigInt(provider.address));
        await lockAndSettle(world, workOf(world, { amount: AMOUNT }));
        expect(await settlement.creditOf(provider.address)).to.equal(800n * OCTO);
      });
    });

    describe("when just enough gas is left for recording", () => {
      it("is booked although every slot of the pools, the orchestrator and the tokens is new (A-27)", async () => {
        const world = await loadFixture(withDelegator);
        const { system, actors, market, at } = world;
        const work = workOf(world, { amount: AMOUNT, orchestrator: actors.other.address });
        await market.lockFromCredit(escrowFor(work));
        const data = market.interface.encodeFunctionData("settle", [work]);
        const call = { to: at, data, from: actors.relayer.address };
        const succeeds = async (gasLimit: bigint) =>
          ethers.provider.call({ ...call, gasLimit }).then(
            () => true,
            () => false,
          );
        let [low, high] = [200_000n, 3_000_000n];
        while (high - low > 1n) {
          const middle = (low + high) / 2n;
          if (await succeeds(middle)) high = middle;
          else low = middle;
        }
        const settling = await actors.relayer.sendTransaction({ to: at, data, gasLimit: high });
        await expect(settling).not.to.emit(system.settlement, "RecordingFailed");
        await expect(settling)
          .to.emit(system.settlement, "DelegatorsCredited")
          .withArgs(actors.provider.address, system.addresses.delegationPools, 56n * OCTO);
      });
    });
  });
});
