import { expect } from "chai";
import { MaxUint256, ZeroAddress } from "ethers";

import { roleId, SCHEDULES } from "../../deploy/roles.ts";
import { termsOf } from "../../scripts/lib/deal.ts";
import { type Actors, ethers, loadFixture, OCTO, time } from "../support/fixture.ts";
import {
  BUDGET,
  DAY,
  DELIVERABLE,
  DESCRIPTION,
  minedAt,
  openForBusiness,
  REASON,
  REVIEW,
  STATUS,
} from "../support/jobs.ts";

const D = roleId("D");
const MAX_BUDGET = 2n ** 96n - 1n;
const MAX_DESCRIPTION = 4096;
const [MIN_DURATION, MAX_DURATION] = [300n, 365n * DAY];

/** 1,000 OCTO under the Service schedule without an orchestrator: 70 + 10 % to the provider. */
const PROVIDER_PART = 800n * OCTO;

describe("JobMarket", () => {
  describe("createJob", () => {
    /** The client's view of the market, and the latest moment. */
    async function creating() {
      const world = await loadFixture(openForBusiness);
      const now = BigInt(await time.latest());
      return { ...world, market: world.jobs.market.connect(world.actors.client), now };
    }

    describe("when the parties are bad (M-09)", () => {
      it("refuses a job without an evaluator", async () => {
        const { market, actors, now } = await creating();
        await expect(
          market.createJob(actors.provider.address, ZeroAddress, now + DAY, DESCRIPTION, ZeroAddress, 0n),
        ).to.be.revertedWithCustomError(market, "JobMarketZeroParty");
      });

      for (const [what, provider, evaluator, collides] of [
        ["the client as provider", "client", "evaluator", "client"],
        ["the client as provider and evaluator", "client", "client", "client"],
        ["the provider as evaluator", "provider", "provider", "provider"],
      ] as const) {
        it(`refuses ${what}`, async () => {
          const { market, actors, now } = await creating();
          await expect(
            market.createJob(
              actors[provider].address,
              actors[evaluator].address,
              now + DAY,
              DESCRIPTION,
              ZeroAddress,
              0n,
            ),
          )
            .to.be.revertedWithCustomError(market, "JobMarketPartiesCollide")
            .withArgs(actors[collides].address);
        });
      }
    });

    describe("when it names a hook or an agent", () => {
      it("refuses a hook that is none (M-11)", async () => {
        const { market, actors, now } = await creating();
        const { client, provider, stranger } = actors;
        await expect(market.createJob(provider.address, client.address, now + DAY, DESCRIPTION, stranger.address, 0n))
          .to.be.revertedWithCustomError(market, "JobMarketInvalidHook")
          .withArgs(stranger.address);
      });

      it("notes the agent, who is asked when the job is funded", async () => {
        const { market, actors, now } = await creating();
        const { client, provider } = actors;
        await market.createJob(provider.address, client.address, now + DAY, DESCRIPTION, ZeroAddress, 7n);
        expect((await market.getJob(1n)).providerAgentId).to.equal(7n);
      });

      it("refuses an id that no agent can have", async () => {
        const { market, actors, now } = await creating();
        const { client, provider } = actors;
        await expect(market.createJob(provider.address, client.address, now + DAY, DESCRIPTION, ZeroAddress, 2n ** 64n))
          .to.be.revertedWithCustomError(market, "JobMarketUnknownAgent")
          .withArgs(2n ** 64n);
      });
    });

    describe("when the time for the work is out of bounds (M-23)", () => {
      for (const [what, duration, seen] of [
        ["has passed", -1n, 0n],
        ["is now", 0n, 0n],
        ["is one second too soon", MIN_DURATION - 1n, MIN_DURATION - 1n],
        ["is one second too late", MAX_DURATION + 1n, MAX_DURATION + 1n],
      ] as const) {
        it(`refuses an expiry that ${what}`, async () => {
          const { market, actors, now } = await creating();
          const { client, provider } = actors;
          await time.setNextBlockTimestamp(now + 10n);
          await expect(
            market.createJob(provider.address, client.address, now + 10n + duration, DESCRIPTION, ZeroAddress, 0n),
          )
            .to.be.revertedWithCustomError(market, "JobMarketDurationOutOfBounds")
            .withArgs(seen, MIN_DURATION, MAX_DURATION);
        });
      }

      it("refuses the end of all time", async () => {
        const { market, actors, now } = await creating();
        const { client, provider } = actors;
        await time.setNextBlockTimestamp(now + 10n);
        await expect(market.createJob(provider.address, client.address, MaxUint256, DESCRIPTION, ZeroAddress, 0n))
          .to.be.revertedWithCustomError(market, "JobMarketDurationOutOfBounds")
          .withArgs(MaxUint256 - now - 10n, MIN_DURATION, MAX_DURATION);
      });

      for (const duration of [MIN_DURATION, MAX_DURATION]) {
        it(`takes ${duration} seconds`, async () => {
          const { market, jobs, actors, now } = await creating();
          const { client, provider } = actors;
          await time.setNextBlockTimestamp(now + 10n);
          await market.createJob(provider.address, client.address, now + 10n + duration, "", ZeroAddress, 0n);
          expect(await jobs.deadlineOf(1n)).to.equal(now + 10n + duration);
        });
      }
    });

    describe("when the description is about its limit (M-22)", () => {
      for (const [what, description, length] of [
        ["letters", "a".repeat(MAX_DESCRIPTION + 1), MAX_DESCRIPTION + 1],
        ["signs of three bytes each", "€".repeat(1366), 4098],
      ] as const) {
        it(`refuses ${length} bytes of ${what}`, async () => {
          const { jobs } = await creating();
          await expect(jobs.create({ description }))
            .to.be.revertedWithCustomError(jobs.market, "JobMarketDescriptionTooLong")
            .withArgs(length, MAX_DESCRIPTION);
        });
      }

      for (const description of ["", "a".repeat(MAX_DESCRIPTION)]) {
        it(`emits ${description.length} bytes whole and keeps their hash`, async () => {
          const { jobs } = await creating();
          await expect(jobs.create({ description }))
            .to.emit(jobs.market, "JobDescribed")
            .withArgs(1n, termsOf(description), description);
          expect((await jobs.terms(1n)).terms).to.equal(termsOf(description));
          expect((await jobs.view(1n)).description).to.equal("");
        });
      }
    });

    describe("when it is good", () => {
      it("makes an Open job of role D under the Service schedule", async () => {
        const { jobs, system, actors } = await creating();
        const { client, provider, evaluator } = actors;
        const createdAt = await minedAt(await jobs.create({ evaluator: evaluator.address }));
        expect(await jobs.view(1n)).to.deep.equal({
          id: 1n,
          client: client.address,
          provider: provider.address,
          evaluator: evaluator.address,
          description: "",
          budget: 0n,
          expiredAt: createdAt + DAY,
          status: STATUS.Open,
          hook: ZeroAddress,
          paymentToken: system.addresses.octo,
          providerAgentId: 0n,
          submittedAt: 0n,
        });
        expect(await jobs.terms(1n)).to.deep.equal({
          role: D,
          schedule: SCHEDULES.SERVICE,
          orchestrator: ZeroAddress,
          terms: termsOf(DESCRIPTION),
          bound: false,
          fundedAt: 0n,
          reviewEndsAt: 0n,
          reviewDuration: 0n,
          speed: 0n,
        });
      });

      it("takes no OCTO", async () => {
        const { jobs, system, actors } = await creating();
        await expect(jobs.create()).to.changeTokenBalance(ethers, system.octo, actors.client, 0n);
      });

      it("returns the next id", async () => {
        const { jobs, market, actors, now } = await creating();
        await jobs.create();
        const args = [actors.provider.address, actors.client.address, now + DAY, "", ZeroAddress, 0n] as const;
        expect(await market.createJob.staticCall(...args)).to.equal(2n);
      });

      it("emits the job", async () => {
        const { jobs, actors } = await creating();
        const { client, provider, evaluator } = actors;
        const created = await jobs.create({ evaluator: evaluator.address });
        await expect(created)
          .to.emit(jobs.market, "JobCreated")
          .withArgs(
            1n,
            client.address,
            provider.address,
            evaluator.address,
            (await minedAt(created)) + DAY,
            ZeroAddress,
          );
      });
    });
  });

  describe("setProvider", () => {
    for (const [what, name, error, args] of [
      ["nobody", undefined, "JobMarketZeroParty", () => []],
      ["the client (M-09)", "client", "JobMarketPartiesCollide", ({ client }: Actors) => [client.address]],
      ["the evaluator (M-09)", "evaluator", "JobMarketPartiesCollide", ({ evaluator }: Actors) => [evaluator.address]],
    ] as const) {
      it(`refuses ${what}`, async () => {
        const { jobs, actors } = await loadFixture(openForBusiness);
        await jobs.create({ provider: ZeroAddress, evaluator: actors.evaluator.address });
        const provider = name === undefined ? ZeroAddress : actors[name].address;
        await expect(jobs.market.connect(actors.client).setProvider(1n, provider, 0n))
          .to.be.revertedWithCustomError(jobs.market, error)
          .withArgs(...args(actors));
      });
    }

    it("refuses an id that no agent can have", async () => {
      const { jobs, actors } = await loadFixture(openForBusiness);
      await jobs.create({ provider: ZeroAddress });
      await expect(jobs.market.connect(actors.client).setProvider(1n, actors.provider.address, MaxUint256))
        .to.be.revertedWithCustomError(jobs.market, "JobMarketUnknownAgent")
        .withArgs(MaxUint256);
    });

    it("names the provider once, and emits it (M-02)", async () => {
      const { jobs, actors } = await loadFixture(openForBusiness);
      const market = jobs.market.connect(actors.client);
      await jobs.create({ provider: ZeroAddress });
      await expect(market.setProvider(1n, actors.provider.address, 0n))
        .to.emit(market, "ProviderSet")
        .withArgs(1n, actors.provider.address);
      expect((await jobs.view(1n)).provider).to.equal(actors.provider.address);
      await expect(market.setProvider(1n, actors.other.address, 0n))
        .to.be.revertedWithCustomError(market, "JobMarketProviderAlreadySet")
        .withArgs(1n, actors.provider.address);
    });
  });

  describe("setBudget", () => {
    for (const amount of [0n, MAX_BUDGET + 1n, 2n ** 128n, MaxUint256]) {
      it(`refuses ${amount} wei (M-23)`, async () => {
        const { jobs, system, actors } = await loadFixture(openForBusiness);
        await jobs.create();
        await expect(jobs.market.connect(actors.client).setBudget(1n, system.addresses.octo, amount, "0x"))
          .to.be.revertedWithCustomError(jobs.market, "JobMarketBudgetOutOfBounds")
          .withArgs(amount, MAX_BUDGET);
      });
    }

    it("refuses another token (M-02)", async () => {
      const { jobs, system, actors } = await loadFixture(openForBusiness);
      const { octo, tokenD } = system.addresses;
      await jobs.create();
      await expect(jobs.market.connect(actors.client).setBudget(1n, tokenD, 1n, "0x"))
        .to.be.revertedWithCustomError(jobs.market, "JobMarketTokenNotAccepted")
        .withArgs(tokenD, octo);
    });

    for (const name of ["client", "provider"] as const) {
      it(`lets the ${name} name it and name it again, and emits it`, async () => {
        const { jobs, system, actors } = await loadFixture(openForBusiness);
        const market = jobs.market.connect(actors[name]);
        await jobs.opened();
        await expect(market.setBudget(1n, system.addresses.octo, 1n, "0x1234"))
          .to.emit(market, "BudgetSet")
          .withArgs(1n, 1n);
        await market.setBudget(1n, system.addresses.octo, MAX_BUDGET, "0x");
        expect((await jobs.view(1n)).budget).to.equal(MAX_BUDGET);
      });
    }
  });

  describe("fund", () => {
    for (const expected of [BUDGET - 1n, BUDGET + 1n, 0n]) {
      it(`refuses if the client expects ${expected} wei and the provider has named ${BUDGET} (M-02)`, async () => {
        const { jobs } = await loadFixture(openForBusiness);
        await jobs.opened();
        await expect(jobs.fund(1n, expected))
          .to.be.revertedWithCustomError(jobs.market, "JobMarketBudgetMismatch")
          .withArgs(1n, BUDGET, expected);
      });
    }

    it("refuses a job without a budget (M-01)", async () => {
      const { jobs } = await loadFixture(openForBusiness);
      await jobs.create();
      await expect(jobs.fund(1n, 0n))
        .to.be.revertedWithCustomError(jobs.market, "JobMarketBudgetOutOfBounds")
        .withArgs(0n, MAX_BUDGET);
    });

    it("refuses a provider who is not active in D", async () => {
      const { jobs, system, actors } = await loadFixture(openForBusiness);
      await jobs.opened({ provider: actors.other.address });
      await expect(jobs.fund(1n))
        .to.be.revertedWithCustomError(system.registry, "ProviderRegistryNotActive")
        .withArgs(actors.other.address, D);
    });

    it("refuses while the market is paused", async () => {
      const { jobs, system, actors } = await loadFixture(openForBusiness);
      await jobs.opened();
      await system.settlement.connect(actors.guardian).pauseMarket(system.addresses.jobMarket);
      await expect(jobs.fund(1n))
        .to.be.revertedWithCustomError(system.settlement, "SettlementMarketPaused")
        .withArgs(system.addresses.jobMarket);
    });

    it("refuses without the allowance", async () => {
      const { jobs, system, actors } = await loadFixture(openForBusiness);
      const { octo, addresses } = system;
      await jobs.opened();
      await octo.connect(actors.client).approve(addresses.jobMarket, BUDGET - 1n);
      await expect(jobs.fund(1n))
        .to.be.revertedWithCustomError(octo, "ERC20InsufficientAllowance")
        .withArgs(addresses.jobMarket, BUDGET - 1n, BUDGET);
    });

    describe("when too little time is left (M-23)", () => {
      it("refuses a second after the deadline", async () => {
        const { jobs } = await loadFixture(openForBusiness);
        const deadline = await jobs.deadlineOf(await jobs.opened());
        await time.setNextBlockTimestamp(deadline + 1n);
        await expect(jobs.fund(1n))
          .to.be.revertedWithCustomError(jobs.market, "JobMarketDeadlinePassed")
          .withArgs(1n, deadline);
      });

      for (const left of [0n, MIN_DURATION - 1n]) {
        it(`refuses with ${left} seconds left: the provider could not work`, async () => {
          const { jobs } = await loadFixture(openForBusiness);
          const deadline = await jobs.deadlineOf(await jobs.opened());
          await time.setNextBlockTimestamp(deadline - left);
          await expect(jobs.fund(1n))
            .to.be.revertedWithCustomError(jobs.market, "JobMarketDurationOutOfBounds")
            .withArgs(left, MIN_DURATION, MAX_DURATION);
        });
      }

      it("funds with the shortest time left", async () => {
        const { jobs } = await loadFixture(openForBusiness);
        const deadline = await jobs.deadlineOf(await jobs.opened());
        await time.setNextBlockTimestamp(deadline - MIN_DURATION);
        await jobs.fund(1n);
        expect(await jobs.statusOf(1n)).to.equal(STATUS.Funded);
      });
    });

    describe("when it is good", () => {
      it("moves the budget from the client into the market's row of the vault", async () => {
        const { jobs, system, actors } = await loadFixture(openForBusiness);
        await jobs.opened();
        await expect(jobs.fund(1n)).to.changeTokenBalances(
          ethers,
          system.octo,
          [actors.client, system.settlement, jobs.market],
          [-BUDGET, BUDGET, 0n],
        );
        expect(await jobs.escrow()).to.equal(BUDGET);
      });

      it("notes the moment and the length of the review", async () => {
        const { jobs } = await loadFixture(openForBusiness);
        await jobs.opened();
        const fundedAt = await minedAt(await jobs.fund(1n));
        const terms = await jobs.terms(1n);
        expect([terms.fundedAt, terms.reviewDuration, terms.reviewEndsAt]).to.deep.equal([fundedAt, REVIEW, 0n]);
      });

      it("emits the terms and the funding", async () => {
        const { jobs, actors } = await loadFixture(openForBusiness);
        await jobs.opened();
        const funding = jobs.fund(1n);
        await expect(funding)
          .to.emit(jobs.market, "TermsFrozen")
          .withArgs(1n, termsOf(DESCRIPTION), D, SCHEDULES.SERVICE, ZeroAddress, false);
        await expect(funding).to.emit(jobs.market, "JobFunded").withArgs(1n, actors.client.address, BUDGET);
      });

      for (const [who, evaluator, bound] of [
        ["the client", "client", true],
        ["somebody of whom standing terms say nothing", "evaluator", false],
      ] as const) {
        it(`${bound ? "binds" : "does not bind"} by standing terms if the evaluator is ${who}`, async () => {
          const { jobs, system, actors } = await loadFixture(openForBusiness);
          await system.registry.connect(actors.provider).setStandingTerms(D, BUDGET, 0n);
          await jobs.funded({ evaluator: actors[evaluator].address });
          expect(await jobs.isBound(1n)).to.equal(bound);
        });
      }
    });
  });

  describe("from fund to complete", () => {
    it("is the plain life of an ERC-8183 job", async () => {
      const { jobs, system, actors } = await loadFixture(openForBusiness);
      const { market } = jobs;
      const { client, provider, evaluator } = actors;
      await jobs.create({ provider: ZeroAddress, evaluator: evaluator.address });
      await market.connect(client).setProvider(1n, provider.address, 0n);
      await market.connect(provider).setBudget(1n, system.addresses.octo, BUDGET, "0x");
      await market.connect(client).fund(1n, BUDGET, "0x");
      await expect(market.connect(provider).submit(1n, DELIVERABLE, "0x"))
        .to.emit(market, "JobSubmitted")
        .withArgs(1n, provider.address, DELIVERABLE);
      const completing = market.connect(evaluator).complete(1n, REASON, "0x");
      await expect(completing).to.emit(market, "JobCompleted").withArgs(1n, evaluator.address, REASON);
      await expect(completing).to.emit(market, "PaymentReleased").withArgs(1n, provider.address, PROVIDER_PART);
      expect([await jobs.statusOf(1n), await jobs.escrow()]).to.deep.equal([STATUS.Completed, 0n]);
    });
  });
});
