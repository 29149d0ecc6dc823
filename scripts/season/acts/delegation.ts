import { roleId } from "../../../deploy/roles.ts";
import type { Act } from "../stage.ts";

/** Stake is lent to providers. */
export const delegation: Act = {
  title: "Stake is delegated",
  async play(stage) {
    const { octo, delegationPools } = stage.system;
    for (const { player, provider, role, amount } of stage.scenario.delegations) {
      const account = stage.player(player);
      await stage.send(
        `${provider} opens its pool in ${role}`,
        delegationPools.connect(stage.player(provider)).openPool(roleId(role)),
      );
      await octo.connect(account).approve(delegationPools, amount);
      await stage.send(
        `${player} delegates to ${provider} in ${role}`,
        delegationPools.connect(account).delegate(stage.player(provider).address, roleId(role), amount, amount),
      );
    }
  },
};
