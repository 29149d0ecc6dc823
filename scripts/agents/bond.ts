import { MaxUint256 } from "ethers";

import { ROLES, type RoleLetter, roleId } from "../../deploy/roles.ts";
import { octo } from "../lib/amounts.ts";
import { Failure } from "../lib/failure.ts";
import type { Session } from "../lib/session.ts";
import type { Arguments } from "../tasks/command.ts";

/** Makes the account active in a role: buys what role tokens are missing and bonds the least of both lanes, some times over. */
export async function bondAccount(session: Session, { role: letter, times }: Arguments): Promise<void> {
  const role = roleNamed(letter!);
  const count = timesOf(times!);
  const { registry, octo: token, roleTokens } = session.system;
  const least = await registry.minimumOf(roleId(role));
  const [octoBond, roleBond] = [least.octo * count, least.roleTokens * count];
  const missing = roleBond - (await roleTokens[role].balanceOf(session.address));
  if (missing > 0n) await buy(session, role, missing);
  await session.send(`${octo(octoBond)} OCTO may be bonded`, () => token.approve(registry, octoBond));
  await session.send(`${octo(roleBond)} OCTO-${role} may be bonded`, () =>
    roleTokens[role].approve(registry, roleBond),
  );
  await session.send(`${session.address} is active in ${role}`, () => registry.bond(roleId(role), octoBond, roleBond));
}

async function buy(session: Session, role: RoleLetter, amount: bigint): Promise<void> {
  const { engine, octo: token } = session.system;
  const price = await engine.quoteExactOut(roleId(role), amount);
  await session.send(`the engine may take ${octo(price)} OCTO`, () => token.approve(engine, price));
  await session.send(`${octo(amount)} OCTO-${role} are bought`, () =>
    engine.buy(roleId(role), price, amount, MaxUint256),
  );
}

function roleNamed(letter: string): RoleLetter {
  const role = ROLES.find((known) => known.letter === letter.toUpperCase());
  if (role !== undefined) return role.letter;
  throw new Failure(`There is no role "${letter}".`, `There are ${ROLES.map((known) => known.letter).join(", ")}.`);
}

function timesOf(text: string): bigint {
  if (/^[1-9]\d{0,3}$/.test(text)) return BigInt(text);
  throw new Failure(`"${text}" is no number of times.`, "The least is bonded 1 to 9,999 times.");
}
