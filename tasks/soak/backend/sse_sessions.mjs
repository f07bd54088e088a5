// The HTTP+SSE sessions of the soak's server.

import { randomUUID } from "node:crypto";
import { Conversation } from "./conversation.mjs";
import { beginStream, breakOff, event, page } from "./events.mjs";

/** Sessions by id; each lives as long as its stream. */
export class SseSessions {
  #name;
  #sessions = new Map();

  constructor(name) {
    this.#name = name;
  }

  take(request, response, body, url) {
    if (request.method === "GET" && url.pathname === "/sse") {
      return this.#open(response);
    }
    const session = this.#sessions.get(url.searchParams.get("session"));
    if (!session) return response.writeHead(404).end();
    const message = JSON.parse(body.toString());
    const fault = message.params?.name;
    if (fault === "html") return page(response);
    if (fault === "500") return response.writeHead(500).end("no");
    if (fault === "forget") {
      response.writeHead(404).end();
      return session.response.destroy();
    }
    response.writeHead(202).end();
    session.conversation.hear(message);
  }

  #open(response) {
    const id = randomUUID();
    beginStream(response);
    response.write(`event: endpoint\ndata: /messages?session=${id}\n\n`);
    const conversation = new Conversation(
      this.#name,
      (message) => event(response, message),
      {
        deaf() {},
        cut: (request) => breakOff(response, request),
        half(request, then) {
          breakOff(response, request);
          setImmediate(then);
        },
      },
    );
    this.#sessions.set(id, { conversation, response });
    response.on("close", () => {
      this.#sessions.delete(id);
      conversation.end();
    });
  }
}
