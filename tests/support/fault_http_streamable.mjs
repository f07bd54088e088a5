// Streamable HTTP of the fault server, with sessions: progress makes an answer a stream, all else is one JSON object.

import { randomUUID } from "node:crypto";
import { Conversation } from "./fault_conversation.mjs";
import { beginEvents, writeMessage } from "./fault_events.mjs";
import { Reply } from "./fault_http_reply.mjs";

/** The sessions by their ids. */
export class FaultStreamable {
  #orders;
  #deeds;
  #sessions = new Map();

  constructor(orders, deeds) {
    this.#orders = orders;
    this.#deeds = deeds;
  }

  /** Whether a request begins a session. */
  isOpening({ method, url, headers }) {
    return method === "POST" && url === "/mcp" && !headers["mcp-session-id"];
  }

  take(request, body, response) {
    if (request.url !== "/mcp") return;
    const id = this.isOpening(request)
      ? this.#open()
      : request.headers["mcp-session-id"];
    const session = this.#sessions.get(id);
    if (!session) return response.writeHead(404).end();
    switch (request.method) {
      case "GET":
        this.#orders.note("listens");
        return session.listen(response);
      case "DELETE":
        this.#sessions.delete(id);
        session.end();
        return response.writeHead(204).end();
    }
    response.setHeader("mcp-session-id", id);
    const misbehave = (order) => this.#misbehave(order, id, session, response);
    const reply = new Reply(response, misbehave, session);
    session.conversation.hear(JSON.parse(body), reply);
  }

  #open() {
    const id = randomUUID();
    this.#sessions.set(id, new Session(this.#orders));
    return id;
  }

  #misbehave(order, id, session, response) {
    if (order.do === "forget") {
      this.#sessions.delete(id);
      return response.writeHead(404).end();
    }
    if (order.do === "dropStandalone") {
      response.writeHead(202).end();
      return session.end("broken");
    }
    this.#deeds[order.do](response, order);
  }
}

class Session {
  conversation;
  #standalone = new Set();

  constructor(orders) {
    this.conversation = new Conversation(orders);
  }

  listen(response) {
    this.#standalone.add(response);
    response.on("close", () => this.#standalone.delete(response));
    beginEvents(response);
  }

  async say(message) {
    for (const response of this.#standalone) {
      await writeMessage(response, message);
    }
  }

  end(how = "well") {
    for (const response of this.#standalone) {
      if (how === "well") response.end();
      else response.destroy();
    }
  }
}
