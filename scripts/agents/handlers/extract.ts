import { createHash } from "node:crypto";

import { z } from "zod";

import type { Handler } from "./handler.ts";
import { sentencesOf, wordsOf } from "./text.ts";

const Input = z.strictObject({
  document: z.string().min(1),
  /** A sentence is taken if it has one of these words. */
  words: z.array(z.string().min(1)).min(1).max(32),
});

type Input = z.infer<typeof Input>;

/** Finds the sentences of a document that have certain words, and says by its hash which document it was. */
export const extract: Handler<Input> = {
  name: "extract",
  input: Input,
  hires: false,

  work({ document, words }) {
    return { sha256: sha256(document), sentences: sentencesOf(document).filter((sentence) => hasOne(sentence, words)) };
  },
};

function sha256(document: string): string {
  return createHash("sha256").update(document).digest("hex");
}

function hasOne(sentence: string, words: readonly string[]): boolean {
  const present = new Set(wordsOf(sentence));
  return words.some((word) => present.has(word.toLowerCase()));
}
