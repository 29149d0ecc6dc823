import { expect } from "chai";
import { dataSlice, id, toBeHex, ZeroHash } from "ethers";

import { ConversionEngine__factory, Door__factory } from "../../typechain-types/index.js";
import { deployed, ethers, loadFixture } from "../support/fixture.ts";

/** Where ERC-1967 keeps the implementation of a proxy. */
const IMPLEMENTATION_SLOT = toBeHex(BigInt(id("eip1967.proxy.implementation")) - 1n, 32);

async function implementationOf(proxy: string): Promise<string> {
  return ethers.getAddress(dataSlice(await ethers.provider.getStorage(proxy, IMPLEMENTATION_SLOT), 12));
}

/** A closed door of the deployer's, and an engine's implementation that waits before it. */
async function closed() {
  const { system, actors } = await loadFixture(deployed);
  const builder = actors.deployer;
  const { octo, roleTokenFactory, settlement, manager } = system.addresses;

  const house = await ethers.deployContract("Door", [builder.address]);
  const open = house.interface.encodeFunctionData("open");
  const proxy = await ethers.deployContract("ERC1967Proxy", [await house.getAddress(), open]);
  const address = await proxy.getAddress();
  const implementation = await ethers.deployContract("ConversionEngine", [octo, roleTokenFactory, settlement]);

  return {
    system,
    actors,
    builder,
    house,
    address,
    manager,
    door: Door__factory.connect(address, builder),
    engine: ConversionEngine__factory.connect(address, actors.stranger),
    implementation: await implementation.getAddress(),
    initialize: implementation.interface.encodeFunctionData("initialize", [manager]),
    steal: implementation.interface.encodeFunctionData("initialize", [actors.stranger.address]),
  };
}

/** The door with the engine inside, entered and initialised in one call. */
async function entered() {
  const world = await closed();
  const entering = await world.door.upgradeToAndCall(world.implementation, world.initialize);
  return { ...world, entering };
}

describe("Door", () => {
  describe("constructor", () => {
    it("names the builder, through every proxy on it too", async () => {
      const { house, door, builder } = await closed();
      expect([await house.BUILDER(), await door.BUILDER()]).to.deep.equal([builder.address, builder.address]);
    });

    it("leaves a proxy's storage empty, so that nothing is in the way of who enters (A-84)", async () => {
      const { address } = await closed();
      for (let slot = 0; slot < 4; ++slot) {
        expect(await ethers.provider.getStorage(address, slot), `slot ${slot}`).to.equal(ZeroHash);
      }
    });
  });

  describe("a proxy on the door", () => {
    it("cannot be made without a call (A-83)", async () => {
      const { house } = await closed();
      const proxies = await ethers.getContractFactory("ERC1967Proxy");
      await expect(proxies.deploy(await house.getAddress(), "0x")).to.be.revertedWithCustomError(
        proxies,
        "ERC1967ProxyUninitialized",
      );
    });

    it("has nothing that a stranger could initialise before the engine enters (A-83)", async () => {
      const { engine, actors } = await closed();
      await expect(engine.initialize(actors.stranger.address)).to.be.revertedWithoutReason(ethers);
    });

    it("has nobody to ask for permission before the engine enters", async () => {
      const { engine } = await closed();
      await expect(engine.authority()).to.be.revertedWithoutReason(ethers);
    });
  });

  describe("upgradeToAndCall", () => {
    describe("when the caller is not the builder", () => {
      for (const name of ["stranger", "admin", "guardian"] as const) {
        it(`refuses the ${name}, whatever he brings (A-83)`, async () => {
          const { door, actors, builder, implementation, initialize, steal } = await closed();
          for (const call of ["0x", initialize, steal]) {
            await expect(door.connect(actors[name]).upgradeToAndCall(implementation, call))
              .to.be.revertedWithCustomError(door, "DoorCallerNotBuilder")
              .withArgs(actors[name].address, builder.address);
          }
        });
      }
    });

    describe("when it is called on the door itself, not on a proxy", () => {
      for (const name of ["deployer", "stranger"] as const) {
        it(`refuses the ${name}`, async () => {
          const { house, actors, implementation } = await closed();
          await expect(
            house.connect(actors[name]).upgradeToAndCall(implementation, "0x"),
          ).to.be.revertedWithCustomError(house, "UUPSUnauthorizedCallContext");
        });
      }
    });

    describe("when what should enter is no implementation", () => {
      it("refuses with its address", async () => {
        const { door, system } = await closed();
        await expect(door.upgradeToAndCall(system.addresses.octo, "0x"))
          .to.be.revertedWithCustomError(door, "ERC1967InvalidImplementation")
          .withArgs(system.addresses.octo);
      });
    });

    describe("when its initialisation fails", () => {
      it("lets nobody in", async () => {
        const { door, house, address, implementation } = await closed();
        await expect(door.upgradeToAndCall(implementation, "0xdeadbeef")).to.be.revertedWithCustomError(
          door,
          "FailedCall",
        );
        expect(await implementationOf(address)).to.equal(await house.getAddress());
      });
    });

    describe("when the builder lets the engine enter", () => {
      it("is the engine from then on, at the same address", async () => {
        const { engine, address, implementation } = await entered();
        expect(await implementationOf(address)).to.equal(implementation);
        expect(await engine.askOf(1n)).to.equal(1_020_000_000_000_000_000n);
      });

      it("is initialised by the same call (A-83)", async () => {
        const { engine, manager } = await entered();
        expect(await engine.authority()).to.equal(manager);
      });

      it("cannot be initialised again, by anybody (A-83)", async () => {
        const { engine, actors, builder } = await entered();
        for (const caller of [actors.stranger, builder]) {
          await expect(engine.connect(caller).initialize(actors.stranger.address)).to.be.revertedWithCustomError(
            engine,
            "InvalidInitialization",
          );
        }
      });

      it("is no door any more", async () => {
        const { door } = await entered();
        await expect(door.open()).to.be.revertedWithoutReason(ethers);
        await expect(door.BUILDER()).to.be.revertedWithoutReason(ethers);
      });

      it("leaves the builder no power over it (A-83)", async () => {
        const { door, house, engine, builder, implementation } = await entered();
        for (const next of [implementation, await house.getAddress()]) {
          await expect(door.upgradeToAndCall(next, "0x"))
            .to.be.revertedWithCustomError(engine, "AccessManagedUnauthorized")
            .withArgs(builder.address);
        }
      });

      it("leaves the other doors of the builder shut", async () => {
        const { house, actors, builder, implementation } = await entered();
        const open = house.interface.encodeFunctionData("open");
        const proxy = await ethers.deployContract("ERC1967Proxy", [await house.getAddress(), open]);
        const other = Door__factory.connect(await proxy.getAddress(), actors.stranger);
        await expect(other.upgradeToAndCall(implementation, "0x"))
          .to.be.revertedWithCustomError(other, "DoorCallerNotBuilder")
          .withArgs(actors.stranger.address, builder.address);
      });

      it("emits the upgrade and the one initialisation", async () => {
        const { engine, entering, implementation } = await entered();
        await expect(entering).to.emit(engine, "Upgraded").withArgs(implementation);
        await expect(entering).to.emit(engine, "Initialized").withArgs(1n);
      });
    });
  });

  describe("the suite's own doors", () => {
    for (const name of ["engine", "registry", "jobMarket"] as const) {
      it(`leave the deployer no power over the ${name} (A-83)`, async () => {
        const { system, actors } = await loadFixture(deployed);
        const contract = system[name];
        const address = await contract.getAddress();
        const implementation = await implementationOf(address);
        await expect(Door__factory.connect(address, actors.deployer).upgradeToAndCall(implementation, "0x"))
          .to.be.revertedWithCustomError(contract, "AccessManagedUnauthorized")
          .withArgs(actors.deployer.address);
      });

      it(`have let the ${name} in initialised, and nobody can do it again (A-83)`, async () => {
        const { system, actors } = await loadFixture(deployed);
        const contract = system[name];
        expect(await contract.authority()).to.equal(system.addresses.manager);
        await expect(
          contract.connect(actors.stranger).initialize(actors.stranger.address),
        ).to.be.revertedWithCustomError(contract, "InvalidInitialization");
      });

      it(`have let in a ${name} that is locked by itself too (A-83)`, async () => {
        const { system, actors } = await loadFixture(deployed);
        const implementation = await implementationOf(system.addresses[name]);
        const behind = ConversionEngine__factory.connect(implementation, actors.stranger);
        await expect(behind.initialize(actors.stranger.address)).to.be.revertedWithCustomError(
          behind,
          "InvalidInitialization",
        );
      });
    }
  });
});
