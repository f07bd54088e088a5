// The way back for one POST over Streamable HTTP: one JSON object, or a stream once more is said.

import { beginEvents, cutEvents, writeMessage } from "./fault_events.mjs";

/** What can be done wrong with an answer that has become a stream. */
const STREAM_DEEDS = {
  cut: cutEvents,
  drop: (response) => response.destroy(),
  close: (response) => response.end(),
  silence: () => {},
};

/** See `Conversation`. */
export class Reply {
  #response;
  #misbehave;
  #session;

  /** @param session where there is one: `say(message)` says what belongs to no request */
  constructor(response, misbehave, session) {
    this.#response = response;
    this.#misbehave = misbehave;
    this.#session = session;
  }

  accept() {
    this.#response.writeHead(202).end();
  }

  hold() {}

  say(message, which) {
    const response = this.#response;
    if (which === "last" && !response.headersSent) {
      response.setHeader("content-type", "application/json");
      return response.end(JSON.stringify(message));
    }
    if (!response.headersSent) beginEvents(response);
    const written = writeMessage(response, message);
    if (which === "last") response.end();
    return written;
  }

  sayAside(message) {
    return this.#session?.say(message);
  }

  misbehave(order) {
    const deed = this.#response.headersSent && STREAM_DEEDS[order.do];
    if (deed) deed(this.#response);
    else this.#misbehave(order);
  }
}
