import { roleId } from "../../../deploy/roles.ts";
import type { Act } from "../stage.ts";

const DAY = 86_400n;

/** Providers take their earnings and their bonds out. */
export const exits: Act = {
  title: "Earnings and bonds are taken out",
  async play(stage) {
    const { settlement, registry } = stage.system;
    for (const [name, account] of stage.players) {
      const credit = await settlement.creditOf(account.address);
      if (credit > 0n) {
        await stage.send(`${name} withdraws its credit`, settlement.connect(account).withdraw(account.address, credit));
      }
    }

    const { delegationPools } = stage.system;
    const delegators: { player: string; provider: string; role: bigint; day: bigint }[] = [];
    for (const { player, provider, role } of stage.scenario.delegations) {
      const [account, to] = [stage.player(player), stage.player(provider).address];
      const pools = delegationPools.connect(account);
      await stage.send(`${player} claims its cut of ${provider}'s pay`, pools.claim(to, roleId(role), account.address));
      const { shares, amount } = await delegationPools.delegationOf(account.address, to, roleId(role));
      const day = await pools.undelegate.staticCall(to, roleId(role), shares, amount);
      await stage.send(`${player} undelegates`, pools.undelegate(to, roleId(role), shares, amount));
      delegators.push({ player, provider: to, role: roleId(role), day });
    }

    for (const { player, role } of stage.scenario.exits) {
      const account = stage.player(player);
      const [octoBond, roleBond] = await registry.bondOf(account.address, roleId(role));
      const day = await registry.connect(account).unbond.staticCall(roleId(role), octoBond, roleBond);
      await stage.send(`${player} leaves ${role}`, registry.connect(account).unbond(roleId(role), octoBond, roleBond));
      await stage.wait(8n * DAY, "eight days pass: seven to unbond, rounded up to a day");
      await stage.send(
        `${player} withdraws both bonds`,
        registry.connect(account).withdraw(roleId(role), day, account.address),
      );
    }

    for (const { player, provider, role, day } of delegators) {
      const account = stage.player(player);
      await stage.send(
        `${player} withdraws its stake`,
        delegationPools.connect(account).withdraw(provider, role, day, account.address),
      );
    }
  },
};
