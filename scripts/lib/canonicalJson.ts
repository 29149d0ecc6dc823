import { keccak256, toUtf8Bytes } from "ethers";

/** Whatever JSON can say. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** JSON without blanks, keys in alphabetical order: the same text for the same content, so that its hash can stand for it. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => (isObject(part) ? sorted(part) : part));
}

/** keccak256 of a text, as it stands on chain for the text. */
export function hashOf(text: string): string {
  return keccak256(toUtf8Bytes(text));
}

function sorted(part: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(part).sort(([one], [other]) => (one < other ? -1 : 1)));
}

function isObject(part: unknown): part is Record<string, unknown> {
  return typeof part === "object" && part !== null && !Array.isArray(part);
}
