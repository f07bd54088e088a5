// Messages of a backend that have no stream to go to yet: they wait, bounded, for one to open.

import type { Envelope } from "../../channel/envelope.ts";
import { MAX_ROUTE_BYTES } from "../../channel/limits.ts";

/** How long a message waits for a stream, before it is given up. */
export const HELD_MS = 10_000;

/** How many messages wait at most; together they may have `MAX_ROUTE_BYTES`. */
export const MAX_HELD = 256;

/** The waiting room of one session. */
export class HeldMessages {
  readonly #giveUp: (envelope: Envelope) => void;
  readonly #held = new Map<Envelope, ReturnType<typeof setTimeout>>();
  #bytes = 0;

  /** @param giveUp told of every message that waited in vain */
  constructor(giveUp: (envelope: Envelope) => void) {
    this.#giveUp = giveUp;
  }

  /** Lets a message wait; when there are too many the oldest are given up. */
  hold(envelope: Envelope): void {
    const timer = setTimeout(() => this.#expire(envelope), HELD_MS);
    this.#held.set(envelope, timer);
    this.#bytes += envelope.bytes.length;
    for (const oldest of this.#held.keys()) {
      const tooMany = this.#held.size > MAX_HELD ||
        this.#bytes > MAX_ROUTE_BYTES;
      if (!tooMany || oldest === envelope) break;
      this.#expire(oldest);
    }
  }

  /** Offers what waits, in the order it came; what `place` does not take waits on. */
  offer(place: (envelope: Envelope) => boolean): void {
    for (const envelope of [...this.#held.keys()]) {
      if (place(envelope)) this.#remove(envelope);
    }
  }

  /** Takes out everything, in the order it came. */
  release(): Envelope[] {
    const all = [...this.#held.keys()];
    for (const envelope of all) this.#remove(envelope);
    return all;
  }

  #expire(envelope: Envelope): void {
    this.#remove(envelope);
    this.#giveUp(envelope);
  }

  #remove(envelope: Envelope): void {
    clearTimeout(this.#held.get(envelope));
    this.#held.delete(envelope);
    this.#bytes -= envelope.bytes.length;
  }
}
