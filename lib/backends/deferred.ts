// A backend that is opened by the first message for it, not by the session's beginning.

import type { Backend, OpenContext } from "../backend.ts";
import type { Channel } from "../channel/channel.ts";
import type { Envelope } from "../channel/envelope.ts";
import { MAX_ROUTE_BYTES } from "../channel/limits.ts";
import { Queue } from "../channel/queue.ts";
import { asGatewayError, GatewayError } from "../errors.ts";

/** Wraps a backend: `open()` costs nothing, the inner one is opened by the first `send()`. */
export function deferred(inner: Backend): Backend {
  return {
    name: inner.name,
    open: (context) => Promise.resolve(new DeferredChannel(inner, context)),
  };
}

class DeferredChannel implements Channel {
  readonly #inner: Backend;
  readonly #context: OpenContext;
  readonly #closing = new AbortController();
  readonly #early = new Queue<Envelope>(
    MAX_ROUTE_BYTES,
    (envelope) => envelope.bytes.length,
  );
  readonly #gate = Promise.withResolvers<Channel | undefined>();
  #opening?: Promise<void>;
  #channel?: Channel;
  #closed = false;
  #failure?: GatewayError;

  constructor(inner: Backend, context: OpenContext) {
    this.#inner = inner;
    this.#context = context;
    this.#gate.promise.catch(() => {
      // Reported to whoever iterates; without a consumer there is nobody to tell.
    });
  }

  async send(envelope: Envelope): Promise<void> {
    if (this.#failure) throw this.#failure;
    if (this.#closed) {
      throw new GatewayError("backend_unavailable", "The session has ended");
    }
    if (this.#channel) return await this.#channel.send(envelope);
    if (!this.#early.push(envelope)) {
      throw new GatewayError(
        "backend_stalled",
        `Too much was sent before server "${this.#inner.name}" had started`,
      );
    }
    this.#opening ??= this.#open();
  }

  async close(reason?: Error): Promise<void> {
    this.#closed = true;
    this.#closing.abort(reason);
    this.#early.drop();
    this.#gate.resolve(undefined);
    await this.#opening;
    await this.#channel?.close(reason);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Envelope> {
    const channel = await this.#gate.promise;
    if (channel) yield* channel;
  }

  async #open(): Promise<void> {
    try {
      const signal = AbortSignal.any([
        this.#context.signal,
        this.#closing.signal,
      ]);
      const channel = await this.#inner.open({ ...this.#context, signal });
      if (this.#closed) return await channel.close();
      await this.#flush(channel);
      this.#channel = channel;
      this.#gate.resolve(channel);
    } catch (error) {
      this.#failure = asGatewayError(error);
      this.#gate.reject(this.#failure);
    }
  }

  /** Hands on, in order, what was said meanwhile. */
  async #flush(channel: Channel): Promise<void> {
    while (this.#early.weight > 0) {
      const early = await this.#early.next();
      if (!early.done) await channel.send(early.value);
    }
  }
}
