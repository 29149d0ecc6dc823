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
  const roles: Partial<Record<RoleLetter, RoleState>> = {};
  for (const letter of LETTERS) roles[letter] = await readRole(world, letter);
  const credits = await Promise.all([...world.accounts.values()].map((account) => settlement.creditOf(account)));
  const { treasury, burn, voters, committed } = await settlement.sums();
  return {
    roles: roles as Record<RoleLetter, RoleState>,
    supply: await octo.totalSupply(),
    everMinted: await octo.everMinted(),
    cap: await octo.cap(),
    mintedFromBudget: await octo.mintedFromBudget(),
    budgetOpened: await octo.budgetOpened(),
    openBudget: await settlement.openBudget(),
    committed,
    accrued: { treasury, burn, voters },
    escrow: (await settlement.marketOf(addresses.jobMarket)).balance,
    credits: credits.reduce((sum, credit) => sum + credit, 0n),
    inVault: await octo.balanceOf(addresses.settlement),
    inEngine: await octo.balanceOf(addresses.engine),
    inRegistry: await octo.balanceOf(addresses.registry),
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
