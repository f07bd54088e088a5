// Which requests are open between two peers, so that each gets exactly one answer and each answer had a question.

import { METHODS } from "../protocol/methods.ts";
import { idKey } from "../protocol/messages.ts";
import type { RequestId } from "../protocol/messages.ts";
import type { Envelope } from "./envelope.ts";
import { requestIdOf } from "./named_ids.ts";
import { SlimMap } from "./slim_map.ts";
import { SlimSet } from "./slim_set.ts";

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
  readonly #limit: number;
  readonly #open = new SlimMap<string, { id: RequestId; method: string }>();
  readonly #cancelled = new SlimSet<string>();

  /** @param limit how many requests may be open at once */
  constructor(limit: number) {
    this.#limit = limit;
  }

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

  /** Whether request `id` is open and may be cancelled: `initialize` must not be (S1125 `basic/utilities/cancellation` § Behavior Requirements). */
  isCancellable(id: RequestId): boolean {
    const open = this.#open.get(idKey(id));
    return open !== undefined && open.method !== METHODS.initialize;
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
    if (this.#open.size >= this.#limit) return "too_many_requests";
    this.#cancelled.delete(key);
    this.#open.set(key, { id, method });
    return "pass";
  }

  /** A cancelled request is answered no more. */
  #cancel(envelope: Envelope): void {
    const id = requestIdOf(envelope);
    if (id === undefined || !this.isCancellable(id)) return;
    const key = idKey(id);
    this.#open.delete(key);
    this.#cancelled.add(key);
    const [oldest] = this.#cancelled;
    if (this.#cancelled.size > MAX_CANCELLED) {
      this.#cancelled.delete(oldest as string);
    }
  }
}
