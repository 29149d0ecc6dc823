import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { id } from "ethers";

import { OFFENCES, roleId } from "../../../deploy/roles.ts";
import { octo } from "../../lib/amounts.ts";
import { dealOf, NO_CONSENT, termsOf } from "../../lib/deal.ts";
import { readDocument } from "../scenario.ts";
import type { Act, Stage } from "../stage.ts";

const DAY = 86_400n;
const ROLE = roleId("D");
const APPROVAL = 0n;
const [LEVY, APPEAL] = [1n, 2n];
const BLOCKS_TO_DRAW = 3;

/** A provider is shown to have done nothing: the client has its money back, the arbiters their fee, the appeal fails. */
export const dispute: Act = {
  title: "A dispute is judged",
  async play(stage) {
    const jobId = await rubbish(stage);
    const caseId = await bring(stage, jobId);
    await judge(stage, jobId, caseId);
    await appeal(stage, jobId, caseId);
    await execute(stage, jobId);
    await payArbiters(stage, jobId);
  },
};

/** Work that is none. */
async function rubbish(stage: Stage): Promise<bigint> {
  const { title, client: name, provider, budget, document } = stage.scenario.dispute;
  const { octo: token, jobMarket } = stage.system;
  const [client, worker] = [stage.player(name), stage.player(provider)];
  const terms = termsOf(JSON.stringify({ title, document: id(readDocument(document)) }));
  const jobId = (await jobMarket.jobCount()) + 1n;
  const deal = dealOf({ client: client.address, provider: worker.address }, { terms, salt: id(title) });
  console.log(`  ${title} (${octo(budget)} OCTO)`);
  await token.connect(client).approve(jobMarket, budget);
  await stage.send(`${name} hires by approval`, jobMarket.connect(client).hire(deal, budget, NO_CONSENT));
  await stage.send(`${provider} submits rubbish`, jobMarket.connect(worker).submit(jobId, id("lorem ipsum"), "0x"));
  return jobId;
}

async function bring(stage: Stage, jobId: bigint): Promise<bigint> {
  const { octo: token, disputeDesk } = stage.system;
  const { client: name, provider, budget } = stage.scenario.dispute;
  const client = stage.player(name);
  const bond = await disputeDesk.bondFor(budget);
  await token.connect(client).approve(disputeDesk, bond);
  await stage.send(
    `${name} disputes it, with ${octo(bond)} OCTO at stake, and freezes ${provider}'s stake`,
    disputeDesk.connect(client).open(jobId, id("this is no summary"), APPROVAL, true),
  );
  for (const party of [name, provider]) {
    await stage.send(
      `${party} shows evidence`,
      disputeDesk.connect(stage.player(party)).submitEvidence(jobId, "ipfs://evidence", id(party)),
    );
  }
  await stage.wait(7n * DAY + 1n, "the time for evidence passes");
  await stage.send("relayer brings the case", disputeDesk.connect(stage.player("relayer")).bringCase(jobId));
  return (await disputeDesk.disputeOf(jobId)).caseId;
}

async function judge(stage: Stage, jobId: bigint, caseId: bigint): Promise<void> {
  const { panelArbiter, disputeDesk } = stage.system;
  const relayer = stage.player("relayer");
  await stage.connection.networkHelpers.mine(BLOCKS_TO_DRAW);
  await stage.send(
    "relayer has the panel drawn by a block that nobody knew",
    panelArbiter.connect(relayer).draw(caseId),
  );
  const members = new Set(await panelArbiter.panelOf(caseId));
  const panel = stage.arbiters.filter(({ address }) => members.has(address));
  const { forClient } = stage.scenario.dispute;
  const [majority, minority] = [panel.slice(0, forClient), panel.slice(forClient)];
  await vote(stage, `${majority.length} of ${panel.length} arbiters vote for the client`, caseId, majority, 0n);
  if (minority.length > 0) await vote(stage, `${minority.length} vote for the provider`, caseId, minority, 100n);
  await stage.send("relayer closes the vote", panelArbiter.connect(relayer).close(caseId));
  const { share } = await disputeDesk.disputeOf(jobId);
  stage.tell(`the panel gives the provider ${share} % of the escrow`);
}

async function appeal(stage: Stage, jobId: bigint, caseId: bigint): Promise<void> {
  const { octo: token, disputeDesk, panelArbiter } = stage.system;
  const { provider } = stage.scenario.dispute;
  const appellant = stage.player(provider);
  const bond = 2n * (await disputeDesk.disputeOf(jobId)).bond;
  await token.connect(appellant).approve(disputeDesk, bond);
  await stage.send(
    `${provider} appeals, with ${octo(bond)} OCTO at stake`,
    disputeDesk.connect(appellant).appeal(jobId, APPROVAL),
  );
  await vote(stage, `all ${stage.arbiters.length} arbiters vote for the client`, caseId, stage.arbiters, 0n);
  await stage.send("relayer closes the vote", panelArbiter.connect(stage.player("relayer")).close(caseId));
}

async function execute(stage: Stage, jobId: bigint): Promise<void> {
  const { disputeDesk, settlement, registry } = stage.system;
  const { client: name, provider, budget } = stage.scenario.dispute;
  const [client, worker] = [stage.player(name).address, stage.player(provider).address];
  const relayer = disputeDesk.connect(stage.player("relayer"));
  const before = await settlement.creditOf(client);
  await stage.send("relayer has the verdict executed", relayer.execute(jobId));
  stage.tell(`${name} has ${octo((await settlement.creditOf(client)) - before)} OCTO back: the escrow and its bond`);
  const [bonded] = await registry.bondOf(worker, ROLE);
  await stage.send(`relayer has ${provider} pay its bond and be slashed`, relayer.punish(jobId));
  const [left] = await registry.bondOf(worker, ROLE);
  stage.tell(`${provider} loses ${octo(bonded - left)} of its ${octo(bonded)} OCTO`);
  stage.jobs.push({ id: `${jobId}`, budget, outcome: "refunded by the arbiters' verdict" });
}

/** The majority of each round shares four fifths of what the loser paid; the rest is burned. */
async function payArbiters(stage: Stage, jobId: bigint): Promise<void> {
  const { disputeDesk, settlement } = stage.system;
  const owed = async () =>
    (await Promise.all(stage.arbiters.map(({ address }) => settlement.creditOf(address)))).reduce((a, b) => a + b, 0n);
  const collecting = [LEVY, APPEAL].flatMap((pot) =>
    stage.arbiters.map((arbiter) => ({ pot, desk: disputeDesk.connect(arbiter) })),
  );
  const due: (() => ReturnType<typeof disputeDesk.collectFee>)[] = [];
  for (const { pot, desk } of collecting) {
    const isDue = await desk.collectFee.staticCall(jobId, pot).then(
      () => true,
      () => false,
    );
    if (isDue) due.push(() => desk.collectFee(jobId, pot));
  }
  await stage.sendTogether(`the arbiters take their fees`, ...due);
  stage.tell(`they have ${octo(await owed())} OCTO of what ${stage.scenario.dispute.provider} had at stake`);
}

async function vote(stage: Stage, what: string, caseId: bigint, voters: readonly HardhatEthersSigner[], share: bigint) {
  const { panelArbiter } = stage.system;
  const offence = BigInt(OFFENCES.indexOf(stage.scenario.dispute.offence));
  await stage.sendTogether(
    what,
    ...voters.map((voter) => () => panelArbiter.connect(voter).vote(caseId, share, share === 0n, offence)),
  );
}
