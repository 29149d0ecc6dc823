import { createHash } from "node:crypto";

/** What a provider can do: each takes a document and returns a result that anybody can compute again. */
export const WORK = {
  wordCount: (document: string) => ({ words: document.split(/\s+/).filter((word) => word !== "").length }),
  sha256: (document: string) => ({ sha256: createHash("sha256").update(document).digest("hex") }),
} satisfies Record<string, (document: string) => object>;

export type WorkName = keyof typeof WORK;
export type Request = { id: number; work: WorkName; document: string };
export type Answer = { id: number; result: object; pid: number };
