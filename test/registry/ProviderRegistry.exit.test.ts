import { expect } from "chai";
import { id, MaxUint256, ZeroAddress } from "ethers";

import { type RoleLetter, roleId } from "../../deploy/roles.ts";
import { buyRoleTokens, ethers, loadFixture, OCTO, time } from "../support/fixture.ts";
import { DAY, Jobs, minedAt, STATUS } from "../support/jobs.ts";
import {
  bondIn,
  D,
  MAX_UINT128,
  MIN_OCTO,
  MIN_ROLE,
  MINIMUMS,
  type Providing,
  supplied,
} from "../support/positions.ts";
import { lockAndSettle, lockOf, withMarket, workOf } from "../support/testMarket.ts";
import { emptyInto } from "../support/vesting.ts";

const UNBONDING = 7n * DAY;
const [A, S] = [roleId("A"), roleId("S")];

/** What a lane can hold. */
const MOST = 300_000_000n * OCTO;

/** No role of genesis, the last that could ever be made, and the last number there is. */
const NO_ROLES = [0n, 9n, 31n, 255n] as const;

/** A provider who is active in one role, at the minimum. */
async function bonded(letter: RoleLetter = "D") {
  const world = await loadFixture(supplied);
  await bondIn(world, letter);
  return world;
}

/** Half of the OCTO and a fifth of the role tokens are on their way out; the day on which they are free. */
async function leaving() {
  const world = await bonded();
  const [octo, roleTokens] = [MIN_OCTO / 2n, MIN_ROLE / 5n];
  const day = dayOfExit(await minedAt(await world.registry.unbond(D, octo, roleTokens)));
  return { ...world, octo, roleTokens, day, freeAt: day * DAY };
}

/** One wei of OCTO too little is left for the position to stay active. */
async function deactivated() {
  const world = await bonded();
  await world.registry.unbond(D, MIN_OCTO / 5n + 1n, 0n);
  return world;
}

/** The amounts that leave on a day. */
async function leavingOn({ registry, provider }: Providing, day: bigint, role = D): Promise<[bigint, bigint]> {
  const { octo, roleTokens } = await registry.exitOf(provider.address, role, day);
  return [octo, roleTokens];
}

/** A market with a provider who is active in A and D, at the minimums, and has so much in flight in role A. */
async function inFlight(amount: bigint) {
  const world = await loadFixture(withMarket);
  const { actors, market, system } = world;
  const capacity = MaxUint256 >> 128n;
  await market.lockFromCredit(lockOf(world, { role: A, provider: actors.provider.address, capacity, amount }));
  return { ...world, registry: system.registry.connect(actors.provider) };
}

/** The judge's dispute about so much of the provider's stake, for what happened before everything it asked for. */
async function disputed(world: Providing, octo: bigint, roleTokens: bigint) {
  const { system, actors, provider } = world;
  const desk = system.slashingDesk.connect(actors.judge);
  await desk.openDispute(id("dispute"), provider.address, D, octo, roleTokens, 1n);
  return { desk, key: await desk.disputeKey(actors.judge.address, provider.address, D, id("dispute")) };
}

/** The first midnight that is at least seven days away. */
function dayOfExit(askedAt: bigint): bigint {
  const earliest = askedAt + UNBONDING;
  return earliest / DAY + (earliest % DAY === 0n ? 0n : 1n);
}

async function nextMidnight(): Promise<bigint> {
  return (BigInt(await time.latest()) / DAY + 2n) * DAY;
}

describe("ProviderRegistry", () => {
  describe("unbond", () => {
    describe("when the role does not exist", () => {
      for (const role of NO_ROLES) {
        it(`refuses role ${role}`, async () => {
          const { registry } = await bonded();
          await expect(registry.unbond(role, 1n, 1n))
            .to.be.revertedWithCustomError(registry, "ProviderRegistryUnknownRole")
            .withArgs(role);
        });
      }
    });

    describe("when both amounts are zero", () => {
      it("refuses", async () => {
        const { registry } = await bonded();
        await expect(registry.unbond(D, 0n, 0n)).to.be.revertedWithCustomError(registry, "ProviderRegistryZeroAmount");
      });
    });

    describe("when more is asked for than is bonded", () => {
      for (const excess of [MIN_OCTO + 1n, MAX_UINT128]) {
        it(`refuses ${excess} wei of OCTO (M-23)`, async () => {
          const { registry } = await bonded();
          await expect(registry.unbond(D, excess, 0n))
            .to.be.revertedWithCustomError(registry, "ProviderRegistryOctoBondTooSmall")
            .withArgs(MIN_OCTO, excess);
        });
      }

      for (const excess of [MIN_ROLE + 1n, MAX_UINT128]) {
        it(`refuses ${excess} wei of role tokens (M-23)`, async () => {
          const { registry } = await bonded();
          await expect(registry.unbond(D, 1n, excess))
            .to.be.revertedWithCustomError(registry, "ProviderRegistryRoleBondTooSmall")
            .withArgs(MIN_ROLE, excess);
        });
      }

      it("does not count what is leaving already", async () => {
        const { registry, octo } = await leaving();
        await expect(registry.unbond(D, MIN_OCTO - octo + 1n, 0n))
          .to.be.revertedWithCustomError(registry, "ProviderRegistryOctoBondTooSmall")
          .withArgs(MIN_OCTO - octo, MIN_OCTO - octo + 1n);
      });

      it("does not count the bond of another role", async () => {
        const { registry } = await bonded();
        await expect(registry.unbond(1n, 1n, 0n))
          .to.be.revertedWithCustomError(registry, "ProviderRegistryOctoBondTooSmall")
          .withArgs(0n, 1n);
      });

      it("has nothing of another account for a stranger (A-40)", async () => {
        const { system, actors } = await bonded();
        await expect(system.registry.connect(actors.stranger).unbond(D, 1n, 0n))
          .to.be.revertedWithCustomError(system.registry, "ProviderRegistryOctoBondTooSmall")
          .withArgs(0n, 1n);
      });
    });

    describe("when the day of the exit is fixed", () => {
      for (const [when, offset, length] of [
        ["a second before a midnight", -1n, UNBONDING + 1n],
        ["at a midnight exactly", 0n, UNBONDING],
        ["a second after a midnight", 1n, UNBONDING + DAY - 1n],
        ["at noon", DAY / 2n, UNBONDING + DAY / 2n],
      ] as const) {
        it(`is free ${length} seconds later if asked for ${when} (I-11, R-2)`, async () => {
          const world = await bonded();
          const { registry, provider } = world;
          const askedAt = (await nextMidnight()) + offset;
          await time.setNextBlockTimestamp(askedAt);
          await registry.unbond(D, 1n, 1n);
          expect(await leavingOn(world, (askedAt + length) / DAY)).to.deep.equal([1n, 1n]);
          expect((askedAt + length) % DAY).to.equal(0n);
        });
      }

      it("never is earlier than 7 days nor as late as 8 (I-11, R-2)", async () => {
        const { registry, provider } = await bonded();
        for (let step = 0; step < 12; ++step) {
          await time.increase(8_111);
          const askedAt = await minedAt(await registry.unbond(D, 1n, 0n));
          const day = dayOfExit(askedAt);
          expect((await registry.exitOf(provider.address, D, day)).octo > 0n).to.equal(true);
          expect(day * DAY - askedAt >= UNBONDING && day * DAY - askedAt < UNBONDING + DAY).to.equal(true);
        }
      });

      it("returns it", async () => {
        const { registry } = await bonded();
        const noon = (await nextMidnight()) + DAY / 2n;
        await time.increaseTo(noon);
        expect(await registry.unbond.staticCall(D, 1n, 0n)).to.equal(dayOfExit(noon));
      });
    });

    describe("when it is asked for twice", () => {
      it("adds up what leaves on one day", async () => {
        const world = await bonded();
        const { registry, provider } = world;
        const noon = (await nextMidnight()) + DAY / 2n;
        await time.setNextBlockTimestamp(noon);
        await registry.unbond(D, 3n, 5n);
        await registry.unbond(D, 7n, 11n);
        expect(await leavingOn(world, dayOfExit(noon))).to.deep.equal([10n, 16n]);
      });

      it("notes the last time of a day, from when on it was asked for", async () => {
        const { registry, provider } = await bonded();
        const noon = (await nextMidnight()) + DAY / 2n;
        for (const seconds of [0n, 1n, 5_000n]) {
          await time.setNextBlockTimestamp(noon + seconds);
          await registry.unbond(D, 3n, 5n);
          expect((await registry.exitOf(provider.address, D, dayOfExit(noon))).askedAt).to.equal(noon + seconds);
        }
      });

      it("merges what is asked for from one midnight to the next, both included (R-2)", async () => {
        const world = await bonded();
        const midnight = await nextMidnight();
        for (const at of [midnight + 1n, midnight + DAY / 2n, midnight + DAY]) {
          await time.setNextBlockTimestamp(at);
          await world.registry.unbond(D, 1n, 1n);
        }
        expect(await leavingOn(world, midnight / DAY + 8n)).to.deep.equal([3n, 3n]);
      });

      it("keeps what leaves on another day apart and moves nothing (I-11, R-2)", async () => {
        const world = await bonded();
        const { registry, provider } = world;
        const noon = (await nextMidnight()) + DAY / 2n;
        await time.setNextBlockTimestamp(noon);
        await registry.unbond(D, 3n, 5n);
        await time.setNextBlockTimestamp(noon + DAY);
        await registry.unbond(D, 7n, 11n);
        expect(await leavingOn(world, dayOfExit(noon))).to.deep.equal([3n, 5n]);
        expect(await leavingOn(world, dayOfExit(noon) + 1n)).to.deep.equal([7n, 11n]);
      });
    });

    describe("when work in flight locks a fifth of itself, rounded up (I-02, A-19)", () => {
      for (const [amount, locked] of [
        [1n, 1n],
        [4n, 1n],
        [5n, 1n],
        [6n, 2n],
        [10n, 2n],
        [11n, 3n],
        [100n * OCTO, 20n * OCTO],
        [100n * OCTO + 1n, 20n * OCTO + 1n],
        [1_000n * OCTO, 200n * OCTO],
      ] as const) {
        it(`lets all but ${locked} wei leave with ${amount} in flight, in the role of the work`, async () => {
          const { registry } = await inFlight(amount);
          await expect(registry.unbond(A, 1_000n * OCTO - locked + 1n, 0n))
            .to.be.revertedWithCustomError(registry, "ProviderRegistryBondLocked")
            .withArgs(locked, locked - 1n);
          await registry.unbond(A, 1_000n * OCTO - locked, 0n);
        });

        it(`lets all but ${locked} wei leave with ${amount} in flight, in every other role`, async () => {
          const { registry } = await inFlight(amount);
          await expect(registry.unbond(D, MIN_OCTO - locked + 1n, 0n))
            .to.be.revertedWithCustomError(registry, "ProviderRegistryBondLocked")
            .withArgs(locked, locked - 1n);
          if (locked !== MIN_OCTO) await registry.unbond(D, MIN_OCTO - locked, 0n);
        });
      }

      it("lets nothing leave once the bond is below what is locked", async () => {
        const { registry } = await inFlight(2_000n * OCTO);
        await expect(registry.unbond(D, 1n, 0n))
          .to.be.revertedWithCustomError(registry, "ProviderRegistryBondLocked")
          .withArgs(400n * OCTO, MIN_OCTO - 1n);
      });

      it("does not count what is leaving already", async () => {
        const { registry } = await inFlight(500n * OCTO);
        await registry.unbond(D, 60n * OCTO, 0n);
        await expect(registry.unbond(D, 40n * OCTO + 1n, 0n))
          .to.be.revertedWithCustomError(registry, "ProviderRegistryBondLocked")
          .withArgs(100n * OCTO, 100n * OCTO - 1n);
      });

      it("adds up the work of all markets and roles", async () => {
        const world = await inFlight(100n * OCTO);
        const { actors, market, registry } = world;
        const more = { provider: actors.provider.address, capacity: MaxUint256 >> 128n, amount: 50n * OCTO };
        await market.lockFromCredit(lockOf(world, more));
        await expect(registry.unbond(D, MIN_OCTO - 30n * OCTO + 1n, 0n))
          .to.be.revertedWithCustomError(registry, "ProviderRegistryBondLocked")
          .withArgs(30n * OCTO, 30n * OCTO - 1n);
      });

      it("locks no role tokens", async () => {
        const { actors, registry } = await inFlight(1_000n * OCTO);
        await registry.unbond(D, 0n, MIN_ROLE);
        expect([...(await registry.bondOf(actors.provider.address, D))]).to.deep.equal([MIN_OCTO, 0n]);
      });

      it("locks nothing of an account that only has the client's word", async () => {
        const world = await inFlight(1_000n * OCTO);
        const registry = world.system.registry.connect(world.actors.orchestrator);
        await registry.unbond(roleId("O"), 2_000n * OCTO, 0n);
        expect((await registry.bondOf(world.actors.orchestrator.address, roleId("O"))).octoBond).to.equal(0n);
      });

      it("lets everything leave once the work is settled", async () => {
        const world = await inFlight(100n * OCTO);
        const { actors, market, registry } = world;
        await market.settle(workOf(world, { role: A, bound: true }));
        await registry.unbond(D, MIN_OCTO, MIN_ROLE);
        expect([...(await registry.bondOf(actors.provider.address, D))]).to.deep.equal([0n, 0n]);
      });

      it("lets everything leave of who did work that bound nobody", async () => {
        const world = await loadFixture(withMarket);
        const registry = world.system.registry.connect(world.actors.provider);
        await lockAndSettle(world, workOf(world));
        await registry.unbond(D, MIN_OCTO, MIN_ROLE);
        expect([...(await registry.bondOf(world.actors.provider.address, D))]).to.deep.equal([0n, 0n]);
      });
    });

    describe("when a dispute has frozen a part of the bonds (I-10)", () => {
      for (const [lane, octo, roleTokens] of [
        ["OCTO", 1n, 0n],
        ["role tokens", 0n, 1n],
      ] as const) {
        const minimum = octo * MIN_OCTO + roleTokens * MIN_ROLE;
        const frozen = 40n * OCTO;

        it(`lets all but what is frozen leave of the ${lane}`, async () => {
          const world = await bonded();
          const { registry } = world;
          await disputed(world, octo * frozen, roleTokens * frozen);
          const most = minimum - frozen;
          await expect(registry.unbond(D, octo * (most + 1n), roleTokens * (most + 1n)))
            .to.be.revertedWithCustomError(registry, "ProviderRegistryBondFrozen")
            .withArgs(frozen, frozen - 1n);
          await registry.unbond(D, octo * most, roleTokens * most);
        });

        it(`lets the other lane leave while ${lane} are frozen`, async () => {
          const world = await bonded();
          const { registry, provider } = world;
          await disputed(world, octo * frozen, roleTokens * frozen);
          await registry.unbond(D, roleTokens * MIN_OCTO, octo * MIN_ROLE);
          expect([...(await registry.bondOf(provider.address, D))]).to.deep.equal([
            octo * MIN_OCTO,
            roleTokens * MIN_ROLE,
          ]);
        });
      }

      it("lets everything leave once it is closed", async () => {
        const world = await bonded();
        const { desk, key } = await disputed(world, MIN_OCTO, MIN_ROLE);
        await desk.closeDispute(key);
        await world.registry.unbond(D, MIN_OCTO, MIN_ROLE);
        expect([...(await world.registry.bondOf(world.provider.address, D))]).to.deep.equal([0n, 0n]);
      });

      it("leaves the account's other roles alone (I-02)", async () => {
        const world = await bonded();
        await bondIn(world, "S");
        await disputed(world, MIN_OCTO, MIN_ROLE);
        await world.registry.unbond(S, 500n * OCTO, 1_000n * OCTO);
        expect([...(await world.registry.bondOf(world.provider.address, S))]).to.deep.equal([0n, 0n]);
      });
    });

    for (const [letter, octo, roleTokens] of MINIMUMS) {
      const role = roleId(letter);
      const [minOcto, minRole] = [octo * OCTO, roleTokens * OCTO];
      const [fifthOcto, fifthRole] = [minOcto / 5n, minRole / 5n];

      describe(`when a bond of ${letter} falls about 80 % of its minimum`, () => {
        it("stays active at 80 % of both exactly", async () => {
          const { registry, provider } = await bonded(letter);
          await expect(registry.unbond(role, fifthOcto, fifthRole)).not.to.emit(registry, "Deactivated");
          expect(await registry.isActive(provider.address, role)).to.equal(true);
        });

        it("deactivates one wei below in OCTO", async () => {
          const { registry, provider } = await bonded(letter);
          await expect(registry.unbond(role, fifthOcto + 1n, 0n))
            .to.emit(registry, "Deactivated")
            .withArgs(provider.address, role);
          expect(await registry.isActive(provider.address, role)).to.equal(false);
        });

        it("deactivates one wei below in role tokens", async () => {
          const { registry, provider } = await bonded(letter);
          await expect(registry.unbond(role, 0n, fifthRole + 1n))
            .to.emit(registry, "Deactivated")
            .withArgs(provider.address, role);
          expect(await registry.isActive(provider.address, role)).to.equal(false);
        });
      });
    }

    describe("when a position was deactivated", () => {
      it("stays inactive at 80 % again", async () => {
        const { registry, provider } = await deactivated();
        await registry.bond(D, 1n, 0n);
        expect(await registry.isActive(provider.address, D)).to.equal(false);
      });

      it("stays inactive one wei below the minimum", async () => {
        const { registry, provider } = await deactivated();
        await registry.bond(D, MIN_OCTO / 5n, 0n);
        expect(await registry.isActive(provider.address, D)).to.equal(false);
      });

      it("becomes active again at the minimum, and emits it", async () => {
        const { registry, provider } = await deactivated();
        await expect(registry.bond(D, MIN_OCTO / 5n + 1n, 0n))
          .to.emit(registry, "Activated")
          .withArgs(provider.address, D);
        expect(await registry.isActive(provider.address, D)).to.equal(true);
      });

      it("keeps its record when it becomes active again (A-30)", async () => {
        const { registry, provider } = await deactivated();
        const before = (await registry.positionOf(provider.address, D)).record;
        await time.increase(30n * DAY);
        await registry.bond(D, MIN_OCTO / 5n + 1n, 0n);
        const { ordinal, record } = await registry.positionOf(provider.address, D);
        expect([...record]).to.deep.equal([...before]);
        expect(ordinal).to.equal(1n);
      });

      it("deactivates once only", async () => {
        const { registry } = await deactivated();
        await expect(registry.unbond(D, 1n, 1n)).not.to.emit(registry, "Deactivated");
      });
    });

    describe("when it is asked for", () => {
      it("takes the amounts out of the position", async () => {
        const { registry, provider, octo, roleTokens } = await leaving();
        expect([...(await registry.bondOf(provider.address, D))]).to.deep.equal([
          MIN_OCTO - octo,
          MIN_ROLE - roleTokens,
        ]);
      });

      it("moves no token yet", async () => {
        const { system, registry, provider } = await bonded();
        const unbonding = registry.unbond(D, MIN_OCTO, MIN_ROLE);
        await expect(unbonding).to.changeTokenBalance(ethers, system.octo, provider, 0n);
        await expect(unbonding).to.changeTokenBalance(ethers, system.roleTokens.D, provider, 0n);
      });

      it("is not undone by bonding more", async () => {
        const world = await leaving();
        const { registry, provider, octo, roleTokens, day } = world;
        await registry.bond(D, octo, 0n);
        expect(await leavingOn(world, day)).to.deep.equal([octo, roleTokens]);
      });

      it("emits the amounts and the day", async () => {
        const { registry, provider } = await bonded();
        const midnight = await nextMidnight();
        await time.setNextBlockTimestamp(midnight);
        await expect(registry.unbond(D, 3n, 5n))
          .to.emit(registry, "Unbonded")
          .withArgs(provider.address, D, 3n, 5n, midnight / DAY + 7n);
      });

      it("works with a job still open, which the provider can finish (M-24)", async () => {
        const world = await bonded();
        const jobs = new Jobs(world);
        const jobId = await jobs.hire();
        await world.registry.unbond(D, MIN_OCTO, MIN_ROLE);
        await jobs.submit(jobId);
        await jobs.complete(jobId);
        expect(await jobs.statusOf(jobId)).to.equal(STATUS.Completed);
      });
    });
  });

  describe("withdraw", () => {
    describe("when nothing leaves on that day", () => {
      for (const [what, offset] of [
        ["before", -1n],
        ["after", 1n],
      ] as const) {
        it(`refuses the day ${what} the exit's`, async () => {
          const { registry, provider, day, freeAt } = await leaving();
          await time.increaseTo(freeAt + DAY);
          await expect(registry.withdraw(D, day + offset, provider.address))
            .to.be.revertedWithCustomError(registry, "ProviderRegistryNoExit")
            .withArgs(provider.address, D, day + offset);
        });
      }

      it("refuses another role", async () => {
        const { registry, provider, day, freeAt } = await leaving();
        await time.increaseTo(freeAt);
        await expect(registry.withdraw(1n, day, provider.address))
          .to.be.revertedWithCustomError(registry, "ProviderRegistryNoExit")
          .withArgs(provider.address, 1n, day);
      });

      it("refuses another account's exit (A-40)", async () => {
        const { system, actors, day, freeAt } = await leaving();
        const { stranger } = actors;
        await time.increaseTo(freeAt);
        await expect(system.registry.connect(stranger).withdraw(D, day, stranger.address))
          .to.be.revertedWithCustomError(system.registry, "ProviderRegistryNoExit")
          .withArgs(stranger.address, D, day);
      });

      it("refuses a second time (M-01)", async () => {
        const { registry, provider, day, freeAt } = await leaving();
        await time.increaseTo(freeAt);
        await registry.withdraw(D, day, provider.address);
        await expect(registry.withdraw(D, day, provider.address))
          .to.be.revertedWithCustomError(registry, "ProviderRegistryNoExit")
          .withArgs(provider.address, D, day);
      });

      it("refuses a day beyond all time (M-23)", async () => {
        const { registry, provider } = await leaving();
        await expect(registry.withdraw(D, 2n ** 256n - 1n, provider.address))
          .to.be.revertedWithCustomError(registry, "ProviderRegistryNoExit")
          .withArgs(provider.address, D, 2n ** 256n - 1n);
      });
    });

    describe("when the exit is not free yet", () => {
      it("refuses at once", async () => {
        const { registry, provider, day, freeAt } = await leaving();
        await expect(registry.withdraw(D, day, provider.address))
          .to.be.revertedWithCustomError(registry, "ProviderRegistryExitNotFree")
          .withArgs(day, freeAt);
      });

      it("refuses one second early", async () => {
        const { registry, provider, day, freeAt } = await leaving();
        await time.setNextBlockTimestamp(freeAt - 1n);
        await expect(registry.withdraw(D, day, provider.address))
          .to.be.revertedWithCustomError(registry, "ProviderRegistryExitNotFree")
          .withArgs(day, freeAt);
      });
    });

    describe("when the bonds would be lost", () => {
      for (const [whom, recipient] of [
        ["the zero address", () => ZeroAddress],
        ["the registry itself", (registry: string) => registry],
      ] as const) {
        it(`refuses ${whom} as recipient`, async () => {
          const { system, registry, day, freeAt } = await leaving();
          const to = recipient(system.addresses.registry);
          await time.increaseTo(freeAt);
          await expect(registry.withdraw(D, day, to))
            .to.be.revertedWithCustomError(registry, "ProviderRegistryInvalidRecipient")
            .withArgs(to);
        });
      }
    });

    describe("when the exit is free", () => {
      it("pays both tokens in its first second", async () => {
        const { system, registry, provider, octo, roleTokens, day, freeAt } = await leaving();
        await time.setNextBlockTimestamp(freeAt);
        const paying = registry.withdraw(D, day, provider.address);
        await expect(paying).to.changeTokenBalances(ethers, system.octo, [registry, provider], [-octo, octo]);
        await expect(paying).to.changeTokenBalances(
          ethers,
          system.roleTokens.D,
          [registry, provider],
          [-roleTokens, roleTokens],
        );
      });

      it("pays years later all the same", async () => {
        const { system, registry, provider, octo, day, freeAt } = await leaving();
        await time.increaseTo(freeAt + 3_650n * DAY);
        await expect(registry.withdraw(D, day, provider.address)).to.changeTokenBalance(
          ethers,
          system.octo,
          provider,
          octo,
        );
      });

      it("pays whomever the provider names", async () => {
        const { system, actors, registry, octo, day, freeAt } = await leaving();
        const { provider, other } = actors;
        await time.increaseTo(freeAt);
        await expect(registry.withdraw(D, day, other.address)).to.changeTokenBalances(
          ethers,
          system.octo,
          [provider, other],
          [0n, octo],
        );
      });

      it("leaves the bonds and the other days' exits alone", async () => {
        const world = await leaving();
        const { registry, provider, octo, roleTokens, day, freeAt } = world;
        await time.increase(DAY);
        await registry.unbond(D, 3n, 5n);
        await time.increaseTo(freeAt);
        await registry.withdraw(D, day, provider.address);
        expect(await leavingOn(world, day)).to.deep.equal([0n, 0n]);
        expect(await leavingOn(world, day + 1n)).to.deep.equal([3n, 5n]);
        expect([...(await registry.bondOf(provider.address, D))]).to.deep.equal([
          MIN_OCTO - octo - 3n,
          MIN_ROLE - roleTokens - 5n,
        ]);
      });

      it("pays one lane alone if only that one leaves", async () => {
        const { system, registry, provider } = await bonded();
        const midnight = await nextMidnight();
        await time.setNextBlockTimestamp(midnight);
        await registry.unbond(D, 0n, 5n);
        await time.increaseTo(midnight + UNBONDING);
        const paying = registry.withdraw(D, midnight / DAY + 7n, provider.address);
        await expect(paying).to.changeTokenBalance(ethers, system.octo, provider, 0n);
        await expect(paying).to.changeTokenBalance(ethers, system.roleTokens.D, provider, 5n);
      });

      it("leaves nothing behind once everybody is out (I-01)", async () => {
        const { system, registry, provider, octo, roleTokens, day, freeAt } = await leaving();
        const last = dayOfExit(await minedAt(await registry.unbond(D, MIN_OCTO - octo, MIN_ROLE - roleTokens)));
        await time.increaseTo(freeAt + DAY);
        await registry.withdraw(D, day, provider.address);
        if (last !== day) await registry.withdraw(D, last, provider.address);
        expect(await system.octo.balanceOf(system.addresses.registry)).to.equal(0n);
        expect(await system.roleTokens.D.balanceOf(system.addresses.registry)).to.equal(0n);
      });

      it("emits whom it paid what", async () => {
        const { actors, registry, provider, octo, roleTokens, day, freeAt } = await leaving();
        await time.increaseTo(freeAt);
        await expect(registry.withdraw(D, day, actors.other.address))
          .to.emit(registry, "Withdrawn")
          .withArgs(provider.address, D, day, actors.other.address, octo, roleTokens);
      });
    });
  });

  describe("cancelExit", () => {
    describe("when nothing leaves on that day", () => {
      it("has nothing of another account for a stranger (A-40)", async () => {
        const { system, actors, day } = await leaving();
        const { stranger } = actors;
        await expect(system.registry.connect(stranger).cancelExit(D, day))
          .to.be.revertedWithCustomError(system.registry, "ProviderRegistryNoExit")
          .withArgs(stranger.address, D, day);
      });

      for (const role of [A, ...NO_ROLES]) {
        it(`refuses role ${role}`, async () => {
          const { registry, provider, day } = await leaving();
          await expect(registry.cancelExit(role, day))
            .to.be.revertedWithCustomError(registry, "ProviderRegistryNoExit")
            .withArgs(provider.address, role, day);
        });
      }

      it("refuses a second time (M-01)", async () => {
        const { registry, provider, day } = await leaving();
        await registry.cancelExit(D, day);
        await expect(registry.cancelExit(D, day))
          .to.be.revertedWithCustomError(registry, "ProviderRegistryNoExit")
          .withArgs(provider.address, D, day);
      });

      it("refuses what was paid already (M-01)", async () => {
        const { registry, provider, day, freeAt } = await leaving();
        await time.increaseTo(freeAt);
        await registry.withdraw(D, day, provider.address);
        await expect(registry.cancelExit(D, day))
          .to.be.revertedWithCustomError(registry, "ProviderRegistryNoExit")
          .withArgs(provider.address, D, day);
      });
    });

    describe("when the position has no room left", () => {
      it("refuses, and the exit can be withdrawn", async () => {
        const world = await loadFixture(supplied);
        const { system, actors } = world;
        const whale = actors.treasury;
        await emptyInto(system, "treasuryVesting", whale);
        const registry = system.registry.connect(whale);
        await system.octo.connect(whale).approve(system.addresses.registry, MaxUint256);
        await registry.bond(D, MOST, 0n);
        const day = dayOfExit(await minedAt(await registry.unbond(D, 1n, 0n)));
        await registry.bond(D, 1n, 0n);
        await expect(registry.cancelExit(D, day))
          .to.be.revertedWithCustomError(registry, "ProviderRegistryAmountTooLarge")
          .withArgs(MOST + 1n, MOST);
        await time.increaseTo(day * DAY);
        await expect(registry.withdraw(D, day, whale.address)).to.changeTokenBalance(ethers, system.octo, whale, 1n);
      });
    });

    for (const [when, seconds] of [
      ["at once", 0n],
      ["a second before it is free", -1n],
      ["in its first free second", 0n],
      ["a year later", 365n * DAY],
    ] as const) {
      describe(`when an exit is called off ${when}`, () => {
        const free = async () => {
          const world = await leaving();
          if (when !== "at once") await time.setNextBlockTimestamp(world.freeAt + seconds);
          return world;
        };

        it("bonds both lanes again", async () => {
          const { registry, provider, day } = await free();
          await registry.cancelExit(D, day);
          expect([...(await registry.bondOf(provider.address, D))]).to.deep.equal([MIN_OCTO, MIN_ROLE]);
        });

        it("leaves nothing of the exit", async () => {
          const { registry, provider, day } = await free();
          await registry.cancelExit(D, day);
          expect([...(await registry.exitOf(provider.address, D, day))]).to.deep.equal([0n, 0n, 0n]);
        });

        it("activates the position, and emits both", async () => {
          const { registry, provider, octo, roleTokens, day } = await free();
          const cancelling = registry.cancelExit(D, day);
          await expect(cancelling)
            .to.emit(registry, "ExitCancelled")
            .withArgs(provider.address, D, day, octo, roleTokens);
          await expect(cancelling).to.emit(registry, "Activated").withArgs(provider.address, D);
          expect(await registry.isActive(provider.address, D)).to.equal(true);
        });

        it("moves no token", async () => {
          const { system, registry, day } = await free();
          const cancelling = registry.cancelExit(D, day);
          await expect(cancelling).to.changeTokenBalance(ethers, system.octo, system.addresses.registry, 0n);
          await expect(cancelling).to.changeTokenBalance(ethers, system.roleTokens.D, system.addresses.registry, 0n);
        });
      });
    }

    it("leaves the exits of other days alone", async () => {
      const world = await leaving();
      await time.increase(DAY);
      await world.registry.unbond(D, 3n, 5n);
      await world.registry.cancelExit(D, world.day);
      expect(await leavingOn(world, world.day + 1n)).to.deep.equal([3n, 5n]);
    });

    it("starts the seven days anew for who asks again (A-01)", async () => {
      const world = await leaving();
      const { registry, day, freeAt, octo } = world;
      await time.increaseTo(freeAt - 1n);
      await registry.cancelExit(D, day);
      const askedAt = await minedAt(await registry.unbond(D, octo, 0n));
      expect(await leavingOn(world, dayOfExit(askedAt))).to.deep.equal([octo, 0n]);
      expect(dayOfExit(askedAt) * DAY - askedAt >= UNBONDING).to.equal(true);
    });

    it("is refused no provider while work is in flight", async () => {
      const world = await inFlight(100n * OCTO);
      const { actors, registry } = world;
      const day = dayOfExit(await minedAt(await registry.unbond(D, 5n, 0n)));
      await registry.cancelExit(D, day);
      expect((await registry.bondOf(actors.provider.address, D)).octoBond).to.equal(MIN_OCTO);
    });

    it("gives back only what no dispute has frozen", async () => {
      const world = await leaving();
      const { registry, provider, octo, day } = world;
      await disputed(world, 40n * OCTO, 0n);
      await registry.cancelExit(D, day);
      expect((await registry.bondOf(provider.address, D)).octoBond).to.equal(MIN_OCTO - 40n * OCTO);
      expect(octo > 40n * OCTO).to.equal(true);
    });

    it("does not take what a dispute gives back out of the reach of a slash (I-08, R-5)", async () => {
      const world = await leaving();
      const { registry, provider, day } = world;
      const { askedAt } = await registry.exitOf(provider.address, D, day);
      const { desk, key } = await disputed(world, 40n * OCTO, 0n);
      await registry.cancelExit(D, day);
      await desk.closeDispute(key);
      const { octo, askedAt: afterwards } = await registry.exitOf(provider.address, D, day);
      expect([octo, afterwards]).to.deep.equal([40n * OCTO, askedAt]);
    });
  });

  describe("moveStake", () => {
    describe("when the role to move to does not exist", () => {
      for (const role of NO_ROLES) {
        it(`refuses role ${role}`, async () => {
          const { registry, day, freeAt } = await leaving();
          await time.increaseTo(freeAt);
          await expect(registry.moveStake(D, day, role))
            .to.be.revertedWithCustomError(registry, "ProviderRegistryUnknownRole")
            .withArgs(role);
        });
      }
    });

    describe("when both roles are the same", () => {
      it("refuses", async () => {
        const { registry, day, freeAt } = await leaving();
        await time.increaseTo(freeAt);
        await expect(registry.moveStake(D, day, D))
          .to.be.revertedWithCustomError(registry, "ProviderRegistrySameRole")
          .withArgs(D);
      });
    });

    describe("when no OCTO leaves on that day", () => {
      it("has nothing of another account for a stranger (A-40)", async () => {
        const { system, actors, day, freeAt } = await leaving();
        const { stranger } = actors;
        await time.increaseTo(freeAt);
        await expect(system.registry.connect(stranger).moveStake(D, day, A))
          .to.be.revertedWithCustomError(system.registry, "ProviderRegistryNoExit")
          .withArgs(stranger.address, D, day);
      });

      for (const role of [S, ...NO_ROLES]) {
        it(`refuses to move from role ${role}`, async () => {
          const { registry, provider, day, freeAt } = await leaving();
          await time.increaseTo(freeAt);
          await expect(registry.moveStake(role, day, A))
            .to.be.revertedWithCustomError(registry, "ProviderRegistryNoExit")
            .withArgs(provider.address, role, day);
        });
      }

      it("refuses if only role tokens leave: they are of no use elsewhere", async () => {
        const { registry, provider } = await bonded();
        const day = dayOfExit(await minedAt(await registry.unbond(D, 0n, MIN_ROLE)));
        await time.increaseTo(day * DAY);
        await expect(registry.moveStake(D, day, A))
          .to.be.revertedWithCustomError(registry, "ProviderRegistryNoExit")
          .withArgs(provider.address, D, day);
      });

      it("refuses a second time (M-01)", async () => {
        const { registry, provider, day, freeAt } = await leaving();
        await time.increaseTo(freeAt);
        await registry.moveStake(D, day, A);
        await expect(registry.moveStake(D, day, S))
          .to.be.revertedWithCustomError(registry, "ProviderRegistryNoExit")
          .withArgs(provider.address, D, day);
      });
    });

    describe("when the exit is not free yet", () => {
      it("refuses at once (A-24)", async () => {
        const { registry, day, freeAt } = await leaving();
        await expect(registry.moveStake(D, day, A))
          .to.be.revertedWithCustomError(registry, "ProviderRegistryExitNotFree")
          .withArgs(day, freeAt);
      });

      it("refuses one second early (A-24)", async () => {
        const { registry, day, freeAt } = await leaving();
        await time.setNextBlockTimestamp(freeAt - 1n);
        await expect(registry.moveStake(D, day, A))
          .to.be.revertedWithCustomError(registry, "ProviderRegistryExitNotFree")
          .withArgs(day, freeAt);
      });
    });

    describe("when the other position has no room left", () => {
      it("refuses", async () => {
        const { system, actors } = await loadFixture(supplied);
        const registry = system.registry.connect(actors.treasury);
        await emptyInto(system, "treasuryVesting", actors.treasury);
        await system.octo.connect(actors.treasury).approve(system.addresses.registry, MaxUint256);
        await registry.bond(A, MOST, 0n);
        await registry.bond(D, 1n, 0n);
        const day = dayOfExit(await minedAt(await registry.unbond(D, 1n, 0n)));
        await time.increaseTo(day * DAY);
        await expect(registry.moveStake(D, day, A))
          .to.be.revertedWithCustomError(registry, "ProviderRegistryAmountTooLarge")
          .withArgs(MOST + 1n, MOST);
      });
    });

    describe("when the exit is free", () => {
      it("adds its OCTO to the other role's bond in its first second", async () => {
        const { registry, provider, octo, day, freeAt } = await leaving();
        await time.setNextBlockTimestamp(freeAt);
        await registry.moveStake(D, day, A);
        expect([...(await registry.bondOf(provider.address, A))]).to.deep.equal([octo, 0n]);
      });

      it("leaves the role tokens in the exit, for their owner to withdraw", async () => {
        const world = await leaving();
        const { system, registry, provider, roleTokens, day, freeAt } = world;
        await time.increaseTo(freeAt);
        await registry.moveStake(D, day, A);
        expect(await leavingOn(world, day)).to.deep.equal([0n, roleTokens]);
        const paying = registry.withdraw(D, day, provider.address);
        await expect(paying).to.changeTokenBalance(ethers, system.octo, provider, 0n);
        await expect(paying).to.changeTokenBalance(ethers, system.roleTokens.D, provider, roleTokens);
      });

      it("leaves the bonds of the role it comes from alone (I-02)", async () => {
        const { registry, provider, octo, roleTokens, day, freeAt } = await leaving();
        await time.increaseTo(freeAt);
        await registry.moveStake(D, day, A);
        expect([...(await registry.bondOf(provider.address, D))]).to.deep.equal([
          MIN_OCTO - octo,
          MIN_ROLE - roleTokens,
        ]);
      });

      it("moves no token", async () => {
        const { system, registry, day, freeAt } = await leaving();
        await time.increaseTo(freeAt);
        await expect(registry.moveStake(D, day, A)).to.changeTokenBalance(
          ethers,
          system.octo,
          system.addresses.registry,
          0n,
        );
      });

      it("activates the other position once it reaches the minimum, and emits all", async () => {
        const { registry, provider, octo, day, freeAt } = await leaving();
        await registry.bond(A, 1_000n * OCTO - octo, 500n * OCTO);
        await time.increaseTo(freeAt);
        expect(await registry.isActive(provider.address, A)).to.equal(false);
        const moving = registry.moveStake(D, day, A);
        await expect(moving).to.emit(registry, "StakeMoved").withArgs(provider.address, D, A, day, octo);
        await expect(moving).to.emit(registry, "CohortJoined").withArgs(provider.address, A, 1n);
        await expect(moving).to.emit(registry, "Activated").withArgs(provider.address, A);
        expect(await registry.isActive(provider.address, A)).to.equal(true);
      });

      it("does not activate it a wei below", async () => {
        const { registry, provider, octo, day, freeAt } = await leaving();
        await registry.bond(A, 1_000n * OCTO - octo - 1n, 500n * OCTO);
        await time.increaseTo(freeAt);
        await registry.moveStake(D, day, A);
        expect(await registry.isActive(provider.address, A)).to.equal(false);
      });
    });
  });

  describe("a position and everybody else", () => {
    it("does not move by any call of a stranger (A-40)", async () => {
      const { system, actors, provider, day } = await leaving();
      const registry = system.registry.connect(actors.stranger);
      await buyRoleTokens(system, actors.stranger, "D", MIN_ROLE);
      const seen = async () =>
        JSON.stringify(
          [await system.providerLens.statusOf(provider.address, D), await registry.exitOf(provider.address, D, day)],
          (_key, value: unknown) => (typeof value === "bigint" ? `${value}` : value),
        );
      const before = await seen();

      await registry.bond(D, 1n, 1n);
      await registry.bond(D, MIN_OCTO, MIN_ROLE - 1n);
      await registry.setStandingTerms(D, 1n, 1n);
      await registry.unbond(D, MIN_OCTO + 1n, MIN_ROLE);
      await registry.refresh(provider.address, D);
      expect(await seen()).to.equal(before);
    });

    it("bonds, unbonds and withdraws while the market is paused (M-20)", async () => {
      const { system, actors, registry, provider, octo, day, freeAt } = await leaving();
      await system.settlement.connect(actors.guardian).pauseMarket(system.addresses.jobMarket);
      await time.increase(DAY);
      await registry.bond(D, 2n, 0n);
      await registry.unbond(D, 1n, 1n);
      await time.increaseTo(freeAt);
      await expect(registry.withdraw(D, day, provider.address)).to.changeTokenBalance(
        ethers,
        system.octo,
        provider,
        octo,
      );
    });
  });
});
