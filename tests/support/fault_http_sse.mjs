// HTTP+SSE of the fault server: `GET /sse` for all it says, `POST /messages?session=…` for what it hears.

import { randomUUID } from "node:crypto";
import { Conversation } from "./fault_conversation.mjs";
import { beginEvents, cutEvents, writeMessage } from "./fault_events.mjs";

/** The sessions by their ids. */
export class FaultSse {
  #orders;
  #deeds;
  #sessions = new Map();

  constructor(orders, deeds) {
    this.#orders = orders;
    this.#deeds = deeds;
  }

  /** Whether a request begins a session. */
  isOpening({ method, url }) {
    return method === "GET" && url === "/sse";
  }

  take(request, body, response) {
    if (this.isOpening(request)) return this.#open(response);
    const { pathname, searchParams } = new URL(request.url, "http://server");
    if (pathname !== "/messages") return;
    const id = searchParams.get("session");
    const session = this.#sessions.get(id);
    if (!session) return response.writeHead(404).end();
    const reply = new Reply(id, session.stream, response, this);
    session.conversation.hear(JSON.parse(body), reply);
  }

  /** Does what is wrong with the answer to a POST; a session that is forgotten keeps its stream. */
  misbehave(order, id, response) {
    if (order.do !== "forget") return this.#deeds[order.do](response, order);
    this.#sessions.delete(id);
    response.writeHead(404).end();
  }

  #open(stream) {
    const id = randomUUID();
    const conversation = new Conversation(this.#orders);
    this.#sessions.set(id, { stream, conversation });
    stream.on("close", () => this.#sessions.delete(id));
    beginEvents(stream);
    stream.write(`event: endpoint\ndata: /messages?session=${id}\n\n`);
  }
}

/** Deeds that concern the stream, not the POST. */
const STREAM_DEEDS = {
  cut: cutEvents,
  drop: (stream) => stream.destroy(),
  close: (stream) => stream.end(),
  silence: () => {},
};

class Reply {
  #session;
  #stream;
  #response;
  #owner;

  constructor(session, stream, response, owner) {
    this.#session = session;
    this.#stream = stream;
    this.#response = response;
    this.#owner = owner;
  }

  accept() {
    if (!this.#response.headersSent) this.#response.writeHead(202).end();
  }

  hold() {
    this.accept();
  }

  say(message) {
    this.accept();
    return writeMessage(this.#stream, message);
  }

  sayAside(message) {
    return this.say(message);
  }

  misbehave(order) {
    const deed = STREAM_DEEDS[order.do];
    if (!deed) {
      return this.#owner.misbehave(order, this.#session, this.#response);
    }
    this.accept();
    deed(this.#stream);
  }
}
