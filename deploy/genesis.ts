// Where the cap of 10 billion OCTO goes: the one table that the deployment reads and the tests compare with the chain. A
// month is 30 days, and every time counts from genesis.

import { parseEther } from "ethers";

const MONTH = 30n * 86_400n;

const months = (count: number) => BigInt(count) * MONTH;
const million = (count: number) => parseEther(`${count}`) * 1_000_000n;

/** In the form of the struct of contracts/tokens/libraries/VestingSchedule.sol: amounts in wei, times in seconds. */
export type VestingTerms = {
  readonly initial: bigint;
  readonly later: bigint;
  readonly firstStepAfter: bigint;
  readonly stepLength: bigint;
  readonly steps: bigint;
  readonly lock: bigint;
};

/** What vests when it is attested: amounts in wei, times in seconds. */
export type MilestoneTerms = {
  readonly amounts: readonly bigint[];
  /** From the attestation until the amount is free. */
  readonly lock: bigint;
  /** The last moment for an attestation; what is not attested by then is the treasury's. */
  readonly deadlineAfter: bigint;
};

/** What vests by time, each in an AllocationVesting of its own. */
export const VESTED = {
  /** Treasury and DAO, 2.0 B: 200 M at genesis, the rest by the second from month 36 to month 96. */
  treasury: {
    initial: million(200),
    later: million(1_800),
    firstStepAfter: months(36) + 1n,
    stepLength: 1n,
    steps: months(60),
    lock: 0n,
  },
  /** Team and founders, 1.2 B: 16 quarters from month 15 on, each free 6 months after it has vested. */
  team: {
    initial: 0n,
    later: million(1_200),
    firstStepAfter: months(15),
    stepLength: months(3),
    steps: 16n,
    lock: months(6),
  },
  /** Early contributors, 800 M: 200 M at genesis, the rest in 30 months from month 7 on. */
  early: {
    initial: million(200),
    later: million(600),
    firstStepAfter: months(7),
    stepLength: MONTH,
    steps: 30n,
    lock: 0n,
  },
} as const satisfies Record<string, VestingTerms>;

/** Strategic partners, 500 M: 10, 30, 30 and 30 %, each free 3 months after it is attested, by month 48. */
export const PARTNERS = {
  amounts: [million(50), million(150), million(150), million(150)],
  lock: months(3),
  deadlineAfter: months(48),
} as const satisfies MilestoneTerms;

/** Liquidity, 500 M: free at genesis. */
export const LIQUIDITY = million(500);

/** What is minted later, for settled work only, as contracts/tokens/libraries/MintBudget.sol opens it; never a balance. */
export const BUDGETS = {
  /** Ecosystem rewards, 3.5 B. */
  ecosystem: million(3_500),
  /** Infrastructure incentives, 1.5 B. */
  infrastructure: million(1_500),
} as const;

const sum = (amounts: readonly bigint[]) => amounts.reduce((total, amount) => total + amount, 0n);

/** All that a schedule ever sets free. */
export const wholeOf = ({ initial, later }: VestingTerms) => initial + later;

/** The seven allocations in wei of OCTO: five are minted at genesis, two are budgets. */
export const GENESIS = {
  treasury: wholeOf(VESTED.treasury),
  team: wholeOf(VESTED.team),
  early: wholeOf(VESTED.early),
  partners: sum(PARTNERS.amounts),
  liquidity: LIQUIDITY,
  ...BUDGETS,
} as const;
