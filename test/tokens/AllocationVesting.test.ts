import { expect } from "chai";

import { BUDGETS, GENESIS, PARTNERS, VESTED, type VestingTerms, wholeOf } from "../../deploy/genesis.ts";
import type { AllocationVesting } from "../../typechain-types/index.js";
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
const MAX_SPAN = 100n * 365n * 86_400n;
/** Of 1.8 B in five years, rounded down. */
const A_SECOND = (1_800n * MILLION) / (60n * MONTH);

const WALLETS = { treasury: "treasuryVesting", team: "teamVesting", early: "earlyVesting" } as const;
/** The account that deploy/parameters/local.json5 names as beneficiary. */
const BENEFICIARIES = { treasury: "treasury", team: "admin", early: "early" } as const;

type Name = keyof typeof WALLETS;

const NAMES = Object.keys(WALLETS) as Name[];

/** [when, seconds after genesis, vested, free], in wei. */
type Moment = readonly [when: string, elapsed: bigint, vested: bigint, free: bigint];

const MOMENTS: Record<Name, readonly Moment[]> = {
  treasury: [
    ["at genesis", 0n, 200n * MILLION, 200n * MILLION],
    ["in month 1", MONTH, 200n * MILLION, 200n * MILLION],
    ["a second before month 36", 36n * MONTH - 1n, 200n * MILLION, 200n * MILLION],
    ["in month 36", 36n * MONTH, 200n * MILLION, 200n * MILLION],
    ["a second after month 36", 36n * MONTH + 1n, 200n * MILLION + A_SECOND, 200n * MILLION + A_SECOND],
    ["in month 66", 66n * MONTH, 1_100n * MILLION, 1_100n * MILLION],
    ["a second before month 96", 96n * MONTH - 1n, 2_000n * MILLION - A_SECOND - 1n, 2_000n * MILLION - A_SECOND - 1n],
    ["in month 96", 96n * MONTH, 2_000n * MILLION, 2_000n * MILLION],
    ["a second after month 96", 96n * MONTH + 1n, 2_000n * MILLION, 2_000n * MILLION],
    ["in month 1000", 1_000n * MONTH, 2_000n * MILLION, 2_000n * MILLION],
  ],
  team: [
    ["at genesis", 0n, 0n, 0n],
    ["a second before month 15", 15n * MONTH - 1n, 0n, 0n],
    ["in month 15", 15n * MONTH, 75n * MILLION, 0n],
    ["a second before month 18", 18n * MONTH - 1n, 75n * MILLION, 0n],
    ["in month 18", 18n * MONTH, 150n * MILLION, 0n],
    ["a second before month 21", 21n * MONTH - 1n, 150n * MILLION, 0n],
    ["in month 21", 21n * MONTH, 225n * MILLION, 75n * MILLION],
    ["a second before month 24", 24n * MONTH - 1n, 225n * MILLION, 75n * MILLION],
    ["in month 24", 24n * MONTH, 300n * MILLION, 150n * MILLION],
    ["a second before month 60", 60n * MONTH - 1n, 1_125n * MILLION, 975n * MILLION],
    ["in month 60", 60n * MONTH, 1_200n * MILLION, 1_050n * MILLION],
    ["a second before month 66", 66n * MONTH - 1n, 1_200n * MILLION, 1_125n * MILLION],
    ["in month 66", 66n * MONTH, 1_200n * MILLION, 1_200n * MILLION],
    ["in month 1000", 1_000n * MONTH, 1_200n * MILLION, 1_200n * MILLION],
  ],
  early: [
    ["at genesis", 0n, 200n * MILLION, 200n * MILLION],
    ["a second before month 7", 7n * MONTH - 1n, 200n * MILLION, 200n * MILLION],
    ["in month 7", 7n * MONTH, 220n * MILLION, 220n * MILLION],
    ["a second before month 8", 8n * MONTH - 1n, 220n * MILLION, 220n * MILLION],
    ["in month 8", 8n * MONTH, 240n * MILLION, 240n * MILLION],
    ["a second before month 36", 36n * MONTH - 1n, 780n * MILLION, 780n * MILLION],
    ["in month 36", 36n * MONTH, 800n * MILLION, 800n * MILLION],
    ["in month 1000", 1_000n * MONTH, 800n * MILLION, 800n * MILLION],
  ],
};

/** Genesis, month 15 and so on of a wallet in the deployed suite. */
async function walletOf(name: Name) {
  const world = await loadFixture(deployed);
  const wallet = world.system[WALLETS[name]];
  return { ...world, wallet, beneficiary: world.actors[BENEFICIARIES[name]], genesis: await wallet.start() };
}

/** A wallet of its own, whose genesis is the latest block. */
async function deployWith(beneficiary: string, terms: VestingTerms): Promise<AllocationVesting> {
  return ethers.deployContract("AllocationVesting", [beneficiary, terms]);
}

const TERMS: VestingTerms = VESTED.early;

describe("the table of genesis", () => {
  it("sums to 10 billion OCTO exactly, half of it minted at once (I-16)", async () => {
    const { octo } = (await loadFixture(deployed)).system;
    const sum = Object.values(GENESIS).reduce((total, amount) => total + amount, 0n);
    expect(sum).to.equal(10_000n * MILLION);
    expect(sum).to.equal(await octo.cap());
    expect(sum - BUDGETS.ecosystem - BUDGETS.infrastructure).to.equal(await octo.totalSupply());
  });

  it("has the seven allocations of the plan", () => {
    expect(GENESIS).to.deep.equal({
      treasury: 2_000n * MILLION,
      team: 1_200n * MILLION,
      early: 800n * MILLION,
      partners: 500n * MILLION,
      liquidity: 500n * MILLION,
      ecosystem: 3_500n * MILLION,
      infrastructure: 1_500n * MILLION,
    });
    expect(PARTNERS.amounts.map((amount) => (100n * amount) / GENESIS.partners)).to.deep.equal([10n, 30n, 30n, 30n]);
    expect([PARTNERS.lock, PARTNERS.deadlineAfter]).to.deep.equal([3n * MONTH, 48n * MONTH]);
  });

  it("has the budgets that the token opens by time", async () => {
    const { octo } = (await loadFixture(deployed)).system;
    await time.increaseTo((await octo.genesisAt()) + 1_000n * MONTH);
    expect(await octo.budgetOpened()).to.equal(BUDGETS.ecosystem + BUDGETS.infrastructure);
  });

  for (const name of NAMES) {
    it(`stands on chain in the ${name} wallet`, async () => {
      const { system, wallet, beneficiary, genesis } = await walletOf(name);
      const last = MOMENTS[name].find(([, , , free]) => free === GENESIS[name])!;
      expect(await wallet.allocation()).to.equal(GENESIS[name]);
      expect(await system.octo.balanceOf(wallet)).to.equal(GENESIS[name]);
      expect(await wallet.owner()).to.equal(beneficiary.address);
      expect(await wallet.lock()).to.equal(VESTED[name].lock);
      expect([await wallet.duration(), await wallet.end()]).to.deep.equal([last[1], genesis + last[1]]);
    });

    it(`counts the ${name} wallet from minutes before the token`, async () => {
      const { system, genesis } = await walletOf(name);
      const wait = (await system.octo.genesisAt()) - genesis;
      expect(wait >= 0n && wait < 600n, `${wait} s`).to.equal(true);
    });
  }
});

describe("AllocationVesting", () => {
  describe("constructor", () => {
    it("refuses the zero address as beneficiary", async () => {
      const { wallet } = await walletOf("team");
      await expect(deployWith(ZeroAddress, TERMS))
        .to.be.revertedWithCustomError(wallet, "OwnableInvalidOwner")
        .withArgs(ZeroAddress);
    });

    for (const [what, change, error, args] of [
      ["no amount at all", { initial: 0n, later: 0n }, "GenesisWalletZeroAllocation", []],
      ["nothing after genesis", { later: 0n }, "AllocationVestingNothingLater", []],
      ["no steps", { steps: 0n }, "AllocationVestingNoSteps", [0n, MONTH]],
      ["steps of no length", { stepLength: 0n }, "AllocationVestingNoSteps", [30n, 0n]],
      [
        "times in milliseconds",
        { stepLength: 1_000n * MONTH },
        "GenesisWalletSpanTooLong",
        [7n * MONTH + 29_000n * MONTH, MAX_SPAN],
      ],
      [
        "a second more than a century",
        { firstStepAfter: 1n, steps: 1n, lock: MAX_SPAN },
        "GenesisWalletSpanTooLong",
        [MAX_SPAN + 1n, MAX_SPAN],
      ],
      [
        "times of which the end does not fit into 64 bits",
        { firstStepAfter: 2n ** 64n - 1n, steps: 1n, lock: 2n ** 64n - 1n },
        "GenesisWalletSpanTooLong",
        [2n ** 65n - 2n, MAX_SPAN],
      ],
    ] as const) {
      it(`refuses ${what}`, async () => {
        const { wallet, actors } = await walletOf("team");
        await expect(deployWith(actors.other.address, { ...TERMS, ...change }))
          .to.be.revertedWithCustomError(wallet, error)
          .withArgs(...args);
      });
    }

    it("accepts a century to the second, and a single step", async () => {
      const { actors } = await loadFixture(deployed);
      const terms = { ...TERMS, firstStepAfter: 0n, steps: 1n, lock: MAX_SPAN };
      const wallet = await deployWith(actors.other.address, terms);
      expect(await wallet.end()).to.equal(BigInt(await time.latest()) + MAX_SPAN);
    });

    it("accepts a beneficiary who gets nothing at genesis", async () => {
      const { actors } = await loadFixture(deployed);
      const wallet = await deployWith(actors.other.address, { ...TERMS, initial: 0n });
      expect([await wallet.vested(), await wallet.free(), await wallet.allocation()]).to.deep.equal([
        0n,
        0n,
        TERMS.later,
      ]);
    });
  });

  for (const name of NAMES) {
    describe(`of the ${name} allocation`, () => {
      for (const [when, elapsed, vested, free] of MOMENTS[name]) {
        it(`has vested ${ethers.formatEther(vested)} OCTO and freed ${ethers.formatEther(free)} ${when}`, async () => {
          const { system, wallet, genesis } = await walletOf(name);
          expect(await wallet["vestedAmount(address,uint64)"](system.octo, genesis + elapsed)).to.equal(free);
          if (elapsed === 0n) return; // the chain is past that second
          await time.increaseTo(genesis + elapsed);
          expect([await wallet.vested(), await wallet.free()]).to.deep.equal([vested, free]);
          expect(await wallet["releasable(address)"](system.octo)).to.equal(free);
        });

        it(`pays the beneficiary exactly that ${when}, whoever asks, and nothing twice`, async () => {
          const { system, actors, wallet, beneficiary, genesis } = await walletOf(name);
          const asStranger = wallet.connect(actors.stranger);
          if (elapsed > 0n) await time.setNextBlockTimestamp(genesis + elapsed);
          await expect(asStranger["release(address)"](system.octo)).to.changeTokenBalances(
            ethers,
            system.octo,
            [wallet, beneficiary, actors.stranger],
            [-free, free, 0n],
          );
          expect(await wallet["released(address)"](system.octo)).to.equal(free);
          expect(await wallet["releasable(address)"](system.octo)).to.equal(0n);
        });
      }

      it("has nothing free before genesis", async () => {
        const { system, wallet, genesis } = await walletOf(name);
        expect(await wallet["vestedAmount(address,uint64)"](system.octo, genesis - 1n)).to.equal(0n);
      });

      it("pays the whole, however often it is asked on the way", async () => {
        const { system, wallet, beneficiary, genesis } = await walletOf(name);
        const before = await system.octo.balanceOf(beneficiary);
        for (const [, elapsed, , free] of MOMENTS[name].slice(1)) {
          await time.setNextBlockTimestamp(genesis + elapsed);
          await wallet["release(address)"](system.octo);
          expect((await system.octo.balanceOf(beneficiary)) - before).to.equal(free);
        }
        expect(await system.octo.balanceOf(wallet)).to.equal(0n);
        expect((await system.octo.balanceOf(beneficiary)) - before).to.equal(wholeOf(VESTED[name]));
      });

      it("announces the next part until there is none", async () => {
        const { wallet, genesis } = await walletOf(name);
        const { firstStepAfter, stepLength, lock } = VESTED[name];
        const upcoming = async () => [await wallet.nextVestingAt(), await wallet.nextFreeAt()];
        expect(await upcoming()).to.deep.equal([genesis + firstStepAfter, genesis + firstStepAfter + lock]);
        await time.increaseTo(genesis + firstStepAfter);
        expect((await upcoming())[0]).to.equal(genesis + firstStepAfter + stepLength);
        await time.increaseTo((await wallet.end()) - 1n);
        expect((await upcoming())[1]).to.equal(await wallet.end());
        await time.increaseTo(await wallet.end());
        expect(await upcoming()).to.deep.equal([0n, 0n]);
      });
    });
  }

  describe("what comes in later (A-104)", () => {
    /** The team's wallet in month 21, with as much again from the liquidity. */
    async function toppedUp() {
      const world = await walletOf("team");
      const { system, actors, wallet, genesis } = world;
      await system.octo.connect(actors.liquidity).transfer(wallet, 400n * MILLION);
      await time.increaseTo(genesis + 21n * MONTH);
      return world;
    }

    it("moves no part forward: a late top-up frees nothing (A-104)", async () => {
      const { system, wallet } = await toppedUp();
      expect([await wallet.allocation(), await wallet.vested(), await wallet.free()]).to.deep.equal([
        1_200n * MILLION,
        225n * MILLION,
        75n * MILLION,
      ]);
      expect(await wallet["releasable(address)"](system.octo)).to.equal(75n * MILLION);
    });

    it("is free with the last part, and not a second before", async () => {
      const { system, wallet, beneficiary } = await toppedUp();
      await time.setNextBlockTimestamp((await wallet.end()) - 1n);
      await expect(wallet["release(address)"](system.octo)).to.changeTokenBalance(
        ethers,
        system.octo,
        beneficiary,
        1_125n * MILLION,
      );
      await time.setNextBlockTimestamp(await wallet.end());
      await expect(wallet["release(address)"](system.octo)).to.changeTokenBalances(
        ethers,
        system.octo,
        [wallet, beneficiary],
        [-475n * MILLION, 475n * MILLION],
      );
    });

    it("goes out after the end as well", async () => {
      const { system, actors, wallet, beneficiary } = await toppedUp();
      await time.increaseTo(await wallet.end());
      await wallet["release(address)"](system.octo);
      await system.octo.connect(actors.liquidity).transfer(wallet, 7n);
      await expect(wallet["release(address)"](system.octo)).to.changeTokenBalance(ethers, system.octo, beneficiary, 7n);
    });

    it("waits for the end if it is another token", async () => {
      const { system, actors } = await loadFixture(funded);
      const wallet = system.treasuryVesting;
      await buyRoleTokens(system, actors.other, "D", 10n * OCTO);
      await system.roleTokens.D.connect(actors.other).transfer(wallet, 10n * OCTO);
      await time.increaseTo((await wallet.end()) - 2n);
      await expect(wallet["release(address)"](system.roleTokens.D)).to.changeTokenBalance(
        ethers,
        system.roleTokens.D,
        actors.treasury,
        0n,
      );
      await time.increaseTo(await wallet.end());
      await expect(wallet["release(address)"](system.roleTokens.D)).to.changeTokenBalance(
        ethers,
        system.roleTokens.D,
        actors.treasury,
        10n * OCTO,
      );
    });

    it("waits for the end if it is ETH", async () => {
      const { actors, wallet, beneficiary } = await walletOf("early");
      await actors.other.sendTransaction({ to: wallet, value: OCTO });
      const release = () => wallet.connect(actors.stranger)["release()"]();
      await time.setNextBlockTimestamp((await wallet.end()) - 1n);
      await expect(release()).to.changeEtherBalance(ethers, beneficiary, 0n);
      await time.setNextBlockTimestamp(await wallet.end());
      await expect(release()).to.changeEtherBalance(ethers, beneficiary, OCTO);
      expect([await wallet["released()"](), await wallet["releasable()"]()]).to.deep.equal([OCTO, 0n]);
    });

    it("is counted for each token, so that a worthless one pays out no OCTO", async () => {
      const { system, actors, wallet, beneficiary, genesis } = await walletOf("team");
      const fake = await ethers.deployContract("OctoToken", [
        actors.stranger.address,
        [{ recipient: actors.stranger.address, amount: 5_000n * MILLION }],
      ]);
      await fake.connect(actors.stranger).transfer(wallet, 5_000n * MILLION);
      await time.increaseTo(genesis + 21n * MONTH);
      await wallet.connect(actors.stranger)["release(address)"](fake);
      expect(await fake.balanceOf(beneficiary)).to.equal(75n * MILLION);
      expect(await wallet["released(address)"](system.octo)).to.equal(0n);
      expect(await wallet["releasable(address)"](system.octo)).to.equal(75n * MILLION);
    });
  });

  describe("the beneficiary (A-104)", () => {
    it("stays until the successor has accepted: a hand-over takes two steps", async () => {
      const { system, actors, wallet, beneficiary } = await walletOf("early");
      const named = wallet.connect(beneficiary).transferOwnership(actors.other);
      await expect(named)
        .to.emit(wallet, "OwnershipTransferStarted")
        .withArgs(beneficiary.address, actors.other.address);
      expect([await wallet.owner(), await wallet.pendingOwner()]).to.deep.equal([
        beneficiary.address,
        actors.other.address,
      ]);
      await expect(wallet["release(address)"](system.octo)).to.changeTokenBalance(
        ethers,
        system.octo,
        beneficiary,
        200n * MILLION,
      );
    });

    it("is the successor from his acceptance on, and the schedule is what it was", async () => {
      const { system, actors, wallet, beneficiary, genesis } = await walletOf("early");
      await wallet.connect(beneficiary).transferOwnership(actors.other);
      await expect(wallet.connect(actors.other).acceptOwnership())
        .to.emit(wallet, "OwnershipTransferred")
        .withArgs(beneficiary.address, actors.other.address);
      expect([await wallet.owner(), await wallet.pendingOwner()]).to.deep.equal([actors.other.address, ZeroAddress]);
      await time.setNextBlockTimestamp(genesis + 7n * MONTH);
      await expect(wallet["release(address)"](system.octo)).to.changeTokenBalances(
        ethers,
        system.octo,
        [beneficiary, actors.other],
        [0n, 220n * MILLION],
      );
    });

    it("can take back a name that was not accepted", async () => {
      const { actors, wallet, beneficiary } = await walletOf("early");
      await wallet.connect(beneficiary).transferOwnership(actors.other);
      await wallet.connect(beneficiary).transferOwnership(ZeroAddress);
      await expect(wallet.connect(actors.other).acceptOwnership())
        .to.be.revertedWithCustomError(wallet, "OwnableUnauthorizedAccount")
        .withArgs(actors.other.address);
    });

    for (const caller of ["stranger", "admin", "deployer", "guardian"] as const) {
      it(`is named by nobody else, not by the ${caller}`, async () => {
        const { actors, wallet } = await walletOf("early");
        const asCaller = wallet.connect(actors[caller]);
        for (const call of [() => asCaller.transferOwnership(actors[caller]), () => asCaller.acceptOwnership()]) {
          await expect(call())
            .to.be.revertedWithCustomError(wallet, "OwnableUnauthorizedAccount")
            .withArgs(actors[caller].address);
        }
      });
    }

    it("cannot renounce, which would lose the money", async () => {
      const { actors, wallet, beneficiary } = await walletOf("early");
      for (const caller of [beneficiary, actors.stranger]) {
        await expect(wallet.connect(caller).renounceOwnership()).to.be.revertedWithCustomError(
          wallet,
          "GenesisWalletNotRenounceable",
        );
      }
      expect(await wallet.owner()).to.equal(beneficiary.address);
    });

    it("may be a contract, which a payment does not call", async () => {
      const { system, actors, wallet, beneficiary } = await walletOf("early");
      // The job market takes no ETH and knows nothing of the wallet.
      const contract = system.addresses.jobMarket;
      await wallet.connect(beneficiary).transferOwnership(contract);
      await networkHelpers.impersonateAccount(contract);
      await networkHelpers.setBalance(contract, OCTO);
      await wallet.connect(await ethers.getSigner(contract)).acceptOwnership();
      await expect(wallet.connect(actors.stranger)["release(address)"](system.octo)).to.changeTokenBalance(
        ethers,
        system.octo,
        contract,
        200n * MILLION,
      );
    });
  });

  describe("what is not paid out (A-105)", () => {
    /** Month 60: a beneficiary of 1.2 B that have vested, and nothing in his hands. */
    async function unpaid() {
      const world = await walletOf("team");
      await time.increaseTo(world.genesis + 60n * MONTH);
      expect(await world.wallet.vested()).to.equal(1_200n * MILLION);
      return world;
    }

    it("can neither be staked nor delegated by its beneficiary (A-105)", async () => {
      const { system, wallet, beneficiary } = await unpaid();
      const { octo, registry, settlement } = system;
      for (const spender of [registry, settlement]) {
        await octo.connect(beneficiary).approve(spender, ethers.MaxUint256);
        expect(await octo.allowance(wallet, spender)).to.equal(0n);
      }
      const refusal = (call: Promise<unknown>) =>
        expect(call)
          .to.be.revertedWithCustomError(octo, "ERC20InsufficientBalance")
          .withArgs(beneficiary.address, 0n, OCTO);
      await refusal(registry.connect(beneficiary).bond(4n, OCTO, 0n));
      await refusal(settlement.connect(beneficiary).deposit(beneficiary.address, OCTO));
    });

    it("has no function through which it could be: the wallet only pays and changes its beneficiary (A-105)", async () => {
      const { wallet } = await unpaid();
      const writing: string[] = [];
      wallet.interface.forEachFunction((each) => {
        if (!each.constant) writing.push(each.format("sighash"));
      });
      expect(writing.toSorted()).to.deep.equal([
        "acceptOwnership()",
        "release()",
        "release(address)",
        "transferOwnership(address)",
      ]);
    });

    it("counts in no vote: neither token nor wallet has any (A-105)", async () => {
      const { system, wallet } = await unpaid();
      for (const contract of [system.octo, wallet]) {
        for (const name of ["delegate", "getVotes", "delegates", "delegateBySig", "approve"]) {
          if (name === "approve" && contract === system.octo) continue;
          expect(contract.interface.hasFunction(name), name).to.equal(false);
        }
      }
    });

    it("is nobody's to take back: there is no revocation (A-105)", async () => {
      const { system, wallet, beneficiary } = await unpaid();
      const before = await system.octo.balanceOf(wallet);
      await expect(wallet.connect(beneficiary)["release(address)"](system.octo)).to.changeTokenBalance(
        ethers,
        system.octo,
        beneficiary,
        1_050n * MILLION,
      );
      expect(await system.octo.balanceOf(wallet)).to.equal(before - 1_050n * MILLION);
    });
  });
});
