import { expect } from "chai";
import fc from "fast-check";

import { GENESIS, PARTNERS } from "../../deploy/genesis.ts";
import type { MilestoneVesting } from "../../typechain-types/index.js";
import {
  buyRoleTokens,
  deployed,
  ethers,
  funded,
  loadFixture,
  networkHelpers,
  OCTO,
  time,
} from "../support/fixture.ts";
import { MONTH } from "../support/models/mintBudget.ts";

const { ZeroAddress } = ethers;
const MILLION = 1_000_000n * OCTO;
const ALLOCATION = 500n * MILLION;
const LOCK = 3n * MONTH;
const DEADLINE_AFTER = 48n * MONTH;
const END_AFTER = DEADLINE_AFTER + LOCK;
const MAX_SPAN = 100n * 365n * 86_400n;
const INDICES = [0n, 1n, 2n, 3n];

const amountOf = (index: bigint) => (index === 0n ? 50n : 150n) * MILLION;
const sumOf = (indices: readonly bigint[]) => indices.reduce((sum, index) => sum + amountOf(index), 0n);

/** Prints its seed when it fails; SEED tries the same inputs again. */
const SEED = process.env["SEED"];

/** The partners' wallet of the deployed suite, as itself and in the hands of the admin, who has SINK_ACCESS. */
async function setUp() {
  const world = await loadFixture(deployed);
  const { system, actors } = world;
  const wallet = system.partnerVesting;
  return {
    ...world,
    wallet,
    octo: system.octo,
    asAdmin: wallet.connect(actors.admin),
    asStranger: wallet.connect(actors.stranger),
    partners: actors.partners,
    genesis: await wallet.start(),
  };
}

/** The first milestone attested in month 2, the third in month 10. */
async function attested() {
  const world = await setUp();
  const { asAdmin, genesis } = world;
  const [first, third] = [genesis + 2n * MONTH, genesis + 10n * MONTH];
  await time.setNextBlockTimestamp(first);
  await asAdmin.attest(0n);
  await time.setNextBlockTimestamp(third);
  await asAdmin.attest(2n);
  return { ...world, first, third };
}

/** The same, a second after month 48. */
async function overdue() {
  const world = await attested();
  await time.increaseTo(world.genesis + DEADLINE_AFTER + 1n);
  return world;
}

type Partners = Awaited<ReturnType<typeof setUp>>;

async function expectRelease({ octo, wallet, asStranger, actors, partners }: Partners, at: bigint, amount: bigint) {
  await time.setNextBlockTimestamp(at);
  await expect(asStranger["release(address)"](octo)).to.changeTokenBalances(
    ethers,
    octo,
    [wallet, partners, actors.stranger],
    [-amount, amount, 0n],
  );
}

async function deployWith(change: {
  beneficiary?: string;
  treasury?: string;
  amounts?: readonly bigint[];
  lock?: bigint;
  deadlineAfter?: bigint;
}) {
  const { system, actors } = await loadFixture(deployed);
  const { beneficiary = actors.other.address, treasury = actors.treasury.address } = change;
  const { amounts, lock, deadlineAfter } = { ...PARTNERS, ...change };
  return ethers.deployContract("MilestoneVesting", [
    system.addresses.manager,
    beneficiary,
    treasury,
    [...amounts],
    lock,
    deadlineAfter,
  ]);
}

describe("MilestoneVesting", () => {
  describe("constructor", () => {
    for (const [what, change, error, args] of [
      ["the zero address as beneficiary", { beneficiary: ZeroAddress }, "OwnableInvalidOwner", [ZeroAddress]],
      ["the zero address as treasury", { treasury: ZeroAddress }, "MilestoneVestingZeroTreasury", []],
      ["no milestones", { amounts: [] }, "GenesisWalletZeroAllocation", []],
      ["a milestone for nothing", { amounts: [1n, 2n, 0n] }, "MilestoneVestingZeroMilestone", [2n]],
      ["17 milestones", { amounts: Array<bigint>(17).fill(1n) }, "MilestoneVestingTooManyMilestones", [17n, 16n]],
      ["an end after a century", { lock: MAX_SPAN }, "GenesisWalletSpanTooLong", [MAX_SPAN + DEADLINE_AFTER, MAX_SPAN]],
    ] as const) {
      it(`refuses ${what}`, async () => {
        const { wallet } = await setUp();
        await expect(deployWith(change))
          .to.be.revertedWithCustomError(wallet, error)
          .withArgs(...args);
      });
    }

    it("accepts 16 milestones", async () => {
      expect(await (await deployWith({ amounts: Array<bigint>(16).fill(1n) })).allocation()).to.equal(16n);
    });

    it("has 10, 30, 30 and 30 % of 500 million OCTO in the deployed suite (I-16)", async () => {
      const { wallet, octo } = await setUp();
      const milestones = await Promise.all(INDICES.map((index) => wallet.milestoneOf(index)));
      expect(milestones.map((milestone) => [...milestone])).to.deep.equal(
        INDICES.map((index) => [amountOf(index), 0n, 0n]),
      );
      expect(await wallet.count()).to.equal(4n);
      expect(await wallet.allocation()).to.equal(ALLOCATION);
      expect(await octo.balanceOf(wallet)).to.equal(GENESIS.partners);
      expect(await wallet.unattested()).to.equal(ALLOCATION);
    });

    it("knows its times, its treasury and its beneficiary", async () => {
      const { wallet, actors, partners, genesis, system } = await setUp();
      expect([await wallet.deadline(), await wallet.end(), await wallet.lock()]).to.deep.equal([
        genesis + DEADLINE_AFTER,
        genesis + END_AFTER,
        LOCK,
      ]);
      expect([await wallet.treasury(), await wallet.owner(), await wallet.authority()]).to.deep.equal([
        actors.treasury.address,
        partners.address,
        system.addresses.manager,
      ]);
    });
  });

  describe("attest", () => {
    for (const name of ["stranger", "partners", "treasury", "deployer", "guardian"] as const) {
      it(`refuses the ${name}`, async () => {
        const { wallet, actors } = await setUp();
        await expect(wallet.connect(actors[name]).attest(0n))
          .to.be.revertedWithCustomError(wallet, "AccessManagedUnauthorized")
          .withArgs(actors[name].address);
      });
    }

    for (const index of [4n, 2n ** 256n - 1n]) {
      it(`refuses the unknown milestone ${index}`, async () => {
        const { wallet, asAdmin } = await setUp();
        for (const call of [() => asAdmin.attest(index), () => asAdmin.milestoneOf(index)]) {
          await expect(call())
            .to.be.revertedWithCustomError(wallet, "MilestoneVestingUnknownMilestone")
            .withArgs(index, 4n);
        }
      });
    }

    it("refuses a milestone that is attested", async () => {
      const { wallet, asAdmin, first } = await attested();
      await expect(asAdmin.attest(0n))
        .to.be.revertedWithCustomError(wallet, "MilestoneVestingAlreadyAttested")
        .withArgs(0n, first);
    });

    it("accepts the last second of month 48", async () => {
      const world = await setUp();
      const deadline = world.genesis + DEADLINE_AFTER;
      await time.setNextBlockTimestamp(deadline);
      await expect(world.asAdmin.attest(1n))
        .to.emit(world.wallet, "MilestoneAttested")
        .withArgs(1n, 150n * MILLION, deadline + LOCK);
      await expectRelease(world, deadline + LOCK - 1n, 0n);
      await expectRelease(world, deadline + LOCK, 150n * MILLION);
    });

    it("refuses a second later", async () => {
      const { wallet, asAdmin, genesis } = await setUp();
      const deadline = genesis + DEADLINE_AFTER;
      await time.setNextBlockTimestamp(deadline + 1n);
      await expect(asAdmin.attest(1n))
        .to.be.revertedWithCustomError(wallet, "MilestoneVestingDeadlinePassed")
        .withArgs(deadline + 1n, deadline);
    });

    it("vests the milestone and says when it is free", async () => {
      const { wallet, first, third } = await attested();
      expect([await wallet.vested(), await wallet.free(), await wallet.unattested()]).to.deep.equal([
        200n * MILLION,
        50n * MILLION,
        300n * MILLION,
      ]);
      expect([...(await wallet.milestoneOf(0n))]).to.deep.equal([50n * MILLION, first, first + LOCK]);
      expect([...(await wallet.milestoneOf(2n))]).to.deep.equal([150n * MILLION, third, third + LOCK]);
      expect(await wallet.nextFreeAt()).to.equal(third + LOCK);
    });

    it("announces the earliest of several, and none when none is under way", async () => {
      const { wallet, asAdmin, genesis } = await setUp();
      expect(await wallet.nextFreeAt()).to.equal(0n);
      for (const [index, month] of [
        [3n, 5n],
        [1n, 6n],
      ] as const) {
        await time.setNextBlockTimestamp(genesis + month * MONTH);
        await asAdmin.attest(index);
      }
      for (const [month, expected] of [
        [6n, 8n],
        [8n, 9n],
        [9n, 0n],
      ] as const) {
        await time.increaseTo(genesis + month * MONTH + 1n);
        expect(await wallet.nextFreeAt(), `${month}`).to.equal(expected === 0n ? 0n : genesis + expected * MONTH);
      }
    });
  });

  describe("release", () => {
    it("pays nothing before a milestone is attested", async () => {
      const world = await setUp();
      await expectRelease(world, world.genesis + 40n * MONTH, 0n);
    });

    it("pays a milestone three months after it was attested, and not a second before", async () => {
      const world = await setUp();
      const at = world.genesis + 2n * MONTH;
      await time.setNextBlockTimestamp(at);
      await world.asAdmin.attest(0n);
      await expectRelease(world, at + LOCK - 1n, 0n);
      await expectRelease(world, at + LOCK, 50n * MILLION);
      await expectRelease(world, at + LOCK + 1n, 0n);
    });

    it("pays what several milestones have freed at once", async () => {
      const world = await attested();
      await expectRelease(world, world.third + LOCK, 200n * MILLION);
    });

    it("pays all of it when all milestones are attested", async () => {
      const world = await setUp();
      for (const index of INDICES) await world.asAdmin.attest(index);
      await expectRelease(world, world.genesis + 4n * MONTH, ALLOCATION);
      await time.increaseTo(world.genesis + DEADLINE_AFTER + 1n);
      await expect(world.asStranger.reclaim(world.octo)).to.changeTokenBalance(ethers, world.octo, world.wallet, 0n);
    });

    it("pays no earlier for what was given on top (A-104)", async () => {
      const world = await attested();
      await world.octo.connect(world.actors.liquidity).transfer(world.wallet, 100n * MILLION);
      await expectRelease(world, world.third + LOCK - 1n, 50n * MILLION);
      expect([await world.wallet.allocation(), await world.wallet.free()]).to.deep.equal([ALLOCATION, 50n * MILLION]);
    });
  });

  describe("reclaim", () => {
    it("refuses at the deadline itself", async () => {
      const { wallet, octo, asStranger, genesis } = await attested();
      const deadline = genesis + DEADLINE_AFTER;
      await time.setNextBlockTimestamp(deadline);
      await expect(asStranger.reclaim(octo))
        .to.be.revertedWithCustomError(wallet, "MilestoneVestingDeadlineNotPassed")
        .withArgs(deadline, deadline);
    });

    it("sends the treasury what is not attested a second later, whoever asks", async () => {
      const { wallet, octo, actors, asStranger, partners, genesis } = await attested();
      await time.setNextBlockTimestamp(genesis + DEADLINE_AFTER + 1n);
      const reclaiming = asStranger.reclaim(octo);
      await expect(reclaiming).to.changeTokenBalances(
        ethers,
        octo,
        [wallet, actors.treasury, partners, actors.stranger],
        [-300n * MILLION, 300n * MILLION, 0n, 0n],
      );
      await expect(reclaiming)
        .to.emit(wallet, "MilestonesReclaimed")
        .withArgs(octo, 300n * MILLION);
      expect(await wallet.reclaimed(octo)).to.equal(300n * MILLION);
    });

    it("sends nothing twice", async () => {
      const { wallet, octo, asStranger } = await overdue();
      await asStranger.reclaim(octo);
      await expect(asStranger.reclaim(octo)).to.changeTokenBalance(ethers, octo, wallet, 0n);
    });

    for (const first of ["release", "reclaim"] as const) {
      it(`leaves the partners theirs, and they the treasury its own, if ${first} comes first`, async () => {
        const { octo, wallet, actors, asStranger, partners } = await overdue();
        const steps = [() => asStranger["release(address)"](octo), () => asStranger.reclaim(octo)];
        for (const step of first === "release" ? steps : steps.toReversed()) await step();
        expect(await octo.balanceOf(partners)).to.equal(200n * MILLION);
        expect(await octo.balanceOf(actors.treasury)).to.equal(300n * MILLION);
        expect(await octo.balanceOf(wallet)).to.equal(0n);
      });
    }

    it("leaves a milestone attested in the last second to the partners, though it is not free yet", async () => {
      const world = await attested();
      const deadline = world.genesis + DEADLINE_AFTER;
      await time.setNextBlockTimestamp(deadline);
      await world.asAdmin.attest(3n);
      await expect(world.asStranger.reclaim(world.octo)).to.changeTokenBalance(
        ethers,
        world.octo,
        world.actors.treasury,
        150n * MILLION,
      );
      await expectRelease(world, deadline + LOCK - 1n, 200n * MILLION);
      await expectRelease(world, deadline + LOCK, 150n * MILLION);
      expect(await world.octo.balanceOf(world.wallet)).to.equal(0n);
    });

    it("sends nothing of a token that the wallet was not allocated", async () => {
      const { system, actors } = await loadFixture(funded);
      const [wallet, token] = [system.partnerVesting, system.roleTokens.D];
      await buyRoleTokens(system, actors.other, "D", 10n * OCTO);
      await token.connect(actors.other).transfer(wallet, 10n * OCTO);
      await time.increaseTo((await wallet.deadline()) + 1n);
      await expect(wallet.connect(actors.stranger).reclaim(token)).to.changeTokenBalance(ethers, token, wallet, 0n);
    });
  });

  describe("what came in on top", () => {
    for (const reclaimFirst of [true, false]) {
      it(`goes to the partners at the end, ${reclaimFirst ? "after" : "before"} the treasury had its part`, async () => {
        const world = await attested();
        const { octo, wallet, actors, asStranger, genesis } = world;
        await octo.connect(actors.liquidity).transfer(wallet, 7n * MILLION);
        await expectRelease(world, genesis + END_AFTER - 1n, 200n * MILLION);
        if (reclaimFirst) await asStranger.reclaim(octo);
        else await expectRelease(world, genesis + END_AFTER + 5n, 7n * MILLION);
        await expectRelease(world, genesis + END_AFTER + 10n, reclaimFirst ? 7n * MILLION : 0n);
        await asStranger.reclaim(octo);
        expect(await octo.balanceOf(actors.treasury)).to.equal(300n * MILLION);
        expect(await octo.balanceOf(wallet)).to.equal(0n);
      });
    }

    it("is the partners' too if no milestone was ever attested", async () => {
      const world = await setUp();
      await world.octo.connect(world.actors.liquidity).transfer(world.wallet, 5n);
      await expectRelease(world, world.genesis + END_AFTER, 5n);
      await expect(world.asStranger.reclaim(world.octo)).to.changeTokenBalance(
        ethers,
        world.octo,
        world.actors.treasury,
        ALLOCATION,
      );
    });

    it("waits for the end if it is ETH or another token", async () => {
      const { system, actors } = await loadFixture(funded);
      const [wallet, token] = [system.partnerVesting, system.roleTokens.D];
      await buyRoleTokens(system, actors.other, "D", 10n * OCTO);
      await token.connect(actors.other).transfer(wallet, 10n * OCTO);
      await actors.other.sendTransaction({ to: wallet, value: OCTO });
      await time.increaseTo((await wallet.end()) - 1n);
      expect([await wallet["releasable()"](), await wallet["releasable(address)"](token)]).to.deep.equal([0n, 0n]);
      await time.increaseTo(await wallet.end());
      await expect(wallet["release()"]()).to.changeEtherBalance(ethers, actors.partners, OCTO);
      await expect(wallet["release(address)"](token)).to.changeTokenBalance(ethers, token, actors.partners, 10n * OCTO);
    });
  });

  describe("the beneficiary (A-104)", () => {
    it("changes in two steps, and the successor is paid", async () => {
      const { wallet, octo, actors, partners, asStranger, third } = await attested();
      await wallet.connect(partners).transferOwnership(actors.other);
      expect(await wallet.owner()).to.equal(partners.address);
      await wallet.connect(actors.other).acceptOwnership();
      await time.setNextBlockTimestamp(third + LOCK);
      await expect(asStranger["release(address)"](octo)).to.changeTokenBalances(
        ethers,
        octo,
        [partners, actors.other],
        [0n, 200n * MILLION],
      );
    });

    for (const caller of ["stranger", "admin", "treasury"] as const) {
      it(`is named by nobody else, not by the ${caller}`, async () => {
        const { wallet, actors } = await setUp();
        const asCaller = wallet.connect(actors[caller]);
        for (const call of [() => asCaller.transferOwnership(actors[caller]), () => asCaller.acceptOwnership()]) {
          await expect(call())
            .to.be.revertedWithCustomError(wallet, "OwnableUnauthorizedAccount")
            .withArgs(actors[caller].address);
        }
      });
    }

    it("cannot renounce", async () => {
      const { wallet, partners } = await setUp();
      await expect(wallet.connect(partners).renounceOwnership()).to.be.revertedWithCustomError(
        wallet,
        "GenesisWalletNotRenounceable",
      );
    });

    it("may be a contract that takes no ETH, and ETH then waits for a successor who does", async () => {
      const { wallet, system, actors, partners, genesis } = await setUp();
      const contract = system.addresses.jobMarket;
      await actors.other.sendTransaction({ to: wallet, value: OCTO });
      await wallet.connect(partners).transferOwnership(contract);
      await networkHelpers.impersonateAccount(contract);
      await networkHelpers.setBalance(contract, OCTO);
      const signer = await ethers.getSigner(contract);
      await wallet.connect(signer).acceptOwnership();
      await time.increaseTo(genesis + END_AFTER);
      await expect(wallet["release()"]()).to.be.revertedWithCustomError(wallet, "FailedCall");
      await wallet.connect(signer).transferOwnership(partners);
      await wallet.connect(partners).acceptOwnership();
      await expect(wallet["release()"]()).to.changeEtherBalance(ethers, partners, OCTO);
    });
  });

  describe("what is not paid out (A-105)", () => {
    it("has no function through which it could be staked, delegated or voted (A-105)", async () => {
      const { wallet, octo, system } = await attested();
      const writing: string[] = [];
      wallet.interface.forEachFunction((each) => {
        if (!each.constant) writing.push(each.format("sighash"));
      });
      expect(writing.toSorted()).to.deep.equal([
        "acceptOwnership()",
        "attest(uint256)",
        "reclaim(address)",
        "release()",
        "release(address)",
        "setAuthority(address)",
        "transferOwnership(address)",
      ]);
      for (const spender of [system.registry, system.settlement, system.delegationPools]) {
        expect(await octo.allowance(wallet, spender)).to.equal(0n);
      }
    });
  });

  describe("any history", () => {
    type Step = { kind: "attest" | "release" | "reclaim" | "donate"; index: number; after: bigint };
    const step: fc.Arbitrary<Step> = fc.record({
      kind: fc.constantFrom("attest", "attest", "release", "reclaim", "donate"),
      index: fc.nat(3),
      after: fc.oneof(fc.bigInt(1n, 12n * MONTH), fc.constant(LOCK)),
    });

    it("ends with every wei at the partners or the treasury, each its own (W-3, W-4)", async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 14 }), async (steps) => {
          const { wallet, octo, asAdmin, asStranger, actors, partners, genesis } = await setUp();
          const attestedAt = new Map<number, bigint>();
          let [now, donated, releasedBefore] = [BigInt(await time.latest()), 0n, 0n];
          for (const { kind, index, after } of steps) {
            now += after;
            await time.setNextBlockTimestamp(now);
            const isOpen = now <= genesis + DEADLINE_AFTER;
            if (kind === "attest" && isOpen && !attestedAt.has(index)) {
              await asAdmin.attest(index);
              attestedAt.set(index, now);
            } else if (kind === "donate") {
              await octo.connect(actors.liquidity).transfer(wallet, 11n);
              donated += 11n;
            } else if (kind === "reclaim" && !isOpen) {
              await asStranger.reclaim(octo);
            } else {
              await asStranger["release(address)"](octo);
              const free = sumOf([...attestedAt].filter(([, at]) => at + LOCK <= now).map(([each]) => BigInt(each)));
              const extra = now >= genesis + END_AFTER ? donated : 0n;
              const released = await wallet["released(address)"](octo);
              expect(released).to.equal(free + extra);
              expect(released >= releasedBefore).to.equal(true);
              releasedBefore = released;
            }
          }
          await time.increaseTo((now > genesis + END_AFTER ? now : genesis + END_AFTER) + 1n);
          await asStranger.reclaim(octo);
          await asStranger["release(address)"](octo);
          const earned = sumOf([...attestedAt.keys()].map(BigInt));
          expect(await octo.balanceOf(partners)).to.equal(earned + donated);
          expect(await octo.balanceOf(actors.treasury)).to.equal(ALLOCATION - earned);
          expect(await octo.balanceOf(wallet)).to.equal(0n);
        }),
        { numRuns: 40, ...(SEED === undefined ? {} : { seed: Number(SEED) }) },
      );
    });
  });
});
