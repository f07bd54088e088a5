// Streamable HTTP of the fault server in the modern era: each POST stands for itself.

import { Conversation } from "./fault_conversation.mjs";
import { MODERN } from "./fault_eras.mjs";
import { Reply } from "./fault_http_reply.mjs";

/** At `/modern`. All its clients are in one conversation. */
export class FaultModern {
  #deeds;
  #conversation;
  #listening = new Set();

  constructor(orders, deeds) {
    this.#deeds = deeds;
    this.#conversation = new Conversation(orders, MODERN);
  }

  /** Whether a request is one that clients begin with. */
  isOpening({ url, headers }) {
    return url === "/modern" && headers["mcp-method"] === MODERN.greeting;
  }

  take(request, body, response) {
    if (request.url !== "/modern") return;
    if (request.method !== "POST") return response.writeHead(405).end();
    const message = JSON.parse(body);
    if (message.method === "subscriptions/listen") {
      this.#listening.add(response);
      response.on("close", () => this.#listening.delete(response));
    }
    const misbehave = (order) => this.#misbehave(order, response);
    this.#conversation.hear(message, new Reply(response, misbehave));
  }

  #misbehave(order, response) {
    if (order.do !== "dropStandalone") {
      return this.#deeds[order.do](response, order);
    }
    response.writeHead(202).end();
    for (const one of this.#listening) one.destroy();
  }
}
