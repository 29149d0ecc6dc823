import { expect } from "chai";
import type { ContractTransactionResponse } from "ethers";

import { roleId } from "../../deploy/roles.ts";
import { ethers, loadFixture, OCTO, time } from "../support/fixture.ts";
import { impersonated } from "../support/jobs.ts";
import { epochCapOf } from "../support/models/emission.ts";
import { escrowFor, lockAndSettle, type MarketWorld, type Work, withMarket, workOf } from "../support/testMarket.ts";
import { emptyInto } from "../support/vesting.ts";

const [A, S, D, O] = [roleId("A"), roleId("S"), roleId("D"), roleId("O")];
const EPOCH = 7n * 86_400n;
const GWEI = 10n ** 9n;
const TARGET = 1_000_000n * OCTO;
const WEIGHT_OF_D = 1_500n;
const WEIGHT_OF_O = 1_000n;
/** What a newcomer's first work mints of its amount: a fee of 20 %, times 0.12, times 0.53375. */
const MINTED_PART = 1_281n;
const OF_AMOUNT = 100_000n;

/** A cap as the vault keeps it: in whole gwei. */
function capOf(epoch: bigint, weight: bigint, volume: bigint, previousVolume: bigint): bigint {
  const cap = epochCapOf(epoch, weight, TARGET, volume, previousVolume);
  return cap - (cap % GWEI);
}

/** The client has 2 billion OCTO of credit, and the epoch has just begun. */
async function withRiches(): Promise<MarketWorld> {
  const world = await loadFixture(withMarket);
  const { octo, settlement, addresses } = world.system;
  await emptyInto(world.system, "treasuryVesting", world.actors.treasury);
  for (const actor of [world.actors.treasury, world.actors.liquidity]) {
    const riches = await octo.balanceOf(actor.address);
    await octo.connect(actor).approve(addresses.settlement, riches);
    await settlement.connect(actor).deposit(world.actors.client.address, riches);
  }
  await nextEpoch(world);
  return world;
}

/** To a minute after the beginning of the epoch after this one, or of the one so many later. */
async function nextEpoch({ system }: MarketWorld, epochs = 1n): Promise<void> {
  const epoch = await system.settlement.currentEpoch();
  await time.increaseTo((await system.octo.genesisAt()) + (epoch + epochs) * EPOCH + 60n);
}

/** How many of a role's tokens a transaction made. */
async function mintedIn({ system }: MarketWorld, letter: "A" | "D" | "O", settling: ContractTransactionResponse) {
  const { blockNumber } = (await settling.wait())!;
  const supplyAt = (blockTag: number) => system.roleTokens[letter].totalSupply({ blockTag });
  return (await supplyAt(blockNumber)) - (await supplyAt(blockNumber - 1));
}

/** A settlement of 10 million OCTO, which asks for more OCTO-D than the first epochs allow. */
function giant(world: MarketWorld, rest: Partial<Work> = {}): Work {
  return workOf(world, { amount: 10_000_000n * OCTO, ...rest });
}

describe("Settlement", () => {
  describe("an epoch's cap (V-7, I-13)", () => {
    it("is the cap of an empty network in the first epochs", async () => {
      const { system } = await withRiches();
      expect(await system.settlement.mintableOf(D)).to.equal(capOf(1n, WEIGHT_OF_D, 0n, 0n));
    });

    it("is nothing for a role that has no weight", async () => {
      const { system } = await withRiches();
      expect(await system.settlement.mintableOf(9n)).to.equal(0n);
    });

    describe("when a settlement stays below it", () => {
      it("lowers what is left by what was minted, rounded up to gwei", async () => {
        const world = await withRiches();
        const settling = await lockAndSettle(world, workOf(world, { amount: 1_000n * OCTO + 987_654_321n }));
        const minted = await mintedIn(world, "D", settling);
        expect(minted % GWEI).to.be.greaterThan(0n);
        const used = ((minted + GWEI - 1n) / GWEI) * GWEI;
        expect(await world.system.settlement.mintableOf(D)).to.equal(capOf(1n, WEIGHT_OF_D, 0n, 0n) - used);
      });
    });

    describe("when a settlement asks for more (A-109)", () => {
      it("mints what is left and not a wei more", async () => {
        const world = await withRiches();
        const cap = capOf(1n, WEIGHT_OF_D, 0n, 0n);
        const work = giant(world);
        expect((work.amount * MINTED_PART) / OF_AMOUNT).to.be.greaterThan(cap);
        expect(await mintedIn(world, "D", await lockAndSettle(world, work))).to.equal(cap);
        expect(await world.system.settlement.mintableOf(D)).to.equal(0n);
      });

      it("earmarks and commits only what was minted (V-4)", async () => {
        const world = await withRiches();
        await lockAndSettle(world, giant(world));
        const cap = capOf(1n, WEIGHT_OF_D, 0n, 0n);
        expect(await world.system.settlement.earmarkOf(D)).to.equal(cap);
        expect((await world.system.settlement.sums()).committed).to.equal(cap);
      });

      it("pays in full", async () => {
        const world = await withRiches();
        const work = giant(world);
        await lockAndSettle(world, work);
        expect(await world.system.settlement.creditOf(work.provider)).to.equal((work.amount * 8n) / 10n);
      });

      it("mints nothing more in the same epoch, and records all the same", async () => {
        const world = await withRiches();
        await lockAndSettle(world, giant(world));
        const settling = await lockAndSettle(world, workOf(world, { amount: 1_000n * OCTO }));
        expect(await mintedIn(world, "D", settling)).to.equal(0n);
        await expect(settling).to.emit(world.system.registry, "TaskRecorded");
      });

      it("never mints later what was refused", async () => {
        const world = await withRiches();
        await lockAndSettle(world, giant(world));
        await nextEpoch(world);
        const cap = capOf(2n, WEIGHT_OF_D, 10_000_000n * OCTO, 0n);
        expect(await world.system.settlement.mintableOf(D)).to.equal(cap);
      });

      it("leaves other roles theirs (A-98)", async () => {
        const world = await withRiches();
        await lockAndSettle(world, giant(world));
        expect(
          await mintedIn(world, "A", await lockAndSettle(world, workOf(world, { role: A, amount: 100n * OCTO }))),
        ).to.be.greaterThan(0n);
      });
    });

    describe("when an orchestrator was named", () => {
      it("takes his fifth out of the cap of role O, and the rest out of the work's role", async () => {
        const world = await withRiches();
        const work = giant(world, { amount: 1_000n * OCTO, orchestrator: world.actors.orchestrator.address });
        const settling = await lockAndSettle(world, work);
        const { settlement } = world.system;
        const [forProvider, forOrchestrator] = [
          await mintedIn(world, "D", settling),
          await mintedIn(world, "O", settling),
        ];
        expect(forOrchestrator).to.equal((forProvider + forOrchestrator) / 5n);
        const used = (minted: bigint) => ((minted + GWEI - 1n) / GWEI) * GWEI;
        expect(await settlement.mintableOf(D)).to.equal(capOf(1n, WEIGHT_OF_D, 0n, 0n) - used(forProvider));
        expect(await settlement.mintableOf(O)).to.equal(capOf(1n, WEIGHT_OF_O, 0n, 0n) - used(forOrchestrator));
      });

      it("mints him his fifth when the work's role has nothing left", async () => {
        const world = await withRiches();
        await lockAndSettle(world, giant(world));
        const work = workOf(world, { amount: 1_000n * OCTO, orchestrator: world.actors.orchestrator.address });
        const settling = await lockAndSettle(world, work);
        expect(await mintedIn(world, "D", settling)).to.equal(0n);
        expect(await mintedIn(world, "O", settling)).to.be.greaterThan(0n);
      });
    });

    describe("when epochs go by", () => {
      it("follows the volumes of the two finished epochs", async () => {
        const world = await withRiches();
        await lockAndSettle(world, workOf(world, { amount: 400_000n * OCTO }));
        await nextEpoch(world);
        await lockAndSettle(world, workOf(world, { amount: 500_000n * OCTO }));
        expect(await world.system.settlement.mintableOf(D)).to.be.lessThan(capOf(2n, WEIGHT_OF_D, 400_000n * OCTO, 0n));
        await nextEpoch(world);
        const cap = capOf(3n, WEIGHT_OF_D, 500_000n * OCTO, 400_000n * OCTO);
        expect(await world.system.settlement.mintableOf(D)).to.equal(cap);
      });

      it("is fixed with the epoch's first work, whatever is settled in it", async () => {
        const world = await withRiches();
        await lockAndSettle(world, workOf(world, { amount: 10n * OCTO }));
        const left = await world.system.settlement.mintableOf(D);
        const minted = await mintedIn(
          world,
          "D",
          await lockAndSettle(world, workOf(world, { amount: 900_000n * OCTO })),
        );
        expect(await world.system.settlement.mintableOf(D)).to.equal(left - ((minted + GWEI - 1n) / GWEI) * GWEI);
      });

      it("takes an epoch in which nothing was settled as empty", async () => {
        const world = await withRiches();
        await lockAndSettle(world, workOf(world, { amount: 400_000n * OCTO }));
        await nextEpoch(world, 2n);
        expect(await world.system.settlement.mintableOf(D)).to.equal(capOf(3n, WEIGHT_OF_D, 0n, 400_000n * OCTO));
      });

      it("costs the same after ten epochs without work, plus 10 % (A-94)", async () => {
        const world = await withRiches();
        const settle = async () =>
          (await (await lockAndSettle(world, workOf(world, { amount: 100n * OCTO }))).wait())!.gasUsed;
        await settle();
        await nextEpoch(world);
        const [afterOne] = [await settle()];
        await nextEpoch(world, 11n);
        expect(Number(await settle())).to.be.at.most(Number(afterOne) * 1.1);
      });

      it("keeps every epoch's volume", async () => {
        const world = await withRiches();
        const { settlement } = world.system;
        for (const amount of [10n, 20n, 30n]) {
          await lockAndSettle(world, workOf(world, { amount: amount * OCTO }));
          await lockAndSettle(world, workOf(world, { amount: amount * OCTO }));
          await nextEpoch(world, 3n);
        }
        const volumes = await Promise.all([0n, 1n, 2n, 4n, 7n, 10n].map((epoch) => settlement.volumeOf(D, epoch)));
        expect(volumes).to.deep.equal([0n, 20n, 0n, 40n, 60n, 0n].map((amount) => amount * OCTO));
      });

      it("shows the volumes before an epoch, the latest first, and none before genesis", async () => {
        const world = await withRiches();
        const { settlement } = world.system;
        for (const amount of [10n, 20n, 30n, 40n, 50n, 60n]) {
          await lockAndSettle(world, workOf(world, { amount: amount * OCTO }));
          await nextEpoch(world);
        }
        // 10 in epoch 1, 60 in epoch 6.
        const before = async (epoch: bigint, count: bigint) =>
          (await settlement.volumesBefore(D, epoch, count)).map((volume) => volume / OCTO);
        expect(await before(7n, 13n)).to.deep.equal([60n, 50n, 40n, 30n, 20n, 10n, ...Array<bigint>(7).fill(0n)]);
        expect(await before(3n, 2n)).to.deep.equal([20n, 10n]);
        expect(await before(0n, 2n)).to.deep.equal([0n, 0n]);
        expect(await before(7n, 0n)).to.deep.equal([]);
      });

      it("opens a new one with the second in which it begins (A-94)", async () => {
        const world = await withRiches();
        const { settlement, octo } = world.system;
        await world.market.lockFromCredit(escrowFor(giant(world)));
        await world.market.lockFromCredit(escrowFor(giant(world)));
        const boundary = (await octo.genesisAt()) + 2n * EPOCH;
        await time.setNextBlockTimestamp(boundary - 1n);
        await world.market.settle(giant(world));
        expect(await settlement.volumeOf(D, 1n)).to.equal(10_000_000n * OCTO);
        await time.setNextBlockTimestamp(boundary);
        const minted = await mintedIn(world, "D", await world.market.settle(giant(world)));
        const used = ((minted + GWEI - 1n) / GWEI) * GWEI;
        expect(minted).to.be.greaterThan(0n);
        expect(await settlement.mintableOf(D)).to.equal(capOf(2n, WEIGHT_OF_D, 10_000_000n * OCTO, 0n) - used);
      });
    });

    describe("when governance sets its parameters", () => {
      it("keeps the cap of the epoch that has begun, and follows from the next on", async () => {
        const world = await withRiches();
        const { settlement, emissionSchedule } = world.system;
        await lockAndSettle(world, workOf(world, { amount: 100n * OCTO }));
        const left = await settlement.mintableOf(D);
        await emissionSchedule.connect(world.actors.admin).setWeight(D, 0n);
        expect(await settlement.mintableOf(D)).to.equal(left);
        await nextEpoch(world);
        expect(await settlement.mintableOf(D)).to.equal(0n);
      });
    });
  });

  describe("the engine's doors to what backs role tokens", () => {
    async function backed() {
      const world = await withRiches();
      await lockAndSettle(world, workOf(world, { amount: 1_000n * OCTO }));
      const { settlement, addresses } = world.system;
      const engine = settlement.connect(await impersonated(addresses.engine));
      return { ...world, settlement, engine, earmark: await settlement.earmarkOf(D) };
    }

    for (const [name, call] of [
      ["draw", (from: Awaited<ReturnType<typeof backed>>["settlement"]) => from.draw(D, 1n)],
      ["giveBack", (from: Awaited<ReturnType<typeof backed>>["settlement"]) => from.giveBack(D, 1n)],
      ["moveEarmark", (from: Awaited<ReturnType<typeof backed>>["settlement"]) => from.moveEarmark(D, A, 1n)],
    ] as const) {
      for (const who of ["stranger", "admin", "provider"] as const) {
        it(`${name} reverts with SettlementCallerNotEngine for the ${who}`, async () => {
          const { settlement, actors, system } = await backed();
          await expect(call(settlement.connect(actors[who])))
            .to.be.revertedWithCustomError(settlement, "SettlementCallerNotEngine")
            .withArgs(actors[who].address, system.addresses.engine);
        });
      }
    }

    for (const [name, call] of [
      ["draw", (from: Awaited<ReturnType<typeof backed>>["engine"], amount: bigint) => from.draw(D, amount)],
      ["giveBack", (from: Awaited<ReturnType<typeof backed>>["engine"], amount: bigint) => from.giveBack(D, amount)],
      [
        "moveEarmark",
        (from: Awaited<ReturnType<typeof backed>>["engine"], amount: bigint) => from.moveEarmark(D, A, amount),
      ],
    ] as const) {
      it(`${name} reverts with SettlementEarmarkTooSmall for a wei too much (A-98)`, async () => {
        const { engine, settlement, earmark } = await backed();
        await expect(call(engine, earmark + 1n))
          .to.be.revertedWithCustomError(settlement, "SettlementEarmarkTooSmall")
          .withArgs(D, earmark, earmark + 1n);
        expect(await settlement.earmarkOf(D)).to.equal(earmark);
      });
    }

    it("draw lowers the earmark, and what is committed stays committed (V-4)", async () => {
      const { engine, settlement, earmark } = await backed();
      await expect(engine.draw(D, earmark)).to.emit(settlement, "EarmarkDrawn").withArgs(D, earmark);
      expect(await settlement.earmarkOf(D)).to.equal(0n);
      expect((await settlement.sums()).committed).to.equal(earmark);
    });

    it("giveBack lowers the earmark and opens as much budget (V-4)", async () => {
      const { engine, settlement, earmark } = await backed();
      await expect(engine.giveBack(D, earmark - 1n))
        .to.emit(settlement, "EarmarkGivenBack")
        .withArgs(D, earmark - 1n);
      expect(await settlement.earmarkOf(D)).to.equal(1n);
      expect((await settlement.sums()).committed).to.equal(1n);
    });

    it("moveEarmark moves it to another role and no other, and commits nothing more", async () => {
      const { engine, settlement, earmark } = await backed();
      await expect(engine.moveEarmark(D, A, 3n))
        .to.emit(settlement, "EarmarkMoved")
        .withArgs(D, A, 3n);
      expect(await Promise.all([D, A, S].map((role) => settlement.earmarkOf(role)))).to.deep.equal([
        earmark - 3n,
        3n,
        0n,
      ]);
      expect((await settlement.sums()).committed).to.equal(earmark);
    });

    it("moveEarmark to the same role changes nothing", async () => {
      const { engine, settlement, earmark } = await backed();
      await engine.moveEarmark(D, D, earmark);
      expect(await settlement.earmarkOf(D)).to.equal(earmark);
    });

    it("keep a role's epoch and volume as they are", async () => {
      const { engine, settlement, earmark } = await backed();
      const before = [await settlement.mintableOf(D), await settlement.volumeOf(D, 1n)];
      await engine.draw(D, earmark);
      expect([await settlement.mintableOf(D), await settlement.volumeOf(D, 1n)]).to.deep.equal(before);
    });

    it("an earmark that came before a role's first work is kept by it", async () => {
      const { engine, settlement, ...world } = await backed();
      await engine.moveEarmark(D, A, 5n);
      await lockAndSettle(
        world as unknown as MarketWorld,
        workOf(world as unknown as MarketWorld, { role: A, amount: 100n * OCTO }),
      );
      expect(await settlement.earmarkOf(A)).to.be.greaterThan(5n);
      expect(ethers.isAddress(world.at)).to.equal(true);
    });
  });
});
