import type { EChartsOption, GridComponentOption, LineSeriesOption, TitleComponentOption } from "echarts";

import { type RoleLetter, ROLES } from "../../../deploy/roles.ts";
import type { RoleRow, Series } from "../series.ts";
import { LETTERS } from "../world.ts";
import type { Chart } from "./chart.ts";
import {
  figureAxis,
  frame,
  INK,
  line,
  millions,
  phases,
  rate,
  ROLE_COLOURS,
  smoothed,
  SOFT,
  yearAxis,
} from "./style.ts";

const MONTH = 4;
const COLUMNS = 2;
const PANEL = { width: 434, height: 150, left: 66, gap: 82, top: 68, between: 62 };

export const rates: Chart = {
  name: "rate-and-coverage",
  title: "Rate and coverage, role by role",
  caption:
    "The bid (filled) is the lower of policy and coverage, so it never touches what covers others; the coverage never falls below 1.0, and sales below it raise it for those who stay.",
  height: PANEL.top + Math.ceil(ROLES.length / COLUMNS) * (PANEL.height + PANEL.between),
  option: (series) => panels(series),
};

export const volumes: Chart = {
  name: "volumes",
  title: "Work settled, role by role",
  caption: "Clients' demand through growth, boom, bust, attack and maturity, with chance on top (mean of four weeks).",
  height: 340,
  option: (series) => stacked(series, ({ volume }) => volume, "million OCTO a week"),
};

export const emission: Chart = {
  name: "emission",
  title: "Role tokens minted for work",
  caption:
    "A mint follows the fee of the work and the provider's score; the epoch's cap, whose base falls after years 4 and 8, bounds it further (mean of four weeks).",
  height: 340,
  option: (series) => stacked(series, ({ minted }) => minted, "million role tokens a week"),
};

export const caps: Chart = {
  name: "caps",
  title: "How much of an epoch's cap was used",
  caption:
    "What a role's work minted as a part of what its cap allowed in the epoch: at 100 % the cap refused the rest (mean of four weeks).",
  height: 340,
  option: (series) =>
    frame([...LETTERS], {
      xAxis: yearAxis(series),
      yAxis: figureAxis("% of the cap", { max: 100 }),
      series: [
        phases(series),
        ...LETTERS.map((letter) =>
          line(
            series,
            letter,
            smoothed(
              series,
              ({ roles }) => (100 * millions(roles[letter].minted)) / millions(roles[letter].cap),
              MONTH,
            ),
            { color: ROLE_COLOURS[letter] },
          ),
        ),
      ],
    }),
};

export const reserves: Chart = {
  name: "reserves",
  title: "What covers the role tokens",
  caption:
    "The reserves of all roles: OCTO that buyers and the treasury paid in, and mint budget earmarked for work, against the supply of all role tokens.",
  height: 340,
  option: (series) => {
    const sum = (of: (role: RoleRow) => bigint) => (row: Series["rows"][number]) =>
      millions(LETTERS.reduce((total, letter) => total + of(row.roles[letter]), 0n));
    const area = { stack: "reserve", lineStyle: { width: 0.8 }, areaStyle: { opacity: 0.6 } };
    return frame(["OCTO held", "budget earmarked", "supply of role tokens"], {
      xAxis: yearAxis(series),
      yAxis: figureAxis("million OCTO or role tokens"),
      series: [
        phases(series),
        line(
          series,
          "OCTO held",
          sum(({ held }) => held),
          { color: "#2a9d8f", ...area },
        ),
        line(
          series,
          "budget earmarked",
          sum(({ earmarked }) => earmarked),
          { color: "#9fc5e8", ...area },
        ),
        line(
          series,
          "supply of role tokens",
          sum(({ supply }) => supply),
          { color: INK, lineStyle: { width: 2 } },
        ),
      ],
    });
  },
};

function stacked(series: Series, of: (role: RoleRow) => bigint, unit: string): EChartsOption {
  const shown = LETTERS.filter((letter) => series.rows.some(({ roles }) => of(roles[letter]) > 0n));
  return frame([...shown], {
    xAxis: yearAxis(series),
    yAxis: figureAxis(unit),
    series: [
      phases(series),
      ...shown.map((letter) =>
        line(
          series,
          letter,
          smoothed(series, ({ roles }) => millions(of(roles[letter])), MONTH),
          {
            color: ROLE_COLOURS[letter],
            stack: "roles",
            lineStyle: { width: 0.6 },
            areaStyle: { opacity: 0.8 },
          },
        ),
      ),
    ],
  });
}

/** A small chart a role, all to the same scale. */
function panels(series: Series): EChartsOption {
  const highest = Math.max(...series.rows.flatMap(({ roles }) => LETTERS.map((letter) => rate(roles[letter].ask))));
  const figures = {
    min: 0,
    max: Math.ceil(highest),
    interval: 1,
    axisLabel: { color: SOFT, formatter: "{value} OCTO" },
  };
  return {
    ...withLegend(),
    title: LETTERS.map(titleOf),
    grid: LETTERS.map((_, index) => gridOf(index)),
    xAxis: LETTERS.map((_, index) =>
      yearAxis(series, { gridIndex: index, ...(index < LETTERS.length - COLUMNS ? { name: "" } : {}) }),
    ),
    yAxis: LETTERS.map((_, index) => figureAxis("", { gridIndex: index, ...figures })),
    series: LETTERS.flatMap((letter, index) => linesOf(series, letter, index)),
  };
}

function titleOf(letter: RoleLetter, index: number): TitleComponentOption {
  return {
    text: `${letter}  ${ROLES[index]!.work}`,
    left: gridOf(index).left as number,
    top: (gridOf(index).top as number) - 24,
    textStyle: { fontSize: 13, fontWeight: 600, color: ROLE_COLOURS[letter] },
  };
}

/** The lines of a role's panel; a panel has fewer pixels than a decade has epochs, so every other epoch is drawn. */
function linesOf(series: Series, letter: RoleLetter, index: number): LineSeriesOption[] {
  const shown = { ...series, rows: series.rows.filter(({ epoch }) => epoch % 2 === 1) };
  const at = { xAxisIndex: index, yAxisIndex: index };
  const drawn = (name: "bid" | "policy" | "ask" | "coverage", color: string, lineStyle: object, rest: object = {}) =>
    line(shown, name, ({ roles }) => rate(roles[letter][name]), {
      ...at,
      color,
      lineStyle: { color, ...lineStyle },
      ...rest,
    });
  const color = ROLE_COLOURS[letter];
  return [
    { ...phases(series, index < COLUMNS ? "insideTop" : "none"), ...at },
    drawn("bid", color, { width: 0.8 }, { areaStyle: { opacity: 0.25 } }),
    drawn("policy", SOFT, { width: 1, type: "dotted" }),
    drawn("ask", color, { width: 1, type: "dashed" }),
    drawn("coverage", INK, { width: 2 }, { markLine: floor() }),
  ];
}

/** Of no role's colour, since it speaks of all. */
function withLegend(): EChartsOption {
  const { legend, ...rest } = frame([], {});
  const drawn = (name: string, color: string, type: "solid" | "dashed" | "dotted") => ({
    name,
    itemStyle: { color: "transparent" },
    lineStyle: { color, type, width: 2 },
  });
  const data = [
    drawn("coverage", INK, "solid"),
    drawn("ask", SOFT, "dashed"),
    { name: "bid", icon: "rect", itemStyle: { color: "#c5ccd3" } },
    drawn("policy", SOFT, "dotted"),
  ];
  return { ...rest, legend: { ...legend, data } };
}

/** The line below which no coverage ever falls. */
function floor() {
  return {
    silent: true,
    symbol: "none",
    label: { show: false },
    lineStyle: { color: "#c8452f", width: 1, type: "solid" as const },
    data: [{ yAxis: 1 }],
  };
}

function gridOf(index: number): GridComponentOption {
  const column = index % COLUMNS;
  const row = Math.floor(index / COLUMNS);
  return {
    left: PANEL.left + column * (PANEL.width + PANEL.gap),
    top: PANEL.top + row * (PANEL.height + PANEL.between),
    width: PANEL.width,
    height: PANEL.height,
  };
}
