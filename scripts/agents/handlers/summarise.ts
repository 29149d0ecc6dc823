import { z } from "zod";

import type { Handler } from "./handler.ts";
import { sentencesOf, wordsOf } from "./text.ts";

const Input = z.strictObject({
  document: z.string().min(1),
  sentences: z.number().int().min(1).max(20),
});

type Input = z.infer<typeof Input>;

const SHORTEST_WORD = 4; // shorter words are mostly grammar

/**
 * Summarises without a model: keeps the sentences whose words are the most frequent in the document, in their order.
 * The measure is the mean frequency of a sentence's words, short ones aside (H. P. Luhn, 1958, simplified).
 */
export const summarise: Handler<Input> = {
  name: "summarise",
  input: Input,
  hires: false,

  work({ document, sentences: count }) {
    return { summary: bestOf(sentencesOf(document), frequenciesOf(document), count) };
  },
};

function frequenciesOf(document: string): Map<string, number> {
  const frequencies = new Map<string, number>();
  for (const word of tellingWordsOf(document)) frequencies.set(word, (frequencies.get(word) ?? 0) + 1);
  return frequencies;
}

function tellingWordsOf(text: string): string[] {
  return wordsOf(text).filter(({ length }) => length >= SHORTEST_WORD);
}

function bestOf(sentences: string[], frequencies: Map<string, number>, count: number): string[] {
  return sentences
    .map((sentence, place) => ({ sentence, place, weight: weightOf(sentence, frequencies) }))
    .sort((one, other) => other.weight - one.weight || one.place - other.place)
    .slice(0, count)
    .sort((one, other) => one.place - other.place)
    .map(({ sentence }) => sentence);
}

function weightOf(sentence: string, frequencies: Map<string, number>): number {
  const words = tellingWordsOf(sentence);
  if (words.length === 0) return 0;
  return words.reduce((sum, word) => sum + (frequencies.get(word) ?? 0), 0) / words.length;
}
