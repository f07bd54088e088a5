// An HTTP+SSE server of a test, whose answers the test writes itself.

import type { IncomingMessage, ServerResponse } from "node:http";
import { beginEvents, bodyOf, serveHttp, writeEvent } from "./http_server.ts";

/** What happens to a posted message; the answer goes to `stream`, or to `response`. */
export type Post = (
  stream: ServerResponse,
  response: ServerResponse,
  // deno-lint-ignore no-explicit-any
  message: any,
) => void | Promise<void>;

/** Starts a server whose stream names `endpoint`; what is posted there goes to `post`. */
export function serveSse(endpoint: string, post: Post = () => {}) {
  const seen: IncomingMessage[] = [];
  const stream = Promise.withResolvers<ServerResponse>();
  const server = serveHttp(async (request, response) => {
    seen.push(request);
    if (request.method === "GET") {
      beginEvents(response);
      await writeEvent(response, { event: "endpoint", data: endpoint });
      return stream.resolve(response);
    }
    await post(
      await stream.promise,
      response,
      JSON.parse(await bodyOf(request)),
    );
  });
  return server.then((running) => ({
    ...running,
    seen,
    stream: stream.promise,
  }));
}

/** Takes a message, and answers a request with an empty result. */
export const accept: Post = async (stream, response, { id }) => {
  response.writeHead(202).end("Accepted");
  if (id === undefined) return;
  await writeEvent(stream, {
    data: JSON.stringify({ jsonrpc: "2.0", id, result: {} }),
  });
};
