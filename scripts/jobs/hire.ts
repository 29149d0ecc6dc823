import { id, parseEther } from "ethers";

import { readAgent } from "../agents/catalogue.ts";
import { deliverTask, fetchResult } from "../agents/client.ts";
import { readTask, type Task, termsOfTask, textOf } from "../agents/task.ts";
import { octo } from "../lib/amounts.ts";
import { dealOf, NO_CONSENT } from "../lib/deal.ts";
import { Failure } from "../lib/failure.ts";
import { readJson5 } from "../lib/json5File.ts";
import type { Session } from "../lib/session.ts";
import type { Arguments } from "../tasks/command.ts";
import { jobNamed, numberOf } from "./ids.ts";

const HOUR = 3_600n;

/** Hires an agent at its listed price, and delivers the task to it. */
export async function hireAgent(session: Session, args: Arguments): Promise<void> {
  const { system, address } = session;
  const task = taskIn(args["task"]!);
  const agent = await agentNamed(session, args["agent"]!);
  const forChildren = amountOf(args["children"]!, "children");
  const hours = BigInt(numberOf(args["hours"]!, "hour"));
  const deal = dealOf(
    { client: address, provider: agent.provider },
    {
      agentId: agent.agentId,
      forChildren,
      duration: hours * HOUR < agent.duration ? agent.duration : hours * HOUR,
      terms: termsOfTask(task),
      salt: id(`${Date.now()} ${await system.jobMarket.jobCount()}`),
    },
  );
  const jobId = await PAYMENTS[paymentOf(args["pay"]!)](session, deal, agent.price);
  console.log(`Job ${jobId}: agent ${agent.agentId} works for ${octo(agent.price)} OCTO.`);
  await deliver(agent.endpoint, task, jobId);
}

/** Sends the text of a task to the agent of a job: again, if it has forgotten it. */
export async function deliverAgain(session: Session, { job: name, task: file }: Arguments): Promise<void> {
  const { jobId, agentId, terms } = await jobNamed(session, name!);
  const task = taskIn(file!);
  if (termsOfTask(task) !== terms) {
    throw new Failure(
      `The task in ${file} has the hash ${termsOfTask(task)}, but job ${jobId} was agreed on ${terms}.`,
      "Name the file with which the job was hired.",
    );
  }
  const { endpoint } = await agentNamed(session, `${agentId}`);
  await deliverTask(endpoint, textOf(task));
  console.log(`Delivered to ${endpoint}.`);
}

/** Fetches what was submitted for a job, which the agent shows to its client. */
export async function showResult(session: Session, { job: name }: Arguments): Promise<void> {
  const { jobId, agentId } = await jobNamed(session, name!);
  const { jobMarket } = session.system;
  const [submitted] = await jobMarket.queryFilter(jobMarket.filters.JobSubmitted(jobId), session.fromBlock);
  if (submitted === undefined) {
    throw new Failure(
      `Nothing was submitted for job ${jobId} yet.`,
      "`npx hardhat octo job show` says where it stands.",
    );
  }
  const { endpoint } = await agentNamed(session, `${agentId}`);
  console.log(await fetchResult(endpoint, submitted.args.deliverable, session.signer));
}

type Payment = (session: Session, deal: ReturnType<typeof dealOf>, price: bigint) => Promise<bigint>;

const PAYMENTS: Record<"approval" | "credit", Payment> = {
  async approval(session, deal, price) {
    const { octo: token, jobMarket } = session.system;
    await session.send("the market may take the price", () => token.approve(jobMarket, price));
    return hired(session, () => jobMarket.hire(deal, price, NO_CONSENT));
  },

  async credit(session, deal, price) {
    const { settlement, jobMarket } = session.system;
    await session.send("the market may spend the credit", async () =>
      settlement.setCreditConsent(await jobMarket.getAddress(), true),
    );
    return hired(session, () => jobMarket.hireFromCredit(deal, price, NO_CONSENT));
  },
};

async function hired(session: Session, sending: Parameters<Session["send"]>[1]): Promise<bigint> {
  const { jobMarket } = session.system;
  const { logs } = await session.send("hired", sending);
  const created = logs.map((log) => jobMarket.interface.parseLog(log)).find((event) => event?.name === "JobCreated");
  return created!.args["jobId"] as bigint;
}

/** The money is in escrow by now, so an agent that is away is no failure. */
async function deliver(endpoint: string, task: Task, jobId: bigint): Promise<void> {
  try {
    await deliverTask(endpoint, textOf(task));
    console.log(`The task is delivered to ${endpoint}.`);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    console.log(`The task is not delivered yet: ${error.message}`);
    console.log(`Try \`npx hardhat octo job deliver ${jobId} <task>\`; if it stays silent, the escrow comes back.`);
  }
}

async function agentNamed({ system }: Session, text: string) {
  const agentId = numberOf(text, "agent");
  const agent = await readAgent(system, agentId);
  if (agent !== undefined) return agent;
  throw new Failure(`Agent ${agentId} is not published.`, "`npx hardhat octo agent list` shows those that are.");
}

function taskIn(file: string): Task {
  return readTask(readJson5(file, "task").content);
}

function paymentOf(text: string): keyof typeof PAYMENTS {
  if (text in PAYMENTS) return text as keyof typeof PAYMENTS;
  throw new Failure(`"${text}" is no way to pay.`, `There are ${Object.keys(PAYMENTS).join(" and ")}.`);
}

/** An amount of OCTO that the command line names. */
export function amountOf(text: string, what: string): bigint {
  if (/^\d+(\.\d{1,18})?$/.test(text)) return parseEther(text);
  throw new Failure(`"${text}" is no amount of OCTO for --${what}.`, "Write it like 12 or 0.5.");
}
