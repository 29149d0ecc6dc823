// How one talks to an agent over HTTP: what it says of itself, what it is asked for, what it has made.

import { type Signer, verifyMessage } from "ethers";

import { hashOf } from "../lib/canonicalJson.ts";
import { Failure } from "../lib/failure.ts";
import { MAX_TASK_BYTES } from "./task.ts";

const PATIENCE = 5_000;
const MAX_BYTES = 4 * MAX_TASK_BYTES;

/** Reads JSON from another's address, without trusting its length or following it elsewhere. */
export async function readJson(url: string): Promise<unknown> {
  return JSON.parse(await read(url, {}));
}

/** Delivers the text of a task, whose hash is the terms of a job. */
export async function deliverTask(endpoint: string, text: string): Promise<void> {
  await read(`${endpoint}/tasks`, { method: "POST", headers: { "content-type": "text/plain" }, body: text });
}

/** Fetches the result that was submitted for a job, which the agent shows to the job's client only. */
export async function fetchResult(endpoint: string, deliverable: string, client: Signer): Promise<string> {
  const signature = await client.signMessage(resultRequest(deliverable));
  const text = await read(`${endpoint}/results/${deliverable}`, { headers: { authorization: `Octo ${signature}` } });
  if (hashOf(text) === deliverable) return text;
  throw new Failure(`${endpoint} shows another result than ${deliverable}.`, "Reject the work.");
}

/** Who signed a request for a result; undefined if nobody did. */
export function requesterOf(deliverable: string, authorization: string | undefined): string | undefined {
  const signature = /^Octo (0x[0-9a-f]{130})$/i.exec(authorization ?? "")?.[1];
  if (signature === undefined) return undefined;
  try {
    return verifyMessage(resultRequest(deliverable), signature);
  } catch {
    return undefined;
  }
}

function resultRequest(deliverable: string): string {
  return `Show me the result ${deliverable}`;
}

async function read(url: string, request: RequestInit): Promise<string> {
  const response = await fetch(url, { ...request, redirect: "error", signal: AbortSignal.timeout(PATIENCE) }).catch(
    (error: unknown) => {
      throw new Failure(`${url} cannot be reached: ${causeOf(error)}.`, "Try again later, or ask another agent.");
    },
  );
  const text = await textWithin(response, url);
  if (response.ok) return text;
  throw new Failure(`${url} answered ${response.status}: ${text.slice(0, 300)}`, "Mend the request, or ask another.");
}

async function textWithin(response: Response, url: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.length;
    if (length > MAX_BYTES) throw new Failure(`${url} answers more than ${MAX_BYTES} bytes.`, "Ask another agent.");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function causeOf(error: unknown): string {
  const { cause, message } = error as Error & { cause?: { code?: string; message?: string } };
  return cause?.code ?? cause?.message ?? message;
}
