import { expect } from "chai";
import { AbiCoder, id, keccak256, MaxUint256, type TypedDataDomain } from "ethers";

import { roleId, SCHEDULES } from "../../deploy/roles.ts";
import { CANCEL_TYPES, type Deal, NO_CONSENT, TRANSFER_TYPES } from "../../scripts/lib/deal.ts";
import { selectorOf } from "../../scripts/lib/system.ts";
import { activate, type Actors, loadFixture, networkHelpers, time } from "../support/fixture.ts";
import { BUDGET, DAY, LATER, malleable, openForBusiness, revokeWallet, STATUS, walletOf } from "../support/jobs.ts";

/** What whoever brings a signed hire may have changed. */
const CHANGES: Record<string, (actors: Actors) => Partial<Deal>> = {
  evaluator: ({ evaluator }) => ({ evaluator: evaluator.address }),
  orchestrator: ({ orchestrator }) => ({ orchestrator: orchestrator.address }),
  role: () => ({ role: roleId("A") }),
  duration: () => ({ duration: DAY + 1n }),
  terms: () => ({ terms: id("other terms") }),
  salt: () => ({ salt: id("another salt") }),
};

describe("JobMarket", () => {
  describe("hireWithAuthorization", () => {
    describe("when anything differs from what the client signed (M-02)", () => {
      for (const [what, change] of Object.entries(CHANGES)) {
        it(`refuses another ${what}`, async () => {
          const { jobs, system, actors } = await loadFixture(openForBusiness);
          const signed = await jobs.authorization(jobs.deal());
          await expect(jobs.hireSigned(jobs.deal(change(actors)), signed)).to.be.revertedWithCustomError(
            system.octo,
            "ERC3009InvalidSignature",
          );
        });
      }

      it("refuses another schedule", async () => {
        const { jobs, system, actors } = await loadFixture(openForBusiness);
        await system.settlement
          .connect(actors.admin)
          .admitMarket(system.addresses.jobMarket, 0n, 1n << SCHEDULES.WHOLESALE);
        const signed = await jobs.authorization(jobs.deal());
        await expect(
          jobs.hireSigned(jobs.deal({ schedule: SCHEDULES.WHOLESALE }), signed),
        ).to.be.revertedWithCustomError(system.octo, "ERC3009InvalidSignature");
      });

      it("refuses another provider", async () => {
        const { jobs, system, actors } = await loadFixture(openForBusiness);
        await activate(system, actors.other, "D");
        const signed = await jobs.authorization(jobs.deal());
        await expect(
          jobs.hireSigned(jobs.deal({ provider: actors.other.address }), signed),
        ).to.be.revertedWithCustomError(system.octo, "ERC3009InvalidSignature");
      });

      it("refuses another client to pay", async () => {
        const { jobs, system, actors } = await loadFixture(openForBusiness);
        const signed = await jobs.authorization(jobs.deal());
        await expect(
          jobs.hireSigned(jobs.deal({ client: actors.other.address }), signed),
        ).to.be.revertedWithCustomError(system.octo, "ERC3009InvalidSignature");
      });

      for (const budget of [BUDGET - 1n, BUDGET + 1n]) {
        it(`refuses a budget of ${budget} wei for one of ${BUDGET}`, async () => {
          const { jobs, system, actors } = await loadFixture(openForBusiness);
          await activate(system, actors.provider, "D"); // a bond that carries more than the budget
          const signed = await jobs.authorization(jobs.deal());
          await expect(jobs.hireSigned(jobs.deal(), signed, { budget })).to.be.revertedWithCustomError(
            system.octo,
            "ERC3009InvalidSignature",
          );
        });
      }

      for (const change of [{ validAfter: 1n }, { validBefore: LATER + 1n }]) {
        it(`refuses another ${Object.keys(change)[0]}`, async () => {
          const { jobs, system } = await loadFixture(openForBusiness);
          const signed = { ...(await jobs.authorization(jobs.deal())), ...change };
          await expect(jobs.hireSigned(jobs.deal(), signed)).to.be.revertedWithCustomError(
            system.octo,
            "ERC3009InvalidSignature",
          );
        });
      }
    });

    describe("when it was signed for elsewhere (M-12)", () => {
      const ELSEWHERE: Record<string, (address: string) => TypedDataDomain> = {
        "another chain": () => ({ chainId: 1n }),
        "another token": (verifyingContract) => ({ verifyingContract }),
        "another version": () => ({ version: "2" }),
      };

      for (const [where, change] of Object.entries(ELSEWHERE)) {
        it(`refuses ${where}`, async () => {
          const { jobs, system } = await loadFixture(openForBusiness);
          const domain = { ...(await jobs.octoDomain()), ...change(system.addresses.tokenD) };
          const signed = await jobs.authorization(jobs.deal(), { domain });
          await expect(jobs.hireSigned(jobs.deal(), signed)).to.be.revertedWithCustomError(
            system.octo,
            "ERC3009InvalidSignature",
          );
        });
      }

      for (const action of ["hire", "hireWithPermit", "hireFromCredit", "createJob"] as const) {
        it(`refuses a deal signed for ${action}`, async () => {
          const { jobs, system } = await loadFixture(openForBusiness);
          const selector = selectorOf(jobs.market, action);
          const signed = await jobs.authorization(jobs.deal(), {
            nonce: nonceOf(system.addresses.jobMarket, await jobs.market.dealHashOf(jobs.deal(), selector)),
          });
          await expect(jobs.hireSigned(jobs.deal(), signed)).to.be.revertedWithCustomError(
            system.octo,
            "ERC3009InvalidSignature",
          );
        });
      }

      it("refuses a deal signed for another market", async () => {
        const { jobs, system, actors } = await loadFixture(openForBusiness);
        const { selector } = jobs.market.interface.getFunction("hireWithAuthorization");
        const signed = await jobs.authorization(jobs.deal(), {
          nonce: nonceOf(actors.other.address, await jobs.market.dealHashOf(jobs.deal(), selector)),
        });
        await expect(jobs.hireSigned(jobs.deal(), signed)).to.be.revertedWithCustomError(
          system.octo,
          "ERC3009InvalidSignature",
        );
      });
    });

    describe("when the signature is not the client's", () => {
      it("refuses a stranger's", async () => {
        const { jobs, system, actors } = await loadFixture(openForBusiness);
        const signed = await jobs.authorization(jobs.deal(), { signer: actors.stranger });
        await expect(jobs.hireSigned(jobs.deal(), signed)).to.be.revertedWithCustomError(
          system.octo,
          "ERC3009InvalidSignature",
        );
      });

      for (const [what, forge] of [
        ["the client's with s mirrored (M-12)", malleable],
        ["an empty one", () => "0x"],
        ["a truncated one", (signature: string) => signature.slice(0, -2)],
      ] as const) {
        it(`refuses ${what}`, async () => {
          const { jobs, system } = await loadFixture(openForBusiness);
          const signed = await jobs.authorization(jobs.deal());
          await expect(
            jobs.hireSigned(jobs.deal(), { ...signed, signature: forge(signed.signature) }),
          ).to.be.revertedWithCustomError(system.octo, "ERC3009InvalidSignature");
        });
      }
    });

    describe("when the moment is about its bounds (M-12, M-23)", () => {
      async function bounded() {
        const world = await loadFixture(openForBusiness);
        const validAfter = BigInt(await time.latest()) + 1_000n;
        const validBefore = validAfter + 2n;
        const signed = await world.jobs.authorization(world.jobs.deal(), { validAfter, validBefore });
        return { ...world, validAfter, validBefore, signed };
      }

      for (const [when, offset] of [
        ["at validAfter", 0n],
        ["at validBefore", 2n],
        ["a second after validBefore", 3n],
      ] as const) {
        it(`refuses ${when}`, async () => {
          const { jobs, system, validAfter, validBefore, signed } = await bounded();
          await time.setNextBlockTimestamp(validAfter + offset);
          await expect(jobs.hireSigned(jobs.deal(), signed))
            .to.be.revertedWithCustomError(system.octo, "ERC3009InvalidAuthorizationTime")
            .withArgs(validAfter, validBefore);
        });
      }

      it("hires between the two", async () => {
        const { jobs, validAfter, signed } = await bounded();
        await time.setNextBlockTimestamp(validAfter + 1n);
        await jobs.hireSigned(jobs.deal(), signed);
        expect(await jobs.statusOf(1n)).to.equal(STATUS.Funded);
      });
    });

    describe("when it was used before (M-12)", () => {
      it("refuses the replay", async () => {
        const { jobs, system, actors } = await loadFixture(openForBusiness);
        await activate(system, actors.provider, "D"); // a bond that carries a second job
        const signed = await jobs.authorization(jobs.deal());
        await jobs.hireSigned(jobs.deal(), signed);
        const consent = await jobs.consent("hireWithAuthorization", jobs.deal(), { nonce: 8n });
        await expect(jobs.hireSigned(jobs.deal(), signed, { consent }))
          .to.be.revertedWithCustomError(system.octo, "ERC3009UsedAuthorization")
          .withArgs(actors.client.address, await jobs.market.authorizationNonceOf(jobs.deal()));
      });

      it("refuses the replay after a refund (M-01)", async () => {
        const { jobs, system, actors } = await loadFixture(openForBusiness);
        const signed = await jobs.authorization(jobs.deal());
        await jobs.hireSigned(jobs.deal(), signed);
        await jobs.reject(1n);
        const consent = await jobs.consent("hireWithAuthorization", jobs.deal(), { nonce: 8n });
        await expect(jobs.hireSigned(jobs.deal(), signed, { consent }))
          .to.be.revertedWithCustomError(system.octo, "ERC3009UsedAuthorization")
          .withArgs(actors.client.address, await jobs.market.authorizationNonceOf(jobs.deal()));
      });

      it("refuses it once the client has cancelled it", async () => {
        const { jobs, system, actors } = await loadFixture(openForBusiness);
        const { client } = actors;
        const signed = await jobs.authorization(jobs.deal());
        const nonce = await jobs.market.authorizationNonceOf(jobs.deal());
        const cancelling = await client.signTypedData(await jobs.octoDomain(), CANCEL_TYPES, {
          authorizer: client.address,
          nonce,
        });
        await system.octo["cancelAuthorization(address,bytes32,bytes)"](client.address, nonce, cancelling);
        await expect(jobs.hireSigned(jobs.deal(), signed))
          .to.be.revertedWithCustomError(system.octo, "ERC3009UsedAuthorization")
          .withArgs(client.address, nonce);
      });
    });

    describe("when the client is a contract wallet (ERC-1271)", () => {
      it("hires by its owner's key", async () => {
        const { jobs, system, actors } = await loadFixture(openForBusiness);
        const wallet = await walletOf({ system, actors }, actors.other);
        const deal = jobs.deal({ client: wallet.address });
        const signed = await jobs.authorization(deal, { signer: actors.other });
        await jobs.hireSigned(deal, signed);
        expect((await jobs.view(1n)).client).to.equal(wallet.address);
      });

      it("refuses a key that was revoked after it signed (M-12)", async () => {
        const { jobs, system, actors } = await loadFixture(openForBusiness);
        const wallet = await walletOf({ system, actors }, actors.other);
        const deal = jobs.deal({ client: wallet.address });
        const signed = await jobs.authorization(deal, { signer: actors.other });
        await revokeWallet(wallet, actors.other);
        await expect(jobs.hireSigned(deal, signed)).to.be.revertedWithCustomError(
          system.octo,
          "ERC3009InvalidSignature",
        );
      });
    });

    describe("when the client's account has code and still its key (ERC-7702)", () => {
      it("hires by the key", async () => {
        const { jobs, actors } = await loadFixture(openForBusiness);
        await networkHelpers.setCode(actors.client.address, "0x00");
        await jobs.hireSigned(jobs.deal(), await jobs.authorization(jobs.deal()));
        expect((await jobs.view(1n)).client).to.equal(actors.client.address);
      });
    });

    describe("when somebody takes the signature elsewhere first (M-13)", () => {
      it("cannot be received by anybody but the vault", async () => {
        const { jobs, system, actors } = await loadFixture(openForBusiness);
        const { octo, addresses } = system;
        const { validAfter, validBefore, signature } = await jobs.authorization(jobs.deal());
        const nonce = await jobs.market.authorizationNonceOf(jobs.deal());
        const args = [actors.client.address, addresses.settlement, BUDGET, validAfter, validBefore, nonce] as const;
        await expect(
          octo
            .connect(actors.stranger)
            ["receiveWithAuthorization(address,address,uint256,uint256,uint256,bytes32,bytes)"](...args, signature),
        )
          .to.be.revertedWithCustomError(octo, "ERC20InvalidReceiver")
          .withArgs(addresses.settlement);
        await jobs.hireSigned(jobs.deal(), { validAfter, validBefore, signature });
        expect(await jobs.statusOf(1n)).to.equal(STATUS.Funded);
      });

      it("cannot be turned into a plain transfer", async () => {
        const { jobs, system, actors } = await loadFixture(openForBusiness);
        const { octo, addresses } = system;
        const { validAfter, validBefore, signature } = await jobs.authorization(jobs.deal());
        const nonce = await jobs.market.authorizationNonceOf(jobs.deal());
        const args = [actors.client.address, addresses.settlement, BUDGET, validAfter, validBefore, nonce] as const;
        await expect(
          octo["transferWithAuthorization(address,address,uint256,uint256,uint256,bytes32,bytes)"](...args, signature),
        ).to.be.revertedWithCustomError(octo, "ERC3009InvalidSignature");
      });

      it("cannot be followed by a hire for a signed plain transfer", async () => {
        const { jobs, system } = await loadFixture(openForBusiness);
        const signed = await jobs.authorization(jobs.deal(), { types: TRANSFER_TYPES });
        await expect(jobs.hireSigned(jobs.deal(), signed)).to.be.revertedWithCustomError(
          system.octo,
          "ERC3009InvalidSignature",
        );
      });

      it("counts a signed plain transfer to the vault as nobody's: no job, no credit, no escrow", async () => {
        const { jobs, system, actors } = await loadFixture(openForBusiness);
        const { octo, settlement, addresses } = system;
        const { client } = actors;
        const { validAfter, validBefore, signature } = await jobs.authorization(jobs.deal(), {
          types: TRANSFER_TYPES,
        });
        const nonce = await jobs.market.authorizationNonceOf(jobs.deal());
        const credit = await settlement.creditOf(client.address);
        await octo["transferWithAuthorization(address,address,uint256,uint256,uint256,bytes32,bytes)"](
          client.address,
          addresses.settlement,
          BUDGET,
          validAfter,
          validBefore,
          nonce,
          signature,
        );
        expect([await jobs.last(), await jobs.escrow()]).to.deep.equal([0n, 0n]);
        expect(await settlement.creditOf(client.address)).to.equal(credit);
      });
    });

    describe("when whoever brings it leaves the provider's consent out", () => {
      for (const name of ["relayer", "stranger", "provider"] as const) {
        it(`refuses the ${name}: the client signed for a provider who is bound`, async () => {
          const { jobs, actors } = await loadFixture(openForBusiness);
          const signed = await jobs.authorization(jobs.deal());
          await expect(jobs.hireSigned(jobs.deal(), signed, { consent: NO_CONSENT, from: actors[name] }))
            .to.be.revertedWithCustomError(jobs.market, "JobMarketConsentMissing")
            .withArgs(actors.provider.address);
        });
      }

      it("hires if the provider is bound by its standing terms", async () => {
        const { jobs, system, actors } = await loadFixture(openForBusiness);
        await system.registry.connect(actors.provider).setStandingTerms(roleId("D"), BUDGET, DAY);
        const signed = await jobs.authorization(jobs.deal());
        await jobs.hireSigned(jobs.deal(), signed, { consent: NO_CONSENT });
        expect(await jobs.isBound(1n)).to.equal(true);
      });

      it("hires if the client himself brings it", async () => {
        const { jobs, actors } = await loadFixture(openForBusiness);
        const signed = await jobs.authorization(jobs.deal());
        await jobs.hireSigned(jobs.deal(), signed, { consent: NO_CONSENT, from: actors.client });
        expect(await jobs.isBound(1n)).to.equal(false);
      });
    });

    describe("when it is good", () => {
      for (const name of ["client", "relayer", "stranger", "provider"] as const) {
        it(`hires, if the ${name} brings it`, async () => {
          const { jobs, actors } = await loadFixture(openForBusiness);
          await jobs.hireSigned(jobs.deal(), await jobs.authorization(jobs.deal()), { from: actors[name] });
          expect((await jobs.view(1n)).client).to.equal(actors.client.address);
        });
      }

      it("uses the nonce of the deal", async () => {
        const { jobs, system, actors } = await loadFixture(openForBusiness);
        await expect(jobs.hireBy("hireWithAuthorization"))
          .to.emit(system.octo, "AuthorizationUsed")
          .withArgs(actors.client.address, await jobs.market.authorizationNonceOf(jobs.deal()));
      });
    });
  });

  describe("hireWithPermit", () => {
    /** The client without any allowance given. */
    async function withoutAllowance() {
      const world = await loadFixture(openForBusiness);
      await world.system.octo.connect(world.actors.client).approve(world.system.addresses.jobMarket, 0n);
      return { ...world, market: world.jobs.market.connect(world.actors.client) };
    }

    describe("when somebody submits the permit first (M-13)", () => {
      it("hires all the same", async () => {
        const { jobs, system, actors, market } = await withoutAllowance();
        const { octo, addresses } = system;
        const permit = await jobs.permit();
        await octo
          .connect(actors.stranger)
          .permit(
            actors.client.address,
            addresses.jobMarket,
            permit.value,
            permit.deadline,
            permit.v,
            permit.r,
            permit.s,
          );
        await market.hireWithPermit(jobs.deal(), BUDGET, permit, NO_CONSENT);
        expect(await jobs.statusOf(1n)).to.equal(STATUS.Funded);
      });
    });

    for (const [what, bad] of [
      ["has expired", { deadline: 1n }],
      ["is for too little", { value: BUDGET - 1n }],
    ] as const) {
      describe(`when the permit ${what}`, () => {
        it("refuses without another allowance", async () => {
          const { jobs, system, market } = await withoutAllowance();
          const permit = await jobs.permit(bad);
          const allowed = "value" in bad ? bad.value : 0n;
          await expect(market.hireWithPermit(jobs.deal(), BUDGET, permit, NO_CONSENT))
            .to.be.revertedWithCustomError(system.octo, "ERC20InsufficientAllowance")
            .withArgs(system.addresses.jobMarket, allowed, BUDGET);
        });
      });
    }

    describe("when the permit is somebody else's (M-12)", () => {
      it("refuses: a hire spends the caller's own OCTO", async () => {
        const { jobs, system, market, actors } = await withoutAllowance();
        await system.octo.connect(actors.other).approve(system.addresses.jobMarket, 0n);
        const permit = await jobs.permit({ signer: actors.other });
        await expect(market.hireWithPermit(jobs.deal(), BUDGET, permit, NO_CONSENT))
          .to.be.revertedWithCustomError(system.octo, "ERC20InsufficientAllowance")
          .withArgs(system.addresses.jobMarket, 0n, BUDGET);
        expect(await system.octo.allowance(actors.other.address, system.addresses.jobMarket)).to.equal(0n);
      });
    });

    describe("when there is an allowance already", () => {
      it("hires with a permit that is not one", async () => {
        const { jobs, actors } = await loadFixture(openForBusiness);
        const permit = { value: MaxUint256, deadline: LATER, v: 27, r: id("r"), s: id("s") };
        await jobs.market.connect(actors.client).hireWithPermit(jobs.deal(), BUDGET, permit, NO_CONSENT);
        expect(await jobs.statusOf(1n)).to.equal(STATUS.Funded);
      });
    });

    describe("when the permit is good", () => {
      it("leaves no allowance behind", async () => {
        const { jobs, system, actors } = await withoutAllowance();
        await jobs.hireBy("hireWithPermit");
        expect(await system.octo.allowance(actors.client.address, system.addresses.jobMarket)).to.equal(0n);
      });
    });
  });
});

/** How the vault derives the nonce under which a client pays. */
function nonceOf(market: string, deal: string): string {
  return keccak256(AbiCoder.defaultAbiCoder().encode(["address", "bytes32"], [market, deal]));
}
