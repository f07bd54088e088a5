// The calls of one session that wait for answers: found by request id, progress token or event id.

import { Envelope } from "../../channel/envelope.ts";
import {
  askedProgressToken,
  progressTokenOf,
  requestIdOf,
} from "../../channel/named_ids.ts";
import { SlimMap } from "../../channel/slim_map.ts";
import type { GatewayError } from "../../errors.ts";
import { METHODS } from "../../protocol/methods.ts";
import { idKey } from "../../protocol/messages.ts";
import type { RequestId } from "../../protocol/messages.ts";
import type { Log } from "../../telemetry/log.ts";
import type { CallRoute } from "./call_route.ts";
import { KeptAnswers } from "./kept_answers.ts";

/** Not an MCP code: clients ignore answers to what they cancelled. The number is LSP's `RequestCancelled`. */
const CANCELLED_CODE = -32800;

interface Call {
  readonly id: RequestId;
  readonly route: CallRoute;
  readonly method: string;
  /** The key of its progress token. */
  readonly token?: string;
}

/** The open calls of one session, and the finished ones whose client may come back. */
export class CallTable {
  readonly #log: Log;
  readonly #calls = new SlimMap<string, Call>();
  readonly #byToken = new SlimMap<string, CallRoute>();
  readonly #kept: KeptAnswers;

  /** @param keptBytes what finished streams may hold for a client that comes back */
  constructor(log: Log, keptBytes: number) {
    this.#log = log;
    this.#kept = new KeptAnswers(log, keptBytes);
  }

  /** How many requests wait for an answer. */
  get size(): number {
    return this.#calls.size;
  }

  /** Whether request `id` waits for an answer. */
  has(id: RequestId): boolean {
    return this.#calls.has(idKey(id));
  }

  /** Enters the requests among `envelopes`, all answered through `route`. */
  add(route: CallRoute, envelopes: readonly Envelope[]): void {
    for (const envelope of envelopes) {
      const { kind, id, method } = envelope.head;
      if (kind !== "request") continue;
      const token = tokenKey(askedProgressToken(envelope));
      const asked = id as RequestId;
      const call = { id: asked, route, method: method as string, token };
      this.#calls.set(idKey(asked), call);
      if (token !== undefined) this.#byToken.set(token, route);
    }
    this.#kept.enter(route);
  }

  /** Delivers an answer, or says in the log that nobody can take it any more. */
  answer(envelope: Envelope): void {
    const route = this.#remove(idKey(envelope.head.id as RequestId));
    const delivery = route?.answer(envelope) ?? "impossible";
    if (delivery === "impossible") {
      this.#log.info("Answer discarded", { reason: "its client has left" });
    }
    if (route?.done) this.#kept.finish(route);
  }

  /** Ends the wait for the request that a `notifications/cancelled` of the client names. */
  cancel(cancelled: Envelope): void {
    const id = requestIdOf(cancelled);
    if (id === undefined) return;
    if (this.#calls.get(idKey(id))?.method === METHODS.initialize) return;
    const route = this.#remove(idKey(id));
    if (!route) return;
    const message = "The request was cancelled by its client";
    route.forget(id, Envelope.error(id, { code: CANCELLED_CODE, message }));
    if (route.done) this.#kept.finish(route);
  }

  /** The route of the request that an answer is to. */
  asked(answer: Envelope): CallRoute | undefined {
    return this.#calls.get(idKey(answer.head.id as RequestId))?.route;
  }

  /** The route that a message names, by what its transport knows or by its progress token. */
  relatedTo(envelope: Envelope): CallRoute | undefined {
    const { relatesTo, head } = envelope;
    if (relatesTo !== undefined && relatesTo !== null) {
      return this.#calls.get(idKey(relatesTo))?.route;
    }
    if (head.method !== METHODS.progress) return undefined;
    return this.#byToken.get(tokenKey(progressTokenOf(envelope)) ?? "");
  }

  /** The route of the only open call, if there is just one; its client may have left. */
  only(): CallRoute | undefined {
    if (this.#calls.size !== 1) return undefined;
    const [only] = this.#calls.values();
    return only?.route;
  }

  /** The route of the oldest call whose client still listens. */
  any(): CallRoute | undefined {
    for (const { route } of this.#calls.values()) {
      if (route.attached) return route;
    }
  }

  /** The route, open or finished, that gave out the event ids of `stream`. */
  named(stream: string): CallRoute | undefined {
    return this.#kept.named(stream);
  }

  /** Ends every route; a call that nobody answered is answered with `reason`. */
  close(reason: GatewayError): void {
    for (const { id, route } of this.#calls.values()) {
      route.answer(Envelope.failure(id, reason));
    }
    // Not before: several calls may share a route.
    for (const { route } of this.#calls.values()) route.close();
    this.#calls.clear();
    this.#byToken.clear();
    this.#kept.close();
  }

  #remove(key: string): CallRoute | undefined {
    const call = this.#calls.get(key);
    this.#calls.delete(key);
    if (call?.token !== undefined) this.#byToken.delete(call.token);
    return call?.route;
  }
}

function tokenKey(token: RequestId | undefined): string | undefined {
  return token === undefined ? undefined : idKey(token);
}
