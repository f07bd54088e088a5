// Which requests are open between two peers, so that each gets exactly one answer and each answer had a question.

import { METHODS } from "../protocol/methods.ts";
import { idKey } from "../protocol/messages.ts";
import type { RequestId } from "../protocol/messages.ts";
import type { Envelope } from "./envelope.ts";
import { MAX_OPEN_REQUESTS } from "./limits.ts";

/** What the ledger says of a message that is about to cross. */
export type Verdict =
  | "pass"
  | "duplicate_request"
  | "too_many_requests"
  | "unasked_answer"
  | "cancelled_answer";

/** How many cancelled requests are remembered: their answers may be under way, which is no fault. */
const MAX_CANCELLED = 256;

/** The open requests of one side. */
export class Ledger {
  readonly #open = new Map<string, { id: RequestId; method: string }>();
  readonly #cancelled = new Set<string>();

  /** How many requests are open. */
  get size(): number {
    return this.#open.size;
  }

  /** The ids of the open requests, oldest first. */
  ids(): RequestId[] {
    return [...this.#open.values()].map(({ id }) => id);
  }

  /** Whether request `id` is open. */
  has(id: RequestId): boolean {
    return this.#open.has(idKey(id));
  }

  /** Notes a message of the side that asks. */
  asked(envelope: Envelope): Verdict {
    const { kind, id, method } = envelope.head;
    if (kind === "request") return this.#ask(id as RequestId, method as string);
    if (method === METHODS.cancelled) this.#cancel(envelope);
    return "pass";
  }

  /** Notes an answer of the other side. */
  answered(envelope: Envelope): Verdict {
    const { id } = envelope.head;
    if (id === null || id === undefined) return "unasked_answer";
    const key = idKey(id);
    if (this.#open.delete(key)) return "pass";
    return this.#cancelled.delete(key) ? "cancelled_answer" : "unasked_answer";
  }

  #ask(id: RequestId, method: string): Verdict {
    const key = idKey(id);
    if (this.#open.has(key)) return "duplicate_request";
    if (this.#open.size >= MAX_OPEN_REQUESTS) return "too_many_requests";
    this.#cancelled.delete(key);
    this.#open.set(key, { id, method });
    return "pass";
  }

  /** A cancelled request is answered no more; `initialize` cannot be cancelled (`basic/utilities/cancellation`). */
  #cancel(envelope: Envelope): void {
    const id = envelope.message().params?.requestId;
    if (typeof id !== "string" && typeof id !== "number") return;
    const key = idKey(id);
    if (this.#open.get(key)?.method === METHODS.initialize) return;
    if (!this.#open.delete(key)) return;
    this.#cancelled.add(key);
    const [oldest] = this.#cancelled;
    if (this.#cancelled.size > MAX_CANCELLED) {
      this.#cancelled.delete(oldest as string);
    }
  }
}
