import { id, keccak256, toUtf8Bytes, ZeroAddress } from "ethers";

import { roleId } from "../../deploy/roles.ts";
import { octo } from "../lib/amounts.ts";
import {
  CONSENT_TYPES,
  type Consent,
  type Deal,
  dealOf,
  domainOf,
  NO_CONSENT,
  PERMIT_TYPES,
  RECEIVE_TYPES,
  termsOf,
} from "../lib/deal.ts";
import { Failure } from "../lib/failure.ts";
import { type Split, splitOf } from "../lib/split.ts";
import { selectorOf } from "../lib/system.ts";
import { type JobPlan, readDocument } from "./scenario.ts";
import type { Stage } from "./stage.ts";

const LATER = 10n ** 12n;

/** Plays one job from the hire to its end. */
export async function playJob(stage: Stage, plan: JobPlan): Promise<void> {
  console.log(`  ${plan.title} (${octo(plan.budget)} OCTO)`);
  const jobId = await HIRE[plan.pay](stage, plan, dealFor(stage, plan));
  const split = await END[plan.ending](stage, plan, jobId);
  stage.jobs.push({
    id: `${jobId}`,
    budget: plan.budget,
    outcome: OUTCOME[plan.ending],
    ...(split === undefined ? {} : { split }),
  });
}

const OUTCOME = {
  accepted: "accepted",
  rejected: "rejected by the evaluator, refunded",
  silentClient: "paid after the client's silence",
  silentProvider: "refunded after the provider's silence",
} as const;

function dealFor(stage: Stage, plan: JobPlan): Deal {
  const address = (name: string | undefined) => (name === undefined ? ZeroAddress : stage.player(name).address);
  return dealOf(
    { client: address(plan.client), provider: address(plan.provider) },
    {
      evaluator: address(plan.evaluator),
      orchestrator: address(plan.orchestrator),
      role: roleId(plan.role),
      duration: BigInt(plan.hours * 3600),
      terms: termsOf(describe(plan)),
      salt: id(`${stage.jobs.length}`),
    },
  );
}

/** What is agreed: the work and the document it is done on. */
function describe(plan: JobPlan): string {
  return JSON.stringify({
    title: plan.title,
    work: plan.work,
    document: keccak256(toUtf8Bytes(readDocument(plan.document))),
  });
}

type Hire = (stage: Stage, plan: JobPlan, deal: Deal) => Promise<bigint>;

const HIRE: Record<JobPlan["pay"], Hire> = {
  async approval(stage, plan, deal) {
    const { octo: token, jobMarket } = stage.system;
    const client = stage.player(plan.client);
    await token.connect(client).approve(jobMarket, plan.budget);
    const consent = await consentTo(stage, plan, deal, "hire");
    return hired(stage, `${plan.client} hires by approval`, jobMarket.connect(client).hire(deal, plan.budget, consent));
  },

  async permit(stage, plan, deal) {
    const { octo: token, jobMarket } = stage.system;
    const client = stage.player(plan.client);
    const message = {
      owner: client.address,
      spender: await jobMarket.getAddress(),
      value: plan.budget,
      nonce: await token.nonces(client.address),
      deadline: LATER,
    };
    const { v, r, s } = stage.connection.ethers.Signature.from(
      await client.signTypedData(await octoDomain(stage), PERMIT_TYPES, message),
    );
    const permit = { value: plan.budget, deadline: LATER, v, r, s };
    const consent = await consentTo(stage, plan, deal, "hireWithPermit");
    return hired(
      stage,
      `${plan.client} hires by permit`,
      jobMarket.connect(client).hireWithPermit(deal, plan.budget, permit, consent),
    );
  },

  async signature(stage, plan, deal) {
    const { jobMarket, settlement } = stage.system;
    const client = stage.player(plan.client);
    const message = {
      from: client.address,
      to: await settlement.getAddress(),
      value: plan.budget,
      validAfter: 0n,
      validBefore: LATER,
      nonce: await jobMarket.authorizationNonceOf(deal),
    };
    const signature = await client.signTypedData(await octoDomain(stage), RECEIVE_TYPES, message);
    const consent = await consentTo(stage, plan, deal, "hireWithAuthorization");
    return hired(
      stage,
      `relayer submits the hire that ${plan.client} signed`,
      jobMarket
        .connect(stage.player("relayer"))
        .hireWithAuthorization(deal, plan.budget, 0n, LATER, signature, consent),
    );
  },

  async credit(stage, plan, deal) {
    const { settlement, jobMarket } = stage.system;
    const client = stage.player(plan.client);
    await requireCredit(stage, plan);
    await stage.send(
      `${plan.client} lets the market spend its credit`,
      settlement.connect(client).setCreditConsent(await jobMarket.getAddress(), true),
    );
    const consent = await consentTo(stage, plan, deal, "hireFromCredit");
    return hired(
      stage,
      `${plan.client} hires from credit`,
      jobMarket.connect(client).hireFromCredit(deal, plan.budget, consent),
    );
  },

  async steps(stage, plan, deal) {
    const { octo: token, jobMarket } = stage.system;
    const client = stage.player(plan.client);
    const expiredAt = BigInt(await stage.connection.networkHelpers.time.latest()) + deal.duration;
    const evaluator = deal.evaluator === ZeroAddress ? client.address : deal.evaluator;
    const market = jobMarket.connect(client);
    const jobId = (await jobMarket.jobCount()) + 1n;
    await stage.send(
      `${plan.client} creates the job`,
      market.createJob(deal.provider, evaluator, expiredAt, describe(plan), ZeroAddress, 0n),
    );
    await stage.send(
      `${plan.provider} names its price`,
      jobMarket.connect(stage.player(plan.provider)).setBudget(jobId, token, plan.budget, "0x"),
    );
    await token.connect(client).approve(jobMarket, plan.budget);
    await stage.send(`${plan.client} funds the job`, market.fund(jobId, plan.budget, "0x"));
    return jobId;
  },
};

async function hired(stage: Stage, what: string, transaction: Parameters<Stage["send"]>[1]): Promise<bigint> {
  await stage.send(what, transaction);
  return stage.system.jobMarket.jobCount();
}

/** The provider's signature under the deal, if the plan asks for one. */
async function consentTo(
  stage: Stage,
  plan: JobPlan,
  deal: Deal,
  action: "hire" | "hireWithPermit" | "hireWithAuthorization" | "hireFromCredit",
): Promise<Consent> {
  if (plan.consent === "terms") return NO_CONSENT;

  const { jobMarket } = stage.system;
  const consent = { nonce: BigInt(stage.jobs.length), deadline: LATER };
  const { chainId } = await stage.connection.ethers.provider.getNetwork();
  const signature = await stage
    .player(plan.provider)
    .signTypedData(domainOf("CipherOcto JobMarket", chainId, await jobMarket.getAddress()), CONSENT_TYPES, {
      deal: { action: selectorOf(jobMarket, action), ...deal },
      budget: plan.budget,
      ...consent,
    });
  stage.tell(`${plan.provider} signs the deal`);
  return { ...consent, signature };
}

async function requireCredit(stage: Stage, plan: JobPlan): Promise<void> {
  const credit = await stage.system.settlement.creditOf(stage.player(plan.client).address);
  if (credit >= plan.budget) return;
  throw new Failure(
    `"${plan.title}" is to be paid from credit, but ${plan.client} has ${octo(credit)} OCTO of ${octo(plan.budget)}.`,
    "Lower its budget, or let a job before it end in a refund.",
  );
}

async function octoDomain(stage: Stage) {
  const { chainId } = await stage.connection.ethers.provider.getNetwork();
  return domainOf("CipherOcto", chainId, await stage.system.octo.getAddress());
}

type End = (stage: Stage, plan: JobPlan, jobId: bigint) => Promise<Split | undefined>;

const END: Record<JobPlan["ending"], End> = {
  async accepted(stage, plan, jobId) {
    const result = await work(stage, plan, jobId);
    const again = await stage.workshop.do(plan.work, readDocument(plan.document));
    if (hashOf(again) !== hashOf(result)) throw new Error("the provider's result cannot be reproduced");
    const judge = plan.evaluator ?? plan.client;
    await stage.send(
      `${judge} accepts and pays`,
      stage.system.jobMarket.connect(stage.player(judge)).complete(jobId, hashOf("as agreed"), "0x"),
    );
    if (plan.rating !== undefined) {
      await stage.send(
        `${plan.client} rates it ${plan.rating}`,
        stage.system.jobMarket.connect(stage.player(plan.client)).rate(jobId, plan.rating),
      );
    }
    return expectedSplit(stage, plan);
  },

  async rejected(stage, plan, jobId) {
    await work(stage, plan, jobId);
    const judge = plan.evaluator ?? plan.client;
    await stage.send(
      `${judge} rejects the work`,
      stage.system.jobMarket.connect(stage.player(judge)).reject(jobId, hashOf("not a summary"), "0x"),
    );
    return undefined;
  },

  async silentClient(stage, plan, jobId) {
    await work(stage, plan, jobId);
    const { reviewDuration } = await stage.system.jobMarket.termsOf(jobId);
    await stage.wait(reviewDuration + 1n, "the review passes in silence");
    await stage.send(
      `${plan.provider} has the escrow released`,
      stage.system.jobMarket.connect(stage.player(plan.provider)).release(jobId),
    );
    return expectedSplit(stage, plan);
  },

  async silentProvider(stage, plan, jobId) {
    await stage.wait(BigInt(plan.hours * 3600) + 1n, "the deadline passes in silence");
    await stage.send(
      `${plan.client} claims the refund`,
      stage.system.jobMarket.connect(stage.player(plan.client)).claimRefund(jobId),
    );
    return undefined;
  },
};

/** The provider's process does the work; its hash is what is submitted. */
async function work(stage: Stage, plan: JobPlan, jobId: bigint): Promise<object> {
  const result = await stage.workshop.do(plan.work, readDocument(plan.document));
  stage.tell(`process ${stage.workshop.pid} returns ${JSON.stringify(result)}`);
  await stage.send(
    `${plan.provider} submits the result's hash`,
    stage.system.jobMarket.connect(stage.player(plan.provider)).submit(jobId, hashOf(result), "0x"),
  );
  return result;
}

function hashOf(value: object | string): string {
  return keccak256(toUtf8Bytes(typeof value === "string" ? value : JSON.stringify(value)));
}

async function expectedSplit(stage: Stage, plan: JobPlan): Promise<Split> {
  const { schedule } = await stage.system.emissionSchedule.termsOf(1n);
  return splitOf(plan.budget, schedule, plan.orchestrator !== undefined);
}
