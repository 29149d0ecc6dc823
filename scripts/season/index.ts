import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import pc from "picocolors";

import { ROLES, roleId } from "../../deploy/roles.ts";
import { deploySystem } from "../lib/deploySystem.ts";
import { Failure } from "../lib/failure.ts";
import { agents } from "./acts/agents.ts";
import { delegation } from "./acts/delegation.ts";
import { discovery } from "./acts/discovery.ts";
import { dispute } from "./acts/dispute.ts";
import { exchange } from "./acts/exchange.ts";
import { exits } from "./acts/exits.ts";
import { genesis } from "./acts/genesis.ts";
import { jobs } from "./acts/jobs.ts";
import { onboarding } from "./acts/onboarding.ts";
import { quarter } from "./acts/quarter.ts";
import { run } from "./acts/run.ts";
import { slashing } from "./acts/slashing.ts";
import { sweep } from "./acts/sweep.ts";
import { washTrade } from "./acts/washTrade.ts";
import { audit, type Check, type Holders, readLedger } from "./ledger.ts";
import { report } from "./report.ts";
import { checkMeans, readScenario } from "./scenario.ts";
import { type Act, Stage } from "./stage.ts";
import { Workshop } from "./workshop.ts";

// The programme, in its order. A new act is a file in acts/ and a name here.
const ACTS: readonly Act[] = [
  genesis,
  onboarding,
  discovery,
  delegation,
  jobs,
  agents,
  dispute,
  slashing,
  quarter,
  washTrade,
  run,
  sweep,
  exits,
  exchange,
];

/** Deploys the suite to an in-process chain, plays every act and prints the report. */
export async function playSeason(hre: HardhatRuntimeEnvironment, scenarioFile: string): Promise<Check[]> {
  const scenario = readScenario(scenarioFile);
  // The same days and weeks whenever it is played.
  const connection = await hre.network.create({ override: { initialDate: "2030-01-01T12:00:00Z" } });
  const workshop = new Workshop();
  try {
    console.log("Deploying the suite to an in-process chain ...");
    const system = await deploySystem(connection, { parameters: "local" });
    const signers = await connection.ethers.getSigners();
    const stage = new Stage(connection, system, scenario, workshop, signers);
    const holders = holdersOf(stage, signers);

    await checkMeans(scenario, async (letter) => {
      const { octo, roleTokens } = await system.registry.minimumOf(roleId(letter));
      return { octo, roleTokens: await system.engine.quoteExactOut(roleId(letter), roleTokens) };
    });
    const before = await readLedger(system, holders);
    for (const [index, act] of ACTS.entries()) await playAct(stage, act, index + 1);
    const after = await readLedger(system, holders);
    const swept = await system.settlement.queryFilter(system.settlement.filters.Swept());
    const burnedFees = swept.reduce((sum, { args }) => sum + args.burned, 0n);
    const slashed = await system.registry.queryFilter(system.registry.filters.SlashedBurned());
    // Those that wait for the engine's next epoch are still part of the supply.
    const waiting = await Promise.all(ROLES.map(({ letter }) => system.roleTokens[letter].balanceOf(system.engine)));
    const sold = await system.engine.queryFilter(system.engine.filters.RoleTokensSold());
    const burned = {
      fees: burnedFees,
      sales: sold.reduce((sum, { args }) => sum + args.fee, 0n),
      slashed: slashed.reduce((sum, { args }) => sum + args.octo, 0n),
      roleTokens:
        slashed.reduce((sum, { args }) => sum + args.roleTokens, 0n) -
        waiting.reduce((sum, balance) => sum + balance, 0n) +
        sold.reduce((sum, { args }) => sum + args.roleIn, 0n),
    };
    const checks = await audit(
      system,
      before,
      after,
      burned,
      stage.jobs.flatMap(({ split }) => split ?? []),
    );
    await report(stage, before, after, checks);
    requireBalance(checks);
    return checks;
  } finally {
    workshop.close();
    await connection.close();
  }
}

/** Everybody who can hold OCTO in the season. */
function holdersOf(
  { players, arbiters, liquidity, system: { addresses } }: Stage,
  signers: HardhatEthersSigner[],
): Holders {
  return new Map<string, readonly string[]>([
    ...[...players].map(([name, { address }]) => [name, [address]] as [string, string[]]),
    ["arbiters", arbiters.map(({ address }) => address)],
    ["treasury", [signers[3]!.address]],
    ["team", [signers[1]!.address]],
    ["early contributors", [signers[4]!.address]],
    ["partners", [signers[5]!.address]],
    ["liquidity", [liquidity.address]],
    ["vault", [addresses.settlement]],
    ["engine", [addresses.engine]],
    ["registry", [addresses.registry]],
    ["delegation pools", [addresses.delegationPools]],
    ["treasury's wallet", [addresses.treasuryVesting]],
    ["team's wallet", [addresses.teamVesting]],
    ["early contributors' wallet", [addresses.earlyVesting]],
    ["partners' wallet", [addresses.partnerVesting]],
  ]);
}

async function playAct(stage: Stage, act: Act, number: number): Promise<void> {
  console.log(`\n${pc.bold(`Act ${number}: ${act.title}`)}`);
  stage.act = `${number}`;
  await act.play(stage);
}

function requireBalance(checks: Check[]): void {
  const broken = checks.filter(({ left, right }) => left !== right);
  if (broken.length > 0) {
    throw new Failure(
      `The books do not balance: ${broken.map(({ what }) => what).join("; ")}.`,
      "This is a fault of the contracts or of the report; please report it with what was printed above.",
    );
  }
  console.log(pc.green("\nEvery wei is accounted for."));
}
