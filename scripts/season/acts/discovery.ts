import { octo } from "../../lib/amounts.ts";
import { roleId } from "../../../deploy/roles.ts";
import { findProviders } from "../../lib/discovery.ts";
import type { Act } from "../stage.ts";

/** Providers publish what they offer, and a client looks for the best one for a job. */
export const discovery: Act = {
  title: "Providers are found",
  async play(stage) {
    const { providerDirectory } = stage.system;
    for (const { player, role, capabilities, endpoint } of stage.scenario.profiles) {
      await stage.send(
        `${player} publishes its profile in ${role}`,
        providerDirectory.connect(stage.player(player)).publish(roleId(role), capabilities, endpoint, ""),
      );
    }

    const { role, budget, capability } = stage.scenario.search;
    const found = await findProviders(providerDirectory, {
      role: roleId(role),
      budget,
      ...(capability === undefined ? {} : { capability }),
    });
    stage.tell(
      `for ${octo(budget)} OCTO in ${role}${capability === undefined ? "" : ` and "${capability}"`}, best first:`,
    );
    for (const { provider, routingWeight, score } of found) {
      const points = (value: bigint) => (Number(value) / 1e5).toFixed(2);
      stage.tell(`${stage.nameOf(provider)}, routing weight ${points(routingWeight)}, score ${points(score)}`);
    }
  },
};
