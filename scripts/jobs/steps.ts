import { existsSync, readFileSync } from "node:fs";

import { id } from "ethers";

import { hashOf } from "../lib/canonicalJson.ts";
import { Failure } from "../lib/failure.ts";
import type { Session } from "../lib/session.ts";
import type { Arguments } from "../tasks/command.ts";
import { jobNamed, numberOf } from "./ids.ts";

// One transaction each. What cannot be done now the contracts refuse, and the command says why.

/** Submits the hash of a file. */
export async function submit(session: Session, { job: name, file }: Arguments): Promise<void> {
  const { jobId } = await jobNamed(session, name!);
  if (!existsSync(file!)) throw new Failure(`There is no file ${file}.`, "Name the file that is the work.");
  const deliverable = hashOf(readFileSync(file!, "utf8"));
  const { jobMarket } = session.system;
  await session.send(`job ${jobId} is submitted: ${deliverable}`, () => jobMarket.submit(jobId, deliverable, "0x"));
}

export async function complete(session: Session, { job: name, reason }: Arguments): Promise<void> {
  const { jobId } = await jobNamed(session, name!);
  const { jobMarket } = session.system;
  await session.send(`job ${jobId} is accepted and paid`, () => jobMarket.complete(jobId, id(reason!), "0x"));
}

export async function reject(session: Session, { job: name, reason }: Arguments): Promise<void> {
  const { jobId } = await jobNamed(session, name!);
  const { jobMarket } = session.system;
  await session.send(`job ${jobId} is rejected`, () => jobMarket.reject(jobId, id(reason!), "0x"));
  if ((await jobNamed(session, name!)).status !== "Declined") return;
  console.log("The provider accepts that, or disputes it within three days; if it is silent, the escrow comes back.");
}

export async function acceptRejection(session: Session, { job: name }: Arguments): Promise<void> {
  const { jobId } = await jobNamed(session, name!);
  const { jobMarket } = session.system;
  await session.send(`the rejection of job ${jobId} is accepted`, () => jobMarket.acceptRejection(jobId));
}

export async function release(session: Session, { job: name }: Arguments): Promise<void> {
  const { jobId } = await jobNamed(session, name!);
  const { jobMarket } = session.system;
  await session.send(`the escrow of job ${jobId} is released to its provider`, () => jobMarket.release(jobId));
}

export async function refund(session: Session, { job: name }: Arguments): Promise<void> {
  const { jobId } = await jobNamed(session, name!);
  const { jobMarket } = session.system;
  await session.send(`the escrow of job ${jobId} goes back`, () => jobMarket.claimRefund(jobId));
}

export async function rate(session: Session, { job: name, rating }: Arguments): Promise<void> {
  const { jobId } = await jobNamed(session, name!);
  const points = rating === "0" ? 0n : numberOf(rating!, "rating");
  const { jobMarket } = session.system;
  await session.send(`job ${jobId} is rated ${points}`, () => jobMarket.rate(jobId, points));
}
