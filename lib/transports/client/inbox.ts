// What a client has said and the gateway has not carried on yet: taken whole, a POST at a time, or refused.

import type { Envelope } from "../../channel/envelope.ts";
import { Queue } from "../../channel/queue.ts";
import { GatewayError, RETRY_SOON } from "../../errors.ts";
import type { ClientChannelOptions } from "./client_channel.ts";

/** The bounded queue from a client's POSTs to the one consumer of its channel. */
export class Inbox implements AsyncIterable<Envelope> {
  readonly #queue: Queue<readonly Envelope[]>;

  /** @param options the bounds of the session */
  constructor({ limits, memory }: ClientChannelOptions) {
    this.#queue = new Queue(limits.streamBytes, weigh, memory);
  }

  /** Throws `session_not_found` after the end, and `overloaded` when the bound is reached. */
  check(): void {
    if (this.#queue.ended) {
      throw new GatewayError("session_not_found", "The session has ended", {
        hint: "Begin a new session",
      });
    }
    const limit = this.#queue.fullBy;
    if (limit === undefined) return;
    throw new GatewayError(
      "overloaded",
      "The server has not yet taken what was sent before",
      {
        hint: "Wait for answers before sending more",
        headers: RETRY_SOON,
        fields: { limit },
      },
    );
  }

  /** Takes the messages of one POST; call `check()` first. */
  take(envelopes: readonly Envelope[]): void {
    this.#queue.push(envelopes);
  }

  /** Nothing more is taken; what the client said is still carried on. */
  end(reason?: Error): void {
    this.#queue.end(reason);
  }

  /** Ends at once; what was not carried on is forgotten. */
  drop(): void {
    this.#queue.drop();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Envelope> {
    for await (const envelopes of this.#queue) yield* envelopes;
  }
}

function weigh(envelopes: readonly Envelope[]): number {
  return envelopes.reduce((sum, { weight }) => sum + weight, 0);
}
