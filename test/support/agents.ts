import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import {
  type ContractTransactionResponse,
  hexlify,
  id,
  Interface,
  toBeHex,
  toUtf8Bytes,
  type TypedDataDomain,
  ZeroHash,
} from "ethers";

import {
  type AgentRegistry,
  type AgentReputation,
  AgentReputation__factory,
  type AgentValidation,
} from "../../typechain-types/index.js";
import { ethers, loadFixture, networkHelpers, OCTO, staffed, time, type World } from "./fixture.ts";
import { D, MIN_OCTO } from "./positions.ts";

export const WALLET_KEY = "agentWallet";
export const URI = "https://agents.example/registrations/0123456789abcdef01234567.json";
export const MINUTE = 60n;
export const GWEI = 10n ** 9n;
export const ANYBODY: string[] = [];
/** The most bytes of each text, and the most entries of a registration. */
export const BOUND = { uri: 2_048, key: 64, value: 2_048, entries: 16, tag: 64, endpoint: 256 };

/** What the tests publish. */
export const LISTING = { manifestHash: id("the manifest"), price: 25n * OCTO, duration: 3_600n };

const WALLET_TYPES = {
  AgentWalletSet: [
    { name: "agentId", type: "uint256" },
    { name: "newWallet", type: "address" },
    { name: "owner", type: "address" },
    { name: "deadline", type: "uint256" },
  ],
};

export type AgentWorld = World & {
  registry: AgentRegistry;
  validation: AgentValidation;
  owner: HardhatEthersSigner;
  provider: HardhatEthersSigner;
};

/** The staffed suite, without any agent; the registry as its later owner sees it. */
export async function withoutAgents(): Promise<AgentWorld> {
  const world = await loadFixture(staffed);
  const { other, provider } = world.actors;
  return {
    ...world,
    owner: other,
    provider,
    registry: world.system.agentRegistry.connect(other),
    validation: world.system.agentValidation.connect(other),
  };
}

/** Agent 1 belongs to the owner, who is no provider. */
export async function registered(): Promise<AgentWorld> {
  const world = await loadFixture(withoutAgents);
  await world.registry["register(string)"](URI);
  return world;
}

/** The provider, who is active in D, has signed to be agent 1's wallet. */
export async function working(): Promise<AgentWorld> {
  const world = await loadFixture(registered);
  await nameWallet(world, 1n, world.provider);
  return world;
}

/** Agent 1 is published. */
export async function published(): Promise<AgentWorld> {
  const world = await loadFixture(working);
  await world.registry.publish(1n, LISTING);
  return world;
}

export type Signing = {
  agentId?: bigint;
  newWallet?: string;
  owner?: string;
  deadline?: bigint;
  signer?: HardhatEthersSigner;
  domain?: TypedDataDomain;
};

/** What a wallet signs to be agent 1's for its owner, until 4 minutes from now; the provider's unless told. */
export async function walletSignature(world: AgentWorld, signing: Signing = {}) {
  const signer = signing.signer ?? world.provider;
  const message = {
    agentId: signing.agentId ?? 1n,
    newWallet: signing.newWallet ?? signer.address,
    owner: signing.owner ?? world.owner.address,
    deadline: signing.deadline ?? BigInt(await time.latest()) + 4n * MINUTE,
  };
  const domain = signing.domain ?? (await identityDomain(world));
  return { ...message, signature: await signer.signTypedData(domain, WALLET_TYPES, message) };
}

export async function identityDomain({ system }: World): Promise<TypedDataDomain> {
  const { chainId } = await ethers.provider.getNetwork();
  return {
    name: "ERC8004IdentityRegistry",
    version: "1",
    chainId,
    verifyingContract: system.addresses.agentRegistry,
  };
}

/** Lets a wallet sign, and its agent's owner name it. */
export async function nameWallet(world: AgentWorld, agentId: bigint, wallet: HardhatEthersSigner): Promise<void> {
  const owner = await world.registry.ownerOf(agentId);
  const { newWallet, deadline, signature } = await walletSignature(world, { agentId, owner, signer: wallet });
  await world.registry.connect(await ethers.getSigner(owner)).setAgentWallet(agentId, newWallet, deadline, signature);
}

/** A made-up account with gas in its hands. */
export async function accountOf(number: number): Promise<HardhatEthersSigner> {
  const address = ethers.getAddress(toBeHex(2n ** 159n + BigInt(number), 20));
  await networkHelpers.impersonateAccount(address);
  await networkHelpers.setBalance(address, OCTO);
  return ethers.getSigner(address);
}

/** What a test says of a job. */
type Facts = { client?: string; provider?: string; agentId?: bigint; settled?: bigint };

/** What a review says; short of everything but the value. */
export type Review = {
  value?: bigint;
  decimals?: bigint;
  tag1?: string;
  tag2?: string;
  endpoint?: string;
  uri?: string;
  hash?: string;
};

/** A reputation of its own behind a proxy, whose market says what the test wants; agent 1 works for the client. */
export type Reviewing = AgentWorld & { reputation: AgentReputation; reviews: Reviews };

const FACTS = new Interface(["function set(uint256, address, address, uint256, uint256)"]);

export async function reviewing(): Promise<Reviewing> {
  const world = await loadFixture(working);
  const { system, actors } = world;
  const facts = await ethers.deployContract("TestJobFacts");
  const implementation = await ethers.deployContract("AgentReputation", [system.addresses.agentRegistry, facts]);
  const initialize = AgentReputation__factory.createInterface().encodeFunctionData("initialize", [
    system.addresses.manager,
  ]);
  const proxy = await ethers.deployContract("ERC1967Proxy", [await implementation.getAddress(), initialize]);
  const reputation = AgentReputation__factory.connect(await proxy.getAddress(), actors.client);
  const reviews = new Reviews(world, reputation, await facts.getAddress());

  return { ...world, reputation, reviews };
}

/** Jobs as the market of a test has them, and what their parties say. */
export class Reviews {
  readonly #world: AgentWorld;
  readonly #reputation: AgentReputation;
  readonly #facts: string;
  #lastJob = 0n;

  constructor(world: AgentWorld, reputation: AgentReputation, facts: string) {
    this.#world = world;
    this.#reputation = reputation;
    this.#facts = facts;
  }

  get market(): string {
    return this.#facts;
  }

  /** A job of the client, done by the provider as agent 1 and settled for 100 OCTO, unless told. */
  async job(facts: Facts = {}, jobId: bigint = ++this.#lastJob): Promise<bigint> {
    const { client, provider, deployer } = this.#world.actors;
    const data = FACTS.encodeFunctionData("set", [
      jobId,
      facts.client ?? client.address,
      facts.provider ?? provider.address,
      facts.agentId ?? 1n,
      facts.settled ?? 100n * OCTO,
    ]);
    await deployer.sendTransaction({ to: this.#facts, data });
    return jobId;
  }

  /** Gives feedback for a job by the function that names it; the client, about agent 1, unless told. */
  give(jobId: bigint, review: Review = {}, reviewer: HardhatEthersSigner = this.#world.actors.client, agentId = 1n) {
    return this.#reputation
      .connect(reviewer)
      .giveJobFeedback(
        jobId,
        agentId,
        review.value ?? 90n,
        review.decimals ?? 0n,
        review.tag1 ?? "",
        review.tag2 ?? "",
        review.endpoint ?? "",
        review.uri ?? "",
        review.hash ?? ZeroHash,
      );
  }

  /** The same by the standard's function, whose second tag names the job. */
  giveByTag(
    tag2: string,
    review: Review = {},
    reviewer: HardhatEthersSigner = this.#world.actors.client,
    agentId = 1n,
  ) {
    return this.#reputation
      .connect(reviewer)
      .giveFeedback(
        agentId,
        review.value ?? 90n,
        review.decimals ?? 0n,
        review.tag1 ?? "",
        tag2,
        review.endpoint ?? "",
        review.uri ?? "",
        review.hash ?? ZeroHash,
      );
  }

  /** A settled job of its own, and feedback for it. */
  async review(
    review: Review = {},
    facts: Facts = {},
    reviewer: HardhatEthersSigner = this.#world.actors.client,
  ): Promise<bigint> {
    const jobId = await this.job({ client: reviewer.address, ...facts });
    await this.give(jobId, review, reviewer, facts.agentId ?? 1n);
    return jobId;
  }
}

/** A second agent, 2, of the client's: its wallet is the client himself. */
export async function clientsAgent(world: AgentWorld): Promise<bigint> {
  await world.registry.connect(world.actors.client)["register()"]();
  return world.registry.agentCount();
}

/** Ends the provider's activity in D. */
export async function lapse({ system, provider }: AgentWorld): Promise<void> {
  await system.registry.connect(provider).unbond(D, MIN_OCTO, 0n);
}

export async function gasOf(sending: Promise<ContractTransactionResponse>): Promise<bigint> {
  return (await (await sending).wait())!.gasUsed;
}

/** A text's bytes. */
export const hexOf = (text: string): string => hexlify(toUtf8Bytes(text));
