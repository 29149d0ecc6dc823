import { expect } from "chai";
import type { ContractTransactionResponse } from "ethers";
import fc from "fast-check";

import { roleId, SCHEDULES } from "../../deploy/roles.ts";
import { dealOf } from "../../scripts/lib/deal.ts";
import { type Split, splitOf } from "../../scripts/lib/split.ts";
import { ethers, loadFixture, networkHelpers, OCTO, time, type World } from "../support/fixture.ts";
import { mintedFor } from "../support/models/emission.ts";
import { GENESIS_SCHEDULES } from "../support/models/feeSchedule.ts";
import { budgetOpenedAt } from "../support/models/mintBudget.ts";
import { add, points, type TrackRecord } from "../support/models/score.ts";
import {
  booksOf,
  escrowFor,
  lockAndSettle,
  type MarketWorld,
  nonceOf,
  refundOf,
  tupleOf,
  type Work,
  withMarket,
  workOf,
} from "../support/testMarket.ts";
import { emptyInto } from "../support/vesting.ts";

const { ZeroAddress } = ethers;
const AMOUNT = 1_000n * OCTO;
const INTENSITY = 12n * 10n ** 16n;
const EPOCH = 7n * 86_400n;
const YEAR = 365n * 86_400n;
const [A, D, O] = [roleId("A"), roleId("D"), roleId("O")];
const { SERVICE } = SCHEDULES;
const WHOLE_STEP_FEE = 20n * OCTO;

/** For 1,000 OCTO under Service: 200 x 0.12 x 0.5 of a score up to 20, 0.53375 of the 21.8 after a first task of 100s. */
const SCORE = { fresh: 1_900_000n, newcomer: 2_180_000n } as const;
const MINTED = { nobody: 12n * OCTO, newcomer: (1_281n * OCTO) / 100n } as const;

/** How a BrokenRegistry fails, in the order of its modes. */
const FAILURES = ["reverts", "burns all gas", "returns nothing", "reverts with a bomb of data"] as const;
const RETURNS_BOMB = 4n;
const RETURNS_GIANT_SCORE = 5n;

/** The client has 2 billion OCTO of credit, so that no amount is too large for a single settlement. */
async function withRiches(): Promise<MarketWorld> {
  const world = await loadFixture(withMarket);
  const { system, actors } = world;
  await emptyInto(system, "treasuryVesting", actors.treasury);
  const riches = await system.octo.balanceOf(actors.treasury.address);
  await system.octo.connect(actors.treasury).approve(system.addresses.settlement, riches);
  await system.settlement.connect(actors.treasury).deposit(actors.client.address, riches);
  return world;
}

async function upgradeRegistry({ system, actors }: World, implementation: string): Promise<void> {
  await system.registry.connect(actors.admin).upgradeToAndCall(implementation, "0x");
}

/** Puts a registry that fails, or answers nonsense, in the real one's place; returns the way back. */
async function breakRegistry(world: World, mode: bigint): Promise<() => Promise<void>> {
  const slot = "0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc";
  const word = await networkHelpers.getStorageAt(world.system.addresses.registry, slot);
  const real = ethers.getAddress(ethers.dataSlice(word, 12));
  const broken = await ethers.deployContract("BrokenRegistry", [mode]);
  await upgradeRegistry(world, await broken.getAddress());
  return () => upgradeRegistry(world, real);
}

async function timestampOf(transaction: ContractTransactionResponse): Promise<bigint> {
  const receipt = await transaction.wait();
  return BigInt((await ethers.provider.getBlock(receipt!.blockNumber))!.timestamp);
}

function sharesOf(schedule: bigint) {
  return GENESIS_SCHEDULES.find(({ id }) => id === schedule)!;
}

function partsOf({ amount, schedule, orchestrator }: Work): Split & { fee: bigint } {
  const parts = splitOf(amount, sharesOf(schedule), orchestrator !== ZeroAddress);
  return { ...parts, fee: parts.treasury + parts.burn + parts.voters };
}

/** A fee's part of a whole step of the score, in basis points. */
function weightOf(fee: bigint): bigint {
  const part = (fee * 10_000n) / WHOLE_STEP_FEE;
  return part < 10_000n ? part : 10_000n;
}

/** The provider's score once this transaction has recorded the work, by the model from the record before it. */
async function scoreAfter({ system }: World, work: Work, recording: ContractTransactionResponse): Promise<bigint> {
  const blockTag = (await recording.wait())!.blockNumber - 1;
  const { record } = await system.registry.positionOf(work.provider, work.role, { blockTag });
  const at = await timestampOf(recording);
  const before = (record as unknown as { toObject(): TrackRecord }).toObject();
  return points(add(before, weightOf(partsOf(work).fee), work.success, work.speed, at), at);
}

/** What recording this work must mint if the budget does not bind. */
async function mintOf(world: World, work: Work, recording: ContractTransactionResponse): Promise<bigint> {
  const score = await scoreAfter(world, work, recording);
  return mintedFor(partsOf(work).fee, INTENSITY, score, ethers.MaxUint256);
}

describe("Settlement", () => {
  describe("settle", () => {
    describe("when the market is not allowed to", () => {
      it("reverts with SettlementRoleNotAdmitted for a role it was not admitted for", async () => {
        const world = await loadFixture(withRiches);
        await world.market.lockFromCredit(escrowFor(workOf(world)));
        await expect(world.market.settle(workOf(world, { role: 9n })))
          .to.be.revertedWithCustomError(world.system.settlement, "SettlementRoleNotAdmitted")
          .withArgs(world.at, 9n);
      });

      it("reverts with SettlementScheduleNotAdmitted for a schedule it was not admitted for", async () => {
        const world = await loadFixture(withRiches);
        await world.market.lockFromCredit(escrowFor(workOf(world)));
        await expect(world.market.settle(workOf(world, { schedule: 5n })))
          .to.be.revertedWithCustomError(world.system.settlement, "SettlementScheduleNotAdmitted")
          .withArgs(world.at, 5n);
      });
    });

    describe("when nobody can be paid", () => {
      for (const who of ["provider", "orchestrator"] as const) {
        it(`reverts with SettlementInvalidRecipient if the vault itself is the ${who}`, async () => {
          const world = await loadFixture(withRiches);
          const vault = world.system.addresses.settlement;
          await world.market.lockFromCredit(escrowFor(workOf(world)));
          await expect(world.market.settle(workOf(world, { [who]: vault })))
            .to.be.revertedWithCustomError(world.system.settlement, "SettlementInvalidRecipient")
            .withArgs(vault);
        });
      }

      it("reverts with SettlementInvalidRecipient if there is no provider", async () => {
        const world = await loadFixture(withRiches);
        await world.market.lockFromCredit(escrowFor(workOf(world)));
        await expect(world.market.settle(workOf(world, { provider: ZeroAddress })))
          .to.be.revertedWithCustomError(world.system.settlement, "SettlementInvalidRecipient")
          .withArgs(ZeroAddress);
      });
    });

    for (const { name, id: schedule } of GENESIS_SCHEDULES) {
      describe(`when the schedule is ${name}`, () => {
        for (const orchestrated of [false, true]) {
          const what = orchestrated ? "with an orchestrator" : "without orchestrator";

          it(`splits any amount to the wei ${what} (I-14, V-3)`, async () => {
            const amounts = fc.oneof(
              fc.bigInt(1n, 20_000n),
              fc.bigInt(1n, 2n * 10n ** 27n),
              fc.constantFrom(1n, 9_999n, 10_000n, 10_001n, 10n * OCTO - 1n, 10n * OCTO, 2n * 10n ** 27n),
            );
            await fc.assert(
              fc.asyncProperty(amounts, async (amount) => {
                const world = await loadFixture(withRiches);
                const { settlement } = world.system;
                const { client, provider, orchestrator } = world.actors;
                const work = workOf(world, {
                  amount,
                  schedule,
                  orchestrator: orchestrated ? orchestrator.address : ZeroAddress,
                });
                const accounts = [provider.address, orchestrator.address, client.address];
                const before = await booksOf(world, [world.at], accounts);
                await lockAndSettle(world, work);
                const after = await booksOf(world, [world.at], accounts);

                const parts = splitOf(amount, sharesOf(schedule), orchestrated);
                const { treasury, burn, voters } = parts;
                expect(after.fees).to.deep.equal({ treasury, burn, voters });
                expect(after.credits.map((credit, index) => credit - before.credits[index]!)).to.deep.equal([
                  parts.provider,
                  parts.orchestrator,
                  -amount,
                ]);
                expect(after.escrows).to.deep.equal([0n]);
                expect(after.owed).to.equal(after.held);
                expect(await settlement.creditOf(ZeroAddress)).to.equal(0n);
              }),
              { numRuns: 25 },
            );
          });
        }

        it("adds up what fees have accrued", async () => {
          const world = await loadFixture(withRiches);
          const works = [AMOUNT + 1n, 12_345n, 7n].map((amount) => workOf(world, { amount, schedule }));
          for (const work of works) await lockAndSettle(world, work);
          const sum = (leg: "treasury" | "burn" | "voters") =>
            works.reduce((total, work) => total + partsOf(work)[leg], 0n);
          const { fees } = await booksOf(world, [], []);
          expect(fees).to.deep.equal({ treasury: sum("treasury"), burn: sum("burn"), voters: sum("voters") });
        });
      });
    }

    describe("when only a part of the balance is settled", () => {
      it("leaves the rest to the market", async () => {
        const world = await loadFixture(withRiches);
        const work = workOf(world, { amount: AMOUNT });
        await world.market.lockFromCredit(escrowFor(work));
        await world.market.settle({ ...work, amount: AMOUNT / 4n });
        await world.market.refund(refundOf(work.client, AMOUNT / 4n), false);
        expect((await world.system.settlement.marketOf(world.at)).balance).to.equal(AMOUNT / 2n);
      });
    });

    describe("when the amount is zero (M-23)", () => {
      it("pays nobody and records nothing", async () => {
        const world = await loadFixture(withRiches);
        const { settlement, registry } = world.system;
        const before = await booksOf(world, [world.at], [world.actors.provider.address]);
        await expect(world.market.settle(workOf(world, { amount: 0n }))).not.to.emit(registry, "TaskRecorded");
        expect(await booksOf(world, [world.at], [world.actors.provider.address])).to.deep.equal(before);
        expect(await settlement.volumeOf(D, await settlement.currentEpoch())).to.equal(0n);
      });
    });

    describe("when it succeeds", () => {
      it("emits Settled with everything an indexer needs", async () => {
        const world = await loadFixture(withRiches);
        const { client, provider, orchestrator } = world.actors;
        await expect(
          lockAndSettle(world, workOf(world, { amount: AMOUNT, orchestrator: orchestrator.address, role: A })),
        )
          .to.emit(world.system.settlement, "Settled")
          .withArgs(world.at, client.address, provider.address, orchestrator.address, A, SERVICE, AMOUNT);
      });

      it("returns what the provider received", async () => {
        const world = await loadFixture(withRiches);
        const { orchestrator } = world.actors;
        const work = workOf(world, { amount: AMOUNT + 9_999n, orchestrator: orchestrator.address });
        await world.market.lockFromCredit(escrowFor(work));
        expect(await world.market.settle.staticCall(work)).to.equal(partsOf(work).provider);
      });

      it("moves no token as long as everybody is paid by credit", async () => {
        const { system, actors, ...rest } = await loadFixture(withRiches);
        const { octo, addresses } = system;
        const work = workOf({ system, actors }, { amount: AMOUNT, orchestrator: actors.orchestrator.address });
        await expect(lockAndSettle({ system, actors, ...rest }, work)).to.changeTokenBalances(
          ethers,
          octo,
          [actors.client, actors.provider, actors.orchestrator, actors.treasury, addresses.settlement],
          [0n, 0n, 0n, 0n, 0n],
        );
      });
    });

    describe("when somebody has chosen to be paid by transfer", () => {
      for (const choosing of [["provider"], ["orchestrator"], ["provider", "orchestrator"]] as const) {
        it(`transfers to the ${choosing.join(" and the ")}, to the wei`, async () => {
          const world = await loadFixture(withRiches);
          const { system, actors, market } = world;
          const { provider, orchestrator } = actors;
          for (const name of choosing) await system.settlement.connect(actors[name]).setPayOut(true);
          const work = workOf(world, { amount: AMOUNT + 3n, orchestrator: orchestrator.address });
          await market.lockFromCredit(escrowFor(work));
          const parts = partsOf(work);
          const paidOut = (name: "provider" | "orchestrator") =>
            choosing.some((chosen) => chosen === name) ? parts[name] : 0n;

          await expect(market.settle(work)).to.changeTokenBalances(
            ethers,
            system.octo,
            [provider, orchestrator, system.addresses.settlement],
            [paidOut("provider"), paidOut("orchestrator"), -paidOut("provider") - paidOut("orchestrator")],
          );
          const { settlement } = system;
          expect(await settlement.creditOf(provider.address)).to.equal(parts.provider - paidOut("provider"));
          expect(await settlement.creditOf(orchestrator.address)).to.equal(
            parts.orchestrator - paidOut("orchestrator"),
          );
        });
      }

      it("pays an account that accepts nothing all the same: a token asks nobody (M-07, A-101)", async () => {
        const { system, ...rest } = await loadFixture(withRiches);
        const world = { system, ...rest };
        const provider = system.addresses.emissionSchedule;
        const work = workOf(world, { provider });
        await lockAndSettle(world, work);
        expect(await system.settlement.creditOf(provider)).to.equal(partsOf(work).provider);
      });
    });
  });

  describe("recording", () => {
    describe("when the amount is around the smallest recorded settlement", () => {
      it("records nothing a wei below it", async () => {
        const world = await loadFixture(withRiches);
        const { settlement, registry, roleTokens } = world.system;
        const supply = await roleTokens.D.totalSupply();
        const work = workOf(world, { amount: 10n * OCTO - 1n, orchestrator: world.actors.orchestrator.address });
        const settling = await lockAndSettle(world, work);
        await expect(settling).not.to.emit(registry, "TaskRecorded");
        await expect(settling).not.to.emit(settlement, "RecordingFailed");
        expect([
          await settlement.earmarkOf(D),
          await settlement.volumeOf(D, await settlement.currentEpoch()),
        ]).to.deep.equal([0n, 0n]);
        expect((await settlement.sums()).committed).to.equal(0n);
        expect(await roleTokens.D.totalSupply()).to.equal(supply);
        expect((await world.system.providerLens.statusOf(work.provider, D)).tasks).to.equal(0n);
      });

      it("pays a wei below it like any other", async () => {
        const world = await loadFixture(withRiches);
        const work = workOf(world, { amount: 10n * OCTO - 1n });
        await lockAndSettle(world, work);
        expect(await world.system.settlement.creditOf(work.provider)).to.equal(partsOf(work).provider);
      });

      it("records exactly at it", async () => {
        const world = await loadFixture(withRiches);
        const { settlement, registry } = world.system;
        const work = workOf(world, { amount: 10n * OCTO });
        // A fee of 2 OCTO is a tenth of a whole step.
        await expect(lockAndSettle(world, work))
          .to.emit(registry, "TaskRecorded")
          .withArgs(work.provider, D, 1n, 1_928_000n);
        expect(await settlement.volumeOf(D, await settlement.currentEpoch())).to.equal(10n * OCTO);
      });

      it("follows the parameter", async () => {
        const world = await loadFixture(withRiches);
        const { emissionSchedule, registry } = world.system;
        await emissionSchedule.connect(world.actors.admin).setSmallestRecorded(50n * OCTO);
        await expect(lockAndSettle(world, workOf(world, { amount: 50n * OCTO - 1n }))).not.to.emit(
          registry,
          "TaskRecorded",
        );
        await expect(lockAndSettle(world, workOf(world, { amount: 50n * OCTO }))).to.emit(registry, "TaskRecorded");
      });
    });

    describe("when the work is of no role", () => {
      it("is split, but neither minted for nor scored nor counted", async () => {
        const world = await loadFixture(withRiches);
        const { settlement, registry, roleTokens } = world.system;
        const { orchestrator } = world.actors;
        const work = workOf(world, { amount: AMOUNT, role: 0n, schedule: SCHEDULES.DATA });
        const supply = await roleTokens.O.totalSupply();
        for (const named of [ZeroAddress, orchestrator.address]) {
          await expect(lockAndSettle(world, { ...work, orchestrator: named })).not.to.emit(registry, "TaskRecorded");
        }
        expect(await settlement.creditOf(work.provider)).to.equal(2n * partsOf(work).provider);
        expect((await settlement.sums()).committed).to.equal(0n);
        for (const role of [0n, O])
          expect([
            await settlement.earmarkOf(role),
            await settlement.volumeOf(role, await settlement.currentEpoch()),
          ]).to.deep.equal([0n, 0n]);
        expect(await roleTokens.O.totalSupply()).to.equal(supply);
      });
    });

    describe("when no orchestrator was named", () => {
      it("mints fee x intensity x multiplier of the role's token to the provider", async () => {
        const world = await loadFixture(withRiches);
        const { settlement, roleTokens } = world.system;
        for (const [letter, schedule] of [
          ["D", SERVICE],
          ["A", SERVICE],
          ["S", SCHEDULES.INFRASTRUCTURE],
          ["B", SCHEDULES.INFRASTRUCTURE],
          ["W", SCHEDULES.WHOLESALE],
        ] as const) {
          const work = workOf(world, { amount: AMOUNT + 123_456_789n, role: roleId(letter), schedule });
          const settling = await lockAndSettle(world, work);
          const minted = await mintOf(world, work, settling);
          await expect(settling).to.changeTokenBalance(ethers, roleTokens[letter], work.provider, minted);
          expect(await settlement.earmarkOf(roleId(letter))).to.equal(minted);
        }
      });

      it("mints 0.06405 of the fee for the first task of a newcomer: 12.81 OCTO-D for 1,000 OCTO", async () => {
        const world = await loadFixture(withRiches);
        const { roleTokens } = world.system;
        const work = workOf(world, { amount: AMOUNT });
        await expect(lockAndSettle(world, work)).to.changeTokenBalance(
          ethers,
          roleTokens.D,
          work.provider,
          MINTED.newcomer,
        );
      });

      for (const years of [1n, 3n]) {
        it(`mints more for a position of ${years} years, as its score has grown`, async () => {
          const world = await loadFixture(withRiches);
          const { roleTokens } = world.system;
          await time.increase(years * YEAR);
          const work = workOf(world, { amount: AMOUNT });
          const settling = await lockAndSettle(world, work);
          const minted = await mintOf(world, work, settling);
          expect(minted).to.be.greaterThan(MINTED.newcomer);
          await expect(settling).to.changeTokenBalance(ethers, roleTokens.D, work.provider, minted);
        });
      }

      it("mints at the lowest multiplier for a provider that was never active", async () => {
        const world = await loadFixture(withRiches);
        const work = workOf(world, { amount: AMOUNT, provider: world.actors.other.address });
        await expect(lockAndSettle(world, work)).to.changeTokenBalance(
          ethers,
          world.system.roleTokens.D,
          work.provider,
          MINTED.nobody,
        );
      });

      it("mints twice the fee's share, and no more, whatever score the registry reports", async () => {
        const world = await loadFixture(withRiches);
        await breakRegistry(world, RETURNS_GIANT_SCORE);
        const work = workOf(world, { amount: AMOUNT });
        await expect(lockAndSettle(world, work)).to.changeTokenBalance(
          ethers,
          world.system.roleTokens.D,
          work.provider,
          48n * OCTO,
        );
      });

      it("counts a task of the provider and of nobody else", async () => {
        const world = await loadFixture(withRiches);
        const { registry } = world.system;
        const { provider, orchestrator } = world.actors;
        await lockAndSettle(world, workOf(world));
        await expect(lockAndSettle(world, workOf(world)))
          .to.emit(registry, "TaskRecorded")
          .withArgs(provider.address, D, 2n, SCORE.newcomer);
        expect((await world.system.providerLens.statusOf(provider.address, A)).tasks).to.equal(0n);
        expect((await world.system.providerLens.statusOf(orchestrator.address, O)).tasks).to.equal(0n);
      });
    });

    describe("when an orchestrator was named", () => {
      async function orchestrated(amount: bigint, role = D) {
        const world = await loadFixture(withRiches);
        const work = workOf(world, { amount, role, orchestrator: world.actors.orchestrator.address });
        const settling = await lockAndSettle(world, work);
        const minted = await mintOf(world, work, settling);
        return { ...world, work, settling, minted, forOrchestrator: minted / 5n };
      }

      it("mints a fifth in OCTO-O to the orchestrator and the rest to the provider", async () => {
        const { system, work, settling, minted, forOrchestrator } = await orchestrated(AMOUNT + 987_654_321n);
        await expect(settling).to.changeTokenBalance(
          ethers,
          system.roleTokens.D,
          work.provider,
          minted - forOrchestrator,
        );
        await expect(settling).to.changeTokenBalance(ethers, system.roleTokens.O, work.orchestrator, forOrchestrator);
      });

      it("earmarks and counts the volume for both roles, and commits the sum", async () => {
        const { system, minted, forOrchestrator } = await orchestrated(AMOUNT + 987_654_321n);
        const { settlement } = system;
        expect(await settlement.earmarkOf(D)).to.equal(minted - forOrchestrator);
        expect(await settlement.earmarkOf(O)).to.equal(forOrchestrator);
        // In whole gwei, rounded down.
        for (const role of [D, O]) expect(await settlement.volumeOf(role, 0n)).to.equal(AMOUNT);
        expect((await settlement.sums()).committed).to.equal(minted);
      });

      it("is a task of its own in role O", async () => {
        const { system, work, settling } = await orchestrated(AMOUNT);
        await expect(settling).to.emit(system.registry, "TaskRecorded").withArgs(work.provider, D, 1n, SCORE.newcomer);
        await expect(settling)
          .to.emit(system.registry, "TaskRecorded")
          .withArgs(work.orchestrator, O, 1n, SCORE.newcomer);
      });

      it("earmarks all of it for role O if that is the work's role too", async () => {
        const { system, minted } = await orchestrated(AMOUNT, O);
        expect(await system.settlement.earmarkOf(O)).to.equal(minted);
      });

      it("counts the volume once if that is the work's role too", async () => {
        const { system } = await orchestrated(AMOUNT, O);
        expect(await system.settlement.volumeOf(O, 0n)).to.equal(AMOUNT);
      });
    });

    describe("when the intensity has changed (M-03)", () => {
      it("mints by the new intensity from then on", async () => {
        const world = await loadFixture(withRiches);
        const { emissionSchedule, roleTokens } = world.system;
        await emissionSchedule.connect(world.actors.admin).setIntensity(INTENSITY / 3n);
        const work = workOf(world, { amount: AMOUNT });
        await expect(lockAndSettle(world, work)).to.changeTokenBalance(
          ethers,
          roleTokens.D,
          work.provider,
          MINTED.newcomer / 3n,
        );
      });

      it("mints nothing at an intensity of zero, and records all the same", async () => {
        const world = await loadFixture(withRiches);
        const { emissionSchedule, roleTokens, registry, settlement } = world.system;
        await emissionSchedule.connect(world.actors.admin).setIntensity(0n);
        const work = workOf(world, { amount: AMOUNT, orchestrator: world.actors.orchestrator.address });
        const settling = await lockAndSettle(world, work);
        await expect(settling).to.emit(registry, "TaskRecorded").withArgs(work.provider, D, 1n, SCORE.newcomer);
        await expect(settling).not.to.emit(roleTokens.D, "Transfer");
        await expect(settling).not.to.emit(roleTokens.O, "Transfer");
        expect(await settlement.volumeOf(D, await settlement.currentEpoch())).to.equal(AMOUNT);
      });
    });

    describe("when epochs go by", () => {
      it("counts epochs of 7 days from genesis and starts the volume anew in each (A-94)", async () => {
        const world = await loadFixture(withRiches);
        const { octo, settlement } = world.system;
        const genesisAt = await octo.genesisAt();
        const work = workOf(world, { amount: AMOUNT });
        const settleAt = async (moment: bigint, amount: bigint) => {
          await world.market.lockFromCredit(escrowFor({ ...work, amount }));
          await time.setNextBlockTimestamp(moment);
          await world.market.settle({ ...work, amount });
          const epoch = await settlement.currentEpoch();
          return [epoch, await settlement.volumeOf(D, epoch)];
        };

        expect(await settleAt(genesisAt + EPOCH - 10n, AMOUNT)).to.deep.equal([0n, AMOUNT]);
        expect(await settleAt(genesisAt + EPOCH - 1n, 20n * OCTO)).to.deep.equal([0n, AMOUNT + 20n * OCTO]);
        expect(await settleAt(genesisAt + EPOCH + 1n, 30n * OCTO)).to.deep.equal([1n, 30n * OCTO]);
        expect(await settleAt(genesisAt + 2n * EPOCH, 40n * OCTO)).to.deep.equal([2n, 40n * OCTO]);
        expect(await settleAt(genesisAt + 9n * EPOCH + 5n, 50n * OCTO)).to.deep.equal([9n, 50n * OCTO]);
        expect(await settleAt(genesisAt + 10n * EPOCH - 1n, 60n * OCTO)).to.deep.equal([9n, 110n * OCTO]);
      });

      it("keeps what was earmarked from epoch to epoch", async () => {
        const world = await loadFixture(withRiches);
        const { settlement } = world.system;
        const work = workOf(world, { amount: AMOUNT });
        const first = await mintOf(world, work, await lockAndSettle(world, work));
        await time.increase(EPOCH);
        const second = await mintOf(world, work, await lockAndSettle(world, work));
        expect(await settlement.earmarkOf(D)).to.equal(first + second);
      });

      it("keeps the roles' volumes apart (A-98)", async () => {
        const world = await loadFixture(withRiches);
        const { settlement } = world.system;
        await lockAndSettle(world, workOf(world, { amount: AMOUNT }));
        await time.increase(EPOCH);
        await lockAndSettle(world, workOf(world, { amount: 3n * AMOUNT, role: A }));
        const volumes = (role: bigint) => Promise.all([0n, 1n].map((epoch) => settlement.volumeOf(role, epoch)));
        expect(await volumes(D)).to.deep.equal([AMOUNT, 0n]);
        expect(await volumes(A)).to.deep.equal([0n, 3n * AMOUNT]);
      });
    });
  });

  describe("openBudget", () => {
    it("is what has opened since genesis, less what is committed (V-4)", async () => {
      const world = await loadFixture(withRiches);
      const { settlement, octo } = world.system;
      const genesisAt = await octo.genesisAt();
      await lockAndSettle(world, workOf(world, { amount: AMOUNT }));
      const { committed } = await settlement.sums();
      expect(committed).to.equal(MINTED.newcomer);
      await time.increase(YEAR);
      const now = BigInt(await time.latest());
      const budget = await settlement.openBudget({ blockTag: "latest" });
      expect(budget).to.be.oneOf([now, now + 1n].map((at) => budgetOpenedAt(at - genesisAt) - committed));
    });
  });

  describe("when the registry fails", () => {
    for (const [mode, failure] of FAILURES.entries()) {
      describe(`because it ${failure} (A-27, M-11)`, () => {
        async function failed() {
          const world = await loadFixture(withRiches);
          const repair = await breakRegistry(world, BigInt(mode));
          const work = workOf(world, { amount: AMOUNT, orchestrator: world.actors.orchestrator.address });
          const before = await booksOf(world, [world.at], [work.provider, work.orchestrator]);
          const settling = await lockAndSettle(world, work);
          return { ...world, repair, work, before, settling, parts: partsOf(work) };
        }

        it("pays everybody to the wei", async () => {
          const world = await failed();
          const { parts, before } = world;
          const after = await booksOf(world, [world.at], [world.work.provider, world.work.orchestrator]);
          expect(after.credits).to.deep.equal([
            before.credits[0]! + parts.provider,
            before.credits[1]! + parts.orchestrator,
          ]);
          expect(after.fees).to.deep.equal({ treasury: parts.treasury, burn: parts.burn, voters: parts.voters });
          expect(after.escrows).to.deep.equal([0n]);
        });

        it("emits RecordingFailed with the work and its fee", async () => {
          const { system, settling, work, parts } = await failed();
          await expect(settling).to.emit(system.settlement, "RecordingFailed").withArgs(tupleOf(work), parts.fee);
        });

        it("mints, earmarks and counts nothing", async () => {
          const { system, settling } = await failed();
          await expect(settling).not.to.emit(system.roleTokens.D, "Transfer");
          expect([
            await system.settlement.earmarkOf(D),
            await system.settlement.volumeOf(D, await system.settlement.currentEpoch()),
          ]).to.deep.equal([0n, 0n]);
          expect((await system.settlement.sums()).committed).to.equal(0n);
        });

        it("stays below a million gas", async () => {
          const { settling } = await failed();
          expect((await settling.wait())!.gasUsed).to.be.lessThan(1_000_000n);
        });

        it("lets a replay wait until the registry is repaired", async () => {
          const { system, actors, work, parts } = await failed();
          const { settlement } = system;
          let refused = false;
          await settlement
            .connect(actors.stranger)
            .replay(work, parts.fee, { gasLimit: 2_000_000n })
            .catch(() => (refused = true));
          expect(refused).to.equal(true);
          expect(await settlement.unrecorded(work, parts.fee)).to.equal(1n);
        });

        it("can be replayed by anyone once it is repaired", async () => {
          const world = await failed();
          const { system, actors, repair, work, parts } = world;
          await repair();
          const replaying = await system.settlement.connect(actors.stranger).replay(work, parts.fee);
          const minted = await mintOf(world, work, replaying);
          await expect(replaying).to.emit(system.settlement, "Replayed").withArgs(tupleOf(work), parts.fee);
          await expect(replaying)
            .to.emit(system.registry, "TaskRecorded")
            .withArgs(work.provider, D, 1n, SCORE.newcomer);
          await expect(replaying).to.changeTokenBalance(
            ethers,
            system.roleTokens.D,
            work.provider,
            minted - minted / 5n,
          );
          await expect(replaying).to.changeTokenBalance(ethers, system.roleTokens.O, work.orchestrator, minted / 5n);
        });
      });
    }

    describe("because it returns a bomb of data after a score", () => {
      it("reads the score only and records (A-27)", async () => {
        const world = await loadFixture(withRiches);
        const { settlement, roleTokens } = world.system;
        await breakRegistry(world, RETURNS_BOMB);
        const work = workOf(world, { amount: AMOUNT });
        const settling = await lockAndSettle(world, work);
        await expect(settling).not.to.emit(settlement, "RecordingFailed");
        await expect(settling).to.changeTokenBalance(ethers, roleTokens.D, work.provider, 12n * OCTO);
      });
    });
  });

  describe("replay", () => {
    async function unrecorded(times = 1) {
      const world = await loadFixture(withRiches);
      const repair = await breakRegistry(world, 0n);
      const work = workOf(world, { amount: AMOUNT });
      for (let time = 0; time < times; ++time) await lockAndSettle(world, work);
      return { ...world, repair, work, fee: partsOf(work).fee };
    }

    describe("when nothing waits to be recorded", () => {
      it("reverts with SettlementNothingToReplay", async () => {
        const world = await loadFixture(withRiches);
        const work = workOf(world, { amount: AMOUNT });
        await lockAndSettle(world, work);
        await expect(world.system.settlement.replay(work, partsOf(work).fee))
          .to.be.revertedWithCustomError(world.system.settlement, "SettlementNothingToReplay")
          .withArgs(tupleOf(work), partsOf(work).fee);
      });
    });

    describe("when something else is named than what waits (A-80)", () => {
      const changes: Record<string, (work: Work, fee: bigint) => [Work, bigint]> = {
        "another fee": (work, fee) => [work, fee + 1n],
        "another amount": (work, fee) => [{ ...work, amount: work.amount + 1n }, fee],
        "another provider": (work, fee) => [{ ...work, provider: work.client }, fee],
        "another client": (work, fee) => [{ ...work, client: work.provider }, fee],
        "an orchestrator": (work, fee) => [{ ...work, orchestrator: work.client }, fee],
        "another role": (work, fee) => [{ ...work, role: A }, fee],
        "another schedule": (work, fee) => [{ ...work, schedule: SCHEDULES.DATA }, fee],
        "another success": (work, fee) => [{ ...work, success: 99n }, fee],
        "another speed": (work, fee) => [{ ...work, speed: 99n }, fee],
        "work that was bound": (work, fee) => [{ ...work, bound: true }, fee],
      };
      for (const [what, change] of Object.entries(changes)) {
        it(`reverts with SettlementNothingToReplay for ${what}`, async () => {
          const { system, repair, work, fee } = await unrecorded();
          await repair();
          const [otherWork, otherFee] = change(work, fee);
          await expect(system.settlement.replay(otherWork, otherFee))
            .to.be.revertedWithCustomError(system.settlement, "SettlementNothingToReplay")
            .withArgs(tupleOf(otherWork), otherFee);
        });
      }
    });

    describe("when the registry still fails", () => {
      it("reverts with the registry's reason and keeps the work waiting", async () => {
        const { system, actors, work, fee } = await unrecorded();
        const broken = await ethers.getContractAt("BrokenRegistry", system.addresses.registry);
        await expect(system.settlement.connect(actors.stranger).replay(work, fee)).to.be.revertedWithCustomError(
          broken,
          "BrokenRegistryReverts",
        );
        expect(await system.settlement.unrecorded(work, fee)).to.equal(1n);
      });
    });

    describe("when it was replayed before", () => {
      it("reverts with SettlementNothingToReplay the second time", async () => {
        const { system, actors, repair, work, fee } = await unrecorded();
        await repair();
        await system.settlement.connect(actors.stranger).replay(work, fee);
        expect(await system.settlement.unrecorded(work, fee)).to.equal(0n);
        await expect(system.settlement.connect(actors.stranger).replay(work, fee))
          .to.be.revertedWithCustomError(system.settlement, "SettlementNothingToReplay")
          .withArgs(tupleOf(work), fee);
      });
    });

    describe("when the same work failed several times", () => {
      it("is replayed as often, and no more", async () => {
        const { system, actors, repair, work, fee } = await unrecorded(3);
        const { settlement } = system;
        expect(await settlement.unrecorded(work, fee)).to.equal(3n);
        await repair();
        let minted = 0n;
        for (const left of [2n, 1n, 0n]) {
          const replaying = await settlement.connect(actors.stranger).replay(work, fee);
          minted += await mintOf({ system, actors }, work, replaying);
          expect(await settlement.unrecorded(work, fee)).to.equal(left);
        }
        await expect(settlement.connect(actors.stranger).replay(work, fee))
          .to.be.revertedWithCustomError(settlement, "SettlementNothingToReplay")
          .withArgs(tupleOf(work), fee);
        expect((await system.providerLens.statusOf(work.provider, D)).tasks).to.equal(3n);
        expect((await settlement.sums()).committed).to.equal(minted);
      });
    });

    describe("when it succeeds", () => {
      it("pays nobody a second time", async () => {
        const world = await unrecorded();
        await world.repair();
        const accounts = Object.values(world.actors).map(({ address }) => address);
        const before = await booksOf(world, [world.at], accounts);
        await world.system.settlement.connect(world.actors.stranger).replay(world.work, world.fee);
        expect(await booksOf(world, [world.at], accounts)).to.deep.equal(before);
      });

      it("earmarks and counts in the epoch of the replay", async () => {
        const { system, actors, repair, work, fee } = await unrecorded();
        await repair();
        await time.increase(2n * EPOCH);
        const replaying = await system.settlement.connect(actors.stranger).replay(work, fee);
        const minted = await mintOf({ system, actors }, work, replaying);
        expect(await system.settlement.earmarkOf(D)).to.equal(minted);
        expect(await system.settlement.currentEpoch()).to.equal(2n);
        expect(await system.settlement.volumeOf(D, 2n)).to.equal(AMOUNT);
      });
    });
  });

  describe("recordWork", () => {
    const RECORDING = { fee: 1n, intensity: 1n, weight: 1n, pay: 1n };

    for (const caller of ["stranger", "admin"] as const) {
      it(`reverts with SettlementCallerNotSelf for the ${caller}`, async () => {
        const world = await loadFixture(withRiches);
        const { settlement } = world.system;
        await expect(settlement.connect(world.actors[caller]).recordWork(workOf(world), RECORDING))
          .to.be.revertedWithCustomError(settlement, "SettlementCallerNotSelf")
          .withArgs(world.actors[caller].address);
      });
    }

    it("reverts with SettlementCallerNotSelf for an admitted market", async () => {
      const world = await loadFixture(withRiches);
      const { settlement } = world.system;
      const call = settlement.interface.encodeFunctionData("recordWork", [workOf(world), RECORDING]);
      await expect(world.market.batch([settlement], [call]))
        .to.be.revertedWithCustomError(settlement, "SettlementCallerNotSelf")
        .withArgs(world.at);
    });
  });

  describe("gas", () => {
    const FLOOR = 400_000n + 400_000n / 63n + 160_000n;

    type Call = { to: string; data: string; from: string };

    /** How a call ends that brings this much gas: not at all, or with the name of the error. */
    async function endOf({ system }: World, call: Call, gas: bigint): Promise<string> {
      try {
        await ethers.provider.call({ ...call, gasLimit: gas });
        return "success";
      } catch (error) {
        const data = ethers.isError(error, "CALL_EXCEPTION") ? error.data : (error as { data?: string }).data;
        if (typeof data !== "string" || data === "0x") return "out of gas";
        return system.settlement.interface.parseError(data)?.name ?? "unknown error";
      }
    }

    /** The least gas with which a call succeeds. */
    async function leastGasOf(world: World, call: Call): Promise<bigint> {
      let [low, high] = [200_000n, 3_000_000n];
      expect(await endOf(world, call, low)).not.to.equal("success");
      expect(await endOf(world, call, high)).to.equal("success");
      while (high - low > 1n) {
        const middle = (low + high) / 2n;
        if ((await endOf(world, call, middle)) === "success") high = middle;
        else low = middle;
      }
      return high;
    }

    /** 1,000 OCTO locked for work in which everything is recorded for the first time. */
    async function locked() {
      const world = await loadFixture(withRiches);
      const work = workOf(world, {
        amount: AMOUNT,
        provider: world.actors.evaluator.address,
        orchestrator: world.actors.other.address,
      });
      await world.market.lockFromCredit(escrowFor(work));
      const data = world.market.interface.encodeFunctionData("settle", [work]);
      return { ...world, work, call: { to: world.at, data, from: world.actors.relayer.address } };
    }

    describe("when too little is left for recording", () => {
      it("reverts with SettlementGasTooLow (A-27)", async () => {
        const { system, actors, market, work } = await locked();
        let available = 0n;
        await expect(market.connect(actors.relayer).getFunction("settle").send(work, { gasLimit: 550_000n }))
          .to.be.revertedWithCustomError(system.settlement, "SettlementGasTooLow")
          .withArgs((left: bigint) => (available = left) < FLOOR, FLOOR);
        expect(available).to.be.greaterThan(0n);
      });

      it("moves nothing", async () => {
        const world = await locked();
        const { market, actors, work, at } = world;
        const accounts = [work.provider, work.orchestrator];
        const before = await booksOf(world, [at], accounts);
        const sent = market.connect(actors.relayer).getFunction("settle").send(work, { gasLimit: 550_000n });
        await expect(sent).to.be.revertedWithCustomError(world.system.settlement, "SettlementGasTooLow");
        expect(await booksOf(world, [at], accounts)).to.deep.equal(before);
      });

      it("asks for no such gas below the smallest recorded settlement", async () => {
        const { market, actors, system, ...rest } = await locked();
        const work = { ...rest.work, amount: 10n * OCTO - 1n };
        await market.connect(actors.relayer).getFunction("settle").send(work, { gasLimit: 300_000n });
        expect(await system.settlement.creditOf(work.provider)).to.equal(partsOf(work).provider);
      });
    });

    describe("when just enough is left for recording", () => {
      it("records although every slot is new", async () => {
        const world = await locked();
        const { system, actors, call, work } = world;
        const least = await leastGasOf(world, call);
        expect(await endOf(world, call, least - 1n)).to.equal("SettlementGasTooLow");
        const settling = await actors.relayer.sendTransaction({ to: call.to, data: call.data, gasLimit: least });
        await expect(settling).not.to.emit(system.settlement, "RecordingFailed");
        await expect(settling).to.emit(system.registry, "TaskRecorded").withArgs(work.orchestrator, O, 1n, 0n);
      });

      for (const [mode, failure] of FAILURES.entries()) {
        it(`pays although the registry ${failure}: no gas lies between too little and enough (A-27)`, async () => {
          const world = await locked();
          const { system, actors, call, work } = world;
          await breakRegistry(world, BigInt(mode));
          const least = await leastGasOf(world, call);
          expect(await endOf(world, call, least - 1n)).to.equal("SettlementGasTooLow");
          await expect(actors.relayer.sendTransaction({ to: call.to, data: call.data, gasLimit: least }))
            .to.emit(system.settlement, "RecordingFailed")
            .withArgs(tupleOf(work), partsOf(work).fee);
          expect(await system.settlement.creditOf(work.provider)).to.equal(partsOf(work).provider);
        });
      }

      it("completes a job although the registry burns all gas (A-27)", async () => {
        const world = await loadFixture(withRiches);
        const { system, actors } = world;
        const { client, provider, orchestrator } = actors;
        const deal = dealOf(
          { client: client.address, provider: provider.address },
          { orchestrator: orchestrator.address },
        );
        await system.jobMarket.connect(client).hire(deal, AMOUNT, { nonce: 0n, deadline: 0n, signature: "0x" });
        await system.jobMarket.connect(provider).submit(1n, nonceOf(ZeroAddress, ethers.ZeroHash), "0x");
        await breakRegistry(world, 1n);
        const data = system.jobMarket.interface.encodeFunctionData("complete", [1n, ethers.ZeroHash, "0x"]);
        const call = { to: system.addresses.jobMarket, data, from: client.address };
        const least = await leastGasOf(world, call);
        expect(await endOf(world, call, least - 1n)).to.equal("SettlementGasTooLow");
        await expect(client.sendTransaction({ to: call.to, data, gasLimit: least })).to.emit(
          system.settlement,
          "RecordingFailed",
        );
        expect(await system.settlement.creditOf(provider.address)).to.equal(700n * OCTO);
      });
    });
  });

  describe("frozen terms (M-03)", () => {
    it("splits running work as on the day of its lock, whatever the administrator adds or sets", async () => {
      const world = await loadFixture(withRiches);
      const { emissionSchedule, settlement } = world.system;
      const admin = emissionSchedule.connect(world.actors.admin);
      const work = workOf(world, { amount: AMOUNT, orchestrator: world.actors.orchestrator.address });
      await world.market.lockFromCredit(escrowFor(work));

      await admin.addFeeSchedule({ orchestrator: 0n, treasury: 3_000n, burn: 2_000n, voters: 0n });
      await admin.setIntensity(0n);
      await admin.setSmallestRecorded(1_000n * OCTO);
      await admin.setWholeStepFee(1_000n * OCTO);
      await settlement.connect(world.actors.admin).admitMarket(world.at, 0n, 1n << 5n);
      await world.market.settle(work);

      const parts = partsOf(work);
      expect(await settlement.creditOf(work.provider)).to.equal(parts.provider);
      expect(await settlement.creditOf(work.orchestrator)).to.equal(parts.orchestrator);
      const { fees } = await booksOf(world, [], []);
      expect(fees).to.deep.equal({ treasury: parts.treasury, burn: parts.burn, voters: parts.voters });
    });

    it("has no function that changes a row: all that is restricted adds or sets what all rows share", async () => {
      const { system } = await loadFixture(withRiches);
      const writing: string[] = [];
      system.emissionSchedule.interface.forEachFunction(({ name, constant }) => {
        if (!constant) writing.push(name);
      });
      expect(writing.toSorted()).to.deep.equal([
        "addFeeSchedule",
        "setAuthority",
        "setIntensity",
        "setSmallestRecorded",
        "setTargetVolume",
        "setWeight",
        "setWholeStepFee",
      ]);
    });

    it("leaves all four rows of genesis as they were", async () => {
      const world = await loadFixture(withRiches);
      const { emissionSchedule } = world.system;
      const admin = emissionSchedule.connect(world.actors.admin);
      await admin.addFeeSchedule({ orchestrator: 0n, treasury: 3_000n, burn: 2_000n, voters: 0n });
      await admin.setIntensity(1n);
      await admin.setSmallestRecorded(2n * OCTO);
      await admin.setWholeStepFee(OCTO);
      for (const { id, orchestrator, treasury, burn, voters } of GENESIS_SCHEDULES) {
        const { schedule } = await emissionSchedule.termsOf(id);
        expect([...schedule]).to.deep.equal([orchestrator, treasury, burn, voters]);
      }
    });

    it("stays settleable when the schedule's market is paused and closed (M-20)", async () => {
      const world = await loadFixture(withRiches);
      const work = workOf(world, { amount: AMOUNT });
      await world.market.lockFromCredit(escrowFor(work));
      await world.market.closeMarket();
      await world.system.settlement.connect(world.actors.guardian).pauseMarket(world.at);
      await world.market.settle(work);
      expect(await world.system.settlement.creditOf(work.provider)).to.equal(partsOf(work).provider);
    });
  });
});
