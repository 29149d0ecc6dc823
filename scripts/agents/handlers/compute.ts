import { z } from "zod";

import type { Handler } from "./handler.ts";

const Input = z.strictObject({ values: z.array(z.int()).min(1).max(10_000) });

type Input = z.infer<typeof Input>;

/** A small deterministic computation: the least, the greatest, the sum and the median of whole numbers. */
export const compute: Handler<Input> = {
  name: "compute",
  input: Input,
  hires: false,
  work: ({ values }) => statisticsOf(values),
};

/** Exact, as text: the sum may be greater than a JavaScript number holds, and the median a half. */
function statisticsOf(values: readonly number[]) {
  const sorted = values.toSorted((one, other) => one - other);
  const sum = sorted.reduce((total, value) => total + BigInt(value), 0n);
  const middle = sorted.length >> 1;
  const doubled = BigInt(sorted[middle]!) + BigInt(sorted.length % 2 === 0 ? sorted[middle - 1]! : sorted[middle]!);
  return { least: `${sorted[0]!}`, greatest: `${sorted.at(-1)!}`, sum: `${sum}`, median: halfOf(doubled) };
}

function halfOf(doubled: bigint): string {
  const sign = doubled < 0n ? "-" : "";
  const size = doubled < 0n ? -doubled : doubled;
  return `${sign}${size / 2n}${size % 2n === 0n ? "" : ".5"}`;
}
