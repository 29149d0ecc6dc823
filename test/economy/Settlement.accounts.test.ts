import { expect } from "chai";

import { ACCESS } from "../../deploy/access.ts";
import { bitmap, roleId, SCHEDULES } from "../../deploy/roles.ts";
import { dealOf, NO_CONSENT } from "../../scripts/lib/deal.ts";
import { splitOf } from "../../scripts/lib/split.ts";
import { ethers, loadFixture, OCTO, time } from "../support/fixture.ts";
import { GENESIS_SCHEDULES } from "../support/models/feeSchedule.ts";
import {
  ALL_ROLES,
  ALL_SCHEDULES,
  booksOf,
  deployTestMarket,
  LATER,
  lockAndSettle,
  lockOf,
  type MarketWorld,
  ratingOf,
  refundOf,
  withMarket,
  workOf,
} from "../support/testMarket.ts";

const { ZeroAddress } = ethers;
const AMOUNT = 1_000n * OCTO;
const MOST = 2n ** 96n - 1n;
const [A, O, D] = [roleId("A"), roleId("O"), roleId("D")];
const { SERVICE, DATA } = SCHEDULES;
const FEES = splitOf(AMOUNT, GENESIS_SCHEDULES[0]!, false);

/** 1,000 OCTO of the client were settled for the provider; 1,000 more lie in escrow. */
async function withSettled(): Promise<MarketWorld> {
  const world = await loadFixture(withMarket);
  await lockAndSettle(world, workOf(world, { amount: AMOUNT }));
  await world.market.lockFromCredit(lockOf(world, { amount: AMOUNT }));
  return world;
}

describe("Settlement", () => {
  describe("deposit", () => {
    describe("when the amount is out of bounds (M-23)", () => {
      it("reverts with SettlementZeroAmount for 0", async () => {
        const { system, actors } = await loadFixture(withMarket);
        await expect(
          system.settlement.connect(actors.other).deposit(actors.other.address, 0n),
        ).to.be.revertedWithCustomError(system.settlement, "SettlementZeroAmount");
      });

      for (const amount of [MOST + 1n, 2n ** 128n - 1n]) {
        it(`reverts with SettlementAmountTooLarge for ${amount}`, async () => {
          const { system, actors } = await loadFixture(withMarket);
          await expect(system.settlement.connect(actors.other).deposit(actors.other.address, amount))
            .to.be.revertedWithCustomError(system.settlement, "SettlementAmountTooLarge")
            .withArgs(amount, MOST);
        });
      }

      it("reverts with SettlementAmountTooLarge if only the credit with it is too large", async () => {
        const { system, actors } = await loadFixture(withMarket);
        const { settlement } = system;
        const credit = await settlement.creditOf(actors.client.address);
        await expect(settlement.connect(actors.other).deposit(actors.client.address, MOST - credit + 1n))
          .to.be.revertedWithCustomError(settlement, "SettlementAmountTooLarge")
          .withArgs(MOST + 1n, MOST);
      });
    });

    describe("when the credit could never be taken out", () => {
      it("reverts with SettlementInvalidRecipient for the zero address and for the vault", async () => {
        const { system, actors } = await loadFixture(withMarket);
        for (const account of [ZeroAddress, system.addresses.settlement]) {
          await expect(system.settlement.connect(actors.other).deposit(account, AMOUNT))
            .to.be.revertedWithCustomError(system.settlement, "SettlementInvalidRecipient")
            .withArgs(account);
        }
      });
    });

    describe("when the payer cannot pay", () => {
      it("reverts with ERC20InsufficientAllowance without an allowance to the vault", async () => {
        const { system, actors } = await loadFixture(withMarket);
        await system.octo.connect(actors.other).approve(system.addresses.settlement, AMOUNT - 1n);
        await expect(system.settlement.connect(actors.other).deposit(actors.other.address, AMOUNT))
          .to.be.revertedWithCustomError(system.octo, "ERC20InsufficientAllowance")
          .withArgs(system.addresses.settlement, AMOUNT - 1n, AMOUNT);
      });

      it("reverts with ERC20InsufficientBalance without the OCTO", async () => {
        const { system, actors } = await loadFixture(withMarket);
        const balance = await system.octo.balanceOf(actors.other.address);
        await expect(system.settlement.connect(actors.other).deposit(actors.other.address, balance + 1n))
          .to.be.revertedWithCustomError(system.octo, "ERC20InsufficientBalance")
          .withArgs(actors.other.address, balance, balance + 1n);
      });
    });

    describe("when it succeeds", () => {
      it("moves the OCTO from the payer to the vault", async () => {
        const { system, actors } = await loadFixture(withMarket);
        await expect(
          system.settlement.connect(actors.other).deposit(actors.client.address, AMOUNT),
        ).to.changeTokenBalances(
          ethers,
          system.octo,
          [actors.other, actors.client, system.addresses.settlement],
          [-AMOUNT, 0n, AMOUNT],
        );
      });

      it("credits the account it names, and keeps its consents", async () => {
        const { system, actors } = await loadFixture(withMarket);
        const { settlement } = system;
        const before = await settlement.accountOf(actors.client.address);
        await settlement.connect(actors.other).deposit(actors.client.address, AMOUNT);
        const after = await settlement.accountOf(actors.client.address);
        expect([after.credit, after.consents]).to.deep.equal([before.credit + AMOUNT, before.consents]);
        expect(await settlement.creditOf(actors.other.address)).to.equal(0n);
      });

      it("credits an account that is paid by transfer too", async () => {
        const { system, actors } = await loadFixture(withMarket);
        const { settlement } = system;
        await settlement.connect(actors.other).setPayOut(true);
        await settlement.connect(actors.other).deposit(actors.other.address, AMOUNT);
        expect(await settlement.creditOf(actors.other.address)).to.equal(AMOUNT);
      });

      it("emits Deposited", async () => {
        const { system, actors } = await loadFixture(withMarket);
        await expect(system.settlement.connect(actors.other).deposit(actors.client.address, AMOUNT))
          .to.emit(system.settlement, "Deposited")
          .withArgs(actors.client.address, actors.other.address, AMOUNT);
      });
    });
  });

  describe("withdraw", () => {
    describe("when the amount is out of bounds", () => {
      it("reverts with SettlementZeroAmount for 0", async () => {
        const { system, actors } = await loadFixture(withMarket);
        await expect(
          system.settlement.connect(actors.client).withdraw(actors.client.address, 0n),
        ).to.be.revertedWithCustomError(system.settlement, "SettlementZeroAmount");
      });

      it("reverts with SettlementCreditTooSmall for a wei more than the credit", async () => {
        const { system, actors } = await loadFixture(withMarket);
        const { settlement } = system;
        const credit = await settlement.creditOf(actors.client.address);
        await expect(settlement.connect(actors.client).withdraw(actors.client.address, credit + 1n))
          .to.be.revertedWithCustomError(settlement, "SettlementCreditTooSmall")
          .withArgs(actors.client.address, credit, credit + 1n);
      });

      it("reverts with SettlementCreditTooSmall for what only 128 bits hold (A-19)", async () => {
        const { system, actors } = await loadFixture(withMarket);
        const { settlement } = system;
        const credit = await settlement.creditOf(actors.client.address);
        await expect(settlement.connect(actors.client).withdraw(actors.client.address, 2n ** 96n + 1n))
          .to.be.revertedWithCustomError(settlement, "SettlementCreditTooSmall")
          .withArgs(actors.client.address, credit, 2n ** 96n + 1n);
      });

      it("reverts with SettlementCreditTooSmall for somebody without credit", async () => {
        const { system, actors } = await loadFixture(withMarket);
        await expect(system.settlement.connect(actors.stranger).withdraw(actors.stranger.address, 1n))
          .to.be.revertedWithCustomError(system.settlement, "SettlementCreditTooSmall")
          .withArgs(actors.stranger.address, 0n, 1n);
      });
    });

    describe("when the OCTO would be lost", () => {
      it("reverts with SettlementInvalidRecipient for the zero address and for the vault", async () => {
        const { system, actors } = await loadFixture(withMarket);
        for (const to of [ZeroAddress, system.addresses.settlement]) {
          await expect(system.settlement.connect(actors.client).withdraw(to, AMOUNT))
            .to.be.revertedWithCustomError(system.settlement, "SettlementInvalidRecipient")
            .withArgs(to);
        }
      });
    });

    describe("when it succeeds", () => {
      it("pays the account itself", async () => {
        const { system, actors } = await loadFixture(withMarket);
        const { settlement, addresses } = system;
        await expect(settlement.connect(actors.client).withdraw(actors.client.address, AMOUNT)).to.changeTokenBalances(
          ethers,
          system.octo,
          [actors.client, addresses.settlement],
          [AMOUNT, -AMOUNT],
        );
      });

      it("pays whom the account names (A-89)", async () => {
        const { system, actors } = await loadFixture(withMarket);
        const { settlement, addresses } = system;
        await expect(settlement.connect(actors.client).withdraw(actors.other.address, AMOUNT)).to.changeTokenBalances(
          ethers,
          system.octo,
          [actors.client, actors.other, addresses.settlement],
          [0n, AMOUNT, -AMOUNT],
        );
      });

      it("takes it from the credit, down to nothing, and keeps the consents", async () => {
        const { system, actors } = await loadFixture(withMarket);
        const { settlement } = system;
        const { credit, consents } = await settlement.accountOf(actors.client.address);
        await settlement.connect(actors.client).withdraw(actors.client.address, credit - 1n);
        expect(await settlement.creditOf(actors.client.address)).to.equal(1n);
        await settlement.connect(actors.client).withdraw(actors.client.address, 1n);
        expect([...(await settlement.accountOf(actors.client.address))]).to.deep.equal([0n, 0n, consents]);
      });

      it("emits Withdrawn", async () => {
        const { system, actors } = await loadFixture(withMarket);
        await expect(system.settlement.connect(actors.client).withdraw(actors.other.address, AMOUNT))
          .to.emit(system.settlement, "Withdrawn")
          .withArgs(actors.client.address, actors.other.address, AMOUNT);
      });
    });
  });

  describe("refund", () => {
    describe("when nobody can be refunded", () => {
      it("reverts with SettlementInvalidRecipient for the zero address and for the vault", async () => {
        const { system, market } = await withSettled();
        for (const client of [ZeroAddress, system.addresses.settlement]) {
          await expect(market.refund(refundOf(client, AMOUNT), false))
            .to.be.revertedWithCustomError(system.settlement, "SettlementInvalidRecipient")
            .withArgs(client);
        }
      });
    });

    describe("when the market asks for too much (M-01)", () => {
      for (const excess of [1n, 2n ** 96n]) {
        it(`reverts with SettlementMarketBalanceTooSmall for ${excess} wei more than it has`, async () => {
          const { system, actors, market, at } = await withSettled();
          await expect(market.refund(refundOf(actors.client.address, AMOUNT + excess), false))
            .to.be.revertedWithCustomError(system.settlement, "SettlementMarketBalanceTooSmall")
            .withArgs(at, AMOUNT, AMOUNT + excess);
        });
      }

      it("reverts with SettlementMarketBalanceTooSmall the second time", async () => {
        const { system, actors, market, at } = await withSettled();
        await market.refund(refundOf(actors.client.address, AMOUNT), false);
        await expect(market.refund(refundOf(actors.client.address, AMOUNT), false))
          .to.be.revertedWithCustomError(system.settlement, "SettlementMarketBalanceTooSmall")
          .withArgs(at, 0n, AMOUNT);
      });
    });

    describe("when it succeeds", () => {
      it("moves the amount from the market's balance to the client's credit, whole: no fee", async () => {
        const world = await withSettled();
        const { actors, market, at } = world;
        const before = await booksOf(world, [at], [actors.client.address]);
        await market.refund(refundOf(actors.client.address, AMOUNT - 1n), false);
        const after = await booksOf(world, [at], [actors.client.address]);
        expect(after).to.deep.equal({
          ...before,
          escrows: [1n],
          credits: [before.credits[0]! + AMOUNT - 1n],
        });
      });

      it("transfers to a client who has chosen it", async () => {
        const { system, actors, market } = await withSettled();
        await system.settlement.connect(actors.client).setPayOut(true);
        await expect(market.refund(refundOf(actors.client.address, AMOUNT), false)).to.changeTokenBalances(
          ethers,
          system.octo,
          [actors.client, system.addresses.settlement],
          [AMOUNT, -AMOUNT],
        );
      });

      it("emits Refunded", async () => {
        const { system, actors, market, at } = await withSettled();
        await expect(market.refund(refundOf(actors.client.address, AMOUNT), false))
          .to.emit(system.settlement, "Refunded")
          .withArgs(at, actors.client.address, AMOUNT);
      });
    });
  });

  describe("sweep", () => {
    async function withAssembly(): Promise<MarketWorld> {
      const world = await withSettled();
      await world.system.settlement.connect(world.actors.admin).setHolders(world.actors.other.address);
      return world;
    }

    describe("when there is nothing to sweep", () => {
      it("moves nothing and says so", async () => {
        const { system, actors } = await loadFixture(withMarket);
        const supply = await system.octo.totalSupply();
        const sweeping = await system.settlement.connect(actors.stranger).sweep();
        await expect(sweeping).to.emit(system.settlement, "Swept").withArgs(0n, 0n, 0n);
        await expect(sweeping).to.changeTokenBalances(
          ethers,
          system.octo,
          [actors.treasury, system.addresses.settlement],
          [0n, 0n],
        );
        expect(await system.octo.totalSupply()).to.equal(supply);
      });
    });

    describe("when there is no Assembly yet", () => {
      it("pays the treasury its leg, whoever calls", async () => {
        const { system, actors } = await withSettled();
        await expect(system.settlement.connect(actors.stranger).sweep()).to.changeTokenBalances(
          ethers,
          system.octo,
          [actors.treasury, actors.stranger, system.addresses.settlement],
          [FEES.treasury, 0n, -FEES.treasury - FEES.burn - FEES.voters],
        );
      });

      it("burns the voters' leg with the burn leg, and opens no room under the cap (A-103)", async () => {
        const { system, actors } = await withSettled();
        const [supply, everMinted] = [await system.octo.totalSupply(), await system.octo.everMinted()];
        await system.settlement.connect(actors.stranger).sweep();
        expect(await system.octo.totalSupply()).to.equal(supply - FEES.burn - FEES.voters);
        expect(await system.octo.everMinted()).to.equal(everMinted);
      });

      it("emits Swept", async () => {
        const { system, actors } = await withSettled();
        await expect(system.settlement.connect(actors.stranger).sweep())
          .to.emit(system.settlement, "Swept")
          .withArgs(FEES.treasury, FEES.burn + FEES.voters, 0n);
      });
    });

    describe("when there is an Assembly", () => {
      it("pays treasury and Assembly their legs and burns the rest", async () => {
        const { system, actors } = await withAssembly();
        const supply = await system.octo.totalSupply();
        await expect(system.settlement.connect(actors.stranger).sweep()).to.changeTokenBalances(
          ethers,
          system.octo,
          [actors.treasury, actors.other, system.addresses.settlement],
          [FEES.treasury, FEES.voters, -FEES.treasury - FEES.burn - FEES.voters],
        );
        expect(await system.octo.totalSupply()).to.equal(supply - FEES.burn);
      });

      it("emits Swept", async () => {
        const { system, actors } = await withAssembly();
        await expect(system.settlement.connect(actors.stranger).sweep())
          .to.emit(system.settlement, "Swept")
          .withArgs(FEES.treasury, FEES.burn, FEES.voters);
      });

      it("burns the voters' leg again once the Assembly is gone", async () => {
        const { system, actors } = await withAssembly();
        await system.settlement.connect(actors.admin).setHolders(ZeroAddress);
        await expect(system.settlement.connect(actors.stranger).sweep())
          .to.emit(system.settlement, "Swept")
          .withArgs(FEES.treasury, FEES.burn + FEES.voters, 0n);
      });
    });

    describe("when it was swept before", () => {
      it("moves nothing the second time", async () => {
        const { system, actors } = await withSettled();
        await system.settlement.connect(actors.stranger).sweep();
        await expect(system.settlement.connect(actors.stranger).sweep())
          .to.emit(system.settlement, "Swept")
          .withArgs(0n, 0n, 0n);
      });

      it("moves what has accrued since", async () => {
        const world = await withSettled();
        const { settlement } = world.system;
        await settlement.sweep();
        await world.market.settle(workOf(world, { amount: AMOUNT }));
        await expect(settlement.sweep())
          .to.emit(settlement, "Swept")
          .withArgs(FEES.treasury, FEES.burn + FEES.voters, 0n);
      });
    });

    describe("when OCTO was given to the vault by mistake", () => {
      it("leaves it there: no fee, no credit, no escrow (I-01)", async () => {
        const world = await withSettled();
        const { system, actors, at } = world;
        await system.octo.connect(actors.stranger).transfer(system.addresses.settlement, AMOUNT);
        await system.settlement.sweep();
        const { held, owed } = await booksOf(world, [at], [actors.client.address, actors.provider.address]);
        expect(held - owed).to.equal(AMOUNT);
      });
    });

    it("keeps the committed budget and touches no credit and no escrow", async () => {
      const world = await withSettled();
      const { system, actors, at } = world;
      const accounts = [actors.client.address, actors.provider.address];
      const { committed } = await system.settlement.sums();
      const before = await booksOf(world, [at], accounts);
      await system.settlement.sweep();
      const after = await booksOf(world, [at], accounts);
      expect(after.fees).to.deep.equal({ treasury: 0n, burn: 0n, voters: 0n });
      expect([after.escrows, after.credits]).to.deep.equal([before.escrows, before.credits]);
      expect(after.held).to.equal(after.owed);
      expect((await system.settlement.sums()).committed).to.equal(committed);
    });
  });

  describe("admitMarket", () => {
    describe("when the caller may not", () => {
      for (const caller of ["stranger", "guardian", "deployer"] as const) {
        it(`reverts with AccessManagedUnauthorized for the ${caller}`, async () => {
          const { system, actors, at } = await loadFixture(withMarket);
          await expect(system.settlement.connect(actors[caller]).admitMarket(at, 0n, 0n))
            .to.be.revertedWithCustomError(system.settlement, "AccessManagedUnauthorized")
            .withArgs(actors[caller].address);
        });
      }
    });

    describe("when the market is no contract", () => {
      for (const who of ["stranger", "nobody"] as const) {
        it(`reverts with SettlementMarketNotContract for ${who}`, async () => {
          const { system, actors } = await loadFixture(withMarket);
          const market = who === "nobody" ? ZeroAddress : actors[who].address;
          await expect(system.settlement.connect(actors.admin).admitMarket(market, ALL_ROLES, ALL_SCHEDULES))
            .to.be.revertedWithCustomError(system.settlement, "SettlementMarketNotContract")
            .withArgs(market);
        });
      }
    });

    describe("when a role or a schedule does not exist", () => {
      for (const [what, roles, schedules] of [
        ["role 9", 1n << 9n, 0n],
        ["role 31 beside known ones", ALL_ROLES | (1n << 31n), ALL_SCHEDULES],
        ["schedule 0", 0n, 1n],
        ["schedule 5", 0n, 1n << 5n],
        ["schedule 31 beside known ones", ALL_ROLES, ALL_SCHEDULES | (1n << 31n)],
      ] as const) {
        it(`reverts with SettlementUnknownRoleOrSchedule for ${what}`, async () => {
          const { system, actors, at } = await loadFixture(withMarket);
          await expect(system.settlement.connect(actors.admin).admitMarket(at, roles, schedules))
            .to.be.revertedWithCustomError(system.settlement, "SettlementUnknownRoleOrSchedule")
            .withArgs(roles, ALL_ROLES, schedules, ALL_SCHEDULES);
        });
      }

      it("admits them from the block in which they exist", async () => {
        const { system, actors, at } = await loadFixture(withMarket);
        const { settlement, roleTokenFactory, emissionSchedule } = system;
        await roleTokenFactory.connect(actors.admin).create("CipherOcto Ninth", "OCTO-9");
        await emissionSchedule
          .connect(actors.admin)
          .addFeeSchedule({ orchestrator: 0n, treasury: 100n, burn: 100n, voters: 0n });
        await expect(settlement.connect(actors.admin).admitMarket(at, 1n << 9n, 1n << 5n))
          .to.emit(settlement, "MarketAdmitted")
          .withArgs(at, 4n, ALL_ROLES | (1n << 9n), ALL_SCHEDULES | (1n << 5n));
      });
    });

    describe("when the market is new", () => {
      it("gives it the next index, its bits and open locks", async () => {
        const world = await loadFixture(withMarket);
        const { settlement } = world.system;
        const market = await (await deployTestMarket(world)).getAddress();
        await settlement.connect(world.actors.admin).admitMarket(market, bitmap([0n, D]), bitmap([DATA]));
        expect([...(await settlement.marketOf(market))]).to.deep.equal([
          0n,
          5n,
          true,
          false,
          bitmap([0n, D]),
          bitmap([DATA]),
        ]);
      });

      it("emits MarketAdmitted", async () => {
        const world = await loadFixture(withMarket);
        const { settlement } = world.system;
        const market = await (await deployTestMarket(world)).getAddress();
        await expect(settlement.connect(world.actors.admin).admitMarket(market, bitmap([D]), bitmap([DATA])))
          .to.emit(settlement, "MarketAdmitted")
          .withArgs(market, 5n, bitmap([D]), bitmap([DATA]));
      });
    });

    describe("when the market was admitted before", () => {
      it("only ever adds bits, and keeps index, balance and pause", async () => {
        const world = await loadFixture(withMarket);
        const { settlement } = world.system;
        const narrow = await deployTestMarket(world);
        const market = await narrow.getAddress();
        const admin = settlement.connect(world.actors.admin);
        await admin.admitMarket(market, bitmap([D]), bitmap([SERVICE]));
        await settlement.connect(world.actors.client).setCreditConsent(market, true);
        await narrow.lockFromCredit(lockOf(world, { amount: AMOUNT }));
        await settlement.connect(world.actors.guardian).pauseMarket(market);

        await admin.admitMarket(market, bitmap([A]), bitmap([DATA]));
        await admin.admitMarket(market, 0n, 0n);

        expect([...(await settlement.marketOf(market))]).to.deep.equal([
          AMOUNT,
          5n,
          true,
          true,
          bitmap([A, D]),
          bitmap([SERVICE, DATA]),
        ]);
      });

      it("emits MarketAdmitted with all its bits", async () => {
        const { system, actors } = await loadFixture(withMarket);
        const { settlement, addresses } = system;
        await expect(settlement.connect(actors.admin).admitMarket(addresses.jobMarket, bitmap([0n]), bitmap([DATA])))
          .to.emit(settlement, "MarketAdmitted")
          .withArgs(addresses.jobMarket, 2n, bitmap([0n, A, O, D]), bitmap([SERVICE, DATA]));
      });

      it("opens its locks again", async () => {
        const world = await loadFixture(withMarket);
        const { settlement } = world.system;
        await world.market.closeMarket();
        expect((await settlement.marketOf(world.at)).open).to.equal(false);
        await settlement.connect(world.actors.admin).admitMarket(world.at, 0n, 0n);
        expect((await settlement.marketOf(world.at)).open).to.equal(true);
      });
    });

    describe("when there are many markets", () => {
      it("has room for 62, each with a bit of its own, and reverts with SettlementMarketsFull for the next", async () => {
        const world = await loadFixture(withMarket);
        const { system, actors } = world;
        const { settlement } = system;
        const admin = settlement.connect(actors.admin);
        const client = settlement.connect(actors.client);
        let last = world.market;
        for (let index = 5n; index <= 63n; ++index) {
          last = await deployTestMarket(world);
          await admin.admitMarket(last, bitmap([D]), bitmap([SERVICE]));
          expect((await settlement.marketOf(last)).index).to.equal(index);
        }

        await expect(last.lockFromCredit(lockOf(world)))
          .to.be.revertedWithCustomError(settlement, "SettlementCreditNotAllowed")
          .withArgs(actors.client.address, await last.getAddress());
        await client.setCreditConsent(last, true);
        await last.lockFromCredit(lockOf(world));
        const { consents } = await settlement.accountOf(actors.client.address);
        expect(consents).to.equal((1n << 63n) | (1n << 4n));

        const next = await deployTestMarket(world);
        await expect(admin.admitMarket(next, 0n, 0n))
          .to.be.revertedWithCustomError(settlement, "SettlementMarketsFull")
          .withArgs(62n);
        await expect(admin.admitMarket(last, bitmap([A]), 0n)).to.emit(settlement, "MarketAdmitted");
      });
    });
  });

  describe("closeMarket", () => {
    it("does nothing for an account that is no market", async () => {
      const { system, actors } = await loadFixture(withMarket);
      const { settlement } = system;
      await expect(settlement.connect(actors.stranger).closeMarket()).not.to.emit(settlement, "MarketClosed");
      expect([...(await settlement.marketOf(actors.stranger.address))]).to.deep.equal([0n, 0n, false, false, 0n, 0n]);
    });

    it("closes the calling market and no other", async () => {
      const { system, market, at } = await loadFixture(withMarket);
      await expect(market.closeMarket()).to.emit(system.settlement, "MarketClosed").withArgs(at);
      expect((await system.settlement.marketOf(at)).open).to.equal(false);
      expect((await system.settlement.marketOf(system.addresses.jobMarket)).open).to.equal(true);
    });
  });

  for (const [name, paused, right, wrong] of [
    ["pauseMarket", true, "guardian", ["stranger", "admin", "deployer"]],
    ["unpauseMarket", false, "admin", ["stranger", "guardian", "deployer"]],
  ] as const) {
    describe(name, () => {
      for (const caller of wrong) {
        it(`reverts with AccessManagedUnauthorized for the ${caller}`, async () => {
          const { system, actors, at } = await loadFixture(withMarket);
          await expect(system.settlement.connect(actors[caller])[name](at))
            .to.be.revertedWithCustomError(system.settlement, "AccessManagedUnauthorized")
            .withArgs(actors[caller].address);
        });
      }

      it("reverts with SettlementUnknownMarket for a market that was never admitted", async () => {
        const { system, actors } = await loadFixture(withMarket);
        await expect(system.settlement.connect(actors[right])[name](actors.stranger.address))
          .to.be.revertedWithCustomError(system.settlement, "SettlementUnknownMarket")
          .withArgs(actors.stranger.address);
      });

      it("changes the market's pause and nothing else", async () => {
        const { system, actors, at } = await loadFixture(withMarket);
        const { settlement } = system;
        await settlement.connect(actors.guardian).pauseMarket(at);
        const [balance, index, open, , roles, schedules] = await settlement.marketOf(at);
        await settlement.connect(actors[right])[name](at);
        expect([...(await settlement.marketOf(at))]).to.deep.equal([balance, index, open, paused, roles, schedules]);
        expect((await settlement.marketOf(system.addresses.jobMarket)).paused).to.equal(false);
      });

      it("emits MarketPauseSet", async () => {
        const { system, actors, at } = await loadFixture(withMarket);
        await expect(system.settlement.connect(actors[right])[name](at))
          .to.emit(system.settlement, "MarketPauseSet")
          .withArgs(at, paused);
      });
    });
  }

  describe("setTreasury", () => {
    for (const caller of ["stranger", "guardian", "deployer", "treasury"] as const) {
      it(`reverts with AccessManagedUnauthorized for the ${caller}`, async () => {
        const { system, actors } = await loadFixture(withMarket);
        await expect(system.settlement.connect(actors[caller]).setTreasury(actors.other.address))
          .to.be.revertedWithCustomError(system.settlement, "AccessManagedUnauthorized")
          .withArgs(actors[caller].address);
      });
    }

    it("reverts with SettlementInvalidRecipient for the zero address and for the vault", async () => {
      const { system, actors } = await loadFixture(withMarket);
      for (const treasury of [ZeroAddress, system.addresses.settlement]) {
        await expect(system.settlement.connect(actors.admin).setTreasury(treasury))
          .to.be.revertedWithCustomError(system.settlement, "SettlementInvalidRecipient")
          .withArgs(treasury);
      }
    });

    it("names who is paid by the next sweep", async () => {
      const { system, actors } = await withSettled();
      await system.settlement.connect(actors.admin).setTreasury(actors.other.address);
      expect(await system.settlement.treasury()).to.equal(actors.other.address);
      await expect(system.settlement.sweep()).to.changeTokenBalances(
        ethers,
        system.octo,
        [actors.treasury, actors.other],
        [0n, FEES.treasury],
      );
    });

    it("emits TreasurySet", async () => {
      const { system, actors } = await loadFixture(withMarket);
      await expect(system.settlement.connect(actors.admin).setTreasury(actors.other.address))
        .to.emit(system.settlement, "TreasurySet")
        .withArgs(actors.treasury.address, actors.other.address);
    });
  });

  describe("setHolders", () => {
    for (const caller of ["stranger", "guardian", "deployer"] as const) {
      it(`reverts with AccessManagedUnauthorized for the ${caller}`, async () => {
        const { system, actors } = await loadFixture(withMarket);
        await expect(system.settlement.connect(actors[caller]).setHolders(actors.other.address))
          .to.be.revertedWithCustomError(system.settlement, "AccessManagedUnauthorized")
          .withArgs(actors[caller].address);
      });
    }

    it("reverts with SettlementInvalidRecipient for the vault", async () => {
      const { system, actors } = await loadFixture(withMarket);
      await expect(system.settlement.connect(actors.admin).setHolders(system.addresses.settlement))
        .to.be.revertedWithCustomError(system.settlement, "SettlementInvalidRecipient")
        .withArgs(system.addresses.settlement);
    });

    it("is nobody at genesis", async () => {
      const { system } = await loadFixture(withMarket);
      expect(await system.settlement.holders()).to.equal(ZeroAddress);
    });

    it("emits HoldersSet", async () => {
      const { system, actors } = await loadFixture(withMarket);
      const admin = system.settlement.connect(actors.admin);
      await expect(admin.setHolders(actors.other.address))
        .to.emit(system.settlement, "HoldersSet")
        .withArgs(ZeroAddress, actors.other.address);
      await expect(admin.setHolders(ZeroAddress))
        .to.emit(system.settlement, "HoldersSet")
        .withArgs(actors.other.address, ZeroAddress);
    });
  });

  describe("constructor", () => {
    for (const [index, peer] of ["manager", "octo", "registry", "emissionSchedule"].entries()) {
      it(`reverts with SettlementPeerNotContract if the ${peer} has no code`, async () => {
        const { system, actors } = await loadFixture(withMarket);
        const { manager, octo, registry, emissionSchedule, engine, settlement } = system.addresses;
        const peers = [manager, octo, registry, emissionSchedule].with(index, actors.stranger.address);
        await expect(ethers.deployContract("Settlement", [...peers, engine, actors.treasury.address]))
          .to.be.revertedWithCustomError(system.settlement.attach(settlement), "SettlementPeerNotContract")
          .withArgs(actors.stranger.address);
      });
    }

    it("reverts with SettlementInvalidRecipient without a treasury", async () => {
      const { system } = await loadFixture(withMarket);
      const { manager, octo, registry, emissionSchedule, engine } = system.addresses;
      await expect(
        ethers.deployContract("Settlement", [manager, octo, registry, emissionSchedule, engine, ZeroAddress]),
      )
        .to.be.revertedWithCustomError(system.settlement, "SettlementInvalidRecipient")
        .withArgs(ZeroAddress);
    });
  });

  describe("exits (M-20)", () => {
    type Stop = (world: MarketWorld) => Promise<void>;

    const closed: Stop = async ({ system, actors, market, at }) => {
      for (const each of [at, system.addresses.jobMarket]) {
        await system.settlement.connect(actors.guardian).pauseMarket(each);
      }
      await market.closeMarket();
    };
    const revoked: Stop = async ({ system, actors }) => {
      const manager = system.manager.connect(actors.admin);
      const { settlement, registry, engine, jobMarket, emissionSchedule, roleTokenFactory } = system;
      for (const target of [settlement, registry, engine, jobMarket, emissionSchedule, roleTokenFactory]) {
        await manager.setTargetClosed(target, true);
      }
      for (const access of Object.values(ACCESS).filter((id) => id !== ACCESS.ADMIN_ACCESS)) {
        await manager.revokeRole(access, actors.guardian.address);
        await manager.revokeRole(access, actors.admin.address);
      }
      await manager.renounceRole(ACCESS.ADMIN_ACCESS, actors.admin.address);
    };
    const STOPS: Record<string, Stop> = {
      "every market is paused and closed": closed,
      "the AccessManager has revoked everything": revoked,
      "all of that together": async (world) => {
        await closed(world);
        await revoked(world);
      },
    };

    for (const [when, stop] of Object.entries(STOPS)) {
      describe(`when ${when}`, () => {
        it("a lock is what has stopped, if anything, and the administrator too", async () => {
          const world = await withSettled();
          await stop(world);
          const { open, paused } = await world.system.settlement.marketOf(world.at);
          const locking = world.market.lockFromCredit(lockOf(world));
          if (open && !paused) await locking;
          else {
            await expect(locking)
              .to.be.revertedWithCustomError(world.system.settlement, "SettlementMarketNotOpen")
              .withArgs(world.at);
          }
        });

        it("refunds", async () => {
          const world = await withSettled();
          const { system, actors, market } = world;
          await stop(world);
          const before = await system.settlement.creditOf(actors.client.address);
          await market.refund(refundOf(actors.client.address, AMOUNT), false);
          expect(await system.settlement.creditOf(actors.client.address)).to.equal(before + AMOUNT);
        });

        it("settles, records and mints", async () => {
          const world = await withSettled();
          const { system, actors, market } = world;
          await stop(world);
          const settling = await market.settle(workOf(world, { amount: AMOUNT }));
          // The second task of a day finds nothing left of that day's step.
          await expect(settling)
            .to.emit(system.registry, "TaskRecorded")
            .withArgs(actors.provider.address, D, 2n, 2_180_000n);
          await expect(settling).to.changeTokenBalance(
            ethers,
            system.roleTokens.D,
            actors.provider,
            (1_281n * OCTO) / 100n,
          );
          expect(await system.settlement.creditOf(actors.provider.address)).to.equal(2n * FEES.provider);
        });

        it("withdraws", async () => {
          const world = await withSettled();
          const { system, actors } = world;
          await stop(world);
          await expect(
            system.settlement.connect(actors.provider).withdraw(actors.provider.address, FEES.provider),
          ).to.changeTokenBalance(ethers, system.octo, actors.provider, FEES.provider);
        });

        it("sweeps", async () => {
          const world = await withSettled();
          const { system, actors } = world;
          await stop(world);
          await expect(system.settlement.connect(actors.stranger).sweep()).to.changeTokenBalance(
            ethers,
            system.octo,
            actors.treasury,
            FEES.treasury,
          );
        });

        it("lets an account take its consent back", async () => {
          const world = await withSettled();
          const { system, actors, at } = world;
          await stop(world);
          await system.settlement.connect(actors.client).setCreditConsent(at, false);
          expect((await system.settlement.accountOf(actors.client.address)).consents).to.equal(0n);
        });

        it("ends every job of the job market and lets its provider unbond", async () => {
          const world = await withSettled();
          const { system, actors } = world;
          const { jobMarket, settlement, registry } = system;
          const deal = dealOf({ client: actors.client.address, provider: actors.provider.address });
          for (const salt of ["completed", "refunded"]) {
            await jobMarket.connect(actors.client).hire({ ...deal, salt: ethers.id(salt) }, AMOUNT, NO_CONSENT);
          }
          await jobMarket.connect(actors.provider).submit(1n, ethers.id("result"), "0x");
          await stop(world);

          await jobMarket.connect(actors.client).complete(1n, ethers.ZeroHash, "0x");
          await time.increase(deal.duration + 1n);
          await jobMarket.connect(actors.stranger).claimRefund(2n);
          expect((await settlement.marketOf(jobMarket)).balance).to.equal(0n);

          const { octo, roleTokens } = await registry.minimumOf(D);
          const unbonding = await registry.connect(actors.provider).unbond(D, octo, roleTokens);
          const day = (BigInt((await unbonding.getBlock())!.timestamp) + 8n * 86_400n - 1n) / 86_400n;
          await time.increaseTo(day * 86_400n);
          await expect(
            registry.connect(actors.provider).withdraw(D, day, actors.provider.address),
          ).to.changeTokenBalance(ethers, system.octo, actors.provider, octo);
        });
      });
    }
  });

  describe("an administrator with every permission (V-5, M-20)", () => {
    type Outcome =
      /** Reverts: the function belongs to somebody else. */
      | { refused: string }
      /** Succeeds and moves nobody's money. */
      | "administers"
      /** Moves the administrator's own money, as it would anybody's. */
      | "own money"
      /** Sends the accrued fees where they belong, as it would for anybody. */
      | "fees";
    type Row = { args: (world: MarketWorld) => unknown[]; outcome: Outcome };

    const UNKNOWN_MARKET: Outcome = { refused: "SettlementUnknownMarket" };
    const NOT_ENGINE: Outcome = { refused: "SettlementCallerNotEngine" };

    /** Every function of the vault that is no view, as an administrator would use it to get at the client's money. */
    const ROWS: Record<string, Row> = {
      lockByApproval: { args: (world) => [lockOf(world), false], outcome: UNKNOWN_MARKET },
      lockByAuthorization: {
        args: (world) => [
          lockOf(world),
          { validAfter: 0n, validBefore: LATER, deal: ethers.id("deal"), signature: "0x" },
        ],
        outcome: UNKNOWN_MARKET,
      },
      lockFromCredit: { args: (world) => [lockOf(world)], outcome: UNKNOWN_MARKET },
      refund: { args: ({ actors }) => [refundOf(actors.admin.address, AMOUNT), false], outcome: UNKNOWN_MARKET },
      move: { args: (world) => [workOf(world), lockOf(world), true], outcome: UNKNOWN_MARKET },
      moveBack: { args: (world) => [workOf(world), world.actors.admin.address, true], outcome: UNKNOWN_MARKET },
      forfeit: { args: () => [AMOUNT], outcome: UNKNOWN_MARKET },
      rate: { args: (world) => [ratingOf(world)], outcome: UNKNOWN_MARKET },
      settle: {
        args: (world) => [workOf(world, { amount: AMOUNT, provider: world.actors.admin.address })],
        outcome: UNKNOWN_MARKET,
      },
      closeMarket: { args: () => [], outcome: "administers" },
      replay: {
        args: (world) => [workOf(world, { amount: AMOUNT, provider: world.actors.admin.address }), 200n * OCTO],
        outcome: { refused: "SettlementNothingToReplay" },
      },
      recordWork: {
        args: (world) => [
          workOf(world, { provider: world.actors.admin.address }),
          { fee: 200n * OCTO, intensity: 1n, weight: 1n, pay: 1n },
        ],
        outcome: { refused: "SettlementCallerNotSelf" },
      },
      deposit: { args: ({ actors }) => [actors.admin.address, AMOUNT], outcome: "own money" },
      withdraw: { args: ({ actors }) => [actors.admin.address, AMOUNT / 2n], outcome: "own money" },
      setCreditConsent: { args: ({ at }) => [at, true], outcome: "administers" },
      setPayOut: { args: () => [true], outcome: "administers" },
      sweep: { args: () => [], outcome: "fees" },
      admitMarket: { args: ({ at }) => [at, ALL_ROLES, ALL_SCHEDULES], outcome: "administers" },
      pauseMarket: { args: ({ at }) => [at], outcome: "administers" },
      unpauseMarket: { args: ({ at }) => [at], outcome: "administers" },
      setTreasury: { args: ({ actors }) => [actors.admin.address], outcome: "administers" },
      setHolders: { args: ({ actors }) => [actors.admin.address], outcome: "administers" },
      setAuthority: {
        args: ({ actors }) => [actors.admin.address],
        outcome: { refused: "AccessManagedUnauthorized" },
      },
      draw: { args: () => [roleId("D"), 1n], outcome: NOT_ENGINE },
      giveBack: { args: () => [roleId("D"), 1n], outcome: NOT_ENGINE },
      moveEarmark: { args: () => [roleId("D"), roleId("A"), 1n], outcome: NOT_ENGINE },
    };

    async function omnipotent(): Promise<MarketWorld> {
      const world = await withSettled();
      const { system, actors } = world;
      const { admin } = actors;
      for (const access of Object.values(ACCESS)) {
        await system.manager.connect(admin).grantRole(access, admin.address, 0n);
      }
      await system.octo.connect(actors.liquidity).transfer(admin.address, 2n * AMOUNT);
      await system.octo.connect(admin).approve(system.addresses.settlement, 2n * AMOUNT);
      await system.settlement.connect(admin).deposit(admin.address, AMOUNT);
      return world;
    }

    /** What everybody but the administrator and the treasury owns, in the vault and outside it, and the fees. */
    async function othersMoneyOf(world: MarketWorld) {
      const { system, actors, at } = world;
      const others = Object.entries(actors)
        .filter(([name]) => name !== "admin" && name !== "treasury")
        .map(([, { address }]) => address);
      const tokens = await Promise.all(others.map((account) => system.octo.balanceOf(account)));
      const { escrows, credits, fees } = await booksOf(world, [at, system.addresses.jobMarket], others);
      return { tokens, escrows, credits, fees };
    }

    it("is tried with every function of the vault that is no view", async () => {
      const { system } = await loadFixture(withMarket);
      const writing: string[] = [];
      system.settlement.interface.forEachFunction(({ name, constant }) => {
        if (!constant) writing.push(name);
      });
      expect(Object.keys(ROWS).toSorted()).to.deep.equal(writing.toSorted());
    });

    for (const [name, { args, outcome }] of Object.entries(ROWS)) {
      const verb = typeof outcome === "string" ? outcome : `is refused with ${outcome.refused}`;
      it(`${name}: ${verb}`, async () => {
        const world = await omnipotent();
        const { system, actors } = world;
        const before = await othersMoneyOf(world);
        const calling = system.settlement
          .connect(actors.admin)
          .getFunction(name)
          .send(...args(world));
        if (typeof outcome === "string") await calling;
        else await expect(calling).to.be.revertedWithCustomError(system.settlement, outcome.refused);

        const after = await othersMoneyOf(world);
        const swept = { treasury: 0n, burn: 0n, voters: 0n };
        expect(after).to.deep.equal(outcome === "fees" ? { ...before, fees: swept } : before);
      });
    }

    it("may redirect fees, and nothing but fees", async () => {
      const world = await omnipotent();
      const { system, actors } = world;
      const admin = system.settlement.connect(actors.admin);
      const before = await othersMoneyOf(world);
      await admin.setTreasury(actors.admin.address);
      await admin.setHolders(actors.admin.address);
      await expect(admin.sweep()).to.changeTokenBalance(ethers, system.octo, actors.admin, FEES.treasury + FEES.voters);
      const after = await othersMoneyOf(world);
      expect([after.tokens, after.escrows, after.credits]).to.deep.equal([
        before.tokens,
        before.escrows,
        before.credits,
      ]);
    });
  });
});
