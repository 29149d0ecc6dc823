import { expect } from "chai";
import { MaxUint256, ZeroAddress } from "ethers";

import { bitmap, roleId } from "../../deploy/roles.ts";
import { RoleToken__factory } from "../../typechain-types/index.js";
import { loadFixture, OCTO } from "../support/fixture.ts";
import { impersonated, Jobs, minedAt, STATUS } from "../support/jobs.ts";
import { bondIn, D, MIN_OCTO, MINIMUMS, supplied, vaultOf } from "../support/positions.ts";

const O = roleId("O");

/** A provider who is active in D and agrees to 500 OCTO for 60 seconds without signing. */
async function withTerms() {
  const world = await loadFixture(supplied);
  await bondIn(world, "D");
  await world.registry.setStandingTerms(D, 500n * OCTO, 60n);
  return world;
}

/** An active provider and an active orchestrator, and the vault's address as a signer. */
async function recording() {
  const world = await withTerms();
  const { system, actors } = world;
  await system.registry.connect(actors.orchestrator).bond(O, 2_000n * OCTO, 500n * OCTO);
  return { ...world, vault: await vaultOf(world) };
}

/** A ninth role's token, made by the founders. */
async function ninthToken() {
  const world = await loadFixture(supplied);
  const { system, actors } = world;
  await system.roleTokenFactory.connect(actors.admin).create("CipherOcto Translator", "OCTO-T");
  return { ...world, registry: system.registry.connect(actors.admin) };
}

describe("ProviderRegistry", () => {
  describe("screen", () => {
    describe("when the provider is not active in the role", () => {
      it("refuses who never was", async () => {
        const { registry, provider } = await withTerms();
        await expect(registry.screen(provider.address, 1n, 1n, 60n))
          .to.be.revertedWithCustomError(registry, "ProviderRegistryNotActive")
          .withArgs(provider.address, 1n);
      });

      it("refuses who no longer is", async () => {
        const { registry, provider } = await withTerms();
        await registry.unbond(D, MIN_OCTO, 0n);
        await expect(registry.screen(provider.address, D, 1n, 60n))
          .to.be.revertedWithCustomError(registry, "ProviderRegistryNotActive")
          .withArgs(provider.address, D);
      });
    });

    for (const [what, budget, duration, consents] of [
      ["the largest budget and the shortest time", 500n * OCTO, 60n, true],
      ["one wei more", 500n * OCTO + 1n, 60n, false],
      ["one second less", 500n * OCTO, 59n, false],
      ["less for longer", 1n, 2n ** 40n, true],
      ["2^256 - 1 wei", MaxUint256, 60n, false],
    ] as const) {
      it(`${consents ? "sees" : "does not see"} consent in ${what}`, async () => {
        const { registry, provider } = await withTerms();
        expect(await registry.screen(provider.address, D, budget, duration)).to.equal(consents);
      });
    }

    it("does not see consent once the terms are withdrawn", async () => {
      const { registry, provider } = await withTerms();
      await registry.setStandingTerms(D, 0n, 0n);
      expect(await registry.screen(provider.address, D, 1n, 60n)).to.equal(false);
    });
  });

  describe("record", () => {
    describe("when the caller is not the vault", () => {
      for (const name of ["stranger", "admin", "provider"] as const) {
        it(`refuses the ${name} (A-73)`, async () => {
          const { system, actors } = await recording();
          const task = { provider: actors.provider.address, role: D, orchestrator: ZeroAddress };
          await expect(system.registry.connect(actors[name]).record(task))
            .to.be.revertedWithCustomError(system.registry, "ProviderRegistryCallerNotVault")
            .withArgs(actors[name].address);
        });
      }

      it("refuses the job market (A-91)", async () => {
        const { system, actors } = await recording();
        const market = await impersonated(system.addresses.jobMarket);
        await expect(
          system.registry
            .connect(market)
            .record({ provider: actors.provider.address, role: D, orchestrator: ZeroAddress }),
        )
          .to.be.revertedWithCustomError(system.registry, "ProviderRegistryCallerNotVault")
          .withArgs(market.address);
      });
    });

    describe("when nobody coordinated the task", () => {
      it("counts it for the provider in its role", async () => {
        const { system, actors, vault } = await recording();
        const { provider } = actors;
        const task = { provider: provider.address, role: D, orchestrator: ZeroAddress };
        await system.registry.connect(vault).record(task);
        const at = await minedAt(await system.registry.connect(vault).record(task));
        const [inD, inA] = [
          await system.registry.statusOf(provider.address, D),
          await system.registry.statusOf(provider.address, 1n),
        ];
        expect([inD.tasks, inD.lastTaskAt]).to.deep.equal([2n, at]);
        expect([inA.tasks, inA.lastTaskAt]).to.deep.equal([0n, 0n]);
      });

      it("returns the provider's score", async () => {
        const { system, actors, vault } = await recording();
        const task = { provider: actors.provider.address, role: D, orchestrator: ZeroAddress };
        expect(await system.registry.connect(vault).record.staticCall(task)).to.equal(
          await system.registry.scoreOf(actors.provider.address, D),
        );
      });

      it("emits one record", async () => {
        const { system, actors, vault } = await recording();
        const { registry } = system;
        const task = { provider: actors.provider.address, role: D, orchestrator: ZeroAddress };
        await expect(registry.connect(vault).record(task))
          .to.emit(registry, "TaskRecorded")
          .withArgs(actors.provider.address, D, 1n);
      });
    });

    describe("when an orchestrator coordinated the task", () => {
      it("counts a task of its own in role O, and emits it", async () => {
        const { system, actors, vault } = await recording();
        const { registry } = system;
        const { provider, orchestrator } = actors;
        const recorded = registry
          .connect(vault)
          .record({ provider: provider.address, role: D, orchestrator: orchestrator.address });
        await expect(recorded).to.emit(registry, "TaskRecorded").withArgs(provider.address, D, 1n);
        await expect(recorded).to.emit(registry, "TaskRecorded").withArgs(orchestrator.address, O, 1n);
        expect((await registry.statusOf(orchestrator.address, O)).tasks).to.equal(1n);
        expect((await registry.statusOf(orchestrator.address, D)).tasks).to.equal(0n);
      });
    });
  });

  describe("addRole", () => {
    const MINIMUM = { octo: 40n * OCTO, roleTokens: 20n * OCTO };

    describe("when the caller has no permission", () => {
      for (const name of ["stranger", "deployer", "guardian"] as const) {
        it(`refuses the ${name}`, async () => {
          const { system, actors } = await ninthToken();
          await expect(system.registry.connect(actors[name]).addRole(9n, MINIMUM))
            .to.be.revertedWithCustomError(system.registry, "AccessManagedUnauthorized")
            .withArgs(actors[name].address);
        });
      }
    });

    describe("when the role exists", () => {
      for (const [letter] of MINIMUMS) {
        it(`refuses ${letter}: minimums are constants`, async () => {
          const { registry } = await ninthToken();
          await expect(registry.addRole(roleId(letter), MINIMUM))
            .to.be.revertedWithCustomError(registry, "ProviderRegistryRoleExists")
            .withArgs(roleId(letter));
        });
      }

      it("refuses the ninth a second time", async () => {
        const { registry } = await ninthToken();
        await registry.addRole(9n, MINIMUM);
        await expect(registry.addRole(9n, { octo: 1n, roleTokens: 1n }))
          .to.be.revertedWithCustomError(registry, "ProviderRegistryRoleExists")
          .withArgs(9n);
      });
    });

    describe("when a minimum is zero", () => {
      for (const [octo, roleTokens] of [
        [0n, 1n],
        [1n, 0n],
        [0n, 0n],
      ] as const) {
        it(`refuses ${octo} OCTO and ${roleTokens} role tokens`, async () => {
          const { registry } = await ninthToken();
          await expect(registry.addRole(9n, { octo, roleTokens }))
            .to.be.revertedWithCustomError(registry, "ProviderRegistryZeroMinimum")
            .withArgs(9n);
        });
      }
    });

    describe("when the role's token has not been made", () => {
      for (const role of [0n, 10n, 32n, 128n, 255n]) {
        it(`refuses role ${role}`, async () => {
          const { system, registry } = await ninthToken();
          await expect(registry.addRole(role, MINIMUM))
            .to.be.revertedWithCustomError(registry, "ProviderRegistryRoleTokenMissing")
            .withArgs(role, await system.settlement.tokenOf(role));
        });
      }
    });

    describe("when the ninth token exists", () => {
      it("sets the minimums and emits them", async () => {
        const { registry } = await ninthToken();
        await expect(registry.addRole(9n, MINIMUM))
          .to.emit(registry, "RoleAdded")
          .withArgs(9n, MINIMUM.octo, MINIMUM.roleTokens);
        const { octo, roleTokens } = await registry.minimumOf(9n);
        expect({ octo, roleTokens }).to.deep.equal(MINIMUM);
      });

      it("serves from bond to minted pay like any other role", async () => {
        const { system, actors, registry } = await ninthToken();
        const { admin, provider } = actors;
        const { octo, engine, settlement, addresses } = system;
        const jobs = new Jobs({ system, actors });
        const token = RoleToken__factory.connect(await settlement.tokenOf(9n), provider);
        await registry.addRole(9n, MINIMUM);
        await settlement.connect(admin).admitMarket(addresses.jobMarket, bitmap([9n]), 0n);

        await engine.connect(provider).buy(9n, 100n * OCTO, MINIMUM.roleTokens, MaxUint256);
        await token.approve(addresses.registry, MINIMUM.roleTokens);
        await registry.connect(provider).bond(9n, MINIMUM.octo, MINIMUM.roleTokens);
        expect(await registry.isActive(provider.address, 9n)).to.equal(true);

        const before = await token.balanceOf(provider.address);
        const jobId = await jobs.completed({ role: 9n });
        expect(await jobs.statusOf(jobId)).to.equal(STATUS.Completed);
        // 1,000 OCTO pay a fee of 200; at an intensity of 0.12 and the lowest multiplier of 0.5 it mints 12.
        expect((await token.balanceOf(provider.address)) - before).to.equal(12n * OCTO);
        expect((await registry.statusOf(provider.address, 9n)).tasks).to.equal(1n);
        expect(await octo.balanceOf(addresses.registry)).to.equal(MINIMUM.octo);
      });
    });
  });
});
