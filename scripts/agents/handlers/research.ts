import { z } from "zod";

import type { Handler } from "./handler.ts";
import { summarise } from "./summarise.ts";

const Input = z.strictObject({
  question: z.string().min(1),
  document: z.string().min(1),
  /** What the search is for. */
  words: z.array(z.string().min(1)).min(1).max(32),
});

const Found = z.strictObject({ sha256: z.string(), sentences: z.array(z.string()) });

type Input = z.infer<typeof Input>;

/** Words by which an agreement obliges somebody. */
const OBLIGING = ["must", "shall", "may", "cannot", "never", "liable"];

/** Answers a question about a document with the help of two others: one searches it, one reads what it obliges to. */
export const research: Handler<Input> = {
  name: "research",
  input: Input,
  hires: true,

  async work({ question, document, words }, bench) {
    const [search, legal] = await Promise.all([
      bench.hire({ step: "search", capability: "search", task: { handler: "extract", input: { document, words } } }),
      bench.hire({
        step: "legal",
        capability: "legal",
        task: { handler: "extract", input: { document, words: OBLIGING } },
      }),
    ]);
    const found = Found.parse(search);
    const text = found.sentences.join(" ");
    const answer = text === "" ? { summary: [] } : await summarise.work({ document: text, sentences: 3 }, bench);
    return { question, answer, sources: found.sentences.length, obligations: Found.parse(legal).sentences };
  },
};
