import { id } from "ethers";

import { fetchResult } from "../../agents/client.ts";
import type { Task } from "../../agents/task.ts";
import { octo } from "../../lib/amounts.ts";
import type { JobFacts } from "../../lib/jobs.ts";
import { splitOf } from "../../lib/split.ts";
import { type Employed, Staff } from "../staff.ts";
import { readDocument } from "../scenario.ts";
import type { Act, Stage } from "../stage.ts";

const ENOUGH_GAS = 10n ** 18n;

/** Agents hire agents: each a process of its own, which meet over HTTP and on chain. */
export const agents: Act = {
  title: "Agents hire agents",
  async play(stage) {
    const staff = await Staff.gather(stage);
    try {
      await hireTwice(stage, staff);
    } finally {
      await staff.dismiss();
    }
  },
};

async function hireTwice(stage: Stage, staff: Staff): Promise<void> {
  const { researcher, staff: others, forChildren } = stage.scenario.research;
  for (const plan of others) await staff.employ(plan);
  const research = await staff.employ(researcher, { mostOfEarnings: forChildren });
  const penniless = others.find(({ hasGas }) => !hasGas);

  console.log("  A client hires a research agent, which hires a search and a legal agent out of the job's escrow.");
  const first = await staff.hire(research, researchOf(stage, "first"), forChildren);
  if (penniless !== undefined) await replaceOnceLate(stage, staff, research, penniless.player);
  await finish(stage, staff, research, first);

  const earned = await stage.system.settlement.creditOf(research.address);
  console.log(`  It is hired again, and now pays them out of the ${octo(earned)} OCTO that it has earned.`);
  const second = await staff.hire(research, researchOf(stage, "second"), "0");
  await finish(stage, staff, research, second);
}

function researchOf({ scenario }: Stage, reference: string): Task {
  const { question, document, words } = scenario.research;
  return { handler: "research", input: { question, document: readDocument(document), words }, reference };
}

/** The agent that was hired cannot pay for its transaction; when its time is over, another takes its job over. */
async function replaceOnceLate(stage: Stage, staff: Staff, research: Employed, name: string): Promise<void> {
  await staff.says(research, `hired agent ${staff.agentIdOf(name)}`);
  await staff.says(research, "accepted and paid"); // the other one's work
  const { minutes } = stage.scenario.research.staff.find(({ player }) => player === name)!;
  await stage.wait(BigInt(minutes * 60) + 1n, `${name} has no ether to submit with, and its ${minutes} minutes pass`);
  await staff.says(research, "takes over");
  await stage.connection.networkHelpers.setBalance(stage.player(name).address, ENOUGH_GAS); // for what comes later
}

/** The client looks at what was submitted, and pays. */
async function finish(stage: Stage, staff: Staff, research: Employed, jobId: bigint): Promise<void> {
  const { jobMarket } = stage.system;
  const client = stage.player(stage.scenario.research.client);
  await staff.submitted(jobId);
  await staff.noteTransactions();
  const [submitted] = await jobMarket.queryFilter(jobMarket.filters.JobSubmitted(jobId));
  const result = await fetchResult(research.process.endpoint, submitted!.args.deliverable, client);
  const { answer, obligations } = JSON.parse(result) as { answer: { summary: string[] }; obligations: string[] };
  stage.tell(`${stage.scenario.research.client} reads: "${answer.summary[0]}" and ${obligations.length} obligations`);
  await stage.send(
    `${stage.scenario.research.client} accepts and pays`,
    jobMarket.connect(client).complete(jobId, id("as agreed"), "0x"),
  );
  for (const job of await staff.newJobs()) await note(stage, job);
}

/** A job as the report shows it. */
async function note(stage: Stage, { jobId, status, budget, schedule }: JobFacts): Promise<void> {
  if (status !== "Completed") {
    stage.jobs.push({ id: `${jobId}`, budget, outcome: "taken over by another agent" });
    return;
  }
  const terms = await stage.system.emissionSchedule.termsOf(schedule);
  stage.jobs.push({ id: `${jobId}`, budget, outcome: "accepted", split: splitOf(budget, terms.schedule, false) });
}
