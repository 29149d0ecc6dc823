import { Contract, type ContractRunner, id, Interface } from "ethers";

// What ERC-8183 says, written down from its text and from the ABIs in use: nothing here comes from our own bindings.

/** The functions of the reference repository's head. */
export const HEAD_ABI = [
  "function createJob(address provider, address evaluator, uint256 expiredAt, string description, address hook, uint256 providerAgentId) returns (uint256)",
  "function setProvider(uint256 jobId, address provider, uint256 agentId)",
  "function setBudget(uint256 jobId, address token, uint256 amount, bytes optParams)",
  "function fund(uint256 jobId, uint256 expectedBudget, bytes optParams)",
  "function submit(uint256 jobId, bytes32 deliverable, bytes optParams)",
  "function complete(uint256 jobId, bytes32 reason, bytes optParams)",
  "function reject(uint256 jobId, bytes32 reason, bytes optParams)",
  "function claimRefund(uint256 jobId)",
  "function getJob(uint256 jobId) view returns (tuple(uint256 id, address client, address provider, address evaluator, string description, uint256 budget, uint256 expiredAt, uint8 status, address hook, address paymentToken, uint256 providerAgentId, uint256 submittedAt))",
];

/** The functions of the contracts that are deployed elsewhere. */
export const DEPLOYED_ABI = [
  "function createJob(address provider, address evaluator, uint256 expiredAt, string description, address hook) returns (uint256)",
  "function setProvider(uint256 jobId, address provider)",
  "function setBudget(uint256 jobId, uint256 amount, bytes optParams)",
  "function fund(uint256 jobId, uint256 expectedBudget, bytes optParams)",
  "function submit(uint256 jobId, bytes32 deliverable, bytes optParams)",
  "function complete(uint256 jobId, bytes32 reason, bytes optParams)",
  "function reject(uint256 jobId, bytes32 reason, bytes optParams)",
  "function claimRefund(uint256 jobId)",
  "function getJobDeployed(uint256 jobId) view returns (tuple(address client, uint8 status, address provider, uint48 expiredAt, address evaluator, address hook, uint256 budget, string description))",
];

/** The events of the ERC's text. */
export const EVENTS = [
  "event JobCreated(uint256 indexed jobId, address indexed client, address indexed provider, address evaluator, uint256 expiredAt, address hook)",
  "event ProviderSet(uint256 indexed jobId, address indexed provider)",
  "event BudgetSet(uint256 indexed jobId, uint256 amount)",
  "event JobFunded(uint256 indexed jobId, address indexed client, uint256 amount)",
  "event JobSubmitted(uint256 indexed jobId, address indexed provider, bytes32 deliverable)",
  "event JobCompleted(uint256 indexed jobId, address indexed evaluator, bytes32 reason)",
  "event JobRejected(uint256 indexed jobId, address indexed rejector, bytes32 reason)",
  "event JobExpired(uint256 indexed jobId)",
  "event PaymentReleased(uint256 indexed jobId, address indexed provider, uint256 amount)",
  "event Refunded(uint256 indexed jobId, address indexed client, uint256 amount)",
];

/** `enum JobStatus`, numbered as the standard has it. */
export const JOB_STATUS = { Open: 0n, Funded: 1n, Submitted: 2n, Completed: 3n, Rejected: 4n, Expired: 5n } as const;

/** Selectors as the standard's sheet gives them. */
export const HEAD_SELECTORS: Record<string, string> = {
  createJob: "0x1c226749",
  setProvider: "0xfac3246c",
  setBudget: "0xf3302b89",
  fund: "0xd2e13f50",
  submit: "0x9e63798d",
  complete: "0xd75bbdf3",
  reject: "0x41dd26f5",
  claimRefund: "0x5b7baf64",
  getJob: "0xbf22c457",
};

export const DEPLOYED_SELECTORS: Record<string, string> = {
  createJob: "0x41528812",
  setProvider: "0xd0fae591",
  setBudget: "0xdd4ae9d4",
  fund: "0xd2e13f50",
  submit: "0x9e63798d",
  complete: "0xd75bbdf3",
  reject: "0x41dd26f5",
  claimRefund: "0x5b7baf64",
};

export const DELIVERABLE = id("the deliverable");
export const REASON = id("the reason");

/** A client that knows one of the standard's ABIs and nothing else. */
export function speaker(abi: readonly string[], address: string, runner: ContractRunner): Contract {
  return new Contract(address, [...abi, ...EVENTS], runner);
}

export function selectorsOf(abi: readonly string[]): Record<string, string> {
  const found: Record<string, string> = {};
  new Interface(abi).forEachFunction(({ name, selector }) => (found[name] = selector));
  return found;
}
