import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";

import { drawingOf } from "./charts/chart.ts";
import { CHARTS, DOCUMENT_CHARTS } from "./charts/index.ts";
import type { Options } from "./options.ts";
import { pageOf } from "./report.ts";
import { type Series, textOf } from "./series.ts";
import type { Verdict } from "./verdicts.ts";

/** Writes the series, the report and each chart; returns what a user may want to open. */
export function writeFiles(series: Series, verdicts: readonly Verdict[], { out, charts }: Options): string[] {
  const drawn = CHARTS.map((chart) => ({ chart, drawing: drawingOf(chart, series) }));
  mkdirSync(path.join(out, "charts"), { recursive: true });
  const [page, data] = [path.join(out, "report.html"), path.join(out, "series.json")];
  writeFileSync(page, pageOf(series, verdicts, drawn));
  writeFileSync(data, textOf(series));
  for (const { chart, drawing } of drawn) writeFileSync(path.join(out, "charts", `${chart.name}.svg`), drawing);
  if (charts === "") return [page, data, `${drawn.length} charts in ${path.join(out, "charts")}`];

  mkdirSync(charts, { recursive: true });
  for (const { chart, drawing } of drawn.filter(({ chart }) => DOCUMENT_CHARTS.includes(chart))) {
    writeFileSync(path.join(charts, `${chart.name}.svg`), drawing);
  }
  return [page, data, `${DOCUMENT_CHARTS.length} charts in ${charts}`];
}
