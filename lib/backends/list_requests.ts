// Which answers of a server may hold a list of what it offers.

import type { Envelope } from "../channel/envelope.ts";
import { requestIdOf } from "../channel/named_ids.ts";
import { SlimMap } from "../channel/slim_map.ts";
import { SlimSet } from "../channel/slim_set.ts";
import { GatewayError } from "../errors.ts";
import { idKey } from "../protocol/messages.ts";
import type { RequestId } from "../protocol/messages.ts";
import { METHODS } from "../protocol/methods.ts";
import type { OfferKind } from "../principal.ts";
import { OFFER_LISTS } from "./offer_list.ts";

/** How many cancelled requests are remembered. */
const MAX_CANCELLED = 256;

/** The client's requests for lists that are not answered yet. */
export class ListRequests {
  readonly #limit: number;
  /** By their keys, with what was noted when they were asked. */
  readonly #open = new SlimMap<string, number>();
  /** Their answers may still come, under an id that the client has used again. */
  readonly #cancelled = new SlimSet<string>();
  #watchesAll = false;

  /** @param limit how many may be open at once */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Notes a message of the client, and `age` with it. Throws `overloaded`. */
  said(
    envelope: Envelope,
    kinds: ReadonlySet<OfferKind>,
    age: number,
  ): void {
    const { kind, id, method = "" } = envelope.head;
    if (method === METHODS.cancelled) this.#cancel(requestIdOf(envelope));
    const listed = OFFER_LISTS.get(method)?.kind;
    if (kind !== "request" || !listed || !kinds.has(listed)) return;
    if (this.#open.size >= this.#limit) {
      const message = "Too many requests wait for their answers";
      throw new GatewayError("overloaded", message);
    }
    this.#open.set(idKey(id as RequestId), age);
  }

  /** Takes an answer: the age it was asked at, `"cancelled"` when it may be to a request that was cancelled; nothing for any other. */
  answered(id: RequestId): number | "cancelled" | undefined {
    if (this.#open.size === 0 && this.#cancelled.size === 0) return undefined;
    const key = idKey(id);
    const age = this.#open.get(key);
    this.#open.delete(key);
    const wasCancelled = this.#cancelled.delete(key) || this.#watchesAll;
    return wasCancelled ? "cancelled" : age;
  }

  #cancel(id: RequestId | undefined): void {
    if (id === undefined || !this.#open.delete(idKey(id))) return;
    // Rather look at every answer than let one through.
    if (this.#cancelled.size >= MAX_CANCELLED) this.#watchesAll = true;
    else this.#cancelled.add(idKey(id));
  }
}
