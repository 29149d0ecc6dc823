// The commands of the market: `npx hardhat octo agent ...` and `npx hardhat octo job ...`.

import { emptyTask, task } from "hardhat/config";

import { type Command, commandTask } from "./command.ts";

const job = { name: "job", description: "The job's number" };
const taskFile = { name: "task", description: "File with the task: a handler and its input (JSON or json5)" };
const reason = { name: "reason", description: "Why; its hash goes on chain", defaultValue: "" };

const AGENTS: Command[] = [
  {
    name: ["agent", "list"],
    description: "Shows the agents that are published, the cheapest first",
    options: [{ name: "capability", description: "Only those that offer it", defaultValue: "" }],
    load: async () => (await import("../agents/commands.ts")).showAgents,
  },
  {
    name: ["agent", "bond"],
    description: "Makes the account active in a role: buys role tokens and bonds the least of both lanes",
    options: [
      { name: "role", description: "The role's letter", defaultValue: "D" },
      { name: "times", description: "How many times the least", defaultValue: "1" },
    ],
    load: async () => (await import("../agents/bond.ts")).bondAccount,
  },
  {
    name: ["agent", "publish"],
    description: "Registers an agent and publishes what its manifest offers, or replaces an agent's offer",
    takes: [{ name: "manifest", description: "Its manifest (JSON or json5)" }],
    options: [
      { name: "uri", description: "Where its ERC-8004 registration file is", defaultValue: "" },
      { name: "agent", description: "The number of an agent that is registered already", defaultValue: "" },
    ],
    load: async () => (await import("../agents/commands.ts")).publishAgent,
  },
  {
    name: ["agent", "unpublish"],
    description: "Takes an agent's offer out",
    takes: [{ name: "agent", description: "The agent's number" }],
    load: async () => (await import("../agents/commands.ts")).unpublishAgent,
  },
];

const JOBS: Command[] = [
  {
    name: ["job", "list"],
    description: "Shows the latest jobs, or those of an account",
    options: [{ name: "party", description: "Only jobs of this address", defaultValue: "" }],
    load: async () => (await import("../jobs/show.ts")).listJobs,
  },
  {
    name: ["job", "show"],
    description: "Shows a job, and whose turn it is",
    takes: [job],
    load: async () => (await import("../jobs/show.ts")).showJob,
  },
  {
    name: ["job", "tree"],
    description: "Shows the tree of jobs that a job belongs to",
    takes: [job],
    load: async () => (await import("../jobs/show.ts")).showTree,
  },
  {
    name: ["job", "hire"],
    description: "Hires an agent at its listed price and delivers the task to it",
    takes: [{ name: "agent", description: "The agent's number" }, taskFile],
    options: [
      { name: "pay", description: "approval, or credit in the vault", defaultValue: "approval" },
      { name: "children", description: "What of the price it may spend on other agents, in OCTO", defaultValue: "0" },
      { name: "hours", description: "Time for the work; at least the agent's own", defaultValue: "24" },
    ],
    load: async () => (await import("../jobs/hire.ts")).hireAgent,
  },
  {
    name: ["job", "deliver"],
    description: "Delivers the task of a job to its agent once more",
    takes: [job, taskFile],
    load: async () => (await import("../jobs/hire.ts")).deliverAgain,
  },
  {
    name: ["job", "result"],
    description: "Fetches what was submitted for a job; its client only",
    takes: [job],
    load: async () => (await import("../jobs/hire.ts")).showResult,
  },
  {
    name: ["job", "submit"],
    description: "Submits the hash of a file as the work; the provider",
    takes: [job, { name: "file", description: "The work" }],
    load: async () => (await import("../jobs/steps.ts")).submit,
  },
  {
    name: ["job", "complete"],
    description: "Accepts the work and pays; the client, or the evaluator",
    takes: [job],
    options: [reason],
    load: async () => (await import("../jobs/steps.ts")).complete,
  },
  {
    name: ["job", "reject"],
    description: "Rejects the work, or takes a job back before any was submitted; the client, or the evaluator",
    takes: [job],
    options: [reason],
    load: async () => (await import("../jobs/steps.ts")).reject,
  },
  {
    name: ["job", "accept-rejection"],
    description: "Accepts the client's rejection; the provider",
    takes: [job],
    load: async () => (await import("../jobs/steps.ts")).acceptRejection,
  },
  {
    name: ["job", "release"],
    description: "Pays the provider when the review ended in silence; anybody",
    takes: [job],
    load: async () => (await import("../jobs/steps.ts")).release,
  },
  {
    name: ["job", "refund"],
    description: "Returns the escrow when the provider was silent; anybody",
    takes: [job],
    load: async () => (await import("../jobs/steps.ts")).refund,
  },
  {
    name: ["job", "rate"],
    description: "Rates completed work with 0 to 100; the client",
    takes: [job, { name: "rating", description: "0 to 100" }],
    load: async () => (await import("../jobs/steps.ts")).rate,
  },
  {
    name: ["job", "dispute"],
    description: "Disputes submitted work; the client, or the provider whose work was rejected",
    takes: [job],
    options: [
      { name: "claim", description: "What is claimed; its hash goes on chain", defaultValue: "" },
      { name: "freeze", description: "yes: freeze as much of the provider's stake as is disputed", defaultValue: "no" },
    ],
    load: async () => (await import("../jobs/dispute.ts")).dispute,
  },
  {
    name: ["job", "answer"],
    description: "Posts the other side's bond of a dispute",
    takes: [job],
    load: async () => (await import("../jobs/dispute.ts")).answer,
  },
  {
    name: ["job", "evidence"],
    description: "Shows evidence to the arbiters; either side",
    takes: [job, { name: "uri", description: "Where it is" }],
    load: async () => (await import("../jobs/dispute.ts")).evidence,
  },
  {
    name: ["job", "appeal"],
    description: "Appeals against the panel's ruling; either side",
    takes: [job],
    load: async () => (await import("../jobs/dispute.ts")).appeal,
  },
  {
    name: ["job", "advance"],
    description: "Does what is due about a job or its dispute and may be done by anybody",
    takes: [job],
    load: async () => (await import("../jobs/dispute.ts")).advance,
  },
];

export const marketTasks = [
  emptyTask(["octo", "agent"], "Shows, publishes and runs agents").build(),
  emptyTask(["octo", "job"], "Hires agents and takes a job's steps").build(),
  ...[...AGENTS, ...JOBS].map(commandTask),
  task(["octo", "agent", "run"], "Runs an agent until it is told to stop")
    .addPositionalArgument({ name: "file", description: "Its configuration (JSON or json5)" })
    .setAction(() => import("./agent.ts"))
    .build(),
];
