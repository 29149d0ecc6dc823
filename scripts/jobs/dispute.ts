import { type ContractTransactionResponse, id } from "ethers";

import { octo } from "../lib/amounts.ts";
import { Failure } from "../lib/failure.ts";
import { revertDataOf } from "../lib/revert.ts";
import type { Session } from "../lib/session.ts";
import type { Arguments } from "../tasks/command.ts";
import { jobNamed } from "./ids.ts";

/** How a bond is paid, as the desk numbers it. */
const APPROVAL = 0n;

/** Disputes submitted work: the client until the review ends, the provider whose work was rejected. */
export async function dispute(session: Session, { job: name, claim, freeze }: Arguments): Promise<void> {
  const { jobId, budget, provider, bound } = await jobNamed(session, name!);
  const { disputeDesk } = session.system;
  const bond = await disputeDesk.bondFor(budget);
  const isOnLane = bound && session.address === provider; // then its stake is its bond
  if (!isOnLane) await allowBond(session, bond);
  await session.send(`job ${jobId} is disputed`, () => disputeDesk.open(jobId, id(claim!), APPROVAL, freeze === "yes"));
  console.log(`${octo(bond)} OCTO a side are at stake. \`npx hardhat octo job show ${jobId}\` says where it stands.`);
}

/** Posts the other side's bond. */
export async function answer(session: Session, { job: name }: Arguments): Promise<void> {
  const { jobId } = await jobNamed(session, name!);
  const { disputeDesk } = session.system;
  await allowBond(session, (await disputeDesk.disputeOf(jobId)).bond);
  await session.send(`the dispute about job ${jobId} is answered`, () => disputeDesk.answer(jobId, APPROVAL));
}

/** Shows evidence to the arbiters. */
export async function evidence(session: Session, { job: name, uri }: Arguments): Promise<void> {
  const { jobId } = await jobNamed(session, name!);
  const { disputeDesk } = session.system;
  await session.send(`evidence about job ${jobId} is shown`, () => disputeDesk.submitEvidence(jobId, uri!, id(uri!)));
}

/** Appeals against the panel's ruling, before all arbiters. */
export async function appeal(session: Session, { job: name }: Arguments): Promise<void> {
  const { jobId } = await jobNamed(session, name!);
  const { disputeDesk } = session.system;
  await allowBond(session, 2n * (await disputeDesk.disputeOf(jobId)).bond);
  await session.send(`the ruling about job ${jobId} is appealed`, () => disputeDesk.appeal(jobId, APPROVAL));
}

/** Does what is due about a job and may be done by anybody. */
export async function advance(session: Session, { job: name }: Arguments): Promise<void> {
  const { jobId } = await jobNamed(session, name!);
  for (const { what, call } of await stepsOf(session, jobId)) {
    if (!(await isPossible(call))) continue;
    await session.send(what, () => call());
    return;
  }
  throw new Failure(
    `Nothing is due about job ${jobId} that anybody could do.`,
    `\`npx hardhat octo job show ${jobId}\` says whose turn it is.`,
  );
}

type Call = { (): Promise<ContractTransactionResponse>; staticCall(): Promise<unknown> };

async function stepsOf({ system }: Session, jobId: bigint): Promise<{ what: string; call: Call }[]> {
  const { jobMarket, disputeDesk, panelArbiter } = system;
  const { caseId } = await disputeDesk.disputeOf(jobId);
  const bound = (method: { (id: bigint): Promise<ContractTransactionResponse> }, argument: bigint) =>
    Object.assign(() => method(argument), {
      staticCall: () => (method as unknown as { staticCall(id: bigint): Promise<unknown> }).staticCall(argument),
    });
  return [
    { what: `the escrow of job ${jobId} is released`, call: bound(jobMarket.release, jobId) },
    { what: `the escrow of job ${jobId} goes back`, call: bound(jobMarket.claimRefund, jobId) },
    { what: "nobody answered: the opener has won", call: bound(disputeDesk.winByDefault, jobId) },
    { what: "the case goes to the arbiter", call: bound(disputeDesk.bringCase, jobId) },
    { what: "the panel is drawn", call: bound(panelArbiter.draw, caseId) },
    { what: "the vote is closed", call: bound(panelArbiter.close, caseId) },
    { what: "the verdict is executed", call: bound(disputeDesk.execute, jobId) },
    { what: "the provider's stake pays what it owes", call: bound(disputeDesk.punish, jobId) },
  ];
}

async function isPossible(call: Call): Promise<boolean> {
  try {
    await call.staticCall();
    return true;
  } catch (error) {
    if (revertDataOf(error) !== undefined) return false;
    throw error;
  }
}

async function allowBond(session: Session, bond: bigint): Promise<void> {
  const { octo: token, disputeDesk } = session.system;
  await session.send(`the desk may take a bond of ${octo(bond)} OCTO`, () => token.approve(disputeDesk, bond));
}
