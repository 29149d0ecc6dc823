import type { Row, Series } from "../series.ts";
import type { Chart } from "./chart.ts";
import { COLOURS, figureAxis, frame, INK, line, millions, phases, SOFT, smoothed, yearAxis } from "./style.ts";

const MONTH = 4;

export const supply: Chart = {
  name: "supply",
  title: "OCTO: how much there is",
  caption:
    "5,000 million OCTO were minted at genesis; what fees and exit fees burn, against what is minted when role tokens are sold.",
  height: 360,
  option: (series) =>
    frame(["there is", "ever minted", "burned since genesis (right)"], {
      grid: { left: 64, right: 72, top: 72, bottom: 44 },
      xAxis: yearAxis(series),
      yAxis: [
        figureAxis("million OCTO", { scale: true }),
        figureAxis("million OCTO burned", {
          splitLine: { show: false },
          nameTextStyle: { color: SOFT, align: "right", padding: [0, -48, 0, 0] },
        }),
      ],
      series: [
        phases(series),
        line(series, "there is", ({ supply }) => millions(supply), { color: INK, lineStyle: { width: 2.4 } }),
        line(series, "ever minted", ({ everMinted }) => millions(everMinted), { color: COLOURS.minted }),
        line(series, "burned since genesis (right)", ({ totals }) => millions(totals.burned), {
          color: COLOURS.burned,
          yAxisIndex: 1,
        }),
      ],
    }),
};

export const budget: Chart = {
  name: "budget",
  title: "The mint budget: opened, committed, minted",
  caption:
    "The budget that time opens is headroom: work has earmarked a small part of it, and OCTO is minted only where role tokens were sold (logarithmic scale).",
  height: 340,
  option: (series) =>
    frame(["opened", "earmarked or minted", "minted"], {
      xAxis: yearAxis(series),
      yAxis: figureAxis("million OCTO", {
        type: "log",
        min: 0.01,
        axisLabel: { color: SOFT, formatter: (value: number) => value.toLocaleString("en") },
      }),
      series: [
        phases(series),
        line(series, "opened", ({ budgetOpened }) => millions(budgetOpened), { color: SOFT }),
        line(series, "earmarked or minted", ({ committed }) => positive(committed), { color: COLOURS.minted }),
        line(series, "minted", ({ mintedFromBudget }) => positive(mintedFromBudget), { color: COLOURS.burned }),
      ],
    }),
};

export const fees: Chart = {
  name: "fees",
  title: "Where the fees go, week by week",
  caption:
    "Each settlement pays treasury, burn and voters; as long as there is no Assembly, the voters' leg is burned too (mean of four weeks).",
  height: 340,
  option: (series) => {
    const leg = (name: string, of: (row: Row) => bigint, color: string) =>
      line(series, name, smoothed(series, weekly(series, of), MONTH), {
        color,
        stack: "legs",
        lineStyle: { width: 0.8 },
        areaStyle: { opacity: 0.75 },
      });
    return frame(["treasury", "burn", "voters", "orchestrators"], {
      xAxis: yearAxis(series),
      yAxis: figureAxis("million OCTO a week"),
      series: [
        phases(series),
        leg("treasury", ({ totals }) => totals.treasury, COLOURS.treasury),
        leg("burn", ({ totals }) => totals.burn, COLOURS.burned),
        leg("voters", ({ totals }) => totals.voters, COLOURS.voters),
        leg("orchestrators", ({ totals }) => totals.orchestrator, "#7b5ea7"),
      ],
    });
  },
};

export const burnAgainstEmission: Chart = {
  name: "burn-against-emission",
  title: "Burn against emission",
  caption:
    "Every settlement burns more OCTO than it earmarks for the role tokens it mints, so the burn stays above the emission in every week and in every sum of weeks.",
  height: 380,
  option: (series) =>
    frame(["burned: fees", "burned: fees and exit fees", "earmarked for work", "minted for sold role tokens"], {
      xAxis: yearAxis(series),
      yAxis: figureAxis("million OCTO since genesis"),
      series: [
        phases(series),
        line(series, "burned: fees", ({ totals }) => millions(totals.burn + totals.voters), {
          color: COLOURS.burned,
          areaStyle: { opacity: 0.08 },
        }),
        line(series, "burned: fees and exit fees", ({ totals }) => millions(totals.burned), {
          color: COLOURS.burned,
          lineStyle: { width: 1.4, type: "dashed" },
        }),
        line(series, "earmarked for work", ({ totals }) => millions(totals.minted), {
          color: COLOURS.minted,
          areaStyle: { opacity: 0.16 },
        }),
        line(series, "minted for sold role tokens", ({ mintedFromBudget }) => millions(mintedFromBudget), {
          color: COLOURS.treasury,
        }),
      ],
    }),
};

/** What a sum since genesis grew by in the epoch, in millions. */
function weekly(series: Series, of: (row: Row) => bigint): (row: Row) => number {
  return (row) => millions(of(row) - (row.epoch === 0 ? 0n : of(series.rows[row.epoch - 1]!)));
}

/** A logarithmic scale has no nought. */
const positive = (wei: bigint) => (wei === 0n ? null : millions(wei));
