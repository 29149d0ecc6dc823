import { once } from "node:events";
import { existsSync, readdirSync, rmdirSync, rmSync } from "node:fs";
import path from "node:path";

import { expect } from "chai";
import hre from "hardhat";
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { HardhatArtifactResolver } from "@nomicfoundation/hardhat-ignition/helpers";
import { trackTransaction, wipe } from "@nomicfoundation/ignition-core";
import type { BaseContract } from "ethers";
import type { JsonRpcServer, NetworkConnection } from "hardhat/types/network";

import { GENESIS } from "../../deploy/genesis.ts";
import Doors from "../../deploy/modules/Doors.ts";
import Tokens from "../../deploy/modules/Tokens.ts";
import { bitmap, ROLES, roleId, SCHEDULES } from "../../deploy/roles.ts";
import { dealOf, NO_CONSENT } from "../../scripts/lib/deal.ts";
import { readParameters } from "../../scripts/lib/parameters.ts";
import { deploySystem } from "../../scripts/lib/deploySystem.ts";
import { type Addresses, type CipherOcto } from "../../scripts/lib/system.ts";
import {
  activate,
  approveAll,
  deployed,
  ethers,
  loadFixture,
  networkHelpers,
  OCTO,
  type World,
} from "../support/fixture.ts";
import { budgetOpenedAt } from "../support/models/mintBudget.ts";

const { ZeroAddress } = ethers;
const GENESIS_SUPPLY = 5_000_000_000n * OCTO;
const IMPLEMENTATION_SLOT = "0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc";
const PROXIES = [
  "registry",
  "engine",
  "jobMarket",
  "disputeDesk",
  "agentRegistry",
  "agentReputation",
  "agentValidation",
] as const;
const D = roleId("D");

async function implementationOf(proxy: string): Promise<string> {
  const word = await networkHelpers.getStorageAt(proxy, IMPLEMENTATION_SLOT);
  return ethers.getAddress(ethers.dataSlice(word, 12));
}

/** Why something failed; nothing if it has not. */
async function failureOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => "",
    (error: Error) => error.message,
  );
}

async function impersonated(address: string): Promise<HardhatEthersSigner> {
  await networkHelpers.impersonateAccount(address);
  await networkHelpers.setBalance(address, OCTO);
  return ethers.getSigner(address);
}

/** The suite, and how many transactions its deployment took. */
async function counted(): Promise<World & { steps: number }> {
  const [deployer] = await ethers.getSigners();
  const before = await deployer!.getNonce();
  const world = await deployed();
  return { ...world, steps: (await deployer!.getNonce()) - before };
}

/** The suite with OCTO and every allowance in the hands of a client, a provider and somebody else. */
async function inUse(): Promise<World> {
  const world = await loadFixture(counted);
  const { system, actors } = world;
  for (const actor of [actors.client, actors.provider, actors.other]) {
    await system.octo.connect(actors.liquidity).transfer(actor.address, 10_000n * OCTO);
    await approveAll(system, actor);
  }
  return world;
}

describe("System", () => {
  describe("peers", () => {
    const PEERS: Partial<Record<keyof Addresses, (keyof Addresses)[]>> = {
      settlement: ["octo", "registry", "emissionSchedule", "roleTokenFactory", "engine"],
      octo: ["engine"],
      roleTokenFactory: ["settlement", "engine"],
      tokenA: ["settlement", "engine"],
      tokenN: ["settlement", "engine"],
      registry: ["octo", "roleTokenFactory", "settlement", "delegationPools", "slashingDesk", "peerReviews"],
      slashingDesk: ["registry"],
      delegationPools: ["octo", "registry", "settlement"],
      peerReviews: ["registry", "settlement"],
      providerLens: ["registry", "roleTokenFactory", "settlement"],
      providerDirectory: ["registry", "providerLens"],
      engine: ["octo", "roleTokenFactory", "settlement"],
      jobMarket: ["octo", "settlement", "registry", "agentRegistry", "jobMarketAnnex"],
      jobMarketAnnex: ["octo", "settlement", "registry", "agentRegistry", "disputeDesk"],
      disputeDesk: ["octo", "settlement", "slashingDesk", "jobMarket"],
      agentRegistry: ["registry"],
      agentReputation: ["agentRegistry", "jobMarket"],
      agentValidation: ["agentRegistry"],
      emissionSchedule: [],
      panelArbiter: [],
      manager: [],
      treasuryVesting: [],
      teamVesting: [],
      earlyVesting: [],
      partnerVesting: [],
    };
    for (const [name, peers] of Object.entries(PEERS) as [keyof Addresses, (keyof Addresses)[]][]) {
      it(`of ${name} stand in its code: ${peers.join(", ") || "none"} (A-91)`, async () => {
        const { addresses } = (await loadFixture(counted)).system;
        const isProxy = PROXIES.some((proxy) => proxy === name);
        const at = isProxy ? await implementationOf(addresses[name]) : addresses[name];
        const code = await ethers.provider.getCode(at);
        const named = Object.entries(addresses).filter(
          ([peer, address]) => peer !== name && code.includes(address.slice(2).toLowerCase()),
        );
        expect(named.map(([peer]) => peer).toSorted()).to.deep.equal(peers.toSorted());
      });
    }

    it("agree about who mints OCTO", async () => {
      const { octo, addresses } = (await loadFixture(counted)).system;
      expect(await octo.engine()).to.equal(addresses.engine);
    });

    it("agree about the factory of the role tokens", async () => {
      const { settlement, addresses } = (await loadFixture(counted)).system;
      expect(await settlement.roleTokens()).to.equal(addresses.roleTokenFactory);
      expect(addresses.roleTokenFactory).to.equal(ethers.getCreateAddress({ from: addresses.settlement, nonce: 1n }));
    });

    it("agree about what a job is paid in", async () => {
      const { system, actors } = await inUse();
      const { jobMarket, addresses } = system;
      const deadline = BigInt(await networkHelpers.time.latest()) + 3_600n;
      const { client, provider } = actors;
      await jobMarket.connect(client).createJob(provider, client, deadline, "a job", ZeroAddress, 0n);
      expect((await jobMarket.getJob(1n)).paymentToken).to.equal(addresses.octo);
    });

    it("let the vault, and it alone, record work", async () => {
      const { registry, addresses } = (await loadFixture(counted)).system;
      const effort = { weight: 10_000n, success: 100n, speed: 100n, pay: 0n };
      const task = { provider: addresses.octo, role: D, orchestrator: ZeroAddress, ...effort };
      for (const name of ["jobMarket", "engine", "emissionSchedule", "manager", "roleTokenFactory"] as const) {
        await expect(registry.connect(await impersonated(addresses[name])).record(task))
          .to.be.revertedWithCustomError(registry, "ProviderRegistryCallerNotVault")
          .withArgs(addresses[name]);
      }
      await expect(registry.connect(await impersonated(addresses.settlement)).record(task))
        .to.emit(registry, "TaskRecorded")
        .withArgs(addresses.octo, D, 1n, 0n);
    });

    it("let the vault, and it alone, pull a client's OCTO through the job market", async () => {
      const { system, actors } = await inUse();
      const { jobMarket, addresses, octo } = system;
      const registry = await impersonated(addresses.registry);
      await expect(jobMarket.connect(registry).pull(actors.client.address, OCTO))
        .to.be.revertedWithCustomError(jobMarket, "JobMarketCallerNotVault")
        .withArgs(addresses.registry);
      const vault = await impersonated(addresses.settlement);
      await expect(jobMarket.connect(vault).pull(actors.client.address, OCTO)).to.changeTokenBalances(
        ethers,
        octo,
        [actors.client, vault],
        [-OCTO, OCTO],
      );
    });

    it("let a purchase, a bond and a hire find one another", async () => {
      const { system, actors } = await inUse();
      const { octo, registry, engine, jobMarket, roleTokens, addresses } = system;
      await expect(
        engine.connect(actors.other).buy(D, 102n * OCTO, 100n * OCTO, ethers.MaxUint256),
      ).to.changeTokenBalances(ethers, octo, [actors.other, addresses.engine], [-102n * OCTO, 102n * OCTO]);
      expect(await roleTokens.D.balanceOf(actors.other.address)).to.equal(100n * OCTO);

      await activate(system, actors.provider, "D");
      const minimum = await registry.minimumOf(D);
      expect(await octo.balanceOf(addresses.registry)).to.equal(minimum.octo);
      expect(await roleTokens.D.balanceOf(addresses.registry)).to.equal(minimum.roleTokens);

      const deal = dealOf({ client: actors.client.address, provider: actors.provider.address });
      await expect(jobMarket.connect(actors.client).hire(deal, OCTO, NO_CONSENT)).to.changeTokenBalances(
        ethers,
        octo,
        [actors.client, addresses.settlement, addresses.jobMarket],
        [-OCTO, OCTO, 0n],
      );
    });
  });

  describe("role tokens", () => {
    for (const [index, { letter, name, symbol }] of ROLES.entries()) {
      it(`have ${symbol} as number ${index + 1}`, async () => {
        const { roleTokens, settlement, roleTokenFactory, addresses } = (await loadFixture(counted)).system;
        const token = roleTokens[letter];
        const at = await token.getAddress();
        const nonce = BigInt(index + 1);
        expect(at).to.equal(ethers.getCreateAddress({ from: addresses.roleTokenFactory, nonce }));
        expect(await settlement.tokenOf(nonce)).to.equal(at);
        expect(await roleTokenFactory.tokenOf(nonce)).to.equal(at);
        expect([await token.role(), await token.name(), await token.symbol(), await token.decimals()]).to.deep.equal([
          nonce,
          name,
          symbol,
          18n,
        ]);
        expect([await token.vault(), await token.engine()]).to.deep.equal([addresses.settlement, addresses.engine]);
        expect(await token.totalSupply()).to.equal(0n);
      });
    }

    it("are eight, each bondable", async () => {
      const { roleTokenFactory, registry } = (await loadFixture(counted)).system;
      expect(await roleTokenFactory.count()).to.equal(8n);
      for (let role = 1n; role <= 8n; ++role) {
        const { octo, roleTokens } = await registry.minimumOf(role);
        expect(octo * roleTokens).to.be.greaterThan(0n);
      }
      expect([...(await registry.minimumOf(9n))]).to.deep.equal([0n, 0n]);
    });
  });

  describe("genesis", () => {
    /** Who holds what at genesis, by deploy/genesis.ts and the parameters. */
    function holdersOf({ system, actors }: World): [holder: string, amount: bigint][] {
      const { treasuryVesting, teamVesting, earlyVesting, partnerVesting } = system.addresses;
      return [
        [treasuryVesting, GENESIS.treasury],
        [teamVesting, GENESIS.team],
        [earlyVesting, GENESIS.early],
        [partnerVesting, GENESIS.partners],
        [actors.liquidity.address, GENESIS.liquidity],
      ];
    }

    it("allocates 5 billion OCTO exactly: four wallets and the liquidity (I-16)", async () => {
      const world = await loadFixture(counted);
      const { octo } = world.system;
      const holders = holdersOf(world);
      expect(holders.reduce((sum, [, amount]) => sum + amount, 0n)).to.equal(GENESIS_SUPPLY);
      for (const [holder, amount] of holders) expect(await octo.balanceOf(holder), holder).to.equal(amount);
      expect(await octo.totalSupply()).to.equal(GENESIS_SUPPLY);
    });

    it("pays the wallets' OCTO to the beneficiaries of the parameters", async () => {
      const { system } = await loadFixture(counted);
      const { treasuryVesting, teamVesting, earlyVesting, partnerVesting } = system;
      const tokens = readParameters("local")["Tokens"]!;
      expect(await treasuryVesting.owner()).to.equal(tokens["treasuryBeneficiary"]);
      expect(await teamVesting.owner()).to.equal(tokens["teamBeneficiary"]);
      expect(await earlyVesting.owner()).to.equal(tokens["earlyBeneficiary"]);
      expect(await partnerVesting.owner()).to.equal(tokens["partnerBeneficiary"]);
      expect(await partnerVesting.treasury()).to.equal(readParameters("local")["$global"]!["treasury"]);
    });

    it("leaves no OCTO with the deployer or in another contract", async () => {
      const world = await loadFixture(counted);
      const { system, actors } = world;
      const holders = holdersOf(world).map(([holder]) => holder);
      for (const account of [actors.deployer.address, ...Object.values(system.addresses)]) {
        if (!holders.includes(account)) expect(await system.octo.balanceOf(account), account).to.equal(0n);
      }
    });

    it("has two markets: jobs of compute, coordination and agents under the Service schedule, and bonds", async () => {
      const { settlement, addresses } = (await loadFixture(counted)).system;
      expect([...(await settlement.marketOf(addresses.jobMarket))]).to.deep.equal([
        0n,
        2n,
        true,
        false,
        bitmap([roleId("A"), roleId("O"), D]),
        bitmap([SCHEDULES.SERVICE]),
      ]);
      expect([...(await settlement.marketOf(addresses.disputeDesk))]).to.deep.equal([
        0n,
        3n,
        true,
        false,
        bitmap([0n]),
        bitmap([SCHEDULES.SERVICE]),
      ]);
      const admitted = await settlement.queryFilter(settlement.filters.MarketAdmitted());
      expect(admitted.map(({ args }) => args.market)).to.deep.equal([addresses.jobMarket, addresses.disputeDesk]);
    });

    it("starts an empty vault with the treasury of the parameters and no Assembly", async () => {
      const { settlement, octo } = (await loadFixture(counted)).system;
      expect([...(await settlement.sums())]).to.deep.equal([0n, 0n, 0n, 0n]);
      expect(await settlement.treasury()).to.equal(readParameters("local")["$global"]!["treasury"]);
      expect(await settlement.holders()).to.equal(ZeroAddress);
      const elapsed = BigInt(await networkHelpers.time.latest()) - (await octo.genesisAt());
      expect(await settlement.openBudget()).to.be.oneOf([elapsed, elapsed + 1n].map(budgetOpenedAt));
    });

    it("has fifteen arbiters, eligible at once, to whom the dispute desk brings its cases", async () => {
      const { panelArbiter, disputeDesk, addresses } = (await loadFixture(counted)).system;
      const { page } = await panelArbiter.members(0n, 100n);
      const { arbiters } = readParameters("local")["Arbitration"]! as unknown as { arbiters: string[] };
      expect(page.map(({ account }) => account)).to.deep.equal(arbiters);
      expect([await panelArbiter.memberCount(), await panelArbiter.eligibleCount()]).to.deep.equal([15n, 15n]);
      const admitted = await panelArbiter.queryFilter(panelArbiter.filters.ArbitrableAdmitted());
      expect(admitted.map(({ args }) => [...args])).to.deep.equal([[addresses.disputeDesk, true]]);
      expect(await disputeDesk.arbiterOf(1n)).to.equal(addresses.panelArbiter);
    });

    it("starts with four fee schedules, eight roles and a review of three days", async () => {
      const { emissionSchedule, roleTokenFactory, jobMarket } = (await loadFixture(counted)).system;
      expect(await emissionSchedule.count()).to.equal(4n);
      expect(await roleTokenFactory.count()).to.equal(8n);
      expect(await jobMarket.reviewDuration()).to.equal(3n * 86_400n);
    });
  });

  describe("initializers (A-83, G-28)", () => {
    for (const name of PROXIES) {
      it(`of ${name} are spent, at the proxy and behind it`, async () => {
        const { system, actors } = await loadFixture(counted);
        const implementation = await implementationOf(system.addresses[name]);
        for (const at of [system.addresses[name], implementation]) {
          const contract = system[name].attach(at) as CipherOcto["registry"];
          for (const caller of [actors.deployer, actors.admin, actors.stranger]) {
            await expect(contract.connect(caller).initialize(caller.address)).to.be.revertedWithCustomError(
              contract,
              "InvalidInitialization",
            );
          }
        }
      });

      it(`of ${name} have left the implementation without an authority`, async () => {
        const { system } = await loadFixture(counted);
        const behind = system[name].attach(await implementationOf(system.addresses[name])) as CipherOcto["registry"];
        expect(await behind.authority()).to.equal(ZeroAddress);
      });
    }
  });

  describe("a deployment with a journal", () => {
    const DEPLOYMENTS = path.resolve(import.meta.dirname, "../../deploy/deployments");
    const hadDeployments = existsSync(DEPLOYMENTS);
    const deploymentIds: string[] = [];
    let server: JsonRpcServer;
    let url: string;

    before(async () => {
      server = await hre.network.createServer();
      const { address, port } = await server.listen();
      url = `http://${address}:${port}`;
    });

    after(async () => {
      await server.close();
      for (const id of deploymentIds) rmSync(path.join(DEPLOYMENTS, id), { recursive: true, force: true });
      if (!hadDeployments && existsSync(DEPLOYMENTS) && readdirSync(DEPLOYMENTS).length === 0) rmdirSync(DEPLOYMENTS);
    });

    function newDeployment(): string {
      const id = `test-${process.pid}-${deploymentIds.length}`;
      deploymentIds.push(id);
      return id;
    }

    const connect = () => hre.network.create({ network: "localhost", override: { url } });

    /** How many transactions the deployer has sent: every step is one. */
    async function stepsOf({ ethers: { provider, getSigners } }: Awaited<ReturnType<typeof connect>>): Promise<number> {
      const [deployer] = await getSigners();
      return provider.getTransactionCount(deployer!.address);
    }

    /** Calls back after each answer to a transaction, with its hash. */
    function watch(connection: NetworkConnection, onSent: (hash: string, count: number) => void) {
      const { provider } = connection;
      const request = provider.request.bind(provider);
      let sent = 0;
      provider.request = async (args) => {
        const answer = await request(args);
        if (args.method === "eth_sendTransaction") onSent(answer as string, ++sent);
        return answer;
      };
    }

    /** From the moment of `kill()` on the connection answers nothing more, as if its process were gone. */
    function mortal(connection: NetworkConnection) {
      const { provider } = connection;
      const request = provider.request.bind(provider);
      const grave = new EventTarget();
      const died = once(grave, "death");
      let dead = false;
      provider.request = async (args) => {
        if (!dead) return request(args);
        grave.dispatchEvent(new Event("death"));
        return new Promise(() => {});
      };
      return { died, kill: () => (dead = true) };
    }

    describe("when it was killed in the middle and is run again", () => {
      const STEPS_BEFORE = 20;
      let connection: Awaited<ReturnType<typeof connect>>;
      let system: CipherOcto;
      let deploymentId: string;

      before(async () => {
        deploymentId = newDeployment();
        const first = await connect();
        const { died, kill } = mortal(first);
        watch(first, (_, count) => {
          if (count === STEPS_BEFORE) kill();
        });
        await Promise.race([deploySystem(first, { parameters: "local", deploymentId }), died]);

        connection = await connect();
        expect(await stepsOf(connection)).to.equal(STEPS_BEFORE);
        system = await deploySystem(connection, { parameters: "local", deploymentId });
      });

      it("takes as many steps as an uninterrupted one: none twice, none left out", async () => {
        const { steps } = await loadFixture(counted);
        expect(await stepsOf(connection)).to.equal(steps);
      });

      it("makes eight role tokens and hands over", async () => {
        const { admin } = readParameters("local")["$global"]! as { admin: string };
        const [deployer] = await connection.ethers.getSigners();
        expect(await system.roleTokenFactory.count()).to.equal(8n);
        expect(await system.roleTokens.N.symbol()).to.equal("OCTO-N");
        expect((await system.manager.hasRole(0n, admin)).isMember).to.equal(true);
        expect((await system.manager.hasRole(0n, deployer!.address)).isMember).to.equal(false);
      });

      it("changes nothing when it is run once more", async () => {
        const block = await connection.ethers.provider.getBlockNumber();
        const again = await deploySystem(await connect(), { parameters: "local", deploymentId });
        expect(await connection.ethers.provider.getBlockNumber()).to.equal(block);
        expect(again.addresses).to.deep.equal(system.addresses);
      });
    });

    describe("when the answer to a transaction was lost", () => {
      /** The second transaction is sent, its hash never arrives; the run is repeated. */
      async function interrupted() {
        const deploymentId = newDeployment();
        const first = await connect();
        const before = await stepsOf(first);
        let lost = "";
        watch(first, (hash, count) => {
          if (count !== 2) return;
          lost = hash;
          throw new Error("the line is cut");
        });
        expect(await failureOf(first.ignition.deploy(Doors, { deploymentId }))).to.contain("the line is cut");
        const second = await connect();
        const rerun = second.ignition.deploy(Doors, { deploymentId });
        return { deploymentId, before, lost, second, rerun };
      }

      it("stops and asks for it rather than send it twice", async () => {
        const { before, second, rerun } = await interrupted();
        expect(await failureOf(rerun)).to.contain("track-tx");
        expect(await stepsOf(second)).to.equal(before + 2);
      });

      it("goes on once it is given", async () => {
        const { deploymentId, before, lost, second, rerun } = await interrupted();
        expect(await failureOf(rerun)).to.contain("track-tx");
        await trackTransaction(path.join(DEPLOYMENTS, deploymentId), lost, second.provider);
        await second.ignition.deploy(Doors, { deploymentId });
        expect(await stepsOf(second)).to.equal(before + 8);
      });
    });

    describe("when a parameter was wrong", () => {
      /** The manager, the door and its seven proxies, four wallets and OCTO. */
      const STEPS_OF_TOKENS = 14;

      /** The team's wallet is to pay the zero address; then that is mended. */
      async function mistaken() {
        const deploymentId = newDeployment();
        const connection = await connect();
        const right = readParameters("local");
        const wrong = { ...right, Tokens: { ...right["Tokens"], teamBeneficiary: ZeroAddress } };
        const deployTokens = (parameters: typeof right) =>
          connection.ignition.deploy(Tokens, { parameters, deploymentId });
        return { deploymentId, connection, right, wrong, deployTokens };
      }

      it("stops before the step, with the contract's reason", async () => {
        const { connection, wrong, deployTokens } = await mistaken();
        const before = await stepsOf(connection);
        expect(await failureOf(deployTokens(wrong))).to.contain(`OwnableInvalidOwner("${ZeroAddress}")`);
        // The door, the manager and the two other wallets that wait for nothing either.
        expect(await stepsOf(connection)).to.equal(before + 4);
      });

      it("goes on with the right one once the failed step is wiped from the journal", async () => {
        const { deploymentId, connection, right, wrong, deployTokens } = await mistaken();
        const before = await stepsOf(connection);
        expect(await failureOf(deployTokens(wrong))).to.contain("OwnableInvalidOwner");
        expect(await failureOf(deployTokens(right))).to.contain(
          "Tokens#TeamVesting: Argument at index 0 has been changed",
        );
        const artifacts = new HardhatArtifactResolver(hre.artifacts);
        await wipe(path.join(DEPLOYMENTS, deploymentId), artifacts, "Tokens#TeamVesting");
        const { octo } = await deployTokens(right);
        expect(await (octo as BaseContract).getFunction("totalSupply")()).to.equal(GENESIS_SUPPLY);
        expect(await stepsOf(connection)).to.equal(before + STEPS_OF_TOKENS);
      });
    });
  });
});
