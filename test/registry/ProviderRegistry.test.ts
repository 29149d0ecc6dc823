import { expect } from "chai";

import { roleId } from "../../deploy/roles.ts";
import { ethers, loadFixture, OCTO } from "../support/fixture.ts";
import { DAY, minedAt } from "../support/jobs.ts";
import { bondIn, D, MAX_BOND, MAX_UINT128, MIN_OCTO, MIN_ROLE, MINIMUMS, supplied } from "../support/positions.ts";

/** Every average at 20 and no age: 0.95 x 20 points of 1e5. */
const FIRST_SCORE = 1_900_000n;

/** What standing terms can say at most: 40 bits of whole OCTO, and 30 days. */
const [MAX_TERMS_BUDGET, MAX_TERMS_TIME] = [(2n ** 40n - 1n) * OCTO, 30n * DAY];

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
      const { octo, roleTokenFactory, settlement } = system.addresses;
      const implementation = await ethers.deployContract("ProviderRegistry", [octo, roleTokenFactory, settlement]);
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
          const { octo, roleTokenFactory, settlement } = system.addresses;
          const code = await ethers.deployContract("ProviderRegistry", [octo, roleTokenFactory, settlement]);
          await expect(system.registry.connect(actors[name]).upgradeToAndCall(code, "0x"))
            .to.be.revertedWithCustomError(system.registry, "AccessManagedUnauthorized")
            .withArgs(actors[name].address);
        });
      }
    });
  });

  describe("bond", () => {
    describe("when the role does not exist", () => {
      for (const role of [0n, 9n, 255n]) {
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

    describe("when a lane would pass 96 bits (M-23)", () => {
      for (const [lane, octo, roleTokens] of [
        ["OCTO", 1n, 0n],
        ["role-token", 0n, 1n],
      ] as const) {
        it(`refuses 2^128 - 1 in the ${lane} lane`, async () => {
          const { registry } = await loadFixture(supplied);
          await expect(registry.bond(D, octo * MAX_UINT128, roleTokens * MAX_UINT128))
            .to.be.revertedWithCustomError(registry, "ProviderRegistryAmountTooLarge")
            .withArgs(MAX_UINT128, MAX_BOND);
        });

        it(`counts what the ${lane} lane holds already`, async () => {
          const { registry } = await loadFixture(supplied);
          await registry.bond(D, 5n, 5n);
          await expect(registry.bond(D, octo * (MAX_BOND - 4n), roleTokens * (MAX_BOND - 4n)))
            .to.be.revertedWithCustomError(registry, "ProviderRegistryAmountTooLarge")
            .withArgs(MAX_BOND + 1n, MAX_BOND);
        });
      }
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
      for (const [lane, octo, roleTokens] of [
        ["OCTO", 7n, 0n],
        ["role-token", 0n, 7n],
      ] as const) {
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
        const { registry, provider } = await loadFixture(supplied);
        const activatedAt = await minedAt(await registry.bond(D, MIN_OCTO, MIN_ROLE));
        const status = await registry.statusOf(provider.address, D);
        expect([status.activatedAt, status.tasks, status.lastTaskAt, status.score]).to.deep.equal([
          activatedAt,
          0n,
          0n,
          FIRST_SCORE,
        ]);
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

  describe("setStandingTerms", () => {
    describe("when the role does not exist", () => {
      for (const role of [0n, 9n]) {
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
          const { registry, provider } = await loadFixture(supplied);
          await registry.setStandingTerms(D, 3n * OCTO, 180n);
          await expect(registry.setStandingTerms(D, budget, duration))
            .to.emit(registry, "StandingTermsSet")
            .withArgs(provider.address, D, ...kept);
          const { maxBudget, minDuration } = await registry.statusOf(provider.address, D);
          expect([maxBudget, minDuration]).to.deep.equal(kept);
        });
      }

      it("keeps them for the caller's role and no other", async () => {
        const { registry, provider } = await loadFixture(supplied);
        await registry.setStandingTerms(D, 500n * OCTO, 60n);
        const inA = await registry.statusOf(provider.address, roleId("A"));
        expect([inA.maxBudget, inA.minDuration]).to.deep.equal([0n, 0n]);
      });

      it("touches neither bonds nor activity nor record, at their largest", async () => {
        const world = await loadFixture(supplied);
        const { registry, provider } = world;
        await bondIn(world, "D");
        const before = await registry.statusOf(provider.address, D);
        await registry.setStandingTerms(D, MAX_TERMS_BUDGET, MAX_TERMS_TIME);
        const after = await registry.statusOf(provider.address, D);
        expect([after.octoBond, after.roleBond, after.active, after.activatedAt, after.tasks]).to.deep.equal([
          before.octoBond,
          before.roleBond,
          before.active,
          before.activatedAt,
          before.tasks,
        ]);
      });

      it("survive a bond, an unbond and a deactivation", async () => {
        const world = await loadFixture(supplied);
        const { registry, provider } = world;
        await registry.setStandingTerms(D, MAX_TERMS_BUDGET, MAX_TERMS_TIME);
        await bondIn(world, "D");
        await registry.unbond(D, MIN_OCTO, MIN_ROLE);
        const { maxBudget, minDuration, active } = await registry.statusOf(provider.address, D);
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
      for (const role of [0n, 9n, 255n]) expect([...(await registry.minimumOf(role))]).to.deep.equal([0n, 0n]);
    });

    it("shows a position nobody has taken as empty", async () => {
      const { system, actors } = await loadFixture(supplied);
      const status = await system.registry.statusOf(actors.stranger.address, D);
      expect([status.octoBond, status.roleBond, status.active, status.activatedAt, status.score]).to.deep.equal([
        0n,
        0n,
        false,
        0n,
        0n,
      ]);
      expect([...status.minimum]).to.deep.equal([MIN_OCTO, MIN_ROLE]);
      expect(await system.registry.scoreOf(actors.stranger.address, D)).to.equal(0n);
    });

    it("agrees with itself about a position", async () => {
      const world = await loadFixture(supplied);
      const { registry, provider } = world;
      await bondIn(world, "D");
      const status = await registry.statusOf(provider.address, D);
      expect(status.active).to.equal(true);
      expect(status.active).to.equal(await registry.isActive(provider.address, D));
      expect(status.score).to.equal(await registry.scoreOf(provider.address, D));
      expect([status.octoBond, status.roleBond]).to.deep.equal([...(await registry.bondOf(provider.address, D))]);
    });

    it("keeps a super node's roles apart (I-02)", async () => {
      const world = await loadFixture(supplied);
      const { registry, provider } = world;
      await bondIn(world, "A");
      await bondIn(world, "S");
      await bondIn(world, "D");
      await registry.bond(roleId("S"), 1n, 2n);
      const bonds = async (letter: "A" | "S" | "D") => [...(await registry.bondOf(provider.address, roleId(letter)))];
      expect(await bonds("A")).to.deep.equal([1_000n * OCTO, 500n * OCTO]);
      expect(await bonds("S")).to.deep.equal([500n * OCTO + 1n, 1_000n * OCTO + 2n]);
      expect(await bonds("D")).to.deep.equal([MIN_OCTO, MIN_ROLE]);
    });
  });
});
