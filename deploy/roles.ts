// The eight roles of genesis, in the order of their ids: the first is role 1.

const TOKEN = 10n ** 18n;

/** The bonds from which a role is active, in whole tokens. */
function minimum(octo: bigint, roleTokens: bigint) {
  return { octo: octo * TOKEN, roleTokens: roleTokens * TOKEN };
}

export const ROLES = [
  {
    letter: "A",
    name: "CipherOcto Compute",
    symbol: "OCTO-A",
    work: "compute provider",
    minimum: minimum(1_000n, 500n),
  },
  {
    letter: "S",
    name: "CipherOcto Storage",
    symbol: "OCTO-S",
    work: "storage provider",
    minimum: minimum(500n, 1_000n),
  },
  {
    letter: "B",
    name: "CipherOcto Bandwidth",
    symbol: "OCTO-B",
    work: "bandwidth provider",
    minimum: minimum(300n, 200n),
  },
  {
    letter: "O",
    name: "CipherOcto Orchestrator",
    symbol: "OCTO-O",
    work: "orchestrator",
    minimum: minimum(2_000n, 500n),
  },
  {
    letter: "W",
    name: "CipherOcto Wholesale",
    symbol: "OCTO-W",
    work: "AI wholesaler",
    minimum: minimum(5_000n, 1_000n),
  },
  {
    letter: "D",
    name: "CipherOcto Developer",
    symbol: "OCTO-D",
    work: "agent developer",
    minimum: minimum(200n, 100n),
  },
  { letter: "M", name: "CipherOcto Growth", symbol: "OCTO-M", work: "growth contributor", minimum: minimum(100n, 50n) },
  { letter: "N", name: "CipherOcto Node", symbol: "OCTO-N", work: "node operator", minimum: minimum(1_500n, 500n) },
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

/** What a provider can be slashed for, in the order of the contracts' enumeration. */
export const OFFENCES = [
  "Downtime",
  "ExtendedDowntime",
  "PoorResult",
  "SlaViolation",
  "DataMishandling",
  "Fraud",
  "ProtocolAttack",
] as const;
