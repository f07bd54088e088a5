// The client's requests that one life of a server has not answered yet.

import type { OpenContext } from "../backend.ts";
import type { Envelope } from "../channel/envelope.ts";
import { requestIdOf } from "../channel/named_ids.ts";
import { SlimMap } from "../channel/slim_map.ts";
import { METHODS } from "../protocol/methods.ts";
import { idKey } from "../protocol/messages.ts";
import type { RequestId } from "../protocol/messages.ts";

interface Waiting {
  readonly id: RequestId;
  readonly method: string;
  /** What could be sent again, where it is kept. */
  readonly kept?: Envelope;
}

/** As many as the bridge lets be open. Requests are kept, within the bounds of the session, in case one has to be sent again. */
export class ClientRequests {
  readonly #bounds: Pick<OpenContext, "limits" | "memory">;
  readonly #waiting = new SlimMap<string, Waiting>();
  #keptBytes = 0;

  constructor(bounds: Pick<OpenContext, "limits" | "memory">) {
    this.#bounds = bounds;
  }

  /** Notes a message of the client. */
  said(envelope: Envelope): void {
    const { kind, method } = envelope.head;
    if (kind === "request") this.#add(envelope, this.#roomFor(envelope));
    if (method !== METHODS.cancelled) return;
    const id = requestIdOf(envelope);
    if (id === undefined || !this.#isCancellable(id)) return;
    this.answered(id);
  }

  /** Notes a request that is sent for the second time: there will be no third. */
  saidAgain(envelope: Envelope): void {
    this.#add(envelope, undefined);
  }

  /** Whether a request waits for its answer. */
  has(id: RequestId): boolean {
    return this.#waiting.has(idKey(id));
  }

  /** A request has its answer; `false` when none was waited for. */
  answered(id: RequestId): boolean {
    const kept = this.#waiting.get(idKey(id))?.kept;
    if (kept) this.#keep(-kept.bytes.length);
    return this.#waiting.delete(idKey(id));
  }

  /** Takes out a request that may be sent again, if it was kept. */
  take(id: RequestId): Envelope | undefined {
    const { kept, method } = this.#waiting.get(idKey(id)) ?? {};
    if (!kept || method === METHODS.initialize) return undefined;
    this.answered(id);
    return kept;
  }

  /** Takes out all; resolves to their ids, oldest first. */
  drop(): RequestId[] {
    const ids = [...this.#waiting.values()].map(({ id }) => id);
    this.#waiting.clear();
    this.#keep(-this.#keptBytes);
    return ids;
  }

  #add(envelope: Envelope, kept: Envelope | undefined): void {
    const id = envelope.head.id as RequestId;
    this.answered(id);
    const method = envelope.head.method as string;
    this.#waiting.set(idKey(id), { id, method, kept });
    if (kept) this.#keep(kept.bytes.length);
  }

  #roomFor(envelope: Envelope): Envelope | undefined {
    const { limits, memory } = this.#bounds;
    const full = memory.full || this.#keptBytes >= limits.streamBytes;
    return full ? undefined : envelope;
  }

  /** `initialize` cannot be cancelled (2025-11-25 `basic/utilities/cancellation`). */
  #isCancellable(id: RequestId): boolean {
    return this.#waiting.get(idKey(id))?.method !== METHODS.initialize;
  }

  #keep(bytes: number): void {
    this.#keptBytes += bytes;
    this.#bounds.memory.add(bytes);
  }
}
