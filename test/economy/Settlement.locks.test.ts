import { expect } from "chai";
import type { ContractTransactionResponse, Interface } from "ethers";

import { bitmap, roleId, SCHEDULES } from "../../deploy/roles.ts";
import { dealOf, NO_CONSENT, RECEIVE_TYPES, TRANSFER_TYPES } from "../../scripts/lib/deal.ts";
import { ethers, loadFixture, OCTO } from "../support/fixture.ts";
import {
  ALL_ROLES,
  ALL_SCHEDULES,
  authorizationFor,
  booksOf,
  deployTestMarket,
  LATER,
  type Lock,
  lockOf,
  type MarketWorld,
  nonceOf,
  PULL,
  ratingOf,
  refundOf,
  type TestMarket,
  withMarket,
  workOf,
} from "../support/testMarket.ts";

const { MaxUint256, ZeroAddress } = ethers;
const AMOUNT = 100n * OCTO;
const MOST = 2n ** 96n - 1n;
const D = roleId("D");
const { SERVICE } = SCHEDULES;

/** Two markets that the vault admits, and a third it does not know; the client has dealt with the first only. */
async function withRivals() {
  const world = await loadFixture(withMarket);
  const { system, actors } = world;
  const rival = await deployTestMarket(world);
  const unknown = await deployTestMarket(world);
  const rivalAt = await rival.getAddress();
  await system.settlement.connect(actors.admin).admitMarket(rivalAt, ALL_ROLES, ALL_SCHEDULES);
  return { ...world, rival, rivalAt, unknown, unknownAt: await unknown.getAddress() };
}

/** A market that is admitted for agents' work and for no role, under the Service and the Data schedule. */
async function withNarrowMarket(): Promise<MarketWorld> {
  const world = await withRivals();
  const { system, actors, unknown, unknownAt } = world;
  const schedules = bitmap([SERVICE, SCHEDULES.DATA]);
  await system.settlement.connect(actors.admin).admitMarket(unknownAt, bitmap([0n, D]), schedules);
  await system.octo.connect(actors.client).approve(unknownAt, MaxUint256);
  await system.settlement.connect(actors.client).setCreditConsent(unknownAt, true);
  return { ...world, market: unknown, at: unknownAt };
}

type Path = (world: MarketWorld, market: TestMarket, terms: Lock) => Promise<ContractTransactionResponse>;

/** The three ways in; each as an honest market of a willing client would take it. */
const PATHS: Record<string, Path> = {
  lockByApproval: (_, market, terms) => market.lockByApproval(terms, false),
  lockByAuthorization: async (world, market, terms) =>
    market.lockByAuthorization(
      terms,
      await authorizationFor(world, terms, { market: await market.getAddress(), deal: ethers.id(`${terms.amount}`) }),
    ),
  lockFromCredit: (_, market, terms) => market.lockFromCredit(terms),
};

describe("Settlement", () => {
  for (const [name, lock] of Object.entries(PATHS)) {
    describe(name, () => {
      describe("when the market was never admitted", () => {
        it("reverts with SettlementUnknownMarket", async () => {
          const world = await loadFixture(withRivals);
          await expect(lock(world, world.unknown, lockOf(world)))
            .to.be.revertedWithCustomError(world.system.settlement, "SettlementUnknownMarket")
            .withArgs(world.unknownAt);
        });

        it("reverts with SettlementUnknownMarket for an account without code too", async () => {
          const { system, actors, ...rest } = await loadFixture(withRivals);
          const terms = lockOf({ system, actors });
          const vault = system.settlement.connect(actors.stranger);
          const authorization = await authorizationFor({ system, actors, ...rest }, terms);
          const call = {
            lockByApproval: () => vault.lockByApproval(terms, false),
            lockByAuthorization: () => vault.lockByAuthorization(terms, authorization),
            lockFromCredit: () => vault.lockFromCredit(terms),
          }[name]!;
          await expect(call())
            .to.be.revertedWithCustomError(system.settlement, "SettlementUnknownMarket")
            .withArgs(actors.stranger.address);
        });
      });

      describe("when the market has closed itself", () => {
        it("reverts with SettlementMarketNotOpen", async () => {
          const world = await loadFixture(withRivals);
          await world.market.closeMarket();
          await expect(lock(world, world.market, lockOf(world)))
            .to.be.revertedWithCustomError(world.system.settlement, "SettlementMarketNotOpen")
            .withArgs(world.at);
        });

        it("locks again once the market is admitted again", async () => {
          const world = await loadFixture(withRivals);
          await world.market.closeMarket();
          await world.system.settlement.connect(world.actors.admin).admitMarket(world.at, 0n, 0n);
          await lock(world, world.market, lockOf(world));
          expect((await world.system.settlement.marketOf(world.at)).balance).to.equal(AMOUNT);
        });
      });

      describe("when the market is paused", () => {
        it("reverts with SettlementMarketPaused", async () => {
          const world = await loadFixture(withRivals);
          await world.system.settlement.connect(world.actors.guardian).pauseMarket(world.at);
          await expect(lock(world, world.market, lockOf(world)))
            .to.be.revertedWithCustomError(world.system.settlement, "SettlementMarketPaused")
            .withArgs(world.at);
        });

        it("stays paused although the market is admitted again (I-20)", async () => {
          const world = await loadFixture(withRivals);
          const { settlement } = world.system;
          await settlement.connect(world.actors.guardian).pauseMarket(world.at);
          await settlement.connect(world.actors.admin).admitMarket(world.at, ALL_ROLES, ALL_SCHEDULES);
          await expect(lock(world, world.market, lockOf(world)))
            .to.be.revertedWithCustomError(settlement, "SettlementMarketPaused")
            .withArgs(world.at);
        });

        it("locks again once the pause is lifted", async () => {
          const world = await loadFixture(withRivals);
          await world.system.settlement.connect(world.actors.guardian).pauseMarket(world.at);
          await world.system.settlement.connect(world.actors.admin).unpauseMarket(world.at);
          await lock(world, world.market, lockOf(world));
          expect((await world.system.settlement.marketOf(world.at)).balance).to.equal(AMOUNT);
        });
      });

      describe("when the market was not admitted for the role", () => {
        for (const role of [roleId("A"), roleId("N"), 31n, 32n, 255n]) {
          it(`reverts with SettlementRoleNotAdmitted for role ${role}`, async () => {
            const world = await loadFixture(withNarrowMarket);
            await expect(lock(world, world.market, lockOf(world, { role })))
              .to.be.revertedWithCustomError(world.system.settlement, "SettlementRoleNotAdmitted")
              .withArgs(world.at, role);
          });
        }

        it("locks for each role it was admitted for, no role included", async () => {
          const world = await loadFixture(withNarrowMarket);
          for (const role of [0n, D]) await lock(world, world.market, lockOf(world, { role, amount: 1n + role }));
          expect((await world.system.settlement.marketOf(world.at)).balance).to.equal(2n + D);
        });
      });

      describe("when the market was not admitted for the schedule", () => {
        for (const schedule of [0n, SCHEDULES.INFRASTRUCTURE, SCHEDULES.WHOLESALE, 5n, 32n, 255n]) {
          it(`reverts with SettlementScheduleNotAdmitted for schedule ${schedule}`, async () => {
            const world = await loadFixture(withNarrowMarket);
            await expect(lock(world, world.market, lockOf(world, { schedule })))
              .to.be.revertedWithCustomError(world.system.settlement, "SettlementScheduleNotAdmitted")
              .withArgs(world.at, schedule);
          });
        }

        it("locks under each schedule it was admitted for", async () => {
          const world = await loadFixture(withNarrowMarket);
          for (const schedule of [SERVICE, SCHEDULES.DATA]) {
            await lock(world, world.market, lockOf(world, { schedule, amount: schedule }));
          }
          expect((await world.system.settlement.marketOf(world.at)).balance).to.equal(SERVICE + SCHEDULES.DATA);
        });
      });

      describe("when the amount is out of bounds (M-23)", () => {
        it("reverts with SettlementZeroAmount for 0", async () => {
          const world = await loadFixture(withRivals);
          await expect(lock(world, world.market, lockOf(world, { amount: 0n }))).to.be.revertedWithCustomError(
            world.system.settlement,
            "SettlementZeroAmount",
          );
        });

        for (const amount of [MOST + 1n, 2n ** 128n - 1n]) {
          it(`reverts with SettlementAmountTooLarge for ${amount}`, async () => {
            const world = await loadFixture(withRivals);
            await expect(lock(world, world.market, lockOf(world, { amount })))
              .to.be.revertedWithCustomError(world.system.settlement, "SettlementAmountTooLarge")
              .withArgs(amount, MOST);
          });
        }

        it("reverts with SettlementAmountTooLarge if only the balance with it is too large", async () => {
          const world = await loadFixture(withRivals);
          await lock(world, world.market, lockOf(world, { amount: 1n }));
          await expect(lock(world, world.market, lockOf(world, { amount: MOST })))
            .to.be.revertedWithCustomError(world.system.settlement, "SettlementAmountTooLarge")
            .withArgs(MOST + 1n, MOST);
        });

        it("locks a single wei", async () => {
          const world = await loadFixture(withRivals);
          await lock(world, world.market, lockOf(world, { amount: 1n }));
          expect((await world.system.settlement.marketOf(world.at)).balance).to.equal(1n);
        });
      });

      describe("when the work binds a provider", () => {
        for (const [what, capacity] of [
          ["0", 0n],
          ["a wei less than the amount", AMOUNT - 1n],
        ] as const) {
          it(`reverts with SettlementCapacityExceeded at a capacity of ${what}`, async () => {
            const world = await loadFixture(withRivals);
            const provider = world.actors.provider.address;
            await expect(lock(world, world.market, lockOf(world, { provider, capacity })))
              .to.be.revertedWithCustomError(world.system.settlement, "SettlementCapacityExceeded")
              .withArgs(provider, AMOUNT, capacity);
          });
        }

        it("locks at a capacity of exactly the amount, as the provider's value in flight", async () => {
          const world = await loadFixture(withRivals);
          const provider = world.actors.provider.address;
          await lock(world, world.market, lockOf(world, { provider, capacity: AMOUNT }));
          expect(await world.system.settlement.inFlightOf(provider)).to.equal(AMOUNT);
          expect((await world.system.settlement.accountOf(provider)).inFlight).to.equal(AMOUNT);
        });

        it("reverts with SettlementCapacityExceeded for a wei beside it", async () => {
          const world = await loadFixture(withRivals);
          const provider = world.actors.provider.address;
          await lock(world, world.market, lockOf(world, { provider, capacity: AMOUNT }));
          await expect(lock(world, world.market, lockOf(world, { provider, amount: 1n, capacity: AMOUNT })))
            .to.be.revertedWithCustomError(world.system.settlement, "SettlementCapacityExceeded")
            .withArgs(provider, AMOUNT + 1n, AMOUNT);
        });
      });

      describe("when everything is in order", () => {
        it("adds the amount to the market's balance and to no other's (V-2)", async () => {
          const world = await loadFixture(withRivals);
          const { settlement, addresses } = world.system;
          await lock(world, world.market, lockOf(world));
          await lock(world, world.market, lockOf(world, { amount: 7n }));
          expect((await settlement.marketOf(world.at)).balance).to.equal(AMOUNT + 7n);
          expect((await settlement.marketOf(world.rivalAt)).balance).to.equal(0n);
          expect((await settlement.marketOf(addresses.jobMarket)).balance).to.equal(0n);
        });

        it("holds as much as it owes (V-1)", async () => {
          const world = await loadFixture(withRivals);
          await lock(world, world.market, lockOf(world));
          const { held, owed } = await booksOf(world, [world.at], [world.actors.client.address]);
          expect(owed).to.equal(held);
        });

        it("leaves the market's other fields alone", async () => {
          const world = await loadFixture(withRivals);
          const before = await world.system.settlement.marketOf(world.at);
          await lock(world, world.market, lockOf(world));
          const after = await world.system.settlement.marketOf(world.at);
          expect([...after].slice(1)).to.deep.equal([...before].slice(1));
        });

        const event = name === "lockFromCredit" ? "LockedFromCredit" : "Locked";
        it(`emits ${event}`, async () => {
          const world = await loadFixture(withRivals);
          await expect(lock(world, world.market, lockOf(world)))
            .to.emit(world.system.settlement, event)
            .withArgs(world.at, world.actors.client.address, AMOUNT);
        });
      });
    });
  }

  describe("lockByApproval", () => {
    describe("when the client has approved too little to the market", () => {
      it("reverts with ERC20InsufficientAllowance", async () => {
        const { system, actors, market, at, ...rest } = await loadFixture(withRivals);
        await system.octo.connect(actors.client).approve(at, AMOUNT - 1n);
        await expect(market.lockByApproval(lockOf({ system, actors, ...rest }), false))
          .to.be.revertedWithCustomError(system.octo, "ERC20InsufficientAllowance")
          .withArgs(at, AMOUNT - 1n, AMOUNT);
      });

      it("locks out of an allowance of exactly the amount", async () => {
        const world = await loadFixture(withRivals);
        const { octo } = world.system;
        await octo.connect(world.actors.client).approve(world.at, AMOUNT);
        await world.market.lockByApproval(lockOf(world), false);
        expect(await octo.allowance(world.actors.client.address, world.at)).to.equal(0n);
      });
    });

    describe("when the client has approved the vault only", () => {
      it("reverts with ERC20InsufficientAllowance: the market is the spender", async () => {
        const world = await loadFixture(withRivals);
        const { octo, addresses } = world.system;
        await octo.connect(world.actors.client).approve(world.at, 0n);
        expect(await octo.allowance(world.actors.client.address, addresses.settlement)).to.be.greaterThan(AMOUNT);
        await expect(world.market.lockByApproval(lockOf(world), false))
          .to.be.revertedWithCustomError(octo, "ERC20InsufficientAllowance")
          .withArgs(world.at, 0n, AMOUNT);
      });
    });

    describe("when the client has approved another market only", () => {
      it("reverts with ERC20InsufficientAllowance", async () => {
        const world = await loadFixture(withRivals);
        await expect(world.rival.lockByApproval(lockOf(world), false))
          .to.be.revertedWithCustomError(world.system.octo, "ERC20InsufficientAllowance")
          .withArgs(world.rivalAt, 0n, AMOUNT);
      });
    });

    describe("when the client has too little OCTO", () => {
      it("reverts with ERC20InsufficientBalance", async () => {
        const world = await loadFixture(withRivals);
        const { octo } = world.system;
        const balance = await octo.balanceOf(world.actors.client.address);
        await expect(world.market.lockByApproval(lockOf(world, { amount: balance + 1n }), false))
          .to.be.revertedWithCustomError(octo, "ERC20InsufficientBalance")
          .withArgs(world.actors.client.address, balance, balance + 1n);
      });

      it("locks all that it has", async () => {
        const world = await loadFixture(withRivals);
        const { octo, settlement } = world.system;
        const balance = await octo.balanceOf(world.actors.client.address);
        await world.market.lockByApproval(lockOf(world, { amount: balance }), false);
        expect((await settlement.marketOf(world.at)).balance).to.equal(balance);
      });
    });

    describe("when the market brings another amount than it asked for (G-30)", () => {
      for (const [pull, received] of [
        ["less", AMOUNT - 1n],
        ["more", AMOUNT + 1n],
        ["nothing", 0n],
      ] as const) {
        it(`reverts with SettlementAmountNotReceived if it brings ${pull}`, async () => {
          const world = await loadFixture(withRivals);
          await world.market.misbehave(PULL[pull]);
          await expect(world.market.lockByApproval(lockOf(world), false))
            .to.be.revertedWithCustomError(world.system.settlement, "SettlementAmountNotReceived")
            .withArgs(AMOUNT, received);
        });
      }

      it("does not count what lay in the vault before as brought", async () => {
        const world = await loadFixture(withRivals);
        const { octo, settlement, addresses } = world.system;
        await octo.connect(world.actors.stranger).transfer(addresses.settlement, AMOUNT);
        await world.market.misbehave(PULL.nothing);
        await expect(world.market.lockByApproval(lockOf(world), false))
          .to.be.revertedWithCustomError(settlement, "SettlementAmountNotReceived")
          .withArgs(AMOUNT, 0n);
      });
    });

    describe("when somebody else than the vault calls a market back", () => {
      it("reverts in the market", async () => {
        const { market, actors } = await loadFixture(withRivals);
        await expect(market.pull(actors.client.address, AMOUNT))
          .to.be.revertedWithCustomError(market, "TestMarketCallerNotVault")
          .withArgs(actors.deployer.address);
      });
    });

    describe("when everything is in order", () => {
      it("moves the amount from the client to the vault and nothing else", async () => {
        const { system, actors, market, at } = await loadFixture(withRivals);
        const terms = lockOf({ system, actors });
        await expect(market.lockByApproval(terms, false)).to.changeTokenBalances(
          ethers,
          system.octo,
          [actors.client, system.addresses.settlement, at, actors.stranger],
          [-AMOUNT, AMOUNT, 0n, 0n],
        );
      });

      it("leaves the client's credit alone", async () => {
        const world = await loadFixture(withRivals);
        const before = await world.system.settlement.accountOf(world.actors.client.address);
        await world.market.lockByApproval(lockOf(world), false);
        expect(await world.system.settlement.accountOf(world.actors.client.address)).to.deep.equal(before);
      });
    });

    describe("when the client is to be paid by transfer by default", () => {
      it("switches the transfer on, once", async () => {
        const world = await loadFixture(withRivals);
        const { settlement } = world.system;
        const client = world.actors.client.address;
        await expect(world.market.lockByApproval(lockOf(world), true))
          .to.emit(settlement, "PayOutSet")
          .withArgs(client, true);
        await expect(world.market.lockByApproval(lockOf(world), true)).not.to.emit(settlement, "PayOutSet");
        expect((await settlement.accountOf(client)).consents & 3n).to.equal(1n);
      });

      it("refunds by transfer from then on", async () => {
        const { system, actors, market } = await loadFixture(withRivals);
        await market.lockByApproval(lockOf({ system, actors }), true);
        await expect(market.refund(refundOf(actors.client.address, AMOUNT), false)).to.changeTokenBalance(
          ethers,
          system.octo,
          actors.client,
          AMOUNT,
        );
      });

      it("keeps the client's credit and his consents", async () => {
        const world = await loadFixture(withRivals);
        const { settlement } = world.system;
        const before = await settlement.accountOf(world.actors.client.address);
        await world.market.lockByApproval(lockOf(world), true);
        const after = await settlement.accountOf(world.actors.client.address);
        expect([after.credit, after.consents]).to.deep.equal([before.credit, before.consents | 1n]);
      });

      for (const chosen of [false, true]) {
        it(`lets the client's own choice of ${chosen ? "transfer" : "credit"} stand`, async () => {
          const world = await loadFixture(withRivals);
          const { settlement } = world.system;
          await settlement.connect(world.actors.client).setPayOut(chosen);
          await expect(world.market.lockByApproval(lockOf(world), true)).not.to.emit(settlement, "PayOutSet");
          const { consents } = await settlement.accountOf(world.actors.client.address);
          expect(consents & 1n).to.equal(chosen ? 1n : 0n);
        });
      }

      it("lets the client switch it off again for good", async () => {
        const world = await loadFixture(withRivals);
        const { settlement } = world.system;
        await world.market.lockByApproval(lockOf(world), true);
        await settlement.connect(world.actors.client).setPayOut(false);
        await world.market.lockByApproval(lockOf(world), true);
        expect((await settlement.accountOf(world.actors.client.address)).consents & 1n).to.equal(0n);
      });
    });
  });

  describe("lockByAuthorization", () => {
    describe("when the signature is not the client's", () => {
      it("reverts with ERC3009InvalidSignature", async () => {
        const world = await loadFixture(withRivals);
        const terms = lockOf(world);
        const authorization = await authorizationFor(world, terms, { signer: world.actors.stranger });
        await expect(world.market.lockByAuthorization(terms, authorization)).to.be.revertedWithCustomError(
          world.system.octo,
          "ERC3009InvalidSignature",
        );
      });

      it("reverts with ERC3009InvalidSignature if there is none", async () => {
        const world = await loadFixture(withRivals);
        const terms = lockOf(world);
        const authorization = { ...(await authorizationFor(world, terms)), signature: "0x" };
        await expect(world.market.lockByAuthorization(terms, authorization)).to.be.revertedWithCustomError(
          world.system.octo,
          "ERC3009InvalidSignature",
        );
      });
    });

    describe("when something else is presented than was signed (M-12)", () => {
      const changes: Record<string, (world: MarketWorld) => Partial<Lock & { deal: string; validBefore: bigint }>> = {
        "a larger amount": () => ({ amount: AMOUNT + 1n }),
        "a smaller amount": () => ({ amount: AMOUNT - 1n }),
        "another client": ({ actors }) => ({ client: actors.other.address }),
        "another deal": () => ({ deal: ethers.id("another deal") }),
        "another time": () => ({ validBefore: LATER + 1n }),
      };
      for (const [what, change] of Object.entries(changes)) {
        it(`reverts with ERC3009InvalidSignature for ${what}`, async () => {
          const world = await loadFixture(withRivals);
          const signed = await authorizationFor(world, lockOf(world));
          const { deal, validBefore, ...terms } = { ...signed, ...lockOf(world), ...change(world) };
          await expect(
            world.market.lockByAuthorization(lockOf(world, { client: terms.client, amount: terms.amount }), {
              ...signed,
              deal,
              validBefore,
            }),
          ).to.be.revertedWithCustomError(world.system.octo, "ERC3009InvalidSignature");
        });
      }
    });

    describe("when another market presents it", () => {
      it("reverts with ERC3009InvalidSignature: the nonce carries the market (V-2, M-12)", async () => {
        const world = await loadFixture(withRivals);
        const terms = lockOf(world);
        const authorization = await authorizationFor(world, terms);
        await expect(world.rival.lockByAuthorization(terms, authorization)).to.be.revertedWithCustomError(
          world.system.octo,
          "ERC3009InvalidSignature",
        );
      });

      it("reverts with ERC3009InvalidSignature though it finds a deal of its own to name", async () => {
        const world = await loadFixture(withRivals);
        const terms = lockOf(world);
        const authorization = await authorizationFor(world, terms);
        const deal = nonceOf(world.at, authorization.deal);
        await expect(world.rival.lockByAuthorization(terms, { ...authorization, deal })).to.be.revertedWithCustomError(
          world.system.octo,
          "ERC3009InvalidSignature",
        );
      });
    });

    describe("when it is presented too early or too late", () => {
      for (const [when, bounds] of [
        ["early", { validAfter: LATER, validBefore: LATER + 1n }],
        ["late", { validAfter: 0n, validBefore: 1n }],
      ] as const) {
        it(`reverts with ERC3009InvalidAuthorizationTime if too ${when}`, async () => {
          const world = await loadFixture(withRivals);
          const terms = lockOf(world);
          const authorization = await authorizationFor(world, terms, bounds);
          await expect(world.market.lockByAuthorization(terms, authorization))
            .to.be.revertedWithCustomError(world.system.octo, "ERC3009InvalidAuthorizationTime")
            .withArgs(bounds.validAfter, bounds.validBefore);
        });
      }
    });

    describe("when it is presented a second time (M-12)", () => {
      it("reverts with ERC3009UsedAuthorization", async () => {
        const world = await loadFixture(withRivals);
        const terms = lockOf(world);
        const authorization = await authorizationFor(world, terms);
        await world.market.lockByAuthorization(terms, authorization);
        await expect(world.market.lockByAuthorization(terms, authorization))
          .to.be.revertedWithCustomError(world.system.octo, "ERC3009UsedAuthorization")
          .withArgs(world.actors.client.address, nonceOf(world.at, authorization.deal));
      });
    });

    describe("when the client has cancelled it", () => {
      it("reverts with ERC3009UsedAuthorization", async () => {
        const world = await loadFixture(withRivals);
        const { system, actors, at } = world;
        const terms = lockOf(world);
        const authorization = await authorizationFor(world, terms);
        const nonce = nonceOf(at, authorization.deal);
        const { chainId } = await ethers.provider.getNetwork();
        const cancellation = await actors.client.signTypedData(
          { name: "CipherOcto", version: "1", chainId, verifyingContract: system.addresses.octo },
          {
            CancelAuthorization: [
              { name: "authorizer", type: "address" },
              { name: "nonce", type: "bytes32" },
            ],
          },
          { authorizer: actors.client.address, nonce },
        );
        await system.octo
          .connect(actors.relayer)
          ["cancelAuthorization(address,bytes32,bytes)"](actors.client.address, nonce, cancellation);
        await expect(world.market.lockByAuthorization(terms, authorization))
          .to.be.revertedWithCustomError(system.octo, "ERC3009UsedAuthorization")
          .withArgs(actors.client.address, nonce);
      });
    });

    describe("when somebody takes the signature to the token himself (M-13)", () => {
      async function presented(world: MarketWorld) {
        const terms = lockOf(world);
        const { validAfter, validBefore, deal, signature } = await authorizationFor(world, terms);
        const args = [
          terms.client,
          world.system.addresses.settlement,
          terms.amount,
          validAfter,
          validBefore,
          nonceOf(world.at, deal),
          signature,
        ] as const;
        return { octo: world.system.octo.connect(world.actors.stranger), args };
      }

      it("reverts with ERC20InvalidReceiver as a payment to receive", async () => {
        const world = await loadFixture(withRivals);
        const { octo, args } = await presented(world);
        await expect(octo["receiveWithAuthorization(address,address,uint256,uint256,uint256,bytes32,bytes)"](...args))
          .to.be.revertedWithCustomError(octo, "ERC20InvalidReceiver")
          .withArgs(world.system.addresses.settlement);
      });

      it("reverts with ERC3009InvalidSignature as a transfer", async () => {
        const world = await loadFixture(withRivals);
        const { octo, args } = await presented(world);
        expect(TRANSFER_TYPES).not.to.deep.equal(RECEIVE_TYPES);
        await expect(
          octo["transferWithAuthorization(address,address,uint256,uint256,uint256,bytes32,bytes)"](...args),
        ).to.be.revertedWithCustomError(octo, "ERC3009InvalidSignature");
      });
    });

    describe("when the client has too little OCTO", () => {
      it("reverts with ERC20InsufficientBalance", async () => {
        const world = await loadFixture(withRivals);
        const { octo } = world.system;
        const balance = await octo.balanceOf(world.actors.client.address);
        const terms = lockOf(world, { amount: balance + 1n });
        await expect(world.market.lockByAuthorization(terms, await authorizationFor(world, terms)))
          .to.be.revertedWithCustomError(octo, "ERC20InsufficientBalance")
          .withArgs(world.actors.client.address, balance, balance + 1n);
      });
    });

    describe("when everything is in order", () => {
      it("moves the amount from the client to the vault without any allowance", async () => {
        const world = await loadFixture(withRivals);
        const { system, actors, market, at } = world;
        const terms = lockOf(world);
        await system.octo.connect(actors.client).approve(at, 0n);
        await system.octo.connect(actors.client).approve(system.addresses.settlement, 0n);
        await expect(market.lockByAuthorization(terms, await authorizationFor(world, terms))).to.changeTokenBalances(
          ethers,
          system.octo,
          [actors.client, system.addresses.settlement, at],
          [-AMOUNT, AMOUNT, 0n],
        );
      });

      it("does not call the market back", async () => {
        const world = await loadFixture(withRivals);
        const terms = lockOf(world);
        await world.market.reenter(world.at, "0x");
        await world.market.lockByAuthorization(terms, await authorizationFor(world, terms));
        expect(await world.market.reentries()).to.equal(0n);
      });
    });
  });

  describe("lockFromCredit", () => {
    describe("when the client has not allowed this market", () => {
      it("reverts with SettlementCreditNotAllowed though he has allowed another (V-2)", async () => {
        const world = await loadFixture(withRivals);
        await expect(world.rival.lockFromCredit(lockOf(world)))
          .to.be.revertedWithCustomError(world.system.settlement, "SettlementCreditNotAllowed")
          .withArgs(world.actors.client.address, world.rivalAt);
      });

      it("reverts with SettlementCreditNotAllowed for an account that has allowed nobody", async () => {
        const world = await loadFixture(withRivals);
        const { system, actors, market, at } = world;
        await system.settlement.connect(actors.other).deposit(actors.other.address, AMOUNT);
        await expect(market.lockFromCredit(lockOf(world, { client: actors.other.address })))
          .to.be.revertedWithCustomError(system.settlement, "SettlementCreditNotAllowed")
          .withArgs(actors.other.address, at);
      });

      it("reverts with SettlementCreditNotAllowed whatever way of payment the client has chosen", async () => {
        const world = await loadFixture(withRivals);
        const { system, actors, market, at } = world;
        await system.settlement.connect(actors.other).deposit(actors.other.address, AMOUNT);
        await system.settlement.connect(actors.other).setPayOut(true);
        await expect(market.lockFromCredit(lockOf(world, { client: actors.other.address })))
          .to.be.revertedWithCustomError(system.settlement, "SettlementCreditNotAllowed")
          .withArgs(actors.other.address, at);
      });
    });

    describe("when the client has revoked his consent", () => {
      it("reverts with SettlementCreditNotAllowed", async () => {
        const world = await loadFixture(withRivals);
        const { system, actors, market, at } = world;
        await system.settlement.connect(actors.client).setCreditConsent(at, false);
        await expect(market.lockFromCredit(lockOf(world)))
          .to.be.revertedWithCustomError(system.settlement, "SettlementCreditNotAllowed")
          .withArgs(actors.client.address, at);
      });
    });

    describe("when the client has too little credit", () => {
      it("reverts with SettlementCreditTooSmall", async () => {
        const world = await loadFixture(withRivals);
        const { settlement } = world.system;
        const credit = await settlement.creditOf(world.actors.client.address);
        await expect(world.market.lockFromCredit(lockOf(world, { amount: credit + 1n })))
          .to.be.revertedWithCustomError(settlement, "SettlementCreditTooSmall")
          .withArgs(world.actors.client.address, credit, credit + 1n);
      });

      it("locks all of it", async () => {
        const world = await loadFixture(withRivals);
        const { settlement } = world.system;
        const credit = await settlement.creditOf(world.actors.client.address);
        await world.market.lockFromCredit(lockOf(world, { amount: credit }));
        expect(await settlement.creditOf(world.actors.client.address)).to.equal(0n);
      });

      it("does not make up for it out of an allowance", async () => {
        const world = await loadFixture(withRivals);
        const { settlement } = world.system;
        const { client } = world.actors;
        await settlement.connect(client).withdraw(client.address, await settlement.creditOf(client.address));
        await expect(world.market.lockFromCredit(lockOf(world)))
          .to.be.revertedWithCustomError(settlement, "SettlementCreditTooSmall")
          .withArgs(client.address, 0n, AMOUNT);
      });
    });

    describe("when everything is in order", () => {
      it("takes the amount from the client's credit and moves no token", async () => {
        const { system, actors, market } = await loadFixture(withRivals);
        const { settlement, octo, addresses } = system;
        const before = await settlement.accountOf(actors.client.address);
        await expect(market.lockFromCredit(lockOf({ system, actors }))).to.changeTokenBalances(
          ethers,
          octo,
          [actors.client, addresses.settlement],
          [0n, 0n],
        );
        const after = await settlement.accountOf(actors.client.address);
        expect([after.credit, after.consents]).to.deep.equal([before.credit - AMOUNT, before.consents]);
      });

      it("does not call the market back", async () => {
        const world = await loadFixture(withRivals);
        await world.market.reenter(world.at, "0x");
        await world.market.lockFromCredit(lockOf(world));
        expect(await world.market.reentries()).to.equal(0n);
      });
    });
  });

  describe("setCreditConsent", () => {
    describe("when the market was never admitted", () => {
      for (const allowed of [true, false]) {
        it(`reverts with SettlementUnknownMarket for ${allowed}`, async () => {
          const { system, actors, unknownAt } = await loadFixture(withRivals);
          await expect(system.settlement.connect(actors.client).setCreditConsent(unknownAt, allowed))
            .to.be.revertedWithCustomError(system.settlement, "SettlementUnknownMarket")
            .withArgs(unknownAt);
        });
      }

      it("gives nothing to a market that is admitted later", async () => {
        const world = await loadFixture(withRivals);
        const { system, actors, unknown, unknownAt } = world;
        for (const known of [world.at, world.rivalAt, system.addresses.jobMarket]) {
          await system.settlement.connect(actors.client).setCreditConsent(known, true);
        }
        await system.settlement.connect(actors.admin).admitMarket(unknownAt, ALL_ROLES, ALL_SCHEDULES);
        await expect(unknown.lockFromCredit(lockOf(world)))
          .to.be.revertedWithCustomError(system.settlement, "SettlementCreditNotAllowed")
          .withArgs(actors.client.address, unknownAt);
      });
    });

    describe("when the market is known", () => {
      it("sets the market's bit, and only it", async () => {
        const { system, actors, rivalAt } = await loadFixture(withRivals);
        const { settlement } = system;
        const { index } = await settlement.marketOf(rivalAt);
        const before = await settlement.accountOf(actors.client.address);
        await settlement.connect(actors.client).setCreditConsent(rivalAt, true);
        const after = await settlement.accountOf(actors.client.address);
        expect([after.credit, after.consents]).to.deep.equal([before.credit, before.consents | (1n << index)]);
      });

      it("clears the market's bit, and only it", async () => {
        const { system, actors, at, rivalAt } = await loadFixture(withRivals);
        const { settlement } = system;
        await settlement.connect(actors.client).setCreditConsent(rivalAt, true);
        await settlement.connect(actors.client).setCreditConsent(at, false);
        const { index } = await settlement.marketOf(rivalAt);
        expect((await settlement.accountOf(actors.client.address)).consents).to.equal(1n << index);
      });

      it("changes nobody else's consents", async () => {
        const { system, actors, at } = await loadFixture(withRivals);
        await system.settlement.connect(actors.stranger).setCreditConsent(at, true);
        expect((await system.settlement.accountOf(actors.other.address)).consents).to.equal(0n);
      });

      for (const allowed of [true, false]) {
        it(`emits CreditConsentSet with ${allowed}`, async () => {
          const { system, actors, at } = await loadFixture(withRivals);
          await expect(system.settlement.connect(actors.stranger).setCreditConsent(at, allowed))
            .to.emit(system.settlement, "CreditConsentSet")
            .withArgs(actors.stranger.address, at, allowed);
        });
      }
    });
  });

  describe("setPayOut", () => {
    it("is off for an account that has never chosen", async () => {
      const { system, actors } = await loadFixture(withRivals);
      expect((await system.settlement.accountOf(actors.other.address)).consents).to.equal(0n);
    });

    for (const payOut of [true, false]) {
      it(`notes the choice of ${payOut} and keeps credit and consents`, async () => {
        const { system, actors } = await loadFixture(withRivals);
        const { settlement } = system;
        const before = await settlement.accountOf(actors.client.address);
        await settlement.connect(actors.client).setPayOut(payOut);
        const after = await settlement.accountOf(actors.client.address);
        const choice = payOut ? 3n : 2n;
        expect([after.credit, after.consents]).to.deep.equal([before.credit, before.consents | choice]);
      });

      it(`emits PayOutSet with ${payOut}`, async () => {
        const { system, actors } = await loadFixture(withRivals);
        await expect(system.settlement.connect(actors.client).setPayOut(payOut))
          .to.emit(system.settlement, "PayOutSet")
          .withArgs(actors.client.address, payOut);
      });
    }

    it("can be changed any number of times", async () => {
      const { system, actors } = await loadFixture(withRivals);
      const { settlement } = system;
      for (const payOut of [true, false, true, true, false]) {
        await settlement.connect(actors.other).setPayOut(payOut);
        expect((await settlement.accountOf(actors.other.address)).consents & 1n).to.equal(payOut ? 1n : 0n);
      }
    });
  });

  describe("re-entrancy from a market's call-back (M-11)", () => {
    type Verdict = { guarded: true } | { refused: string; args: (world: Rivals) => string[] } | { harmless: true };
    type Rivals = Awaited<ReturnType<typeof withRivals>>;
    type Row = { args: (world: Rivals) => unknown[]; verdict: Verdict };

    const GUARDED: Verdict = { guarded: true };
    const HARMLESS: Verdict = { harmless: true };
    const NOT_ENGINE: Verdict = {
      refused: "SettlementCallerNotEngine",
      args: ({ at, system }) => [at, system.addresses.engine],
    };
    const RESTRICTED: Verdict = { refused: "AccessManagedUnauthorized", args: ({ at }) => [at] };

    /** Every function of the vault that is no view; a new one fails the test below until it stands here. */
    const ROWS: Record<string, Row> = {
      lockByApproval: { args: (world) => [lockOf(world), false], verdict: GUARDED },
      lockByAuthorization: {
        args: (world) => [
          lockOf(world),
          { validAfter: 0n, validBefore: LATER, deal: ethers.id("deal"), signature: "0x" },
        ],
        verdict: GUARDED,
      },
      lockFromCredit: { args: (world) => [lockOf(world)], verdict: GUARDED },
      refund: { args: ({ at }) => [refundOf(at, AMOUNT), false], verdict: GUARDED },
      move: { args: (world) => [workOf(world), lockOf(world), true], verdict: GUARDED },
      moveBack: { args: (world) => [workOf(world), world.at, true], verdict: GUARDED },
      forfeit: { args: () => [AMOUNT], verdict: GUARDED },
      rate: { args: (world) => [ratingOf(world)], verdict: GUARDED },
      settle: { args: (world) => [workOf(world, { provider: world.at })], verdict: GUARDED },
      replay: { args: (world) => [workOf(world), 20n * OCTO], verdict: GUARDED },
      deposit: { args: ({ at }) => [at, AMOUNT], verdict: GUARDED },
      withdraw: { args: ({ at }) => [at, AMOUNT], verdict: GUARDED },
      sweep: { args: () => [], verdict: GUARDED },
      closeMarket: { args: () => [], verdict: HARMLESS },
      setCreditConsent: { args: ({ at }) => [at, true], verdict: HARMLESS },
      setPayOut: { args: () => [true], verdict: HARMLESS },
      admitMarket: { args: ({ unknownAt }) => [unknownAt, ALL_ROLES, ALL_SCHEDULES], verdict: RESTRICTED },
      pauseMarket: { args: ({ rivalAt }) => [rivalAt], verdict: RESTRICTED },
      unpauseMarket: { args: ({ rivalAt }) => [rivalAt], verdict: RESTRICTED },
      setTreasury: { args: ({ at }) => [at], verdict: RESTRICTED },
      setHolders: { args: ({ at }) => [at], verdict: RESTRICTED },
      setAuthority: { args: ({ at }) => [at], verdict: RESTRICTED },
      draw: { args: () => [D, 1n], verdict: NOT_ENGINE },
      giveBack: { args: () => [D, 1n], verdict: NOT_ENGINE },
      moveEarmark: { args: () => [D, D, 1n], verdict: NOT_ENGINE },
      recordWork: {
        args: (world) => [workOf(world), { fee: 20n * OCTO, intensity: 1n, weight: 1n, pay: 1n }],
        verdict: { refused: "SettlementCallerNotSelf", args: ({ at }) => [at] },
      },
    };

    /** Everything there is to take: the market has escrow, credit, an allowance to the vault, and fees have accrued. */
    async function withPrey() {
      const world = await withRivals();
      const { system, actors, market, at, rival, rivalAt } = world;
      await market.lockFromCredit(lockOf(world, { amount: 3n * AMOUNT }));
      await market.settle(workOf(world));
      await system.octo.connect(actors.client).approve(rivalAt, AMOUNT);
      await rival.lockByApproval(lockOf(world), false);
      await system.settlement.connect(actors.other).deposit(at, 5n * AMOUNT);
      await system.octo.connect(actors.other).transfer(at, 5n * AMOUNT);
      const { octo, settlement } = system;
      await market.batch(
        [octo, settlement],
        [
          octo.interface.encodeFunctionData("approve", [system.addresses.settlement, MaxUint256]),
          settlement.interface.encodeFunctionData("setCreditConsent", [at, true]),
        ],
      );
      return world;
    }

    function accountsOf({ system, actors, at, rivalAt }: Rivals): string[] {
      return [at, rivalAt, system.addresses.settlement, ...Object.values(actors).map(({ address }) => address)];
    }

    async function moneyOf(world: Rivals) {
      const accounts = accountsOf(world);
      const tokens = await Promise.all(accounts.map((account) => world.system.octo.balanceOf(account)));
      const markets = [world.at, world.rivalAt, world.system.addresses.jobMarket];
      return { tokens, ...(await booksOf(world, markets, accounts)) };
    }

    it("is tried with every function of the vault that is no view", async () => {
      const { system } = await loadFixture(withPrey);
      const writing: string[] = [];
      system.settlement.interface.forEachFunction(({ name, constant }) => {
        if (!constant) writing.push(name);
      });
      expect(Object.keys(ROWS).toSorted()).to.deep.equal(writing.toSorted());
    });

    for (const [name, { args, verdict }] of Object.entries(ROWS)) {
      describe(`into ${name}`, () => {
        async function reentered() {
          const world = await loadFixture(withPrey);
          const abi: Interface = world.system.settlement.interface;
          const data = abi.encodeFunctionData(name, args(world));
          await world.market.reenter(world.system.settlement, data);
          return world;
        }

        async function errorOf({ system, market }: Rivals) {
          return system.settlement.interface.parseError(await market.reentryResult());
        }

        if ("guarded" in verdict) {
          it("fails with ReentrancyGuardReentrantCall", async () => {
            const world = await reentered();
            await world.market.lockByApproval(lockOf(world), false);
            expect(await world.market.reentries()).to.equal(1n);
            expect(await world.market.reentrySucceeded()).to.equal(false);
            expect((await errorOf(world))?.name).to.equal("ReentrancyGuardReentrantCall");
          });
        } else if ("refused" in verdict) {
          it(`fails with ${verdict.refused}`, async () => {
            const world = await reentered();
            await world.market.lockByApproval(lockOf(world), false);
            const error = await errorOf(world);
            expect(error?.name).to.equal(verdict.refused);
            expect([...error!.args]).to.deep.equal(verdict.args(world));
          });
        } else {
          it("succeeds", async () => {
            const world = await reentered();
            await world.market.lockByApproval(lockOf(world), false);
            expect(await world.market.reentrySucceeded()).to.equal(true);
          });
        }

        it("leaves the lock as the only thing that happened to anybody's money", async () => {
          const honest = await loadFixture(withPrey);
          await honest.market.lockByApproval(lockOf(honest), false);
          const expected = await moneyOf(honest);

          const world = await reentered();
          await world.market.lockByApproval(lockOf(world), false);
          expect(await moneyOf(world)).to.deep.equal(expected);
        });
      });
    }

    it("fails through another market too", async () => {
      const world = await loadFixture(withPrey);
      const { market, rival, system } = world;
      await market.reenter(rival, rival.interface.encodeFunctionData("refund", [refundOf(world.at, AMOUNT), false]));
      await market.lockByApproval(lockOf(world), false);
      expect(await market.reentrySucceeded()).to.equal(false);
      expect(system.settlement.interface.parseError(await market.reentryResult())?.name).to.equal(
        "ReentrancyGuardReentrantCall",
      );
    });

    it("fails through a hire at the job market too", async () => {
      const world = await loadFixture(withPrey);
      const { market, at, system, actors } = world;
      const deal = dealOf({ client: at, provider: actors.provider.address });
      await market.reenter(
        system.jobMarket,
        system.jobMarket.interface.encodeFunctionData("hire", [deal, AMOUNT, NO_CONSENT]),
      );
      await market.lockByApproval(lockOf(world), false);
      expect(await market.reentrySucceeded()).to.equal(false);
      expect(system.settlement.interface.parseError(await market.reentryResult())?.name).to.equal(
        "ReentrancyGuardReentrantCall",
      );
      expect(await system.jobMarket.jobCount()).to.equal(0n);
    });

    it("lets go of the guard: a market locks, refunds and settles in one transaction", async () => {
      const world = await loadFixture(withPrey);
      const { market, system, actors, at } = world;
      const { interface: abi } = system.settlement;
      const before = await system.settlement.creditOf(actors.client.address);
      await market.batch(Array<string>(4).fill(system.addresses.settlement), [
        abi.encodeFunctionData("lockByApproval", [lockOf(world), false]),
        abi.encodeFunctionData("refund", [refundOf(actors.client.address, AMOUNT), false]),
        abi.encodeFunctionData("lockFromCredit", [lockOf(world)]),
        abi.encodeFunctionData("settle", [workOf(world)]),
      ]);
      expect(await system.settlement.creditOf(actors.client.address)).to.equal(before);
      expect((await system.settlement.marketOf(at)).balance).to.equal(2n * AMOUNT);
    });
  });

  describe("between markets (V-2)", () => {
    /** The first market holds 100 OCTO, the rival 50. */
    async function withEscrows() {
      const world = await withRivals();
      const { system, actors, market, rival, rivalAt } = world;
      await market.lockFromCredit(lockOf(world));
      await system.settlement.connect(actors.client).setCreditConsent(rivalAt, true);
      await rival.lockFromCredit(lockOf(world, { amount: AMOUNT / 2n }));
      return world;
    }

    it("a market cannot refund more than it has locked (M-01)", async () => {
      const { system, actors, rival, rivalAt } = await loadFixture(withEscrows);
      await expect(rival.refund(refundOf(actors.client.address, AMOUNT / 2n + 1n), false))
        .to.be.revertedWithCustomError(system.settlement, "SettlementMarketBalanceTooSmall")
        .withArgs(rivalAt, AMOUNT / 2n, AMOUNT / 2n + 1n);
    });

    it("a market cannot settle more than it has locked (M-01)", async () => {
      const world = await loadFixture(withEscrows);
      await expect(world.rival.settle(workOf(world, { amount: AMOUNT / 2n + 1n })))
        .to.be.revertedWithCustomError(world.system.settlement, "SettlementMarketBalanceTooSmall")
        .withArgs(world.rivalAt, AMOUNT / 2n, AMOUNT / 2n + 1n);
    });

    it("a market that has spent all of its own leaves the other's whole", async () => {
      const world = await loadFixture(withEscrows);
      const { system, actors, rival, rivalAt, at } = world;
      await rival.settle(workOf(world, { amount: AMOUNT / 4n }));
      await rival.refund(refundOf(actors.stranger.address, AMOUNT / 4n), false);
      expect((await system.settlement.marketOf(rivalAt)).balance).to.equal(0n);
      expect((await system.settlement.marketOf(at)).balance).to.equal(AMOUNT);
      await expect(rival.refund(refundOf(actors.stranger.address, 1n), false))
        .to.be.revertedWithCustomError(system.settlement, "SettlementMarketBalanceTooSmall")
        .withArgs(rivalAt, 0n, 1n);
    });

    it("a donation to the vault becomes nobody's escrow (I-01)", async () => {
      const { system, actors, rival, rivalAt } = await loadFixture(withEscrows);
      await system.octo.connect(actors.stranger).transfer(system.addresses.settlement, AMOUNT);
      await expect(rival.refund(refundOf(actors.client.address, AMOUNT / 2n + 1n), false))
        .to.be.revertedWithCustomError(system.settlement, "SettlementMarketBalanceTooSmall")
        .withArgs(rivalAt, AMOUNT / 2n, AMOUNT / 2n + 1n);
    });

    it("an account that is no market can neither refund nor settle", async () => {
      const world = await loadFixture(withEscrows);
      const { settlement } = world.system;
      const stranger = settlement.connect(world.actors.stranger);
      for (const call of [
        () => stranger.refund(refundOf(world.actors.stranger.address, 1n), false),
        () => stranger.refund(refundOf(world.actors.stranger.address, 0n), false),
        () => stranger.settle(workOf(world)),
      ]) {
        await expect(call())
          .to.be.revertedWithCustomError(settlement, "SettlementUnknownMarket")
          .withArgs(world.actors.stranger.address);
      }
    });

    it("the zero address is nobody's client", async () => {
      const world = await loadFixture(withEscrows);
      await expect(world.market.lockFromCredit(lockOf(world, { client: ZeroAddress })))
        .to.be.revertedWithCustomError(world.system.settlement, "SettlementCreditNotAllowed")
        .withArgs(ZeroAddress, world.at);
    });
  });
});
