// The server side of a Streamable HTTP conversation, played by a test.

import type { IncomingMessage, ServerResponse } from "node:http";
import { Envelope } from "../../lib/channel/envelope.ts";
import { Queue } from "../../lib/channel/queue.ts";
import { streamableHttpBackend } from "../../lib/transports/backend/streamable_http.ts";
import type {
  ContractPeer,
  ContractSubject,
} from "../contract/channel_contract.ts";
import {
  answerJson,
  beginEvents,
  bodyOf,
  serveHttp,
  writeEvent,
} from "./http_server.ts";
import type { TestServer } from "./http_server.ts";
import { logInto } from "./log_lines.ts";
import { openContext } from "./open_context.ts";

const SESSION = { "mcp-session-id": "session-of-the-peer" };
const REVISION = "2025-11-25";

/** Opens a Streamable HTTP channel to a server that does what the test says, and shakes hands. */
export async function openStreamable(): Promise<ContractSubject> {
  const peer = await StreamablePeer.start();
  const options = {
    url: peer.url,
    transport: "streamable-http",
    headers: new Map(),
  } as const;
  const backend = streamableHttpBackend("peer", options, logInto([]));
  const channel = await backend.open(openContext());
  const params = { protocolVersion: REVISION };
  const method = "initialize";
  await channel.send(Envelope.of({ jsonrpc: "2.0", id: 0, method, params }));
  await channel[Symbol.asyncIterator]().next();
  await channel.send(
    Envelope.of({ jsonrpc: "2.0", method: "notifications/initialized" }),
  );
  await peer.listening;
  return { channel, peer };
}

class StreamablePeer implements ContractPeer {
  readonly #heard = new Queue<string>(10_000);
  readonly #answers = new Map<unknown, ServerResponse>();
  readonly #standalone = Promise.withResolvers<ServerResponse>();
  #server!: TestServer;
  #state: "reading" | "deaf" | "gone" = "reading";

  static async start(): Promise<StreamablePeer> {
    const peer = new StreamablePeer();
    peer.#server = await serveHttp((request, response) =>
      peer.#handle(request, response)
    );
    return peer;
  }

  get url(): URL {
    return this.#server.url("/mcp");
  }

  get listening(): Promise<unknown> {
    return this.#standalone.promise;
  }

  async hear(): Promise<string> {
    return (await this.#heard.next()).value as string;
  }

  async say(json: string): Promise<void> {
    const { id } = JSON.parse(json);
    const answer = this.#answers.get(id);
    await writeEvent(answer ?? await this.#standalone.promise, { data: json });
    if (answer) answer.end();
  }

  leave(): void {
    this.#state = "gone";
    this.#standalone.promise.then((stream) => stream.end());
    for (const answer of this.#answers.values()) answer.end();
  }

  stopReading(): void {
    this.#state = "deaf";
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server[Symbol.asyncDispose]();
  }

  async #handle(
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    if (request.method === "DELETE") return void response.writeHead(204).end();
    if (this.#state === "gone") return void response.writeHead(404).end();
    if (request.method === "GET") {
      beginEvents(response);
      return this.#standalone.resolve(response);
    }
    if (this.#state === "deaf") return;
    this.#take(await bodyOf(request), response);
  }

  #take(text: string, response: ServerResponse): void {
    const { id, method, params } = JSON.parse(text);
    if (method === "initialize") {
      const result = { protocolVersion: params.protocolVersion };
      return answerJson(response, 200, { jsonrpc: "2.0", id, result }, SESSION);
    }
    if (id === undefined || method === undefined) {
      response.writeHead(202).end();
    } else {
      beginEvents(response);
      this.#answers.set(id, response);
    }
    if (method !== "notifications/initialized") this.#heard.push(text);
  }
}
