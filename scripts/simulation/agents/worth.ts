import { type RoleLetter, roleId } from "../../../deploy/roles.ts";
import type { World } from "../world.ts";

/** What an account has in hand: OCTO, credit in the vault, and role tokens at what the engine would pay for them now. */
export async function worthOf(world: World, account: string, roles: readonly RoleLetter[]): Promise<bigint> {
  const { octo, settlement } = world.system;
  const amounts = await Promise.all([
    octo.balanceOf(account),
    settlement.creditOf(account),
    ...roles.map((letter) => saleOf(world, account, letter)),
  ]);
  return amounts.reduce((sum, amount) => sum + amount, 0n);
}

/** What the account would be paid for all its unbonded tokens of a role, its exit fee taken off. */
async function saleOf({ system: { engine, roleTokens } }: World, account: string, letter: RoleLetter): Promise<bigint> {
  const balance = await roleTokens[letter].balanceOf(account);
  return balance === 0n ? 0n : (await engine.quoteSell(account, roleId(letter), balance)).octoOut;
}
