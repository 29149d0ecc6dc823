import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import {
  type ContractTransactionResponse,
  id,
  MaxUint256,
  Signature,
  type TypedDataDomain,
  type TypedDataField,
  ZeroAddress,
} from "ethers";

import {
  CONSENT_TYPES,
  type Consent,
  type Deal,
  dealOf,
  domainOf,
  NO_CONSENT,
  PERMIT_TYPES,
  RECEIVE_TYPES,
} from "../../scripts/lib/deal.ts";
import { selectorOf } from "../../scripts/lib/system.ts";
import { activate, approveAll, ethers, networkHelpers, OCTO, staffed, time, type World } from "./fixture.ts";

/** The four ways to make and fund a job in one transaction. */
export const HIRES = ["hire", "hireWithPermit", "hireWithAuthorization", "hireFromCredit"] as const;
export type Hire = (typeof HIRES)[number];

export const STATUS = {
  Open: 0n,
  Funded: 1n,
  Submitted: 2n,
  Completed: 3n,
  Rejected: 4n,
  Expired: 5n,
  Declined: 6n,
  Disputed: 7n,
} as const;

/** How the bond of a dispute is paid. */
export const PAYMENT = { Approval: 0n, Credit: 1n } as const;

export const BUDGET = 1_000n * OCTO;
export const HOUR = 3_600n;
export const DAY = 24n * HOUR;
export const REVIEW = 72n * HOUR;
export const LATER = 10n ** 12n;

export const DESCRIPTION = "Translate the whitepaper into plain words.";
export const DELIVERABLE = id("the work");
export const REASON = id("the reason");

export type Authorization = { validAfter: bigint; validBefore: bigint; signature: string };
export type Permit = { value: bigint; deadline: bigint; v: number; r: string; s: string };

type Plain = { provider?: string; evaluator?: string; duration?: bigint; description?: string; budget?: bigint };
type Signing = { signer?: HardhatEthersSigner; domain?: TypedDataDomain };

export type MarketWorld = World & { jobs: Jobs };

/** Waits for the next midnight (UTC), so that all that a test does within hours lies on one day of the scores. */
export async function untilMidnight(): Promise<void> {
  await time.increaseTo((BigInt(await time.latest()) / DAY + 1n) * DAY);
}

/** The staffed suite, and a client who can pay in every way: by allowance, permit, signature and credit. */
export async function openForBusiness(): Promise<MarketWorld> {
  await untilMidnight();
  const world = await staffed();
  const { settlement, addresses } = world.system;
  const { client } = world.actors;
  await settlement.connect(client).deposit(client.address, 100_000n * OCTO);
  await settlement.connect(client).setCreditConsent(addresses.jobMarket, true);

  return { ...world, jobs: new Jobs(world) };
}

/** A contract's address, or any other, as a signer with gas in its hands. */
export async function impersonated(address: string): Promise<HardhatEthersSigner> {
  await networkHelpers.impersonateAccount(address);
  await networkHelpers.setBalance(address, 100n * OCTO);
  return ethers.getSigner(address);
}

/** A contract wallet of the owner, with OCTO and every allowance given; as a provider it is active in D. */
export async function walletOf({ system, actors }: World, owner: HardhatEthersSigner): Promise<HardhatEthersSigner> {
  const contract = await ethers.deployContract("Wallet1271", [owner.address]);
  const wallet = await impersonated(await contract.getAddress());
  await system.octo.connect(actors.liquidity).transfer(wallet.address, 10_000n * OCTO);
  await approveAll(system, wallet);
  await activate(system, wallet, "D");
  return wallet;
}

/** Revokes the key of a contract wallet. */
export async function revokeWallet(wallet: HardhatEthersSigner, owner: HardhatEthersSigner): Promise<void> {
  const contract = await ethers.getContractAt("Wallet1271", wallet.address, owner);
  await contract.getFunction("revoke")();
}

/** New code of the job market, as its deployment makes it; for another vault if one is given. */
export async function newMarketCode({ system }: World, vault: string = system.addresses.settlement) {
  const { octo, registry, agentRegistry, disputeDesk } = system.addresses;
  const peers = { octo, settlement: vault, registry, agents: agentRegistry, disputes: disputeDesk };
  return ethers.deployContract("JobMarket", [peers, system.addresses.jobMarketAnnex]);
}

/** The other signature over the same message that a key has without its owner: s mirrored at the curve's order. */
export function malleable(signature: string): string {
  const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
  const { r, s, v } = Signature.from(signature);
  const mirrored = (order - BigInt(s)).toString(16).padStart(64, "0");
  return `${r}${mirrored}${v === 27 ? "1c" : "1b"}`;
}

/** The job market as its parties use it. */
export class Jobs {
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  get market() {
    return this.#world.system.jobMarket;
  }

  // What is agreed and signed

  /** A deal between client and provider: role D, Service schedule, one day; the rest as asked. */
  deal(rest: Partial<Deal> = {}): Deal {
    const { client, provider } = this.#world.actors;
    return dealOf({ client: client.address, provider: provider.address }, rest);
  }

  /** The market's EIP-712 domain. */
  async domain(): Promise<TypedDataDomain> {
    return domainOf("CipherOcto JobMarket", await chainId(), this.#world.system.addresses.jobMarket);
  }

  /** The EIP-712 domain of OCTO. */
  async octoDomain(): Promise<TypedDataDomain> {
    return domainOf("CipherOcto", await chainId(), this.#world.system.addresses.octo);
  }

  /** The deal as it is signed, with the selector of the function that will make it. */
  signedDeal(deal: Deal, way: Hire) {
    return { action: selectorOf(this.market, way), ...deal };
  }

  /** The provider's signature under a deal. */
  async consent(
    way: Hire,
    deal: Deal,
    options: Signing & { budget?: bigint; nonce?: bigint; deadline?: bigint } = {},
  ): Promise<Consent> {
    const { budget = BUDGET, nonce = 7n, deadline = LATER, signer = this.#providerOf(deal) } = options;
    const signature = await signer.signTypedData(options.domain ?? (await this.domain()), CONSENT_TYPES, {
      deal: this.signedDeal(deal, way),
      budget,
      nonce,
      deadline,
    });
    return { nonce, deadline, signature };
  }

  /** The client's signature that is agreement and payment in one. */
  async authorization(
    deal: Deal,
    options: Signing & {
      budget?: bigint;
      validAfter?: bigint;
      validBefore?: bigint;
      nonce?: string;
      types?: Record<string, TypedDataField[]>;
    } = {},
  ): Promise<Authorization> {
    const { validAfter = 0n, validBefore = LATER, signer = this.#world.actors.client } = options;
    const message = {
      from: deal.client,
      to: this.#world.system.addresses.settlement,
      value: options.budget ?? BUDGET,
      validAfter,
      validBefore,
      nonce: options.nonce ?? (await this.market.authorizationNonceOf(deal)),
    };
    const domain = options.domain ?? (await this.octoDomain());
    return {
      validAfter,
      validBefore,
      signature: await signer.signTypedData(domain, options.types ?? RECEIVE_TYPES, message),
    };
  }

  /** The client's permit to the market. */
  async permit(options: Signing & { value?: bigint; deadline?: bigint } = {}): Promise<Permit> {
    const { value = BUDGET, deadline = LATER, signer = this.#world.actors.client } = options;
    const { octo, addresses } = this.#world.system;
    const nonce = await octo.nonces(signer.address);
    const message = { owner: signer.address, spender: addresses.jobMarket, value, nonce, deadline };
    const domain = options.domain ?? (await this.octoDomain());
    const { v, r, s } = Signature.from(await signer.signTypedData(domain, PERMIT_TYPES, message));
    return { value, deadline, v, r, s };
  }

  // Hires

  /** Closes every way to pay but one. */
  async leaveOnly(way: Hire): Promise<void> {
    const { octo, settlement, addresses } = this.#world.system;
    const { client } = this.#world.actors;
    await octo.connect(client).approve(addresses.jobMarket, way === "hire" ? MaxUint256 : 0n);
    await settlement.connect(client).setCreditConsent(addresses.jobMarket, way === "hireFromCredit");
  }

  /** Sends a hire as `from`, signed by the client where it needs a signature; the client himself unless told. */
  async hireBy(
    way: Hire,
    deal: Deal = this.deal(),
    options: { budget?: bigint; consent?: Consent; from?: HardhatEthersSigner } = {},
  ): Promise<ContractTransactionResponse> {
    const { budget = BUDGET, consent = NO_CONSENT, from = this.#world.actors.client } = options;
    const market = this.market.connect(from);
    switch (way) {
      case "hire":
        return market.hire(deal, budget, consent);
      case "hireWithPermit":
        return market.hireWithPermit(deal, budget, await this.permit({ value: budget }), consent);
      case "hireWithAuthorization":
        return this.hireSigned(deal, await this.authorization(deal, { budget }), { budget, consent, from });
      case "hireFromCredit":
        return market.hireFromCredit(deal, budget, consent);
    }
  }

  /** Brings a hire that the client has signed; unless told, by the relayer and with the provider's consent to it. */
  async hireSigned(
    deal: Deal,
    { validAfter, validBefore, signature }: Authorization,
    options: { budget?: bigint; consent?: Consent; from?: HardhatEthersSigner } = {},
  ): Promise<ContractTransactionResponse> {
    const { budget = BUDGET, from = this.#world.actors.relayer } = options;
    const consent = options.consent ?? (await this.consent("hireWithAuthorization", deal, { budget }));
    return this.market.connect(from).hireWithAuthorization(deal, budget, validAfter, validBefore, signature, consent);
  }

  /** Hires by approval; the new job. */
  async hire(rest: Partial<Deal> = {}, budget: bigint = BUDGET): Promise<bigint> {
    await this.hireBy("hire", this.deal(rest), { budget });
    return this.last();
  }

  /** The job made last. */
  async last(): Promise<bigint> {
    return this.market.jobCount();
  }

  // A job in steps

  /** Creates a job by the plain ABI, at a moment that is known before: the deadline is a moment, not a length. */
  async create(plain: Plain = {}): Promise<ContractTransactionResponse> {
    const { client, provider } = this.#world.actors;
    const createdAt = BigInt(await time.latest()) + 1n;
    const expiredAt = createdAt + (plain.duration ?? DAY);
    await time.setNextBlockTimestamp(createdAt);
    return this.market
      .connect(client)
      .createJob(
        plain.provider ?? provider.address,
        plain.evaluator ?? client.address,
        expiredAt,
        plain.description ?? DESCRIPTION,
        ZeroAddress,
        0n,
      );
  }

  /** A job of the plain ABI that is Open, with its budget named. */
  async opened(plain: Plain = {}): Promise<bigint> {
    const { system, actors } = this.#world;
    await this.create(plain);
    const jobId = await this.last();
    await this.market.connect(actors.client).setBudget(jobId, system.addresses.octo, plain.budget ?? BUDGET, "0x");
    return jobId;
  }

  /** A job of the plain ABI that is Funded. */
  async funded(plain: Plain = {}): Promise<bigint> {
    const jobId = await this.opened(plain);
    await this.fund(jobId, plain.budget ?? BUDGET);
    return jobId;
  }

  async fund(jobId: bigint, budget: bigint = BUDGET): Promise<ContractTransactionResponse> {
    return this.market.connect(this.#world.actors.client).fund(jobId, budget, "0x");
  }

  // What follows a hire

  async submit(jobId: bigint): Promise<ContractTransactionResponse> {
    return this.market.connect(await this.#party(jobId, "provider")).submit(jobId, DELIVERABLE, "0x");
  }

  async complete(jobId: bigint): Promise<ContractTransactionResponse> {
    return this.market.connect(await this.#party(jobId, "evaluator")).complete(jobId, REASON, "0x");
  }

  /** The provider's answer to a client who rejects: it is right. */
  async acceptRejection(jobId: bigint): Promise<ContractTransactionResponse> {
    return this.market.connect(await this.#party(jobId, "provider")).acceptRejection(jobId);
  }

  async reject(jobId: bigint): Promise<ContractTransactionResponse> {
    return this.market.connect(await this.#party(jobId, "evaluator")).reject(jobId, REASON, "0x");
  }

  /** Anyone may; here it is a stranger. */
  async claimRefund(jobId: bigint): Promise<ContractTransactionResponse> {
    return this.market.connect(this.#world.actors.stranger).claimRefund(jobId);
  }

  /** Anyone may; here it is a stranger. */
  async release(jobId: bigint): Promise<ContractTransactionResponse> {
    return this.market.connect(this.#world.actors.stranger).release(jobId);
  }

  async submitted(rest: Partial<Deal> = {}, budget: bigint = BUDGET): Promise<bigint> {
    const jobId = await this.hire(rest, budget);
    await this.submit(jobId);
    return jobId;
  }

  async completed(rest: Partial<Deal> = {}, budget: bigint = BUDGET): Promise<bigint> {
    const jobId = await this.submitted(rest, budget);
    await this.complete(jobId);
    return jobId;
  }

  /** Rejected before it was submitted. */
  async rejected(rest: Partial<Deal> = {}, budget: bigint = BUDGET): Promise<bigint> {
    const jobId = await this.hire(rest, budget);
    await this.reject(jobId);
    return jobId;
  }

  /** Submitted, and rejected by the client who is his own evaluator. */
  async declined(rest: Partial<Deal> = {}, budget: bigint = BUDGET): Promise<bigint> {
    const jobId = await this.submitted(rest, budget);
    await this.reject(jobId);
    return jobId;
  }

  /** Submitted, and disputed by the client. */
  async disputed(rest: Partial<Deal> = {}, budget: bigint = BUDGET): Promise<bigint> {
    const jobId = await this.submitted(rest, budget);
    const { system, actors } = this.#world;
    await system.disputeDesk.connect(actors.client).open(jobId, id("claim"), PAYMENT.Approval, false);
    return jobId;
  }

  /** Refunded after its deadline; time passes. */
  async expired(rest: Partial<Deal> = {}, budget: bigint = BUDGET): Promise<bigint> {
    const jobId = await this.hire(rest, budget);
    await this.afterDeadline(jobId);
    await this.claimRefund(jobId);
    return jobId;
  }

  // Time

  async deadlineOf(jobId: bigint): Promise<bigint> {
    return (await this.market.getJob(jobId)).expiredAt;
  }

  async reviewEndOf(jobId: bigint): Promise<bigint> {
    return (await this.market.termsOf(jobId)).reviewEndsAt;
  }

  async afterDeadline(jobId: bigint): Promise<void> {
    await time.increaseTo((await this.deadlineOf(jobId)) + 1n);
  }

  async afterReview(jobId: bigint): Promise<void> {
    await time.increaseTo((await this.reviewEndOf(jobId)) + 1n);
  }

  // What can be seen

  /** A job in the standard's shape, as a plain object. */
  async view(jobId: bigint) {
    const job = await this.market.getJob(jobId);
    return {
      id: job.id,
      client: job.client,
      provider: job.provider,
      evaluator: job.evaluator,
      description: job.description,
      budget: job.budget,
      expiredAt: job.expiredAt,
      status: job.status,
      hook: job.hook,
      paymentToken: job.paymentToken,
      providerAgentId: job.providerAgentId,
      submittedAt: job.submittedAt,
    };
  }

  /** What the standard does not show of a job, as a plain object. */
  async terms(jobId: bigint) {
    const terms = await this.market.termsOf(jobId);
    return {
      role: terms.role,
      schedule: terms.schedule,
      orchestrator: terms.orchestrator,
      terms: terms.terms,
      bound: terms.bound,
      fundedAt: terms.fundedAt,
      reviewEndsAt: terms.reviewEndsAt,
      reviewDuration: terms.reviewDuration,
      speed: terms.speed,
    };
  }

  async statusOf(jobId: bigint): Promise<bigint> {
    return (await this.market.getJob(jobId)).status;
  }

  async isBound(jobId: bigint): Promise<boolean> {
    return (await this.market.termsOf(jobId)).bound;
  }

  /** What the market holds in the vault. */
  async escrow(): Promise<bigint> {
    const { settlement, addresses } = this.#world.system;
    return (await settlement.marketOf(addresses.jobMarket)).balance;
  }

  /** The deal's provider, if it is an actor; else the usual one. */
  #providerOf({ provider }: Deal): HardhatEthersSigner {
    const { actors } = this.#world;
    return Object.values(actors).find(({ address }) => address === provider) ?? actors.provider;
  }

  async #party(jobId: bigint, party: "provider" | "evaluator"): Promise<HardhatEthersSigner> {
    return ethers.getSigner((await this.market.getJob(jobId))[party]);
  }
}

/** When a transaction was mined, Unix seconds. */
export async function minedAt(transaction: ContractTransactionResponse): Promise<bigint> {
  const block = await transaction.getBlock();
  return BigInt(block!.timestamp);
}

async function chainId(): Promise<bigint> {
  return (await ethers.provider.getNetwork()).chainId;
}
