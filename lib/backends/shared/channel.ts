// One of the conversations with a server that several share.

import type { OpenContext } from "../../backend.ts";
import type { Channel } from "../../channel/channel.ts";
import type { Envelope } from "../../channel/envelope.ts";
import { Pipe } from "../../channel/pipe.ts";
import { GatewayError } from "../../errors.ts";

/** How long those that do not read may hold up the others, in milliseconds. */
const STALLED_MS = 1_000;

/** Who carries what is said in it. */
export interface Carrier {
  /** The name of the server. */
  readonly name: string;
  /** Whether others would have to wait for a conversation that does not read. */
  readonly isShared: boolean;
  /** Takes a message; a request is answered. Never rejects. */
  carry(channel: SharedChannel, envelope: Envelope): Promise<void>;
  /** The conversation is over: what it asked is cancelled. */
  leave(channel: SharedChannel): void;
}

/** See `shared`. */
export class SharedChannel implements Channel {
  readonly context: OpenContext;
  readonly #carrier: Carrier;
  readonly #out: Pipe<Envelope>;
  #end?: GatewayError;
  /** Since when something waits of which nothing was read. */
  #unreadSince?: number;

  constructor(carrier: Carrier, context: OpenContext) {
    const { limits, memory } = context;
    this.context = context;
    this.#carrier = carrier;
    this.#out = new Pipe(limits.streamBytes, ({ weight }) => weight, memory);
  }

  send(envelope: Envelope): Promise<void> {
    if (this.#end) return Promise.reject(this.#end);
    return this.#carrier.carry(this, envelope);
  }

  close(): Promise<void> {
    if (!this.#end) {
      this.#end = new GatewayError(
        "backend_unavailable",
        `The conversation with server "${this.#carrier.name}" has ended`,
      );
      this.#carrier.leave(this);
    }
    this.#out.drop();
    return Promise.resolve();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  [Symbol.asyncIterator](): AsyncIterator<Envelope> {
    return {
      next: () => {
        this.#unreadSince = undefined;
        return this.#out.next();
      },
    };
  }

  /** Hands over what the server says; a promise where there is no room for it yet. */
  hear(envelope: Envelope): Promise<void> | undefined {
    if (!this.#out.offer(envelope)) return this.#hearLater(envelope);
    this.#unreadSince ??= performance.now();
    return undefined;
  }

  /** It cannot go on: what came is handed out, then `reason`. */
  break(reason: GatewayError): void {
    if (this.#end) return;
    this.#end = reason;
    this.#carrier.leave(this);
    this.#out.end(reason);
  }

  /** It may keep the server waiting for as long as it is the only one; while another one did, it could have read. */
  async #hearLater(envelope: Envelope): Promise<void> {
    const now = performance.now();
    const idleMs = now - (this.#unreadSince ?? now);
    let patienceMs = Math.max(0, STALLED_MS - idleMs);
    while (await this.#out.put(envelope, patienceMs) === "full") {
      if (this.#carrier.isShared) return this.break(this.#stalled());
      patienceMs = STALLED_MS;
    }
  }

  #stalled(): GatewayError {
    return new GatewayError(
      "client_stalled",
      `The client has stopped reading what server "${this.#carrier.name}" says, which others wait for`,
      { fields: { limit: this.#out.fullBy } },
    );
  }
}
