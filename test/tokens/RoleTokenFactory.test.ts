import { expect } from "chai";
import { getCreateAddress } from "ethers";

import { ACCESS } from "../../deploy/access.ts";
import { ROLES, roleId } from "../../deploy/roles.ts";
import { RoleToken__factory } from "../../typechain-types/index.js";
import { deployed, ethers, loadFixture, OCTO } from "../support/fixture.ts";

const { MaxUint256, ZeroAddress } = ethers;
const MAX_ROLES = 31n;

describe("RoleTokenFactory", () => {
  /** The deployed factory, in the admin's hands, who has ROLE_ACCESS. */
  async function factoryOf() {
    const world = await loadFixture(deployed);
    const factory = world.system.roleTokenFactory;
    return { ...world, factory, asAdmin: factory.connect(world.actors.admin) };
  }

  describe("constructor", () => {
    describe("when the engine is the zero address", () => {
      it("refuses", async () => {
        const { system, factory } = await factoryOf();
        await expect(
          ethers.deployContract("RoleTokenFactory", [system.addresses.manager, ZeroAddress]),
        ).to.be.revertedWithCustomError(factory, "RoleTokenFactoryZeroEngine");
      });
    });

    describe("when the vault makes it", () => {
      it("has made the eight roles of genesis and asks the suite's manager", async () => {
        const { system, factory } = await factoryOf();
        expect(await factory.count()).to.equal(8n);
        expect(await factory.authority()).to.equal(system.addresses.manager);
      });

      it("is the first thing that the vault made", async () => {
        const { system } = await factoryOf();
        const { settlement, roleTokenFactory } = system.addresses;
        expect(getCreateAddress({ from: settlement, nonce: 1 })).to.equal(roleTokenFactory);
      });
    });
  });

  describe("create", () => {
    describe("when the caller has no ROLE_ACCESS", () => {
      for (const name of ["stranger", "deployer", "guardian", "treasury"] as const) {
        it(`refuses the ${name}`, async () => {
          const { factory, actors } = await factoryOf();
          await expect(factory.connect(actors[name]).create("Ninth", "OCTO-X"))
            .to.be.revertedWithCustomError(factory, "AccessManagedUnauthorized")
            .withArgs(actors[name].address);
        });
      }

      for (const access of ["MARKET_ACCESS", "PARAMETER_ACCESS", "SINK_ACCESS", "UPGRADE_ACCESS"] as const) {
        it(`refuses an account with ${access} alone`, async () => {
          const { system, factory, actors } = await factoryOf();
          await system.manager.connect(actors.admin).grantRole(ACCESS[access], actors.other.address, 0);
          await expect(factory.connect(actors.other).create("Ninth", "OCTO-X"))
            .to.be.revertedWithCustomError(factory, "AccessManagedUnauthorized")
            .withArgs(actors.other.address);
        });
      }
    });

    describe("when there are 31 roles", () => {
      async function full() {
        const world = await factoryOf();
        for (let role = 9n; role <= MAX_ROLES; ++role) await world.asAdmin.create(`Role ${role}`, `OCTO-${role}`);
        return world;
      }

      it("refuses one more", async () => {
        const { factory, asAdmin } = await full();
        await expect(asAdmin.create("One more", "OCTO-32"))
          .to.be.revertedWithCustomError(factory, "RoleTokenFactoryFull")
          .withArgs(MAX_ROLES);
      });

      it("has every token at the address of its role", async () => {
        const { factory } = await full();
        expect(await factory.count()).to.equal(MAX_ROLES);
        for (let role = 9n; role <= MAX_ROLES; ++role) {
          const token = RoleToken__factory.connect(await factory.tokenOf(role), ethers.provider);
          expect([await token.role(), await token.symbol()]).to.deep.equal([role, `OCTO-${role}`]);
        }
      });
    });

    describe("when the caller has ROLE_ACCESS alone", () => {
      it("makes a role", async () => {
        const { system, factory, actors } = await factoryOf();
        await system.manager.connect(actors.admin).grantRole(ACCESS.ROLE_ACCESS, actors.other.address, 0);
        await factory.connect(actors.other).create("Ninth", "OCTO-X");
        expect(await factory.count()).to.equal(9n);
      });
    });

    describe("when a ninth role is made", () => {
      /** The ninth role, with where its token was said to be before there was one. */
      async function ninth() {
        const world = await factoryOf();
        const predicted = await world.factory.tokenOf(9n);
        const [role, address] = await world.asAdmin.create.staticCall("CipherOcto Ninth", "OCTO-X");
        const codeBefore = await ethers.provider.getCode(predicted);
        const creation = await world.asAdmin.create("CipherOcto Ninth", "OCTO-X");
        const token = RoleToken__factory.connect(predicted, world.actors.client);
        return { ...world, predicted, returned: { role, address }, codeBefore, creation, token };
      }

      it("has the next id", async () => {
        const { factory, returned, token } = await ninth();
        expect([returned.role, await factory.count(), await token.role()]).to.deep.equal([9n, 9n, 9n]);
      });

      it("has its token where tokenOf predicted it", async () => {
        const { factory, predicted, returned, codeBefore, token } = await ninth();
        expect([codeBefore, returned.address]).to.deep.equal(["0x", predicted]);
        expect(await factory.tokenOf(9n)).to.equal(predicted);
        expect(await token.name()).to.equal("CipherOcto Ninth");
      });

      it("runs the same code as the first eight", async () => {
        const { system, predicted } = await ninth();
        const size = async (address: string) => (await ethers.provider.getCode(address)).length;
        expect(await size(predicted)).to.equal(await size(system.addresses.tokenA));
      });

      it("gives its token the vault and the engine of all the others", async () => {
        const { system, token } = await ninth();
        expect(await token.vault()).to.equal(system.addresses.settlement);
        expect(await token.engine()).to.equal(system.addresses.engine);
      });

      it("is known to the vault at once", async () => {
        const { system, predicted } = await ninth();
        expect(await system.settlement.tokenOf(9n)).to.equal(predicted);
      });

      it("is sold by the engine at once", async () => {
        const { system, actors, token } = await ninth();
        const { octo, engine, addresses } = system;
        await octo.connect(actors.liquidity).approve(addresses.engine, MaxUint256);
        await engine.connect(actors.liquidity).buy(9n, 102n * OCTO, 100n * OCTO, MaxUint256);
        expect(await token.balanceOf(actors.liquidity.address)).to.equal(100n * OCTO);
      });

      it("takes bonds as soon as the registry has its minimum", async () => {
        const { system, actors, token } = await ninth();
        const { octo, engine, registry, addresses } = system;
        const { liquidity } = actors;
        await registry.connect(actors.admin).addRole(9n, { octo: 10n * OCTO, roleTokens: 10n * OCTO });
        for (const spender of [addresses.engine, addresses.registry]) {
          await octo.connect(liquidity).approve(spender, MaxUint256);
        }
        await engine.connect(liquidity).buy(9n, 102n * OCTO, 100n * OCTO, MaxUint256);
        await token.connect(liquidity).approve(addresses.registry, MaxUint256);
        await registry.connect(liquidity).bond(9n, 10n * OCTO, 10n * OCTO);
        expect(await registry.isActive(liquidity.address, 9n)).to.equal(true);
      });

      it("emits the role with its token, name and symbol", async () => {
        const { factory, predicted, creation } = await ninth();
        await expect(creation)
          .to.emit(factory, "RoleTokenCreated")
          .withArgs(9n, predicted, "CipherOcto Ninth", "OCTO-X");
      });
    });
  });

  describe("tokenOf", () => {
    for (const { letter, symbol } of ROLES) {
      it(`is ${symbol} for role ${roleId(letter)}`, async () => {
        const { system, factory } = await factoryOf();
        const token = RoleToken__factory.connect(await factory.tokenOf(roleId(letter)), ethers.provider);
        expect(await token.getAddress()).to.equal(system.addresses[`token${letter}`]);
        expect(await token.symbol()).to.equal(symbol);
      });
    }

    it("is the creation by that nonce, for every role there can ever be", async () => {
      const { factory } = await factoryOf();
      const from = await factory.getAddress();
      for (let role = 1n; role <= MAX_ROLES; ++role) {
        expect(await factory.tokenOf(role), `role ${role}`).to.equal(getCreateAddress({ from, nonce: role }));
      }
    });
  });
});
