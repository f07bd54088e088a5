// What a client has said and the gateway has not carried on yet: taken whole, a POST at a time, or refused.

import type { Envelope } from "../../channel/envelope.ts";
import { MAX_INBOUND_BYTES } from "../../channel/limits.ts";
import { Queue } from "../../channel/queue.ts";
import { GatewayError } from "../../errors.ts";

/** The bounded queue from a client's POSTs to the one consumer of its channel. */
export class Inbox implements AsyncIterable<Envelope> {
  readonly #queue = new Queue<readonly Envelope[]>(MAX_INBOUND_BYTES, weigh);

  /** Throws `session_not_found` after the end, and `overloaded` when the bound is reached. */
  check(): void {
    if (this.#queue.ended) {
      throw new GatewayError("session_not_found", "The session has ended", {
        hint: "Begin a new session",
      });
    }
    if (this.#queue.weight < MAX_INBOUND_BYTES) return;
    throw new GatewayError(
      "overloaded",
      "The server has not yet taken what was sent before",
      { hint: "Wait for answers before sending more" },
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
  return envelopes.reduce((sum, { bytes }) => sum + bytes.length, 0);
}
