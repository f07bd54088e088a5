// Ends credentials when their time has come: one timer for all of them.

import { clearTimeout, setTimeout } from "node:timers";

/** The longest wait in one piece: longer ones overflow a timer, and miss that the clock was set. */
export const MAX_WAIT_MS = 60_000;

/** Something that ends. */
export interface Expiry {
  /** In milliseconds since 1970. */
  readonly at: number;
  /** Called once, at that time or soon after it. */
  end(): void;
}

/** Waits for the ends of credentials; who makes one closes it. */
export class Expiries {
  /** The earliest first. */
  #open: readonly Expiry[];
  #timer?: ReturnType<typeof setTimeout>;

  /** What is over already ends at once. */
  constructor(expiries: readonly Expiry[]) {
    this.#open = expiries.toSorted((a, b) => a.at - b.at);
    this.#advance();
  }

  /** Ends no more. */
  close(): void {
    clearTimeout(this.#timer);
    this.#open = [];
  }

  #advance(): void {
    const now = Date.now();
    const over = this.#open.filter(({ at }) => at <= now);
    this.#open = this.#open.slice(over.length);
    for (const one of over) one.end();
    const [next] = this.#open;
    if (next === undefined) return;
    this.#timer = setTimeout(() => this.#advance(), waitMs(next.at, now));
    // Nobody's end keeps the process.
    this.#timer.unref();
  }
}

/** How long to wait before looking again, in milliseconds. */
export function waitMs(at: number, now: number): number {
  return Math.min(Math.max(at - now, 1), MAX_WAIT_MS);
}
