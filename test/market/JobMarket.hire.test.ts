import { expect } from "chai";
import { MaxUint256, ZeroAddress } from "ethers";

import { roleId, SCHEDULES } from "../../deploy/roles.ts";
import { type Deal, NO_CONSENT, termsOf } from "../../scripts/lib/deal.ts";
import { activate, type Actors, ethers, loadFixture, OCTO } from "../support/fixture.ts";
import { BUDGET, DAY, HIRES, minedAt, newMarketCode, openForBusiness, REVIEW, STATUS } from "../support/jobs.ts";
import { lockOf } from "../support/testMarket.ts";

const D = roleId("D");
const O = roleId("O");
const CAP = 10_000_000_000n * OCTO;
const MAX_BUDGET = 2n ** 96n - 1n;
const [MIN_DURATION, MAX_DURATION] = [300n, 365n * DAY];

/** Deals that no way of hiring makes: what is wrong, the deal, and the market's error with its arguments. */
type BadDeal = readonly [
  what: string,
  rest: (actors: Actors) => Partial<Deal>,
  error: string,
  args: (actors: Actors) => unknown[],
];

const BAD_DEALS: readonly BadDeal[] = [
  ["no provider", () => ({ provider: ZeroAddress }), "JobMarketZeroParty", () => []],
  [
    "the client as provider (M-09)",
    ({ client }) => ({ provider: client.address }),
    "JobMarketPartiesCollide",
    ({ client }) => [client.address],
  ],
  [
    "the provider as evaluator (M-09)",
    ({ provider }) => ({ evaluator: provider.address }),
    "JobMarketPartiesCollide",
    ({ provider }) => [provider.address],
  ],
  [
    "the client as orchestrator (M-09)",
    ({ client }) => ({ orchestrator: client.address }),
    "JobMarketPartiesCollide",
    ({ client }) => [client.address],
  ],
  [
    "the provider as orchestrator (M-09)",
    ({ provider }) => ({ orchestrator: provider.address }),
    "JobMarketPartiesCollide",
    ({ provider }) => [provider.address],
  ],
  [
    "the evaluator as orchestrator, who would earn by accepting (M-09)",
    ({ orchestrator }) => ({ orchestrator: orchestrator.address, evaluator: orchestrator.address }),
    "JobMarketPartiesCollide",
    ({ orchestrator }) => [orchestrator.address],
  ],
  [
    "a hook (M-11)",
    ({ stranger }) => ({ hook: stranger.address }),
    "JobMarketInvalidHook",
    ({ stranger }) => [stranger.address],
  ],
  ...[0n, MIN_DURATION - 1n, MAX_DURATION + 1n, 2n ** 32n - 1n].map((duration): BadDeal => [
    `${duration} seconds (M-23)`,
    () => ({ duration }),
    "JobMarketDurationOutOfBounds",
    () => [duration, MIN_DURATION, MAX_DURATION],
  ]),
];

/** Deals with somebody who takes no work. */
const INACTIVE: readonly (readonly [string, (actors: Actors) => Partial<Deal>, (actors: Actors) => unknown[]])[] = [
  ["a provider who never bonded", ({ other }) => ({ provider: other.address }), ({ other }) => [other.address, D]],
  ["a provider of other roles", () => ({ role: roleId("S") }), ({ provider }) => [provider.address, roleId("S")]],
  ["no role", () => ({ role: 0n }), ({ provider }) => [provider.address, 0n]],
  ["a role that does not exist", () => ({ role: 255n }), ({ provider }) => [provider.address, 255n]],
  [
    "an orchestrator who never bonded",
    ({ other }) => ({ orchestrator: other.address }),
    ({ other }) => [other.address, O],
  ],
];

describe("JobMarket", () => {
  for (const way of HIRES) {
    describe(way, () => {
      if (way !== "hireWithAuthorization") {
        describe("when the caller is not the client", () => {
          it("refuses: nobody hires for another (M-02)", async () => {
            const { jobs, actors } = await loadFixture(openForBusiness);
            await expect(jobs.hireBy(way, jobs.deal(), { from: actors.stranger }))
              .to.be.revertedWithCustomError(jobs.market, "JobMarketCallerNotClient")
              .withArgs(actors.stranger.address, actors.client.address);
          });

          it("refuses a deal without a client", async () => {
            const { jobs, actors } = await loadFixture(openForBusiness);
            await expect(jobs.hireBy(way, jobs.deal({ client: ZeroAddress }), { from: actors.stranger }))
              .to.be.revertedWithCustomError(jobs.market, "JobMarketCallerNotClient")
              .withArgs(actors.stranger.address, ZeroAddress);
          });
        });
      } else {
        describe("when nobody is the client", () => {
          it("refuses", async () => {
            const { jobs, actors } = await loadFixture(openForBusiness);
            await expect(
              jobs.hireBy(way, jobs.deal({ client: ZeroAddress }), { from: actors.stranger }),
            ).to.be.revertedWithCustomError(jobs.market, "JobMarketZeroParty");
          });
        });
      }

      describe("when the market cannot lock", () => {
        it("refuses while it is paused", async () => {
          const { jobs, system, actors } = await loadFixture(openForBusiness);
          await system.settlement.connect(actors.guardian).pauseMarket(system.addresses.jobMarket);
          await expect(jobs.hireBy(way))
            .to.be.revertedWithCustomError(system.settlement, "SettlementMarketPaused")
            .withArgs(system.addresses.jobMarket);
        });

        it("refuses from a change of its code until it is admitted again", async () => {
          const world = await loadFixture(openForBusiness);
          const { jobs, system, actors } = world;
          const { jobMarket } = system.addresses;
          const code = await newMarketCode(world);
          await jobs.market.connect(actors.admin).upgradeToAndCall(code, "0x");
          await expect(jobs.hireBy(way))
            .to.be.revertedWithCustomError(system.settlement, "SettlementMarketNotOpen")
            .withArgs(jobMarket);

          await system.settlement.connect(actors.admin).admitMarket(jobMarket, 0n, 0n);
          await jobs.hireBy(way);
          expect(await jobs.statusOf(1n)).to.equal(STATUS.Funded);
        });

        it("refuses a role it was not admitted for", async () => {
          const { jobs, system, actors } = await loadFixture(openForBusiness);
          await activate(system, actors.provider, "S");
          await expect(jobs.hireBy(way, jobs.deal({ role: roleId("S") })))
            .to.be.revertedWithCustomError(system.settlement, "SettlementRoleNotAdmitted")
            .withArgs(system.addresses.jobMarket, roleId("S"));
        });

        for (const schedule of [0n, SCHEDULES.INFRASTRUCTURE, 5n, 32n, 255n]) {
          it(`refuses schedule ${schedule}, which it was not admitted for`, async () => {
            const { jobs, system } = await loadFixture(openForBusiness);
            await expect(jobs.hireBy(way, jobs.deal({ schedule })))
              .to.be.revertedWithCustomError(system.settlement, "SettlementScheduleNotAdmitted")
              .withArgs(system.addresses.jobMarket, schedule);
          });
        }
      });

      describe("when the deal is bad", () => {
        for (const [what, rest, error, args] of BAD_DEALS) {
          it(`refuses ${what}`, async () => {
            const { jobs, actors } = await loadFixture(openForBusiness);
            await expect(jobs.hireBy(way, jobs.deal(rest(actors))))
              .to.be.revertedWithCustomError(jobs.market, error)
              .withArgs(...args(actors));
          });
        }

        for (const [what, rest, args] of INACTIVE) {
          it(`refuses ${what}`, async () => {
            const { jobs, system, actors } = await loadFixture(openForBusiness);
            await expect(jobs.hireBy(way, jobs.deal(rest(actors))))
              .to.be.revertedWithCustomError(system.registry, "ProviderRegistryNotActive")
              .withArgs(...args(actors));
          });
        }

        it("refuses a provider who has just left", async () => {
          const { jobs, system, actors } = await loadFixture(openForBusiness);
          await system.registry.connect(actors.provider).unbond(D, 41n * OCTO, 0n);
          await expect(jobs.hireBy(way))
            .to.be.revertedWithCustomError(system.registry, "ProviderRegistryNotActive")
            .withArgs(actors.provider.address, D);
        });
      });

      describe("when the budget is bad (M-23)", () => {
        for (const budget of [0n, MAX_BUDGET + 1n, 2n ** 128n - 1n]) {
          it(`refuses ${budget} wei`, async () => {
            const { jobs } = await loadFixture(openForBusiness);
            await expect(jobs.hireBy(way, jobs.deal(), { budget }))
              .to.be.revertedWithCustomError(jobs.market, "JobMarketBudgetOutOfBounds")
              .withArgs(budget, MAX_BUDGET);
          });
        }

        for (const budget of [CAP + 1n, MAX_BUDGET]) {
          it(`refuses ${budget} wei, more than there is`, async () => {
            const { jobs, system, actors } = await loadFixture(openForBusiness);
            const { octo, settlement } = system;
            const { client } = actors;
            const hiring = jobs.hireBy(way, jobs.deal(), { budget });
            if (way === "hireFromCredit") {
              await expect(hiring)
                .to.be.revertedWithCustomError(settlement, "SettlementCreditTooSmall")
                .withArgs(client.address, await settlement.creditOf(client.address), budget);
            } else {
              await expect(hiring)
                .to.be.revertedWithCustomError(octo, "ERC20InsufficientBalance")
                .withArgs(client.address, await octo.balanceOf(client.address), budget);
            }
          });
        }

        it("refuses what would overflow the market's row", async () => {
          const { jobs, system } = await loadFixture(openForBusiness);
          await jobs.hire({}, 1n);
          await expect(jobs.hireBy(way, jobs.deal(), { budget: MAX_BUDGET }))
            .to.be.revertedWithCustomError(system.settlement, "SettlementAmountTooLarge")
            .withArgs(MAX_BUDGET + 1n, MAX_BUDGET);
        });
      });

      describe("when deal and budget are at their bounds", () => {
        for (const duration of [MIN_DURATION, MAX_DURATION]) {
          it(`takes ${duration} seconds, counted from the hire (M-23)`, async () => {
            const { jobs } = await loadFixture(openForBusiness);
            const hiredAt = await minedAt(await jobs.hireBy(way, jobs.deal({ duration })));
            expect(await jobs.deadlineOf(1n)).to.equal(hiredAt + duration);
          });
        }

        it("takes 1 wei (M-23)", async () => {
          const { jobs } = await loadFixture(openForBusiness);
          await jobs.hireBy(way, jobs.deal(), { budget: 1n });
          expect((await jobs.view(1n)).budget).to.equal(1n);
          expect(await jobs.escrow()).to.equal(1n);
        });
      });

      describe("when this is the client's only way to pay", () => {
        it("moves the budget from the client into the market's row of the vault", async () => {
          const { jobs, system, actors } = await loadFixture(openForBusiness);
          const { octo, settlement } = system;
          await jobs.leaveOnly(way);
          const credit = await settlement.creditOf(actors.client.address);
          const hiring = jobs.hireBy(way);
          const paid = way === "hireFromCredit" ? 0n : BUDGET;
          await expect(hiring).to.changeTokenBalances(
            ethers,
            octo,
            [actors.client, settlement, jobs.market, actors.relayer],
            [-paid, paid, 0n, 0n],
          );
          expect(await settlement.creditOf(actors.client.address)).to.equal(credit - BUDGET + paid);
          expect(await jobs.escrow()).to.equal(BUDGET);
        });

        it("writes down what was agreed", async () => {
          const { jobs, system, actors } = await loadFixture(openForBusiness);
          const { client, provider, evaluator, orchestrator } = actors;
          await jobs.leaveOnly(way);
          const deal = jobs.deal({
            evaluator: evaluator.address,
            orchestrator: orchestrator.address,
            role: roleId("A"),
            duration: 7_777n,
            terms: termsOf("these terms"),
          });
          const hiredAt = await minedAt(await jobs.hireBy(way, deal));
          expect(await jobs.view(1n)).to.deep.equal({
            id: 1n,
            client: client.address,
            provider: provider.address,
            evaluator: evaluator.address,
            description: "",
            budget: BUDGET,
            expiredAt: hiredAt + 7_777n,
            status: STATUS.Funded,
            hook: ZeroAddress,
            paymentToken: system.addresses.octo,
            providerAgentId: 0n,
            submittedAt: 0n,
          });
          expect(await jobs.terms(1n)).to.deep.equal({
            role: roleId("A"),
            schedule: SCHEDULES.SERVICE,
            orchestrator: orchestrator.address,
            terms: termsOf("these terms"),
            bound: false,
            fundedAt: hiredAt,
            reviewEndsAt: 0n,
            reviewDuration: REVIEW,
            speed: 0n,
          });
        });

        it("emits the job, its terms, its funding and the lock", async () => {
          const { jobs, system, actors } = await loadFixture(openForBusiness);
          const { client, provider, evaluator, orchestrator } = actors;
          await jobs.leaveOnly(way);
          const deal = jobs.deal({ evaluator: evaluator.address, orchestrator: orchestrator.address });
          const hired = await jobs.hireBy(way, deal);
          const expiredAt = (await minedAt(hired)) + deal.duration;
          await expect(hired)
            .to.emit(jobs.market, "JobCreated")
            .withArgs(1n, client.address, provider.address, evaluator.address, expiredAt, ZeroAddress);
          await expect(hired)
            .to.emit(jobs.market, "TermsFrozen")
            .withArgs(1n, deal.terms, D, SCHEDULES.SERVICE, orchestrator.address, false);
          await expect(hired).to.emit(jobs.market, "JobFunded").withArgs(1n, client.address, BUDGET);
          await expect(hired)
            .to.emit(system.settlement, way === "hireFromCredit" ? "LockedFromCredit" : "Locked")
            .withArgs(system.addresses.jobMarket, client.address, BUDGET);
        });

        it("leaves the client's way to be paid as it is", async () => {
          const { jobs, system } = await loadFixture(openForBusiness);
          await jobs.leaveOnly(way);
          await expect(jobs.hireBy(way)).not.to.emit(system.settlement, "PayOutSet");
        });

        for (const { consent, bound } of [
          { consent: "standing terms", bound: true },
          { consent: "a signed consent", bound: true },
          { consent: "no consent", bound: false },
        ]) {
          it(`${bound ? "binds" : "does not bind"} the provider by ${consent}`, async () => {
            const { jobs, system, actors } = await loadFixture(openForBusiness);
            const { registry } = system;
            await jobs.leaveOnly(way);
            const deal = jobs.deal();
            if (consent === "standing terms") {
              await registry.connect(actors.provider).setStandingTerms(D, BUDGET, deal.duration);
            }
            const signed = consent === "a signed consent" ? await jobs.consent(way, deal) : NO_CONSENT;
            await expect(jobs.hireBy(way, deal, { consent: signed }))
              .to.emit(jobs.market, "TermsFrozen")
              .withArgs(1n, deal.terms, D, SCHEDULES.SERVICE, ZeroAddress, bound);
            expect(await jobs.isBound(1n)).to.equal(bound);
          });
        }
      });
    });
  }

  describe("a hire", () => {
    describe("when the client cannot pay in the way it chose", () => {
      it("is refused without the allowance, by approval", async () => {
        const { jobs, system, actors } = await loadFixture(openForBusiness);
        const { octo, addresses } = system;
        await octo.connect(actors.client).approve(addresses.jobMarket, BUDGET - 1n);
        await expect(jobs.hireBy("hire"))
          .to.be.revertedWithCustomError(octo, "ERC20InsufficientAllowance")
          .withArgs(addresses.jobMarket, BUDGET - 1n, BUDGET);
      });

      it("is refused without the client's leave to spend its credit", async () => {
        const { jobs, system, actors } = await loadFixture(openForBusiness);
        const { settlement, addresses } = system;
        await settlement.connect(actors.client).setCreditConsent(addresses.jobMarket, false);
        await expect(jobs.hireBy("hireFromCredit"))
          .to.be.revertedWithCustomError(settlement, "SettlementCreditNotAllowed")
          .withArgs(actors.client.address, addresses.jobMarket);
      });

      it("is refused beyond the client's credit by one wei", async () => {
        const { jobs, system, actors } = await loadFixture(openForBusiness);
        const credit = await system.settlement.creditOf(actors.client.address);
        await expect(jobs.hireBy("hireFromCredit", jobs.deal(), { budget: credit + 1n }))
          .to.be.revertedWithCustomError(system.settlement, "SettlementCreditTooSmall")
          .withArgs(actors.client.address, credit, credit + 1n);
      });
    });

    describe("when the evaluator is the client or nobody", () => {
      for (const evaluator of ["client", "nobody"] as const) {
        it(`shows the client as evaluator for ${evaluator}`, async () => {
          const { jobs, actors } = await loadFixture(openForBusiness);
          const { client } = actors;
          const deal = jobs.deal({ evaluator: evaluator === "client" ? client.address : ZeroAddress });
          const hired = await jobs.hireBy("hire", deal);
          await expect(hired)
            .to.emit(jobs.market, "JobCreated")
            .withArgs(1n, client.address, deal.provider, client.address, (await minedAt(hired)) + DAY, ZeroAddress);
          expect((await jobs.view(1n)).evaluator).to.equal(client.address);
        });
      }
    });

    describe("when standing terms are at their bounds", () => {
      for (const [what, budget, duration, bound] of [
        ["the largest budget and the shortest time", BUDGET, DAY, true],
        ["one wei more", BUDGET + 1n, DAY, false],
        ["one second less", BUDGET, DAY - 1n, false],
      ] as const) {
        it(`${bound ? "binds" : "does not bind"} at ${what}`, async () => {
          const { jobs, system, actors } = await loadFixture(openForBusiness);
          await system.registry.connect(actors.provider).setStandingTerms(D, BUDGET, DAY);
          expect(await jobs.isBound(await jobs.hire({ duration }, budget))).to.equal(bound);
        });
      }
    });

    describe("when standing terms would cover budget and time of a deal with more parties", () => {
      for (const name of ["evaluator", "orchestrator"] as const) {
        it(`does not bind to an ${name}, of whom standing terms say nothing`, async () => {
          const { jobs, system, actors } = await loadFixture(openForBusiness);
          await system.registry.connect(actors.provider).setStandingTerms(D, BUDGET, 0n);
          expect(await jobs.isBound(await jobs.hire({ [name]: actors[name].address }))).to.equal(false);
          expect(await jobs.isBound(await jobs.hire())).to.equal(true);
        });
      }

      it("binds if the evaluator is the client", async () => {
        const { jobs, system, actors } = await loadFixture(openForBusiness);
        await system.registry.connect(actors.provider).setStandingTerms(D, BUDGET, 0n);
        expect(await jobs.isBound(await jobs.hire({ evaluator: actors.client.address }))).to.equal(true);
      });
    });

    describe("when two deals are alike", () => {
      it("makes two jobs of them, each with its own escrow", async () => {
        const { jobs } = await loadFixture(openForBusiness);
        const [first, second] = [await jobs.hire(), await jobs.hire()];
        expect([first, second, await jobs.escrow()]).to.deep.equal([1n, 2n, 2n * BUDGET]);
      });
    });
  });

  describe("pull", () => {
    for (const name of ["stranger", "client", "admin"] as const) {
      it(`refuses the ${name}: an allowance to the market is no open purse (M-20)`, async () => {
        const { jobs, actors } = await loadFixture(openForBusiness);
        await expect(jobs.market.connect(actors[name]).pull(actors.client.address, 1n))
          .to.be.revertedWithCustomError(jobs.market, "JobMarketCallerNotVault")
          .withArgs(actors[name].address);
      });
    }

    it("takes nothing without a hire, whatever the allowance", async () => {
      const { jobs, system, actors } = await loadFixture(openForBusiness);
      expect(await system.octo.allowance(actors.client.address, system.addresses.jobMarket)).to.equal(MaxUint256);
      await expect(
        system.settlement.connect(actors.stranger).lockByApproval(lockOf({ system, actors }, { amount: 1n }), false),
      )
        .to.be.revertedWithCustomError(system.settlement, "SettlementUnknownMarket")
        .withArgs(actors.stranger.address);
      expect(await jobs.escrow()).to.equal(0n);
    });
  });
});
