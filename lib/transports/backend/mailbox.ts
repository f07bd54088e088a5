// The two bounded queues of a conversation with a backend, and the one reason for which it ended.

import type { OpenContext } from "../../backend.ts";
import type { Envelope } from "../../channel/envelope.ts";
import { ROUTE_PATIENCE_MS } from "../../channel/limits.ts";
import { Pipe } from "../../channel/pipe.ts";
import { Slice } from "../../channel/turns.ts";
import { GatewayError } from "../../errors.ts";

/** How long messages already taken may still be sent once the channel is closed. */
export const FLUSH_LIMIT_MS = 1_000;

/** What every backend channel does alike; how messages travel is the transport's part. */
export class Mailbox {
  /** What is to be sent to the backend, for the one loop that sends. */
  readonly outbox: Pipe<Envelope>;
  /** What the backend said, for the consumer of the channel. */
  readonly inbox: Pipe<Envelope>;
  readonly #slice = new Slice();
  readonly #server: string;
  readonly #onBreak: () => void;
  #end?: GatewayError;
  #isClosed = false;

  /**
   * @param server the backend's name
   * @param bounds those of the session
   * @param onBreak called once when the conversation breaks, to let go of what it holds
   */
  constructor(
    server: string,
    { limits, memory }: Pick<OpenContext, "limits" | "memory">,
    onBreak: () => void,
  ) {
    this.outbox = new Pipe(limits.streamBytes, weigh, memory);
    this.inbox = new Pipe(limits.streamBytes, weigh, memory);
    this.#server = server;
    this.#onBreak = onBreak;
  }

  /** Whether the conversation is over. */
  get ended(): boolean {
    return this.#isClosed || this.#end !== undefined;
  }

  /** Queues a message. Throws why the conversation is over; `backend_stalled` when there is no room in time. */
  send(envelope: Envelope): Promise<void> {
    if (this.ended) return Promise.reject(this.#end ?? this.#closed());
    if (this.outbox.offer(envelope)) return Promise.resolve();
    return this.#sendLater(envelope);
  }

  /** Hands a message of the backend to the consumer; a promise where there is no room for it yet, or others have their turn first. */
  deliver(envelope: Envelope): Promise<unknown> | undefined {
    const { length } = envelope.bytes;
    if (this.inbox.offer(envelope)) return this.#slice.pass(length);
    return this.inbox.put(envelope).then(() => this.#slice.pass(length));
  }

  /** The conversation cannot go on: the consumer gets what had come, then `reason`. */
  break(reason: GatewayError): void {
    if (this.ended) return;
    this.#end = reason;
    this.outbox.drop();
    this.inbox.end(reason);
    this.#onBreak();
  }

  /** The gateway ends the conversation: nothing more is handed out; what was to be sent may still go. */
  close(): void {
    this.#isClosed = true;
    this.outbox.end();
    this.inbox.drop();
  }

  async #sendLater(envelope: Envelope): Promise<void> {
    const result = await this.outbox.put(envelope, ROUTE_PATIENCE_MS);
    if (result === "full") this.break(this.#stalled());
    if (result !== "taken") throw this.#end ?? this.#closed();
  }

  #stalled(): GatewayError {
    return new GatewayError(
      "backend_stalled",
      `Server "${this.#server}" has stopped reading what is sent to it`,
      { fields: { limit: this.outbox.fullBy } },
    );
  }

  #closed(): GatewayError {
    return new GatewayError(
      "backend_unavailable",
      `The session with server "${this.#server}" has ended`,
    );
  }
}

function weigh({ weight }: Envelope): number {
  return weight;
}
