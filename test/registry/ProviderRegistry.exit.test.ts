import { expect } from "chai";
import { ZeroAddress } from "ethers";

import { type RoleLetter, roleId } from "../../deploy/roles.ts";
import { buyRoleTokens, ethers, loadFixture, OCTO, time } from "../support/fixture.ts";
import { DAY, Jobs, minedAt, STATUS } from "../support/jobs.ts";
import { bondIn, D, MAX_UINT128, MIN_OCTO, MIN_ROLE, MINIMUMS, supplied } from "../support/positions.ts";

const UNBONDING = 7n * DAY;

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
      for (const role of [0n, 9n]) {
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
        it(`is free ${length} seconds later if asked for ${when} (I-11)`, async () => {
          const { registry, provider } = await bonded();
          const askedAt = (await nextMidnight()) + offset;
          await time.setNextBlockTimestamp(askedAt);
          await registry.unbond(D, 1n, 1n);
          expect([...(await registry.exitOf(provider.address, D, (askedAt + length) / DAY))]).to.deep.equal([1n, 1n]);
          expect((askedAt + length) % DAY).to.equal(0n);
        });
      }

      it("never is earlier than 7 days nor as late as 8 (I-11)", async () => {
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
        const { registry, provider } = await bonded();
        const noon = (await nextMidnight()) + DAY / 2n;
        await time.setNextBlockTimestamp(noon);
        await registry.unbond(D, 3n, 5n);
        await registry.unbond(D, 7n, 11n);
        expect([...(await registry.exitOf(provider.address, D, dayOfExit(noon)))]).to.deep.equal([10n, 16n]);
      });

      it("keeps what leaves on another day apart and moves nothing (I-11)", async () => {
        const { registry, provider } = await bonded();
        const noon = (await nextMidnight()) + DAY / 2n;
        await time.setNextBlockTimestamp(noon);
        await registry.unbond(D, 3n, 5n);
        await time.setNextBlockTimestamp(noon + DAY);
        await registry.unbond(D, 7n, 11n);
        expect([...(await registry.exitOf(provider.address, D, dayOfExit(noon)))]).to.deep.equal([3n, 5n]);
        expect([...(await registry.exitOf(provider.address, D, dayOfExit(noon) + 1n))]).to.deep.equal([7n, 11n]);
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
        const before = (await registry.statusOf(provider.address, D)).activatedAt;
        await time.increase(30n * DAY);
        await registry.bond(D, MIN_OCTO / 5n + 1n, 0n);
        expect((await registry.statusOf(provider.address, D)).activatedAt).to.equal(before);
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
        const { registry, provider, octo, roleTokens, day } = await leaving();
        await registry.bond(D, octo, 0n);
        expect([...(await registry.exitOf(provider.address, D, day))]).to.deep.equal([octo, roleTokens]);
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
        const { registry, provider, octo, roleTokens, day, freeAt } = await leaving();
        await time.increase(DAY);
        await registry.unbond(D, 3n, 5n);
        await time.increaseTo(freeAt);
        await registry.withdraw(D, day, provider.address);
        expect([...(await registry.exitOf(provider.address, D, day))]).to.deep.equal([0n, 0n]);
        expect([...(await registry.exitOf(provider.address, D, day + 1n))]).to.deep.equal([3n, 5n]);
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

  describe("a position and everybody else", () => {
    it("does not move by any call of a stranger (A-40)", async () => {
      const { system, actors, provider, day } = await leaving();
      const registry = system.registry.connect(actors.stranger);
      await buyRoleTokens(system, actors.stranger, "D", MIN_ROLE);
      const seen = async () =>
        JSON.stringify(
          [await registry.statusOf(provider.address, D), await registry.exitOf(provider.address, D, day)],
          (_key, value: unknown) => (typeof value === "bigint" ? `${value}` : value),
        );
      const before = await seen();

      await registry.bond(D, 1n, 1n);
      await registry.bond(D, MIN_OCTO, MIN_ROLE - 1n);
      await registry.setStandingTerms(D, 1n, 1n);
      await registry.unbond(D, MIN_OCTO + 1n, MIN_ROLE);
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
