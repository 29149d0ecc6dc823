import { Failure } from "../lib/failure.ts";
import { type JobFacts, readJob } from "../lib/jobs.ts";
import type { Session } from "../lib/session.ts";

/** A job that the command line names by its number. */
export async function jobNamed({ system: { jobMarket } }: Session, text: string): Promise<JobFacts> {
  const jobId = numberOf(text, "job");
  const job = await readJob(jobMarket, jobId);
  if (job !== undefined) return job;
  throw new Failure(
    `There is no job ${jobId}; the last is ${await jobMarket.jobCount()}.`,
    "`npx hardhat octo job list` shows them.",
  );
}

/** A number from 1 on. */
export function numberOf(text: string, what: string): bigint {
  if (/^[1-9]\d{0,18}$/.test(text)) return BigInt(text);
  throw new Failure(`"${text}" is no ${what} number; they are counted from 1.`, `Name the ${what} by its number.`);
}
