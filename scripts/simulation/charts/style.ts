import type { EChartsOption, LineSeriesOption, XAXisComponentOption, YAXisComponentOption } from "echarts";

import type { RoleLetter } from "../../../deploy/roles.ts";
import { WEEKS_A_YEAR } from "../calendar.ts";
import type { Row, Series } from "../series.ts";

const FONT = 'system-ui, "Segoe UI", "Helvetica Neue", Arial, sans-serif';
export const INK = "#1f2933";
export const SOFT = "#52606d";
const FAINT = "#e4e7eb";

/** The same role has the same colour in every chart; they can be told apart without red and green. */
export const ROLE_COLOURS: Readonly<Record<RoleLetter, string>> = {
  A: "#2f6db5",
  S: "#e08a1e",
  B: "#2a9d8f",
  O: "#7b5ea7",
  W: "#b5476b",
  D: "#4c8c2b",
  M: "#8a6d3b",
  N: "#5c6b7a",
};

export const COLOURS = { minted: "#2f6db5", burned: "#c8452f", treasury: "#2a9d8f", voters: "#e08a1e" } as const;

const PHASE_COLOURS: Readonly<Record<string, string>> = {
  growth: "rgba(47, 109, 181, 0.05)",
  boom: "rgba(76, 140, 43, 0.12)",
  bust: "rgba(224, 138, 30, 0.14)",
  attack: "rgba(200, 69, 47, 0.14)",
};

/** What most charts share: a legend above, axes in ink, room for the figures. */
export function frame(legend: readonly string[], option: EChartsOption): EChartsOption {
  return {
    textStyle: { fontFamily: FONT, color: INK },
    legend: {
      data: [...legend],
      top: 2,
      left: 60,
      itemGap: 34,
      itemWidth: 24,
      textStyle: { color: INK, fontSize: 13 },
    },
    grid: { left: 64, right: 24, top: 72, bottom: 44 },
    ...option,
  };
}

/** Time in years, counted from genesis. */
export function yearAxis(series: Series, rest: Partial<XAXisComponentOption> = {}): XAXisComponentOption {
  return {
    type: "value",
    min: 0,
    max: series.rows.length / WEEKS_A_YEAR,
    name: "years since genesis",
    nameLocation: "middle",
    nameGap: 28,
    nameTextStyle: { color: SOFT },
    axisLine: { lineStyle: { color: SOFT } },
    axisLabel: { color: SOFT, showMaxLabel: true },
    splitLine: { show: false },
    ...rest,
  } as XAXisComponentOption;
}

/** A figure with its unit. */
export function figureAxis(unit: string, rest: Partial<YAXisComponentOption> = {}): YAXisComponentOption {
  return {
    type: "value",
    name: unit,
    nameLocation: "end",
    nameGap: 26,
    nameTextStyle: { color: SOFT, align: "left", padding: [0, 0, 0, -48] },
    axisLabel: { color: SOFT },
    splitLine: { lineStyle: { color: FAINT } },
    ...rest,
  } as YAXisComponentOption;
}

/** A line through all epochs. */
export function line(
  series: Series,
  name: string,
  of: (row: Row) => number | null,
  rest: Partial<LineSeriesOption> = {},
): LineSeriesOption {
  return {
    type: "line",
    name,
    symbol: "none",
    lineStyle: { width: 1.8 },
    data: series.rows.map((row) => [(row.epoch + 1) / WEEKS_A_YEAR, of(row)]),
    ...rest,
  };
}

/** The phases as bands behind a chart, named above it, or in it where a title stands above. */
export function phases({ phases }: Series, names: "top" | "insideTop" | "none" = "top"): LineSeriesOption {
  return {
    type: "line",
    data: [],
    silent: true,
    markArea: {
      silent: true,
      label: {
        show: names !== "none",
        position: names === "none" ? "top" : names,
        color: SOFT,
        fontSize: 12,
        distance: 4,
      },
      data: phases.map(({ name, kind, from, to }) => [
        { name, xAxis: from / WEEKS_A_YEAR, itemStyle: { color: PHASE_COLOURS[kind] ?? FAINT } },
        { xAxis: to / WEEKS_A_YEAR },
      ]),
    },
  };
}

/** Wei as a figure of a chart; nothing else turns amounts into floating point. */
export function millions(wei: bigint): number {
  return Number(wei / 10n ** 12n) / 1e12;
}

export function rate(value: bigint): number {
  return Number(value) / 1e18;
}

/** The mean of as many epochs as there are, at most so many, up to this one. */
export function smoothed(series: Series, of: (row: Row) => number, epochs: number): (row: Row) => number {
  return ({ epoch }) => {
    const those = series.rows.slice(Math.max(0, epoch + 1 - epochs), epoch + 1);
    return those.reduce((sum, row) => sum + of(row), 0) / those.length;
  };
}
