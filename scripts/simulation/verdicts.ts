import { roleId } from "../../deploy/roles.ts";
import { inMillions, rate, thousands } from "../lib/amounts.ts";
import type { Cast } from "./cast.ts";
import type { Series } from "./series.ts";
import { LETTERS, type World } from "./world.ts";

/** Something that a run was played to find out. */
export type Verdict = { readonly text: string; readonly holds: boolean };

/** What must be true of the whole run, besides every epoch's checks. */
export async function verdictsOf(world: World, cast: Cast, series: Series): Promise<Verdict[]> {
  const { washTrader, totals } = series.rows.at(-1)!;
  const unsold = await cast.washTrader.unsold();
  const tooMuch = await soldBeyondEarned(world);
  return [
    {
      text: `${thousands(BigInt(series.checks))} comparisons held in ${series.rows.length} epochs`,
      holds: series.checks > 0,
    },
    {
      text: `the lowest coverage of any role at any time was ${rate(series.lowestCoverage, 7)}`,
      holds: series.lowestCoverage >= 10n ** 18n,
    },
    {
      text: `the wash-trader has lost ${inMillions(-washTrader.result, 3)} M OCTO`,
      holds: washTrader.result < 0n,
    },
    {
      text: `with every vote in his hand he would have lost ${inMillions(-washTrader.withEveryVote, 3)} M`,
      holds: washTrader.withEveryVote < 0n,
    },
    { text: "he has no role token and no bond left", holds: unsold === 0n },
    {
      text: `fees burned ${inMillions(totals.burn + totals.voters)} M OCTO, work earmarked ${inMillions(totals.minted)} M`,
      holds: totals.burn > totals.minted,
    },
    { text: "nobody sold more without a fee than he had earned (C-6)", holds: tooMuch === 0 },
  ];
}

/** How many accounts sold more of a role as earned than they had earned. */
async function soldBeyondEarned({ accounts, system: { roleTokens } }: World): Promise<number> {
  let beyond = 0;
  for (const account of accounts.values()) {
    for (const letter of LETTERS) {
      const sold = await roleTokens[letter].soldOf(account);
      if (sold > (await roleTokens[letter].earnedOf(account))) beyond++;
    }
  }
  return beyond;
}
