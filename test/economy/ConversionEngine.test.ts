import { expect } from "chai";
import { AbiCoder, dataSlice, id, keccak256, toBeHex } from "ethers";
import fc from "fast-check";

import { ACCESS } from "../../deploy/access.ts";
import { ROLES, type RoleLetter, roleId } from "../../deploy/roles.ts";
import { ConversionEngine__factory } from "../../typechain-types/index.js";
import { deployed, ethers, loadFixture, OCTO, time } from "../support/fixture.ts";
import { askOf } from "../support/models/conversion.ts";

const { MaxUint256 } = ethers;
const ASK = (102n * OCTO) / 100n;
const LARGEST_UINT128 = 2n ** 128n - 1n;
const LARGEST_UINT96 = 2n ** 96n - 1n;
const ROLE_IDS = ROLES.map(({ letter }) => roleId(letter));
const UNKNOWN_ROLES = [0n, 9n, 255n];
const BALANCE = 1_000_000n * OCTO;

/** Where ERC-1967 keeps the implementation of a proxy. */
const IMPLEMENTATION_SLOT = toBeHex(BigInt(id("eip1967.proxy.implementation")) - 1n, 32);

/** What the ask of 1.02 sells: rounded down. */
const soldFor = (octoIn: bigint) => (octoIn * 100n) / 102n;
/** What the ask of 1.02 charges: rounded up. */
const chargedFor = (roleOut: bigint) => (roleOut * 102n + 99n) / 100n;

/** The deployed engine, and a client and a provider who may buy. */
async function setUp() {
  const world = await loadFixture(deployed);
  const { octo, engine, addresses, roleTokens } = world.system;
  const { client, provider, liquidity } = world.actors;
  for (const buyer of [client, provider]) {
    await octo.connect(liquidity).transfer(buyer.address, BALANCE);
    await octo.connect(buyer).approve(addresses.engine, MaxUint256);
  }
  const asClient = engine.connect(client);
  return { ...world, octo, engine, asClient, tokenA: roleTokens.A, client, provider, A: roleId("A") };
}

async function implementationOf(proxy: string): Promise<string> {
  return ethers.getAddress(dataSlice(await ethers.provider.getStorage(proxy, IMPLEMENTATION_SLOT), 12));
}

describe("ConversionEngine", () => {
  describe("initialize", () => {
    it("refuses on the proxy: it was entered initialised (A-83)", async () => {
      const { engine, actors } = await setUp();
      await expect(engine.connect(actors.stranger).initialize(actors.stranger.address)).to.be.revertedWithCustomError(
        engine,
        "InvalidInitialization",
      );
    });

    it("refuses on the implementation behind the proxy (A-83)", async () => {
      const { engine, actors } = await setUp();
      const implementation = ConversionEngine__factory.connect(
        await implementationOf(await engine.getAddress()),
        actors.stranger,
      );
      await expect(implementation.initialize(actors.stranger.address)).to.be.revertedWithCustomError(
        engine,
        "InvalidInitialization",
      );
    });

    it("has made the suite's manager the administrator", async () => {
      const { engine, system } = await setUp();
      expect(await engine.authority()).to.equal(system.addresses.manager);
    });

    it("trades the role tokens of the suite, for the OCTO of its vault", async () => {
      const { engine, system } = await setUp();
      const { roleTokenFactory, settlement } = system.addresses;
      expect([await engine.roleTokens(), await engine.vault()]).to.deep.equal([roleTokenFactory, settlement]);
    });
  });

  describe("upgradeToAndCall", () => {
    /** A new implementation with the same peers. */
    async function upgrading() {
      const world = await setUp();
      const { octo, roleTokenFactory, settlement } = world.system.addresses;
      const implementation = await ethers.deployContract("ConversionEngine", [octo, roleTokenFactory, settlement]);
      return { ...world, implementation: await implementation.getAddress() };
    }

    describe("when the caller has no CUSTODY_UPGRADE_ACCESS", () => {
      for (const name of ["stranger", "guardian", "treasury"] as const) {
        it(`refuses the ${name}`, async () => {
          const { engine, actors, implementation } = await upgrading();
          await expect(engine.connect(actors[name]).upgradeToAndCall(implementation, "0x"))
            .to.be.revertedWithCustomError(engine, "AccessManagedUnauthorized")
            .withArgs(actors[name].address);
        });
      }

      it("refuses an account that may upgrade markets alone", async () => {
        const { engine, system, actors, implementation } = await upgrading();
        await system.manager.connect(actors.admin).grantRole(ACCESS.UPGRADE_ACCESS, actors.other.address, 0);
        await expect(engine.connect(actors.other).upgradeToAndCall(implementation, "0x"))
          .to.be.revertedWithCustomError(engine, "AccessManagedUnauthorized")
          .withArgs(actors.other.address);
      });

      it("refuses the deployer, who built the door (A-83)", async () => {
        const { engine, actors, implementation } = await upgrading();
        await expect(engine.connect(actors.deployer).upgradeToAndCall(implementation, "0x"))
          .to.be.revertedWithCustomError(engine, "AccessManagedUnauthorized")
          .withArgs(actors.deployer.address);
      });
    });

    describe("when the new implementation is none", () => {
      it("refuses with its address", async () => {
        const { engine, system, actors } = await upgrading();
        await expect(engine.connect(actors.admin).upgradeToAndCall(system.addresses.octo, "0x"))
          .to.be.revertedWithCustomError(engine, "ERC1967InvalidImplementation")
          .withArgs(system.addresses.octo);
      });
    });

    describe("when the caller has CUSTODY_UPGRADE_ACCESS", () => {
      it("keeps the reserves and the administrator (A-84)", async () => {
        const { engine, asClient, system, actors, A, implementation } = await upgrading();
        await asClient.buy(A, 500n * OCTO, 0n, MaxUint256);
        await engine.connect(actors.admin).upgradeToAndCall(implementation, "0x");
        expect(await implementationOf(await engine.getAddress())).to.equal(implementation);
        expect(await engine.heldOf(A)).to.equal(500n * OCTO);
        expect(await engine.authority()).to.equal(system.addresses.manager);
      });

      it("keeps the door shut to another initialisation (A-83)", async () => {
        const { engine, actors, implementation } = await upgrading();
        await engine.connect(actors.admin).upgradeToAndCall(implementation, "0x");
        await expect(engine.connect(actors.stranger).initialize(actors.stranger.address)).to.be.revertedWithCustomError(
          engine,
          "InvalidInitialization",
        );
      });
    });
  });

  describe("askOf", () => {
    for (const role of UNKNOWN_ROLES) {
      it(`refuses the unknown role ${role}`, async () => {
        const { engine } = await setUp();
        await expect(engine.askOf(role))
          .to.be.revertedWithCustomError(engine, "ConversionEngineUnknownRole")
          .withArgs(role);
      });
    }

    it("is 1.02 for every role of which there are no tokens", async () => {
      const { engine } = await setUp();
      for (const role of ROLE_IDS) expect(await engine.askOf(role), `role ${role}`).to.equal(ASK);
    });
  });

  describe("quote", () => {
    for (const role of UNKNOWN_ROLES) {
      it(`refuses the unknown role ${role}`, async () => {
        const { engine } = await setUp();
        await expect(engine.quote(role, OCTO))
          .to.be.revertedWithCustomError(engine, "ConversionEngineUnknownRole")
          .withArgs(role);
      });
    }

    for (const [octoIn, roleOut] of [
      [0n, 0n],
      [1n, 0n],
      [2n, 1n],
      [101n, 99n],
      [102n, 100n],
      [ASK - 1n, OCTO - 1n],
      [ASK, OCTO],
      [ASK + 1n, OCTO],
      [LARGEST_UINT128, soldFor(LARGEST_UINT128)],
      [MaxUint256, soldFor(MaxUint256)],
    ] as const) {
      it(`is ${roleOut} for ${octoIn} (M-23)`, async () => {
        const { engine, A } = await setUp();
        expect(await engine.quote(A, octoIn)).to.equal(roleOut);
      });
    }
  });

  describe("quoteExactOut", () => {
    for (const role of UNKNOWN_ROLES) {
      it(`refuses the unknown role ${role}`, async () => {
        const { engine } = await setUp();
        await expect(engine.quoteExactOut(role, OCTO))
          .to.be.revertedWithCustomError(engine, "ConversionEngineUnknownRole")
          .withArgs(role);
      });
    }

    it("refuses what no number can hold (M-23)", async () => {
      const { engine, A } = await setUp();
      await expect(engine.quoteExactOut(A, MaxUint256)).to.be.revertedWithPanic(0x11);
    });

    for (const [roleOut, octoIn] of [
      [0n, 0n],
      [1n, 2n],
      [49n, 50n],
      [50n, 51n],
      [99n, 101n],
      [100n, 102n],
      [OCTO, ASK],
      [OCTO + 1n, ASK + 2n],
      [LARGEST_UINT128, chargedFor(LARGEST_UINT128)],
    ] as const) {
      it(`is ${octoIn} for ${roleOut} (M-23)`, async () => {
        const { engine, A } = await setUp();
        expect(await engine.quoteExactOut(A, roleOut)).to.equal(octoIn);
      });
    }

    it("is the smallest payment that brings so much", async () => {
      const { engine, A } = await setUp();
      await fc.assert(
        fc.asyncProperty(fc.bigInt(1n, LARGEST_UINT128), async (roleOut) => {
          const octoIn = await engine.quoteExactOut(A, roleOut);
          expect((await engine.quote(A, octoIn)) >= roleOut).to.equal(true);
          expect((await engine.quote(A, octoIn - 1n)) < roleOut).to.equal(true);
        }),
        { numRuns: 50 },
      );
    });
  });

  describe("buy", () => {
    describe("when the role is unknown", () => {
      for (const role of UNKNOWN_ROLES) {
        it(`refuses role ${role}`, async () => {
          const { engine, asClient } = await setUp();
          await expect(asClient.buy(role, 102n * OCTO, 0n, MaxUint256))
            .to.be.revertedWithCustomError(engine, "ConversionEngineUnknownRole")
            .withArgs(role);
        });
      }
    });

    describe("when the moment is about the deadline (M-23)", () => {
      async function buyAt(offset: bigint) {
        const world = await setUp();
        const deadline = BigInt(await time.latest()) + 1_000n;
        await time.setNextBlockTimestamp(deadline + offset);
        const buying = world.asClient.buy(world.A, 102n * OCTO, 0n, deadline);
        return { ...world, deadline, buying };
      }

      for (const [when, offset] of [
        ["one second before it", -1n],
        ["in its last second", 0n],
      ] as const) {
        it(`buys ${when}`, async () => {
          const { tokenA, client, buying } = await buyAt(offset);
          await buying;
          expect(await tokenA.balanceOf(client.address)).to.equal(100n * OCTO);
        });
      }

      it("refuses one second after it", async () => {
        const { engine, deadline, buying } = await buyAt(1n);
        await expect(buying)
          .to.be.revertedWithCustomError(engine, "ConversionEngineDeadlinePassed")
          .withArgs(deadline + 1n, deadline);
      });

      it("refuses a deadline of 0", async () => {
        const { engine, asClient, A } = await setUp();
        const now = BigInt(await time.latest()) + 10n;
        await time.setNextBlockTimestamp(now);
        await expect(asClient.buy(A, 102n * OCTO, 0n, 0n))
          .to.be.revertedWithCustomError(engine, "ConversionEngineDeadlinePassed")
          .withArgs(now, 0n);
      });
    });

    describe("when the purchase is too small", () => {
      for (const [octoIn, roleOut] of [
        [0n, 0n],
        [1n, 0n],
        [OCTO, soldFor(OCTO)],
        [ASK - 1n, OCTO - 1n],
      ] as const) {
        it(`refuses ${octoIn} wei, which bring ${roleOut} (M-23)`, async () => {
          const { engine, asClient, A } = await setUp();
          await expect(asClient.buy(A, octoIn, 0n, MaxUint256))
            .to.be.revertedWithCustomError(engine, "ConversionEnginePurchaseTooSmall")
            .withArgs(roleOut, OCTO);
        });
      }

      it("accepts what brings exactly one role token", async () => {
        const { asClient, tokenA, client, A } = await setUp();
        await expect(asClient.buy(A, ASK, OCTO, MaxUint256)).to.changeTokenBalance(ethers, tokenA, client, OCTO);
      });
    });

    describe("when the buyer asked for a certain amount", () => {
      it("refuses one wei less than that", async () => {
        const { engine, asClient, A } = await setUp();
        const roleOut = soldFor(777n * OCTO);
        await expect(asClient.buy(A, 777n * OCTO, roleOut + 1n, MaxUint256))
          .to.be.revertedWithCustomError(engine, "ConversionEngineOutputTooSmall")
          .withArgs(roleOut, roleOut + 1n);
      });

      it("sells exactly that", async () => {
        const { asClient, tokenA, client, A } = await setUp();
        const roleOut = soldFor(777n * OCTO);
        await asClient.buy(A, 777n * OCTO, roleOut, MaxUint256);
        expect(await tokenA.balanceOf(client.address)).to.equal(roleOut);
      });
    });

    describe("when the allowance is too small", () => {
      it("refuses the stranger, who has given none", async () => {
        const { octo, engine, system, actors, A } = await setUp();
        await expect(engine.connect(actors.stranger).buy(A, 102n * OCTO, 0n, MaxUint256))
          .to.be.revertedWithCustomError(octo, "ERC20InsufficientAllowance")
          .withArgs(system.addresses.engine, 0n, 102n * OCTO);
      });

      it("refuses one wei more than was allowed", async () => {
        const { octo, asClient, system, client, A } = await setUp();
        await octo.connect(client).approve(system.addresses.engine, 102n * OCTO - 1n);
        await expect(asClient.buy(A, 102n * OCTO, 0n, MaxUint256))
          .to.be.revertedWithCustomError(octo, "ERC20InsufficientAllowance")
          .withArgs(system.addresses.engine, 102n * OCTO - 1n, 102n * OCTO);
      });
    });

    describe("when the balance is too small", () => {
      for (const octoIn of [BALANCE + 1n, LARGEST_UINT96 / 2n]) {
        it(`refuses ${octoIn} wei of ${BALANCE} (M-23)`, async () => {
          const { octo, asClient, client, A } = await setUp();
          await expect(asClient.buy(A, octoIn, 0n, MaxUint256))
            .to.be.revertedWithCustomError(octo, "ERC20InsufficientBalance")
            .withArgs(client.address, BALANCE, octoIn);
        });
      }

      for (const octoIn of [LARGEST_UINT96 + 1n, LARGEST_UINT128]) {
        it(`refuses ${octoIn} wei, which no reserve can hold (M-23)`, async () => {
          const { engine, asClient, A } = await setUp();
          await expect(asClient.buy(A, octoIn, 0n, MaxUint256))
            .to.be.revertedWithCustomError(engine, "ConversionEngineAmountTooLarge")
            .withArgs(octoIn, LARGEST_UINT96);
        });
      }

      it("leaves the reserve as it was", async () => {
        const { engine, asClient, A } = await setUp();
        await expect(asClient.buy(A, BALANCE + 1n, 0n, MaxUint256)).to.revert(ethers);
        expect(await engine.heldOf(A)).to.equal(0n);
      });
    });

    describe("when everything is in order", () => {
      const octoIn = 1_000n * OCTO + 1n;

      it("returns what it mints", async () => {
        const { asClient, A } = await setUp();
        expect(await asClient.buy.staticCall(A, octoIn, 0n, MaxUint256)).to.equal(soldFor(octoIn));
      });

      it("moves the payment from the buyer to the engine", async () => {
        const { octo, engine, asClient, client, A } = await setUp();
        await expect(asClient.buy(A, octoIn, 0n, MaxUint256)).to.changeTokenBalances(
          ethers,
          octo,
          [client, engine],
          [-octoIn, octoIn],
        );
      });

      it("mints the role tokens to the buyer, and to nobody else", async () => {
        const { asClient, tokenA, client, A } = await setUp();
        await expect(asClient.buy(A, octoIn, 0n, MaxUint256)).to.changeTokenBalance(
          ethers,
          tokenA,
          client,
          soldFor(octoIn),
        );
        expect(await tokenA.totalSupply()).to.equal(soldFor(octoIn));
      });

      it("adds the whole payment to the role's reserve", async () => {
        const { engine, asClient, A } = await setUp();
        await asClient.buy(A, octoIn, 0n, MaxUint256);
        await asClient.buy(A, 2n * OCTO, 0n, MaxUint256);
        expect(await engine.heldOf(A)).to.equal(octoIn + 2n * OCTO);
      });

      it("mints and burns no OCTO", async () => {
        const { octo, asClient, A } = await setUp();
        const before = [await octo.totalSupply(), await octo.everMinted()];
        await asClient.buy(A, octoIn, 0n, MaxUint256);
        expect([await octo.totalSupply(), await octo.everMinted()]).to.deep.equal(before);
      });

      it("asks the spread above what covers the tokens there are", async () => {
        const { engine, asClient, tokenA, provider, A } = await setUp();
        await asClient.buy(A, BALANCE, 0n, MaxUint256);
        const ask = askOf(OCTO, BALANCE, soldFor(BALANCE));
        expect(await engine.askOf(A)).to.equal(ask);
        await engine.connect(provider).buy(A, octoIn, 0n, MaxUint256);
        expect(await tokenA.balanceOf(provider.address)).to.equal((octoIn * OCTO) / ask);
      });

      it("emits the purchase", async () => {
        const { engine, asClient, client, A } = await setUp();
        await expect(asClient.buy(A, octoIn, 0n, MaxUint256))
          .to.emit(engine, "RoleTokensBought")
          .withArgs(client.address, A, octoIn, soldFor(octoIn));
      });
    });

    describe("when several roles are bought", () => {
      it("keeps every role's reserve its own (A-98)", async () => {
        const { engine, asClient } = await setUp();
        for (const role of ROLE_IDS) await asClient.buy(role, role * 100n * OCTO, 0n, MaxUint256);
        for (const role of ROLE_IDS) expect(await engine.heldOf(role), `role ${role}`).to.equal(role * 100n * OCTO);
      });

      it("mints each role's own token", async () => {
        const { asClient, system, client } = await setUp();
        for (const role of ROLE_IDS) await asClient.buy(role, role * 102n * OCTO, 0n, MaxUint256);
        for (const { letter } of ROLES) {
          const balance = await system.roleTokens[letter].balanceOf(client.address);
          expect(balance, letter).to.equal(roleId(letter) * 100n * OCTO);
        }
      });

      it("holds the sum of the reserves (C-1)", async () => {
        const { octo, asClient, system } = await setUp();
        for (const role of ROLE_IDS) await asClient.buy(role, role * 100n * OCTO, 0n, MaxUint256);
        expect(await octo.balanceOf(system.addresses.engine)).to.equal(3_600n * OCTO);
      });

      it("covers every role's supply 1.02 times and ever more, to the wei, after any purchases (A-98, C-1, C-2)", async () => {
        const { octo, engine, system, client, provider } = await setUp();
        const letters: RoleLetter[] = ["A", "D", "N"];
        const held: Record<string, bigint> = { A: 0n, D: 0n, N: 0n };
        const purchase = fc.record({
          letter: fc.constantFrom(...letters),
          buyer: fc.constantFrom(client, provider),
          octoIn: fc.oneof(fc.bigInt(2n * OCTO, 2n * OCTO + 300n), fc.bigInt(2n * OCTO, 10_000n * OCTO)),
        });

        await fc.assert(
          fc.asyncProperty(purchase, async ({ letter, buyer, octoIn }) => {
            const before = await engine.coverageOf(roleId(letter));
            await engine.connect(buyer).buy(roleId(letter), octoIn, OCTO, MaxUint256);
            held[letter]! += octoIn;
            expect((await engine.coverageOf(roleId(letter))) >= before, "not lowered").to.equal(true);

            for (const role of letters) {
              expect(await engine.heldOf(roleId(role)), role).to.equal(held[role]);
              const supply = await system.roleTokens[role].totalSupply();
              expect(held[role]! * OCTO >= supply * ASK, `coverage of ${role}`).to.equal(true);
            }
            const sum = letters.reduce((total, role) => total + held[role]!, 0n);
            expect(await octo.balanceOf(system.addresses.engine)).to.equal(sum);
          }),
          { numRuns: 60, endOnFailure: true },
        );
      });
    });
  });

  describe("heldOf", () => {
    it("does not count what somebody gives away to the engine", async () => {
      const { octo, engine, asClient, system, client, A } = await setUp();
      await asClient.buy(A, 500n * OCTO, 0n, MaxUint256);
      await octo.connect(client).transfer(system.addresses.engine, 77n * OCTO);
      expect(await engine.heldOf(A)).to.equal(500n * OCTO);
      expect(await engine.askOf(A)).to.equal(askOf(OCTO, 500n * OCTO, soldFor(500n * OCTO)));
    });

    it("stands at the contract's ERC-7201 place, so that an upgrade finds it (A-84)", async () => {
      const { asClient, system, A } = await setUp();
      await asClient.buy(A, 500n * OCTO, 0n, MaxUint256);
      const abi = AbiCoder.defaultAbiCoder();
      const namespace = BigInt(id("cipherocto.storage.ConversionEngine")) - 1n;
      const root = BigInt(keccak256(abi.encode(["uint256"], [namespace]))) & ~0xffn;
      const slot = keccak256(abi.encode(["uint8", "uint256"], [A, root]));
      const row = BigInt(await ethers.provider.getStorage(system.addresses.engine, slot));
      expect(row & LARGEST_UINT96).to.equal(500n * OCTO);
    });
  });
});
