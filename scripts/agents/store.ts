// What an agent keeps on disk: texts under their hashes, and which text is the result of which job. Everything else is on
// chain. A file is written under another name first, so that a half-written one is never read.

import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";

import { hashOf } from "../lib/canonicalJson.ts";

/** Texts that were delivered, and are not yet known to be of a job; the oldest are forgotten first. */
const MAX_WAITING = 200;

export class Store {
  readonly #folder: string;
  readonly #waiting = new Map<string, string>();
  readonly #wanted = new Set<string>();

  constructor(folder: string) {
    this.#folder = folder;
    for (const kind of ["texts", "results"]) mkdirSync(path.join(folder, kind), { recursive: true });
  }

  /** A job names this hash: its text is kept for good as soon as it comes. */
  want(hash: string): void {
    this.#wanted.add(hash);
  }

  /** Remembers a text for a while, until a job names it. Returns its hash. */
  offer(text: string): string {
    const hash = hashOf(text);
    if (this.#wanted.delete(hash)) return this.keep(text);
    this.#waiting.delete(hash);
    this.#waiting.set(hash, text);
    const [oldest] = this.#waiting.keys();
    if (this.#waiting.size > MAX_WAITING) this.#waiting.delete(oldest!);
    return hash;
  }

  /** Keeps a text for good. Returns its hash. */
  keep(text: string): string {
    const hash = hashOf(text);
    this.#write(path.join("texts", hash), text);
    this.#waiting.delete(hash);
    return hash;
  }

  /** A text by its hash, if it is here. */
  text(hash: string): string | undefined {
    return this.#waiting.get(hash) ?? this.#read(path.join("texts", hash));
  }

  /** Notes the result of a job: the hash of a text that was kept. */
  noteResult(job: string, deliverable: string): void {
    this.#write(path.join("results", job), deliverable);
  }

  /** The hash of a job's result, if it is done. */
  resultOf(job: string): string | undefined {
    return this.#read(path.join("results", job));
  }

  #read(name: string): string | undefined {
    const file = path.join(this.#folder, name);
    return existsSync(file) ? readFileSync(file, "utf8") : undefined;
  }

  #write(name: string, text: string): void {
    const file = path.join(this.#folder, name);
    writeFileSync(`${file}.part`, text);
    renameSync(`${file}.part`, file);
  }
}
