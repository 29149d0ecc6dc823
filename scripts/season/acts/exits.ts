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
  },
};
