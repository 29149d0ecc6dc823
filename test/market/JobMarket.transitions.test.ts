import { expect } from "chai";
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { ZeroAddress } from "ethers";

import { ethers, loadFixture, networkHelpers, time } from "../support/fixture.ts";
import { BUDGET, DAY, DELIVERABLE, openForBusiness, REASON, STATUS } from "../support/jobs.ts";

// Every transition x every caller x every state, with an evaluator and without one, in time and late. What is allowed
// is written out below; everything else is refused with the error named, and what is allowed moves one job alone.

const CALLERS = ["client", "provider", "evaluator", "orchestrator", "stranger"] as const;
type Caller = (typeof CALLERS)[number];

/** "unnamed" is Open without a provider. */
const STATES = [
  "unknown",
  "unnamed",
  "Open",
  "Funded",
  "Submitted",
  "Declined",
  "Disputed",
  "Completed",
  "Rejected",
  "Expired",
] as const;
type State = (typeof STATES)[number];
type Status = keyof typeof STATUS;

const TRANSITIONS = [
  "setProvider",
  "setBudget",
  "fund",
  "submit",
  "complete",
  "release",
  "reject",
  "acceptRejection",
  "claimRefund",
] as const;
type Transition = (typeof TRANSITIONS)[number];

/** One call that somebody tries on one job. */
type Attempt = {
  jobId: bigint;
  status: Status;
  caller: string;
  late: boolean;
  evaluated: boolean;
  deadline: bigint;
  reviewEndsAt: bigint;
  /** Who has the part in this job; without an evaluator the client is his own. */
  party: Record<"client" | "provider" | "evaluator", string>;
};

/** What must come of it: the next status and what leaves (-) or enters (+) the escrow, or an error. */
type Outcome = { to: Status; escrow: bigint } | { error: string; args: unknown[] };
type Rule = (attempt: Attempt) => Outcome;

const becomes =
  (to: Status, escrow = 0n): Rule =>
  () => ({ to, escrow });
const pays = (to: Status): Rule => becomes(to, -BUDGET);
const refused =
  (error: string, args: (attempt: Attempt) => unknown[]): Rule =>
  (attempt) => ({ error, args: args(attempt) });

const unknown = refused("JobMarketUnknownJob", ({ jobId }) => [jobId]);
const noParty = refused("JobMarketZeroParty", () => []);
const needs = (required: Status): Rule =>
  refused("JobMarketWrongStatus", ({ jobId, status }) => [jobId, STATUS[status], STATUS[required]]);

const only =
  (party: keyof Attempt["party"], rule: Rule): Rule =>
  (attempt) =>
    attempt.caller === attempt.party[party]
      ? rule(attempt)
      : { error: "JobMarketWrongCaller", args: [attempt.jobId, attempt.caller, attempt.party[party]] };

const onlyParties =
  (rule: Rule): Rule =>
  (attempt) =>
    [attempt.party.client, attempt.party.provider].includes(attempt.caller)
      ? rule(attempt)
      : { error: "JobMarketCallerNotParty", args: [attempt.jobId, attempt.caller] };

const inTime =
  (rule: Rule, tooLate: Rule): Rule =>
  (attempt) =>
    attempt.late ? tooLate(attempt) : rule(attempt);
const once =
  (tooEarly: Rule, rule: Rule): Rule =>
  (attempt) =>
    attempt.late ? rule(attempt) : tooEarly(attempt);
const ifEvaluated =
  (rule: Rule, otherwise: Rule): Rule =>
  (attempt) =>
    attempt.evaluated ? rule(attempt) : otherwise(attempt);

const deadlinePassed = refused("JobMarketDeadlinePassed", ({ jobId, deadline }) => [jobId, deadline]);
const deadlineNotPassed = refused("JobMarketDeadlineNotPassed", ({ jobId, deadline }) => [jobId, deadline]);
const reviewNotEnded = refused("JobMarketReviewNotEnded", ({ jobId, reviewEndsAt }) => [jobId, reviewEndsAt]);
const reviewEnded = refused("JobMarketReviewEnded", ({ jobId, reviewEndsAt }) => [jobId, reviewEndsAt]);
const alreadySubmitted = refused("JobMarketAlreadySubmitted", ({ jobId, reviewEndsAt }) => [jobId, reviewEndsAt]);
const alreadySet = refused("JobMarketProviderAlreadySet", ({ jobId, party }) => [jobId, party.provider]);
const answerNotOver = refused("JobMarketAnswerNotOver", ({ jobId, reviewEndsAt }) => [jobId, reviewEndsAt + 3n * DAY]);

const EVERYWHERE = (required: Status): Record<State, Rule> => ({
  unknown,
  unnamed: needs(required),
  Open: needs(required),
  Funded: needs(required),
  Submitted: needs(required),
  Declined: needs(required),
  Disputed: needs(required),
  Completed: needs(required),
  Rejected: needs(required),
  Expired: needs(required),
});

/** The whole law of a job's life. */
const LAW: Record<Transition, Record<State, Rule>> = {
  setProvider: {
    ...EVERYWHERE("Open"),
    unnamed: only("client", becomes("Open")),
    Open: only("client", alreadySet),
  },
  setBudget: {
    ...EVERYWHERE("Open"),
    unnamed: onlyParties(becomes("Open")),
    Open: onlyParties(becomes("Open")),
  },
  fund: {
    ...EVERYWHERE("Open"),
    unnamed: only("client", noParty),
    Open: only("client", inTime(becomes("Funded", BUDGET), deadlinePassed)),
  },
  submit: {
    ...EVERYWHERE("Funded"),
    Funded: only("provider", inTime(becomes("Submitted"), deadlinePassed)),
  },
  complete: {
    ...EVERYWHERE("Submitted"),
    Submitted: only("evaluator", pays("Completed")),
    Declined: only("evaluator", pays("Completed")),
  },
  release: {
    ...EVERYWHERE("Submitted"),
    Submitted: once(reviewNotEnded, pays("Completed")),
  },
  reject: {
    ...EVERYWHERE("Funded"),
    unnamed: only("client", becomes("Rejected")),
    Open: only("client", becomes("Rejected")),
    Funded: only("evaluator", pays("Rejected")),
    Submitted: only("evaluator", inTime(ifEvaluated(pays("Rejected"), becomes("Declined")), reviewEnded)),
  },
  acceptRejection: {
    ...EVERYWHERE("Declined"),
    Declined: only("provider", pays("Rejected")),
  },
  claimRefund: {
    ...EVERYWHERE("Funded"),
    unnamed: once(deadlineNotPassed, becomes("Expired")),
    Open: once(deadlineNotPassed, becomes("Expired")),
    Funded: once(deadlineNotPassed, pays("Expired")),
    Submitted: alreadySubmitted,
    Declined: once(answerNotOver, pays("Rejected")),
  },
};

/** A job in every state, with an evaluator and without one. */
async function jobInEveryState() {
  const world = await loadFixture(openForBusiness);
  const { jobs, actors } = world;
  const make = async (evaluated: boolean): Promise<Partial<Record<State, bigint>>> => {
    const evaluator = evaluated ? actors.evaluator.address : actors.client.address;
    const parties = { evaluator, orchestrator: actors.orchestrator.address };
    return {
      unknown: 999n,
      unnamed: await jobs.opened({ provider: ZeroAddress, evaluator, duration: 60n * DAY }),
      Open: await jobs.opened({ evaluator, duration: 60n * DAY }),
      Funded: await jobs.hire({ ...parties, duration: 60n * DAY }),
      Expired: await jobs.expired({ ...parties, duration: 300n }),
      Submitted: await jobs.submitted(parties),
      Completed: await jobs.completed(parties),
      Rejected: await jobs.rejected(parties),
      // Where an evaluator decides, nobody declines and nobody disputes.
      ...(evaluated ? {} : { Declined: await jobs.declined(parties), Disputed: await jobs.disputed(parties) }),
    };
  };
  return { ...world, evaluated: await make(true), unevaluated: await make(false) };
}

/** The same, once every deadline and every review has passed. */
async function lateInEveryState() {
  const world = await jobInEveryState();
  await time.increase(100n * DAY);
  return world;
}

/** In words, for a job with an evaluator, if there can be one. */
function whoMay(transition: Transition, state: State, late: boolean): string {
  const evaluated = state !== "Declined" && state !== "Disputed";
  const party = {
    client: "client",
    provider: state === "unnamed" ? "" : "provider",
    evaluator: evaluated ? "evaluator" : "client",
  };
  const status = state === "unknown" || state === "unnamed" ? "Open" : state;
  const attempt = { jobId: 1n, status, late, evaluated, deadline: 0n, reviewEndsAt: 0n, party } as const;
  const letThrough = CALLERS.filter((caller) => "to" in LAW[transition][state]({ ...attempt, caller }));
  if (letThrough.length === CALLERS.length) return "lets everybody";
  return letThrough.length === 0 ? "refuses everybody" : `lets the ${letThrough.join(" and the ")} and nobody else`;
}

type Stage = Awaited<ReturnType<typeof jobInEveryState>>;

function run({ jobs, system, actors }: Stage, transition: Transition, jobId: bigint, caller: HardhatEthersSigner) {
  const market = jobs.market.connect(caller);
  const calls: Record<Transition, () => Promise<unknown>> = {
    setProvider: () => market.setProvider(jobId, actors.provider.address, 0n),
    setBudget: () => market.setBudget(jobId, system.addresses.octo, BUDGET, "0x"),
    fund: () => market.fund(jobId, BUDGET, "0x"),
    submit: () => market.submit(jobId, DELIVERABLE, "0x"),
    complete: () => market.complete(jobId, REASON, "0x"),
    release: () => market.release(jobId),
    reject: () => market.reject(jobId, REASON, "0x"),
    acceptRejection: () => market.acceptRejection(jobId),
    claimRefund: () => market.claimRefund(jobId),
  };
  return calls[transition]();
}

async function attemptOf({ jobs, actors }: Stage, state: State, jobId: bigint, caller: Caller, evaluated: boolean) {
  const known = state !== "unknown";
  return {
    jobId,
    status: state === "unknown" || state === "unnamed" ? "Open" : state,
    caller: actors[caller].address,
    evaluated,
    deadline: known ? await jobs.deadlineOf(jobId) : 0n,
    reviewEndsAt: known ? await jobs.reviewEndOf(jobId) : 0n,
    party: {
      client: actors.client.address,
      provider: state === "unnamed" ? ZeroAddress : actors.provider.address,
      evaluator: evaluated ? actors.evaluator.address : actors.client.address,
    },
  } as const;
}

/** Every job but one: what a call must not touch. */
async function othersThan({ jobs, evaluated, unevaluated }: Stage, jobId: bigint): Promise<string> {
  const ids = [...Object.values(evaluated), ...Object.values(unevaluated)].filter((id) => id !== jobId && id !== 999n);
  const seen = await Promise.all(ids.map(async (id) => [await jobs.view(id), await jobs.terms(id)]));
  return JSON.stringify(seen, (_key, value: unknown) => (typeof value === "bigint" ? `${value}` : value));
}

/** Tries one transition on the job of one state as everybody. */
async function tryAll(stage: Stage, transition: Transition, state: State, evaluated: boolean, late: boolean) {
  const { jobs, actors } = stage;
  const jobId = stage[evaluated ? "evaluated" : "unevaluated"][state];
  if (jobId === undefined) return;

  for (const caller of CALLERS) {
    const cell = `${transition} of ${state} by the ${caller}, ${evaluated ? "with" : "without"} an evaluator`;
    const outcome = LAW[transition][state]({ ...(await attemptOf(stage, state, jobId, caller, evaluated)), late });
    if ("error" in outcome) {
      const block = await ethers.provider.getBlockNumber();
      await expect(run(stage, transition, jobId, actors[caller]), cell)
        .to.be.revertedWithCustomError(jobs.market, outcome.error)
        .withArgs(...outcome.args);
      expect(await ethers.provider.getBlockNumber(), `${cell}: no block, no change`).to.equal(block);
      continue;
    }
    const snapshot = await networkHelpers.takeSnapshot();
    const [escrow, others] = [await jobs.escrow(), await othersThan(stage, jobId)];
    await run(stage, transition, jobId, actors[caller]);
    expect(await jobs.statusOf(jobId), cell).to.equal(STATUS[outcome.to]);
    expect(await jobs.escrow(), cell).to.equal(escrow + outcome.escrow);
    expect(await othersThan(stage, jobId), cell).to.equal(others);
    await snapshot.restore();
  }
}

describe("JobMarket", () => {
  for (const [moment, fixture, late] of [
    ["in time", jobInEveryState, false],
    ["after deadline and review", lateInEveryState, true],
  ] as const) {
    describe(`the law of a job's life, ${moment} (M-01, M-06)`, () => {
      for (const transition of TRANSITIONS) {
        describe(transition, () => {
          for (const state of STATES) {
            it(`${state}: ${whoMay(transition, state, late)}`, async () => {
              const stage = await loadFixture(fixture);
              await tryAll(stage, transition, state, true, late);
              await tryAll(stage, transition, state, false, late);
            });
          }
        });
      }
    });
  }

  describe("the law of a job's life", () => {
    it("lets nothing happen to a job that has ended (M-01)", () => {
      const attempt = { jobId: 1n, caller: "", late: true, evaluated: true, deadline: 0n, reviewEndsAt: 0n };
      const party = { client: "", provider: "", evaluator: "" };
      for (const status of ["Completed", "Rejected", "Expired"] as const) {
        for (const transition of TRANSITIONS) {
          expect(LAW[transition][status]({ ...attempt, status, party }), transition).to.have.property("error");
        }
      }
    });

    it("ends every job by time alone, whoever is silent (M-06)", () => {
      const attempt = { jobId: 1n, caller: "anybody", late: true, evaluated: true, deadline: 0n, reviewEndsAt: 0n };
      const party = { client: "", provider: "", evaluator: "" };
      for (const [status, exit] of [
        ["Open", "claimRefund"],
        ["Funded", "claimRefund"],
        ["Submitted", "release"],
        ["Declined", "claimRefund"],
      ] as const) {
        expect(LAW[exit][status]({ ...attempt, status, party }), status).to.have.property("to");
      }
    });
  });
});
