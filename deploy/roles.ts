// The eight roles of genesis, in the order of their ids: the first is role 1.

export const ROLES = [
  { letter: "A", name: "CipherOcto Compute", symbol: "OCTO-A", work: "compute provider" },
  { letter: "S", name: "CipherOcto Storage", symbol: "OCTO-S", work: "storage provider" },
  { letter: "B", name: "CipherOcto Bandwidth", symbol: "OCTO-B", work: "bandwidth provider" },
  { letter: "O", name: "CipherOcto Orchestrator", symbol: "OCTO-O", work: "orchestrator" },
  { letter: "W", name: "CipherOcto Wholesale", symbol: "OCTO-W", work: "AI wholesaler" },
  { letter: "D", name: "CipherOcto Developer", symbol: "OCTO-D", work: "agent developer" },
  { letter: "M", name: "CipherOcto Growth", symbol: "OCTO-M", work: "growth contributor" },
  { letter: "N", name: "CipherOcto Node", symbol: "OCTO-N", work: "node operator" },
] as const;

export type RoleLetter = (typeof ROLES)[number]["letter"];

/** The id of a role, from 1. */
export function roleId(letter: RoleLetter): bigint {
  return BigInt(ROLES.findIndex((role) => role.letter === letter) + 1);
}

/** A set of roles or of fee schedules as the vault's bitmap. */
export function bitmap(ids: readonly bigint[]): bigint {
  return ids.reduce((bits, id) => bits | (1n << id), 0n);
}

/** The fee schedules of genesis. */
export const SCHEDULES = { SERVICE: 1n, INFRASTRUCTURE: 2n, DATA: 3n, WHOLESALE: 4n } as const;
