import { id } from "ethers";

import { type RoleLetter, roleId } from "../../deploy/roles.ts";
import { dealOf, NO_CONSENT, termsOf } from "../lib/deal.ts";
import { type Split, splitOf } from "../lib/split.ts";
import type { Stage } from "./stage.ts";

export type PlainJob = { client: string; provider: string; role: RoleLetter; budget: bigint };

/** A job from the hire to the pay, in one line: by approval, accepted, and bound by no consent. */
export async function playPlainJob(stage: Stage, what: string, { client, provider, role, budget }: PlainJob) {
  const { octo, jobMarket } = stage.system;
  const [payer, worker] = [stage.player(client), stage.player(provider)];
  const jobId = (await jobMarket.jobCount()) + 1n;
  const deal = dealOf(
    { client: payer.address, provider: worker.address },
    { role: roleId(role), terms: termsOf(what), salt: id(`plain ${jobId}`) },
  );
  await stage.sendTogether(
    what,
    () => octo.connect(payer).approve(jobMarket, budget),
    () => jobMarket.connect(payer).hire(deal, budget, NO_CONSENT),
    () => jobMarket.connect(worker).submit(jobId, id(what), "0x"),
    () => jobMarket.connect(payer).complete(jobId, id("as agreed"), "0x"),
  );
}

/** Jobs of the same parties as the report shows them: in one row. */
export async function noteJobs(stage: Stage, first: bigint, outcome: string, budgets: readonly bigint[]) {
  const { schedule } = await stage.system.emissionSchedule.termsOf(1n);
  const splits = budgets.map((budget) => splitOf(budget, schedule, false));
  const last = first + BigInt(budgets.length) - 1n;
  stage.jobs.push({
    id: first === last ? `${first}` : `${first}-${last}`,
    outcome,
    budget: budgets.reduce((sum, budget) => sum + budget, 0n),
    split: splits.reduce(added),
  });
}

function added(one: Split, other: Split): Split {
  return {
    provider: one.provider + other.provider,
    orchestrator: one.orchestrator + other.orchestrator,
    treasury: one.treasury + other.treasury,
    burn: one.burn + other.burn,
    voters: one.voters + other.voters,
  };
}
