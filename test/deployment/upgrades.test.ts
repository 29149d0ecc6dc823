import { expect } from "chai";
import hre from "hardhat";
import { upgrades } from "@openzeppelin/hardhat-upgrades";
import type { BaseContract, ContractFactory } from "ethers";

import { ROLES, roleId } from "../../deploy/roles.ts";
import { dealOf, NO_CONSENT, termsOf } from "../../scripts/lib/deal.ts";
import type { CipherOcto } from "../../scripts/lib/system.ts";
import { connection, ethers, loadFixture, networkHelpers, OCTO, staffed, time } from "../support/fixture.ts";

const { MaxUint256, ZeroAddress, ZeroHash } = ethers;
const IMPLEMENTATION_SLOT = "0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc";
const AMOUNT = 100n * OCTO;
const DAY = 86_400n;
const D = roleId("D");
const AGENT = 1n;
const REQUEST = ethers.id("request");
/** Of a position that never did a task. */
const FRESH_SCORE = 1_900_000n;

/** What stands behind each proxy, and what its constructor is given. */
const PROXIES = {
  registry: {
    contract: "ProviderRegistry",
    args: ({ addresses }: CipherOcto) => [
      [
        addresses.octo,
        addresses.roleTokenFactory,
        addresses.settlement,
        addresses.delegationPools,
        addresses.slashingDesk,
        addresses.peerReviews,
      ],
    ],
  },
  engine: {
    contract: "ConversionEngine",
    args: ({ addresses }: CipherOcto) => [addresses.octo, addresses.roleTokenFactory, addresses.settlement],
  },
  jobMarket: {
    contract: "JobMarket",
    args: ({ addresses }: CipherOcto) => [
      [addresses.octo, addresses.settlement, addresses.registry, addresses.agentRegistry, addresses.disputeDesk],
      addresses.jobMarketAnnex,
    ],
  },
  disputeDesk: {
    contract: "DisputeDesk",
    args: ({ addresses }: CipherOcto) => [
      addresses.octo,
      addresses.settlement,
      addresses.slashingDesk,
      addresses.jobMarket,
    ],
  },
  agentRegistry: {
    contract: "AgentRegistry",
    args: ({ addresses }: CipherOcto) => [addresses.registry],
  },
  agentReputation: {
    contract: "AgentReputation",
    args: ({ addresses }: CipherOcto) => [addresses.agentRegistry, addresses.jobMarket],
  },
  agentValidation: {
    contract: "AgentValidation",
    args: ({ addresses }: CipherOcto) => [addresses.agentRegistry],
  },
} as const;

type ProxyName = keyof typeof PROXIES;

const NAMES = Object.keys(PROXIES) as ProxyName[];

/**
 * A suite in use: bonds, an exit, standing terms, a delegation, a dispute, reserves, a job in each status, a spent consent,
 * an agent with an offer and a validation.
 */
async function inUse() {
  const world = await loadFixture(staffed);
  const { system, actors } = world;
  const { registry, engine, jobMarket } = system;
  const { client, provider, evaluator } = actors;
  await engine.connect(actors.other).buy(roleId("S"), 102n * OCTO, AMOUNT, MaxUint256);
  await registry.connect(provider).setStandingTerms(D, 500n * OCTO, 3_600n);
  await registry.connect(provider).unbond(roleId("A"), OCTO, OCTO);
  const exitDay = (BigInt(await time.latest()) + 8n * DAY - 1n) / DAY;

  const market = jobMarket.connect(client);
  const deadline = BigInt(await time.latest()) + DAY;
  await market.createJob(provider.address, client.address, deadline, "open", ZeroAddress, 0n);
  const deal = dealOf({ client: client.address, provider: provider.address }, { evaluator: evaluator.address });
  for (const salt of ["funded", "submitted", "completed", "expiring"]) {
    await market.hire({ ...deal, salt: ethers.id(salt) }, AMOUNT, NO_CONSENT);
  }
  for (const job of [3n, 4n]) await jobMarket.connect(provider).submit(job, termsOf("result"), "0x");
  await jobMarket.connect(evaluator).complete(4n, ZeroHash, "0x");
  await jobMarket.connect(provider).revokeConsent(7n);
  await jobMarket.connect(actors.admin).setReviewDuration(2n * DAY);
  await system.delegationPools.connect(provider).openPool(roleId("A"));
  await system.delegationPools.connect(actors.delegator).delegate(provider.address, roleId("A"), AMOUNT, 0n);
  const { judge, orchestrator } = actors;
  const [disputeId, O] = [ethers.id("dispute"), roleId("O")];
  await system.slashingDesk.connect(judge).openDispute(disputeId, orchestrator.address, O, OCTO, OCTO, 1n);
  const dispute = await system.slashingDesk.disputeKey(judge.address, orchestrator.address, O, disputeId);
  const agents = system.agentRegistry.connect(provider);
  await agents["register(string,(string,bytes)[])"]("ipfs://agent", [{ metadataKey: "key", metadataValue: "0x01" }]);
  await agents.publish(AGENT, { manifestHash: ethers.id("manifest"), price: OCTO, duration: 3_600n });
  await system.agentValidation.connect(provider).validationRequest(evaluator, AGENT, "", REQUEST);
  await system.agentValidation.connect(evaluator).validationResponse(REQUEST, 90n, "", ZeroHash, "tag");
  return { ...world, deal, exitDay, dispute };
}

type World = Awaited<ReturnType<typeof inUse>>;

/** All that the proxies remember, as their views tell it. */
async function memoryOf({ system, actors, exitDay, dispute }: World) {
  const { registry, engine, jobMarket, agentRegistry, agentReputation, agentValidation } = system;
  const { provider, orchestrator } = actors;
  const roles = ROLES.map(({ letter }) => roleId(letter));
  const each = <T>(items: readonly bigint[], read: (item: bigint) => Promise<T>) => Promise.all(items.map(read));
  return {
    registry: {
      minimums: await each(roles, async (role) => [...(await registry.minimumOf(role))]),
      bonds: await Promise.all(
        [provider, orchestrator].map(({ address }) =>
          each(roles, async (role) => [...(await registry.positionOf(address, role))].flat()),
        ),
      ),
      exit: [...(await registry.exitOf(provider.address, roleId("A"), exitDay))],
      frozen: [
        ...(await registry.frozenBy(dispute)),
        ...(await registry.frozenBondOf(orchestrator.address, roleId("O"))),
      ],
      authority: await registry.authority(),
    },
    engine: {
      held: await each(roles, (role) => engine.heldOf(role)),
      asks: await each(roles, (role) => engine.askOf(role)),
      authority: await engine.authority(),
    },
    jobMarket: {
      jobs: await each([1n, 2n, 3n, 4n, 5n], async (job) => [
        [...(await jobMarket.getJob(job))],
        [...(await jobMarket.termsOf(job))],
      ]),
      count: await jobMarket.jobCount(),
      review: await jobMarket.reviewDuration(),
      spent: await jobMarket.isConsentSpent(provider.address, 7n),
      domain: [...(await jobMarket.eip712Domain())].slice(0, 5),
      authority: await jobMarket.authority(),
    },
    agents: {
      owner: await agentRegistry.ownerOf(AGENT),
      count: await agentRegistry.agentCount(),
      uri: await agentRegistry.tokenURI(AGENT),
      wallet: await agentRegistry.getAgentWallet(AGENT),
      metadata: await agentRegistry.getMetadata(AGENT, "key"),
      offer: [...(await agentRegistry.listingOf(AGENT))].flat(),
      named: [await agentRegistry.name(), ...[...(await agentRegistry.eip712Domain())].slice(0, 5)],
      said: [...(await agentReputation.summaryOf(AGENT))],
      validation: [...(await agentValidation.getValidationStatus(REQUEST))],
      authorities: await Promise.all(
        [agentRegistry, agentReputation, agentValidation].map((contract) => contract.authority()),
      ),
    },
  };
}

async function implementationOf(proxy: BaseContract): Promise<string> {
  const word = await networkHelpers.getStorageAt(await proxy.getAddress(), IMPLEMENTATION_SLOT);
  return ethers.getAddress(ethers.dataSlice(word, 12));
}

async function versionTwoOf({ system }: World, name: ProxyName): Promise<string> {
  const { contract, args } = PROXIES[name];
  const implementation = await ethers.deployContract(`${contract}V2`, args(system));
  return implementation.getAddress();
}

/** The administrator's upgrade of a proxy to its second version. */
async function upgrade(world: World, name: ProxyName) {
  const implementation = await versionTwoOf(world, name);
  const proxy = world.system[name].connect(world.actors.admin) as CipherOcto["registry"];
  return { implementation, upgrading: await proxy.upgradeToAndCall(implementation, "0x") };
}

/** What the validator has against something; nothing if it has nothing. */
async function objectionTo(validation: Promise<void>): Promise<string> {
  return validation.then(
    () => "",
    (error: Error) => error.message,
  );
}

describe("Upgrades", () => {
  describe("the validator (A-84, I-23)", () => {
    /** The factories of both versions of a contract, and the options under which they are judged. */
    async function candidates(name: ProxyName) {
      const { system } = await loadFixture(inUse);
      const { contract, args } = PROXIES[name];
      const factory = (each: string): Promise<ContractFactory> => ethers.getContractFactory(each);
      return {
        validator: await upgrades(hre, connection),
        current: await factory(contract),
        next: await factory(`${contract}V2`),
        broken: await factory(`${contract}BrokenV2`),
        options: { kind: "uups" as const, constructorArgs: args(system) },
      };
    }

    for (const name of NAMES) {
      const { contract } = PROXIES[name];

      it(`finds ${contract} safe behind a proxy`, async () => {
        const { validator, current, options } = await candidates(name);
        expect(await objectionTo(validator.validateImplementation(current, options))).to.equal("");
      });

      it(`lets ${contract} be upgraded to a version with one more view`, async () => {
        const { validator, current, next, options } = await candidates(name);
        expect(await objectionTo(validator.validateUpgrade(current, next, options))).to.equal("");
      });

      it(`refuses a second version of ${contract} whose storage has moved`, async () => {
        const { validator, current, broken, options } = await candidates(name);
        expect(await objectionTo(validator.validateUpgrade(current, broken, options))).to.contain(
          "New storage layout is incompatible",
        );
      });

      it(`would find ${contract}'s second version with a moved storage safe on its own: only the comparison tells`, async () => {
        const { validator, broken, options } = await candidates(name);
        expect(await objectionTo(validator.validateImplementation(broken, options))).to.equal("");
      });
    }

    it("refuses a contract that cannot be upgraded any more", async () => {
      const { validator, current, options } = await candidates("engine");
      const factory: ContractFactory = await ethers.getContractFactory("DelegationPools");
      const objection = await objectionTo(validator.validateUpgrade(current, factory, options));
      expect(objection).to.contain("Implementation is missing a public `upgradeTo(address)`");
    });
  });

  describe("upgradeToAndCall", () => {
    for (const name of NAMES) {
      describe(`of ${name}`, () => {
        for (const caller of ["stranger", "guardian", "deployer"] as const) {
          it(`reverts with AccessManagedUnauthorized for the ${caller}`, async () => {
            const world = await loadFixture(inUse);
            const proxy = world.system[name].connect(world.actors[caller]) as CipherOcto["registry"];
            await expect(proxy.upgradeToAndCall(await versionTwoOf(world, name), "0x"))
              .to.be.revertedWithCustomError(proxy, "AccessManagedUnauthorized")
              .withArgs(world.actors[caller].address);
          });
        }

        it("reverts for something that is no implementation (A-92)", async () => {
          const { system, actors } = await loadFixture(inUse);
          const proxy = system[name].connect(actors.admin) as CipherOcto["registry"];
          const other = system.addresses[name === "registry" ? "jobMarket" : "registry"];
          for (const nonsense of [system.addresses.octo, other]) {
            const upgrading = expect(proxy.upgradeToAndCall(nonsense, "0x"));
            // A market asks the new code for its vault first; neither of these has one.
            if (name === "jobMarket" || name === "disputeDesk") await upgrading.to.be.revertedWithoutReason(ethers);
            else {
              await upgrading.to.be.revertedWithCustomError(proxy, "ERC1967InvalidImplementation").withArgs(nonsense);
            }
          }
          await expect(proxy.upgradeToAndCall(actors.stranger.address, "0x")).to.be.revertedWithoutReason(ethers);
        });

        it("puts the second version in place", async () => {
          const world = await loadFixture(inUse);
          const { implementation, upgrading } = await upgrade(world, name);
          const proxy = world.system[name] as CipherOcto["registry"];
          await expect(upgrading).to.emit(proxy, "Upgraded").withArgs(implementation);
          expect(await implementationOf(proxy)).to.equal(implementation);
          const second = await ethers.getContractAt(`${PROXIES[name].contract}V2`, world.system.addresses[name]);
          expect(await second.getFunction("version")()).to.equal(2n);
        });

        it("keeps everything that all proxies remember (A-84)", async () => {
          const world = await loadFixture(inUse);
          const before = await memoryOf(world);
          await upgrade(world, name);
          expect(await memoryOf(world)).to.deep.equal(before);
        });

        it("moves no token", async () => {
          const world = await loadFixture(inUse);
          const { octo, roleTokens, addresses } = world.system;
          const balances = async () =>
            Promise.all(
              [octo, roleTokens.D, roleTokens.A, roleTokens.O].flatMap((token) =>
                [...NAMES.map((each) => addresses[each]), addresses.settlement].map((at) => token.balanceOf(at)),
              ),
            );
          const before = await balances();
          await upgrade(world, name);
          expect(await balances()).to.deep.equal(before);
        });

        it("leaves nothing to initialize (A-83)", async () => {
          const world = await loadFixture(inUse);
          const { implementation } = await upgrade(world, name);
          const proxy = world.system[name] as CipherOcto["registry"];
          for (const contract of [proxy, proxy.attach(implementation) as CipherOcto["registry"]]) {
            for (const caller of [world.actors.stranger, world.actors.admin]) {
              await expect(contract.connect(caller).initialize(caller.address)).to.be.revertedWithCustomError(
                contract,
                "InvalidInitialization",
              );
            }
          }
        });

        it("can be upgraded again, by the same administrator only (A-86)", async () => {
          const world = await loadFixture(inUse);
          await upgrade(world, name);
          const proxy = world.system[name] as CipherOcto["registry"];
          const again = await versionTwoOf(world, name);
          await expect(proxy.connect(world.actors.stranger).upgradeToAndCall(again, "0x"))
            .to.be.revertedWithCustomError(proxy, "AccessManagedUnauthorized")
            .withArgs(world.actors.stranger.address);
          await proxy.connect(world.actors.admin).upgradeToAndCall(again, "0x");
          expect(await implementationOf(proxy)).to.equal(again);
        });
      });
    }
  });

  describe("an upgraded registry", () => {
    it("records, unbonds and pays out what was bonded before", async () => {
      const world = await loadFixture(inUse);
      const { system, actors, exitDay } = world;
      await upgrade(world, "registry");
      await expect(system.jobMarket.connect(actors.evaluator).complete(3n, ZeroHash, "0x"))
        .to.emit(system.registry, "TaskRecorded")
        .withArgs(actors.provider.address, D, 2n, (score: bigint) => score > FRESH_SCORE);

      await time.increaseTo(exitDay * DAY);
      const { provider } = actors;
      await expect(
        system.registry.connect(provider).withdraw(roleId("A"), exitDay, provider.address),
      ).to.changeTokenBalance(ethers, system.octo, provider, OCTO);
      const { octo, roleTokens } = await system.registry.minimumOf(D);
      await system.registry.connect(provider).unbond(D, octo, roleTokens);
      expect([...(await system.registry.bondOf(provider.address, D))]).to.deep.equal([0n, 0n]);
    });
  });

  describe("an upgraded engine", () => {
    it("sells on and adds to the same reserve", async () => {
      const world = await loadFixture(inUse);
      const { engine } = world.system;
      const before = await engine.heldOf(D);
      await upgrade(world, "engine");
      await engine.connect(world.actors.other).buy(D, 102n * OCTO, 0n, MaxUint256);
      expect(await engine.heldOf(D)).to.equal(before + 102n * OCTO);
    });

    it("is the same minter to every token: its address has not changed", async () => {
      const world = await loadFixture(inUse);
      await upgrade(world, "engine");
      expect(await world.system.octo.engine()).to.equal(world.system.addresses.engine);
      expect(await world.system.roleTokens.D.engine()).to.equal(world.system.addresses.engine);
    });
  });

  describe("a job market of another vault", () => {
    it("is refused with JobMarketOtherVault: the escrow of running jobs does not lie there (A-91)", async () => {
      const { system, actors } = await loadFixture(inUse);
      const { octo, settlement, registry, agentRegistry, engine, disputeDesk, jobMarketAnnex } = system.addresses;
      const peers = [octo, engine, registry, agentRegistry, disputeDesk];
      const stray = await ethers.deployContract("JobMarketV2", [peers, jobMarketAnnex]);
      await expect(system.jobMarket.connect(actors.admin).upgradeToAndCall(stray, "0x"))
        .to.be.revertedWithCustomError(system.jobMarket, "JobMarketOtherVault")
        .withArgs(engine, settlement);
    });
  });

  describe("an upgraded job market", () => {
    async function upgraded() {
      const world = await loadFixture(inUse);
      return { ...world, ...(await upgrade(world, "jobMarket")) };
    }

    it("has closed its locks in the vault", async () => {
      const { system, upgrading } = await upgraded();
      await expect(upgrading).to.emit(system.settlement, "MarketClosed").withArgs(system.addresses.jobMarket);
      expect((await system.settlement.marketOf(system.jobMarket)).open).to.equal(false);
    });

    it("keeps its escrow in the vault", async () => {
      const { system } = await upgraded();
      expect((await system.settlement.marketOf(system.jobMarket)).balance).to.equal(3n * AMOUNT);
    });

    it("cannot lock before it is admitted again, on any path", async () => {
      const { system, actors, deal } = await upgraded();
      const { settlement, jobMarket, addresses, octo } = system;
      const market = jobMarket.connect(actors.client);
      await settlement.connect(actors.client).deposit(actors.client.address, AMOUNT);
      await settlement.connect(actors.client).setCreditConsent(addresses.jobMarket, true);
      await jobMarket.connect(actors.provider).setBudget(1n, octo, AMOUNT, "0x");
      const permit = { value: AMOUNT, deadline: 0n, v: 27n, r: ZeroHash, s: ZeroHash };
      for (const lock of [
        () => market.hire(deal, AMOUNT, NO_CONSENT),
        () => market.hireWithPermit(deal, AMOUNT, permit, NO_CONSENT),
        () => market.hireWithAuthorization(deal, AMOUNT, 0n, MaxUint256, "0x", NO_CONSENT),
        () => market.hireFromCredit(deal, AMOUNT, NO_CONSENT),
        () => market.fund(1n, AMOUNT, "0x"),
      ]) {
        await expect(lock())
          .to.be.revertedWithCustomError(settlement, "SettlementMarketNotOpen")
          .withArgs(addresses.jobMarket);
      }
    });

    it("completes and releases running jobs meanwhile (M-20)", async () => {
      const { system, actors } = await upgraded();
      const { jobMarket, settlement } = system;
      const before = await settlement.creditOf(actors.provider.address);
      await jobMarket.connect(actors.provider).submit(2n, termsOf("result"), "0x");
      await jobMarket.connect(actors.evaluator).complete(3n, ZeroHash, "0x");
      await time.increase(3n * DAY + 1n);
      await jobMarket.connect(actors.stranger).release(2n);
      expect((await settlement.creditOf(actors.provider.address)) - before).to.equal(2n * 80n * OCTO);
    });

    it("refunds running jobs meanwhile (M-20)", async () => {
      const { system, actors } = await upgraded();
      const { jobMarket, settlement } = system;
      const before = await settlement.creditOf(actors.client.address);
      await jobMarket.connect(actors.evaluator).reject(3n, ZeroHash, "0x");
      await time.increase(DAY + 1n);
      for (const job of [2n, 5n]) await jobMarket.connect(actors.stranger).claimRefund(job);
      expect((await settlement.creditOf(actors.client.address)) - before).to.equal(3n * AMOUNT);
      expect((await settlement.marketOf(jobMarket)).balance).to.equal(0n);
    });

    it("locks again once it is admitted again, with the roles it had", async () => {
      const { system, actors, deal } = await upgraded();
      const { settlement, jobMarket, addresses } = system;
      await settlement.connect(actors.admin).admitMarket(addresses.jobMarket, 0n, 0n);
      await jobMarket.connect(actors.client).hire(deal, AMOUNT, NO_CONSENT);
      expect(await jobMarket.jobCount()).to.equal(6n);
      expect((await settlement.marketOf(jobMarket)).balance).to.equal(4n * AMOUNT);
    });

    it("counts consents and allowances given to it before as given to it still", async () => {
      const { system, actors, deal } = await upgraded();
      const { settlement, jobMarket, addresses } = system;
      await settlement.connect(actors.admin).admitMarket(addresses.jobMarket, 0n, 0n);
      await expect(jobMarket.connect(actors.provider).revokeConsent(7n))
        .to.be.revertedWithCustomError(jobMarket, "JobMarketConsentSpent")
        .withArgs(actors.provider.address, 7n);
      await expect(jobMarket.connect(actors.client).hire(deal, AMOUNT, NO_CONSENT)).to.changeTokenBalance(
        ethers,
        system.octo,
        actors.client,
        -AMOUNT,
      );
    });
  });
});
