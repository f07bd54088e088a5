// What the soak's server says to one client: every answer names the client it is for.

import { faults } from "./faults.mjs";
import { tools } from "./tools.mjs";

const REVISIONS = ["2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"];
const INVALID_PARAMS = -32602;
const METHOD_NOT_FOUND = -32601;

/** One client's conversation. `say(message, relatesTo)` carries a message to it; `relatesTo` is the id of the request it belongs to. */
export class Conversation {
  /** The name that the client gave of itself. */
  client = "nobody";
  server;
  say;
  ways;
  /** The uris of resources whose changes are told. */
  subscribed = new Set();
  #asked = new Map();
  #stops = new Map();
  #count = 0;

  /** @param ways how this transport fails on command: functions by the name of the fault */
  constructor(server, say, ways) {
    this.server = server;
    this.say = say;
    this.ways = ways;
  }

  hear(message) {
    if (message.method === undefined) return this.#answered(message);
    if (message.id === undefined) return this.#noted(message);
    return this.#requested(message);
  }

  /** Asks the client; resolves with its whole answer. */
  ask(method, params, relatesTo) {
    const id = `${this.server}-${++this.#count}`;
    return new Promise((resolve) => {
      this.#asked.set(id, resolve);
      this.say({ jsonrpc: "2.0", id, method, params }, relatesTo);
    });
  }

  notify(method, params, relatesTo) {
    this.say({ jsonrpc: "2.0", method, params }, relatesTo);
  }

  /** Calls `work` later, unless request `id` is cancelled until then. */
  later(id, ms, work) {
    const timer = setTimeout(() => {
      this.#stops.delete(id);
      work();
    }, ms);
    this.#stops.set(id, () => clearTimeout(timer));
  }

  /** Nothing of it goes on. */
  end() {
    for (const stop of this.#stops.values()) stop();
    this.#stops.clear();
    this.#asked.clear();
  }

  result(id, result) {
    this.say({ jsonrpc: "2.0", id, result }, id);
  }

  error(id, code, message) {
    this.say({ jsonrpc: "2.0", id, error: { code, message } }, id);
  }

  /** The answer to a call of a tool: the text, and whose it is. */
  told(id, args, text) {
    const { client, server } = this;
    const structuredContent = { client, server, nonce: args.nonce };
    const content = [{ type: "text", text }];
    this.result(id, { content, structuredContent });
  }

  #requested({ id, method, params }) {
    switch (method) {
      case "initialize":
        return this.#begin(id, params);
      case "resources/subscribe":
        this.subscribed.add(params.uri);
        return this.result(id, {});
      case "resources/unsubscribe":
        this.subscribed.delete(params.uri);
        return this.result(id, {});
      case "ping":
      case "logging/setLevel":
        return this.result(id, {});
      case "tools/call":
        return this.#call(id, params);
      default:
        return this.error(id, METHOD_NOT_FOUND, `no ${method} here`);
    }
  }

  #begin(id, { protocolVersion, clientInfo, capabilities }) {
    this.client = clientInfo.name;
    const fault = capabilities?.experimental?.soak?.fault;
    if (fault) return faults[fault](this, id, { nonce: clientInfo.name });
    this.result(id, {
      protocolVersion: REVISIONS.includes(protocolVersion)
        ? protocolVersion
        : REVISIONS[0],
      capabilities: {
        tools: { listChanged: true },
        resources: { subscribe: true },
        logging: {},
      },
      serverInfo: { name: this.server, version: "1" },
    });
  }

  #call(id, { name, arguments: args, _meta }) {
    if (!args.nonce.startsWith(`${this.client}/`)) {
      const crossed = `a call of ${args.nonce} reached ${this.client}`;
      return this.error(id, INVALID_PARAMS, `crossed: ${crossed}`);
    }
    const tool = tools[name] ?? faults[name];
    if (!tool) return this.error(id, INVALID_PARAMS, `no tool ${name}`);
    return tool(this, id, args, _meta?.progressToken);
  }

  #noted({ method, params }) {
    if (method !== "notifications/cancelled") return;
    this.#stops.get(params.requestId)?.();
    this.#stops.delete(params.requestId);
  }

  #answered(message) {
    const resolve = this.#asked.get(message.id);
    this.#asked.delete(message.id);
    resolve?.(message);
  }
}
