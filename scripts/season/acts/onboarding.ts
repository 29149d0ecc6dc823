import { roleId } from "../../../deploy/roles.ts";
import type { Act } from "../stage.ts";

/** The players receive their OCTO; providers buy role tokens, bond both lanes and publish their terms. */
export const onboarding: Act = {
  title: "Providers bond both lanes",
  async play(stage) {
    const { octo, registry, roleTokens } = stage.system;
    for (const [name, { octo: amount }] of Object.entries(stage.scenario.players)) {
      if (amount > 0n) await octo.connect(stage.liquidity).transfer(stage.player(name).address, amount);
    }

    for (const { player, role, times } of stage.scenario.bonds) {
      const account = stage.player(player);
      const minimum = await registry.minimumOf(roleId(role));
      const [octoBond, roleBond] = [minimum.octo * BigInt(times), minimum.roleTokens * BigInt(times)];
      await stage.buyRoleTokens(player, role, roleBond);
      await octo.connect(account).approve(registry, octoBond);
      await roleTokens[role].connect(account).approve(registry, roleBond);
      await stage.send(
        `${player} becomes active in ${role}`,
        registry.connect(account).bond(roleId(role), octoBond, roleBond),
      );
    }

    for (const { player, role, maxBudget, minHours } of stage.scenario.standingTerms) {
      await stage.send(
        `${player} publishes standing terms`,
        registry.connect(stage.player(player)).setStandingTerms(roleId(role), maxBudget, BigInt(minHours * 3600)),
      );
    }
  },
};
