// A Streamable HTTP server of a test, whose every answer the test may write itself.

import type {
  IncomingHttpHeaders,
  IncomingMessage,
  ServerResponse,
} from "node:http";
import type { Message } from "../../lib/protocol/messages.ts";
import { answerJson, bodyOf, serveHttp } from "./http_server.ts";
import type { TestServer } from "./http_server.ts";
import { Seen } from "./seen.ts";

/** The session id that the server gives out. */
export const SESSION_ID = "session-7f3a";

/** One request that reached the server. */
export interface Received {
  /** The JSON-RPC method, `response`, or for requests without a body the HTTP method. */
  readonly what: string;
  readonly headers: IncomingHttpHeaders;
  readonly message: Message;
}

/** How one kind of request is answered, by `Received.what`. */
export type Routes = Readonly<
  Record<
    string,
    (
      response: ServerResponse,
      message: Message,
      request: IncomingMessage,
    ) => void | Promise<void>
  >
>;

/** A running server and what it got. */
export interface StreamableServer extends TestServer {
  readonly received: Seen<Received>;
}

/** Answers a request with an empty result, as JSON. */
export const emptyResult: Routes[string] = (response, { id }) =>
  answerJson(response, 200, { jsonrpc: "2.0", id, result: {} });

const DEFAULTS: Routes = {
  initialize: (response, { id, params }) => {
    const { protocolVersion } = params as { protocolVersion: string };
    const answer = { jsonrpc: "2.0", id, result: { protocolVersion } };
    answerJson(response, 200, answer, { "mcp-session-id": SESSION_ID });
  },
  GET: (response) => void response.writeHead(405, { allow: "POST" }).end(),
  DELETE: (response) => void response.writeHead(204).end(),
};

/** Starts a server that answers as `routes` say, takes every other notification and response, and fails other requests. */
export async function serveStreamable(
  routes: Routes = {},
): Promise<StreamableServer> {
  const received = new Seen<Received>(({ what }) => what);
  const server = await serveHttp(async (request, response) => {
    const body = await bodyOf(request);
    const message = body === "" ? { jsonrpc: "2.0" } : JSON.parse(body);
    const what = body === "" ? request.method : message.method ?? "response";
    received.add({ what, headers: request.headers, message });
    const route = routes[what] ?? DEFAULTS[what];
    if (route) return await route(response, message, request);
    response.writeHead(message.id === undefined ? 202 : 500).end();
  });
  return { ...server, received };
}
