// Calls of tools that wait until it is known whether the tool only reads.

import type { Envelope } from "../channel/envelope.ts";
import type { Memory } from "../channel/memory.ts";
import { idKey } from "../protocol/messages.ts";
import type { RequestId } from "../protocol/messages.ts";
import type { Offer } from "./offer.ts";

/** How many may wait. */
export const MAX_HELD = 64;

/** One call. */
export interface HeldCall {
  readonly request: Envelope;
  readonly tool: Offer;
}

/** In the order they came, within a bound on their number and one on their bytes. */
export class HeldCalls {
  readonly #maxBytes: number;
  readonly #memory: Memory;
  readonly #calls = new Map<string, HeldCall>();
  #bytes = 0;

  /**
   * @param maxBytes from which on no more are taken
   * @param memory where they are accounted for
   */
  constructor(maxBytes: number, memory: Memory) {
    this.#maxBytes = maxBytes;
    this.#memory = memory;
  }

  /** How many wait. */
  get size(): number {
    return this.#calls.size;
  }

  /** The one that has waited longest. */
  get first(): HeldCall | undefined {
    const [first] = this.#calls.values();
    return first;
  }

  /** Takes a call; `false` when there is no room for it. */
  add(call: HeldCall): boolean {
    const key = idKey(call.request.head.id as RequestId);
    const isFull = this.#calls.size >= MAX_HELD ||
      this.#bytes >= this.#maxBytes || this.#memory.full;
    if (isFull || this.#calls.has(key)) return false;
    this.#calls.set(key, call);
    this.#account(call.request.weight);
    return true;
  }

  /** Takes a call out, unasked for from now on; `false` when it is not among them. */
  remove(id: RequestId | undefined): boolean {
    const key = id === undefined ? "" : idKey(id);
    const call = this.#calls.get(key);
    if (!call) return false;
    this.#account(-call.request.weight);
    return this.#calls.delete(key);
  }

  /** Takes out the first call that is wanted. */
  take(isWanted: (call: HeldCall) => boolean): HeldCall | undefined {
    for (const call of this.#calls.values()) {
      if (!isWanted(call)) continue;
      this.remove(call.request.head.id as RequestId);
      return call;
    }
    return undefined;
  }

  /** Takes out all. */
  takeAll(): HeldCall[] {
    const calls = [...this.#calls.values()];
    this.drop();
    return calls;
  }

  /** Forgets all. */
  drop(): void {
    this.#calls.clear();
    this.#account(-this.#bytes);
  }

  #account(bytes: number): void {
    this.#bytes += bytes;
    this.#memory.add(bytes);
  }
}
