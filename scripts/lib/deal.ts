import { type BigNumberish, id, keccak256, toUtf8Bytes, ZeroAddress } from "ethers";

import { roleId, SCHEDULES } from "../../deploy/roles.ts";

/** What client and provider agree on; the members of the contract's `Deal`. */
export type Deal = {
  client: string;
  provider: string;
  evaluator: string;
  orchestrator: string;
  hook: string;
  role: bigint;
  schedule: bigint;
  duration: bigint;
  agentId: bigint;
  forChildren: bigint;
  terms: string;
  salt: string;
};

/** A provider's signature under a deal; an empty one is none. */
export type Consent = { nonce: bigint; deadline: bigint; signature: string };

export const NO_CONSENT: Consent = { nonce: 0n, deadline: 0n, signature: "0x" };

/** A deal with an agent (role D) under the Service schedule, without orchestrator and evaluator, for a day. */
export function dealOf(parties: Pick<Deal, "client" | "provider">, rest: Partial<Deal> = {}): Deal {
  return {
    evaluator: ZeroAddress,
    orchestrator: ZeroAddress,
    hook: ZeroAddress,
    role: roleId("D"),
    schedule: SCHEDULES.SERVICE,
    duration: 86_400n,
    agentId: 0n,
    forChildren: 0n,
    terms: termsOf("Whatever was agreed."),
    salt: id("first"),
    ...parties,
    ...rest,
  };
}

/** The hash under which a text stands as a job's terms. */
export function termsOf(text: string): string {
  return keccak256(toUtf8Bytes(text));
}

const DEAL_FIELDS = [
  { name: "action", type: "bytes4" },
  { name: "client", type: "address" },
  { name: "provider", type: "address" },
  { name: "evaluator", type: "address" },
  { name: "orchestrator", type: "address" },
  { name: "hook", type: "address" },
  { name: "role", type: "uint8" },
  { name: "schedule", type: "uint8" },
  { name: "duration", type: "uint32" },
  { name: "agentId", type: "uint64" },
  { name: "forChildren", type: "uint96" },
  { name: "terms", type: "bytes32" },
  { name: "salt", type: "bytes32" },
];

/** EIP-712 types of the market, as a wallet shows them. */
export const CONSENT_TYPES = {
  Consent: [
    { name: "deal", type: "Deal" },
    { name: "budget", type: "uint256" },
    { name: "nonce", type: "uint256" },
    { name: "deadline", type: "uint256" },
  ],
  Deal: DEAL_FIELDS,
};

export const DEAL_TYPES = { Deal: DEAL_FIELDS };

/** EIP-712 types of the tokens, as a wallet shows them. */
export const RECEIVE_TYPES = {
  ReceiveWithAuthorization: [
    { name: "from", type: "address" },
    { name: "to", type: "address" },
    { name: "value", type: "uint256" },
    { name: "validAfter", type: "uint256" },
    { name: "validBefore", type: "uint256" },
    { name: "nonce", type: "bytes32" },
  ],
};

export const TRANSFER_TYPES = { TransferWithAuthorization: RECEIVE_TYPES.ReceiveWithAuthorization };

export const CANCEL_TYPES = {
  CancelAuthorization: [
    { name: "authorizer", type: "address" },
    { name: "nonce", type: "bytes32" },
  ],
};

export const PERMIT_TYPES = {
  Permit: [
    { name: "owner", type: "address" },
    { name: "spender", type: "address" },
    { name: "value", type: "uint256" },
    { name: "nonce", type: "uint256" },
    { name: "deadline", type: "uint256" },
  ],
};

/** The EIP-712 domain of one of our contracts. */
export function domainOf(name: string, chainId: BigNumberish, verifyingContract: string) {
  return { name, version: "1", chainId, verifyingContract };
}
