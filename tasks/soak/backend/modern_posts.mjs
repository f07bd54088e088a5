// Streamable HTTP of the soak's server in the modern era: each POST for itself.

import { beginStream, breakOff, event, page } from "./events.mjs";
import { ModernServer } from "./modern.mjs";

/** The statuses of errors that have one of their own. */
const STATUSES = { [-32601]: 404, [-32022]: 400 };

/** What is posted to one process. */
export class ModernPosts {
  #server;

  constructor(name) {
    this.#server = new ModernServer(name);
  }

  take(request, response, body) {
    if (request.method !== "POST") return response.writeHead(405).end();
    const message = JSON.parse(body.toString());
    if (message.id === undefined) return response.writeHead(202).end();
    const form = message.params?.arguments?.form ?? "json";
    const say = (said) => sayOn(response, said, form);
    const leave = this.#server.take(message, say, waysOf(response));
    response.on("close", leave);
  }
}

/** How it fails on command. */
function waysOf(response) {
  return {
    deaf() {},
    cut: (id) => breakOff(streaming(response), id),
    half(id, then) {
      breakOff(streaming(response), id);
      setImmediate(then);
    },
    html: () => page(response),
    500: () => response.writeHead(500).end("no"),
  };
}

function sayOn(response, message, form) {
  if (!response.writable) return;
  const isAnswer = message.method === undefined;
  if (form === "json" && isAnswer && !response.headersSent) {
    const status = STATUSES[message.error?.code] ?? 200;
    response.writeHead(status, { "content-type": "application/json" });
    return response.end(JSON.stringify(message));
  }
  event(streaming(response), message);
  if (isAnswer) response.end();
}

/** The response as a stream of events, begun if it was not yet. */
function streaming(response) {
  if (!response.headersSent) beginStream(response);
  return response;
}
