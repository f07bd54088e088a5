// Where a stream of a backend can be continued after it broke.

import type { SseEvent } from "../sse_events.ts";

const FIRST_DELAY_MS = 1_000;
const LONGEST_DELAY_MS = 30_000;
/** Also when a server asks for none: a stream that ends at once must not become a busy loop. */
const SHORTEST_DELAY_MS = 50;

/** Remembers the last event id and the wait a server asked for (WHATWG HTML § 9.2.6). */
export class EventCursor {
  #lastId?: string;
  #retryMs?: number;

  /** What `Last-Event-ID` has to say; absent when the stream had no ids. */
  get lastId(): string | undefined {
    return this.#lastId;
  }

  /** How long to wait before reconnecting, in milliseconds: what the server said, else longer with each failure. */
  delayMs(failures: number): number {
    const delay = this.#retryMs ?? FIRST_DELAY_MS * 2 ** failures;
    return Math.max(SHORTEST_DELAY_MS, Math.min(delay, LONGEST_DELAY_MS));
  }

  /** Notes an event. */
  see({ id, retry }: SseEvent): void {
    if (retry !== undefined) this.#retryMs = retry;
    if (id === undefined) return;
    // An empty id takes the last one back, and only visible ASCII can stand in a header.
    this.#lastId = /^[ -~]+$/.test(id) ? id : undefined;
  }
}
