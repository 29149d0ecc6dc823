// What an agent shows over HTTP.

import fastify, { type FastifyInstance } from "fastify";

import { Failure } from "../lib/failure.ts";
import { SERVICE } from "./catalogue.ts";
import { requesterOf } from "./client.ts";
import { inputOf } from "./handlers/handler.ts";
import { HANDLERS } from "./handlers/index.ts";
import type { Manifest } from "./manifest.ts";
import type { Store } from "./store.ts";
import { MAX_TASK_BYTES, parseTask } from "./task.ts";

const HOST = "127.0.0.1";

/** What the server asks the agent behind it. */
export type Office = {
  manifest: Manifest;
  /** The handlers it offers. */
  handlers: readonly string[];
  store: Store;
  /** Its agents in the registry, as `eip155:<chain>:<registry>` and number. */
  registrations: () => Promise<{ agentRegistry: string; agentId: number }[]>;
  /** What it is about. */
  status: () => object;
  /** Whether somebody is the client of a job for which this was submitted. */
  isClientOf: (deliverable: string, account: string) => Promise<boolean>;
  /** Where it is reached from outside; where it listens if left out. */
  publicUrl?: string | undefined;
};

/** Serves an agent on this machine. Returns where it is reached. */
export async function serveAgent(office: Office, port: number): Promise<{ server: FastifyInstance; endpoint: string }> {
  const server = fastify({ bodyLimit: MAX_TASK_BYTES, forceCloseConnections: true });
  let endpoint = "";
  server.get("/registration.json", async () => registrationOf(office, endpoint));
  server.get("/manifest.json", () => office.manifest);
  server.get("/status", () => office.status());
  server.post("/tasks", ({ body }) => takeTask(office, body));
  server.get<{ Params: { hash: string } }>("/results/:hash", async ({ params, headers }, reply) =>
    showResult(office, params.hash, headers.authorization).then((text) => reply.type("application/json").send(text)),
  );
  server.setErrorHandler((error: Error & { statusCode?: number }, _, reply) => {
    const [code, text] = answerTo(error);
    void reply.code(code).send({ error: text });
  });
  const listening = await server.listen({ host: HOST, port }).catch((error: unknown) => {
    throw new Failure(
      `Port ${port} of ${HOST} cannot be listened on: ${(error as { code?: string }).code ?? "unknown"}.`,
      "Name another port, or 0 for any free one.",
    );
  });
  endpoint = office.publicUrl ?? listening;
  return { server, endpoint };
}

/** An answer that is not the one asked for. */
class Refusal extends Error {
  readonly statusCode: number;

  constructor(statusCode: number, message: string) {
    super(message);
    this.statusCode = statusCode;
  }
}

function answerTo(error: Error & { statusCode?: number }): [code: number, text: string] {
  if (error instanceof Failure) return [422, `${error.message} ${error.nextStep}`];
  if (error.statusCode !== undefined && error.statusCode < 500) return [error.statusCode, error.message];
  return [503, "The agent cannot answer now; try again later."];
}

/** The registration file of ERC-8004. */
async function registrationOf({ manifest, registrations }: Office, endpoint: string): Promise<object> {
  return {
    type: "https://eips.ethereum.org/EIPS/eip-8004#registration-v1",
    name: manifest.name,
    description: manifest.capabilities.join(", "),
    services: [{ name: SERVICE, endpoint, version: "1" }],
    active: true,
    registrations: await registrations(),
    supportedTrust: ["reputation"],
  };
}

function takeTask({ store, handlers }: Office, body: unknown): object {
  if (typeof body !== "string")
    throw new Refusal(415, "A task is sent as text/plain, the text whose hash is the terms.");
  const task = parseTask(body);
  const handler = HANDLERS.get(task.handler);
  if (handler === undefined || !handlers.includes(task.handler)) {
    throw new Failure(`There is no handler "${task.handler}" here.`, `There are ${handlers.join(", ")}.`);
  }
  inputOf(handler, task.input);
  return { terms: store.offer(body) };
}

async function showResult({ store, isClientOf }: Office, hash: string, authorization?: string): Promise<string> {
  const requester = requesterOf(hash, authorization);
  if (requester === undefined) throw new Refusal(401, `Sign "Show me the result ${hash}", as "Octo <signature>".`);
  if (!(await isClientOf(hash, requester))) {
    throw new Refusal(403, `${requester} is not the client of a job for which ${hash} was submitted.`);
  }
  const text = store.text(hash);
  if (text === undefined) throw new Refusal(404, `There is no result ${hash} here.`);
  return text;
}
