import { expect } from "chai";
import { id, type TypedDataDomain, ZeroAddress } from "ethers";

import { roleId, SCHEDULES } from "../../deploy/roles.ts";
import type { Deal } from "../../scripts/lib/deal.ts";
import { activate, type Actors, loadFixture, networkHelpers, time } from "../support/fixture.ts";
import { BUDGET, DAY, HIRES, LATER, malleable, openForBusiness, revokeWallet, walletOf } from "../support/jobs.ts";

/** What one side may have changed after the provider signed. */
const CHANGES: Record<string, (actors: Actors) => Partial<Deal>> = {
  evaluator: ({ evaluator }) => ({ evaluator: evaluator.address }),
  "evaluator from nobody to the client": ({ client }) => ({ evaluator: client.address }),
  orchestrator: ({ orchestrator }) => ({ orchestrator: orchestrator.address }),
  role: () => ({ role: roleId("A") }),
  schedule: () => ({ schedule: SCHEDULES.WHOLESALE }),
  duration: () => ({ duration: DAY - 1n }),
  terms: () => ({ terms: id("other terms") }),
  salt: () => ({ salt: id("another salt") }),
};

/** Returns nothing, to whatever call. */
const CODE_WITHOUT_ERC1271 = "0x00";
const LAST_NONCE = 2n ** 256n - 1n;

describe("JobMarket", () => {
  describe("a signed consent", () => {
    describe("when the deal differs from what the provider signed (M-02)", () => {
      for (const [what, change] of Object.entries(CHANGES)) {
        it(`refuses another ${what}`, async () => {
          const { jobs, actors } = await loadFixture(openForBusiness);
          const consent = await jobs.consent("hire", jobs.deal());
          await expect(jobs.hireBy("hire", jobs.deal(change(actors)), { consent }))
            .to.be.revertedWithCustomError(jobs.market, "JobMarketConsentNotSigned")
            .withArgs(actors.provider.address);
        });
      }

      it("refuses another client", async () => {
        const { jobs, actors } = await loadFixture(openForBusiness);
        const consent = await jobs.consent("hire", jobs.deal());
        const deal = jobs.deal({ client: actors.other.address });
        await expect(jobs.hireBy("hire", deal, { consent, from: actors.other }))
          .to.be.revertedWithCustomError(jobs.market, "JobMarketConsentNotSigned")
          .withArgs(actors.provider.address);
      });

      it("refuses another provider", async () => {
        const { jobs, system, actors } = await loadFixture(openForBusiness);
        await activate(system, actors.other, "D");
        const consent = await jobs.consent("hire", jobs.deal());
        await expect(jobs.hireBy("hire", jobs.deal({ provider: actors.other.address }), { consent }))
          .to.be.revertedWithCustomError(jobs.market, "JobMarketConsentNotSigned")
          .withArgs(actors.other.address);
      });

      for (const budget of [BUDGET - 1n, BUDGET + 1n]) {
        it(`refuses a budget of ${budget} wei for one of ${BUDGET}`, async () => {
          const { jobs, actors } = await loadFixture(openForBusiness);
          const consent = await jobs.consent("hire", jobs.deal());
          await expect(jobs.hireBy("hire", jobs.deal(), { budget, consent }))
            .to.be.revertedWithCustomError(jobs.market, "JobMarketConsentNotSigned")
            .withArgs(actors.provider.address);
        });
      }

      for (const change of [{ nonce: 8n }, { deadline: LATER + 1n }]) {
        it(`refuses another ${Object.keys(change)[0]}`, async () => {
          const { jobs, actors } = await loadFixture(openForBusiness);
          const consent = await jobs.consent("hire", jobs.deal());
          await expect(jobs.hireBy("hire", jobs.deal(), { consent: { ...consent, ...change } }))
            .to.be.revertedWithCustomError(jobs.market, "JobMarketConsentNotSigned")
            .withArgs(actors.provider.address);
        });
      }
    });

    describe("when it was signed for elsewhere (M-12)", () => {
      const ELSEWHERE: Record<string, (address: string) => TypedDataDomain> = {
        "another chain": () => ({ chainId: 1n }),
        "another contract": (verifyingContract) => ({ verifyingContract }),
        "another name": () => ({ name: "CipherOcto" }),
        "another version": () => ({ version: "2" }),
      };

      for (const [where, change] of Object.entries(ELSEWHERE)) {
        it(`refuses ${where}`, async () => {
          const { jobs, system, actors } = await loadFixture(openForBusiness);
          const domain = { ...(await jobs.domain()), ...change(system.addresses.settlement) };
          const consent = await jobs.consent("hire", jobs.deal(), { domain });
          await expect(jobs.hireBy("hire", jobs.deal(), { consent }))
            .to.be.revertedWithCustomError(jobs.market, "JobMarketConsentNotSigned")
            .withArgs(actors.provider.address);
        });
      }

      for (const signed of HIRES) {
        for (const used of HIRES.filter((way) => way !== signed)) {
          it(`refuses ${used} for what was signed for ${signed}`, async () => {
            const { jobs, actors } = await loadFixture(openForBusiness);
            const consent = await jobs.consent(signed, jobs.deal());
            await expect(jobs.hireBy(used, jobs.deal(), { consent }))
              .to.be.revertedWithCustomError(jobs.market, "JobMarketConsentNotSigned")
              .withArgs(actors.provider.address);
          });
        }
      }
    });

    describe("when the signature is not the provider's", () => {
      it("refuses a stranger's", async () => {
        const { jobs, actors } = await loadFixture(openForBusiness);
        const consent = await jobs.consent("hire", jobs.deal(), { signer: actors.stranger });
        await expect(jobs.hireBy("hire", jobs.deal(), { consent }))
          .to.be.revertedWithCustomError(jobs.market, "JobMarketConsentNotSigned")
          .withArgs(actors.provider.address);
      });

      for (const [what, forge] of [
        ["the provider's with s mirrored (M-12)", malleable],
        ["a truncated one", (signature: string) => signature.slice(0, -2)],
        ["one that is too long", (signature: string) => `${signature}00`],
        ["a single byte", () => "0x01"],
      ] as const) {
        it(`refuses ${what}`, async () => {
          const { jobs, actors } = await loadFixture(openForBusiness);
          const consent = await jobs.consent("hire", jobs.deal());
          await expect(
            jobs.hireBy("hire", jobs.deal(), { consent: { ...consent, signature: forge(consent.signature) } }),
          )
            .to.be.revertedWithCustomError(jobs.market, "JobMarketConsentNotSigned")
            .withArgs(actors.provider.address);
        });
      }

      it("refuses it even if standing terms would have bound the provider", async () => {
        const { jobs, system, actors } = await loadFixture(openForBusiness);
        await system.registry.connect(actors.provider).setStandingTerms(roleId("D"), BUDGET, 0n);
        const consent = await jobs.consent("hire", jobs.deal(), { signer: actors.stranger });
        await expect(jobs.hireBy("hire", jobs.deal(), { consent }))
          .to.be.revertedWithCustomError(jobs.market, "JobMarketConsentNotSigned")
          .withArgs(actors.provider.address);
      });
    });

    describe("when the moment is about its deadline (M-12, M-23)", () => {
      for (const [when, offset] of [
        ["a second before", -1n],
        ["in its last second", 0n],
      ] as const) {
        it(`binds ${when}`, async () => {
          const { jobs } = await loadFixture(openForBusiness);
          const deadline = BigInt(await time.latest()) + 1_000n;
          const consent = await jobs.consent("hire", jobs.deal(), { deadline });
          await time.setNextBlockTimestamp(deadline + offset);
          await jobs.hireBy("hire", jobs.deal(), { consent });
          expect(await jobs.isBound(1n)).to.equal(true);
        });
      }

      it("refuses a second after", async () => {
        const { jobs } = await loadFixture(openForBusiness);
        const deadline = BigInt(await time.latest()) + 1_000n;
        const consent = await jobs.consent("hire", jobs.deal(), { deadline });
        await time.setNextBlockTimestamp(deadline + 1n);
        await expect(jobs.hireBy("hire", jobs.deal(), { consent }))
          .to.be.revertedWithCustomError(jobs.market, "JobMarketConsentExpired")
          .withArgs(deadline);
      });
    });

    describe("when it was used before (M-12)", () => {
      for (const way of HIRES) {
        it(`refuses a second ${way}`, async () => {
          const { jobs, actors } = await loadFixture(openForBusiness);
          const consent = await jobs.consent(way, jobs.deal());
          await jobs.hireBy(way, jobs.deal(), { consent });
          await expect(jobs.hireBy(way, jobs.deal(), { consent }))
            .to.be.revertedWithCustomError(jobs.market, "JobMarketConsentSpent")
            .withArgs(actors.provider.address, consent.nonce);
        });
      }

      it("refuses another deal under the same nonce", async () => {
        const { jobs, actors } = await loadFixture(openForBusiness);
        await jobs.hireBy("hire", jobs.deal(), { consent: await jobs.consent("hire", jobs.deal()) });
        const deal = jobs.deal({ salt: id("another salt") });
        await expect(jobs.hireBy("hire", deal, { consent: await jobs.consent("hire", deal) }))
          .to.be.revertedWithCustomError(jobs.market, "JobMarketConsentSpent")
          .withArgs(actors.provider.address, 7n);
      });

      it("is still good if that hire failed", async () => {
        const { jobs, system, actors } = await loadFixture(openForBusiness);
        const { octo, addresses } = system;
        const consent = await jobs.consent("hire", jobs.deal());
        await octo.connect(actors.client).approve(addresses.jobMarket, 0n);
        await expect(jobs.hireBy("hire", jobs.deal(), { consent }))
          .to.be.revertedWithCustomError(octo, "ERC20InsufficientAllowance")
          .withArgs(addresses.jobMarket, 0n, BUDGET);
        expect(await jobs.market.isConsentSpent(actors.provider.address, consent.nonce)).to.equal(false);
        await octo.connect(actors.client).approve(addresses.jobMarket, BUDGET);
        await jobs.hireBy("hire", jobs.deal(), { consent });
        expect(await jobs.isBound(1n)).to.equal(true);
      });
    });

    describe("when the provider is a contract wallet (ERC-1271)", () => {
      it("binds by its owner's key", async () => {
        const { jobs, system, actors } = await loadFixture(openForBusiness);
        const wallet = await walletOf({ system, actors }, actors.other);
        const deal = jobs.deal({ provider: wallet.address });
        const consent = await jobs.consent("hire", deal, { signer: actors.other });
        await jobs.hireBy("hire", deal, { consent });
        expect(await jobs.isBound(1n)).to.equal(true);
      });

      it("refuses a key that was revoked after it signed (M-12)", async () => {
        const { jobs, system, actors } = await loadFixture(openForBusiness);
        const wallet = await walletOf({ system, actors }, actors.other);
        const deal = jobs.deal({ provider: wallet.address });
        const consent = await jobs.consent("hire", deal, { signer: actors.other });
        await revokeWallet(wallet, actors.other);
        await expect(jobs.hireBy("hire", deal, { consent }))
          .to.be.revertedWithCustomError(jobs.market, "JobMarketConsentNotSigned")
          .withArgs(wallet.address);
      });

      it("refuses a stranger's key", async () => {
        const { jobs, system, actors } = await loadFixture(openForBusiness);
        const wallet = await walletOf({ system, actors }, actors.other);
        const deal = jobs.deal({ provider: wallet.address });
        const consent = await jobs.consent("hire", deal, { signer: actors.stranger });
        await expect(jobs.hireBy("hire", deal, { consent }))
          .to.be.revertedWithCustomError(jobs.market, "JobMarketConsentNotSigned")
          .withArgs(wallet.address);
      });
    });

    describe("when the provider's account has code and still its key (ERC-7702)", () => {
      it("binds by the key, whatever the code says", async () => {
        const { jobs, actors } = await loadFixture(openForBusiness);
        await networkHelpers.setCode(actors.provider.address, CODE_WITHOUT_ERC1271);
        const consent = await jobs.consent("hire", jobs.deal());
        await jobs.hireBy("hire", jobs.deal(), { consent });
        expect(await jobs.isBound(1n)).to.equal(true);
      });

      it("refuses a stranger's key", async () => {
        const { jobs, actors } = await loadFixture(openForBusiness);
        await networkHelpers.setCode(actors.provider.address, CODE_WITHOUT_ERC1271);
        const consent = await jobs.consent("hire", jobs.deal(), { signer: actors.stranger });
        await expect(jobs.hireBy("hire", jobs.deal(), { consent }))
          .to.be.revertedWithCustomError(jobs.market, "JobMarketConsentNotSigned")
          .withArgs(actors.provider.address);
      });
    });

    describe("when it is good", () => {
      for (const way of HIRES) {
        it(`spends its nonce in ${way} and emits it`, async () => {
          const { jobs, actors } = await loadFixture(openForBusiness);
          const consent = await jobs.consent(way, jobs.deal());
          await expect(jobs.hireBy(way, jobs.deal(), { consent }))
            .to.emit(jobs.market, "ConsentSpent")
            .withArgs(actors.provider.address, 7n);
          expect(await jobs.market.isConsentSpent(actors.provider.address, 7n)).to.equal(true);
        });
      }

      it("covers every party of the deal", async () => {
        const { jobs, actors } = await loadFixture(openForBusiness);
        const deal = jobs.deal({
          evaluator: actors.evaluator.address,
          orchestrator: actors.orchestrator.address,
          role: roleId("A"),
        });
        await jobs.hireBy("hire", deal, { consent: await jobs.consent("hire", deal) });
        expect(await jobs.isBound(1n)).to.equal(true);
      });

      it("spends no nonce if there is none", async () => {
        const { jobs, actors } = await loadFixture(openForBusiness);
        await expect(jobs.hireBy("hire")).not.to.emit(jobs.market, "ConsentSpent");
        expect(await jobs.market.isConsentSpent(actors.provider.address, 0n)).to.equal(false);
      });

      for (const nonce of [0n, 1n, 255n, 256n, LAST_NONCE]) {
        it(`takes the nonce ${nonce} once, and leaves its neighbours`, async () => {
          const { jobs, actors } = await loadFixture(openForBusiness);
          const { address } = actors.provider;
          const consent = await jobs.consent("hire", jobs.deal(), { nonce });
          await jobs.hireBy("hire", jobs.deal(), { consent });
          expect(await jobs.market.isConsentSpent(address, nonce)).to.equal(true);
          for (const neighbour of [nonce - 256n, nonce - 1n, nonce + 1n, nonce + 256n]) {
            if (neighbour < 0n || neighbour > LAST_NONCE) continue;
            expect(await jobs.market.isConsentSpent(address, neighbour), `${neighbour}`).to.equal(false);
          }
        });
      }
    });
  });

  describe("revokeConsent", () => {
    it("makes a consent worthless before it is used (M-12)", async () => {
      const { jobs, actors } = await loadFixture(openForBusiness);
      const consent = await jobs.consent("hire", jobs.deal());
      await jobs.market.connect(actors.provider).revokeConsent(consent.nonce);
      await expect(jobs.hireBy("hire", jobs.deal(), { consent }))
        .to.be.revertedWithCustomError(jobs.market, "JobMarketConsentSpent")
        .withArgs(actors.provider.address, consent.nonce);
    });

    it("does not revoke another provider's (A-40)", async () => {
      const { jobs, actors } = await loadFixture(openForBusiness);
      const consent = await jobs.consent("hire", jobs.deal());
      await jobs.market.connect(actors.stranger).revokeConsent(consent.nonce);
      await jobs.hireBy("hire", jobs.deal(), { consent });
      expect(await jobs.isBound(1n)).to.equal(true);
    });

    it("refuses a nonce that is spent", async () => {
      const { jobs, actors } = await loadFixture(openForBusiness);
      const market = jobs.market.connect(actors.provider);
      await market.revokeConsent(9n);
      await expect(market.revokeConsent(9n))
        .to.be.revertedWithCustomError(market, "JobMarketConsentSpent")
        .withArgs(actors.provider.address, 9n);
    });

    it("holds 256 neighbours, each by itself", async () => {
      const { jobs, actors } = await loadFixture(openForBusiness);
      const market = jobs.market.connect(actors.provider);
      const odd = Array.from({ length: 128 }, (_, index) => BigInt(2 * index + 1));
      for (const nonce of odd) await market.revokeConsent(nonce);
      for (let nonce = 0n; nonce < 257n; ++nonce) {
        const spent = await market.isConsentSpent(actors.provider.address, nonce);
        expect(spent, `${nonce}`).to.equal(nonce % 2n === 1n && nonce < 256n);
      }
    });

    it("emits the nonce", async () => {
      const { jobs, actors } = await loadFixture(openForBusiness);
      await expect(jobs.market.connect(actors.provider).revokeConsent(LAST_NONCE))
        .to.emit(jobs.market, "ConsentSpent")
        .withArgs(actors.provider.address, LAST_NONCE);
    });

    it("works while the market is paused (M-20)", async () => {
      const { jobs, system, actors } = await loadFixture(openForBusiness);
      await system.settlement.connect(actors.guardian).pauseMarket(system.addresses.jobMarket);
      await jobs.market.connect(actors.provider).revokeConsent(1n);
      expect(await jobs.market.isConsentSpent(actors.provider.address, 1n)).to.equal(true);
      expect(await jobs.market.isConsentSpent(ZeroAddress, 1n)).to.equal(false);
    });
  });
});
