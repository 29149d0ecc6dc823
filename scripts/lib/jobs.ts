import { revertDataOf } from "./revert.ts";
import type { JobMarketContract } from "./system.ts";

/** The states of a job, in the order of the contracts' enumeration. */
export const JOB_STATUS = [
  "Open",
  "Funded",
  "Submitted",
  "Completed",
  "Rejected",
  "Expired",
  "Declined",
  "Disputed",
] as const;

/** How long a provider can answer a rejection, in seconds from the end of the review. */
export const ANSWER_TIME = 259_200n;

export type JobStatus = (typeof JOB_STATUS)[number];

/** A job as the market shows it. */
export type JobFacts = {
  jobId: bigint;
  status: JobStatus;
  client: string;
  provider: string;
  evaluator: string;
  agentId: bigint;
  /** In wei of OCTO. */
  budget: bigint;
  /** The last second to submit, Unix seconds. */
  deadline: bigint;
  /** The last second of the review, Unix seconds; 0 before the work is submitted. */
  reviewEndsAt: bigint;
  /** In seconds. */
  reviewDuration: bigint;
  /** The hash of what was agreed. */
  terms: string;
  /** Whether the provider has consented. */
  bound: boolean;
  role: bigint;
  schedule: bigint;
  /** The job out of whose escrow it was paid; 0 for none. */
  parent: bigint;
  /** What of its escrow may still become child jobs, in wei of OCTO. */
  forChildren: bigint;
  depth: bigint;
};

/** Reads a job; undefined if there is none of that number. */
export async function readJob(market: JobMarketContract, jobId: bigint): Promise<JobFacts | undefined> {
  try {
    const [job, terms, tree] = await Promise.all([market.getJob(jobId), market.termsOf(jobId), market.treeOf(jobId)]);
    return {
      jobId,
      status: JOB_STATUS[Number(job.status)]!,
      client: job.client,
      provider: job.provider,
      evaluator: job.evaluator,
      agentId: job.providerAgentId,
      budget: job.budget,
      deadline: job.expiredAt,
      reviewEndsAt: terms.reviewEndsAt,
      reviewDuration: terms.reviewDuration,
      terms: terms.terms,
      bound: terms.bound,
      role: terms.role,
      schedule: terms.schedule,
      parent: tree.parent,
      forChildren: tree.forChildren,
      depth: tree.depth,
    };
  } catch (error) {
    if (revertDataOf(error) !== undefined) return undefined;
    throw error;
  }
}

/** Whether nothing can happen to a job any more. */
export function isOver(status: JobStatus): boolean {
  return status === "Completed" || status === "Rejected" || status === "Expired";
}
