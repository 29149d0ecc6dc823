import type { Week } from "../calendar.ts";
import type { JobPlan } from "../jobs.ts";

/** Somebody with a simple strategy. A week asks each agent in turn; what it leaves out, it does not do. */
export interface Agent {
  /** Begins the week: money, vesting, exits. */
  begin?(week: Week): Promise<void>;
  /** The work it wants done this week. */
  jobs?(week: Week): JobPlan[];
  /** Says that it is there, once in each window of eight hours. */
  beat?(): Promise<void>;
  /** What it does at the engine, in an order left to chance. */
  trade?(week: Week): Promise<void>;
  /** Ends the week: what was earned is put where it belongs. */
  end?(week: Week): Promise<void>;
}

/** What somebody has gained or lost, in wei of OCTO. */
export type Result = {
  /** What he brought. */
  putIn: bigint;
  /** What he has: OCTO anywhere, and role tokens at what the engine would pay for them. */
  holds: bigint;
};

export const resultOf = ({ putIn, holds }: Result): bigint => holds - putIn;
