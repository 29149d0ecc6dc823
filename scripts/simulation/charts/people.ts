import type { Gain } from "../series.ts";
import type { Chart } from "./chart.ts";
import { COLOURS, figureAxis, frame, INK, line, millions, phases, SOFT, yearAxis } from "./style.ts";

const ZERO = {
  silent: true,
  symbol: "none",
  label: { show: false },
  lineStyle: { color: SOFT, width: 1, type: "solid" as const },
  data: [{ yAxis: 0 }],
};

export const washTrader: Chart = {
  name: "wash-trader",
  title: "Profit of the wash-trader",
  caption:
    "All that he has, less all that he put in: dealing with himself costs him in every week, and would cost him even if the voters' leg of his fees all came back to him.",
  height: 380,
  option: (series) =>
    frame(["profit", "profit if every vote were his", "fees to treasury and burn"], {
      xAxis: yearAxis(series),
      yAxis: figureAxis("million OCTO since genesis"),
      series: [
        phases(series),
        line(series, "profit", ({ washTrader }) => millions(washTrader.result), {
          color: COLOURS.burned,
          lineStyle: { width: 2.4 },
          areaStyle: { opacity: 0.1 },
          markLine: ZERO,
        }),
        line(series, "profit if every vote were his", ({ washTrader }) => millions(washTrader.withEveryVote), {
          color: COLOURS.voters,
        }),
        line(series, "fees to treasury and burn", ({ washTrader }) => -millions(washTrader.gone), {
          color: SOFT,
          lineStyle: { width: 1.2, type: "dashed" },
        }),
      ],
    }),
};

export const speculators: Chart = {
  name: "speculators",
  title: "Profit of the whale and the arbitrageur",
  caption:
    "What each has at the engine's bid, against what it put in: the whale buys through the boom and runs in the attack, as fast as the circuit breaker lets it; it loses the price above coverage that it paid, the exit fee, and what it leaves behind.",
  height: 360,
  option: (series) =>
    frame(["whale", "arbitrageur"], {
      xAxis: yearAxis(series),
      yAxis: figureAxis("% of what was put in"),
      series: [
        phases(series),
        line(series, "whale", ({ whale }) => percent(whale), { color: INK, markLine: ZERO }),
        line(series, "arbitrageur", ({ arbitrageur }) => percent(arbitrageur), { color: COLOURS.treasury }),
      ],
    }),
};

/** Nothing before anything was put in. */
function percent({ result, putIn }: Gain): number | null {
  return putIn === 0n ? null : (100 * millions(result)) / millions(putIn);
}
