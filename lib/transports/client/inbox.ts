// What a client has said and the gateway has not carried on yet: taken whole, a POST at a time, or refused.

import type { Envelope } from "../../channel/envelope.ts";
import { Queue } from "../../channel/queue.ts";
import { GatewayError, RETRY_SOON } from "../../errors.ts";
import type { Log } from "../../telemetry/log.ts";
import type { ClientChannelOptions } from "./client_channel.ts";

/** How long what a client has said may still be carried on once it has left, in milliseconds: a server may have stopped reading. */
export const LAST_WORDS_MS = 1_000;

/** The bounded queue from a client's POSTs to the one consumer of its channel. */
export class Inbox implements AsyncIterable<Envelope> {
  /** Resolves with the reason of the end when nothing is carried on any more. */
  readonly over: Promise<Error | undefined>;
  readonly #queue: Queue<Envelope>;
  readonly #log: Log;
  #settleOver?: (reason: Error | undefined) => void;
  #reason?: Error;
  #timer?: ReturnType<typeof setTimeout>;

  /** @param options the bounds of the session */
  constructor({ limits, log, memory }: ClientChannelOptions) {
    this.#queue = new Queue(limits.streamBytes, weigh, memory);
    this.#log = log;
    this.over = new Promise((resolve) => {
      this.#settleOver = resolve;
    });
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
    this.#queue.pushAll(envelopes);
  }

  /** Nothing more is taken; what the client said is still carried on for a while. */
  end(reason?: Error): void {
    if (this.#queue.ended) return;
    this.#reason = reason;
    this.#queue.end(reason);
    this.#timer = setTimeout(() => this.#giveUp(), LAST_WORDS_MS);
  }

  /** Ends at once; what was not carried on is forgotten. */
  drop(): void {
    clearTimeout(this.#timer);
    this.#queue.drop();
    this.#settleOver?.(this.#reason);
  }

  #giveUp(): void {
    const bytes = this.#queue.weight;
    if (bytes > 0) {
      const reason = "the server did not take it in time after the end";
      this.#log.warn("Messages dropped", { from: "client", reason, bytes });
    }
    this.drop();
  }

  [Symbol.asyncIterator](): AsyncIterator<Envelope, undefined> {
    return this.#queue;
  }
}

function weigh({ weight }: Envelope): number {
  return weight;
}
