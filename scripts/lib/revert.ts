import { type BaseContract, type ErrorDescription, Interface } from "ethers";

import { ROLES } from "../../deploy/roles.ts";
import { Failure } from "./failure.ts";
import type { CipherOcto } from "./system.ts";

const DEEPEST = 4; // an error within an error within ...

/** Says a contract's refusal in its own words: the error's name, and each value by its name. */
export function explainRevert(system: CipherOcto, error: unknown): unknown {
  const data = revertDataOf(error);
  if (data === undefined) return error;

  const found = interfacesOf(system)
    .map((abi) => abi.parseError(data))
    .find((parsed) => parsed !== null);
  if (found === undefined || found === null) return error;
  return new Failure(`The contracts refuse that: ${said(found)}.`, `docs/errors.md says when ${found.name} comes up.`);
}

function said({ name, fragment, args }: ErrorDescription): string {
  const values = fragment.inputs.map((input, index) => `${input.name} ${String(args[index])}`);
  return values.length === 0 ? name : `${name}, ${values.join(", ")}`;
}

function interfacesOf(system: CipherOcto): Interface[] {
  const { roleTokens, addresses, ...contracts } = system;
  void addresses;
  const all = [...Object.values(contracts), roleTokens[ROLES[0].letter]] as BaseContract[];
  return all.map((contract) => contract.interface);
}

/** What a contract has returned with its refusal, wherever libraries and nodes put it; undefined if it was none. */
export function revertDataOf(error: unknown, depth = 0): string | undefined {
  if (typeof error !== "object" || error === null || depth > DEEPEST) return undefined;
  const { data } = error as { data?: unknown };
  if (typeof data === "string" && /^0x[0-9a-f]{8,}$/i.test(data)) return data;
  const inner = ["data", "error", "info", "cause"].map((key) => (error as Record<string, unknown>)[key]);
  return inner.map((part) => revertDataOf(part, depth + 1)).find((part) => part !== undefined);
}
