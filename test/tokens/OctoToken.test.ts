import { expect } from "chai";
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { type Signature, Signature as Signatures, verifyTypedData } from "ethers";

import { GENESIS } from "../../deploy/genesis.ts";
import { domainOf, PERMIT_TYPES } from "../../scripts/lib/deal.ts";
import type { OctoToken } from "../../typechain-types/index.js";
import { deployed, ethers, loadFixture, networkHelpers, OCTO, time, type World } from "../support/fixture.ts";
import { budgetOpenedAt, MONTH, WHOLE_BUDGET } from "../support/models/mintBudget.ts";

const CAP = 10_000_000_000n * OCTO;
const GENESIS_SUPPLY = 5_000_000_000n * OCTO;
const { MaxUint256, ZeroAddress } = ethers;

/** The months around every kink of the two schedules, and the hundredth year or so. */
const MONTHS = [0n, 6n, 12n, 13n, 36n, 60n, 61n, 200n];

type Allocation = { recipient: string; amount: bigint };

async function impersonated(address: string): Promise<HardhatEthersSigner> {
  await networkHelpers.impersonateAccount(address);
  await networkHelpers.setBalance(address, 100n * OCTO);
  return ethers.getSigner(address);
}

/** The deployed suite and the engine's address as a signer; nothing else can mint. */
async function minting(): Promise<World & { engine: HardhatEthersSigner }> {
  const world = await loadFixture(deployed);
  return { ...world, engine: await impersonated(world.system.addresses.engine) };
}

/** A token of its own, whose genesis is the latest block. */
async function atGenesis(): Promise<OctoToken> {
  const { actors } = await loadFixture(deployed);
  const allocations = [{ recipient: actors.treasury.address, amount: GENESIS_SUPPLY }];
  return ethers.deployContract("OctoToken", [actors.other.address, allocations]);
}

/** The deployed suite, with OCTO in the client's hands. */
async function paid(): Promise<World> {
  const world = await loadFixture(deployed);
  await world.system.octo.connect(world.actors.liquidity).transfer(world.actors.client.address, 1_000n * OCTO);
  return world;
}

describe("OctoToken", () => {
  describe("constructor", () => {
    async function deployWith(engine: string, allocations: Allocation[]) {
      return ethers.deployContract("OctoToken", [engine, allocations]);
    }

    describe("when the engine is the zero address", () => {
      it("refuses", async () => {
        const { system, actors } = await loadFixture(deployed);
        const allocations = [{ recipient: actors.treasury.address, amount: GENESIS_SUPPLY }];
        await expect(deployWith(ZeroAddress, allocations)).to.be.revertedWithCustomError(
          system.octo,
          "OctoTokenZeroEngine",
        );
      });
    });

    describe("when the allocations do not add up to half of the cap", () => {
      for (const [name, amounts] of [
        ["there are none", []],
        ["they are one wei short", [GENESIS_SUPPLY - 1n]],
        ["they are one wei over", [GENESIS_SUPPLY, 1n]],
      ] as const) {
        it(`refuses with the sum if ${name}`, async () => {
          const { system, actors } = await loadFixture(deployed);
          const allocations = amounts.map((amount) => ({ recipient: actors.treasury.address, amount }));
          const sum = amounts.reduce<bigint>((total, amount) => total + amount, 0n);
          await expect(deployWith(actors.other.address, allocations))
            .to.be.revertedWithCustomError(system.octo, "OctoTokenGenesisSumMismatch")
            .withArgs(sum, GENESIS_SUPPLY);
        });
      }
    });

    describe("when a recipient is the zero address", () => {
      it("refuses", async () => {
        const { system, actors } = await loadFixture(deployed);
        await expect(deployWith(actors.other.address, [{ recipient: ZeroAddress, amount: GENESIS_SUPPLY }]))
          .to.be.revertedWithCustomError(system.octo, "ERC20InvalidReceiver")
          .withArgs(ZeroAddress);
      });
    });

    describe("when a recipient stands in two allocations", () => {
      it("gives it both", async () => {
        const { actors } = await loadFixture(deployed);
        const octo = await deployWith(actors.other.address, [
          { recipient: actors.treasury.address, amount: GENESIS_SUPPLY - 7n },
          { recipient: actors.treasury.address, amount: 7n },
        ]);
        expect(await octo.balanceOf(actors.treasury.address)).to.equal(GENESIS_SUPPLY);
      });
    });

    describe("when it is deployed with the parameters of the network", () => {
      it("is CipherOcto, OCTO, with 18 decimals", async () => {
        const { octo } = (await loadFixture(deployed)).system;
        expect([await octo.name(), await octo.symbol(), await octo.decimals()]).to.deep.equal([
          "CipherOcto",
          "OCTO",
          18n,
        ]);
      });

      it("gives every recipient its allocation", async () => {
        const { system, actors } = await loadFixture(deployed);
        const { octo, treasuryVesting, teamVesting, earlyVesting, partnerVesting } = system;
        expect(await octo.balanceOf(treasuryVesting)).to.equal(GENESIS.treasury);
        expect(await octo.balanceOf(teamVesting)).to.equal(GENESIS.team);
        expect(await octo.balanceOf(earlyVesting)).to.equal(GENESIS.early);
        expect(await octo.balanceOf(partnerVesting)).to.equal(GENESIS.partners);
        expect(await octo.balanceOf(actors.liquidity)).to.equal(GENESIS.liquidity);
      });

      it("has minted half of the cap and nothing of the budget", async () => {
        const { octo } = (await loadFixture(deployed)).system;
        expect(await octo.totalSupply()).to.equal(GENESIS_SUPPLY);
        expect(await octo.everMinted()).to.equal(GENESIS_SUPPLY);
        expect(await octo.mintedFromBudget()).to.equal(0n);
      });

      it("has a cap of 10 billion", async () => {
        const { octo } = (await loadFixture(deployed)).system;
        expect(await octo.cap()).to.equal(CAP);
      });

      it("knows the engine's door as its minter", async () => {
        const { octo, addresses } = (await loadFixture(deployed)).system;
        expect(await octo.engine()).to.equal(addresses.engine);
      });

      it("counts from the moment of its deployment", async () => {
        const octo = await atGenesis();
        expect(await octo.genesisAt()).to.equal(BigInt(await time.latest()));
      });
    });
  });

  describe("mint", () => {
    describe("when the caller is not the engine", () => {
      for (const name of ["stranger", "admin", "deployer", "treasury"] as const) {
        it(`refuses the ${name}`, async () => {
          const { system, actors } = await loadFixture(deployed);
          await expect(system.octo.connect(actors[name]).mint(actors[name].address, 1n))
            .to.be.revertedWithCustomError(system.octo, "OctoTokenCallerNotEngine")
            .withArgs(actors[name].address, system.addresses.engine);
        });
      }

      for (const name of ["settlement", "registry", "jobMarket", "octo"] as const) {
        it(`refuses the suite's own ${name}`, async () => {
          const { system, actors } = await loadFixture(deployed);
          const caller = await impersonated(system.addresses[name]);
          await expect(system.octo.connect(caller).mint(actors.stranger.address, 1n))
            .to.be.revertedWithCustomError(system.octo, "OctoTokenCallerNotEngine")
            .withArgs(caller.address, system.addresses.engine);
        });
      }
    });

    describe("when the recipient is the zero address", () => {
      it("refuses", async () => {
        const { system, engine } = await minting();
        await expect(system.octo.connect(engine).mint(ZeroAddress, 1n))
          .to.be.revertedWithCustomError(system.octo, "ERC20InvalidReceiver")
          .withArgs(ZeroAddress);
      });
    });

    describe("when the amount meets the budget", () => {
      /** Half of the open budget minted, and a moment at which the rest is known to the wei. */
      async function halfMinted() {
        const world = await minting();
        const { octo } = world.system;
        const genesisAt = await octo.genesisAt();
        const minted = 150_000_000n * OCTO;
        await octo.connect(world.engine).mint(world.actors.other.address, minted);
        const elapsed = 14n * MONTH + 12_345n;
        return { ...world, minted, at: genesisAt + elapsed, available: budgetOpenedAt(elapsed) - minted };
      }

      it("refuses one wei more than what is open and not minted yet", async () => {
        const { system, actors, engine, at, available } = await halfMinted();
        await time.setNextBlockTimestamp(at);
        await expect(system.octo.connect(engine).mint(actors.other.address, available + 1n))
          .to.be.revertedWithCustomError(system.octo, "OctoTokenBudgetExceeded")
          .withArgs(available + 1n, available);
      });

      it("mints exactly what is open and not minted yet", async () => {
        const { system, actors, engine, at, minted, available } = await halfMinted();
        await time.setNextBlockTimestamp(at);
        await system.octo.connect(engine).mint(actors.other.address, available);
        expect(await system.octo.mintedFromBudget()).to.equal(minted + available);
        expect(await system.octo.budgetOpened()).to.equal(minted + available);
      });

      it("opens no more than the next second's part after it", async () => {
        const { system, actors, engine, at, available } = await halfMinted();
        const elapsed = at - (await system.octo.genesisAt());
        await time.setNextBlockTimestamp(at);
        await system.octo.connect(engine).mint(actors.other.address, available);
        await time.setNextBlockTimestamp(at + 1n);
        await expect(system.octo.connect(engine).mint(actors.other.address, OCTO * OCTO))
          .to.be.revertedWithCustomError(system.octo, "OctoTokenBudgetExceeded")
          .withArgs(OCTO * OCTO, budgetOpenedAt(elapsed + 1n) - budgetOpenedAt(elapsed));
      });

      it("refuses 2^128 (M-23)", async () => {
        const { system, actors, engine, at, available } = await halfMinted();
        await time.setNextBlockTimestamp(at);
        await expect(system.octo.connect(engine).mint(actors.other.address, 2n ** 128n))
          .to.be.revertedWithCustomError(system.octo, "OctoTokenBudgetExceeded")
          .withArgs(2n ** 128n, available);
      });
    });

    describe("when both schedules have run out", () => {
      async function exhausted() {
        const world = await minting();
        const { octo } = world.system;
        await time.increaseTo((await octo.genesisAt()) + 60n * MONTH);
        await octo.connect(world.engine).mint(world.actors.other.address, WHOLE_BUDGET);
        return world;
      }

      it("has minted the cap", async () => {
        const { octo } = (await exhausted()).system;
        expect(await octo.everMinted()).to.equal(CAP);
        expect(await octo.totalSupply()).to.equal(CAP);
      });

      it("refuses another wei for ever", async () => {
        const { system, actors, engine } = await exhausted();
        await time.increase(100n * 365n * 86_400n);
        await expect(system.octo.connect(engine).mint(actors.other.address, 1n))
          .to.be.revertedWithCustomError(system.octo, "OctoTokenBudgetExceeded")
          .withArgs(1n, 0n);
      });

      it("refuses another wei after a burn: a burn opens no room (A-103)", async () => {
        const { system, actors, engine } = await exhausted();
        await system.octo.connect(actors.other).burn(1_000_000_000n * OCTO);
        await expect(system.octo.connect(engine).mint(actors.other.address, 1n))
          .to.be.revertedWithCustomError(system.octo, "OctoTokenBudgetExceeded")
          .withArgs(1n, 0n);
      });
    });

    describe("when the engine mints", () => {
      for (const amount of [0n, 1n, 123n * OCTO]) {
        it(`gives ${amount} wei to the recipient (M-23)`, async () => {
          const { system, actors, engine } = await minting();
          await expect(system.octo.connect(engine).mint(actors.other.address, amount)).to.changeTokenBalance(
            ethers,
            system.octo,
            actors.other,
            amount,
          );
        });
      }

      it("raises supply, everMinted and mintedFromBudget alike", async () => {
        const { system, actors, engine } = await minting();
        await system.octo.connect(engine).mint(actors.other.address, 5n * OCTO);
        await system.octo.connect(engine).mint(actors.client.address, 7n * OCTO);
        expect(await system.octo.mintedFromBudget()).to.equal(12n * OCTO);
        expect(await system.octo.everMinted()).to.equal(GENESIS_SUPPLY + 12n * OCTO);
        expect(await system.octo.totalSupply()).to.equal(GENESIS_SUPPLY + 12n * OCTO);
      });

      it("emits the amount and the running sum", async () => {
        const { system, actors, engine } = await minting();
        const { octo } = system;
        await octo.connect(engine).mint(actors.client.address, 5n * OCTO);
        const second = octo.connect(engine).mint(actors.other.address, 7n * OCTO);
        await expect(second)
          .to.emit(octo, "BudgetMinted")
          .withArgs(actors.other.address, 7n * OCTO, 12n * OCTO);
        await expect(second)
          .to.emit(octo, "Transfer")
          .withArgs(ZeroAddress, actors.other.address, 7n * OCTO);
      });
    });
  });

  describe("budgetOpened", () => {
    for (const month of MONTHS) {
      it(`is what the model opens in month ${month}`, async () => {
        const octo = await atGenesis();
        if (month > 0n) await time.increaseTo((await octo.genesisAt()) + month * MONTH);
        expect(await octo.budgetOpened()).to.equal(budgetOpenedAt(month * MONTH));
      });
    }

    for (const [month, expected] of [
      [0n, 300_000_000n],
      [6n, 500_000_000n],
      [12n, 700_000_000n],
      [36n, 3_250_000_000n],
      [60n, 5_000_000_000n],
      [200n, 5_000_000_000n],
    ] as const) {
      it(`is ${expected.toLocaleString("en")} OCTO in month ${month}`, async () => {
        const octo = await atGenesis();
        if (month > 0n) await time.increaseTo((await octo.genesisAt()) + month * MONTH);
        expect(await octo.budgetOpened()).to.equal(expected * OCTO);
      });
    }

    it("never falls and never passes half of the cap (I-16)", async () => {
      const octo = await atGenesis();
      const genesisAt = await octo.genesisAt();
      let previous = await octo.budgetOpened();
      for (const month of MONTHS.slice(1)) {
        for (const second of [-1n, 0n, 1n]) {
          await time.increaseTo(genesisAt + month * MONTH + second);
          const now = await octo.budgetOpened();
          expect(now >= previous && now <= WHOLE_BUDGET, `month ${month} ${second} s`).to.equal(true);
          previous = now;
        }
      }
      expect(previous).to.equal(WHOLE_BUDGET);
    });

    it("grows within every second of the first five years (I-16)", async () => {
      const octo = await atGenesis();
      const genesisAt = await octo.genesisAt();
      for (const month of [1n, 12n, 30n, 36n, 59n]) {
        await time.increaseTo(genesisAt + month * MONTH);
        const before = await octo.budgetOpened();
        await time.increase(1);
        expect((await octo.budgetOpened()) > before, `month ${month}`).to.equal(true);
      }
    });
  });

  describe("transfer", () => {
    describe("when the balance is too small", () => {
      it("refuses with balance and amount", async () => {
        const { system, actors } = await loadFixture(deployed);
        await expect(system.octo.connect(actors.stranger).transfer(actors.other.address, 1n))
          .to.be.revertedWithCustomError(system.octo, "ERC20InsufficientBalance")
          .withArgs(actors.stranger.address, 0n, 1n);
      });
    });

    describe("when the balance suffices", () => {
      it("moves the amount to the wei, without any tax", async () => {
        const { system, actors } = await paid();
        const supply = await system.octo.totalSupply();
        await expect(system.octo.connect(actors.client).transfer(actors.other.address, 10_001n)).to.changeTokenBalances(
          ethers,
          system.octo,
          [actors.client, actors.other],
          [-10_001n, 10_001n],
        );
        expect(await system.octo.totalSupply()).to.equal(supply);
      });
    });
  });

  describe("burn", () => {
    describe("when the balance is too small", () => {
      it("refuses with balance and amount", async () => {
        const { system, actors } = await paid();
        const balance = await system.octo.balanceOf(actors.client.address);
        await expect(system.octo.connect(actors.client).burn(balance + 1n))
          .to.be.revertedWithCustomError(system.octo, "ERC20InsufficientBalance")
          .withArgs(actors.client.address, balance, balance + 1n);
      });
    });

    describe("when the balance suffices", () => {
      it("takes it from the caller", async () => {
        const { system, actors } = await paid();
        await expect(system.octo.connect(actors.client).burn(3n * OCTO)).to.changeTokenBalance(
          ethers,
          system.octo,
          actors.client,
          -3n * OCTO,
        );
      });

      it("lowers the supply and not what was ever minted (A-103)", async () => {
        const { system, actors } = await paid();
        await system.octo.connect(actors.client).burn(3n * OCTO);
        expect(await system.octo.totalSupply()).to.equal(GENESIS_SUPPLY - 3n * OCTO);
        expect(await system.octo.everMinted()).to.equal(GENESIS_SUPPLY);
      });

      it("emits a transfer to nobody", async () => {
        const { system, actors } = await paid();
        await expect(system.octo.connect(actors.client).burn(3n * OCTO))
          .to.emit(system.octo, "Transfer")
          .withArgs(actors.client.address, ZeroAddress, 3n * OCTO);
      });
    });
  });

  describe("burnFrom", () => {
    describe("when the allowance is too small", () => {
      it("refuses with allowance and amount", async () => {
        const { system, actors } = await paid();
        await system.octo.connect(actors.client).approve(actors.stranger.address, 4n);
        await expect(system.octo.connect(actors.stranger).burnFrom(actors.client.address, 5n))
          .to.be.revertedWithCustomError(system.octo, "ERC20InsufficientAllowance")
          .withArgs(actors.stranger.address, 4n, 5n);
      });
    });

    describe("when the allowance suffices", () => {
      it("takes it from the owner and not from the caller", async () => {
        const { system, actors } = await paid();
        await system.octo.connect(actors.client).approve(actors.other.address, 5n);
        await expect(system.octo.connect(actors.other).burnFrom(actors.client.address, 3n)).to.changeTokenBalances(
          ethers,
          system.octo,
          [actors.client, actors.other],
          [-3n, 0n],
        );
      });

      it("uses up the allowance", async () => {
        const { system, actors } = await paid();
        await system.octo.connect(actors.client).approve(actors.other.address, 5n);
        await system.octo.connect(actors.other).burnFrom(actors.client.address, 3n);
        expect(await system.octo.allowance(actors.client.address, actors.other.address)).to.equal(2n);
      });

      it("lowers the supply and not what was ever minted (A-103)", async () => {
        const { system, actors } = await paid();
        await system.octo.connect(actors.client).approve(actors.other.address, 5n);
        await system.octo.connect(actors.other).burnFrom(actors.client.address, 5n);
        expect(await system.octo.totalSupply()).to.equal(GENESIS_SUPPLY - 5n);
        expect(await system.octo.everMinted()).to.equal(GENESIS_SUPPLY);
      });
    });
  });

  describe("permit", () => {
    type Permit = { owner: string; spender: string; value: bigint; nonce: bigint; deadline: bigint };

    /** A permit of the client for the evaluator, to be changed at will, and how to sign and to send one. */
    async function permitting() {
      const world = await paid();
      const { octo, addresses } = world.system;
      const { client, evaluator, relayer } = world.actors;
      const { chainId } = await ethers.provider.getNetwork();
      const domain = domainOf("CipherOcto", chainId, addresses.octo);
      const permit: Permit = {
        owner: client.address,
        spender: evaluator.address,
        value: 77n * OCTO,
        nonce: 0n,
        deadline: BigInt(await time.latest()) + 3_600n,
      };
      const sign = async (signed: Permit = permit, signer = client, under = domain) =>
        Signatures.from(await signer.signTypedData(under, PERMIT_TYPES, signed));
      const send = ({ v, r, s }: Signature, sent: Permit = permit) =>
        octo.connect(relayer).permit(sent.owner, sent.spender, sent.value, sent.deadline, v, r, s);
      /** Whom the contract takes for the signer of what was sent. */
      const seenSigner = (signature: Signature, sent: Permit = permit) =>
        verifyTypedData(domain, PERMIT_TYPES, sent, signature);
      return { ...world, domain, permit, sign, send, seenSigner };
    }

    describe("when somebody else signed", () => {
      it("refuses with the signer and the owner", async () => {
        const { system, actors, permit, sign, send } = await permitting();
        await expect(send(await sign(permit, actors.stranger)))
          .to.be.revertedWithCustomError(system.octo, "ERC2612InvalidSigner")
          .withArgs(actors.stranger.address, permit.owner);
      });
    });

    describe("when it was used before (M-12)", () => {
      it("refuses the replay", async () => {
        const { system, permit, sign, send, seenSigner } = await permitting();
        const signature = await sign();
        await send(signature);
        await expect(send(signature))
          .to.be.revertedWithCustomError(system.octo, "ERC2612InvalidSigner")
          .withArgs(seenSigner(signature, { ...permit, nonce: 1n }), permit.owner);
      });
    });

    describe("when it was signed for elsewhere (M-12)", () => {
      for (const where of ["chainId", "verifyingContract"] as const) {
        it(`refuses another ${where}`, async () => {
          const { system, actors, domain, permit, sign, send, seenSigner } = await permitting();
          const elsewhere = { ...domain, [where]: where === "chainId" ? 1n : system.addresses.tokenA };
          const signature = await sign(permit, actors.client, elsewhere);
          await expect(send(signature))
            .to.be.revertedWithCustomError(system.octo, "ERC2612InvalidSigner")
            .withArgs(seenSigner(signature), permit.owner);
        });
      }
    });

    describe("when another amount is sent than was signed", () => {
      it("refuses", async () => {
        const { system, permit, sign, send, seenSigner } = await permitting();
        const signature = await sign();
        const sent = { ...permit, value: permit.value + 1n };
        await expect(send(signature, sent))
          .to.be.revertedWithCustomError(system.octo, "ERC2612InvalidSigner")
          .withArgs(seenSigner(signature, sent), permit.owner);
      });
    });

    describe("when the moment is about the deadline (M-23)", () => {
      it("refuses one second after it", async () => {
        const { system, permit, sign, send } = await permitting();
        const signature = await sign();
        await time.setNextBlockTimestamp(permit.deadline + 1n);
        await expect(send(signature))
          .to.be.revertedWithCustomError(system.octo, "ERC2612ExpiredSignature")
          .withArgs(permit.deadline);
      });

      it("accepts in its last second", async () => {
        const { system, permit, sign, send } = await permitting();
        const signature = await sign();
        await time.setNextBlockTimestamp(permit.deadline);
        await send(signature);
        expect(await system.octo.allowance(permit.owner, permit.spender)).to.equal(permit.value);
      });
    });

    describe("when the owner signed", () => {
      it("sets the allowance, whoever sends it", async () => {
        const { system, permit, sign, send } = await permitting();
        await send(await sign());
        expect(await system.octo.allowance(permit.owner, permit.spender)).to.equal(permit.value);
      });

      it("replaces an allowance given before", async () => {
        const { system, actors, permit, sign, send } = await permitting();
        await system.octo.connect(actors.client).approve(permit.spender, MaxUint256);
        await send(await sign());
        expect(await system.octo.allowance(permit.owner, permit.spender)).to.equal(permit.value);
      });

      it("uses up one nonce", async () => {
        const { system, permit, sign, send } = await permitting();
        await send(await sign());
        expect(await system.octo.nonces(permit.owner)).to.equal(1n);
      });

      it("emits the approval", async () => {
        const { system, permit, sign, send } = await permitting();
        await expect(send(await sign()))
          .to.emit(system.octo, "Approval")
          .withArgs(permit.owner, permit.spender, permit.value);
      });
    });
  });
});
