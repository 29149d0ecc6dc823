import { expect } from "chai";
import { AbiCoder, id, keccak256, TypedDataEncoder, ZeroAddress } from "ethers";

import { roleId, SCHEDULES } from "../../deploy/roles.ts";
import { CONSENT_TYPES, DEAL_TYPES, type Deal, termsOf } from "../../scripts/lib/deal.ts";
import { selectorOf } from "../../scripts/lib/system.ts";
import { ethers, loadFixture, time } from "../support/fixture.ts";
import { BUDGET, DAY, HIRES, HOUR, newMarketCode, openForBusiness, REVIEW, STATUS } from "../support/jobs.ts";

const DEAL_TYPE =
  "Deal(bytes4 action,address client,address provider,address evaluator,address orchestrator,address hook," +
  "uint8 role,uint8 schedule,uint32 duration,uint64 agentId,uint96 forChildren,bytes32 terms,bytes32 salt)";
const CONSENT_TYPE = `Consent(Deal deal,uint256 budget,uint256 nonce,uint256 deadline)${DEAL_TYPE}`;
const LONGEST_REVIEW = 6n * DAY;

/** Every member at its largest and another value each, so that no two can be mixed up. */
const EXTREME: Deal = {
  client: "0x00000000000000000000000000000000000000c1",
  provider: "0xffffffffffffffffffffffffffffffffffffffff",
  evaluator: "0x00000000000000000000000000000000000000e7",
  orchestrator: "0x0000000000000000000000000000000000000007",
  hook: "0x00000000000000000000000000000000000000a0",
  role: 255n,
  schedule: 254n,
  duration: 2n ** 32n - 1n,
  agentId: 2n ** 64n - 1n,
  forChildren: 2n ** 96n - 1n,
  terms: id("terms"),
  salt: id("salt"),
};

describe("JobMarket", () => {
  describe("getJob and termsOf", () => {
    for (const jobId of [0n, 1n, 2n ** 256n - 1n]) {
      it(`know no job ${jobId} before there is one`, async () => {
        const { jobs } = await loadFixture(openForBusiness);
        for (const looking of [jobs.market.getJob(jobId), jobs.market.termsOf(jobId)]) {
          await expect(looking).to.be.revertedWithCustomError(jobs.market, "JobMarketUnknownJob").withArgs(jobId);
        }
      });
    }

    /** What stays the same of a job through all its life, and what each state shows of its times. */
    async function tracked() {
      const world = await loadFixture(openForBusiness);
      const { actors, system } = world;
      const { client, provider, evaluator, orchestrator } = actors;
      const rest = { evaluator: evaluator.address, orchestrator: orchestrator.address };
      return {
        ...world,
        rest,
        view: {
          id: 1n,
          client: client.address,
          provider: provider.address,
          evaluator: evaluator.address,
          description: "",
          budget: BUDGET,
          hook: ZeroAddress,
          paymentToken: system.addresses.octo,
          providerAgentId: 0n,
        },
        terms: {
          role: roleId("D"),
          schedule: SCHEDULES.SERVICE,
          orchestrator: orchestrator.address,
          terms: termsOf("Whatever was agreed."),
          bound: false,
          reviewDuration: REVIEW,
        },
      };
    }

    for (const [state, reach, submitted] of [
      ["Funded", ["hire"], false],
      ["Submitted", ["hire", "submit"], true],
      ["Completed", ["hire", "submit", "complete"], true],
      ["Rejected", ["hire", "reject"], false],
      ["Rejected", ["hire", "submit", "reject"], true],
      ["Expired", ["hire", "afterDeadline", "claimRefund"], false],
    ] as const) {
      it(`show a job that is ${state} after ${reach.join(", ")}`, async () => {
        const { jobs, rest, view, terms } = await tracked();
        const moments: bigint[] = [];
        for (const step of reach) {
          if (step === "hire") await jobs.hire(rest);
          else await jobs[step](1n);
          moments.push(BigInt(await time.latest()));
        }
        const [hiredAt, secondAt] = moments as [bigint, bigint];
        expect(await jobs.view(1n)).to.deep.equal({
          ...view,
          expiredAt: hiredAt + DAY,
          status: STATUS[state],
          submittedAt: submitted ? secondAt : 0n,
        });
        expect(await jobs.terms(1n)).to.deep.equal({
          ...terms,
          fundedAt: submitted ? 0n : hiredAt,
          reviewEndsAt: submitted ? secondAt + REVIEW : 0n,
          speed: submitted ? 100n : 0n,
        });
      });
    }
  });

  describe("dealHashOf", () => {
    for (const way of HIRES) {
      it(`is the EIP-712 struct hash of a deal for ${way}`, async () => {
        const { jobs } = await loadFixture(openForBusiness);
        const selector = selectorOf(jobs.market, way);
        for (const deal of [jobs.deal(), EXTREME]) {
          expect(await jobs.market.dealHashOf(deal, selector)).to.equal(
            TypedDataEncoder.hashStruct("Deal", DEAL_TYPES, jobs.signedDeal(deal, way)),
          );
        }
      });
    }

    it("changes with every member", async () => {
      const { jobs } = await loadFixture(openForBusiness);
      const hashes = new Set<string>([await jobs.market.dealHashOf(EXTREME, "0x00000000")]);
      hashes.add(await jobs.market.dealHashOf(EXTREME, "0x00000001"));
      for (const name of Object.keys(EXTREME) as (keyof Deal)[]) {
        const value = EXTREME[name];
        const other = typeof value === "bigint" ? value - 1n : value.length === 42 ? ZeroAddress : id("other");
        hashes.add(await jobs.market.dealHashOf({ ...EXTREME, [name]: other }, "0x00000000"));
      }
      expect(hashes.size).to.equal(2 + Object.keys(EXTREME).length);
    });
  });

  describe("what a wallet shows", () => {
    it("is the type of the standard's sheet", () => {
      expect(TypedDataEncoder.from(DEAL_TYPES).encodeType("Deal")).to.equal(DEAL_TYPE);
      expect(TypedDataEncoder.from(CONSENT_TYPES).encodeType("Consent")).to.equal(CONSENT_TYPE);
    });

    it("is signed in the market's own domain (ERC-5267)", async () => {
      const { jobs, system } = await loadFixture(openForBusiness);
      const { chainId } = await ethers.provider.getNetwork();
      const domain = await jobs.market.eip712Domain();
      expect([
        domain.fields,
        domain.name,
        domain.version,
        domain.verifyingContract,
        domain.salt,
        [...domain.extensions],
        domain.chainId,
      ]).to.deep.equal(["0x0f", "CipherOcto JobMarket", "1", system.addresses.jobMarket, ethers.ZeroHash, [], chainId]);
    });
  });

  describe("authorizationNonceOf", () => {
    it("binds the deal to this market and to hireWithAuthorization", async () => {
      const { jobs, system } = await loadFixture(openForBusiness);
      const deal = TypedDataEncoder.hashStruct("Deal", DEAL_TYPES, jobs.signedDeal(EXTREME, "hireWithAuthorization"));
      expect(await jobs.market.authorizationNonceOf(EXTREME)).to.equal(
        keccak256(AbiCoder.defaultAbiCoder().encode(["address", "bytes32"], [system.addresses.jobMarket, deal])),
      );
    });
  });

  describe("jobCount", () => {
    it("counts jobs of both kinds, and no failed hire", async () => {
      const { jobs } = await loadFixture(openForBusiness);
      expect(await jobs.market.jobCount()).to.equal(0n);
      await jobs.hire();
      await jobs.create();
      await expect(jobs.hireBy("hire", jobs.deal(), { budget: 0n })).to.be.revertedWithCustomError(
        jobs.market,
        "JobMarketBudgetOutOfBounds",
      );
      expect(await jobs.market.jobCount()).to.equal(2n);
    });
  });

  describe("settlement", () => {
    it("is the vault", async () => {
      const { jobs, system } = await loadFixture(openForBusiness);
      expect(await jobs.market.settlement()).to.equal(system.addresses.settlement);
    });
  });

  describe("setReviewDuration", () => {
    describe("when the caller has no permission", () => {
      for (const name of ["stranger", "deployer", "guardian"] as const) {
        it(`refuses the ${name}`, async () => {
          const { jobs, actors } = await loadFixture(openForBusiness);
          await expect(jobs.market.connect(actors[name]).setReviewDuration(REVIEW))
            .to.be.revertedWithCustomError(jobs.market, "AccessManagedUnauthorized")
            .withArgs(actors[name].address);
        });
      }
    });

    describe("when the length is out of bounds", () => {
      for (const length of [0n, HOUR - 1n, HOUR + 1n, LONGEST_REVIEW - 1n, LONGEST_REVIEW + HOUR, 2n ** 256n - 1n]) {
        it(`refuses ${length} seconds`, async () => {
          const { jobs, actors } = await loadFixture(openForBusiness);
          await expect(jobs.market.connect(actors.admin).setReviewDuration(length))
            .to.be.revertedWithCustomError(jobs.market, "JobMarketReviewOutOfBounds")
            .withArgs(length, HOUR, LONGEST_REVIEW);
        });
      }
    });

    describe("when the length is at its bounds", () => {
      for (const length of [HOUR, LONGEST_REVIEW]) {
        it(`takes ${length} seconds and emits the change`, async () => {
          const { jobs, actors } = await loadFixture(openForBusiness);
          await expect(jobs.market.connect(actors.admin).setReviewDuration(length))
            .to.emit(jobs.market, "ReviewDurationSet")
            .withArgs(REVIEW, length);
          expect(await jobs.market.reviewDuration()).to.equal(length);
        });

        it(`ends the review of a new job after ${length} seconds`, async () => {
          const { jobs, actors } = await loadFixture(openForBusiness);
          await jobs.market.connect(actors.admin).setReviewDuration(length);
          await jobs.submitted();
          expect(await jobs.reviewEndOf(1n)).to.equal(BigInt(await time.latest()) + length);
        });
      }
    });
  });

  describe("initialize", () => {
    it("refuses a second time on the proxy (A-83)", async () => {
      const { jobs, actors } = await loadFixture(openForBusiness);
      await expect(
        jobs.market.connect(actors.stranger).initialize(actors.stranger.address),
      ).to.be.revertedWithCustomError(jobs.market, "InvalidInitialization");
    });

    it("refuses on an implementation (A-83)", async () => {
      const world = await loadFixture(openForBusiness);
      const { actors } = world;
      const implementation = await newMarketCode(world);
      await expect(implementation.initialize(actors.stranger.address)).to.be.revertedWithCustomError(
        implementation,
        "InvalidInitialization",
      );
    });
  });

  describe("upgradeToAndCall", () => {
    /** New code of the same market, for the vault named. */
    async function newCode() {
      const world = await loadFixture(openForBusiness);
      const { settlement } = world.system.addresses;
      const codeFor = async (vault: string) => newMarketCode(world, vault);
      return { ...world, code: await codeFor(settlement), codeFor };
    }

    for (const name of ["stranger", "deployer", "guardian"] as const) {
      it(`refuses the ${name}`, async () => {
        const { jobs, actors, code } = await newCode();
        await expect(jobs.market.connect(actors[name]).upgradeToAndCall(code, "0x"))
          .to.be.revertedWithCustomError(jobs.market, "AccessManagedUnauthorized")
          .withArgs(actors[name].address);
      });
    }

    it("refuses code of another vault, where the escrow does not lie", async () => {
      const { jobs, system, actors, codeFor } = await newCode();
      const code = await codeFor(actors.other.address);
      await expect(jobs.market.connect(actors.admin).upgradeToAndCall(code, "0x"))
        .to.be.revertedWithCustomError(jobs.market, "JobMarketOtherVault")
        .withArgs(actors.other.address, system.addresses.settlement);
    });

    it("keeps every job and every spent consent (A-84)", async () => {
      const { jobs, actors, code } = await newCode();
      await jobs.hireBy("hire", jobs.deal(), { consent: await jobs.consent("hire", jobs.deal()) });
      const before = [await jobs.view(1n), await jobs.terms(1n)];
      await jobs.market.connect(actors.admin).upgradeToAndCall(code, "0x");
      expect([await jobs.view(1n), await jobs.terms(1n)]).to.deep.equal(before);
      expect(await jobs.market.isConsentSpent(actors.provider.address, 7n)).to.equal(true);
      expect(await jobs.market.reviewDuration()).to.equal(REVIEW);
    });

    it("closes the market's own locks and emits it", async () => {
      const { jobs, system, actors, code } = await newCode();
      await expect(jobs.market.connect(actors.admin).upgradeToAndCall(code, "0x"))
        .to.emit(system.settlement, "MarketClosed")
        .withArgs(system.addresses.jobMarket);
    });
  });
});
