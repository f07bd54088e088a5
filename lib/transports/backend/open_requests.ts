// The requests sent to a backend and not answered yet, so that each is answered once, cancelled, or given up with its channel.

import { idKey } from "../../protocol/messages.ts";
import type { RequestId } from "../../protocol/messages.ts";

/** How long a request's HTTP work may go on once nobody waits; with most servers it ends by itself. */
const LINGER_MS = 250;

/** The HTTP work done for one request. */
class Work {
  readonly #controller = new AbortController();
  #timer?: ReturnType<typeof setTimeout>;

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  abort(): void {
    clearTimeout(this.#timer);
    this.#controller.abort();
  }

  abortSoon(): void {
    this.#timer = setTimeout(() => this.#controller.abort(), LINGER_MS);
  }

  finish(): void {
    clearTimeout(this.#timer);
  }
}

/** The open requests of one channel, by their ids. */
export class OpenRequests {
  readonly #limit: number;
  readonly #open = new Map<string, Work>();
  readonly #running = new Set<Work>();
  #over = false;

  /** @param limit how many requests may be open at once */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Whether no more requests may be opened. */
  get full(): boolean {
    const { size } = this.#open.size > this.#running.size
      ? this.#open
      : this.#running;
    return size >= this.#limit;
  }

  /** Runs the HTTP work of a request; its signal fires when the work has become pointless. */
  async run(
    id: RequestId,
    work: (signal: AbortSignal) => Promise<void>,
  ): Promise<void> {
    const entry = new Work();
    this.#open.set(idKey(id), entry);
    this.#running.add(entry);
    if (this.#over) this.settleAll();
    try {
      await work(entry.signal);
    } finally {
      entry.finish();
      this.#running.delete(entry);
    }
  }

  /** Whether the request waits for its answer. */
  has(id: RequestId): boolean {
    return this.#open.has(idKey(id));
  }

  /** Ends the wait for a request: it was answered, cancelled or given up. `false` when nobody waits for it. */
  settle(id: RequestId): boolean {
    const entry = this.#open.get(idKey(id));
    if (!entry) return false;
    this.#open.delete(idKey(id));
    if (this.#running.has(entry)) entry.abortSoon();
    return true;
  }

  /** Ends the wait for all, at once, and for all that may follow. */
  settleAll(): void {
    this.#over = true;
    this.#open.clear();
    for (const entry of this.#running) entry.abort();
  }
}
