import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

import { expect } from "chai";
import hre from "hardhat";
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import type { BaseContract, TypedDataField } from "ethers";

import { ACCESS, type Restricted, RESTRICTED } from "../../deploy/access.ts";
import System from "../../deploy/modules/System.ts";
import { bitmap, OFFENCES, ROLES, roleId, SCHEDULES } from "../../deploy/roles.ts";
import {
  CANCEL_TYPES,
  dealOf,
  domainOf,
  NO_CONSENT,
  PERMIT_TYPES,
  RECEIVE_TYPES,
  termsOf,
  TRANSFER_TYPES,
} from "../../scripts/lib/deal.ts";
import { readParameters } from "../../scripts/lib/parameters.ts";
import { type Addresses, bindSystem } from "../../scripts/lib/system.ts";
import { IERC8183Deployed__factory } from "../../typechain-types/index.js";
import type { OctoToken, RoleToken } from "../../typechain-types/index.js";
import { type Actors, buyRoleTokens, ethers, loadFixture, networkHelpers, OCTO, staffed } from "../support/fixture.ts";

const { MaxUint256, ZeroAddress, ZeroHash } = ethers;
const CONTRACTS = path.resolve(import.meta.dirname, "../../contracts");
const IMPLEMENTATION_SLOT = "0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc";
const LATER = 10n ** 12n;
const LONG_AGO = 1n;
const DAY = 86_400n;
const D = roleId("D");
const MaxUint128 = 2n ** 128n - 1n;
/** What stands behind a proxy. */
const PROXIES = [
  "registry",
  "engine",
  "jobMarket",
  "disputeDesk",
  "agentRegistry",
  "agentReputation",
  "agentValidation",
] as const;
/** The manager's role that everybody has. */
const PUBLIC_ROLE = 2n ** 64n - 1n;

const [OPEN_JOB, FUNDED_JOB, SUBMITTED_JOB, COMPLETED_JOB] = [1n, 2n, 3n, 4n];
const [DECLINED_JOB, DISPUTED_JOB, LATE_JOB] = [5n, 6n, 7n];
const DISPUTE = ethers.id("dispute");
const [VOTING_CASE, DRAWING_CASE] = [1n, 2n];
const AGENT = 1n;
const LISTING = { manifestHash: ethers.id("manifest"), price: OCTO, duration: 3_600n };
const REQUEST = ethers.id("request");

/**
 * A suite in use: a job in each of four states, credit with a consent, accrued fees, a provider on its way out that has a
 * profile, an agent that waits for a validation, a delegator and a dispute, two cases at the arbiters, and a ninth role token. The stranger has tokens and allowances of its own, and
 * nobody's trust.
 */
async function peopled() {
  const { system, actors } = await loadFixture(staffed);
  const { settlement, jobMarket, registry, roleTokenFactory, delegationPools, slashingDesk, addresses } = system;
  const { client, provider, admin, stranger, delegator, judge } = actors;
  await settlement.connect(client).deposit(client.address, 10_000n * OCTO);
  await settlement.connect(client).setCreditConsent(addresses.jobMarket, true);
  await settlement.connect(stranger).deposit(stranger.address, 1_000n * OCTO);
  await buyRoleTokens(system, stranger, "D", 100n * OCTO);
  await registry.connect(provider).setStandingTerms(D, 1_000n * OCTO, 0n);

  const deadline = BigInt(await networkHelpers.time.latest()) + DAY;
  const market = jobMarket.connect(client);
  await market.createJob(provider.address, client.address, deadline, "open", ZeroAddress, 0n);
  const deal = dealOf({ client: client.address, provider: provider.address });
  for (const salt of ["funded", "submitted", "completed"]) {
    await market.hire({ ...deal, salt: ethers.id(salt) }, 100n * OCTO, NO_CONSENT);
  }
  await delegationPools.connect(provider).openPool(D);
  await delegationPools.connect(delegator).delegate(provider.address, D, 100n * OCTO, 0n);
  await delegationPools.connect(delegator).undelegate(provider.address, D, 10n * OCTO, 0n);
  await system.providerDirectory.connect(provider).publish(D, ["translation"], "https://provider.example", "");
  await jobMarket.connect(provider).submit(SUBMITTED_JOB, termsOf("result"), "0x");
  await jobMarket.connect(provider).submit(COMPLETED_JOB, termsOf("result"), "0x");
  await market.complete(COMPLETED_JOB, ZeroHash, "0x");
  for (const salt of ["declined", "disputed", "late"]) {
    const duration = salt === "late" ? 300n : deal.duration;
    await market.hire({ ...deal, duration, salt: ethers.id(salt) }, 100n * OCTO, NO_CONSENT);
  }
  await jobMarket.connect(provider).submit(DECLINED_JOB, termsOf("result"), "0x");
  await market.reject(DECLINED_JOB, ZeroHash, "0x");
  await jobMarket.connect(provider).submit(DISPUTED_JOB, termsOf("result"), "0x");
  await system.disputeDesk.connect(client).open(DISPUTED_JOB, ZeroHash, 0n, false);
  await networkHelpers.time.increase(301n);
  await buyRoleTokens(system, provider, "D", 10n * OCTO);
  await registry.connect(provider).bond(D, OCTO, OCTO);
  await registry.connect(provider).unbond(D, OCTO, OCTO);
  await roleTokenFactory.connect(admin).create("CipherOcto Ninth", "OCTO-9");
  await slashingDesk.connect(judge).openDispute(DISPUTE, provider.address, D, OCTO, OCTO, LONG_AGO);
  await system.panelArbiter.connect(admin).admit(judge.address, true);
  for (const opened of [VOTING_CASE, DRAWING_CASE]) {
    await system.panelArbiter.connect(judge).openCase([client.address, provider.address]);
    await networkHelpers.mine(2);
    if (opened === VOTING_CASE) await system.panelArbiter.draw(VOTING_CASE);
  }

  const agents = system.agentRegistry.connect(provider);
  await agents["register(string)"]("https://agent.example/registration.json");
  await agents.publish(AGENT, LISTING);
  await system.agentValidation.connect(provider).validationRequest(actors.evaluator, AGENT, "", REQUEST);
  const request = await system.agentValidation.requestKeyOf(provider, AGENT, REQUEST);

  const day = (BigInt(await networkHelpers.time.latest()) + 8n * DAY - 1n) / DAY;
  const contracts: Record<ContractName, BaseContract> = {
    manager: system.manager,
    octo: system.octo,
    allocationVesting: system.treasuryVesting,
    partnerVesting: system.partnerVesting,
    roleToken: system.roleTokens.D,
    emissionSchedule: system.emissionSchedule,
    settlement,
    roleTokenFactory,
    engine: system.engine,
    registry,
    jobMarket,
    jobMarketAnnex: system.jobMarketAnnex,
    jobMarketDeployed: IERC8183Deployed__factory.connect(addresses.jobMarket, client),
    disputeDesk: system.disputeDesk,
    slashingDesk,
    delegationPools,
    peerReviews: system.peerReviews,
    providerLens: system.providerLens,
    providerDirectory: system.providerDirectory,
    panelArbiter: system.panelArbiter,
    agentRegistry: system.agentRegistry,
    agentReputation: system.agentReputation,
    agentValidation: system.agentValidation,
  };
  const dispute = await slashingDesk.disputeKey(judge.address, provider.address, D, DISPUTE);
  return { system, actors, contracts, deal, day, dispute, request };
}

type World = Awaited<ReturnType<typeof peopled>>;

/** Every contract of the suite that has functions of its own; all role tokens are one, and so are three wallets. */
type ContractName =
  | Restricted["contract"]
  | "manager"
  | "octo"
  | "allocationVesting"
  | "roleToken"
  | "jobMarketAnnex"
  | "jobMarketDeployed"
  | "delegationPools"
  | "peerReviews"
  | "providerLens"
  | "providerDirectory";

type Arguments = (world: World) => unknown[] | Promise<unknown[]>;

/** What a stranger may do and what he may not. */
type Row =
  /** Stands in deploy/access.ts: reverts with AccessManagedUnauthorized. */
  | { restricted: true; args: Arguments }
  /** Anybody may, for a reason, and changes nothing of others. */
  | { open: string; args: Arguments }
  /** Belongs to somebody else, by a fixed address, a signature, an allowance or a job: reverts with that error. */
  | { bound: string; args: Arguments; errorArgs?: Arguments; thrownBy?: ContractName };

const restricted = (args: Arguments): Row => ({ restricted: true, args });
const open = (reason: string, args: Arguments): Row => ({ open: reason, args });
const bound = (error: string, args: Arguments, errorArgs?: Arguments, thrownBy?: ContractName): Row => ({
  bound: error,
  args,
  ...(errorArgs === undefined ? {} : { errorArgs }),
  ...(thrownBy === undefined ? {} : { thrownBy }),
});

const asStranger: Arguments = ({ actors }) => [actors.stranger.address];
const ofEngine = (args: Arguments): Row =>
  bound("SettlementCallerNotEngine", args, ({ actors, system }) => [actors.stranger.address, system.addresses.engine]);
const SET_AUTHORITY = { "setAuthority(address)": bound("AccessManagedUnauthorized", asStranger, asStranger) };
const INITIALIZE = { "initialize(address)": bound("InvalidInitialization", asStranger) };
const upgradeOf = (name: ContractName) => ({
  "upgradeToAndCall(address,bytes)": restricted(async ({ contracts }) => [
    await implementationOf(contracts[name]),
    "0x",
  ]),
});

/** The functions that all wallets of the genesis supply have. */
const WALLET: Record<string, Row> = {
  "release()": open("what is free goes to the beneficiary, whoever asks", () => []),
  "release(address)": open("what is free goes to the beneficiary, whoever asks", ({ system }) => [
    system.addresses.octo,
  ]),
  "transferOwnership(address)": bound("OwnableUnauthorizedAccount", asStranger, asStranger),
  "acceptOwnership()": bound("OwnableUnauthorizedAccount", () => [], asStranger),
};

type Types = Record<string, TypedDataField[]>;

/** What the stranger signs in the client's name. */
async function forged({ actors }: World, token: OctoToken | RoleToken, types: Types, message: Record<string, unknown>) {
  const { chainId } = await ethers.provider.getNetwork();
  const domain = domainOf(await token.name(), chainId, await token.getAddress());
  const signature = await actors.stranger.signTypedData(domain, types, message);
  return { signature, parts: ethers.Signature.from(signature) };
}

/** The functions that both kinds of tokens have. */
function tokenRows(tokenOf: (world: World) => OctoToken | RoleToken): Record<string, Row> {
  const authorization = async (world: World, types: Types) => {
    const { client, stranger } = world.actors;
    const message = {
      from: client.address,
      to: stranger.address,
      value: OCTO,
      validAfter: 0n,
      validBefore: LATER,
      nonce: ethers.id("nonce"),
    };
    return { args: Object.values(message), ...(await forged(world, tokenOf(world), types, message)) };
  };
  const asBytes = (types: Types) => async (world: World) => {
    const { args, signature } = await authorization(world, types);
    return [...args, signature];
  };
  const asParts = (types: Types) => async (world: World) => {
    const { args, parts } = await authorization(world, types);
    return [...args, parts.v, parts.r, parts.s];
  };
  const cancellation = async (world: World) => {
    const message = { authorizer: world.actors.client.address, nonce: ethers.id("nonce") };
    return { args: Object.values(message), ...(await forged(world, tokenOf(world), CANCEL_TYPES, message)) };
  };

  return {
    "approve(address,uint256)": open("its own allowance", ({ actors }) => [actors.other.address, OCTO]),
    "transfer(address,uint256)": open("its own tokens", ({ actors }) => [actors.stranger.address, OCTO]),
    "burn(uint256)": open("its own tokens", () => [OCTO]),
    "transferFrom(address,address,uint256)": bound(
      "ERC20InsufficientAllowance",
      ({ actors }) => [actors.client.address, actors.stranger.address, 1n],
      ({ actors }) => [actors.stranger.address, 0n, 1n],
    ),
    "permit(address,address,uint256,uint256,uint8,bytes32,bytes32)": bound(
      "ERC2612InvalidSigner",
      async (world) => {
        const [owner, spender] = [world.actors.client.address, world.actors.stranger.address];
        const token = tokenOf(world);
        const message = { owner, spender, value: OCTO, nonce: await token.nonces(owner), deadline: LATER };
        const { parts } = await forged(world, token, PERMIT_TYPES, message);
        return [owner, spender, OCTO, LATER, parts.v, parts.r, parts.s];
      },
      ({ actors }) => [actors.stranger.address, actors.client.address],
    ),
    "transferWithAuthorization(address,address,uint256,uint256,uint256,bytes32,bytes)": bound(
      "ERC3009InvalidSignature",
      asBytes(TRANSFER_TYPES),
    ),
    "transferWithAuthorization(address,address,uint256,uint256,uint256,bytes32,uint8,bytes32,bytes32)": bound(
      "ERC3009InvalidSignature",
      asParts(TRANSFER_TYPES),
    ),
    "receiveWithAuthorization(address,address,uint256,uint256,uint256,bytes32,bytes)": bound(
      "ERC3009InvalidSignature",
      asBytes(RECEIVE_TYPES),
    ),
    "receiveWithAuthorization(address,address,uint256,uint256,uint256,bytes32,uint8,bytes32,bytes32)": bound(
      "ERC3009InvalidSignature",
      asParts(RECEIVE_TYPES),
    ),
    "cancelAuthorization(address,bytes32,bytes)": bound("ERC3009InvalidSignature", async (world) => {
      const { args, signature } = await cancellation(world);
      return [...args, signature];
    }),
    "cancelAuthorization(address,bytes32,uint8,bytes32,bytes32)": bound("ERC3009InvalidSignature", async (world) => {
      const { args, parts } = await cancellation(world);
      return [...args, parts.v, parts.r, parts.s];
    }),
  };
}

const NOT_ADMIN: Arguments = ({ actors }) => [actors.stranger.address, ACCESS.ADMIN_ACCESS];
const unauthorised = (args: Arguments): Row => bound("AccessManagerUnauthorizedAccount", args, NOT_ADMIN);

const encodedPause = ({ system }: World) =>
  system.settlement.interface.encodeFunctionData("pauseMarket", [system.addresses.jobMarket]);

const lockOf = ({ actors }: World) => ({
  client: actors.client.address,
  amount: OCTO,
  role: D,
  schedule: SCHEDULES.SERVICE,
  provider: actors.provider.address,
  capacity: MaxUint128,
});

/** In the order of the struct's members. */
const workOf = ({ actors }: World) => ({
  client: actors.client.address,
  provider: actors.stranger.address,
  orchestrator: ZeroAddress,
  amount: OCTO,
  role: D,
  schedule: SCHEDULES.SERVICE,
  success: 100n,
  speed: 100n,
  bound: false,
});

const NO_PERMIT = { value: 0n, deadline: LATER, v: 27n, r: ZeroHash, s: ZeroHash };

const notAMarket = (args: Arguments, market: Arguments = asStranger): Row =>
  bound("SettlementUnknownMarket", args, market, "settlement");
const notTheDesk = (args: Arguments): Row => bound("ProviderRegistryCallerNotDesk", args, asStranger);
const notTheRegistry = (args: Arguments): Row => bound("DelegationPoolsCallerNotRegistry", args, asStranger);

/** The arguments of a function that is about the provider in D, with more behind. */
const ofProvider =
  (...rest: unknown[]): Arguments =>
  ({ actors }) => [actors.provider.address, D, ...rest];
/** The arguments of an error about the stranger in D. */
const strangerInD: Arguments = ({ actors }) => [actors.stranger.address, D];

const OF_ANNEX: Arguments = ({ system }) => [system.addresses.jobMarketAnnex];
const ofStranger: Arguments = ({ deal, actors }) => [
  OPEN_JOB,
  { ...deal, client: actors.stranger.address },
  OCTO,
  NO_CONSENT,
];
/** The arguments of an error about the stranger and the provider's agent. */
const strangerAtAgent: Arguments = ({ actors }) => [actors.stranger.address, AGENT];
/** The provider's agent, with more behind. */
const ofAgent = (...rest: unknown[]): Row =>
  bound("ERC721InsufficientApproval", () => [AGENT, ...rest], strangerAtAgent);
const takeAgent: Arguments = ({ actors }) => [actors.provider.address, actors.stranger.address, AGENT];

const ofClient =
  (jobId: bigint): Arguments =>
  ({ actors }) => [jobId, actors.stranger.address, actors.client.address];

/** Every function of every contract that is no view. One that is missing here fails a test: decide, then add it. */
const ROWS: Record<ContractName, Record<string, Row>> = {
  octo: {
    ...tokenRows(({ system }) => system.octo),
    "burnFrom(address,uint256)": bound(
      "ERC20InsufficientAllowance",
      ({ actors }) => [actors.client.address, 1n],
      ({ actors }) => [actors.stranger.address, 0n, 1n],
    ),
    "mint(address,uint256)": bound(
      "OctoTokenCallerNotEngine",
      ({ actors }) => [actors.stranger.address, 1n],
      ({ actors, system }) => [actors.stranger.address, system.addresses.engine],
    ),
  },

  roleToken: {
    ...tokenRows(({ system }) => system.roleTokens.D),
    "mint(address,uint256)": bound(
      "RoleTokenCallerNotMinter",
      ({ actors }) => [actors.stranger.address, 1n],
      asStranger,
    ),
    "surrender(uint256)": open("its own tokens", () => [OCTO]),
    "burnSold(address,uint256)": bound(
      "RoleTokenCallerNotEngine",
      ({ actors }) => [actors.provider.address, 1n],
      ({ actors, system }) => [actors.stranger.address, system.addresses.engine],
    ),
  },

  allocationVesting: WALLET,

  partnerVesting: {
    ...WALLET,
    ...SET_AUTHORITY,
    "attest(uint256)": restricted(() => [0n]),
    "reclaim(address)": bound(
      "MilestoneVestingDeadlineNotPassed",
      async ({ system }) => {
        await networkHelpers.time.setNextBlockTimestamp(await nextSecond());
        return [system.addresses.octo];
      },
      async ({ system }) => [await nextSecond(), await system.partnerVesting.deadline()],
    ),
  },

  roleTokenFactory: {
    ...SET_AUTHORITY,
    "create(string,string)": restricted(() => ["CipherOcto Tenth", "OCTO-10"]),
  },

  emissionSchedule: {
    ...SET_AUTHORITY,
    "addFeeSchedule((uint16,uint16,uint16,uint16))": restricted(() => [
      { orchestrator: 0n, treasury: 100n, burn: 100n, voters: 0n },
    ]),
    "setIntensity(uint256)": restricted(() => [1n]),
    "setSmallestRecorded(uint256)": restricted(() => [OCTO]),
    "setTargetVolume(uint128)": restricted(() => [2_000_000n * OCTO]),
    "setWeight(uint8,uint16)": restricted(() => [D, 1n]),
    "setWholeStepFee(uint256)": restricted(() => [OCTO]),
  },

  settlement: {
    ...SET_AUTHORITY,
    "admitMarket(address,uint32,uint32)": restricted(({ system }) => [
      system.addresses.jobMarket,
      bitmap([0n]),
      bitmap([SCHEDULES.DATA]),
    ]),
    "pauseMarket(address)": restricted(({ system }) => [system.addresses.jobMarket]),
    "unpauseMarket(address)": restricted(({ system }) => [system.addresses.jobMarket]),
    "setTreasury(address)": restricted(asStranger),
    "setHolders(address)": restricted(asStranger),
    "lockByApproval((address,uint128,uint8,uint8,address,uint128),bool)": notAMarket((world) => [lockOf(world), true]),
    "lockByAuthorization((address,uint128,uint8,uint8,address,uint128),(uint256,uint256,bytes32,bytes))": notAMarket(
      (world) => [lockOf(world), { validAfter: 0n, validBefore: LATER, deal: ZeroHash, signature: "0x" }],
    ),
    "lockFromCredit((address,uint128,uint8,uint8,address,uint128))": notAMarket((world) => [lockOf(world)]),
    "refund((address,address,address,uint128,uint8,uint8,uint8,uint8,bool),bool)": notAMarket((world) => [
      workOf(world),
      true,
    ]),
    "move((address,address,address,uint128,uint8,uint8,uint8,uint8,bool),(address,uint128,uint8,uint8,address,uint128),bool)":
      notAMarket((world) => [workOf(world), lockOf(world), true]),
    "moveBack((address,address,address,uint128,uint8,uint8,uint8,uint8,bool),address,bool)": notAMarket((world) => [
      workOf(world),
      world.actors.stranger.address,
      true,
    ]),
    "forfeit(uint128)": notAMarket(() => [OCTO]),
    "rate((address,address,uint8,uint8,uint128,uint8))": notAMarket((world) => [{ ...workOf(world), rating: 100n }]),
    "settle((address,address,address,uint128,uint8,uint8,uint8,uint8,bool))": notAMarket((world) => [workOf(world)]),
    "closeMarket()": open("it closes the calling market, and the stranger is none", () => []),
    "recordWork((address,address,address,uint128,uint8,uint8,uint8,uint8,bool),(uint256,uint256,uint16,uint256))":
      bound(
        "SettlementCallerNotSelf",
        (world) => [workOf(world), { fee: OCTO, intensity: OCTO, weight: 10_000n, pay: OCTO }],
        asStranger,
      ),
    "replay((address,address,address,uint128,uint8,uint8,uint8,uint8,bool),uint256)": bound(
      "SettlementNothingToReplay",
      (world) => [workOf(world), OCTO],
      (world) => [Object.values(workOf(world)), OCTO],
    ),
    "deposit(address,uint128)": open("its own OCTO", ({ actors }) => [actors.stranger.address, OCTO]),
    "withdraw(address,uint128)": open("its own credit", ({ actors }) => [actors.stranger.address, OCTO]),
    "setCreditConsent(address,bool)": open("its own credit", ({ system }) => [system.addresses.jobMarket, true]),
    "draw(uint8,uint128)": ofEngine(() => [D, 1n]),
    "giveBack(uint8,uint128)": ofEngine(() => [D, 1n]),
    "moveEarmark(uint8,uint8,uint128)": ofEngine(() => [D, D, 1n]),
    "setPayOut(bool)": open("its own payments", () => [true]),
    "sweep()": open("fees go where they belong, whoever pays for the transaction", () => []),
  },

  engine: {
    ...SET_AUTHORITY,
    ...INITIALIZE,
    ...upgradeOf("engine"),
    "setSpread(uint16)": restricted(() => [100n]),
    "setPayOutShare(uint16)": restricted(() => [1_000n]),
    "setPayOutFloor(uint128)": restricted(() => [5_000n * OCTO]),
    "buy(uint8,uint128,uint128,uint256)": open("its own OCTO", () => [D, 10n * OCTO, 1n, MaxUint256]),
    "buyWithPermit(uint8,uint128,uint128,uint256,(uint256,uint256,uint8,bytes32,bytes32))": open("its own OCTO", () => [
      D,
      10n * OCTO,
      1n,
      MaxUint256,
      { value: 0n, deadline: 0n, v: 0n, r: ZeroHash, s: ZeroHash },
    ]),
    "sell(uint8,uint128,uint128,uint256)": open("its own role tokens", () => [D, 100n * OCTO, 0n, MaxUint256]),
    "swap(uint8,uint8,uint128,uint128,uint256)": open("its own role tokens", () => [
      D,
      roleId("S"),
      100n * OCTO,
      0n,
      MaxUint256,
    ]),
    "poke(uint8)": open("the epoch has begun, whoever says so", () => [D]),
    "addToReserve(uint8,uint128)": bound(
      "ConversionEngineCallerNotTreasury",
      () => [D, 1n],
      ({ actors }) => [actors.stranger.address, actors.treasury.address],
    ),
  },

  registry: {
    ...SET_AUTHORITY,
    ...INITIALIZE,
    ...upgradeOf("registry"),
    "addRole(uint8,(uint96,uint96))": restricted(() => [9n, { octo: OCTO, roleTokens: OCTO }]),
    "bond(uint8,uint128,uint128)": open("its own tokens", () => [D, OCTO, OCTO]),
    "setStandingTerms(uint8,uint128,uint32)": open("its own terms", () => [D, OCTO, 3_600n]),
    "unbond(uint8,uint128,uint128)": bound(
      "ProviderRegistryOctoBondTooSmall",
      () => [D, 1n, 0n],
      () => [0n, 1n],
    ),
    "withdraw(uint8,uint256,address)": bound(
      "ProviderRegistryNoExit",
      ({ day, actors }) => [D, day, actors.stranger.address],
      ({ day, actors }) => [actors.stranger.address, D, day],
    ),
    "bondWithPermits(uint8,uint128,uint128,(uint256,uint256,uint8,bytes32,bytes32),(uint256,uint256,uint8,bytes32,bytes32))":
      open("its own tokens", () => [D, OCTO, OCTO, NO_PERMIT, NO_PERMIT]),
    "cancelExit(uint8,uint256)": bound(
      "ProviderRegistryNoExit",
      ({ day }) => [D, day],
      ({ day, actors }) => [actors.stranger.address, D, day],
    ),
    "moveStake(uint8,uint256,uint8)": bound(
      "ProviderRegistryNoExit",
      ({ day }) => [D, day, roleId("A")],
      ({ day, actors }) => [actors.stranger.address, D, day],
    ),
    "refresh(address,uint8)": open("a position is what its bonds say, whoever asks", ofProvider()),
    "heartbeat(uint8)": bound("ProviderRegistryNeverActive", () => [D], strangerInD),
    "setDuty(uint8,bool)": bound("ProviderRegistryNeverActive", () => [D, true], strangerInD),
    "burnSlashed(uint8)": open("slashed stake is nobody's any more", () => [D]),
    "record((address,uint8,address,uint16,uint8,uint8,uint128))": bound(
      "ProviderRegistryCallerNotVault",
      ({ actors }) => [
        {
          provider: actors.stranger.address,
          role: D,
          orchestrator: ZeroAddress,
          weight: 10_000n,
          success: 100n,
          speed: 100n,
          pay: OCTO,
        },
      ],
      asStranger,
    ),
    "addRating(address,uint8,uint256,uint256)": bound(
      "ProviderRegistryCallerNotReviews",
      ofProvider(10_000n, 0n),
      asStranger,
    ),
    "noteDelegation(address,uint8,bool)": bound("ProviderRegistryCallerNotPools", ofProvider(false), asStranger),
    "slash((address,uint8,uint16,uint16,uint128,uint128,uint16,uint40,bytes32,address,uint128))": notTheDesk(
      ({ actors }) => [
        {
          account: actors.provider.address,
          role: D,
          octoShare: 10_000n,
          roleShare: 10_000n,
          octoLimit: OCTO,
          roleLimit: OCTO,
          points: 100n,
          offenceAt: LONG_AGO,
          dispute: ZeroHash,
          client: actors.stranger.address,
          loss: OCTO,
        },
      ],
    ),
    "freeze(bytes32,address,uint8,uint128,uint128,uint256)": notTheDesk(({ actors }) => [
      ethers.id("another dispute"),
      actors.provider.address,
      D,
      OCTO,
      OCTO,
      LONG_AGO,
    ]),
    "thaw(bytes32)": notTheDesk(({ dispute }) => [dispute]),
    "setSuspended(address,uint8,bool)": notTheDesk(ofProvider(true)),
  },

  slashingDesk: {
    ...SET_AUTHORITY,
    "setSlasher(address,uint8,uint32,uint40)": restricted(({ actors }) => [
      actors.stranger.address,
      0n,
      bitmap([D]),
      1_000n,
    ]),
    "removeSlasher(address,uint8)": restricted(({ actors }) => [actors.judge.address, 0n]),
    "liftSuspension(address,uint8)": restricted(ofProvider()),
    "liftBan(address)": restricted(({ actors }) => [actors.provider.address]),
    "slash((address,uint8,uint8,uint40,bytes32,address,uint128,bytes32))": bound(
      "SlashingDeskNotSlasher",
      ({ actors }) => [
        {
          provider: actors.provider.address,
          role: D,
          offence: BigInt(OFFENCES.indexOf("Fraud")),
          offenceAt: LONG_AGO,
          disputeId: ZeroHash,
          client: actors.stranger.address,
          loss: OCTO,
          reason: ZeroHash,
        },
      ],
      strangerInD,
    ),
    "reportDowntime(address,uint8,uint256)": bound("SlashingDeskWindowNotMissed", ofProvider(1n), ofProvider(1n)),
    "openDispute(bytes32,address,uint8,uint128,uint128,uint256)": bound(
      "SlashingDeskNotSlasher",
      ({ actors }) => [ethers.id("another dispute"), actors.provider.address, D, OCTO, OCTO, LONG_AGO],
      strangerInD,
    ),
    "levy(address,uint8,uint128,uint40,address)": bound(
      "SlashingDeskNotSlasher",
      ({ actors }) => [actors.provider.address, D, OCTO, LONG_AGO, actors.stranger.address],
      strangerInD,
    ),
    "closeDispute(bytes32)": bound(
      "SlashingDeskDisputeNotOver",
      ({ dispute }) => [dispute],
      async ({ dispute, system }) => [dispute, (await system.slashingDesk.disputeOf(dispute)).closesAt],
    ),
  },

  delegationPools: {
    "delegate(address,uint8,uint128,uint256)": open("its own OCTO", ofProvider(10n * OCTO, 0n)),
    "delegateWithPermit(address,uint8,uint128,uint256,(uint256,uint256,uint8,bytes32,bytes32))": open(
      "its own OCTO",
      ofProvider(10n * OCTO, 0n, NO_PERMIT),
    ),
    "openPool(uint8)": open("its own pool", () => [D]),
    "setCut(uint8,uint16)": open("its own pool", () => [D, 3_000n]),
    "undelegate(address,uint8,uint256,uint256)": bound("DelegationPoolsSharesTooFew", ofProvider(1n, 0n), () => [
      0n,
      1n,
    ]),
    "withdraw(address,uint8,uint256,address)": bound(
      "DelegationPoolsNoExit",
      ({ actors, day }) => [actors.provider.address, D, day, actors.stranger.address],
      ({ actors, day }) => [actors.stranger.address, actors.provider.address, D, day],
    ),
    "claim(address,uint8,address)": bound(
      "DelegationPoolsNothingToClaim",
      ({ actors }) => [actors.provider.address, D, actors.stranger.address],
      ({ actors }) => [actors.stranger.address, actors.provider.address, D],
    ),
    "accrue(address,uint8,uint256,uint256)": notTheRegistry(ofProvider(OCTO, 0n)),
    "slash(address,uint8,uint256,uint256)": notTheRegistry(ofProvider(OCTO, LONG_AGO)),
    "freeze(bytes32,address,uint8,uint256,uint256)": notTheRegistry(({ actors }) => [
      ethers.id("another dispute"),
      actors.provider.address,
      D,
      OCTO,
      LONG_AGO,
    ]),
    "thaw(bytes32)": notTheRegistry(({ dispute }) => [dispute]),
  },

  peerReviews: {
    "review((address,address,uint8,uint16,uint8))": bound(
      "PeerReviewsCallerNotVault",
      ({ actors }) => [
        { client: actors.client.address, provider: actors.provider.address, role: D, weight: 10_000n, rating: 0n },
      ],
      asStranger,
    ),
  },

  providerLens: {}, // views only

  providerDirectory: {
    "publish(uint8,string[],string,string)": bound(
      "ProviderDirectoryNotActive",
      () => [D, ["translation"], "https://stranger.example", ""],
      strangerInD,
    ),
    "remove(address,uint8)": bound("ProviderDirectoryStillActive", ofProvider(), ({ actors }) => [
      actors.provider.address,
      D,
      actors.stranger.address,
    ]),
  },

  jobMarket: {
    ...SET_AUTHORITY,
    ...INITIALIZE,
    ...upgradeOf("jobMarket"),
    "setReviewDuration(uint256)": restricted(() => [DAY]),
    "pull(address,uint256)": bound(
      "JobMarketCallerNotVault",
      ({ actors }) => [actors.client.address, OCTO],
      asStranger,
    ),
    [`hire(${tuples("deal")},uint128,${tuples("consent")})`]: bound(
      "JobMarketCallerNotClient",
      ({ deal }) => [deal, OCTO, NO_CONSENT],
      ({ actors }) => [actors.stranger.address, actors.client.address],
    ),
    [`hireWithPermit(${tuples("deal")},uint128,(uint256,uint256,uint8,bytes32,bytes32),${tuples("consent")})`]: bound(
      "JobMarketCallerNotClient",
      ({ deal }) => [deal, OCTO, { value: OCTO, deadline: LATER, v: 27n, r: ZeroHash, s: ZeroHash }, NO_CONSENT],
      ({ actors }) => [actors.stranger.address, actors.client.address],
    ),
    [`hireWithAuthorization(${tuples("deal")},uint128,uint256,uint256,bytes,${tuples("consent")})`]: bound(
      "ERC3009InvalidSignature",
      async (world) => {
        const { deal, system, actors } = world;
        const message = {
          from: actors.client.address,
          to: system.addresses.settlement,
          value: OCTO,
          validAfter: 0n,
          validBefore: LATER,
          nonce: await system.jobMarket.authorizationNonceOf(deal),
        };
        const { signature } = await forged(world, system.octo, RECEIVE_TYPES, message);
        return [deal, OCTO, 0n, LATER, signature, NO_CONSENT];
      },
      undefined,
      "octo",
    ),
    [`hireFromCredit(${tuples("deal")},uint128,${tuples("consent")})`]: bound(
      "JobMarketCallerNotClient",
      ({ deal }) => [deal, OCTO, NO_CONSENT],
      ({ actors }) => [actors.stranger.address, actors.client.address],
    ),
    [`hireChild(uint256,${tuples("deal")},uint128,${tuples("consent")})`]: bound(
      "JobMarketCallerNotClient",
      ({ deal }) => [FUNDED_JOB, deal, OCTO, NO_CONSENT],
      ({ actors }) => [actors.stranger.address, actors.client.address],
    ),
    [`takeOver(uint256,${tuples("deal")},uint128,${tuples("consent")})`]: bound(
      "JobMarketCallerNotClient",
      ({ deal }) => [LATE_JOB, deal, OCTO, NO_CONSENT],
      ({ actors }) => [actors.stranger.address, actors.client.address],
    ),
    "acceptRejection(uint256)": bound(
      "JobMarketWrongCaller",
      () => [DECLINED_JOB],
      ({ actors }) => [DECLINED_JOB, actors.stranger.address, actors.provider.address],
    ),
    "contest(uint256,address)": bound(
      "JobMarketCallerNotDisputes",
      ({ actors }) => [SUBMITTED_JOB, actors.client.address],
      asStranger,
    ),
    "resolve(uint256,uint256)": bound("JobMarketCallerNotDisputes", () => [DISPUTED_JOB, 100n], asStranger),
    "revokeConsent(uint256)": open("its own consents", () => [7n]),
    "createJob(address,address,uint256,string,address,uint256)": open(
      "an open job binds nobody but the stranger",
      async ({ actors }) => [
        actors.provider.address,
        actors.evaluator.address,
        BigInt(await networkHelpers.time.latest()) + DAY,
        "a job",
        ZeroAddress,
        0n,
      ],
    ),
    "setProvider(uint256,address,uint256)": bound(
      "JobMarketWrongCaller",
      ({ actors }) => [OPEN_JOB, actors.stranger.address, 0n],
      ofClient(OPEN_JOB),
    ),
    "setBudget(uint256,address,uint256,bytes)": bound(
      "JobMarketCallerNotParty",
      ({ system }) => [OPEN_JOB, system.addresses.octo, 1n, "0x"],
      ({ actors }) => [OPEN_JOB, actors.stranger.address],
    ),
    "fund(uint256,uint256,bytes)": bound("JobMarketWrongCaller", () => [OPEN_JOB, 0n, "0x"], ofClient(OPEN_JOB)),
    "submit(uint256,bytes32,bytes)": bound(
      "JobMarketWrongCaller",
      () => [FUNDED_JOB, ZeroHash, "0x"],
      ({ actors }) => [FUNDED_JOB, actors.stranger.address, actors.provider.address],
    ),
    "complete(uint256,bytes32,bytes)": bound(
      "JobMarketWrongCaller",
      () => [SUBMITTED_JOB, ZeroHash, "0x"],
      ofClient(SUBMITTED_JOB),
    ),
    "reject(uint256,bytes32,bytes)": bound(
      "JobMarketWrongCaller",
      () => [FUNDED_JOB, ZeroHash, "0x"],
      ofClient(FUNDED_JOB),
    ),
    "release(uint256)": bound(
      "JobMarketReviewNotEnded",
      () => [SUBMITTED_JOB],
      async ({ system }) => [SUBMITTED_JOB, (await system.jobMarket.termsOf(SUBMITTED_JOB)).reviewEndsAt],
    ),
    "claimRefund(uint256)": bound(
      "JobMarketDeadlineNotPassed",
      () => [FUNDED_JOB],
      async ({ system }) => [FUNDED_JOB, (await system.jobMarket.getJob(FUNDED_JOB)).expiredAt],
    ),
    "rate(uint256,uint8)": bound("JobMarketWrongCaller", () => [COMPLETED_JOB, 0n], ofClient(COMPLETED_JOB)),
  },

  // Called directly it works on its own storage, in which there are no jobs, and is no market of the vault.
  jobMarketAnnex: {
    "createJob(address,address,uint256,string,address)": open(
      "a job of the annex's own storage is nobody's",
      async ({ actors }) => [
        actors.provider.address,
        actors.evaluator.address,
        BigInt(await networkHelpers.time.latest()) + DAY,
        "a job",
        ZeroAddress,
      ],
    ),
    [`hireWithPermit(${tuples("deal")},uint128,(uint256,uint256,uint8,bytes32,bytes32),${tuples("consent")})`]:
      notAMarket(
        ({ deal, actors }) => [{ ...deal, client: actors.stranger.address }, OCTO, NO_PERMIT, NO_CONSENT],
        OF_ANNEX,
      ),
    "createJob(address,address,uint256,string,address,uint256)": open(
      "a job of the annex's own storage is nobody's",
      async ({ actors }) => [
        actors.provider.address,
        actors.evaluator.address,
        BigInt(await networkHelpers.time.latest()) + DAY,
        "a job",
        ZeroAddress,
        0n,
      ],
    ),
    "revokeConsent(uint256)": open("consents to the annex are none", () => [7n]),
    ...Object.fromEntries(
      (
        [
          ["setProvider(uint256,address,uint256)", ({ actors }) => [OPEN_JOB, actors.stranger.address, 0n]],
          ["setBudget(uint256,address,uint256,bytes)", ({ system }) => [OPEN_JOB, system.addresses.octo, 1n, "0x"]],
          ["fund(uint256,uint256,bytes)", () => [OPEN_JOB, 1n, "0x"]],
          ["setProvider(uint256,address)", ({ actors }) => [OPEN_JOB, actors.stranger.address]],
          ["setBudget(uint256,uint256,bytes)", () => [OPEN_JOB, 1n, "0x"]],
          ["acceptRejection(uint256)", () => [OPEN_JOB]],
          ["rate(uint256,uint8)", () => [OPEN_JOB, 0n]],
          [`hireChild(uint256,${tuples("deal")},uint128,${tuples("consent")})`, ofStranger],
          [`takeOver(uint256,${tuples("deal")},uint128,${tuples("consent")})`, ofStranger],
        ] as [string, Arguments][]
      ).map(([signature, args]) => [signature, bound("JobMarketUnknownJob", args, () => [OPEN_JOB])]),
    ),
    "contest(uint256,address)": bound(
      "JobMarketCallerNotDisputes",
      ({ actors }) => [1n, actors.client.address],
      asStranger,
    ),
    "resolve(uint256,uint256)": bound("JobMarketCallerNotDisputes", () => [1n, 100n], asStranger),
  },

  jobMarketDeployed: {
    "createJob(address,address,uint256,string,address)": open(
      "an open job binds nobody but the stranger",
      async ({ actors }) => [
        actors.provider.address,
        actors.evaluator.address,
        BigInt(await networkHelpers.time.latest()) + DAY,
        "a job",
        ZeroAddress,
      ],
    ),
    "setProvider(uint256,address)": bound(
      "JobMarketWrongCaller",
      ({ actors }) => [OPEN_JOB, actors.stranger.address],
      ofClient(OPEN_JOB),
      "jobMarket",
    ),
    "setBudget(uint256,uint256,bytes)": bound(
      "JobMarketCallerNotParty",
      () => [OPEN_JOB, 1n, "0x"],
      ({ actors }) => [OPEN_JOB, actors.stranger.address],
      "jobMarket",
    ),
  },

  disputeDesk: {
    ...SET_AUTHORITY,
    ...INITIALIZE,
    ...upgradeOf("disputeDesk"),
    "setArbiter(address)": restricted(({ system }) => [system.addresses.settlement]),
    "setBondTerms(uint256,uint256)": restricted(() => [500n, 50n * OCTO]),
    "pull(address,uint256)": bound(
      "DisputeDeskCallerNotVault",
      ({ actors }) => [actors.client.address, OCTO],
      asStranger,
    ),
    "rule(uint256,(bool,uint8,bool,uint8))": bound(
      "DisputeDeskUnknownCase",
      () => [1n, { decided: true, providerShare: 100n, offends: false, offence: 0n }],
      ({ actors }) => [actors.stranger.address, 1n],
    ),
    "open(uint256,bytes32,uint8,bool)": bound(
      "JobMarketWrongCaller",
      () => [SUBMITTED_JOB, ZeroHash, 0n, false],
      ofClient(SUBMITTED_JOB),
      "jobMarket",
    ),
    "answer(uint256,uint8)": bound(
      "DisputeDeskAnswered",
      () => [DISPUTED_JOB, 0n],
      () => [DISPUTED_JOB],
    ),
    "notePause()": bound(
      "DisputeDeskNoPause",
      () => [],
      () => [],
    ),
    "freezeStake(uint256)": bound(
      "DisputeDeskNotParty",
      () => [DISPUTED_JOB],
      ({ actors }) => [DISPUTED_JOB, actors.stranger.address],
    ),
    "submitEvidence(uint256,string,bytes32)": bound(
      "DisputeDeskNotParty",
      () => [DISPUTED_JOB, "ipfs://evidence", ZeroHash],
      ({ actors }) => [DISPUTED_JOB, actors.stranger.address],
    ),
    "winByDefault(uint256)": bound(
      "DisputeDeskAnswered",
      () => [DISPUTED_JOB],
      () => [DISPUTED_JOB],
    ),
    "bringCase(uint256)": bound(
      "DisputeDeskTooEarly",
      () => [DISPUTED_JOB],
      async ({ system }) => [DISPUTED_JOB, (await system.disputeDesk.disputeOf(DISPUTED_JOB)).openedAt + 7n * DAY],
    ),
    "appeal(uint256,uint8)": bound(
      "DisputeDeskWrongPhase",
      () => [DISPUTED_JOB, 0n],
      () => [DISPUTED_JOB, 1n, 3n],
    ),
    "execute(uint256)": bound(
      "DisputeDeskTooEarly",
      () => [DISPUTED_JOB],
      async ({ system }) => [DISPUTED_JOB, (await system.disputeDesk.disputeOf(DISPUTED_JOB)).openedAt + 60n * DAY],
    ),
    "punish(uint256)": bound(
      "DisputeDeskWrongPhase",
      () => [DISPUTED_JOB],
      () => [DISPUTED_JOB, 1n, 6n],
    ),
    "collectFee(uint256,uint8)": bound(
      "DisputeDeskWrongPhase",
      () => [DISPUTED_JOB, 0n],
      () => [DISPUTED_JOB, 1n, 6n],
    ),
  },

  panelArbiter: {
    ...SET_AUTHORITY,
    "nominate(address)": restricted(asStranger),
    "dismiss(address)": restricted(async ({ system }) => [
      (await system.panelArbiter.members(0n, 1n)).page[0]!.account,
    ]),
    "admit(address,bool)": restricted(({ actors }) => [actors.stranger.address, true]),
    "resign()": bound("PanelArbiterNotMember", () => [], asStranger),
    "openCase(address[])": bound("PanelArbiterNotAdmitted", () => [[]], asStranger),
    "draw(uint256)": open("a hash decides, whoever asks", () => [DRAWING_CASE]),
    "vote(uint256,uint8,bool,uint8)": bound(
      "PanelArbiterNotVoter",
      () => [VOTING_CASE, 100n, false, 0n],
      ({ actors }) => [VOTING_CASE, actors.stranger.address],
    ),
    "close(uint256)": bound(
      "PanelArbiterVoteNotOver",
      () => [VOTING_CASE],
      async ({ system }) => [VOTING_CASE, (await system.panelArbiter.caseOf(VOTING_CASE)).deadline],
    ),
    "appeal(uint256)": bound(
      "PanelArbiterWrongStatus",
      () => [VOTING_CASE],
      () => [VOTING_CASE, 2n, 3n],
    ),
  },

  agentRegistry: {
    ...SET_AUTHORITY,
    ...INITIALIZE,
    ...upgradeOf("agentRegistry"),
    "register()": open("its own agent", () => []),
    "register(string)": open("its own agent", () => ["ipfs://stranger"]),
    "register(string,(string,bytes)[])": open("its own agent", () => ["", [["key", "0x01"]]]),
    "setAgentURI(uint256,string)": ofAgent("ipfs://stranger"),
    "setMetadata(uint256,string,bytes)": ofAgent("key", "0x01"),
    "setAgentWallet(uint256,address,uint256,bytes)": bound(
      "ERC721InsufficientApproval",
      ({ actors }) => [AGENT, actors.stranger.address, LATER, "0x"],
      strangerAtAgent,
    ),
    "unsetAgentWallet(uint256)": ofAgent(),
    "publish(uint256,(bytes32,uint128,uint32))": ofAgent(LISTING),
    "unpublish(uint256)": bound(
      "AgentRegistryStillActive",
      () => [AGENT],
      ({ actors }) => [AGENT, actors.provider.address, actors.stranger.address],
    ),
    "approve(address,uint256)": bound("ERC721InvalidApprover", strangerAtAgent, asStranger),
    "setApprovalForAll(address,bool)": open("its own agents", ({ actors }) => [actors.other.address, true]),
    "transferFrom(address,address,uint256)": bound("ERC721InsufficientApproval", takeAgent, strangerAtAgent),
    "safeTransferFrom(address,address,uint256)": bound("ERC721InsufficientApproval", takeAgent, strangerAtAgent),
    "safeTransferFrom(address,address,uint256,bytes)": bound(
      "ERC721InsufficientApproval",
      async (world) => [...(await takeAgent(world)), "0x"],
      strangerAtAgent,
    ),
  },

  agentReputation: {
    ...SET_AUTHORITY,
    ...INITIALIZE,
    ...upgradeOf("agentReputation"),
    // Who is a party to a job is tested with a market that tells: test/market/AgentReputation.test.ts.
    "giveFeedback(uint256,int128,uint8,string,string,string,string,bytes32)": bound(
      "AgentReputationNoJobNamed",
      () => [AGENT, 0n, 0n, "", "no job", "", "", ZeroHash],
      () => ["no job"],
    ),
    "giveJobFeedback(uint256,uint256,int128,uint8,string,string,string,string,bytes32)": bound(
      "AgentReputationTooManyDecimals",
      () => [COMPLETED_JOB, AGENT, 0n, 19n, "", "", "", "", ZeroHash],
      () => [19n, 18n],
    ),
    "revokeFeedback(uint256,uint64)": bound(
      "AgentReputationUnknownFeedback",
      () => [AGENT, 1n],
      ({ actors }) => [AGENT, actors.stranger.address, 1n, 0n],
    ),
    "appendResponse(uint256,address,uint64,string,bytes32)": bound(
      "AgentReputationUnknownFeedback",
      ({ actors }) => [AGENT, actors.client.address, 1n, "ipfs://response", ZeroHash],
      ({ actors }) => [AGENT, actors.client.address, 1n, 0n],
    ),
  },

  agentValidation: {
    ...SET_AUTHORITY,
    ...INITIALIZE,
    ...upgradeOf("agentValidation"),
    "validationRequest(address,uint256,string,bytes32)": bound(
      "AgentValidationNotAuthorized",
      ({ actors }) => [actors.evaluator.address, AGENT, "", REQUEST],
      ({ actors }) => [AGENT, actors.stranger.address],
    ),
    "validationResponse(bytes32,uint8,string,bytes32,string)": bound(
      "AgentValidationCallerNotValidator",
      ({ request }) => [request, 0n, "", ZeroHash, ""],
      ({ request, actors }) => [request, actors.stranger.address, actors.evaluator.address],
    ),
  },

  manager: {
    "labelRole(uint64,string)": unauthorised(() => [7n, "SEVENTH"]),
    "grantRole(uint64,address,uint32)": unauthorised(({ actors }) => [0n, actors.stranger.address, 0n]),
    "revokeRole(uint64,address)": unauthorised(({ actors }) => [0n, actors.admin.address]),
    "setRoleAdmin(uint64,uint64)": unauthorised(() => [6n, 1n]),
    "setRoleGuardian(uint64,uint64)": unauthorised(() => [6n, 1n]),
    "setGrantDelay(uint64,uint32)": unauthorised(() => [6n, 1n]),
    "setTargetAdminDelay(address,uint32)": unauthorised(({ system }) => [system.addresses.settlement, 1n]),
    "setTargetClosed(address,bool)": unauthorised(({ system }) => [system.addresses.settlement, true]),
    "setTargetFunctionRole(address,bytes4[],uint64)": unauthorised(({ system }) => [
      system.addresses.settlement,
      ["0x12345678"],
      PUBLIC_ROLE,
    ]),
    "updateAuthority(address,address)": unauthorised(({ system, actors }) => [
      system.addresses.settlement,
      actors.stranger.address,
    ]),
    "multicall(bytes[])": unauthorised(({ system, actors }) => [
      [system.manager.interface.encodeFunctionData("grantRole", [0n, actors.stranger.address, 0n])],
    ]),
    "renounceRole(uint64,address)": bound("AccessManagerBadConfirmation", ({ actors }) => [0n, actors.admin.address]),
    "execute(address,bytes)": bound(
      "AccessManagerUnauthorizedCall",
      (world) => [world.system.addresses.settlement, encodedPause(world)],
      (world) => [world.actors.stranger.address, world.system.addresses.settlement, encodedPause(world).slice(0, 10)],
    ),
    "schedule(address,bytes,uint48)": bound(
      "AccessManagerUnauthorizedCall",
      (world) => [world.system.addresses.settlement, encodedPause(world), LATER],
      (world) => [world.actors.stranger.address, world.system.addresses.settlement, encodedPause(world).slice(0, 10)],
    ),
    "cancel(address,address,bytes)": bound(
      "AccessManagerNotScheduled",
      (world) => [world.actors.admin.address, world.system.addresses.settlement, encodedPause(world)],
      async (world) => [
        await world.system.manager.hashOperation(
          world.actors.admin.address,
          world.system.addresses.settlement,
          encodedPause(world),
        ),
      ],
    ),
    "consumeScheduledOp(address,bytes)": bound("no reason: it asks its caller, who is no contract", (world) => [
      world.actors.admin.address,
      encodedPause(world),
    ]),
  },
};

async function nextSecond(): Promise<bigint> {
  return BigInt(await networkHelpers.time.latest()) + 1n;
}

function tuples(struct: "deal" | "consent"): string {
  return struct === "deal"
    ? "(address,address,address,address,address,uint8,uint8,uint32,uint64,uint96,bytes32,bytes32)"
    : "(uint256,uint256,bytes)";
}

async function implementationOf(proxy: BaseContract): Promise<string> {
  const word = await networkHelpers.getStorageAt(await proxy.getAddress(), IMPLEMENTATION_SLOT);
  return ethers.getAddress(ethers.dataSlice(word, 12));
}

function writingFunctions(contract: BaseContract): string[] {
  const signatures: string[] = [];
  contract.interface.forEachFunction((fragment) => {
    if (!fragment.constant) signatures.push(fragment.format("sighash"));
  });
  return signatures.toSorted();
}

async function send(world: World, name: ContractName, signature: string, caller: HardhatEthersSigner) {
  const args = await ROWS[name][signature]!.args(world);
  return (world.contracts[name].connect(caller) as BaseContract).getFunction(signature).send(...args);
}

/** Everything that belongs to somebody else than the stranger, and every setting of the suite. */
async function belongingsOf({ system, actors, deal, day, dispute, request }: World) {
  const { octo, settlement, registry, jobMarket, emissionSchedule, manager, engine, roleTokenFactory } = system;
  const { slashingDesk, delegationPools, providerDirectory, partnerVesting } = system;
  const { agentRegistry, agentReputation, agentValidation } = system;
  const { provider, delegator, judge } = actors;
  const others = Object.entries(actors).filter(([name]) => name !== "stranger" && name !== "treasury");
  const accounts = await Promise.all(
    others.map(async ([name, { address }]) => ({
      name,
      octo: await octo.balanceOf(address),
      roleTokens: await Promise.all(ROLES.map(({ letter }) => system.roleTokens[letter].balanceOf(address))),
      allowances: await Promise.all(
        [actors.stranger.address, system.addresses.jobMarket].map((spender) => octo.allowance(address, spender)),
      ),
      nonce: await octo.nonces(address),
      vault: [...(await settlement.accountOf(address))],
      bonds: await Promise.all(ROLES.map(async ({ letter }) => [...(await registry.bondOf(address, roleId(letter)))])),
      active: await Promise.all(ROLES.map(({ letter }) => registry.isActive(address, roleId(letter)))),
      leaving: [...(await registry.exitOf(address, D, day))],
      spent: await jobMarket.isConsentSpent(address, 7n),
    })),
  );
  const jobs = await Promise.all(
    [OPEN_JOB, FUNDED_JOB, SUBMITTED_JOB, COMPLETED_JOB, DECLINED_JOB, DISPUTED_JOB, LATE_JOB].map(async (job) => [
      [...(await jobMarket.getJob(job))],
      [...(await jobMarket.termsOf(job))],
    ]),
  );
  const managed = [
    settlement,
    registry,
    jobMarket,
    engine,
    emissionSchedule,
    roleTokenFactory,
    slashingDesk,
    partnerVesting,
    system.panelArbiter,
    agentRegistry,
    agentReputation,
    agentValidation,
  ];
  const wallets = [system.treasuryVesting, system.teamVesting, system.earlyVesting, partnerVesting];
  return {
    accounts,
    jobs,
    position: [...(await registry.positionOf(provider.address, D))].flat(),
    frozen: [...(await registry.frozenBy(dispute)), ...(await slashingDesk.disputeOf(dispute))],
    slashers: await Promise.all([0n, 1n].map(async (lane) => [...(await slashingDesk.slasherOf(judge.address, lane))])),
    delegated: [...(await delegationPools.delegationOf(delegator.address, provider.address, D))],
    undelegated: [...(await delegationPools.exitOf(delegator.address, provider.address, D, day))],
    earned: await delegationPools.claimable(delegator.address, provider.address, D),
    cut: (await delegationPools.poolOf(provider.address, D)).cut,
    agent: await Promise.all([
      agentRegistry.ownerOf(AGENT),
      agentRegistry.getApproved(AGENT),
      agentRegistry.isApprovedForAll(provider, actors.stranger),
      agentRegistry.tokenURI(AGENT),
      agentRegistry.getMetadata(AGENT, "key"),
      agentRegistry.getAgentWallet(AGENT),
    ]),
    offer: [...(await agentRegistry.offerOf(AGENT))],
    said: [...(await agentReputation.summaryOf(AGENT)), ...(await agentReputation.getClients(AGENT))],
    validation: [...(await agentValidation.getValidationStatus(request))],
    profile: await providerDirectory.profileHashOf(provider.address, D),
    escrow: [...(await settlement.marketOf(jobMarket))],
    committed: (await settlement.sums()).committed,
    sinks: [await settlement.treasury(), await settlement.holders()],
    terms: [...(await emissionSchedule.termsOf(SCHEDULES.SERVICE))].flat(),
    schedules: await emissionSchedule.count(),
    roles: await roleTokenFactory.count(),
    review: await jobMarket.reviewDuration(),
    nonceOfDeal: await jobMarket.authorizationNonceOf(deal),
    mintedFromBudget: await octo.mintedFromBudget(),
    beneficiaries: await Promise.all(
      wallets.map(async (wallet) => [await wallet.owner(), await wallet.pendingOwner(), await wallet.allocation()]),
    ),
    unattested: await partnerVesting.unattested(),
    arbiters: [...(await system.panelArbiter.members(0n, 100n)).page].flat(),
    verdict: [...(await system.panelArbiter.caseOf(VOTING_CASE))].flat(),
    panel: [...(await system.panelArbiter.panelOf(VOTING_CASE))],
    authorities: await Promise.all(managed.map((contract) => contract.authority())),
    implementations: await Promise.all(PROXIES.map((name) => implementationOf(system[name]))),
    access: await Promise.all(
      Object.values(ACCESS).flatMap((access) =>
        ["admin", "guardian", "stranger"].map(
          async (name) => (await manager.hasRole(access, actors[name as keyof Actors].address)).isMember,
        ),
      ),
    ),
  };
}

describe("Access", () => {
  describe("the table of this test", () => {
    for (const name of Object.keys(ROWS) as ContractName[]) {
      it(`decides about every function of ${name} that is no view`, async () => {
        const { contracts } = await loadFixture(peopled);
        expect(Object.keys(ROWS[name]).toSorted()).to.deep.equal(writingFunctions(contracts[name]));
      });

      it(`has as restricted in ${name} what stands in deploy/access.ts`, () => {
        const here = Object.entries(ROWS[name]).filter(([, row]) => "restricted" in row);
        const there = RESTRICTED.filter((row) => row.contract === name);
        expect(here.map(([signature]) => signature).toSorted()).to.deep.equal(
          there.map(({ signature }) => signature).toSorted(),
        );
      });
    }

    it("decides about every contract that is deployed", async () => {
      const { system } = await loadFixture(peopled);
      const named = Object.keys(system.addresses).map((name) =>
        name.replace(/^token[A-Z]$/, "roleToken").replace(/^(treasury|team|early)Vesting$/, "allocationVesting"),
      );
      // The market answers the second ABI of ERC-8183 too.
      named.push("jobMarketDeployed");
      expect([...new Set(named)].toSorted()).to.deep.equal(Object.keys(ROWS).toSorted());
    });
  });

  describe("a stranger", () => {
    for (const [name, rows] of Object.entries(ROWS) as [ContractName, Record<string, Row>][]) {
      describe(`at ${name}`, () => {
        for (const [signature, row] of Object.entries(rows)) {
          const call = signature.replace(/\(.*/, "");

          if ("restricted" in row) {
            it(`is refused ${call}: AccessManagedUnauthorized`, async () => {
              const world = await loadFixture(peopled);
              const { stranger } = world.actors;
              await expect(send(world, name, signature, stranger))
                .to.be.revertedWithCustomError(world.system.settlement, "AccessManagedUnauthorized")
                .withArgs(stranger.address);
            });
          } else if ("open" in row) {
            it(`may ${call} (${row.open}) and changes nothing of others`, async () => {
              const world = await loadFixture(peopled);
              const before = await belongingsOf(world);
              await send(world, name, signature, world.actors.stranger);
              expect(await belongingsOf(world)).to.deep.equal(before);
            });
          } else if (row.bound.startsWith("no reason")) {
            it(`is refused ${call} (${row.bound})`, async () => {
              const world = await loadFixture(peopled);
              await expect(send(world, name, signature, world.actors.stranger)).to.be.revertedWithoutReason(ethers);
            });
          } else {
            it(`is refused ${call}: ${row.bound}`, async () => {
              const world = await loadFixture(peopled);
              const calling = expect(send(world, name, signature, world.actors.stranger)).to.be.revertedWithCustomError(
                world.contracts[row.thrownBy ?? name],
                row.bound,
              );
              await (row.errorArgs === undefined ? calling : calling.withArgs(...(await row.errorArgs(world))));
            });
          }
        }
      });
    }

    it("moves no fee by a sweep but to the treasury", async () => {
      const { system, actors } = await loadFixture(peopled);
      const { treasury } = await system.settlement.sums();
      expect(treasury).to.be.greaterThan(0n);
      await expect(system.settlement.connect(actors.stranger).sweep()).to.changeTokenBalances(
        ethers,
        system.octo,
        [actors.treasury, actors.stranger],
        [treasury, 0n],
      );
    });
  });

  describe("the permission table", () => {
    for (const { contract, signature, access } of RESTRICTED) {
      const holder = access === "GUARDIAN_ACCESS" ? "guardian" : "admin";
      const call = `${contract}.${signature.replace(/\(.*/, "")}`;

      it(`lets the ${holder} ${call} (${access})`, async () => {
        const world = await loadFixture(peopled);
        await expect(send(world, contract, signature, world.actors[holder])).not.to.revert(ethers);
      });

      for (const other of ["deployer", holder === "admin" ? "guardian" : "admin", "treasury"] as const) {
        it(`refuses ${call} to the ${other}`, async () => {
          const world = await loadFixture(peopled);
          await expect(send(world, contract, signature, world.actors[other]))
            .to.be.revertedWithCustomError(world.system.settlement, "AccessManagedUnauthorized")
            .withArgs(world.actors[other].address);
        });
      }
    }

    it("stands on chain as in deploy/access.ts, and every other function is the administrator's alone", async () => {
      const { system, contracts } = await loadFixture(peopled);
      for (const [name, contract] of Object.entries(contracts) as [ContractName, BaseContract][]) {
        for (const signature of writingFunctions(contract)) {
          const selector = ethers.id(signature).slice(0, 10);
          const row = RESTRICTED.find((each) => each.contract === name && each.signature === signature);
          const expected = row === undefined ? ACCESS.ADMIN_ACCESS : ACCESS[row.access];
          const actual = await system.manager.getTargetFunctionRole(contract, selector);
          expect(actual, `${name}.${signature}`).to.equal(expected);
        }
      }
    });

    it("was written for nothing else: every entry on chain is a row of deploy/access.ts", async () => {
      const { system } = await loadFixture(peopled);
      const { manager, addresses } = system;
      const written = (await manager.queryFilter(manager.filters.TargetFunctionRoleUpdated())).map(
        ({ args }) => `${args.target} ${args.selector} ${args.roleId}`,
      );
      const rows = RESTRICTED.map(
        ({ contract, signature, access }) =>
          `${addresses[contract]} ${ethers.id(signature).slice(0, 10)} ${ACCESS[access]}`,
      );
      expect(written.toSorted()).to.deep.equal(rows.toSorted());
    });

    it("has every function that the sources mark as restricted, and no other (A-86)", () => {
      const marked = readdirSync(CONTRACTS, { recursive: true, encoding: "utf8" })
        .filter((file) => file.endsWith(".sol"))
        .flatMap((file) => restrictedFunctionsOf(path.join(CONTRACTS, file)));
      const rows = RESTRICTED.map(({ contract, signature }) => `${SOURCES[contract]}.${signature.replace(/\(.*/, "")}`);
      expect(marked.toSorted()).to.deep.equal(rows.toSorted());
    });

    it("names permissions as contracts/shared/Access.sol numbers them", () => {
      const source = readFileSync(path.join(CONTRACTS, "shared/Access.sol"), "utf8");
      const constants = [...source.matchAll(/uint64 internal constant (\w+) = (\d+);/g)];
      expect(Object.fromEntries(constants.map(([, name, value]) => [name, BigInt(value!)]))).to.deep.equal(ACCESS);
    });
  });

  describe("the guardian", () => {
    it("is refused everything at the manager", async () => {
      const world = await loadFixture(peopled);
      const { guardian } = world.actors;
      const refused = Object.entries(ROWS.manager).filter(
        ([, row]) => "bound" in row && row.bound === "AccessManagerUnauthorizedAccount",
      );
      expect(refused.length).to.equal(11);
      for (const [signature] of refused) {
        await expect(send(world, "manager", signature, guardian), signature)
          .to.be.revertedWithCustomError(world.system.manager, "AccessManagerUnauthorizedAccount")
          .withArgs(guardian.address, ACCESS.ADMIN_ACCESS);
      }
    });

    it("cannot lift the pause it has set (I-20)", async () => {
      const { system, actors } = await loadFixture(peopled);
      const { settlement, addresses } = system;
      await settlement.connect(actors.guardian).pauseMarket(addresses.jobMarket);
      await expect(settlement.connect(actors.guardian).unpauseMarket(addresses.jobMarket))
        .to.be.revertedWithCustomError(settlement, "AccessManagedUnauthorized")
        .withArgs(actors.guardian.address);
    });
  });

  describe("after the hand-over", () => {
    it("exactly the founders and the guardian hold permissions, at once and with the delay of the parameters", async () => {
      const { system, actors } = await loadFixture(peopled);
      const { manager } = system;
      const held = new Map<string, boolean>();
      for (const { args } of await manager.queryFilter(manager.filters.RoleGranted())) {
        held.set(`${args.roleId} ${args.account}`, true);
      }
      for (const { args } of await manager.queryFilter(manager.filters.RoleRevoked())) {
        held.set(`${args.roleId} ${args.account}`, false);
      }
      const holders = [...held].filter(([, holds]) => holds).map(([key]) => key);
      const expected = Object.values(ACCESS).map((access) => {
        const holder = access === ACCESS.GUARDIAN_ACCESS ? actors.guardian : actors.admin;
        return `${access} ${holder.address}`;
      });
      expect(holders.toSorted()).to.deep.equal(expected.toSorted());

      const { adminDelay, custodyDelay } = readParameters("local")["$global"]! as Record<string, number>;
      for (const [name, access] of Object.entries(ACCESS).filter(([each]) => each !== "GUARDIAN_ACCESS")) {
        const isCustody = ["ADMIN_ACCESS", "CUSTODY_UPGRADE_ACCESS"].includes(name);
        const delay = BigInt(isCustody ? custodyDelay! : adminDelay!);
        expect([...(await manager.hasRole(access, actors.admin.address))]).to.deep.equal([true, delay]);
      }
      expect([...(await manager.hasRole(ACCESS.GUARDIAN_ACCESS, actors.guardian.address))]).to.deep.equal([true, 0n]);
    });

    it("the deployer holds none of them, nor any other (A-83)", async () => {
      const { system, actors } = await loadFixture(peopled);
      for (let access = 0n; access < 64n; ++access) {
        const { isMember } = await system.manager.hasRole(access, actors.deployer.address);
        expect(isMember, `${access}`).to.equal(false);
      }
    });

    it("the deployer cannot take one back", async () => {
      const world = await loadFixture(peopled);
      const { deployer } = world.actors;
      await expect(world.system.manager.connect(deployer).grantRole(ACCESS.ADMIN_ACCESS, deployer.address, 0n))
        .to.be.revertedWithCustomError(world.system.manager, "AccessManagerUnauthorizedAccount")
        .withArgs(deployer.address, ACCESS.ADMIN_ACCESS);
    });

    for (const name of PROXIES) {
      it(`the deployer, whose door it was, cannot upgrade ${name} (A-83, A-91)`, async () => {
        const world = await loadFixture(peopled);
        const { deployer } = world.actors;
        for (const implementation of [await implementationOf(world.contracts[name]), await doorOf(world)]) {
          await expect(world.system[name].connect(deployer).upgradeToAndCall(implementation, "0x"))
            .to.be.revertedWithCustomError(world.system[name], "AccessManagedUnauthorized")
            .withArgs(deployer.address);
        }
      });
    }

    it("each permission has the administrator for its own, no guardian and its name", async () => {
      const { system } = await loadFixture(peopled);
      const { manager } = system;
      const labels = await manager.queryFilter(manager.filters.RoleLabel());
      const named = Object.fromEntries(labels.map(({ args }) => [args.label, args.roleId]));
      const { ADMIN_ACCESS, ...others } = ACCESS;
      expect(named).to.deep.equal(others);
      for (const access of Object.values(ACCESS)) {
        expect(await manager.getRoleAdmin(access)).to.equal(ADMIN_ACCESS);
        expect(await manager.getRoleGuardian(access)).to.equal(ADMIN_ACCESS);
      }
    });

    it("no contract is closed and every one asks the same manager", async () => {
      const { system } = await loadFixture(peopled);
      const { manager, settlement, registry, jobMarket, engine, emissionSchedule, roleTokenFactory } = system;
      const { slashingDesk, partnerVesting, agentRegistry, agentReputation, agentValidation } = system;
      for (const contract of [
        partnerVesting,
        settlement,
        registry,
        jobMarket,
        system.disputeDesk,
        engine,
        emissionSchedule,
        roleTokenFactory,
        slashingDesk,
        agentRegistry,
        agentReputation,
        agentValidation,
      ]) {
        expect(await contract.authority()).to.equal(system.addresses.manager);
        expect(await manager.isTargetClosed(contract)).to.equal(false);
      }
    });
  });

  describe("with the delays of a public network", () => {
    const { adminDelay, custodyDelay } = readParameters("_template")["$global"]! as Record<string, number>;

    /** The suite on a chain of its own, with the delays that deploy/parameters/_template.json5 proposes. */
    async function delayed() {
      const connection = await hre.network.create();
      const local = readParameters("local");
      const $global = { ...local["$global"], adminDelay: adminDelay!, custodyDelay: custodyDelay! };
      const parameters = { ...local, $global };
      const deployed = await connection.ignition.deploy(System, { parameters });
      const located = Object.entries(deployed).map(async ([name, contract]) => [name, await contract.getAddress()]);
      const signers = await connection.ethers.getSigners();
      const addresses = Object.fromEntries(await Promise.all(located)) as Addresses;
      const [, admin, guardian, , , , liquidity, , , , , stranger] = signers as [
        HardhatEthersSigner,
        ...HardhatEthersSigner[],
      ];
      return {
        connection,
        system: bindSystem(addresses, signers[0]!),
        admin: admin!,
        guardian: guardian!,
        provider: liquidity!,
        stranger: stranger!,
      };
    }

    type Delayed = Awaited<ReturnType<typeof delayed>>;
    let world: Delayed;

    before(async () => {
      world = await delayed();
    });

    /** An upgrade of the registry to the code it has. */
    async function upgrade({ connection, system }: Delayed): Promise<string> {
      const word = await connection.networkHelpers.getStorageAt(system.addresses.registry, IMPLEMENTATION_SLOT);
      const implementation = ethers.getAddress(ethers.dataSlice(word, 12));
      return system.registry.interface.encodeFunctionData("upgradeToAndCall", [implementation, "0x"]);
    }

    for (const { contract, signature, access } of RESTRICTED) {
      const delay =
        access === "GUARDIAN_ACCESS" ? 0 : access === "CUSTODY_UPGRADE_ACCESS" ? custodyDelay! : adminDelay!;
      const call = `${contract}.${signature.replace(/\(.*/, "")}`;
      it(`${call} waits ${delay / 86_400} days`, async () => {
        const { system, admin, guardian } = world;
        const holder = access === "GUARDIAN_ACCESS" ? guardian : admin;
        const selector = ethers.id(signature).slice(0, 10);
        const answer = await system.manager.canCall(holder, system.addresses[contract], selector);
        expect([...answer]).to.deep.equal([delay === 0, BigInt(delay)]);
      });
    }

    it("the administrator cannot act at once, nor shorten what he waits for", async () => {
      const { system, admin } = world;
      const { manager, registry, addresses } = system;
      const data = await upgrade(world);
      await expect(admin.sendTransaction({ to: addresses.registry, data }))
        .to.be.revertedWithCustomError(manager, "AccessManagerNotScheduled")
        .withArgs(await manager.hashOperation(admin, registry, data));
      for (const access of [ACCESS.ADMIN_ACCESS, ACCESS.CUSTODY_UPGRADE_ACCESS]) {
        const shortening = manager.interface.encodeFunctionData("grantRole", [access, admin.address, 0n]);
        await expect(admin.sendTransaction({ to: addresses.manager, data: shortening }))
          .to.be.revertedWithCustomError(manager, "AccessManagerNotScheduled")
          .withArgs(await manager.hashOperation(admin, manager, shortening));
      }
    });

    it("the guardian pauses at once", async () => {
      const { system, guardian } = world;
      await system.settlement.connect(guardian).pauseMarket(system.addresses.jobMarket);
      expect((await system.settlement.marketOf(system.addresses.jobMarket)).paused).to.equal(true);
    });

    it("who disagrees with an upgrade of the registry has left before it (A-24)", async () => {
      const { connection, system, admin, provider, stranger } = world;
      const { time } = connection.networkHelpers;
      const { manager, registry, engine, octo, roleTokens, addresses } = system;
      await octo.connect(provider).approve(addresses.engine, MaxUint256);
      await octo.connect(provider).approve(addresses.registry, MaxUint256);
      await roleTokens.D.connect(provider).approve(addresses.registry, MaxUint256);
      await engine.connect(provider).buy(D, 102n * OCTO, 100n * OCTO, MaxUint256);
      await registry.connect(provider).bond(D, 200n * OCTO, 100n * OCTO);

      const data = await upgrade(world);
      const operation = await manager.hashOperation(admin, registry, data);
      await manager.connect(admin).schedule(registry, data, 0n);
      const readyAt = await manager.getSchedule(operation);
      const unbonding = await registry.connect(provider).unbond(D, 200n * OCTO, 100n * OCTO);
      const freeOn = (BigInt((await unbonding.getBlock())!.timestamp) + 8n * DAY - 1n) / DAY;

      await time.increaseTo(freeOn * DAY);
      await expect(registry.connect(provider).withdraw(D, freeOn, provider.address)).to.changeTokenBalance(
        connection.ethers,
        octo,
        provider,
        200n * OCTO,
      );

      await time.increaseTo(readyAt - 2n);
      await expect(manager.connect(admin).execute(registry, data))
        .to.be.revertedWithCustomError(manager, "AccessManagerNotReady")
        .withArgs(operation);
      await time.increaseTo(readyAt);
      await expect(manager.connect(stranger).execute(registry, data))
        .to.be.revertedWithCustomError(manager, "AccessManagerUnauthorizedCall")
        .withArgs(stranger.address, addresses.registry, data.slice(0, 10));
      await expect(manager.connect(admin).execute(registry, data)).to.emit(registry, "Upgraded");
    });
  });

  describe("an implementation behind its proxy", () => {
    for (const name of PROXIES) {
      it(`of ${name} can neither be initialized nor upgraded (A-83)`, async () => {
        const world = await loadFixture(peopled);
        const implementation = await implementationOf(world.contracts[name]);
        const behind = world.contracts[name].attach(implementation) as typeof world.system.registry;
        for (const caller of [world.actors.stranger, world.actors.deployer, world.actors.admin]) {
          await expect(behind.connect(caller).initialize(caller.address)).to.be.revertedWithCustomError(
            behind,
            "InvalidInitialization",
          );
          await expect(
            behind.connect(caller).upgradeToAndCall(await doorOf(world), "0x"),
          ).to.be.revertedWithCustomError(behind, "UUPSUnauthorizedCallContext");
        }
      });
    }

    it("of jobMarket is no market of the vault", async () => {
      const world = await loadFixture(peopled);
      const implementation = await implementationOf(world.contracts.jobMarket);
      const behind = world.system.jobMarket.attach(implementation) as typeof world.system.jobMarket;
      await world.system.octo.connect(world.actors.client).approve(implementation, OCTO);
      await expect(behind.connect(world.actors.client).hire(world.deal, OCTO, NO_CONSENT))
        .to.be.revertedWithCustomError(world.system.settlement, "SettlementUnknownMarket")
        .withArgs(implementation);
    });

    it("of engine mints nothing", async () => {
      const { system, actors, contracts } = await loadFixture(peopled);
      const implementation = await implementationOf(contracts.engine);
      const behind = system.engine.attach(implementation) as typeof system.engine;
      await system.octo.connect(actors.stranger).approve(implementation, MaxUint256);
      await expect(behind.connect(actors.stranger).buy(D, 10n * OCTO, 1n, MaxUint256))
        .to.be.revertedWithCustomError(system.roleTokens.D, "RoleTokenCallerNotMinter")
        .withArgs(implementation);
    });

    it("of registry knows no role", async () => {
      const { system, actors, contracts } = await loadFixture(peopled);
      const implementation = await implementationOf(contracts.registry);
      const behind = system.registry.attach(implementation) as typeof system.registry;
      await expect(behind.connect(actors.stranger).bond(D, OCTO, 0n))
        .to.be.revertedWithCustomError(behind, "ProviderRegistryUnknownRole")
        .withArgs(D);
    });
  });

  describe("the door through which the implementations came", () => {
    it("is one, open once for each proxy, and gone", async () => {
      const world = await loadFixture(peopled);
      const door = await doorOf(world);
      for (const name of PROXIES) {
        const proxy = world.contracts[name];
        expect(await upgradesOf(proxy)).to.deep.equal([door, await implementationOf(proxy)]);
      }
    });

    it("cannot be upgraded itself, not by its builder either", async () => {
      const world = await loadFixture(peopled);
      const door = await ethers.getContractAt("Door", await doorOf(world));
      for (const caller of [world.actors.deployer, world.actors.stranger]) {
        const calling = (door.connect(caller) as BaseContract).getFunction("upgradeToAndCall");
        await expect(
          calling.send(await implementationOf(world.contracts.registry), "0x"),
        ).to.be.revertedWithCustomError(door, "UUPSUnauthorizedCallContext");
      }
    });
  });
});

/** The contract of each name in the System module's result. */
const SOURCES: Record<Restricted["contract"], string> = {
  partnerVesting: "MilestoneVesting",
  settlement: "Settlement",
  emissionSchedule: "EmissionSchedule",
  roleTokenFactory: "RoleTokenFactory",
  registry: "ProviderRegistry",
  slashingDesk: "SlashingDesk",
  engine: "ConversionEngine",
  jobMarket: "JobMarket",
  disputeDesk: "DisputeDesk",
  panelArbiter: "PanelArbiter",
  agentRegistry: "AgentRegistry",
  agentReputation: "AgentReputation",
  agentValidation: "AgentValidation",
};

/** As `Contract.function`; the hook of an upgrade stands for the function that it guards. */
function restrictedFunctionsOf(file: string): string[] {
  const source = readFileSync(file, "utf8").replaceAll(/\/\/.*$/gm, "");
  const contract = path.basename(file, ".sol");
  const functions = source.matchAll(/function\s+(\w+)\s*\([^)]*\)([^{;]*)[{;]/g);
  return [...functions]
    .filter(([, , modifiers]) => /\brestricted\b/.test(modifiers!))
    .map(([, name]) => `${contract}.${name === "_authorizeUpgrade" ? "upgradeToAndCall" : name}`);
}

/** Every implementation that a proxy has had, in order. */
async function upgradesOf(proxy: BaseContract): Promise<string[]> {
  const topic = ethers.id("Upgraded(address)");
  const logs = await ethers.provider.getLogs({ address: await proxy.getAddress(), topics: [topic], fromBlock: 0 });
  return logs.map(({ topics }) => ethers.getAddress(ethers.dataSlice(topics[1]!, 12)));
}

async function doorOf({ contracts }: World): Promise<string> {
  return (await upgradesOf(contracts.registry))[0]!;
}
