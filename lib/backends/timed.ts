// A backend whose answers are waited for only so long.

import type { Backend, OpenContext } from "../backend.ts";
import type { Channel } from "../channel/channel.ts";
import { Envelope } from "../channel/envelope.ts";
import {
  askedProgressToken,
  progressTokenOf,
  requestIdOf,
} from "../channel/named_ids.ts";
import { Passage } from "../channel/passage.ts";
import { SlimSet } from "../channel/slim_set.ts";
import { GatewayError } from "../errors.ts";
import { METHODS } from "../protocol/methods.ts";
import { idKey } from "../protocol/messages.ts";
import type { RequestId } from "../protocol/messages.ts";
import { inherited } from "./inherited.ts";
import { RequestClocks } from "./request_clocks.ts";
import type { RequestLimit } from "./request_clocks.ts";
import type { Timeouts } from "./timeouts.ts";

/**
 * Wraps a backend with limits of time. An opening or handshake that takes too long
 * fails the channel with `backend_timeout`; any other request is then answered with
 * that error and cancelled at the backend (2025-11-25 `basic/lifecycle` § Timeouts); only a
 * subscription of the modern era takes as long as it is wanted.
 */
export function timed(inner: Backend, timeouts: Timeouts): Backend {
  const { name } = inner;
  return {
    name,
    ...inherited(inner),
    async open(context): Promise<Channel> {
      const start = performance.now();
      const channel = await openInTime(inner, context, timeouts.openMs);
      const spentMs = performance.now() - start;
      return new TimedChannel(name, channel, {
        timeouts,
        handshakeMs: Math.max(0, timeouts.openMs - spentMs),
        maxQuestions: context.limits.requestsPerSession,
      });
    },
  };
}

async function openInTime(
  inner: Backend,
  context: OpenContext,
  openMs: number,
): Promise<Channel> {
  const deadline = new AbortController();
  const timer = setTimeout(
    () => deadline.abort(tooLate(inner.name, "start", openMs, "open")),
    openMs,
  );
  const signal = AbortSignal.any([context.signal, deadline.signal]);
  try {
    return await inner.open({ ...context, signal });
  } catch (error) {
    deadline.signal.throwIfAborted();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

interface ChannelLimits {
  readonly timeouts: Timeouts;
  /** What opening has left of the time for it. */
  readonly handshakeMs: number;
  /** How many requests of the backend are noted. */
  readonly maxQuestions: number;
}

class TimedChannel implements Channel {
  readonly #name: string;
  readonly #inner: Channel;
  readonly #limits: ChannelLimits;
  readonly #clocks = new RequestClocks();
  /** The requests that take as long as the client wants. */
  readonly #unlimited = new SlimSet<string>();
  /** What the backend has asked the client and still waits for. */
  readonly #questions = new SlimSet<string>();
  readonly #out: Passage;
  #handshake?: string;

  constructor(name: string, inner: Channel, limits: ChannelLimits) {
    this.#name = name;
    this.#inner = inner;
    this.#limits = limits;
    this.#out = new Passage(
      inner,
      (envelope) => this.#isWanted(envelope) ? envelope : undefined,
    );
  }

  send(envelope: Envelope): Promise<void> {
    const { kind, id, method } = envelope.head;
    if (kind === "response") this.#closeQuestion(id);
    if (method === METHODS.cancelled) this.#cancel(envelope);
    if (kind !== "request") return this.#inner.send(envelope);
    const key = idKey(id as RequestId);
    this.#ask(key, envelope);
    return this.#inner.send(envelope).catch((error) => {
      this.#settle(key);
      throw error;
    });
  }

  async close(reason?: Error): Promise<void> {
    this.#clocks.stopAll();
    this.#out.drop();
    await this.#inner.close(reason);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  [Symbol.asyncIterator](): AsyncIterator<Envelope> {
    return this.#out;
  }

  /** Notes what the backend says; an answer that nobody waits for any more is not wanted. */
  #isWanted(envelope: Envelope): boolean {
    const { kind, id, method } = envelope.head;
    if (kind === "response") {
      return id === null || id === undefined || this.#settle(idKey(id));
    }
    if (kind === "request") this.#openQuestion(id as RequestId);
    if (method === METHODS.cancelled) {
      this.#closeQuestion(requestIdOf(envelope));
    }
    if (method === METHODS.progress) {
      const token = progressTokenOf(envelope);
      if (token !== undefined) this.#clocks.progressed(idKey(token));
    }
    return true;
  }

  #ask(key: string, envelope: Envelope): void {
    const id = envelope.head.id as RequestId;
    if (envelope.head.method === METHODS.initialize) {
      this.#handshake = key;
      const { handshakeMs: requestMs } = this.#limits;
      this.#clocks.start(key, { requestMs, expire: () => this.#giveUp() });
      return;
    }
    if (envelope.head.method === METHODS.listen) {
      return this.#unlimited.add(key);
    }
    const { requestMs, requestMaxMs } = this.#limits.timeouts;
    const token = askedProgressToken(envelope);
    this.#clocks.start(key, {
      requestMs,
      requestMaxMs,
      progress: token === undefined ? undefined : idKey(token),
      expire: (limit) => void this.#expire(id, limit),
    });
  }

  #settle(key: string): boolean {
    const waited = this.#clocks.stop(key) || this.#unlimited.delete(key);
    // What is still unanswered then can hold up nothing.
    if (this.#clocks.size === 0) this.#questions.clear();
    return waited;
  }

  #cancel(cancelled: Envelope): void {
    const id = requestIdOf(cancelled);
    if (id === undefined || idKey(id) === this.#handshake) return;
    this.#settle(idKey(id));
  }

  #openQuestion(id: RequestId): void {
    if (this.#questions.size >= this.#limits.maxQuestions) return;
    this.#questions.add(idKey(id));
    this.#clocks.pause();
  }

  #closeQuestion(id: RequestId | null | undefined): void {
    if (id === null || id === undefined) return;
    const closed = this.#questions.delete(idKey(id));
    if (closed && this.#questions.size === 0) this.#clocks.resume();
  }

  /** The handshake took too long: without it there is no conversation. */
  #giveUp(): void {
    const { openMs } = this.#limits.timeouts;
    const reason = tooLate(this.#name, "answer initialize", openMs, "open");
    this.#out.end(reason);
    void this.#inner.close(reason);
  }

  /** Answers the request for the backend, and tells the backend to stop. */
  async #expire(id: RequestId, limit: RequestLimit): Promise<void> {
    this.#settle(idKey(id));
    const limitMs = this.#limits.timeouts[`${limit}Ms`];
    const reason = tooLate(this.#name, "answer", limitMs, limit);
    this.#out.put(Envelope.failure(id, reason));
    const params = { requestId: id, reason: reason.message };
    const method = METHODS.cancelled;
    try {
      await this.#inner.send(Envelope.of({ jsonrpc: "2.0", method, params }));
    } catch {
      // The channel has ended, and with it the request: reading it tells why.
    }
  }
}

function tooLate(
  name: string,
  what: string,
  limitMs: number,
  limit: "open" | RequestLimit,
): GatewayError {
  return new GatewayError(
    "backend_timeout",
    `Server "${name}" did not ${what} within ${limitMs / 1_000} s` +
      (limit === "requestMax" ? ", the longest that any request may take" : ""),
    { fields: { limit } },
  );
}
