import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { expect } from "chai";
import { Signature } from "ethers";

import { ROLES, roleId } from "../../deploy/roles.ts";
import { domainOf, PERMIT_TYPES } from "../../scripts/lib/deal.ts";
import { deployed, ethers, loadFixture, networkHelpers, OCTO, time } from "../support/fixture.ts";

const { ZeroAddress } = ethers;
const BALANCE = 40n * OCTO;

async function impersonated(address: string): Promise<HardhatEthersSigner> {
  await networkHelpers.impersonateAccount(address);
  await networkHelpers.setBalance(address, 100n * OCTO);
  return ethers.getSigner(address);
}

/** The developers' token with the two that mint it, and some of it in the provider's hands. */
async function minted() {
  const world = await loadFixture(deployed);
  const { addresses, roleTokens } = world.system;
  const vault = await impersonated(addresses.settlement);
  const engine = await impersonated(addresses.engine);
  await roleTokens.D.connect(vault).mint(world.actors.provider.address, BALANCE);
  return { ...world, token: roleTokens.D, vault, engine };
}

describe("RoleToken", () => {
  describe("constructor", () => {
    for (const { letter, name, symbol } of ROLES) {
      it(`makes ${name}, ${symbol}, with 18 decimals and nothing minted`, async () => {
        const token = (await loadFixture(deployed)).system.roleTokens[letter];
        expect([await token.name(), await token.symbol()]).to.deep.equal([name, symbol]);
        expect([await token.decimals(), await token.totalSupply()]).to.deep.equal([18n, 0n]);
      });

      it(`ties ${symbol} to its role, the vault and the engine`, async () => {
        const { roleTokens, addresses } = (await loadFixture(deployed)).system;
        const token = roleTokens[letter];
        expect(await token.role()).to.equal(roleId(letter));
        expect(await token.vault()).to.equal(addresses.settlement);
        expect(await token.engine()).to.equal(addresses.engine);
      });
    }
  });

  describe("mint", () => {
    describe("when the caller is neither the vault nor the engine", () => {
      for (const name of ["stranger", "admin", "deployer", "provider"] as const) {
        it(`refuses the ${name}`, async () => {
          const { token, actors } = await minted();
          await expect(token.connect(actors[name]).mint(actors[name].address, 1n))
            .to.be.revertedWithCustomError(token, "RoleTokenCallerNotMinter")
            .withArgs(actors[name].address);
        });
      }

      for (const name of ["registry", "jobMarket", "roleTokenFactory", "octo"] as const) {
        it(`refuses the suite's own ${name}`, async () => {
          const { token, system, actors } = await minted();
          const caller = await impersonated(system.addresses[name]);
          await expect(token.connect(caller).mint(actors.stranger.address, 1n))
            .to.be.revertedWithCustomError(token, "RoleTokenCallerNotMinter")
            .withArgs(caller.address);
        });
      }
    });

    for (const minter of ["vault", "engine"] as const) {
      describe(`when the caller is the ${minter}`, () => {
        it("refuses the zero address as recipient", async () => {
          const world = await minted();
          await expect(world.token.connect(world[minter]).mint(ZeroAddress, 1n))
            .to.be.revertedWithCustomError(world.token, "ERC20InvalidReceiver")
            .withArgs(ZeroAddress);
        });

        for (const amount of [0n, 1n, 2n ** 128n - 1n - BALANCE]) {
          it(`gives ${amount} wei to the recipient (M-23)`, async () => {
            const { token, actors, ...minters } = await minted();
            await expect(token.connect(minters[minter]).mint(actors.other.address, amount)).to.changeTokenBalance(
              ethers,
              token,
              actors.other,
              amount,
            );
          });
        }

        it("raises the supply by the amount", async () => {
          const { token, actors, ...minters } = await minted();
          await token.connect(minters[minter]).mint(actors.other.address, 3n);
          expect(await token.totalSupply()).to.equal(BALANCE + 3n);
        });

        it("emits a transfer from nobody", async () => {
          const { token, actors, ...minters } = await minted();
          await expect(token.connect(minters[minter]).mint(actors.other.address, 3n))
            .to.emit(token, "Transfer")
            .withArgs(ZeroAddress, actors.other.address, 3n);
        });
      });
    }
  });

  describe("earnedOf (T-7)", () => {
    it("counts what the vault minted", async () => {
      const { token, vault, actors } = await minted();
      await token.connect(vault).mint(actors.provider.address, 3n);
      expect(await token.earnedOf(actors.provider.address)).to.equal(BALANCE + 3n);
    });

    it("does not count what the engine minted", async () => {
      const { token, engine, actors } = await minted();
      await token.connect(engine).mint(actors.other.address, BALANCE);
      expect(await token.earnedOf(actors.other.address)).to.equal(0n);
    });

    it("stays with who earned it when the tokens go to another, are sold or burned", async () => {
      const { token, engine, actors } = await minted();
      const provider = token.connect(actors.provider);
      await provider.transfer(actors.other.address, BALANCE / 2n);
      await provider.burn(BALANCE / 4n);
      await token.connect(engine).burnSold(actors.provider.address, BALANCE / 4n);
      expect(await token.earnedOf(actors.provider.address)).to.equal(BALANCE);
      expect(await token.earnedOf(actors.other.address)).to.equal(0n);
    });

    it("is sold first, and only by the engine (C-6)", async () => {
      const { token, engine, actors } = await minted();
      const earnings = async () => [
        await token.earnedOf(actors.provider),
        await token.soldOf(actors.provider),
        await token.unsoldOf(actors.provider),
      ];
      await token.connect(engine).mint(actors.provider.address, 5n);
      await token.connect(actors.provider).burn(7n);
      await token.connect(actors.provider).surrender(1n);
      expect(await earnings()).to.deep.equal([BALANCE, 0n, BALANCE]);
      await token.connect(engine).burnSold(actors.provider.address, 9n);
      expect(await earnings()).to.deep.equal([BALANCE, 9n, BALANCE - 9n]);
    });

    it("is never sold beyond itself (C-6)", async () => {
      const { token, engine, actors } = await minted();
      await token.connect(engine).mint(actors.provider.address, BALANCE);
      await token.connect(engine).burnSold(actors.provider.address, BALANCE + 1n);
      expect(await token.soldOf(actors.provider)).to.equal(BALANCE);
      await token.connect(engine).burnSold(actors.provider.address, 1n);
      expect([await token.soldOf(actors.provider), await token.unsoldOf(actors.provider)]).to.deep.equal([BALANCE, 0n]);
    });

    it("counts nothing of what was bought as sold", async () => {
      const { token, engine, actors } = await minted();
      await token.connect(engine).mint(actors.other.address, BALANCE);
      await token.connect(engine).burnSold(actors.other.address, BALANCE);
      expect([await token.soldOf(actors.other), await token.unsoldOf(actors.other)]).to.deep.equal([0n, 0n]);
    });

    it("refuses to count more than 128 bits hold (M-23)", async () => {
      const { token, vault, actors } = await minted();
      await expect(token.connect(vault).mint(actors.other.address, 2n ** 128n))
        .to.be.revertedWithCustomError(token, "SafeCastOverflowedUintDowncast")
        .withArgs(128n, 2n ** 128n);
    });

    it("is each role's own (A-98)", async () => {
      const { system, actors } = await minted();
      expect(await system.roleTokens.A.earnedOf(actors.provider.address)).to.equal(0n);
    });
  });

  describe("burnSold", () => {
    describe("when the caller is not the engine", () => {
      for (const name of ["stranger", "admin", "provider"] as const) {
        it(`refuses the ${name}`, async () => {
          const { token, system, actors } = await minted();
          await expect(token.connect(actors[name]).burnSold(actors.provider.address, 1n))
            .to.be.revertedWithCustomError(token, "RoleTokenCallerNotEngine")
            .withArgs(actors[name].address, system.addresses.engine);
        });
      }

      for (const name of ["settlement", "registry", "jobMarket", "roleTokenFactory"] as const) {
        it(`refuses the suite's own ${name}`, async () => {
          const { token, system, actors } = await minted();
          const caller = await impersonated(system.addresses[name]);
          await expect(token.connect(caller).burnSold(actors.provider.address, 1n))
            .to.be.revertedWithCustomError(token, "RoleTokenCallerNotEngine")
            .withArgs(caller.address, system.addresses.engine);
        });
      }

      it("refuses one with an allowance", async () => {
        const { token, system, actors } = await minted();
        await token.connect(actors.provider).approve(actors.stranger.address, BALANCE);
        await expect(token.connect(actors.stranger).burnSold(actors.provider.address, 1n))
          .to.be.revertedWithCustomError(token, "RoleTokenCallerNotEngine")
          .withArgs(actors.stranger.address, system.addresses.engine);
      });
    });

    describe("when the seller has less", () => {
      it("refuses with balance and amount", async () => {
        const { token, engine, actors } = await minted();
        await expect(token.connect(engine).burnSold(actors.provider.address, BALANCE + 1n))
          .to.be.revertedWithCustomError(token, "ERC20InsufficientBalance")
          .withArgs(actors.provider.address, BALANCE, BALANCE + 1n);
      });
    });

    describe("when the caller is the engine", () => {
      it("takes the amount from the seller without an allowance", async () => {
        const { token, engine, actors } = await minted();
        await expect(token.connect(engine).burnSold(actors.provider.address, BALANCE)).to.changeTokenBalance(
          ethers,
          token,
          actors.provider,
          -BALANCE,
        );
      });

      it("lowers the supply", async () => {
        const { token, engine, actors } = await minted();
        await token.connect(engine).burnSold(actors.provider.address, 7n);
        expect(await token.totalSupply()).to.equal(BALANCE - 7n);
      });

      it("emits a transfer to nobody", async () => {
        const { token, engine, actors } = await minted();
        await expect(token.connect(engine).burnSold(actors.provider.address, 7n))
          .to.emit(token, "Transfer")
          .withArgs(actors.provider.address, ZeroAddress, 7n);
      });
    });
  });

  describe("burn", () => {
    describe("when the caller has less", () => {
      it("refuses the stranger, who has none", async () => {
        const { token, actors } = await minted();
        await expect(token.connect(actors.stranger).burn(1n))
          .to.be.revertedWithCustomError(token, "ERC20InsufficientBalance")
          .withArgs(actors.stranger.address, 0n, 1n);
      });

      it("refuses one wei more than the balance", async () => {
        const { token, actors } = await minted();
        await expect(token.connect(actors.provider).burn(BALANCE + 1n))
          .to.be.revertedWithCustomError(token, "ERC20InsufficientBalance")
          .withArgs(actors.provider.address, BALANCE, BALANCE + 1n);
      });
    });

    describe("when the caller has the amount", () => {
      it("takes it from the caller and from nobody else", async () => {
        const { token, engine, actors } = await minted();
        await token.connect(engine).mint(actors.other.address, BALANCE);
        await expect(token.connect(actors.provider).burn(BALANCE)).to.changeTokenBalances(
          ethers,
          token,
          [actors.provider, actors.other],
          [-BALANCE, 0n],
        );
      });

      it("lowers the supply", async () => {
        const { token, actors } = await minted();
        await token.connect(actors.provider).burn(7n);
        expect(await token.totalSupply()).to.equal(BALANCE - 7n);
      });

      it("emits a transfer to nobody", async () => {
        const { token, actors } = await minted();
        await expect(token.connect(actors.provider).burn(7n))
          .to.emit(token, "Transfer")
          .withArgs(actors.provider.address, ZeroAddress, 7n);
      });
    });
  });

  describe("surrender", () => {
    it("refuses one wei more than the balance", async () => {
      const { token, actors } = await minted();
      for (const [holder, balance] of [
        [actors.stranger, 0n],
        [actors.provider, BALANCE],
      ] as const) {
        await expect(token.connect(holder).surrender(balance + 1n))
          .to.be.revertedWithCustomError(token, "ERC20InsufficientBalance")
          .withArgs(holder.address, balance, balance + 1n);
      }
    });

    it("hands it from the caller to the engine, and to nobody else", async () => {
      const { token, engine, actors } = await minted();
      await expect(token.connect(actors.provider).surrender(BALANCE)).to.changeTokenBalances(
        ethers,
        token,
        [actors.provider, engine],
        [-BALANCE, BALANCE],
      );
    });

    it("leaves the supply to the engine, and what was earned as it was", async () => {
      const { token, actors } = await minted();
      await token.connect(actors.provider).surrender(BALANCE);
      expect(await token.totalSupply()).to.equal(BALANCE);
      expect(await token.earnedOf(actors.provider)).to.equal(BALANCE);
    });
  });

  describe("transfer", () => {
    describe("when the balance suffices", () => {
      it("moves the amount to the wei, without any tax", async () => {
        const { token, actors } = await minted();
        await expect(token.connect(actors.provider).transfer(actors.other.address, 10_001n)).to.changeTokenBalances(
          ethers,
          token,
          [actors.provider, actors.other],
          [-10_001n, 10_001n],
        );
        expect(await token.totalSupply()).to.equal(BALANCE);
      });
    });
  });

  describe("permit", () => {
    /** The provider's permit for the evaluator, signed by whom it is told. */
    async function permitting() {
      const world = await minted();
      const { provider, evaluator, relayer } = world.actors;
      const { chainId } = await ethers.provider.getNetwork();
      const domain = domainOf("CipherOcto Developer", chainId, world.system.addresses.tokenD);
      const deadline = BigInt(await time.latest()) + 3_600n;
      const message = { owner: provider.address, spender: evaluator.address, value: 5n, nonce: 0n, deadline };
      const permitBy = async (signer: HardhatEthersSigner) => {
        const { v, r, s } = Signature.from(await signer.signTypedData(domain, PERMIT_TYPES, message));
        const { owner, spender, value } = message;
        return world.token.connect(relayer).permit(owner, spender, value, deadline, v, r, s);
      };
      return { ...world, permitBy };
    }

    describe("when somebody else signed", () => {
      it("refuses with the signer and the owner", async () => {
        const { token, actors, permitBy } = await permitting();
        await expect(permitBy(actors.stranger))
          .to.be.revertedWithCustomError(token, "ERC2612InvalidSigner")
          .withArgs(actors.stranger.address, actors.provider.address);
      });
    });

    describe("when the owner signed", () => {
      it("sets the allowance and uses up a nonce", async () => {
        const { token, actors, permitBy } = await permitting();
        await permitBy(actors.provider);
        expect(await token.allowance(actors.provider.address, actors.evaluator.address)).to.equal(5n);
        expect(await token.nonces(actors.provider.address)).to.equal(1n);
      });
    });
  });
});
