import { type RoleLetter, roleId } from "../../deploy/roles.ts";
import { LETTERS, type World } from "./world.ts";

/** A role as the contracts have it. */
export type RoleState = {
  readonly supply: bigint;
  readonly held: bigint;
  readonly earmarked: bigint;
  readonly coverage: bigint;
  readonly policy: bigint;
  readonly bid: bigint;
  readonly ask: bigint;
};

/** Everything that must balance, read from the contracts at one block. */
export type State = {
  readonly roles: Record<RoleLetter, RoleState>;
  readonly supply: bigint;
  readonly everMinted: bigint;
  readonly cap: bigint;
  readonly mintedFromBudget: bigint;
  readonly budgetOpened: bigint;
  readonly openBudget: bigint;
  readonly committed: bigint;
  readonly accrued: { readonly treasury: bigint; readonly burn: bigint; readonly voters: bigint };
  readonly escrow: bigint;
  readonly credits: bigint;
  readonly inVault: bigint;
  readonly inEngine: bigint;
  readonly inRegistry: bigint;
};

export async function readState(world: World): Promise<State> {
  const { octo, settlement, addresses } = world.system;
  // All at once: the chain answers while the next question is being written.
  const [roles, credits, sums, market, ...amounts] = await Promise.all([
    Promise.all(LETTERS.map(async (letter) => [letter, await readRole(world, letter)] as const)),
    Promise.all([...world.accounts.values()].map((account) => settlement.creditOf(account))),
    settlement.sums(),
    settlement.marketOf(addresses.jobMarket),
    octo.totalSupply(),
    octo.everMinted(),
    octo.cap(),
    octo.mintedFromBudget(),
    octo.budgetOpened(),
    settlement.openBudget(),
    octo.balanceOf(addresses.settlement),
    octo.balanceOf(addresses.engine),
    octo.balanceOf(addresses.registry),
  ]);
  const [supply, everMinted, cap, mintedFromBudget, budgetOpened, openBudget, inVault, inEngine, inRegistry] = amounts;
  const { treasury, burn, voters, committed } = sums;
  return {
    roles: Object.fromEntries(roles) as Record<RoleLetter, RoleState>,
    ...{ supply, everMinted, cap, mintedFromBudget, budgetOpened, openBudget, committed },
    accrued: { treasury, burn, voters },
    escrow: market.balance,
    credits: credits.reduce((sum, credit) => sum + credit, 0n),
    ...{ inVault, inEngine, inRegistry },
  };
}

async function readRole({ system }: World, letter: RoleLetter): Promise<RoleState> {
  const { engine, settlement, roleTokens } = system;
  const role = roleId(letter);
  const [supply, held, earmarked, coverage, policy, bid, ask] = await Promise.all([
    roleTokens[letter].totalSupply(),
    engine.heldOf(role),
    settlement.earmarkOf(role),
    engine.coverageOf(role),
    engine.policyOf(role),
    engine.bidOf(role),
    engine.askOf(role),
  ]);
  return { supply, held, earmarked, coverage, policy, bid, ask };
}
