// The POSTs of which it is not known yet whether their server has taken them.

import { SlimSet } from "../../channel/slim_set.ts";
import { within } from "../../channel/within.ts";

/** How long a server that knows a session no more may take to say so to them, in milliseconds. */
const REFUSAL_LIMIT_MS = 1_000;

/** Those of one session. */
export class UnreadPosts {
  readonly #all = new SlimSet<Promise<void>>();

  /** Enters one; `known` resolves when it was taken or refused, and is returned. */
  add(known: Promise<void>): Promise<void> {
    this.#all.add(known);
    void known.then(() => this.#all.delete(known));
    return known;
  }

  /** Resolves when it is known of all of them, or has taken too long. */
  async known(): Promise<void> {
    if (this.#all.size === 0) return;
    await within(Promise.all(this.#all), REFUSAL_LIMIT_MS);
  }
}
