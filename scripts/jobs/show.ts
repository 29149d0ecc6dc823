import Table from "cli-table3";
import pc from "picocolors";

import { ROLES } from "../../deploy/roles.ts";
import { octo } from "../lib/amounts.ts";
import { isOver, type JobFacts, readJob } from "../lib/jobs.ts";
import { table } from "../lib/print.ts";
import type { Session } from "../lib/session.ts";
import type { Arguments } from "../tasks/command.ts";
import { jobNamed } from "./ids.ts";

const LATEST = 20;
const PHASES = ["none", "open", "judging", "ruled", "appealed", "final", "closed"] as const;

/** The latest jobs, or those of an account. */
export async function listJobs(session: Session, { party }: Arguments): Promise<void> {
  const { jobMarket } = session.system;
  const count = await jobMarket.jobCount();
  const ids = party === "" ? latestOf(count) : await jobsOf(session, party!);
  const jobs = (await Promise.all(ids.map((jobId) => readJob(jobMarket, jobId)))).filter((job) => job !== undefined);
  if (jobs.length === 0) {
    console.log(party === "" ? "There is no job yet." : `There is no job of ${party}.`);
    return;
  }
  const rows = table(["job", "status", "client", "provider", "role", "budget", "agent", "parent"], 5);
  for (const job of jobs) {
    const { jobId, status, client, provider, budget, agentId, parent } = job;
    const none = (id: bigint) => (id === 0n ? "" : id);
    const names = [short(client), short(provider), letterOf(job)];
    rows.push([`${jobId}`, status, ...names, octo(budget), `${none(agentId)}`, `${none(parent)}`]);
  }
  console.log(rows.toString());
}

/** Everything about one job, and who can do what next. */
export async function showJob(session: Session, { job: name }: Arguments): Promise<void> {
  const job = await jobNamed(session, name!);
  const rows = new Table({ style: { head: [], border: [], compact: true } });
  rows.push(
    { job: `${job.jobId}` },
    { status: job.status },
    { client: job.client },
    { provider: `${job.provider}${job.agentId === 0n ? "" : `, agent ${job.agentId}`}` },
    { evaluator: job.evaluator },
    { role: letterOf(job) },
    { budget: `${octo(job.budget)} OCTO` },
    { "for children": `${octo(job.forChildren)} OCTO` },
    { "bound by consent": job.bound ? "yes" : "no" },
    { terms: job.terms },
    { "to submit until": moment(job.deadline) },
    { "review until": job.reviewEndsAt === 0n ? "-" : moment(job.reviewEndsAt) },
    { parent: job.parent === 0n ? "-" : `${job.parent}` },
  );
  console.log(rows.toString());
  await showDispute(session, job);
  console.log(nextStep(job, await session.now()));
}

/** The tree that a job belongs to, from its root. */
export async function showTree(session: Session, { job: name }: Arguments): Promise<void> {
  const { jobMarket } = session.system;
  let root = await jobNamed(session, name!);
  const asked = root.jobId;
  while (root.parent !== 0n) root = (await readJob(jobMarket, root.parent))!;
  await printBranch(session, root, asked, "", "");
}

async function printBranch(session: Session, job: JobFacts, asked: bigint, lead: string, below: string): Promise<void> {
  const { jobId, status, budget, provider, agentId } = job;
  const worker = agentId === 0n ? short(provider) : `agent ${agentId}`;
  const line = `job ${jobId}  ${status.padEnd(9)}  ${octo(budget)} OCTO  ${worker}`;
  console.log(`${lead}${jobId === asked ? pc.bold(line) : line}`);
  const children = await childrenOf(session, jobId);
  for (const [index, child] of children.entries()) {
    const isLast = index === children.length - 1;
    await printBranch(session, child, asked, `${below}${isLast ? "└─ " : "├─ "}`, `${below}${isLast ? "   " : "│  "}`);
  }
}

/** A job's children, and those who followed a child that was late. */
async function childrenOf({ system: { jobMarket }, fromBlock }: Session, jobId: bigint): Promise<JobFacts[]> {
  const created = await jobMarket.queryFilter(jobMarket.filters.ChildJobCreated(jobId), fromBlock);
  const ids = created.map(({ args }) => args.jobId);
  for (const late of ids) {
    const followed = await jobMarket.queryFilter(jobMarket.filters.JobTakenOver(late), fromBlock);
    ids.push(...followed.map(({ args }) => args.jobId)); // looked at in its turn
  }
  const jobs = await Promise.all(ids.map((child) => readJob(jobMarket, child)));
  return jobs.filter((job) => job !== undefined);
}

async function jobsOf({ system: { jobMarket }, fromBlock }: Session, party: string): Promise<bigint[]> {
  const { JobCreated, ProviderSet } = jobMarket.filters;
  const [hiring, working, named] = await Promise.all([
    jobMarket.queryFilter(JobCreated(undefined, party), fromBlock),
    jobMarket.queryFilter(JobCreated(undefined, undefined, party), fromBlock),
    jobMarket.queryFilter(ProviderSet(undefined, party), fromBlock),
  ]);
  const ids = new Set([...hiring, ...working, ...named].map(({ args }) => args.jobId));
  return [...ids].sort((one, other) => Number(other - one)).slice(0, LATEST);
}

async function showDispute({ system: { disputeDesk } }: Session, { jobId, client, provider }: JobFacts): Promise<void> {
  const { phase, bond, byClient, decided, share } = await disputeDesk.disputeOf(jobId);
  if (phase === 0n) return;
  const ruling = decided ? `, ${share} % to the provider` : "";
  console.log(
    `Dispute: ${PHASES[Number(phase)]}, opened by ${byClient ? client : provider}, ${octo(bond)} OCTO a side${ruling}.`,
  );
}

function nextStep({ status, deadline, reviewEndsAt }: JobFacts, now: bigint): string {
  if (isOver(status)) return "It is over.";
  switch (status) {
    case "Open":
      return "The client funds it.";
    case "Funded":
      return now <= deadline ? "The provider submits." : "The provider was silent: anybody has it refunded.";
    case "Submitted":
      return now <= reviewEndsAt
        ? "The client completes it, rejects it or disputes it."
        : "The client was silent: anybody has it released.";
    case "Declined":
      return "The provider accepts the rejection or disputes it, until three days after it.";
    default:
      return "The dispute takes its course: `npx hardhat octo job advance` does what is due.";
  }
}

function latestOf(count: bigint): bigint[] {
  return Array.from({ length: Math.min(Number(count), LATEST) }, (_, index) => count - BigInt(index));
}

function letterOf({ role }: JobFacts): string {
  return ROLES[Number(role) - 1]?.letter ?? `${role}`;
}

function short(address: string): string {
  return `${address.slice(0, 8)}…${address.slice(-4)}`;
}

function moment(seconds: bigint): string {
  return `${new Date(Number(seconds) * 1000).toISOString().slice(0, 19).replace("T", " ")} UTC`;
}
