// Who may call which restricted function: the one table that the deployment writes on chain, the tests walk row by row
// and docs/security.md shows. The ids are those of contracts/shared/Access.sol.

export const ACCESS = {
  ADMIN_ACCESS: 0n,
  GUARDIAN_ACCESS: 1n,
  MARKET_ACCESS: 2n,
  PARAMETER_ACCESS: 3n,
  SINK_ACCESS: 4n,
  ROLE_ACCESS: 5n,
  UPGRADE_ACCESS: 6n,
  CUSTODY_UPGRADE_ACCESS: 7n,
  SLASHING_ACCESS: 8n,
  ARBITER_ACCESS: 9n,
} as const;

export type AccessName = keyof typeof ACCESS;

export type Restricted = {
  /** The contract, by its name in the System module's result. */
  readonly contract:
    | "partnerVesting"
    | "settlement"
    | "emissionSchedule"
    | "roleTokenFactory"
    | "registry"
    | "slashingDesk"
    | "engine"
    | "jobMarket"
    | "disputeDesk"
    | "panelArbiter"
    | "agentRegistry"
    | "agentReputation"
    | "agentValidation";
  /** The function's signature. */
  readonly signature: string;
  readonly access: AccessName;
};

export const RESTRICTED: readonly Restricted[] = [
  { contract: "settlement", signature: "pauseMarket(address)", access: "GUARDIAN_ACCESS" },
  { contract: "settlement", signature: "admitMarket(address,uint32,uint32)", access: "MARKET_ACCESS" },
  { contract: "settlement", signature: "unpauseMarket(address)", access: "MARKET_ACCESS" },
  { contract: "settlement", signature: "setTreasury(address)", access: "SINK_ACCESS" },
  { contract: "settlement", signature: "setHolders(address)", access: "SINK_ACCESS" },
  { contract: "partnerVesting", signature: "attest(uint256)", access: "SINK_ACCESS" },
  {
    contract: "emissionSchedule",
    signature: "addFeeSchedule((uint16,uint16,uint16,uint16))",
    access: "PARAMETER_ACCESS",
  },
  { contract: "emissionSchedule", signature: "setIntensity(uint256)", access: "PARAMETER_ACCESS" },
  { contract: "emissionSchedule", signature: "setSmallestRecorded(uint256)", access: "PARAMETER_ACCESS" },
  { contract: "emissionSchedule", signature: "setWholeStepFee(uint256)", access: "PARAMETER_ACCESS" },
  { contract: "emissionSchedule", signature: "setTargetVolume(uint128)", access: "PARAMETER_ACCESS" },
  { contract: "emissionSchedule", signature: "setWeight(uint8,uint16)", access: "PARAMETER_ACCESS" },
  { contract: "engine", signature: "setSpread(uint16)", access: "PARAMETER_ACCESS" },
  { contract: "engine", signature: "setPayOutShare(uint16)", access: "PARAMETER_ACCESS" },
  { contract: "engine", signature: "setPayOutFloor(uint128)", access: "PARAMETER_ACCESS" },
  { contract: "slashingDesk", signature: "removeSlasher(address,uint8)", access: "GUARDIAN_ACCESS" },
  { contract: "slashingDesk", signature: "setSlasher(address,uint8,uint32,uint40)", access: "SLASHING_ACCESS" },
  { contract: "slashingDesk", signature: "liftBan(address)", access: "SLASHING_ACCESS" },
  { contract: "slashingDesk", signature: "liftSuspension(address,uint8)", access: "SLASHING_ACCESS" },
  { contract: "jobMarket", signature: "setReviewDuration(uint256)", access: "PARAMETER_ACCESS" },
  { contract: "panelArbiter", signature: "nominate(address)", access: "ARBITER_ACCESS" },
  { contract: "panelArbiter", signature: "dismiss(address)", access: "ARBITER_ACCESS" },
  { contract: "panelArbiter", signature: "admit(address,bool)", access: "ARBITER_ACCESS" },
  { contract: "roleTokenFactory", signature: "create(string,string)", access: "ROLE_ACCESS" },
  { contract: "registry", signature: "addRole(uint8,(uint96,uint96))", access: "ROLE_ACCESS" },
  { contract: "registry", signature: "upgradeToAndCall(address,bytes)", access: "CUSTODY_UPGRADE_ACCESS" },
  { contract: "engine", signature: "upgradeToAndCall(address,bytes)", access: "CUSTODY_UPGRADE_ACCESS" },
  { contract: "jobMarket", signature: "upgradeToAndCall(address,bytes)", access: "UPGRADE_ACCESS" },
  { contract: "disputeDesk", signature: "setArbiter(address)", access: "PARAMETER_ACCESS" },
  { contract: "disputeDesk", signature: "setBondTerms(uint256,uint256)", access: "PARAMETER_ACCESS" },
  { contract: "disputeDesk", signature: "upgradeToAndCall(address,bytes)", access: "UPGRADE_ACCESS" },
  { contract: "agentRegistry", signature: "upgradeToAndCall(address,bytes)", access: "UPGRADE_ACCESS" },
  { contract: "agentReputation", signature: "upgradeToAndCall(address,bytes)", access: "UPGRADE_ACCESS" },
  { contract: "agentValidation", signature: "upgradeToAndCall(address,bytes)", access: "UPGRADE_ACCESS" },
];
