import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { type ContractTransactionResponse, id, MaxUint256, parseEther, Signature, ZeroAddress, ZeroHash } from "ethers";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import { type RoleLetter, roleId } from "../../deploy/roles.ts";
import { dealOf, domainOf, NO_CONSENT, PERMIT_TYPES, RECEIVE_TYPES, TRANSFER_TYPES } from "../lib/deal.ts";
import { deploySystem } from "../lib/deploySystem.ts";
import { type CipherOcto } from "../lib/system.ts";

/** An action's whole-transaction gas, and the calldata it was measured with. */
export type Measured = { gas: number; data: string };

const OCTO = parseEther("1");
const LATER = 10n ** 12n;
// A fixed start, so that timestamps in calldata cost the same in every run.
const START = "2030-01-01T00:00:00Z";
const DAY = 86_400n;
// An address of the usual number of zero bytes that holds nothing.
const STRANGER = `0x${"5a".repeat(20)}`;

/**
 * Measures every user action in its steady state (or the first time, where the name says so): one transaction a block,
 * allowances given before, parties known to the contracts. By approval, the client's allowance is unlimited.
 */
export async function measureAll(hre: HardhatRuntimeEnvironment): Promise<Map<string, Measured>> {
  const connection = await hre.network.create({ override: { initialDate: START } });
  try {
    const system = await deploySystem(connection, { parameters: "local" });
    const signers = await connection.ethers.getSigners();
    const { chainId } = await connection.ethers.provider.getNetwork();
    const bench = new Bench(system, signers, chainId, (seconds) => connection.networkHelpers.time.increase(seconds));
    await bench.prepare();
    await bench.tokens();
    await bench.jobs();
    await bench.rating();
    await bench.vault();
    await bench.registry();
    await bench.delegation();
    await bench.slashing();
    await bench.engine();
    await bench.vesting();
    await bench.trees();
    await bench.disputes();
    await bench.agents();
    return bench.figures;
  } finally {
    await connection.close();
  }
}

class Bench {
  readonly figures = new Map<string, Measured>();
  readonly #system: CipherOcto;
  readonly #chainId: bigint;
  readonly #wait: (seconds: bigint) => Promise<unknown>;
  readonly #admin: HardhatEthersSigner;
  readonly #liquidity: HardhatEthersSigner;
  readonly #client: HardhatEthersSigner;
  readonly #provider: HardhatEthersSigner;
  readonly #orchestrator: HardhatEthersSigner;
  readonly #newcomer: HardhatEthersSigner;
  readonly #judge: HardhatEthersSigner;
  #nonce = 0;

  constructor(
    system: CipherOcto,
    signers: HardhatEthersSigner[],
    chainId: bigint,
    wait: (seconds: bigint) => Promise<unknown>,
  ) {
    this.#system = system;
    this.#chainId = chainId;
    this.#wait = wait;
    this.#admin = signers[1]!;
    this.#liquidity = signers[6]!;
    this.#judge = signers[14]!;
    [this.#client, this.#provider, this.#orchestrator, this.#newcomer] = signers.slice(7, 11) as [
      HardhatEthersSigner,
      HardhatEthersSigner,
      HardhatEthersSigner,
      HardhatEthersSigner,
    ];
  }

  /** Notes the last measurement under a name, so that a first, dearer run is overwritten by the steady state. */
  async #note(name: string, transaction: Promise<ContractTransactionResponse>): Promise<number> {
    const response = await transaction;
    const receipt = (await response.wait())!;
    const gas = Number(receipt.gasUsed);
    this.figures.set(name, { gas, data: response.data });
    return gas;
  }

  async prepare(): Promise<void> {
    const { octo, settlement, engine, registry, jobMarket, disputeDesk, delegationPools, roleTokens } = this.#system;
    for (const account of [this.#client, this.#provider, this.#orchestrator, this.#newcomer]) {
      await octo.connect(this.#liquidity).transfer(account.address, 100_000n * OCTO);
      for (const spender of [settlement, engine, registry, jobMarket, disputeDesk, delegationPools]) {
        await octo.connect(account).approve(spender, MaxUint256);
      }
      for (const token of Object.values(roleTokens)) await token.connect(account).approve(registry, MaxUint256);
    }
    await this.#bond(this.#provider, "D");
    await this.#bond(this.#provider, "A");
    await this.#bond(this.#orchestrator, "O");
    await registry.connect(this.#provider).setStandingTerms(roleId("D"), 10_000n * OCTO, 3600n);
    await settlement.connect(this.#client).setCreditConsent(jobMarket, true);
    await settlement.connect(this.#client).deposit(this.#client.address, 10_000n * OCTO);
  }

  async #bond(account: HardhatEthersSigner, letter: RoleLetter): Promise<void> {
    const { engine, registry } = this.#system;
    const { octo, roleTokens } = await registry.minimumOf(roleId(letter));
    const price = await engine.quoteExactOut(roleId(letter), 10n * roleTokens);
    await engine.connect(account).buy(roleId(letter), price, 0n, MaxUint256);
    await registry.connect(account).bond(roleId(letter), 2n * octo, 2n * roleTokens);
  }

  async tokens(): Promise<void> {
    const { octo, jobMarket } = this.#system;
    const client = octo.connect(this.#client);
    await this.#note("octo.transfer", client.transfer(this.#provider.address, OCTO));
    await this.#note("octo.transfer.newHolder", client.transfer(STRANGER, OCTO));
    await this.#note("octo.approve", client.approve(this.#newcomer.address, OCTO));

    const spender = this.#newcomer.address;
    await this.#note("octo.permit.first", this.#permit(this.#provider, spender));
    await this.#note("octo.permit.later", this.#permit(this.#provider, spender, 2n * OCTO));
    const authorization = {
      from: this.#client.address,
      to: this.#provider.address,
      value: OCTO,
      validAfter: 0n,
      validBefore: LATER,
      nonce: id("a random nonce"),
    };
    const signature = Signature.from(
      await this.#client.signTypedData(await this.#octoDomain(), TRANSFER_TYPES, authorization),
    );
    const { from, to, value, validAfter, validBefore, nonce } = authorization;
    await this.#note(
      "octo.transferWithAuthorization",
      octo["transferWithAuthorization(address,address,uint256,uint256,uint256,bytes32,uint8,bytes32,bytes32)"](
        from,
        to,
        value,
        validAfter,
        validBefore,
        nonce,
        signature.v,
        signature.r,
        signature.s,
      ),
    );
    await octo.connect(this.#provider).approve(jobMarket, MaxUint256);
  }

  async #permit(owner: HardhatEthersSigner, spender: string, value = OCTO): Promise<ContractTransactionResponse> {
    const { octo } = this.#system;
    const message = {
      owner: owner.address,
      spender,
      value,
      nonce: await octo.nonces(owner.address),
      deadline: LATER,
    };
    const { v, r, s } = Signature.from(await owner.signTypedData(await this.#octoDomain(), PERMIT_TYPES, message));
    return octo.permit(owner.address, spender, value, LATER, v, r, s);
  }

  async #octoDomain() {
    return domainOf("CipherOcto", this.#chainId, await this.#system.octo.getAddress());
  }

  #deal(rest: Parameters<typeof dealOf>[1] = {}) {
    return dealOf({ client: this.#client.address, provider: this.#provider.address }, { salt: this.#salt(), ...rest });
  }

  #salt(): string {
    return id(`${++this.#nonce}`);
  }

  async jobs(): Promise<void> {
    for (let round = 0; round < 3; round++) {
      // A round takes more than a week, so that its first job begins an epoch of both roles.
      await this.#orchestratedJob("job.complete.orchestrator.firstOfEpoch");
      await this.#wholeJob("approval", () => this.#market().hire(this.#deal(), 100n * OCTO, NO_CONSENT));
      await this.#wholeJob("credit", () => this.#market().hireFromCredit(this.#deal(), 100n * OCTO, NO_CONSENT));
      await this.#orchestratedJob();
      await this.#signedHire();
      await this.#plainJob();
      await this.#unmintedJob();
      await this.#unrecordedJob();
      await this.#refundedJob();
    }
  }

  #market() {
    return this.#system.jobMarket.connect(this.#client);
  }

  async #wholeJob(payment: string, hire: () => Promise<ContractTransactionResponse>): Promise<void> {
    const { jobMarket } = this.#system;
    const hireGas = await this.#note(`job.hire.${payment}`, hire());
    const jobId = await jobMarket.jobCount();
    const submitGas = await this.#note(
      "job.submit",
      jobMarket.connect(this.#provider).submit(jobId, id("deliverable"), "0x"),
    );
    const completeGas = await this.#note("job.complete", this.#market().complete(jobId, id("reason"), "0x"));
    this.figures.set(`job.whole.${payment}`, { gas: hireGas + submitGas + completeGas, data: "0x" });
  }

  async #orchestratedJob(name = "job.complete.orchestrator"): Promise<void> {
    const { jobMarket } = this.#system;
    const deal = this.#deal({ orchestrator: this.#orchestrator.address });
    await this.#note("job.hire.approval.orchestrator", this.#market().hire(deal, 100n * OCTO, NO_CONSENT));
    const jobId = await jobMarket.jobCount();
    await jobMarket.connect(this.#provider).submit(jobId, id("deliverable"), "0x");
    await this.#note(name, this.#market().complete(jobId, id("reason"), "0x"));
  }

  /** Below the smallest that is recorded: what a completion costs without the track record and emission. */
  async #unrecordedJob(): Promise<void> {
    const { jobMarket } = this.#system;
    await this.#market().hire(this.#deal(), 5n * OCTO, NO_CONSENT);
    const jobId = await jobMarket.jobCount();
    await jobMarket.connect(this.#provider).submit(jobId, id("deliverable"), "0x");
    await this.#note("job.complete.unrecorded", this.#market().complete(jobId, id("reason"), "0x"));
  }

  /** While nothing is minted: what a completion costs without emission. */
  async #unmintedJob(): Promise<void> {
    const { jobMarket, emissionSchedule } = this.#system;
    const schedule = emissionSchedule.connect(this.#admin);
    const { intensity } = await schedule.termsOf(1n);
    await schedule.setIntensity(0n);
    await this.#market().hire(this.#deal(), 100n * OCTO, NO_CONSENT);
    const jobId = await jobMarket.jobCount();
    await jobMarket.connect(this.#provider).submit(jobId, id("deliverable"), "0x");
    await this.#note("job.complete.unminted", this.#market().complete(jobId, id("reason"), "0x"));
    await schedule.setIntensity(intensity);
  }

  async #signedHire(): Promise<void> {
    const { jobMarket, settlement } = this.#system;
    const deal = this.#deal();
    const message = {
      from: this.#client.address,
      to: await settlement.getAddress(),
      value: 100n * OCTO,
      validAfter: 0n,
      validBefore: LATER,
      nonce: await jobMarket.authorizationNonceOf(deal),
    };
    const signature = await this.#client.signTypedData(await this.#octoDomain(), RECEIVE_TYPES, message);
    await this.#note(
      "job.hire.signature",
      jobMarket.connect(this.#newcomer).hireWithAuthorization(deal, 100n * OCTO, 0n, LATER, signature, NO_CONSENT),
    );
  }

  async #plainJob(): Promise<void> {
    const { jobMarket, octo } = this.#system;
    const expiredAt = BigInt(Date.parse(START) / 1000) + 300n * DAY;
    const market = jobMarket.connect(this.#newcomer);
    await this.#note(
      "job.create",
      market.createJob(
        this.#provider.address,
        this.#newcomer.address,
        expiredAt,
        "what is to be done",
        ZeroAddress,
        0n,
      ),
    );
    const jobId = await jobMarket.jobCount();
    await this.#note("job.setBudget", market.setBudget(jobId, octo, 100n * OCTO, "0x"));
    await this.#note("job.fund", market.fund(jobId, 100n * OCTO, "0x"));
    await jobMarket.connect(this.#provider).submit(jobId, id("deliverable"), "0x");
    await this.#wait(4n * DAY);
    await this.#note("job.release", jobMarket.connect(this.#provider).release(jobId));
  }

  /** A rating is possible once in 30 days: each round is another client's first. */
  async rating(): Promise<void> {
    const { jobMarket } = this.#system;
    await this.#market().hire(this.#deal(), 100n * OCTO, NO_CONSENT);
    const jobId = await jobMarket.jobCount();
    await jobMarket.connect(this.#provider).submit(jobId, id("deliverable"), "0x");
    await this.#market().complete(jobId, id("reason"), "0x");
    await this.#note("job.rate.first", this.#market().rate(jobId, 90n));
  }

  async #refundedJob(): Promise<void> {
    const { jobMarket } = this.#system;
    await this.#market().hire(this.#deal(), 100n * OCTO, NO_CONSENT);
    await this.#note("job.reject", this.#market().reject(await jobMarket.jobCount(), ZeroHash, "0x"));

    await this.#market().hire(this.#deal(), 100n * OCTO, NO_CONSENT);
    const jobId = await jobMarket.jobCount();
    await this.#wait(2n * DAY);
    await this.#note("job.refund.failed", jobMarket.connect(this.#newcomer).claimRefund(jobId));

    // Too large for the standing terms, so that it binds nobody.
    await this.#market().hire(this.#deal({ duration: 1800n }), 100n * OCTO, NO_CONSENT);
    const unboundId = await jobMarket.jobCount();
    await this.#wait(2n * DAY);
    await this.#note("job.refund", jobMarket.connect(this.#newcomer).claimRefund(unboundId));
  }

  async vault(): Promise<void> {
    const { settlement, jobMarket } = this.#system;
    const client = settlement.connect(this.#client);
    await this.#note("vault.deposit", client.deposit(this.#client.address, 10n * OCTO));
    await this.#note("vault.withdraw", client.withdraw(this.#client.address, 10n * OCTO));
    await this.#note("vault.setCreditConsent", client.setCreditConsent(jobMarket, false));
    await this.#note("vault.setPayOut", client.setPayOut(true));
    await this.#note("vault.sweep", client.sweep());
  }

  async registry(): Promise<void> {
    const { registry, engine } = this.#system;
    const newcomer = registry.connect(this.#newcomer);
    const minimum = await registry.minimumOf(roleId("A"));
    const price = await engine.quoteExactOut(roleId("A"), minimum.roleTokens);
    await engine.connect(this.#newcomer).buy(roleId("A"), price, 0n, MaxUint256);
    await this.#note("engine.fromOcto", engine.connect(this.#newcomer).buy(roleId("A"), price, 0n, MaxUint256));

    await this.#note("registry.activate", newcomer.bond(roleId("A"), minimum.octo, minimum.roleTokens));
    await this.#note("registry.topUp", newcomer.bond(roleId("A"), 100n * OCTO, 0n));
    await this.#note("registry.setStandingTerms", newcomer.setStandingTerms(roleId("A"), 100n * OCTO, 3600n));
    const day = await newcomer.unbond.staticCall(roleId("A"), 50n * OCTO, 0n);
    await this.#note("registry.unbond", newcomer.unbond(roleId("A"), 50n * OCTO, 0n));
    await this.#wait(9n * DAY);
    await this.#note("registry.withdraw", newcomer.withdraw(roleId("A"), day, this.#newcomer.address));
    await newcomer.setDuty(roleId("A"), true);
    await this.#wait(DAY);
    await this.#note("registry.heartbeat", newcomer.heartbeat(roleId("A")));
    const again = await newcomer.unbond.staticCall(roleId("A"), 10n * OCTO, 0n);
    await newcomer.unbond(roleId("A"), 10n * OCTO, 0n);
    await this.#note("registry.cancelExit", newcomer.cancelExit(roleId("A"), again));
  }

  /** The client delegates to the provider, who then earns by a job. */
  async delegation(): Promise<void> {
    const { delegationPools, jobMarket } = this.#system;
    const [provider, role] = [this.#provider.address, roleId("D")];
    await this.#note("registry.openPool", delegationPools.connect(this.#provider).openPool(role));
    await delegationPools.connect(this.#newcomer).delegate(provider, role, 20n * OCTO, 0n);
    const client = delegationPools.connect(this.#client);
    await this.#note("registry.delegate.first", client.delegate(provider, role, 20n * OCTO, 0n));
    await this.#note("registry.delegate.more", client.delegate(provider, role, 80n * OCTO, 0n));
    for (let round = 0; round < 2; round++) {
      await this.#market().hire(this.#deal(), 100n * OCTO, NO_CONSENT);
      const jobId = await jobMarket.jobCount();
      await jobMarket.connect(this.#provider).submit(jobId, id("deliverable"), "0x");
      await this.#note("job.complete.delegated", this.#market().complete(jobId, id("reason"), "0x"));
    }
    await this.#note("registry.claim", client.claim(provider, role, this.#client.address));
    await delegationPools.connect(this.#newcomer).undelegate(provider, role, 10n ** 18n, 0n);
    const day = await client.undelegate.staticCall(provider, role, 10n * OCTO, 0n);
    await this.#note("registry.undelegate", client.undelegate(provider, role, 10n * OCTO, 0n));
    await this.#wait(9n * DAY);
    await this.#note("registry.withdrawDelegation", client.withdraw(provider, role, day, this.#client.address));
  }

  /** The provider sells what it has earned by a large job, and its tokens of another role; a week later anyone pokes. */
  async engine(): Promise<void> {
    const { engine, jobMarket } = this.#system;
    const [asProvider, role, other] = [engine.connect(this.#provider), roleId("D"), roleId("A")];
    await this.#market().hire(this.#deal({ duration: 1800n }), 20_000n * OCTO, NO_CONSENT);
    const jobId = await jobMarket.jobCount();
    await jobMarket.connect(this.#provider).submit(jobId, id("deliverable"), "0x");
    await this.#market().complete(jobId, id("reason"), "0x");
    for (let round = 0; round < 2; round++) {
      await this.#note("engine.toOcto", asProvider.sell(role, 100n * OCTO, 0n, MaxUint256));
    }
    for (let round = 0; round < 2; round++) {
      await this.#note("engine.swap", asProvider.swap(role, other, 100n * OCTO, 0n, MaxUint256));
    }
    await this.#wait(7n * DAY);
    await this.#note("engine.poke", engine.connect(this.#newcomer).poke(role));
  }

  /** The orchestrator's second offences, so that its history and the slashers' week are not new. */
  async slashing(): Promise<void> {
    const { registry, slashingDesk } = this.#system;
    const [provider, role] = [this.#orchestrator.address, roleId("O")];
    await registry.connect(this.#orchestrator).setDuty(role, true);
    for (let round = 0; round < 2; round++) {
      await registry.connect(this.#orchestrator).heartbeat(role);
      const { beatWindow } = (await registry.positionOf(provider, role)).record;
      await this.#wait((2n * DAY) / 3n); // one window is missed, and not yet three
      await this.#note(
        "registry.slash.oneLane",
        slashingDesk.connect(this.#newcomer).reportDowntime(provider, role, beatWindow + 1n),
      );
      await this.#note("registry.slash.bothLanes", this.#verdict(provider, role));
    }
  }

  /** The provider hires the newcomer out of the escrow it works for: the second child of a parent, then one that is late. */
  async trees(): Promise<void> {
    const { jobMarket, registry, settlement, addresses } = this.#system;
    await this.#bond(this.#newcomer, "D");
    await registry.connect(this.#newcomer).setStandingTerms(roleId("D"), 10_000n * OCTO, 300n);
    await this.#market().hire(
      this.#deal({ duration: 100n * DAY, forChildren: 900n * OCTO }),
      1_000n * OCTO,
      NO_CONSENT,
    );
    const parentId = await jobMarket.jobCount();
    const [asParent, asChild] = [jobMarket.connect(this.#provider), jobMarket.connect(this.#newcomer)];
    const child = (duration = DAY) =>
      dealOf({ client: this.#provider.address, provider: this.#newcomer.address }, { duration, salt: this.#salt() });
    for (let round = 0; round < 3; round++) {
      const hire = await this.#note("job.child", asParent.hireChild(parentId, child(), 100n * OCTO, NO_CONSENT));
      const jobId = await jobMarket.jobCount();
      const submit = await this.#note("job.child.submit", asChild.submit(jobId, id("deliverable"), "0x"));
      const pay = asParent.complete(jobId, id("reason"), "0x");
      const complete = await this.#note("job.child.complete", pay);
      this.figures.set("job.child.whole", { gas: hire + submit + complete, data: "0x" });
    }
    await asParent.hireChild(parentId, child(), 100n * OCTO, NO_CONSENT);
    await this.#wait(DAY + 1n);
    await this.#note("job.child.refund", asChild.claimRefund(await jobMarket.jobCount()));

    await settlement.connect(this.#client).setCreditConsent(addresses.jobMarket, true);
    await this.#market().hire(this.#deal({ duration: 7_200n }), 100n * OCTO, NO_CONSENT);
    const lateId = await jobMarket.jobCount();
    await this.#wait(DAY);
    const successor = dealOf(
      { client: this.#client.address, provider: this.#newcomer.address },
      { duration: DAY, salt: this.#salt() },
    );
    await this.#note("job.takeOver", this.#market().takeOver(lateId, successor, 100n * OCTO, NO_CONSENT));
  }

  /** Of the client with the newcomer, whose lane is its bond, and who then loses. The arbiters are the roster's. */
  async disputes(): Promise<void> {
    const { jobMarket, disputeDesk } = this.#system;
    const desk = disputeDesk.connect(this.#client);
    for (let round = 0; round < 2; round++) {
      for (const [name, freeze] of [
        ["dispute.open", false],
        ["dispute.open.freeze", true],
      ] as const) {
        const jobId = await this.#submittedBy(this.#newcomer);
        await this.#note(name, desk.open(jobId, id("claim"), 0n, freeze));
      }
      const declined = await this.#submittedBy(this.#newcomer);
      await this.#note("job.reject.offer", this.#market().reject(declined, id("reason"), "0x"));
      const asProvider = disputeDesk.connect(this.#newcomer);
      await this.#note("dispute.openOnLane", asProvider.open(declined, id("claim"), 0n, false));
      await this.#note("dispute.answer", desk.answer(declined, 0n));
      const refused = await this.#submittedBy(this.#newcomer);
      await this.#market().reject(refused, id("reason"), "0x");
      await this.#note("job.acceptRejection", jobMarket.connect(this.#newcomer).acceptRejection(refused));
      await this.#wait(7n * DAY + 1n);
      await this.#note("dispute.bringCase", desk.bringCase(declined));
      await this.#wait(60n * DAY);
      await this.#note("dispute.execute.undecided", desk.execute(declined));
    }
  }

  /** The newcomer's second agent and later ones; the client's second review of one of them. */
  async agents(): Promise<void> {
    const { agentRegistry, agentReputation, jobMarket } = this.#system;
    const asOwner = agentRegistry.connect(this.#newcomer);
    const uri = `ipfs://${"b".repeat(59)}`; // 66 characters
    for (let round = 0; round < 2; round++) {
      await this.#note("agent.register", asOwner["register(string)"](uri));
      const agentId = await agentRegistry.agentCount();
      const listing = { manifestHash: id("manifest"), price: 100n * OCTO, duration: 300n };
      await this.#note("agent.publish", asOwner.publish(agentId, listing));
    }
    for (let round = 0; round < 3; round++) {
      const deal = dealOf(
        { client: this.#client.address, provider: this.#newcomer.address },
        { agentId: 1n, duration: DAY, salt: this.#salt() },
      );
      await this.#note("agent.hire", this.#market().hire(deal, 100n * OCTO, NO_CONSENT));
      const jobId = await jobMarket.jobCount();
      await jobMarket.connect(this.#newcomer).submit(jobId, id("deliverable"), "0x");
      await this.#market().complete(jobId, id("reason"), "0x");
      const feedback = agentReputation
        .connect(this.#client)
        .giveFeedback(1n, 90n, 0n, "starred", `${jobId}`, "", "", id("file"));
      await this.#note("agent.feedback", feedback);
    }
  }

  async #submittedBy(provider: HardhatEthersSigner): Promise<bigint> {
    const { jobMarket } = this.#system;
    const parties = { client: this.#client.address, provider: provider.address };
    await this.#market().hire(dealOf(parties, { duration: DAY, salt: this.#salt() }), 100n * OCTO, NO_CONSENT);
    const jobId = await jobMarket.jobCount();
    await jobMarket.connect(provider).submit(jobId, id("deliverable"), "0x");
    return jobId;
  }

  /** Quarters of the team's: the first release writes new slots. */
  async vesting(): Promise<void> {
    const { teamVesting, octo } = this.#system;
    for (let quarter = 0; quarter < 3; quarter++) {
      const { timestamp } = (await this.#judge.provider!.getBlock("latest"))!;
      await this.#wait((await teamVesting.nextFreeAt()) - BigInt(timestamp));
      await this.#note("vesting.release", teamVesting.connect(this.#newcomer)["release(address)"](octo));
    }
  }

  async #verdict(provider: string, role: bigint): Promise<ContractTransactionResponse> {
    const { timestamp } = (await this.#judge.provider!.getBlock("latest"))!;
    return this.#system.slashingDesk.connect(this.#judge).slash({
      provider,
      role,
      offence: 1n, // ExtendedDowntime
      offenceAt: BigInt(timestamp),
      disputeId: ZeroHash,
      client: ZeroAddress,
      loss: 0n,
      reason: id("reason"),
    });
  }
}
