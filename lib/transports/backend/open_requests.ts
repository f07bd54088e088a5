// The requests sent to a backend and not answered yet, so that each is answered once, cancelled, or given up with its channel.

import { deadlines } from "../../channel/deadlines.ts";
import type { Deadline } from "../../channel/deadlines.ts";
import { SlimMap } from "../../channel/slim_map.ts";
import { SlimSet } from "../../channel/slim_set.ts";
import { idKey } from "../../protocol/messages.ts";
import type { RequestId } from "../../protocol/messages.ts";

/** How long a request's HTTP work may go on once nobody waits; with most servers it ends by itself. */
const LINGER_MS = 250;

/** One request, and the HTTP work done for it. */
export class OpenRequest {
  readonly #controller = new AbortController();
  /** When its work is given up. */
  end?: Deadline;
  /** Whether it waits for its answer. */
  waits = true;

  /** Fires when the work has become pointless. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  abort(): void {
    this.#controller.abort();
  }
}

/** The open requests of one channel, by their ids. */
export class OpenRequests {
  readonly #limit: number;
  readonly #open = new SlimMap<string, OpenRequest>();
  readonly #running = new SlimSet<OpenRequest>();
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

  /** Runs the HTTP work of a request. Where it fails and the request waits, the wait is over and `fail` is told why. */
  async run(
    id: RequestId,
    work: (request: OpenRequest) => Promise<void>,
    fail: (error: unknown) => Promise<void>,
  ): Promise<void> {
    const key = idKey(id);
    const request = new OpenRequest();
    const former = this.#open.get(key);
    if (former) former.waits = false;
    this.#open.set(key, request);
    this.#running.add(request);
    if (this.#over) this.cancel(id);
    try {
      await work(request);
    } catch (error) {
      // Cancelled, answered elsewhere, or the channel was closed: nobody waits.
      if (!request.waits) return;
      this.settle(id);
      await fail(error);
    } finally {
      deadlines.end(request.end);
      this.#running.delete(request);
    }
  }

  /** Ends the wait for a request: it was answered, cancelled or given up. `false` when nobody waits for it. */
  settle(id: RequestId): boolean {
    const request = this.#open.get(idKey(id));
    if (!request) return false;
    this.#open.delete(idKey(id));
    request.waits = false;
    if (this.#running.has(request)) {
      request.end = deadlines.start(LINGER_MS, () => request.abort());
    }
    return true;
  }

  /** Ends the wait for a request, and its work at once. */
  cancel(id: RequestId): void {
    const request = this.#open.get(idKey(id));
    this.#open.delete(idKey(id));
    if (request) this.#abort(request);
  }

  /** The same for all that wait, and for all that may follow; the work of those that were answered may end by itself. */
  cancelAll(): void {
    this.#over = true;
    for (const request of this.#open.values()) this.#abort(request);
    this.#open.clear();
  }

  /** Ends the wait and the work of all, at once, and of all that may follow. */
  settleAll(): void {
    this.#over = true;
    this.cancelAll();
    for (const request of this.#running) {
      deadlines.end(request.end);
      request.abort();
    }
  }

  #abort(request: OpenRequest): void {
    request.waits = false;
    request.abort();
  }
}
