// One session of a fault server: a well-behaved MCP server but for what its orders say.

import process from "node:process";
import { acknowledgment, LEGACY, refusal } from "./fault_eras.mjs";
import { dieIfOrdered } from "./fault_orders.mjs";

/** The size of one notification of a flood. */
const FLOOD_BYTES = 256 * 1024;

/**
 * What it does with a message:
 * - `initialize`, or `server/discover` in the modern era: answers, or does what is ordered for `initialising`, where `hold` is waiting for the order to
 *   `answer`, or to `flood`: to say far more than fits into any buffer first;
 * - `tools/call` of `echo`: answers with what it knows of its session; `wait`: answers once told to by `x/release`;
 *   `fault`: answers like `echo`, or does what is ordered for `calling` as soon as a `wait` is under way;
 *   `stream`: says progress, and on `x/now` does what is ordered for `streaming`, or answers like `echo`;
 *   `flood`: says far more than fits into any buffer, and answers; those with the name of a notification below do the
 *   same: exchanges have no notification that servers hear;
 * - `subscriptions/listen`: acknowledges it, and says nothing more;
 * - the notification `x/idle`: does what is ordered for `idle`; `x/speak`: says a notification to nobody's call,
 *   `notifications/message` unless it names another; `x/flood`: says it far more often than fits into any buffer.
 *
 * A reply is the way back for one message: `accept()` takes a notification, `hold()` a request that is answered
 * later; `say(message, "more" | "last")` says something on it, `sayAside(message)` where it belongs to no request;
 * `misbehave(order)` does what only its transport can do wrong.
 */
export class Conversation {
  #orders;
  #era;
  #client;
  #initialized;
  #waiting = [];
  #onWait = () => {};
  #onNow = () => {};

  constructor(orders, era = LEGACY) {
    this.#orders = orders;
    this.#era = era;
    this.#initialized = era.isReady;
  }

  hear(message, reply) {
    if (message.id === undefined) this.#notified(message, reply);
    else if (message.method === this.#era.greeting) this.#greet(message, reply);
    else if (message.method === "initialize") {
      reply.say(refusal(message), "last");
    } else if (message.method === "tools/call") this.#call(message, reply);
    else if (message.method === "subscriptions/listen") {
      reply.say(acknowledgment(message), "more");
    } else reply.say(this.#answer(message, {}), "last");
  }

  #notified({ method, params }, reply) {
    if (this.#idles(method, reply)) return;
    reply.accept();
    if (method === "notifications/initialized") this.#initialized = true;
    if (method === "notifications/cancelled") {
      this.#orders.note(`cancelled ${params.requestId}`);
    }
    this.#told(method, params, reply);
  }

  /** Whether something was ordered for when nothing is under way. */
  #idles(what, reply) {
    const order = what === "x/idle" && this.#orders.take("idle");
    if (order) this.#obey(order, reply);
    return order;
  }

  #told(what, params, reply) {
    if (what === "x/now") this.#onNow();
    if (what === "x/speak") this.#speak(params, reply);
    if (what === "x/flood") this.#floodAside(params, reply);
    if (what === "x/release") this.#release();
  }

  #greet(message, reply) {
    // Taken first: who reads the note may give the next order.
    const order = this.#orders.take("initialising");
    this.#orders.note(this.#era.greeting);
    this.#client = this.#era.clientOf(message);
    const hello = this.#era.hello(message.params);
    const greet = () => reply.say(this.#answer(message, hello), "last");
    if (!order) return greet();
    if (order.do !== "hold") return this.#obey(order, reply);
    reply.hold();
    this.#orders.await("initialising", {
      answer: greet,
      flood: ({ mib }) => this.#floodWith(mib, reply).then(greet),
    });
  }

  #call(message, reply) {
    const { name, arguments: given } = message.params;
    this.#orders.note(`${name} ${given?.nonce}`);
    switch (name) {
      case "wait":
        reply.hold();
        this.#waiting.push({ message, reply });
        return this.#onWait();
      case "fault":
        return this.#fault(message, reply);
      case "stream":
        return this.#stream(message, reply);
      case "flood":
        return this.#flood(message, reply);
    }
    if (this.#idles(name, reply)) return;
    this.#told(name, given, reply);
    reply.say(this.#echo(message), "last");
  }

  #fault(message, reply) {
    if (!this.#orders.has("calling")) {
      return reply.say(this.#echo(message), "last");
    }
    const doIt = () => {
      this.#onWait = () => {};
      const order = this.#orders.take("calling");
      const { nonce } = message.params.arguments;
      if (order.do === "forget") this.#orders.note(`refused fault ${nonce}`);
      this.#obey(order, reply);
    };
    if (this.#waiting.length > 0) doIt();
    else this.#onWait = doIt;
  }

  #stream(message, reply) {
    this.#onNow = () => {
      const order = this.#orders.take("streaming");
      if (order) return this.#obey(order, reply);
      reply.say(this.#echo(message), "last");
    };
    const { progressToken } = message.params._meta;
    const params = { progressToken, progress: 1 };
    reply.say(notice("notifications/progress", params), "more");
  }

  #speak({ method = "notifications/message", ...params }, reply) {
    return reply.sayAside(notice(method, params));
  }

  async #floodAside({ mib, method }, reply) {
    const data = "x".repeat(FLOOD_BYTES);
    for (let said = 0; said < mib * 1024 * 1024; said += FLOOD_BYTES) {
      await this.#speak({ method, level: "info", data }, reply);
    }
  }

  async #floodWith(mib, reply) {
    const data = "x".repeat(FLOOD_BYTES);
    const params = { level: "info", data };
    for (let said = 0; said < mib * 1024 * 1024; said += FLOOD_BYTES) {
      await reply.say(notice("notifications/message", params), "more");
    }
  }

  async #flood(message, reply) {
    const { progressToken } = message.params._meta;
    const text = "x".repeat(FLOOD_BYTES);
    const params = { progressToken, progress: 1, message: text };
    const { mib } = message.params.arguments;
    for (let said = 0; said < mib * 1024 * 1024; said += FLOOD_BYTES) {
      await reply.say(notice("notifications/progress", params), "more");
    }
    reply.say(this.#echo(message), "last");
  }

  #release() {
    for (const { message, reply } of this.#waiting.splice(0)) {
      reply.say(this.#echo(message), "last");
    }
  }

  #obey(order, reply) {
    dieIfOrdered(order);
    reply.misbehave(order);
  }

  #echo(message) {
    const { pid } = process;
    const client = this.#era.clientOf(message) ?? this.#client;
    const initialized = this.#initialized;
    const about = { content: [], pid, client, initialized };
    return this.#answer(message, about);
  }

  #answer({ id }, result) {
    return { jsonrpc: "2.0", id, result: { ...this.#era.result, ...result } };
  }
}

function notice(method, params) {
  return { jsonrpc: "2.0", method, params };
}
