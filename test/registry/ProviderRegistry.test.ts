import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { expect } from "chai";
import { Signature, ZeroHash } from "ethers";

import { type RoleLetter, roleId } from "../../deploy/roles.ts";
import { domainOf, PERMIT_TYPES } from "../../scripts/lib/deal.ts";
import type { CipherOcto } from "../../scripts/lib/system.ts";
import type { OctoToken, RoleToken } from "../../typechain-types/index.js";
import { approveAll, buyRoleTokens, ethers, loadFixture, OCTO } from "../support/fixture.ts";
import { DAY, minedAt, type Permit } from "../support/jobs.ts";
import { bondIn, D, MAX_UINT128, MIN_OCTO, MIN_ROLE, MINIMUMS, supplied } from "../support/positions.ts";
import { emptyInto } from "../support/vesting.ts";

/** Every average at 20 and no age: 0.95 x 20 points of 1e5. */
const FIRST_SCORE = 1_900_000n;

/** What a lane can hold. */
const MOST = 300_000_000n * OCTO;

/** What standing terms can say at most: 40 bits of whole OCTO, and 30 days. */
const [MAX_TERMS_BUDGET, MAX_TERMS_TIME] = [(2n ** 40n - 1n) * OCTO, 30n * DAY];

/** No role of genesis, the last that could ever be made, and the last number there is. */
const NO_ROLES = [0n, 9n, 31n, 255n] as const;

const LATER = 10n ** 12n;
const NO_PERMIT: Permit = { value: 0n, deadline: 0n, v: 0, r: ZeroHash, s: ZeroHash };

/** The two lanes of a position, as amounts of which one is zero. */
const LANES = [
  ["OCTO", 1n, 0n],
  ["role-token", 0n, 1n],
] as const;

/** The treasury holds enough of both tokens to fill both lanes, and has given every allowance. */
async function rich() {
  const world = await supplied();
  const { system, actors } = world;
  await emptyInto(system, "treasuryVesting", actors.treasury);
  await approveAll(system, actors.treasury);
  await buyRoleTokens(system, actors.treasury, "D", MOST + 1n);
  return { ...world, whale: actors.treasury, registry: system.registry.connect(actors.treasury) };
}

/** The provider holds both tokens of role D and has allowed the registry nothing. */
async function withoutAllowance() {
  const world = await supplied();
  const { system, provider } = world;
  await system.octo.connect(provider).approve(system.addresses.registry, 0n);
  await system.roleTokens.D.connect(provider).approve(system.addresses.registry, 0n);
  const permits = {
    octo: await permitFor(system, provider, system.octo, MIN_OCTO),
    roleTokens: await permitFor(system, provider, system.roleTokens.D, MIN_ROLE),
  };
  return { ...world, permits };
}

/** An owner's permit to the registry. */
async function permitFor(
  system: CipherOcto,
  owner: HardhatEthersSigner,
  token: OctoToken | RoleToken,
  value: bigint,
  deadline = LATER,
): Promise<Permit> {
  const { chainId } = await ethers.provider.getNetwork();
  const domain = domainOf(await token.name(), chainId, await token.getAddress());
  const nonce = await token.nonces(owner.address);
  const message = { owner: owner.address, spender: system.addresses.registry, value, nonce, deadline };
  const { v, r, s } = Signature.from(await owner.signTypedData(domain, PERMIT_TYPES, message));
  return { value, deadline, v, r, s };
}

/** What a new implementation is made of. */
function peersOf({ addresses }: CipherOcto) {
  return {
    octo: addresses.octo,
    roleTokens: addresses.roleTokenFactory,
    settlement: addresses.settlement,
    pools: addresses.delegationPools,
    desk: addresses.slashingDesk,
    reviews: addresses.peerReviews,
  };
}

describe("ProviderRegistry", () => {
  describe("initialize", () => {
    it("refuses a second time on the proxy (A-83)", async () => {
      const { system, actors } = await loadFixture(supplied);
      await expect(
        system.registry.connect(actors.stranger).initialize(actors.stranger.address),
      ).to.be.revertedWithCustomError(system.registry, "InvalidInitialization");
    });

    it("refuses on an implementation (A-83)", async () => {
      const { system, actors } = await loadFixture(supplied);
      const implementation = await ethers.deployContract("ProviderRegistry", [peersOf(system)]);
      await expect(implementation.initialize(actors.stranger.address)).to.be.revertedWithCustomError(
        implementation,
        "InvalidInitialization",
      );
    });
  });

  describe("upgradeToAndCall", () => {
    describe("when the caller has no permission", () => {
      for (const name of ["stranger", "deployer", "guardian"] as const) {
        it(`refuses the ${name}`, async () => {
          const { system, actors } = await loadFixture(supplied);
          const code = await ethers.deployContract("ProviderRegistry", [peersOf(system)]);
          await expect(system.registry.connect(actors[name]).upgradeToAndCall(code, "0x"))
            .to.be.revertedWithCustomError(system.registry, "AccessManagedUnauthorized")
            .withArgs(actors[name].address);
        });
      }
    });
  });

  describe("bond", () => {
    describe("when the role does not exist", () => {
      for (const role of NO_ROLES) {
        it(`refuses role ${role}`, async () => {
          const { registry } = await loadFixture(supplied);
          await expect(registry.bond(role, 1n, 1n))
            .to.be.revertedWithCustomError(registry, "ProviderRegistryUnknownRole")
            .withArgs(role);
        });
      }
    });

    describe("when both amounts are zero", () => {
      it("refuses", async () => {
        const { registry } = await loadFixture(supplied);
        await expect(registry.bond(D, 0n, 0n)).to.be.revertedWithCustomError(registry, "ProviderRegistryZeroAmount");
      });
    });

    describe("when a lane would hold more than 300 million (M-23)", () => {
      for (const [lane, octo, roleTokens] of LANES) {
        for (const excess of [MOST + 1n, 2n ** 96n, MAX_UINT128]) {
          it(`refuses ${excess} wei in the ${lane} lane`, async () => {
            const { registry } = await loadFixture(rich);
            await expect(registry.bond(D, octo * excess, roleTokens * excess))
              .to.be.revertedWithCustomError(registry, "ProviderRegistryAmountTooLarge")
              .withArgs(excess, MOST);
          });
        }

        it(`refuses one wei more in a full ${lane} lane`, async () => {
          const { registry } = await loadFixture(rich);
          await registry.bond(D, octo * MOST, roleTokens * MOST);
          await expect(registry.bond(D, octo, roleTokens))
            .to.be.revertedWithCustomError(registry, "ProviderRegistryAmountTooLarge")
            .withArgs(MOST + 1n, MOST);
        });

        it(`counts what the ${lane} lane holds already`, async () => {
          const { registry } = await loadFixture(rich);
          await registry.bond(D, 5n, 5n);
          await expect(registry.bond(D, octo * (MOST - 4n), roleTokens * (MOST - 4n)))
            .to.be.revertedWithCustomError(registry, "ProviderRegistryAmountTooLarge")
            .withArgs(MOST + 1n, MOST);
        });
      }

      it("keeps 300 million of each", async () => {
        const { registry, whale } = await loadFixture(rich);
        await registry.bond(D, MOST, MOST);
        expect([...(await registry.bondOf(whale.address, D))]).to.deep.equal([MOST, MOST]);
        expect(await registry.isActive(whale.address, D)).to.equal(true);
      });

      it("keeps what stands beside two full lanes", async () => {
        const { system, registry, whale } = await loadFixture(rich);
        await registry.setStandingTerms(D, MAX_TERMS_BUDGET, MAX_TERMS_TIME);
        await registry.bond(D, MOST, MOST);
        const status = await system.providerLens.statusOf(whale.address, D);
        expect([status.maxBudget, status.minDuration, status.ordinal, status.capacity]).to.deep.equal([
          MAX_TERMS_BUDGET,
          MAX_TERMS_TIME,
          1n,
          5n * MOST,
        ]);
      });
    });

    describe("when the OCTO cannot be taken", () => {
      it("refuses without the allowance", async () => {
        const { system, registry } = await loadFixture(supplied);
        const { octo, addresses } = system;
        await octo.connect(registry.runner).approve(addresses.registry, MIN_OCTO - 1n);
        await expect(registry.bond(D, MIN_OCTO, 1n))
          .to.be.revertedWithCustomError(octo, "ERC20InsufficientAllowance")
          .withArgs(addresses.registry, MIN_OCTO - 1n, MIN_OCTO);
      });

      it("refuses without the balance", async () => {
        const { system, registry, provider } = await loadFixture(supplied);
        const balance = await system.octo.balanceOf(provider.address);
        await expect(registry.bond(D, balance + 1n, 1n))
          .to.be.revertedWithCustomError(system.octo, "ERC20InsufficientBalance")
          .withArgs(provider.address, balance, balance + 1n);
      });
    });

    describe("when the role tokens cannot be taken", () => {
      it("refuses without the allowance", async () => {
        const { system, registry } = await loadFixture(supplied);
        const token = system.roleTokens.D;
        await token.connect(registry.runner).approve(system.addresses.registry, 4n);
        await expect(registry.bond(D, 1n, 5n))
          .to.be.revertedWithCustomError(token, "ERC20InsufficientAllowance")
          .withArgs(system.addresses.registry, 4n, 5n);
      });

      it("refuses without the balance", async () => {
        const { system, registry, provider } = await loadFixture(supplied);
        const token = system.roleTokens.D;
        const balance = await token.balanceOf(provider.address);
        await expect(registry.bond(D, 1n, balance + 1n))
          .to.be.revertedWithCustomError(token, "ERC20InsufficientBalance")
          .withArgs(provider.address, balance, balance + 1n);
      });
    });

    describe("when only one lane is paid into", () => {
      for (const [lane, octo, roleTokens] of LANES) {
        it(`adds to the ${lane} lane alone and takes nothing else`, async () => {
          const { system, registry, provider } = await loadFixture(supplied);
          const bonding = registry.bond(D, octo, roleTokens);
          await expect(bonding).to.changeTokenBalance(ethers, system.octo, provider, -octo);
          await expect(bonding).to.changeTokenBalance(ethers, system.roleTokens.D, provider, -roleTokens);
          expect([...(await registry.bondOf(provider.address, D))]).to.deep.equal([octo, roleTokens]);
        });

        it(`never activates by the ${lane} lane alone`, async () => {
          const { registry, provider } = await loadFixture(supplied);
          await registry.bond(D, octo * MIN_OCTO, roleTokens * 20n * OCTO);
          expect(await registry.isActive(provider.address, D)).to.equal(false);
        });
      }
    });

    for (const [letter, octo, roleTokens] of MINIMUMS) {
      const role = roleId(letter);
      const [minOcto, minRole] = [octo * OCTO, roleTokens * OCTO];

      describe(`when the bonds meet the minimums of ${letter}: ${octo} OCTO and ${roleTokens} OCTO-${letter}`, () => {
        it("stays inactive one wei below in OCTO", async () => {
          const { registry, provider } = await loadFixture(supplied);
          await registry.bond(role, minOcto - 1n, minRole);
          expect(await registry.isActive(provider.address, role)).to.equal(false);
        });

        it("stays inactive one wei below in role tokens", async () => {
          const { registry, provider } = await loadFixture(supplied);
          await registry.bond(role, minOcto, minRole - 1n);
          expect(await registry.isActive(provider.address, role)).to.equal(false);
        });

        it("becomes active with the last wei", async () => {
          const { registry, provider } = await loadFixture(supplied);
          await registry.bond(role, minOcto - 1n, minRole);
          await registry.bond(role, 1n, 0n);
          expect(await registry.isActive(provider.address, role)).to.equal(true);
        });

        it("becomes active at both at once", async () => {
          const { registry, provider } = await loadFixture(supplied);
          await registry.bond(role, minOcto, minRole);
          expect(await registry.isActive(provider.address, role)).to.equal(true);
        });
      });
    }

    describe("when the position becomes active for the first time", () => {
      it("starts its record", async () => {
        const { system, registry, provider } = await loadFixture(supplied);
        const at = await minedAt(await registry.bond(D, MIN_OCTO, MIN_ROLE));
        const { activatedDay, tasks, score, onDuty } = await system.providerLens.statusOf(provider.address, D);
        expect([activatedDay, tasks, score, onDuty]).to.deep.equal([at / DAY, 0n, FIRST_SCORE, false]);
      });

      it("leaves the other roles of the account alone", async () => {
        const { registry, provider } = await loadFixture(supplied);
        await registry.bond(D, MIN_OCTO, MIN_ROLE);
        for (const [letter] of MINIMUMS.filter(([letter]) => letter !== "D")) {
          expect(await registry.isActive(provider.address, roleId(letter)), letter).to.equal(false);
        }
      });
    });

    describe("when both lanes are paid into", () => {
      it("takes both amounts from the caller into the registry", async () => {
        const { system, registry, provider } = await loadFixture(supplied);
        const bonding = registry.bond(D, 11n, 13n);
        await expect(bonding).to.changeTokenBalances(ethers, system.octo, [provider, registry], [-11n, 11n]);
        await expect(bonding).to.changeTokenBalances(ethers, system.roleTokens.D, [provider, registry], [-13n, 13n]);
      });

      it("adds up", async () => {
        const { registry, provider } = await loadFixture(supplied);
        await registry.bond(D, 11n, 13n);
        await registry.bond(D, 2n, 3n);
        expect([...(await registry.bondOf(provider.address, D))]).to.deep.equal([13n, 16n]);
      });

      it("emits the bond and, once, the activation", async () => {
        const { registry, provider } = await loadFixture(supplied);
        const bonding = registry.bond(D, MIN_OCTO, MIN_ROLE);
        await expect(bonding).to.emit(registry, "Bonded").withArgs(provider.address, D, MIN_OCTO, MIN_ROLE);
        await expect(bonding).to.emit(registry, "Activated").withArgs(provider.address, D);
        await expect(registry.bond(D, 1n, 1n)).not.to.emit(registry, "Activated");
      });
    });
  });

  describe("bondWithPermits", () => {
    describe("when the role does not exist", () => {
      for (const role of NO_ROLES) {
        it(`refuses role ${role} and leaves the permits unused`, async () => {
          const { system, registry, provider, permits } = await loadFixture(withoutAllowance);
          await expect(registry.bondWithPermits(role, 1n, 1n, permits.octo, permits.roleTokens))
            .to.be.revertedWithCustomError(registry, "ProviderRegistryUnknownRole")
            .withArgs(role);
          expect(await system.octo.nonces(provider.address)).to.equal(0n);
        });
      }
    });

    describe("when both amounts are zero", () => {
      it("refuses", async () => {
        const { registry, permits } = await loadFixture(withoutAllowance);
        await expect(
          registry.bondWithPermits(D, 0n, 0n, permits.octo, permits.roleTokens),
        ).to.be.revertedWithCustomError(registry, "ProviderRegistryZeroAmount");
      });
    });

    describe("when a lane would hold more than 300 million (M-23)", () => {
      it("refuses", async () => {
        const { registry, permits } = await loadFixture(withoutAllowance);
        await expect(registry.bondWithPermits(D, MOST + 1n, 0n, permits.octo, NO_PERMIT))
          .to.be.revertedWithCustomError(registry, "ProviderRegistryAmountTooLarge")
          .withArgs(MOST + 1n, MOST);
      });
    });

    describe("when no permit is given", () => {
      it("refuses without the allowances", async () => {
        const { system, registry } = await loadFixture(withoutAllowance);
        await expect(registry.bondWithPermits(D, MIN_OCTO, MIN_ROLE, NO_PERMIT, NO_PERMIT))
          .to.be.revertedWithCustomError(system.octo, "ERC20InsufficientAllowance")
          .withArgs(system.addresses.registry, 0n, MIN_OCTO);
      });

      it("takes them out of the allowances", async () => {
        const { system, registry, provider } = await loadFixture(withoutAllowance);
        await approveAll(system, provider);
        await registry.bondWithPermits(D, MIN_OCTO, MIN_ROLE, NO_PERMIT, NO_PERMIT);
        expect(await registry.isActive(provider.address, D)).to.equal(true);
      });

      it("does not try what has a deadline of 0", async () => {
        const { system, registry, provider } = await loadFixture(withoutAllowance);
        await approveAll(system, provider);
        const permit = await permitFor(system, provider, system.octo, 5n, 0n);
        await registry.bondWithPermits(D, 5n, 0n, permit, NO_PERMIT);
        expect(await system.octo.nonces(provider.address)).to.equal(0n);
      });
    });

    describe("when one permit is given", () => {
      it("takes the OCTO by permit and the role tokens by allowance", async () => {
        const { system, registry, provider, permits } = await loadFixture(withoutAllowance);
        await system.roleTokens.D.connect(provider).approve(system.addresses.registry, MIN_ROLE);
        await registry.bondWithPermits(D, MIN_OCTO, MIN_ROLE, permits.octo, NO_PERMIT);
        expect([...(await registry.bondOf(provider.address, D))]).to.deep.equal([MIN_OCTO, MIN_ROLE]);
      });

      it("takes the role tokens by permit and the OCTO by allowance", async () => {
        const { system, registry, provider, permits } = await loadFixture(withoutAllowance);
        await system.octo.connect(provider).approve(system.addresses.registry, MIN_OCTO);
        await registry.bondWithPermits(D, MIN_OCTO, MIN_ROLE, NO_PERMIT, permits.roleTokens);
        expect([...(await registry.bondOf(provider.address, D))]).to.deep.equal([MIN_OCTO, MIN_ROLE]);
      });

      it("refuses if the other token was not allowed", async () => {
        const { system, registry, permits } = await loadFixture(withoutAllowance);
        await expect(registry.bondWithPermits(D, MIN_OCTO, MIN_ROLE, permits.octo, NO_PERMIT))
          .to.be.revertedWithCustomError(system.roleTokens.D, "ERC20InsufficientAllowance")
          .withArgs(system.addresses.registry, 0n, MIN_ROLE);
      });
    });

    describe("when a permit is no good", () => {
      it("refuses one for less than is bonded", async () => {
        const { system, registry, provider } = await loadFixture(withoutAllowance);
        const permit = await permitFor(system, provider, system.octo, MIN_OCTO - 1n);
        await expect(registry.bondWithPermits(D, MIN_OCTO, 0n, permit, NO_PERMIT))
          .to.be.revertedWithCustomError(system.octo, "ERC20InsufficientAllowance")
          .withArgs(system.addresses.registry, MIN_OCTO - 1n, MIN_OCTO);
      });

      for (const [what, deadline, signs] of [
        ["expired", 1n, "provider"],
        ["signed by somebody else", LATER, "stranger"],
      ] as const) {
        it(`refuses one ${what} without an allowance`, async () => {
          const { system, actors, registry } = await loadFixture(withoutAllowance);
          const permit = await permitFor(system, actors[signs], system.octo, MIN_OCTO, deadline);
          await expect(registry.bondWithPermits(D, MIN_OCTO, 0n, permit, NO_PERMIT))
            .to.be.revertedWithCustomError(system.octo, "ERC20InsufficientAllowance")
            .withArgs(system.addresses.registry, 0n, MIN_OCTO);
        });

        it(`falls back to the allowance for one ${what}`, async () => {
          const { system, actors, registry, provider } = await loadFixture(withoutAllowance);
          await approveAll(system, provider);
          const octo = await permitFor(system, actors[signs], system.octo, MIN_OCTO, deadline);
          const roleTokens = await permitFor(system, actors[signs], system.roleTokens.D, MIN_ROLE, deadline);
          await registry.bondWithPermits(D, MIN_OCTO, MIN_ROLE, octo, roleTokens);
          expect([...(await registry.bondOf(provider.address, D))]).to.deep.equal([MIN_OCTO, MIN_ROLE]);
        });
      }

      it("refuses one for another role's token", async () => {
        const { system, registry, provider } = await loadFixture(withoutAllowance);
        const permit = await permitFor(system, provider, system.roleTokens.A, MIN_ROLE);
        await expect(registry.bondWithPermits(D, 0n, MIN_ROLE, NO_PERMIT, permit))
          .to.be.revertedWithCustomError(system.roleTokens.D, "ERC20InsufficientAllowance")
          .withArgs(system.addresses.registry, 0n, MIN_ROLE);
      });
    });

    describe("when somebody else has the permits", () => {
      it("takes nothing of their owner's for a stranger (A-40, A-57)", async () => {
        const { system, actors, provider, permits } = await loadFixture(withoutAllowance);
        const registry = system.registry.connect(actors.stranger);
        await system.octo.connect(actors.stranger).approve(system.addresses.registry, 0n);
        await expect(registry.bondWithPermits(D, MIN_OCTO, MIN_ROLE, permits.octo, permits.roleTokens))
          .to.be.revertedWithCustomError(system.octo, "ERC20InsufficientAllowance")
          .withArgs(system.addresses.registry, 0n, MIN_OCTO);
        expect(await system.octo.allowance(provider.address, system.addresses.registry)).to.equal(0n);
      });

      it("works for who signed them after a front-runner used both (M-13)", async () => {
        const { system, actors, registry, provider, permits } = await loadFixture(withoutAllowance);
        for (const [token, { value, deadline, v, r, s }] of [
          [system.octo, permits.octo],
          [system.roleTokens.D, permits.roleTokens],
        ] as const) {
          const { stranger } = actors;
          await token.connect(stranger).permit(provider.address, system.addresses.registry, value, deadline, v, r, s);
        }
        await registry.bondWithPermits(D, MIN_OCTO, MIN_ROLE, permits.octo, permits.roleTokens);
        expect([...(await registry.bondOf(provider.address, D))]).to.deep.equal([MIN_OCTO, MIN_ROLE]);
      });

      it("cannot be used a second time by who signed them (A-57)", async () => {
        const { system, registry, permits } = await loadFixture(withoutAllowance);
        await registry.bondWithPermits(D, MIN_OCTO, MIN_ROLE, permits.octo, permits.roleTokens);
        await expect(registry.bondWithPermits(D, MIN_OCTO, MIN_ROLE, permits.octo, permits.roleTokens))
          .to.be.revertedWithCustomError(system.octo, "ERC20InsufficientAllowance")
          .withArgs(system.addresses.registry, 0n, MIN_OCTO);
      });
    });

    describe("when both permits are given", () => {
      it("goes from nothing to active in one transaction, and emits it", async () => {
        const { registry, provider, permits } = await loadFixture(withoutAllowance);
        const bonding = registry.bondWithPermits(D, MIN_OCTO, MIN_ROLE, permits.octo, permits.roleTokens);
        await expect(bonding).to.emit(registry, "Bonded").withArgs(provider.address, D, MIN_OCTO, MIN_ROLE);
        await expect(bonding).to.emit(registry, "CohortJoined").withArgs(provider.address, D, 1n);
        await expect(bonding).to.emit(registry, "Activated").withArgs(provider.address, D);
        expect(await registry.isActive(provider.address, D)).to.equal(true);
      });

      it("takes both amounts and leaves no allowance behind", async () => {
        const { system, registry, provider, permits } = await loadFixture(withoutAllowance);
        const bonding = registry.bondWithPermits(D, MIN_OCTO, MIN_ROLE, permits.octo, permits.roleTokens);
        await expect(bonding).to.changeTokenBalances(ethers, system.octo, [provider, registry], [-MIN_OCTO, MIN_OCTO]);
        await expect(bonding).to.changeTokenBalances(
          ethers,
          system.roleTokens.D,
          [provider, registry],
          [-MIN_ROLE, MIN_ROLE],
        );
        expect(await system.octo.allowance(provider.address, system.addresses.registry)).to.equal(0n);
        expect(await system.roleTokens.D.allowance(provider.address, system.addresses.registry)).to.equal(0n);
      });

      it("is used even if nothing of its token is bonded", async () => {
        const { system, registry, provider, permits } = await loadFixture(withoutAllowance);
        await registry.bondWithPermits(D, 1n, 0n, permits.octo, permits.roleTokens);
        expect(await system.roleTokens.D.allowance(provider.address, system.addresses.registry)).to.equal(MIN_ROLE);
      });
    });
  });

  describe("setStandingTerms", () => {
    describe("when the role does not exist", () => {
      for (const role of NO_ROLES) {
        it(`refuses role ${role}`, async () => {
          const { registry } = await loadFixture(supplied);
          await expect(registry.setStandingTerms(role, 1n, 1n))
            .to.be.revertedWithCustomError(registry, "ProviderRegistryUnknownRole")
            .withArgs(role);
        });
      }
    });

    describe("when the largest budget is about its limit (M-23)", () => {
      for (const budget of [MAX_TERMS_BUDGET + 1n, MAX_UINT128]) {
        it(`refuses ${budget} wei`, async () => {
          const { registry } = await loadFixture(supplied);
          await expect(registry.setStandingTerms(D, budget, 60n))
            .to.be.revertedWithCustomError(registry, "ProviderRegistryAmountTooLarge")
            .withArgs(budget, MAX_TERMS_BUDGET);
        });
      }
    });

    describe("when the shortest time is about its limit (M-23)", () => {
      for (const duration of [MAX_TERMS_TIME + 1n, 2n ** 32n - 1n]) {
        it(`refuses ${duration} seconds`, async () => {
          const { registry } = await loadFixture(supplied);
          await expect(registry.setStandingTerms(D, OCTO, duration))
            .to.be.revertedWithCustomError(registry, "ProviderRegistryDurationTooLong")
            .withArgs(duration, MAX_TERMS_TIME);
        });
      }
    });

    describe("when the terms are published", () => {
      for (const [what, budget, duration, kept] of [
        ["keeps the largest there can be", MAX_TERMS_BUDGET, MAX_TERMS_TIME, [MAX_TERMS_BUDGET, MAX_TERMS_TIME]],
        ["keeps whole OCTO and whole minutes", 7n * OCTO, 120n, [7n * OCTO, 120n]],
        ["rounds the budget down to whole OCTO", 8n * OCTO - 1n, 120n, [7n * OCTO, 120n]],
        ["rounds the time up to whole minutes", 7n * OCTO, 61n, [7n * OCTO, 120n]],
        ["rounds one second up to a minute", 7n * OCTO, 1n, [7n * OCTO, 60n]],
        ["takes any time if none is asked for", 7n * OCTO, 0n, [7n * OCTO, 0n]],
        ["withdraws them below 1 OCTO", OCTO - 1n, 0n, [0n, 0n]],
      ] as const) {
        it(`${what}, and emits what it keeps`, async () => {
          const { system, registry, provider } = await loadFixture(supplied);
          await registry.setStandingTerms(D, 3n * OCTO, 180n);
          await expect(registry.setStandingTerms(D, budget, duration))
            .to.emit(registry, "StandingTermsSet")
            .withArgs(provider.address, D, ...kept);
          const { maxBudget, minDuration } = await system.providerLens.statusOf(provider.address, D);
          expect([maxBudget, minDuration]).to.deep.equal(kept);
        });
      }

      it("keeps them for the caller's role and no other", async () => {
        const { system, registry, provider } = await loadFixture(supplied);
        await registry.setStandingTerms(D, 500n * OCTO, 60n);
        const inA = await system.providerLens.statusOf(provider.address, roleId("A"));
        expect([inA.maxBudget, inA.minDuration]).to.deep.equal([0n, 0n]);
      });

      it("touches neither bonds nor activity nor record, at their largest", async () => {
        const world = await loadFixture(supplied);
        const { system, registry, provider } = world;
        await bondIn(world, "D");
        const before = await registry.positionOf(provider.address, D);
        await registry.setStandingTerms(D, MAX_TERMS_BUDGET, MAX_TERMS_TIME);
        const after = await registry.positionOf(provider.address, D);
        expect([after.octoBond, after.roleBond, after.state, after.ordinal]).to.deep.equal([
          before.octoBond,
          before.roleBond,
          before.state,
          before.ordinal,
        ]);
        expect([...after.record]).to.deep.equal([...before.record]);
      });

      it("survive a bond, an unbond and a deactivation", async () => {
        const world = await loadFixture(supplied);
        const { system, registry, provider } = world;
        await registry.setStandingTerms(D, MAX_TERMS_BUDGET, MAX_TERMS_TIME);
        await bondIn(world, "D");
        await registry.unbond(D, MIN_OCTO, MIN_ROLE);
        const { maxBudget, minDuration, active } = await system.providerLens.statusOf(provider.address, D);
        expect([maxBudget, minDuration, active]).to.deep.equal([MAX_TERMS_BUDGET, MAX_TERMS_TIME, false]);
      });
    });
  });

  describe("views", () => {
    it("shows the minimums of the eight roles and of no other", async () => {
      const { registry } = (await loadFixture(supplied)).system;
      for (const [letter, octo, roleTokens] of MINIMUMS) {
        expect([...(await registry.minimumOf(roleId(letter)))], letter).to.deep.equal([octo * OCTO, roleTokens * OCTO]);
      }
      for (const role of NO_ROLES) expect([...(await registry.minimumOf(role))]).to.deep.equal([0n, 0n]);
    });

    it("names its peers (R-4)", async () => {
      const { registry, addresses } = (await loadFixture(supplied)).system;
      expect([...(await registry.peers())]).to.deep.equal([
        addresses.slashingDesk,
        addresses.delegationPools,
        addresses.peerReviews,
      ]);
    });

    it("shows a position nobody has taken as empty", async () => {
      const { system, actors } = await loadFixture(supplied);
      const { registry } = system;
      const { stranger } = actors;
      const position = await registry.positionOf(stranger.address, D);
      expect([...position.slice(0, 6), ...position.record]).to.deep.equal(Array.from({ length: 18 }, () => 0n));
      expect([...(await registry.bondOf(stranger.address, D))]).to.deep.equal([0n, 0n]);
      expect([...(await registry.exitOf(stranger.address, D, 0n))]).to.deep.equal([0n, 0n, 0n]);
      expect([...(await registry.frozenBondOf(stranger.address, D))]).to.deep.equal([0n, 0n]);
      expect(await registry.isActive(stranger.address, D)).to.equal(false);
      expect(await system.slashingDesk.isBanned(stranger.address)).to.equal(false);
      expect(await registry.scoreOf(stranger.address, D)).to.equal(0n);
    });

    it("shows nothing of a role there is none of", async () => {
      const { system, provider } = await loadFixture(supplied);
      const { registry } = system;
      for (const role of NO_ROLES) {
        expect([...(await registry.bondOf(provider.address, role))]).to.deep.equal([0n, 0n]);
        expect(await registry.isActive(provider.address, role)).to.equal(false);
        expect([...(await registry.slashedOf(role))]).to.deep.equal([0n, 0n]);
      }
    });

    it("keeps a super node's roles apart (I-02)", async () => {
      const world = await loadFixture(supplied);
      const { registry, provider } = world;
      await bondIn(world, "A");
      await bondIn(world, "S");
      await bondIn(world, "D");
      await registry.bond(roleId("S"), 1n, 2n);
      const bonds = async (letter: RoleLetter) => [...(await registry.bondOf(provider.address, roleId(letter)))];
      expect(await bonds("A")).to.deep.equal([1_000n * OCTO, 500n * OCTO]);
      expect(await bonds("S")).to.deep.equal([500n * OCTO + 1n, 1_000n * OCTO + 2n]);
      expect(await bonds("D")).to.deep.equal([MIN_OCTO, MIN_ROLE]);
    });

    it("holds exactly the sum of the bonds and the exits of every role (I-01, R-1)", async () => {
      const world = await loadFixture(supplied);
      const { system, registry } = world;
      const all = ["A", "S", "D"] as const;
      for (const letter of all) await bondIn(world, letter);
      await registry.unbond(D, 7n, 11n);
      expect(await system.octo.balanceOf(system.addresses.registry)).to.equal(1_700n * OCTO);
      for (const letter of all) {
        const { roleTokens } = await registry.minimumOf(roleId(letter));
        expect(await system.roleTokens[letter].balanceOf(system.addresses.registry), letter).to.equal(roleTokens);
      }
    });
  });
});
