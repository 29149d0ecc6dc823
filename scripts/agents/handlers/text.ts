const SENTENCES = new Intl.Segmenter("en", { granularity: "sentence" });

/** The sentences of a text, each in one line. */
export function sentencesOf(document: string): string[] {
  return [...SENTENCES.segment(document)]
    .map(({ segment }) => segment.replace(/\s+/g, " ").trim())
    .filter((sentence) => sentence !== "");
}

/** The words of a text, in small letters. */
export function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}
