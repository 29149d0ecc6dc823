import { createServer, type IncomingMessage, type Server } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";

/** What answers a request, such as the provider of an in-process chain. */
type Responder = { request(call: { method: string; params: unknown[] }): Promise<unknown> };

type Request = { id: number | string | null; method: string; params?: unknown[] };

const HOST = "127.0.0.1";

/** Shows an in-process chain to other processes as an Ethereum node does: JSON-RPC over HTTP. */
export class RpcBridge {
  readonly #chain: Responder;
  #server: Server | undefined;
  #port = 0;

  constructor(chain: Responder) {
    this.#chain = chain;
  }

  /** Listens on a free port, or again on the one it had. Returns its URL. */
  async open(): Promise<string> {
    const server = createServer((request, response) => {
      void this.#answer(request).then((answer) => {
        response.setHeader("content-type", "application/json").end(JSON.stringify(answer));
      });
    });
    server.listen(this.#port, HOST);
    await once(server, "listening");
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
    return `http://${HOST}:${this.#port}`;
  }

  async close(): Promise<void> {
    const server = this.#server;
    if (server === undefined) return;
    this.#server = undefined;
    server.close();
    server.closeAllConnections();
    await once(server, "close");
  }

  async #answer(request: IncomingMessage): Promise<object> {
    const chunks: Uint8Array[] = [];
    for await (const chunk of request) chunks.push(chunk as Uint8Array);
    const content = JSON.parse(Buffer.concat(chunks).toString("utf8")) as Request | Request[];
    return Array.isArray(content) ? Promise.all(content.map((one) => this.#call(one))) : this.#call(content);
  }

  async #call({ id, method, params = [] }: Request): Promise<object> {
    try {
      return { jsonrpc: "2.0", id, result: await this.#chain.request({ method, params }) };
    } catch (error) {
      const { code = -32_603, message, data } = error as { code?: number; message: string; data?: unknown };
      return { jsonrpc: "2.0", id, error: { code, message, ...(data === undefined ? {} : { data }) } };
    }
  }
}
