import { id } from "ethers";

import { OFFENCES, roleId } from "../../../deploy/roles.ts";
import { octo } from "../../lib/amounts.ts";
import type { Scenario } from "../scenario.ts";
import type { Act, Stage } from "../stage.ts";

const WINDOW = 8n * 3_600n;
const WINDOWS_FROM = 1_767_225_600n; // 2026-01-01T00:00Z, from where the registry counts them

/** What a broken word costs: downtime that anybody reports, and offences that are judged. */
export const slashing: Act = {
  title: "Broken words are paid for",
  async play(stage) {
    for (const silence of stage.scenario.silences) await beSilent(stage, silence);
    for (const verdict of stage.scenario.verdicts) await judge(stage, verdict);

    const { registry } = stage.system;
    const roles = new Set([...stage.scenario.silences, ...stage.scenario.verdicts].map(({ role }) => role));
    for (const role of roles) {
      await stage.send(
        `relayer burns what was slashed in ${role}`,
        registry.connect(stage.player("relayer")).burnSlashed(roleId(role)),
      );
    }
  },
};

async function beSilent(stage: Stage, { player, role, windows }: Scenario["silences"][number]): Promise<void> {
  const { registry, slashingDesk } = stage.system;
  const provider = registry.connect(stage.player(player));
  await stage.send(`${player} takes up the duty to be heard`, provider.setDuty(roleId(role), true));
  await stage.send(`${player} sends a heartbeat`, provider.heartbeat(roleId(role)));
  const window = (BigInt(await stage.connection.networkHelpers.time.latest()) - WINDOWS_FROM) / WINDOW;
  await stage.wait(WINDOW * BigInt(windows + 1), `${player} is not heard for ${windows} window(s) of eight hours`);
  const before = (await registry.bondOf(stage.player(player).address, roleId(role))).roleBond;
  await stage.send(
    `relayer reports the downtime of ${player}`,
    slashingDesk
      .connect(stage.player("relayer"))
      .reportDowntime(stage.player(player).address, roleId(role), window + 1n),
  );
  const after = (await registry.bondOf(stage.player(player).address, roleId(role))).roleBond;
  stage.tell(`it costs ${octo(before - after)} of its ${octo(before)} OCTO-${role}`);
}

async function judge(stage: Stage, verdict: Scenario["verdicts"][number]): Promise<void> {
  const { octo: token, registry, slashingDesk } = stage.system;
  const { provider: name, role, offence, client, loss, title } = verdict;
  const provider = stage.player(name).address;
  console.log(`  ${title}`);
  const offenceAt = BigInt(await stage.connection.networkHelpers.time.latest());
  const disputeId = id(title);
  const { octoBond, roleBond } = await registry.bondOf(provider, roleId(role));
  const desk = slashingDesk.connect(stage.judge);
  await stage.send(
    "the judge opens a dispute, which freezes the stake",
    desk.openDispute(disputeId, provider, roleId(role), octoBond, roleBond, offenceAt),
  );

  const before = await token.balanceOf(stage.player(client).address);
  await stage.send(
    `the judge finds: ${offence}`,
    desk.slash({
      provider,
      role: roleId(role),
      offence: BigInt(OFFENCES.indexOf(offence)),
      offenceAt,
      disputeId,
      client: stage.player(client).address,
      loss,
      reason: id(title),
    }),
  );
  const made = (await token.balanceOf(stage.player(client).address)) - before;
  const left = await registry.bondOf(provider, roleId(role));
  stage.tell(`${name} loses ${octo(octoBond - left.octoBond)} OCTO and ${octo(roleBond - left.roleBond)} OCTO-${role}`);
  stage.tell(`${client} is made whole with ${octo(made)} of ${octo(loss)} OCTO; the rest is burned`);
}
