// The least an MCP server over HTTP has to do, for tests that change one thing about it.

import type { IncomingMessage, ServerResponse } from "node:http";
import type { Message } from "../../lib/protocol/messages.ts";
import { answerJson, beginEvents, bodyOf, writeEvent } from "./http_server.ts";

/** Answers a POST of Streamable HTTP, without sessions: `initialize` and every other request. */
export async function answerStreamable(
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.method !== "POST") return void response.writeHead(405).end();
  const message: Message = JSON.parse(await bodyOf(request));
  if (message.id === undefined || message.method === undefined) {
    return void response.writeHead(202).end();
  }
  answerJson(response, 200, answerTo(message));
}

/** An HTTP+SSE server with one session: `GET /sse`, and POSTs to whatever `endpoint` says. */
export class PlainSse {
  /** The data of its first event. */
  endpoint = "/messages";
  #stream?: ServerResponse;

  /** Answers one request. */
  async handle(
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    if (request.method === "GET") {
      this.#stream = response;
      beginEvents(response);
      const { endpoint } = this;
      return await writeEvent(response, { event: "endpoint", data: endpoint });
    }
    const message: Message = JSON.parse(await bodyOf(request));
    response.writeHead(202).end("Accepted");
    if (message.id === undefined || message.method === undefined) return;
    if (message.method === "x/drop") return void this.#stream?.destroy();
    const data = JSON.stringify(answerTo(message));
    if (this.#stream) {
      await writeEvent(this.#stream, { event: "message", data });
    }
  }
}

/** What such a server says to a request. */
export function answerTo({ id, method, params }: Message): Message {
  const result = method === "initialize"
    ? {
      protocolVersion: params?.protocolVersion,
      capabilities: {},
      serverInfo: { name: "plain", version: "1.0.0" },
    }
    : { method };
  return { jsonrpc: "2.0", id, result };
}
