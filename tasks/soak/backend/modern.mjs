// The soak's server in the modern era: each request stands for itself and says whose it is.

import { createHash, randomUUID } from "node:crypto";
import { Conversation } from "./conversation.mjs";

const REVISION = "2026-07-28";
const META = "io.modelcontextprotocol/";
const LEVELS = ["debug", "info", "notice", "warning", "error", "critical"];
const INVALID_PARAMS = -32602;
const METHOD_NOT_FOUND = -32601;
const UNSUPPORTED_REVISION = -32022;
/** States that were used, of which so many are remembered. */
const MAX_USED = 10_000;
const NOTHING = () => {};

/** All that one process is asked. */
export class ModernServer {
  name;
  /** Who listens, by anything. */
  #listeners = new Set();
  #used = new Set();

  constructor(name) {
    this.name = name;
  }

  /** Takes a request: `say(message)` carries a message about it, `ways` are as for `Conversation`. Returns what to call when its client leaves. */
  take(message, say, ways) {
    const { id, method, params = {} } = message;
    const request = new ModernRequest(this, message, say, ways);
    switch (method) {
      case "server/discover":
        request.result(id, {
          supportedVersions: [REVISION],
          capabilities: {
            tools: { listChanged: true },
            resources: { subscribe: true },
            logging: {},
          },
          ttlMs: 0,
          cacheScope: "private",
        });
        return NOTHING;
      case "subscriptions/listen":
        return this.#listen(request, id, params.notifications);
      case "tools/call":
        return request.call();
      case "initialize":
        request.refuse(UNSUPPORTED_REVISION, { supported: [REVISION] });
        return NOTHING;
      default:
        request.refuse(METHOD_NOT_FOUND);
        return NOTHING;
    }
  }

  /** Tells who listens under the name of a client. */
  tell(client, method, params) {
    for (const { id, filter, request } of this.#listeners) {
      if (request.client !== client) continue;
      const { uri, _meta } = params;
      if (uri && !filter.resourceSubscriptions?.includes(uri)) continue;
      const meta = { ..._meta, [`${META}subscriptionId`]: id };
      request.tell(method, { ...params, _meta: meta });
    }
  }

  /** A state is good for one retry; a server that was started again knows those of the one before. */
  redeem(state, args) {
    const [nonce, seal] = String(state).split(".");
    if (seal !== sealOf(nonce, args) || this.#used.has(nonce)) return false;
    this.#used.add(nonce);
    const [oldest] = this.#used;
    if (this.#used.size > MAX_USED) this.#used.delete(oldest);
    return true;
  }

  #listen(request, id, filter) {
    const listener = { id, filter, request };
    this.#listeners.add(listener);
    request.tell("notifications/subscriptions/acknowledged", {
      notifications: filter,
      _meta: { [`${META}subscriptionId`]: id },
    });
    return () => this.#listeners.delete(listener);
  }
}

class ModernRequest extends Conversation {
  #owner;
  #message;
  #meta;

  constructor(owner, message, say, ways) {
    super(owner.name, say, ways);
    this.#owner = owner;
    this.#message = message;
    this.#meta = message.params?._meta ?? {};
    this.client = this.#meta[`${META}clientInfo`]?.name ?? this.client;
    // Who listens to what is looked at when it is told.
    this.subscribed = { has: (uri) => uri !== undefined };
  }

  /** Runs the tool. */
  call() {
    const { params } = this.#message;
    const { requestState: state, inputResponses: responses = {} } = params;
    const level = this.#meta[`${META}logLevel`];
    const isGood = (level === undefined || LEVELS.includes(level)) &&
      !Array.isArray(responses) &&
      (state === undefined || this.#owner.redeem(state, params.arguments));
    if (isGood) this.hear(this.#message);
    else this.refuse(INVALID_PARAMS);
    return () => this.end();
  }

  refuse(code, data) {
    const { id, method } = this.#message;
    const error = { code, message: `no ${method} like this`, data };
    this.say({ jsonrpc: "2.0", id, error });
  }

  tell(method, params) {
    this.say({ jsonrpc: "2.0", method, params });
  }

  result(id, result) {
    const _meta = {
      [`${META}serverInfo`]: { name: this.server, version: "1" },
    };
    const members = { resultType: "complete", _meta, ...result };
    this.say({ jsonrpc: "2.0", id, result: members });
  }

  /** What is about no request is told to those of its client who want to hear of it. */
  notify(method, params, relatesTo) {
    if (relatesTo !== null) return this.tell(method, params);
    const isLog = method === "notifications/message";
    if (!isLog) return this.#owner.tell(this.client, method, params);
    if (this.#meta[`${META}logLevel`]) this.tell(method, params);
  }

  /** Asks by the answer; the retry runs the tool anew, with what was answered. */
  ask(method, params, id) {
    const { arguments: args, inputResponses } = this.#message.params;
    const given = inputResponses?.asked;
    if (given) return Promise.resolve({ result: given });
    if (!this.#meta[`${META}clientCapabilities`]?.sampling) {
      return Promise.resolve({ error: { message: "there is nobody to ask" } });
    }
    const nonce = randomUUID();
    this.result(id, {
      resultType: "input_required",
      inputRequests: { asked: { method, params } },
      requestState: `${nonce}.${sealOf(nonce, args)}`,
    });
    return new Promise(NOTHING);
  }
}

function sealOf(nonce, args) {
  const text = JSON.stringify([nonce, args]);
  return createHash("sha256").update(text).digest("hex");
}
