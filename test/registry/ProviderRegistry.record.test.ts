import { expect } from "chai";
import { MaxUint256, ZeroAddress } from "ethers";

import { bitmap, roleId } from "../../deploy/roles.ts";
import { RoleToken__factory } from "../../typechain-types/index.js";
import { loadFixture, OCTO, time, type World } from "../support/fixture.ts";
import { impersonated, Jobs, minedAt, STATUS } from "../support/jobs.ts";
import * as model from "../support/models/score.ts";
import { bondIn, D, MIN_OCTO, MIN_ROLE, MINIMUMS, supplied, vaultOf } from "../support/positions.ts";

const O = roleId("O");

/** A stretch of time that ends within the day it began on, whenever the chain was made. */
const MORNING = 3_600n;

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

/** The best work there is, of the provider in D, with a whole day's step and nothing to share. */
function taskOf({ actors }: World, rest: Partial<Task> = {}): Task {
  return {
    provider: actors.provider.address,
    role: D,
    orchestrator: ZeroAddress,
    weight: model.WHOLE_STEP,
    success: 100n,
    speed: 100n,
    pay: 0n,
    ...rest,
  };
}

type Task = {
  provider: string;
  role: bigint;
  orchestrator: string;
  weight: bigint;
  success: bigint;
  speed: bigint;
  pay: bigint;
};

/** The record of a position as the model writes it. */
async function recordOf({ system }: World, account: string, role = D): Promise<model.TrackRecord> {
  const { record } = await system.registry.positionOf(account, role);
  const names = Object.keys(model.BLANK) as (keyof model.TrackRecord)[];
  return Object.fromEntries(names.map((name) => [name, record[name]])) as model.TrackRecord;
}

/** An hour after the beginning of the next day. */
async function nextMorning(): Promise<bigint> {
  return (BigInt(await time.latest()) / model.DAY + 1n) * model.DAY + MORNING;
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
        expect((await registry.screen(provider.address, D, budget, duration)).consents).to.equal(consents);
      });
    }

    it("does not see consent once the terms are withdrawn", async () => {
      const { registry, provider } = await withTerms();
      await registry.setStandingTerms(D, 0n, 0n);
      expect((await registry.screen(provider.address, D, 1n, 60n)).consents).to.equal(false);
    });

    it("lets a position carry five times its OCTO bond", async () => {
      const { registry, provider } = await withTerms();
      await registry.bond(D, 7n, 0n);
      expect((await registry.screen(provider.address, D, 1n, 60n)).capacity).to.equal(5n * (MIN_OCTO + 7n));
    });

    it("counts neither what is leaving nor what is bonded in another role", async () => {
      const world = await withTerms();
      await bondIn(world, "S");
      await world.registry.unbond(D, 7n, 0n);
      expect((await world.registry.screen(world.provider.address, D, 1n, 60n)).capacity).to.equal(5n * (MIN_OCTO - 7n));
    });
  });

  describe("record", () => {
    describe("when the caller is not the vault", () => {
      for (const name of ["stranger", "admin", "provider", "judge"] as const) {
        it(`refuses the ${name} (A-73, R-4)`, async () => {
          const world = await recording();
          const { system, actors } = world;
          await expect(system.registry.connect(actors[name]).record(taskOf(world)))
            .to.be.revertedWithCustomError(system.registry, "ProviderRegistryCallerNotVault")
            .withArgs(actors[name].address);
        });
      }

      for (const name of ["jobMarket", "peerReviews", "slashingDesk", "delegationPools"] as const) {
        it(`refuses ${name} (A-91, R-4)`, async () => {
          const world = await recording();
          const { system } = world;
          const caller = await impersonated(system.addresses[name]);
          await expect(system.registry.connect(caller).record(taskOf(world)))
            .to.be.revertedWithCustomError(system.registry, "ProviderRegistryCallerNotVault")
            .withArgs(caller.address);
        });
      }
    });

    describe("when the provider was never active", () => {
      it("counts the task and nothing else", async () => {
        const world = await recording();
        const { system, actors, vault } = world;
        await system.registry.connect(vault).record(taskOf(world, { provider: actors.stranger.address }));
        expect(await recordOf(world, actors.stranger.address)).to.deep.equal({ ...model.BLANK, tasks: 1n });
      });

      it("returns and emits a score of 0", async () => {
        const world = await recording();
        const { system, actors, vault } = world;
        const registry = system.registry.connect(vault);
        const task = taskOf(world, { provider: actors.stranger.address });
        expect((await registry.record.staticCall(task)).score).to.equal(0n);
        await expect(registry.record(task)).to.emit(registry, "TaskRecorded").withArgs(task.provider, D, 1n, 0n);
      });

      it("keeps the count once it becomes active", async () => {
        const world = await loadFixture(supplied);
        const { system, registry, provider } = world;
        await system.registry.connect(await vaultOf(world)).record(taskOf(world));
        const at = await minedAt(await registry.bond(D, MIN_OCTO, MIN_ROLE));
        expect(await recordOf(world, provider.address)).to.deep.equal(model.begin({ ...model.BLANK, tasks: 1n }, at));
      });
    });

    describe("when the weight of a task is about its limits", () => {
      for (const weight of [0n, 1n, 199n, 200n, 5_000n, 9_999n, 10_000n]) {
        for (const [success, speed] of [
          [0n, 0n],
          [100n, 100n],
          [50n, 21n],
        ] as const) {
          it(`moves the averages by ${weight} of 10,000 towards ${success} and ${speed}`, async () => {
            const world = await recording();
            const { system, actors, vault } = world;
            const before = await recordOf(world, actors.provider.address);
            const task = taskOf(world, { weight, success, speed });
            const at = await minedAt(await system.registry.connect(vault).record(task));
            expect(await recordOf(world, actors.provider.address)).to.deep.equal(
              model.add(before, weight, success, speed, at),
            );
          });
        }
      }
    });

    describe("when several tasks fall on one day", () => {
      it("moves the averages by one whole step together (M-25)", async () => {
        const world = await recording();
        const { system, actors, vault } = world;
        const registry = system.registry.connect(vault);
        let expected = await recordOf(world, actors.provider.address);
        await time.setNextBlockTimestamp(await nextMorning());
        for (const weight of [4_000n, 5_000n, 3_000n, 10_000n]) {
          const at = await minedAt(await registry.record(taskOf(world, { weight })));
          expected = model.add(expected, weight, 100n, 100n, at);
          expect(await recordOf(world, actors.provider.address)).to.deep.equal(expected);
        }
        expect([expected.stepUsed, expected.tasks]).to.deep.equal([model.WHOLE_STEP, 4n]);
        expect(expected.success).to.be.lessThan(24n * model.POINT + 1n);
      });

      it("begins anew at midnight", async () => {
        const world = await recording();
        const { system, actors, vault } = world;
        const registry = system.registry.connect(vault);
        const midnight = (await nextMorning()) - MORNING + model.DAY;
        let expected = await recordOf(world, actors.provider.address);
        for (const at of [midnight - 1n, midnight]) {
          await time.setNextBlockTimestamp(at);
          await registry.record(taskOf(world));
          expected = model.add(expected, model.WHOLE_STEP, 100n, 100n, at);
        }
        expect(await recordOf(world, actors.provider.address)).to.deep.equal(expected);
        expect(expected.success).to.equal((20n * 361n + 100n * 39n) * 250n);
      });
    });

    describe("when the provider was idle", () => {
      for (const [what, seconds] of [
        ["seven days", 0n],
        ["seven days and a second", 1n],
        ["a week longer", model.WEEK],
        ["ten years", 3_650n * model.DAY],
      ] as const) {
        it(`counts idle time from the seventh day on: ${what}`, async () => {
          const world = await recording();
          const { system, actors, vault } = world;
          const registry = system.registry.connect(vault);
          await registry.record(taskOf(world));
          const before = await recordOf(world, actors.provider.address);
          const at = before.idleFrom + seconds;
          await time.setNextBlockTimestamp(at);
          await registry.record(taskOf(world, { success: 0n, speed: 60n }));
          expect(await recordOf(world, actors.provider.address)).to.deep.equal(
            model.add(before, model.WHOLE_STEP, 0n, 60n, at),
          );
        });
      }

      it("shows the decayed score without writing it", async () => {
        const world = await recording();
        const { system, actors, vault } = world;
        await system.registry.connect(vault).record(taskOf(world));
        const before = await recordOf(world, actors.provider.address);
        const at = before.idleFrom + 4n * model.WEEK;
        await time.increaseTo(at);
        expect(await system.registry.scoreOf(actors.provider.address, D)).to.equal(model.points(before, at));
        expect(await recordOf(world, actors.provider.address)).to.deep.equal(before);
      });
    });

    describe("when nobody coordinated the task", () => {
      it("counts it for the provider in its role alone (I-02)", async () => {
        const world = await recording();
        const { system, actors, vault } = world;
        await system.registry.connect(vault).record(taskOf(world));
        await system.registry.connect(vault).record(taskOf(world));
        expect((await recordOf(world, actors.provider.address)).tasks).to.equal(2n);
        expect(await recordOf(world, actors.provider.address, 1n)).to.deep.equal(model.BLANK);
        expect(await recordOf(world, actors.provider.address, O)).to.deep.equal(model.BLANK);
      });

      it("returns the provider's score after it, no cut, and where a cut would go", async () => {
        const world = await recording();
        const { system, actors, vault } = world;
        const registry = system.registry.connect(vault);
        const { score, cut, pools } = await registry.record.staticCall(taskOf(world, { pay: 100n * OCTO }));
        await registry.record(taskOf(world));
        expect(score).to.equal(await registry.scoreOf(actors.provider.address, D));
        expect([cut, pools]).to.deep.equal([0n, system.addresses.delegationPools]);
      });

      it("emits one record, with the score", async () => {
        const world = await recording();
        const { system, actors, vault } = world;
        const { registry } = system;
        const task = taskOf(world);
        const { score } = await registry.connect(vault).record.staticCall(task);
        const recorded = registry.connect(vault).record(task);
        await expect(recorded).to.emit(registry, "TaskRecorded").withArgs(actors.provider.address, D, 1n, score);
        expect((await (await recorded).wait())!.logs).to.have.lengthOf(1);
      });
    });

    describe("when an orchestrator coordinated the task", () => {
      it("counts a task of its own in role O, and emits it", async () => {
        const world = await recording();
        const { system, actors, vault } = world;
        const { registry } = system;
        const { provider, orchestrator } = actors;
        const before = await recordOf(world, orchestrator.address, O);
        const recorded = registry
          .connect(vault)
          .record(taskOf(world, { orchestrator: orchestrator.address, success: 80n, speed: 7n }));
        const at = await minedAt(await recorded);
        const expected = model.add(before, model.WHOLE_STEP, 80n, 7n, at);
        expect(await recordOf(world, orchestrator.address, O)).to.deep.equal(expected);
        expect(await recordOf(world, orchestrator.address, D)).to.deep.equal(model.BLANK);
        await expect(recorded)
          .to.emit(registry, "TaskRecorded")
          .withArgs(provider.address, D, 1n, await registry.scoreOf(provider.address, D));
        await expect(recorded)
          .to.emit(registry, "TaskRecorded")
          .withArgs(orchestrator.address, O, 1n, model.points(expected, at));
      });

      it("counts two for who is provider in O and orchestrator at once, within one step", async () => {
        const world = await recording();
        const { system, actors, vault } = world;
        const { orchestrator } = actors;
        const before = await recordOf(world, orchestrator.address, O);
        const task = taskOf(world, { provider: orchestrator.address, role: O, orchestrator: orchestrator.address });
        await time.setNextBlockTimestamp(await nextMorning());
        const at = await minedAt(await system.registry.connect(vault).record(task));
        const once = model.add(before, model.WHOLE_STEP, 100n, 100n, at);
        expect(await recordOf(world, orchestrator.address, O)).to.deep.equal({ ...once, tasks: 2n });
      });
    });

    describe("when somebody delegates to the provider", () => {
      const delegated = async () => {
        const world = await recording();
        const { system, actors, vault } = world;
        const { delegator, provider } = actors;
        await system.delegationPools.connect(provider).openPool(D);
        await system.delegationPools.connect(delegator).delegate(provider.address, D, 600n * OCTO, 0n);
        return { ...world, registry: system.registry.connect(vault) };
      };

      it("returns their cut: a tenth of the pay, for three quarters of the stake", async () => {
        const world = await loadFixture(delegated);
        const { cut, pools } = await world.registry.record.staticCall(taskOf(world, { pay: 100n * OCTO }));
        expect([cut, pools]).to.deep.equal([(75n * OCTO) / 10n, world.system.addresses.delegationPools]);
      });

      it("accrues it in the pools", async () => {
        const world = await loadFixture(delegated);
        const { delegationPools } = world.system;
        await expect(world.registry.record(taskOf(world, { pay: 100n * OCTO })))
          .to.emit(delegationPools, "RewardsAccrued")
          .withArgs(world.actors.provider.address, D, (75n * OCTO) / 10n);
      });

      it("returns nothing of no pay", async () => {
        const world = await loadFixture(delegated);
        expect((await world.registry.record.staticCall(taskOf(world))).cut).to.equal(0n);
      });

      it("returns nothing for the provider's other roles (I-02)", async () => {
        const world = await loadFixture(delegated);
        const { cut } = await world.registry.record.staticCall(taskOf(world, { role: 1n, pay: 100n * OCTO }));
        expect(cut).to.equal(0n);
      });

      it("keeps their mark through tasks, and loses it with the last of them", async () => {
        const world = await loadFixture(delegated);
        const { system, actors } = world;
        const { delegator, provider } = actors;
        await world.registry.record(taskOf(world));
        expect((await recordOf(world, provider.address)).flags).to.equal(model.FLAG.delegated);
        const { shares } = await system.delegationPools.delegationOf(delegator.address, provider.address, D);
        await system.delegationPools.connect(delegator).undelegate(provider.address, D, shares, 0n);
        expect((await recordOf(world, provider.address)).flags).to.equal(0n);
        expect((await world.registry.record.staticCall(taskOf(world, { pay: OCTO }))).cut).to.equal(0n);
      });
    });
  });

  describe("addRating", () => {
    describe("when the caller is not the peer reviews", () => {
      for (const name of ["stranger", "admin", "provider"] as const) {
        it(`refuses the ${name} (A-73, R-4)`, async () => {
          const { system, actors } = await recording();
          await expect(system.registry.connect(actors[name]).addRating(actors.provider.address, D, 10_000n, 100n))
            .to.be.revertedWithCustomError(system.registry, "ProviderRegistryCallerNotReviews")
            .withArgs(actors[name].address);
        });
      }

      it("refuses the vault itself (A-91)", async () => {
        const { system, actors, vault } = await recording();
        await expect(system.registry.connect(vault).addRating(actors.provider.address, D, 10_000n, 100n))
          .to.be.revertedWithCustomError(system.registry, "ProviderRegistryCallerNotReviews")
          .withArgs(vault.address);
      });
    });

    describe("when the position was never active", () => {
      it("refuses", async () => {
        const { system, actors } = await recording();
        const reviews = await impersonated(system.addresses.peerReviews);
        await expect(system.registry.connect(reviews).addRating(actors.stranger.address, D, 10_000n, 100n))
          .to.be.revertedWithCustomError(system.registry, "ProviderRegistryNeverActive")
          .withArgs(actors.stranger.address, D);
      });
    });

    describe("when the position has a record", () => {
      for (const [weight, rating] of [
        [0n, 100n],
        [1n, 0n],
        [10_000n, 0n],
        [10_000n, 20n],
        [10_000n, 100n],
      ] as const) {
        it(`moves the peers' average alone, by ${weight} of 10,000 towards ${rating}`, async () => {
          const world = await recording();
          const { system, actors } = world;
          const reviews = await impersonated(system.addresses.peerReviews);
          const before = await recordOf(world, actors.provider.address);
          const registry = system.registry.connect(reviews);
          const at = await minedAt(await registry.addRating(actors.provider.address, D, weight, rating));
          expect(await recordOf(world, actors.provider.address)).to.deep.equal(
            model.addRating(before, weight, rating, at),
          );
        });
      }

      it("does not end idle time", async () => {
        const world = await recording();
        const { system, actors } = world;
        const reviews = await impersonated(system.addresses.peerReviews);
        const before = await recordOf(world, actors.provider.address);
        const at = before.idleFrom + model.WEEK;
        await time.setNextBlockTimestamp(at);
        await system.registry.connect(reviews).addRating(actors.provider.address, D, 10_000n, 100n);
        const after = await recordOf(world, actors.provider.address);
        expect(after).to.deep.equal(model.addRating(before, 10_000n, 100n, at));
        expect(after.idleFrom).to.equal(at);
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
        // The weights of genesis are the whole, so that another role makes room.
        await system.emissionSchedule.connect(admin).setWeight(roleId("M"), 0n);
        await system.emissionSchedule.connect(admin).setWeight(9n, 500n);

        await engine.connect(provider).buy(9n, 100n * OCTO, MINIMUM.roleTokens, MaxUint256);
        await token.approve(addresses.registry, MINIMUM.roleTokens);
        await registry.connect(provider).bond(9n, MINIMUM.octo, MINIMUM.roleTokens);
        expect(await registry.isActive(provider.address, 9n)).to.equal(true);

        const before = await token.balanceOf(provider.address);
        const jobId = await jobs.completed({ role: 9n });
        expect(await jobs.statusOf(jobId)).to.equal(STATUS.Completed);
        // 1,000 OCTO pay a fee of 200; at an intensity of 0.12 and the multiplier of 0.53375 for the 21.8 points that a
        // first and perfect task leaves, it mints 12.81.
        expect((await token.balanceOf(provider.address)) - before).to.equal((1_281n * OCTO) / 100n);
        expect((await system.providerLens.statusOf(provider.address, 9n)).tasks).to.equal(1n);
        expect(await octo.balanceOf(addresses.registry)).to.equal(MINIMUM.octo);
      });
    });
  });
});
